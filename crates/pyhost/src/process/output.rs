//! What the process of the plugins prints, line by line into the log.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Longest line that is kept in one piece, in bytes.
const LONGEST_LINE: usize = 64 * 1024;

/// Follows a stream to its end. A flood costs lines of the log and nothing else: what the process
/// prints is always read, so that printing never holds it up.
pub(crate) async fn follow(stream: impl AsyncRead + Unpin) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        let available = match reader.fill_buf().await {
            Ok([]) | Err(_) => break,
            Ok(available) => available,
        };
        let (piece, is_end) = match available.iter().position(|byte| *byte == b'\n') {
            Some(place) => (&available[..place], true),
            None => (available, false),
        };
        line.extend_from_slice(piece);
        let taken = piece.len() + usize::from(is_end);
        reader.consume(taken);
        if is_end || line.len() >= LONGEST_LINE {
            tell(&line);
            line.clear();
        }
    }
    if !line.is_empty() {
        tell(&line);
    }
}

fn tell(line: &[u8]) {
    let text = String::from_utf8_lossy(line);
    tracing::warn!(target: "datasette::plugins", "{}", text.trim_end_matches('\r'));
}
