//! The object around the rows.

use serde_json::{Map, Value as Json};

use super::writer;

/// `{before..., "rows": [items], after...}`: members in their order, rows as they were written.
pub fn wrap(before: &Map<String, Json>, items: &[u8], after: &Map<String, Json>) -> Vec<u8> {
    let mut body = Vec::with_capacity(items.len() + 512);
    body.push(b'{');
    for (key, value) in before {
        writer::string(&mut body, key.as_bytes());
        body.extend_from_slice(b": ");
        writer::document(&mut body, value);
        body.extend_from_slice(b", ");
    }
    body.extend_from_slice(b"\"rows\": [");
    body.extend_from_slice(items);
    body.push(b']');
    for (key, value) in after {
        body.extend_from_slice(b", ");
        writer::string(&mut body, key.as_bytes());
        body.extend_from_slice(b": ");
        writer::document(&mut body, value);
    }
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // Proves: TABLE-02
    #[test]
    fn members_keep_their_order() {
        let before = json!({"ok": true, "next": null});
        let after = json!({"truncated": false});
        let body = wrap(
            before.as_object().unwrap(),
            b"1, 2",
            after.as_object().unwrap(),
        );
        assert_eq!(
            body,
            br#"{"ok": true, "next": null, "rows": [1, 2], "truncated": false}"#
        );
    }
}
