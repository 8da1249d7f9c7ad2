//! From sources to the one configuration.

use std::collections::HashSet;
use std::path::PathBuf;

use datasette_core::Fault;
use serde_json::{Map, Value};

use crate::argument::SettingArgument;
use crate::config::Config;
use crate::directory::Directory;
use crate::document::Document;
use crate::interpret::interpret;
use crate::legacy;
use crate::metadata::Metadata;
use crate::mistake::Mistake;

/// Where configuration comes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `-c`; `-` is the standard input.
    pub config_file: Option<PathBuf>,
    /// `-m`; `-` is the standard input.
    pub metadata_file: Option<PathBuf>,
    /// Each `-s NAME VALUE` in order.
    pub settings: Vec<(String, String)>,
    /// The directory of configuration-directory mode.
    pub config_dir: Option<PathBuf>,
}

/// Reads all sources.
///
/// # Errors
/// The first thing that cannot be meant, with the file, the line and the key where they are
/// known. Errors about the form of an `-s` value are usage errors; check those first with
/// [`SettingArgument::parse`].
pub fn load(sources: Sources) -> Result<Config, Fault> {
    let directory = match &sources.config_dir {
        Some(path) => Directory::scan(path)?,
        None => Directory::default(),
    };
    let mut config_file = optional(sources.config_file)?;
    let mut configuration = std::mem::take(&mut config_file.root);
    let mut arguments = HashSet::new();
    for (name, value) in &sources.settings {
        let argument = SettingArgument::parse(name, value)?;
        arguments.insert(argument.path().to_vec());
        argument.apply(&mut configuration);
    }
    // CLI-154: anything from -c or -s replaces the directory's own file altogether.
    if configuration.is_empty() && directory.config_file.is_some() {
        config_file = optional(directory.config_file)?;
        configuration = std::mem::take(&mut config_file.root);
    }
    let mut metadata_file = optional(sources.metadata_file)?;
    if metadata_file.root.is_empty() && directory.metadata_file.is_some() {
        metadata_file = optional(directory.metadata_file)?;
    }
    let mut metadata = std::mem::take(&mut metadata_file.root);

    let explain = |mistake: Mistake| {
        let from_argument =
            (0..=mistake.path().len()).any(|length| arguments.contains(&mistake.path()[..length]));
        let place = metadata_file
            .place(&mistake)
            .or_else(|| config_file.place(&mistake))
            .filter(|_| !from_argument);
        Fault::bad_request(match place {
            Some(place) => format!("{} {place}", mistake.message()),
            None => mistake.message().to_owned(),
        })
    };
    let metadata =
        typed_metadata(&mut metadata, &mut configuration, &metadata_file.dates).map_err(explain)?;
    let raw = Value::Object(configuration);
    let interpreted = interpret(&raw).map_err(explain)?;
    Ok(Config {
        settings: interpreted.settings,
        instance: interpreted.instance,
        databases: interpreted.databases,
        raw,
        metadata,
    })
}

fn optional(path: Option<PathBuf>) -> Result<Document, Fault> {
    path.map_or_else(|| Ok(Document::default()), |path| Document::read(&path))
}

fn typed_metadata(
    metadata: &mut Map<String, Value>,
    configuration: &mut Map<String, Value>,
    dates: &HashSet<Vec<String>>,
) -> Result<Metadata, Mistake> {
    let whole = Value::Object(std::mem::take(metadata));
    legacy::check_shape(&whole)?;
    if let Value::Object(keys) = whole {
        *metadata = keys;
    }
    legacy::move_to_configuration(metadata, configuration)?;
    Ok(Metadata::from_file(metadata, dates))
}
