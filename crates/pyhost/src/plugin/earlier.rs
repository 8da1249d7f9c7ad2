//! Hooks of earlier releases that Python plugins implement.

use std::sync::Arc;

use datasette_hooks::{Answer, Context, EarlierHooks, HookSet, Plugin};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::called::circumstances;
use super::declared::DeclaredEarlier;
use crate::process::PythonHost;

/// Asks for all plugins of the process that have such hooks.
pub(super) struct Earlier {
    pub(super) host: Arc<PythonHost>,
    pub(super) declared: DeclaredEarlier,
}

impl Plugin for Earlier {
    fn name(&self) -> &str {
        "Python plugins of earlier releases"
    }

    fn implements(&self) -> HookSet {
        HookSet::EMPTY
    }

    fn is_listed(&self) -> bool {
        false
    }

    fn earlier(&self) -> Option<&dyn EarlierHooks> {
        (self.declared.skip_csrf || self.declared.canned_queries).then_some(self)
    }
}

impl EarlierHooks for Earlier {
    fn skip_csrf<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<bool>> {
        async move {
            if !self.declared.skip_csrf {
                return Ok(false);
            }
            self.host.ask("skip_csrf", &circumstances(context)).await
        }
        .boxed()
    }

    fn canned_queries<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        async move {
            if !self.declared.canned_queries {
                return Ok(());
            }
            self.host
                .ask("canned_queries", &circumstances(context))
                .await
        }
        .boxed()
    }
}
