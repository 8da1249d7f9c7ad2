//! What plugins put into pages, and around them.

use std::sync::Arc;

use bytes::Bytes;
use datasette_hooks::{
    ActionItem, ActionTarget, Answer as Answered, AssetUrl, Body, BodyScript, CellAnswers,
    CellBatch, CellContent, Context, HookError, HookName, HookSet, HttpRequest, HttpResponse,
    HttpService, HttpWrapper, MenuItem, PageInfo, Plugin, Route, TemplateSlot, TemplateValue, View,
    ready,
};
use datasette_testkit::{Answer, TestSite};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;

use crate::{OPEN, SQL, assert_strict};

/// A plugin that adds one thing to pages.
#[derive(Default)]
struct Adds {
    top: Option<&'static str>,
    script: Option<&'static str>,
    url: Option<&'static str>,
    cell: Option<&'static str>,
    variable: Option<&'static str>,
    menu: Option<&'static str>,
    action: Option<(&'static str, &'static str)>,
}

impl Plugin for Adds {
    fn name(&self) -> &str {
        "adds"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(&[
            HookName::TopTable,
            HookName::ExtraBodyScript,
            HookName::ExtraJsUrls,
            HookName::RenderCell,
            HookName::ExtraTemplateVars,
            HookName::MenuLinks,
            HookName::TableActions,
        ])
    }
    fn top_table<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answered<Option<String>>> {
        ready(self.top.map(str::to_owned))
    }
    fn extra_body_script<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answered<Vec<BodyScript>>> {
        let script = self.script.map(|script| BodyScript {
            script: script.to_owned(),
            module: false,
        });
        ready(script.into_iter().collect())
    }
    fn extra_js_urls<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answered<Vec<AssetUrl>>> {
        ready(self.url.map(AssetUrl::new).into_iter().collect())
    }
    fn render_cell<'a>(
        &'a self,
        _: &'a Context<'a>,
        cells: &'a CellBatch,
    ) -> BoxFuture<'a, Answered<CellAnswers>> {
        let mut answers = CellAnswers::default();
        if let Some(html) = self.cell {
            for row in 0..cells.rows.len() {
                answers.put(
                    row,
                    cells.columns.len() - 1,
                    CellContent::Html(html.to_owned()),
                );
            }
        }
        ready(answers)
    }
    fn extra_template_vars<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answered<IndexMap<String, TemplateValue>>> {
        let html = self
            .variable
            .map(|html| TemplateValue::Html(html.to_owned()));
        ready(
            html.map(|html| ("mine".to_owned(), html))
                .into_iter()
                .collect(),
        )
    }
    fn menu_links<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answered<Vec<MenuItem>>> {
        ready(
            self.menu
                .map(|href| MenuItem::new(href, "Menu"))
                .into_iter()
                .collect(),
        )
    }
    fn table_actions<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a ActionTarget,
    ) -> BoxFuture<'a, Answered<Vec<ActionItem>>> {
        let item = self.action.map(|(name, value)| match name {
            "href" => ActionItem::link(value, "Act"),
            _ => ActionItem {
                attrs: vec![(name.to_owned(), value.to_owned())],
                label: "Act".to_owned(),
                href: None,
                description: None,
            },
        });
        ready(item.into_iter().collect())
    }
}

async fn table(plugin: Adds) -> Answer {
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(plugin));
    let site = site.template("_footer.html", "{{ mine }}").start().await;
    site.get("/data/t").await.with_status(200)
}

fn policy(answer: &Answer) -> Option<&str> {
    answer.header("content-security-policy")
}

#[tokio::test]
async fn scripts_of_plugins_run() {
    let answer = table(Adds {
        top: Some("<p>Top</p><script>at_top()</script>"),
        script: Some("at_end()"),
        url: Some("https://a.example/x.js"),
        variable: Some("<script>in_footer()</script>"),
        ..Adds::default()
    })
    .await;
    let nonce = assert_strict(&answer, "/data/t");
    for script in ["at_top()", "at_end()", "in_footer()"] {
        let expected = format!("<script nonce=\"{nonce}\">{script}</script>");
        assert!(answer.text().contains(&expected), "{script}");
    }
    let expected = format!("<script nonce=\"{nonce}\" src=\"https://a.example/x.js\"></script>");
    assert!(answer.text().contains(&expected));
    assert!(policy(&answer).unwrap().contains("'unsafe-eval'"));
}

#[tokio::test]
async fn what_no_number_helps_opens_the_page() {
    for plugin in [
        Adds {
            top: Some("<b onclick=\"go()\">Go</b>"),
            ..Adds::default()
        },
        Adds {
            top: Some("<a href=\"javascript:go()\">Go</a>"),
            ..Adds::default()
        },
        Adds {
            script: Some("e.innerHTML = '<b onclick=\"go()\">Go</b>'"),
            ..Adds::default()
        },
        Adds {
            variable: Some("<b onclick=\"go()\">Go</b>"),
            ..Adds::default()
        },
        Adds {
            menu: Some("javascript:go()"),
            ..Adds::default()
        },
        Adds {
            action: Some(("onclick", "go()")),
            ..Adds::default()
        },
        Adds {
            action: Some(("href", "javascript:go()")),
            ..Adds::default()
        },
    ] {
        assert_eq!(policy(&table(plugin).await), Some(OPEN));
    }
    for plugin in [
        Adds {
            menu: Some("/x?onclick=javascript:"),
            ..Adds::default()
        },
        Adds {
            action: Some(("data-onclick", "go()")),
            ..Adds::default()
        },
    ] {
        assert_strict(&table(plugin).await, "/data/t");
    }
}

