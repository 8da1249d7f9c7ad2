//! A body that is written while rows still come.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use datasette_core::Fault;
use datasette_engine::trace;
use datasette_render::chunks::ChunkWriter;
use datasette_render::csv::CsvRows;
use datasette_telemetry::FutureExt;
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::task::JoinHandle;

/// Chunks that may wait for a slow reader. SQLite waits when they are used up, so memory stays
/// flat however large the result is.
const WAITING_CHUNKS: usize = 4;

/// How long a reader may take for one chunk. An export holds a snapshot of its database, and one
/// of few places for exports.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends the work when the reader leaves.
struct Writing {
    chunks: mpsc::Receiver<Bytes>,
    work: JoinHandle<Result<(), Fault>>,
}

/// How far a body is.
enum Step {
    /// The first chunk is here.
    First(Bytes, Writing),
    /// More may come.
    Rest(Writing),
    /// What went wrong has been told; now the connection breaks.
    Cut,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// Starts `write` and waits for its first chunk, so that what fails before it still becomes an
/// error response. What fails later is told at the end of the body (CSV-18) and breaks the
/// connection: a download that is not complete must not look complete.
pub(crate) async fn body<W, F>(write: W) -> Result<Body, Fault>
where
    W: FnOnce(ChunkWriter) -> F + Send + 'static,
    F: Future<Output = Result<(CsvRows, Option<Fault>), Fault>> + Send + 'static,
{
    patient_body(write, PATIENCE).await
}

async fn patient_body<W, F>(write: W, patience: Duration) -> Result<Body, Fault>
where
    W: FnOnce(ChunkWriter) -> F + Send + 'static,
    F: Future<Output = Result<(CsvRows, Option<Fault>), Fault>> + Send + 'static,
{
    let (sender, chunks) = mpsc::channel(WAITING_CHUNKS);
    let runtime = Handle::current();
    let given_up = Arc::new(AtomicBool::new(false));
    let gives_up = Arc::clone(&given_up);
    let target = ChunkWriter::delivering(Box::new(move |chunk| {
        let sent = runtime.block_on(sender.send_timeout(chunk, patience));
        if let Err(SendTimeoutError::Timeout(_)) = sent {
            gives_up.store(true, Ordering::Release);
        }
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }));
    let work = async move {
        let (sink, broken) = write(target).await?;
        let broken = match broken {
            Some(fault) if !sink.has_begun() => return Err(fault),
            broken => broken,
        };
        if given_up.load(Ordering::Acquire) {
            return Err(Fault::unavailable("The download was read too slowly."));
        }
        // The last chunk waits for the reader like all others, so not on an async thread.
        tokio::task::spawn_blocking(move || drop(sink.finish()))
            .await
            .map_err(Fault::internal)?;
        broken.map_or(Ok(()), Err)
    };
    let work = tokio::spawn(trace::inherited(work).with_current_context());
    let mut writing = Writing { chunks, work };
    let Some(first) = writing.chunks.recv().await else {
        outcome(&mut writing).await?;
        return Ok(Body::empty());
    };
    let rest = stream::unfold(Some(Step::First(first, writing)), |step| async move {
        let mut writing = match step? {
            Step::First(chunk, writing) => return Some((Ok(chunk), Some(Step::Rest(writing)))),
            Step::Rest(writing) => writing,
            Step::Cut => {
                // What waits in the connection is sent while the body has nothing new for it.
                tokio::task::yield_now().await;
                return Some((Err(io::Error::other("the download was cut short")), None));
            }
        };
        if let Some(chunk) = writing.chunks.recv().await {
            return Some((Ok(chunk), Some(Step::Rest(writing))));
        }
        let fault = outcome(&mut writing).await.err()?;
        tracing::warn!("a download was cut short: {fault}");
        Some((Ok(Bytes::from(fault.message())), Some(Step::Cut)))
    });
    Ok(Body::from_stream(rest))
}

async fn outcome(writing: &mut Writing) -> Result<(), Fault> {
    (&mut writing.work).await.map_err(Fault::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::{RowSink, Value};
    use datasette_render::csv::{BlobUrls, CsvOptions};
    use futures_util::StreamExt;
    use tokio::sync::oneshot;

    fn rows(target: ChunkWriter) -> CsvRows {
        let options = CsvOptions {
            header: true,
            labelled: Vec::new(),
            blobs: BlobUrls::Query { url: String::new() },
            limit: None,
            in_page: false,
        };
        CsvRows::new(target, options)
    }

    // Proves: CSV-12
    #[tokio::test(flavor = "multi_thread")]
    async fn who_reads_nothing_gives_up_the_place_and_learns_that_rows_are_missing() {
        let (ended, end) = oneshot::channel();
        let write = move |target| async move {
            let endless = tokio::task::spawn_blocking(move || {
                let mut sink = rows(target);
                sink.columns(&["c".to_owned()]);
                while sink.row(&vec![Value::Text("x".repeat(1000))]).is_ok() {}
                let _ = ended.send(());
                sink
            });
            Ok((endless.await.map_err(Fault::internal)?, None))
        };
        let body = patient_body(write, Duration::from_millis(5)).await.unwrap();
        end.await.unwrap();
        let parts: Vec<_> = body.into_data_stream().collect().await;
        let (last, whole) = parts.split_last().unwrap();
        assert!(last.is_err());
        assert!(whole.len() > WAITING_CHUNKS && whole.iter().all(Result::is_ok));
    }
}
