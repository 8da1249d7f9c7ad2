//! What plugins may ask of the server.

use std::sync::{Arc, Mutex};

use datasette_core::{Actor, Value};
use datasette_hooks::{
    Answer, Body, ClientRequest, Context, HookError, HookName, HookSet, HostServices, HttpRequest,
    HttpResponse, MessageKind, MetadataOf, NoHost, Plugin, Route, TemplateValue, UrlOf, View,
};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use serde_json::json;

use crate::{SQL, hooks};

/// Notes what it finds when the server starts and stops, and keeps the services.
#[derive(Clone, Default)]
struct Curious {
    notes: Arc<Mutex<Vec<String>>>,
    host: Arc<Mutex<Option<Arc<dyn HostServices>>>>,
}

impl Plugin for Curious {
    fn name(&self) -> &str {
        "curious"
    }
    fn implements(&self) -> HookSet {
        hooks(&[
            HookName::Startup,
            HookName::Shutdown,
            HookName::RegisterRoutes,
        ])
    }
    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            *self.host.lock().unwrap() = Some(context.shared_host());
            let sql = "select count(*) from catalog_tables where database_name = 'data'";
            let found = context
                .host()
                .execute("__INTERNAL__", sql, Vec::new())
                .await?;
            let note = format!("{:?}", found.rows.at(0).get(0).to_value());
            self.notes.lock().unwrap().push(note);
            Ok(())
        })
    }
    fn shutdown<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let found = context
                .host()
                .execute("data", "select count(*) from t", Vec::new())
                .await?;
            let note = format!("{:?}", found.rows.at(0).get(0).to_value());
            self.notes.lock().unwrap().push(note);
            Err(HookError::failed("too late to matter"))
        })
    }
    fn register_routes(&self, _: &Context<'_>) -> Answer<Vec<Route>> {
        Ok(vec![Route::new("/-/page$", OwnPage)])
    }
}

/// A page in the frame of the server, with a message for the next one, or for this one.
struct OwnPage;

impl View for OwnPage {
    fn respond<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>> {
        Box::pin(async move {
            let host = context.host();
            host.add_message(&request.info, "<Hello>", MessageKind::Warning);
            if request.info.arguments().is_present("go") {
                return Ok(HttpResponse::redirect("/prefix/"));
            }
            let data = |value| TemplateValue::Data(value);
            let variables = [
                ("database", data(json!("data"))),
                ("word", data(json!("<word>"))),
            ];
            let variables = variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            let page = host
                .render_template(
                    "own.html",
                    variables.collect(),
                    Some(&request.info),
                    Some("own"),
                )
                .await?;
            Ok(HttpResponse::html(page))
        })
    }
}

async fn start() -> (TestSite, Curious, Arc<dyn HostServices>) {
    let plugin = Curious::default();
    let site = TestSite::build()
        .database("data", SQL)
        .setting("base_url", "/prefix/")
        .config(json!({
            "databases": {"data": {"tables": {"t": {"allow": {"id": "ann"}}}}},
            "plugins": {"curious": {"key": "value"}},
        }))
        .metadata(json!({"title": "A title"}))
        .template(
            "own.html",
            "{% extends 'default:base.html' %}{% block content %}{{ word }}{% endblock %}",
        )
        .plugin(Arc::new(plugin.clone()))
        .start()
        .await;
    let host = plugin.host.lock().unwrap().clone().unwrap();
    (site, plugin, host)
}

// Proves: HOOK-04, HOOK-05, HOOK-12, HOOK-13
#[tokio::test]
async fn plugins_find_everything_in_place() {
    let (site, plugin, _) = start().await;
    assert_eq!(*plugin.notes.lock().unwrap(), ["Integer(1)"]);
    site.app().stop().await;
    assert_eq!(*plugin.notes.lock().unwrap(), ["Integer(1)", "Integer(3)"]);
}

