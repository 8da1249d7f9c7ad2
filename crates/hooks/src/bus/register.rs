//! Hooks that declare things once.

use std::sync::Arc;

use datasette_core::{Fault, FaultKind};
use indexmap::IndexMap;

use super::{Bus, Contribution};
use crate::column_type::ColumnType;
use crate::command::Command;
use crate::context::Context;
use crate::event::EventKind;
use crate::facet::FacetKind;
use crate::hook_name::HookName;
use crate::magic::MagicParameter;
use crate::permission::PluginAction;
use crate::renderer::OutputRenderer;
use crate::route::Route;
use crate::token::TokenHandler;

fn flat<T>(contributions: Vec<Contribution<Vec<T>>>) -> Vec<T> {
    contributions
        .into_iter()
        .flat_map(|contribution| contribution.value)
        .collect()
}

fn startup_fault(message: String) -> Fault {
    Fault::new(FaultKind::Internal, message)
}

impl Bus {
    /// Subcommands of `datasette publish`.
    pub fn publish_subcommand(&self) -> Result<Vec<Arc<dyn Command>>, Fault> {
        let hook = HookName::PublishSubcommand;
        self.all_now(hook, |plugin| plugin.publish_subcommand())
            .map(flat)
    }

    /// Subcommands of `datasette`.
    pub fn register_commands(&self) -> Result<Vec<Arc<dyn Command>>, Fault> {
        let hook = HookName::RegisterCommands;
        self.all_now(hook, |plugin| plugin.register_commands())
            .map(flat)
    }

    /// Output formats by extension; of one extension the later in call order wins (HOOK-77).
    pub fn register_output_renderer(
        &self,
        context: &Context<'_>,
    ) -> Result<IndexMap<String, Arc<dyn OutputRenderer>>, Fault> {
        let hook = HookName::RegisterOutputRenderer;
        let renderers = self.all_now(hook, |plugin| plugin.register_output_renderer(context))?;
        Ok(flat(renderers)
            .into_iter()
            .map(|renderer| (renderer.extension().to_owned(), renderer))
            .collect())
    }

    /// Kinds of facets in call order (HOOK-90).
    pub fn register_facet_classes(&self) -> Result<Vec<Arc<dyn FacetKind>>, Fault> {
        let hook = HookName::RegisterFacetClasses;
        self.all_now(hook, |plugin| plugin.register_facet_classes())
            .map(flat)
    }

    /// Actions by name; two different ones of one name or abbreviation are a fault (HOOK-97).
    pub fn register_actions(
        &self,
        context: &Context<'_>,
    ) -> Result<IndexMap<String, PluginAction>, Fault> {
        let hook = HookName::RegisterActions;
        let declared = self.all_now(hook, |plugin| plugin.register_actions(context))?;
        let mut actions: IndexMap<String, PluginAction> = IndexMap::new();
        for action in flat(declared) {
            match actions.get(&action.name) {
                Some(known) if *known == action => continue,
                Some(_) => {
                    let message = format!("Duplicate action name: {}", action.name);
                    return Err(startup_fault(message));
                }
                None => {}
            }
            if let Some(abbreviation) = &action.abbreviation {
                let mut known = actions.values();
                if known.any(|known| known.abbreviation.as_ref() == Some(abbreviation)) {
                    let message = format!("Duplicate action abbr: {abbreviation}");
                    return Err(startup_fault(message));
                }
            }
            actions.insert(action.name.clone(), action);
        }
        Ok(actions)
    }

    /// Column types by name; two of one name are a fault (HOOK-103).
    pub fn register_column_types(
        &self,
        context: &Context<'_>,
    ) -> Result<IndexMap<String, Arc<dyn ColumnType>>, Fault> {
        let hook = HookName::RegisterColumnTypes;
        let declared = self.all_now(hook, |plugin| plugin.register_column_types(context))?;
        let mut types = IndexMap::new();
        for column_type in flat(declared) {
            let name = column_type.name().to_owned();
            if types.insert(name.clone(), column_type).is_some() {
                return Err(startup_fault(format!("Duplicate column type name: {name}")));
            }
        }
        Ok(types)
    }

    /// Pages in the order in which they are tried (HOOK-115).
    pub fn register_routes(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Contribution<Route>>, Fault> {
        let hook = HookName::RegisterRoutes;
        let declared = self.all_now(hook, |plugin| plugin.register_routes(context))?;
        Ok(declared
            .into_iter()
            .flat_map(|contribution| {
                let plugin = contribution.plugin;
                contribution
                    .value
                    .into_iter()
                    .map(move |value| Contribution {
                        plugin: plugin.clone(),
                        value,
                    })
            })
            .collect())
    }

    /// Magic parameters by prefix; of one prefix the later in call order wins (HOOK-160).
    pub fn register_magic_parameters(
        &self,
        context: &Context<'_>,
    ) -> Result<IndexMap<String, MagicParameter>, Fault> {
        let hook = HookName::RegisterMagicParameters;
        let declared = self.all_now(hook, |plugin| plugin.register_magic_parameters(context))?;
        Ok(flat(declared)
            .into_iter()
            .map(|parameter| (parameter.prefix.clone(), parameter))
            .collect())
    }

    /// Kinds of events (HOOK-194).
    pub async fn register_events(&self, context: &Context<'_>) -> Result<Vec<EventKind>, Fault> {
        let hook = HookName::RegisterEvents;
        let declared = self
            .all(hook, |plugin| plugin.register_events(context))
            .await?;
        Ok(declared.into_iter().flatten().collect())
    }

    /// Token handlers in the order in which they are asked (HOOK-197).
    pub fn register_token_handler(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Arc<dyn TokenHandler>>, Fault> {
        let hook = HookName::RegisterTokenHandler;
        self.all_now(hook, |plugin| plugin.register_token_handler(context))
            .map(flat)
    }
}
