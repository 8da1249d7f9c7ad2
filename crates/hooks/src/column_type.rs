//! Column types: what a column's values mean, declared by plugins.

use datasette_core::schema::Affinity;
use datasette_core::{Actor, Given, Value};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::cell::CellContent;
use crate::context::Context;
use crate::plugin::{Answer, ready};

/// A column's assigned type (HOOK-105).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignedType {
    /// Name of the type.
    pub name: String,
    /// Its configuration for this column; null without any.
    #[serde(default, serialize_with = "crate::wire::plain")]
    pub config: Json,
}

/// A column, as those are told who render its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnPlace<'a> {
    /// The database.
    pub database: &'a str,
    /// The table or view.
    pub table: &'a str,
    /// Its name.
    pub column: &'a str,
}

/// A kind of column (HOOK-102). Methods work on all values of a column at once.
pub trait ColumnType: Send + Sync {
    /// The name that configuration uses.
    fn name(&self) -> &str;

    /// What people read.
    fn description(&self) -> &str;

    /// Affinities it may be assigned to; empty means any (HOOK-104).
    fn affinities(&self) -> &[Affinity] {
        &[]
    }

    /// What the cells show, one answer per value (HOOK-108); by default nothing special.
    fn render_cells<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _place: ColumnPlace<'a>,
        _config: &'a Json,
        values: &'a [Value],
    ) -> BoxFuture<'a, Answer<Vec<Option<CellContent>>>> {
        ready(vec![None; values.len()])
    }

    /// Whether a value may be stored: `Some` is the message that refuses it (HOOK-109). Also called
    /// for null and empty text (HOOK-110).
    fn validate<'a>(
        &'a self,
        _actor: Option<&'a Actor>,
        _config: &'a Json,
        _value: &'a Given,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    /// Whether [`ColumnType::transform_values`] does anything; pages skip it otherwise.
    fn transforms(&self) -> bool {
        false
    }

    /// What table JSON shows instead of the values, one per value (HOOK-111).
    fn transform_values<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _config: &'a Json,
        _values: &'a [Value],
    ) -> BoxFuture<'a, Answer<Vec<Json>>> {
        ready(Vec::new())
    }
}
