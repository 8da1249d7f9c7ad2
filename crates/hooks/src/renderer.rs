//! Output formats.

use datasette_core::RowBatch;
use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use crate::context::Context;
use crate::http::HttpResponse;
use crate::plugin::{Answer, ready};

/// What a format needs before anything runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RendererWants {
    /// Extras to compute, as `_extra` would name them.
    pub extras: Vec<String>,
    /// Whether labels of foreign keys are looked up even when the URL does not ask.
    pub labels: bool,
    /// Whether [`RendererInput::data`] is read; it is null otherwise.
    pub data: bool,
}

/// What a format may look at to decide whether it can render a page (HOOK-87).
#[derive(Clone, Debug)]
pub struct RenderScope<'a> {
    /// The database.
    pub database: &'a str,
    /// The table or view.
    pub table: Option<&'a str>,
    /// The stored query.
    pub query_name: Option<&'a str>,
    /// The statement.
    pub sql: Option<&'a str>,
    /// `table`, `row` or `database` (HOOK-88).
    pub view_name: &'a str,
    /// The rows and their columns.
    pub rows: &'a RowBatch,
}

/// What a format renders (HOOK-79).
#[derive(Clone, Debug)]
pub struct RendererInput<'a> {
    /// Where the rows come from; `view_name` follows HOOK-81 here.
    pub scope: RenderScope<'a>,
    /// Labels of foreign keys by row and column, where looked up (HOOK-80).
    pub labels: Vec<(usize, usize, Json)>,
    /// Whether rows were left out.
    pub truncated: bool,
    /// The SQL error of a query page (HOOK-82).
    pub error: Option<&'a str>,
    /// The query string.
    pub arguments: &'a [(String, String)],
    /// What JSON would say (HOOK-83), where [`RendererWants::data`] asks for it.
    pub data: Json,
}

/// An output format (HOOK-75).
pub trait OutputRenderer: Send + Sync {
    /// The file name extension that asks for it.
    fn extension(&self) -> &str;

    /// What it needs, given the query string.
    fn wants(&self, _arguments: &[(String, String)]) -> RendererWants {
        RendererWants::default()
    }

    /// Whether pages show a link to it (HOOK-87); by default always.
    fn can_render<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _scope: &'a RenderScope<'a>,
    ) -> BoxFuture<'a, Answer<bool>> {
        ready(true)
    }

    /// The response; `None` is 404 `No data` (HOOK-85).
    fn render<'a>(
        &'a self,
        context: &'a Context<'a>,
        input: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>>;
}
