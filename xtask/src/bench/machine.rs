//! The machine on which was measured, how busy it was, and the day.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a reader of a record must know of the machine. No name of it.
pub(super) struct Machine {
    pub(super) processor: String,
    pub(super) cores: usize,
    /// In bytes; 0 if unknown.
    pub(super) memory: u64,
    pub(super) kernel: String,
    pub(super) rustc: String,
}

impl Machine {
    pub(super) fn here() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let unknown = || "unknown".to_owned();
        let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
        Self {
            processor: value_of(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory: value_of(&read("/proc/meminfo"), "MemTotal")
                .and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok())
                .map_or(0, |kilobytes| kilobytes * 1024),
            kernel: if kernel.is_empty() {
                std::env::consts::OS.to_owned()
            } else {
                format!("Linux {kernel}")
            },
            rustc: said("rustc", &["--version"], Path::new(".")).unwrap_or_else(unknown),
        }
    }

    pub(super) fn json(&self) -> Value {
        let Self { processor, cores, memory, kernel, rustc } = self;
        json!({ "processor": processor, "cores": cores, "memory_bytes": memory, "kernel": kernel, "rustc": rustc })
    }
}

/// The commit, short, and whether files differ from it.
pub(super) fn commit(root: &Path) -> (String, bool) {
    let name =
        said("git", &["rev-parse", "--short=9", "HEAD"], root).unwrap_or_else(|| "no-commit".to_owned());
    let changed = said("git", &["status", "--porcelain", "--untracked-files=no"], root);
    (name, changed.is_none_or(|text| !text.is_empty()))
}

fn said(program: &str, words: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(program).args(words).current_dir(folder).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `key : value` of a file below /proc: the first one.
fn value_of(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// How busy the machine is besides, from a moment on.
pub(super) struct Noise {
    /// Ticks of all processors until then: all of them, idle, stolen.
    before: Option<[u64; 3]>,
    load: Option<f64>,
}

impl Noise {
    pub(super) fn begin() -> Self {
        Self { before: ticks(), load: load() }
    }

    /// Load at the beginning and now, and the share of time since then that was idle, and stolen by the host.
    pub(super) fn end(&self) -> Value {
        let share = |at: usize| -> Option<f64> {
            let (before, after) = (self.before?, ticks()?);
            let all = after[0].checked_sub(before[0]).filter(|all| *all > 0)?;
            Some(after[at].saturating_sub(before[at]) as f64 / all as f64)
        };
        json!({ "load_before": self.load, "load_after": load(), "idle": share(1), "stolen": share(2) })
    }
}

fn ticks() -> Option<[u64; 3]> {
    ticks_in(&std::fs::read_to_string("/proc/stat").ok()?)
}

/// All, idle (waiting for the disk included) and stolen ticks.
fn ticks_in(stat: &str) -> Option<[u64; 3]> {
    let numbers: Vec<u64> =
        stat.lines().next()?.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal; what follows is part of user and nice.
    let &[user, nice, system, idle, wait, hard, soft, stolen, ..] = numbers.as_slice() else { return None };
    Some([user + nice + system + idle + wait + hard + soft + stolen, idle + wait, stolen])
}

fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// Today, as YYYY-MM-DD, in UTC.
pub(super) fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    day(seconds / 86_400)
}

/// The date so many days after 1 January 1970.
fn day(number: u64) -> String {
    // Counted from 1 March of the year 0, so that the leap day is the last of a year.
    let days = number + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    format!("{:04}-{month:02}-{day:02}", era * 400 + year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (number, date) in [
            (0, "1970-01-01"),
            (31 + 28, "1970-03-01"),
            (10_956, "1999-12-31"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_779, "2026-11-22"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(day(number), date);
        }
    }

    #[test]
    fn ticks_of_all_processors() {
        let stat = "cpu  10 1 5 100 4 0 2 8 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        assert_eq!(ticks_in(stat), Some([130, 104, 8]));
        assert_eq!(ticks_in("cpu 1 2\n"), None);
        assert_eq!(ticks_in(""), None);
    }

    #[test]
    fn a_value_below_proc() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n";
        assert_eq!(value_of(text, "model name").as_deref(), Some("Some CPU @ 2 GHz"));
        assert_eq!(value_of(text, "flags"), None);
    }
}
