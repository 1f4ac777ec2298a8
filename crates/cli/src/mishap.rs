//! What is said when the program has a mistake in it and panics.
//!
//! The text of a panic can hold what the program was looking at: the standard library shows the string that was cut at
//! a wrong place. So the text is never shown, only the place in the program.

use crate::screen;
use std::panic::{Location, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};

/// Puts our words in place of the panic's own. The exit code stays 101, and no file is touched.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(hook));
}

fn hook(info: &PanicHookInfo<'_>) {
    // A thread that panics takes others with it; the first one is what matters.
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        screen::complain(said(info.location()).as_bytes());
    }
}

/// The message: the place, the version, and what to do.
fn said(location: Option<&Location<'_>>) -> String {
    let place = location.map_or_else(
        || "at an unknown place".to_owned(),
        |place| format!("at {}:{}:{}", inside(place.file()), place.line(), place.column()),
    );
    format!(
        "error: vacatur {} panicked {place}. This is a mistake in the program, not in your files: the inputs are as they \
         were, and no folder has been finished. What it was reading is not shown here, since it may be part of a record. \
         Please report the line above; `--log debug --threads 1` tells how far the run came. Do not send the file.\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// The path inside the repository or the package, without the folders of the machine that built the program.
fn inside(path: &str) -> &str {
    for mark in ["/registry/src/", "\\registry\\src\\"] {
        if let Some((_, rest)) = path.split_once(mark) {
            return rest.split_once(['/', '\\']).map_or(rest, |(_, rest)| rest);
        }
    }
    let marks = ["/crates/", "\\crates\\", "/library/"];
    let starts = marks.iter().filter_map(|mark| path.rfind(mark)).max();
    starts.and_then(|at| path.get(at + 1..)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    const SECRET: &str = "ZEBEDEE,WILHELMINÄ";
    const CHILD: &str = "VACATUR_TEST_PANICS";

    /// Panics as the standard library does, with the string in the text; run as a process of its own by the test below.
    #[test]
    fn child() {
        let Some(kind) = std::env::var_os(CHILD) else { return };
        install();
        let text = std::hint::black_box(SECRET.to_owned());
        if kind == "thread" {
            std::thread::scope(|scope| {
                scope.spawn(|| text[..text.len() - 1].len());
            });
        } else if kind == "unwrap" {
            std::hint::black_box(Err::<(), String>(text)).unwrap();
        } else {
            std::hint::black_box(text[..text.len() - 1].len());
        }
    }

    #[test]
    fn a_panic_shows_its_place_and_nothing_of_what_it_was_reading() {
        let program = std::env::current_exe().unwrap();
        for kind in ["slice", "thread", "unwrap"] {
            let ended = Command::new(&program)
                .args(["--exact", "mishap::tests::child", "--nocapture"])
                .env(CHILD, kind)
                .env("RUST_BACKTRACE", "full")
                .output()
                .unwrap();
            let told =
                String::from_utf8_lossy(&ended.stderr).into_owned() + &String::from_utf8_lossy(&ended.stdout);
            assert_eq!(ended.status.code(), Some(101), "{told}");
            assert!(!told.contains("ZEBEDEE") && !told.contains("WILHELMIN"), "{told}");
            assert!(told.contains("crates/cli/src/mishap.rs:"), "{told}");
            assert_eq!(told.matches("panicked").count(), 1, "{told}");
            assert!(
                told.contains(env!("CARGO_PKG_VERSION")) && told.contains("Do not send the file"),
                "{told}"
            );
        }
    }

    #[test]
    fn the_control_a_panic_without_the_hook_shows_everything() {
        // Were this not so, the test above would prove nothing.
        let shown = std::panic::catch_unwind(|| {
            let text = std::hint::black_box(SECRET.to_owned());
            std::hint::black_box(text[..text.len() - 1].len())
        });
        let payload = shown.unwrap_err();
        assert!(payload.downcast_ref::<String>().unwrap().contains("ZEBEDEE"));
    }

    #[test]
    fn places_are_those_of_the_repository() {
        for (path, shown) in [
            ("crates/ingest/src/rows.rs", "crates/ingest/src/rows.rs"),
            ("/srv/somebody/vacatur/crates/ingest/src/rows.rs", "crates/ingest/src/rows.rs"),
            (
                "/srv/somebody/.cargo/registry/src/index.crates.io-1949/zip-9.4.0/src/read.rs",
                "zip-9.4.0/src/read.rs",
            ),
            ("/rustc/59807616e1fa/library/core/src/str/mod.rs", "library/core/src/str/mod.rs"),
        ] {
            assert_eq!(inside(path), shown);
        }
    }
}
