//! Where permission is asked for and permits are made.

mod added;
mod grants;
mod hidden;
mod listing;
mod rules;
#[cfg(test)]
mod tests;
mod visible;

use std::fmt;
use std::sync::Arc;

use datasette_config::Config;
use datasette_core::clock::{Clock, SystemClock};
use datasette_core::{Action, Actor, Catalogue, Fault, Resource, StoredQuery, TableRef};
use datasette_hooks::{Bus, PluginAction};

use crate::action_table::ActionTable;
use crate::cascade::{Judge, Ownership};
use crate::derived;
use crate::explain::{Explanation, explain};
use crate::limits::ActionLimits;
use crate::permit::Permit;
use crate::recent::{RecentCheck, RecentChecks};
use crate::refusal::refusal;
use crate::rulebook::Rulebook;
use crate::sources::{self, Flags};

pub use added::RuleResolver;
use added::{Added, Memory};
pub use grants::{Granted, Grants};
pub use listing::Candidate;
pub use visible::{Viewable, Visible};

/// Decides who may do what. Cheap to clone. What does not depend on who asks is compiled once.
#[derive(Clone)]
pub struct Gate {
    shared: Arc<Shared>,
    resolver: Option<Arc<dyn RuleResolver>>,
    clock: Arc<dyn Clock>,
    /// Plugins' rules gathered for this request (PERM-33).
    memory: Option<Arc<Memory>>,
    /// Who wants to know what is granted.
    grants: Option<Arc<Grants>>,
    /// Whether every answer is yes.
    skips: bool,
}

struct Shared {
    actions: ActionTable,
    rules: Rulebook,
    bus: Arc<Bus>,
    asks_plugins: bool,
    recent: RecentChecks,
}

/// A resource by its names, with what rules look at beyond them.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) parent: Option<&'a str>,
    pub(crate) child: Option<&'a str>,
    pub(crate) table: Option<&'a TableRef>,
    pub(crate) query: Option<&'a StoredQuery>,
    /// Leaves out of account that somebody made the query private (PERM-63).
    pub(crate) as_if_public: bool,
}

impl<'a> Target<'a> {
    fn of(resource: &'a impl Resource) -> Self {
        Self {
            parent: resource.parent(),
            child: resource.child(),
            table: resource.as_table(),
            query: resource.as_query().map(|query| query.stored()),
            as_if_public: false,
        }
    }
}

/// What the judgement of one action needs beyond the compiled rules.
pub(crate) struct Prepared<'a> {
    pub(crate) action: &'a PluginAction,
    pub(crate) added: Option<Arc<Added>>,
}

impl Gate {
    /// A gate for this configuration. Rules of plugins that are not part of the server are asked
    /// for through the bus; those of the server are compiled here whether or not its plugins are on
    /// the bus.
    ///
    /// # Errors
    /// Plugins declare actions that contradict each other or the server's (PERM-17).
    pub fn new(config: &Config, bus: Arc<Bus>, flags: Flags) -> Result<Self, Fault> {
        let declared = bus.register_actions(&bus.context(None, None))?;
        let actions = ActionTable::new(declared.into_values())?;
        let rules = Rulebook::compile(sources::all(config, flags), &actions);
        let asks_plugins = bus.has_added_permissions();
        Ok(Self {
            shared: Arc::new(Shared {
                actions,
                rules,
                bus,
                asks_plugins,
                recent: RecentChecks::default(),
            }),
            resolver: None,
            clock: Arc::new(SystemClock),
            memory: None,
            grants: None,
            skips: false,
        })
    }

