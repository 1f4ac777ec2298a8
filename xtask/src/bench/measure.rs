//! What a program cost: it runs as the only child of a small process, which then asks the system about its children.
//!
//! So processor time and memory are those of the program alone, and there is no need for `unsafe` or for a program that
//! may not be installed.

use serde_json::{Value, json};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// The command under which this program measures another. Not for people.
pub(crate) const CHILD: &str = "bench-child";

/// What one run of a program cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cost {
    /// Seconds of processor time, user and system together, of all threads.
    pub(super) cpu: f64,
    /// Of these, in the system.
    pub(super) system: f64,
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// The most memory it had at once, in bytes.
    pub(super) memory: u64,
}

/// A run that went well.
pub(super) struct Ran {
    pub(super) cost: Cost,
    /// The last line that it printed.
    pub(super) said: String,
}

/// Runs a program and measures it.
///
/// # Errors
/// A sentence: it could not be started, or failed.
pub(super) fn run(program: &Path, arguments: &[OsString]) -> Result<Ran, String> {
    let own = std::env::current_exe().map_err(|error| format!("this program cannot find itself: {error}"))?;
    let output = Command::new(own)
        .arg(CHILD)
        .arg(program)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("nothing can be started: {error}"))?;
    let told: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("{} could not be measured", program.display()))?;
    if let Some(problem) = told.get("problem").and_then(Value::as_str) {
        return Err(format!("{}: {problem}", program.display()));
    }
    let second = |key: &str| told.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    Ok(Ran {
        cost: Cost {
            cpu: second("cpu"),
            system: second("system"),
            wall: second("wall"),
            memory: told.get("memory").and_then(Value::as_u64).unwrap_or(0),
        },
        said: told.get("said").and_then(Value::as_str).unwrap_or_default().to_owned(),
    })
}

/// Is the small process: runs the program, waits, and prints what it cost as JSON.
pub(crate) fn child(words: impl Iterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.collect();
    let told = match words.split_first() {
        Some((program, arguments)) => only_child(program, arguments),
        None => Err("no program was named".to_owned()),
    };
    println!("{}", told.unwrap_or_else(|problem| json!({ "problem": problem })));
    ExitCode::SUCCESS
}

fn only_child(program: &OsStr, arguments: &[OsString]) -> Result<Value, String> {
    let start = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot be started: {error}"))?;
    let wall = start.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("ended with {}", output.status));
    }
    let (user, system, memory) = children()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let said = text.lines().next_back().unwrap_or_default();
    Ok(json!({ "cpu": user + system, "system": system, "wall": wall, "memory": memory, "said": said }))
}

/// User and system seconds of all children that have ended, and the most memory that one of them had.
#[cfg(unix)]
fn children() -> Result<(f64, f64, u64), String> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let seconds = |time: nix::sys::time::TimeVal| time.num_microseconds() as f64 / 1e6;
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let memory = u64::try_from(usage.max_rss()).unwrap_or(0) * unit;
    Ok((seconds(usage.user_time()), seconds(usage.system_time()), memory))
}

#[cfg(not(unix))]
fn children() -> Result<(f64, f64, u64), String> {
    Err("this system does not say what a program cost".to_owned())
}

/// Counts the instructions of a program in user mode; `None` where the machine does not count them.
pub(super) fn instructions(program: &Path, arguments: &[OsString]) -> Option<u64> {
    let output = Command::new("perf")
        .args(["stat", "-x,", "-e", "instructions:u", "--"])
        .arg(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .ok()?;
    counted(&String::from_utf8_lossy(&output.stderr)).filter(|_| output.status.success())
}

/// The number in what `perf stat -x,` says.
fn counted(text: &str) -> Option<u64> {
    text.lines().find(|line| line.contains("instructions"))?.split(',').next()?.parse().ok()
}

/// Bytes that may still be written to the disk of a folder.
#[cfg(unix)]
#[allow(clippy::useless_conversion, clippy::unnecessary_cast)] // These types differ between systems.
pub(super) fn room(folder: &Path) -> Option<u64> {
    let disk = nix::sys::statvfs::statvfs(folder).ok()?;
    Some(disk.blocks_available() as u64 * disk.fragment_size() as u64)
}

#[cfg(not(unix))]
pub(super) fn room(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_perf_says() {
        assert_eq!(counted("1234567,,instructions:u,90210,100.00,,\n"), Some(1_234_567));
        assert_eq!(counted("<not supported>,,instructions:u,0,100.00,,\n"), None);
        assert_eq!(counted("some error\n"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_child_that_works_costs_something() {
        let words = ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo one; echo two"];
        let told = only_child(OsStr::new("sh"), &words.map(OsString::from)).unwrap();
        assert_eq!(told["said"], "two");
        assert!(told["cpu"].as_f64().unwrap() > 0.0);
        assert!(told["memory"].as_u64().unwrap() > 100_000);
        let failed = only_child(OsStr::new("sh"), &["-c", "exit 3"].map(OsString::from));
        assert!(failed.unwrap_err().contains('3'));
    }
}
