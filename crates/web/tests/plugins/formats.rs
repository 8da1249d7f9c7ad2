//! Output formats.

use std::sync::Arc;

use datasette_hooks::{
    Answer, Context, HookError, HookName, HookSet, HttpResponse, OutputRenderer, Plugin,
    RenderScope, RendererInput, RendererWants, ready,
};
use futures_util::future::BoxFuture;

use crate::{hooks, site};

struct Formats;

impl Plugin for Formats {
    fn name(&self) -> &str {
        "formats"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::RegisterOutputRenderer])
    }
    fn register_output_renderer(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        Ok(vec![Arc::new(Text), Arc::new(Broken)])
    }
}

/// Tells what it was given.
struct Text;

impl OutputRenderer for Text {
    fn extension(&self) -> &str {
        "txt"
    }
    fn wants(&self, _: &[(String, String)]) -> RendererWants {
        RendererWants {
            extras: vec!["columns".to_owned()],
            labels: false,
            data: true,
        }
    }
    fn can_render<'a>(
        &'a self,
        _: &'a Context<'a>,
        scope: &'a RenderScope<'a>,
    ) -> BoxFuture<'a, Answer<bool>> {
        ready(scope.rows.column_names().iter().any(|name| name == "name"))
    }
    fn render<'a>(
        &'a self,
        _: &'a Context<'a>,
        input: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        if input.arguments.iter().any(|(key, _)| key == "nothing") {
            return ready(None);
        }
        let text = format!(
            "{} {:?} {} rows, {} in data, columns {}, error {:?}",
            input.scope.view_name,
            input.scope.table,
            input.scope.rows.len(),
            input.data["rows"].as_array().map_or(0, Vec::len),
            input.data["columns"],
            input.error,
        );
        ready(Some(HttpResponse::text(text)))
    }
}

struct Broken;

impl OutputRenderer for Broken {
    fn extension(&self) -> &str {
        "broken"
    }
    fn can_render<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a RenderScope<'a>,
    ) -> BoxFuture<'a, Answer<bool>> {
        panic!("cannot even say")
    }
    fn render<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        Box::pin(std::future::ready(Err(HookError::failed("secret words"))))
    }
}

// Proves: HOOK-78, HOOK-79, HOOK-81, HOOK-82, HOOK-83, HOOK-85, HOOK-86
#[tokio::test]
async fn formats_render_tables_rows_and_queries() {
    let site = site(Formats).await;
    let table = site.get("/data/t.txt?_size=2").await.with_status(200);
    assert_eq!(
        table.text(),
        "table Some(\"t\") 2 rows, 2 in data, columns [\"id\",\"name\",\"n\",\"site\"], error None"
    );
    assert_eq!(table.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(table.header("cache-control"), Some("max-age=5"));
    assert!(table.header("link").unwrap().contains("rel=\"next\""));
    let row = site.get("/data/t/1.txt").await.with_status(200);
    assert!(row.text().starts_with("row Some(\"t\") 1 rows, 1 in data"));
    let query = site
        .get("/data/-/query.txt?sql=select+1+as+one")
        .await
        .with_status(200);
    assert_eq!(
        query.text(),
        "table None 1 rows, 1 in data, columns [\"one\"], error None"
    );
    let failed = site
        .get("/data/-/query.txt?sql=select+nope")
        .await
        .with_status(200);
    assert!(failed.text().contains("0 rows") && failed.text().contains("no such column: nope"));
    let nothing = site.get("/data/t.txt?nothing=1").await.with_status(404);
    assert!(nothing.text().contains("No data"));
    site.get("/data/t/9.txt").await.with_status(404);
    site.get("/data/t.unknown").await.with_status(404);
}

// Proves: HOOK-87, EXTRA-39
#[tokio::test]
async fn pages_link_to_formats_that_can_render_them() {
    let site = site(Formats).await;
    let json = site.get("/data/t.json?_extra=renderers").await.json();
    let formats: Vec<&String> = json["renderers"].as_object().unwrap().keys().collect();
    assert_eq!(formats, ["json", "txt"]);
    for path in [
        "/data/t",
        "/data/t/1",
        "/data/-/query?sql=select+name+from+t",
    ] {
        let page = site.get(path).await.with_status(200);
        assert!(page.text().contains(".txt"), "{path}");
        assert!(!page.text().contains(".broken"), "{path}");
    }
    let page = site
        .get("/data/-/query?sql=select+1")
        .await
        .with_status(200);
    assert!(!page.text().contains(".txt"));
    let broken = site.get("/data/t.broken").await.with_status(500);
    assert!(!broken.text().contains("secret words"));
}

/// Wants to be everything.
struct Greedy;

impl Plugin for Greedy {
    fn name(&self) -> &str {
        "greedy"
    }
    fn implements(&self) -> HookSet {
        hooks(&[HookName::RegisterOutputRenderer])
    }
    fn register_output_renderer(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        let formats = ["json", "csv", "blob"];
        Ok(formats
            .into_iter()
            .map(|name| Arc::new(Named(name)) as Arc<dyn OutputRenderer>)
            .collect())
    }
}

struct Named(&'static str);

impl OutputRenderer for Named {
    fn extension(&self) -> &str {
        self.0
    }
    fn render<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        ready(Some(HttpResponse::text("mine")))
    }
}

// Proves: HOOK-77
#[tokio::test]
async fn some_formats_can_be_replaced() {
    let site = site(Greedy).await;
    assert_eq!(site.get("/data/t.json").await.text(), "mine");
    assert_eq!(site.get("/data/t/1.json").await.text(), "mine");
    let query = site.get("/data/-/query.json?sql=select+1").await;
    assert_eq!(query.text(), "mine");
    assert!(site.get("/data/t.csv").await.text().starts_with("id,name,"));
    assert!(
        site.get("/data/t/1.csv")
            .await
            .text()
            .starts_with("id,name,")
    );
    // The server's own plugins are called after the files of the plugins directory.
    let blob = site.get("/data/t/1.blob?_blob_column=name").await;
    assert_eq!(blob.text(), "ann");
    assert_eq!(
        blob.header("content-disposition"),
        Some("attachment; filename=\"t-1-name.blob\"")
    );
}
