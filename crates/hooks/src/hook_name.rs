//! Every hook by name: its drawer, and what a failure in it costs.

/// How a hook is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// Data in, data out.
    Answer,
    /// Declared once, called later.
    Register,
    /// Works on something live: a connection, an environment, a request in flight.
    Handle,
}

/// What happens to the work that called a hook when one implementation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// The work fails too (PLUG-71): going on without the contribution would be wrong or unsafe,
    /// as for permissions, identity, filters, writes and start-up.
    Propagates,
    /// The contribution is missing, the failure is logged, the work goes on.
    CostsContribution,
}

macro_rules! hooks {
    ($($variant:ident $name:literal $drawer:ident $failure:ident;)*) => {
        /// A hook of the original (HOOK-01).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum HookName {
            $(
                #[doc = concat!("`", $name, "`")]
                $variant,
            )*
        }

        impl HookName {
            /// All hooks in the order of the documentation.
            pub const ALL: &'static [HookName] = &[$(HookName::$variant,)*];

            /// The name that plugins use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How the hook is used.
            pub const fn drawer(self) -> Drawer {
                match self { $(Self::$variant => Drawer::$drawer,)* }
            }

            /// What a failing implementation costs.
            pub const fn on_failure(self) -> OnFailure {
                match self { $(Self::$variant => OnFailure::$failure,)* }
            }
        }
    };
}

hooks! {
    Startup "startup" Answer Propagates;
    Shutdown "shutdown" Answer CostsContribution;
    AsgiWrapper "asgi_wrapper" Handle Propagates;
    PrepareConnection "prepare_connection" Handle Propagates;
    PrepareJinja2Environment "prepare_jinja2_environment" Handle Propagates;
    ExtraCssUrls "extra_css_urls" Answer CostsContribution;
    ExtraJsUrls "extra_js_urls" Answer CostsContribution;
    ExtraBodyScript "extra_body_script" Answer CostsContribution;
    ExtraTemplateVars "extra_template_vars" Answer CostsContribution;
    PublishSubcommand "publish_subcommand" Register CostsContribution;
    RegisterCommands "register_commands" Register CostsContribution;
    RenderCell "render_cell" Answer CostsContribution;
    RegisterOutputRenderer "register_output_renderer" Register Propagates;
    RegisterFacetClasses "register_facet_classes" Register CostsContribution;
    RegisterActions "register_actions" Register Propagates;
    RegisterColumnTypes "register_column_types" Register Propagates;
    RegisterRoutes "register_routes" Register Propagates;
    ActorFromRequest "actor_from_request" Answer Propagates;
    ActorsFromIds "actors_from_ids" Answer CostsContribution;
    Jinja2EnvironmentFromRequest "jinja2_environment_from_request" Handle CostsContribution;
    FiltersFromRequest "filters_from_request" Answer Propagates;
    PermissionResourcesSql "permission_resources_sql" Answer Propagates;
    RegisterMagicParameters "register_magic_parameters" Register Propagates;
    Forbidden "forbidden" Answer CostsContribution;
    HandleException "handle_exception" Answer CostsContribution;
    MenuLinks "menu_links" Answer CostsContribution;
    JumpItemsSql "jump_items_sql" Answer CostsContribution;
    RowActions "row_actions" Answer CostsContribution;
    TableActions "table_actions" Answer CostsContribution;
    ViewActions "view_actions" Answer CostsContribution;
    QueryActions "query_actions" Answer CostsContribution;
    DatabaseActions "database_actions" Answer CostsContribution;
    HomepageActions "homepage_actions" Answer CostsContribution;
    TrackEvent "track_event" Answer Propagates;
    RegisterEvents "register_events" Register Propagates;
    TopHomepage "top_homepage" Answer CostsContribution;
    TopDatabase "top_database" Answer CostsContribution;
    TopTable "top_table" Answer CostsContribution;
    TopRow "top_row" Answer CostsContribution;
    TopQuery "top_query" Answer CostsContribution;
    TopStoredQuery "top_stored_query" Answer CostsContribution;
    RegisterTokenHandler "register_token_handler" Register Propagates;
    WriteWrapper "write_wrapper" Handle Propagates;
}

impl HookName {
    /// The hook of that name; `None` for names that are no hook, which are ignored (HOOK-02).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|hook| hook.name() == name)
    }
}

/// A set of hooks, for instance those that a plugin implements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HookSet(u64);

impl HookSet {
    /// The empty set.
    pub const EMPTY: Self = Self(0);

    /// The set of these hooks.
    pub const fn of(hooks: &[HookName]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < hooks.len() {
            bits |= 1 << hooks[at] as u64;
            at += 1;
        }
        Self(bits)
    }

    /// Whether the hook is in the set.
    pub const fn contains(self, hook: HookName) -> bool {
        self.0 & (1 << hook as u64) != 0
    }

    /// The set with one more hook.
    pub const fn with(self, hook: HookName) -> Self {
        Self(self.0 | 1 << hook as u64)
    }

    /// Its hooks, in the order of [`HookName::ALL`].
    pub fn iter(self) -> impl Iterator<Item = HookName> {
        HookName::ALL
            .iter()
            .copied()
            .filter(move |hook| self.contains(*hook))
    }

    /// The names of its hooks, sorted as plugin listings show them (PLUG-33).
    pub fn names(self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.iter().map(HookName::name).collect();
        names.sort_unstable();
        names
    }
}

impl FromIterator<HookName> for HookSet {
    fn from_iter<I: IntoIterator<Item = HookName>>(hooks: I) -> Self {
        hooks.into_iter().fold(Self::EMPTY, Self::with)
    }
}
