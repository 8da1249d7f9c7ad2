//! What a new process is told about the site it works for.

use datasette_hooks::DatabaseInfo;
use serde::Serialize;

/// The beginnings of a process.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Start {
    /// The site.
    pub site: SiteFacts,
    /// The folder whose files are plugins (PLUG-14).
    pub plugins_dir: Option<String>,
    /// Whether requests come over a socket.
    pub serving: bool,
}

/// What the `Datasette` object of Python is made of (API-22), beyond what it can ask later.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteFacts {
    /// The configuration as written, as JSON, references not resolved.
    pub config: String,
    /// The metadata as written, as JSON, free of what configuration took over.
    pub metadata: String,
    /// All settings, as JSON.
    pub settings: String,
    /// The databases in attach order.
    pub databases: Vec<DatabaseInfo>,
    /// What signs cookies and tokens.
    pub secret: String,
    /// Folder of custom templates.
    pub template_dir: Option<String>,
    /// Folders that are served as they are, with their names.
    pub static_mounts: Vec<(String, String)>,
    /// Note for `/-/versions`.
    pub version_note: Option<String>,
    /// The folder that the whole configuration comes from.
    pub config_dir: Option<String>,
    /// File of the internal database.
    pub internal: Option<String>,
    /// `--cors`.
    pub cors: bool,
    /// `--crossdb`.
    pub crossdb: bool,
    /// `--nolock`.
    pub nolock: bool,
    /// `--default-deny`.
    pub default_deny: bool,
    /// `--root`.
    pub root_enabled: bool,
}
