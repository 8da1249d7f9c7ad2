//! From arguments to a site that can be asked.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use datasette_config::{Config, SettingArgument, Sources};
use datasette_core::clock::SystemClock;
use datasette_engine::about::About;
use datasette_engine::borrowing::Outfit;
use datasette_engine::{Attach, Instance, Parts, Plugins, VERSION};
use datasette_hooks::{DatabaseInfo, Plugin};
use datasette_internal::{Internal, NAME as INTERNAL};
use datasette_permissions::{Flags, RootToken, Signer, generate_secret};
use datasette_pyhost::{RunningPlugins, SiteFacts, Start, Verdict};
use datasette_render::html::Templates;
use datasette_render::{StaticMounts, Urls};
use datasette_sqlite::{Attached, Database, Extension, Mutability, OpenOptions, Source};
use datasette_telemetry::{FutureExt, Meters, Telemetry, Watching};
use datasette_web::{App, AppParts, built_in_plugins};
use serde_json::{Map, Value as Json};
use tokio::sync::oneshot::Receiver;

use crate::args::{ServeArguments, invalid_setting};
use crate::check;
use crate::database_files::{self, DatabaseFiles, Named, NamedDatabase};
use crate::exporting::observe_gauges;
use crate::extensions;
use crate::failure::{Failure, words};
use crate::file_hash;
use crate::fresh_file::FreshFile;
use crate::output;
use crate::python_plugins::PythonPlugins;

/// SQLite's limit, and the original's (XDB-03).
const MOST_ATTACHED: usize = 10;

/// A site, and what signs its cookies.
pub(crate) struct Site {
    /// The site.
    pub(crate) app: Arc<App>,
    /// The signer of its cookies and tokens.
    pub(crate) signer: Signer,
    /// The token of the link that signs in as root; to be shown with `--root` only (SEC-10).
    pub(crate) root_token: String,
    /// What remains to be sent at the end.
    pub(crate) telemetry: Option<Telemetry>,
    /// The internal database, if there was none before. To be kept by what runs.
    pub(crate) fresh_internal: FreshFile,
    /// Where Python plugins have not started yet: whether they are what they were taken for.
    pub(crate) verdict: Option<Receiver<Verdict>>,
}

/// Where plugins written in Python run.
pub(crate) enum PythonPlace {
    /// In a process that is started where there are any. These come beside them.
    Beside(Vec<Arc<dyn Plugin>>),
    /// In the process that started this one, which says later what they are.
    Parent,
}

/// Makes the site. Everything that can be wrong with files and configuration is found here.
pub(crate) async fn assemble(
    arguments: &ServeArguments,
    tls: bool,
    place: PythonPlace,
) -> Result<Site, Failure> {
    let telemetry = Telemetry::from_environment(VERSION)
        .map_err(|error| Failure::error(format!("OpenTelemetry cannot start: {error}")))?;
    let startup = telemetry.as_ref().map(Telemetry::startup);
    let work = assemble_watched(arguments, tls, place, telemetry);
    match startup {
        Some(context) => work.with_context(context).await,
        None => work.await,
    }
}

