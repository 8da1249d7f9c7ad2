//! The text format in which metrics are collected from a page (Prometheus, version 0.0.4).

use std::fmt::Write;

use datasette_core::histogram::{BOUNDS, Recorded};

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// A distribution.
    Histogram,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// A text that is being written: metric by metric, all samples of one together.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
    name: &'static str,
}

impl Exposition {
    /// Starts a metric. Its samples follow.
    pub fn metric(&mut self, name: &'static str, kind: Kind, help: &str) -> &mut Self {
        self.name = name;
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let kind = kind.name();
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        self
    }

    /// A sample of the metric.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: f64) -> &mut Self {
        self.line("", labels, value);
        self
    }

    /// All samples of a distribution.
    pub fn histogram(&mut self, labels: &[(&str, &str)], recorded: &Recorded) -> &mut Self {
        let bounds = BOUNDS.iter().map(ToString::to_string);
        let counts = recorded.within.iter().copied();
        let last = ("+Inf".to_owned(), recorded.count);
        for (bound, count) in bounds.zip(counts).chain([last]) {
            let mut labels = labels.to_vec();
            labels.push(("le", &bound));
            self.line("_bucket", &labels, count as f64);
        }
        self.line("_sum", labels, recorded.sum);
        self.line("_count", labels, recorded.count as f64);
        self
    }

    fn line(&mut self, suffix: &str, labels: &[(&str, &str)], value: f64) {
        let _ = write!(self.text, "{}{suffix}", self.name);
        for (place, (name, value)) in labels.iter().enumerate() {
            let open = if place == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{open}{name}=\"");
            for character in value.chars() {
                match character {
                    '\\' => self.text.push_str("\\\\"),
                    '"' => self.text.push_str("\\\""),
                    '\n' => self.text.push_str("\\n"),
                    other => self.text.push(other),
                }
            }
            self.text.push('"');
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use datasette_core::histogram::Histogram;
    use std::time::Duration;

    use super::*;

    #[test]
    fn samples_stand_below_their_metric() {
        let mut text = Exposition::default();
        text.metric("up_total", Kind::Counter, "One\nline")
            .sample(&[], 3.0)
            .sample(&[("name", "a\"b\\c\nd"), ("other", "é")], 0.5);
        assert_eq!(
            text.finish(),
            "# HELP up_total One\\nline\n# TYPE up_total counter\nup_total 3\n\
             up_total{name=\"a\\\"b\\\\c\\nd\",other=\"é\"} 0.5\n"
        );
    }

    #[test]
    fn buckets_add_up() {
        let histogram = Histogram::default();
        histogram.record(Duration::from_millis(3));
        histogram.record(Duration::from_secs(60));
        let mut text = Exposition::default();
        text.metric("took", Kind::Histogram, "How long")
            .histogram(&[("of", "x")], &histogram.read());
        let text = text.finish();
        for line in [
            "took_bucket{of=\"x\",le=\"0.001\"} 0",
            "took_bucket{of=\"x\",le=\"0.005\"} 1",
            "took_bucket{of=\"x\",le=\"10\"} 1",
            "took_bucket{of=\"x\",le=\"+Inf\"} 2",
            "took_sum{of=\"x\"} 60.003",
            "took_count{of=\"x\"} 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
