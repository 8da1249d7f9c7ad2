//! How a test says what its site is made of.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use datasette_config::Settings;
use datasette_core::clock::{Clock, SystemClock};
use datasette_engine::about::About;
use datasette_engine::{Attach, Instance, Parts, Plugins};
use datasette_hooks::Plugin;
use datasette_internal::{Internal, NAME as INTERNAL};
use datasette_permissions::{Flags, RootToken, Signer};
use datasette_render::html::Templates;
use datasette_render::{StaticMounts, Urls};
use datasette_sqlite::{Attached, Database, Mutability, Observer, OpenOptions, Source};
use datasette_telemetry::{Meters, Telemetry, Watching};
use datasette_web::{App, AppParts, built_in_plugins};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::site::TestSite;

/// Whether something is found in little time is for the machine to say, and not what tests are about:
/// where a test sets no limit of its own, nobody gives up because the machine is busy. In milliseconds.
const PATIENCE: u32 = 60_000;

/// A site to be. Every method adds something; [`SiteBuilder::start`] makes it.
pub struct SiteBuilder {
    databases: Vec<Named>,
    config: Value,
    metadata: Value,
    settings: Vec<(String, String)>,
    templates: Vec<(String, String)>,
    plugins: Vec<Arc<dyn Plugin>>,
    flags: Flags,
    secret: String,
    clock: Arc<dyn Clock>,
    cors: bool,
    crossdb: bool,
    static_files: Vec<(String, Vec<u8>)>,
    meters: Meters,
    telemetry: Option<Telemetry>,
    launched: bool,
}

struct Named {
    name: String,
    kind: Kind,
}

enum Kind {
    File { sql: String, immutable: bool },
    Memory,
}

impl Default for SiteBuilder {
    fn default() -> Self {
        Self {
            databases: Vec::new(),
            config: Value::Object(Map::new()),
            metadata: Value::Object(Map::new()),
            settings: Vec::new(),
            templates: Vec::new(),
            plugins: Vec::new(),
            flags: Flags::default(),
            secret: "test".to_owned(),
            clock: Arc::new(SystemClock),
            cors: false,
            crossdb: false,
            static_files: Vec::new(),
            meters: Meters::default(),
            telemetry: None,
            launched: true,
        }
    }
}

impl SiteBuilder {
    /// A database file made by these statements.
    pub fn database(self, name: &str, sql: &str) -> Self {
        self.file(name, sql, false)
    }

    /// A database file made by these statements and then opened as immutable (`-i`).
    pub fn immutable(self, name: &str, sql: &str) -> Self {
        self.file(name, sql, true)
    }

    fn file(mut self, name: &str, sql: &str, immutable: bool) -> Self {
        let sql = sql.to_owned();
        self.databases.push(Named {
            name: name.to_owned(),
            kind: Kind::File { sql, immutable },
        });
        self
    }

    /// The empty database `_memory`.
    pub fn memory(mut self) -> Self {
        self.databases.push(Named {
            name: "_memory".to_owned(),
            kind: Kind::Memory,
        });
        self
    }

