//! What the Python process declares when it has loaded its plugins.

use std::path::PathBuf;

use datasette_hooks::{EventKind, PluginAction, Priority};
use serde::Deserialize;

/// Where plugins come from, which decides about their place among those of the server (PLUG-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// Installed distributions.
    Installed,
    /// Files of the plugins directory.
    Files,
}

/// [`Priority`] as it crosses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Rank {
    First,
    Normal,
    Last,
}

impl From<Rank> for Priority {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::First => Self::First,
            Rank::Normal => Self::Normal,
            Rank::Last => Self::Last,
        }
    }
}

/// One loaded plugin.
#[derive(Debug, Deserialize)]
pub(crate) struct DeclaredPlugin {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) version: Option<String>,
    pub(crate) static_path: Option<PathBuf>,
    pub(crate) templates_path: Option<PathBuf>,
    /// Names of its hooks, unknown ones included (PLUG-36).
    pub(crate) hooks: Vec<String>,
}

/// A page.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeclaredRoute {
    pub(crate) id: u64,
    /// A regular expression as Python writes it.
    pub(crate) pattern: String,
}

/// An output format.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeclaredRenderer {
    pub(crate) id: u64,
    pub(crate) extension: String,
    /// Whether it wants to be asked if it can render a page.
    pub(crate) asks: bool,
}

/// A kind of facet.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeclaredFacet {
    pub(crate) id: u64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// A prefix of magic parameters.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeclaredMagic {
    pub(crate) id: u64,
    pub(crate) prefix: String,
}

/// A way to make and check tokens.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeclaredTokenHandler {
    pub(crate) id: u64,
    pub(crate) name: String,
}

/// A kind of column.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DeclaredColumnType {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) description: String,
    /// Affinities by their SQLite names; empty means any.
    pub(crate) sqlite_types: Vec<String>,
    /// Whether it transforms the values of table JSON.
    pub(crate) transforms: bool,
}

/// Implementations that stand together in the order of calls: of one origin and one rank.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeclaredSegment {
    /// Hooks with an implementation in it.
    pub(crate) hooks: Vec<String>,
    pub(crate) routes: Vec<DeclaredRoute>,
    pub(crate) renderers: Vec<DeclaredRenderer>,
    pub(crate) facets: Vec<DeclaredFacet>,
    pub(crate) actions: Vec<PluginAction>,
    pub(crate) column_types: Vec<DeclaredColumnType>,
    pub(crate) magic: Vec<DeclaredMagic>,
    pub(crate) events: Vec<EventKind>,
    pub(crate) token_handlers: Vec<DeclaredTokenHandler>,
}

/// Which hooks of earlier releases plugins have.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeclaredEarlier {
    pub(crate) skip_csrf: bool,
    pub(crate) canned_queries: bool,
}

/// All of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Declared {
    #[serde(default)]
    pub(crate) earlier: DeclaredEarlier,
    pub(crate) plugins: Vec<DeclaredPlugin>,
    pub(crate) segments: Vec<(Origin, Rank, DeclaredSegment)>,
}
