//! Methods of Python's values that custom templates call.

use minijinja::value::{Tuple, Value, ValueKind, from_args};
use minijinja::{Error, ErrorKind, State};
use minijinja_contrib::pycompat::unknown_method_callback;

/// Answers to a method that a value does not have itself.
pub(crate) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    args: &[Value],
) -> Result<Value, Error> {
    match unknown_method_callback(state, value, method, args) {
        Err(error) if error.kind() == ErrorKind::UnknownMethod => {}
        answered => return answered,
    }
    match (value.kind(), method) {
        (ValueKind::String, _) => of_text(value.as_str().unwrap_or_default(), method, args),
        (ValueKind::Seq, "index") => {
            let (wanted,): (Value,) = from_args(args)?;
            let place = value.try_iter()?.position(|item| item == wanted);
            place.map(Value::from).ok_or_else(|| missing(&wanted))
        }
        (ValueKind::Seq, "append" | "extend" | "insert" | "pop" | "remove" | "sort" | "clear")
        | (ValueKind::Map, "update" | "pop" | "setdefault" | "clear") => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!(
                "{method}() would change a value, which templates cannot; \
                 set a new one, for instance on a namespace()"
            ),
        )),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

fn of_text(text: &str, method: &str, args: &[Value]) -> Result<Value, Error> {
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
        "index" | "rindex" => {
            let wanted = one()?;
            let place = match method {
                "index" => text.find(wanted),
                _ => text.rfind(wanted),
            };
            let place = place.ok_or_else(|| missing(&Value::from(wanted)))?;
            Value::from(text[..place].chars().count())
        }
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
        "rsplit" => {
            let (by, most): (Option<&str>, Option<i64>) = from_args(args)?;
            Value::from(split_from_the_end(text, by, most))
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
        assert!(told.contains("namespace()"), "{told}");
    }
}
