//! Files, flags and environment become one [`Config`]; the table of settings.

pub mod allow;
pub mod argument;
mod blame;
pub mod config;
pub mod directory;
mod document;
pub mod inspect_data;
mod interpret;
pub mod keys;
mod legacy;
pub mod load;
pub mod metadata;
mod mistake;
mod near_miss;
mod number;
pub mod plugin_config;
mod python_literal;
pub mod query;
pub mod redact;
mod setting_check;
pub mod settings;
mod slip;
pub mod table;
mod text_file;
mod yaml;

pub use allow::AllowBlock;
pub use argument::SettingArgument;
pub use config::{AssetUrl, Config, DatabaseConfig, InstanceConfig};
pub use directory::Directory;
pub use document::read_mapping;
pub use inspect_data::{InspectData, InspectedDatabase};
pub use load::{Sources, load};
pub use metadata::{DatabaseMetadata, Metadata};
pub use query::QueryConfig;
pub use settings::{SETTINGS, Setting, Settings};
pub use table::{ColumnTypeConfig, FacetConfig, Size, TableConfig};
