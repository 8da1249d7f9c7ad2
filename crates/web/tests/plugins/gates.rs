//! Routes, wrappers, refusals, failures, permissions.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use datasette_core::{Actor, Fault};
use datasette_hooks::{
    Answer, Body, Context, Data, HookError, HookName, HookSet, HttpRequest, HttpResponse,
    HttpService, HttpWrapper, PermissionAnswer, PermissionRule, PermissionSql, Plugin, Route, View,
    ready,
};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;

use crate::{SQL, hooks, site};

struct Routes;

impl Plugin for Routes {
    fn name(&self) -> &str {
        "routes"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::RegisterRoutes])
    }
    fn register_routes(&self, _: &Context<'_>) -> Answer<Vec<Route>> {
        Ok(vec![
            Route::new("/-/(unclosed", Echo),
            Route::new(r"/-/echo/(?P<what>[^/]+)$", Echo),
            Route::new(r"/-/fail(\.json|\.csv)?$", Failing),
            Route::new("/data/t$", Echo),
        ])
    }
}

struct Echo;

impl View for Echo {
    fn respond<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>> {
        Box::pin(async move {
            let mut body = Vec::new();
            match request.body {
                Body::Full(bytes) => body.extend_from_slice(&bytes),
                Body::Stream(mut parts) => {
                    while let Some(part) = parts.next().await {
                        body.extend_from_slice(
                            &part.map_err(|e| HookError::failed(e.to_string()))?,
                        );
                    }
                }
            }
            let what = request.info.url_var("what").unwrap_or("nothing").to_owned();
            match what.as_str() {
                "missing" => return Err(HookError::Refused(Fault::not_found("No such echo"))),
                "private" => return Err(HookError::Refused(Fault::forbidden("Not for you"))),
                _ => {}
            }
            Ok(HttpResponse::text(format!(
                "{} {what} by {:?} with {}",
                request.info.method,
                context.actor().and_then(Actor::id),
                String::from_utf8_lossy(&body),
            )))
        })
    }
}

struct Failing;

impl View for Failing {
    fn respond<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>> {
        panic!("secret words")
    }
}

// Proves: HOOK-113, HOOK-114, HOOK-115, HOOK-116, HOOK-123, HOOK-124, HOOK-126
#[tokio::test]
async fn plugins_add_pages() {
    let site = site(Routes).await;
    let found = site.get("/-/echo/a~2Fb%20c").await.with_status(200);
    assert_eq!(found.text(), "GET a~2Fb%20c by None with ");
    assert!(found.header("vary").unwrap().contains("Cookie"));
    let who = Actor::with_id("ann");
    let found = site.get_as(&who, "/-/echo/x").await;
    assert_eq!(found.text(), "GET x by Some(\"ann\") with ");
    let mut question = Question::get("/-/echo/x");
    question.method = "POST".parse().unwrap();
    question.body = "sent".into();
    assert_eq!(site.ask(question).await.text(), "POST x by None with sent");
    let mut foreign = Question::get("/-/echo/x").header("sec-fetch-site", "cross-site");
    foreign.method = "POST".parse().unwrap();
    site.ask(foreign).await.with_status(403);
    assert_eq!(
        site.get("/data/t").await.text(),
        "GET nothing by None with "
    );
    site.get("/data/t.json").await.with_status(200);
    assert!(
        site.get("/-/echo/missing")
            .await
            .with_status(404)
            .text()
            .contains("No such echo")
    );
    assert!(
        site.get("/-/echo/private")
            .await
            .with_status(403)
            .text()
            .contains("Not for you")
    );
    let failed = site.get("/-/fail").await.with_status(500);
    assert!(!failed.text().contains("secret words"));
}

