//! How much memory a process holds, from `/proc`.

use std::error::Error;
use std::fs;

/// Resident memory in MiB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MemoryUse {
    /// Held now.
    pub(crate) resident: f64,
    /// The most it held since it started or since [`MemoryUse::forget_peak`].
    pub(crate) peak: f64,
}

impl MemoryUse {
    /// Reads the memory of a running process.
    ///
    /// # Errors
    /// A process that has ended, or a system without `/proc`.
    pub(crate) fn of(process: u32) -> Result<Self, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        Self::parse(&status).ok_or_else(|| "no memory figures in /proc".into())
    }

    /// Makes the peak start again from what is held now, where the system allows it.
    pub(crate) fn forget_peak(process: u32) {
        // Where it is refused the peak is that of the whole life: more, never less.
        let _ = fs::write(format!("/proc/{process}/clear_refs"), "5");
    }

    fn parse(status: &str) -> Option<Self> {
        let mebibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
            Some(kibibytes / 1024.0)
        };
        Some(Self {
            resident: mebibytes("VmRSS:")?,
            peak: mebibytes("VmHWM:")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_in_mebibytes() {
        let status = "Name:\tx\nVmPeak:\t  999 kB\nVmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\n";
        assert_eq!(
            MemoryUse::parse(status),
            Some(MemoryUse {
                resident: 2.0,
                peak: 4.0
            })
        );
        assert_eq!(MemoryUse::parse("VmRSS:\t 1 kB\n"), None);
        assert_eq!(MemoryUse::parse(""), None);
    }

    #[test]
    fn this_process_has_some() {
        let memory = MemoryUse::of(std::process::id()).unwrap();
        assert!(
            memory.resident > 0.5 && memory.peak >= memory.resident,
            "{memory:?}"
        );
    }
}