async fn assemble_watched(
    arguments: &ServeArguments,
    tls: bool,
    place: PythonPlace,
    telemetry: Option<Telemetry>,
) -> Result<Site, Failure> {
    let settings = arguments.settings();
    for (name, value) in &settings {
        SettingArgument::parse(name, value).map_err(|fault| invalid_setting(&fault.message()))?;
    }
    let named = named(arguments);
    let files = database_files::settle(named)?;
    let written = datasette_config::read(Sources {
        config_file: arguments.config.clone(),
        metadata_file: arguments.metadata.clone(),
        settings,
        config_dir: files.config_dir.clone(),
    })?;
    database_files::verify(named, &files)?;
    let config = Arc::new(written.interpret()?);
    config.warnings.iter().for_each(|text| output::warn(text));
    let extensions = extensions::wanted("serve", &arguments.load_extension)?;
    let signer = match arguments.secret() {
        Some(secret) => Signer::new(secret),
        None => Signer::new(&generate_secret().map_err(no_randomness)?),
    };
    let (root, root_token) = RootToken::generate().map_err(no_randomness)?;
    let watching = Watching {
        meters: Meters::default(),
        telemetry,
        limit: Duration::from_millis(u64::from(config.settings.sql_time_limit_ms)),
    };
    let fresh_internal = FreshFile::watch(arguments.internal().as_deref());
    let internal = Internal::open_watched(arguments.internal(), Some(watching.observer(INTERNAL)));
    let internal = tokio::spawn(internal.with_current_context());
    let opened = async {
        let mut databases = open_all(arguments, &config, &files, (&extensions, &watching))?;
        check::all(&databases).await?;
        let unhashed = file_hash::of_small_files(&mut databases).await;
        Ok::<_, Failure>((databases, unhashed))
    };
    let opened = opened.await;
    // Waited for in any case: what is still being made cannot be taken back.
    let internal = internal
        .await
        .map_err(|panic| Failure::error(panic.to_string()))?;
    let (databases, unhashed) = opened?;
    let internal = internal?;
    let urls = Urls::new(config.settings.base_url.clone());
    let running = match place {
        PythonPlace::Beside(others) => {
            let python = python_plugins(arguments, &files)?;
            let start = Start {
                site: site_facts(arguments, &config, (&files, &signer)),
                plugins_dir: None,
                serving: arguments.get().is_none(),
            };
            let mut python = python.run(start).await?;
            python.files.extend(others);
            python
        }
        PythonPlace::Parent => RunningPlugins::default(),
    };
    let verdict = running.verdict;
    let plugins = Plugins {
        installed: running.installed,
        files: running.files,
        ..Plugins::default()
    };
    let (templates, mounts) = furnish(arguments, &files, (&config, &urls), &plugins)?;
    let outfit = outfit(arguments, &config, &extensions, &watching);
    let instance = Instance::start(Parts {
        outfit: Some(outfit),
        config: Arc::clone(&config),
        databases,
        internal,
        plugins: Plugins {
            built_in: built_in_plugins(&templates, &urls),
            ..plugins
        },
        flags: Flags {
            root_enabled: arguments.root(),
            default_deny: arguments.default_deny,
        },
        signer: signer.clone(),
        clock: Arc::new(SystemClock),
        about: About {
            version_note: arguments.version_note(),
            extensions,
        },
    })
    .await?;
    file_hash::of_large_files(&instance.registry, unhashed);
    let instance = Arc::new(instance);
    if let Some(telemetry) = &watching.telemetry {
        observe_gauges(telemetry, &instance);
    }
    let Watching {
        meters, telemetry, ..
    } = watching;
    let app = App::start(AppParts {
        instance,
        templates,
        urls,
        mounts,
        cors: arguments.cors,
        tls,
        cache_headers: !arguments.reload,
        root_token: root,
        meters,
        telemetry: telemetry.clone(),
    })
    .await?;
    Ok(Site {
        app,
        signer,
        root_token,
        telemetry,
        fresh_internal,
        verdict,
    })
}

/// What the arguments say about files.
pub(crate) fn named(arguments: &ServeArguments) -> Named<'_> {
    Named {
        files: &arguments.files,
        immutable: &arguments.immutable,
        memory: arguments.memory || arguments.crossdb,
        create: arguments.create,
        inspect_file: arguments.inspect_file.as_deref(),
    }
}

/// Templates and static files: those of the arguments and those of plugins.
pub(crate) fn furnish(
    arguments: &ServeArguments,
    files: &DatabaseFiles,
    (config, urls): (&Config, &Urls),
    plugins: &Plugins,
) -> Result<(Templates, StaticMounts), Failure> {
    let infos = plugins.infos();
    let mounts = StaticMounts::new(mounts(arguments, files)?).with_plugins(&infos);
    let mut folders = template_folders(arguments, files);
    folders.extend(infos.iter().filter_map(|info| info.templates_path.clone()));
    let templates = Templates::new(folders, urls, &mounts, config.settings.content_security());
    Ok((templates, mounts))
}

