//! Memory that a thread of the server shares with a thread of Python.
//!
//! | place | what | written by |
//! |---|---|---|
//! | 0 | number of the question, modulo 256 | the server |
//! | 64 | number of the last question that was answered | Python |
//! | 128 | 1 while Python sleeps | Python |
//! | 192 | 1 while the server sleeps | the server |
//! | 256 | the question | the server |
//! | 256 + [`ROOM`] | the answer | Python |
//!
//! The numbers lie apart, so that no processor waits for what another one writes beside them.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::atomic::AtomicU8;

use memmap2::MmapRaw;

/// Longest question and longest answer, in bytes. What is longer goes through a file.
pub(super) const ROOM: usize = 256 * 1024;

const QUESTION: usize = 256;
const ANSWER: usize = QUESTION + ROOM;
const SIZE: usize = ANSWER + ROOM;

/// The numbers at the start.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Asked = 0,
    Answered = 64,
    PythonSleeps = 128,
    ServerSleeps = 192,
}

/// The memory of one line.
pub(super) struct Memory {
    map: MmapRaw,
}

impl Memory {
    /// Makes it, at a path where there is nothing yet.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).open(path)?;
        file.set_len(SIZE as u64)?;
        let map = MmapRaw::map_raw(&file)?;
        Ok(Self { map })
    }

    /// One of the numbers.
    #[expect(unsafe_code, reason = "another process writes here, too")]
    pub(super) fn mark(&self, mark: Mark) -> &AtomicU8 {
        // SAFETY: the place is inside of the mapping, which lives as long as the reference does, and
        // on this side it is used as an atomic only. A byte needs no alignment.
        unsafe { AtomicU8::from_ptr(self.map.as_mut_ptr().add(mark as usize)) }
    }

    /// Writes the question, which must not be longer than [`ROOM`]. Python does not look at it before
    /// its number changes.
    #[expect(unsafe_code, reason = "another process reads here")]
    pub(super) fn write_question(&self, question: &[u8]) {
        assert!(question.len() <= ROOM);
        // SAFETY: both places have that many bytes, and lie apart; no reference to the mapping's bytes
        // exists anywhere.
        unsafe {
            let place = self.map.as_mut_ptr().add(QUESTION);
            std::ptr::copy_nonoverlapping(question.as_ptr(), place, question.len());
        }
    }

    /// Reads a part of the answer; `None` where it is outside. Python writes nothing there between
    /// its answer and the next question.
    #[expect(unsafe_code, reason = "another process writes here")]
    pub(super) fn read_answer(&self, start: usize, part: &mut [u8]) -> Option<()> {
        let end = start.checked_add(part.len())?;
        if end > ROOM {
            return None;
        }
        // SAFETY: both places have that many bytes, which was just checked for the mapping, and lie
        // apart; no reference to the mapping's bytes exists anywhere.
        unsafe {
            let place = self.map.as_ptr().add(ANSWER + start);
            std::ptr::copy_nonoverlapping(place, part.as_mut_ptr(), part.len());
        }
        Some(())
    }
}
