//! The trait that every plugin implements, native or not.
//!
//! Each hook of the original is a method whose default does nothing. The [`crate::Bus`] calls a
//! method only when [`Plugin::implements`] names its hook.
//!
//! A plugin in Rust is compiled into a program of its own: `examples/colours` is one, and
//! `docs/guides/plugins.md` goes through it.

use std::path::PathBuf;
use std::sync::Arc;

use datasette_core::{Actor, Fault};
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use crate::action_item::{ActionItem, ActionTarget, MenuItem};
use crate::cell::{CellAnswers, CellBatch};
use crate::column_type::ColumnType;
use crate::command::Command;
use crate::connection::ConnectionSetup;
use crate::context::Context;
use crate::earlier::EarlierHooks;
use crate::error::HookError;
use crate::event::{Event, EventKind};
use crate::facet::FacetKind;
use crate::filter::FilterArguments;
use crate::hook_name::{HookName, HookSet};
use crate::http::{HttpResponse, HttpWrapper};
use crate::jump::JumpContribution;
use crate::magic::MagicParameter;
use crate::page::{AssetUrl, BodyScript, PageInfo, TemplateSlot};
use crate::permission::{PermissionAnswer, PluginAction};
use crate::renderer::OutputRenderer;
use crate::route::Route;
use crate::template::{TemplateAdditions, TemplateOverlay, TemplateValue};
use crate::token::TokenHandler;
use crate::write::WriteWrapper;

/// What a hook call comes to.
pub type Answer<T> = Result<T, HookError>;

/// Ids, each with the actor behind it if there is one.
pub type ActorsById = Vec<(Json, Option<Actor>)>;

/// A future that is already there, for hooks that need not wait.
pub fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Answer<T>> {
    Box::pin(std::future::ready(Ok(value)))
}

/// Place of an implementation among others of the same hook (PLUG-67).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Before unmarked ones (`tryfirst`).
    First,
    /// Unmarked.
    #[default]
    Normal,
    /// After unmarked ones (`trylast`).
    Last,
}

/// What plugin listings show (PLUG-33).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PluginInfo {
    /// Name.
    pub name: String,
    /// Whether it has static files.
    #[serde(rename = "static")]
    pub has_static: bool,
    /// Whether it has templates.
    pub templates: bool,
    /// Version, where it has one.
    pub version: Option<String>,
    /// Hooks it implements, sorted, unknown names included (PLUG-36).
    pub hooks: Vec<String>,
    /// Whether it is part of the server, and so only shown with `--all` (PLUG-38).
    #[serde(skip)]
    pub built_in: bool,
    /// Directory of its static files.
    #[serde(skip)]
    pub static_path: Option<PathBuf>,
    /// Directory of its templates.
    #[serde(skip)]
    pub templates_path: Option<PathBuf>,
}

impl PluginInfo {
    /// A plugin without version, static files and templates.
    pub fn new(name: impl Into<String>, hooks: HookSet) -> Self {
        Self {
            name: name.into(),
            has_static: false,
            templates: false,
            version: None,
            hooks: hooks.names().into_iter().map(str::to_owned).collect(),
            built_in: false,
            static_path: None,
            templates_path: None,
        }
    }
}

