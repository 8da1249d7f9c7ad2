//! What plugins add to templates, as the server's template engine takes it.

use std::fmt;
use std::sync::Arc;

use datasette_hooks::{
    Answer, ForeignValue, TemplateAdditions, TemplateFunction, TemplateValue as Given,
};
use futures_util::FutureExt;
use indexmap::IndexMap;
use minijinja::value::{Kwargs, Object, ObjectRepr, Rest, Value};
use minijinja::{Environment, Error, ErrorKind};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::data::data;
use super::debug::as_json;
use super::scripting::PageScripts;

/// What only the engine of its plugin can use; here it has no parts.
#[derive(Debug)]
pub(crate) struct Foreign(pub(crate) ForeignValue);

impl Object for Foreign {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.shown)
    }
}

/// A value that a plugin adds to a template's variables.
pub fn template_value(value: &Given, scripts: &PageScripts) -> Value {
    match value {
        Given::Html(html) => {
            let html = scripts.trusted(html.clone(), "a variable of a plugin");
            Value::from_safe_string(html)
        }
        other => plain(other),
    }
}

fn plain(value: &Given) -> Value {
    match value {
        Given::Data(json) => data(json),
        Given::Html(html) => Value::from_safe_string(html.clone()),
        Given::Function(function) => callable(function),
        Given::Foreign(foreign) => Value::from_object(Foreign(foreign.clone())),
    }
}

/// Adds filters, tests and global names.
pub(super) fn add(environment: &mut Environment<'static>, additions: &TemplateAdditions) {
    for (name, value) in &additions.filters {
        if let Given::Function(function) = value {
            let function = Arc::clone(function);
            environment.add_filter(
                name.clone(),
                move |value: Value, rest: Rest<Value>, named: Kwargs| {
                    let arguments = std::iter::once(&value).chain(rest.iter());
                    call(&function, arguments, &named)
                },
            );
        }
    }
    for (name, value) in &additions.tests {
        if let Given::Function(function) = value {
            let function = Arc::clone(function);
            environment.add_test(name.clone(), move |value: Value, rest: Rest<Value>| {
                let arguments = std::iter::once(&value).chain(rest.iter());
                let answer = call(
                    &function,
                    arguments,
                    &Kwargs::from_iter::<[(&str, Value); 0]>([]),
                )?;
                Ok::<bool, Error>(answer.is_true())
            });
        }
    }
    for (name, value) in &additions.globals {
        environment.add_global(name.clone(), plain(value));
    }
}

fn callable(function: &Arc<dyn TemplateFunction>) -> Value {
    let function = Arc::clone(function);
    Value::from_function(move |positional: Rest<Value>, named: Kwargs| {
        call(&function, positional.iter(), &named)
    })
}

/// Calls a function of a plugin, and waits for what it comes to (HOOK-55).
fn call<'a>(
    function: &Arc<dyn TemplateFunction>,
    arguments: impl Iterator<Item = &'a Value>,
    named: &Kwargs,
) -> Result<Value, Error> {
    let arguments = arguments.map(argument).collect();
    let mut by_name = IndexMap::new();
    for name in named.args() {
        by_name.insert(name.to_owned(), argument(&named.get::<Value>(name)?));
    }
    let answer = waited_for(function.call(arguments, by_name));
    match answer.map_err(|why| Error::new(ErrorKind::InvalidOperation, why))? {
        Ok(value) => Ok(plain(&value)),
        Err(error) => Err(Error::new(ErrorKind::InvalidOperation, error.to_string())),
    }
}

fn argument(value: &Value) -> Given {
    match value.as_str().filter(|_| value.is_safe()) {
        Some(html) => Given::Html(html.to_owned()),
        None => Given::Data(as_json("argument", value)),
    }
}

/// Templates do not wait; a function that has to has its thread to itself for that time.
fn waited_for<'a>(
    mut future: futures_util::future::BoxFuture<'a, Answer<Given>>,
) -> Result<Answer<Given>, &'static str> {
    if let Some(answer) = (&mut future).now_or_never() {
        return Ok(answer);
    }
    match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
            Ok(tokio::task::block_in_place(|| runtime.block_on(future)))
        }
        _ => Err("a function that has to wait cannot be called here"),
    }
}
