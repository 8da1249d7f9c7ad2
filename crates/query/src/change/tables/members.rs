//! Reads the members of a JSON object one by one and collects what is wrong with them, each with
//! the path of the member (WRITE-73, WRITE-96 to WRITE-99).

use serde_json::{Map, Value as Json};

const TEXT: &str = "Input should be a valid string";
const LIST: &str = "Input should be a valid list";
const FLAG: &str = "Input should be a valid boolean";
const EMPTY: &str = "List should have at least 1 item after validation, not 0";

/// What is wrong with a body, in the order in which it was found.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<String>);

impl Mistakes {
    /// Notes a mistake at a path; the path of the body itself is empty.
    pub(super) fn add(&mut self, path: &str, words: &str) {
        self.0.push(match path {
            "" => words.to_owned(),
            path => format!("{path}: {words}"),
        });
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn into_messages(self) -> Vec<String> {
        self.0
    }
}

/// An object at a path.
pub(super) struct Members<'a> {
    object: &'a Map<String, Json>,
    path: String,
}

impl<'a> Members<'a> {
    pub(super) fn new(object: &'a Map<String, Json>, path: impl Into<String>) -> Self {
        Self {
            object,
            path: path.into(),
        }
    }

    /// The path of the object.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path of a member.
    pub(super) fn path_of(&self, key: &str) -> String {
        match self.path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Json> {
        self.object.get(key)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.object.contains_key(key)
    }

    fn wrong(&self, key: &str, words: &str, mistakes: &mut Mistakes) {
        mistakes.add(&self.path_of(key), words);
    }

    /// A member that must be there.
    pub(super) fn required(&self, key: &str, mistakes: &mut Mistakes) -> Option<&'a Json> {
        let found = self.get(key);
        if found.is_none() {
            self.wrong(key, "Field required", mistakes);
        }
        found
    }

    /// A text that must be there.
    pub(super) fn text(&self, key: &str, mistakes: &mut Mistakes) -> Option<&'a str> {
        let text = self.required(key, mistakes)?.as_str();
        if text.is_none() {
            self.wrong(key, TEXT, mistakes);
        }
        text
    }

    /// A text or null or nothing.
    pub(super) fn optional_text(&self, key: &str, mistakes: &mut Mistakes) -> Option<&'a str> {
        match self.get(key)? {
            Json::Null => None,
            Json::String(text) => Some(text),
            _ => {
                self.wrong(key, TEXT, mistakes);
                None
            }
        }
    }

    /// A yes or no; `None` when it is not there.
    pub(super) fn flag(&self, key: &str, mistakes: &mut Mistakes) -> Option<bool> {
        let read = flag(self.get(key)?);
        read.map_err(|words| self.wrong(key, words, mistakes)).ok()
    }

    /// Like [`Members::flag`], where null stands for nothing.
    pub(super) fn optional_flag(&self, key: &str, mistakes: &mut Mistakes) -> Option<bool> {
        self.get(key).filter(|value| !value.is_null())?;
        self.flag(key, mistakes)
    }

    /// A list that must be there.
    pub(super) fn list(&self, key: &str, mistakes: &mut Mistakes) -> Option<&'a [Json]> {
        let list = self.required(key, mistakes)?.as_array();
        if list.is_none() {
            self.wrong(key, LIST, mistakes);
        }
        list.map(Vec::as_slice)
    }

    /// A list with something in it.
    pub(super) fn filled_list(&self, key: &str, mistakes: &mut Mistakes) -> Option<&'a [Json]> {
        let list = self.list(key, mistakes)?;
        if list.is_empty() {
            self.wrong(key, EMPTY, mistakes);
        }
        Some(list)
    }

    /// A list of texts with something in it.
    pub(super) fn filled_texts(&self, key: &str, mistakes: &mut Mistakes) -> Vec<String> {
        let list = self.filled_list(key, mistakes).unwrap_or_default();
        let mut texts = Vec::with_capacity(list.len());
        for (place, item) in list.iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(&format!("{key}.{place}"), TEXT, mistakes),
            }
        }
        texts
    }

    /// Notes the members that nobody knows, in the order of the body.
    pub(super) fn refuse_others(&self, known: &[&str], mistakes: &mut Mistakes) {
        for key in self.object.keys() {
            if !known.contains(&key.as_str()) {
                self.wrong(key, "Extra inputs are not permitted", mistakes);
            }
        }
    }
}

/// Reads what stands for yes or no: booleans, the numbers 1 and 0, and words such as `yes`.
fn flag(value: &Json) -> Result<bool, &'static str> {
    const UNREADABLE: &str = "Input should be a valid boolean, unable to interpret input";
    match value {
        Json::Bool(flag) => Ok(*flag),
        Json::String(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "on" | "t" | "true" | "y" | "yes" => Ok(true),
            "0" | "off" | "f" | "false" | "n" | "no" => Ok(false),
            _ => Err(UNREADABLE),
        },
        Json::Number(number) => match number.as_f64() {
            Some(1.0) => Ok(true),
            Some(0.0) => Ok(false),
            Some(other) if other.fract() != 0.0 => Err(FLAG),
            _ => Err(UNREADABLE),
        },
        _ => Err(FLAG),
    }
}