#[tokio::test]
async fn markup_of_cells_never_gets_the_number() {
    let plain = table(Adds {
        cell: Some("<b title=x>one</b>"),
        ..Adds::default()
    })
    .await;
    assert_strict(&plain, "/data/t");
    // The plugin made a link of what was stored.
    let link = table(Adds {
        cell: Some("<a href=\"javascript:x\">x</a>"),
        ..Adds::default()
    })
    .await;
    assert_strict(&link, "/data/t");
    for cell in ["<script>in_cell()</script>", "<b onclick=\"go()\">Go</b>"] {
        let answer = table(Adds {
            cell: Some(cell),
            ..Adds::default()
        })
        .await;
        assert_eq!(policy(&answer), Some(OPEN), "{cell}");
        assert!(answer.text().contains(cell), "{cell}");
    }
}

/// What a wrapper does with the answer.
#[derive(Clone, Copy)]
enum Does {
    Nothing,
    AddsHeader,
    ReplacesHeader,
    Rewrites,
    RewritesLater,
    Routes,
}

impl Plugin for Does {
    fn name(&self) -> &str {
        "does"
    }
    fn implements(&self) -> HookSet {
        HookSet::of(match self {
            Self::Routes => &[HookName::RegisterRoutes],
            _ => &[HookName::AsgiWrapper],
        })
    }
    fn asgi_wrapper(&self, _: &Context<'_>) -> Answered<Option<Arc<dyn HttpWrapper>>> {
        Ok(Some(Arc::new(*self)))
    }
    fn register_routes(&self, _: &Context<'_>) -> Answered<Vec<Route>> {
        Ok(vec![
            Route::new("/-/mine$", *self),
            Route::new("/-/page$", AsPage),
        ])
    }
}

impl View for Does {
    fn respond<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: HttpRequest,
    ) -> BoxFuture<'a, Answered<HttpResponse>> {
        ready(HttpResponse::html("<script>mine()</script>"))
    }
}

/// A page that asks for its headers as well.
struct AsPage;

impl View for AsPage {
    fn respond<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: HttpRequest,
    ) -> BoxFuture<'a, Answered<HttpResponse>> {
        Box::pin(async move {
            let variables = [(
                "error".to_owned(),
                TemplateValue::Html("<script>mine()</script>".to_owned()),
            )];
            let host = context.host();
            let page = host.render_page("error.html", variables.into(), Some(&request.info), None);
            Ok(page.await?)
        })
    }
}

impl HttpWrapper for Does {
    fn call<'a>(
        &'a self,
        _: &'a Context<'a>,
        request: HttpRequest,
        inner: Arc<dyn HttpService>,
    ) -> BoxFuture<'a, Result<HttpResponse, HookError>> {
        Box::pin(async move {
            let mut response = inner.call(request).await?;
            let own = (
                "content-security-policy".to_owned(),
                "img-src 'self'".to_owned(),
            );
            match self {
                Self::Nothing | Self::Routes => {}
                Self::AddsHeader => response.headers.push(own),
                Self::ReplacesHeader => {
                    response.headers.retain(|(name, _)| *name != own.0);
                    response.headers.push(own);
                }
                Self::Rewrites => response.body = Body::Full("<script>mine()</script>".into()),
                Self::RewritesLater => {
                    let more = Bytes::from("<script>mine()</script>");
                    response.body = match response.body {
                        Body::Full(page) => Body::Full([page, more].concat().into()),
                        Body::Stream(parts) => {
                            let more = futures_util::stream::iter([Ok(more)]);
                            Body::Stream(parts.chain(more).boxed())
                        }
                    };
                    response
                        .headers
                        .retain(|(name, _)| name != "content-length");
                }
            }
            Ok(response)
        })
    }
}

async fn wrapped(does: Does, path: &str) -> Answer {
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(does));
    site.start().await.get(path).await
}

fn policies(answer: &Answer) -> Vec<&str> {
    let headers = answer.headers.iter();
    headers
        .filter(|(name, _)| name == "content-security-policy")
        .map(|(_, value)| value.as_str())
        .collect()
}

#[tokio::test]
async fn what_plugins_put_around_pages_decides() {
    assert_strict(&wrapped(Does::Nothing, "/data/t").await, "/data/t");
    for does in [Does::AddsHeader, Does::ReplacesHeader] {
        assert_eq!(
            policies(&wrapped(does, "/data/t").await),
            ["img-src 'self'"]
        );
    }
    for does in [Does::Rewrites, Does::RewritesLater] {
        let answer = wrapped(does, "/data/t").await;
        assert!(answer.text().ends_with("<script>mine()</script>"));
        assert_eq!(policies(&answer), Vec::<&str>::new());
        // Frames are another matter than scripts.
        let framed = wrapped(does, "/data/-/query/parameters?sql=select+1").await;
        assert_eq!(policies(&framed), ["frame-ancestors 'none'"]);
    }
}

#[tokio::test]
async fn pages_of_plugins_have_what_they_ask_for() {
    let own = wrapped(Does::Routes, "/-/mine").await;
    assert_eq!(policies(&own), Vec::<&str>::new());
    let page = wrapped(Does::Routes, "/-/page").await;
    assert_strict(&page, "/-/page");
    assert!(page.text().contains(">mine()</script>"));
}
