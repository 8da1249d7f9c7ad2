//! Which databases the command line names, and what each is called.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use datasette_config::{Directory, InspectData};

use crate::failure::Failure;

/// A database to attach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedDatabase {
    /// Its name, which is its route too (CLI-70).
    pub(crate) name: String,
    /// The file; `None` for `_memory`.
    pub(crate) file: Option<DatabaseFile>,
}

/// A database file of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DatabaseFile {
    /// The path as it was given (CLI-74).
    pub(crate) path: PathBuf,
    /// Whether nobody writes to it.
    pub(crate) immutable: bool,
}

/// What the file arguments come to.
#[derive(Debug, Default)]
pub(crate) struct DatabaseFiles {
    /// The databases in the order of CLI-69.
    pub(crate) databases: Vec<NamedDatabase>,
    /// The directory of configuration-directory mode (CLI-73).
    pub(crate) config_dir: Option<PathBuf>,
    /// What else is in it.
    pub(crate) directory: Directory,
    /// What `--inspect-file`, or else `inspect-data.json` of that directory says.
    pub(crate) inspect_data: InspectData,
}

/// What the command line says about files.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Named<'a> {
    /// Positional arguments.
    pub(crate) files: &'a [PathBuf],
    /// Each `-i`.
    pub(crate) immutable: &'a [PathBuf],
    /// Whether `_memory` is wanted beside files (MEM-01).
    pub(crate) memory: bool,
    /// Whether missing files will be created.
    pub(crate) create: bool,
    /// The file that is read in place of the directory's `inspect-data.json`.
    pub(crate) inspect_file: Option<&'a Path>,
}

/// Settles which databases there are. Creates and opens none, and does not look whether they exist.
///
/// # Errors
/// There are two directories (CLI-73), or the inspect file cannot be read.
pub(crate) fn settle(named: Named<'_>) -> Result<DatabaseFiles, Failure> {
    let (directories, files): (Vec<&PathBuf>, Vec<&PathBuf>) =
        named.files.iter().partition(|path| path.is_dir());
    if directories.len() > 1 {
        return Err(Failure::error(
            "Cannot pass multiple directories. Pass a single directory as config_dir.",
        ));
    }
    let config_dir = directories.first().map(|path| path.to_path_buf());
    let directory = match &config_dir {
        Some(path) => Directory::scan(path)?,
        None => Directory::default(),
    };
    let of_directory = directory.inspect_file.as_deref();
    // A variable of the environment that is empty names no file.
    let named_file = named
        .inspect_file
        .filter(|path| !path.as_os_str().is_empty());
    let inspect_data = match named_file.or(of_directory) {
        Some(path) => InspectData::read(path)?,
        None => InspectData::default(),
    };

    let explicit: HashSet<&PathBuf> = named.immutable.iter().collect();
    let all = files
        .into_iter()
        .chain(named.immutable)
        .chain(&directory.databases);
    let files = all.map(|path| DatabaseFile {
        path: path.clone(),
        // CLI-156: without any -i, inspect data of the directory decides, by the names of files.
        immutable: if explicit.is_empty() {
            named_file.is_none() && inspect_data.names_file(path)
        } else {
            explicit.contains(path)
        },
    });
    let databases = give_names(named.memory, files);
    Ok(DatabaseFiles {
        databases,
        config_dir,
        directory,
        inspect_data,
    })
}

/// Looks at the files of the command line, after the configuration was read (CLI-120).
///
/// # Errors
/// A file is missing or named twice (CLI-60, CLI-71).
pub(crate) fn verify(named: Named<'_>, settled: &DatabaseFiles) -> Result<(), Failure> {
    let files: Vec<&PathBuf> = named.files.iter().filter(|path| !path.is_dir()).collect();
    for file in &files {
        if !named.create && !file.exists() {
            return Err(Failure::error(format!(
                "Invalid value for '[FILES]...': Path '{}' does not exist.",
                file.display()
            )));
        }
    }
    refuse_duplicates(files.into_iter().chain(&settled.directory.databases))
}

/// Names immutable files in their order; without any there is `_memory` (CLI-174, CLI-176).
pub(crate) fn name_all(files: &[PathBuf]) -> Vec<NamedDatabase> {
    let files = files.iter().map(|path| DatabaseFile {
        path: path.clone(),
        immutable: true,
    });
    give_names(false, files)
}

fn give_names(memory: bool, files: impl Iterator<Item = DatabaseFile>) -> Vec<NamedDatabase> {
    let mut files = files.peekable();
    let mut databases = Vec::new();
    let mut taken = HashSet::new();
    if memory || files.peek().is_none() {
        taken.insert("_memory".to_owned());
        databases.push(NamedDatabase {
            name: "_memory".to_owned(),
            file: None,
        });
    }
    for file in files {
        let suggestion = stem(&file.path);
        let mut name = suggestion.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{suggestion}_{number}");
            number += 1;
        }
        databases.push(NamedDatabase {
            name,
            file: Some(file),
        });
    }
    databases
}

/// The file name without its last suffix; a dot at either end starts none (CLI-68).
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match name.rfind('.') {
        Some(dot) if dot > 0 && dot + 1 < name.len() => name[..dot].to_owned(),
        _ => name.into_owned(),
    }
}

fn refuse_duplicates<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    let mut seen: HashMap<PathBuf, &PathBuf> = HashMap::new();
    for path in files {
        let resolved = resolve(path);
        if let Some(first) = seen.insert(resolved.clone(), path) {
            return Err(Failure::error(format!(
                "Duplicate database file: '{}' and '{}' both refer to {}",
                path.display(),
                first.display(),
                resolved.display()
            )));
        }
    }
    Ok(())
}

/// Where a path leads; one that is still to be created, too.
fn resolve(path: &Path) -> PathBuf {
    if let Ok(resolved) = path.canonicalize() {
        return resolved;
    }
    let parent = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return path.to_owned(),
    };
    match (parent.canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
