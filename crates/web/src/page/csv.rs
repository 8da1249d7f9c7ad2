//! CSV of tables, rows and queries: pages whole, everything else streamed.

use std::sync::Arc;

use axum::http::header;
use datasette_core::Fault;
use datasette_core::action::ViewTable;
use datasette_engine::extras::{Scope, Wanted};
use datasette_engine::page::RowPage;
use datasette_engine::read::{TableRequest, TableWants, stream_query};
use datasette_permissions::Permit;
use datasette_render::chunks::ChunkWriter;
use datasette_render::csv::{BlobUrls, CsvOptions, CsvRows};
use datasette_render::labels;

use super::query::{Subject, row_limit};
use super::row::pour;
use crate::filters;
use crate::reply::{self, Reply};
use crate::stream;
use crate::unchanged::{Kind, Tag};
use crate::visit::Visit;

/// Bytes of a statement's CSV that are written before the first of them is sent.
const HELD_BACK: usize = 1024 * 1024;

/// The CSV of a table or view (CSV-11 to CSV-14).
pub(crate) async fn table(visit: &Visit, permit: &Permit<ViewTable>) -> Result<Reply, Fault> {
    let segment = last_segment(visit);
    let instance = &visit.app.instance;
    let query = visit.query();
    Wanted::parse(Scope::Table, query)?;
    let streaming = streaming(visit)?;
    let mut request = TableRequest::new(
        instance,
        permit,
        query,
        filters::added(visit, permit.resource()).await?,
    )
    .await?;
    if labels::are_asked(query) {
        request.find_expandable(instance, visit.actor()).await?;
    }
    let chosen = labels::chosen(query, &request.expandable, false);
    let tag = Tag::of_table(visit, Kind::Data, &request);
    if let Some(unchanged) = tag.unchanged(visit) {
        return Ok(unchanged);
    }
    let options = options(visit, &request, &chosen);
    if streaming {
        // Labels that run out of time are known too late.
        let whole = chosen.is_empty();
        let instance = Arc::clone(instance);
        let body = stream::body(move |target| async move {
            let sink = CsvRows::new(target, options);
            request.stream(&instance, chosen, sink).await
        })
        .await?;
        let answer = reply::with_type("text/plain; charset=utf-8", body);
        return Ok(tag.on(dressed(visit, answer, segment), whole));
    }
    let wants = TableWants {
        labels: chosen,
        ..TableWants::default()
    };
    let sink = CsvRows::new(ChunkWriter::collecting(), options);
    let (page, sink) = request.read(instance, wants, sink).await?;
    Ok(tag.on(whole(visit, sink, segment), page.complete))
}

/// Whether all pages are asked for.
///
/// # Errors
/// 400 where that is switched off (CSV-13), or cannot start where it should (CSV-14).
fn streaming(visit: &Visit) -> Result<bool, Fault> {
    let query = visit.query();
    let streaming = query.is_present("_stream");
    if streaming && !visit.app.instance.config.settings.allow_csv_stream {
        return Err(Fault::bad_request("CSV streaming is disabled"));
    }
    if streaming && query.is_present("_next") {
        return Err(Fault::bad_request("_next not allowed for CSV streaming"));
    }
    Ok(streaming)
}

fn options(visit: &Visit, request: &TableRequest, chosen: &[usize]) -> CsvOptions {
    let labelled = chosen
        .iter()
        .filter_map(|place| request.expandable.get(*place))
        .map(|key| key.column.name().to_owned())
        .collect();
    let table = &request.question.table;
    let blobs = if table.is_view() {
        // Rows of a view have no page: the value is found among the same rows by its hash.
        BlobUrls::Query {
            url: same_page_as_blob(visit),
        }
    } else {
        let path = visit.app.urls.table(table);
        BlobUrls::Rows {
            prefix: format!("{}/", visit.location.absolute(&path)),
            row_key: request.plan.row_key.clone(),
        }
    };
    CsvOptions {
        header: header(visit),
        labelled,
        blobs,
        limit: size_limit(visit),
        in_page: in_page(visit),
    }
}

