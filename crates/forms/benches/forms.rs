//! Forms a second, filled and flattened, on one thread and on two. `cargo bench -p vacatur-forms --bench forms`.
//!
//! Of each form whose blank is at hand (`../shared/conformance/forms`, or the folder in VACATUR_FORMS). What is measured
//! is from the facts of a case to the bytes of its paper; the blank is read before the clock starts.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;
use vacatur_forms::{Blank, Facts, FieldMap, Filler, Flatten};

const FORMS: usize = 2_000;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = std::env::var_os("VACATUR_FORMS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/forms")),
        PathBuf::from,
    );
    let cases: Vec<Facts> = (0..100).map(|case| facts(case, false)).collect();
    let rare: Vec<Facts> = (0..100).map(|case| facts(case, true)).collect();
    println!(
        "{:<18} {:>9} {:>12} {:>12} {:>16}",
        "form", "bytes", "1 thread/s", "2 threads/s", "rare letters/s"
    );
    for shipped in FieldMap::shipped() {
        let name = shipped.path.split('/').next().unwrap();
        let Ok(bytes) = std::fs::read(folder.join(format!("{name}.pdf"))) else {
            println!("{name:<18} the blank is not at hand");
            continue;
        };
        let blank = Blank::open(bytes).unwrap();
        let filler = Filler::new(&blank, &shipped.map).unwrap();
        let size = filler.fill(&cases[0], Flatten::Yes).unwrap().copies[0].len();
        let one = measure(&filler, &cases, 1);
        let two = measure(&filler, &cases, 2);
        let slow = measure(&filler, &rare, 1);
        println!("{name:<18} {size:>9} {one:>12.0} {two:>12.0} {slow:>16.0}");
    }
}

/// Forms a second, the best of three rounds.
fn measure(filler: &Filler<'_>, cases: &[Facts], threads: usize) -> f64 {
    let mut best = 0.0_f64;
    for _ in 0..3 {
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for facts in cases.iter().cycle().take(FORMS / threads) {
                        black_box(filler.fill(facts, Flatten::Yes).unwrap());
                    }
                });
            }
        });
        best = best.max((FORMS / threads * threads) as f64 / begun.elapsed().as_secs_f64());
    }
    best
}

fn facts(case: usize, rare: bool) -> Facts {
    let name = if rare { "Łukasz Żółć" } else { "Oberon O'Neil-Nuñez" };
    Facts::from_json(&format!(
        r#"{{"defendant.name": "{name} {case}", "case.number": "CT-{case:07}", "case.scn": "{case}", "attorney.name": "Maria Vole",
            "attorney.firm": "Clean Slate Clinic", "attorney.street": "1 Main Street", "attorney.city": "San Francisco",
            "attorney.state": "CA", "attorney.zip": "94103", "remedy.completed": true, "section.hs-11357": true,
            "section.hs-11359": true, "count-of.hs-11357": 2, "defendant.birth-date": "1961-02-23",
            "counts": [{{"count.section": "HS 11359", "count.level": "felony", "count.date": "2001-05-17"}}]}}"#
    ))
    .unwrap()
}
