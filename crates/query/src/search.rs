//! Full-text search: `_search` and `_search_COL`.

use datasette_core::{Fault, QueryString, TableRef, Value, identifier};

use crate::binding::Bindings;
use crate::column_name::ColumnName;
use crate::defaults::TableDefaults;

/// A search in a full-text table.
#[derive(Clone, Debug)]
pub struct Search {
    /// The full-text table.
    pub fts_table: TableRef,
    /// The column of the searched table that full-text rowids are matched with (SEARCH-04).
    pub fts_pk: ColumnName,
    /// Whether the text is passed on unescaped (SEARCH-10).
    pub raw: bool,
    /// What is searched, at least one.
    pub terms: Vec<SearchTerm>,
    rowid: ColumnName,
}

/// One text to search.
#[derive(Clone, Debug)]
pub struct SearchTerm {
    /// The full-text column, `None` for all of them.
    pub column: Option<ColumnName>,
    /// The search text.
    pub text: String,
}

/// Whether the query string searches at all.
pub(crate) fn is_requested(arguments: &QueryString) -> bool {
    arguments.pairs().iter().any(|(key, _)| is_search(key))
}

pub(crate) fn is_search(key: &str) -> bool {
    key == "_search" || key.starts_with("_search_")
}

/// The name of the full-text table: configured, else found (SEARCH-01).
pub(crate) fn full_text_table<'a>(
    table: &'a TableRef,
    defaults: &'a TableDefaults,
) -> Option<&'a str> {
    defaults
        .fts_table
        .as_deref()
        .filter(|name| !name.is_empty())
        .or(table.fts_table.as_deref())
}

fn fts_pk(defaults: &TableDefaults) -> &str {
    defaults.fts_pk.as_deref().unwrap_or("rowid")
}

/// Whether `_fts_table` or `_fts_pk` name another table or key than the effective ones (SEARCH-13).
pub(crate) fn asks_elsewhere(
    table: &TableRef,
    arguments: &QueryString,
    defaults: &TableDefaults,
) -> bool {
    let differs = |key, effective: Option<&str>| {
        arguments
            .get(key)
            .is_some_and(|asked| !asked.is_empty() && Some(asked) != effective)
    };
    differs("_fts_table", full_text_table(table, defaults))
        || differs("_fts_pk", Some(fts_pk(defaults)))
}

impl Search {
    /// Reads the search arguments; `None` without any, or when the table has no full-text table
    /// (SEARCH-14).
    ///
    /// # Errors
    /// 400 when `_fts_table` or `_fts_pk` differ from the effective ones (SEARCH-13), for a column
    /// the full-text table lacks (SEARCH-08), and when the configured table does not exist.
    pub(crate) fn parse(
        table: &TableRef,
        arguments: &QueryString,
        defaults: &TableDefaults,
    ) -> Result<Option<Self>, Fault> {
        if asks_elsewhere(table, arguments, defaults) {
            return Err(Fault::bad_request("Invalid _fts_table or _fts_pk"));
        }
        let fts_table = full_text_table(table, defaults);
        let fts_pk = fts_pk(defaults);
        let Some(fts_table) = fts_table.filter(|_| is_requested(arguments)) else {
            return Ok(None);
        };
        let fts_table = table
            .database()
            .table(fts_table)
            .ok_or_else(|| Fault::invalid_sql(format!("no such table: {fts_table}")))?;
        let terms = terms(&fts_table, arguments)?;
        Ok(Some(Self {
            fts_pk: ColumnName::resolve(table, fts_pk),
            // Column search always goes by rowid; a view finds nothing that way (SEARCH-09).
            rowid: ColumnName::resolve(table, "rowid"),
            raw: match arguments.get("_searchmode") {
                Some("raw") => true,
                Some("escaped") => false,
                _ => defaults.search_raw,
            },
            fts_table,
            terms,
        }))
    }

    /// The text of `_search`, or the last column's text: what the search box shows (SEARCH-19).
    pub fn text(&self) -> Option<&str> {
        self.terms.last().map(|term| term.text.as_str())
    }

    fn key(&self, term: &SearchTerm) -> &ColumnName {
        match term.column {
            None => &self.fts_pk,
            Some(_) => &self.rowid,
        }
    }

    /// # Errors
    /// 400 when the searched table lacks the column that full-text rowids are matched with.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.terms
            .iter()
            .try_for_each(|term| self.key(term).check())
    }

    /// Adds the conditions (SEARCH-05, SEARCH-06).
    pub(crate) fn write(&self, bindings: &mut Bindings, conditions: &mut Vec<String>) {
        let fts = identifier::quote_if_needed(self.fts_table.name());
        for (index, term) in self.terms.iter().enumerate() {
            let key = self.key(term).sql();
            let (left, name) = match &term.column {
                None => (fts.clone(), "search".to_owned()),
                Some(column) => (column.sql(), format!("search_{index}")),
            };
            let matched = if self.raw {
                format!(":{name}")
            } else {
                format!("escape_fts(:{name})")
            };
            conditions.push(format!(
                "{key} in (select rowid from {fts} where {left} match {matched})"
            ));
            bindings.named(&name, Value::from(term.text.as_str()));
        }
    }

    /// Adds the clauses of the description (SEARCH-16).
    pub(crate) fn describe(&self, clauses: &mut Vec<String>) {
        for term in &self.terms {
            let text = &term.text;
            clauses.push(match &term.column {
                None => format!("search matches \"{text}\""),
                Some(column) => {
                    format!("search column \"{}\" matches \"{text}\"", column.spelled())
                }
            });
        }
    }
}

fn terms(fts_table: &TableRef, arguments: &QueryString) -> Result<Vec<SearchTerm>, Fault> {
    if let Some(text) = arguments.get("_search") {
        return Ok(vec![SearchTerm {
            column: None,
            text: text.to_owned(),
        }]);
    }
    let mut terms: Vec<SearchTerm> = Vec::new();
    for (key, text) in arguments.pairs() {
        let Some(name) = key.strip_prefix("_search_") else {
            continue;
        };
        if fts_table.column(name).is_none() {
            return Err(Fault::bad_request("Cannot search by that column"));
        }
        let seen = |term: &SearchTerm| {
            term.column
                .as_ref()
                .is_some_and(|column| column.spelled() == name)
        };
        if !terms.iter().any(seen) {
            terms.push(SearchTerm {
                column: Some(ColumnName::resolve(fts_table, name)),
                text: text.clone(),
            });
        }
    }
    Ok(terms)
}
