//! Bound values and the names they get.

use datasette_core::Value;

/// Names without their colon and the values bound to them, in order.
pub type Params = Vec<(String, Value)>;

/// Collects values while SQL text is written. Values of the query string reach SQL only through
/// the names that this hands out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bindings {
    params: Params,
    literals: usize,
}

impl Bindings {
    /// Binds under the next free of `p0`, `p1`, ...; counting goes on past parameters of other
    /// names, as in the original.
    pub(crate) fn positional(&mut self, value: Value) -> String {
        let mut number = self.params.len() - self.literals;
        let mut name = format!("p{number}");
        while self.is_bound(&name) {
            number += 1;
            name = format!("p{number}");
        }
        self.params.push((name.clone(), value));
        name
    }

    /// Binds a column name that no column answers to as the text that the original reads it as
    /// (FILTER-34): `c0`, `c1`, ...
    pub(crate) fn literal(&mut self, text: &str) -> String {
        let name = format!("c{}", self.literals);
        self.literals += 1;
        self.params.push((name.clone(), Value::from(text)));
        name
    }

    /// Binds under a given name; a value that the name had is replaced.
    pub(crate) fn named(&mut self, name: &str, value: Value) {
        match self.params.iter_mut().find(|(bound, _)| bound == name) {
            Some((_, old)) => *old = value,
            None => self.params.push((name.to_owned(), value)),
        }
    }

    /// What was bound so far.
    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    fn is_bound(&self, name: &str) -> bool {
        self.params.iter().any(|(bound, _)| bound == name)
    }
}
