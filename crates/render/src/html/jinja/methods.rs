//! Methods of Python's values that custom templates call.

use minijinja::value::{Kwargs, Tuple, Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::changeable::members;
use super::{markup, replacement_fields, words};
use crate::html::given::Given;

/// Answers to a method that a value does not have itself.
pub(crate) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    if value.is_safe() && MARKUP_METHODS.contains(&method) {
        let args = escaped(method, args)?;
        let text = Value::from(value.as_str().unwrap_or_default());
        return as_markup(&call(state, &text, method, &args)?);
    }
    if let Some(text) = value.as_str() {
        match of_text(value, text, method, args) {
            Err(error) if error.kind() == ErrorKind::UnknownMethod => {}
            answered => return answered,
        }
    }
    match unknown_method_callback(state, value, method, args) {
        Err(error) if error.kind() == ErrorKind::UnknownMethod => {}
        answered => return answered,
    }
    match (value.kind(), method) {
        (ValueKind::Number, "is_integer") => {
            let number = f64::try_from(value.clone())?;
            Ok(Value::from(number.fract() == 0.0))
        }
        (ValueKind::Map, "copy") => Ok(Value::from_pairs(members(value)?)),
        (ValueKind::Seq, "copy") => Ok(value.try_iter()?.collect()),
        (ValueKind::Seq, "index") => {
            let (wanted,): (Value,) = from_args(args)?;
            let place = value.try_iter()?.position(|item| item == wanted);
            place.map(Value::from).ok_or_else(|| missing(&wanted))
        }
        (
            ValueKind::Seq | ValueKind::Iterable,
            "append" | "clear" | "extend" | "insert" | "pop" | "remove" | "reverse" | "sort",
        )
        | (ValueKind::Map, "clear" | "pop" | "popitem" | "setdefault" | "update") => {
            Err(Error::new(
                ErrorKind::InvalidOperation,
                format!(
                    "{method}() would change a value that the template did not make; \
                     make one of its own with |list or dict()"
                ),
            ))
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

/// Methods of markup that give markup.
const MARKUP_METHODS: [&str; 24] = [
    "capitalize",
    "casefold",
    "center",
    "expandtabs",
    "format",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
];

/// Arguments that become part of markup.
fn escaped(method: &str, args: &[Value]) -> Result<Vec<Value>, Error> {
    let part = |value: &Value| Value::from(markup::part(value, true));
    let mut args = args.to_vec();
    match (method, args.as_mut_slice()) {
        ("replace", [_, new, ..]) => *new = part(new),
        ("join", [items]) => *items = items.try_iter()?.map(|item| part(&item)).collect(),
        ("format", args) => {
            for value in args {
                if value.as_str().is_some() {
                    *value = part(value);
                } else if value.is_kwargs() {
                    let named = Kwargs::try_from(value.clone())?;
                    let mut all = Vec::new();
                    for name in named.args() {
                        let value: Value = named.get(name)?;
                        let is_text = value.as_str().is_some();
                        all.push((name.to_owned(), if is_text { part(&value) } else { value }));
                    }
                    *value = Value::from(Kwargs::from_iter(all));
                }
            }
        }
        _ => {}
    }
    Ok(args)
}

fn as_markup(value: &Value) -> Result<Value, Error> {
    Ok(match (value.kind(), value.as_str()) {
        (ValueKind::String, Some(text)) => Value::from_safe_string(text.to_owned()),
        (ValueKind::Seq, _) if value.is_tuple() => {
            let items: Result<Vec<Value>, Error> =
                value.try_iter()?.map(|item| as_markup(&item)).collect();
            Value::from_object(Tuple::new(items?))
        }
        (ValueKind::Seq | ValueKind::Iterable, _) => {
            let items: Result<Vec<Value>, Error> =
                value.try_iter()?.map(|item| as_markup(&item)).collect();
            Value::from(items?)
        }
        _ => value.clone(),
    })
}

fn of_text(value: &Value, text: &str, method: &str, args: &[Value]) -> Result<Value, Error> {
    let one = || from_args::<(&str,)>(args).map(|(text,)| text);
    Ok(match method {
        "casefold" => Value::from(text.to_lowercase()),
        "center" | "ljust" | "rjust" => {
            let (width, fill): (usize, Option<char>) = from_args(args)?;
            let fill = fill.unwrap_or(' ');
            let missing = missing_width(text, width)?;
            Value::from(match method {
                "ljust" => format!("{text}{}", repeated(fill, missing)),
                "rjust" => format!("{}{text}", repeated(fill, missing)),
                _ => centered(text, width, fill),
            })
        }
        "count" | "endswith" | "find" | "index" | "rfind" | "rindex" | "startswith" => {
            let (wanted, start, end): (Value, Option<i64>, Option<i64>) = from_args(args)?;
            return looked_for(text, method, &wanted, start, end);
        }
        "expandtabs" => {
            let given = Given::read(args)?;
            let width = given.number(0, "tabsize", 8)?;
            given.end()?;
            Value::from(words::without_tabs(text, width.min(100)))
        }
        "format" => {
            let (values, named): (&[Value], Kwargs) = from_args(args)?;
            return replacement_fields::format(value, values, &named);
        }
        "isdecimal" => {
            let digits = |char: char| char.is_ascii_digit();
            Value::from(!text.is_empty() && text.chars().all(digits))
        }
        "isidentifier" => Value::from(words::is_identifier(text)),
        "isprintable" => Value::from(!text.chars().any(char::is_control)),
        "istitle" => Value::from(words::is_titled(text)),
        "partition" | "rpartition" => {
            let by = one()?;
            let parts = match method {
                "partition" => text.split_once(by).unwrap_or((text, "")),
                _ => text.rsplit_once(by).unwrap_or(("", text)),
            };
            let middle = if text.contains(by) { by } else { "" };
            tuple([parts.0, middle, parts.1])
        }
        "removeprefix" => Value::from(text.strip_prefix(one()?).unwrap_or(text)),
        "removesuffix" => Value::from(text.strip_suffix(one()?).unwrap_or(text)),
        "rsplit" | "split" => {
            let given = Given::read(args)?;
            let by = given.text(0, "sep")?;
            let most = given.integer(1, "maxsplit")?;
            given.end()?;
            if by.as_deref() == Some("") {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    "nothing cannot separate a text; |list gives its characters",
                ));
            }
            Value::from(match method {
                "split" => split(text, by.as_deref(), most),
                _ => split_from_the_end(text, by.as_deref(), most),
            })
        }
        "splitlines" => {
            let given = Given::read(args)?;
            let keep_ends = given.truth(0, "keepends", false)?;
            given.end()?;
            let lines = words::lines(text, keep_ends);
            lines.into_iter().map(Value::from).collect()
        }
        "swapcase" => {
            let swapped = text.chars().flat_map(|character| {
                let lower = character.is_lowercase();
                let upper = lower.then(|| character.to_uppercase());
                let lower = (!lower).then(|| character.to_lowercase());
                upper
                    .into_iter()
                    .flatten()
                    .chain(lower.into_iter().flatten())
            });
            Value::from(swapped.collect::<String>())
        }
        "title" => {
            from_args::<()>(args)?;
            Value::from(words::titled(text))
        }
        "zfill" => {
            let (width,): (usize,) = from_args(args)?;
            let missing = missing_width(text, width)?;
            let sign = text.len() - text.trim_start_matches(['+', '-']).len();
            let (sign, digits) = text.split_at(sign.min(1));
            Value::from(format!("{sign}{}{digits}", repeated('0', missing)))
        }
        _ => return Err(Error::from(ErrorKind::UnknownMethod)),
    })
}

/// Text in the middle of `width` characters.
pub(crate) fn centered(text: &str, width: usize, fill: char) -> String {
    let Ok(missing) = missing_width(text, width) else {
        return text.to_owned();
    };
    // Python puts the odd one to the left where the width is odd.
    let left = missing / 2 + (missing & width & 1);
    format!(
        "{}{text}{}",
        repeated(fill, left),
        repeated(fill, missing - left)
    )
}

/// How many characters are missing to a width; widths that only fill memory are refused.
fn missing_width(text: &str, width: usize) -> Result<usize, Error> {
    const WIDEST: usize = 100_000;
    if width > WIDEST {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("{width} characters are too many"),
        ));
    }
    Ok(width.saturating_sub(text.chars().count()))
}

