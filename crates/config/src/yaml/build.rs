//! Events become values: anchors, aliases, merge keys, repeated keys, tags.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, ScalarStyle, Span, Tag};
use serde_json::{Map, Value};

use super::events::{Events, MAX_DEPTH, MAX_VALUES, Problem};
use super::scalar::{self, Resolved};

/// A document as plain data.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Parsed {
    /// The value; null for an empty text.
    pub(crate) value: Value,
    /// Paths of the mapping values that were written as dates.
    pub(crate) dates: HashSet<Vec<String>>,
}

/// Parses a text that holds at most one document.
///
/// # Errors
/// The text is not YAML, or asks for more than plain data.
pub(crate) fn parse(text: &str) -> Result<Parsed, Problem> {
    let mut builder = Builder {
        events: Events::new(text),
        anchors: HashMap::new(),
        path: Vec::new(),
        dates: HashSet::new(),
        values: 0,
    };
    let value = builder.document().map_err(|problem| problem.inside(text))?;
    Ok(Parsed {
        value,
        dates: builder.dates,
    })
}

struct Anchored {
    value: Value,
    is_date: bool,
    values: usize,
}

struct Builder<'t> {
    events: Events<'t>,
    anchors: HashMap<usize, Anchored>,
    path: Vec<String>,
    dates: HashSet<Vec<String>>,
    values: usize,
}

impl<'t> Builder<'t> {
    fn document(&mut self) -> Result<Value, Problem> {
        let (event, span) = self.events.next()?;
        match event {
            Event::StreamEnd => return Ok(Value::Null),
            Event::DocumentStart(_) => {}
            _ => return Err(Problem::at(span, "expected the start of a document")),
        }
        let first = self.events.next()?;
        let value = self.node(first)?;
        loop {
            match self.events.next()? {
                (Event::DocumentEnd, _) => {}
                (Event::StreamEnd, _) => return Ok(value),
                (_, span) => return Err(Problem::at(span, "expected a single document")),
            }
        }
    }

