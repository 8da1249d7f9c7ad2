//! What the client asked of JSON: `_shape`, `_nl`, `_json`, `_json_infinity`.

use datasette_core::{Fault, QueryString};

use super::writer::Infinity;

/// How rows are laid out (SHAPE-01 to SHAPE-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A wrapper with a list of objects.
    #[default]
    Objects,
    /// A wrapper with a list of lists.
    Arrays,
    /// Only the list of objects.
    Array,
    /// Only the first column of each row.
    ArrayFirst,
    /// An object from row identifier to row.
    Object,
}

impl Shape {
    /// Whether the rows stand alone, without a wrapper (SHAPE-14).
    pub fn is_bare(self) -> bool {
        matches!(self, Self::Array | Self::ArrayFirst | Self::Object)
    }

    /// Whether counting and faceting are off (TABLE-33).
    pub fn skips_counts(self) -> bool {
        matches!(self, Self::Array | Self::Object)
    }
}

/// All JSON arguments of one request.
#[derive(Clone, Debug)]
pub struct JsonOptions {
    /// The shape, or the text that is none: it is refused only after the SQL ran (SHAPE-10).
    pub shape: Result<Shape, String>,
    /// One object per line (SHAPE-11); only with [`Shape::Array`].
    pub newlines: bool,
    /// Columns whose text is parsed as JSON (SHAPE-18).
    pub decoded: Vec<String>,
    /// How infinities are written.
    pub infinity: Infinity,
}

impl Default for JsonOptions {
    fn default() -> Self {
        Self {
            shape: Ok(Shape::default()),
            newlines: false,
            decoded: Vec::new(),
            infinity: Infinity::default(),
        }
    }
}

impl JsonOptions {
    /// Reads the arguments. `_json_infinity` outside the boolean grammar is 400 (SHAPE-24).
    pub fn parse(query: &QueryString) -> Result<Self, Fault> {
        let shape = match query.get("_shape") {
            None | Some("objects") => Ok(Shape::Objects),
            Some("arrays") => Ok(Shape::Arrays),
            Some("array") => Ok(Shape::Array),
            Some("arrayfirst") => Ok(Shape::ArrayFirst),
            Some("object") => Ok(Shape::Object),
            Some(other) => Err(other.to_owned()),
        };
        let infinity = match query
            .get("_json_infinity")
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            None | Some("off" | "false" | "0") => Infinity::Null,
            Some("on" | "true" | "1") => Infinity::Token,
            Some(_) => {
                return Err(Fault::bad_request(
                    "_json_infinity must be on, off, true, false, 1 or 0",
                ));
            }
        };
        let newlines = query.is_present("_nl") && shape == Ok(Shape::Array);
        let decoded = query.get_all("_json").map(str::to_owned).collect();
        Ok(Self {
            shape,
            newlines,
            decoded,
            infinity,
        })
    }

    /// The shape to lay rows out in while it may still turn out to be refused.
    pub fn working_shape(&self) -> Shape {
        self.shape.as_ref().copied().unwrap_or_default()
    }

    /// The shape, or the 400 of SHAPE-09.
    pub fn checked_shape(&self) -> Result<Shape, Fault> {
        self.shape
            .clone()
            .map_err(|text| Fault::bad_request(format!("Invalid _shape: {text}")))
    }

    /// The content type of a body (WIRE-03, SHAPE-11).
    pub fn content_type(&self) -> &'static str {
        if self.newlines {
            "text/plain"
        } else {
            "application/json; charset=utf-8"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WIRE-10, SHAPE-09, SHAPE-12, SHAPE-24
    #[test]
    fn arguments_are_read() {
        let parse = |text| JsonOptions::parse(&QueryString::parse(text));
        assert_eq!(
            parse("_shape=arrays").unwrap().checked_shape().unwrap(),
            Shape::Arrays
        );
        let refused = parse("_shape=").unwrap().checked_shape().unwrap_err();
        assert_eq!(refused.message(), "Invalid _shape: ");
        assert!(!parse("_nl=1").unwrap().newlines);
        assert!(parse("_nl=1&_shape=array").unwrap().newlines);
        assert_eq!(
            parse("_json_infinity=On").unwrap().infinity,
            Infinity::Token
        );
        assert_eq!(parse("_json_infinity=foo").unwrap_err().status(), 400);
    }
}
