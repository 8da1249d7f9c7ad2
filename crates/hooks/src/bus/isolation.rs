//! Keeps one plugin's failure from the others.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use datasette_core::Fault;
use futures_util::FutureExt;

use super::{Bus, Contribution};
use crate::error::HookError;
use crate::hook_name::{HookName, OnFailure};
use crate::plugin::{Answer, Plugin};

/// What goes on after a failure.
fn judge(plugin: &dyn Plugin, hook: HookName, error: HookError) -> Result<(), Fault> {
    let name = plugin.name();
    if !error.is_deliberate() {
        tracing::error!(plugin = name, hook = hook.name(), "plugin failed: {error}");
    }
    if error.is_deliberate() || hook.on_failure() == OnFailure::Propagates {
        Err(error.into_fault(name, hook.name()))
    } else {
        Ok(())
    }
}

fn panic_text(panic: Box<dyn Any + Send>) -> HookError {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    HookError::Panicked(text.unwrap_or_else(|| "without a message".to_owned()))
}

/// Waits for a plugin's code; a panic becomes an error.
pub async fn settle<T>(call: impl Future<Output = Answer<T>>) -> Answer<T> {
    AssertUnwindSafe(call)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| Err(panic_text(panic)))
}

/// Runs a plugin's code; a panic becomes an error.
pub fn settle_now<T>(call: impl FnOnce() -> Answer<T>) -> Answer<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| Err(panic_text(panic)))
}

impl Bus {
    /// Asks every implementer in call order, one after the other (PLUG-75), until `take`, which
    /// gets each answer, says that no more is needed.
    pub(super) async fn each<'a, T, F>(
        &'a self,
        hook: HookName,
        call: impl Fn(&'a dyn Plugin) -> F,
        take: impl FnMut(&'a dyn Plugin, T) -> bool,
    ) -> Result<(), Fault>
    where
        F: Future<Output = Answer<T>>,
    {
        let plugins = self.implementers(hook);
        self.each_of(hook, plugins, call, take).await
    }

    /// [`Bus::each`] for some of the implementers.
    pub(super) async fn each_of<'a, T, F>(
        &'a self,
        hook: HookName,
        plugins: impl Iterator<Item = &'a dyn Plugin>,
        call: impl Fn(&'a dyn Plugin) -> F,
        mut take: impl FnMut(&'a dyn Plugin, T) -> bool,
    ) -> Result<(), Fault>
    where
        F: Future<Output = Answer<T>>,
    {
        for plugin in plugins {
            // The call itself may panic before it gives a future.
            match settle(async { call(plugin).await }).await {
                Ok(value) => {
                    if !take(plugin, value) {
                        break;
                    }
                }
                Err(error) => judge(plugin, hook, error)?,
            }
        }
        Ok(())
    }

    /// Asks every implementer in call order and keeps all answers.
    pub(super) async fn all<'a, T, F>(
        &'a self,
        hook: HookName,
        call: impl Fn(&'a dyn Plugin) -> F,
    ) -> Result<Vec<T>, Fault>
    where
        F: Future<Output = Answer<T>>,
    {
        let mut values = Vec::new();
        self.each(hook, call, |_, value| {
            values.push(value);
            true
        })
        .await?;
        Ok(values)
    }

    /// Asks every implementer in call order, without waiting, and keeps all answers with names.
    pub(super) fn all_now<'a, T>(
        &'a self,
        hook: HookName,
        call: impl Fn(&'a dyn Plugin) -> Answer<T>,
    ) -> Result<Vec<Contribution<T>>, Fault> {
        let mut values = Vec::new();
        for plugin in self.implementers(hook) {
            match settle_now(|| call(plugin)) {
                Ok(value) => values.push(Contribution {
                    plugin: plugin.name().to_owned(),
                    value,
                }),
                Err(error) => judge(plugin, hook, error)?,
            }
        }
        Ok(values)
    }
}
