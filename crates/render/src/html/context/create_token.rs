//! `create_token.html`: a form that makes API tokens, and the token it made.

use std::collections::BTreeSet;

use datasette_core::tilde;
use datasette_hooks::PluginAction;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;

use crate::html::data::data;

/// Where the tables of a server would make more checkboxes than this, a script makes those of the
/// tables that somebody looks at.
const MOST_TABLE_BOXES: usize = 3000;

/// The variables of the page (TOK-33, TOK-34).
#[derive(Debug)]
pub struct CreateTokenContext<'a> {
    /// All actions, in registration order.
    pub actions: Vec<&'a PluginAction>,
    /// Databases that the visitor may view, with their tables and views that the visitor may view.
    pub databases: Vec<(String, Vec<String>)>,
    /// What came of the form.
    pub outcome: Outcome,
}

/// What came of the form.
#[derive(Debug)]
pub enum Outcome {
    /// It was not sent yet.
    Asked,
    /// It cannot be meant; it is shown again as it was filled in.
    Mistake {
        /// What is wrong, in a sentence.
        message: &'static str,
        /// `expire_type` as it was sent.
        unit: String,
        /// `expire_duration` as it was sent.
        duration: String,
        /// Names of the checkboxes that were ticked.
        ticked: BTreeSet<String>,
    },
    /// There is a token.
    Made {
        /// The token.
        token: String,
        /// What it says.
        payload: Json,
    },
}

impl CreateTokenContext<'_> {
    /// As template variables.
    pub fn variables(&self) -> Value {
        let child_actions = self.names(|action| action.takes_child);
        let tables: usize = self.databases.iter().map(|(_, tables)| tables.len()).sum();
        let boxes = tables * child_actions.len().unwrap_or(0);
        let shared = context! {
            all_actions => self.names(|_| true),
            database_actions => self.names(|action| action.takes_parent),
            child_actions => child_actions,
            database_with_tables => self.databases.iter().map(database).collect::<Vec<Value>>(),
            tables_by_script => boxes > MOST_TABLE_BOXES,
        };
        match &self.outcome {
            Outcome::Asked => shared,
            Outcome::Mistake {
                message,
                unit,
                duration,
                ticked,
            } => context! {
                errors => vec![*message],
                expire_type => unit.clone(),
                expire_duration => duration.clone(),
                ticked => ticked.iter().cloned().collect::<Vec<String>>(),
                ..shared
            },
            Outcome::Made { token, payload } => context! {
                errors => Vec::<Value>::new(),
                token => token.clone(),
                token_bits => data(payload),
                ..shared
            },
        }
    }

    fn names(&self, wanted: impl Fn(&PluginAction) -> bool) -> Value {
        let names = self.actions.iter().filter(|action| wanted(action));
        names
            .map(|action| Value::from(action.name.as_str()))
            .collect::<Vec<Value>>()
            .into()
    }
}

fn database((name, tables): &(String, Vec<String>)) -> Value {
    let tables: Vec<Value> = tables
        .iter()
        .map(|table| context! { name => table.clone(), encoded => tilde::encode(table) })
        .collect();
    context! { name => name.clone(), encoded => tilde::encode(name), tables => tables }
}
