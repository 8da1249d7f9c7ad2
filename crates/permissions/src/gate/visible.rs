//! What an actor sees in lists.

use datasette_core::action::{QueryRef, ViewDatabase, ViewQuery, ViewTable};
use datasette_core::{Action, Actor, Catalogue, DatabaseRef, Fault, Resource, TableRef};

use super::{Gate, Target};
use crate::permit::Permit;

/// A resource that lists show to those who may view it.
pub trait Viewable: Resource + Clone + Send + Sync {
    /// The action of viewing it.
    type View: Action<Resource = Self>;
}

impl Viewable for DatabaseRef {
    type View = ViewDatabase;
}

impl Viewable for TableRef {
    type View = ViewTable;
}

impl Viewable for QueryRef {
    type View = ViewQuery;
}

/// An entry of a list.
#[derive(Clone, Debug)]
pub struct Visible<R: Viewable> {
    /// The resource.
    pub item: R,
    /// Whether an anonymous visitor does not see it (PERM-60).
    pub private: bool,
    /// The permit to view it.
    pub permit: Permit<R::View>,
}

impl Gate {
    /// The databases that the actor may view, in attach order (PERM-50).
    pub async fn visible_databases(
        &self,
        actor: Option<&Actor>,
        catalogue: &Catalogue,
    ) -> Result<Vec<Visible<DatabaseRef>>, Fault> {
        self.visible(actor, catalogue.databases()).await
    }

    /// The tables and views that the actor may view, in schema order (PERM-50).
    pub async fn visible_tables(
        &self,
        actor: Option<&Actor>,
        database: &DatabaseRef,
    ) -> Result<Vec<Visible<TableRef>>, Fault> {
        self.visible(actor, database.tables()).await
    }

    /// Those of the stored queries that the actor may view, in their order. `private` leaves out
    /// of account that somebody made a query private (PERM-63).
    pub async fn visible_queries(
        &self,
        actor: Option<&Actor>,
        queries: impl IntoIterator<Item = QueryRef>,
    ) -> Result<Vec<Visible<QueryRef>>, Fault> {
        self.visible(actor, queries).await
    }

    /// Asks plugins once, then goes through the items in linear time.
    async fn visible<R: Viewable>(
        &self,
        actor: Option<&Actor>,
        items: impl IntoIterator<Item = R>,
    ) -> Result<Vec<Visible<R>>, Fault> {
        let actions = &self.shared.actions;
        let action = actions.find(<R::View as Action>::NAME)?;
        let prepared = self.prepare(actor, action).await?;
        let judge = self.judge(actor, &prepared).for_lists();
        let anonymous = self.prepare(None, action).await?;
        let anonymous_judge = self.judge(None, &anonymous);
        let mut visible = Vec::new();
        for item in items {
            let target = Target::of(&item);
            if !self.admits(&judge, action, target, actor) {
                continue;
            }
            let target = Target {
                as_if_public: true,
                ..target
            };
            let private = actor.is_some() && !self.admits(&anonymous_judge, action, target, None);
            visible.push(Visible {
                permit: Permit::new(actor.cloned(), item.clone()),
                item,
                private,
            });
        }
        Ok(visible)
    }
}
