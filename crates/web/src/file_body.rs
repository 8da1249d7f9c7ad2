//! A file as a response body, read in chunks.

use std::fs::File;
use std::io;
use std::path::Path;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use tokio::io::AsyncReadExt;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// The body and its size in bytes as the file has it now.
pub(crate) async fn open(path: &Path) -> io::Result<(Body, u64)> {
    let file = tokio::fs::File::open(path).await?;
    let size = file.metadata().await?.len();
    Ok((of(file.into_std().await, size), size))
}

/// The next `size` bytes of an open file.
pub(crate) fn of(file: File, size: u64) -> Body {
    let file = tokio::fs::File::from_std(file);
    let chunks = stream::unfold((file, size), |(mut file, left)| async move {
        if left == 0 {
            return None;
        }
        let wanted = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
        let mut chunk = vec![0; wanted];
        match file.read_exact(&mut chunk).await {
            Ok(read) => Some((Ok(Bytes::from(chunk)), (file, left - read as u64))),
            Err(error) => Some((Err(error), (file, 0))),
        }
    });
    Body::from_stream(chunks)
}