fn repeated(fill: char, times: usize) -> String {
    std::iter::repeat_n(fill, times).collect()
}

/// Searches between two places, which count characters, from the end where they are negative.
fn looked_for(
    text: &str,
    method: &str,
    wanted: &Value,
    start: Option<i64>,
    end: Option<i64>,
) -> Result<Value, Error> {
    let length = text.chars().count();
    let place = |given: i64| match usize::try_from(given) {
        Ok(place) => place.min(length),
        Err(_) => length.saturating_sub(usize::try_from(given.unsigned_abs()).unwrap_or(length)),
    };
    let start = start.map_or(0, place);
    let end = end.map_or(length, place).max(start);
    let part: String = text.chars().skip(start).take(end - start).collect();
    let one = || {
        wanted.as_str().ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidOperation,
                format!("{method}() looks for a text, not for {}", wanted.kind()),
            )
        })
    };
    let found = match method {
        "count" => {
            let wanted = one()?;
            return Ok(Value::from(match wanted {
                "" => part.chars().count() + 1,
                wanted => part.matches(wanted).count(),
            }));
        }
        "endswith" | "startswith" => {
            let is_there = |wanted: &str| match method {
                "endswith" => part.ends_with(wanted),
                _ => part.starts_with(wanted),
            };
            return Ok(Value::from(match wanted.is_tuple() {
                true => wanted
                    .try_iter()?
                    .any(|wanted| wanted.as_str().is_some_and(is_there)),
                false => is_there(one()?),
            }));
        }
        "find" | "index" => part.find(one()?),
        _ => part.rfind(one()?),
    };
    match (found, method) {
        (Some(place), _) => Ok(Value::from(start + part[..place].chars().count())),
        (None, "index" | "rindex") => Err(missing(wanted)),
        (None, _) => Ok(Value::from(-1)),
    }
}

