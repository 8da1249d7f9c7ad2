//! What an actor's own SQL may not read, although it may be run.

use std::collections::HashMap;

use datasette_core::action::ViewTable;
use datasette_core::schema::Derivation;
use datasette_core::{Action, Actor, DatabaseRef, Fault, TableRef, own_tables};

use super::Gate;
use crate::cascade::{Judge, Ownership};

impl Gate {
    /// The tables and views of a database that the actor may not view, by the rules on them or on
    /// what they derive from, however indirectly. SQLite's own tables that tell about others are
    /// never among them: they are as visible as all the rest together.
    ///
    /// Where nothing distinguishes the tables of the database this costs one check.
    pub async fn hidden_tables(
        &self,
        actor: Option<&Actor>,
        database: &DatabaseRef,
    ) -> Result<Vec<TableRef>, Fault> {
        if self.skips {
            return Ok(Vec::new());
        }
        let action = self.shared.actions.find(ViewTable::NAME)?;
        let prepared = self.prepare(actor, action).await?;
        let judge = self.judge(actor, &prepared);
        let sees_all = judge.is_indifferent_in(database.name(), own_tables::tells_of_others)
            && judge.allows(Some(database.name()), Some(""), Ownership::default());
        let hidden = match sees_all {
            true => Vec::new(),
            false => Hiding::new(&judge.for_lists(), database).tables(),
        };
        if let Some(grants) = &self.grants {
            grants.note_hidden(actor, database, &hidden);
        }
        Ok(hidden)
    }
}

/// What becomes of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Seen,
    /// A rule hides it or one that it derives from.
    Hidden,
    /// Nobody can say what it derives from.
    Lost,
}

/// One database, looked at by one actor.
struct Hiding<'a> {
    judge: &'a Judge<'a>,
    database: &'a DatabaseRef,
    /// Tables by their names in lower case, as SQLite finds what a declaration names.
    by_name: HashMap<String, TableRef>,
}

impl<'a> Hiding<'a> {
    fn new(judge: &'a Judge<'a>, database: &'a DatabaseRef) -> Self {
        let tables = database.tables();
        Self {
            judge,
            database,
            by_name: tables
                .map(|table| (table.name().to_ascii_lowercase(), table))
                .collect(),
        }
    }

    fn tables(&self) -> Vec<TableRef> {
        let about_others = |table: &TableRef| own_tables::tells_of_others(table.name());
        let judged: Vec<(TableRef, Fate)> = self
            .database
            .tables()
            .filter(|table| !about_others(table))
            .map(|table| (table.clone(), self.fate(&table)))
            .collect();
        if !judged.iter().any(|(_, fate)| *fate == Fate::Hidden) {
            return Vec::new();
        }
        // What cannot be traced may come from anything that is hidden.
        let not_seen = judged.into_iter().filter(|(_, fate)| *fate != Fate::Seen);
        not_seen.map(|(table, _)| table).collect()
    }

    fn fate(&self, table: &TableRef) -> Fate {
        let allows = |name: &str| {
            let parent = Some(self.database.name());
            self.judge.allows(parent, Some(name), Ownership::default())
        };
        let mut name = table.name();
        // A chain that is longer than all tables goes in a circle.
        for _ in 0..=self.by_name.len() {
            if !allows(name) {
                return Fate::Hidden;
            }
            let Some(known) = self.by_name.get(&name.to_ascii_lowercase()) else {
                return Fate::Seen;
            };
            match &known.derivation {
                Derivation::None => return Fate::Seen,
                Derivation::From(source) => name = source,
                // SQLite's table of sequences is judged by what it tells of; nothing derives from it.
                Derivation::Unresolvable | Derivation::FromEach(_) => return Fate::Lost,
            }
        }
        Fate::Lost
    }
}
