//! Which scripts of a page may run: those of the server, of templates and of plugins carry a number
//! that nobody can guess, and the Content-Security-Policy of the page names it. Markup that comes
//! from cells has no such number, so nothing in it runs even where something failed to escape it.

pub(crate) mod current;
mod markup;
mod needs;
mod nonce;
mod page_scripts;
mod policy;
mod template;

pub use needs::Needs;
pub use page_scripts::PageScripts;
pub use template::with_nonces;
pub(crate) use template::{NEEDS_FUNCTION, NONCE_FUNCTION, end_of, end_of_raw};
