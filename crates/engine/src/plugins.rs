//! The plugins of an instance in registration order.

use std::sync::Arc;

use datasette_hooks::{Plugin, PluginInfo};
use datasette_permissions::{Authority, default_plugins};

use crate::builtin;

/// The plugins that an instance is started with, beside those of the engine and the permissions.
#[derive(Default)]
pub struct Plugins {
    /// Installed distributions.
    pub installed: Vec<Arc<dyn Plugin>>,
    /// Part of the server, from the crates above this one: formats and HTTP.
    pub built_in: Vec<Arc<dyn Plugin>>,
    /// Files of the plugins directory.
    pub files: Vec<Arc<dyn Plugin>>,
}

impl Plugins {
    /// What listings show about those that are not part of the server, in registration order.
    pub fn infos(&self) -> Vec<PluginInfo> {
        let foreign = self.installed.iter().chain(&self.files);
        foreign.map(|plugin| plugin.info()).collect()
    }

    /// All plugins in registration order: installed ones, the server's own (PLUG-27), files
    /// (PLUG-13).
    pub fn all(self, authority: &Authority) -> Vec<Arc<dyn Plugin>> {
        let mut own = default_plugins(authority);
        own.extend(builtin::plugins(&authority.clock));
        own.extend(self.built_in);
        let mut all = self.installed;
        all.extend(builtin::in_order(own));
        all.extend(self.files);
        all
    }
}