    /// The configuration file (`-c`).
    pub fn config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    /// The metadata file (`-m`).
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = metadata;
        self
    }

    /// One `-s NAME VALUE`.
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A custom template.
    pub fn template(mut self, name: &str, source: &str) -> Self {
        self.templates.push((name.to_owned(), source.to_owned()));
        self
    }

    /// A plugin beside those of the server.
    pub fn plugin(mut self, plugin: Arc<dyn Plugin>) -> Self {
        self.plugins.push(plugin);
        self
    }

    /// `--root`: the actor `root` may do everything.
    pub fn root(mut self) -> Self {
        self.flags.root_enabled = true;
        self
    }

    /// `--default-deny`.
    pub fn default_deny(mut self) -> Self {
        self.flags.default_deny = true;
        self
    }

    /// `--secret`; without it, `test`.
    pub fn secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    /// The clock that says when cookies and tokens expire.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// `--cors`.
    pub fn cors(mut self) -> Self {
        self.cors = true;
        self
    }

    /// `--crossdb`: the database `_memory`, whose queries can name all files.
    pub fn crossdb(mut self) -> Self {
        self.crossdb = true;
        self.memory()
    }

    /// Where spans and metrics go.
    pub fn telemetry(mut self, telemetry: Telemetry) -> Self {
        self.telemetry = Some(telemetry);
        self
    }

    /// Does not launch background tasks, as under `--get`.
    pub fn without_background_tasks(mut self) -> Self {
        self.launched = false;
        self
    }

    /// A file below a folder that is mounted as `files`.
    pub fn static_file(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.static_files.push((name.to_owned(), content.into()));
        self
    }

    /// Lengthens the time limits that nobody has set.
    fn be_patient(&self, settings: &mut Settings) {
        for (name, limit) in [
            ("sql_time_limit_ms", &mut settings.sql_time_limit_ms),
            ("facet_time_limit_ms", &mut settings.facet_time_limit_ms),
            (
                "facet_suggest_time_limit_ms",
                &mut settings.facet_suggest_time_limit_ms,
            ),
        ] {
            let is_set = self.settings.iter().any(|(set, _)| set == name);
            if !is_set && self.config.pointer(&format!("/settings/{name}")).is_none() {
                *limit = PATIENCE;
            }
        }
    }

    /// Makes the site, with all its files in a folder that goes when the site does.
    ///
    /// # Panics
    /// Anything is wrong with what it is made of.
    pub async fn start(self) -> TestSite {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = Sources {
            folder: &folder,
            attached: match self.crossdb {
                true => attached(&folder, &self.databases),
                false => Vec::new(),
            },
        };
        let config = datasette_config::load(datasette_config::Sources {
            config_file: files.json("datasette.json", &self.config),
            metadata_file: files.json("metadata.json", &self.metadata),
            settings: self.settings.clone(),
            config_dir: None,
        });
        let mut config = config.expect("a configuration");
        self.be_patient(&mut config.settings);
        let config = Arc::new(config);
        let watching = Watching {
            meters: self.meters.clone(),
            telemetry: self.telemetry.clone(),
            limit: Duration::from_millis(u64::from(config.settings.sql_time_limit_ms)),
        };
        let mut databases = Vec::new();
        for named in self.databases {
            let observer = watching.observer(&named.name);
            databases.push(Attach {
                database: files.open(&named, observer).await,
                name: named.name,
                hash: None,
                row_counts: HashMap::new(),
            });
        }
        let signer = Signer::new(&self.secret);
        let infos: Vec<_> = self.plugins.iter().map(|plugin| plugin.info()).collect();
        let mut templates = files.templates(&self.templates);
        templates.extend(infos.iter().filter_map(|info| info.templates_path.clone()));
        let urls = Urls::new(config.settings.base_url.clone());
        let mounts = files.mounts(&self.static_files).with_plugins(&infos);
        let policy = config.settings.content_security();
        let templates = Templates::new(templates, &urls, &mounts, policy);
        let instance = Instance::start(Parts {
            outfit: None,
            config: Arc::clone(&config),
            databases,
            internal: Internal::open_watched(None, Some(watching.observer(INTERNAL)))
                .await
                .expect("an internal database"),
            plugins: Plugins {
                built_in: built_in_plugins(&templates, &urls),
                files: self.plugins,
                ..Plugins::default()
            },
            flags: self.flags,
            signer: signer.clone(),
            clock: self.clock,
            about: About::default(),
        });
        let app = App::start(AppParts {
            instance: Arc::new(instance.await.expect("an instance")),
            templates,
            urls,
            mounts,
            cors: self.cors,
            tls: false,
            cache_headers: true,
            root_token: RootToken::generate().expect("randomness").0,
            meters: self.meters,
            telemetry: self.telemetry,
        });
        let app = app.await.expect("a server");
        if self.launched {
            app.launch_background_tasks();
        }
        TestSite::new(app, signer, folder)
    }
}

/// The files that queries of `_memory` can name (XDB-01).
fn attached(folder: &TempDir, databases: &[Named]) -> Vec<Attached> {
    let files = databases.iter().filter_map(|named| match &named.kind {
        Kind::Memory => None,
        Kind::File { immutable, .. } => Some(Attached {
            name: named.name.clone(),
            path: folder.path().join(format!("{}.db", named.name)),
            mutability: match immutable {
                true => Mutability::Immutable,
                false => Mutability::Mutable,
            },
        }),
    });
    files.collect()
}

/// The files of a site.
struct Sources<'a> {
    folder: &'a TempDir,
    attached: Vec<Attached>,
}

impl Sources<'_> {
    fn json(&self, name: &str, content: &Value) -> Option<std::path::PathBuf> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content.to_string()).expect("a file of configuration");
        Some(path)
    }

    /// The folder of custom templates, if there are any.
    fn templates(&self, templates: &[(String, String)]) -> Vec<std::path::PathBuf> {
        let folder = self.folder.path().join("templates");
        for (name, source) in templates {
            let path = folder.join(name);
            let parent = path.parent().expect("a folder");
            std::fs::create_dir_all(parent).expect("a folder for templates");
            std::fs::write(path, source).expect("a template");
        }
        (!templates.is_empty())
            .then_some(folder)
            .into_iter()
            .collect()
    }

    fn mounts(&self, files: &[(String, Vec<u8>)]) -> StaticMounts {
        let folder = self.folder.path().join("files");
        for (name, content) in files {
            let path = folder.join(name);
            let parent = path.parent().expect("a folder");
            std::fs::create_dir_all(parent).expect("a folder for static files");
            std::fs::write(path, content).expect("a static file");
        }
        StaticMounts::new((!files.is_empty()).then(|| ("files".to_owned(), folder)))
    }

    async fn open(&self, named: &Named, observer: Arc<dyn Observer>) -> Database {
        let (sql, immutable) = match &named.kind {
            Kind::Memory => {
                let name = named.name.clone();
                let mut options = OpenOptions::new(Source::Memory { name }).immutable();
                options.attached.clone_from(&self.attached);
                options.observer = Some(observer);
                return Database::open(options).expect("a database in memory");
            }
            Kind::File { sql, immutable } => (sql.clone(), *immutable),
        };
        let path = self.folder.path().join(format!("{}.db", named.name));
        let mut options = OpenOptions::new(Source::File(path.clone()));
        options.create = true;
        if !immutable {
            options.observer = Some(Arc::clone(&observer));
        }
        let database = Database::open(options).expect("a database");
        let made = database.write(move |writer| Ok(writer.execute_batch(&sql)?));
        made.await.expect("the statements of a database");
        if !immutable {
            return database;
        }
        drop(database);
        let mut options = OpenOptions::new(Source::File(path)).immutable();
        options.observer = Some(observer);
        Database::open(options).expect("an immutable database")
    }
}
