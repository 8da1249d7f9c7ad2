//! Calls the plugins: in order, merged, one's failure kept from the others.
//!
//! Order (PLUG-67): implementations marked first, then unmarked, then marked last; within each
//! group the most recently registered is called first. A hook that no plugin implements costs a
//! look at one empty list.

mod answer;
mod earlier;
mod handle;
mod isolation;
mod register;
#[cfg(test)]
mod tests;

pub use isolation::{settle, settle_now};

use std::cmp::Reverse;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use datasette_core::Actor;

use crate::context::Context;
use crate::hook_name::{HookName, HookSet};
use crate::host::HostServices;
use crate::no_host::NoHost;
use crate::plugin::{Plugin, PluginInfo};
use crate::request::RequestInfo;

/// A value with the plugin it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution<T> {
    /// Name of the plugin.
    pub plugin: String,
    /// What it contributed.
    pub value: T,
}

/// All plugins, ready to be called.
pub struct Bus {
    plugins: Vec<Arc<dyn Plugin>>,
    /// Indexes into `plugins` by hook, in call order.
    orders: Vec<Vec<usize>>,
    implemented: HookSet,
    /// Indexes of those of `plugins` that have hooks of earlier releases.
    earlier: Vec<usize>,
    /// Which of `plugins` are part of the server.
    built_in: Vec<bool>,
    host: OnceLock<Weak<dyn HostServices>>,
}

impl Bus {
    /// A bus with these plugins in registration order (PLUG-13).
    pub fn new(plugins: Vec<Arc<dyn Plugin>>) -> Self {
        let sets: Vec<_> = plugins.iter().map(|plugin| plugin.implements()).collect();
        let orders: Vec<Vec<usize>> = HookName::ALL
            .iter()
            .map(|hook| {
                let mut order: Vec<_> = (0..plugins.len())
                    .filter(|index| sets[*index].contains(*hook))
                    .collect();
                order.sort_by_key(|index| (plugins[*index].priority(*hook), Reverse(*index)));
                order
            })
            .collect();
        let implemented = HookName::ALL
            .iter()
            .copied()
            .filter(|hook| !orders[*hook as usize].is_empty())
            .collect();
        let built_in = plugins.iter().map(|one| one.info().built_in).collect();
        let earlier = 0..plugins.len();
        let earlier = earlier.filter(|index| plugins[*index].earlier().is_some());
        Self {
            earlier: earlier.collect(),
            plugins,
            built_in,
            orders,
            implemented,
            host: OnceLock::new(),
        }
    }

    /// Lets plugins reach the server. The bus does not keep the server alive. Only the first call
    /// counts.
    pub fn attach_host(&self, host: &Arc<dyn HostServices>) {
        let _ = self.host.set(Arc::downgrade(host));
    }

    /// Whether any plugin implements the hook.
    pub fn implements(&self, hook: HookName) -> bool {
        self.implemented.contains(hook)
    }

    /// All plugins in registration order.
    pub fn plugins(&self) -> &[Arc<dyn Plugin>] {
        &self.plugins
    }

    /// The plugins that implement the hook, in call order.
    pub fn implementers(&self, hook: HookName) -> impl DoubleEndedIterator<Item = &dyn Plugin> {
        self.orders[hook as usize]
            .iter()
            .map(|index| &*self.plugins[*index])
    }

    /// What listings show, sorted by name (PLUG-37); `all` includes the built-in ones (PLUG-38).
    pub fn infos(&self, all: bool) -> Vec<PluginInfo> {
        let listed = self.plugins.iter().filter(|plugin| plugin.is_listed());
        let mut infos: Vec<_> = listed.map(|plugin| plugin.info()).collect();
        infos.retain(|info| all || !info.built_in);
        infos.sort_by(|left, right| left.name.cmp(&right.name));
        infos
    }

    /// The circumstances of the hook calls of one request.
    pub fn context<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        request: Option<&'a RequestInfo>,
    ) -> Context<'a> {
        let host = self.host.get().and_then(Weak::upgrade);
        Context {
            bus: self,
            host: host.unwrap_or_else(|| Arc::new(NoHost)),
            actor,
            request,
        }
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.plugins.iter().map(|plugin| plugin.name()))
            .finish()
    }
}
