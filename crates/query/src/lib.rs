//! A question becomes SQL text and bound values; pure: no connection is opened here.
//!
//! `TableQuestion::parse` reads a query string against a table of the catalogue, [`plan_table`]
//! writes its statements. The smaller rooms beside it do the same for rows, facets, labels and
//! arbitrary statements.

pub mod autocomplete;
mod binding;
pub mod bounds;
pub mod change;
mod column_name;
mod columns;
mod condition;
mod conditions_only;
mod contribution;
mod defaults;
mod describe;
pub mod facet;
pub mod filter;
pub mod label;
mod limits;
mod number;
mod numbered_page;
mod obligation;
mod only_row;
mod page;
mod question;
pub mod redirect;
pub mod row;
mod search;
mod sort;
pub mod statement;
pub mod steady;
mod table;
mod through;
pub mod token;

pub use autocomplete::{AutocompletePlan, AutocompleteQuestion, plan_autocomplete};
pub use binding::Params;
pub use column_name::{ColumnName, Resolved, rowid_name};
pub use columns::SelectedColumn;
pub use conditions_only::conditions_only;
pub use contribution::Contribution;
pub use defaults::{PageSize, TableDefaults};
pub use facet::{FacetKind, FacetRequest, FacetScope};
pub use filter::{Filter, lookup};
pub use limits::Limits;
pub use numbered_page::NumberedPage;
pub use obligation::Obligation;
pub use only_row::only_row;
pub use question::TableQuestion;
pub use row::{RowPlan, RowQuestion, plan_row};
pub use search::{Search, SearchTerm};
pub use sort::{Sort, Sortable};
pub use table::{COUNT_LIMIT, TablePlan, plan_table};
pub use through::Through;
pub use token::NextToken;