/// A plugin. All methods but [`Plugin::name`] and [`Plugin::implements`] have a default.
///
/// Each method says which hook it is and how its answers are joined with those of others. Methods
/// that may have to wait return a future; [`ready`] makes one of a value that is there already.
/// Every call carries a [`Context`]: who asks, for which request, and what the plugin may ask of the
/// server.
///
/// An error, and a panic too, is written to the log with the name of the plugin. Where the hook only
/// adds to a page the page comes without it; where it guards something the request fails (see
/// [`crate::OnFailure`]). [`HookError::Refused`] is an answer of its own.
///
/// ```
/// use std::sync::Arc;
///
/// use datasette_core::Actor;
/// use datasette_hooks::{
///     Answer, Bus, Context, HookName, HookSet, MenuItem, Plugin, Priority, TemplateSlot, ready,
/// };
/// use futures_util::future::BoxFuture;
///
/// /// Greets those who are signed in.
/// struct Greeting;
///
/// impl Plugin for Greeting {
///     fn name(&self) -> &str {
///         "greeting"
///     }
///
///     // Methods of other hooks are never called.
///     fn implements(&self) -> HookSet {
///         HookSet::of(&[HookName::MenuLinks, HookName::TopHomepage])
///     }
///
///     // What comes last in call order stands last on the page.
///     fn priority(&self, hook: HookName) -> Priority {
///         match hook {
///             HookName::TopHomepage => Priority::Last,
///             _ => Priority::Normal,
///         }
///     }
///
///     // A value that is there already.
///     fn menu_links<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
///         ready(vec![MenuItem::new("/-/hello", "Say hello")])
///     }
///
///     // One that has to be waited for.
///     fn top_homepage<'a>(
///         &'a self,
///         context: &'a Context<'a>,
///         _slot: &'a TemplateSlot,
///     ) -> BoxFuture<'a, Answer<Option<String>>> {
///         Box::pin(async move {
///             let Some(actor) = context.actor() else {
///                 return Ok(None);
///             };
///             let tables = context.host().allowed_resources(Some(actor), "view-table", None);
///             // Without a server there is nobody to ask.
///             let count = tables.await.map_or(0, |tables| tables.len());
///             Ok(Some(format!("<p>Welcome back: {count} tables are yours</p>")))
///         })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// // A test of the plugin needs no server: the bus calls it as the server does.
/// let bus = Bus::new(vec![Arc::new(Greeting)]);
/// let ann = Actor::with_id("ann");
/// let (anonymous, known) = (bus.context(None, None), bus.context(Some(&ann), None));
/// assert_eq!(bus.top(&anonymous, &TemplateSlot::Homepage).await?, "");
/// let greeting = bus.top(&known, &TemplateSlot::Homepage).await?;
/// assert_eq!(greeting, "<p>Welcome back: 0 tables are yours</p>");
/// assert_eq!(bus.menu_links(&anonymous).await?.len(), 1);
/// # Ok::<(), datasette_core::Fault>(())
/// # }).unwrap();
/// ```
pub trait Plugin: Send + Sync {
    /// Its name, which logs and listings show.
    fn name(&self) -> &str;

    /// The hooks it implements. Asked once; methods of other hooks are never called.
    fn implements(&self) -> HookSet;

    /// Where its implementation of the hook stands among others.
    fn priority(&self, _hook: HookName) -> Priority {
        Priority::Normal
    }

    /// What listings show about it.
    fn info(&self) -> PluginInfo {
        PluginInfo::new(self.name(), self.implements())
    }

    /// Whether listings show it: not where it speaks for others that are listed.
    fn is_listed(&self) -> bool {
        true
    }

    /// What it has of the hooks that the original removed.
    fn earlier(&self) -> Option<&dyn EarlierHooks> {
        None
    }

    // ---- Answer: data in, data out -----------------------------------------------------------

