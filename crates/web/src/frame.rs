//! The frame around every page: crumbs, menu, messages, what plugins add.

use std::sync::{Arc, OnceLock};

use datasette_core::action::{Instance as WholeInstance, ViewDatabase, ViewInstance, ViewTable};
use datasette_core::{DatabaseRef, Fault, TableRef};
use datasette_hooks::{
    ActionItem, ActionTarget, AssetUrl, PageInfo, RequestInfo, TemplateSlot, TemplateValue,
};
use datasette_render::html::page::Base;
use datasette_render::html::page::Place;
use datasette_render::html::request::RequestObject;
use datasette_render::html::{Crumbs, Needs, page};
use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::messages;
use crate::visit::Visit;

/// Where a page is: what its breadcrumbs and hooks are about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    /// The database of the page.
    pub(crate) database: Option<DatabaseRef>,
    /// The table or view of the page.
    pub(crate) table: Option<TableRef>,
    /// The kind of page as hooks know it, for instance `table`.
    pub(crate) view_name: Option<&'static str>,
    /// Names of the columns of the page.
    pub(crate) columns: Option<Vec<String>>,
    /// Whether hooks are told the kind of page alone: its variables do not have the names (HOOK-39).
    pub(crate) kind_only: bool,
}

impl Way {
    /// A page of this kind about nothing in particular.
    pub(crate) fn kind(view_name: &'static str) -> Self {
        Self {
            view_name: Some(view_name),
            ..Self::default()
        }
    }

    /// The same, of which hooks learn nothing but its kind.
    pub(crate) fn of_kind_only(self) -> Self {
        Self {
            kind_only: true,
            ..self
        }
    }

    /// A page about a database.
    pub(crate) fn database(database: &DatabaseRef, view_name: &'static str) -> Self {
        Self {
            database: Some(database.clone()),
            view_name: Some(view_name),
            ..Self::default()
        }
    }

    /// A page about a table or view.
    pub(crate) fn table(table: &TableRef, view_name: &'static str, columns: &[String]) -> Self {
        Self {
            database: Some(table.database().clone()),
            table: Some(table.clone()),
            view_name: Some(view_name),
            columns: Some(columns.to_vec()),
            kind_only: false,
        }
    }
}

/// The base variables of a page (CTX-01 to CTX-16). `alternate` is the absolute URL of its JSON
/// twin.
pub(crate) async fn base(
    visit: &Visit,
    way: &Way,
    template: &str,
    alternate: Option<String>,
) -> Result<Base, Fault> {
    let told = Some(way).filter(|way| !way.kind_only);
    let database = told.and_then(|way| way.database.as_ref());
    let table = told.and_then(|way| way.table.as_ref());
    let info = PageInfo {
        template: template.to_owned(),
        database: database.map(|database| database.name().to_owned()),
        table: table.map(|table| table.name().to_owned()),
        columns: told.and_then(|way| way.columns.clone()),
        view_name: way.view_name.map(str::to_owned),
    };
    dressed(visit, way, info, alternate).await
}

/// Like [`base`], for a page whose template is the first of these that there is (HOOK-38).
pub(crate) async fn base_of(
    visit: &Visit,
    way: &Way,
    candidates: &[String],
    alternate: Option<String>,
) -> Result<Base, Fault> {
    let template = page::chosen(&visit.app.templates, candidates, visit.request()).await?;
    base(visit, way, &template, alternate).await
}

/// The base variables of a page that has only a template and variables of its own (CTX-16). What
/// it is about is what its variables say (HOOK-39).
pub(crate) async fn around(
    visit: &Visit,
    template: &str,
    variables: &IndexMap<String, TemplateValue>,
    view_name: Option<&str>,
) -> Result<Base, Fault> {
    let text = |name: &str| match variables.get(name) {
        Some(TemplateValue::Data(Json::String(text))) => Some(text.clone()),
        _ => None,
    };
    let columns = match variables.get("columns") {
        Some(TemplateValue::Data(Json::Array(names))) => Some(
            names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        ),
        _ => None,
    };
    let info = PageInfo {
        template: template.to_owned(),
        database: text("database"),
        table: text("table"),
        columns,
        view_name: view_name.map(str::to_owned),
    };
    about(visit, info).await
}

/// The base variables of a page that a plugin describes.
pub(crate) async fn about(visit: &Visit, info: PageInfo) -> Result<Base, Fault> {
    let database = info
        .database
        .as_ref()
        .and_then(|name| visit.catalogue.database(name));
    let named = database.as_ref().zip(info.table.as_ref());
    let way = Way {
        table: named.and_then(|(database, table)| database.table(table)),
        database,
        ..Way::default()
    };
    dressed(visit, &way, info, None).await
}

