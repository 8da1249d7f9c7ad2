//! Filters of lists and dictionaries, with the arguments that Jinja2 takes by place and by name.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, filters, functions};

use super::changeable::members;
use crate::html::given::Given;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("batch", batch);
    environment.add_filter(
        "dictsort",
        |value: Value, rest: Rest<Value>, named: Kwargs| {
            filters::dictsort(
                &value,
                by_name(["case_sensitive", "by", "reverse"], &rest, &named)?,
            )
        },
    );
    environment.add_filter("groupby", group_by);
    environment.add_filter("items", items);
    environment.add_filter("last", last);
    environment.add_filter("max", |value: Value, rest: Rest<Value>, named: Kwargs| {
        extreme(&value, &rest, &named, true)
    });
    environment.add_filter("min", |value: Value, rest: Rest<Value>, named: Kwargs| {
        extreme(&value, &rest, &named, false)
    });
    environment.add_filter("slice", slice);
    environment.add_filter(
        "sort",
        |state: &State<'_, '_>, value: Value, rest: Rest<Value>, named: Kwargs| {
            let names = ["reverse", "case_sensitive", "attribute"];
            filters::sort(state, value, by_name(names, &rest, &named)?)
        },
    );
    environment.add_filter(
        "unique",
        |state: &State<'_, '_>, value: Value, rest: Rest<Value>, named: Kwargs| {
            let names = ["case_sensitive", "attribute"];
            filters::unique(state, value, by_name(names, &rest, &named)?)
        },
    );
    environment.add_function("dict", dict);
    environment.add_function("namespace", |given: Option<Value>, named: Kwargs| {
        functions::namespace(Some(dict(given, named)?.into()))
    });
}

/// Arguments that were given by place, by their names.
fn by_name<const COUNT: usize>(
    names: [&'static str; COUNT],
    rest: &[Value],
    named: &Kwargs,
) -> Result<Kwargs, Error> {
    if rest.len() > COUNT {
        return Err(Error::from(ErrorKind::TooManyArguments));
    }
    let mut all: Vec<(String, Value)> = Vec::new();
    for (name, value) in names.iter().zip(rest) {
        all.push(((*name).to_owned(), value.clone()));
    }
    for name in named.args() {
        all.push((name.to_owned(), named.get(name)?));
    }
    // What is none was not given.
    all.retain(|(_, value)| !value.is_none());
    Ok(Kwargs::from_iter(all))
}

fn batch(
    state: &State<'_, '_>,
    value: Value,
    rest: Rest<Value>,
    named: Kwargs,
) -> Result<Value, Error> {
    let (count, filler) = parts("linecount", rest, named)?;
    filters::batch(state, value, count, filler)
}

fn slice(
    state: &State<'_, '_>,
    value: Value,
    rest: Rest<Value>,
    named: Kwargs,
) -> Result<Value, Error> {
    let (count, filler) = parts("slices", rest, named)?;
    filters::slice(state, value, count, filler)
}

/// How long or how many the parts of a list are, and what fills the last of them up.
fn parts(
    count: &'static str,
    rest: Rest<Value>,
    named: Kwargs,
) -> Result<(usize, Option<Value>), Error> {
    let given = Given::new(rest, named);
    let count = given.number(0, count, 0)?;
    let filler = given.get(1, "fill_with")?;
    given.end()?;
    Ok((count, filler))
}

/// Groups under the spelling that comes first.
fn group_by(value: Value, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let named = by_name(["attribute", "default", "case_sensitive"], &rest, &named)?;
    let (attribute, by_place): (Value, i64) = match named.get::<Value>("attribute")? {
        attribute if attribute.kind() == ValueKind::Number => {
            (attribute.clone(), i64::try_from(attribute)?)
        }
        attribute => (attribute, 0),
    };
    if attribute.kind() == ValueKind::Number {
        // Items that are lists, by one of their places.
        let pairs: Result<Vec<Value>, Error> = value
            .try_iter()?
            .map(|item| {
                let key = item.get_item(&Value::from(by_place))?;
                Ok(Value::from_pairs([("key", key), ("item", item)]))
            })
            .collect();
        let case_sensitive: Option<bool> = named.get("case_sensitive")?;
        let options = Kwargs::from_iter([(
            "case_sensitive",
            Value::from(case_sensitive.unwrap_or(false)),
        )]);
        let groups = filters::groupby(Value::from(pairs?), Some("key"), options)?;
        return regrouped(
            &groups,
            |pair| pair.get_attr("key"),
            |pair| pair.get_attr("item"),
        );
    }
    let attribute = attribute.to_string();
    let default: Option<Value> = named.get("default")?;
    let groups = filters::groupby(value, None, named)?;
    let key = |item: &Value| -> Result<Value, Error> {
        let mut value = item.clone();
        for part in attribute.split('.') {
            value = value.get_attr(part)?;
        }
        match (value.is_undefined(), &default) {
            (true, Some(default)) => Ok(default.clone()),
            _ => Ok(value),
        }
    };
    regrouped(&groups, key, |item| Ok(item.clone()))
}

/// The same groups, each named as its first item is.
fn regrouped(
    groups: &Value,
    key: impl Fn(&Value) -> Result<Value, Error>,
    item: impl Fn(&Value) -> Result<Value, Error>,
) -> Result<Value, Error> {
    let mut out = Vec::new();
    for group in groups.try_iter()? {
        let items: Vec<Value> = group.get_attr("list")?.try_iter()?.collect();
        let grouper = match items.first() {
            Some(first) => key(first)?,
            None => group.get_attr("grouper")?,
        };
        let items = items.iter().map(&item).collect::<Result<Vec<_>, _>>()?;
        out.push(Value::from_object(Group {
            grouper,
            items: Value::from(items),
        }));
    }
    Ok(Value::from(out))
}

/// A pair that also has names.
#[derive(Debug)]
struct Group {
    grouper: Value,
    items: Value,
}

impl Object for Group {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match (key.as_usize(), key.as_str()) {
            (Some(0), _) | (_, Some("grouper")) => Some(self.grouper.clone()),
            (Some(1), _) | (_, Some("list")) => Some(self.items.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(2)
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "({:?}, {:?})", self.grouper, self.items)
    }
}

/// Pairs; what is not there has none.
fn items(value: &Value) -> Result<Value, Error> {
    match value.is_undefined() {
        true => Ok(Value::from(Vec::<Value>::new())),
        false => filters::items(value),
    }
}

/// The last item, also of a dictionary.
fn last(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Map | ValueKind::Iterable => Ok(value.try_iter()?.last().unwrap_or_default()),
        ValueKind::Undefined => Ok(value),
        _ => filters::last(value),
    }
}

