//! Lists of stored queries: `/-/queries` and `/{db}/-/queries` (DEBUG-60 to DEBUG-66).

use datasette_core::Fault;
use datasette_engine::read::{StoredListRequest, list_stored};
use datasette_render::html::data::data;
use datasette_render::html::page::render;
use datasette_render::json::stored::StoredListJson;

use crate::frame::{self, Way};
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{alternate, problem};

/// Queries of a page unless told otherwise (DEBUG-64).
const OF_HTML: u32 = 20;
const OF_JSON: u32 = 50;

/// The list of one database, or of the instance. It needs no permission: it has only what the
/// actor may view (DEBUG-66).
pub(crate) async fn answer(visit: &Visit, route: Option<&str>, json: bool) -> Result<Reply, Fault> {
    let instance = &visit.app.instance;
    let database = route.map(|route| visit.database(route)).transpose()?;
    let default_size = if json { OF_JSON } else { OF_HTML };
    let request = match StoredListRequest::parse(instance, visit.query(), default_size) {
        Ok(request) => request,
        // Mistakes in arguments are told as JSON, also where the page is HTML (DEBUG-64).
        Err(fault) => return Ok(problem::json(&fault)),
    };
    let page = list_stored(
        instance,
        visit.actor(),
        &visit.catalogue,
        database.clone(),
        &request,
    )
    .await?;
    let list = StoredListJson {
        page: &page,
        location: &visit.location,
        urls: &visit.app.urls,
    };
    let document = list.document();
    if json {
        return Ok(reply::json(&document));
    }
    let way = match &database {
        Some(database) => Way::database(database, "query-list"),
        None => Way {
            view_name: Some("global-query-list"),
            ..Way::default()
        },
    };
    let twin = alternate::url(visit, &format!("{}.json", visit.location.path));
    let template = "query_list.html";
    let base = frame::base(visit, &way, template, Some(twin.clone())).await?;
    let templates = [template.to_owned()];
    let html = render(&visit.app.templates, &templates, &base, data(&document)).await?;
    Ok(alternate::announce(reply::html(html), &twin))
}
