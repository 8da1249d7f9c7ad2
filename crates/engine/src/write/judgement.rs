//! Whether somebody may do all that a statement does. What is not allowed in so many words is
//! refused (WRITE-137 to WRITE-144).

use std::collections::HashMap;

use datasette_core::access::{Access, Operation};
use datasette_core::{Actor, Fault};
use datasette_query::change::Demand;
use datasette_query::change::demand::is_pragma_function;
use datasette_sqlite::reads_only_arguments;

use super::Analysis;
use crate::Instance;
use crate::page::OperationRow;
use crate::read::hides_tables;

/// Why a statement may not be run.
#[derive(Debug)]
pub enum Refusal {
    /// Nobody may (WRITE-142).
    Always(&'static str),
    /// This actor may not, or nothing says who may (WRITE-141, WRITE-143).
    Denied(String),
    /// It could not be found out.
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Always(message) => Self::forbidden(message),
            Refusal::Denied(message) => Self::forbidden(message),
            Refusal::Fault(fault) => fault,
        }
    }
}

/// Asks the gate for what statements demand, each question once.
pub struct Judge<'a> {
    instance: &'a Instance,
    actor: Option<&'a Actor>,
    answers: HashMap<(String, &'static str, Option<String>), bool>,
}

impl<'a> Judge<'a> {
    /// Judges for this actor.
    pub fn new(instance: &'a Instance, actor: Option<&'a Actor>) -> Self {
        Self {
            instance,
            actor,
            answers: HashMap::new(),
        }
    }

    /// Requires everything that the statement does to be allowed.
    ///
    /// # Errors
    /// The first thing that is not, in the order in which SQLite's compiler met them.
    pub async fn require(&mut self, analysis: &Analysis) -> Result<(), Refusal> {
        let name = analysis.database.name();
        for access in &analysis.accesses {
            let demand = Demand::of(access);
            let on = match &demand {
                Demand::Nothing => continue,
                Demand::Forbidden(message) => return Err(Refusal::Always(message)),
                Demand::Unsupported(message) => return Err(Refusal::Denied(message.clone())),
                Demand::OfDatabase(_) => name.to_owned(),
                Demand::OfTable(_, table) => format!("{name}/{table}"),
            };
            if access.database.as_deref() != Some("main") {
                let message = "Writable queries may not access attached databases";
                return Err(Refusal::Denied(message.to_owned()));
            }
            if let Some(action) = self.missing(analysis, access, &demand).await? {
                let message = format!("Permission denied: need {action} on {on}");
                return Err(Refusal::Denied(message));
            }
        }
        Ok(())
    }

    /// Requires that a statement that only reads can be kept for others: pragmas in the place of
    /// tables are refused in all that is kept (STORED-44).
    ///
    /// # Errors
    /// The first of them.
    pub fn require_keepable(analysis: &Analysis) -> Result<(), Refusal> {
        let mut accesses = analysis.accesses.iter();
        match accesses
            .find(|access| is_pragma_function(access))
            .map(Demand::of)
        {
            Some(Demand::Unsupported(message)) => Err(Refusal::Denied(message)),
            _ => Ok(()),
        }
    }

    /// What the statement would do, with whether that is allowed (WRITE-152).
    ///
    /// # Errors
    /// It cannot be found out.
    pub async fn operations(&mut self, analysis: &Analysis) -> Result<Vec<OperationRow>, Fault> {
        let writes = analysis.writes();
        let mut rows = Vec::new();
        for access in &analysis.accesses {
            let demand = Demand::of(access);
            let allowed = match &demand {
                Demand::Nothing => continue,
                Demand::OfDatabase(_) | Demand::OfTable(..) => {
                    let here = access.database.as_deref() == Some("main");
                    Some(here && self.missing(analysis, access, &demand).await?.is_none())
                }
                _ => (writes || is_pragma_function(access)).then_some(false),
            };
            rows.push(OperationRow {
                allowed,
                ..analysis.row(access, &demand)
            });
        }
        Ok(rows)
    }

    /// The first of the demanded actions that is not allowed.
    async fn missing(
        &mut self,
        analysis: &Analysis,
        access: &Access,
        demand: &Demand,
    ) -> Result<Option<&'static str>, Fault> {
        let table = match demand {
            Demand::OfTable(_, table) => Some(table.as_str()),
            _ => None,
        };
        for action in demand.actions() {
            if !self.allows(analysis, action, table).await? {
                return Ok(Some(action));
            }
        }
        let tells_of_others = access.operation == Operation::Read
            && access.kind.is_none()
            && table.is_some_and(|table| !analysis.creates(table) && !reads_only_arguments(table));
        if tells_of_others && hides_tables(self.instance, self.actor, &analysis.database).await? {
            return Ok(demand.actions().first().copied());
        }
        Ok(None)
    }

    async fn allows(
        &mut self,
        analysis: &Analysis,
        action: &'static str,
        table: Option<&str>,
    ) -> Result<bool, Fault> {
        let database = analysis.database.name();
        let key = (database.to_owned(), action, table.map(str::to_owned));
        if let Some(known) = self.answers.get(&key) {
            return Ok(*known);
        }
        let catalogue = self.instance.registry.catalogue();
        let gate = &self.instance.gate;
        let allowed = gate
            .allows_named(self.actor, action, Some(database), table, &catalogue, None)
            .await?;
        self.answers.insert(key, allowed);
        Ok(allowed)
    }
}

impl Analysis {
    /// Whether the statement creates the table of that name, and so may look at it (a CHECK, a
    /// generated column).
    fn creates(&self, table: &str) -> bool {
        self.accesses.iter().any(|access| {
            access.operation == Operation::Create && access.name.as_deref() == Some(table)
        })
    }
}
