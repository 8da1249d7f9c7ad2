//! JSON in the form that the original writes to files and pipes: indented by two, ASCII only.

use serde_json::Value;

/// The text, without a newline at its end.
pub(crate) fn indented(value: &Value) -> String {
    let text = format!("{value:#}");
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        // Everything beyond the printable ones stands in strings.
        if character <= '~' {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn text_is_escaped_and_indented() {
        let value = json!({"é\u{7f}😀": [1, {}], "\n": null});
        let expected =
            "{\n  \"\\u00e9\\u007f\\ud83d\\ude00\": [\n    1,\n    {}\n  ],\n  \"\\n\": null\n}";
        assert_eq!(super::indented(&value), expected);
    }
}
