//! What a plugin is told when it asks for its configuration.

use datasette_core::Fault;
use serde_json::Value;

use crate::config::Config;

impl Config {
    /// The configuration of a plugin, secrets resolved. Asked for a database or a table it is the
    /// most specific value there is (CONF-55 to CONF-58); without `fallback` only the value of
    /// exactly that level. Null when there is none.
    ///
    /// # Errors
    /// A file that a `$file` names cannot be read (CONF-60).
    pub fn plugin_config(
        &self,
        plugin: &str,
        database: Option<&str>,
        table: Option<&str>,
        fallback: bool,
    ) -> Result<Value, Fault> {
        let found = self.find_plugin_config(plugin, database, table, fallback);
        let environment = |name: &str| std::env::var(name).ok();
        resolve_secrets(found.unwrap_or(&Value::Null), &environment)
    }

    fn find_plugin_config(
        &self,
        plugin: &str,
        database: Option<&str>,
        table: Option<&str>,
        fallback: bool,
    ) -> Option<&Value> {
        let root = self.instance.plugins.get(plugin);
        if database.is_none() && table.is_none() {
            return root;
        }
        let database = database.and_then(|name| self.databases.get(name));
        let of_database = database
            .and_then(|database| database.plugins.get(plugin))
            .filter(|value| !value.is_null());
        let of_table = table.and_then(|table| {
            let value = database?.tables.get(table)?.plugins.get(plugin)?;
            Some(value).filter(|value| !value.is_null())
        });
        match (table, fallback) {
            (_, true) => of_table.or(of_database).or(root),
            (Some(_), false) => of_table,
            (None, false) => of_database,
        }
    }
}

/// A copy in which `{"$env": NAME}` is the variable or null (CONF-59) and `{"$file": PATH}` the
/// text of the file (CONF-60). An object with any other key stays as it is (CONF-61).
///
/// # Errors
/// A file cannot be read.
pub fn resolve_secrets(
    value: &Value,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Value, Fault> {
    match value {
        Value::Object(keys) => {
            let only = keys.iter().next().filter(|_| keys.len() == 1);
            match only {
                Some((key, name)) if key == "$env" => {
                    let found = name.as_str().and_then(environment);
                    Ok(found.map_or(Value::Null, Value::String))
                }
                Some((key, path)) if key == "$file" => file_text(path),
                _ => {
                    let resolved = keys
                        .iter()
                        .map(|(key, value)| Ok((key.clone(), resolve_secrets(value, environment)?)))
                        .collect::<Result<_, Fault>>()?;
                    Ok(Value::Object(resolved))
                }
            }
        }
        Value::Array(items) => {
            let resolved = items.iter().map(|item| resolve_secrets(item, environment));
            Ok(Value::Array(resolved.collect::<Result<_, Fault>>()?))
        }
        other => Ok(other.clone()),
    }
}

fn file_text(path: &Value) -> Result<Value, Fault> {
    let Some(path) = path.as_str() else {
        return Err(Fault::internal(
            "a $file in plugin configuration names no path",
        ));
    };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Value::String(text)),
        Err(error) => Err(Fault::internal(format!("reading {path}: {error}"))),
    }
}

#[cfg(test)]
mod tests;