/// The CSV of one row (ROW-07).
pub(crate) fn row(visit: &Visit, page: RowPage, segment: &str) -> Result<Reply, Fault> {
    let place = |name: &String| {
        page.rows
            .column_names()
            .iter()
            .position(|known| known == name)
    };
    let table = visit.app.urls.table(&page.table);
    let options = CsvOptions {
        header: header(visit),
        labelled: Vec::new(),
        blobs: BlobUrls::Rows {
            prefix: format!("{}/", visit.location.absolute(&table)),
            row_key: page.primary_keys.iter().filter_map(place).collect(),
        },
        limit: size_limit(visit),
        in_page: in_page(visit),
    };
    let mut sink = CsvRows::new(ChunkWriter::collecting(), options);
    pour(&page, &mut sink);
    Ok(whole(visit, sink, segment))
}

/// The CSV of a statement (CSV-15, CSV-20). Its first part is held back: an error after a
/// reasonable number of rows is still an error response (CSV-17).
pub(super) async fn query(visit: &Visit, subject: &Subject) -> Result<Reply, Fault> {
    // There are no further pages, but asking for them is refused all the same.
    streaming(visit)?;
    let page_path = visit.location.path.trim_end_matches(".csv").to_owned();
    let url = visit.location.in_format(&page_path, "blob", &[]);
    let options = CsvOptions {
        header: header(visit),
        labelled: Vec::new(),
        blobs: BlobUrls::Query {
            url: visit.location.absolute(&url),
        },
        limit: size_limit(visit),
        in_page: in_page(visit),
    };
    let request = subject.request(visit).await?;
    let (instance, rows) = (Arc::clone(&visit.app.instance), row_limit(visit));
    let body = stream::body(move |target| async move {
        let sink = CsvRows::new(target.holding_back(HELD_BACK), options);
        stream_query(&instance, request, rows, sink).await
    })
    .await?;
    let name = match subject.stored() {
        Some(_) => last_segment(visit),
        None => subject.database().name(),
    };
    let reply = reply::with_type("text/plain; charset=utf-8", body);
    Ok(dressed(visit, reply, name))
}

/// The table or stored query as the URL names it, without the format (CSV-03).
fn last_segment(visit: &Visit) -> &str {
    let segment = visit.location.path.rsplit('/').next().unwrap_or_default();
    segment.split('.').next().unwrap_or_default()
}

/// The address of the rows of this page as binary values (CSV-20).
fn same_page_as_blob(visit: &Visit) -> String {
    let page_path = visit.location.path.trim_end_matches(".csv");
    let url = visit.location.in_format(page_path, "blob", &[]);
    visit.location.absolute(&url)
}

/// Whether the first line names the columns (CSV-06).
fn header(visit: &Visit) -> bool {
    visit.query().get("_header") != Some("off")
}

/// Whether the text is to be looked at in a page (CSV-24).
fn in_page(visit: &Visit) -> bool {
    visit.query().is_present("_trace")
}

/// The most bytes of an export (CSV-16).
fn size_limit(visit: &Visit) -> Option<u64> {
    match visit.app.instance.config.settings.max_csv_mb {
        0 => None,
        megabytes => Some(u64::from(megabytes) * 1024 * 1024),
    }
}

fn whole(visit: &Visit, sink: CsvRows, segment: &str) -> Reply {
    let body = sink
        .finish()
        .map(ChunkWriter::into_bytes)
        .unwrap_or_default();
    dressed(
        visit,
        reply::with_type("text/plain; charset=utf-8", body),
        segment,
    )
}

/// Shown in the browser, or saved as a file with `_dl` (CSV-02, CSV-03).
fn dressed(visit: &Visit, mut reply: Reply, segment: &str) -> Reply {
    if visit.query().is_present("_dl") {
        reply::set(&mut reply, header::CONTENT_TYPE, "text/csv; charset=utf-8");
        let name = segment.replace(['"', '\\', '\r', '\n'], "_");
        reply::set(
            &mut reply,
            header::CONTENT_DISPOSITION,
            &format!("attachment; filename=\"{name}.csv\""),
        );
    }
    if in_page(visit) {
        reply::set(&mut reply, header::CONTENT_TYPE, "text/html; charset=utf-8");
    }
    reply
}