    /// The server is about to accept requests (HOOK-04). An error stops the start.
    fn startup<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        ready(())
    }

    /// The server stops (HOOK-12).
    fn shutdown<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        ready(())
    }

    /// Style sheets of the page (HOOK-44).
    fn extra_css_urls<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        ready(Vec::new())
    }

    /// Scripts of the page (HOOK-44).
    fn extra_js_urls<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        ready(Vec::new())
    }

    /// Scripts at the end of the page, usually one (HOOK-50).
    fn extra_body_script<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<BodyScript>>> {
        ready(Vec::new())
    }

    /// Variables of the page's template (HOOK-53).
    fn extra_template_vars<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _page: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<IndexMap<String, TemplateValue>>> {
        ready(IndexMap::new())
    }

    /// What cells of the page show instead of their values (HOOK-63).
    fn render_cell<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _cells: &'a CellBatch,
    ) -> BoxFuture<'a, Answer<CellAnswers>> {
        ready(CellAnswers::default())
    }

    /// Who asks (HOOK-129). The request is in the context, its actor not yet known.
    fn actor_from_request<'a>(
        &'a self,
        _context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        ready(None)
    }

    /// Who is behind these ids (HOOK-136); `None` leaves the question to the next plugin.
    fn actors_from_ids<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _ids: &'a [Json],
    ) -> BoxFuture<'a, Answer<Option<ActorsById>>> {
        ready(None)
    }

    /// Further conditions of a table page (HOOK-137).
    fn filters_from_request<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _database: &'a str,
        _table: &'a str,
    ) -> BoxFuture<'a, Answer<Option<FilterArguments>>> {
        ready(None)
    }

    /// Rules about who may do the action (HOOK-144).
    fn permission_resources_sql<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        ready(PermissionAnswer::default())
    }

    /// The answer to a visitor who may not (HOOK-162).
    fn forbidden<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _message: &'a str,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        ready(None)
    }

    /// The answer to a request that failed (HOOK-166).
    fn handle_exception<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _fault: &'a Fault,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        ready(None)
    }

    /// Links in the menu of every page (HOOK-171).
    fn menu_links<'a>(&'a self, _context: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
        ready(Vec::new())
    }

    /// Entries of the jump menu (HOOK-182).
    fn jump_items_sql<'a>(
        &'a self,
        _context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<JumpContribution>> {
        ready(JumpContribution::default())
    }

    /// Actions of a row (HOOK-179).
    fn row_actions<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(Vec::new())
    }

    /// Actions of a table (HOOK-176).
    fn table_actions<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(Vec::new())
    }

    /// Actions of a view (HOOK-176).
    fn view_actions<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(Vec::new())
    }

    /// Actions of a query (HOOK-178).
    fn query_actions<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(Vec::new())
    }

    /// Actions of a database (HOOK-177).
    fn database_actions<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(Vec::new())
    }

    /// Actions of the instance (HOOK-180).
    fn homepage_actions<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _target: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        ready(Vec::new())
    }

    /// Something happened (HOOK-195).
    fn track_event<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _event: &'a Event,
    ) -> BoxFuture<'a, Answer<()>> {
        ready(())
    }

    /// HTML at the top of the home page (HOOK-188).
    fn top_homepage<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    /// HTML at the top of a database page (HOOK-188).
    fn top_database<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    /// HTML at the top of a table or view page (HOOK-188).
    fn top_table<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    /// HTML at the top of a row page (HOOK-188).
    fn top_row<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    /// HTML at the top of a query page (HOOK-191).
    fn top_query<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    /// HTML at the top of a stored query page (HOOK-191).
    fn top_stored_query<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _slot: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        ready(None)
    }

    // ---- Register: declared once, called later -----------------------------------------------

    /// Subcommands of `datasette publish` (HOOK-60).
    fn publish_subcommand(&self) -> Answer<Vec<Arc<dyn Command>>> {
        Ok(Vec::new())
    }

    /// Subcommands of `datasette` (HOOK-57).
    fn register_commands(&self) -> Answer<Vec<Arc<dyn Command>>> {
        Ok(Vec::new())
    }

    /// Output formats (HOOK-75).
    fn register_output_renderer(
        &self,
        _context: &Context<'_>,
    ) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        Ok(Vec::new())
    }

    /// Kinds of facets (HOOK-90).
    fn register_facet_classes(&self) -> Answer<Vec<Arc<dyn FacetKind>>> {
        Ok(Vec::new())
    }

    /// Actions (HOOK-96).
    fn register_actions(&self, _context: &Context<'_>) -> Answer<Vec<PluginAction>> {
        Ok(Vec::new())
    }

    /// Column types (HOOK-102).
    fn register_column_types(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn ColumnType>>> {
        Ok(Vec::new())
    }

    /// Pages (HOOK-113).
    fn register_routes(&self, _context: &Context<'_>) -> Answer<Vec<Route>> {
        Ok(Vec::new())
    }

    /// Magic parameters (HOOK-155).
    fn register_magic_parameters(&self, _context: &Context<'_>) -> Answer<Vec<MagicParameter>> {
        Ok(Vec::new())
    }

    /// Kinds of events (HOOK-194).
    fn register_events<'a>(
        &'a self,
        _context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Vec<EventKind>>> {
        ready(Vec::new())
    }

    /// Ways to make and check tokens (HOOK-196).
    fn register_token_handler(&self, _context: &Context<'_>) -> Answer<Vec<Arc<dyn TokenHandler>>> {
        Ok(Vec::new())
    }

    // ---- Handle: something live --------------------------------------------------------------

    /// Stands around every request (HOOK-15).
    fn asgi_wrapper(&self, _context: &Context<'_>) -> Answer<Option<Arc<dyn HttpWrapper>>> {
        Ok(None)
    }

    /// Prepares every connection of a database (HOOK-22).
    fn prepare_connection<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _database: &'a str,
    ) -> BoxFuture<'a, Answer<ConnectionSetup>> {
        ready(ConnectionSetup::default())
    }

    /// Adds to all templates (HOOK-32).
    fn prepare_jinja2_environment<'a>(
        &'a self,
        _context: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<TemplateAdditions>> {
        ready(TemplateAdditions::default())
    }

    /// Puts other templates before the usual ones, for one request (HOOK-35).
    fn jinja2_environment_from_request(
        &self,
        _context: &Context<'_>,
    ) -> Answer<Option<TemplateOverlay>> {
        Ok(None)
    }

    /// Stands around one write (HOOK-199).
    fn write_wrapper(
        &self,
        _context: &Context<'_>,
        _database: &str,
        _transaction: bool,
    ) -> Answer<Option<Box<dyn WriteWrapper>>> {
        Ok(None)
    }
}
