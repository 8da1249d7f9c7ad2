//! `datasette.default_magic_parameters`: values that stored queries get without being asked
//! (QUERY-32). What is not there is NULL (QUERY-35).

use std::sync::Arc;
use std::time::Duration;

use datasette_core::clock::Clock;
use datasette_core::{Actor, UtcTime, Value};
use datasette_hooks::{
    Answer, Context, HookError, HookName, HookSet, MagicParameter, MagicResolver, Plugin,
    PluginInfo,
};
use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use super::listed::built_in;

/// The most random characters of one parameter; who asks for more gets NULL.
const MOST_CHARACTERS: usize = 1_000_000;

/// The plugin.
pub(super) struct MagicParameters {
    clock: Arc<dyn Clock>,
}

impl MagicParameters {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl Plugin for MagicParameters {
    fn name(&self) -> &str {
        "datasette.default_magic_parameters"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterMagicParameters])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn register_magic_parameters(&self, _context: &Context<'_>) -> Answer<Vec<MagicParameter>> {
        let now = Now(Arc::clone(&self.clock));
        Ok(vec![
            MagicParameter::new("header", Plain(header, |_, _| true)),
            MagicParameter::new("actor", Plain(actor, has_property)),
            MagicParameter::new("cookie", Plain(cookie, has_cookie)),
            MagicParameter::new("now", now),
            MagicParameter::new("random", Plain(random, |_, rest| length(rest).is_some())),
        ])
    }
}

/// A parameter that a function gives, and whether there is one to give.
struct Plain(
    fn(&Context<'_>, &str) -> Answer<Value>,
    fn(&Context<'_>, &str) -> bool,
);

impl MagicResolver for Plain {
    fn value<'a>(
        &'a self,
        context: &'a Context<'a>,
        rest: &'a str,
    ) -> BoxFuture<'a, Answer<Value>> {
        Box::pin(std::future::ready((self.0)(context, rest)))
    }

    fn has_answer(&self, context: &Context<'_>, rest: &str) -> bool {
        (self.1)(context, rest)
    }
}

/// A header; empty text where the request has none of that name.
fn header(context: &Context<'_>, rest: &str) -> Answer<Value> {
    let name = rest.replace('_', "-");
    let header = context.request().and_then(|request| request.header(&name));
    Ok(Value::from(header.unwrap_or_default()))
}

fn actor(context: &Context<'_>, rest: &str) -> Answer<Value> {
    let property = context
        .actor()
        .map(Actor::properties)
        .and_then(|properties| properties.get(rest));
    Ok(property.map_or(Value::Null, of_json))
}

fn has_property(context: &Context<'_>, rest: &str) -> bool {
    let actor = context.actor();
    actor.is_some_and(|actor| actor.properties().contains_key(rest))
}

fn has_cookie(context: &Context<'_>, rest: &str) -> bool {
    let request = context.request();
    request.is_some_and(|request| request.cookie(rest).is_some())
}

fn cookie(context: &Context<'_>, rest: &str) -> Answer<Value> {
    let cookie = context.request().and_then(|request| request.cookie(rest));
    Ok(cookie.map_or(Value::Null, Value::from))
}

/// How many random characters are wanted.
fn length(rest: &str) -> Option<usize> {
    let digits = rest
        .strip_prefix("chars_")
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let wanted = digits.and_then(|digits| digits.parse::<usize>().ok());
    wanted.filter(|wanted| *wanted <= MOST_CHARACTERS)
}

fn random(_context: &Context<'_>, rest: &str) -> Answer<Value> {
    let Some(wanted) = length(rest) else {
        return Ok(Value::Null);
    };
    let mut bytes = vec![0; wanted.div_ceil(2)];
    getrandom::fill(&mut bytes).map_err(|error| HookError::failed(error.to_string()))?;
    let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(wanted);
    Ok(Value::Text(text))
}

/// Lists and objects, which SQLite has no value for, become their JSON.
fn of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Integer(i64::from(*yes)),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Integer(whole),
            (None, Some(real)) => Value::Real(real),
            (None, None) => Value::Null,
        },
        Json::String(text) => Value::from(text.as_str()),
        other => Value::Text(other.to_string()),
    }
}

/// The time of the request.
struct Now(Arc<dyn Clock>);

impl MagicResolver for Now {
    fn value<'a>(
        &'a self,
        _context: &'a Context<'a>,
        rest: &'a str,
    ) -> BoxFuture<'a, Answer<Value>> {
        Box::pin(std::future::ready(Ok(moment(self.0.now(), rest))))
    }

    fn has_answer(&self, _context: &Context<'_>, rest: &str) -> bool {
        moment(self.0.now(), rest) != Value::Null
    }
}

fn moment(now: Duration, rest: &str) -> Value {
    let time = UtcTime::of(now);
    match rest {
        "epoch" => Value::Integer(i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
        "date_utc" => Value::Text(time.iso_date()),
        "datetime_utc" => Value::Text(time.iso_seconds()),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_hooks::{Bus, RequestInfo};

    // Proves: QUERY-32, QUERY-35
    #[test]
    fn requests_fill_parameters_in() {
        let bus = Bus::new(Vec::new());
        let request = RequestInfo {
            headers: vec![("user-agent".to_owned(), "curl".to_owned())],
            cookies: vec![("a".to_owned(), "b".to_owned())],
            ..RequestInfo::default()
        };
        let who = Actor::with_id("root");
        let known = bus.context(Some(&who), Some(&request));
        let nobody = bus.context(None, None);
        assert_eq!(header(&known, "user_agent").unwrap(), Value::from("curl"));
        assert_eq!(header(&nobody, "user_agent").unwrap(), Value::from(""));
        assert_eq!(actor(&known, "id").unwrap(), Value::from("root"));
        assert_eq!(actor(&known, "name").unwrap(), Value::Null);
        assert_eq!(actor(&nobody, "id").unwrap(), Value::Null);
        assert_eq!(cookie(&known, "a").unwrap(), Value::from("b"));
        assert_eq!(cookie(&known, "c").unwrap(), Value::Null);
        for length in [0, 1, 7] {
            let Value::Text(text) = random(&known, &format!("chars_{length}")).unwrap() else {
                panic!("no text");
            };
            assert_eq!(text.len(), length);
            assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        for unknown in ["chars_", "chars_x", "chars_99999999999", "words"] {
            assert_eq!(random(&known, unknown).unwrap(), Value::Null, "{unknown}");
        }
    }

    // Proves: QUERY-32, QUERY-35
    #[test]
    fn the_time_is_written_in_utc() {
        let at = |seconds, rest| moment(Duration::from_secs(seconds), rest);
        assert_eq!(at(1_709_210_096, "epoch"), Value::Integer(1_709_210_096));
        assert_eq!(at(1_709_210_096, "date_utc"), Value::from("2024-02-29"));
        assert_eq!(
            at(1_709_210_096, "datetime_utc"),
            Value::from("2024-02-29T12:34:56Z")
        );
        assert_eq!(at(0, "date_utc"), Value::from("1970-01-01"));
        assert_eq!(at(4_107_542_399, "date_utc"), Value::from("2100-02-28"));
        assert_eq!(at(4_107_542_400, "date_utc"), Value::from("2100-03-01"));
        assert_eq!(at(0, "tea_time"), Value::Null);
    }
}
