//! What listings show about found plugins, and plugins that are found but do not run.

use datasette_hooks::{HookSet, Plugin, PluginInfo};

use super::installed::InstalledPlugin;
use super::one_file::OneFilePlugin;

impl InstalledPlugin {
    /// What listings show (PLUG-33, PLUG-34). `hooks` are the names of all functions that the
    /// plugin marks as implementations, in any order, which only Python can tell (PLUG-36).
    pub fn info(&self, hooks: Vec<String>) -> PluginInfo {
        PluginInfo {
            has_static: self.static_folder.is_some(),
            templates: self.templates_folder.is_some(),
            version: self.version.clone(),
            static_path: self.static_folder.clone(),
            templates_path: self.templates_folder.clone(),
            ..info(&self.distribution, hooks)
        }
    }
}

impl OneFilePlugin {
    /// What listings show (PLUG-21, PLUG-33); `hooks` as for installed plugins.
    pub fn info(&self, hooks: Vec<String>) -> PluginInfo {
        info(&self.name, hooks)
    }
}

fn info(name: &str, mut hooks: Vec<String>) -> PluginInfo {
    hooks.sort_unstable();
    hooks.dedup();
    PluginInfo {
        hooks,
        ..PluginInfo::new(name, HookSet::default())
    }
}

/// A plugin that was found and does not run: it has files, but nothing calls it.
#[derive(Clone, Debug)]
pub struct RestingPlugin {
    info: PluginInfo,
}

impl RestingPlugin {
    /// The plugin that listings show like this.
    pub fn new(info: PluginInfo) -> Self {
        Self { info }
    }
}

impl Plugin for RestingPlugin {
    fn name(&self) -> &str {
        &self.info.name
    }

    fn implements(&self) -> HookSet {
        HookSet::default()
    }

    fn info(&self) -> PluginInfo {
        self.info.clone()
    }
}