// Proves: MEM-02
#[tokio::test]
async fn nothing_stays_in_memory() {
    let plugin = Curious::default();
    let shared = Arc::new(plugin.clone());
    let site = TestSite::build().memory().plugin(shared).start().await;
    let host = plugin.host.lock().unwrap().clone().unwrap();
    for write in ["create table x (y)", "create temp table x (y)"] {
        // Whether or not it is refused.
        let _ = host.execute_write("_memory", write, Vec::new(), None).await;
        for sql in [
            "select+name+from+sqlite_master",
            "select+name+from+sqlite_temp_master",
        ] {
            let path = format!("/_memory/-/query.json?_shape=array&sql={sql}");
            assert_eq!(
                site.get(&path).await.json(),
                serde_json::json!([]),
                "{write}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_can_be_asked() {
    let (_site, _, host) = start().await;
    let ann = Actor::with_id("ann");
    assert_eq!(host.databases()[0].name, "data");
    let sql = "select name from t where id = :id";
    let rows = host
        .execute("data", sql, vec![("id".to_owned(), Value::Integer(2))])
        .await
        .unwrap();
    assert_eq!(rows.rows.at(0).get(0).to_value(), Value::from("bob"));
    assert_eq!(
        host.execute("nope", "select 1", Vec::new())
            .await
            .unwrap_err()
            .status(),
        404
    );
    let insert = "insert into t (name) values ('dan') returning id";
    let written = host
        .execute_write("data", insert, Vec::new(), None)
        .await
        .unwrap();
    assert_eq!((written.rowcount, written.last_insert_rowid), (1, 4));
    assert_eq!(written.rows.at(0).get(0).to_value(), Value::Integer(4));

    let may = |actor| host.allowed(actor, "view-table", Some("data"), Some("t"));
    assert!(!may(None).await.unwrap());
    assert!(may(Some(&ann)).await.unwrap());
    assert!(
        host.allowed(None, "no-such-action", None, None)
            .await
            .is_err()
    );
    let tables = host
        .allowed_resources(Some(&ann), "view-table", Some("data"))
        .await
        .unwrap();
    let tables: Vec<_> = tables
        .iter()
        .map(|one| (one.child.as_deref(), one.private))
        .collect();
    assert!(tables.contains(&(Some("t"), true)), "{tables:?}");
    assert!(tables.contains(&(Some("v"), false)), "{tables:?}");

    assert_eq!(host.setting("max_returned_rows"), Some(json!(1000)));
    assert_eq!(host.setting("nope"), None);
    let config = host.plugin_config("curious", None, None, true).unwrap();
    assert_eq!(config, Some(json!({"key": "value"})));
    assert_eq!(host.plugin_config("other", None, None, true).unwrap(), None);
    assert_eq!(
        host.metadata(MetadataOf::Instance).await.unwrap()["title"],
        "A title"
    );
    let of = MetadataOf::Resource("data".to_owned(), "t".to_owned());
    host.set_metadata(of.clone(), "source", json!(["a"]))
        .await
        .unwrap();
    assert_eq!(host.metadata(of).await.unwrap()["source"], "[\"a\"]");

    let table = UrlOf::Table("data".to_owned(), "a/b".to_owned());
    assert_eq!(host.url(&table).unwrap(), "/prefix/data/a~2Fb");
    assert_eq!(host.url(&UrlOf::Logout).unwrap(), "/prefix/-/logout");
    assert!(host.url(&UrlOf::Static("nope.css".to_owned())).is_err());
    let signed = host.sign(&json!({"a": 1}), "mine");
    assert_eq!(host.unsign(&signed, "mine"), Some(json!({"a": 1})));
    assert_eq!(host.unsign(&signed, "other"), None);
    let actors = host.actors_from_ids(vec![json!(7)]).await.unwrap();
    assert_eq!(actors[0].0, json!(7));
}

// Proves: OOP-19, API-120
#[tokio::test]
async fn requests_go_through_the_whole_server() {
    let (_site, _, host) = start().await;
    let ask = |actor| ClientRequest {
        method: "GET".to_owned(),
        path: "/prefix/data/t.json?_size=1".to_owned(),
        actor,
        ..ClientRequest::default()
    };
    assert_eq!(host.client_request(ask(None)).await.unwrap().status, 403);
    let skipping = ClientRequest {
        skip_permission_checks: true,
        ..ask(None)
    };
    assert_eq!(host.client_request(skipping).await.unwrap().status, 200);
    // Of that request alone.
    assert_eq!(host.client_request(ask(None)).await.unwrap().status, 403);
    let known = host
        .client_request(ask(Some(Actor::with_id("ann"))))
        .await
        .unwrap();
    assert_eq!(known.status, 200);
    let mut body = Vec::new();
    match known.body {
        Body::Full(whole) => body.extend_from_slice(&whole),
        Body::Stream(mut parts) => {
            while let Some(part) = parts.next().await {
                body.extend_from_slice(&part.unwrap());
            }
        }
    }
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 1);
}

const SHOWN: &str = "<p class=\"message-warning\" role=\"status\">&lt;Hello&gt;</p>";

// Proves: CTX-16
#[tokio::test]
async fn own_pages_have_the_frame() {
    let (site, _, _) = start().await;
    let page = site.get("/prefix/-/page").await.with_status(200);
    assert!(page.text().contains("&lt;word&gt;"));
    assert!(page.text().contains("/prefix/-/static/app.css"));
    // A message that the same page shows need not wait.
    assert!(page.text().contains(SHOWN), "{}", page.text());
    assert_eq!(page.header("set-cookie"), None);
}

// Proves: HOOK-122, HOOK-165, AUTH-37, AUTH-38, AUTH-39, AUTH-40, AUTH-41, CTX-11
#[tokio::test]
async fn messages_wait_for_a_page_that_shows_them() {
    let (site, _, host) = start().await;
    let cookie = |cookie: &str| {
        let value = cookie.strip_prefix("ds_messages=").unwrap();
        let (value, attributes) = value.split_once(';').unwrap();
        assert_eq!(attributes, " Path=/; SameSite=lax");
        value.to_owned()
    };
    let moved = site.get("/prefix/-/page?go=1").await.with_status(302);
    assert_eq!(moved.header("cache-control"), Some("private, no-store"));
    let value = cookie(moved.header("set-cookie").unwrap());
    assert_eq!(
        host.unsign(&value, "messages"),
        Some(json!([["<Hello>", 2]]))
    );
    let with = |path: &str, value: &str| {
        Question::get(path).header("cookie", &format!("ds_messages={value}"))
    };
    let again = site.ask(with("/prefix/-/page?go=1", &value)).await;
    let both = cookie(again.header("set-cookie").unwrap());
    let two = json!([["<Hello>", 2], ["<Hello>", 2]]);
    assert_eq!(host.unsign(&both, "messages"), Some(two));

    for quiet in [
        "/prefix/data/v.json",
        "/prefix/data/v.csv",
        "/prefix/data/nope",
        "/prefix/data/t",
    ] {
        let answer = site.ask(with(quiet, &both)).await;
        assert_eq!(answer.header("set-cookie"), None, "{quiet}");
        assert!(!answer.text().contains(SHOWN), "{quiet}");
    }
    for page in ["/prefix/data/v", "/prefix/", "/prefix/-/page"] {
        let answer = site.ask(with(page, &both)).await;
        let shown = answer.text().matches(SHOWN).count();
        let own = usize::from(page == "/prefix/-/page");
        assert_eq!(shown, 2 + own, "{page}");
        let cleared = answer.header("set-cookie").unwrap();
        assert!(
            cleared.starts_with("ds_messages=\"\"; expires=")
                && cleared.ends_with(" GMT; Max-Age=0; Path=/; SameSite=lax"),
            "{cleared}"
        );
    }
    let forged = site
        .ask(with("/prefix/", &format!("{value}x")))
        .await
        .with_status(200);
    assert_eq!(forged.header("set-cookie"), None);
}

#[tokio::test]
async fn nobody_answers_when_the_server_is_gone() {
    let (site, _, host) = start().await;
    drop(site);
    assert_eq!(
        host.execute("data", "select 1", Vec::new())
            .await
            .unwrap_err()
            .status(),
        503
    );
    assert!(host.databases().is_empty());
    assert_eq!(NoHost.setting("max_returned_rows"), None);
}
