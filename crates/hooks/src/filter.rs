//! Conditions that plugins add to a table page.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::wire::Data;

/// What `filters_from_request` adds (HOOK-139).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FilterArguments {
    /// Conditions, ANDed after those of the query string.
    #[serde(default)]
    pub where_clauses: Vec<String>,
    /// Named parameters of the conditions.
    #[serde(default)]
    pub params: Vec<(String, Data)>,
    /// Appended to the description of the page.
    #[serde(default)]
    pub human_descriptions: Vec<String>,
    /// Added to the context of the template (HOOK-141).
    #[serde(default)]
    pub extra_context: Map<String, Json>,
}

impl FilterArguments {
    /// Adds what a plugin later in call order asks for; it can overwrite a parameter (HOOK-139).
    pub fn merge(&mut self, later: Self) {
        self.where_clauses.extend(later.where_clauses);
        self.human_descriptions.extend(later.human_descriptions);
        for (name, value) in later.params {
            match self.params.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => self.params.push((name, value)),
            }
        }
        self.extra_context.extend(later.extra_context);
    }
}
