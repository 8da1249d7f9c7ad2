//! Where things lie inside the `compat` folder.

use std::path::{Path, PathBuf};

/// The `compat` folder and the places inside it.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The folder given, or the one this program was built in.
    pub(crate) fn new(root: Option<PathBuf>) -> Self {
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root.unwrap_or(built_in);
        Self {
            root: root.canonicalize().unwrap_or(root),
        }
    }

    /// SQL files that make the fixture databases.
    pub(crate) fn databases(&self) -> PathBuf {
        self.root.join("databases")
    }

    /// How a server is started, one file per way.
    pub(crate) fn sites(&self) -> PathBuf {
        self.root.join("sites")
    }

    /// Plugins that sites load, one file each.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.root.join("plugins")
    }

    /// What is asked, one file per topic.
    pub(crate) fn scenarios(&self) -> PathBuf {
        self.root.join("scenarios")
    }

    /// What the original answered, one file per scenario file.
    pub(crate) fn goldens(&self) -> PathBuf {
        self.root.join("goldens")
    }

    /// What must be seen of published plugins, one file per plugin.
    pub(crate) fn published(&self) -> PathBuf {
        self.root.join("published")
    }

    /// The ledger of differences.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.root.join("deviations.toml")
    }

    /// What hunts are expected to find, beside the ledger.
    pub(crate) fn expected(&self) -> PathBuf {
        self.root.join("expected.toml")
    }

    /// What hunts with visitors are expected to find beside that.
    pub(crate) fn expected_access(&self) -> PathBuf {
        self.root.join("expected-access.toml")
    }

    /// Who visits.
    pub(crate) fn actors(&self) -> PathBuf {
        self.root.join("actors.toml")
    }

    /// The release of the original that goldens are recorded from.
    pub(crate) fn original_version(&self) -> PathBuf {
        self.root.join("original.txt")
    }

    /// The Python environment that holds the original; not under version control.
    pub(crate) fn virtualenv(&self) -> PathBuf {
        self.root.join(".venv")
    }

    /// The specification, whose rows scenarios name.
    pub(crate) fn specification(&self) -> PathBuf {
        self.root.join("..").join("docs").join("spec")
    }

    /// Scratch space; not under version control.
    pub(crate) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Cargo's output folder, where our binary is looked for.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("..").join("target"), PathBuf::from)
    }
}
