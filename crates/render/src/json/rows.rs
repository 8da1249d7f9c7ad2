//! The sink that writes rows as JSON while SQLite steps through them.

use datasette_core::{Row, RowSink, SinkClosed, ValueRef};
use serde_json::Value as Json;

use super::shape::{JsonOptions, Shape};
use super::writer::{self, Infinity};
use crate::urls::row_identifier;

/// Rows as JSON text: only the items, without the brackets around them.
#[derive(Debug)]
pub struct JsonRows {
    out: Vec<u8>,
    shape: Shape,
    newlines: bool,
    infinity: Infinity,
    decoded_names: Vec<String>,
    row_key: Vec<usize>,
    /// For object rows: which columns are written, in order, each with its encoded key.
    members: Vec<(usize, Vec<u8>)>,
    decoded: Vec<bool>,
    rows: usize,
}

impl JsonRows {
    /// A sink for these options. `row_key` are the positions of the values that identify a row;
    /// [`Shape::Object`] needs them.
    pub fn new(options: &JsonOptions, row_key: Vec<usize>) -> Self {
        Self {
            out: Vec::with_capacity(16 * 1024),
            shape: options.working_shape(),
            newlines: options.newlines,
            infinity: options.infinity,
            decoded_names: options.decoded.clone(),
            row_key,
            members: Vec::new(),
            decoded: Vec::new(),
            rows: 0,
        }
    }

    /// The items written so far.
    pub fn items(&self) -> &[u8] {
        &self.out
    }

    /// How many rows were written.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The whole body of a shape that stands alone (SHAPE-13, SHAPE-14).
    pub fn into_bare_body(self) -> Vec<u8> {
        if self.newlines {
            return self.out;
        }
        let (open, close) = if self.shape == Shape::Object {
            (b'{', b'}')
        } else {
            (b'[', b']')
        };
        let mut body = Vec::with_capacity(self.out.len() + 2);
        body.push(open);
        body.extend_from_slice(&self.out);
        body.push(close);
        body
    }

    fn write_value(&mut self, row: &dyn Row, index: usize) {
        let value = row.value(index);
        if self.decoded.get(index).copied().unwrap_or(false)
            && let ValueRef::Text(text) = value
            && let Ok(json) = serde_json::from_slice::<Json>(text)
        {
            writer::document(&mut self.out, &json);
            return;
        }
        match row.label(index) {
            None => writer::value(&mut self.out, value, self.infinity),
            Some(label) => {
                self.out.extend_from_slice(b"{\"value\": ");
                writer::value(&mut self.out, value, self.infinity);
                self.out.extend_from_slice(b", \"label\": ");
                writer::value(&mut self.out, label, self.infinity);
                self.out.push(b'}');
            }
        }
    }

    fn write_object(&mut self, row: &dyn Row) {
        self.out.push(b'{');
        let members = std::mem::take(&mut self.members);
        for (place, (index, key)) in members.iter().enumerate() {
            if place > 0 {
                self.out.extend_from_slice(b", ");
            }
            self.out.extend_from_slice(key);
            self.write_value(row, *index);
        }
        self.members = members;
        self.out.push(b'}');
    }
}

impl RowSink for JsonRows {
    fn columns(&mut self, names: &[String]) {
        self.decoded = names
            .iter()
            .map(|name| self.decoded_names.contains(name))
            .collect();
        self.members.clear();
        for (index, name) in names.iter().enumerate() {
            // A repeated name keeps its first place and its last value (SHAPE-16).
            if let Some(first) = names[..index].iter().position(|earlier| earlier == name) {
                let member = self
                    .members
                    .iter_mut()
                    .find(|(_, key)| *key == encoded_key(&names[first]));
                if let Some((place, _)) = member {
                    *place = index;
                }
                continue;
            }
            self.members.push((index, encoded_key(name)));
        }
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        if self.rows > 0 {
            self.out
                .extend_from_slice(if self.newlines { b"\n" } else { b", " });
        }
        self.rows += 1;
        match self.shape {
            Shape::Objects | Shape::Array => self.write_object(row),
            Shape::Arrays => {
                self.out.push(b'[');
                for index in 0..row.len() {
                    if index > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    self.write_value(row, index);
                }
                self.out.push(b']');
            }
            Shape::ArrayFirst => self.write_value(row, 0),
            Shape::Object => {
                let identifier = row_identifier(self.row_key.iter().map(|index| row.value(*index)));
                writer::string(&mut self.out, identifier.as_bytes());
                self.out.extend_from_slice(b": ");
                self.write_object(row);
            }
        }
        Ok(())
    }
}

fn encoded_key(name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 4);
    writer::string(&mut key, name.as_bytes());
    key.extend_from_slice(b": ");
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasette_core::{QueryString, Value};

    fn body(arguments: &str, names: &[&str], rows: &[Vec<Value>]) -> String {
        let options = JsonOptions::parse(&QueryString::parse(arguments)).unwrap();
        let mut sink = JsonRows::new(&options, vec![0]);
        sink.columns(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        );
        for row in rows {
            sink.row(row).unwrap();
        }
        let bytes = if options.working_shape().is_bare() {
            sink.into_bare_body()
        } else {
            sink.items().to_vec()
        };
        String::from_utf8(bytes).unwrap()
    }

    fn two_rows() -> Vec<Vec<Value>> {
        vec![
            vec![Value::from("a/b"), Value::from("[1]")],
            vec![Value::from("c"), Value::Null],
        ]
    }

    // Proves: SHAPE-02, SHAPE-03, SHAPE-04, SHAPE-05, SHAPE-11
    #[test]
    fn shapes_lay_rows_out() {
        let names = ["id", "n"];
        let rows = two_rows();
        assert_eq!(
            body("_shape=arrays", &names, &rows),
            r#"["a/b", "[1]"], ["c", null]"#
        );
        assert_eq!(
            body("_shape=array", &names, &rows),
            r#"[{"id": "a/b", "n": "[1]"}, {"id": "c", "n": null}]"#
        );
        assert_eq!(body("_shape=arrayfirst", &names, &rows), r#"["a/b", "c"]"#);
        assert_eq!(
            body("_shape=object", &names, &rows),
            r#"{"a~2Fb": {"id": "a/b", "n": "[1]"}, "c": {"id": "c", "n": null}}"#
        );
        assert_eq!(
            body("_shape=array&_nl=1", &names, &rows),
            "{\"id\": \"a/b\", \"n\": \"[1]\"}\n{\"id\": \"c\", \"n\": null}"
        );
    }

    // Proves: SHAPE-13
    #[test]
    fn no_rows_still_have_a_shape() {
        assert_eq!(body("_shape=array", &["a"], &[]), "[]");
        assert_eq!(body("_shape=object", &["a"], &[]), "{}");
        assert_eq!(body("_shape=array&_nl=1", &["a"], &[]), "");
    }

    // Proves: SHAPE-16, SHAPE-18, SHAPE-21, SHAPE-25
    #[test]
    fn duplicates_and_decoding() {
        let row = vec![Value::Integer(1), Value::Integer(2)];
        assert_eq!(
            body("_shape=array", &["a", "a"], std::slice::from_ref(&row)),
            r#"[{"a": 2}]"#
        );
        assert_eq!(body("_shape=arrays", &["a", "a"], &[row]), "[1, 2]");
        assert_eq!(
            body("_shape=arrays&_json=n", &["id", "n"], &two_rows()),
            r#"["a/b", [1]], ["c", null]"#
        );
        assert_eq!(
            body("_shape=arrays", &["x"], &[vec![Value::Real(f64::INFINITY)]]),
            "[null]"
        );
    }
}
