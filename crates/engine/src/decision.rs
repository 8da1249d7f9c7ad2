//! One decision with its explanation, and all rules about an action (PERM-69 to PERM-79, PERM-86).

use datasette_core::{Actor, Fault, StoredQuery};
use datasette_hooks::PermissionRule;
use datasette_permissions::Explanation;

use crate::Instance;

/// Whether somebody may, and why.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The decision itself, which also knows of derived tables (PERM-77).
    pub allowed: bool,
    /// What rules and restrictions say.
    pub explanation: Explanation,
}

impl Instance {
    /// Decides and explains whether the actor may do the action to what the names say, which need
    /// not exist.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn decision(
        &self,
        actor: Option<&Actor>,
        action: &str,
        parent: Option<&str>,
        child: Option<&str>,
    ) -> Result<Decision, Fault> {
        let described = self.gate.actions().find(action)?;
        let stored = self.internal.stored_queries().await?;
        let query = |child: Option<&str>| stored.get(parent?, child?).map(AsRef::as_ref);
        // Names beyond the level of the action are left out of the decision, as when it is asked
        // for in earnest.
        let within = (
            parent.filter(|_| described.takes_parent),
            child.filter(|_| described.takes_child),
        );
        let catalogue = self.registry.catalogue();
        let allowed = self
            .gate
            .allows_named(
                actor,
                action,
                within.0,
                within.1,
                &catalogue,
                query(within.1),
            )
            .await?;
        let explanation = self
            .gate
            .explain(actor, action, parent, child, query(child))
            .await?;
        Ok(Decision {
            allowed,
            explanation,
        })
    }

    /// All rules about an actor and an action: allowing ones first, then by names.
    ///
    /// # Errors
    /// There is no such action.
    pub async fn rules_about(
        &self,
        actor: Option<&Actor>,
        action: &str,
    ) -> Result<Vec<PermissionRule>, Fault> {
        let stored = self.internal.stored_queries().await?;
        let catalogue = self.registry.catalogue();
        let queries = stored.all().map(AsRef::<StoredQuery>::as_ref);
        self.gate.rules(actor, action, &catalogue, queries).await
    }
}
