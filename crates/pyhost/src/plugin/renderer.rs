//! Output formats that Python renders.

use std::sync::Arc;

use datasette_hooks::{
    Answer, Context, HttpResponse, OutputRenderer, Plain, RenderScope, RendererInput,
    RendererWants, ready,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::called::{Circumstances, circumstances};
use super::declared::DeclaredRenderer;
use super::response::RemoteResponse;
use crate::answering::Rows;
use crate::process::PythonHost;

pub(super) struct RemoteRenderer {
    host: Arc<PythonHost>,
    declared: DeclaredRenderer,
}

#[derive(Serialize)]
struct Shown<'a> {
    id: u64,
    database: &'a str,
    table: Option<&'a str>,
    query_name: Option<&'a str>,
    sql: Option<&'a str>,
    view_name: &'a str,
    columns: &'a [String],
    rows: Rows<'a>,
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
}

#[derive(Serialize)]
struct Rendering<'a> {
    #[serde(flatten)]
    shown: Shown<'a>,
    labels: Vec<(usize, usize, Plain<'a>)>,
    truncated: bool,
    error: Option<&'a str>,
    data: WithoutRows<'a>,
}

/// What JSON would say, but for the rows, which cross once.
struct WithoutRows<'a>(&'a Json);

impl Serialize for WithoutRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(members) = self.0.as_object() else {
            return Plain(self.0).serialize(serializer);
        };
        let mut map = serializer.serialize_map(Some(members.len()))?;
        for (name, value) in members {
            match name.as_str() {
                "rows" => map.serialize_entry(name, &())?,
                _ => map.serialize_entry(name, &Plain(value))?,
            }
        }
        map.end()
    }
}

impl RemoteRenderer {
    pub(super) fn new(host: Arc<PythonHost>, declared: DeclaredRenderer) -> Self {
        Self { host, declared }
    }

    fn shown<'a>(&self, context: &Context<'a>, scope: &RenderScope<'a>) -> Shown<'a> {
        Shown {
            id: self.declared.id,
            database: scope.database,
            table: scope.table,
            query_name: scope.query_name,
            sql: scope.sql,
            view_name: scope.view_name,
            columns: scope.rows.column_names(),
            rows: Rows(scope.rows),
            circumstances: circumstances(context),
        }
    }
}

impl OutputRenderer for RemoteRenderer {
    fn extension(&self) -> &str {
        &self.declared.extension
    }

    fn wants(&self, _arguments: &[(String, String)]) -> RendererWants {
        RendererWants {
            data: true,
            ..RendererWants::default()
        }
    }

    fn can_render<'a>(
        &'a self,
        context: &'a Context<'a>,
        scope: &'a RenderScope<'a>,
    ) -> BoxFuture<'a, Answer<bool>> {
        if !self.declared.asks {
            return ready(true);
        }
        async move {
            self.host
                .ask("can_render", &self.shown(context, scope))
                .await
        }
        .boxed()
    }

    fn render<'a>(
        &'a self,
        context: &'a Context<'a>,
        input: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        async move {
            let labels = input.labels.iter();
            let question = Rendering {
                shown: self.shown(context, &input.scope),
                labels: labels
                    .map(|(row, column, label)| (*row, *column, Plain(label)))
                    .collect(),
                truncated: input.truncated,
                error: input.error,
                data: WithoutRows(&input.data),
            };
            let response: Option<RemoteResponse> =
                self.host.ask_patiently("render", &question).await?;
            Ok(response.map(RemoteResponse::into_response))
        }
        .boxed()
    }
}