// Proves: ERR-24
#[tokio::test]
async fn a_failure_is_told_in_the_format_of_the_path_and_without_its_cause() {
    let site = site(Routes).await;
    let page = site.get("/-/fail").await.with_status(500);
    assert!(page.text().contains("<h1>Error 500</h1>"));
    assert!(page.text().contains("Internal server error"));
    let json = site.get("/-/fail.json").await.with_status(500);
    assert_eq!(json.json()["error"], "Internal server error");
    let csv = site.get("/-/fail.csv").await.with_status(500);
    assert_eq!(csv.text(), "Internal server error");
    for answer in [page, json, csv] {
        assert!(!answer.text().contains("secret words"));
    }
}

/// Answers refusals and failures.
struct Judge {
    heard: Arc<AtomicUsize>,
}

impl Plugin for Judge {
    fn name(&self) -> &str {
        "judge"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::Forbidden, HookName::HandleException])
    }
    fn forbidden<'a>(
        &'a self,
        _: &'a Context<'a>,
        message: &'a str,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        let location = format!("/login?{}", message.len());
        ready(Some(HttpResponse::redirect(&location)))
    }
    fn handle_exception<'a>(
        &'a self,
        context: &'a Context<'a>,
        fault: &'a Fault,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        self.heard.fetch_add(1, Ordering::Relaxed);
        let path = &context.request().unwrap().path;
        match path.as_str() {
            "/data/teapot" => ready(Some(HttpResponse::new(418, "text/plain", fault.message()))),
            "/data/panic" => panic!("while judging"),
            _ => ready(None),
        }
    }
}

// Proves: HOOK-162, HOOK-163, HOOK-166, HOOK-167, HOOK-168, HOOK-169
#[tokio::test]
async fn plugins_answer_refusals_and_failures() {
    let heard = Arc::new(AtomicUsize::new(0));
    let site = TestSite::build()
        .database("data", SQL)
        .default_deny()
        .plugin(Arc::new(Judge {
            heard: Arc::clone(&heard),
        }))
        .start()
        .await;
    let refused = site.get("/data/t").await.with_status(302);
    assert!(refused.header("location").unwrap().starts_with("/login?"));
    assert_eq!(heard.load(Ordering::Relaxed), 0);
    let teapot = site.get("/data/teapot").await.with_status(418);
    assert_eq!(teapot.text(), "Table not found");
    let other = site.get("/data/other").await.with_status(404);
    assert!(other.text().contains("Table not found"));
    assert_eq!(heard.load(Ordering::Relaxed), 2);
    let kept = site.get("/data/panic").await.with_status(404);
    assert!(kept.text().contains("Table not found"));
}

/// Rules as a list and as SQL over the catalogue.
struct Rules;

impl Plugin for Rules {
    fn name(&self) -> &str {
        "rules"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::PermissionResourcesSql])
    }
    fn permission_resources_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
        action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        let mut answer = PermissionAnswer::default();
        if action == "view-instance" || action == "view-database" {
            answer.rules.push(PermissionRule {
                parent: None,
                child: None,
                allow: true,
                reason: "everybody".to_owned(),
                source: String::new(),
            });
        }
        if action == "view-table" {
            let broken = context.actor().and_then(Actor::id) == Some("broken");
            answer.sql.push(PermissionSql {
                sql: Some(match broken {
                    true => "select nonsense".to_owned(),
                    false => "select database_name as parent, table_name as child, 1 as allow, \
                              :why as reason from catalog_tables \
                              where table_name = :actor_id and :action = 'view-table'"
                        .to_owned(),
                }),
                restriction_sql: None,
                params: vec![("why".to_owned(), Data("its own table".into()))],
                source: String::new(),
            });
        }
        ready(answer)
    }
}

// Proves: HOOK-144, HOOK-145, HOOK-146, HOOK-147, HOOK-150
#[tokio::test]
async fn plugins_decide_who_may() {
    let site = TestSite::build()
        .database("data", SQL)
        .default_deny()
        .plugin(Arc::new(Rules))
        .start()
        .await;
    site.get("/data").await.with_status(200);
    site.get("/data/t").await.with_status(403);
    site.get_as(&Actor::with_id("ann"), "/data/t")
        .await
        .with_status(403);
    let named = Actor::with_id("t");
    let page = site
        .get_as(&named, "/data/t.json?_extra=private")
        .await
        .with_status(200);
    assert_eq!(page.json()["private"], true);
    // A rule that cannot be known lets nobody in.
    site.get_as(&Actor::with_id("broken"), "/data/t.json")
        .await
        .with_status(500);
}

