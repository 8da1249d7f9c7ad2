//! A cheap checksum of a long stream, to see that two servers sent the same bytes.

/// Mixes a stream eight bytes at a time, whatever the sizes of the pieces it arrives in.
///
/// Not cryptographic: it has to cost next to nothing while a server is being measured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fingerprint {
    state: u64,
    pending: [u8; 8],
    pending_length: usize,
    length: u64,
    lines: u64,
}

impl Fingerprint {
    /// Takes the next piece of the stream.
    pub(crate) fn feed(&mut self, mut piece: &[u8]) {
        self.length += piece.len() as u64;
        self.lines += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
        if self.pending_length > 0 {
            let taken = piece.len().min(8 - self.pending_length);
            self.pending[self.pending_length..self.pending_length + taken]
                .copy_from_slice(&piece[..taken]);
            self.pending_length += taken;
            piece = &piece[taken..];
            if self.pending_length < 8 {
                return;
            }
            self.mix(u64::from_le_bytes(self.pending));
            self.pending = [0; 8];
            self.pending_length = 0;
        }
        let (words, rest) = piece.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        self.pending[..rest.len()].copy_from_slice(rest);
        self.pending_length = rest.len();
    }

    /// Bytes seen so far.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Line feeds seen so far.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    fn mix(&mut self, word: u64) {
        self.state = (self.state ^ word)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pieces: &[&[u8]]) -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        for piece in pieces {
            fingerprint.feed(piece);
        }
        fingerprint
    }

    #[test]
    fn pieces_do_not_matter() {
        let whole = of(&[b"one,two,three\r\nfour,five,six\r\n"]);
        let text = b"one,two,three\r\nfour,five,six\r\n";
        for cut in 0..text.len() {
            assert_eq!(of(&[&text[..cut], &text[cut..]]), whole, "cut at {cut}");
        }
        let single: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(of(&single), whole);
        assert_eq!(whole.lines(), 2);
        assert_eq!(whole.length(), text.len() as u64);
    }

    #[test]
    fn one_changed_byte_shows() {
        assert_ne!(of(&[b"aaaaaaaaaaaaaaaa"]), of(&[b"aaaaaaabaaaaaaaa"]));
        assert_ne!(of(&[b"abc"]), of(&[b"abd"]));
    }
}
