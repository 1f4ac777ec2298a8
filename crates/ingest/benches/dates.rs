//! How many date cells are read in a second. `cargo bench -p vacatur-ingest --bench dates`.
//!
//! Beside each figure stands how many times the floor it is: adding up the bytes of the same cells; and beside it what the
//! general reader of dates of the `jiff` crate takes for the whole dates among them. Times are of the processor, the best
//! of several rounds.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../../benches/processor.rs"]
mod processor;

use std::hint::black_box;
use vacatur_ingest::doj::date;

const CELLS: usize = 100_000;
const ROUNDS: usize = 15;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let whole: Vec<String> = (0..CELLS)
        .map(|at| format!("{:04}{:02}{:02}", 1950 + at % 70, 1 + at / 7 % 12, 1 + at / 3 % 28))
        .collect();
    // As an extract has them: one in eight is blank, a month, a year, or nothing that can be read.
    let mixed: Vec<String> = whole
        .iter()
        .enumerate()
        .map(|(at, cell)| match at % 32 {
            0 => String::new(),
            8 => format!("{}00", &cell[..6]),
            16 => format!("{}0000", &cell[..4]),
            24 => format!("{}/{}/{}", &cell[4..6], &cell[6..], &cell[..4]),
            _ => cell.clone(),
        })
        .collect();
    let floor = best(&whole, |cell| cell.iter().map(|&byte| usize::from(byte)).sum());
    let line = |title: &str, nanoseconds: f64| {
        let (per_second, times) = (1e9 / nanoseconds, nanoseconds / floor);
        println!("{title:<34}{nanoseconds:>9.1} ns {per_second:>14.0} a second {times:>8.1}x");
    };
    line("floor: the bytes of a cell", floor);
    line("a whole date", best(&whole, |cell| usize::from(date(cell).1.is_none())));
    line("a date as an extract has them", best(&mixed, |cell| usize::from(date(cell).1.is_none())));
    let general = |cell: &[u8]| {
        let text = std::str::from_utf8(cell).unwrap_or("");
        usize::from(text.parse::<jiff::civil::Date>().is_ok())
    };
    line("peer: a whole date read by jiff", best(&whole, general));
}

/// The least time of the processor for one cell, in nanoseconds.
fn best(cells: &[String], read: impl Fn(&[u8]) -> usize) -> f64 {
    let once = || {
        let start = processor::nanoseconds();
        let sum: usize = cells.iter().map(|cell| read(black_box(cell.as_bytes()))).sum();
        black_box(sum);
        (processor::nanoseconds() - start) / cells.len() as f64
    };
    (0..ROUNDS).map(|_| once()).fold(f64::MAX, f64::min)
}
