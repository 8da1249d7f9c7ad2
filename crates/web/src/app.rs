//! What handlers can reach.

use std::sync::Arc;

use datasette_engine::Instance;
use datasette_render::Urls;
use datasette_render::html::Templates;

/// The whole server but its socket. A struct of parts.
pub struct App {
    /// The instance that is served.
    pub instance: Arc<Instance>,
    /// The pages' templates.
    pub templates: Templates,
    /// Paths below `base_url`.
    pub urls: Urls,
    /// Whether answers carry CORS headers (CACHE-12).
    pub cors: bool,
    /// Whether the socket speaks TLS, so that absolute URLs start with `https`.
    pub tls: bool,
}
