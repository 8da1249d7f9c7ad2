//! Python plugins that stand together in the order of calls, as one plugin of the server: a hook
//! costs one question, however many of them implement it.

use std::sync::Arc;

use datasette_core::{Actor, Fault};
use datasette_hooks::{
    ActionItem, ActionTarget, ActorsById, Answer, AssetUrl, BodyScript, CellAnswers, CellBatch,
    ColumnType, ConnectionSetup, Context, Event, EventKind, FacetKind, FilterArguments, HookName,
    HookSet, HttpResponse, JumpContribution, MagicParameter, MenuItem, OutputRenderer, PageInfo,
    PermissionAnswer, Plain, Plugin, PluginAction, Priority, Route, TemplateAdditions,
    TemplateClaims, TemplateSlot, TemplateValue, TokenHandler, WriteWrapper,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::called::{NOTHING, Place, anonymous, call};
use super::column_type::RemoteColumnType;
use super::declared::{DeclaredSegment, Origin, Rank};
use super::facet::RemoteFacet;
use super::query::{Cells, GivenIds, Names, SaidFault};
use super::renderer::RemoteRenderer;
use super::response::RemoteResponse;
use super::template::RemoteValue;
use super::token::RemoteTokenHandler;
use super::view::RemoteView;
use super::{connection, magic, query, template};
use crate::borrowing::{RemoteWrapper, WrappedWrite};
use crate::process::PythonHost;

/// The plugins of one origin whose implementations have one rank.
pub(super) struct Segment {
    host: Arc<PythonHost>,
    place: Place,
    name: String,
    implements: HookSet,
    declared: DeclaredSegment,
}

impl Segment {
    pub(super) fn new(
        host: Arc<PythonHost>,
        origin: Origin,
        rank: Rank,
        declared: DeclaredSegment,
    ) -> Self {
        let names = declared.hooks.iter();
        let implements = names
            .filter_map(|name| HookName::from_name(name))
            // Those are joined where they come from.
            .filter(|hook| *hook != HookName::AsgiWrapper)
            .collect::<HookSet>();
        let implements = with_environment(implements);
        let name = match origin {
            Origin::Installed => "Python plugins",
            Origin::Files => "Python plugins of the plugins directory",
        };
        Self {
            host,
            place: Place { origin, rank },
            name: name.to_owned(),
            implements,
            declared,
        }
    }

    /// Whether a plugin has the hook itself.
    pub(super) fn declares(&self, hook: HookName) -> bool {
        self.declared.hooks.iter().any(|name| name == hook.name())
    }

    /// The plugins' answers in call order.
    async fn all<T: DeserializeOwned>(
        &self,
        hook: HookName,
        context: &Context<'_>,
        arguments: impl Serialize,
    ) -> Answer<impl Iterator<Item = T>> {
        call(&self.host, self.place, hook, context, arguments)
            .await
            .map(anonymous)
    }

    /// The items of the plugins' lists.
    async fn items<T: DeserializeOwned>(
        &self,
        hook: HookName,
        context: &Context<'_>,
        arguments: impl Serialize,
    ) -> Answer<Vec<T>> {
        let lists = self.all::<Vec<T>>(hook, context, arguments).await?;
        Ok(lists.flatten().collect())
    }

    async fn nothing(
        &self,
        hook: HookName,
        context: &Context<'_>,
        arguments: impl Serialize,
    ) -> Answer<()> {
        let answers = self.all::<()>(hook, context, arguments).await?;
        answers.for_each(drop);
        Ok(())
    }

    async fn actions(
        &self,
        hook: HookName,
        context: &Context<'_>,
        target: &ActionTarget,
    ) -> Answer<Vec<ActionItem>> {
        self.items(hook, context, query::target(target)).await
    }

    async fn slot(
        &self,
        hook: HookName,
        context: &Context<'_>,
        slot: &TemplateSlot,
    ) -> Answer<Option<String>> {
        let parts = self.all::<String>(hook, context, query::slot(slot)).await?;
        let html: String = parts.collect();
        Ok(Some(html).filter(|html| !html.is_empty()))
    }

    /// The answer of the first plugin that has one.
    async fn response(
        &self,
        hook: HookName,
        context: &Context<'_>,
        arguments: impl Serialize,
    ) -> Answer<Option<HttpResponse>> {
        let mut answers = self.all::<RemoteResponse>(hook, context, arguments).await?;
        Ok(answers.next().map(RemoteResponse::into_response))
    }

    fn shared(&self) -> Arc<PythonHost> {
        Arc::clone(&self.host)
    }
}

/// With the hook that tells about Jinja2, where any of them may give templates what needs it.
fn with_environment(mut hooks: HookSet) -> HookSet {
    let any = [
        HookName::ExtraTemplateVars,
        HookName::Jinja2EnvironmentFromRequest,
    ];
    if any.into_iter().any(|hook| hooks.contains(hook)) {
        hooks = hooks.with(HookName::PrepareJinja2Environment);
    }
    hooks
}

impl Plugin for Segment {
    fn name(&self) -> &str {
        &self.name
    }

    fn implements(&self) -> HookSet {
        self.implements
    }

    fn priority(&self, _hook: HookName) -> Priority {
        self.place.rank.into()
    }

    fn is_listed(&self) -> bool {
        false
    }

    fn startup<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        self.nothing(HookName::Startup, context, NOTHING).boxed()
    }

    fn shutdown<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        self.nothing(HookName::Shutdown, context, NOTHING).boxed()
    }

    fn extra_css_urls<'a>(
        &'a self,
        context: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        self.items(HookName::ExtraCssUrls, context, page).boxed()
    }

    fn extra_js_urls<'a>(
        &'a self,
        context: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        self.items(HookName::ExtraJsUrls, context, page).boxed()
    }

    fn extra_body_script<'a>(
        &'a self,
        context: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<BodyScript>>> {
        async move {
            let hook = HookName::ExtraBodyScript;
            let scripts = self.all(hook, context, page).await?;
            Ok(scripts.collect())
        }
        .boxed()
    }

    fn extra_template_vars<'a>(
        &'a self,
        context: &'a Context<'a>,
        page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<IndexMap<String, TemplateValue>>> {
        async move {
            let hook = HookName::ExtraTemplateVars;
            let variables = self
                .all::<IndexMap<String, RemoteValue>>(hook, context, page)
                .await?;
            Ok(variables
                .flatten()
                .map(|(name, value)| (name, value.into()))
                .collect())
        }
        .boxed()
    }

    fn render_cell<'a>(
        &'a self,
        context: &'a Context<'a>,
        cells: &'a CellBatch,
    ) -> BoxFuture<'a, Answer<CellAnswers>> {
        async move {
            let mut answers = CellAnswers::default();
            for (row, column, content) in self
                .items(HookName::RenderCell, context, Cells { cells })
                .await?
            {
                answers.put(row, column, content);
            }
            Ok(answers)
        }
        .boxed()
    }

    fn actor_from_request<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        async move {
            let hook = HookName::ActorFromRequest;
            let mut actors = self
                .all::<Map<String, Json>>(hook, context, NOTHING)
                .await?;
            Ok(actors.find(|actor| !actor.is_empty()).map(Actor::new))
        }
        .boxed()
    }

    fn actors_from_ids<'a>(
        &'a self,
        context: &'a Context<'a>,
        ids: &'a [Json],
    ) -> BoxFuture<'a, Answer<Option<ActorsById>>> {
        async move {
            let hook = HookName::ActorsFromIds;
            let actor_ids = ids.iter().map(Plain).collect();
            let mut answers = self
                .all::<Vec<(Json, Option<Map<String, Json>>)>>(
                    hook,
                    context,
                    GivenIds { actor_ids },
                )
                .await?;
            Ok(answers.next().map(|actors| {
                let actors = actors.into_iter();
                actors
                    .map(|(id, actor)| (id, actor.map(Actor::new)))
                    .collect()
            }))
        }
        .boxed()
    }

    fn filters_from_request<'a>(
        &'a self,
        context: &'a Context<'a>,
        database: &'a str,
        table: &'a str,
    ) -> BoxFuture<'a, Answer<Option<FilterArguments>>> {
        async move {
            let hook = HookName::FiltersFromRequest;
            let names = Names { database, table };
            let mut merged: Option<FilterArguments> = None;
            for filter in self.all(hook, context, names).await? {
                match &mut merged {
                    Some(merged) => merged.merge(filter),
                    None => merged = Some(filter),
                }
            }
            Ok(merged)
        }
        .boxed()
    }

    fn permission_resources_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
        action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        async move {
            let hook = HookName::PermissionResourcesSql;
            let mut merged = PermissionAnswer::default();
            let arguments = query::Action { action };
            for answer in self.all(hook, context, arguments).await? {
                merged.merge(answer);
            }
            Ok(merged)
        }
        .boxed()
    }

    fn forbidden<'a>(
        &'a self,
        context: &'a Context<'a>,
        message: &'a str,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        self.response(HookName::Forbidden, context, query::Message { message })
            .boxed()
    }

    fn handle_exception<'a>(
        &'a self,
        context: &'a Context<'a>,
        fault: &'a Fault,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        self.response(HookName::HandleException, context, SaidFault::of(fault))
            .boxed()
    }

    fn menu_links<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
        self.items(HookName::MenuLinks, context, NOTHING).boxed()
    }

    fn jump_items_sql<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<JumpContribution>> {
        async move {
            let mut merged = JumpContribution::default();
            for part in self
                .all::<JumpContribution>(HookName::JumpItemsSql, context, NOTHING)
                .await?
            {
                merged.items.extend(part.items);
                merged.sql.extend(part.sql);
            }
            Ok(merged)
        }
        .boxed()
    }

    fn row_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.actions(HookName::RowActions, context, target).boxed()
    }

    fn table_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.actions(HookName::TableActions, context, target)
            .boxed()
    }

    fn view_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.actions(HookName::ViewActions, context, target).boxed()
    }

    fn query_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.actions(HookName::QueryActions, context, target)
            .boxed()
    }

    fn database_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.actions(HookName::DatabaseActions, context, target)
            .boxed()
    }

    fn homepage_actions<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.actions(HookName::HomepageActions, context, target)
            .boxed()
    }

    fn track_event<'a>(
        &'a self,
        context: &'a Context<'a>,
        event: &'a Event,
    ) -> BoxFuture<'a, Answer<()>> {
        self.nothing(HookName::TrackEvent, context, query::Happened { event })
            .boxed()
    }

    fn top_homepage<'a>(
        &'a self,
        context: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.slot(HookName::TopHomepage, context, slot).boxed()
    }

    fn top_database<'a>(
        &'a self,
        context: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.slot(HookName::TopDatabase, context, slot).boxed()
    }

    fn top_table<'a>(
        &'a self,
        context: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.slot(HookName::TopTable, context, slot).boxed()
    }

    fn top_row<'a>(
        &'a self,
        context: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.slot(HookName::TopRow, context, slot).boxed()
    }

    fn top_query<'a>(
        &'a self,
        context: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.slot(HookName::TopQuery, context, slot).boxed()
    }

    fn top_stored_query<'a>(
        &'a self,
        context: &'a Context<'a>,
        slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.slot(HookName::TopStoredQuery, context, slot).boxed()
    }

    fn prepare_connection<'a>(
        &'a self,
        context: &'a Context<'a>,
        database: &'a str,
    ) -> BoxFuture<'a, Answer<ConnectionSetup>> {
        async move {
            let hook = HookName::PrepareConnection;
            let steps = self.items(hook, context, query::Prepared { database });
            self.host.note_prepared(self.place, database);
            Ok(connection::setup(&self.host, steps.await?))
        }
        .boxed()
    }

    fn prepare_jinja2_environment<'a>(
        &'a self,
        context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<TemplateAdditions>> {
        async move {
            let hook = HookName::PrepareJinja2Environment;
            let mut claims = TemplateClaims {
                per_request: self.declares(HookName::Jinja2EnvironmentFromRequest),
                ..TemplateClaims::default()
            };
            // Plugins that only give templates objects are not waited for at the start.
            if self.declares(hook) {
                for claimed in self.all(hook, context, NOTHING).await? {
                    claims.merge(claimed);
                }
            }
            Ok(template::additions(&self.host, claims))
        }
        .boxed()
    }

    fn register_output_renderer(
        &self,
        _context: &Context<'_>,
    ) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        let declared = self.declared.renderers.iter().cloned();
        Ok(declared
            .map(|one| Arc::new(RemoteRenderer::new(self.shared(), one)) as Arc<dyn OutputRenderer>)
            .collect())
    }

    fn register_facet_classes(&self) -> Answer<Vec<Arc<dyn FacetKind>>> {
        let declared = self.declared.facets.iter().cloned();
        Ok(declared
            .map(|one| Arc::new(RemoteFacet::new(self.shared(), one)) as Arc<dyn FacetKind>)
            .collect())
    }

    fn register_actions(&self, _context: &Context<'_>) -> Answer<Vec<PluginAction>> {
        Ok(self.declared.actions.clone())
    }

    fn register_column_types(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn ColumnType>>> {
        let declared = self.declared.column_types.iter().cloned();
        Ok(declared
            .map(|one| Arc::new(RemoteColumnType::new(self.shared(), one)) as Arc<dyn ColumnType>)
            .collect())
    }

    fn register_routes(&self, _context: &Context<'_>) -> Answer<Vec<Route>> {
        let declared = self.declared.routes.iter();
        Ok(declared
            .map(|one| Route::new(&*one.pattern, RemoteView::new(self.shared(), one.id)))
            .collect())
    }

    fn register_magic_parameters(&self, _context: &Context<'_>) -> Answer<Vec<MagicParameter>> {
        let declared = self.declared.magic.iter();
        Ok(declared
            .map(|one| magic::parameter(self.shared(), one))
            .collect())
    }

    fn register_events<'a>(
        &'a self,
        _context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Vec<EventKind>>> {
        datasette_hooks::ready(self.declared.events.clone())
    }

    fn register_token_handler(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn TokenHandler>>> {
        let declared = self.declared.token_handlers.iter().cloned();
        Ok(declared
            .map(|one| {
                Arc::new(RemoteTokenHandler::new(self.shared(), one)) as Arc<dyn TokenHandler>
            })
            .collect())
    }

    fn write_wrapper(
        &self,
        context: &Context<'_>,
        database: &str,
        transaction: bool,
    ) -> Answer<Option<Box<dyn WriteWrapper>>> {
        let write = WrappedWrite {
            place: self.place,
            database: database.to_owned(),
            transaction,
            request: context.request().cloned(),
        };
        Ok(Some(Box::new(RemoteWrapper::new(self.shared(), write))))
    }
}
