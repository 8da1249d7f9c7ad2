//! The arguments that choose rows, without those that say how a page shows them.

use datasette_core::QueryString;

use crate::{filter, search};

/// What an exact count looks at (COUNT-06): filters, `_where`, `_through` and the search.
pub fn conditions_only(arguments: &QueryString) -> QueryString {
    arguments.without(|key, _| {
        let others = ["_where", "_through", "_searchmode", "_fts_table", "_fts_pk"];
        !(filter::is_filter(key) || search::is_search(key) || others.contains(&key))
    })
}
