//! What happens to every request before it is routed and to every answer after it was made.

pub(crate) mod caching;
pub(crate) mod compression;
pub(crate) mod cors;
pub(crate) mod csrf;
pub(crate) mod head;
mod origin;
pub(crate) mod telemetry;
pub(crate) mod trace;
