//! A browser with the rules of accessibility, for the test that looks at the pages that the program writes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The variable by which the test is told where the packages are. `none` goes without: the test then says that it looked at
/// nothing.
pub(crate) const VARIABLE: &str = "VACATUR_NODE_MODULES";

/// The packages, by the versions of `tests/browser/package.json`.
const PACKAGES: [&str; 2] = ["axe-core@4.14.1", "playwright-core@1.65.1"];

/// The folder of packages named by the variable, or one of our own in the target folder, made if it is not there.
pub(crate) fn packages(root: &Path) -> Result<Option<OsString>, String> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Ok((named != "none").then_some(named));
    }
    let there = |program: &str| run(Command::new(program).arg("--version").stdout(Stdio::null()));
    if !["chromium", "node", "npm"].into_iter().all(there) {
        let fetched = run(Command::new("apt-get").args(["update", "-q"]))
            && run(Command::new("apt-get").args(["install", "-y", "-q", "chromium"]))
            && (there("npm") || run(Command::new("apt-get").args(["install", "-y", "-q", "nodejs", "npm"])));
        if !fetched {
            return Err(without("there is no Chromium with Node"));
        }
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let dir = target.join("browser");
    // The list of what is in it is written last, so that one half made is made again.
    let (list, wanted) = (dir.join("packages.txt"), PACKAGES.join("\n"));
    let found = dir.join("node_modules").into_os_string();
    if std::fs::read_to_string(&list).is_ok_and(|there| there == wanted) {
        return Ok(Some(found));
    }
    println!("xtask: {} in {}", PACKAGES.join(", "), dir.display());
    std::fs::create_dir_all(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
    let npm = [
        "install",
        "--no-save",
        "--no-package-lock",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
    ];
    if !run(Command::new("npm").args(npm).arg(&dir).args(PACKAGES)) {
        return Err(without("npm could not install the packages"));
    }
    std::fs::write(&list, wanted).map_err(|error| format!("{}: {error}", list.display()))?;
    Ok(Some(found))
}

fn without(what: &str) -> String {
    format!("{what}: the test of the pages needs it ({VARIABLE}=none goes without it)")
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).status().is_ok_and(|status| status.success())
}
