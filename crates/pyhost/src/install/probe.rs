//! Asking an interpreter what it is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::discover::on_path;

/// The oldest version of Python that plugins run with.
pub(super) const OLDEST: (u32, u32) = (3, 10);

/// What the interpreter prints: its version, itself, and whether it has pip, and can make
/// environments that have it. It must be understood by versions that are far too old.
const QUESTION: &str = "import sys
def has(name):
    try:
        from importlib.util import find_spec
        return find_spec(name) is not None
    except Exception:
        return False
print('%d %d' % sys.version_info[:2])
print(sys.executable)
print('yes' if has('pip') else 'no')
print('yes' if has('venv') and has('ensurepip') else 'no')
";

/// Names under which interpreters are found, in the order of preference.
const NAMES: [&str; 7] = [
    "python3",
    "python",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
];

/// An interpreter that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Probed {
    /// Its version, major and minor.
    pub(super) version: (u32, u32),
    /// Where it says that it is.
    pub(super) program: PathBuf,
    /// Whether pip is there.
    pub(super) has_pip: bool,
    /// Whether it can make environments with pip.
    pub(super) makes_environments: bool,
}

/// Asks an interpreter.
///
/// # Errors
/// A sentence for the user: it does not start, or is none.
pub(super) fn probe(python: &Path) -> Result<Probed, String> {
    let no_python = |why: &str| format!("Python does not work ({}): {why}", python.display());
    // Isolated, so that no module of the folder we are in is taken for one of Python's.
    let mut command = Command::new(python);
    command.args(["-I", "-c", QUESTION]).stdin(Stdio::null());
    let output = command
        .output()
        .map_err(|error| no_python(&error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let read = Probed::read(&said).filter(|_| output.status.success());
    read.ok_or_else(|| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        match complaint.lines().rfind(|line| !line.trim().is_empty()) {
            Some(line) => no_python(line.trim()),
            None => no_python(&format!("it ended with {}", output.status)),
        }
    })
}

/// The first interpreter on the path that can run plugins.
///
/// # Errors
/// A sentence for the user: there is none.
pub(super) fn find(programs: &[PathBuf]) -> Result<Probed, String> {
    let mut too_old: Option<Probed> = None;
    for name in NAMES {
        let Some(python) = on_path(Path::new(name), programs) else {
            continue;
        };
        match probe(&python) {
            Ok(probed) if probed.version >= OLDEST => return Ok(probed),
            Ok(probed) => {
                too_old.get_or_insert(probed);
            }
            // What stands for an interpreter that is not there, for example of pyenv.
            Err(_) => {}
        }
    }
    let found = match too_old {
        Some(Probed {
            version, program, ..
        }) => format!("only {} ({})", version_text(version), program.display()),
        None => "none".to_owned(),
    };
    Err(format!(
        "Plugins need {} or newer, and {found} was found. Install it \
         (https://www.python.org/downloads/), or name one with --python.",
        version_text(OLDEST)
    ))
}

/// `Python 3.11`.
pub(super) fn version_text((major, minor): (u32, u32)) -> String {
    format!("Python {major}.{minor}")
}

impl Probed {
    fn read(said: &str) -> Option<Self> {
        let mut lines = said.lines();
        let (major, minor) = lines.next()?.split_once(' ')?;
        let version = (major.parse().ok()?, minor.parse().ok()?);
        let program = PathBuf::from(lines.next()?);
        Some(Self {
            version,
            program,
            has_pip: lines.next()? == "yes",
            makes_environments: lines.next()? == "yes",
        })
    }
}
