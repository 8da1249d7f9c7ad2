//! Questions that want a page: rendered, or asked of the whole server.

use bytes::Bytes;
use datasette_core::{Fault, Value};
use datasette_hooks::{
    Body, ClientRequest, Data, HostServices, HttpResponse, MessageKind, RequestInfo, TemplateValue,
};
use futures_util::StreamExt;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::data::actor;
use super::rows::Blob;
use super::services::{Answered, answered, served};
use crate::protocol::Failure;

#[derive(Deserialize)]
pub(super) struct Rendering {
    template: String,
    #[serde(default)]
    context: IndexMap<String, Json>,
    /// Names of the context that hold HTML.
    #[serde(default)]
    safe: IndexMap<String, String>,
    #[serde(default)]
    request: Option<RequestInfo>,
    #[serde(default)]
    view_name: Option<String>,
}

pub(super) async fn render_template(host: &dyn HostServices, wanted: Rendering) -> Answered {
    let mut context: IndexMap<String, TemplateValue> = wanted
        .context
        .into_iter()
        .map(|(name, value)| (name, TemplateValue::Data(value)))
        .collect();
    let safe = wanted.safe.into_iter();
    context.extend(safe.map(|(name, html)| (name, TemplateValue::Html(html))));
    let request = wanted.request.as_ref();
    let page = host.render_template(
        &wanted.template,
        context,
        request,
        wanted.view_name.as_deref(),
    );
    served(page.await)
}

#[derive(Deserialize)]
pub(super) struct Message {
    request: RequestInfo,
    text: String,
    kind: MessageKind,
}

pub(super) fn add_message(host: &dyn HostServices, message: Message) -> Answered {
    host.add_message(&message.request, &message.text, message.kind);
    answered(&())
}

#[derive(Deserialize)]
pub(super) struct Asking {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Data,
    #[serde(default)]
    skip_permission_checks: bool,
    #[serde(default)]
    actor: Option<Json>,
    #[serde(default)]
    sender: Option<u64>,
}

#[derive(Serialize)]
struct Given<'a> {
    status: u16,
    headers: &'a [(String, String)],
    body: Blob<'a>,
}

pub(super) async fn client(host: &dyn HostServices, asking: Asking) -> Answered {
    let body = match asking.body.0 {
        Value::Blob(bytes) => bytes,
        Value::Text(text) => text.into_bytes(),
        _ => Vec::new(),
    };
    let request = ClientRequest {
        method: asking.method,
        path: asking.path,
        headers: asking.headers,
        body,
        skip_permission_checks: asking.skip_permission_checks,
        actor: actor(asking.actor),
        sender: asking.sender,
    };
    let HttpResponse {
        status,
        headers,
        body,
    } = host.client_request(request).await.map_err(Failure::from)?;
    let body = whole(body).await.map_err(Failure::from)?;
    answered(&Given {
        status,
        headers: &headers,
        body: Blob(&body),
    })
}

async fn whole(body: Body) -> Result<Bytes, Fault> {
    let mut stream = match body {
        Body::Full(bytes) => return Ok(bytes),
        Body::Stream(stream) => stream,
    };
    let mut all = Vec::new();
    while let Some(piece) = stream.next().await {
        all.extend_from_slice(&piece.map_err(Fault::internal)?);
    }
    Ok(all.into())
}
