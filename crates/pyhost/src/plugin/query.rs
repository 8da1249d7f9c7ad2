//! The arguments of hooks as they cross, under the names that Python plugins know.

use datasette_core::{Fault, FaultKind};
use datasette_hooks::{ActionTarget, CellBatch, Data, Event, Plain, TemplateSlot};
use indexmap::IndexMap;
use serde::Serialize;

/// A database and a table.
#[derive(Serialize)]
pub(super) struct Names<'a> {
    pub(super) database: &'a str,
    pub(super) table: &'a str,
}

#[derive(Serialize)]
pub(super) struct Action<'a> {
    pub(super) action: &'a str,
}

#[derive(Serialize)]
pub(super) struct Prepared<'a> {
    pub(super) database: &'a str,
}

#[derive(Serialize)]
pub(super) struct Message<'a> {
    pub(super) message: &'a str,
}

#[derive(Serialize)]
pub(super) struct GivenIds<'a> {
    pub(super) actor_ids: Vec<Plain<'a>>,
}

#[derive(Serialize)]
pub(super) struct Cells<'a> {
    pub(super) cells: &'a CellBatch,
}

#[derive(Serialize)]
pub(super) struct Happened<'a> {
    pub(super) event: &'a Event,
}

/// A fault as `handle_exception` learns it.
#[derive(Serialize)]
pub(super) struct SaidFault<'a> {
    status: u16,
    kind: &'static str,
    messages: &'a [String],
    title: Option<&'static str>,
    cause: Option<String>,
    /// The exception that it was, where Python raised it.
    exception: Option<u64>,
}

impl<'a> SaidFault<'a> {
    pub(super) fn of(fault: &'a Fault) -> Self {
        let kind = match fault.kind() {
            FaultKind::NotFound => "not_found",
            FaultKind::Forbidden => "forbidden",
            FaultKind::BadRequest => "bad_request",
            FaultKind::TooLarge => "payload_too_large",
            _ => "failed",
        };
        Self {
            status: fault.status(),
            kind,
            messages: fault.messages(),
            title: fault.title(),
            cause: fault.cause().map(ToString::to_string),
            exception: fault.raised(),
        }
    }
}

/// A row, as pairs: columns of a view may have one name.
type GivenRow<'a> = &'a [(String, Data)];

#[derive(Default, Serialize)]
pub(super) struct Target<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<GivenRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<IndexMap<&'a str, &'a str>>,
}

impl<'a> Target<'a> {
    fn database(database: &'a str) -> Self {
        Self {
            database: Some(database),
            ..Self::default()
        }
    }

    fn table(database: &'a str, table: &'a str) -> Self {
        Self {
            table: Some(table),
            ..Self::database(database)
        }
    }

    fn row(database: &'a str, table: &'a str, row: GivenRow<'a>) -> Self {
        Self {
            row: Some(row),
            ..Self::table(database, table)
        }
    }
}

/// What an actions menu is about.
pub(super) fn target(target: &ActionTarget) -> Target<'_> {
    match target {
        ActionTarget::Homepage => Target::default(),
        ActionTarget::Database { database } => Target::database(database),
        ActionTarget::Table { database, table } => Target::table(database, table),
        ActionTarget::View { database, view } => Target {
            view: Some(view),
            ..Target::database(database)
        },
        ActionTarget::Row {
            database,
            table,
            row,
        } => Target::row(database, table, row),
        ActionTarget::Query {
            database,
            query_name,
            sql,
            params,
        } => {
            let params = params.iter();
            Target {
                query_name: query_name.as_deref(),
                sql: sql.as_deref(),
                params: Some(params.map(|(name, value)| (&**name, &**value)).collect()),
                ..Target::database(database)
            }
        }
    }
}

/// What a slot of a page is about.
pub(super) fn slot(slot: &TemplateSlot) -> Target<'_> {
    match slot {
        TemplateSlot::Homepage => Target::default(),
        TemplateSlot::Database { database } => Target::database(database),
        TemplateSlot::Table { database, table } => Target::table(database, table),
        TemplateSlot::Row {
            database,
            table,
            row,
        } => Target::row(database, table, row),
        TemplateSlot::Query { database, sql } => Target {
            sql: sql.as_deref(),
            ..Target::database(database)
        },
        TemplateSlot::StoredQuery {
            database,
            query_name,
        } => Target {
            query_name: Some(query_name),
            ..Target::database(database)
        },
    }
}
