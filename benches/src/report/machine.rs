//! The machine of a run, without names or paths.

use std::fs;
use std::thread;

use serde_json::{Value, json};

/// What a reader has to know to judge absolute figures.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    processor: String,
    processors: usize,
    memory_gib: Option<f64>,
    system: String,
}

impl Machine {
    /// Looks around.
    pub(crate) fn describe() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let kernel = read("/proc/sys/kernel/osrelease");
        // Only the number: the rest may name a host or a provider.
        let kernel = kernel.trim().split('-').next().unwrap_or_default();
        Self {
            processor: field(&read("/proc/cpuinfo"), "model name")
                .unwrap_or_else(|| "unknown processor".to_owned()),
            processors: thread::available_parallelism().map_or(1, usize::from),
            memory_gib: field(&read("/proc/meminfo"), "MemTotal").and_then(|text| gibibytes(&text)),
            system: format!(
                "{} {kernel} {}",
                std::env::consts::OS,
                std::env::consts::ARCH
            ),
        }
    }

    /// Processors that server and load share.
    pub(crate) fn processors(&self) -> usize {
        self.processors
    }

    /// In one line.
    pub(crate) fn text(&self) -> String {
        let memory = self
            .memory_gib
            .map_or_else(String::new, |memory| format!(", {memory} GiB"));
        format!(
            "{} x {}{memory}, {}",
            self.processors, self.processor, self.system
        )
    }

    /// For the JSON document.
    pub(crate) fn json(&self) -> Value {
        json!({
            "processor": self.processor,
            "processors": self.processors,
            "memory_gib": self.memory_gib,
            "system": self.system,
        })
    }
}

/// The value of `name : value` or `name: value`.
fn field(text: &str, name: &str) -> Option<String> {
    let named = |line: &str| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    };
    text.lines().find_map(named)
}

/// `24689404 kB` as GiB with one decimal.
fn gibibytes(text: &str) -> Option<f64> {
    let kibibytes: f64 = text.strip_suffix(" kB")?.parse().ok()?;
    Some((kibibytes / 1024.0 / 1024.0 * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_sizes_are_read() {
        let text = "processor\t: 0\nmodel name\t: Some CPU\nmodel name\t: Other\n";
        assert_eq!(field(text, "model name").as_deref(), Some("Some CPU"));
        assert_eq!(field(text, "model"), None);
        assert_eq!(gibibytes("25165824 kB"), Some(24.0));
        assert_eq!(gibibytes("a lot"), None);
    }
}
