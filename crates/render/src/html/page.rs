//! What every page shares: the base variables of templates (CTX-01 to CTX-16) and the choice of
//! the template.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datasette_core::{Actor, Catalogue, Fault};
use datasette_hooks::{
    AssetUrl, BodyScript, EngineAnswer, MenuItem, PageValue, RequestInfo, TemplateValue,
};
use indexmap::IndexMap;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, context};
use parking_lot::Mutex;

use super::data::data;
use super::debug;
use super::engines::{Chosen, Done, Work};
use super::environment::{Page, Templates};
use super::functions;
use super::links::Links;
pub use super::plugin_values::template_value;
use super::request::{RequestObject, actor, crumb_arguments};
use super::scripting::PageScripts;
use crate::urls::Urls;

/// What the actor may see of the way down to this page; decides the breadcrumbs (HTML-05).
#[derive(Clone, Debug, Default)]
pub struct Crumbs {
    /// Whether the index may be seen.
    pub instance: bool,
    /// The database of the page, when it may be seen.
    pub database: Option<String>,
    /// The table of the page, when it may be seen.
    pub table: Option<String>,
    /// Other places that may be seen.
    pub further: Vec<Place>,
    asked: Arc<Mutex<Vec<Place>>>,
}

/// A database, or a table in it, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The database.
    pub database: String,
    /// The table or view.
    pub table: Option<String>,
}

impl Crumbs {
    /// The way from the start to a page, as far as it may be seen.
    pub fn new(instance: bool, database: Option<String>, table: Option<String>) -> Self {
        Self {
            instance,
            database,
            table,
            ..Self::default()
        }
    }

    /// The places that templates asked for and that were not known to be allowed.
    pub fn take_asked(&self) -> Vec<Place> {
        std::mem::take(&mut self.asked.lock())
    }

    /// The links that lead down to a table: addresses and texts. Those to places of which it is not
    /// known whether they may be seen are left out, and asked for.
    pub fn links(
        &self,
        urls: &Urls,
        catalogue: &Catalogue,
        database: Option<&str>,
        table: Option<&str>,
    ) -> Vec<(String, String)> {
        let mut links = Vec::new();
        let mut add = |href: String, label: &str| links.push((href, label.to_owned()));
        if self.instance {
            add(urls.instance(), "home");
        }
        if let Some(database) = database {
            let found = catalogue.database(database);
            let route = found.map_or_else(|| database.to_owned(), |found| found.route().to_owned());
            if self.allows_database(database) {
                add(urls.database_route(&route), database);
            }
            if let Some(table) = table.filter(|table| self.allows_table(database, table)) {
                add(urls.child(&route, table), table);
            }
        }
        links
    }

    fn allows_database(&self, name: &str) -> bool {
        let place = || Place {
            database: name.to_owned(),
            table: None,
        };
        self.database.as_deref() == Some(name) || self.allows_further(place())
    }

    fn allows_table(&self, database: &str, name: &str) -> bool {
        let place = || Place {
            database: database.to_owned(),
            table: Some(name.to_owned()),
        };
        self.table.as_deref() == Some(name) || self.allows_further(place())
    }

    fn allows_further(&self, place: Place) -> bool {
        if self.further.contains(&place) {
            return true;
        }
        let mut asked = self.asked.lock();
        if !asked.contains(&place) {
            asked.push(place);
        }
        false
    }
}

