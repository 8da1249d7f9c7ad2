//! The rows that facets look at.

use std::borrow::Cow;

use datasette_core::{ColumnRef, Fault, TableRef, Value, identifier};

use super::request::{FacetKind, FacetRequest};
use super::{array, column, date};
use crate::binding::Params;
use crate::column_name::{ColumnName, Resolved, is_rowid_name, no_such_column};
use crate::question::TableQuestion;
use crate::table::TablePlan;

/// The name under which a facet binds a text that was given in place of a column.
const TEXT: &str = "facet_text";

/// The matching rows of a page, whatever part of them the page shows (FACET-08, FACET-45).
#[derive(Clone, Debug)]
pub struct FacetScope {
    /// The table or view.
    pub table: TableRef,
    /// [`TablePlan::filtered_sql`].
    pub filtered_sql: String,
    /// Its values.
    pub params: Params,
    /// The most values of a result; one more is fetched to see whether there are more (FACET-32).
    pub facet_size: u32,
}

impl FacetScope {
    /// The scope of a page.
    pub fn new(question: &TableQuestion, plan: &TablePlan) -> Self {
        Self {
            table: question.table.clone(),
            filtered_sql: plan.filtered_sql.clone(),
            params: plan.count_params.clone(),
            facet_size: question.facet_size,
        }
    }

    /// The names of the table's columns.
    pub fn columns(&self) -> Vec<String> {
        let names = self.table.columns.iter().map(|column| column.name.clone());
        names.collect()
    }

    /// Whether the facet can be counted. Kinds that only a plugin knows judge their columns
    /// themselves. The rowid is NULL in rows that are selected without it.
    ///
    /// # Errors
    /// 400 when the column does not exist or the request was not understood (FACET-13).
    pub fn check(&self, request: &FacetRequest) -> Result<(), Fault> {
        request.check()?;
        let name = request.column.as_str();
        match request.kind {
            FacetKind::Other(_) => return Ok(()),
            FacetKind::Column | FacetKind::Date if self.is_text(name) || is_rowid_name(name) => {
                return Ok(());
            }
            _ => {}
        }
        let selected = match ColumnName::resolve(&self.table, name).resolved() {
            Resolved::Column(_) => true,
            Resolved::Rowid => self.table.uses_rowid(),
            Resolved::Null | Resolved::Unknown => false,
        };
        if selected {
            Ok(())
        } else {
            Err(no_such_column(name))
        }
    }

    /// Whether SQL reads the name as a text, one bucket of it (FACET-15): it is no column, and
    /// cannot stand without quotes.
    fn is_text(&self, name: &str) -> bool {
        matches!(identifier::quote_if_needed(name), Cow::Owned(_))
            && ColumnName::resolve(&self.table, name).is_unknown()
    }

    /// The columns to consider for suggestions of a kind: all but those that have a facet of the
    /// kind already (FACET-38, FACET-42, FACET-14). The rowid never qualifies.
    pub fn candidates(&self, kind: &FacetKind, facets: &[FacetRequest]) -> Vec<ColumnRef> {
        let enabled = |name: &str| {
            facets
                .iter()
                .any(|facet| facet.kind == *kind && facet.column == name)
        };
        (0..self.table.columns.len())
            .filter_map(|index| self.table.column_at(index))
            .filter(|column| !enabled(column.name()))
            .collect()
    }
}

/// The rows that a facet is counted over, as SQL.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// The statement that selects them.
    pub sql: &'a str,
    /// The columns of their table.
    pub columns: &'a [String],
    /// The most values of a result.
    pub facet_size: u32,
}

impl Rows<'_> {
    /// The statement of a facet's results and the values it binds beyond those of the rows; `None`
    /// for kinds that only a plugin knows. Its columns are `value` and `count`; it gives up to one
    /// row more than `facet_size`. A name that is no column is a text where it needs quotes;
    /// elsewhere it makes the statement fail, which [`FacetScope::check`] tells before.
    pub fn results(self, kind: &FacetKind, column: &str) -> Option<(String, Params)> {
        let write = match kind {
            FacetKind::Column => column::results,
            FacetKind::Date => date::results,
            FacetKind::Array => array::results,
            FacetKind::Other(_) => return None,
        };
        let known = |known: &String| known.eq_ignore_ascii_case(column);
        match identifier::quote_if_needed(column) {
            Cow::Owned(_) if !self.columns.iter().any(known) => {
                let params = vec![(TEXT.to_owned(), Value::from(column))];
                Some((write(self, &format!(":{TEXT}")), params))
            }
            name => Some((write(self, &name), Params::new())),
        }
    }
}

/// A column of the catalogue as SQL.
pub(super) fn quoted(column: &ColumnRef) -> String {
    identifier::quote_if_needed(column.name()).into_owned()
}
