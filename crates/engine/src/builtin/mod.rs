//! Features of the engine as the plugins that `datasette plugins --all` lists: they use the same
//! seam as everybody's.

mod debug_menu;
mod facets;
mod jump_items;
mod listed;
mod magic_parameters;
mod order;
mod write_actions;

use std::sync::Arc;

use datasette_core::clock::Clock;
use datasette_hooks::Plugin;

pub(crate) use order::in_order;

/// The plugins of this crate.
pub(crate) fn plugins(clock: &Arc<dyn Clock>) -> Vec<Arc<dyn Plugin>> {
    vec![
        Arc::new(facets::Facets),
        Arc::new(listed::FILTERS),
        Arc::new(listed::SQL_FUNCTIONS),
        Arc::new(listed::EVENTS),
        Arc::new(listed::TABLE_ACTIONS),
        Arc::new(listed::PUBLISH_CLOUDRUN),
        Arc::new(listed::PUBLISH_HEROKU),
        Arc::new(magic_parameters::MagicParameters::new(Arc::clone(clock))),
        Arc::new(debug_menu::DebugMenu),
        Arc::new(jump_items::JumpItems),
        Arc::new(write_actions::DatabaseActions),
        Arc::new(write_actions::QueryActions),
    ]
}
