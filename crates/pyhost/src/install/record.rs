//! Notes in an environment where this program is: test suites of plugins that run there start it
//! (OOP-25).

use std::fs;
use std::path::Path;

use crate::discover::{Environment, Search};

/// The file below the folder of the environment.
const FILE: &str = "share/datasette/program.txt";

/// Writes the note. Where it cannot be written suites look for the program on the `PATH`.
pub(super) fn record(environment: &Environment, search: &Search) {
    let program = search.program.as_deref().and_then(absolute);
    let folder = environment.python.parent().and_then(Path::parent);
    let (Some(program), Some(folder)) = (program, folder) else {
        return;
    };
    // Folders of the whole machine belong to its packages.
    if !environment.isolated {
        return;
    }
    let file = folder.join(FILE);
    let written = file
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&file, program));
    if let Err(error) = written {
        tracing::debug!("{} cannot be written: {error}", file.display());
    }
}

fn absolute(program: &Path) -> Option<String> {
    program.canonicalize().ok()?.to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::Origin;
    use std::path::PathBuf;

    #[test]
    fn the_environment_knows_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("datasette");
        fs::write(&program, "").unwrap();
        let environment = Environment {
            python: folder.path().join("venv/bin/python"),
            packages: Vec::new(),
            origin: Origin::Named,
            isolated: true,
        };
        let search = Search {
            program: Some(program.clone()),
            ..Search::default()
        };
        record(&environment, &search);
        let noted = fs::read_to_string(folder.path().join("venv").join(FILE)).unwrap();
        assert_eq!(PathBuf::from(noted), program.canonicalize().unwrap());
        // Nothing to note is no accident.
        record(&environment, &Search::default());
    }
}
