//! A body on its way out: collected whole, or handed over in chunks while rows still come.

use std::io::{self, Write};

use bytes::Bytes;

/// Takes one chunk; an error means that the reader has gone.
pub type Deliver = Box<dyn FnMut(Bytes) -> io::Result<()> + Send>;

/// Size at which a chunk is handed over, in bytes.
const CHUNK: usize = 32 * 1024;

/// A writer that keeps everything, or delivers each full chunk.
pub struct ChunkWriter {
    buffer: Vec<u8>,
    written: u64,
    deliver: Option<Deliver>,
    /// Size of the first chunk.
    first: usize,
    begun: bool,
    escaping: bool,
}

impl ChunkWriter {
    /// Keeps everything.
    pub fn collecting() -> Self {
        Self {
            buffer: Vec::with_capacity(CHUNK),
            written: 0,
            deliver: None,
            first: CHUNK,
            begun: false,
            escaping: false,
        }
    }

    /// Delivers chunks of about 32 KB.
    pub fn delivering(deliver: Deliver) -> Self {
        Self {
            buffer: Vec::with_capacity(CHUNK + 4096),
            written: 0,
            deliver: Some(deliver),
            first: CHUNK,
            begun: false,
            escaping: false,
        }
    }

    /// Holds back the first bytes, so that what fails early is still a response of its own.
    pub fn holding_back(self, bytes: usize) -> Self {
        Self {
            first: bytes.max(CHUNK),
            ..self
        }
    }

    /// From here on, what is written is text inside an HTML page, or no longer.
    pub fn set_escaping(&mut self, escaping: bool) {
        self.escaping = escaping;
    }

    /// Bytes written so far, delivered or not.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Whether anything was delivered.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// Delivers what is left.
    pub fn finish(&mut self) -> io::Result<()> {
        self.hand_over(1)
    }

    /// What was kept.
    pub fn into_bytes(self) -> Vec<u8> {
        self.buffer
    }

    fn hand_over(&mut self, at_least: usize) -> io::Result<()> {
        if let Some(deliver) = &mut self.deliver
            && self.buffer.len() >= at_least
        {
            let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK + 4096));
            deliver(Bytes::from(chunk))?;
            self.begun = true;
        }
        Ok(())
    }
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = self.buffer.len();
        match self.escaping {
            true => escape(&mut self.buffer, bytes),
            false => self.buffer.extend_from_slice(bytes),
        }
        self.written += (self.buffer.len() - before) as u64;
        self.hand_over(if self.begun { CHUNK } else { self.first })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// As [`crate::html::cell::escape`], for bytes that may end in the middle of a character.
fn escape(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            other => out.push(*other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn full_chunks_are_delivered_and_the_rest_at_the_end() {
        let (sender, receiver) = mpsc::channel();
        let mut writer = ChunkWriter::delivering(Box::new(move |chunk| {
            sender
                .send(chunk.len())
                .map_err(|_| io::ErrorKind::BrokenPipe.into())
        }));
        writer.write_all(&[b'x'; CHUNK + 1]).unwrap();
        writer.write_all(b"yz").unwrap();
        writer.finish().unwrap();
        assert_eq!(receiver.try_iter().collect::<Vec<_>>(), [CHUNK + 1, 2]);
        assert_eq!(writer.written(), CHUNK as u64 + 3);
        drop(receiver);
        assert!(writer.write_all(&[b'x'; CHUNK + 1]).is_err());
    }
}
