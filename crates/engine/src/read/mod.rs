//! Reading: one visit to one lane per page, everything on it from one snapshot.

pub mod autocomplete;
pub mod brief;
pub mod count;
pub mod database;
pub mod deadline;
pub mod expand;
pub mod facets;
pub mod index;
pub mod key_suggestions;
pub mod key_targets;
pub mod obligations;
pub mod own_facets;
pub mod query;
pub mod row;
pub mod schema;
pub mod scope;
pub mod stored;
pub mod stored_list;
pub mod stream;
pub mod suggest;
pub mod table;
pub mod tally;
pub mod together;

pub use autocomplete::autocomplete;
pub use datasette_query::steady;
pub use key_suggestions::key_suggestions;
pub use key_targets::{TargetsPermit, key_targets};
pub use query::{QueryRequest, read_query, stream_query};
pub use row::{RowRequest, RowWants};
pub use scope::hides_tables;
pub use stored::{RunPermit, find_stored, show_stored};
pub use stored_list::{StoredListRequest, first_stored, list_stored};
pub use table::{TableRequest, TableWants};
