//! Features that are listed as plugins although nothing calls them.

use datasette_hooks::{HookName, HookSet, Plugin, PluginInfo};

/// A feature that works somewhere else than behind its hook.
pub(super) struct Listed {
    name: &'static str,
    hooks: HookSet,
}

/// `_where`, `_search` and `_through` are part of the question that `datasette_query` reads: their
/// columns and tables have to be looked up in the catalogue and their permissions checked before
/// anything about them is told, which text from a hook could not be.
pub(super) const FILTERS: Listed = Listed {
    name: "datasette.filters",
    hooks: HookSet::of(&[HookName::FiltersFromRequest]),
};

/// `escape_fts` is registered by every connection for itself, because a search must find it even
/// on connections that no plugin prepares.
pub(super) const SQL_FUNCTIONS: Listed = Listed {
    name: "datasette.sql_functions",
    hooks: HookSet::of(&[HookName::PrepareConnection]),
};

/// The server's events are told where they happen, and renamed tables are seen on the write lane:
/// a wrapper would cost every write the transaction that it could share.
pub(super) const EVENTS: Listed = Listed {
    name: "datasette.events",
    hooks: HookSet::of(&[HookName::RegisterEvents, HookName::WriteWrapper]),
};

/// The page knows whether its visitor may alter the table, for its dialog: the entry of its menu need
/// not ask once more.
pub(super) const TABLE_ACTIONS: Listed = Listed {
    name: "datasette.default_table_actions",
    hooks: HookSet::of(&[HookName::TableActions]),
};

/// `datasette publish` knows its own targets before any plugin is looked for.
pub(super) const PUBLISH_CLOUDRUN: Listed = Listed {
    name: "datasette.publish.cloudrun",
    hooks: HookSet::of(&[HookName::PublishSubcommand]),
};

/// As [`PUBLISH_CLOUDRUN`].
pub(super) const PUBLISH_HEROKU: Listed = Listed {
    name: "datasette.publish.heroku",
    hooks: HookSet::of(&[HookName::PublishSubcommand]),
};

impl Plugin for Listed {
    fn name(&self) -> &str {
        self.name
    }

    /// None: a call that never adds anything would make every page pay for it.
    fn implements(&self) -> HookSet {
        HookSet::EMPTY
    }

    fn info(&self) -> PluginInfo {
        let mut info = PluginInfo::new(self.name, self.hooks);
        info.built_in = true;
        info
    }
}

/// What listings show about a plugin that is part of the server (PLUG-31).
pub(super) fn built_in(plugin: &dyn Plugin) -> PluginInfo {
    let mut info = PluginInfo::new(plugin.name(), plugin.implements());
    info.built_in = true;
    info
}
