//! Pages and rows become bytes: JSON, CSV, blob, HTML.

pub mod assets;
pub mod blob;
pub mod builtin;
pub mod chunks;
pub mod css_class;
pub mod csv;
pub mod facets;
pub mod html;
pub mod json;
pub mod labels;
pub mod location;
pub mod number;
pub mod urls;

pub use location::Location;
pub use urls::Urls;
