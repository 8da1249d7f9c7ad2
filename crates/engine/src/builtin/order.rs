//! The order in which the server's own plugins are registered.

use std::sync::Arc;

use datasette_hooks::Plugin;

/// Names in registration order (PLUG-27).
const NAMES: [&str; 21] = [
    "datasette.publish.heroku",
    "datasette.publish.cloudrun",
    "datasette.facets",
    "datasette.filters",
    "datasette.sql_functions",
    "datasette.actor_auth_cookie",
    "datasette.default_permissions",
    "datasette.default_permissions.tokens",
    "datasette.default_permissions.sqlite_statistics",
    "datasette.default_actions",
    "datasette.default_column_types",
    "datasette.default_magic_parameters",
    "datasette.blob_renderer",
    "datasette.default_debug_menu",
    "datasette.default_jump_items",
    "datasette.default_database_actions",
    "datasette.default_table_actions",
    "datasette.default_query_actions",
    "datasette.handle_exception",
    "datasette.forbidden",
    "datasette.events",
];

/// The plugins in that order, whichever crate they come from.
pub(crate) fn in_order(mut plugins: Vec<Arc<dyn Plugin>>) -> Vec<Arc<dyn Plugin>> {
    let place = |name: &str| NAMES.iter().position(|known| *known == name);
    plugins.sort_by_key(|plugin| place(plugin.name()).unwrap_or(NAMES.len()));
    plugins
}
