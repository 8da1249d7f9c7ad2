//! Lists and dictionaries that a template changes: `append()`, `update()` and their like.

use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{
    Enumerator, Kwargs, Object, ObjectRepr, Tuple, Value, ValueKind, from_args,
};
use minijinja::{Error, ErrorKind, State};
use parking_lot::Mutex;

/// How deep lists may stand in lists.
const DEEPEST: usize = 50;

/// A list or dictionary that can be changed, with the same items; anything else as it is.
pub(super) fn own(value: &Value) -> Result<Value, Error> {
    Ok(match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter()?.collect();
            Value::from_object(List(Mutex::new(items)))
        }
        ValueKind::Map => {
            let mut members = IndexMap::new();
            for key in value.try_iter()? {
                let member = value.get_item(&key)?;
                members.insert(key, member);
            }
            Value::from_object(Dictionary(Mutex::new(members)))
        }
        _ => value.clone(),
    })
}

/// Refuses what would make a value part of itself.
fn check(value: &Value, owner: *const (), depth: usize) -> Result<(), Error> {
    let place: Option<*const ()> = match (
        value.downcast_object::<List>(),
        value.downcast_object::<Dictionary>(),
    ) {
        (Some(list), _) => Some(Arc::as_ptr(&list).cast()),
        (_, Some(dictionary)) => Some(Arc::as_ptr(&dictionary).cast()),
        _ => None,
    };
    if place == Some(owner) || depth > DEEPEST {
        return Err(mistake("a list cannot be part of itself"));
    }
    match value.kind() {
        ValueKind::Seq => value
            .try_iter()?
            .try_for_each(|item| check(&item, owner, depth + 1)),
        ValueKind::Map => value.try_iter()?.try_for_each(|key| {
            let member = value.get_item(&key)?;
            check(&member, owner, depth + 1)
        }),
        _ => Ok(()),
    }
}

fn mistake(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn nothing() -> Value {
    Value::from(())
}

#[derive(Debug)]
struct List(Mutex<Vec<Value>>);

impl List {
    /// Where a place counted from either end is, none where the list is shorter.
    fn place(&self, place: i64) -> Option<usize> {
        let length = self.0.lock().len();
        let place = match usize::try_from(place) {
            Ok(place) => place,
            Err(_) => length.checked_sub(usize::try_from(place.unsigned_abs()).ok()?)?,
        };
        (place < length).then_some(place)
    }
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.lock().get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.lock().len())
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let owner = Arc::as_ptr(self).cast();
        match method {
            "append" => {
                let (item,): (Value,) = from_args(args)?;
                check(&item, owner, 0)?;
                self.0.lock().push(item);
            }
            "extend" => {
                let (items,): (Value,) = from_args(args)?;
                let items: Vec<Value> = items.try_iter()?.collect();
                items.iter().try_for_each(|item| check(item, owner, 0))?;
                self.0.lock().extend(items);
            }
            "insert" => {
                let (place, item): (i64, Value) = from_args(args)?;
                check(&item, owner, 0)?;
                let place = self.place(place);
                let mut items = self.0.lock();
                let place = place.unwrap_or(items.len());
                items.insert(place, item);
            }
            "pop" => {
                let (place,): (Option<i64>,) = from_args(args)?;
                let place = self.place(place.unwrap_or(-1));
                let place = place.ok_or_else(|| mistake("pop() finds no item there"))?;
                return Ok(self.0.lock().remove(place));
            }
            "remove" => {
                let (item,): (Value,) = from_args(args)?;
                let items = self.0.lock().clone();
                let place = items.iter().position(|other| *other == item);
                let place = place.ok_or_else(|| mistake("remove() finds no such item"))?;
                self.0.lock().remove(place);
            }
            "sort" => {
                let (named,): (Kwargs,) = from_args(args)?;
                let reverse: Option<bool> = named.get("reverse")?;
                named.assert_all_used()?;
                let mut items = self.0.lock().clone();
                items.sort();
                if reverse == Some(true) {
                    items.reverse();
                }
                *self.0.lock() = items;
            }
            "reverse" => {
                from_args::<()>(args)?;
                self.0.lock().reverse();
            }
            "clear" => {
                from_args::<()>(args)?;
                self.0.lock().clear();
            }
            "copy" => {
                from_args::<()>(args)?;
                let items = self.0.lock().clone();
                return Ok(Value::from_object(Self(Mutex::new(items))));
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        }
        Ok(nothing())
    }
}

