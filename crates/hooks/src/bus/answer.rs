//! Hooks with data in and data out.

use datasette_core::{Actor, Fault};
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::{Bus, Contribution};
use crate::action_item::{ActionItem, ActionTarget, MenuItem};
use crate::cell::{CellAnswers, CellBatch};
use crate::context::Context;
use crate::event::Event;
use crate::filter::FilterArguments;
use crate::hook_name::HookName;
use crate::http::HttpResponse;
use crate::jump::JumpContribution;
use crate::page::{AssetUrl, BodyScript, PageInfo, TemplateSlot};
use crate::permission::PermissionAnswer;
use crate::plugin::ActorsById;
use crate::template::TemplateValue;

fn dedupe(urls: Vec<Vec<AssetUrl>>) -> Vec<AssetUrl> {
    let mut kept = IndexMap::new();
    for url in urls.into_iter().flatten() {
        kept.entry(url.url.clone()).or_insert(url);
    }
    kept.into_values().collect()
}

impl Bus {
    /// Tells every plugin that the server starts; the first error stops it (HOOK-08).
    pub async fn startup(&self, context: &Context<'_>) -> Result<(), Fault> {
        self.each(
            HookName::Startup,
            |plugin| plugin.startup(context),
            |_, ()| true,
        )
        .await
    }

    /// Tells every plugin that the server stops; errors are only logged (HOOK-13).
    pub async fn shutdown(&self, context: &Context<'_>) {
        for plugin in self.implementers(HookName::Shutdown) {
            let call = async { plugin.shutdown(context).await };
            if let Err(error) = super::isolation::settle(call).await {
                tracing::error!(plugin = plugin.name(), "shutdown hook failed: {error}");
            }
        }
    }

    /// Style sheets, one per URL (HOOK-46).
    pub async fn extra_css_urls(
        &self,
        context: &Context<'_>,
        page: &PageInfo,
    ) -> Result<Vec<AssetUrl>, Fault> {
        let hook = HookName::ExtraCssUrls;
        self.all(hook, |plugin| plugin.extra_css_urls(context, page))
            .await
            .map(dedupe)
    }

    /// Scripts, one per URL (HOOK-46).
    pub async fn extra_js_urls(
        &self,
        context: &Context<'_>,
        page: &PageInfo,
    ) -> Result<Vec<AssetUrl>, Fault> {
        let hook = HookName::ExtraJsUrls;
        self.all(hook, |plugin| plugin.extra_js_urls(context, page))
            .await
            .map(dedupe)
    }

    /// Scripts at the end of the page, one element each (HOOK-51).
    pub async fn extra_body_script(
        &self,
        context: &Context<'_>,
        page: &PageInfo,
    ) -> Result<Vec<BodyScript>, Fault> {
        let hook = HookName::ExtraBodyScript;
        let scripts = self
            .all(hook, |plugin| plugin.extra_body_script(context, page))
            .await?;
        Ok(scripts.into_iter().flatten().collect())
    }

    /// Template variables; of one name the later in call order wins (HOOK-56).
    pub async fn extra_template_vars(
        &self,
        context: &Context<'_>,
        page: &PageInfo,
    ) -> Result<IndexMap<String, TemplateValue>, Fault> {
        let hook = HookName::ExtraTemplateVars;
        let variables = self
            .all(hook, |plugin| plugin.extra_template_vars(context, page))
            .await?;
        Ok(variables.into_iter().flatten().collect())
    }

    /// What cells show; of one cell the first answer wins (HOOK-65).
    pub async fn render_cell(
        &self,
        context: &Context<'_>,
        cells: &CellBatch,
    ) -> Result<CellAnswers, Fault> {
        let mut merged = CellAnswers::default();
        self.each(
            HookName::RenderCell,
            |plugin| plugin.render_cell(context, cells),
            |_, answers| {
                merged.merge(answers);
                true
            },
        )
        .await?;
        Ok(merged)
    }