/// Counts the questions about each action.
#[derive(Clone, Default)]
struct Counting {
    asked: Arc<Mutex<Vec<(String, bool)>>>,
}

impl Plugin for Counting {
    fn name(&self) -> &str {
        "counting"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::PermissionResourcesSql])
    }
    fn permission_resources_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
        action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        let question = (action.to_owned(), context.actor().is_some());
        self.asked.lock().unwrap().push(question);
        ready(PermissionAnswer::default())
    }
}

// Proves: HOOK-153, PERM-33
#[tokio::test]
async fn plugins_are_asked_once_per_request() {
    let plugin = Counting::default();
    let site = site(plugin.clone()).await;
    let who = Actor::with_id("ann");
    for _ in 0..2 {
        plugin.asked.lock().unwrap().clear();
        site.get_as(&who, "/data/t").await.with_status(200);
        let mut asked = plugin.asked.lock().unwrap().clone();
        assert!(asked.contains(&("view-table".to_owned(), true)));
        let all = asked.len();
        asked.sort();
        asked.dedup();
        assert_eq!(asked.len(), all, "{asked:?}");
    }
}

/// Wraps a word around text, finds an actor, or answers itself.
struct Wrapping(&'static str);

impl Plugin for Wrapping {
    fn name(&self) -> &str {
        self.0
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::AsgiWrapper])
    }
    fn asgi_wrapper(&self, _: &Context<'_>) -> Answer<Option<Arc<dyn HttpWrapper>>> {
        Ok(Some(Arc::new(Wrapper(self.0))))
    }
}

struct Wrapper(&'static str);

impl HttpWrapper for Wrapper {
    fn call<'a>(
        &'a self,
        _: &'a Context<'a>,
        mut request: HttpRequest,
        inner: Arc<dyn HttpService>,
    ) -> BoxFuture<'a, Result<HttpResponse, HookError>> {
        Box::pin(async move {
            if request.info.path == "/closed" {
                return Ok(HttpResponse::text(format!("closed by {}", self.0)));
            }
            if request.info.path == "/broken" {
                panic!("in a wrapper");
            }
            if request.info.header("x-known").is_some() {
                request.info.actor = Some(Actor::with_id(self.0));
            }
            let mut response = inner.call(request).await?;
            response
                .headers
                .push(("x-passed".to_owned(), self.0.to_owned()));
            Ok(response)
        })
    }
}

// Proves: HOOK-15, HOOK-16, HOOK-18, HOOK-19
#[tokio::test]
async fn plugins_stand_around_every_request() {
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(Wrapping("first")))
        .plugin(Arc::new(Wrapping("second")))
        .start()
        .await;
    let page = site.get("/data/t.json").await.with_status(200);
    assert_eq!(page.json()["rows"].as_array().unwrap().len(), 3);
    let passed = page.headers.iter().filter(|(name, _)| name == "x-passed");
    let passed: Vec<&str> = passed.map(|(_, value)| value.as_str()).collect();
    // The one registered last is called first and so is the innermost.
    assert_eq!(passed, ["second", "first"]);
    assert_eq!(site.get("/closed").await.text(), "closed by first");
    let known = Question::get("/-/actor.json").header("x-known", "1");
    assert_eq!(site.ask(known).await.json()["actor"]["id"], "second");
    let page = site.get_as(&Actor::with_id("ann"), "/-/actor.json").await;
    assert_eq!(page.json()["actor"]["id"], "ann");
    site.get("/broken").await.with_status(500);
    let file = site.get("/-/static/app.css").await.with_status(200);
    assert_eq!(file.header("x-passed"), Some("second"));
}