/// The largest or smallest item; letters of both cases are the same.
fn extreme(value: &Value, rest: &[Value], named: &Kwargs, largest: bool) -> Result<Value, Error> {
    let named = by_name(["case_sensitive", "attribute"], rest, named)?;
    let case_sensitive: Option<bool> = named.get("case_sensitive")?;
    let attribute: Option<Value> = named.get("attribute")?;
    named.assert_all_used()?;
    let key = |item: &Value| -> Result<Value, Error> {
        let mut key = item.clone();
        if let Some(attribute) = &attribute {
            for part in attribute.to_string().split('.') {
                key = match part.parse::<usize>() {
                    Ok(place) => key.get_item_by_index(place)?,
                    Err(_) => key.get_attr(part)?,
                };
            }
        }
        Ok(match key.as_str() {
            Some(text) if case_sensitive != Some(true) => Value::from(text.to_lowercase()),
            _ => key,
        })
    };
    let mut found: Option<(Value, Value)> = None;
    for item in value.try_iter()? {
        let key = key(&item)?;
        let is_better = found.as_ref().is_none_or(|(best, _)| match largest {
            true => key > *best,
            false => key < *best,
        });
        if is_better {
            found = Some((key, item));
        }
    }
    Ok(found.map_or(Value::UNDEFINED, |(_, item)| item))
}

/// `dict(a=1)`, `dict({...})` and `dict(pairs)`.
fn dict(given: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let mut all = match given.filter(|given| !given.is_undefined()) {
        Some(given) => members(&given)?,
        None => Vec::new(),
    };
    for name in named.args() {
        all.push((Value::from(name), named.get(name)?));
    }
    Ok(Value::from_pairs(all))
}
