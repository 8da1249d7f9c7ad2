//! Embeds templates, styles, scripts and images, and computes their hashes, so that a running
//! server reads no file of ours.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use md5::{Digest, Md5};
use sha2::Sha256;

fn main() {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    let templates = manifest.join("templates");
    let frontend = manifest.join("../../frontend");
    let mut code = String::from("pub(crate) static TEMPLATES: &[(&str, &str)] = &[\n");
    for (name, path) in files(&templates) {
        let _ = writeln!(
            code,
            "    ({name:?}, include_str!({:?})),",
            path.display().to_string()
        );
    }
    code.push_str("];\n\npub(crate) static ASSETS: &[Asset] = &[\n");
    let stylesheet = out.join("app.css");
    write_stylesheet(&frontend.join("css"), &stylesheet);
    asset(&mut code, "app.css", &stylesheet);
    for folder in ["js", "bundles"] {
        for (name, path) in files(&frontend.join(folder)) {
            asset(&mut code, &name, &path);
        }
    }
    asset(&mut code, "favicon.png", &frontend.join("favicon.png"));
    code.push_str("];\n");
    if let Err(error) = fs::write(out.join("embedded.rs"), code) {
        println!("cargo::error=cannot write the embedded files: {error}");
    }
    let icon = frontend.join("favicon.png");
    let watched = ["css", "js", "bundles"].map(|folder| frontend.join(folder));
    for watched in watched.into_iter().chain([templates, icon]) {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
    println!("cargo::rerun-if-changed=build.rs");
}

/// All files below a folder, by their path in it, sorted.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(&current).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.push((name.display().to_string().replace('\\', "/"), path.clone()));
            }
        }
    }
    found.sort();
    found
}

/// The served stylesheet is the parts in the order that `order.txt` states.
fn write_stylesheet(folder: &Path, target: &Path) {
    let order = fs::read_to_string(folder.join("order.txt")).unwrap_or_default();
    let mut sheet = String::new();
    for part in order.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match fs::read_to_string(folder.join(part)) {
            Ok(text) => sheet.push_str(&text),
            Err(error) => println!("cargo::error=frontend/css/order.txt names {part}: {error}"),
        }
    }
    if let Err(error) = fs::write(target, sheet) {
        println!("cargo::error=cannot write app.css: {error}");
    }
}

fn asset(code: &mut String, name: &str, path: &Path) {
    let content = fs::read(path).unwrap_or_default();
    let etag = hex(&Md5::digest(&content));
    let hash = &hex(&Sha256::digest(&content))[..12];
    let _ = writeln!(
        code,
        "    Asset {{ name: {name:?}, content: include_bytes!({:?}), md5: {etag:?}, hash: {hash:?} }},",
        path.display().to_string()
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
