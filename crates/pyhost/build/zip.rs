//! A zip archive of small files, the same for the same files.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// The earliest time that the format can tell: 1980-01-01.
const DATE: u16 = 0x0021;
/// Version 2.0 of the format, which brought folders and compression.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const DEFLATED: u16 = 8;
/// Made on Unix, with the mode of the file in the upper half of its attributes.
const MADE_BY: u16 = (3 << 8) | VERSION;
const MODE: u32 = 0o100_644 << 16;

/// An archive in the making.
#[derive(Default)]
pub(crate) struct Zip {
    content: Vec<u8>,
    directory: Vec<u8>,
    number: u16,
}

impl Zip {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        // Writing to memory cannot fail.
        let _ = encoder.write_all(content);
        let packed = encoder.finish().unwrap_or_default();
        let mut crc = Crc::new();
        crc.update(content);
        let start = self.content.len() as u32;
        let mut common = Vec::new();
        for number in [VERSION, UTF8, DEFLATED, 0, DATE] {
            common.extend(number.to_le_bytes());
        }
        for number in [crc.sum(), packed.len() as u32, content.len() as u32] {
            common.extend(number.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        // No extra field.
        common.extend(0_u16.to_le_bytes());
        self.content.extend(b"PK\x03\x04");
        self.content.extend(&common);
        self.content.extend(name.as_bytes());
        self.content.extend(packed);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(MADE_BY.to_le_bytes());
        self.directory.extend(&common);
        // No comment, the first disk, no marks.
        self.directory.extend([0; 6]);
        self.directory.extend(MODE.to_le_bytes());
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.number += 1;
    }

    /// The whole archive.
    pub(crate) fn end(mut self) -> Vec<u8> {
        let start = self.content.len() as u32;
        self.content.extend(&self.directory);
        self.content.extend(b"PK\x05\x06");
        self.content.extend([0; 4]);
        self.content.extend(self.number.to_le_bytes());
        self.content.extend(self.number.to_le_bytes());
        self.content
            .extend((self.directory.len() as u32).to_le_bytes());
        self.content.extend(start.to_le_bytes());
        self.content.extend([0; 2]);
        self.content
    }
}
