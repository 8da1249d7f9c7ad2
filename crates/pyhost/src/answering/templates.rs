//! Questions of Jinja2: where templates come from, and what is around a page.

use datasette_hooks::{HostServices, PageInfo, RequestInfo};
use serde::Deserialize;

use super::services::{Answered, answered, served};

pub(super) fn files(host: &dyn HostServices) -> Answered {
    served(host.template_files())
}

#[derive(Deserialize)]
pub(super) struct Source {
    source: String,
    /// Where it comes from, unless it is built in.
    owner: Option<String>,
}

pub(super) fn numbered(host: &dyn HostServices, source: &Source) -> Answered {
    answered(&host.numbered_template(&source.source, source.owner.as_deref()))
}

#[derive(Deserialize)]
pub(super) struct Around {
    page: PageInfo,
    request: Option<RequestInfo>,
}

pub(super) async fn frame(host: &dyn HostServices, around: Around) -> Answered {
    let Around { page, request } = around;
    served(host.page_frame(page, request.as_ref()).await)
}

#[derive(Deserialize)]
pub(super) struct Crumbs {
    request: Option<RequestInfo>,
    database: Option<String>,
    table: Option<String>,
}

pub(super) async fn crumb_items(host: &dyn HostServices, crumbs: Crumbs) -> Answered {
    let (database, table) = (crumbs.database.as_deref(), crumbs.table.as_deref());
    let links = host.crumb_items(crumbs.request.as_ref(), database, table);
    served(links.await)
}

#[derive(Deserialize)]
pub(super) struct Shown {
    request: RequestInfo,
}

pub(super) fn messages_shown(host: &dyn HostServices, shown: &Shown) -> Answered {
    host.note_messages_shown(&shown.request);
    answered(&())
}
