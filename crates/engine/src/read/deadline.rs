//! The time that all facets and suggestions of one page share.

use std::time::{Duration, Instant};

use datasette_sqlite::Limits;

/// When a page stops looking for facets, however many are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// A deadline that is `time` from now.
    pub(crate) fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    /// The limits of a statement that may take `limit` by itself; `None` when no time is left.
    pub(crate) fn limits(self, limit: Duration) -> Option<Limits> {
        let left = self.0.checked_duration_since(Instant::now())?;
        (!left.is_zero()).then(|| Limits::time(limit.min(left)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: FACET-35, FACET-43
    #[test]
    fn a_statement_has_its_own_limit_and_what_is_left_of_the_page() {
        let hour = Duration::from_secs(3600);
        let deadline = Deadline::after(hour);
        assert_eq!(
            deadline.limits(Duration::ZERO),
            Some(Limits::time(Duration::ZERO))
        );
        let left = deadline
            .limits(2 * hour)
            .and_then(|limits| limits.time)
            .unwrap();
        assert!(left <= hour && left > Duration::ZERO);
        assert_eq!(Deadline::after(Duration::ZERO).limits(hour), None);
    }
}
