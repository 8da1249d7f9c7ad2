//! What plugins may ask of the server.

use std::sync::Arc;

use datasette_core::live::LiveParameters;
use datasette_core::{Actor, Fault, RowBatch, StoredQuery, Value};
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::background::{BackgroundTask, BackgroundWork};
use crate::event::Event;
use crate::http::HttpResponse;
use crate::loan::{Borrower, Loan};
use crate::page::PageInfo;
use crate::plugin::ActorsById;
use crate::request::RequestInfo;
use crate::template::TemplateValue;
use crate::template_engine::{PageFrame, TemplateFiles};
use crate::token::TokenRequest;

/// A boxed future of a service.
pub(crate) type Served<'a, T> = BoxFuture<'a, Result<T, Fault>>;

/// An attached database as plugins see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatabaseInfo {
    /// Name.
    pub name: String,
    /// Name in URLs.
    pub route: String,
    /// File; `None` in memory.
    pub path: Option<String>,
    /// Whether it can be written.
    pub is_mutable: bool,
    /// Whether it is in memory.
    pub is_memory: bool,
    /// SHA-256 of an immutable file, where known.
    pub hash: Option<String>,
    /// Size in bytes, where known.
    pub size: Option<u64>,
}

/// Rows of a query.
#[derive(Clone, Debug, Default)]
pub struct QueryAnswer {
    /// The rows.
    pub rows: RowBatch,
    /// Whether the row limit cut them off.
    pub truncated: bool,
}

/// What a write did.
#[derive(Clone, Debug, Default)]
pub struct WriteAnswer {
    /// Number of rows changed.
    pub rowcount: i64,
    /// Rowid of the last insert.
    pub last_insert_rowid: i64,
    /// Rows that the statement returned.
    pub rows: RowBatch,
}

/// What bounds a question of a plugin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryBounds {
    /// A time limit in milliseconds, where it is shorter than `sql_time_limit_ms` (API-133).
    #[serde(default)]
    pub time_limit_ms: Option<u64>,
    /// The most rows that are wanted (API-134).
    #[serde(default)]
    pub rows: Option<usize>,
    /// Whether nobody should be told where the statement fails (API-135).
    #[serde(default)]
    pub quiet: bool,
}

/// A database that a plugin brings (API-126).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroughtDatabase {
    /// What the plugin calls it until it is attached.
    pub key: String,
    /// Its file; `None` in memory.
    #[serde(default)]
    pub path: Option<String>,
    /// The name by which its content in memory is shared; `None` shares it with nobody.
    #[serde(default)]
    pub memory_name: Option<String>,
    /// Whether it may be changed.
    pub is_mutable: bool,
    /// Whether the file is made where there is none.
    #[serde(default)]
    pub create: bool,
}

/// A resource that an actor may act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedResource {
    /// The database.
    pub parent: Option<String>,
    /// The table or query.
    pub child: Option<String>,
    /// Whether an anonymous visitor may not.
    pub private: bool,
}

/// Database, table or query, and the rules that allow something to be done to it.
pub type AllowedReasons = (Option<String>, Option<String>, Vec<String>);

/// Whose metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataOf {
    /// The instance's.
    Instance,
    /// A database's.
    Database(String),
    /// A table's, view's or query's.
    Resource(String, String),
    /// A column's.
    Column(String, String, String),
}

/// What a URL leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UrlOf {
    /// The home page.
    Instance,
    /// A path of this server.
    Path(String),
    /// The log-out page.
    Logout,
    /// A static file of the server.
    Static(String),
    /// A static file of a plugin.
    StaticPlugin(String, String),
    /// A database page.
    Database(String),
    /// A table or view page.
    Table(String, String),
    /// A row page; the primary key values in their encoded form.
    Row(String, String, String),
    /// A stored query page.
    Query(String, String),
}

/// How a message looks (AUTH-37).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Information.
    Info = 1,
    /// Warning.
    Warning = 2,
    /// Error.
    Error = 3,
}

/// A request to the server from inside.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClientRequest {
    /// Upper-case method.
    pub method: String,
    /// Path with query string.
    pub path: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Whether all permission checks answer yes.
    pub skip_permission_checks: bool,
    /// Who asks, in place of cookies and tokens.
    #[serde(with = "crate::wire::actor")]
    pub actor: Option<Actor>,
    /// What hooks of this request see as [`RequestInfo::sender`].
    pub sender: Option<u64>,
}

