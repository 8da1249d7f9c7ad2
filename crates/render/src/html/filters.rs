//! The `filters` object of templates (CTX-58): what the filter form shows.

use std::fmt;
use std::sync::Arc;

use datasette_core::QueryString;
use datasette_engine::ask::lookups;
use datasette_engine::page::table::Question;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};

/// The active filters and the operators on offer.
#[derive(Debug)]
pub struct Filters {
    columns: Vec<String>,
    selections: Vec<(String, String, String)>,
}

impl Filters {
    /// Of a question that was asked with these arguments and whose page shows these columns.
    pub fn new(question: &Question, shown: &[String], query: &QueryString) -> Self {
        let table = &question.table;
        let mut columns = shown.to_vec();
        let rest = table.columns.iter().map(|column| &column.name);
        columns.extend(rest.filter(|name| !shown.contains(name)).cloned());
        let mut arguments: Vec<&(String, String)> = query
            .pairs()
            .iter()
            .filter(|(key, _)| !key.starts_with('_') || key.contains("__"))
            .collect();
        // By argument, as the conditions stand in the statement: `name` before `name__contains`.
        arguments.sort();
        let selections = arguments
            .into_iter()
            .map(|(key, value)| {
                let (column, lookup) = key.rsplit_once("__").unwrap_or((key, "exact"));
                (column.to_owned(), lookup.to_owned(), value.clone())
            })
            .collect();
        Self {
            columns,
            selections,
        }
    }

    /// The columns on offer: those of the page, then the rest of the table (HTML-42).
    pub fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }
}

impl Object for Filters {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<Filters>")
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        _args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "has_selections" => Ok(Value::from(!self.selections.is_empty())),
            "selections" => Ok(self
                .selections
                .iter()
                .map(|(column, lookup, value)| {
                    Value::from(vec![column.clone(), lookup.clone(), value.clone()])
                })
                .collect()),
            "lookups" => Ok(lookups()
                .map(|lookup| {
                    Value::from(vec![
                        Value::from(lookup.key),
                        Value::from(lookup.label),
                        Value::from(lookup.takes_no_value),
                    ])
                })
                .collect()),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}
