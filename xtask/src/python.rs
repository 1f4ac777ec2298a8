//! A Python with DuckDB and pandas, for the tests that look at our files as an analyst does.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The variable by which tests are told of it. `none` goes without: the tests then say that they looked at nothing.
pub(crate) const VARIABLE: &str = "VACATUR_PYTHON";

/// What is put into it, by the versions that the examples of the book were tried with.
const PACKAGES: [&str; 3] = ["duckdb==2.0.0", "pandas==3.1.1", "pyarrow==26.0.1"];

/// The Python named by the variable, or one of our own in the target folder, made if it is not there.
pub(crate) fn python(root: &Path) -> Result<Option<OsString>, String> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Ok((named != "none").then_some(named));
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let dir = target.join("analysts");
    let python = dir.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // The list of what is in it is written last, so that one half made is made again.
    let (list, wanted) = (dir.join("packages.txt"), PACKAGES.join("\n"));
    if std::fs::read_to_string(&list).is_ok_and(|there| there == wanted) {
        return Ok(Some(python.into_os_string()));
    }
    println!("xtask: a Python with {} in {}", PACKAGES.join(", "), dir.display());
    let host = if cfg!(windows) { "python" } else { "python3" };
    let venv = || run(Command::new(host).args(["-m", "venv", "--clear"]).arg(&dir));
    if !venv() {
        // Debian has the module in a package of its own.
        let fetched = run(Command::new("apt-get").args(["update", "-q"]))
            && run(Command::new("apt-get").args(["install", "-y", "-q", "python3-venv"]));
        if !(fetched && venv()) {
            return Err(without("python3 -m venv failed"));
        }
    }
    let pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"];
    if !run(Command::new(&python).args(pip).args(PACKAGES)) {
        return Err(without("pip could not install the packages"));
    }
    std::fs::write(&list, wanted).map_err(|error| format!("{}: {error}", list.display()))?;
    Ok(Some(python.into_os_string()))
}

fn without(what: &str) -> String {
    format!("{what}: the tests of the analysts' examples need it ({VARIABLE}=none goes without them)")
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}
