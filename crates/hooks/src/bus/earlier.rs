//! Hooks that the original removed. One that fails says nothing, which opens nothing.

use super::Bus;
use super::isolation::settle;
use crate::context::Context;
use crate::earlier::EarlierHooks;
use crate::plugin::Plugin;

impl Bus {
    fn earlier(&self) -> impl Iterator<Item = (&dyn Plugin, &dyn EarlierHooks)> {
        let plugins = self.earlier.iter().map(|index| &*self.plugins[*index]);
        plugins.filter_map(|plugin| Some((plugin, plugin.earlier()?)))
    }

    /// Whether a plugin lets a request pass that another site started.
    pub async fn skip_csrf(&self, context: &Context<'_>) -> bool {
        for (plugin, hooks) in self.earlier() {
            match settle(async { hooks.skip_csrf(context).await }).await {
                Ok(true) => return true,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(plugin = plugin.name(), "skip_csrf failed: {error}");
                }
            }
        }
        false
    }

    /// Has plugins store the queries that they make up.
    pub async fn canned_queries(&self, context: &Context<'_>) {
        for (plugin, hooks) in self.earlier() {
            if let Err(error) = settle(async { hooks.canned_queries(context).await }).await {
                tracing::error!(plugin = plugin.name(), "canned_queries failed: {error}");
            }
        }
    }
}
