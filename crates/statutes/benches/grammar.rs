//! How many offence texts are read in a second. `cargo bench -p vacatur-statutes --bench grammar`.
//!
//! Beside each figure stands how many times the floor it is: going over the same texts to find the digits in them. Times
//! are of the processor, the best of several rounds. A run reads each distinct text once, whatever the number of rows.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../../benches/processor.rs"]
mod processor;

use std::hint::black_box;
use vacatur_statutes::{Coded, Statutes};

/// As the extracts write them: letters before, behind, glued and missing; attempts; what is no section.
const TEXTS: [&str; 16] = [
    "11357(A) HS-POSS CONCENTRATED CANNABIS",
    "HS 11359",
    "hs11357(c)",
    "H&S 11357(B)",
    "11360 (A) H & S",
    "11360(B) SELL/FURNISH/ETC MARIJUANA",
    "664/459 PC-ATT BURGLARY",
    "182(A)(1) PC-CONSPIRACY COMMIT CRIME",
    "PENAL CODE SECTION 459",
    "23152(B) VC-DUI ALCOHOL/0.08 PERCENT",
    "187(A) PC-MURDER:FIRST DEGREE",
    "14601.1(A) VC-DRIVE WHILE LIC SUSPENDED",
    "273.5(A) PC-CORPORAL INJ ON SPOUSE/ROOMMATE",
    "SEE COMMENT FOR CHARGE",
    "290(F)(1) PC-SEX REG VIO",
    "TRAFFIC VIOLATION",
];
const ROUNDS: usize = 9;
const TIMES: usize = 2_000;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let statutes = Statutes::us_ca().unwrap();
    let offences: Vec<_> = TEXTS.iter().map(|text| statutes.grammar.parse(text)).collect();
    let sets: Vec<_> = statutes.names().filter_map(|name| statutes.set(name)).collect();
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let floor = best(|| TEXTS.iter().map(|text| digits(black_box(text))).sum());
    let line = |title: &str, nanoseconds: f64| {
        let (per_second, times) = (1e9 / nanoseconds, nanoseconds / floor);
        println!("{title:<34}{nanoseconds:>9.0} ns {per_second:>14.0} a second {times:>8.1}x");
    };
    line("floor: the digits of a text", floor);
    let read = |text: &str| usize::from(matches!(statutes.grammar.parse(black_box(text)), Coded::Blank));
    line("a text read", best(|| TEXTS.iter().map(|text| read(text)).sum()));
    let all = best(|| {
        let offences = offences.iter().filter_map(Coded::offence);
        offences.map(|offence| sets.iter().filter(|set| set.membership(offence).truth.is_yes()).count()).sum()
    });
    line(&format!("a text in all {} tables", sets.len()), all);
    line("a text in one table", all / sets.len() as f64);
}

/// The least time of the processor for one text, in nanoseconds.
fn best(run: impl Fn() -> usize) -> f64 {
    let once = || {
        let start = processor::nanoseconds();
        for _ in 0..TIMES {
            black_box(run());
        }
        (processor::nanoseconds() - start) / (TIMES * TEXTS.len()) as f64
    };
    (0..ROUNDS).map(|_| once()).fold(f64::MAX, f64::min)
}
