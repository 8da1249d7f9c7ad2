//! Has anything changed since the visitor asked last? The tag of a page that is read from
//! databases, and the short answer that it is still the same.
//!
//! A tag stands for everything that makes the body: the URL, what the databases hold (their change
//! stamps), what is known of their schemas, and this run of the server with its configuration.
//! Only visitors without cookie and credentials get one, since theirs are the only answers that
//! may be kept (CACHE-03), and only where nothing else has a say: no clock, no plugin that adds to
//! pages, no template that may be edited. It is made after permission was given and before
//! anything is read, so an answer is never older than its tag.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use datasette_core::DatabaseRef;
use datasette_engine::read::{RowRequest, TableRequest, steady};
use datasette_hooks::{Bus, HookName};

use crate::page::Subject;
use crate::reply::{self, Reply};
use crate::visit::Visit;
use crate::{etag, messages};

/// What makes tags: a key that only this run of the server has.
#[derive(Clone, Debug)]
pub(crate) struct Tags {
    key: RandomState,
    data: bool,
    pages: bool,
}

impl Tags {
    /// Tags for a server with these plugins; `fixed` says that its templates are built in.
    pub(crate) fn new(bus: &Bus, fixed: bool) -> Self {
        let foreign = bus
            .plugins()
            .iter()
            .filter(|plugin| !plugin.info().built_in);
        let data = !foreign
            .flat_map(|plugin| plugin.implements().iter())
            .any(has_a_say);
        Self {
            key: RandomState::new(),
            data,
            pages: data && fixed,
        }
    }
}

/// Whether a plugin with this hook can make the same page look otherwise without a change in a
/// database.
fn has_a_say(hook: HookName) -> bool {
    use HookName as Hook;
    match hook {
        Hook::Startup
        | Hook::Shutdown
        | Hook::PublishSubcommand
        | Hook::RegisterCommands
        | Hook::RegisterRoutes
        | Hook::ActorFromRequest
        | Hook::ActorsFromIds
        | Hook::RegisterMagicParameters
        | Hook::Forbidden
        | Hook::HandleException
        | Hook::JumpItemsSql
        | Hook::TrackEvent
        | Hook::RegisterEvents
        | Hook::RegisterTokenHandler
        | Hook::WriteWrapper => false,
        Hook::AsgiWrapper
        | Hook::PrepareConnection
        | Hook::PrepareJinja2Environment
        | Hook::Jinja2EnvironmentFromRequest
        | Hook::ExtraCssUrls
        | Hook::ExtraJsUrls
        | Hook::ExtraBodyScript
        | Hook::ExtraTemplateVars
        | Hook::RenderCell
        | Hook::RegisterOutputRenderer
        | Hook::RegisterFacetClasses
        | Hook::RegisterActions
        | Hook::RegisterColumnTypes
        | Hook::FiltersFromRequest
        | Hook::PermissionResourcesSql
        | Hook::MenuLinks
        | Hook::RowActions
        | Hook::TableActions
        | Hook::ViewActions
        | Hook::QueryActions
        | Hook::DatabaseActions
        | Hook::HomepageActions
        | Hook::TopHomepage
        | Hook::TopDatabase
        | Hook::TopTable
        | Hook::TopRow
        | Hook::TopQuery
        | Hook::TopStoredQuery => true,
    }
}

/// What an answer is: templates have a say in pages only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A page for people.
    Page,
    /// Rows and facts in any other format.
    Data,
}

/// The tag of an answer that is about to be made, where it may have one.
#[derive(Clone, Debug)]
pub(crate) struct Tag(Option<String>);

impl Tag {
    /// No tag.
    pub(crate) const NONE: Self = Self(None);

    /// The tag of an answer read from these databases. The caller has permission to give it and
    /// knows that it is steady.
    fn of(visit: &Visit, kind: Kind, databases: &[DatabaseRef]) -> Self {
        Self(Self::tag(visit, kind, databases, &()))
    }

