//! A wheel: the files of a package, what describes it, and a list of all with their hashes.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::metadata::Project;
use crate::zip::Zip;

/// What a wheel says about its own form.
const FORM: &str =
    "Wheel-Version: 1.0\nGenerator: datasette\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

/// Packs the files, each with its name inside of the wheel.
pub(crate) fn pack(project: &Project, version: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let folder = format!("datasette-{version}.dist-info");
    let mut zip = Zip::default();
    let mut record = String::new();
    let mut add = |name: &str, content: &[u8]| {
        zip.add(name, content);
        let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(content));
        record.push_str(&format!("{name},sha256={hash},{}\n", content.len()));
    };
    for (name, content) in files {
        add(name, content);
    }
    for (name, text) in [
        ("METADATA", project.metadata(version)),
        ("WHEEL", FORM.to_owned()),
        ("entry_points.txt", project.entry_points()),
        ("top_level.txt", "datasette\n".to_owned()),
    ] {
        add(&format!("{folder}/{name}"), text.as_bytes());
    }
    let list = format!("{folder}/RECORD");
    record.push_str(&format!("{list},,\n"));
    zip.add(&list, record.as_bytes());
    zip.end()
}