async fn dressed(
    visit: &Visit,
    way: &Way,
    info: PageInfo,
    alternate: Option<String>,
) -> Result<Base, Fault> {
    let instance = &visit.app.instance;
    let context = visit.hooks();
    let configured = &instance.config.instance;
    // In this order (HOOK-43).
    let body_scripts = instance.bus.extra_body_script(&context, &info).await?;
    let extra = instance.bus.extra_template_vars(&context, &info).await?;
    let styles = instance.bus.extra_css_urls(&context, &info).await?;
    let scripts = instance.bus.extra_js_urls(&context, &info).await?;
    let menu_links = instance.bus.menu_links(&context).await?;
    let extra_js_urls = assets(visit, scripts, &configured.extra_js_urls);
    let page_scripts = &visit.scripts;
    if !extra_js_urls.is_empty() {
        page_scripts.add(Needs::FOREIGN);
    }
    for part in &body_scripts {
        page_scripts.script(&part.script, "extra_body_script");
    }
    for link in &menu_links {
        page_scripts.attribute("href", &link.href, "menu_links");
    }
    Ok(Base {
        request: visit.request().map(|info| request_object(visit, info)),
        info: match visit.app.templates.follow_requests() {
            true => visit.request().cloned(),
            false => None,
        },
        actor: visit.actor().cloned(),
        urls: visit.app.urls.clone(),
        catalogue: Arc::clone(&visit.catalogue),
        crumbs: crumbs(visit, way).await?,
        menu_links,
        show_logout: visit.actor().is_some() && visit.info.cookie("ds_actor").is_some(),
        messages: match info.template.as_str() {
            // Refusals leave them for the next page (AUTH-40).
            "error.html" | "403.html" => Vec::new(),
            _ => messages::waiting(visit),
        },
        messages_shown: match info.template.as_str() {
            "error.html" | "403.html" => Arc::default(),
            _ => Arc::clone(&visit.messages_shown),
        },
        extra_css_urls: assets(visit, styles, &configured.extra_css_urls),
        extra_js_urls,
        body_scripts,
        version: instance.version,
        alternate_url_json: alternate,
        shows_variables: instance.config.settings.template_debug
            && visit.query().is_present("_context"),
        extra: extra
            .into_iter()
            .map(|(name, value)| (name, page::template_value(&value, page_scripts)))
            .collect(),
        scripts: Arc::clone(page_scripts),
    })
}

fn request_object(visit: &Visit, info: &RequestInfo) -> Arc<RequestObject> {
    Arc::new(RequestObject {
        location: visit.location.clone(),
        method: info.method.clone(),
        actor: info.actor.clone(),
        headers: info.headers.clone(),
        cookies: info.cookies.clone(),
        url_vars: info.url_vars.clone(),
        csrf_token: OnceLock::new(),
    })
}

/// Breadcrumbs lead only where the actor may go (HTML-05).
async fn crumbs(visit: &Visit, way: &Way) -> Result<Crumbs, Fault> {
    let gate = &visit.app.instance.gate;
    let actor = visit.actor();
    let database = match &way.database {
        Some(database) => gate
            .allows::<ViewDatabase>(actor, database)
            .await?
            .map(|permit| permit.resource().name().to_owned()),
        None => None,
    };
    let table = match &way.table {
        Some(table) => gate
            .allows::<ViewTable>(actor, table)
            .await?
            .map(|permit| permit.resource().name().to_owned()),
        None => None,
    };
    let instance = gate
        .allows::<ViewInstance>(actor, &WholeInstance)
        .await?
        .is_some();
    Ok(Crumbs::new(instance, database, table))
}

/// The links to a database and a table, and to what is above them, as far as the visitor may go
/// there: their addresses and texts (CTX-02).
pub(crate) async fn crumb_items(
    visit: &Visit,
    database: Option<&str>,
    table: Option<&str>,
) -> Result<Vec<(String, String)>, Fault> {
    let named = database.and_then(|name| visit.catalogue.database(name));
    let way = Way {
        table: named
            .as_ref()
            .zip(table)
            .and_then(|(database, table)| database.table(table)),
        database: named,
        ..Way::default()
    };
    let allowed = crumbs(visit, &way).await?;
    Ok(allowed.links(&visit.app.urls, &visit.catalogue, database, table))
}

/// The markup that plugins put above the content.
pub(crate) async fn top(visit: &Visit, slot: &TemplateSlot) -> Result<String, Fault> {
    let html = visit.app.instance.bus.top(&visit.hooks(), slot).await?;
    Ok(visit.scripts.trusted(html, "the top of a page"))
}

/// The entries of the actions menu.
pub(crate) async fn actions(
    visit: &Visit,
    target: &ActionTarget,
) -> Result<Vec<ActionItem>, Fault> {
    let bus = &visit.app.instance.bus;
    let items = bus.actions(&visit.hooks(), target).await?;
    for item in &items {
        let href = item.href.iter().map(|href| ("href", href.as_str()));
        let attributes = item.attrs.iter();
        let attributes = attributes.map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in href.chain(attributes) {
            visit
                .scripts
                .attribute(name, value, "the actions of a page");
        }
    }
    Ok(items)
}

/// Adds those of the asked for places that the visitor may see.
pub(crate) async fn allow_crumbs(
    visit: &Visit,
    crumbs: &mut Crumbs,
    asked: Vec<Place>,
) -> Result<(), Fault> {
    let gate = &visit.app.instance.gate;
    let actor = visit.actor();
    for place in asked {
        let Some(database) = visit.catalogue.database(&place.database) else {
            continue;
        };
        let allowed = match &place.table {
            None => gate
                .allows::<ViewDatabase>(actor, &database)
                .await?
                .is_some(),
            Some(table) => match database.table(table) {
                Some(table) => gate.allows::<ViewTable>(actor, &table).await?.is_some(),
                None => false,
            },
        };
        if allowed {
            crumbs.further.push(place);
        }
    }
    Ok(())
}

/// Assets of plugins first, then the configured ones (HOOK-45), each URL once (HOOK-46); paths get
/// `base_url` (CONFIG-18).
fn assets(
    visit: &Visit,
    added: Vec<AssetUrl>,
    configured: &[datasette_config::AssetUrl],
) -> Vec<AssetUrl> {
    let own = configured.iter().map(|asset| AssetUrl {
        url: asset.url.clone(),
        sri: asset.sri.clone(),
        module: asset.module,
    });
    let mut all: Vec<AssetUrl> = Vec::new();
    for asset in added.into_iter().chain(own) {
        if !all.iter().any(|known| known.url == asset.url) {
            all.push(asset);
        }
    }
    for asset in &mut all {
        if asset.url.starts_with('/') && !asset.url.starts_with("//") {
            asset.url = visit.app.urls.path(&asset.url);
        }
    }
    all
}