    fn node(&mut self, (event, span): (Event<'t>, Span)) -> Result<Value, Problem> {
        self.count(1, span)?;
        let before = self.values - 1;
        let mut is_date = false;
        let (value, anchor) = match event {
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                let (value, written_as_date) = resolve(&text, style, tag.as_deref(), span)?;
                is_date = written_as_date;
                if is_date {
                    self.dates.insert(self.path.clone());
                }
                (value, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                expect_tag(tag.as_deref(), "seq", span)?;
                (self.sequence(span)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                expect_tag(tag.as_deref(), "map", span)?;
                (self.mapping(span)?, anchor)
            }
            _ => return Err(Problem::at(span, "expected a value")),
        };
        if anchor > 0 {
            let anchored = Anchored {
                value: value.clone(),
                is_date,
                values: self.values - before,
            };
            self.anchors.insert(anchor, anchored);
        }
        Ok(value)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Value, Problem> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(Problem::at(span, "an alias stands inside what it repeats"));
        };
        if anchored.is_date {
            self.dates.insert(self.path.clone());
        }
        let value = anchored.value.clone();
        let values = anchored.values;
        self.count(values, span)?;
        Ok(value)
    }

    fn sequence(&mut self, span: Span) -> Result<Value, Problem> {
        let mut items = Vec::new();
        self.enter(items.len().to_string(), span)?;
        loop {
            match self.events.next()? {
                (Event::SequenceEnd, _) => break,
                event => items.push(self.node(event)?),
            }
            self.rename(items.len().to_string());
        }
        self.path.pop();
        Ok(Value::Array(items))
    }

    fn mapping(&mut self, span: Span) -> Result<Value, Problem> {
        let mut merged = Map::new();
        let mut own = Map::new();
        self.enter(String::new(), span)?;
        loop {
            let (key, is_merge, span) = match self.events.next()? {
                (Event::MappingEnd, _) => break,
                (Event::Scalar(text, style, _, None), span) => {
                    let is_merge = style == ScalarStyle::Plain && text == "<<";
                    (text.into_owned(), is_merge, span)
                }
                (Event::Scalar(text, _, _, Some(_)), span) => (text.into_owned(), false, span),
                (Event::Alias(anchor), span) => (self.alias_key(anchor, span)?, false, span),
                (_, span) => return Err(Problem::at(span, "a key must be a single value")),
            };
            self.rename(key.clone());
            self.dates.remove(&self.path);
            let event = self.events.next()?;
            let value = self.node(event)?;
            if is_merge {
                merge(&mut merged, value, span)?;
            } else {
                own.insert(key, value);
            }
        }
        self.path.pop();
        if merged.is_empty() {
            return Ok(Value::Object(own));
        }
        merged.extend(own);
        Ok(Value::Object(merged))
    }

    fn alias_key(&mut self, anchor: usize, span: Span) -> Result<String, Problem> {
        match self.alias(anchor, span)? {
            Value::String(text) => Ok(text),
            Value::Object(_) | Value::Array(_) => {
                Err(Problem::at(span, "a key must be a single value"))
            }
            other => Ok(other.to_string()),
        }
    }

    fn enter(&mut self, step: String, span: Span) -> Result<(), Problem> {
        if self.path.len() >= MAX_DEPTH {
            return Err(Problem::at(span, "nested too deeply"));
        }
        self.path.push(step);
        Ok(())
    }

    fn rename(&mut self, step: String) {
        if let Some(last) = self.path.last_mut() {
            *last = step;
        }
    }

    fn count(&mut self, values: usize, span: Span) -> Result<(), Problem> {
        self.values += values;
        if self.values > MAX_VALUES {
            return Err(Problem::at(span, "too many values"));
        }
        Ok(())
    }
}

/// `<<`: a mapping, or a list of mappings of which earlier ones win.
fn merge(merged: &mut Map<String, Value>, value: Value, span: Span) -> Result<(), Problem> {
    let wrong = || Problem::at(span, "only mappings can be merged");
    match value {
        Value::Object(keys) => merged.extend(keys),
        Value::Array(items) => {
            for item in items.into_iter().rev() {
                let Value::Object(keys) = item else {
                    return Err(wrong());
                };
                merged.extend(keys);
            }
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

fn core_tag(tag: &Tag, span: Span) -> Result<&str, Problem> {
    if tag.is_yaml_core_schema() {
        return Ok(&tag.suffix);
    }
    match (tag.handle.as_str(), tag.suffix.as_str()) {
        ("", "!") => Ok("!"),
        ("", suffix) => Ok(suffix.strip_prefix("tag:yaml.org,2002:").unwrap_or(suffix)),
        _ => Err(unknown_tag(tag, span)),
    }
}

fn unknown_tag(tag: &Tag, span: Span) -> Problem {
    Problem::at(span, format!("the tag {tag} is not plain data"))
}

fn expect_tag(tag: Option<&Tag>, expected: &str, span: Span) -> Result<(), Problem> {
    let Some(tag) = tag else {
        return Ok(());
    };
    match core_tag(tag, span)? {
        "!" => Ok(()),
        suffix if suffix == expected => Ok(()),
        _ => Err(unknown_tag(tag, span)),
    }
}

fn resolve(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    span: Span,
) -> Result<(Value, bool), Problem> {
    let resolved = match tag {
        None if style == ScalarStyle::Plain => scalar::resolve(text),
        None => Resolved::Text,
        Some(tag) => match core_tag(tag, span)? {
            "!" | "str" => Resolved::Text,
            kind => scalar::resolve_as(text, kind).ok_or_else(|| unknown_tag(tag, span))?,
        },
    };
    Ok(match resolved {
        Resolved::Text => (Value::String(text.to_owned()), false),
        Resolved::Date => (Value::String(text.to_owned()), true),
        Resolved::Value(value) => (value, false),
    })
}

#[cfg(test)]
mod tests;
