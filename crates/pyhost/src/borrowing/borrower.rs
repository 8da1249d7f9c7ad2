//! A callback of Python that borrows a connection.

use std::sync::Arc;

use datasette_core::Fault;
use datasette_core::live::{Interrupter, LiveConnection, LiveError};
use datasette_hooks::{Borrower, Event, HookError};
use parking_lot::Mutex;
use serde::Serialize;

use super::dialogue::hold;
use super::stage::{Scene, opening};
use crate::process::PythonHost;

/// Connections that are in use, for those who want to interrupt what runs on them.
pub(crate) type Used = Mutex<std::collections::HashMap<u64, Interrupter>>;

/// A callback by its number.
pub(crate) struct RemoteBorrower {
    pub(crate) host: Arc<PythonHost>,
    pub(crate) number: u64,
}

#[derive(Serialize)]
struct Callback {
    number: u64,
    in_transaction: bool,
    total_changes: u64,
}

#[derive(Serialize)]
struct NotCommitted<'a> {
    number: u64,
    code: i32,
    message: &'a str,
}

impl RemoteBorrower {
    fn tell(&self, scene: Scene, values: &impl Serialize) {
        let told = opening(scene, values).and_then(|opening| {
            let stage = self.host.stage().map_err(HookError::failed)?;
            hold::<()>(&stage, &self.host, None, &opening)
        });
        if let Err(error) = told {
            tracing::debug!("a plugin could not be told: {error}");
        }
    }
}

impl Borrower for RemoteBorrower {
    fn use_connection(
        &mut self,
        connection: &mut dyn LiveConnection,
    ) -> Result<Vec<Event>, HookError> {
        let standing = connection.standing();
        let opening = opening(
            Scene::Use,
            &Callback {
                number: self.number,
                in_transaction: standing.in_transaction,
                total_changes: standing.total_changes,
            },
        )?;
        let stage = self.host.stage().map_err(HookError::failed)?;
        let used = &self.host.services().used;
        used.lock().insert(self.number, connection.interrupter());
        let events = hold(&stage, &self.host, Some(connection), &opening);
        used.lock().remove(&self.number);
        events
    }

    fn prevented(&mut self, _why: &Fault) {
        self.tell(Scene::Prevented, &self.number);
    }

    fn not_committed(&mut self, why: &LiveError) {
        let told = NotCommitted {
            number: self.number,
            code: why.code,
            message: &why.message,
        };
        self.tell(Scene::NotCommitted, &told);
    }
}
