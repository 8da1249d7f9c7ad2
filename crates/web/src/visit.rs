//! One request on its way through: where it arrived, who asks, and the app that answers.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use datasette_core::action::ViewTable;
use datasette_core::{Actor, Catalogue, DatabaseRef, Fault, QueryString, TableRef};
use datasette_engine::write::KeyedCall;
use datasette_hooks::{Context, RequestInfo};
use datasette_permissions::Permit;
use datasette_render::Location;
use datasette_render::html::PageScripts;

use crate::app::App;
use crate::caller::Caller;
use crate::http::{Outer, Sender};

/// A request whose head was read.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The server.
    pub(crate) app: Arc<App>,
    /// What exists at the time of this request.
    pub(crate) catalogue: Arc<Catalogue>,
    /// The request as plugins see it; its actor is who asks.
    pub(crate) info: RequestInfo,
    /// Where it arrived.
    pub(crate) location: Location,
    /// The method.
    pub(crate) method: Method,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The pattern that matched the path (OTEL-02); `None` where none did.
    pub(crate) matched: Option<Cow<'static, str>>,
    /// Whether a template has shown the visitor's messages (AUTH-38).
    pub(crate) messages_shown: Arc<AtomicBool>,
    /// The scripts of the page that answers.
    pub(crate) scripts: Arc<PageScripts>,
    /// The call that it is, where its client may repeat it (WRITE-155).
    pub(crate) call: Option<Arc<KeyedCall>>,
    /// Whether plugins and templates may know that there is a request (HOOK-41).
    is_known: bool,
}

impl Visit {
    /// Reads the head of a request; `caller` is who sent it.
    pub(crate) fn read(app: Arc<App>, request: &Request<Body>, caller: &Caller) -> Self {
        let headers = request.headers().clone();
        let full_path = request.uri().path();
        let base_url = app.instance.config.settings.base_url.clone();
        let path = below_base(full_path, &base_url);
        let raw_query = request.uri().query().unwrap_or_default().to_owned();
        let location = Location {
            origin: origin(&app, &headers, caller),
            base_url,
            path,
            query: QueryString::parse(&raw_query),
            raw_query: raw_query.clone(),
        };
        let (scheme, host) = location
            .origin
            .split_once("://")
            .unwrap_or(("http", "localhost"));
        let info = RequestInfo {
            id: app.messages.number(),
            method: request.method().as_str().to_owned(),
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            path: full_path.to_owned(),
            query_string: raw_query,
            headers: header_pairs(&headers),
            cookies: cookie_pairs(&headers),
            url_vars: Vec::new(),
            client: caller.host.clone(),
            port: caller.port,
            outer: request.extensions().get::<Outer>().map(|outer| outer.0),
            actor: None,
            sender: request.extensions().get().map(|Sender(number)| *number),
        };
        let catalogue = app.instance.registry.catalogue();
        Self {
            app,
            catalogue,
            info,
            location,
            method: request.method().clone(),
            headers,
            matched: None,
            messages_shown: Arc::default(),
            scripts: Arc::default(),
            call: None,
            is_known: true,
        }
    }

    /// No request at all, for pages that must not depend on one (HOOK-41).
    pub(crate) fn outside(app: Arc<App>) -> Self {
        Self {
            is_known: false,
            ..Self::within(app, RequestInfo::default())
        }
    }

    /// A request that only plugins know: one they render a template for.
    pub(crate) fn within(app: Arc<App>, mut info: RequestInfo) -> Self {
        let or = |text: &mut String, other: &str| {
            if text.is_empty() {
                text.push_str(other);
            }
        };
        or(&mut info.method, "GET");
        or(&mut info.scheme, "http");
        or(&mut info.host, "localhost");
        or(&mut info.path, "/");
        let base_url = app.instance.config.settings.base_url.clone();
        let location = Location {
            origin: format!("{}://{}", info.scheme, info.host),
            path: below_base(&info.path, &base_url),
            base_url,
            query: info.arguments(),
            raw_query: info.query_string.clone(),
        };
        let headers = info.headers.iter().filter_map(|(name, value)| {
            Some((
                HeaderName::try_from(name).ok()?,
                HeaderValue::try_from(value).ok()?,
            ))
        });
        Self {
            messages_shown: Arc::default(),
            matched: None,
            headers: headers.collect(),
            method: Method::from_bytes(info.method.as_bytes()).unwrap_or(Method::GET),
            catalogue: app.instance.registry.catalogue(),
            location,
            info,
            app,
            scripts: Arc::default(),
            call: None,
            is_known: true,
        }
    }

