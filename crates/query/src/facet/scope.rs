//! The rows that facets look at.

use datasette_core::{ColumnRef, Fault, TableRef, identifier};

use super::request::{FacetKind, FacetRequest};
use super::{array, column, date};
use crate::binding::Params;
use crate::column_name::{ColumnName, Resolved, no_such_column};
use crate::question::TableQuestion;
use crate::table::TablePlan;

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

    /// Whether the facet can be counted. Kinds that only a plugin knows judge their columns
    /// themselves.
    ///
    /// # Errors
    /// 400 when the column does not exist or the request was not understood (FACET-13).
    pub fn check(&self, request: &FacetRequest) -> Result<(), Fault> {
        request.check()?;
        let name = request.column.as_str();
        match request.kind {
            FacetKind::Other(_) => return Ok(()),
            // A blank name reads as an empty text, one bucket of it (FACET-15).
            FacetKind::Column | FacetKind::Date if name.is_empty() => return Ok(()),
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
    /// The most values of a result.
    pub facet_size: u32,
}

impl Rows<'_> {
    /// The statement of a facet's results; `None` for kinds that only a plugin knows. Its columns
    /// are `value` and `count`; it gives up to one row more than `facet_size`. A name that is no
    /// column makes it fail: [`FacetScope::check`] tells before.
    pub fn results(self, kind: &FacetKind, column: &str) -> Option<String> {
        let write = match kind {
            FacetKind::Column => column::results,
            FacetKind::Date => date::results,
            FacetKind::Array => array::results,
            FacetKind::Other(_) => return None,
        };
        if column.is_empty() {
            return Some(write(self, "''"));
        }
        Some(write(self, &identifier::quote_if_needed(column)))
    }
}

/// A column of the catalogue as SQL.
pub(super) fn quoted(column: &ColumnRef) -> String {
    identifier::quote_if_needed(column.name()).into_owned()
}
