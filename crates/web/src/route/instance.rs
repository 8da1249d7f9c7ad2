//! Pages about the instance: what follows `/-/` (ROUTE-06 to ROUTE-11).

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
    /// `/-/threads`.
    Threads,
    /// `/-/tasks` (ROUTE-07).
    Tasks,
}

impl About {
    /// Every page, with the name it has in its URL.
    pub(crate) const ALL: [(Self, &'static str); 9] = [
        (Self::Versions, "versions"),
        (Self::Plugins, "plugins"),
        (Self::Settings, "settings"),
        (Self::Config, "config"),
        (Self::Databases, "databases"),
        (Self::Actor, "actor"),
        (Self::Actions, "actions"),
        (Self::Threads, "threads"),
        (Self::Tasks, "tasks"),
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

/// Pages with forms for people who try things out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// `/-/allowed` and its JSON: what an actor may do.
    Allowed { json: bool },
    /// `/-/rules` and its JSON.
    Rules { json: bool },
    /// `/-/check` and its JSON: one decision explained.
    Check { json: bool },
    /// `/-/permissions`: the latest checks.
    Activity,
    /// `/-/allow-debug`.
    AllowDebug,
    /// `/-/messages`.
    Messages,
    /// `/-/patterns`.
    Patterns,
    /// `/-/api`.
    Explorer,
}

impl Tool {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "allowed" => Self::Allowed { json: false },
            "allowed.json" => Self::Allowed { json: true },
            "rules" => Self::Rules { json: false },
            "rules.json" => Self::Rules { json: true },
            "check" => Self::Check { json: false },
            "check.json" => Self::Check { json: true },
            "permissions" => Self::Activity,
            "allow-debug" => Self::AllowDebug,
            "messages" => Self::Messages,
            "patterns" => Self::Patterns,
            "api" => Self::Explorer,
            _ => return None,
        })
    }

    /// Whether its form is sent with `POST`.
    pub(crate) fn posts(self) -> bool {
        matches!(self, Self::Activity | Self::Messages)
    }
}

/// What `/-/{name}` is, if it is a page of the server.
pub(super) fn instance_page(name: &str) -> Option<Route> {
    match name {
        "jump" | "jump.json" => return Some(Route::Jump),
        "auth-token" => return Some(Route::AuthToken),
        "logout" => return Some(Route::Logout),
        "create-token" => return Some(Route::CreateToken),
        "metrics" => return Some(Route::Metrics),
        _ => {}
    }
    if name == "debug/autocomplete" {
        return Some(Route::DebugAutocomplete);
    }
    if let Some(tool) = Tool::named(name) {
        return Some(Route::Tool(tool));
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
