//! Everything that an actor may do one action to, page by page (PERM-80 to PERM-84).

use datasette_core::action::QueryRef;
use datasette_core::{Actor, DatabaseRef, Fault};
use datasette_hooks::PluginAction;
use datasette_permissions::Candidate;

use crate::Instance;

pub use datasette_query::NumberedPage;

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct AccessQuestion<'a> {
    /// The action by its full name.
    pub action: &'a str,
    /// Only this database.
    pub parent: Option<&'a str>,
    /// Only tables or queries of exactly this name.
    pub child: Option<&'a str>,
    /// Which part of the list.
    pub page: NumberedPage,
    /// Whether to tell which rules allow it.
    pub with_reasons: bool,
}

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct AccessPage {
    /// How many items the whole list has.
    pub total: usize,
    /// The items of the page, by their names.
    pub items: Vec<AccessItem>,
}

/// A resource of the list.
#[derive(Clone, Debug)]
pub struct AccessItem {
    /// The database.
    pub parent: String,
    /// The table, view or stored query.
    pub child: Option<String>,
    /// Rules that allow it, as `{source}: {reason}`; `None` when nobody asked.
    pub reasons: Option<Vec<String>>,
}

impl Instance {
    /// A page of what the actor may do the action to, in the order of names. Actions on the
    /// instance have no list (PERM-84).
    ///
    /// # Errors
    /// There is no such action.
    pub async fn access_map(
        &self,
        actor: Option<&Actor>,
        question: AccessQuestion<'_>,
    ) -> Result<AccessPage, Fault> {
        let action = self.gate.actions().find(question.action)?;
        let candidates = self
            .candidates(action, question.parent, question.child)
            .await?;
        let mut allowed = self
            .gate
            .allowed_among(actor, &action.name, candidates)
            .await?;
        let total = allowed.len();
        let shown = ordered(&mut allowed, question.page);
        let reasons = match question.with_reasons {
            true => Some(self.gate.reasons(actor, &action.name, shown).await?),
            false => None,
        };
        let mut reasons = reasons.map(Vec::into_iter);
        let items = shown.iter().map(|candidate| AccessItem {
            parent: candidate.parent().to_owned(),
            child: candidate.child().map(str::to_owned),
            reasons: reasons.as_mut().and_then(Iterator::next),
        });
        Ok(AccessPage {
            total,
            items: items.collect(),
        })
    }

    /// All resources of the action's level, of one database or of that name where these are given.
    pub(crate) async fn candidates(
        &self,
        action: &PluginAction,
        parent: Option<&str>,
        child: Option<&str>,
    ) -> Result<Vec<Candidate>, Fault> {
        let catalogue = self.registry.catalogue();
        let named = |database: &DatabaseRef| parent.is_none_or(|parent| parent == database.name());
        let mut found = Vec::new();
        for database in catalogue.databases().filter(named) {
            match (action.resource_class.as_deref(), child) {
                (Some("DatabaseResource"), None) => found.push(Candidate::Database(database)),
                (Some("TableResource"), None) => {
                    found.extend(database.tables().map(Candidate::Table));
                }
                (Some("TableResource"), Some(name)) => {
                    found.extend(database.table(name).map(Candidate::Table));
                }
                (Some("QueryResource"), name) => {
                    let stored = self.internal.stored_queries().await?;
                    let queries = stored
                        .of(database.name())
                        .filter(|query| name.is_none_or(|name| name == query.name))
                        .map(|query| QueryRef::new(database.clone(), query.clone()));
                    found.extend(queries.map(Candidate::Query));
                }
                _ => {}
            }
        }
        Ok(found)
    }
}

/// The items of the page in the order of names. Only the page is sorted: the list may be long.
fn ordered(list: &mut [Candidate], page: NumberedPage) -> &[Candidate] {
    fn by_name(one: &Candidate, other: &Candidate) -> std::cmp::Ordering {
        (one.parent(), one.child()).cmp(&(other.parent(), other.child()))
    }
    let start = page.offset();
    if start >= list.len() || page.size == 0 {
        return &[];
    }
    let (_, _, _) = list.select_nth_unstable_by(start, by_name);
    let rest = &mut list[start..];
    if page.size < rest.len() {
        let (_, _, _) = rest.select_nth_unstable_by(page.size, by_name);
    }
    let length = page.size.min(rest.len());
    let shown = &mut rest[..length];
    shown.sort_by(by_name);
    shown
}
