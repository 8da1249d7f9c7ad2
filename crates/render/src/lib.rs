//! Pages and rows become bytes: JSON, CSV, blob, HTML.

pub mod assets;
pub mod blob;
pub mod builtin;
pub mod chunks;
pub mod column_choices;
pub mod content_type;
pub mod css_class;
pub mod csv;
pub mod facets;
mod file_hashes;
pub mod html;
pub mod json;
pub mod labels;
pub mod location;
pub mod number;
pub mod static_mounts;
pub mod urls;

pub use file_hashes::Hashes;
pub use location::Location;
pub use static_mounts::StaticMounts;
pub use urls::Urls;
