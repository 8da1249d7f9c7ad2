//! `datasette.default_debug_menu`: pages about the instance in the jump menu (DEBUG-20).

use datasette_hooks::{
    Answer, Context, HookName, HookSet, JumpContribution, JumpItem, Plugin, PluginInfo, UrlOf,
};
use futures_util::future::BoxFuture;

use super::listed::built_in;

/// Label, path and description, in the documented order.
const PAGES: [(&str, &str, &str); 11] = [
    (
        "Databases",
        "/-/databases",
        "The attached databases and their files.",
    ),
    (
        "Installed plugins",
        "/-/plugins",
        "The plugins of this server and their hooks.",
    ),
    (
        "Version info",
        "/-/versions",
        "Versions of the server and of SQLite.",
    ),
    ("Settings", "/-/settings", "The settings that are in force."),
    (
        "Debug permissions",
        "/-/permissions",
        "Who may do what, and why.",
    ),
    (
        "Debug messages",
        "/-/messages",
        "Leave messages that the next page shows.",
    ),
    (
        "Debug allow rules",
        "/-/allow-debug",
        "Whom an allow block lets in.",
    ),
    (
        "Debug autocomplete",
        "/-/debug/autocomplete",
        "Find rows of a table by typing.",
    ),
    (
        "Debug threads",
        "/-/threads",
        "What the server is working on.",
    ),
    ("Debug actor", "/-/actor", "Who the server thinks you are."),
    (
        "Pattern portfolio",
        "/-/patterns",
        "Every element that pages are made of.",
    ),
];

/// The plugin.
pub(super) struct DebugMenu;

impl Plugin for DebugMenu {
    fn name(&self) -> &str {
        "datasette.default_debug_menu"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[HookName::JumpItemsSql])
    }

    fn info(&self) -> PluginInfo {
        built_in(self)
    }

    fn jump_items_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<JumpContribution>> {
        Box::pin(async move {
            let host = context.host();
            let mut found = JumpContribution::default();
            if !host
                .allowed(context.actor(), "debug-menu", None, None)
                .await?
            {
                return Ok(found);
            }
            for (label, path, description) in PAGES {
                found.items.push(JumpItem {
                    kind: "debug".to_owned(),
                    label: label.to_owned(),
                    description: Some(description.to_owned()),
                    url: host.url(&UrlOf::Path(path.to_owned()))?,
                    search_text: format!("debug {label} {description}"),
                    display_name: None,
                });
            }
            Ok(found)
        })
    }
}
