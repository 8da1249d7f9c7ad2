//! What plugins may ask of the server.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::http::Method;
use datasette_core::live::LiveParameters;
use datasette_core::{Actor, Fault, StoredQuery, Value};
use datasette_hooks::{
    ActorsById, AllowedReasons, AllowedResource, BackgroundTask, BackgroundWork, Borrower,
    BroughtDatabase, ClientRequest, DatabaseInfo, Event, HostServices, HttpResponse, Loan,
    MessageKind, MetadataOf, PageFrame, PageInfo, QueryAnswer, QueryBounds, RequestInfo,
    TemplateFiles, TemplateValue, TokenRequest, UrlOf, WriteAnswer,
};
use datasette_permissions::{actor_cookie_value, create_with, verify_with};
use datasette_render::html::functions::static_url;
use datasette_render::html::scripting::with_nonces;
use datasette_render::html::{Page, page};
use futures_util::future::BoxFuture;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::app::App;
use crate::in_process::{Manner, Question};
use crate::visit::Visit;
use crate::{actor_cookie, frame, http, in_process};

type Served<'a, T> = BoxFuture<'a, Result<T, Fault>>;

/// The services of one server, which it does not outlive.
pub(crate) struct Host {
    app: Weak<App>,
}

impl Host {
    /// The services of that server.
    pub(crate) fn new(app: Weak<App>) -> Self {
        Self { app }
    }

    fn app(&self) -> Result<Arc<App>, Fault> {
        self.app
            .upgrade()
            .ok_or_else(|| Fault::unavailable("The server has stopped"))
    }
}

async fn rendered(
    app: Arc<App>,
    template: &str,
    context: &IndexMap<String, TemplateValue>,
    request: Option<&RequestInfo>,
    view_name: Option<&str>,
) -> Result<Page, Fault> {
    let visit = visit(Arc::clone(&app), request);
    let base = frame::around(&visit, template, context, view_name).await?;
    let own = page::given(context, &base.scripts);
    let rendered = page::render_one(&app.templates, template, &base, own).await?;
    app.messages.note_shown(&visit);
    Ok(rendered)
}

fn visit(app: Arc<App>, request: Option<&RequestInfo>) -> Visit {
    match request {
        Some(request) => Visit::within(app.for_request(), request.clone()),
        None => Visit::outside(app.for_request()),
    }
}

impl HostServices for Host {
    fn databases(&self) -> Vec<DatabaseInfo> {
        self.app()
            .map(|app| app.instance.databases())
            .unwrap_or_default()
    }