    /// Who asks: the first actor that is not empty, after every plugin was asked (HOOK-130). A
    /// refused token is a fault even when another plugin knows an actor (HOOK-133).
    pub async fn actor_from_request(&self, context: &Context<'_>) -> Result<Option<Actor>, Fault> {
        let mut first = None;
        self.each(
            HookName::ActorFromRequest,
            |plugin| plugin.actor_from_request(context),
            |_, actor| {
                let actor = actor.filter(|actor| !actor.properties().is_empty());
                if first.is_none() {
                    first = actor;
                }
                true
            },
        )
        .await?;
        Ok(first)
    }

    /// Who is behind the ids, from the first plugin that says (PLUG-69); without one each id is
    /// its own actor (HOOK-136).
    pub async fn actors_from_ids(
        &self,
        context: &Context<'_>,
        ids: &[Json],
    ) -> Result<ActorsById, Fault> {
        let mut first = None;
        self.each(
            HookName::ActorsFromIds,
            |plugin| plugin.actors_from_ids(context, ids),
            |_, actors| {
                first = actors;
                first.is_none()
            },
        )
        .await?;
        Ok(first.unwrap_or_else(|| {
            let plain = |id: &Json| {
                let properties = [("id".to_owned(), id.clone())].into_iter().collect();
                (id.clone(), Some(Actor::new(properties)))
            };
            ids.iter().map(plain).collect()
        }))
    }

    /// Further conditions of a table page, combined (HOOK-139).
    pub async fn filters_from_request(
        &self,
        context: &Context<'_>,
        database: &str,
        table: &str,
    ) -> Result<FilterArguments, Fault> {
        let mut merged = FilterArguments::default();
        self.each(
            HookName::FiltersFromRequest,
            |plugin| plugin.filters_from_request(context, database, table),
            |_, filters| {
                if let Some(filters) = filters {
                    merged.merge(filters);
                }
                true
            },
        )
        .await?;
        Ok(merged)
    }

    /// Whether a plugin that is not part of the server has a say in permissions.
    pub fn has_added_permissions(&self) -> bool {
        let mut order = self.orders[HookName::PermissionResourcesSql as usize].iter();
        order.any(|index| !self.built_in[*index])
    }

    /// What plugins say about an action, combined. With `added_only` the plugins that are part of
    /// the server are not asked, because whoever asks has compiled their rules.
    pub async fn permission_resources_sql(
        &self,
        context: &Context<'_>,
        action: &str,
        added_only: bool,
    ) -> Result<PermissionAnswer, Fault> {
        let mut merged = PermissionAnswer::default();
        let hook = HookName::PermissionResourcesSql;
        let order = self.orders[hook as usize].iter();
        let plugins = order
            .filter(|index| !(added_only && self.built_in[**index]))
            .map(|index| &*self.plugins[*index]);
        self.each_of(
            hook,
            plugins,
            |plugin| plugin.permission_resources_sql(context, action),
            |plugin, mut answer| {
                name_sources(&mut answer, plugin.name());
                merged.merge(answer);
                true
            },
        )
        .await?;
        Ok(merged)
    }

    /// The answer to a visitor who may not: the first plugin's (HOOK-163).
    pub async fn forbidden(
        &self,
        context: &Context<'_>,
        message: &str,
    ) -> Result<Option<HttpResponse>, Fault> {
        let mut first = None;
        self.each(
            HookName::Forbidden,
            |plugin| plugin.forbidden(context, message),
            |_, response| {
                first = response;
                first.is_none()
            },
        )
        .await?;
        Ok(first)
    }

    /// The answer to a failed request: every plugin hears of it, the first answer is sent
    /// (HOOK-167).
    pub async fn handle_exception(
        &self,
        context: &Context<'_>,
        fault: &Fault,
    ) -> Result<Option<HttpResponse>, Fault> {
        let mut first = None;
        self.each(
            HookName::HandleException,
            |plugin| plugin.handle_exception(context, fault),
            |_, response| {
                if first.is_none() {
                    first = response;
                }
                true
            },
        )
        .await?;
        Ok(first)
    }

