//! A plugin that does as it is told, for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datasette_core::{Actor, Fault};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::*;

/// How a probe answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Answers,
    SaysNothing,
    Fails,
    Refuses,
    Panics,
    PanicsAtOnce,
}

/// Answers with its own name wherever an answer can carry one.
pub(super) struct Probe {
    pub(super) name: &'static str,
    pub(super) hooks: HookSet,
    pub(super) priority: Priority,
    pub(super) mood: Mood,
    pub(super) calls: Arc<AtomicUsize>,
}

pub(super) fn probe(name: &'static str, hook: HookName) -> Probe {
    Probe {
        name,
        hooks: HookSet::of(&[hook]),
        priority: Priority::Normal,
        mood: Mood::Answers,
        calls: Arc::default(),
    }
}

impl Probe {
    pub(super) fn first(mut self) -> Self {
        self.priority = Priority::First;
        self
    }

    pub(super) fn last(mut self) -> Self {
        self.priority = Priority::Last;
        self
    }

    pub(super) fn mood(mut self, mood: Mood) -> Self {
        self.mood = mood;
        self
    }

    fn answer<T>(&self, full: impl FnOnce() -> T, empty: T) -> Answer<T> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match self.mood {
            Mood::Answers => Ok(full()),
            Mood::SaysNothing => Ok(empty),
            Mood::Fails => Err(HookError::failed("out of order")),
            Mood::Refuses => Err(Fault::not_found("nothing here").into()),
            Mood::Panics | Mood::PanicsAtOnce => panic!("at the disco"),
        }
    }

    fn later<'a, T: Send + 'a>(
        &'a self,
        full: impl FnOnce() -> T + Send + 'a,
        empty: T,
    ) -> BoxFuture<'a, Answer<T>> {
        if self.mood == Mood::PanicsAtOnce {
            panic!("before the future");
        }
        Box::pin(async move { self.answer(full, empty) })
    }
}

pub(super) fn bus(probes: impl IntoIterator<Item = Probe>) -> Bus {
    let plugins = probes.into_iter().map(|probe| Arc::new(probe) as _);
    Bus::new(plugins.collect())
}

/// Gives the result of a future that never waits.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

struct NamedRenderer(&'static str);

impl OutputRenderer for NamedRenderer {
    fn extension(&self) -> &str {
        "txt"
    }

    fn render<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _input: &'a RendererInput<'a>,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        ready(Some(HttpResponse::text(self.0)))
    }
}

struct NamedMagic(&'static str);

impl MagicResolver for NamedMagic {
    fn value<'a>(
        &'a self,
        _context: &'a Context<'a>,
        rest: &'a str,
    ) -> BoxFuture<'a, Answer<datasette_core::Value>> {
        ready(format!("{} {rest}", self.0).into())
    }
}

struct NamedView;

impl View for NamedView {
    fn respond<'a>(
        &'a self,
        _context: &'a Context<'a>,
        _request: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>> {
        ready(HttpResponse::text("view"))
    }
}

struct NamedWrapper;

impl WriteWrapper for NamedWrapper {}

struct NamedType;

impl ColumnType for NamedType {
    fn name(&self) -> &str {
        "url"
    }

    fn description(&self) -> &str {
        "An address"
    }
}

impl Plugin for Probe {
    fn name(&self) -> &str {
        self.name
    }

    fn implements(&self) -> HookSet {
        self.hooks
    }

    fn priority(&self, _hook: HookName) -> Priority {
        self.priority
    }

