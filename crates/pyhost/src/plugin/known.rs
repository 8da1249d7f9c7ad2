//! What plugins declared when they started last, for a server that does not wait for them.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::PathBuf;

use bytes::Bytes;
use datasette_hooks::HookName;

use super::declared::Declared;
use super::start::Start;
use crate::cache;
use crate::install;
use crate::process::Interpreter;

/// Hooks that are called before the server answers anything.
const AT_START: [HookName; 4] = [
    HookName::Startup,
    HookName::PrepareConnection,
    HookName::PrepareJinja2Environment,
    HookName::AsgiWrapper,
];

/// A file with what the same plugins declared for the same site.
pub(super) struct Known {
    path: PathBuf,
}

impl Known {
    /// The file for these plugins, which `versions` tells apart from others and from earlier
    /// versions of themselves; `None` where there is no place for it.
    pub(super) fn of(interpreter: &Interpreter, start: &Start, versions: &str) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        install::VERSION.hash(&mut hasher);
        interpreter.program.hash(&mut hasher);
        interpreter.module_folders.hash(&mut hasher);
        versions.hash(&mut hasher);
        let mut site = start.site.clone();
        // It may be another one each time.
        site.secret.clear();
        format!("{site:?} {:?}", start.plugins_dir).hash(&mut hasher);
        let name = format!("{:016x}", hasher.finish());
        let path = cache::folder()?.join("plugins").join(name);
        Some(Self { path })
    }

    /// What was declared, where no hook of it is called at the start.
    pub(super) fn read(&self) -> Option<Bytes> {
        let bytes = fs::read(&self.path).ok()?;
        let declared: Declared = rmp_serde::from_slice(&bytes).ok()?;
        let hooks = declared.segments.iter();
        let mut hooks = hooks.flat_map(|(_, _, segment)| &segment.hooks);
        let waits = hooks.any(|hook| AT_START.iter().any(|one| one.name() == hook));
        (!waits).then(|| bytes.into())
    }

    /// Keeps what was declared. Where that is not possible the next start waits for the plugins.
    pub(super) fn write(&self, declared: &[u8]) {
        let Some(folder) = self.path.parent() else {
            return;
        };
        let written = fs::create_dir_all(folder).and_then(|()| {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(declared)?;
            Ok(file.persist(&self.path)?)
        });
        if let Err(error) = written {
            tracing::debug!("what the plugins declare is not kept: {error}");
        }
    }
}