    /// Links in the menu of every page.
    pub async fn menu_links(&self, context: &Context<'_>) -> Result<Vec<MenuItem>, Fault> {
        let links = self
            .all(HookName::MenuLinks, |plugin| plugin.menu_links(context))
            .await?;
        Ok(links.into_iter().flatten().collect())
    }

    /// Entries of the jump menu, by plugin.
    pub async fn jump_items_sql(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<Contribution<JumpContribution>>, Fault> {
        let mut found = Vec::new();
        self.each(
            HookName::JumpItemsSql,
            |plugin| plugin.jump_items_sql(context),
            |plugin, value| {
                found.push(Contribution {
                    plugin: plugin.name().to_owned(),
                    value,
                });
                true
            },
        )
        .await?;
        Ok(found)
    }

    /// Entries of an actions menu; the target decides which of the six hooks is called.
    pub async fn actions(
        &self,
        context: &Context<'_>,
        target: &ActionTarget,
    ) -> Result<Vec<ActionItem>, Fault> {
        let hook = match target {
            ActionTarget::Homepage => HookName::HomepageActions,
            ActionTarget::Database { .. } => HookName::DatabaseActions,
            ActionTarget::Table { .. } => HookName::TableActions,
            ActionTarget::View { .. } => HookName::ViewActions,
            ActionTarget::Row { .. } => HookName::RowActions,
            ActionTarget::Query { .. } => HookName::QueryActions,
        };
        let items = self
            .all(hook, |plugin| match target {
                ActionTarget::Homepage => plugin.homepage_actions(context, target),
                ActionTarget::Database { .. } => plugin.database_actions(context, target),
                ActionTarget::Table { .. } => plugin.table_actions(context, target),
                ActionTarget::View { .. } => plugin.view_actions(context, target),
                ActionTarget::Row { .. } => plugin.row_actions(context, target),
                ActionTarget::Query { .. } => plugin.query_actions(context, target),
            })
            .await?;
        Ok(items.into_iter().flatten().collect())
    }

    /// HTML at the top of a page, in call order (HOOK-193); the slot decides which of the six hooks
    /// is called.
    pub async fn top(&self, context: &Context<'_>, slot: &TemplateSlot) -> Result<String, Fault> {
        let hook = match slot {
            TemplateSlot::Homepage => HookName::TopHomepage,
            TemplateSlot::Database { .. } => HookName::TopDatabase,
            TemplateSlot::Table { .. } => HookName::TopTable,
            TemplateSlot::Row { .. } => HookName::TopRow,
            TemplateSlot::Query { .. } => HookName::TopQuery,
            TemplateSlot::StoredQuery { .. } => HookName::TopStoredQuery,
        };
        let html = self
            .all(hook, |plugin| match slot {
                TemplateSlot::Homepage => plugin.top_homepage(context, slot),
                TemplateSlot::Database { .. } => plugin.top_database(context, slot),
                TemplateSlot::Table { .. } => plugin.top_table(context, slot),
                TemplateSlot::Row { .. } => plugin.top_row(context, slot),
                TemplateSlot::Query { .. } => plugin.top_query(context, slot),
                TemplateSlot::StoredQuery { .. } => plugin.top_stored_query(context, slot),
            })
            .await?;
        Ok(html.into_iter().flatten().collect())
    }

    /// Tells every plugin of an event; the first error is the caller's (HOOK-195).
    pub async fn track_event(&self, context: &Context<'_>, event: &Event) -> Result<(), Fault> {
        let hook = HookName::TrackEvent;
        self.each(
            hook,
            |plugin| plugin.track_event(context, event),
            |_, ()| true,
        )
        .await
    }
}

/// Rules without a source come from the plugin that gave them (HOOK-151).
fn name_sources(answer: &mut PermissionAnswer, plugin: &str) {
    let rules = answer.rules.iter_mut().map(|rule| &mut rule.source);
    let restrictions = answer.restrictions.iter_mut().map(|one| &mut one.source);
    let statements = answer.sql.iter_mut().map(|one| &mut one.source);
    for source in rules.chain(restrictions).chain(statements) {
        if source.is_empty() {
            source.push_str(plugin);
        }
    }
}
