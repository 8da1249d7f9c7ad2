//! Statements that have little time, whose work counts: a machine that is busy with something else
//! does not decide what a page shows.

use std::time::Duration;

use datasette_sqlite::{Limits, SqlError, effort};

use super::deadline::Deadline;

/// How often a statement is begun, at most: it may take so many times its limit.
const ATTEMPTS: u32 = 10;

/// Runs a statement that may work for `limit`. When that time passed and hardly any of it was spent
/// on the statement, it begins anew; `None` when it worked as long as it may, or the deadline came.
pub(crate) fn briefly<T>(
    limit: Duration,
    deadline: Option<Deadline>,
    mut attempt: impl FnMut(&Limits) -> Result<T, SqlError>,
) -> Result<Option<T>, SqlError> {
    let begun = effort();
    for _ in 0..ATTEMPTS {
        let limits = match deadline {
            Some(deadline) => deadline.limits(limit),
            None => Some(Limits::time(limit)),
        };
        let Some(limits) = limits else {
            break;
        };
        match attempt(&limits) {
            Ok(done) => return Ok(Some(done)),
            Err(SqlError::Interrupted { .. }) if effort() - begun < limit / 2 => {}
            Err(SqlError::Interrupted { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(20);

    fn interrupted() -> SqlError {
        SqlError::Interrupted {
            sql: "select 1".to_owned(),
        }
    }

    #[test]
    fn a_statement_that_had_no_turn_begins_anew() {
        let mut attempts = 0;
        let done = briefly(LIMIT, None, |limits| {
            assert_eq!(limits.time, Some(LIMIT));
            attempts += 1;
            if attempts == 3 {
                Ok("done")
            } else {
                Err(interrupted())
            }
        });
        assert_eq!(done, Ok(Some("done")));
    }

    #[test]
    fn one_that_never_has_a_turn_is_given_up() {
        let mut attempts = 0;
        let never = briefly(LIMIT, None, |_| {
            attempts += 1;
            Err::<(), _>(interrupted())
        });
        assert_eq!((never, attempts), (Ok(None), ATTEMPTS));
        let late = briefly(LIMIT, Some(Deadline::after(Duration::ZERO)), |_| Ok(()));
        assert_eq!(late, Ok(None));
    }

    #[test]
    fn one_that_worked_as_long_as_it_may_is_over() {
        let mut attempts = 0;
        let over = briefly(LIMIT, None, |_| {
            attempts += 1;
            let begun = effort();
            while effort() - begun < LIMIT {
                std::hint::spin_loop();
            }
            Err::<(), _>(interrupted())
        });
        assert_eq!((over, attempts), (Ok(None), 1));
    }

    #[test]
    fn what_fails_otherwise_fails() {
        let failed = briefly(LIMIT, None, |_| Err::<(), _>(SqlError::Busy));
        assert_eq!(failed, Err(SqlError::Busy));
    }
}
