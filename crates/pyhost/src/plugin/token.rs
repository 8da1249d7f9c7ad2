//! Tokens that Python makes and checks.

use std::sync::Arc;

use datasette_core::Actor;
use datasette_hooks::{Answer, Context, TokenHandler, TokenRequest};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::declared::DeclaredTokenHandler;
use crate::process::PythonHost;

pub(super) struct RemoteTokenHandler {
    host: Arc<PythonHost>,
    declared: DeclaredTokenHandler,
}

#[derive(Serialize)]
struct Making<'a> {
    id: u64,
    #[serde(flatten)]
    request: &'a TokenRequest,
}

#[derive(Serialize)]
struct Checking<'a> {
    id: u64,
    token: &'a str,
}

impl RemoteTokenHandler {
    pub(super) fn new(host: Arc<PythonHost>, declared: DeclaredTokenHandler) -> Self {
        Self { host, declared }
    }
}

impl TokenHandler for RemoteTokenHandler {
    fn name(&self) -> &str {
        &self.declared.name
    }

    fn create_token<'a>(
        &'a self,
        _context: &'a Context<'a>,
        request: &'a TokenRequest,
    ) -> BoxFuture<'a, Answer<String>> {
        async move {
            let id = self.declared.id;
            self.host.ask("make_token", &Making { id, request }).await
        }
        .boxed()
    }

    fn verify_token<'a>(
        &'a self,
        _context: &'a Context<'a>,
        token: &'a str,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        async move {
            let id = self.declared.id;
            let actor: Option<Map<String, Json>> = self
                .host
                .ask("check_token", &Checking { id, token })
                .await?;
            Ok(actor.map(Actor::new))
        }
        .boxed()
    }
}
