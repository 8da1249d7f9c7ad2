//! Questions about who may do what, and who somebody is.

use datasette_hooks::{HostServices, Plain, TokenRequest};
use serde::Deserialize;
use serde_json::Value as Json;

use super::data::actor;
use super::rows::Parameters;
use super::services::{Answered, answered, served};
use crate::protocol::Failure;

#[derive(Deserialize)]
pub(super) struct Right {
    action: String,
    #[serde(default)]
    actor: Option<Json>,
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    child: Option<String>,
}

pub(super) async fn allowed(host: &dyn HostServices, right: Right) -> Answered {
    let actor = actor(right.actor);
    let (parent, child) = (right.parent.as_deref(), right.child.as_deref());
    let allowed = host.allowed(actor.as_ref(), &right.action, parent, child);
    served(allowed.await)
}

pub(super) async fn allowed_resources(host: &dyn HostServices, right: Right) -> Answered {
    let actor = actor(right.actor);
    let found = host.allowed_resources(actor.as_ref(), &right.action, right.parent.as_deref());
    served(found.await)
}

#[derive(Deserialize)]
pub(super) struct Rights {
    actions: Vec<String>,
    #[serde(default)]
    actor: Option<Json>,
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    child: Option<String>,
}

pub(super) async fn allowed_many(host: &dyn HostServices, rights: Rights) -> Answered {
    let actor = actor(rights.actor);
    let (parent, child) = (rights.parent.as_deref(), rights.child.as_deref());
    let mut allowed = Vec::with_capacity(rights.actions.len());
    for action in &rights.actions {
        let may = host.allowed(actor.as_ref(), action, parent, child).await;
        allowed.push(may.map_err(Failure::from)?);
    }
    answered(&allowed)
}

pub(super) async fn allowed_reasons(host: &dyn HostServices, right: Right) -> Answered {
    let actor = actor(right.actor);
    let found = host.allowed_reasons(actor.as_ref(), &right.action, right.parent.as_deref());
    served(found.await)
}

#[derive(Deserialize)]
pub(super) struct Writing {
    database: String,
    sql: String,
    #[serde(default)]
    params: Parameters,
    #[serde(default)]
    actor: Option<Json>,
}

pub(super) async fn judge_write(host: &dyn HostServices, writing: Writing) -> Answered {
    let Writing {
        database,
        sql,
        params,
        actor: properties,
    } = writing;
    let actor = actor(properties);
    let judged = host.judge_write(actor.as_ref(), &database, &sql, params.0);
    served(judged.await)
}

pub(super) async fn actors_from_ids(host: &dyn HostServices, ids: Vec<Json>) -> Answered {
    let actors = host.actors_from_ids(ids).await.map_err(Failure::from)?;
    let pairs: Vec<(Json, Json)> = actors
        .into_iter()
        .map(|(id, actor)| {
            let properties = actor.map(|actor| Json::Object(actor.properties().clone()));
            (id, properties.unwrap_or_default())
        })
        .collect();
    let plain: Vec<_> = pairs
        .iter()
        .map(|(id, actor)| (Plain(id), Plain(actor)))
        .collect();
    answered(&plain)
}

#[derive(Deserialize)]
pub(super) struct NewToken {
    request: TokenRequest,
    #[serde(default)]
    handler: Option<String>,
}

pub(super) async fn create_token(host: &dyn HostServices, wanted: NewToken) -> Answered {
    let token = host.create_token(wanted.request, wanted.handler.as_deref());
    served(token.await)
}

pub(super) async fn verify_token(host: &dyn HostServices, token: String) -> Answered {
    let actor = host.verify_token(&token).await.map_err(Failure::from)?;
    let properties = actor.map(|actor| Json::Object(actor.properties().clone()));
    answered(&properties.as_ref().map(Plain))
}
