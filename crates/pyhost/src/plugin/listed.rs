//! A Python plugin as listings show it. What it does goes through its segment.

use datasette_hooks::{HookSet, Plugin, PluginInfo};

use super::declared::DeclaredPlugin;

pub(super) struct Listed(pub(super) DeclaredPlugin);

impl Plugin for Listed {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn implements(&self) -> HookSet {
        HookSet::EMPTY
    }

    fn info(&self) -> PluginInfo {
        let plugin = &self.0;
        PluginInfo {
            name: plugin.name.clone(),
            has_static: plugin.static_path.is_some(),
            templates: plugin.templates_path.is_some(),
            version: plugin.version.clone(),
            hooks: plugin.hooks.clone(),
            built_in: false,
            static_path: plugin.static_path.clone(),
            templates_path: plugin.templates_path.clone(),
        }
    }
}
