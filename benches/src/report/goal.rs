//! Goals, and whether they are met.

use super::line::LineKey;
use super::results::Results;
use crate::contestants::Contestant;

/// What a line of the table has to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// At least this share of the floor.
    ShareOfFloor(f64),
    /// At least this many times the original.
    TimesOriginal(f64),
    /// At most this many times as long as the original.
    AtMostTimesOriginal(f64),
    /// At least this value, in the unit of the line.
    AtLeast(f64),
    /// At most this value, in the unit of the line.
    AtMost(f64),
    /// Not slower than the `sqlite3` shell.
    NotSlowerThanShell,
}

/// The outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Reached.
    Met,
    /// Measured and not reached.
    NotMet,
    /// One of the sides was not measured.
    Open,
}

impl Verdict {
    /// The word in tables and in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Open => "-",
        }
    }
}

impl Goal {
    /// The goal in words; the time of the shell is added where it is the goal and was taken.
    pub(crate) fn text(self, key: LineKey, results: &Results) -> String {
        let unit = key.unit();
        match self {
            Self::ShareOfFloor(share) => format!(">= {share:.1} of the floor"),
            Self::TimesOriginal(times) => format!(">= {times:.0}x the original"),
            Self::AtMostTimesOriginal(times) => format!("<= {times:.0}x the original"),
            Self::AtLeast(value) => format!(">= {}", unit.text(value)),
            Self::AtMost(value) => format!("<= {}", unit.text(value)),
            Self::NotSlowerThanShell => match results.median(key, Contestant::Shell) {
                Some(seconds) => format!("<= sqlite3 -csv ({})", unit.text(seconds)),
                None => "<= sqlite3 -csv (not installed)".to_owned(),
            },
        }
    }

    /// Compares our medians with the goal.
    pub(crate) fn verdict(self, key: LineKey, results: &Results) -> Verdict {
        let ours = results.median(key, Contestant::Ours);
        let ratio = |other| results.ratio(key, Contestant::Ours, other);
        let met = match self {
            Self::ShareOfFloor(share) => ratio(Contestant::Floor).map(|ratio| ratio >= share),
            Self::TimesOriginal(times) => ratio(Contestant::Original).map(|ratio| ratio >= times),
            Self::AtMostTimesOriginal(times) => {
                ratio(Contestant::Original).map(|ratio| ratio <= times)
            }
            Self::AtLeast(value) => ours.map(|ours| ours >= value),
            Self::AtMost(value) => ours.map(|ours| ours <= value),
            Self::NotSlowerThanShell => ratio(Contestant::Shell).map(|ratio| ratio <= 1.0),
        };
        match met {
            Some(true) => Verdict::Met,
            Some(false) => Verdict::NotMet,
            None => Verdict::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::Sample;
    use super::*;

    fn results(key: LineKey, values: &[(Contestant, f64)]) -> Results {
        let mut results = Results::default();
        for (contestant, value) in values {
            results.add(*contestant, Sample::new(key, *value));
        }
        results
    }

    #[test]
    fn shares_of_the_floor() {
        let goal = Goal::ShareOfFloor(0.5);
        let verdict = |ours| {
            let values = [(Contestant::Floor, 1000.0), (Contestant::Ours, ours)];
            goal.verdict(LineKey::TableJson, &results(LineKey::TableJson, &values))
        };
        assert_eq!(verdict(500.0), Verdict::Met);
        assert_eq!(verdict(499.0), Verdict::NotMet);
    }

    #[test]
    fn multiples_of_the_original() {
        let verdict = |ours| {
            let values = [(Contestant::Original, 14.0), (Contestant::Ours, ours)];
            Goal::TimesOriginal(100.0)
                .verdict(LineKey::TableHtml, &results(LineKey::TableHtml, &values))
        };
        assert_eq!(verdict(1400.0), Verdict::Met);
        assert_eq!(verdict(1300.0), Verdict::NotMet);
    }

    #[test]
    fn multiples_of_the_original_that_are_times() {
        let key = LineKey::PluginFunction;
        let verdict = |ours| {
            let values = [(Contestant::Original, 0.2), (Contestant::Ours, ours)];
            Goal::AtMostTimesOriginal(2.0).verdict(key, &results(key, &values))
        };
        assert_eq!(verdict(0.39), Verdict::Met);
        assert_eq!(verdict(0.41), Verdict::NotMet);
    }

    #[test]
    fn the_shell_is_a_goal_only_where_it_ran() {
        let key = LineKey::CsvSeconds;
        let goal = Goal::NotSlowerThanShell;
        let both = results(key, &[(Contestant::Shell, 1.3), (Contestant::Ours, 1.2)]);
        assert_eq!(goal.verdict(key, &both), Verdict::Met);
        assert_eq!(goal.text(key, &both), "<= sqlite3 -csv (1.30 s)");
        let alone = results(key, &[(Contestant::Ours, 1.2)]);
        assert_eq!(goal.verdict(key, &alone), Verdict::Open);
    }

    #[test]
    fn plain_limits_need_only_us() {
        let key = LineKey::ColdStart;
        let ours = results(key, &[(Contestant::Ours, 20.0)]);
        assert_eq!(Goal::AtMost(20.0).verdict(key, &ours), Verdict::Met);
        assert_eq!(Goal::AtMost(19.0).verdict(key, &ours), Verdict::NotMet);
        assert_eq!(Goal::AtLeast(21.0).verdict(key, &ours), Verdict::NotMet);
        assert_eq!(
            Goal::AtMost(20.0).verdict(key, &Results::default()),
            Verdict::Open
        );
    }
}
