//! What an actor was allowed on the way to an answer, so that the answer can be given again to who
//! may still do all of it, and to nobody else (WRITE-158).

use std::sync::Arc;

use datasette_core::{Actor, DatabaseRef, Fault, StoredQuery, TableRef};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::{Gate, Target};

/// Notes what is granted to one actor while it is shared with a [`Gate`].
#[derive(Debug)]
pub struct Grants {
    actor: Option<Actor>,
    granted: Mutex<Granted>,
}

impl Grants {
    /// Nothing yet.
    pub fn new(actor: Option<&Actor>) -> Self {
        Self {
            actor: actor.cloned(),
            granted: Mutex::default(),
        }
    }

    /// What was noted, as JSON.
    ///
    /// # Errors
    /// It cannot be written, which does not happen.
    pub fn text(&self) -> Result<String, Fault> {
        serde_json::to_string(&*self.granted.lock()).map_err(Fault::internal)
    }

    /// An action was allowed.
    pub(super) fn note(&self, actor: Option<&Actor>, action: &str, target: Target<'_>) {
        if self.actor.as_ref() != actor {
            return;
        }
        let grant = Grant {
            action: action.to_owned(),
            parent: target.parent.map(str::to_owned),
            child: target.child.map(str::to_owned),
            query: target.query.map(|query| GrantedQuery {
                owner: query.owner_id.clone(),
                private: query.is_private,
                source: query.source.clone(),
            }),
        };
        let mut granted = self.granted.lock();
        if !granted.allowed.contains(&grant) {
            granted.allowed.push(grant);
        }
    }

    /// SQL may read all of a database but these tables.
    pub(super) fn note_hidden(
        &self,
        actor: Option<&Actor>,
        database: &DatabaseRef,
        tables: &[TableRef],
    ) {
        if self.actor.as_ref() != actor {
            return;
        }
        let hidden = Hidden {
            database: database.name().to_owned(),
            tables: tables.iter().map(|table| table.name().to_owned()).collect(),
        };
        let mut granted = self.granted.lock();
        if !granted.hidden.contains(&hidden) {
            granted.hidden.push(hidden);
        }
    }
}

/// All that was granted.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Granted {
    allowed: Vec<Grant>,
    hidden: Vec<Hidden>,
}

/// An action that was allowed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Grant {
    /// The action.
    pub action: String,
    /// The database, where the action is about one.
    pub parent: Option<String>,
    /// The table, view or stored query.
    pub child: Option<String>,
    query: Option<GrantedQuery>,
}

/// What rules look at in a stored query.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct GrantedQuery {
    owner: Option<String>,
    private: bool,
    source: String,
}

/// Tables that SQL was kept from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Hidden {
    /// Their database.
    pub database: String,
    /// Their names.
    pub tables: Vec<String>,
}

impl Granted {
    /// What [`Grants::text`] wrote.
    ///
    /// # Errors
    /// It is something else.
    pub fn of_text(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(Fault::internal)
    }

    /// The actions that were allowed.
    pub fn allowed(&self) -> &[Grant] {
        &self.allowed
    }

    /// What SQL was kept from. An entry without tables: it could read the whole database.
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }
}

impl Grant {
    /// The stored query that it was about, as it was then: by now it may be gone. `None` where it
    /// was about something else.
    pub fn query_then(&self) -> Option<StoredQuery> {
        let query = self.query.as_ref()?;
        Some(StoredQuery {
            database: self.parent.clone().unwrap_or_default(),
            name: self.child.clone().unwrap_or_default(),
            owner_id: query.owner.clone(),
            is_private: query.private,
            source: query.source.clone(),
            ..StoredQuery::default()
        })
    }
}

impl Gate {
    /// The gate that notes what it grants.
    pub fn noting(&self, grants: Arc<Grants>) -> Self {
        Self {
            grants: Some(grants),
            ..self.clone()
        }
    }
}