/// What plugins may ask of the server. Object-safe; a plugin host in another process maps one
/// message to each method.
pub trait HostServices: Send + Sync {
    /// The attached databases in order.
    fn databases(&self) -> Vec<DatabaseInfo>;

    /// Runs a reading statement on the database of that name (`__INTERNAL__` is the internal one).
    fn execute<'a>(
        &'a self,
        database: &'a str,
        sql: &'a str,
        params: Vec<(String, Value)>,
    ) -> Served<'a, QueryAnswer>;

    /// Like [`HostServices::execute`], within other bounds, and with parameters by place too.
    fn execute_within<'a>(
        &'a self,
        database: &'a str,
        sql: &'a str,
        params: LiveParameters,
        bounds: QueryBounds,
    ) -> Served<'a, QueryAnswer>;

    /// Gives a connection to somebody for a while. Answers when it is back and, where something was
    /// committed, when everybody has been told.
    fn lend<'a>(&'a self, loan: Loan, borrower: Box<dyn Borrower>) -> Served<'a, ()>;

    /// Opens a database that is not attached; from now on it is known by its key.
    fn bring_database(&self, database: BroughtDatabase) -> Result<(), Fault>;

    /// Attaches a database that was brought, or that is known by another name, under a name and a
    /// route (API-47). Visitors see it after [`HostServices::settle_databases`].
    fn attach_database(&self, key: &str, name: &str, route: &str) -> Result<(), Fault>;

    /// Detaches a database; whether there was one (API-50).
    fn detach_database(&self, name: &str) -> Result<bool, Fault>;

    /// Gives a database another place in URLs (API-130).
    fn set_database_route(&self, name: &str, route: &str) -> Result<(), Fault>;

    /// Has plugins prepare what was attached, and looks at all schemas (API-51).
    fn settle_databases<'a>(&'a self) -> Served<'a, ()>;

    /// Runs a writing statement on the database of that name.
    fn execute_write<'a>(
        &'a self,
        database: &'a str,
        sql: &'a str,
        params: Vec<(String, Value)>,
        request: Option<&'a RequestInfo>,
    ) -> Served<'a, WriteAnswer>;

    /// Whether the actor may; an unknown action is a fault (PERM-18).
    fn allowed<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        parent: Option<&'a str>,
        child: Option<&'a str>,
    ) -> Served<'a, bool>;

    /// All resources that the actor may act on, within one database if named.
    fn allowed_resources<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        parent: Option<&'a str>,
    ) -> Served<'a, Vec<AllowedResource>>;

    /// The rules that allow the action, as `{source}: {reason}`, for everything of the action's level
    /// that the actor may do it to: database, table or query, rules (API-65).
    fn allowed_reasons<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        parent: Option<&'a str>,
    ) -> Served<'a, Vec<AllowedReasons>>;

    /// Whether the actor may run that SQL as a visitor who writes; the answer says why nobody may,
    /// the fault why this actor may not (API-71).
    fn judge_write<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        database: &'a str,
        sql: &'a str,
        params: Vec<(String, Value)>,
    ) -> Served<'a, Option<String>>;

    /// Looks at the schemas of all databases at once (API-51).
    fn refresh_schemas(&self) -> Served<'_, ()>;

    /// Renders a template with the full page context around these variables.
    fn render_template<'a>(
        &'a self,
        template: &'a str,
        context: IndexMap<String, TemplateValue>,
        request: Option<&'a RequestInfo>,
        view_name: Option<&'a str>,
    ) -> Served<'a, String>;

    /// Renders a template as an answer, with the headers that its page should carry: the policy
    /// against foreign scripts. Plugins that make answers of [`Self::render_template`] have pages
    /// without one.
    fn render_page<'a>(
        &'a self,
        template: &'a str,
        context: IndexMap<String, TemplateValue>,
        request: Option<&'a RequestInfo>,
        view_name: Option<&'a str>,
    ) -> Served<'a, HttpResponse>;

    /// Where templates come from.
    fn template_files(&self) -> Result<TemplateFiles, Fault>;

    /// The source of a template with numbers on its script tags, so that they may run on pages with
    /// a policy. `owner` is where it comes from, unless it is built in.
    fn numbered_template(&self, source: &str, owner: Option<&str>) -> String;

    /// The variables around a page that a plugin renders itself (CTX-16).
    fn page_frame<'a>(
        &'a self,
        page: PageInfo,
        request: Option<&'a RequestInfo>,
    ) -> Served<'a, PageFrame>;

    /// The links of breadcrumbs, texts and targets, as far as the request's actor may go there
    /// (CTX-02).
    fn crumb_items<'a>(
        &'a self,
        request: Option<&'a RequestInfo>,
        database: Option<&'a str>,
        table: Option<&'a str>,
    ) -> Served<'a, Vec<(String, String)>>;

    /// Notes that the request's messages were shown.
    fn note_messages_shown(&self, request: &RequestInfo);

    /// A plugin's configuration (PLUG-57 to PLUG-60), references resolved (PLUG-55).
    fn plugin_config(
        &self,
        plugin: &str,
        database: Option<&str>,
        table: Option<&str>,
        fallback: bool,
    ) -> Result<Option<Json>, Fault>;

    /// The value of a setting; `None` for an unknown one.
    fn setting(&self, name: &str) -> Option<Json>;

    /// Metadata as key and value.
    fn metadata<'a>(&'a self, of: MetadataOf) -> Served<'a, Map<String, Json>>;

    /// Sets one metadata value.
    fn set_metadata<'a>(&'a self, of: MetadataOf, key: &'a str, value: Json) -> Served<'a, ()>;

    /// The stored query of that database and name (API-83).
    fn stored_query<'a>(
        &'a self,
        database: &'a str,
        name: &'a str,
    ) -> Served<'a, Option<Arc<StoredQuery>>>;

    /// Stores a query (API-80), in place of one of its name where `replace` says so; otherwise that
    /// is a conflict. It obeys the same rules as any other (STORED-07).
    fn store_query<'a>(&'a self, query: StoredQuery, replace: bool) -> Served<'a, ()>;

    /// Removes a query, only if it has that source where one is given, and answers whether it was
    /// there (API-82).
    fn remove_query<'a>(
        &'a self,
        database: &'a str,
        name: &'a str,
        source: Option<&'a str>,
    ) -> Served<'a, bool>;

    /// The path of a page with `base_url`.
    fn url(&self, of: &UrlOf) -> Result<String, Fault>;

    /// The absolute URL of a path as the request's client would write it.
    fn absolute_url(&self, request: &RequestInfo, path: &str) -> String;

    /// Signs a value (AUTH-02 to AUTH-07).
    fn sign(&self, value: &Json, namespace: &str) -> String;

    /// The value that was signed; `None` when the signature does not hold.
    fn unsign(&self, signed: &str, namespace: &str) -> Option<Json>;

    /// The `Set-Cookie` line that signs an actor in: for that many seconds from now on, or without
    /// an end for `None` and 0 (API-77, AUTH-16).
    fn actor_cookie(&self, actor: &Actor, expire_after: Option<u64>) -> Result<String, Fault>;

    /// The `Set-Cookie` line that signs out (API-77).
    fn no_actor_cookie(&self) -> Result<String, Fault>;

    /// Actors by id (HOOK-136).
    fn actors_from_ids<'a>(&'a self, ids: Vec<Json>) -> Served<'a, ActorsById>;

    /// Makes a token with the named handler or the first (HOOK-197).
    fn create_token<'a>(
        &'a self,
        request: TokenRequest,
        handler: Option<&'a str>,
    ) -> Served<'a, String>;

    /// The actor of a token, asking every handler (TOK-42).
    fn verify_token<'a>(&'a self, token: &'a str) -> Served<'a, Option<Actor>>;

    /// Adds a message that the visitor sees on the next page.
    fn add_message(&self, request: &RequestInfo, text: &str, kind: MessageKind);

    /// Tells all plugins of an event (HOOK-195).
    fn track_event<'a>(&'a self, event: Event) -> Served<'a, ()>;

    /// Sends a request through the whole server (OOP-19).
    fn client_request<'a>(&'a self, request: ClientRequest) -> Served<'a, HttpResponse>;

    /// Has work done beside the requests: once every plugin has started, or at once where that is
    /// over (BG-01). Never under `--get` (CLI-110).
    fn add_background_task(&self, work: BackgroundWork) -> Result<Arc<dyn BackgroundTask>, Fault>;
}
