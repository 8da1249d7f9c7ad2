//! Questions about databases that come and go.

use datasette_hooks::{BroughtDatabase, HostServices};
use serde::Deserialize;

use super::services::{Answered, served};

pub(super) fn bring(host: &dyn HostServices, database: BroughtDatabase) -> Answered {
    served(host.bring_database(database))
}

#[derive(Deserialize)]
pub(super) struct Attached {
    key: String,
    name: String,
    route: String,
}

pub(super) fn attach(host: &dyn HostServices, wanted: Attached) -> Answered {
    served(host.attach_database(&wanted.key, &wanted.name, &wanted.route))
}

pub(super) fn detach(host: &dyn HostServices, name: String) -> Answered {
    served(host.detach_database(&name))
}

#[derive(Deserialize)]
pub(super) struct Routed {
    name: String,
    route: String,
}

pub(super) fn set_route(host: &dyn HostServices, wanted: Routed) -> Answered {
    served(host.set_database_route(&wanted.name, &wanted.route))
}

pub(super) async fn settle(host: &dyn HostServices) -> Answered {
    served(host.settle_databases().await)
}
