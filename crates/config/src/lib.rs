//! Files, flags and environment become one [`Config`]; the table of settings.

pub mod allow;
pub mod argument;
pub mod config;
pub mod metadata;
mod near_miss;
mod number;
mod python_literal;
pub mod query;
pub mod redact;
mod setting_check;
pub mod settings;
pub mod table;

pub use allow::AllowBlock;
pub use config::{AssetUrl, Config, DatabaseConfig, InstanceConfig};
pub use metadata::{DatabaseMetadata, Metadata};
pub use query::QueryConfig;
pub use settings::{SETTINGS, Setting, Settings};
pub use table::{ColumnTypeConfig, FacetConfig, Size, TableConfig};
