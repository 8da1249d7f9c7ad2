//! Permission as a value.

use std::fmt;

use datasette_core::{Action, Actor};

/// Proof that an actor may do `A` to a resource. Only [`crate::Gate`] makes one, so a function
/// that takes a permit cannot be reached without the check.
pub struct Permit<A: Action> {
    actor: Option<Actor>,
    resource: A::Resource,
}

impl<A: Action> Permit<A> {
    pub(crate) fn new(actor: Option<Actor>, resource: A::Resource) -> Self {
        Self { actor, resource }
    }

    /// What the permit is for.
    pub fn resource(&self) -> &A::Resource {
        &self.resource
    }

    /// Who holds it; `None` for an anonymous visitor.
    pub fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }
}

impl<A: Action> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self {
            actor: self.actor.clone(),
            resource: self.resource.clone(),
        }
    }
}

impl<A: Action> fmt::Debug for Permit<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Permit({})", A::NAME)
    }
}