/// The base variables of one page.
#[derive(Debug)]
pub struct Base {
    /// The request, where there is one (HOOK-41).
    pub request: Option<Arc<RequestObject>>,
    /// The same as plugins know it, where they have a say in templates.
    pub info: Option<RequestInfo>,
    /// Who asks.
    pub actor: Option<Actor>,
    /// The setting `base_url` in URLs.
    pub urls: Urls,
    /// What exists, for routes of databases.
    pub catalogue: Arc<Catalogue>,
    /// The way down to this page.
    pub crumbs: Crumbs,
    /// Links of the top menu.
    pub menu_links: Vec<MenuItem>,
    /// Whether there is a cookie to log out of (CTX-07).
    pub show_logout: bool,
    /// Pending messages and their types: 1 info, 2 warning, 3 error (CTX-11).
    pub messages: Vec<(String, u8)>,
    /// Set when a template shows them (AUTH-38).
    pub messages_shown: Arc<AtomicBool>,
    /// Stylesheets of configuration and plugins.
    pub extra_css_urls: Vec<AssetUrl>,
    /// Scripts of configuration and plugins.
    pub extra_js_urls: Vec<AssetUrl>,
    /// Scripts at the end of the body.
    pub body_scripts: Vec<BodyScript>,
    /// The version that pages name.
    pub version: &'static str,
    /// The absolute URL of the JSON twin, where there is one (HTML-03).
    pub alternate_url_json: Option<String>,
    /// Whether the variables are shown instead of the page (DEBUG-74).
    pub shows_variables: bool,
    /// The scripts of the page.
    pub scripts: Arc<PageScripts>,
    /// Further variables from plugins; they replace all others of their names (HOOK-53).
    pub extra: Vec<(String, Value)>,
}

impl Base {
    /// Adds variables of `filters_from_request` (HOOK-141); those of `extra_template_vars` win.
    pub fn add_below(&mut self, added: &serde_json::Map<String, serde_json::Value>) {
        let known: Vec<String> = self.extra.iter().map(|(name, _)| name.clone()).collect();
        let new = added.iter().filter(|(name, _)| !known.contains(name));
        self.extra
            .extend(new.map(|(name, value)| (name.clone(), data(value))));
    }

    fn variables(&self) -> Value {
        let links = Value::from_object(Links::new(self.urls.clone(), Arc::clone(&self.catalogue)));
        let menu_links: Value = self
            .menu_links
            .iter()
            .map(|link| context! { href => link.href.clone(), label => link.label.clone() })
            .collect();
        let shown = Arc::clone(&self.messages_shown);
        let messages: Vec<Value> = self
            .messages
            .iter()
            .map(|(text, kind)| Value::from(vec![Value::from(text.as_str()), Value::from(*kind)]))
            .collect();
        context! {
            request => self.request.as_ref().map(|request| Value::from_dyn_object(Arc::clone(request))),
            urls => links,
            actor => actor(self.actor.as_ref()),
            menu_links => Value::from_function(move || menu_links.clone()),
            display_actor => Value::from_function(display_actor),
            show_logout => self.show_logout,
            crumb_items => self.crumb_items(),
            show_messages => Value::from_function(move || {
                shown.store(true, Ordering::Relaxed);
                messages.clone()
            }),
            body_scripts => self.body_scripts.iter().map(body_script).collect::<Vec<Value>>(),
            extra_css_urls => self.extra_css_urls.iter().map(asset).collect::<Vec<Value>>(),
            extra_js_urls => self.extra_js_urls.iter().map(asset).collect::<Vec<Value>>(),
            base_url => self.urls.base_url(),
            zip => functions::zip(),
            format_bytes => functions::format_bytes(),
            datasette_version => self.version,
            alternate_url_json => self.alternate_url_json.clone(),
        }
    }

    /// All variables of a page that has these of its own.
    fn around(&self, page: Value) -> Value {
        let page = context! { ..self.with_description(page), ..self.variables() };
        match self.extra.is_empty() {
            true => page,
            false => context! { ..Value::from_pairs(self.extra.iter().cloned()), ..page },
        }
    }

    /// The page's variables, with the scripts of the owner's own description of what it shows.
    fn with_description(&self, page: Value) -> Value {
        let metadata = page.get_attr("metadata").unwrap_or_default();
        let html = metadata.get_attr("description_html").unwrap_or_default();
        let Some(html) = html.as_str().filter(|html| html.contains('<')) else {
            return page;
        };
        let trusted = self.scripts.trusted(html.to_owned(), "description_html");
        if trusted == html {
            return page;
        }
        let metadata = context! { description_html => trusted, ..metadata };
        context! { metadata, ..page }
    }

