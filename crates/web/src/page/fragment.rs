//! The rows of a table without the page around them (DEBUG-59).

use datasette_core::Fault;
use datasette_engine::ask;
use datasette_render::location::append;

use super::table::{Part, form_redirect, html};
use crate::reply::Reply;
use crate::visit::Visit;

/// `/{db}/{table}/-/fragment`, with the arguments of the page or `_row`.
pub(crate) async fn answer(visit: &Visit, route: &str, name: &str) -> Result<Reply, Fault> {
    let permit = visit.permitted_table(route, name).await?;
    let arguments = ask::only_row(permit.resource(), visit.query())?;
    if let Some(query) = ask::form_redirect(&arguments) {
        let path = visit.location.local(&visit.location.path);
        return Ok(form_redirect(&append(&path, &query.encode())));
    }
    if arguments == *visit.query() {
        return html(visit, &permit, Part::Rows).await;
    }
    html(&visit.asking(arguments), &permit, Part::Rows).await
}
