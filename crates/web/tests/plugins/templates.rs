//! What plugins written in Rust add to templates.

use std::sync::Arc;

use datasette_hooks::{
    Answer, Context, HookError, HookName, HookSet, PageInfo, Plugin, TemplateAdditions,
    TemplateFunction, TemplateLoader, TemplateOverlay, TemplateValue, ready,
};
use datasette_testkit::TestSite;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::{SQL, hooks};

/// Answers with its arguments as HTML, after a while if it is told to wait.
struct Echo {
    waits: bool,
}

impl TemplateFunction for Echo {
    fn call<'a>(
        &'a self,
        arguments: Vec<TemplateValue>,
        named: IndexMap<String, TemplateValue>,
    ) -> BoxFuture<'a, Answer<TemplateValue>> {
        Box::pin(async move {
            if self.waits {
                tokio::task::yield_now().await;
            }
            match arguments.first() {
                Some(TemplateValue::Data(Json::Bool(true))) => Ok(json!(true).into()),
                Some(TemplateValue::Data(Json::Null)) => Err(HookError::failed("nothing given")),
                _ => Ok(TemplateValue::Html(format!(
                    "<i>{arguments:?}{named:?}</i>"
                ))),
            }
        })
    }
}

/// Templates that stand before all others where a request asks for them.
struct Themed;

impl TemplateLoader for Themed {
    fn source(&self, name: &str) -> Option<String> {
        match name {
            "index.html" => Some("themed {{ urls.instance() }}<script>1</script>".to_owned()),
            "error.html" => Some("themed {{ error }}".to_owned()),
            "pages/new.html" => Some("new {{ 1|echo }}".to_owned()),
            "pages/of/{name}.html" => Some("of {{ name }}".to_owned()),
            _ => None,
        }
    }

    fn names(&self) -> Vec<String> {
        let names = ["index.html", "pages/new.html", "pages/of/{name}.html"];
        names.map(str::to_owned).to_vec()
    }
}

struct Templates;

fn echo(waits: bool) -> TemplateValue {
    TemplateValue::Function(Arc::new(Echo { waits }))
}

fn named<const N: usize>(values: [(&str, TemplateValue); N]) -> IndexMap<String, TemplateValue> {
    let values = values.into_iter();
    values
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

impl Plugin for Templates {
    fn name(&self) -> &str {
        "templates"
    }

    fn implements(&self) -> HookSet {
        hooks(&[
            HookName::PrepareJinja2Environment,
            HookName::Jinja2EnvironmentFromRequest,
            HookName::ExtraTemplateVars,
        ])
    }

    fn prepare_jinja2_environment<'a>(
        &'a self,
        _: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<TemplateAdditions>> {
        ready(TemplateAdditions {
            filters: named([("echo", echo(false))]),
            tests: named([("good", echo(true))]),
            globals: named([("answer", json!(42).into()), ("shout", echo(true))]),
            engine: None,
        })
    }

    fn jinja2_environment_from_request(
        &self,
        context: &Context<'_>,
    ) -> Answer<Option<TemplateOverlay>> {
        let request = context.request();
        let wanted = request.is_some_and(|request| request.query_string == "_theme=1");
        Ok(wanted.then(|| TemplateOverlay {
            loader: Arc::new(Themed),
        }))
    }

    fn extra_template_vars<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<IndexMap<String, TemplateValue>>> {
        ready(named([("lower", echo(true))]))
    }
}

async fn site(source: &str) -> TestSite {
    TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(Templates))
        .template("pages/own.html", source)
        .start()
        .await
}

// Proves: HOOK-32, HOOK-33, HOOK-34, HOOK-55
#[tokio::test(flavor = "multi_thread")]
async fn templates_call_functions_of_plugins() {
    let site = site(
        "{{ '<'|echo(2, a=none) }} {{ answer }} {{ shout(urls.instance()|safe) }} \
         {{ 1 if true is good }}{{ lower() }}",
    )
    .await;
    let page = site.get("/own").await.with_status(200);
    assert_eq!(
        page.text(),
        "<i>[Data(\"<\"), Data(2)]{\"a\": Data(null)}</i> 42 <i>[Html(\"/\")]{}</i> 1<i>[]{}</i>"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_fails_is_a_mistake_on_the_page() {
    let site = site("{{ none|echo }}").await;
    let page = site.get("/own").await.with_status(500);
    assert!(page.text().contains("nothing given"), "{}", page.text());
}

// Proves: HOOK-35, HOOK-36, HOOK-37
#[tokio::test(flavor = "multi_thread")]
async fn requests_have_templates_of_their_own() {
    let site = site("own").await;
    let page = site.get("/?_theme=1").await.with_status(200);
    assert!(page.text().starts_with("themed /<script nonce="));
    let refused = site.get("/nothing?_theme=1").await.with_status(404);
    assert_eq!(refused.text(), "themed Database not found");
    let new = site.get("/new?_theme=1").await.with_status(200);
    assert_eq!(new.text(), "new <i>[Data(1)]{}</i>");
    let of = site.get("/of/x?_theme=1").await.with_status(200);
    assert_eq!(of.text(), "of x");
    site.get("/new").await.with_status(404);
    assert_eq!(site.get("/own?_theme=1").await.text(), "own");
    assert!(!site.get("/").await.text().contains("themed"));
    let table = site.get("/data/t?_theme=1").await.with_status(200);
    assert!(table.text().contains("cleo"));
}
