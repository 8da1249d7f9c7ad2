//! The page that a thread is rendering. Rendering never waits, so it begins and ends on one thread;
//! macros that were imported without context know their page by this alone.

use std::cell::RefCell;
use std::sync::Arc;

use super::needs::Needs;
use super::page_scripts::PageScripts;

thread_local! {
    static CURRENT: RefCell<Option<Arc<PageScripts>>> = const { RefCell::new(None) };
}

/// Ends with the rendering.
pub(crate) struct Entered {
    before: Option<Arc<PageScripts>>,
}

/// Begins the rendering of a page.
pub(crate) fn enter(scripts: &Arc<PageScripts>) -> Entered {
    let before = CURRENT.replace(Some(Arc::clone(scripts)));
    Entered { before }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

/// The number of the page; empty outside of one.
pub(crate) fn nonce() -> String {
    let number = CURRENT.with_borrow(|page| page.as_ref().map(|page| page.nonce().to_owned()));
    number.unwrap_or_default()
}

/// Notes what a template of the page needs.
pub(crate) fn add(bits: u8) {
    CURRENT.with_borrow(|page| {
        if let Some(page) = page {
            page.add(Needs::of_bits(bits));
        }
    });
}
