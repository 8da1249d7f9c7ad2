//! How far an actor's own SQL may see: permissions hold inside of it too.

use std::collections::HashSet;
use std::sync::Arc;

use datasette_core::{Actor, DatabaseRef, Fault};
use datasette_sqlite::{ReadScope, Reader};

use crate::Instance;

/// What SQL of an actor may read on one visit.
#[derive(Clone, Debug)]
pub(crate) struct Scope(Option<Arc<ReadScope>>);

impl Scope {
    /// Everything: for statements that the operator vouches for.
    pub(crate) const EVERYTHING: Self = Self(None);

    /// What this actor may read with SQL run on this database, files attached to it included: all
    /// tables that the actor may view. Everything, where the setting `table_permissions_in_sql` is
    /// off.
    pub(crate) async fn of(
        instance: &Instance,
        actor: Option<&Actor>,
        database: &DatabaseRef,
    ) -> Result<Self, Fault> {
        if !instance.config.settings.table_permissions_in_sql {
            return Ok(Self::EVERYTHING);
        }
        let handle = instance.handle(database)?;
        let attached = &handle.options().attached;
        let catalogue = instance.registry.catalogue();
        let mut seen = vec![("main", database.clone())];
        seen.extend(attached.iter().filter_map(|file| {
            let database = catalogue.database(&file.name)?;
            Some((file.name.as_str(), database))
        }));
        let mut hidden = Vec::with_capacity(seen.len());
        for (_, database) in &seen {
            hidden.push(instance.gate.hidden_tables(actor, database).await?);
        }
        if hidden.iter().all(Vec::is_empty) {
            return Ok(Self::EVERYTHING);
        }
        let mut scope = ReadScope::default();
        for ((name, database), hidden) in seen.iter().zip(&hidden) {
            let hidden: HashSet<&str> = hidden.iter().map(|table| table.name()).collect();
            let tables = database.schema().tables.keys().map(String::as_str);
            let readable = tables.filter(|table| !hidden.contains(table));
            scope.add(name, readable, hidden.iter().copied());
        }
        Ok(Self(Some(Arc::new(scope))))
    }

    /// Whether the text names a table that may not be read.
    pub(crate) fn is_named_in(&self, sql: &str) -> bool {
        self.0.as_ref().is_some_and(|scope| scope.is_named_in(sql))
    }

    /// Keeps what follows on this visit within the scope.
    pub(crate) fn keep(&self, reader: &mut Reader<'_>) {
        if let Some(scope) = &self.0 {
            reader.restrict(Arc::clone(scope));
        }
    }
}

/// Whether the file of a database holds a table that the actor may not view, so that it cannot be
/// handed over as a whole. Never, where the setting `table_permissions_in_sql` is off.
pub async fn hides_tables(
    instance: &Instance,
    actor: Option<&Actor>,
    database: &DatabaseRef,
) -> Result<bool, Fault> {
    let holds = instance.config.settings.table_permissions_in_sql;
    Ok(holds
        && !instance
            .gate
            .hidden_tables(actor, database)
            .await?
            .is_empty())
}
