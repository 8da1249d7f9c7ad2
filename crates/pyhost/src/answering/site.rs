//! Questions about the site and what happens on it.

use datasette_hooks::{Event, HostServices, UrlOf};
use serde::Deserialize;

use super::services::{Answered, served};

pub(super) async fn track_event(host: &dyn HostServices, event: Event) -> Answered {
    served(host.track_event(event).await)
}

pub(super) async fn refresh_schemas(host: &dyn HostServices) -> Answered {
    served(host.refresh_schemas().await)
}

#[derive(Deserialize)]
pub(super) struct StaticFile {
    path: String,
}

pub(super) fn static_url(host: &dyn HostServices, file: StaticFile) -> Answered {
    served(host.url(&UrlOf::Static(file.path)))
}