    /// The gate with something that runs the SQL of plugins' rules. Without it such a rule makes
    /// the check fail.
    pub fn with_resolver(mut self, resolver: Arc<dyn RuleResolver>) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// The gate with a clock that tells when checks were made.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The gate for the time of one request: what plugins say about one actor and action is asked
    /// once (PERM-33).
    pub fn for_request(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            resolver: self.resolver.clone(),
            clock: Arc::clone(&self.clock),
            memory: self.shared.asks_plugins.then(Arc::default),
            grants: self.grants.clone(),
            skips: self.skips,
        }
    }

    /// The gate that lets everybody do everything there is: for requests that the owner's code sends
    /// from inside and says so (API-120). Nothing of it is recorded.
    pub fn open(&self) -> Self {
        Self {
            skips: true,
            ..self.clone()
        }
    }

    /// All actions, plugins' included.
    pub fn actions(&self) -> &ActionTable {
        &self.shared.actions
    }

    /// The latest checks, the newest first (PERM-87). Lists are not among them.
    pub fn recent_checks(&self) -> Vec<RecentCheck> {
        self.shared.recent.newest_first()
    }

    /// The permit, or the refusal in the words of the view pages (ERR-21, PERM-53).
    pub async fn require<A: Action>(
        &self,
        actor: Option<&Actor>,
        resource: &A::Resource,
    ) -> Result<Permit<A>, Fault> {
        self.allows::<A>(actor, resource)
            .await?
            .ok_or_else(|| refusal(A::NAME))
    }

    /// The permit, or a refusal in these words, for instance the bare name of the action.
    pub async fn require_or<A: Action>(
        &self,
        actor: Option<&Actor>,
        resource: &A::Resource,
        message: &str,
    ) -> Result<Permit<A>, Fault> {
        self.allows::<A>(actor, resource)
            .await?
            .ok_or_else(|| Fault::forbidden(message))
    }

    /// Refuses an actor who may not do this to anything of that name, in the words of
    /// [`Gate::require`]: for pages that do not tell who is refused whether it exists (ROW-01,
    /// DB-20).
    pub async fn refuse_unknown<A: Action>(
        &self,
        actor: Option<&Actor>,
        parent: &str,
        child: Option<&str>,
        catalogue: &Catalogue,
    ) -> Result<(), Fault> {
        let may = self
            .allows_named(actor, A::NAME, Some(parent), child, catalogue, None)
            .await?;
        may.then_some(()).ok_or_else(|| refusal(A::NAME))
    }

    /// The permit, if the actor may.
    pub async fn allows<A: Action>(
        &self,
        actor: Option<&Actor>,
        resource: &A::Resource,
    ) -> Result<Option<Permit<A>>, Fault> {
        let allowed = self.decide(actor, A::NAME, Target::of(resource)).await?;
        Ok(allowed.then(|| Permit::new(actor.cloned(), resource.clone())))
    }

    /// Whether the actor may and an anonymous visitor may not (PERM-60).
    pub async fn is_private<A: Action>(
        &self,
        actor: Option<&Actor>,
        resource: &A::Resource,
    ) -> Result<bool, Fault> {
        let target = Target::of(resource);
        Ok(actor.is_some()
            && self.decide(actor, A::NAME, target).await?
            && !self.decide(None, A::NAME, target).await?)
    }

    /// Whether the actor may do an action that is known by name only, to a resource that may not
    /// exist: for plugins and for the pages that explain permissions. A stored query's rules need
    /// `query`; without it, actions on stored queries are denied (PERM-66).
    ///
    /// # Errors
    /// There is no such action (PERM-18).
    pub async fn allows_named(
        &self,
        actor: Option<&Actor>,
        action: &str,
        parent: Option<&str>,
        child: Option<&str>,
        catalogue: &Catalogue,
        query: Option<&StoredQuery>,
    ) -> Result<bool, Fault> {
        let database = parent.and_then(|parent| catalogue.database(parent));
        let table = database
            .zip(child)
            .and_then(|(database, child)| derived::find(&database, child));
        let target = Target {
            parent,
            child,
            table: table.as_ref(),
            query,
            as_if_public: false,
        };
        self.decide(actor, action, target).await
    }

    /// The rules that match, the one that decides, and why (PERM-73). Knows nothing of derived
    /// tables (PERM-77).
    ///
    /// # Errors
    /// There is no such action.
    pub async fn explain(
        &self,
        actor: Option<&Actor>,
        action: &str,
        parent: Option<&str>,
        child: Option<&str>,
        query: Option<&StoredQuery>,
    ) -> Result<Explanation, Fault> {
        let action = self.shared.actions.find(action)?;
        let mut explanation: Option<Explanation> = None;
        let chain: Vec<_> = self.shared.actions.chain(action)?.iter().collect();
        for action in chain.into_iter().rev() {
            let answer = self.answer(actor, action).await?;
            let target = Target {
                parent,
                child,
                table: None,
                query,
                as_if_public: false,
            };
            explanation = Some(explain(action, actor, &answer, target, explanation));
        }
        explanation.ok_or_else(|| Fault::not_found(format!("Unknown action: {}", action.name)))
    }

    /// The one decision: the action and all it requires, rules and restrictions and derivation.
    /// What is required is decided, and noted, before what requires it (PERM-87).
    async fn decide(
        &self,
        actor: Option<&Actor>,
        action: &str,
        target: Target<'_>,
    ) -> Result<bool, Fault> {
        let action = self.shared.actions.find(action)?;
        if self.skips {
            return Ok(true);
        }
        let mut allowed = true;
        for action in self.shared.actions.chain(action)?.iter().rev() {
            let prepared = self.prepare(actor, action).await?;
            allowed &= self.admits(&self.judge(actor, &prepared), action, target, actor);
            let names = (target.parent, target.child);
            let now = self.clock.now();
            let recent = &self.shared.recent;
            recent.record(now, actor, &action.name, names, allowed);
        }
        if let Some(grants) = self.grants.as_ref().filter(|_| allowed) {
            grants.note(actor, &action.name, target);
        }
        Ok(allowed)
    }

    /// Asks plugins, if any has a say.
    async fn prepare<'a>(
        &'a self,
        actor: Option<&Actor>,
        action: &'a PluginAction,
    ) -> Result<Prepared<'a>, Fault> {
        let added = if self.shared.asks_plugins && !self.skips {
            Some(self.added(actor, action).await?)
        } else {
            None
        };
        Ok(Prepared { action, added })
    }

    fn judge<'a>(&'a self, actor: Option<&'a Actor>, prepared: &'a Prepared<'a>) -> Judge<'a> {
        let added = prepared.added.as_deref();
        Judge {
            actor,
            books: [
                Some(self.shared.rules.of(&prepared.action.name)),
                added.map(|added| &added.rules),
            ],
            limits: ActionLimits::of(actor, prepared.action),
            restrictions: added.map_or(&[], |added| &added.restrictions),
            folds: prepared.action.case_insensitive_child,
        }
    }

    fn admits(
        &self,
        judge: &Judge<'_>,
        action: &PluginAction,
        target: Target<'_>,
        actor: Option<&Actor>,
    ) -> bool {
        if self.skips {
            return true;
        }
        let mut ownership = match target.query {
            Some(query) => Ownership::of(query, &action.name, actor),
            None if is_about_queries(&action.name) => return false,
            None => Ownership::default(),
        };
        ownership.excludes &= !target.as_if_public;
        let derivation_allows = || match target.table {
            Some(table) if action.name == "view-table" => derived::source_allows(judge, table),
            _ => true,
        };
        judge.allows(target.parent, target.child, ownership) && derivation_allows()
    }
}

/// Actions that only exist on stored queries (PERM-66).
pub(crate) fn is_about_queries(action: &str) -> bool {
    matches!(action, "view-query" | "update-query" | "delete-query")
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Gate")
    }
}