    fn execute<'a>(
        &'a self,
        database: &'a str,
        sql: &'a str,
        params: Vec<(String, Value)>,
    ) -> Served<'a, QueryAnswer> {
        Box::pin(async move { self.app()?.instance.execute(database, sql, params).await })
    }

    fn execute_within<'a>(
        &'a self,
        database: &'a str,
        sql: &'a str,
        params: LiveParameters,
        bounds: QueryBounds,
    ) -> Served<'a, QueryAnswer> {
        Box::pin(async move {
            let instance = &self.app()?.instance;
            instance.execute_within(database, sql, params, bounds).await
        })
    }

    fn lend<'a>(&'a self, loan: Loan, borrower: Box<dyn Borrower>) -> Served<'a, ()> {
        Box::pin(async move { self.app()?.instance.lend(loan, borrower).await })
    }

    fn bring_database(&self, database: BroughtDatabase) -> Result<(), Fault> {
        self.app()?.instance.bring_database(&database)
    }

    fn attach_database(&self, key: &str, name: &str, route: &str) -> Result<(), Fault> {
        self.app()?.instance.attach_database(key, name, route)
    }

    fn detach_database(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.app()?.instance.detach_database(name))
    }

    fn set_database_route(&self, name: &str, route: &str) -> Result<(), Fault> {
        match self.app()?.instance.registry.set_route(name, route) {
            true => Ok(()),
            false => Err(Fault::not_found("Database not found")),
        }
    }

    fn settle_databases<'a>(&'a self) -> Served<'a, ()> {
        Box::pin(async move { self.app()?.instance.settle_databases().await })
    }

    fn execute_write<'a>(
        &'a self,
        database: &'a str,
        sql: &'a str,
        params: Vec<(String, Value)>,
        request: Option<&'a RequestInfo>,
    ) -> Served<'a, WriteAnswer> {
        Box::pin(async move {
            let instance = &self.app()?.instance;
            instance.execute_write(database, sql, params, request).await
        })
    }

    fn allowed<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        parent: Option<&'a str>,
        child: Option<&'a str>,
    ) -> Served<'a, bool> {
        Box::pin(async move {
            self.app()?
                .instance
                .allowed(actor, action, parent, child)
                .await
        })
    }

    fn allowed_resources<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        parent: Option<&'a str>,
    ) -> Served<'a, Vec<AllowedResource>> {
        Box::pin(async move {
            self.app()?
                .instance
                .allowed_resources(actor, action, parent)
                .await
        })
    }

    fn allowed_reasons<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        action: &'a str,
        parent: Option<&'a str>,
    ) -> Served<'a, Vec<AllowedReasons>> {
        Box::pin(async move {
            let instance = &self.app()?.instance;
            instance.allowed_reasons(actor, action, parent).await
        })
    }

    fn judge_write<'a>(
        &'a self,
        actor: Option<&'a Actor>,
        database: &'a str,
        sql: &'a str,
        params: Vec<(String, Value)>,
    ) -> Served<'a, Option<String>> {
        Box::pin(async move {
            let instance = &self.app()?.instance;
            let rejected = instance.judge_write(actor, database, sql, params).await?;
            Ok(rejected.map(str::to_owned))
        })
    }

    fn refresh_schemas(&self) -> Served<'_, ()> {
        Box::pin(async move { self.app()?.instance.registry.refresh().await })
    }

    fn render_template<'a>(
        &'a self,
        template: &'a str,
        context: IndexMap<String, TemplateValue>,
        request: Option<&'a RequestInfo>,
        view_name: Option<&'a str>,
    ) -> Served<'a, String> {
        Box::pin(async move {
            let page = rendered(self.app()?, template, &context, request, view_name).await?;
            Ok(page.html)
        })
    }

    fn render_page<'a>(
        &'a self,
        template: &'a str,
        context: IndexMap<String, TemplateValue>,
        request: Option<&'a RequestInfo>,
        view_name: Option<&'a str>,
    ) -> Served<'a, HttpResponse> {
        Box::pin(async move {
            let page = rendered(self.app()?, template, &context, request, view_name).await?;
            Ok(http::page(200, page))
        })
    }

    fn template_files(&self) -> Result<TemplateFiles, Fault> {
        Ok(self.app()?.templates.files())
    }

    fn numbered_template(&self, source: &str, owner: Option<&str>) -> String {
        with_nonces(source, owner)
    }

    fn page_frame<'a>(
        &'a self,
        page: PageInfo,
        request: Option<&'a RequestInfo>,
    ) -> Served<'a, PageFrame> {
        Box::pin(async move {
            let app = self.app()?;
            let visit = visit(Arc::clone(&app), request);
            let base = frame::about(&visit, page).await?;
            Ok(PageFrame {
                variables: page::exported(&app.templates, &base),
                nonce: base.scripts.number(),
            })
        })
    }

    fn crumb_items<'a>(
        &'a self,
        request: Option<&'a RequestInfo>,
        database: Option<&'a str>,
        table: Option<&'a str>,
    ) -> Served<'a, Vec<(String, String)>> {
        Box::pin(async move {
            let visit = visit(self.app()?, request);
            frame::crumb_items(&visit, database, table).await
        })
    }

    fn note_messages_shown(&self, request: &RequestInfo) {
        if let Ok(app) = self.app() {
            let visit = visit(Arc::clone(&app), Some(request));
            visit.messages_shown.store(true, Ordering::Relaxed);
            app.messages.note_shown(&visit);
        }
    }

    fn plugin_config(
        &self,
        plugin: &str,
        database: Option<&str>,
        table: Option<&str>,
        fallback: bool,
    ) -> Result<Option<Json>, Fault> {
        let config = &self.app()?.instance.config;
        let found = config.plugin_config(plugin, database, table, fallback)?;
        Ok(Some(found).filter(|found| !found.is_null()))
    }

    fn setting(&self, name: &str) -> Option<Json> {
        let app = self.app().ok()?;
        let settings = &app.instance.config.settings;
        let known = datasette_config::SETTINGS
            .iter()
            .any(|setting| setting.name == name);
        known.then(|| settings.get(name))
    }

    fn metadata<'a>(&'a self, of: MetadataOf) -> Served<'a, Map<String, Json>> {
        Box::pin(async move { self.app()?.instance.metadata(&of).await })
    }

    fn set_metadata<'a>(&'a self, of: MetadataOf, key: &'a str, value: Json) -> Served<'a, ()> {
        Box::pin(async move { self.app()?.instance.set_metadata(of, key, value).await })
    }

    fn stored_query<'a>(
        &'a self,
        database: &'a str,
        name: &'a str,
    ) -> Served<'a, Option<Arc<StoredQuery>>> {
        Box::pin(async move { self.app()?.instance.internal.query(database, name).await })
    }

    fn store_query<'a>(&'a self, query: StoredQuery, replace: bool) -> Served<'a, ()> {
        Box::pin(async move { self.app()?.instance.store_for_plugin(query, replace).await })
    }

    fn remove_query<'a>(
        &'a self,
        database: &'a str,
        name: &'a str,
        source: Option<&'a str>,
    ) -> Served<'a, bool> {
        Box::pin(async move {
            let internal = &self.app()?.instance.internal;
            internal.remove_query(database, name, source).await
        })
    }

    fn url(&self, of: &UrlOf) -> Result<String, Fault> {
        let app = self.app()?;
        let urls = &app.urls;
        let catalogue = app.instance.registry.catalogue();
        let route = |name: &str| {
            let database = catalogue.database(name);
            database.map_or_else(|| name.to_owned(), |database| database.route().to_owned())
        };
        Ok(match of {
            UrlOf::Instance => urls.instance(),
            UrlOf::Path(path) => urls.path(path),
            UrlOf::Logout => urls.path("-/logout"),
            UrlOf::Static(path) => {
                static_url(urls, &app.mounts, path, None, None).map_err(Fault::internal)?
            }
            UrlOf::StaticPlugin(plugin, path) => {
                urls.path(&format!("/-/static-plugins/{plugin}/{path}"))
            }
            UrlOf::Database(database) => urls.database_route(&route(database)),
            UrlOf::Table(database, name) | UrlOf::Query(database, name) => {
                urls.child(&route(database), name)
            }
            UrlOf::Row(database, table, key) => {
                format!("{}/{key}", urls.child(&route(database), table))
            }
        })
    }

    fn absolute_url(&self, request: &RequestInfo, path: &str) -> String {
        if path.contains("://") {
            return path.to_owned();
        }
        let forced = self
            .app()
            .is_ok_and(|app| app.instance.config.settings.force_https_urls);
        let scheme = if forced { "https" } else { &request.scheme };
        let folder = match path.starts_with('/') {
            true => "",
            // Relative to the page, as a browser would read it.
            false => request
                .path
                .rfind('/')
                .map_or("/", |end| &request.path[..=end]),
        };
        format!("{scheme}://{}{folder}{path}", request.host)
    }

    fn sign(&self, value: &Json, namespace: &str) -> String {
        let app = self.app();
        app.map(|app| app.instance.signer.sign(value, namespace))
            .unwrap_or_default()
    }

    fn unsign(&self, signed: &str, namespace: &str) -> Option<Json> {
        self.app().ok()?.instance.signer.unsign(signed, namespace)
    }

    fn actor_cookie(&self, actor: &Actor, expire_after: Option<u64>) -> Result<String, Fault> {
        let instance = &self.app()?.instance;
        let lifetime = expire_after.filter(|seconds| *seconds > 0);
        let expires = lifetime.map(|seconds| {
            let now = instance.clock.now();
            now.saturating_add(Duration::from_secs(seconds))
        });
        let value = actor_cookie_value(&instance.signer, actor, expires);
        Ok(actor_cookie::set(&value))
    }

    fn no_actor_cookie(&self) -> Result<String, Fault> {
        Ok(actor_cookie::delete(self.app()?.instance.clock.now()))
    }

    fn actors_from_ids<'a>(&'a self, ids: Vec<Json>) -> Served<'a, ActorsById> {
        Box::pin(async move {
            let app = self.app()?;
            let bus = &app.instance.bus;
            bus.actors_from_ids(&bus.context(None, None), &ids).await
        })
    }

    fn create_token<'a>(
        &'a self,
        request: TokenRequest,
        handler: Option<&'a str>,
    ) -> Served<'a, String> {
        Box::pin(async move {
            let app = self.app()?;
            let bus = &app.instance.bus;
            let token = create_with(bus, &bus.context(None, None), &request, handler).await;
            token.map_err(|error| error.into_fault("a token handler", "create_token"))
        })
    }

    fn verify_token<'a>(&'a self, token: &'a str) -> Served<'a, Option<Actor>> {
        Box::pin(async move {
            let app = self.app()?;
            let bus = &app.instance.bus;
            let actor = verify_with(bus, &bus.context(None, None), token).await;
            actor.map_err(|error| error.into_fault("a token handler", "verify_token"))
        })
    }

    fn add_message(&self, request: &RequestInfo, text: &str, kind: MessageKind) {
        if let Ok(app) = self.app() {
            app.messages.add(request.id, text, kind);
        }
    }

    fn track_event<'a>(&'a self, event: Event) -> Served<'a, ()> {
        Box::pin(async move {
            let app = self.app()?;
            let bus = &app.instance.bus;
            bus.track_event(&bus.context(event.actor.as_ref(), None), &event)
                .await
        })
    }

    fn client_request<'a>(&'a self, request: ClientRequest) -> Served<'a, HttpResponse> {
        Box::pin(async move {
            let method = Method::from_bytes(request.method.as_bytes())
                .map_err(|_| Fault::bad_request("This is no method"))?;
            let question = Question {
                method,
                path: request.path,
                headers: request.headers,
                body: request.body.into(),
            };
            let manner = Manner {
                actor: request.actor,
                sender: request.sender,
            };
            let mut app = self.app()?;
            if request.skip_permission_checks {
                app = app.with_instance(Arc::new(app.instance.open()));
            }
            in_process::ask_for_plugin(app, question, manner).await
        })
    }

    fn add_background_task(&self, work: BackgroundWork) -> Result<Arc<dyn BackgroundTask>, Fault> {
        let app = self.app()?;
        app.instance.background.add(work, app.services())
    }
}
