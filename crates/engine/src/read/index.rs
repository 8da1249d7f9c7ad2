//! Looking at the whole instance.

use std::cmp::Reverse;
use std::time::Duration;

use datasette_core::action::Instance as WholeInstance;
use datasette_core::action::ViewInstance;
use datasette_core::{Catalogue, DatabaseRef, Fault};
use datasette_permissions::Permit;
use futures_util::future::try_join_all;

use super::database::{count, listing, together};
use crate::Instance;
use crate::counts::CountTime;
use crate::page::{DatabaseSummary, IndexPage, TableSummary};

/// Mutable files from this size on are not counted for the index (INDEX-07), in bytes.
const LARGE: u64 = 100 * 1024 * 1024;

/// Reads the index page. `by_relationships` orders tables by foreign keys first (INDEX-09).
pub async fn read_index(
    instance: &Instance,
    permit: &Permit<ViewInstance>,
    catalogue: &Catalogue,
    by_relationships: bool,
) -> Result<IndexPage, Fault> {
    let actor = permit.actor();
    let visible = instance.gate.visible_databases(actor, catalogue).await?;
    // Each database has lanes of its own, so that all can be looked at in the time of the slowest.
    let summaries = visible.into_iter().map(async |visible| {
        let mut summary = summarise(instance, actor, visible.item, by_relationships).await?;
        summary.private = visible.private;
        Ok::<_, Fault>(summary)
    });
    let mut databases = try_join_all(summaries).await?;
    databases.sort_by(|one, other| one.database.name().cmp(other.database.name()));
    let private = instance
        .gate
        .is_private::<ViewInstance>(actor, &WholeInstance)
        .await?;
    Ok(IndexPage { databases, private })
}

async fn summarise(
    instance: &Instance,
    actor: Option<&datasette_core::Actor>,
    database: DatabaseRef,
    by_relationships: bool,
) -> Result<DatabaseSummary, Fault> {
    let mut listing = listing(instance, actor, &database).await?;
    let handle = instance.handle(&database)?;
    if !database.entry().is_mutable || handle.size_bytes() < LARGE {
        let time = CountTime {
            each: Duration::from_millis(10),
            together: database.entry().is_mutable.then(|| together(instance)),
            all_or_none: true,
        };
        count(instance, &database, &mut listing.tables, time).await?;
    }
    let counts_known = listing.tables.iter().all(|table| table.count.is_some());
    if !counts_known {
        for table in &mut listing.tables {
            table.count = None;
        }
    }
    let related = |table: &TableSummary| match by_relationships || !counts_known {
        true => table.incoming.len() + table.outgoing.len(),
        false => 0,
    };
    let place = |table: &TableSummary| {
        let count = table.count.map(|count| count.rows).unwrap_or_default();
        Reverse((related(table), count))
    };
    listing.tables.sort_by(|one, other| {
        let names = || other.table.name().cmp(one.table.name());
        place(one).cmp(&place(other)).then_with(names)
    });
    Ok(DatabaseSummary {
        relationships: listing.tables.iter().map(related).collect(),
        tables: listing.tables,
        views: listing.views,
        counts_known,
        private: false,
        database,
    })
}
