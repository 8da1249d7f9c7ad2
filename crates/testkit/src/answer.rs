//! A finished answer.

use serde_json::Value;

/// What a site answered, its body read to the end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case, in order; a name may stand more than once.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of that name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known == name)?;
        Some(&header.1)
    }

    /// The body as text.
    ///
    /// # Panics
    /// It is not UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(&self.body) {
            Ok(text) => text,
            Err(error) => panic!("the body is not text: {error}"),
        }
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// It is not JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("the body is not JSON: {error}\n{}", self.text()),
        }
    }

    /// The same answer without the number of its page, which no other answer has.
    pub fn without_number(mut self) -> Self {
        let policy = self.header("content-security-policy").unwrap_or_default();
        let named = policy.split_once("'nonce-");
        let Some((number, _)) = named.and_then(|(_, rest)| rest.split_once('\'')) else {
            return self;
        };
        let number = number.to_owned();
        for (_, value) in &mut self.headers {
            *value = value.replace(&number, "");
        }
        if let Ok(text) = std::str::from_utf8(&self.body) {
            self.body = text.replace(&number, "").into_bytes();
        }
        self
    }

    /// The same answer, once its status was seen to be this.
    ///
    /// # Panics
    /// The status is another.
    #[track_caller]
    pub fn with_status(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        self
    }
}
