//! Pages of the instance's owner: templates below `pages/` (ROUTE-51 to ROUTE-55, CTX-90).

use std::sync::Arc;

use datasette_core::{Fault, FaultKind};
use datasette_hooks::RequestInfo;
use minijinja::value::{Kwargs, Rest, Value};
use minijinja::{Error, ErrorKind};
use parking_lot::Mutex;
use regex::Regex;

use super::engines::{self, Done};
use super::environment::{Page, Templates};
use super::given::Given;
use super::page::{Base, render_named};

/// A template that answers to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomPage {
    /// The name of the template.
    pub template: String,
    /// What `{name}` in the template's name stands for in the path, undecoded.
    pub parts: Vec<(String, String)>,
}

impl CustomPage {
    /// The page for a path below `base_url`: the template of that very name, else the first whose
    /// pattern matches (cli-config/TPL-45).
    ///
    /// # Errors
    /// Plugins that were asked for their templates failed.
    pub async fn find(
        templates: &Templates,
        path: &str,
        request: Option<&RequestInfo>,
    ) -> Result<Option<Self>, Fault> {
        let templates = &templates.of_request(request)?;
        let sources = templates.sources();
        let template = format!("pages{path}.html");
        if sources.has(&template) {
            let parts = Vec::new();
            return Ok(Some(Self { template, parts }));
        }
        let names = match engines::names(templates, request).await? {
            Some(names) if names.contains(&template) => {
                let parts = Vec::new();
                return Ok(Some(Self { template, parts }));
            }
            Some(names) => with_patterns(names),
            None => sources.names_with("pages", '{'),
        };
        Ok(names.into_iter().find_map(|template| {
            let parts = parts(&template, path)?;
            Some(Self { template, parts })
        }))
    }
}

/// Those that are pages whose names hold parts, in the order in which they are tried.
fn with_patterns(mut names: Vec<String>) -> Vec<String> {
    names.retain(|name| name.starts_with("pages/") && name.contains('{'));
    names.sort_unstable();
    names.dedup();
    names
}

/// The parts of a path that the pattern names, when it matches.
fn parts(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let below = template.strip_prefix("pages").unwrap_or(template);
    let before = below.split('{').next().unwrap_or_default();
    if !path.starts_with(before) {
        return None;
    }
    let pattern = match pattern(below) {
        Ok(pattern) => pattern,
        Err(error) => {
            tracing::warn!("the page {template} has no usable name: {error}");
            return None;
        }
    };
    let found = pattern.captures(path)?;
    let names = pattern.capture_names().flatten();
    let part = |name: &str| Some((name.to_owned(), found.name(name)?.as_str().to_owned()));
    Some(names.filter_map(part).collect())
}

/// `/about/{slug}.html` as the pattern of `/about/news`.
fn pattern(below: &str) -> Result<Regex, regex::Error> {
    let mut rest = below.strip_suffix(".html").unwrap_or(below);
    let mut pattern = String::from("^");
    while let Some((before, name, after)) = next_name(rest) {
        pattern.push_str(&regex::escape(before));
        pattern.push_str(&format!("(?P<{name}>[^/]*)"));
        rest = after;
    }
    pattern.push_str(&regex::escape(rest));
    pattern.push('$');
    Regex::new(&pattern)
}

/// The text before the next `{name}`, the name, and the text after it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let end = text.find('}')?;
    let start = text[..end].rfind('{')?;
    Some((&text[..start], &text[start + 1..end], &text[end + 1..]))
}

/// A page that was rendered, with what it asked of its response.
#[derive(Debug)]
pub struct Rendered {
    /// The page itself.
    pub page: Page,
    /// The status, where it asked for one.
    pub status: Option<i64>,
    /// Headers by the names that it gave them; of one name the last counts.
    pub headers: Vec<(String, String)>,
}

#[derive(Debug, Default)]
struct Wishes {
    status: Option<i64>,
    headers: Vec<(String, String)>,
    not_found: Option<String>,
}

impl Wishes {
    fn header(&mut self, name: String, value: String) {
        match self.headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.headers.push((name, value)),
        }
    }
}