    /// The same request with other arguments.
    pub(crate) fn asking(&self, query: QueryString) -> Self {
        let raw_query = query.encode();
        let info = RequestInfo {
            query_string: raw_query.clone(),
            ..self.info.clone()
        };
        let location = Location {
            query,
            raw_query,
            ..self.location.clone()
        };
        Self {
            app: Arc::clone(&self.app),
            catalogue: Arc::clone(&self.catalogue),
            info,
            location,
            method: self.method.clone(),
            headers: self.headers.clone(),
            matched: self.matched.clone(),
            messages_shown: Arc::clone(&self.messages_shown),
            scripts: Arc::clone(&self.scripts),
            call: self.call.clone(),
            is_known: self.is_known,
        }
    }

    /// The same request as a call that is carried out once.
    pub(crate) fn keyed(&self, call: Arc<KeyedCall>) -> Self {
        Self {
            app: self.app.with_instance(call.instance()),
            call: Some(call),
            ..self.clone()
        }
    }

    /// The request, where there is one.
    pub(crate) fn request(&self) -> Option<&RequestInfo> {
        Some(&self.info).filter(|_| self.is_known)
    }

    /// `http` or `https`, as the visitor knows it.
    pub(crate) fn scheme(&self) -> &str {
        &self.info.scheme
    }

    /// Who asks.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        self.info.actor.as_ref()
    }

    /// Whether the answer is for this visitor alone (CACHE-03).
    pub(crate) fn is_personal(&self) -> bool {
        self.actor().is_some()
            || self.headers.contains_key(header::COOKIE)
            || self.headers.contains_key(header::AUTHORIZATION)
    }

    /// The decoded query string.
    pub(crate) fn query(&self) -> &QueryString {
        &self.location.query
    }

    /// The circumstances of hook calls.
    pub(crate) fn hooks(&self) -> Context<'_> {
        self.app.instance.bus.context(self.actor(), self.request())
    }

    /// The database that the URL names.
    ///
    /// # Errors
    /// 404 as ERR-13.
    pub(crate) fn database(&self, route: &str) -> Result<DatabaseRef, Fault> {
        self.catalogue
            .database_by_route(route)
            .ok_or_else(|| Fault::not_found("Database not found"))
    }

    /// The table or view that the URL names.
    ///
    /// # Errors
    /// 404 as ERR-14.
    pub(crate) fn table(&self, database: &DatabaseRef, name: &str) -> Result<TableRef, Fault> {
        database.table(name).ok_or_else(|| self.no_table())
    }

    /// The right to read the table or view that the URL names, which is looked up first.
    ///
    /// # Errors
    /// 404 as ERR-13 and ERR-14, 403 where the actor may not view it.
    pub(crate) async fn permitted_table(
        &self,
        route: &str,
        name: &str,
    ) -> Result<Permit<ViewTable>, Fault> {
        let table = self.table(&self.database(route)?, name)?;
        let gate = &self.app.instance.gate;
        gate.require::<ViewTable>(self.actor(), &table).await
    }

    /// There is no such table or view (ERR-14).
    pub(crate) fn no_table(&self) -> Fault {
        Fault::not_found("Table not found")
    }
}

/// The path below `base_url`; a path that does not start with it is taken as it is (ROUTE-39).
pub(crate) fn below_base(path: &str, base_url: &str) -> String {
    if base_url == "/" {
        return path.to_owned();
    }
    match path.strip_prefix(base_url) {
        Some(rest) => format!("/{rest}"),
        None => path.to_owned(),
    }
}

fn origin(app: &App, headers: &HeaderMap, caller: &Caller) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host")
        .filter(|host| is_host(host))
        .unwrap_or("localhost");
    let secure = caller.secure.unwrap_or(app.tls) || app.instance.config.settings.force_https_urls;
    let scheme = if secure { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// A Host header becomes part of links; anything that is not a host and port could end them.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
        })
}

fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

fn cookie_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: ROUTE-39, ROUTE-42
    #[test]
    fn the_prefix_is_taken_off() {
        assert_eq!(below_base("/prefix/data/t", "/prefix/"), "/data/t");
        assert_eq!(below_base("/data/t", "/prefix/"), "/data/t");
        assert_eq!(below_base("/prefix", "/prefix/"), "/prefix");
        assert_eq!(below_base("/prefix/", "/prefix/"), "/");
        assert_eq!(below_base("/a", "/"), "/a");
    }

    #[test]
    fn hosts_cannot_break_out_of_links() {
        assert!(is_host("localhost:8001"));
        assert!(is_host("[::1]:8001"));
        assert!(!is_host("a\"b"));
        assert!(!is_host("a/b"));
        assert!(!is_host(""));
    }
}
