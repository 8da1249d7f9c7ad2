//! Looking at one database.

use std::collections::HashSet;
use std::time::Duration;

use datasette_core::action::{ExecuteSql, ViewDatabase};
use datasette_core::schema::ForeignKey;
use datasette_core::{Actor, DatabaseRef, Fault, TableRef};
use datasette_permissions::{Permit, Visible};

use crate::Instance;
use crate::counts::CountTime;
use crate::page::{DatabasePage, TableSummary, ViewSummary};

/// The tables and views that an actor may see.
pub(crate) struct Listing {
    pub(crate) tables: Vec<TableSummary>,
    pub(crate) views: Vec<ViewSummary>,
}

/// Whether the tables of a database page are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Each within its limit (DB-06).
    Capped,
    /// Not at all: their names and columns are enough.
    None,
}

/// Reads a database page: tables, views, what the actor may do.
pub async fn read_database(
    instance: &Instance,
    permit: &Permit<ViewDatabase>,
    counting: Counting,
) -> Result<DatabasePage, Fault> {
    let (database, actor) = (permit.resource(), permit.actor());
    let handle = instance.handle(database)?;
    let mut listing = listing(instance, actor, database).await?;
    let time = if database.entry().is_mutable {
        CountTime {
            each: Duration::from_millis(100),
            together: Some(together(instance)),
            all_or_none: false,
        }
    } else {
        // An immutable file is counted once and the result kept (DB-07).
        CountTime {
            each: Duration::from_secs(3600),
            together: None,
            all_or_none: false,
        }
    };
    if counting == Counting::Capped {
        count(instance, database, &mut listing.tables, time).await?;
    }
    listing.tables.sort_by(|one, other| {
        (one.hidden, one.table.name()).cmp(&(other.hidden, other.table.name()))
    });
    Ok(DatabasePage {
        database: database.clone(),
        private: instance
            .gate
            .is_private::<ViewDatabase>(actor, database)
            .await?,
        size: handle.size_bytes(),
        tables: listing.tables,
        views: listing.views,
        allow_execute_sql: instance
            .gate
            .allows::<ExecuteSql>(actor, database)
            .await?
            .is_some(),
    })
}

/// How long all tables of a database that may change are counted: as long as one query may take.
pub(crate) fn together(instance: &Instance) -> Duration {
    Duration::from_millis(u64::from(instance.config.settings.sql_time_limit_ms))
}

/// Fills in the counts.
pub(crate) async fn count(
    instance: &Instance,
    database: &DatabaseRef,
    tables: &mut [TableSummary],
    time: CountTime,
) -> Result<(), Fault> {
    let handle = instance.handle(database)?;
    let refs: Vec<TableRef> = tables.iter().map(|summary| summary.table.clone()).collect();
    let counts = instance.counts.of(database, &handle, &refs, time).await?;
    for (summary, count) in tables.iter_mut().zip(counts) {
        summary.count = count;
    }
    Ok(())
}

/// Everything the actor may see, without counts: views sorted by name, tables in schema order.
pub(crate) async fn listing(
    instance: &Instance,
    actor: Option<&Actor>,
    database: &DatabaseRef,
) -> Result<Listing, Fault> {
    let visible: Vec<Visible<TableRef>> = instance.gate.visible_tables(actor, database).await?;
    let has_keys = |entry: &Visible<TableRef>| {
        !entry.item.incoming.is_empty() || !entry.item.outgoing.is_empty()
    };
    let names: HashSet<&str> = match visible.iter().any(has_keys) {
        true => visible.iter().map(|entry| entry.item.name()).collect(),
        false => HashSet::new(),
    };
    let seen = |keys: &[ForeignKey]| -> Vec<ForeignKey> {
        let mut keys: Vec<ForeignKey> = keys
            .iter()
            .filter(|key| names.contains(key.other_table.as_str()))
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    let (mut tables, mut views) = (Vec::new(), Vec::new());
    for entry in &visible {
        let table = entry.item.clone();
        if table.is_view() {
            views.push(ViewSummary {
                view: table,
                private: entry.private,
            });
            continue;
        }
        let configured = instance.config.table(database.name(), table.name());
        tables.push(TableSummary {
            count: None,
            hidden: table.hidden || configured.is_some_and(|config| config.hidden),
            incoming: seen(&table.incoming),
            outgoing: seen(&table.outgoing),
            fts_table: (table.fts_table.clone()).filter(|name| names.contains(name.as_str())),
            private: entry.private,
            table,
        });
    }
    views.sort_by(|one, other| one.view.name().cmp(other.view.name()));
    Ok(Listing { tables, views })
}
