//! What crosses between the server and the process that runs Python plugins, without any I/O.

mod failure;
mod frame;
#[cfg(test)]
mod tests;

pub(crate) use failure::{Failure, FailureKind};
pub(crate) use frame::{Frame, MOST_BYTES};

/// The version of the protocol. Both sides must have the same: the server brings the package of the
/// other side along, so a difference means that an old one was found.
pub(crate) const VERSION: u32 = 1;
