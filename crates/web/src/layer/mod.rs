//! What happens to every request before it is routed and to every answer after it was made.

pub mod caching;
pub mod cors;
pub mod csrf;
