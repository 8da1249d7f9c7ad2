//! Packs the Python package that plugins import into a wheel, which becomes part of the program.

#[path = "build/metadata.rs"]
mod metadata;
#[path = "build/wheel.rs"]
mod wheel;
#[path = "build/zip.rs"]
mod zip;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use metadata::Project;

/// The folder of the Python project, seen from here.
const PROJECT: &str = "../../python";

fn main() -> Result<(), Box<dyn Error>> {
    let project = Path::new(PROJECT);
    println!("cargo::rerun-if-changed={PROJECT}/pyproject.toml");
    println!("cargo::rerun-if-changed={PROJECT}/datasette");
    let described = Project::read(&fs::read_to_string(project.join("pyproject.toml"))?)?;
    let mut files = Vec::new();
    collect(&project.join("datasette"), "datasette", &mut files)?;
    files.sort();
    let version = described.version(&files)?;
    let packed = wheel::pack(&described, &version, &files);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    fs::write(out.join("datasette.whl"), packed)?;
    println!("cargo::rustc-env=DATASETTE_PACKAGE_VERSION={version}");
    Ok(())
}

/// The files of the package with their names inside of the wheel.
fn collect(
    folder: &Path,
    name: &str,
    files: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let inside = format!("{name}/{file}");
        if file == "__pycache__" || file.ends_with(".pyc") || file.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &inside, files)?;
        } else {
            files.push((inside, fs::read(entry.path())?));
        }
    }
    Ok(())
}
