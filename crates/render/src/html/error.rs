//! Error pages (ERR-09 to ERR-11, CTX-91).

use std::sync::Arc;

use datasette_core::{Catalogue, Fault};
use datasette_hooks::RequestInfo;
use minijinja::context;
use minijinja::value::Value;

use super::cell::escape;
use super::engines::Work;
use super::environment::{Page, Templates};
use super::links::Links;
use crate::urls::Urls;

/// The variables that every error page has.
fn variables(fault: &Fault) -> Value {
    context! {
        ok => false,
        error => message(fault),
        status => fault.status(),
        title => fault.title(),
    }
}

/// An error page that knows nothing of the visitor: no crumbs, no actor, no configured styles and
/// no version (ERR-10).
pub async fn bare(
    templates: &Templates,
    urls: &Urls,
    request: Option<&RequestInfo>,
    fault: &Fault,
) -> Result<Page, Fault> {
    let candidates = [
        format!("{}.html", fault.status()),
        "error.html".to_owned(),
        "default:error.html".to_owned(),
    ];
    let work = Work {
        templates: templates.of_request(request)?,
        request,
        base: None,
        scripts: &Arc::default(),
    };
    let chosen = work.choose(&candidates).await?;
    let links = Links::new(urls.clone(), Arc::new(Catalogue::default()));
    let page = context! {
        urls => Value::from_object(links),
        menu_links => Value::from_function(Vec::<Value>::new),
        ..variables(fault)
    };
    Ok(work.render(&chosen, page).await?.page)
}

/// The message; an interrupted statement is shown with it (QUERY-22).
fn message(fault: &Fault) -> Value {
    let Some(sql) = fault.interrupted_sql() else {
        return Value::from(fault.message());
    };
    let mut html = String::from("<p>");
    let mut text = String::new();
    escape(&mut text, &fault.message());
    html.push_str(&text.replace(
        "sql_time_limit_ms",
        "<a href=\"https://docs.datasette.io/en/stable/settings.html#sql-time-limit-ms\">sql_time_limit_ms</a>",
    ));
    html.push_str("</p><textarea style=\"width: 90%\" rows=\"6\" readonly aria-label=\"SQL\">");
    escape(&mut html, sql);
    html.push_str("</textarea>");
    Value::from_safe_string(html)
}
