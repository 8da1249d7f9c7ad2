//! A site: which databases a server gets, and with which arguments it is started.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::fixture;
use crate::layout::Layout;

/// One file of `compat/sites`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    /// Name of the file without its ending.
    #[serde(skip)]
    pub(crate) name: String,
    /// Databases opened for reading and writing: `shop`, or `shop as my data.db`.
    #[serde(default)]
    pub(crate) files: Vec<String>,
    /// Databases given with `-i`.
    #[serde(default)]
    pub(crate) immutable: Vec<String>,
    /// The content of the server's own database, given with `--internal`.
    #[serde(default)]
    pub(crate) internal: Option<String>,
    /// A configuration file beside the site file, given with `-c`.
    #[serde(default)]
    pub(crate) config: Option<String>,
    /// A metadata file beside the site file, given with `-m`.
    #[serde(default)]
    pub(crate) metadata: Option<String>,
    /// Plugins of `compat/plugins`, put into one folder that is given with `--plugins-dir`.
    #[serde(default)]
    pub(crate) plugins: Vec<String>,
    /// Further arguments; `{site}` stands for the folder of the site files.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// Settings given with `--setting`.
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, toml::Value>,
    /// Settings that the original does not have, given to ours only.
    #[serde(default)]
    pub(crate) own_settings: BTreeMap<String, toml::Value>,
}

impl Site {
    /// Reads `compat/sites/{name}.toml`.
    pub(crate) fn load(layout: &Layout, name: &str) -> Result<Self> {
        let path = layout.sites().join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("no such site: {}", path.display()))?;
        let mut site: Self =
            toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        name.clone_into(&mut site.name);
        Ok(site)
    }

    /// Builds fresh databases in `data` and returns the arguments of the server.
    pub(crate) fn prepare(&self, layout: &Layout, data: &Path, ours: bool) -> Result<Vec<String>> {
        std::fs::create_dir_all(data)?;
        let mut args = Vec::new();
        for (list, flag) in [(&self.files, None), (&self.immutable, Some("-i"))] {
            for entry in list {
                let target = build(layout, entry, data)?;
                args.extend(flag.map(str::to_owned));
                args.push(text(&target)?);
            }
        }
        if let Some(entry) = &self.internal {
            let target = build(layout, entry, data)?;
            args.extend(["--internal".to_owned(), text(&target)?]);
        }
        for (flag, file) in [("-c", &self.config), ("-m", &self.metadata)] {
            if let Some(file) = file {
                let path = layout.sites().join(file);
                if !path.exists() {
                    bail!("{} does not exist", path.display());
                }
                args.extend([flag.to_owned(), text(&path)?]);
            }
        }
        let own = self.own_settings.iter().filter(|_| ours);
        for (name, value) in self.settings.iter().chain(own) {
            let value = match value {
                toml::Value::String(value) => value.clone(),
                other => other.to_string(),
            };
            args.extend(["--setting".to_owned(), name.clone(), value]);
        }
        if !self.plugins.is_empty() {
            let folder = data.join("plugins");
            copy_plugins(layout, &self.plugins, &folder)?;
            args.extend(["--plugins-dir".to_owned(), text(&folder)?]);
        }
        let folder = text(&layout.sites())?;
        args.extend(self.args.iter().map(|arg| arg.replace("{site}", &folder)));
        Ok(args)
    }
}

/// Builds the database of an entry in a folder; answers its path.
pub(crate) fn build(layout: &Layout, entry: &str, folder: &Path) -> Result<PathBuf> {
    let (fixture, file) = split_entry(entry);
    let target = folder.join(file);
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)?;
    }
    fixture::build(&layout.databases().join(format!("{fixture}.sql")), &target)?;
    Ok(target)
}

/// Copies plugins of `compat/plugins` into a folder, which is where a server loads all there are.
pub(crate) fn copy_plugins(layout: &Layout, names: &[String], folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for name in names {
        let file = format!("{name}.py");
        let path = layout.plugins().join(&file);
        std::fs::copy(&path, folder.join(&file))
            .with_context(|| format!("no such plugin: {}", path.display()))?;
    }
    Ok(())
}

/// `shop` is `shop.db`; `shop as my data.db` names the file.
fn split_entry(entry: &str) -> (String, PathBuf) {
    match entry.split_once(" as ") {
        Some((fixture, file)) => (fixture.to_owned(), PathBuf::from(file)),
        None => (entry.to_owned(), PathBuf::from(format!("{entry}.db"))),
    }
}

fn text(path: &Path) -> Result<String> {
    path.to_str()
        .map(str::to_owned)
        .context("a path is not valid UTF-8")
}
