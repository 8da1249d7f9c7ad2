//! Packs a body: whole, or while it still comes.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use flate2::write::GzEncoder;
use futures_util::Stream;

use crate::content_coding::ContentCoding;

/// Bytes that are packed before other requests get their turn.
const TURN: usize = 32 * 1024;

/// Memory is bounded by the window of each format: with these it is below two megabytes for a
/// body, and packing takes a fraction of the time that making a page does.
const GZIP_LEVEL: u32 = 3;
const BROTLI_LEVEL: u32 = 2;
const BROTLI_WINDOW: u32 = 18;
const ZSTD_LEVEL: i32 = 2;
const ZSTD_WINDOW: u32 = 18;

/// A body on its way through one of the formats.
enum Packer {
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Zstd(zstd::Encoder<'static, Vec<u8>>),
}

impl Packer {
    fn new(coding: ContentCoding) -> io::Result<Self> {
        Ok(match coding {
            ContentCoding::Gzip => {
                let level = flate2::Compression::new(GZIP_LEVEL);
                Self::Gzip(GzEncoder::new(Vec::new(), level))
            }
            ContentCoding::Brotli => Self::Brotli(Box::new(brotli::CompressorWriter::new(
                Vec::new(),
                4096,
                BROTLI_LEVEL,
                BROTLI_WINDOW,
            ))),
            ContentCoding::Zstd => {
                let mut encoder = zstd::Encoder::new(Vec::new(), ZSTD_LEVEL)?;
                encoder.window_log(ZSTD_WINDOW)?;
                Self::Zstd(encoder)
            }
        })
    }

    fn as_write(&mut self) -> &mut dyn Write {
        match self {
            Self::Gzip(encoder) => encoder,
            Self::Brotli(encoder) => encoder.as_mut(),
            Self::Zstd(encoder) => encoder,
        }
    }

    /// What is packed so far.
    fn take(&mut self) -> Bytes {
        let packed = match self {
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Brotli(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
        };
        Bytes::from(std::mem::take(packed))
    }

    fn finish(self) -> io::Result<Bytes> {
        let packed = match self {
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Brotli(encoder) => encoder.into_inner(),
            Self::Zstd(encoder) => encoder.finish()?,
        };
        Ok(Bytes::from(packed))
    }
}

/// Packs a body that is whole. It should be small: nobody else gets a turn in between.
pub(crate) fn whole(coding: ContentCoding, body: &[u8]) -> io::Result<Bytes> {
    let mut packer = Packer::new(coding)?;
    packer.as_write().write_all(body)?;
    packer.finish()
}

/// Packs a body while it comes. What has come is sent on as soon as there is nothing more to pack
/// for now, so a slow export can be seen to grow.
///
/// # Errors
/// There is no memory for it; the body comes back as it is.
pub(crate) fn stream(coding: ContentCoding, body: Body) -> Result<Body, (io::Error, Body)> {
    let packer = match Packer::new(coding) {
        Ok(packer) => packer,
        Err(error) => return Err((error, body)),
    };
    Ok(Body::from_stream(Packing {
        parts: body.into_data_stream(),
        part: Bytes::new(),
        packer: Some(packer),
        unsent: false,
        failure: None,
    }))
}

struct Packing {
    parts: BodyDataStream,
    /// What of the last part is not packed yet.
    part: Bytes,
    /// `None` after the end.
    packer: Option<Packer>,
    /// Whether something was packed that a flush would bring out.
    unsent: bool,
    /// Why the body broke off, to be told after what came before.
    failure: Option<io::Error>,
}

impl Packing {
    /// Ends with this error. What was cut short must not end as if it were whole.
    fn fail(&mut self, error: io::Error) -> Poll<Option<io::Result<Bytes>>> {
        self.packer = None;
        Poll::Ready(Some(Err(error)))
    }

    /// Brings out what was packed so far; `None` when that is nothing.
    fn flushed(&mut self) -> io::Result<Option<Bytes>> {
        let Some(packer) = self.packer.as_mut().filter(|_| self.unsent) else {
            return Ok(None);
        };
        self.unsent = false;
        packer.as_write().flush()?;
        Ok(Some(packer.take()).filter(|packed| !packed.is_empty()))
    }

    /// Packs the next bit of a part.
    fn pack(&mut self) -> io::Result<Bytes> {
        let now = self.part.split_to(TURN.min(self.part.len()));
        let Some(packer) = &mut self.packer else {
            return Ok(Bytes::new());
        };
        packer.as_write().write_all(&now)?;
        self.unsent = true;
        Ok(packer.take())
    }
}

impl Stream for Packing {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let packing = self.get_mut();
        if packing.packer.is_none() {
            return Poll::Ready(None);
        }
        if let Some(error) = packing.failure.take() {
            return packing.fail(error);
        }
        while packing.part.is_empty() {
            match Pin::new(&mut packing.parts).poll_next(context) {
                Poll::Ready(Some(Ok(part))) => packing.part = part,
                Poll::Ready(None) => {
                    return Poll::Ready(packing.packer.take().map(Packer::finish));
                }
                Poll::Ready(Some(Err(error))) => {
                    let error = io::Error::other(error);
                    return match packing.flushed() {
                        Ok(Some(packed)) => {
                            packing.failure = Some(error);
                            Poll::Ready(Some(Ok(packed)))
                        }
                        Ok(None) | Err(_) => packing.fail(error),
                    };
                }
                Poll::Pending => {
                    return match packing.flushed() {
                        Ok(Some(packed)) => Poll::Ready(Some(Ok(packed))),
                        Ok(None) => Poll::Pending,
                        Err(error) => packing.fail(error),
                    };
                }
            }
        }
        match packing.pack() {
            Ok(packed) if !packed.is_empty() => Poll::Ready(Some(Ok(packed))),
            Ok(_) => {
                // Others get a turn.
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Err(error) => packing.fail(error),
        }
    }
}
