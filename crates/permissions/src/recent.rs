//! The latest permission checks, for people who debug permissions (PERM-87).

use std::collections::VecDeque;
use std::time::Duration;

use datasette_core::Actor;
use parking_lot::Mutex;
use serde_json::{Map, Value};

/// How many are kept (DEBUG-43).
const KEPT: usize = 200;
/// An actor of up to about so many bytes is kept whole.
const LARGEST: usize = 16 * 1024;
/// What stands for a part that is not kept.
const CUT: &str = "\u{2026}";

/// One check and what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecentCheck {
    /// Since the Unix epoch.
    pub when: Duration,
    /// Who was checked; `None` for an anonymous visitor.
    pub actor: Option<Actor>,
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
    ring: Mutex<Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    checks: VecDeque<RecentCheck>,
    /// The latest actor, and what is kept of it.
    latest: Option<(Actor, Actor)>,
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
        let actor = actor.map(|actor| ring.kept(actor));
        let full = ring.checks.len() >= KEPT;
        let oldest = if full { ring.checks.pop_front() } else { None };
        let mut check = oldest.unwrap_or_default();
        check.when = when;
        check.actor = actor;
        check.action.clear();
        check.action.push_str(action);
        write_over(&mut check.parent, parent);
        write_over(&mut check.child, child);
        check.allowed = allowed;
        ring.checks.push_back(check);
    }

    /// All that are kept, the newest first.
    pub(crate) fn newest_first(&self) -> Vec<RecentCheck> {
        self.ring.lock().checks.iter().rev().cloned().collect()
    }
}

impl Ring {
    fn kept(&mut self, actor: &Actor) -> Actor {
        if let Some((latest, kept)) = &mut self.latest
            && *latest == *actor
        {
            // The next question of this request is about the same object.
            latest.clone_from(actor);
            return kept.clone();
        }
        let kept = small(actor);
        self.latest = Some((actor.clone(), kept.clone()));
        kept
    }
}

/// The actor with whatever is large cut out of it, so that 200 checks by the holders of large
/// tokens do not fill the memory.
fn small(actor: &Actor) -> Actor {
    let mut left = LARGEST;
    if fits(actor.properties(), &mut left) {
        return actor.clone();
    }
    let properties = actor.properties().iter().map(|(key, value)| {
        let mut left = LARGEST / 16;
        let value = match key.len() <= left && value_fits(value, &mut left) {
            true => value.clone(),
            false => Value::from(CUT),
        };
        (key.chars().take(LARGEST / 64).collect(), value)
    });
    Actor::new(properties.take(16).collect())
}

fn fits(object: &Map<String, Value>, left: &mut usize) -> bool {
    object
        .iter()
        .all(|(key, value)| spend(key.len(), left) && value_fits(value, left))
}

fn value_fits(value: &Value, left: &mut usize) -> bool {
    spend(16, left)
        && match value {
            Value::String(text) => spend(text.len(), left),
            Value::Number(number) => spend(number.as_str().len(), left),
            Value::Array(items) => items.iter().all(|item| value_fits(item, left)),
            Value::Object(object) => fits(object, left),
            Value::Null | Value::Bool(_) => true,
        }
}

fn spend(bytes: usize, left: &mut usize) -> bool {
    let rest = left.checked_sub(bytes);
    *left = rest.unwrap_or_default();
    rest.is_some()
}

fn write_over(place: &mut Option<String>, text: Option<&str>) {
    match (place.as_mut(), text) {
        (Some(kept), Some(text)) if kept.capacity() <= LARGEST => {
            kept.clear();
            kept.push_str(text);
        }
        (_, text) => *place = text.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
            actor: Some(ann),
            action: "view-table".to_owned(),
            parent: Some("data".to_owned()),
            child: Some("t204".to_owned()),
            allowed: true,
        };
        assert_eq!(kept[0], newest);
        assert_eq!(kept[1].child, None);
        assert_eq!(kept[5].actor, None);
        assert_eq!(kept[199].when, Duration::from_secs(5));
    }

    #[test]
    fn large_actors_are_cut() {
        let recent = RecentChecks::default();
        let keep = |actor: Value| {
            let actor = actor.as_object().cloned().map(Actor::new);
            let place = (None, None);
            recent.record(Duration::ZERO, actor.as_ref(), "view-instance", place, true);
            let kept = recent.newest_first().swap_remove(0).actor.unwrap();
            (Value::Object(kept.properties().clone()), actor)
        };
        let small = json!({"id": "ann", "_r": {"a": ["vi"]}, "text": "x".repeat(10_000)});
        assert_eq!(keep(small.clone()).0, small);
        let tables: Map<String, Value> = (0..10_000)
            .map(|number| (format!("t{number}"), json!(["vt"])))
            .collect();
        let large = json!({"id": "ann", "_r": {"r": {"data": tables}}, "n": null});
        let cut = json!({"id": "ann", "_r": "\u{2026}", "n": null});
        assert_eq!(keep(large.clone()).0, cut);
        assert_eq!(keep(large).0, cut);
        let mut nested = json!([]);
        for _ in 0..120 {
            nested = json!([nested]);
        }
        assert!(keep(json!({"id": 5, "deep": nested})).0["deep"].is_array());
        let many: Map<String, Value> = (0..100_000)
            .map(|number| (format!("{number}{}", "k".repeat(500)), json!(1)))
            .collect();
        let (kept, whole) = keep(Value::Object(many));
        assert!(kept.to_string().len() < LARGEST);
        assert_eq!(whole.unwrap().properties().len(), 100_000);
    }
}
