//! The `request` object of templates and the functions that edit its URL (CTX-01, CTX-69).

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, OnceLock};

use datasette_core::Actor;
use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use super::data::object;
use crate::location::Location;

/// What templates may read of a request.
#[derive(Debug)]
pub struct RequestObject {
    /// Where it arrived.
    pub location: Location,
    /// The method, upper case.
    pub method: String,
    /// Who asks.
    pub actor: Option<Actor>,
    /// Header names in lower case and their values.
    pub headers: Vec<(String, String)>,
    /// Names and values of the cookies.
    pub cookies: Vec<(String, String)>,
    /// The names that the route found in the path.
    pub url_vars: Vec<(String, String)>,
    /// Made when a template asks for it.
    pub csrf_token: OnceLock<String>,
}

impl RequestObject {
    /// A random text that stays the same for this request. It guards nothing (CTX-96).
    pub(crate) fn csrf_token(&self) -> &str {
        self.csrf_token.get_or_init(|| {
            let number = || RandomState::new().build_hasher().finish();
            format!("{:016x}{:016x}", number(), number())
        })
    }
}

impl RequestObject {
    /// What the server of the original hands over, where templates can read it.
    fn scope(&self) -> Value {
        let location = &self.location;
        let path = Value::from(location.local(&location.path));
        Value::from_pairs([
            ("type", Value::from("http")),
            ("method", Value::from(self.method.as_str())),
            (
                "scheme",
                Value::from(location.origin.split("://").next().unwrap_or("http")),
            ),
            ("path", path.clone()),
            ("raw_path", path),
            ("query_string", Value::from(location.raw_query.as_str())),
            ("actor", actor(self.actor.as_ref())),
        ])
    }
}

impl Object for RequestObject {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.location.absolute(&self.location.full_path());
        write!(
            formatter,
            "<asgi.Request method=\"{}\" url=\"{url}\">",
            self.method
        )
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let location = &self.location;
        Some(match key.as_str()? {
            "path" => Value::from(location.local(&location.path)),
            "full_path" => Value::from(location.full_path()),
            "url" => Value::from(location.absolute(&location.full_path())),
            "method" => Value::from(self.method.as_str()),
            "query_string" => Value::from(location.raw_query.as_str()),
            "scheme" => Value::from(location.origin.split("://").next().unwrap_or("http")),
            "host" => Value::from(location.origin.split("://").nth(1).unwrap_or_default()),
            "args" => Value::from_object(Arguments {
                request: Arc::clone(self),
            }),
            "actor" => actor(self.actor.as_ref()),
            "headers" => pairs(&self.headers),
            "cookies" => pairs(&self.cookies),
            "url_vars" => pairs(&self.url_vars),
            "scope" => self.scope(),
            _ => return None,
        })
    }
}

/// The actor's properties, or none.
pub(crate) fn actor(actor: Option<&Actor>) -> Value {
    actor.map_or(Value::from(()), |actor| object(actor.properties()))
}

fn pairs(pairs: &[(String, String)]) -> Value {
    Value::from_pairs(
        pairs
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str())),
    )
}

/// `request.args`: the first value of each key, with `get` and `getlist`.
#[derive(Debug)]
struct Arguments {
    request: Arc<RequestObject>,
}

impl Object for Arguments {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.request
            .location
            .query
            .get(key.as_str()?)
            .map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut keys: Vec<Value> = Vec::new();
        for (key, _) in self.request.location.query.pairs() {
            let key = Value::from(key.as_str());
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Enumerator::Values(keys)
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let query = &self.request.location.query;
        match method {
            "get" => {
                let (key, default): (&str, Option<Value>) = from_args(args)?;
                Ok(query
                    .get(key)
                    .map(Value::from)
                    .or(default)
                    .unwrap_or(Value::from(())))
            }
            "getlist" => {
                let (key,): (&str,) = from_args(args)?;
                Ok(query.get_all(key).map(Value::from).collect())
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

/// `path_with_replaced_args(request, {name: value or none})` (CTX-69).
pub fn path_with_replaced_args(request: &Value, args: &Value) -> Result<String, Error> {
    let request = request.downcast_object::<RequestObject>().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            "the first argument must be the request",
        )
    })?;
    let mut replacements = Vec::new();
    for key in args.try_iter()? {
        let value = args.get_item(&key)?;
        let text = (!value.is_none() && !value.is_undefined()).then(|| value.to_string());
        replacements.push((key.to_string(), text));
    }
    let borrowed: Vec<(&str, Option<&str>)> = replacements
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_deref()))
        .collect();
    Ok(request.location.replacing(&borrowed))
}

/// The keyword arguments of `crumb_items` (CTX-02).
pub(crate) fn crumb_arguments(options: &Kwargs) -> Result<(Option<String>, Option<String>), Error> {
    let _request: Option<Value> = options.get("request")?;
    let database: Option<String> = options.get("database")?;
    let table: Option<String> = options.get("table")?;
    options.assert_all_used()?;
    Ok((database, table))
}
