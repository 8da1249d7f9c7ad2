//! Magic parameters that Python resolves.

use std::sync::Arc;

use datasette_core::Value;
use datasette_hooks::{Answer, Context, Data, MagicParameter, MagicResolver};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;

use super::called::{Circumstances, circumstances};
use super::declared::DeclaredMagic;
use crate::process::PythonHost;

struct RemoteResolver {
    host: Arc<PythonHost>,
    id: u64,
}

#[derive(Serialize)]
struct Question<'a> {
    id: u64,
    key: &'a str,
    #[serde(flatten)]
    circumstances: Circumstances<'a>,
}

/// The prefix with what resolves it.
pub(super) fn parameter(host: Arc<PythonHost>, declared: &DeclaredMagic) -> MagicParameter {
    let id = declared.id;
    MagicParameter::new(&*declared.prefix, RemoteResolver { host, id })
}

impl MagicResolver for RemoteResolver {
    fn value<'a>(
        &'a self,
        context: &'a Context<'a>,
        rest: &'a str,
    ) -> BoxFuture<'a, Answer<Value>> {
        async move {
            let question = Question {
                id: self.id,
                key: rest,
                circumstances: circumstances(context),
            };
            let Data(value) = self.host.ask("magic", &question).await?;
            Ok(value)
        }
        .boxed()
    }
}
