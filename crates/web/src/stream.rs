//! A body that is written while rows still come.

use std::future::Future;
use std::io;

use axum::body::Body;
use bytes::Bytes;
use datasette_core::Fault;
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
    ended: bool,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// Starts `write` and waits for its first chunk, so that what fails before it still becomes an
/// error response. What fails later breaks the connection: a download that is not complete must
/// not look complete.
pub(crate) async fn body<W, F>(write: W) -> Result<Body, Fault>
where
    W: FnOnce(ChunkWriter) -> F + Send + 'static,
    F: Future<Output = Result<CsvRows, Fault>> + Send + 'static,
{
    let (sender, chunks) = mpsc::channel(WAITING_CHUNKS);
    let target = ChunkWriter::delivering(Box::new(move |chunk| {
        sender
            .blocking_send(chunk)
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }));
    let work = tokio::spawn(async move {
        let sink = write(target).await?;
        // The last chunk waits for the reader like all others, so not on an async thread.
        tokio::task::spawn_blocking(move || drop(sink.finish()))
            .await
            .map_err(Fault::internal)
    });
    let mut writing = Writing {
        chunks,
        work,
        ended: false,
    };
    let Some(first) = writing.chunks.recv().await else {
        outcome(&mut writing).await?;
        return Ok(Body::empty());
    };
    let rest = stream::unfold((Some(first), writing), |(first, mut writing)| async move {
        if let Some(chunk) = first {
            return Some((Ok(chunk), (None, writing)));
        }
        if let Some(chunk) = writing.chunks.recv().await {
            return Some((Ok(chunk), (None, writing)));
        }
        if writing.ended {
            return None;
        }
        match outcome(&mut writing).await {
            Ok(()) => None,
            Err(fault) => {
                tracing::warn!("a download was cut short: {fault}");
                Some((
                    Err(io::Error::other("the download was cut short")),
                    (None, writing),
                ))
            }
        }
    });
    Ok(Body::from_stream(rest))
}

async fn outcome(writing: &mut Writing) -> Result<(), Fault> {
    writing.ended = true;
    (&mut writing.work).await.map_err(Fault::internal)?
}
