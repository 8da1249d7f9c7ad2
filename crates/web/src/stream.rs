//! A body that is written while rows still come.

use std::future::Future;
use std::io;

use axum::body::Body;
use bytes::Bytes;
use datasette_core::Fault;
use datasette_engine::trace;
use datasette_render::chunks::ChunkWriter;
use datasette_render::csv::CsvRows;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Chunks that may wait for a slow reader. SQLite waits when they are used up, so memory stays
/// flat however large the result is.
const WAITING_CHUNKS: usize = 4;

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
    let (sender, chunks) = mpsc::channel(WAITING_CHUNKS);
    let target = ChunkWriter::delivering(Box::new(move |chunk| {
        sender
            .blocking_send(chunk)
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }));
    let work = tokio::spawn(trace::inherited(async move {
        let (sink, broken) = write(target).await?;
        let broken = match broken {
            Some(fault) if !sink.has_begun() => return Err(fault),
            broken => broken,
        };
        // The last chunk waits for the reader like all others, so not on an async thread.
        tokio::task::spawn_blocking(move || drop(sink.finish()))
            .await
            .map_err(Fault::internal)?;
        broken.map_or(Ok(()), Err)
    }));
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