#[derive(Debug)]
struct Dictionary(Mutex<IndexMap<Value, Value>>);

impl Object for Dictionary {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.lock().get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.lock().keys().cloned().collect())
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let owner = Arc::as_ptr(self).cast();
        match method {
            "update" => {
                let (given, named): (Option<Value>, Kwargs) = from_args(args)?;
                let mut members = match given {
                    Some(given) => members(&given)?,
                    None => Vec::new(),
                };
                for name in named.args() {
                    members.push((Value::from(name), named.get(name)?));
                }
                for (_, member) in &members {
                    check(member, owner, 0)?;
                }
                self.0.lock().extend(members);
                Ok(nothing())
            }
            "setdefault" => {
                let (key, member): (Value, Option<Value>) = from_args(args)?;
                let member = member.unwrap_or_else(nothing);
                check(&member, owner, 0)?;
                Ok(self.0.lock().entry(key).or_insert(member).clone())
            }
            "pop" => {
                let (key, default): (Value, Option<Value>) = from_args(args)?;
                let removed = self.0.lock().shift_remove(&key);
                removed
                    .or(default)
                    .ok_or_else(|| mistake("pop() finds no such key"))
            }
            "popitem" => {
                from_args::<()>(args)?;
                let (key, member) = self
                    .0
                    .lock()
                    .pop()
                    .ok_or_else(|| mistake("popitem() finds nothing"))?;
                Ok(Value::from_object(Tuple::new(vec![key, member])))
            }
            "clear" => {
                from_args::<()>(args)?;
                self.0.lock().clear();
                Ok(nothing())
            }
            "copy" => {
                from_args::<()>(args)?;
                let members = self.0.lock().clone();
                Ok(Value::from_object(Self(Mutex::new(members))))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

/// The members of a dictionary, or a list of pairs.
pub(super) fn members(value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    let items = value.try_iter()?;
    match value.kind() {
        ValueKind::Map => items
            .map(|key| Ok((key.clone(), value.get_item(&key)?)))
            .collect(),
        _ => items
            .map(|pair| match pair.len() {
                Some(2) => Ok((pair.get_item_by_index(0)?, pair.get_item_by_index(1)?)),
                _ => Err(mistake(
                    "a dictionary is made of pairs of a key and a value",
                )),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};

    fn rendered(source: &str) -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_unknown_method_callback(crate::html::jinja::call);
        crate::html::jinja::add(&mut environment);
        environment.render_str(
            &crate::html::jinja::translated(source).unwrap(),
            context! {},
        )
    }

    #[test]
    fn nothing_becomes_part_of_itself() {
        for source in [
            "{% set l = [] %}{{ l.append(l) }}",
            "{% set l = [] %}{{ l.append({'a': [l]}) }}",
            "{% set d = {} %}{{ d.update(a=[d]) }}",
            "{% set d = {} %}{{ d.setdefault('a', d) }}",
        ] {
            let told = rendered(source).unwrap_err().to_string();
            assert!(told.contains("part of itself"), "{told}");
        }
    }

    #[test]
    fn what_is_not_there_is_told() {
        for source in [
            "{{ [].pop() }}",
            "{{ [1].pop(5) }}",
            "{{ [1].remove(2) }}",
            "{{ {}.pop('a') }}",
            "{{ {}.popitem() }}",
            "{% set l = [1] %}{{ l.extend(1) }}",
            "{{ [1].insert('a', 1) }}",
            "{{ [1].clear(1) }}",
        ] {
            assert!(rendered(source).is_err(), "{source}");
        }
    }

    #[test]
    fn only_what_a_template_made_changes() {
        let source = "{% set a = [1] %}{% set b = a|list %}{{ b.append(2) }}{{ a }}{{ b }}";
        assert_eq!(rendered(source).unwrap(), "None[1][1, 2]");
    }
}