    fn startup<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        self.later(|| (), ())
    }

    fn shutdown<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<()>> {
        self.later(|| (), ())
    }

    fn menu_links<'a>(&'a self, _: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
        self.later(|| vec![MenuItem::new("/", self.name)], Vec::new())
    }

    fn extra_css_urls<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<Vec<AssetUrl>>> {
        let own = || {
            let shared = AssetUrl {
                sri: Some(self.name.to_owned()),
                ..AssetUrl::new("/shared.css")
            };
            vec![shared, AssetUrl::new(format!("/{}.css", self.name))]
        };
        self.later(own, Vec::new())
    }

    fn extra_template_vars<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a PageInfo,
    ) -> BoxFuture<'a, Answer<IndexMap<String, TemplateValue>>> {
        let own = || {
            let who = ("who".to_owned(), TemplateValue::Data(json!(self.name)));
            let own = (self.name.to_owned(), TemplateValue::Data(json!(true)));
            IndexMap::from([who, own])
        };
        self.later(own, IndexMap::new())
    }

    fn render_cell<'a>(
        &'a self,
        _: &'a Context<'a>,
        cells: &'a CellBatch,
    ) -> BoxFuture<'a, Answer<CellAnswers>> {
        let own = || {
            let mut answers = CellAnswers::default();
            for (row, cells) in cells.rows.iter().enumerate() {
                // Everybody answers the first column, each its own further one.
                answers.put(row, 0, CellContent::Text(self.name.to_owned()));
                let own = self.name.len().min(cells.len() - 1);
                answers.put(row, own, CellContent::Html(self.name.to_owned()));
            }
            answers
        };
        self.later(own, CellAnswers::default())
    }

    fn actor_from_request<'a>(
        &'a self,
        _: &'a Context<'a>,
    ) -> BoxFuture<'a, Answer<Option<Actor>>> {
        let empty = Actor::new(serde_json::Map::new());
        self.later(|| Some(Actor::with_id(self.name)), Some(empty))
    }

    fn actors_from_ids<'a>(
        &'a self,
        _: &'a Context<'a>,
        ids: &'a [Json],
    ) -> BoxFuture<'a, Answer<Option<ActorsById>>> {
        let own = || {
            let actor = Actor::with_id(self.name);
            Some(
                ids.iter()
                    .map(|id| (id.clone(), Some(actor.clone())))
                    .collect(),
            )
        };
        self.later(own, None)
    }

    fn filters_from_request<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Answer<Option<FilterArguments>>> {
        let own = || {
            Some(FilterArguments {
                where_clauses: vec![format!("{} = :p", self.name)],
                params: vec![("p".to_owned(), Data(self.name.into()))],
                human_descriptions: vec![self.name.to_owned()],
                ..FilterArguments::default()
            })
        };
        self.later(own, None)
    }

    fn permission_resources_sql<'a>(
        &'a self,
        _: &'a Context<'a>,
        action: &'a str,
    ) -> BoxFuture<'a, Answer<PermissionAnswer>> {
        let rule = PermissionRule {
            parent: None,
            child: None,
            allow: true,
            reason: action.to_owned(),
            source: String::new(),
        };
        let own = PermissionAnswer {
            rules: vec![rule],
            ..PermissionAnswer::default()
        };
        self.later(|| own, PermissionAnswer::default())
    }

    fn forbidden<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a str,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        self.later(|| Some(HttpResponse::text(self.name)), None)
    }

    fn handle_exception<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a Fault,
    ) -> BoxFuture<'a, Answer<Option<HttpResponse>>> {
        self.later(|| Some(HttpResponse::text(self.name)), None)
    }

    fn top_table<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a TemplateSlot,
    ) -> BoxFuture<'a, Answer<Option<String>>> {
        self.later(|| Some(format!("<b>{}</b>", self.name)), None)
    }

    fn view_actions<'a>(
        &'a self,
        _: &'a Context<'a>,
        _: &'a ActionTarget,
    ) -> BoxFuture<'a, Answer<Vec<ActionItem>>> {
        self.later(|| vec![ActionItem::link("/", self.name)], Vec::new())
    }

    fn track_event<'a>(&'a self, _: &'a Context<'a>, _: &'a Event) -> BoxFuture<'a, Answer<()>> {
        self.later(|| (), ())
    }

    fn register_output_renderer(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn OutputRenderer>>> {
        self.answer(|| vec![Arc::new(NamedRenderer(self.name)) as _], Vec::new())
    }

    fn register_magic_parameters(&self, _: &Context<'_>) -> Answer<Vec<MagicParameter>> {
        let own = || vec![MagicParameter::new("now", NamedMagic(self.name))];
        self.answer(own, Vec::new())
    }

    fn register_routes(&self, _: &Context<'_>) -> Answer<Vec<Route>> {
        let own = || vec![Route::new(format!("^/{}$", self.name), NamedView)];
        self.answer(own, Vec::new())
    }

    fn register_column_types(&self, _: &Context<'_>) -> Answer<Vec<Arc<dyn ColumnType>>> {
        self.answer(|| vec![Arc::new(NamedType) as _], Vec::new())
    }

    fn register_actions(&self, _: &Context<'_>) -> Answer<Vec<PluginAction>> {
        let action = PluginAction {
            name: "export".to_owned(),
            abbreviation: Some("ex".to_owned()),
            description: Some(self.name.to_owned()),
            takes_parent: false,
            takes_child: false,
            resource_class: None,
            case_insensitive_child: false,
            also_requires: None,
        };
        self.answer(|| vec![action], Vec::new())
    }

    fn jinja2_environment_from_request(&self, _: &Context<'_>) -> Answer<Option<TemplateOverlay>> {
        struct One(&'static str);
        impl TemplateLoader for One {
            fn source(&self, _: &str) -> Option<String> {
                Some(self.0.to_owned())
            }
            fn names(&self) -> Vec<String> {
                vec![self.0.to_owned()]
            }
        }
        let loader = Arc::new(One(self.name));
        self.answer(|| Some(TemplateOverlay { loader }), None)
    }

    fn write_wrapper(
        &self,
        _: &Context<'_>,
        _: &str,
        _: bool,
    ) -> Answer<Option<Box<dyn WriteWrapper>>> {
        self.answer(|| Some(Box::new(NamedWrapper) as _), None)
    }
}
