//! What a page is made of, as plain data: the results that renderers turn into bytes.

pub mod autocomplete;
pub mod database;
pub mod facet;
pub mod index;
pub mod operation;
pub mod query;
pub mod row;
pub mod stored_list;
pub mod table;

pub use autocomplete::AutocompletePage;
pub use database::{DatabasePage, TableSummary, ViewSummary};
pub use facet::{FacetResult, FacetResults, FacetValue, SuggestedFacet};
pub use index::{DatabaseSummary, IndexPage};
pub use operation::OperationRow;
pub use query::QueryPage;
pub use row::{IncomingLink, RowPage};
pub use stored_list::{Split, StoredListPage, StoredSummary};
pub use table::{Count, Expandable, TablePage};
