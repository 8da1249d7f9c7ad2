//! Pages and rows become bytes: JSON, CSV, blob, HTML.
