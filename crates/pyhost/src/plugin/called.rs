//! One hook called for all Python plugins that stand together.

use std::collections::BTreeMap;

use datasette_hooks::{Answer, Context, HookError, HookName, OnFailure, Plain, RequestInfo};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::declared::{Origin, Rank};
use crate::process::PythonHost;
use crate::protocol::Failure;

/// Which implementations are called.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) origin: Origin,
    pub(crate) rank: Rank,
}

#[derive(Serialize)]
struct Question<'a, A> {
    hook: &'static str,
    #[serde(flatten)]
    place: Place,
    request: Option<&'a RequestInfo>,
    actor: Option<Properties<'a>>,
    arguments: A,
}

/// The circumstances that calls of registered objects carry.
#[derive(Serialize)]
pub(crate) struct Circumstances<'a> {
    pub(crate) request: Option<&'a RequestInfo>,
    pub(crate) actor: Option<Properties<'a>>,
}

/// An actor's properties.
pub(crate) struct Properties<'a>(&'a Map<String, Json>);

impl Serialize for Properties<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Plain(value))))
    }
}

/// What one plugin's implementation came to.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(crate) struct Outcome<T> {
    plugin: String,
    #[serde(default)]
    value: Option<T>,
    #[serde(default)]
    failure: Option<Failure>,
}

/// No arguments.
pub(crate) const NOTHING: BTreeMap<&str, ()> = BTreeMap::new();

/// The circumstances of a call.
pub(crate) fn circumstances<'a>(context: &Context<'a>) -> Circumstances<'a> {
    Circumstances {
        request: context.request(),
        actor: context.actor().map(|actor| Properties(actor.properties())),
    }
}

/// Calls the hook; the answers come in call order with the names of their plugins. A plugin that
/// fails is logged and left out, or fails the whole where the hook demands that.
pub(crate) async fn call<T: DeserializeOwned>(
    host: &PythonHost,
    place: Place,
    hook: HookName,
    context: &Context<'_>,
    arguments: impl Serialize,
) -> Answer<Vec<(String, T)>> {
    let question = question(place, hook, context, arguments);
    let outcomes = match hook {
        // Plugins prepare what they need, which may take as long as it takes.
        HookName::Startup | HookName::PrepareJinja2Environment => {
            host.ask_patiently("hook", &question).await?
        }
        _ => host.ask("hook", &question).await?,
    };
    sorted(hook, outcomes)
}

fn question<'a, A>(
    place: Place,
    hook: HookName,
    context: &Context<'a>,
    arguments: A,
) -> Question<'a, A> {
    let Circumstances { request, actor } = circumstances(context);
    Question {
        hook: hook.name(),
        place,
        request,
        actor,
        arguments,
    }
}

fn sorted<T: DeserializeOwned>(
    hook: HookName,
    outcomes: Vec<Outcome<T>>,
) -> Answer<Vec<(String, T)>> {
    let mut values = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        let Outcome {
            plugin,
            value,
            failure,
        } = outcome;
        if let Some(failure) = failure {
            let error = HookError::from(failure);
            if error.is_deliberate() {
                return Err(error);
            }
            let text = format!("{plugin}: {error}");
            let error = match error {
                HookError::Raised(_, number) => HookError::Raised(text, number),
                _ => HookError::Failed(text),
            };
            if hook.on_failure() == OnFailure::Propagates {
                return Err(error);
            }
            let hook = hook.name();
            tracing::error!(plugin, hook, "plugin failed: {error}");
        } else if let Some(value) = value {
            values.push((plugin, value));
        }
    }
    Ok(values)
}

/// The answers without the names of their plugins.
pub(crate) fn anonymous<T>(values: Vec<(String, T)>) -> impl Iterator<Item = T> {
    values.into_iter().map(|(_, value)| value)
}