/// Renders the page.
///
/// # Errors
/// The template fails, or says that there is nothing at this path: 404 (ROUTE-54).
pub async fn render(
    templates: &Templates,
    page: &CustomPage,
    base: &Base,
) -> Result<Rendered, Fault> {
    let wishes = Arc::new(Mutex::new(Wishes::default()));
    let parts = page
        .parts
        .iter()
        .map(|(name, part)| (name.as_str(), Value::from(part.as_str())));
    let variables = Value::from_pairs(parts.chain(functions(&wishes)));
    let rendered = render_named(templates, &page.template, base, variables).await;
    let own = std::mem::take(&mut *wishes.lock());
    if let (Some(message), Err(_)) = (own.not_found, &rendered) {
        return Err(Fault::new(FaultKind::NotFound, message));
    }
    let Done { page, wishes } = rendered?;
    if let Some(message) = wishes.not_found {
        return Err(Fault::new(FaultKind::NotFound, message));
    }
    Ok(Rendered {
        page,
        status: own.status.or(wishes.status),
        headers: own.headers.into_iter().chain(wishes.headers).collect(),
    })
}

fn functions(wishes: &Arc<Mutex<Wishes>>) -> [(&'static str, Value); 4] {
    let status = Arc::clone(wishes);
    let header = Arc::clone(wishes);
    let redirect = Arc::clone(wishes);
    let not_found = Arc::clone(wishes);
    [
        (
            "custom_status",
            function(move |given| {
                let code = given.integer(0, "code")?;
                given.end()?;
                status.lock().status = code;
                Ok(())
            }),
        ),
        (
            "custom_header",
            function(move |given| {
                let (name, value) = (given.need(0, "name")?, given.need(1, "value")?);
                given.end()?;
                header.lock().header(name, value);
                Ok(())
            }),
        ),
        (
            "custom_redirect",
            function(move |given| {
                let location = given.need(0, "location")?;
                let code = given.integer(1, "code")?;
                given.end()?;
                let mut wishes = redirect.lock();
                wishes.status = Some(code.unwrap_or(302));
                wishes.header("Location".to_owned(), location);
                Ok(())
            }),
        ),
        (
            "raise_404",
            function(move |given| {
                let message = given.text(0, "message")?;
                given.end()?;
                not_found.lock().not_found = Some(message.unwrap_or_default());
                // Ends the rendering; nobody reads these words.
                Err(Error::new(ErrorKind::InvalidOperation, "raise_404"))
            }),
        ),
    ]
}

/// A function that prints as nothing.
fn function(call: impl Fn(Given) -> Result<(), Error> + Send + Sync + 'static) -> Value {
    Value::from_function(move |positional: Rest<Value>, named: Kwargs| {
        call(Given::new(positional, named)).map(|()| "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        parts(template, path)
    }

    fn pair(name: &str, part: &str) -> (String, String) {
        (name.to_owned(), part.to_owned())
    }

    // Proves: ROUTE-52, http-read/TPL-15
    #[test]
    fn names_in_braces_stand_for_one_segment() {
        let one = "pages/topic/{slug}.html";
        assert_eq!(found(one, "/topic/news"), Some(vec![pair("slug", "news")]));
        assert_eq!(
            found(one, "/topic/x.json"),
            Some(vec![pair("slug", "x.json")])
        );
        assert_eq!(found(one, "/topic/a/b"), None);
        assert_eq!(found(one, "/topic"), None);
        assert_eq!(found(one, "/topic/"), Some(vec![pair("slug", "")]));
        assert_eq!(
            found("pages/topic_{t}/{page}-{n}.html", "/topic_x/a-b-1"),
            Some(vec![pair("t", "x"), pair("page", "a-b"), pair("n", "1")])
        );
        // Signs of patterns stand for themselves.
        assert_eq!(found("pages/a.b/{c}.html", "/axb/c"), None);
        // A name that is none costs its page only.
        assert_eq!(found("pages/{a b}.html", "/x"), None);
        assert_eq!(found("pages/{a}{a}.html", "/x"), None);
    }
}
