//! The parts that use cases work with. A struct of parts: behaviour lives in the use cases.

use std::sync::Arc;

use datasette_config::Config;
use datasette_core::clock::Clock;
use datasette_core::{DatabaseRef, Fault};
use datasette_hooks::Bus;
use datasette_internal::{Internal, Registry};
use datasette_permissions::{Gate, Signer};
use datasette_query::Limits;
use datasette_sqlite::Database;

use crate::about::About;
use crate::background::Background;
use crate::borrowing::Brought;
use crate::counts::Counts;
use crate::declared::Declared;
use crate::findings::Findings;
use crate::trace;
use crate::write::keyed::KeyedCalls;

/// A running instance. Cheap to clone.
#[derive(Clone)]
pub struct Instance {
    /// What files and flags say.
    pub config: Arc<Config>,
    /// The attached databases and what is in them.
    pub registry: Arc<Registry>,
    /// The server's own database.
    pub internal: Arc<Internal>,
    /// Who may do what.
    pub gate: Gate,
    /// The plugins.
    pub bus: Arc<Bus>,
    /// What they declared.
    pub declared: Arc<Declared>,
    /// Signs cookies and tokens.
    pub signer: Signer,
    /// Tells the time of day.
    pub clock: Arc<dyn Clock>,
    /// What plugins have done beside the requests.
    pub background: Arc<Background>,
    /// Row counts that were already computed.
    pub counts: Arc<Counts>,
    /// Counts, facets and suggestions of pages that were already computed.
    pub findings: Arc<Findings>,
    /// Calls under keys of their clients.
    pub keyed_calls: Arc<KeyedCalls>,
    /// What plugins brought.
    pub brought: Arc<Brought>,
    /// The version that pages and JSON name.
    pub version: &'static str,
    /// What its operator lets it tell.
    pub about: Arc<About>,
}

impl Instance {
    /// The instance for the time of one request: what plugins say about who may do what is asked
    /// once (HOOK-153). The same one where no plugin has a say.
    pub fn for_request(self: &Arc<Self>) -> Arc<Self> {
        if !self.bus.has_added_permissions() {
            return Arc::clone(self);
        }
        Arc::new(Self {
            gate: self.gate.for_request(),
            ..Self::clone(self)
        })
    }

    /// The instance as it is for requests that skip permission checks (API-120).
    pub fn open(&self) -> Self {
        Self {
            gate: self.gate.open(),
            ..self.clone()
        }
    }

    /// The lanes of a database of the catalogue.
    ///
    /// # Errors
    /// 404 when it was detached since the catalogue was read.
    pub fn handle(&self, database: &DatabaseRef) -> Result<Database, Fault> {
        self.registry
            .database_handle(database)
            .map(|handle| trace::watched(handle, database.name()))
            .ok_or_else(|| Fault::not_found("Database not found"))
    }

    /// The settings that bound a question.
    pub fn limits(&self) -> Limits {
        let settings = &self.config.settings;
        Limits {
            default_page_size: settings.default_page_size,
            max_returned_rows: settings.max_returned_rows,
            default_facet_size: settings.default_facet_size,
            sql_time_limit_ms: settings.sql_time_limit_ms,
            allow_facet: settings.allow_facet,
            suggest_facets: settings.suggest_facets,
        }
    }
}