fn split(text: &str, by: Option<&str>, most: Option<i64>) -> Vec<String> {
    let most = most.and_then(|most| usize::try_from(most).ok());
    let pieces = most.map_or(usize::MAX, |most| most.saturating_add(1));
    match by {
        Some(by) => text.splitn(pieces, by).map(str::to_owned).collect(),
        None => {
            let mut parts = Vec::new();
            let mut rest = text.trim_start();
            while !rest.is_empty() {
                let end = match parts.len() + 1 < pieces {
                    true => rest.find(char::is_whitespace),
                    false => None,
                };
                match end {
                    Some(end) => {
                        parts.push(rest[..end].to_owned());
                        rest = rest[end..].trim_start();
                    }
                    None => {
                        parts.push(rest.to_owned());
                        rest = "";
                    }
                }
            }
            if most.is_none() {
                // The last word has no space behind it.
                if let Some(last) = parts.last_mut() {
                    last.truncate(last.trim_end().len());
                }
            }
            parts
        }
    }
}

fn split_from_the_end(text: &str, by: Option<&str>, most: Option<i64>) -> Vec<String> {
    let most = most.and_then(|most| usize::try_from(most).ok());
    let pieces = most.map_or(usize::MAX, |most| most.saturating_add(1));
    let mut parts: Vec<String> = match by {
        Some(by) => text.rsplitn(pieces, by).map(str::to_owned).collect(),
        None => {
            let mut rest = text.trim_end();
            let mut parts = Vec::new();
            while let Some(place) = rest.rfind(char::is_whitespace) {
                if parts.len() + 1 >= pieces {
                    break;
                }
                parts.push(rest[place..].trim_start().to_owned());
                rest = rest[..place].trim_end();
            }
            if !rest.trim().is_empty() {
                parts.push(rest.trim_start().to_owned());
            }
            parts
        }
    };
    parts.reverse();
    parts
}

fn tuple(parts: [&str; 3]) -> Value {
    Value::from_object(Tuple::new(
        parts.iter().map(|part| Value::from(*part)).collect(),
    ))
}

fn missing(wanted: &Value) -> Error {
    Error::new(
        ErrorKind::InvalidOperation,
        format!("{wanted:?} is not in it"),
    )
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};

    fn rendered(source: &str) -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_unknown_method_callback(super::call);
        environment.render_str(source, context! {})
    }

    // What Python gives for the same text.
    #[test]
    fn methods_give_what_those_of_python_give() {
        let expected = [
            ("{{ 'Straße'.casefold() }}", "straße"),
            ("{{ '-5'.zfill(4) }} {{ '5'.zfill(3) }}", "-005 005"),
            ("{{ 'ab'.ljust(4, '.') }}{{ 'ab'.rjust(4) }}", "ab..  ab"),
            ("{{ 'ab'.center(6) }}|", "  ab  |"),
            ("{{ 'é-b'.index('b') }} {{ 'aba'.rindex('a') }}", "2 2"),
            ("{{ 'a-b-c'.partition('-') }}", "('a', '-', 'b-c')"),
            ("{{ 'a-b-c'.rpartition('-') }}", "('a-b', '-', 'c')"),
            ("{{ 'abc'.partition('-') }}", "('abc', '', '')"),
            ("{{ 'a-b-c'.rsplit('-', 1) }}", "['a-b', 'c']"),
            ("{{ ' a  b c '.rsplit() }}", "['a', 'b', 'c']"),
            ("{{ 'a b c'.rsplit(none, 1) }}", "['a b', 'c']"),
            ("{{ 'aBc'.swapcase() }}", "AbC"),
            ("{{ 'x.html'.removesuffix('.html') }}", "x"),
            ("{{ 'pre-x'.removeprefix('pre-') }}", "x"),
            ("{{ [1, 2].index(2) }}", "1"),
        ];
        for (source, text) in expected {
            assert_eq!(rendered(source).unwrap(), text, "{source}");
        }
    }

    #[test]
    fn what_cannot_work_says_so() {
        for source in [
            "{{ [].append(1) }}",
            "{{ {}.update({}) }}",
            "{{ 'a'.index('b') }}",
            "{{ 'a'.ljust(99999999999) }}",
            "{{ 'a'.nothing() }}",
        ] {
            assert!(rendered(source).is_err(), "{source}");
        }
        let told = rendered("{{ [].append(1) }}").unwrap_err().to_string();
        assert!(told.contains("|list"), "{told}");
    }
}
