//! An instance from its parts, the same way for the server and for tests.

use std::collections::HashMap;
use std::sync::Arc;

use datasette_config::Config;
use datasette_core::Fault;
use datasette_core::clock::Clock;
use datasette_hooks::Bus;
use datasette_internal::{Internal, Registry};
use datasette_permissions::{Authority, Flags, Gate, Signer};
use datasette_sqlite::Database;

use crate::Instance;
use crate::about::About;
use crate::background::Background;
use crate::borrowing::{Brought, Outfit};
use crate::column_types;
use crate::counts::Counts;
use crate::declared::Declared;
use crate::plugins::Plugins;
use crate::preparations;
use crate::rule_sql::RuleSql;

/// The version of the original whose behaviour this server has; pages, JSON and the command line
/// name it (CLI-05).
pub const VERSION: &str = "1.0a41";

/// A database to attach.
#[derive(Clone, Debug)]
pub struct Attach {
    /// Its name, which is its route too.
    pub name: String,
    /// The database.
    pub database: Database,
    /// SHA-256 of an immutable file in lower-case hex, if it is already known.
    pub hash: Option<String>,
    /// The rows of the tables of an immutable file, as far as they were counted before; used
    /// unverified (IMM-08).
    pub row_counts: HashMap<String, u64>,
}

/// What an instance is made of.
pub struct Parts {
    /// What files and flags say.
    pub config: Arc<Config>,
    /// The databases in attach order.
    pub databases: Vec<Attach>,
    /// The server's own database.
    pub internal: Internal,
    /// Plugins beside those of the engine and the permissions.
    pub plugins: Plugins,
    /// Flags that change permissions.
    pub flags: Flags,
    /// Signs cookies and tokens.
    pub signer: Signer,
    /// Tells when they expire.
    pub clock: Arc<dyn Clock>,
    /// What the instance tells about itself.
    pub about: About,
    /// How databases are opened that plugins bring.
    pub outfit: Option<Outfit>,
}

impl Instance {
    /// Reads the schemas of all databases, stores what configuration says, and asks plugins what
    /// they declare (HOOK-05). Their `startup` follows when they can reach the whole server.
    ///
    /// # Errors
    /// A database cannot be read, the internal database cannot be written, or what plugins declare
    /// cannot stand (CLI-121).
    pub async fn start(parts: Parts) -> Result<Self, Fault> {
        let Parts {
            config,
            databases,
            internal,
            plugins,
            flags,
            signer,
            clock,
            about,
            outfit,
        } = parts;
        let internal = Arc::new(internal);
        let registry = Arc::new(Registry::new(Arc::clone(&internal)));
        let mut hashes = Vec::new();
        let mut inspected = HashMap::new();
        for Attach {
            name,
            database,
            hash,
            row_counts,
        } in databases
        {
            inspected.insert(name.clone(), row_counts);
            registry.attach(name.clone(), name.clone(), database);
            hashes.extend(hash.map(|hash| (name, hash)));
        }
        let authority = Authority {
            config: Arc::clone(&config),
            flags,
            signer: signer.clone(),
            clock: Arc::clone(&clock),
        };
        let bus = Arc::new(Bus::new(plugins.all(&authority)));
        preparations::prepare_all(&bus, &registry).await?;
        registry.refresh().await?;
        for (name, hash) in hashes {
            registry.set_hash(&name, hash);
        }
        internal.store_metadata(config.metadata.entries()).await?;
        internal
            .store_configured_queries(config.stored_queries().collect())
            .await?;

        let gate = gate(&config, &bus, flags, &clock, (&internal, &registry))?;
        let declared = Declared::by_plugins(&bus)?;
        let types = column_types::configured(&config, &declared, &registry.catalogue());
        internal.store_column_types(types).await?;
        Ok(Self {
            config,
            registry,
            internal,
            gate,
            bus,
            declared: Arc::new(declared),
            signer,
            background: Background::new(Arc::clone(&clock)),
            clock,
            counts: Arc::new(Counts::with_inspected(inspected)),
            findings: Arc::default(),
            keyed_calls: Arc::default(),
            brought: Arc::new(Brought::new(outfit)),
            version: VERSION,
            about: Arc::new(about),
        })
    }

    /// The same databases and what is known of them, with other plugins: for a process that makes an
    /// instance of its own and may change its plugins at any time (OOP-25).
    ///
    /// # Errors
    /// What plugins declare cannot stand (CLI-121), or the internal database cannot be written.
    pub async fn with_plugins(&self, plugins: Plugins, flags: Flags) -> Result<Self, Fault> {
        let authority = Authority {
            config: Arc::clone(&self.config),
            flags,
            signer: self.signer.clone(),
            clock: Arc::clone(&self.clock),
        };
        let bus = Arc::new(Bus::new(plugins.all(&authority)));
        preparations::prepare_all(&bus, &self.registry).await?;
        let rooms = (&self.internal, &self.registry);
        let gate = gate(&self.config, &bus, flags, &self.clock, rooms)?;
        let declared = Declared::by_plugins(&bus)?;
        Ok(Self {
            gate,
            bus,
            declared: Arc::new(declared),
            ..self.clone()
        })
    }

    /// Stores the types of columns that the configuration names, now that plugins know them.
    ///
    /// # Errors
    /// The internal database cannot be written.
    pub async fn store_configured_column_types(&self) -> Result<(), Fault> {
        let catalogue = self.registry.catalogue();
        let types = column_types::configured(&self.config, &self.declared, &catalogue);
        self.internal.store_column_types(types).await
    }
}

fn gate(
    config: &Arc<Config>,
    bus: &Arc<Bus>,
    flags: Flags,
    clock: &Arc<dyn Clock>,
    (internal, registry): (&Arc<Internal>, &Arc<Registry>),
) -> Result<Gate, Fault> {
    let rules = RuleSql::new(internal, registry, config.settings.sql_time_limit_ms);
    let gate = Gate::new(config, Arc::clone(bus), flags)?;
    Ok(gate
        .with_resolver(Arc::new(rules))
        .with_clock(Arc::clone(clock)))
}
