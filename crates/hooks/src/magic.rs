//! Parameters of stored queries that fill themselves in.

use std::fmt;
use std::sync::Arc;

use datasette_core::Value;
use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::plugin::Answer;

/// Gives the value of `:_PREFIX_REST`.
pub trait MagicResolver: Send + Sync {
    /// The value for the text after the prefix (HOOK-156). An error fails the request (HOOK-158).
    fn value<'a>(&'a self, context: &'a Context<'a>, rest: &'a str)
    -> BoxFuture<'a, Answer<Value>>;

    /// Whether there is an answer at all. Without one, queries that read get NULL (QUERY-35), and
    /// those that write are not run (STORED-32 to STORED-34).
    fn has_answer(&self, _context: &Context<'_>, _rest: &str) -> bool {
        true
    }
}

/// A prefix with what resolves it (HOOK-155).
#[derive(Clone)]
pub struct MagicParameter {
    /// The prefix, for instance `now`.
    pub prefix: String,
    /// Gives the values.
    pub resolver: Arc<dyn MagicResolver>,
}

impl MagicParameter {
    /// A prefix with what resolves it.
    pub fn new(prefix: impl Into<String>, resolver: impl MagicResolver + 'static) -> Self {
        Self {
            prefix: prefix.into(),
            resolver: Arc::new(resolver),
        }
    }
}

impl fmt::Debug for MagicParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MagicParameter({:?})", self.prefix)
    }
}
