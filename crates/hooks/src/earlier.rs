//! Hooks that the original removed before 1.0 and that have no successor: plugins written for
//! earlier releases keep them.

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::plugin::Answer;

/// What plugins of earlier releases may still say. Asked only where a plugin has such a hook.
pub trait EarlierHooks: Send + Sync {
    /// Whether the request of this context may pass although another site started it
    /// (`skip_csrf`). Asked only about those that would be refused.
    fn skip_csrf<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<bool>>;

    /// Stores the queries that plugins make up anew for every request (`canned_queries`) as they
    /// are now. Asked before stored queries are looked for.
    fn canned_queries<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>>;
}
