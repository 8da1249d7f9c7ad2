//! What pages tell about a table beside its rows.

use datasette_config::SETTINGS;
use datasette_core::TableRef;
use serde_json::{Map, Value as Json};

use crate::visit::Visit;

/// Metadata of the table with its column descriptions (EXTRA-33).
pub(crate) fn metadata(visit: &Visit, table: &TableRef) -> Json {
    let metadata = &visit.app.instance.config.metadata;
    let (database, name) = (table.database().name(), table.name());
    let mut keys = metadata.table(database, name).cloned().unwrap_or_default();
    let columns = metadata
        .columns(database, name)
        .cloned()
        .unwrap_or_default();
    keys.insert("columns".to_owned(), Json::Object(columns));
    Json::Object(keys)
}

/// All settings by name (CTX-70).
pub(crate) fn settings(visit: &Visit) -> Json {
    let settings = &visit.app.instance.config.settings;
    let all: Map<String, Json> = SETTINGS
        .iter()
        .map(|setting| (setting.name.to_owned(), settings.get(setting.name)))
        .collect();
    Json::Object(all)
}
