//! Lets clients send `?_where=id>2` as it is: characters that do not belong in a request line but
//! are sent all the same (`<`, `>`, `"`, `` ` ``) are percent-encoded before the line is parsed.
//!
//! Only the request line is touched, and only where it is certain that one begins: on a new
//! connection and after requests without a body. After a request with a body the connection is
//! passed through unchanged.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes read from the socket at a time.
const CHUNK: usize = 8 * 1024;

/// The part of a header line that is looked at.
const NAME: usize = 18;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In a request line.
    Line,
    /// In the header lines behind it.
    Head,
    /// Behind a head that announces a body: nothing is certain any more.
    Through,
}

/// The state of reading one connection.
#[derive(Debug)]
struct Reading {
    place: Place,
    /// The beginning of the current header line, in lower case.
    name: Vec<u8>,
    /// Whether the current header line holds anything but its end.
    filled: bool,
    /// Whether the head announces a body.
    body: bool,
}

impl Reading {
    fn new() -> Self {
        Self {
            place: Place::Line,
            name: Vec::with_capacity(NAME),
            filled: false,
            body: false,
        }
    }

    fn pass(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for (at, byte) in bytes.iter().enumerate() {
            match self.place {
                Place::Through => {
                    out.extend_from_slice(&bytes[at..]);
                    return;
                }
                Place::Line => match byte {
                    b'"' => out.extend_from_slice(b"%22"),
                    b'<' => out.extend_from_slice(b"%3C"),
                    b'>' => out.extend_from_slice(b"%3E"),
                    b'`' => out.extend_from_slice(b"%60"),
                    _ => {
                        out.push(*byte);
                        // Blank lines before a request line are part of nothing.
                        let blank = matches!(byte, b'\r' | b'\n') && !self.filled;
                        if *byte == b'\n' && !blank {
                            self.place = Place::Head;
                            self.filled = false;
                        } else if !blank {
                            self.filled = true;
                        }
                    }
                },
                Place::Head => {
                    out.push(*byte);
                    self.header(*byte);
                }
            }
        }
    }

    fn header(&mut self, byte: u8) {
        match byte {
            b'\n' if self.filled => {
                self.filled = false;
                self.name.clear();
            }
            b'\n' => {
                self.place = if self.body {
                    Place::Through
                } else {
                    Place::Line
                };
                self.name.clear();
            }
            b'\r' => {}
            _ => {
                self.filled = true;
                if self.name.len() < NAME {
                    self.name.push(byte.to_ascii_lowercase());
                    self.body |= self.name == b"content-length:"
                        || self.name == b"transfer-encoding:"
                        || self.name == b"upgrade:";
                }
            }
        }
    }
}

/// A connection whose request lines may hold characters that should have been encoded.
#[derive(Debug)]
pub(crate) struct Forgiving<S> {
    inner: S,
    reading: Reading,
    ready: Vec<u8>,
    given: usize,
}

impl<S> Forgiving<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self {
            inner,
            reading: Reading::new(),
            ready: Vec::new(),
            given: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Forgiving<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.given == this.ready.len() {
            if this.reading.place == Place::Through {
                return Pin::new(&mut this.inner).poll_read(context, buffer);
            }
            let mut chunk = [0; CHUNK];
            let mut read = ReadBuf::new(&mut chunk);
            match Pin::new(&mut this.inner).poll_read(context, &mut read) {
                Poll::Ready(Ok(())) => {}
                other => return other,
            }
            this.ready.clear();
            this.given = 0;
            this.reading.pass(read.filled(), &mut this.ready);
        }
        let rest = &this.ready[this.given..];
        let length = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..length]);
        this.given += length;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Forgiving<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passed(pieces: &[&[u8]]) -> String {
        let mut reading = Reading::new();
        let mut out = Vec::new();
        for piece in pieces {
            reading.pass(piece, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn request_lines_are_mended_and_nothing_else() {
        let two =
            b"GET /d/t?_where=a>1&b=\"x\" HTTP/1.1\r\nX: <a>\r\n\r\nGET /<b> HTTP/1.1\r\n\r\n";
        assert_eq!(
            passed(&[two]),
            "GET /d/t?_where=a%3E1&b=%22x%22 HTTP/1.1\r\nX: <a>\r\n\r\nGET /%3Cb%3E HTTP/1.1\r\n\r\n"
        );
    }

    #[test]
    fn bodies_and_what_follows_them_stay() {
        let post =
            "POST /> HTTP/1.1\r\nContent-Length: 9\r\n\r\nGET /a>b \r\nGET /> HTTP/1.1\r\n\r\n";
        let mended = post.replacen("/>", "/%3E", 1);
        assert_eq!(passed(&[post.as_bytes()]), mended);
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(cut in 0usize..70) {
            let text = b"GET /a>b HTTP/1.1\r\nHost: <x>\r\n\r\nGET /c<d HTTP/1.1\r\nHost: y\r\n\r\n";
            let cut = cut.min(text.len());
            prop_assert_eq!(passed(&[&text[..cut], &text[cut..]]), passed(&[text]));
        }
    }
}
