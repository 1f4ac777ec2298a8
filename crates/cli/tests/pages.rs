//! The pages of a report in a real browser: at the widths of a desk and of a phone, light and dark, by keyboard, without a
//! script and without a network.
//!
//! Chromium, Node and two packages are needed: `cargo xtask unit` gets them and names the packages' folder in
//! `VACATUR_NODE_MODULES`. Without that this test says so and looks at nothing.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, extract, synthetic};
use std::process::{Command, Stdio};

const CHECK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/check.mjs");

#[test]
fn pages_of_a_report_can_be_used_by_everybody() {
    let Some(packages) = std::env::var_os("VACATUR_NODE_MODULES").filter(|named| named != "none") else {
        println!("VACATUR_NODE_MODULES is not set: nothing was looked at (cargo xtask unit sets it)");
        return;
    };
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic("county", 11, 1500)));
    desk.run(&[&input], "run", &[]);
    let mut pages = Vec::new();
    for language in ["en", "es"] {
        let made = desk.vacatur(["report", "run", "--out", language, "--language", language]);
        assert_eq!(made.code, Some(0), "{}{}", made.out, made.err);
        pages.extend(["report.html", "press-sheet.html"].map(|page| desk.path(language).join(page)));
    }
    let looked = Command::new("node")
        .arg(CHECK)
        .args(&pages)
        .env("VACATUR_NODE_MODULES", packages)
        .stdin(Stdio::null())
        .output()
        .expect("Node starts");
    let (out, err) = (String::from_utf8_lossy(&looked.stdout), String::from_utf8_lossy(&looked.stderr));
    assert!(looked.status.success(), "{out}\n{err}");
    assert!(out.contains(" passed, 0 failed"), "{out}");
}
