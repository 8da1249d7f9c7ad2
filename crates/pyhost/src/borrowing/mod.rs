//! Connections of the server in the hands of Python.

mod answer;
mod borrower;
mod dialogue;
mod question;
mod stage;
mod stages;
mod wrapper;

pub(crate) use borrower::{RemoteBorrower, Used};
pub(crate) use question::GivenParameters;
pub(crate) use stage::Stage;
pub(crate) use stages::Stages;
pub(crate) use wrapper::{RemoteWrapper, WrappedWrite};
