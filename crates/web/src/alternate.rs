//! The JSON twin of a page (CACHE-19 to CACHE-21).

use axum::http::header;

use crate::reply::{self, Reply};
use crate::visit::Visit;

/// The absolute URL of the twin at this path, with the query string as it was received.
pub(crate) fn url(visit: &Visit, path: &str) -> String {
    let location = &visit.location;
    let mut local = location.local(path);
    if !location.raw_query.is_empty() {
        local.push('?');
        local.push_str(&location.raw_query);
    }
    location.absolute(&local)
}

/// Adds the header that names the twin.
pub(crate) fn announce(mut reply: Reply, url: &str) -> Reply {
    let link = format!("<{url}>; rel=\"alternate\"; type=\"application/json+datasette\"");
    reply::add(&mut reply, header::LINK, &link);
    reply
}
