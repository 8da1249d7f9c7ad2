//! What a page contains that the strict policy would stop.

use std::sync::atomic::{AtomicU8, Ordering};

/// Needs of markup, templates and scripts; a page has those of all its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs(u8);

impl Needs {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Scripts in attributes, or written into the page as it loads: no number helps them.
    pub const INLINE: Self = Self(1);
    /// Links and forms that lead to `javascript:`.
    pub const SCRIPT_URLS: Self = Self(16);
    /// `object` and `embed` elements.
    pub const OBJECTS: Self = Self(2);
    /// A `base` element.
    pub const BASE: Self = Self(4);
    /// Scripts that are not the server's, which may turn text into code (`eval`).
    pub const FOREIGN: Self = Self(8);

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// All of these but those.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether scripts must run that stand in attributes, URLs or markup without a number.
    pub fn any_inline(self) -> bool {
        self.has(Self::INLINE) || self.has(Self::SCRIPT_URLS)
    }

    /// Whether all of these are among them.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// As a number, for templates.
    pub(super) fn bits(self) -> u8 {
        self.0
    }

    /// The needs of that number.
    pub(crate) fn of_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// Needs that are collected from several places.
#[derive(Debug, Default)]
pub(super) struct Collected(AtomicU8);

impl Collected {
    pub(super) fn add(&self, needs: Needs) {
        self.0.fetch_or(needs.0, Ordering::Relaxed);
    }

    pub(super) fn all(&self) -> Needs {
        Needs(self.0.load(Ordering::Relaxed))
    }
}
