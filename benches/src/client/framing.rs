//! Where one HTTP/1.1 response ends: `content-length`, chunked, or the end of the connection.

use std::fmt;

/// A head longer than this many bytes is taken for nonsense.
const LONGEST_HEAD: usize = 64 * 1024;
/// Also the longest line of a chunk size or trailer.
const LONGEST_LINE: usize = 8 * 1024;

/// Why bytes are not a response we understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FramingError {
    /// The status line or a header is not HTTP/1.x.
    BadHead(String),
    /// A chunk size or chunk end is not where it has to be.
    BadChunk,
    /// The connection ended within a response.
    CutShort,
    /// More bytes arrived than one response holds, although one request was sent.
    TrailingBytes,
}

impl fmt::Display for FramingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadHead(line) => write!(formatter, "not an HTTP/1.1 response head: {line:?}"),
            Self::BadChunk => formatter.write_str("malformed chunked body"),
            Self::CutShort => formatter.write_str("connection ended within a response"),
            Self::TrailingBytes => formatter.write_str("bytes after the end of the response"),
        }
    }
}

impl std::error::Error for FramingError {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    Length(u64),
    ChunkSize,
    ChunkData(u64),
    ChunkEnd,
    Trailer,
    UntilClose,
    Complete,
}

/// Reads one response at a time from pieces of any size.
#[derive(Debug)]
pub(crate) struct Framing {
    state: State,
    line: Vec<u8>,
    status: u16,
    body_length: u64,
    keeps_open: bool,
}

impl Framing {
    /// Waits for the first byte of a response.
    pub(crate) fn new() -> Self {
        Self {
            state: State::Head,
            line: Vec::new(),
            status: 0,
            body_length: 0,
            keeps_open: true,
        }
    }

    /// Forgets the response and waits for the next one on the same connection.
    pub(crate) fn reset(&mut self) {
        self.state = State::Head;
        self.line.clear();
        self.status = 0;
        self.body_length = 0;
        self.keeps_open = true;
    }

    /// The status code; 0 while the head is not complete.
    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Bytes of body so far, without chunk framing.
    pub(crate) fn body_length(&self) -> u64 {
        self.body_length
    }

    /// Whether another request may follow on this connection.
    pub(crate) fn keeps_open(&self) -> bool {
        self.keeps_open
    }

    /// Takes the next bytes of the connection and hands the body in them to `body`.
    ///
    /// Returns whether the response is complete.
    ///
    /// # Errors
    /// Bytes that are not an HTTP/1.x response, or bytes beyond its end.
    pub(crate) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut body: impl FnMut(&[u8]),
    ) -> Result<bool, FramingError> {
        while !bytes.is_empty() {
            bytes = match self.state {
                State::Head => self.head(bytes)?,
                State::Length(left) => {
                    let (piece, rest) = split(bytes, left);
                    self.body(piece, &mut body);
                    let left = left - piece.len() as u64;
                    self.state = if left == 0 {
                        State::Complete
                    } else {
                        State::Length(left)
                    };
                    rest
                }
                State::ChunkData(left) => {
                    let (piece, rest) = split(bytes, left);
                    self.body(piece, &mut body);
                    let left = left - piece.len() as u64;
                    self.state = if left == 0 {
                        State::ChunkEnd
                    } else {
                        State::ChunkData(left)
                    };
                    rest
                }
                State::UntilClose => {
                    self.body(bytes, &mut body);
                    &[]
                }
                State::ChunkSize | State::ChunkEnd | State::Trailer => self.chunk_line(bytes)?,
                State::Complete => return Err(FramingError::TrailingBytes),
            };
        }
        Ok(self.state == State::Complete)
    }

    /// The peer closed the connection: the end of a body without a length, else an error.
    pub(crate) fn end(&mut self) -> Result<(), FramingError> {
        match self.state {
            State::Complete => Ok(()),
            State::UntilClose => {
                self.state = State::Complete;
                Ok(())
            }
            _ => Err(FramingError::CutShort),
        }
    }

    fn body(&mut self, piece: &[u8], body: &mut impl FnMut(&[u8])) {
        self.body_length += piece.len() as u64;
        body(piece);
    }

    /// Collects the head; returns what follows it.
    fn head<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], FramingError> {
        // The end may straddle two pieces: look again at the last three bytes.
        let from = self.line.len().saturating_sub(3);
        let before = self.line.len();
        self.line.extend_from_slice(bytes);
        let Some(position) = self.line[from..]
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
        else {
            if self.line.len() > LONGEST_HEAD {
                return Err(FramingError::BadHead("no end of the head".to_owned()));
            }
            return Ok(&[]);
        };
        let end = from + position + 4;
        self.line.truncate(end);
        let head = std::mem::take(&mut self.line);
        self.understand(&head)?;
        self.line = head;
        self.line.clear();
        Ok(&bytes[end - before..])
    }

    fn understand(&mut self, head: &[u8]) -> Result<(), FramingError> {
        let head =
            std::str::from_utf8(head).map_err(|_| FramingError::BadHead("not UTF-8".to_owned()))?;
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let bad = |line: &str| FramingError::BadHead(line.to_owned());
        let mut words = first.split(' ');
        let version = words
            .next()
            .filter(|word| word.starts_with("HTTP/1."))
            .ok_or(bad(first))?;
        self.keeps_open = version != "HTTP/1.0";
        self.status = words
            .next()
            .and_then(|word| word.parse().ok())
            .ok_or(bad(first))?;

        let mut length = None;
        let mut chunked = false;
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').ok_or(bad(line))?;
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.parse().map_err(|_| bad(line))?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked = value.eq_ignore_ascii_case("chunked");
            } else if name.eq_ignore_ascii_case("connection") {
                self.keeps_open = !value.eq_ignore_ascii_case("close");
            }
        }
        self.state = match (chunked, length, self.status) {
            (_, _, 204 | 304) => State::Complete,
            (true, _, _) => State::ChunkSize,
            (false, Some(0), _) => State::Complete,
            (false, Some(length), _) => State::Length(length),
            (false, None, _) => {
                self.keeps_open = false;
                State::UntilClose
            }
        };
        Ok(())
    }

    /// Collects one line of chunk framing and acts on it; returns what follows.
    fn chunk_line<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], FramingError> {
        let Some(position) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.line.extend_from_slice(bytes);
            if self.line.len() > LONGEST_LINE {
                return Err(FramingError::BadChunk);
            }
            return Ok(&[]);
        };
        self.line.extend_from_slice(&bytes[..position]);
        let line = self
            .line
            .strip_suffix(b"\r")
            .ok_or(FramingError::BadChunk)?;
        self.state = match self.state {
            State::ChunkSize => match chunk_size(line).ok_or(FramingError::BadChunk)? {
                0 => State::Trailer,
                size => State::ChunkData(size),
            },
            State::ChunkEnd if line.is_empty() => State::ChunkSize,
            State::Trailer if line.is_empty() => State::Complete,
            State::Trailer => State::Trailer,
            _ => return Err(FramingError::BadChunk),
        };
        self.line.clear();
        Ok(&bytes[position + 1..])
    }
}

/// The size in hexadecimal, before any chunk extension.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?;
    u64::from_str_radix(std::str::from_utf8(digits).ok()?.trim(), 16).ok()
}

fn split(bytes: &[u8], at: u64) -> (&[u8], &[u8]) {
    bytes.split_at(usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len())))
}

#[cfg(test)]
#[path = "framing_tests.rs"]
mod tests;
