//! What was found before, in the files of `seeds`.

use std::path::Path;

/// Asks a property about every seed of that name.
pub(crate) fn hold(name: &str, property: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(name);
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder of seeds") {
        let path = entry.expect("a seed").path();
        let data = std::fs::read(path).expect("a seed can be read");
        // The files end like all files; the seeds do not.
        property(data.strip_suffix(b"\n").unwrap_or(&data));
        count += 1;
    }
    assert!(count > 0, "no seeds in {}", folder.display());
}
