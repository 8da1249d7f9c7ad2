//! Kinds of facets.

use datasette_core::{QueryString, Value};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::context::Context;
use crate::plugin::{Answer, ready};
use crate::wire::Data;

/// The rows that facets are counted over (HOOK-91).
#[derive(Clone, Debug, Default)]
pub struct FacetScope {
    /// The database.
    pub database: String,
    /// The table or view; `None` for a query.
    pub table: Option<String>,
    /// The page's SELECT without order and limit.
    pub sql: String,
    /// Its named parameters.
    pub params: Vec<(String, Value)>,
    /// Its columns.
    pub columns: Vec<String>,
    /// Number of rows, when it has been counted.
    pub row_count: Option<u64>,
    /// At most this many values per facet.
    pub facet_size: usize,
    /// The page's query string.
    pub arguments: QueryString,
}

/// One facet that was asked for, by the URL or by configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetRequest {
    /// The column, where the kind has one.
    pub column: String,
    /// The request as the URL or the configuration spells it.
    #[serde(serialize_with = "crate::wire::plain")]
    pub config: Json,
    /// Whether it came from configuration and so cannot be hidden.
    pub from_metadata: bool,
}

/// A statement with its named parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetSql {
    /// The text.
    pub sql: String,
    /// Named parameters beyond those of the scope.
    pub params: Vec<(String, Value)>,
}

/// One value of a facet with its count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetValue {
    /// The value.
    pub value: Data,
    /// What people read.
    pub label: Data,
    /// Number of rows.
    pub count: u64,
    /// Where a click leads.
    pub toggle_url: String,
    /// Whether the page is filtered by it.
    pub selected: bool,
}

/// A counted facet (HOOK-93).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetResult {
    /// Its name, usually the column.
    pub name: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The most frequent values.
    pub results: Vec<FacetValue>,
    /// Whether there are more.
    pub truncated: bool,
    /// Whether a visitor can take it away.
    pub hideable: bool,
    /// Where taking it away leads.
    pub toggle_url: String,
}

/// A proposed facet (HOOK-92).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetSuggestion {
    /// Its name, usually the column.
    pub name: String,
    /// Where a click leads.
    pub toggle_url: String,
    /// Further keys, for instance `type`.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

/// What a kind found when it does its own counting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacetOutcome {
    /// Counted facets.
    pub results: Vec<FacetResult>,
    /// Names of facets that ran out of time.
    pub timed_out: Vec<String>,
}

/// A kind of facet (HOOK-90). A kind either gives SQL, which the engine runs together with the
/// rest of the page, or counts by itself.
pub trait FacetKind: Send + Sync {
    /// Its name, for instance `column` or `date`.
    fn name(&self) -> &str;

    /// The argument that asks for it: `_facet` for columns, else `_facet_NAME`.
    fn argument(&self) -> String {
        format!("_facet_{}", self.name())
    }

    /// The statement that counts values, yielding `value` and `count`; `None` when this kind
    /// counts by itself.
    fn results_sql(&self, _scope: &FacetScope, _request: &FacetRequest) -> Option<FacetSql> {
        None
    }

    /// The statement that finds out whether the column is worth proposing, if there is one: it is
    /// when the first value of its first row is neither null nor zero.
    fn suggest_sql(&self, _scope: &FacetScope, _column: &str) -> Option<FacetSql> {
        None
    }

    /// Whether [`FacetKind::results`] and [`FacetKind::suggest`] do anything; pages skip them
    /// otherwise.
    fn works_alone(&self) -> bool {
        false
    }

    /// Counts by itself.
    fn results<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _scope: &'a FacetScope,
    ) -> BoxFuture<'a, Answer<FacetOutcome>> {
        ready(FacetOutcome::default())
    }

    /// Proposes by itself.
    fn suggest<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _scope: &'a FacetScope,
    ) -> BoxFuture<'a, Answer<Vec<FacetSuggestion>>> {
        ready(Vec::new())
    }
}