fn no_randomness(error: impl Display) -> Failure {
    Failure::error(format!(
        "The machine has no random numbers to give: {error}"
    ))
}

/// Opens every database, without reading more than headers.
fn open_all(
    arguments: &ServeArguments,
    config: &Config,
    files: &DatabaseFiles,
    (extensions, watching): (&[Extension], &Watching),
) -> Result<Vec<Attach>, Failure> {
    let open = |named: &NamedDatabase| {
        let mut options = match &named.file {
            Some(file) => {
                let options = OpenOptions::new(Source::File(file.path.clone()));
                if file.immutable {
                    options.immutable()
                } else {
                    options
                }
            }
            None => OpenOptions::new(Source::Memory {
                name: named.name.clone(),
            })
            .immutable(),
        };
        if named.file.is_none() && arguments.crossdb {
            options.attached = attached(files);
        }
        // Nothing that was known about a file that may change counts (IMM-09).
        let immutable = named.file.as_ref().is_some_and(|file| file.immutable);
        let known = files.inspect_data.get(&named.name).filter(|_| immutable);
        let known = known.cloned().unwrap_or_default();
        options.known_size = known.size;
        // CLI-61: files given with -i exist already, or the command line was refused.
        options.create = arguments.create;
        options.nolock = arguments.nolock;
        options.extensions = extensions.to_vec();
        options.observer = Some(watching.observer(&named.name));
        options.cache_size_kb = config.settings.cache_size_kb;
        if let Some(lanes) = wanted_lanes(config) {
            options.lanes = lanes;
        }
        let database = Database::open(options).map_err(|fault| match &named.file {
            Some(file) => {
                let missing = missing_folder(&file.path);
                let why = missing.unwrap_or_else(|| words(&fault));
                check::failed(&file.path.display().to_string(), &why)
            }
            None => Failure::from(fault),
        })?;
        Ok(Attach {
            name: named.name.clone(),
            database,
            hash: known.hash,
            row_counts: known.counts,
        })
    };
    files.databases.iter().map(open).collect()
}

/// How databases are opened that plugins bring.
fn outfit(
    arguments: &ServeArguments,
    config: &Config,
    extensions: &[Extension],
    watching: &Watching,
) -> Outfit {
    let (nolock, extensions) = (arguments.nolock, extensions.to_vec());
    let cache_size_kb = config.settings.cache_size_kb;
    let (lanes, watching) = (wanted_lanes(config), watching.clone());
    Arc::new(move |name, options| {
        options.nolock = nolock;
        options.extensions.clone_from(&extensions);
        options.observer = Some(watching.observer(name));
        options.cache_size_kb = cache_size_kb;
        if let Some(lanes) = lanes {
            options.lanes = lanes;
        }
    })
}

/// Why a file cannot be created, where it is as simple as that.
fn missing_folder(file: &Path) -> Option<String> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())?;
    (!folder.is_dir()).then(|| format!("there is no folder '{}'", folder.display()))
}

/// `num_sql_threads` where somebody chose it; its default follows the cores of the machine.
fn wanted_lanes(config: &Config) -> Option<usize> {
    let chosen = config.raw.get("settings")?.get("num_sql_threads")?;
    let lanes = usize::try_from(config.settings.num_sql_threads).unwrap_or(usize::MAX);
    (!chosen.is_null()).then_some(lanes)
}

