//! What a run has cost the machine.

use serde::Serialize;

/// CPU time and peak memory of this process.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Cost {
    /// Seconds of CPU, the program's and the system's for it.
    pub(super) cpu_seconds: f64,
    /// Most memory that was resident at once, MiB.
    pub(super) peak_mib: f64,
}

impl Cost {
    /// As far as the process has come; `None` where the system has no `/proc`.
    pub(super) fn so_far() -> Option<Self> {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        // Fields are counted after the program's name, which may hold anything but is in brackets.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u32 = peak.trim().trim_end_matches("kB").trim().parse().ok()?;
        // Linux counts in hundredths of a second wherever this program runs.
        Some(Self { cpu_seconds: f64::from(user + system) / 100.0, peak_mib: f64::from(kib) / 1024.0 })
    }
}
