//! API tokens.

use datasette_core::Actor;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::context::Context;
use crate::plugin::Answer;

/// Limits of a token (TOK-14), by full action name or abbreviation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRestrictions {
    /// Actions allowed everywhere.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<String>,
    /// Actions allowed by database.
    #[serde(rename = "d", default, skip_serializing_if = "IndexMap::is_empty")]
    pub database: IndexMap<String, Vec<String>>,
    /// Actions allowed by database and resource.
    #[serde(rename = "r", default, skip_serializing_if = "IndexMap::is_empty")]
    pub resource: IndexMap<String, IndexMap<String, Vec<String>>>,
}

impl TokenRestrictions {
    /// Whether no limit was set.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.database.is_empty() && self.resource.is_empty()
    }
}

/// A token to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// Id of the actor it stands for.
    #[serde(serialize_with = "crate::wire::plain")]
    pub actor_id: Json,
    /// Seconds until it expires; `None` and 0 mean never.
    pub expires_after: Option<i64>,
    /// What it is limited to; `None` means no limit.
    pub restrictions: Option<TokenRestrictions>,
}

/// A way to make and check tokens (TOK-42).
pub trait TokenHandler: Send + Sync {
    /// Its name, for instance `signed`.
    fn name(&self) -> &str;

    /// Makes a token.
    fn create_token<'a>(
        &'a self,
        context: &'a Context<'a>,
        request: &'a TokenRequest,
    ) -> BoxFuture<'a, Answer<String>>;

    /// The actor of a token: `None` when it is not one of this handler's,
    /// [`crate::HookError::TokenInvalid`] when it is but must be refused.
    fn verify_token<'a>(
        &'a self,
        context: &'a Context<'a>,
        token: &'a str,
    ) -> BoxFuture<'a, Answer<Option<Actor>>>;
}
