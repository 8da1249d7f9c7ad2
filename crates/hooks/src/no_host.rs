//! The services of a server that is not there yet.

use std::sync::Arc;

use datasette_core::live::LiveParameters;
use datasette_core::{Actor, Fault, StoredQuery, Value};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::background::{BackgroundTask, BackgroundWork};
use crate::event::Event;
use crate::host::{
    AllowedReasons, AllowedResource, BroughtDatabase, ClientRequest, DatabaseInfo, HostServices,
    MessageKind, MetadataOf, QueryAnswer, QueryBounds, Served, UrlOf, WriteAnswer,
};
use crate::http::HttpResponse;
use crate::loan::{Borrower, Loan};
use crate::page::PageInfo;
use crate::plugin::ActorsById;
use crate::request::RequestInfo;
use crate::template::TemplateValue;
use crate::template_engine::{PageFrame, TemplateFiles};
use crate::token::TokenRequest;

/// The services before the server is assembled: none. Every question is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

fn refused<T>() -> Result<T, Fault> {
    Err(Fault::unavailable("The server has not started yet"))
}

fn refused_later<'a, T: Send + 'a>() -> Served<'a, T> {
    Box::pin(std::future::ready(refused()))
}

impl HostServices for NoHost {
    fn databases(&self) -> Vec<DatabaseInfo> {
        Vec::new()
    }

    fn execute<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: Vec<(String, Value)>,
    ) -> Served<'a, QueryAnswer> {
        refused_later()
    }

    fn execute_within<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: LiveParameters,
        _: QueryBounds,
    ) -> Served<'a, QueryAnswer> {
        refused_later()
    }

    fn lend<'a>(&'a self, _: Loan, _: Box<dyn Borrower>) -> Served<'a, ()> {
        refused_later()
    }

    fn bring_database(&self, _: BroughtDatabase) -> Result<(), Fault> {
        refused()
    }

    fn attach_database(&self, _: &str, _: &str, _: &str) -> Result<(), Fault> {
        refused()
    }

    fn detach_database(&self, _: &str) -> Result<bool, Fault> {
        refused()
    }

    fn set_database_route(&self, _: &str, _: &str) -> Result<(), Fault> {
        refused()
    }

    fn settle_databases<'a>(&'a self) -> Served<'a, ()> {
        refused_later()
    }

    fn execute_write<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: Vec<(String, Value)>,
        _: Option<&'a RequestInfo>,
    ) -> Served<'a, WriteAnswer> {
        refused_later()
    }

    fn allowed<'a>(
        &'a self,
        _: Option<&'a Actor>,
        _: &'a str,
        _: Option<&'a str>,
        _: Option<&'a str>,
    ) -> Served<'a, bool> {
        refused_later()
    }

    fn allowed_resources<'a>(
        &'a self,
        _: Option<&'a Actor>,
        _: &'a str,
        _: Option<&'a str>,
    ) -> Served<'a, Vec<AllowedResource>> {
        refused_later()
    }

    fn allowed_reasons<'a>(
        &'a self,
        _: Option<&'a Actor>,
        _: &'a str,
        _: Option<&'a str>,
    ) -> Served<'a, Vec<AllowedReasons>> {
        refused_later()
    }

    fn judge_write<'a>(
        &'a self,
        _: Option<&'a Actor>,
        _: &'a str,
        _: &'a str,
        _: Vec<(String, Value)>,
    ) -> Served<'a, Option<String>> {
        refused_later()
    }

    fn refresh_schemas(&self) -> Served<'_, ()> {
        refused_later()
    }

    fn render_template<'a>(
        &'a self,
        _: &'a str,
        _: IndexMap<String, TemplateValue>,
        _: Option<&'a RequestInfo>,
        _: Option<&'a str>,
    ) -> Served<'a, String> {
        refused_later()
    }

    fn render_page<'a>(
        &'a self,
        _: &'a str,
        _: IndexMap<String, TemplateValue>,
        _: Option<&'a RequestInfo>,
        _: Option<&'a str>,
    ) -> Served<'a, HttpResponse> {
        refused_later()
    }

    fn template_files(&self) -> Result<TemplateFiles, Fault> {
        refused()
    }

    fn numbered_template(&self, source: &str, _: Option<&str>) -> String {
        source.to_owned()
    }

    fn page_frame<'a>(&'a self, _: PageInfo, _: Option<&'a RequestInfo>) -> Served<'a, PageFrame> {
        refused_later()
    }

    fn crumb_items<'a>(
        &'a self,
        _: Option<&'a RequestInfo>,
        _: Option<&'a str>,
        _: Option<&'a str>,
    ) -> Served<'a, Vec<(String, String)>> {
        refused_later()
    }

    fn note_messages_shown(&self, _: &RequestInfo) {}

    fn plugin_config(
        &self,
        _: &str,
        _: Option<&str>,
        _: Option<&str>,
        _: bool,
    ) -> Result<Option<Json>, Fault> {
        refused()
    }

    fn setting(&self, _: &str) -> Option<Json> {
        None
    }

    fn metadata<'a>(&'a self, _: MetadataOf) -> Served<'a, Map<String, Json>> {
        refused_later()
    }

    fn set_metadata<'a>(&'a self, _: MetadataOf, _: &'a str, _: Json) -> Served<'a, ()> {
        refused_later()
    }

    fn stored_query<'a>(&'a self, _: &'a str, _: &'a str) -> Served<'a, Option<Arc<StoredQuery>>> {
        refused_later()
    }

    fn store_query<'a>(&'a self, _: StoredQuery, _: bool) -> Served<'a, ()> {
        refused_later()
    }

    fn remove_query<'a>(&'a self, _: &'a str, _: &'a str, _: Option<&'a str>) -> Served<'a, bool> {
        refused_later()
    }

    fn url(&self, _: &UrlOf) -> Result<String, Fault> {
        refused()
    }

    fn absolute_url(&self, request: &RequestInfo, path: &str) -> String {
        format!("{}://{}{path}", request.scheme, request.host)
    }

    fn sign(&self, _: &Json, _: &str) -> String {
        String::new()
    }

    fn unsign(&self, _: &str, _: &str) -> Option<Json> {
        None
    }

    fn actor_cookie(&self, _: &Actor, _: Option<u64>) -> Result<String, Fault> {
        refused()
    }

    fn no_actor_cookie(&self) -> Result<String, Fault> {
        refused()
    }

    fn actors_from_ids<'a>(&'a self, _: Vec<Json>) -> Served<'a, ActorsById> {
        refused_later()
    }

    fn create_token<'a>(&'a self, _: TokenRequest, _: Option<&'a str>) -> Served<'a, String> {
        refused_later()
    }

    fn verify_token<'a>(&'a self, _: &'a str) -> Served<'a, Option<Actor>> {
        refused_later()
    }

    fn add_message(&self, request: &RequestInfo, _: &str, _: MessageKind) {
        tracing::warn!(request = request.id, "message before the server started");
    }

    fn track_event<'a>(&'a self, _: Event) -> Served<'a, ()> {
        refused_later()
    }

    fn client_request<'a>(&'a self, _: ClientRequest) -> Served<'a, HttpResponse> {
        refused_later()
    }

    fn add_background_task(&self, _: BackgroundWork) -> Result<Arc<dyn BackgroundTask>, Fault> {
        refused()
    }
}
