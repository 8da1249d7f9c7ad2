//! Pages about the instance: what follows `/-/` (ROUTE-06, ROUTE-08 to ROUTE-10).

use super::Route;
use super::schema::schema_format;
use super::tools::is_query_list;

/// Pages that describe the running instance (ROUTE-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// `/-/versions`.
    Versions,
    /// `/-/plugins`.
    Plugins,
    /// `/-/settings`.
    Settings,
    /// `/-/config`.
    Config,
    /// `/-/databases`.
    Databases,
    /// `/-/actor`.
    Actor,
    /// `/-/actions`.
    Actions,
}

impl About {
    /// Every page, with the name it has in its URL.
    pub(crate) const ALL: [(Self, &'static str); 7] = [
        (Self::Versions, "versions"),
        (Self::Plugins, "plugins"),
        (Self::Settings, "settings"),
        (Self::Config, "config"),
        (Self::Databases, "databases"),
        (Self::Actor, "actor"),
        (Self::Actions, "actions"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(page, _)| *page)
    }

    /// The name in the URL.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(page, _)| *page == self)
            .map_or("", |(_, name)| name)
    }
}

/// What `/-/{name}` is, if it is a page of the server.
pub(super) fn instance_page(name: &str) -> Option<Route> {
    match name {
        "jump" | "jump.json" => return Some(Route::Jump),
        "auth-token" => return Some(Route::AuthToken),
        "logout" => return Some(Route::Logout),
        _ => {}
    }
    if name == "debug/autocomplete" {
        return Some(Route::DebugAutocomplete);
    }
    if let Some(format) = schema_format(name) {
        return Some(Route::Schema {
            database: None,
            table: None,
            format,
        });
    }
    if let Some(json) = is_query_list(name) {
        return Some(Route::Queries {
            database: None,
            json,
        });
    }
    if let Some(page) = name.strip_suffix(".json").and_then(About::named) {
        return Some(Route::About { page, json: true });
    }
    About::named(name).map(|page| Route::About { page, json: false })
}
