//! HTTP: routes, layers, one handler per page; the only crate that names axum.
