//! What plugins are told about stored queries, and what they add.

use std::sync::Arc;

use datasette_core::Value;
use datasette_hooks::{
    ActionItem, ActionTarget, Answer, Context, HookError, HookName, HookSet, HttpResponse,
    MagicParameter, MagicResolver, OutputRenderer, PageInfo, Plugin, RenderScope, RendererInput,
    TemplateSlot, TemplateValue, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::json;

use crate::SQL;

struct Curious;

impl Plugin for Curious {
    fn name(&self) -> &str {
        "curious"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[
            HookName::RegisterMagicParameters,
            HookName::RegisterOutputRenderer,
            HookName::TopStoredQuery,
            HookName::TopQuery,
            HookName::QueryActions,
            HookName::ExtraTemplateVars,
        ])
    }

    fn register_magic_parameters(&self, _: &Context<'_>) -> Answer<Vec<MagicParameter>> {
        Ok(vec![
            MagicParameter::new("echo", Echo),
            MagicParameter::new("broken", Broken),
            MagicParameter::new("refusing", Refusing),
        ])
    }

    fn register_output_renderer(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        Ok(vec![Arc::new(Text)])
    }

    fn top_query<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(Some("<p>above SQL of visitors</p>".to_owned()))
    }

    fn top_stored_query<'a>(
        &'a self,
        _: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        let TemplateSlot::StoredQuery {
            database,
            query_name,
        } = slot
        else {
            panic!("{slot:?}");
        };
        ready(Some(format!("<p>above {query_name} of {database}</p>")))
    }

    fn query_actions<'a>(
        &'a self,
        _: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        let ActionTarget::Query {
            query_name, params, ..
        } = target
        else {
            panic!("{target:?}");
        };
        let name = query_name.as_deref().unwrap_or("-");
        let label = format!("{} of {name}", params.len());
        ready(vec![ActionItem::link("/there", label)])
    }

    fn extra_template_vars<'a>(
        &'a self,
        _: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<IndexMap<String, TemplateValue>>> {
        let name = page.view_name.clone().unwrap_or_default();
        ready(IndexMap::from([(
            "told".to_owned(),
            TemplateValue::Data(json!(name)),
        )]))
    }
}

/// Gives back what follows its prefix, and who asks.
struct Echo;

impl MagicResolver for Echo {
    fn value<'a>(
        &'a self,
        context: &'a Context<'a>,
        rest: &'a str,
    ) -> BoxFuture<'a, Answer<Value>> {
        let path = context.request().map(|request| request.path.clone());
        ready(Value::Text(format!(
            "{rest} at {}",
            path.unwrap_or_default()
        )))
    }
}

struct Broken;

impl MagicResolver for Broken {
    fn value<'a>(&'a self, _: &'a Context<'a>, _: &'a str) -> BoxFuture<'a, Answer<Value>> {
        panic!("broken")
    }
}

struct Refusing;

impl MagicResolver for Refusing {
    fn value<'a>(&'a self, _: &'a Context<'a>, _: &'a str) -> BoxFuture<'a, Answer<Value>> {
        let fault = datasette_core::Fault::bad_request("Not that");
        Box::pin(std::future::ready(Err(HookError::Refused(fault))))
    }
}

/// Tells the name of the query.
struct Text;

impl OutputRenderer for Text {
    fn extension(&self) -> &str {
        "txt"
    }

    fn can_render<'a>(
        &'a self,
        _: &'a Context<'a>,
        scope: &'a RenderScope<'a>,
    ) -> BoxFuture<'a, Answer<bool>> {
        ready(scope.query_name == Some("echoing") && scope.rows.len() == 1)
    }

    fn render<'a>(
        &'a self,
        _: &'a Context<'a>,
        input: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        let name = input.scope.query_name.unwrap_or("no name");
        let rows = input.scope.rows.len();
        ready(Some(HttpResponse::text(format!("{name}, {rows} rows"))))
    }
}

async fn site() -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"queries": {
            "echoing": "select :_echo_a_b as a, :other as other",
            "breaking": "select :_broken_x",
            "refusing": "select :_refusing_x",
            "writing": {"sql": "insert into t (name) values (:name)", "write": true},
        }}}}))
        .template(
            "query-data-echoing.html",
            "own {{ told }} {{ stored_query }} {{ metadata.name }} {{ editable }}",
        )
        .plugin(Arc::new(Curious))
        .start()
        .await
}

// Proves: HOOK-155, HOOK-156, HOOK-157, HOOK-158, QUERY-36, STORED-39
#[tokio::test]
async fn plugins_give_magic_values() {
    let site = site().await;
    let rows = site
        .get("/data/echoing.json?_shape=array&_echo_a_b=x")
        .await
        .json();
    assert_eq!(
        rows,
        json!([{"a": "a_b at /data/echoing.json", "other": ""}])
    );
    let csv = site.get("/data/echoing.csv?other=o").await.with_status(200);
    assert_eq!(csv.text(), "a,other\r\na_b at /data/echoing.csv,o\r\n");
    site.get("/data/breaking.json").await.with_status(500);
    site.get("/data/breaking").await.with_status(500);
    let refused = site.get("/data/refusing.json").await.with_status(400);
    assert_eq!(refused.json()["error"], "Not that");
}

// Proves: HOOK-81, HOOK-87, HOOK-88
#[tokio::test]
async fn formats_know_the_query() {
    let site = site().await;
    let answer = site.get("/data/echoing.txt").await.with_status(200);
    assert_eq!(answer.text(), "echoing, 1 rows");
    let answer = site.get("/data/writing.txt").await.with_status(200);
    assert_eq!(answer.text(), "writing, 0 rows");
    let answer = site
        .get("/data/-/query.txt?sql=select+1")
        .await
        .with_status(200);
    assert_eq!(answer.text(), "no name, 1 rows");
}

// Proves: HOOK-40, HOOK-178, HOOK-191, QUERY-61, http-read/TPL-06
#[tokio::test]
async fn pages_tell_plugins_and_templates_what_they_are_about() {
    let site = site().await;
    let page = site.get("/data/echoing").await.with_status(200);
    assert_eq!(page.text(), "own database echoing echoing False");
    let page = site.get("/data/writing?name=n").await.with_status(200);
    let text = page.text();
    assert!(text.contains("<p>above writing of data</p>"));
    assert!(!text.contains("above SQL of visitors"));
    assert!(text.contains("1 of writing"));
    assert!(text.contains(
        "<!-- Templates considered: query-data-writing.html, query-data.html, *query.html -->"
    ));
}
