//! `datasette.blob_renderer`: the format `blob` (BLOB rows).

use std::sync::Arc;

use datasette_core::{Fault, QueryString, RowSink};
use datasette_hooks::{
    Answer, Context, HookName, HookSet, HttpResponse, OutputRenderer, Plugin, PluginInfo,
    RenderScope, RendererInput, ready,
};
use futures_util::future::BoxFuture;

use super::built_in;
use crate::blob::{BlobOptions, BlobSink};

/// The plugin.
pub(super) struct Blobs;

impl Plugin for Blobs {
    fn name(&self) -> &str {
        "datasette.blob_renderer"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::RegisterOutputRenderer])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn register_output_renderer(
        &self,
        _context: &Context<'_>,
    ) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        Ok(vec![Arc::new(BlobRenderer)])
    }
}

/// One value of a result as a download.
struct BlobRenderer;

impl OutputRenderer for BlobRenderer {
    fn extension(&self) -> &str {
        "blob"
    }

    /// Never: without a column there is nothing to link to.
    fn can_render<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _scope: &'a RenderScope<'a>,
    ) -> BoxFuture<'a, Answer<bool>> {
        ready(false)
    }

    fn render<'a>(
        &'a self,
        context: &'a Context<'a>,
        input: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        let identifier = context.request().and_then(|request| request.url_var("pks"));
        let found = download(input, identifier).map(Some);
        Box::pin(std::future::ready(found.map_err(Into::into)))
    }
}

fn download(input: &RendererInput<'_>, identifier: Option<&str>) -> Result<HttpResponse, Fault> {
    if let Some(error) = input.error {
        return Err(Fault::invalid_sql(error));
    }
    let options = BlobOptions::parse(&QueryString::from_pairs(input.arguments.to_vec()))?;
    let file = options.file_name(input.scope.table, identifier);
    let mut sink = BlobSink::new(options);
    let rows = input.scope.rows;
    sink.columns(rows.column_names());
    for row in rows.rows() {
        if sink.row(&row).is_err() {
            break;
        }
    }
    let mut response = HttpResponse::new(200, "application/binary", sink.into_bytes()?);
    let mut header = |name: &str, value: String| {
        response.headers.push((name.to_owned(), value));
    };
    header("x-content-type-options", "nosniff".to_owned());
    let file = file.replace(['"', '\\'], "_");
    header(
        "content-disposition",
        format!("attachment; filename=\"{file}\""),
    );
    Ok(response)
}
