//! Releases of the server, the runtime and SQLite.

use serde_json::Value;

use super::{Context, replace_after};

/// Written instead of a release.
const VERSION: &str = "VERSION";

fn belongs(char: char) -> bool {
    char.is_ascii_alphanumeric() || ".+-".contains(char)
}

/// The server's own release in the footer and in the script of the head (HTML-02, HTML-10).
pub(super) fn in_page(text: &mut String, _: &Context) -> usize {
    replace_after(text, "title=\"Datasette v", belongs, VERSION)
        + replace_after(text, "window.datasetteVersion = '", belongs, VERSION)
}

/// Everything on `/-/versions.json` that names a release (DEBUG-01); the runtime entries may be
/// absent altogether, so they are taken out.
pub(super) fn in_json(value: &mut Value, context: &Context) -> usize {
    if !context.path.contains("/-/versions") {
        return 0;
    }
    let Some(map) = value.as_object_mut() else {
        return 0;
    };
    let mut fired = 0;
    for key in ["python", "uvicorn", "rust"] {
        fired += usize::from(map.shift_remove(key).is_some());
    }
    for pointer in [
        "/datasette/version",
        "/sqlite/version",
        "/sqlite/compile_options",
    ] {
        if let Some(found) = value.pointer_mut(pointer) {
            *found = Value::from(VERSION);
            fired += 1;
        }
    }
    fired
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_a_release_stays() {
        let context = Context {
            path: "/-/versions.json".to_owned(),
            ..Context::default()
        };
        let mut value = json!({"python": {}, "asgi": "3.0", "sqlite": {"version": "3.40.1"}});
        assert_eq!(in_json(&mut value, &context), 2);
        assert_eq!(
            value,
            json!({"asgi": "3.0", "sqlite": {"version": "VERSION"}})
        );
    }
}
