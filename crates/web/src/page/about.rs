//! Pages about the running instance (DEBUG-01 to DEBUG-12).

use datasette_core::action::{Instance as WholeInstance, PermissionsDebug, ViewInstance};
use datasette_core::{Actor, Fault, Value};
use datasette_render::html::about::show_json;
use datasette_render::html::page::render;
use serde_json::{Map, Value as Json, json};

use super::threads;
use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::route::About;
use crate::visit::Visit;
use crate::{about_table, alternate};

/// `/-/{page}` and `/-/{page}.json`.
pub(crate) async fn answer(visit: &Visit, page: About, as_json: bool) -> Result<Reply, Fault> {
    let gate = &visit.app.instance.gate;
    match page {
        About::Actor => {}
        About::Actions | About::Threads | About::Tasks => {
            gate.require::<PermissionsDebug>(visit.actor(), &WholeInstance)
                .await?;
        }
        _ => {
            gate.require::<ViewInstance>(visit.actor(), &WholeInstance)
                .await?;
        }
    }
    let data = match page {
        About::Versions => versions_data(visit),
        About::Plugins => plugins(visit),
        About::Settings => about_table::settings(visit),
        About::Config => visit.app.instance.shown_config(visit.actor()).await?,
        About::Databases => databases(visit).await?,
        About::Actor => json!({"actor": visit.actor().map(Actor::properties)}),
        About::Actions => actions(visit),
        About::Threads => threads::threads(visit),
        About::Tasks => threads::tasks(visit),
    };
    if as_json {
        return Ok(reply::json(&with_ok(data)));
    }
    let filename = format!("{}.json", page.name());
    let twin = alternate::url(visit, &format!("/-/{filename}"));
    let template = match page {
        About::Actions => "debug_actions.html",
        _ => "show_json.html",
    };
    let way = Way {
        view_name: Some("json_data"),
        ..Way::default()
    };
    let base = frame::base(visit, &way, template, Some(twin.clone())).await?;
    let shows_tabs = matches!(page, About::Actions | About::Threads | About::Tasks);
    let html = render(
        &visit.app.templates,
        &[template.to_owned()],
        &base,
        show_json(&filename, &data, shows_tabs),
    )
    .await?;
    Ok(alternate::announce(reply::html(html), &twin))
}

/// Objects begin with `ok`; the list of plugins is a bare array (DEBUG-03).
fn with_ok(data: Json) -> Json {
    let Json::Object(members) = data else {
        return data;
    };
    let mut all = Map::new();
    all.insert("ok".to_owned(), Json::Bool(true));
    all.extend(members);
    Json::Object(all)
}

fn versions_data(visit: &Visit) -> Json {
    let instance = &visit.app.instance;
    let sqlite = instance.sqlite_versions();
    let mut datasette = json!({"version": instance.version});
    if let Some(note) = &instance.about.version_note {
        datasette["note"] = json!(note);
    }
    let mut extensions = json!({"json1": true});
    if let Some(details) = instance.spatialite_details() {
        let said = details.into_iter().map(|(name, said)| {
            let said = match said {
                Ok(Value::Integer(number)) => json!(number),
                Ok(Value::Real(number)) => json!(number),
                Ok(Value::Text(text)) => json!(text),
                Ok(Value::Null | Value::Blob(_)) => Json::Null,
                Err(words) => json!({"error": words}),
            };
            (name.to_owned(), said)
        });
        extensions["spatialite"] = Json::Object(said.collect());
    }
    // What has no Python keeps the keys: scripts look for them.
    json!({
        "python": {"version": null, "full": null},
        "datasette": datasette,
        "asgi": "3.0",
        "uvicorn": null,
        "sqlite": {
            "version": sqlite.version,
            "fts_versions": sqlite.fts_versions,
            "extensions": extensions,
            "compile_options": sqlite.compile_options,
        },
    })
}

fn plugins(visit: &Visit) -> Json {
    let all = visit.query().is_present("all");
    json!(visit.app.instance.bus.infos(all))
}

async fn databases(visit: &Visit) -> Result<Json, Fault> {
    let instance = &visit.app.instance;
    let visible = instance
        .gate
        .visible_databases(visit.actor(), &visit.catalogue)
        .await?;
    let mut listed = Vec::new();
    for database in visit.catalogue.databases() {
        if !visible
            .iter()
            .any(|entry| entry.item.name() == database.name())
        {
            continue;
        }
        let entry = database.entry();
        listed.push(json!({
            "name": entry.name,
            "route": entry.route,
            "path": entry.path.as_ref().map(|path| path.display().to_string()),
            "size": instance.handle(&database)?.size_bytes(),
            "is_mutable": entry.is_mutable,
            "is_memory": entry.is_memory,
            "hash": entry.hash,
        }));
    }
    Ok(json!({"databases": listed}))
}

/// All actions by name, plugins' included (DEBUG-12).
fn actions(visit: &Visit) -> Json {
    let table = visit.app.instance.gate.actions();
    let mut sorted: Vec<_> = table.iter().collect();
    sorted.sort_by_key(|action| action.name.as_str());
    let actions: Vec<Json> = sorted
        .into_iter()
        .map(|action| {
            json!({
                "name": action.name,
                "abbr": action.abbreviation,
                "description": action.description,
                "takes_parent": action.takes_parent,
                "takes_child": action.takes_child,
                "resource_class": action.resource_class,
                "also_requires": action.also_requires,
            })
        })
        .collect();
    json!({"actions": actions})
}
