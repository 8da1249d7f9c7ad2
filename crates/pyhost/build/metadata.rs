//! What the wheel says about itself, from `pyproject.toml`.

use std::error::Error;
use std::fmt::Write;

use sha2::{Digest, Sha256};
use toml::{Table, Value};

/// The file with the version of the interface that the package offers.
const VERSION_FILE: &str = "datasette/version.py";

/// A project as `pyproject.toml` describes it.
pub(crate) struct Project {
    table: Table,
    text: String,
}

impl Project {
    /// Reads the file.
    pub(crate) fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let whole: Table = text.parse()?;
        let table = whole.get("project").and_then(Value::as_table);
        Ok(Self {
            table: table.ok_or("pyproject.toml has no [project]")?.clone(),
            text: text.to_owned(),
        })
    }

    /// The version of the interface with a label, which differs when anything in the package does:
    /// pip then replaces the package, and no package index can have that version.
    pub(crate) fn version(&self, files: &[(String, Vec<u8>)]) -> Result<String, Box<dyn Error>> {
        let file = files.iter().find(|(name, _)| name == VERSION_FILE);
        let (_, content) = file.ok_or("the package has no version.py")?;
        let content = std::str::from_utf8(content)?;
        let line = content.lines().find(|it| it.starts_with("__version__"));
        let version = line.and_then(|line| line.split('"').nth(1));
        let version = version.ok_or("version.py has no version")?;
        let mut hash = Sha256::new();
        hash.update(&self.text);
        for (name, content) in files {
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update((content.len() as u64).to_le_bytes());
            hash.update(content);
        }
        let mut label = String::new();
        for byte in &hash.finalize()[..6] {
            write!(label, "{byte:02x}")?;
        }
        // Labels of digits alone would be read as numbers.
        Ok(format!("{version}+rust.h{label}"))
    }

    /// The headers of the distribution.
    pub(crate) fn metadata(&self, version: &str) -> String {
        let mut text = format!("Metadata-Version: 2.1\nName: datasette\nVersion: {version}\n");
        let keys = [
            ("Summary", "description"),
            ("License", "license"),
            ("Requires-Python", "requires-python"),
        ];
        for (header, key) in keys {
            if let Some(value) = self.table.get(key).and_then(Value::as_str) {
                text.push_str(&format!("{header}: {value}\n"));
            }
        }
        let needed = self.table.get("dependencies").and_then(Value::as_array);
        for requirement in needed.into_iter().flatten().filter_map(Value::as_str) {
            text.push_str(&format!("Requires-Dist: {requirement}\n"));
        }
        text
    }

    /// The entry points, in the form of their file.
    pub(crate) fn entry_points(&self) -> String {
        let mut text = String::new();
        let groups = self.table.get("entry-points").and_then(Value::as_table);
        for (group, entries) in groups.into_iter().flatten() {
            text.push_str(&format!("[{group}]\n"));
            for (name, value) in entries.as_table().into_iter().flatten() {
                text.push_str(&format!(
                    "{name} = {}\n",
                    value.as_str().unwrap_or_default()
                ));
            }
        }
        text
    }
}
