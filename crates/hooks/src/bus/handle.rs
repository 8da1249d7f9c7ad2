//! Hooks that work on something live.

use std::sync::Arc;

use datasette_core::Fault;

use super::{Bus, Contribution};
use crate::connection::ConnectionSetup;
use crate::context::Context;
use crate::hook_name::HookName;
use crate::http::HttpWrapper;
use crate::template::{TemplateAdditions, TemplateOverlay};
use crate::write::WriteWrapper;

impl Bus {
    /// Wrappers from the innermost to the outermost: the first called is innermost (HOOK-16).
    pub fn asgi_wrapper(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Contribution<Arc<dyn HttpWrapper>>>, Fault> {
        let hook = HookName::AsgiWrapper;
        let wrappers = self.all_now(hook, |plugin| plugin.asgi_wrapper(context))?;
        Ok(wrappers
            .into_iter()
            .filter_map(|Contribution { plugin, value }| {
                value.map(|value| Contribution { plugin, value })
            })
            .collect())
    }

    /// Preparations of a database's connections, in call order (HOOK-22).
    pub async fn prepare_connection(
        &self,
        context: &Context<'_>,
        database: &str,
    ) -> Result<Vec<ConnectionSetup>, Fault> {
        let hook = HookName::PrepareConnection;
        self.all(hook, |plugin| plugin.prepare_connection(context, database))
            .await
    }

    /// Additions to all templates; of one name the later in call order wins.
    pub async fn prepare_jinja2_environment(
        &self,
        context: &Context<'_>,
    ) -> Result<TemplateAdditions, Fault> {
        let mut merged = TemplateAdditions::default();
        self.each(
            HookName::PrepareJinja2Environment,
            |plugin| plugin.prepare_jinja2_environment(context),
            |_, additions| {
                merged.merge(additions);
                true
            },
        )
        .await?;
        Ok(merged)
    }

    /// Templates for this request: those of the implementation called last (HOOK-36).
    pub fn jinja2_environment_from_request(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<TemplateOverlay>, Fault> {
        let hook = HookName::Jinja2EnvironmentFromRequest;
        let overlays = self.all_now(hook, |plugin| {
            plugin.jinja2_environment_from_request(context)
        })?;
        Ok(overlays.into_iter().filter_map(|one| one.value).next_back())
    }

    /// Wrappers of one write from the outermost to the innermost: the first called is outermost
    /// (HOOK-207).
    pub fn write_wrapper(
        &self,
        context: &Context<'_>,
        database: &str,
        transaction: bool,
    ) -> Result<Vec<Box<dyn WriteWrapper>>, Fault> {
        let hook = HookName::WriteWrapper;
        let wrappers = self.all_now(hook, |plugin| {
            plugin.write_wrapper(context, database, transaction)
        })?;
        Ok(wrappers.into_iter().filter_map(|one| one.value).collect())
    }
}
