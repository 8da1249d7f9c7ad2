//! From sources to the one configuration.

use std::path::PathBuf;
use std::sync::Arc;

use datasette_core::Fault;
use serde_json::{Map, Value};

use crate::argument::SettingArgument;
use crate::config::Config;
use crate::directory::Directory;
use crate::document::Document;
use crate::interpret::interpret;
use crate::legacy;
use crate::metadata::Metadata;
use crate::origin::Origin;
use crate::slip;

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

/// Reads all sources and understands them.
///
/// # Errors
/// As [`read`] and [`Written::interpret`].
pub fn load(sources: Sources) -> Result<Config, Fault> {
    read(sources)?.interpret()
}

/// What all sources say, put together and not yet understood.
#[derive(Debug)]
pub struct Written {
    origin: Origin,
    configuration: Map<String, Value>,
}

/// Reads all sources, metadata first (CLI-120).
///
/// # Errors
/// A file that cannot be read or is no JSON or YAML, with the place where that shows. Errors about
/// the form of an `-s` value are usage errors; check those first with [`SettingArgument::parse`].
pub fn read(sources: Sources) -> Result<Written, Fault> {
    let directory = match &sources.config_dir {
        Some(path) => Directory::scan(path)?,
        None => Directory::default(),
    };
    let mut origin = Origin {
        metadata: optional(sources.metadata_file)?,
        ..Origin::default()
    };
    origin.configuration = optional(sources.config_file)?;
    let mut configuration = std::mem::take(&mut origin.configuration.root);
    for (name, value) in &sources.settings {
        let argument = SettingArgument::parse(name, value)?;
        let path = argument.path().to_vec();
        origin.arguments.push((name.clone(), path));
        argument.apply(&mut configuration);
    }
    // CLI-154: anything from -c or -s replaces the directory's own file altogether.
    if configuration.is_empty() && directory.config_file.is_some() {
        origin.configuration = optional(directory.config_file)?;
        configuration = std::mem::take(&mut origin.configuration.root);
    }
    if origin.metadata.root.is_empty() && directory.metadata_file.is_some() {
        origin.metadata = optional(directory.metadata_file)?;
    }
    Ok(Written {
        origin,
        configuration,
    })
}

impl Written {
    /// Understands what was read.
    ///
    /// # Errors
    /// The first thing that cannot be meant, with the file, the line and the key where they are
    /// known.
    pub fn interpret(self) -> Result<Config, Fault> {
        let Self {
            mut origin,
            mut configuration,
        } = self;
        let written = Value::Object(std::mem::take(&mut origin.metadata.root));
        let refuse = |words: String| Fault::bad_request(words);
        legacy::check_shape(&written).map_err(|mistake| refuse(origin.in_metadata(&mistake)))?;
        let slips = slip::of_metadata(&written);
        let mut warnings: Vec<String> = slips.iter().map(|slip| origin.in_metadata(slip)).collect();
        let Value::Object(mut metadata) = written else {
            return Err(Fault::internal("metadata is a mapping"));
        };
        origin.moved = legacy::move_to_configuration(&mut metadata, &mut configuration)
            .map_err(|mistake| refuse(origin.in_configuration(&mistake)))?;
        let raw = Value::Object(configuration);
        let interpreted =
            interpret(&raw).map_err(|mistake| refuse(origin.in_configuration(&mistake)))?;
        let slips = slip::of_configuration(&raw);
        warnings.extend(slips.iter().map(|slip| origin.in_configuration(slip)));
        Ok(Config {
            settings: interpreted.settings,
            instance: interpreted.instance,
            databases: interpreted.databases,
            raw,
            metadata: Metadata::from_file(&metadata, &origin.metadata.dates),
            warnings,
            origin: Arc::new(origin),
        })
    }
}

fn optional(path: Option<PathBuf>) -> Result<Document, Fault> {
    path.map_or_else(|| Ok(Document::default()), |path| Document::read(&path))
}
