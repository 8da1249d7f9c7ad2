//! The floor's routes and answers.

use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::stream;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::lanes::Lanes;
use super::schema::{PAGE, Schema, Table};
use super::writer::Writer;
use super::{csv, json};
use crate::arguments::FloorArguments;

/// Bytes of CSV that travel together.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for the client.
const CHUNKS_WAITING: usize = 4;

const JSON: &str = "application/json; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

#[derive(Clone)]
struct Floor {
    schema: Arc<Schema>,
    lanes: Lanes,
    writer: Writer,
}

/// Serves until killed.
///
/// # Errors
/// A file SQLite cannot read, or a port that is taken.
pub(crate) fn serve(arguments: &FloorArguments) -> Result<(), Box<dyn Error>> {
    let lanes = match arguments.lanes {
        Some(lanes) => lanes.max(1),
        None => thread::available_parallelism()?.get(),
    };
    let router = router(&arguments.files, lanes)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
        listen(listener, router).await
    })
}

pub(super) fn router(
    files: &[std::path::PathBuf],
    lanes: usize,
) -> Result<Router, rusqlite::Error> {
    let schema = Arc::new(Schema::read(files)?);
    let lanes = Lanes::start(lanes, files)?;
    Ok(Router::new()
        .route("/{database}/{file}", get(table))
        .route("/{database}/{table}/{file}", get(row))
        .route("/{database}/{table}/-/insert", post(insert))
        .with_state(Floor {
            schema,
            lanes,
            writer: Writer::new(files),
        }))
}

pub(super) async fn listen(listener: TcpListener, router: Router) -> Result<(), Box<dyn Error>> {
    let listener = listener.tap_io(|stream| {
        // Slower answers are the only harm if the kernel refuses.
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

async fn table(
    State(floor): State<Floor>,
    Path((database, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(table) = file.strip_suffix(".csv") {
        return stream_csv(&floor, database, table.to_owned());
    }
    let Some(name) = file.strip_suffix(".json").map(str::to_owned) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if floor.schema.table(&database, &name).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost")
        .to_owned();
    let schema = Arc::clone(&floor.schema);
    let body = floor.lanes.run(move |connections| {
        let table = schema.table(&database, &name)?;
        let url = format!("http://{host}/{database}/{name}.json");
        page(&connections[table.file], table, &url).ok()
    });
    answer(JSON, body.await.flatten())
}

async fn insert(
    State(floor): State<Floor>,
    Path((database, table)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let inserted = floor.writer.insert(database, table, body).await;
    match inserted {
        Some(body) => {
            let answer = ([(header::CONTENT_TYPE, JSON)], body).into_response();
            (StatusCode::CREATED, answer).into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn row(
    State(floor): State<Floor>,
    Path((database, name, file)): Path<(String, String, String)>,
) -> Response {
    let Some(key) = file.strip_suffix(".json").map(str::to_owned) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if floor.schema.table(&database, &name).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let schema = Arc::clone(&floor.schema);
    let body = floor.lanes.run(move |connections| {
        let table = schema.table(&database, &name)?;
        one_row(&connections[table.file], table, &key).ok()
    });
    answer(JSON, body.await.flatten())
}

fn answer(content_type: &'static str, body: Option<Vec<u8>>) -> Response {
    match body {
        Some(body) => ([(header::CONTENT_TYPE, content_type)], body).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn page(connection: &Connection, table: &Table, url: &str) -> rusqlite::Result<Vec<u8>> {
    let mut rows_json = Vec::with_capacity(32 * 1024);
    let mut next = None;
    let mut statement = connection.prepare_cached(&table.page_sql)?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    let mut last_key = Vec::new();
    while let Some(row) = rows.next()? {
        if count == PAGE {
            next = Some(last_key);
            break;
        }
        if count > 0 {
            rows_json.extend_from_slice(b", ");
        }
        write_row(&mut rows_json, table, row)?;
        count += 1;
        if count == PAGE
            && let Some(key) = table.primary_key
        {
            csv::write_field(&mut last_key, row.get_ref(key)?);
        }
    }
    let mut out = Vec::with_capacity(rows_json.len() + 256);
    out.extend_from_slice(b"{\"ok\": true, \"next\": ");
    match next {
        Some(next) => {
            json::write_string(&mut out, &next);
            out.extend_from_slice(b", \"next_url\": ");
            let mut next_url = url.as_bytes().to_vec();
            next_url.extend_from_slice(b"?_next=");
            next_url.extend_from_slice(&next);
            json::write_string(&mut out, &next_url);
        }
        None => out.extend_from_slice(b"null, \"next_url\": null"),
    }
    out.extend_from_slice(b", \"rows\": [");
    out.extend_from_slice(&rows_json);
    out.extend_from_slice(b"], \"truncated\": false}");
    Ok(out)
}

fn one_row(connection: &Connection, table: &Table, key: &str) -> rusqlite::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(&table.row_head);
    let mut statement = connection.prepare_cached(&table.row_sql)?;
    let mut rows = match key.parse::<i64>() {
        Ok(integer) => statement.query([integer])?,
        Err(_) => statement.query([key])?,
    };
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    write_row(&mut out, table, row)?;
    out.extend_from_slice(&table.row_tail);
    json::write_string(&mut out, key.as_bytes());
    out.extend_from_slice(b"], \"truncated\": false}");
    Ok(out)
}

fn write_row(out: &mut Vec<u8>, table: &Table, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
    for (place, key) in table.keys.iter().enumerate() {
        out.extend_from_slice(key);
        json::write_value(out, row.get_ref(place)?);
    }
    out.push(b'}');
    Ok(())
}

fn stream_csv(floor: &Floor, database: String, name: String) -> Response {
    if floor.schema.table(&database, &name).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let (sender, mut receiver) = mpsc::channel::<Result<Bytes, rusqlite::Error>>(CHUNKS_WAITING);
    let schema = Arc::clone(&floor.schema);
    floor.lanes.spawn(move |connections| {
        let Some(table) = schema.table(&database, &name) else {
            return;
        };
        let outcome = send_csv(&connections[table.file], table, &sender);
        if let Err(error) = outcome {
            // Fails only if the client has left.
            let _ = sender.blocking_send(Err(error));
        }
    });
    let body = Body::from_stream(stream::poll_fn(move |context| receiver.poll_recv(context)));
    ([(header::CONTENT_TYPE, TEXT)], body).into_response()
}

fn send_csv(
    connection: &Connection,
    table: &Table,
    sender: &mpsc::Sender<Result<Bytes, rusqlite::Error>>,
) -> rusqlite::Result<()> {
    let mut chunk = Vec::with_capacity(CHUNK + 1024);
    for (place, column) in table.columns.iter().enumerate() {
        if place > 0 {
            chunk.push(b',');
        }
        csv::write_text(&mut chunk, column.as_bytes());
    }
    chunk.extend_from_slice(b"\r\n");
    let mut statement = connection.prepare_cached(&table.all_sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for place in 0..table.columns.len() {
            if place > 0 {
                chunk.push(b',');
            }
            csv::write_field(&mut chunk, row.get_ref(place)?);
        }
        chunk.extend_from_slice(b"\r\n");
        if chunk.len() >= CHUNK {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK + 1024));
            if sender.blocking_send(Ok(full.into())).is_err() {
                return Ok(());
            }
        }
    }
    let _ = sender.blocking_send(Ok(chunk.into()));
    Ok(())
}
