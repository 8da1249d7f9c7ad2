//! Generators of Python around a write (HOOK-199 to HOOK-208).

use std::sync::Arc;

use datasette_core::live::LiveConnection;
use datasette_hooks::{
    Borrower, Event, HookError, Plain, RequestInfo, WriteConnection, WriteOutcome, WriteWrapper,
};
use serde::{Deserialize, Serialize};

use super::dialogue::hold;
use super::stage::{Scene, opening};
use crate::plugin::Place;
use crate::process::PythonHost;

/// A write as plugins around it are told of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WrappedWrite {
    #[serde(flatten)]
    pub(crate) place: Place,
    pub(crate) database: String,
    pub(crate) transaction: bool,
    pub(crate) request: Option<RequestInfo>,
}

/// The generators of the plugins at one place. The plugins are asked on the lane's thread, so that a
/// write costs no question more than it takes to wrap it.
pub(crate) struct RemoteWrapper {
    host: Arc<PythonHost>,
    write: WrappedWrite,
    /// How many generators wait behind their `yield`.
    entered: usize,
}

impl RemoteWrapper {
    pub(crate) fn new(host: Arc<PythonHost>, write: WrappedWrite) -> Self {
        Self {
            host,
            write,
            entered: 0,
        }
    }
}

#[derive(Deserialize)]
struct Passed {
    #[serde(default)]
    entered: usize,
    events: Vec<Event>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum SaidOutcome<'a> {
    Done(Plain<'a>),
    Failed {
        message: String,
        code: Option<i32>,
        forbidden: bool,
    },
}

#[derive(Serialize)]
struct Scenery<V> {
    in_transaction: bool,
    total_changes: u64,
    #[serde(flatten)]
    values: V,
}

#[derive(Serialize)]
struct Leaving<'a> {
    #[serde(flatten)]
    place: Place,
    outcome: SaidOutcome<'a>,
}

/// One scene with the generators.
struct Scenes<'a, V> {
    host: &'a Arc<PythonHost>,
    scene: Scene,
    values: &'a V,
    entered: usize,
}

impl<V: Serialize + Sync> Borrower for Scenes<'_, V> {
    fn use_connection(
        &mut self,
        connection: &mut dyn LiveConnection,
    ) -> Result<Vec<Event>, HookError> {
        let standing = connection.standing();
        let scenery = Scenery {
            in_transaction: standing.in_transaction,
            total_changes: standing.total_changes,
            values: self.values,
        };
        let opening = opening(self.scene, &scenery)?;
        let stage = self.host.stage().map_err(HookError::failed)?;
        let passed = hold::<Passed>(&stage, self.host, Some(connection), &opening);
        let passed = passed?;
        self.entered = passed.entered;
        Ok(passed.events)
    }
}

impl WriteWrapper for RemoteWrapper {
    fn before(&mut self, connection: &mut dyn WriteConnection) -> Result<(), HookError> {
        let mut scenes = Scenes {
            host: &self.host,
            scene: Scene::Enter,
            values: &self.write,
            entered: 0,
        };
        connection.lend(&mut scenes)?;
        self.entered = scenes.entered;
        Ok(())
    }

    fn after(
        &mut self,
        connection: &mut dyn WriteConnection,
        outcome: WriteOutcome<'_>,
    ) -> Result<(), HookError> {
        if self.entered == 0 {
            return Ok(());
        }
        let outcome = match outcome {
            WriteOutcome::Done(json) => SaidOutcome::Done(Plain(json)),
            WriteOutcome::Failed(fault) => SaidOutcome::Failed {
                message: match fault.cause() {
                    Some(cause) => cause.to_string(),
                    None => fault.message(),
                },
                code: fault.sqlite_code(),
                forbidden: fault.status() == 403,
            },
        };
        let leaving = Leaving {
            place: self.write.place,
            outcome,
        };
        connection.lend(&mut Scenes {
            host: &self.host,
            scene: Scene::Exit,
            values: &leaving,
            entered: 0,
        })
    }
}
