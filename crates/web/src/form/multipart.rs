//! Forms sent as `multipart/form-data`. Files are left out: no form of ours takes one.

use datasette_core::Fault;

use super::text;

const MOST_FIELDS: usize = 1000;
const LONGEST_FIELD: usize = 100 * 1024;

/// The boundary that the parameters of a content type name.
pub(super) fn boundary(parameters: &str) -> Option<String> {
    parameter(parameters, "boundary").filter(|boundary| !boundary.is_empty())
}

/// Names and values of the fields.
///
/// # Errors
/// 400 when the body is malformed, or has too many or too long fields.
pub(super) fn fields(body: &[u8], boundary: &str) -> Result<Vec<(String, String)>, Fault> {
    let truncated = || Fault::bad_request("Truncated multipart body (missing closing boundary)");
    let delimiter = format!("--{boundary}");
    let delimiter = delimiter.as_bytes();
    let start = find(body, delimiter).ok_or_else(truncated)?;
    let mut rest = &body[start + delimiter.len()..];
    let inner = [b"\r\n", delimiter].concat();
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n").ok_or_else(truncated)?;
        let end = find(part, &inner).ok_or_else(truncated)?;
        rest = &part[end + inner.len()..];
        if let Some(field) = field(&part[..end])? {
            fields.push(field);
        }
        if fields.len() > MOST_FIELDS {
            return Err(Fault::bad_request("Too many fields"));
        }
    }
    Ok(fields)
}

fn field(part: &[u8]) -> Result<Option<(String, String)>, Fault> {
    let Some(head_end) = find(part, b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = text(&part[..head_end]);
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let wanted = name.trim().eq_ignore_ascii_case("content-disposition");
        wanted.then_some(value)
    });
    let parameters = disposition.and_then(|value| value.split_once(';'));
    let Some((_, parameters)) = parameters else {
        return Ok(None);
    };
    let Some(name) = parameter(parameters, "name") else {
        return Ok(None);
    };
    if parameter(parameters, "filename").is_some() {
        return Ok(None);
    }
    let value = &part[head_end + 4..];
    if value.len() > LONGEST_FIELD {
        return Err(Fault::bad_request("Field value too large"));
    }
    Ok(Some((name, text(value))))
}

/// The value of `name=value` or `name="value"` among parameters.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_start_matches([';', ' ', '\t']);
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = closing_quote(quoted)?;
                (quoted[..end].replace("\\\"", "\""), &quoted[end + 1..])
            }
            None => {
                let (value, next) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|at| bytes[*at] == b'"' && (*at == 0 || bytes[*at - 1] != b'\\'))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<(String, String)>, String> {
        fields(body.as_bytes(), "X").map_err(|fault| fault.message())
    }

    #[test]
    fn fields_are_read_and_files_are_not() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n\
                    --X\r\ncontent-disposition: form-data; name=\"f\"; filename=\"x\"\r\n\
                    Content-Type: text/plain\r\n\r\nfile\r\n\
                    --X\r\nContent-Disposition: form-data; name=b\r\n\r\n\r\n--X--\r\n";
        let expected = [("a", "one\r\ntwo"), ("b", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read(body).unwrap(), expected);
        assert_eq!(
            boundary(" charset=utf-8; boundary=\"X\"").as_deref(),
            Some("X")
        );
        assert_eq!(boundary(" boundary="), None);
    }

    #[test]
    fn malformed_bodies_are_told() {
        let truncated = "Truncated multipart body (missing closing boundary)";
        for body in [
            "",
            "--X",
            "--X\r\n",
            "--X\r\n\r\n",
            "--X\r\nA: b\r\n\r\nvalue",
        ] {
            assert_eq!(read(body).unwrap_err(), truncated, "{body:?}");
        }
        let part = "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n";
        let long = format!("{part}{}\r\n--X--", "x".repeat(LONGEST_FIELD + 1));
        assert_eq!(read(&long).unwrap_err(), "Field value too large");
        let many = format!("{}--X--", format!("{part}1\r\n").repeat(1001));
        assert_eq!(read(&many).unwrap_err(), "Too many fields");
    }
}
