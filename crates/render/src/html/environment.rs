//! The template engine: where templates come from and what every template can call.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use datasette_core::{Fault, identifier, real};
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, TemplateSource, UndefinedBehavior};

use crate::assets;
use crate::css_class::css_class;
use crate::html::cell::escape;
use crate::number;
use crate::static_mounts::StaticMounts;
use crate::urls::Urls;

/// Renders pages from templates (TPL-01, TPL-02). Cheap to clone.
#[derive(Clone)]
pub struct Templates {
    environment: Arc<Environment<'static>>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Templates {
    /// Templates are searched in `folders` in order, then among the built-in ones;
    /// `default:{name}` is always the built-in one. An edited file takes effect with the next
    /// request (TPL-16). `static()` knows the files of `mounts`.
    pub fn new(folders: Vec<PathBuf>, urls: &Urls, mounts: &StaticMounts) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_loader(move |name| load(&folders, name));
        environment.set_formatter(format_value);
        add_filters(&mut environment);
        add_functions(&mut environment, urls.clone(), mounts.clone());
        Self {
            environment: Arc::new(environment),
        }
    }

    /// The first of the candidates that exists.
    pub fn select<'a>(&self, candidates: &'a [String]) -> Option<&'a str> {
        candidates
            .iter()
            .map(String::as_str)
            .find(|name| self.environment.get_template(name).is_ok())
    }

    /// Renders one template. A failing template is our fault or its author's, never the
    /// visitor's: 500 with the cause in the log.
    pub fn render(&self, name: &str, context: Value) -> Result<String, Fault> {
        let template = self.environment.get_template(name).map_err(fault)?;
        template.render(context).map_err(fault)
    }
}

/// Values print as in Jinja2: `None`, `True`, and only the five characters that HTML needs escaped.
fn format_value(
    out: &mut minijinja::Output<'_>,
    state: &mut minijinja::State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::Undefined => Ok(()),
        ValueKind::None => out.write_str("None"),
        ValueKind::Bool => out.write_str(if value.is_true() { "True" } else { "False" }),
        // A float is spelled as in JSON and in cells (WIRE-05).
        ValueKind::Number if !value.is_integer() => match f64::try_from(value.clone()) {
            Ok(number) => out.write_str(&real::text(number)),
            Err(_) => return minijinja::escape_formatter(out, state, value),
        },
        ValueKind::String if !value.is_safe() && *state.auto_escape() == AutoEscape::Html => {
            let mut escaped = String::new();
            escape(&mut escaped, value.as_str().unwrap_or_default());
            out.write_str(&escaped)
        }
        _ => return minijinja::escape_formatter(out, state, value),
    };
    written.map_err(|_| Error::new(ErrorKind::WriteFailure, "the page could not be written"))
}

fn fault(error: Error) -> Fault {
    let mut description = format!("{error:#}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        description.push_str(&format!(": {cause:#}"));
        source = cause.source();
    }
    Fault::internal(description)
}

fn load(folders: &[PathBuf], name: &str) -> Result<Option<TemplateSource>, Error> {
    if let Some(built_in) = name.strip_prefix("default:") {
        return Ok(assets::template(built_in).map(TemplateSource::from));
    }
    for folder in folders {
        if let Some(source) = minijinja::path_loader(folder)(name)? {
            return Ok(Some(source));
        }
    }
    Ok(assets::template(name).map(TemplateSource::from))
}

fn add_filters(environment: &mut Environment<'static>) {
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

fn add_functions(environment: &mut Environment<'static>, urls: Urls, mounts: StaticMounts) {
    environment.add_function("static", move |path: &str, options: Kwargs| {
        let plugin: Option<&str> = options.get("plugin")?;
        let mount: Option<&str> = options.get("mount")?;
        options.assert_all_used()?;
        static_url(&urls, &mounts, path, plugin, mount)
            .map_err(|words| Error::new(ErrorKind::InvalidOperation, words))
    });
    environment.add_function("csrftoken", || "");
    environment.add_function("format_bytes", number::bytes);
    environment.add_function("zip", zip);
    environment.add_function("append_querystring", |url: &str, query: &str| {
        crate::location::append(url, query)
    });
    environment.add_function("fix_path", |path: Value| path);
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
        (Some(plugin), None) => Err(format!("No static assets found for plugin {plugin}")),
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

fn zip(first: Vec<Value>, second: Vec<Value>) -> Vec<Vec<Value>> {
    first
        .into_iter()
        .zip(second)
        .map(|(one, two)| vec![one, two])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn render(source: &str, context: Value) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.html"), source).unwrap();
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/p/"),
            &StaticMounts::default(),
        );
        templates.render("t.html", context).unwrap()
    }

    // Proves: CTX-94, CTX-95, CTX-96, CTX-98, CACHE-09
    #[test]
    fn templates_have_the_documented_filters_and_functions() {
        assert_eq!(render("{{ '1'|to_css_class }}", context! {}), "1-c4ca42");
        assert_eq!(
            render("{{ 'a b'|escape_sqlite }}", context! {}),
            "&#34;a b&#34;"
        );
        assert_eq!(render("{{ 'a b&c'|quote_plus }}", context! {}), "a+b%26c");
        assert_eq!(
            render("{{ 'a\"b'|escape_css_string }}", context! {}),
            "a\\000022b"
        );
        assert_eq!(
            render("{{ x }}{{ missing.deeper }}", context! { x => "<" }),
            "&lt;"
        );
        assert_eq!(render("{{ csrftoken() }}", context! {}), "");
        assert_eq!(
            render("{{ 0.00001 }} {{ 1 }} {{ 2.0 }}", context! {}),
            "1e-05 1 2.0"
        );
        let sheet = assets::find("app.css").unwrap();
        let expected = format!("/p/-/static/app.css?_hash={}", sheet.hash);
        assert_eq!(render("{{ static('app.css') }}", context! {}), expected);
        assert_eq!(render("{{ '{:,}'.format(1234) }}", context! {}), "1,234");
    }

    // Proves: http-read/TPL-01, http-read/TPL-02
    #[test]
    fn a_folder_overrides_and_default_reaches_the_built_in() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("error.html"), "mine").unwrap();
        let templates = Templates::new(
            vec![folder.path().to_owned()],
            &Urls::new("/"),
            &StaticMounts::default(),
        );
        assert_eq!(templates.render("error.html", context! {}).unwrap(), "mine");
        let candidates = ["nope.html".to_owned(), "error.html".to_owned()];
        assert_eq!(templates.select(&candidates), Some("error.html"));
        assert!(
            templates
                .environment
                .get_template("default:error.html")
                .is_ok()
        );
        assert!(templates.select(&["../Cargo.toml".to_owned()]).is_none());
    }
}
