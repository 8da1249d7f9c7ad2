//! The latest permission checks, for people who debug permissions (PERM-87).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use datasette_core::Actor;
use parking_lot::Mutex;

/// How many are kept (DEBUG-43).
const KEPT: usize = 200;

/// One check and what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecentCheck {
    /// Since the Unix epoch.
    pub when: Duration,
    /// Who was checked; `None` for an anonymous visitor.
    pub actor: Option<Arc<Actor>>,
    /// The action.
    pub action: String,
    /// The database.
    pub parent: Option<String>,
    /// The table or query.
    pub child: Option<String>,
    /// The decision, requirements included.
    pub allowed: bool,
}

/// A ring of checks. Once it is full, a further check is written into the place of the oldest and
/// allocates nothing as long as the same actor asks.
#[derive(Debug, Default)]
pub(crate) struct RecentChecks {
    ring: Mutex<VecDeque<RecentCheck>>,
}

impl RecentChecks {
    /// Keeps one check.
    pub(crate) fn record(
        &self,
        when: Duration,
        actor: Option<&Actor>,
        action: &str,
        (parent, child): (Option<&str>, Option<&str>),
        allowed: bool,
    ) {
        let mut ring = self.ring.lock();
        let last = ring.back().and_then(|check| check.actor.as_ref());
        let actor = actor.map(|actor| match last {
            Some(last) if **last == *actor => Arc::clone(last),
            _ => Arc::new(actor.clone()),
        });
        let full = ring.len() >= KEPT;
        let oldest = if full { ring.pop_front() } else { None };
        let mut check = oldest.unwrap_or_default();
        check.when = when;
        check.actor = actor;
        check.action.clear();
        check.action.push_str(action);
        write_over(&mut check.parent, parent);
        write_over(&mut check.child, child);
        check.allowed = allowed;
        ring.push_back(check);
    }

    /// All that are kept, the newest first.
    pub(crate) fn newest_first(&self) -> Vec<RecentCheck> {
        self.ring.lock().iter().rev().cloned().collect()
    }
}

fn write_over(place: &mut Option<String>, text: Option<&str>) {
    match (place.as_mut(), text) {
        (Some(kept), Some(text)) => {
            kept.clear();
            kept.push_str(text);
        }
        (_, text) => *place = text.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: DEBUG-43, PERM-87
    #[test]
    fn the_latest_200_are_kept_newest_first() {
        let recent = RecentChecks::default();
        let ann = Actor::with_id("ann");
        for number in 0..205_u64 {
            let child = (number % 2 == 0).then(|| format!("t{number}"));
            let who = (number >= 200).then_some(&ann);
            let names = (Some("data"), child.as_deref());
            recent.record(Duration::from_secs(number), who, "view-table", names, true);
        }
        let kept = recent.newest_first();
        assert_eq!(kept.len(), 200);
        let newest = RecentCheck {
            when: Duration::from_secs(204),
            actor: Some(Arc::new(ann)),
            action: "view-table".to_owned(),
            parent: Some("data".to_owned()),
            child: Some("t204".to_owned()),
            allowed: true,
        };
        assert_eq!(kept[0], newest);
        assert_eq!(kept[1].child, None);
        assert_eq!(kept[5].actor, None);
        assert_eq!(kept[199].when, Duration::from_secs(5));
        let (one, other) = (kept[0].actor.as_ref(), kept[4].actor.as_ref());
        assert!(
            one.zip(other)
                .is_some_and(|(one, other)| Arc::ptr_eq(one, other))
        );
    }
}
