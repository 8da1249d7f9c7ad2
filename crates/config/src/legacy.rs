//! Metadata files of old hold configuration too: it moves to where it belongs (CONF-95 to
//! CONF-100).

use serde_json::{Map, Value};

use crate::keys;
use crate::mistake::{Mistake, Place, kind_name};

/// Moves `plugins`, `allow` and table options from the metadata to the configuration. What the
/// metadata says wins (CONF-97); what it leaves empty is removed (CONF-99). Answers the paths of
/// what moved.
///
/// # Errors
/// The configuration has something else where a mapping is needed.
pub(crate) fn move_to_configuration(
    metadata: &mut Map<String, Value>,
    configuration: &mut Map<String, Value>,
) -> Result<Vec<Vec<String>>, Mistake> {
    let mut moved = Vec::new();
    take_plugins_and_allow(metadata, &mut Vec::new(), &mut moved);
    take_table_options(metadata, &mut moved);
    let mut paths = Vec::with_capacity(moved.len());
    for (path, value) in moved {
        put(configuration, &path, value)?;
        paths.push(path);
    }
    prune(metadata);
    Ok(paths)
}

type Moved = Vec<(Vec<String>, Value)>;

fn take_plugins_and_allow(
    keys: &mut Map<String, Value>,
    path: &mut Vec<String>,
    moved: &mut Moved,
) {
    let names: Vec<String> = keys.keys().cloned().collect();
    for name in names {
        if name == "plugins" || name == "allow" {
            if let Some(value) = keys.shift_remove(&name) {
                path.push(name);
                moved.push((path.clone(), value));
                path.pop();
            }
        } else if let Some(Value::Object(inner)) = keys.get_mut(&name) {
            path.push(name);
            take_plugins_and_allow(inner, path, moved);
            path.pop();
        }
    }
}

fn take_table_options(metadata: &mut Map<String, Value>, moved: &mut Moved) {
    let databases = metadata.get_mut("databases").and_then(Value::as_object_mut);
    for (database, keys) in databases.into_iter().flatten() {
        let tables = keys.get_mut("tables").and_then(Value::as_object_mut);
        for (table, keys) in tables.into_iter().flatten() {
            let Value::Object(keys) = keys else { continue };
            for option in table_options() {
                if let Some(value) = keys.shift_remove(option) {
                    let path = ["databases", database, "tables", table, option];
                    moved.push((path.map(str::to_owned).to_vec(), value));
                }
            }
        }
    }
}

/// Those keys of a table that are moved wherever they stand are gone already.
fn table_options() -> impl Iterator<Item = &'static str> {
    keys::TABLE.moving()
}

fn put(
    configuration: &mut Map<String, Value>,
    path: &[String],
    value: Value,
) -> Result<(), Mistake> {
    // CONF-100: a query cannot be made of rules alone. One that configuration has gets them.
    if let [databases, database, queries, query, ..] = path
        && databases == "databases"
        && queries == "queries"
        && !open_query(configuration, database, query)
    {
        return Ok(());
    }
    let Some((last, above)) = path.split_last() else {
        return Ok(());
    };
    let mut target = configuration;
    for (depth, step) in above.iter().enumerate() {
        let next = target.entry(step.clone()).or_insert(Value::Null);
        if next.is_null() {
            *next = Value::Object(Map::new());
        }
        let found = kind_name(next);
        let Value::Object(next) = next else {
            let path = path[..=depth].to_vec();
            let message = format!("{} must be a mapping, not {found}", path.join("."));
            return Err(Mistake::new(path, message));
        };
        target = next;
    }
    target.insert(last.clone(), value);
    Ok(())
}

/// Whether configuration has that query; one that is SQL alone becomes a mapping.
fn open_query(configuration: &mut Map<String, Value>, database: &str, query: &str) -> bool {
    let entry = configuration
        .get_mut("databases")
        .and_then(|databases| databases.get_mut(database))
        .and_then(|database| database.get_mut("queries"))
        .and_then(|queries| queries.get_mut(query));
    match entry {
        Some(Value::Object(_)) => true,
        Some(entry @ Value::String(_)) => {
            let sql = entry.take();
            *entry = Value::Object(Map::from_iter([("sql".to_owned(), sql)]));
            true
        }
        _ => false,
    }
}

fn prune(keys: &mut Map<String, Value>) {
    for value in keys.values_mut() {
        if let Value::Object(inner) = value {
            prune(inner);
        }
    }
    keys.retain(|_, value| !value.as_object().is_some_and(Map::is_empty));
}

/// Checks that the parts of metadata that must be mappings are (META-01).
pub(crate) fn check_shape(metadata: &Value) -> Result<(), Mistake> {
    let root = Place::root(metadata);
    let databases = root.get("databases");
    for (name, value) in databases.mapping()?.into_iter().flatten() {
        let database = databases.at(name, value);
        database.mapping()?;
        let tables = database.get("tables");
        for (name, value) in tables.mapping()?.into_iter().flatten() {
            let table = tables.at(name, value);
            table.mapping()?;
            table.get("columns").mapping()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