    fn crumb_items(&self) -> Value {
        let allowed = self.crumbs.clone();
        let urls = self.urls.clone();
        let catalogue = Arc::clone(&self.catalogue);
        Value::from_function(move |options: Kwargs| -> Result<Vec<Value>, Error> {
            let (database, table) = crumb_arguments(&options)?;
            let links = allowed.links(&urls, &catalogue, database.as_deref(), table.as_deref());
            let links = links.into_iter();
            Ok(links
                .map(|(href, label)| context! { href, label })
                .collect())
        })
    }
}

fn asset(asset: &AssetUrl) -> Value {
    context! { url => asset.url.clone(), sri => asset.sri.clone(), module => asset.module }
}

fn body_script(script: &BodyScript) -> Value {
    context! { script => Value::from_safe_string(script.script.clone()), module => script.module }
}

/// What pages call an actor: a value that names it, else the whole of it as text (AUTH-24).
fn display_actor(actor: Value) -> Value {
    if actor.kind() != ValueKind::Map {
        return Value::from("");
    }
    let found = match serde_json::to_value(&actor) {
        Ok(serde_json::Value::Object(properties)) => Actor::new(properties).display().map(data),
        _ => None,
    };
    found.unwrap_or_else(|| Value::from(actor.to_string()))
}

/// The variables that a plugin gives a template of its own.
pub fn given(context: &IndexMap<String, TemplateValue>, scripts: &PageScripts) -> Value {
    let values = context.iter();
    variables(values.map(|(name, value)| (name.as_str(), template_value(value, scripts))))
}

/// Renders the first of `candidates` that exists with the page's own variables over the base
/// ones. Every documented candidate list ends in a built-in template.
pub async fn render(
    templates: &Templates,
    candidates: &[String],
    base: &Base,
    page: Value,
) -> Result<Page, Fault> {
    let work = Work::of(templates, base)?;
    let chosen = work.choose(candidates).await?;
    let considered: Vec<String> = candidates
        .iter()
        .map(|name| {
            // A name with the prefix that skips overrides is never marked.
            if *name == chosen.template && !name.starts_with("default:") {
                format!("*{name}")
            } else {
                name.clone()
            }
        })
        .collect();
    let own = context! { select_templates => considered, ..page };
    Ok(finish(work, &chosen, base, own).await?.page)
}

/// The template that a page with these candidates will have: hooks are told before it is rendered
/// (HOOK-38).
///
/// # Errors
/// There is none, or plugins that were asked failed.
pub async fn chosen(
    templates: &Templates,
    candidates: &[String],
    request: Option<&RequestInfo>,
) -> Result<String, Fault> {
    let work = Work {
        templates: templates.of_request(request)?,
        request,
        base: None,
        scripts: &Arc::default(),
    };
    Ok(work.choose(candidates).await?.template)
}

/// Renders one template by its name, without a note of which were considered (TPL-12).
pub async fn render_one(
    templates: &Templates,
    name: &str,
    base: &Base,
    page: Value,
) -> Result<Page, Fault> {
    let done = render_named(templates, name, base, page).await?;
    Ok(done.page)
}

/// Like [`render_one`]; what the template asked of the response comes with the page.
pub(super) async fn render_named(
    templates: &Templates,
    name: &str,
    base: &Base,
    page: Value,
) -> Result<Done, Fault> {
    let work = Work::of(templates, base)?;
    let chosen = work.choose(&[name.to_owned()]).await?;
    finish(work, &chosen, base, page).await
}

async fn finish(work: Work<'_>, chosen: &Chosen, base: &Base, page: Value) -> Result<Done, Fault> {
    let variables = base.around(page);
    if base.shows_variables {
        return Ok(Done {
            page: work
                .templates
                .bare(debug::shown(&variables), &base.scripts)?,
            wishes: EngineAnswer::default(),
        });
    }
    work.render(chosen, variables).await
}

/// The base variables as they go to a plugin that renders a page itself.
pub fn exported(templates: &Templates, base: &Base) -> IndexMap<String, PageValue> {
    let variables = base.around(Value::UNDEFINED);
    super::exported::variables(templates.environment(), Some(base), &variables)
}

/// Variables that are known by name only, for instance those of a plugin's own page.
pub fn variables<'a>(pairs: impl Iterator<Item = (&'a str, Value)>) -> Value {
    Value::from_pairs(pairs)
}
