//! The time of day and the date in UTC.

use std::time::Duration;

/// A moment as a calendar and a clock show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtcTime {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    microsecond: u32,
}

impl UtcTime {
    /// The moment that long after the Unix epoch.
    pub fn of(since_epoch: Duration) -> Self {
        let seconds = since_epoch.as_secs();
        let (year, month, day) = date(seconds / 86_400);
        Self {
            year,
            month,
            day,
            hour: seconds / 3600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: since_epoch.subsec_micros(),
        }
    }

    /// `2024-02-29`.
    pub fn iso_date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `2024-02-29T12:34:56Z`.
    pub fn iso_seconds(&self) -> String {
        let (hour, minute, second) = (self.hour, self.minute, self.second);
        format!("{}T{hour:02}:{minute:02}:{second:02}Z", self.iso_date())
    }

    /// `2024-02-29T12:34:56.000789+00:00`.
    pub fn iso_microseconds(&self) -> String {
        let seconds = self.iso_seconds();
        let seconds = seconds.trim_end_matches('Z');
        format!("{seconds}.{:06}+00:00", self.microsecond)
    }
}

/// Year, month and day of a day since 1970-01-01. Years are counted from March, so that the day
/// that only leap years have is a year's last.
fn date(days: u64) -> (u64, u64, u64) {
    const CYCLE: u64 = 146_097; // days in 400 years
    let shifted = days + 719_468; // days since 0000-03-01
    let (cycle, day_of_cycle) = (shifted / CYCLE, shifted % CYCLE);
    let leaps = day_of_cycle / 1460 + day_of_cycle / (CYCLE - 1) - day_of_cycle / 36_524;
    let year_of_cycle = (day_of_cycle - leaps) / 365;
    let before = 365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100;
    let day_of_year = day_of_cycle - before;
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = cycle * 400 + year_of_cycle + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_iso_form() {
        let time = UtcTime::of(Duration::from_micros(1_709_210_096_000_789));
        assert_eq!(time.iso_date(), "2024-02-29");
        assert_eq!(time.iso_seconds(), "2024-02-29T12:34:56Z");
        assert_eq!(time.iso_microseconds(), "2024-02-29T12:34:56.000789+00:00");
        assert_eq!(
            UtcTime::of(Duration::ZERO).iso_seconds(),
            "1970-01-01T00:00:00Z"
        );
    }
}
