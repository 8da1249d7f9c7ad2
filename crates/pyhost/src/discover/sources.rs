//! What the sources of plugins mention, without importing them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::installed::InstalledPlugin;
use super::path_files::Additions;

/// Folders below each other that are looked into.
const DEEPEST: usize = 8;

/// Whether the sources of any of the plugins mention all of the words, of each in one of its forms. A
/// plugin whose sources cannot be read may mention anything.
pub fn any_mentions(
    environment: &Environment,
    plugins: &[InstalledPlugin],
    words: &[&[&str]],
) -> bool {
    if plugins.is_empty() {
        return false;
    }
    let mut folders = environment.packages.clone();
    let mut elsewhere = Vec::new();
    for folder in &environment.packages {
        let files = path_files(folder);
        let additions = Additions::read(folder, &files);
        folders.extend(additions.folders);
        elsewhere.extend(additions.modules);
    }
    plugins.iter().any(|plugin| {
        let Some(module) = plugin.entry.module() else {
            return true;
        };
        let top = module.split('.').next().unwrap_or(module);
        let named = elsewhere.iter().filter(|(name, _)| name == top);
        let places = named.map(|(_, path)| path.clone());
        let places = places.chain(folders.iter().map(|folder| folder.join(top)));
        let mut sources = Vec::new();
        places.for_each(|place| collect(&place, &mut sources));
        sources.is_empty() || mention(&sources, words)
    })
}

fn path_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.ends_with(".pth")).collect()
}

/// The sources of a module or a package.
fn collect(place: &Path, sources: &mut Vec<PathBuf>) {
    let mut file = place.as_os_str().to_owned();
    file.push(".py");
    let file = PathBuf::from(file);
    if file.is_file() {
        sources.push(file);
    }
    walk(place, DEEPEST, sources);
}

fn walk(folder: &Path, depth: usize, sources: &mut Vec<PathBuf>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, depth, sources);
        } else if path.extension() == Some(OsStr::new("py")) {
            sources.push(path);
        }
    }
}

fn mention(sources: &[PathBuf], words: &[&[&str]]) -> bool {
    let mut missing: Vec<&[&str]> = words.to_vec();
    for source in sources {
        let Ok(text) = fs::read(source) else {
            return true;
        };
        let text = String::from_utf8_lossy(&text);
        missing.retain(|forms| !forms.iter().any(|form| text.contains(form)));
    }
    missing.is_empty()
}
