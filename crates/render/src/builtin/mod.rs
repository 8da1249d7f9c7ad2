//! Formats as the plugins that `datasette plugins --all` lists.

mod blob_renderer;
mod column_types;

use std::sync::Arc;

use datasette_hooks::{Plugin, PluginInfo};

/// The plugins of this crate.
pub fn plugins() -> Vec<Arc<dyn Plugin>> {
    vec![
        Arc::new(column_types::ColumnTypes),
        Arc::new(blob_renderer::Blobs),
    ]
}

/// What listings show about a plugin that is part of the server (PLUG-31).
fn built_in(plugin: &dyn Plugin) -> PluginInfo {
    let mut info = PluginInfo::new(plugin.name(), plugin.implements());
    info.built_in = true;
    info
}
