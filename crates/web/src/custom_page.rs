//! Pages of the instance's owner, at paths where there is nothing else (ROUTE-51 to ROUTE-55).

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use datasette_core::{Fault, FaultKind};
use datasette_render::html::custom_page::{self, CustomPage, Rendered};

use crate::frame::{self, Way};
use crate::reply::{self, NoCors, Reply};
use crate::visit::Visit;

/// The page at this path, if there is one. It asks for no permission (cli-config/TPL-47).
pub(crate) async fn answer(visit: &Visit) -> Option<Result<Reply, Fault>> {
    let path = &visit.location.path;
    match CustomPage::find(&visit.app.templates, path, visit.request()).await {
        Ok(page) => Some(rendered(visit, &page?).await),
        Err(fault) => Some(Err(fault)),
    }
}

async fn rendered(visit: &Visit, page: &CustomPage) -> Result<Reply, Fault> {
    let way = Way {
        view_name: Some("page"),
        ..Way::default()
    };
    let mut base = frame::base(visit, &way, &page.template, None).await?;
    let templates = &visit.app.templates;
    let mut rendered = custom_page::render(templates, page, &base).await?;
    // Its breadcrumbs may lead anywhere, but only where the visitor may go.
    let asked = base.crumbs.take_asked();
    if !asked.is_empty() {
        frame::allow_crumbs(visit, &mut base.crumbs, asked).await?;
        rendered = custom_page::render(templates, page, &base).await?;
    }
    reply(rendered)
}

fn reply(rendered: Rendered) -> Result<Reply, Fault> {
    let mut reply = reply::guessable(reply::html(rendered.page));
    if let Some(code) = rendered.status {
        *reply.status_mut() = status(code)?;
    }
    for (name, value) in rendered.headers {
        let (name, value) = header(&name, &value)?;
        // These follow from the body.
        if name != header::CONTENT_LENGTH && name != header::TRANSFER_ENCODING {
            reply.headers_mut().insert(name, value);
        }
    }
    reply.extensions_mut().insert(NoCors);
    Ok(reply)
}

fn status(code: i64) -> Result<StatusCode, Fault> {
    u16::try_from(code)
        .ok()
        .filter(|code| *code >= 200)
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or_else(|| mistake(format!("{code} is no HTTP status")))
}

/// Headers are bytes; a character is one of them.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Fault> {
    let named = HeaderName::try_from(name);
    let bytes: Option<Vec<u8>> = value
        .chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect();
    let value = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
    match (named, value) {
        (Ok(name), Some(value)) => Ok((name, value)),
        (Err(_), _) => Err(mistake(format!("{name:?} is no name of a header"))),
        (_, None) => Err(mistake(format!("the header {name} cannot have that value"))),
    }
}

/// A mistake of the template's author.
fn mistake(message: String) -> Fault {
    Fault::new(FaultKind::Internal, message)
}
