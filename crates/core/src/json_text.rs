//! JSON that somebody typed: when it cannot be read, the words that clients know from the original
//! say where.

use std::fmt;

use serde_json::Value;

/// Lists and objects may stand in each other this often.
const DEEPEST: usize = 128;

/// Why a text is no JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonMistake {
    words: &'static str,
    line: usize,
    column: usize,
    at: usize,
}

impl fmt::Display for JsonMistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            words,
            line,
            column,
            at,
        } = self;
        write!(
            formatter,
            "{words}: line {line} column {column} (char {at})"
        )
    }
}

/// Reads a JSON text.
///
/// # Errors
/// It is none; the mistake names the first place where that shows, in characters.
pub fn read(text: &str) -> Result<Value, JsonMistake> {
    serde_json::from_str(text).map_err(|_| {
        let mut scan = Scan {
            characters: text.chars().collect(),
            at: 0,
        };
        // What only the scan takes for JSON is too strange to be read.
        let (words, at) = scan.document().err().unwrap_or(("Expecting value", 0));
        scan.mistake(words, at)
    })
}

/// Like [`read`], also taking the numbers that JavaScript and Python know and JSON does not
/// (WRITE-14): `Infinity` and `-Infinity` become numbers beyond the largest double, `NaN` null.
///
/// # Errors
/// As [`read`].
pub fn read_with_infinity(text: &str) -> Result<Value, JsonMistake> {
    read(text).or_else(|mistake| match spelled_out(text) {
        Some(spelled) => read(&spelled).map_err(|_| mistake),
        None => Err(mistake),
    })
}

/// The text with those words replaced outside of strings; `None` where there are none.
fn spelled_out(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 2] = [("Infinity", "1e999"), ("NaN", "null")];
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut in_string, mut found) = (text, false, false);
    while let Some(character) = rest.chars().next() {
        let word = WORDS.iter().find(|(word, _)| rest.starts_with(word));
        if let Some((word, number)) = word.filter(|_| !in_string) {
            out.push_str(number);
            rest = &rest[word.len()..];
            found = true;
            continue;
        }
        let length = match character {
            '\\' if in_string => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            _ => character.len_utf8(),
        };
        in_string ^= character == '"';
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    found.then_some(out)
}

/// The words of a mistake and the character where it is.
type Found = (&'static str, usize);

struct Scan {
    characters: Vec<char>,
    at: usize,
}

impl Scan {
    fn mistake(&self, words: &'static str, at: usize) -> JsonMistake {
        let before = &self.characters[..at.min(self.characters.len())];
        let line_start = before.iter().rposition(|each| *each == '\n');
        JsonMistake {
            words,
            line: 1 + before.iter().filter(|each| **each == '\n').count(),
            column: line_start.map_or(at + 1, |newline| at - newline),
            at,
        }
    }

    fn here(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.here(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, wanted: char) -> bool {
        let found = self.here() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn document(&mut self) -> Result<(), Found> {
        if self.here() == Some('\u{feff}') {
            return Err(("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
        }
        self.skip_space();
        self.value(0)?;
        self.skip_space();
        match self.here() {
            None => Ok(()),
            Some(_) => Err(("Extra data", self.at)),
        }
    }

    fn value(&mut self, depth: usize) -> Result<(), Found> {
        if depth > DEEPEST {
            return Err(("Too many levels", self.at));
        }
        let start = self.at;
        match self.here() {
            Some('"') => self.string(),
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('-' | '0'..='9') => self.number(),
            _ if ["null", "true", "false"].iter().any(|word| self.word(word)) => Ok(()),
            _ => Err(("Expecting value", start)),
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let rest = self.characters[self.at..].iter().copied();
        let found = rest.take(word.len()).eq(word.chars());
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn object(&mut self, depth: usize) -> Result<(), Found> {
        const KEY: &str = "Expecting property name enclosed in double quotes";
        self.at += 1;
        self.skip_space();
        if self.takes('}') {
            return Ok(());
        }
        loop {
            if self.here() != Some('"') {
                return Err((KEY, self.at));
            }
            self.string()?;
            self.skip_space();
            if !self.takes(':') {
                return Err(("Expecting ':' delimiter", self.at));
            }
            self.skip_space();
            self.value(depth + 1)?;
            self.skip_space();
            if self.takes('}') {
                return Ok(());
            }
            if !self.takes(',') {
                return Err(("Expecting ',' delimiter", self.at));
            }
            self.skip_space();
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), Found> {
        self.at += 1;
        self.skip_space();
        if self.takes(']') {
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            self.skip_space();
            if self.takes(']') {
                return Ok(());
            }
            if !self.takes(',') {
                return Err(("Expecting ',' delimiter", self.at));
            }
            self.skip_space();
        }
    }

    fn string(&mut self) -> Result<(), Found> {
        let start = self.at;
        let unterminated = ("Unterminated string starting at", start);
        self.at += 1;
        loop {
            match self.here().ok_or(unterminated)? {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '\\' => {
                    let escape = self.at;
                    self.at += 1;
                    match self.here().ok_or(unterminated)? {
                        'u' => self.unit(escape + 1)?,
                        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => self.at += 1,
                        _ => return Err(("Invalid \\escape", escape)),
                    }
                }
                '\0'..='\u{1f}' => return Err(("Invalid control character at", self.at)),
                _ => self.at += 1,
            }
        }
    }

    fn unit(&mut self, letter: usize) -> Result<(), Found> {
        self.at += 1;
        let digits = self.characters.get(self.at..self.at + 4);
        if digits.is_none_or(|digits| !digits.iter().all(char::is_ascii_hexdigit)) {
            return Err(("Invalid \\uXXXX escape", letter));
        }
        self.at += 4;
        Ok(())
    }

    /// As much of a number as there is; what is left over is found to be extra.
    fn number(&mut self) -> Result<(), Found> {
        let start = self.at;
        self.takes('-');
        if !self.takes('0') && self.digits() == 0 {
            return Err(("Expecting value", start));
        }
        let whole = self.at;
        if !(self.takes('.') && self.digits() > 0) {
            self.at = whole;
        }
        let mantissa = self.at;
        let exponent = self.takes('e') || self.takes('E');
        let _sign = self.takes('+') || self.takes('-');
        let exponent = exponent && self.digits() > 0;
        if !exponent {
            self.at = mantissa;
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.here().is_some_and(|each| each.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }
}

#[cfg(test)]
mod tests;