    /// The tag of an answer that counts the tables of these databases and tells the sizes of their
    /// files.
    pub(crate) fn of_listing(visit: &Visit, kind: Kind, databases: &[DatabaseRef]) -> Self {
        let mut tables = databases.iter().flat_map(DatabaseRef::tables);
        if !tables.all(|table| table.is_view() || table.kind.has_steady_count()) {
            return Self::NONE;
        }
        let handle = |database| visit.app.instance.handle(database).ok();
        // A checkpoint makes a file grow without a change of its content.
        let sizes: Vec<u64> = databases
            .iter()
            .filter_map(|database| Some(handle(database)?.size_bytes()))
            .collect();
        Self(Self::tag(visit, kind, databases, &sizes))
    }

    /// The tag of a page of a table or view.
    pub(crate) fn of_table(visit: &Visit, kind: Kind, request: &TableRequest) -> Self {
        let database = request.question.table.database();
        match request.is_steady() {
            true => Self::of(visit, kind, std::slice::from_ref(database)),
            false => Self::NONE,
        }
    }

    /// The tag of a page of one row.
    pub(crate) fn of_row(visit: &Visit, kind: Kind, request: &RowRequest) -> Self {
        let database = request.question.table.database();
        match request.is_steady() {
            true => Self::of(visit, kind, std::slice::from_ref(database)),
            false => Self::NONE,
        }
    }

    /// The tag of a page of a statement, or of the form for one.
    pub(crate) fn of_statement(visit: &Visit, kind: Kind, subject: &Subject) -> Self {
        let (database, sql) = (subject.database(), subject.sql());
        if !sql.is_empty() && !steady::is_steady(sql, database) {
            return Self::NONE;
        }
        // A stored query was read before.
        let stored = subject.stored().map(|stored| format!("{stored:?}"));
        Self(Self::tag(
            visit,
            kind,
            std::slice::from_ref(database),
            &stored,
        ))
    }

    /// `further` is what else makes the answer, as far as it was read before.
    fn tag(
        visit: &Visit,
        kind: Kind,
        databases: &[DatabaseRef],
        further: &impl Hash,
    ) -> Option<String> {
        let tags = &visit.app.tags;
        let allowed = match kind {
            Kind::Page => tags.pages && messages::waiting(visit).is_empty(),
            Kind::Data => tags.data,
        };
        // These tell how a page came to be, and how long that took.
        let workings = ["_trace", "_context"];
        let tells = workings
            .iter()
            .any(|name| visit.query().get(name).is_some());
        if !allowed || visit.is_personal() || tells {
            return None;
        }
        let state = visit.app.instance.state(databases)?;
        let mut hasher = tags.key.build_hasher();
        let location = &visit.location;
        // The path as it arrived: with the prefix or without is told apart, though pages are the
        // same.
        (&visit.info.path, &location.raw_query, &location.origin).hash(&mut hasher);
        (visit.catalogue.serial(), &state, further).hash(&mut hasher);
        Some(format!("W/\"{:016x}\"", hasher.finish()))
    }

    /// The answer that nothing has changed, if the visitor has what this tag stands for.
    pub(crate) fn unchanged(&self, visit: &Visit) -> Option<Reply> {
        let tag = self
            .0
            .as_deref()
            .filter(|tag| etag::is_known(&visit.headers, tag))?;
        let mut reply = Reply::new(Body::empty());
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        reply::set(&mut reply, header::ETAG, tag);
        Some(reply)
    }

    /// The answer with its tag, if it is one to be kept: whole and without error.
    pub(crate) fn on(self, mut reply: Reply, whole: bool) -> Reply {
        if let Some(tag) = self.0.filter(|_| whole && reply.status() == StatusCode::OK)
            && let Ok(tag) = HeaderValue::try_from(tag)
        {
            reply.headers_mut().insert(header::ETAG, tag);
        }
        reply
    }
}
