//! The only crate that links SQLite: lanes, limits, introspection, functions.
//!
//! A [`Database`] has read lanes and one write lane, each a thread with a connection of its own.
//! A job is a closure that visits one lane: [`Database::read`] gives it a [`Reader`] inside one
//! read transaction, [`Database::write`] a [`Writer`] inside one write transaction.

pub mod analyse;
mod authorizer;
mod bind;
mod clock;
mod database;
mod effort;
mod error;
mod error_log;
mod explain;
mod extensions;
mod functions;
mod guest;
mod harden;
mod introspect;
mod job;
mod lane;
mod lanes;
mod limits;
mod live;
mod load;
mod lock_wait;
mod observe;
mod open;
mod own_statements;
mod preparation;
mod probe;
mod queue;
mod reader;
mod row;
mod schema_cache;
mod scope;
mod session;
mod shared;
mod source;
mod spatialite;
mod sql_text;
mod temporary;
mod trace;
mod versions;
mod watch;
mod watchdog;
mod writer;

pub use database::Database;
pub use effort::effort;
pub use error::SqlError;
pub use error_log::TARGET as ERROR_LOG;
pub use extensions::{Extension, check_extensions};
pub use functions::escape_fts;
pub use limits::{Limits, Outcome};
pub use live::Borrowed;
pub use load::{LaneState, Load};
pub use observe::{JobObserver, Observed, Observer, Work};
pub use open::{Attached, OpenOptions};
pub use preparation::{Aggregation, Aggregator, Called, Function, Order, Preparation};
pub use probe::ChangeStamp;
pub use reader::Reader;
pub use scope::{ReadScope, reads_only_arguments};
pub use source::{Mutability, Source};
pub use spatialite::{Detail, find_spatialite, spatialite_details};
pub use trace::{Trace, Traced, TracedParams, Tracer};
pub use versions::{SqliteVersions, versions};
pub use writer::Writer;
