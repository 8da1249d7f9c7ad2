//! What every template can call beside what Jinja2 brings (CTX-94 to CTX-96).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datasette_core::identifier;
use minijinja::value::{Kwargs, Object, Rest, Tuple, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::request::{self, RequestObject};
use super::scripting::{NEEDS_FUNCTION, NONCE_FUNCTION, current};
use crate::assets;
use crate::css_class::css_class;
use crate::number;
use crate::static_mounts::StaticMounts;
use crate::urls::Urls;

/// Adds filters, tests and functions.
pub(crate) fn add(environment: &mut Environment<'static>, urls: &Urls, mounts: &StaticMounts) {
    environment.add_filter("to_css_class", |text: &str| css_class(text).into_owned());
    environment.add_filter("escape_sqlite", |name: &str| {
        identifier::quote_if_needed(name).into_owned()
    });
    environment.add_filter("quote_plus", |text: &str| {
        let mut out = String::new();
        datasette_core::query_string::encode_form(&mut out, text);
        out
    });
    environment.add_filter("escape_css_string", escape_css_string);
    environment.add_test("callable", |value: &Value| value.kind() == ValueKind::Plain);
    let (statics, mounts) = (urls.clone(), mounts.clone());
    environment.add_function("static", move |path: &str, options: Kwargs| {
        let plugin: Option<&str> = options.get("plugin")?;
        let mount: Option<&str> = options.get("mount")?;
        options.assert_all_used()?;
        static_url(&statics, &mounts, path, plugin, mount)
            .map_err(|words| Error::new(ErrorKind::InvalidOperation, words))
    });
    environment.add_global("fix_path", fix_path(urls));
    environment.add_global("append_querystring", append_querystring());
    environment.add_global("path_with_replaced_args", path_with_replaced_args());
    environment.add_function("csrftoken", csrf_token);
    environment.add_function("csp_nonce", current::nonce);
    environment.add_function(NONCE_FUNCTION, current::nonce);
    environment.add_function(NEEDS_FUNCTION, |bits: u8| {
        current::add(bits);
        ""
    });
    environment.add_global("format_bytes", format_bytes());
    environment.add_global("zip", zip());
    environment.add_function("cycler", Cycler::of);
    environment.add_function("joiner", minijinja_contrib::globals::joiner);
}

/// Text inside a CSS string: everything that could end it becomes an escape (CTX-94).
fn escape_css_string(text: &str) -> Value {
    let mut out = String::new();
    for character in text.chars() {
        if matches!(character, '"' | '\'' | '\\' | '<' | '>' | '&') || character.is_control() {
            out.push_str(&format!("\\{:06X}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    Value::from_safe_string(out)
}

/// The URL of a static file with its hash (CACHE-09, TPL-22).
///
/// # Errors
/// A sentence for the author of a template (TPL-23).
pub fn static_url(
    urls: &Urls,
    mounts: &StaticMounts,
    path: &str,
    plugin: Option<&str>,
    mount: Option<&str>,
) -> Result<String, String> {
    match (plugin, mount) {
        (Some(_), Some(_)) => Err("Use either plugin= or mount=, not both".to_owned()),
        (Some(plugin), None) => mounts.plugin_url(urls, plugin, path),
        (None, Some(mount)) => mounts.url(urls, mount, path),
        (None, None) => match assets::find(path) {
            Some(asset) => Ok(urls.path(&format!("/-/static/{path}?_hash={}", asset.hash))),
            None if path.split('/').any(|part| part == "..") => {
                Err("Static asset path cannot escape static root".to_owned())
            }
            None => Err(format!("there is no built-in static file {path}")),
        },
    }
}

/// Puts `base_url` in front of a path; one that has it already stays (ROUTE-40).
pub(crate) fn fix_path(urls: &Urls) -> Value {
    let urls = urls.clone();
    Value::from_function(move |path: &str| match path.starts_with(urls.base_url()) {
        true => path.to_owned(),
        false => urls.path(path),
    })
}

/// `append_querystring(url, querystring)` (CTX-69).
pub(crate) fn append_querystring() -> Value {
    Value::from_function(|url: &str, query: &str| crate::location::append(url, query))
}

/// `path_with_replaced_args(request, args)` (CTX-69).
pub(crate) fn path_with_replaced_args() -> Value {
    Value::from_function(|request: Value, args: Value| {
        request::path_with_replaced_args(&request, &args)
    })
}

/// `format_bytes(number)` (CTX-10).
pub(crate) fn format_bytes() -> Value {
    Value::from_function(|size: &Value| match u64::try_from(size.clone()) {
        Ok(size) => Ok(number::bytes(size)),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are smaller and not negative"
        )]
        Err(_) => f64::try_from(size.clone())
            .map(|size| number::bytes(size as u64))
            .map_err(|_| {
                let message = format!("{} is no number of bytes", size.kind());
                Error::new(ErrorKind::InvalidOperation, message)
            }),
    })
}

/// Nothing checks it; old templates put it into forms (CTX-96).
fn csrf_token(state: &mut State<'_, '_>) -> String {
    let request = state.lookup("request");
    let request = request
        .as_ref()
        .and_then(|request| request.downcast_object_ref());
    request.map_or_else(String::new, |request: &RequestObject| {
        request.csrf_token().to_owned()
    })
}

/// `cycler(a, b)`: one after the other, over and over.
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    place: AtomicUsize,
}

impl Cycler {
    fn of(items: Rest<Value>) -> Result<Value, Error> {
        if items.is_empty() {
            let message = "a cycler needs at least one item";
            return Err(Error::new(ErrorKind::MissingArgument, message));
        }
        Ok(Value::from_object(Self {
            items: items.to_vec(),
            place: AtomicUsize::new(0),
        }))
    }

    fn at(&self, place: usize) -> Value {
        self.items[place % self.items.len()].clone()
    }
}

impl Object for Cycler {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let place = self.place.load(Ordering::Relaxed);
        (key.as_str() == Some("current")).then(|| self.at(place))
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        _args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "next" => Ok(self.at(self.place.fetch_add(1, Ordering::Relaxed))),
            "reset" => {
                self.place.store(0, Ordering::Relaxed);
                Ok(Value::from(()))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

/// `zip(list, list)` (CTX-08).
pub(crate) fn zip() -> Value {
    Value::from_function(|lists: Rest<Value>| zipped(&lists))
}

fn zipped(lists: &[Value]) -> Result<Value, Error> {
    let mut lists = lists
        .iter()
        .map(|list| list.try_iter())
        .collect::<Result<Vec<_>, Error>>()?;
    let mut rows = Vec::new();
    loop {
        let row: Option<Vec<Value>> = lists.iter_mut().map(Iterator::next).collect();
        match row.filter(|row| !row.is_empty()) {
            Some(row) => rows.push(Value::from_object(Tuple::new(row))),
            None => return Ok(Value::from(rows)),
        }
    }
}
