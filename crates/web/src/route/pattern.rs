//! The pattern behind a route, as traces and metrics name it (OTEL-02): few values, whatever
//! clients ask for.

use std::borrow::Cow;

use datasette_render::StaticMounts;

use super::{About, Route, Tool};

impl Route {
    /// The pattern; `None` where nothing matched.
    pub(crate) fn pattern(&self, mounts: &StaticMounts) -> Option<Cow<'static, str>> {
        if let Self::Mounted { mount, .. } = self {
            let name = mounts.name(*mount)?;
            return Some(Cow::Owned(format!("/{name}/(?P<path>.*)$")));
        }
        self.fixed_pattern().map(Cow::Borrowed)
    }

    fn fixed_pattern(&self) -> Option<&'static str> {
        Some(match self {
            Self::Index {
                built_in: false, ..
            } => r"/(\.(?P<format>json))?$",
            Self::Index { .. } => r"/-/(\.(?P<format>json))?$",
            Self::Favicon => "/favicon.ico",
            Self::Static { .. } => "/-/static/(?P<path>.*)$",
            Self::Moved { to } if to == "-/" => "/-$",
            Self::Moved { .. } => "/:memory:(?P<rest>.*)$",
            Self::About { page, .. } => about(*page),
            Self::Tool(tool) => of_tool(*tool),
            Self::Jump => r"/-/jump(\.(?P<format>json))?$",
            Self::AuthToken => "/-/auth-token$",
            Self::Logout => "/-/logout$",
            Self::Metrics => "/-/metrics$",
            Self::CreateToken => "/-/create-token$",
            Self::DebugAutocomplete => "/-/debug/autocomplete$",
            Self::Download { .. } => r"/(?P<database>[^\/\.]+)\.db$",
            Self::Database { .. } => r"/(?P<database>[^\/\.]+)(\.(?P<format>\w+))?$",
            Self::Query { .. } => r"/(?P<database>[^\/\.]+)/-/query(\.(?P<format>\w+))?$",
            Self::QueryParameters { .. } => r"/(?P<database>[^\/\.]+)/-/query/parameters$",
            Self::Queries { database: None, .. } => r"/-/queries(\.(?P<format>json))?$",
            Self::Queries { .. } => r"/(?P<database>[^\/\.]+)/-/queries(\.(?P<format>json))?$",
            Self::Definition { .. } => r"/(?P<database>[^\/\.]+)/(?P<query>[^\/\.]+)/-/definition$",
            Self::Schema { database: None, .. } => r"/-/schema(\.(?P<format>json|md))?$",
            Self::Schema { table: None, .. } => {
                r"/(?P<database>[^\/\.]+)/-/schema(\.(?P<format>json|md))?$"
            }
            Self::Schema { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/schema(\.(?P<format>json|md))?$"
            }
            Self::Autocomplete { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/autocomplete$"
            }
            Self::Fragment { .. } => r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/fragment$",
            Self::Count { .. } => r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/count$",
            Self::Change(change) => change.pattern(),
            Self::KeyTargets { .. } => r"/(?P<database>[^\/\.]+)/-/foreign-key-targets$",
            Self::KeySuggestions { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)/-/foreign-key-suggestions$"
            }
            Self::Write { page, .. } => page.pattern(),
            Self::Table { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$"
            }
            Self::Row { .. } => {
                r"/(?P<database>[^\/\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$"
            }
            Self::Mounted { .. } | Self::Unknown => return None,
        })
    }
}

fn about(page: About) -> &'static str {
    match page {
        About::Versions => r"/-/versions(\.(?P<format>json))?$",
        About::Plugins => r"/-/plugins(\.(?P<format>json))?$",
        About::Settings => r"/-/settings(\.(?P<format>json))?$",
        About::Config => r"/-/config(\.(?P<format>json))?$",
        About::Databases => r"/-/databases(\.(?P<format>json))?$",
        About::Actor => r"/-/actor(\.(?P<format>json))?$",
        About::Actions => r"/-/actions(\.(?P<format>json))?$",
        About::Threads => r"/-/threads(\.(?P<format>json))?$",
        About::Tasks => r"/-/tasks(\.(?P<format>json))?$",
    }
}

fn of_tool(tool: Tool) -> &'static str {
    match tool {
        Tool::Allowed { .. } => r"/-/allowed(\.(?P<format>json))?$",
        Tool::Rules { .. } => r"/-/rules(\.(?P<format>json))?$",
        Tool::Check { .. } => r"/-/check(\.(?P<format>json))?$",
        Tool::Activity => "/-/permissions$",
        Tool::AllowDebug => "/-/allow-debug$",
        Tool::Messages => "/-/messages$",
        Tool::Patterns => "/-/patterns$",
        Tool::Explorer => "/-/api$",
    }
}
