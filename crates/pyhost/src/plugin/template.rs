//! Values of templates that live in Python.

use std::sync::Arc;

use datasette_hooks::{Answer, HookError, Plain, TemplateFunction, TemplateValue};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::process::PythonHost;

/// A value as it crosses.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RemoteValue {
    /// Data.
    Data(Json),
    /// HTML that is trusted.
    Html(String),
    /// A function, by its number.
    Function(u64),
}

impl RemoteValue {
    pub(super) fn into_value(self, host: &Arc<PythonHost>) -> TemplateValue {
        match self {
            Self::Data(data) => TemplateValue::Data(data),
            Self::Html(html) => TemplateValue::Html(html),
            Self::Function(id) => TemplateValue::Function(Arc::new(RemoteFunction {
                host: Arc::clone(host),
                id,
            })),
        }
    }
}

/// A function of Python that templates call.
struct RemoteFunction {
    host: Arc<PythonHost>,
    id: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Given<'a> {
    Data(Plain<'a>),
    Html(&'a str),
}

#[derive(Serialize)]
struct Question<'a> {
    id: u64,
    arguments: Vec<Given<'a>>,
    named: IndexMap<&'a str, Given<'a>>,
}

fn given(value: &TemplateValue) -> Answer<Given<'_>> {
    match value {
        TemplateValue::Data(data) => Ok(Given::Data(Plain(data))),
        TemplateValue::Html(html) => Ok(Given::Html(html)),
        TemplateValue::Function(_) => Err(HookError::failed(
            "a function cannot be given to a function of a plugin",
        )),
    }
}

impl TemplateFunction for RemoteFunction {
    fn call<'a>(
        &'a self,
        arguments: Vec<TemplateValue>,
        named: IndexMap<String, TemplateValue>,
    ) -> BoxFuture<'a, Answer<TemplateValue>> {
        async move {
            let arguments_given = arguments.iter().map(given).collect::<Answer<_>>()?;
            let named_given = named
                .iter()
                .map(|(name, value)| Ok((&**name, given(value)?)));
            let question = Question {
                id: self.id,
                arguments: arguments_given,
                named: named_given.collect::<Answer<_>>()?,
            };
            let value: RemoteValue = self.host.ask("call_function", &question).await?;
            Ok(value.into_value(&self.host))
        }
        .boxed()
    }
}
