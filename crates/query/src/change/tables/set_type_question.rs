//! The body of `/{db}/{table}/-/set-column-type`, read (WRITE-115, WRITE-116).

use datasette_core::{ColumnRef, Fault, TableRef};
use serde_json::{Map, Value as Json};

/// Which column shall have which type.
#[derive(Clone, Debug)]
pub struct SetTypeQuestion {
    /// The column.
    pub column: ColumnRef,
    /// Its type; `None` takes it away.
    pub wanted: Option<WantedType>,
}

/// A type as a request names it; whether it exists and fits is decided elsewhere.
#[derive(Clone, Debug)]
pub struct WantedType {
    /// The name.
    pub name: String,
    /// Its configuration, where one was given.
    pub config: Option<Map<String, Json>>,
}

impl SetTypeQuestion {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with the first mistake (WRITE-116).
    pub fn parse(table: &TableRef, body: &Json) -> Result<Self, Fault> {
        let wrong = |words: String| Err(Fault::bad_request(words));
        let Some(object) = body.as_object() else {
            return wrong("JSON must be a dictionary".to_owned());
        };
        refuse_others(object, &["column", "column_type"], "Invalid parameter")?;
        let Some(column) = object.get("column") else {
            return wrong("\"column\" is required".to_owned());
        };
        let Some(column) = column.as_str() else {
            return wrong("\"column\" must be a string".to_owned());
        };
        let Some(wanted) = object.get("column_type") else {
            return wrong("\"column_type\" is required".to_owned());
        };
        let Some(column) = table.column(column) else {
            return wrong(format!("Column not found: {column}"));
        };
        let wanted = match wanted {
            Json::Null => None,
            Json::Object(wanted) => Some(WantedType::parse(wanted)?),
            _ => return wrong("\"column_type\" must be an object or null".to_owned()),
        };
        Ok(Self { column, wanted })
    }
}

impl WantedType {
    fn parse(object: &Map<String, Json>) -> Result<Self, Fault> {
        let wrong = |words: &str| Err(Fault::bad_request(words));
        refuse_others(object, &["type", "config"], "Invalid column_type parameter")?;
        let Some(name) = object.get("type") else {
            return wrong("\"column_type.type\" is required");
        };
        let Some(name) = name.as_str() else {
            return wrong("\"column_type.type\" must be a string");
        };
        let config = match object.get("config") {
            None | Some(Json::Null) => None,
            Some(Json::Object(config)) => Some(config.clone()),
            Some(_) => return wrong("\"column_type.config\" must be a dictionary"),
        };
        Ok(Self {
            name: name.to_owned(),
            config,
        })
    }
}

fn refuse_others(object: &Map<String, Json>, known: &[&str], words: &str) -> Result<(), Fault> {
    let mut others: Vec<&str> = object.keys().map(String::as_str).collect();
    others.retain(|key| !known.contains(key));
    if others.is_empty() {
        return Ok(());
    }
    others.sort_unstable();
    let others = others.join("\", \"");
    Err(Fault::bad_request(format!("{words}: \"{others}\"")))
}