/// The files that queries of `_memory` can name (XDB-01, XDB-03).
fn attached(files: &DatabaseFiles) -> Vec<Attached> {
    let named = files.databases.iter().filter_map(|named| {
        let file = named.file.as_ref()?;
        Some(Attached {
            name: named.name.clone(),
            path: file.path.clone(),
            mutability: if file.immutable {
                Mutability::Immutable
            } else {
                Mutability::Mutable
            },
        })
    });
    let mut attached: Vec<Attached> = named.collect();
    if attached.len() > MOST_ATTACHED {
        output::warn(&format!(
            "--crossdb only works with the first {MOST_ATTACHED} attached databases"
        ));
        attached.truncate(MOST_ATTACHED);
    }
    attached
}

/// Where custom templates are: the option, else the directory's own (CLI-158).
fn template_folders(arguments: &ServeArguments, files: &DatabaseFiles) -> Vec<PathBuf> {
    let folder = arguments
        .template_dir
        .as_ref()
        .or(files.directory.template_dir.as_ref());
    folder.cloned().into_iter().collect()
}

/// Folders to serve as they are: those of the options, else the directory's own (CLI-31, CLI-160).
fn mounts(
    arguments: &ServeArguments,
    files: &DatabaseFiles,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    let own = files.directory.static_dir.as_ref();
    let own = own.filter(|_| arguments.mounts.is_empty());
    let named = own.map(|folder| ("static".to_owned(), folder.clone()));
    let all = arguments.mounts.iter().cloned().chain(named);
    // Found at once and for good, wherever the process goes.
    all.map(|(name, folder)| match folder.canonicalize() {
        Ok(folder) => Ok((name, folder)),
        Err(error) => Err(Failure::error(format!(
            "The folder {} cannot be served: {error}",
            folder.display()
        ))),
    })
    .collect()
}

/// The plugins written in Python: those that are installed, and those of the option, else of the
/// directory's own folder (CLI-30, CLI-159).
fn python_plugins(
    arguments: &ServeArguments,
    files: &DatabaseFiles,
) -> Result<PythonPlugins, Failure> {
    let options = &arguments.plugins;
    let folder = options.plugins_dir.as_ref();
    let folder = folder.or(files.directory.plugins_dir.as_ref());
    let python = options.environment.python();
    let found = PythonPlugins::find("serve", python, folder.map(PathBuf::as_path))?;
    if let Some(environment) = &found.environment {
        tracing::debug!("plugins written in Python are those of {environment}");
    }
    Ok(found)
}

/// What Python plugins learn about the site before they can ask.
fn site_facts(
    arguments: &ServeArguments,
    config: &Config,
    (files, signer): (&DatabaseFiles, &Signer),
) -> SiteFacts {
    let path = |path: &PathBuf| path.display().to_string();
    let settings: Map<String, Json> = datasette_config::SETTINGS
        .iter()
        .map(|setting| (setting.name.to_owned(), config.settings.get(setting.name)))
        .collect();
    let databases = files.databases.iter().map(|named| DatabaseInfo {
        name: named.name.clone(),
        route: named.name.clone(),
        path: named.file.as_ref().map(|file| path(&file.path)),
        is_mutable: named.file.as_ref().is_some_and(|file| !file.immutable),
        is_memory: named.file.is_none(),
        ..DatabaseInfo::default()
    });
    SiteFacts {
        config: config.raw.to_string(),
        metadata: config.metadata.to_json().to_string(),
        settings: Json::Object(settings).to_string(),
        databases: databases.collect(),
        secret: signer.secret().to_owned(),
        template_dir: template_folders(arguments, files).first().map(path),
        static_mounts: mounts(arguments, files)
            .unwrap_or_default()
            .into_iter()
            .map(|(name, folder)| (name, path(&folder)))
            .collect(),
        version_note: arguments.version_note(),
        config_dir: files.config_dir.as_ref().map(path),
        internal: arguments.internal().as_ref().map(path),
        cors: arguments.cors,
        crossdb: arguments.crossdb,
        nolock: arguments.nolock,
        default_deny: arguments.default_deny,
        root_enabled: arguments.root(),
    }
}
