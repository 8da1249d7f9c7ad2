//! Installed distributions: folders that say what was installed.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Parts of names that stand for one another.
const SEPARATORS: [char; 3] = ['-', '_', '.'];

/// A distribution as far as the name of its folder tells.
#[derive(Clone, Debug)]
pub(super) struct Distribution {
    /// Its folder, `{name}-{version}.dist-info`.
    pub(super) folder: PathBuf,
    /// Its name in the one spelling that all spellings have in common.
    key: String,
}

/// What one look at a folder of packages shows, in the order of the file system.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) distributions: Vec<Distribution>,
    /// Names of files that add folders, in the order in which Python reads them.
    pub(super) path_files: Vec<String>,
}

/// Name and version of a distribution, from its own words.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
}

/// Lists a folder of packages.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn listed(folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for entry in fs::read_dir(folder)?.flatten() {
        // No distribution is named with other characters.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let Some((stem, suffix)) = name.rsplit_once('.') else {
            continue;
        };
        match suffix.to_ascii_lowercase().as_str() {
            "dist-info" | "egg-info" => {
                let key = normalised(stem.split('-').next().unwrap_or(stem));
                let folder = folder.join(&name);
                listing.distributions.push(Distribution { folder, key });
            }
            // Python skips hidden ones.
            "pth" if suffix == "pth" && !name.starts_with('.') => listing.path_files.push(name),
            _ => {}
        }
    }
    listing.path_files.sort_unstable();
    Ok(listing)
}

/// A name in the one spelling that `-`, `_`, `.`, runs of them and capital letters come to.
pub(super) fn normalised(name: &str) -> String {
    let mut normalised = String::with_capacity(name.len());
    for character in name.chars() {
        if !SEPARATORS.contains(&character) {
            normalised.extend(character.to_lowercase());
        } else if !normalised.ends_with('_') {
            normalised.push('_');
        }
    }
    normalised
}

impl Listing {
    /// The distributions of that name, however it is spelled.
    pub(super) fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Distribution> {
        let key = normalised(name);
        let all = self.distributions.iter();
        all.filter(move |distribution| distribution.key == key)
    }
}

impl Distribution {
    /// Its name, normalised.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The text that names its entry points; `None` where it has none.
    pub(super) fn entry_points(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("entry_points.txt")).ok()
    }

    /// What it says about itself.
    pub(super) fn metadata(&self) -> Metadata {
        let files = ["METADATA", "PKG-INFO"].into_iter();
        let mut files = files.map(|file| File::open(self.folder.join(file)));
        let file = files.find_map(Result::ok);
        file.map_or_else(Metadata::default, |file| {
            Metadata::read(BufReader::new(file))
        })
    }
}

impl Metadata {
    /// Headers as of a mail: the first of a name counts, a blank line ends them. No more is read
    /// than is needed.
    fn read(text: impl BufRead) -> Self {
        let mut metadata = Self::default();
        for line in text.split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            if line.trim().is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let place = match name.to_ascii_lowercase().as_str() {
                "name" => &mut metadata.name,
                "version" => &mut metadata.version,
                _ => continue,
            };
            place.get_or_insert_with(|| value.trim().to_owned());
            if metadata.name.is_some() && metadata.version.is_some() {
                break;
            }
        }
        metadata
    }
}
