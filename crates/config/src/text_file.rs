//! Bytes of a file become text, or a message that says why they do not.

use std::io;
use std::path::Path;

use datasette_core::Fault;

/// The bytes of a file.
///
/// # Errors
/// It cannot be read.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(path).map_err(|error| unreadable(&path.display().to_string(), &error))
}

/// Bytes as text, without a byte-order mark.
///
/// # Errors
/// They are not UTF-8.
pub(crate) fn decode(bytes: Vec<u8>, shown: &str) -> Result<String, Fault> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Fault::bad_request(format!(
                "{shown} is UTF-16 text; save it with the encoding UTF-8"
            ));
        }
        let before = &bytes[..error.utf8_error().valid_up_to()];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Fault::bad_request(format!(
            "{shown}:{line}: this line is not UTF-8 text; save the file with the encoding UTF-8"
        ))
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The message for a file that cannot be read.
pub(crate) fn unreadable(shown: &str, error: &io::Error) -> Fault {
    let words = error.to_string();
    let words = words.split(" (os error ").next().unwrap_or_default();
    Fault::bad_request(format!("Could not read {shown}: {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf_8_is_told() {
        let told = |bytes: &[u8]| decode(bytes.to_vec(), "a.yaml").unwrap_err().message();
        assert_eq!(
            told(b"title: x\nname: caf\xe9\n"),
            "a.yaml:2: this line is not UTF-8 text; save the file with the encoding UTF-8"
        );
        assert_eq!(
            told(b"\xff\xfea\0:\0"),
            "a.yaml is UTF-16 text; save it with the encoding UTF-8"
        );
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec(), "a.yaml").unwrap(), "a");
    }

    #[test]
    fn a_directory_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = bytes(folder.path()).unwrap_err().message();
        assert_eq!(
            told,
            format!("Could not read {}: Is a directory", folder.path().display())
        );
    }
}
