//! Lines a second of the exhibit, on one thread and on two, and the memory that it takes.
//! `cargo bench -p vacatur-papers --bench exhibit`. A number after `--bench` says how many lines.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use vacatur_papers::{
    EXHIBIT_ROWS_PER_VOLUME, ExhibitRow, ExhibitVolume, Identity, Paper, Papers, exhibit_volume,
};

const ROWS: u64 = 66_000;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let rows = std::env::args().skip_while(|argument| argument != "--bench").nth(1);
    let rows: u64 = rows.and_then(|number| number.parse().ok()).unwrap_or(ROWS);
    let start = Instant::now();
    let papers = Papers::new(None).unwrap();
    println!("papers made ready in {:.2} s", start.elapsed().as_secs_f64());
    for threads in [1, 2] {
        let (start, next, bytes) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let first = next.fetch_add(EXHIBIT_ROWS_PER_VOLUME, Ordering::Relaxed) + 1;
                        if first > rows {
                            return;
                        }
                        let volume = volume(first, rows);
                        let pdf = papers.pdf(&Paper::Exhibit(&volume)).unwrap();
                        bytes.fetch_add(pdf.len() as u64, Ordering::Relaxed);
                    }
                });
            }
        });
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{threads} thread(s): {rows} lines in {seconds:.1} s, {:.0} lines a second, {:.1} MB of PDF, {}",
            rows as f64 / seconds,
            bytes.into_inner() as f64 / 1e6,
            memory(),
        );
    }
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or_else(|| "memory not known here".to_owned(), |line| line.replace([' ', '\t'], ""))
}

fn volume(first: u64, rows: u64) -> ExhibitVolume {
    let last = (first + EXHIBIT_ROWS_PER_VOLUME - 1).min(rows);
    ExhibitVolume {
        identity: Identity {
            as_of: jiff::civil::date(2026, 11, 22),
            manifest_hash: "0".repeat(64),
            file: format!("exhibit-a-{:03}.pdf", exhibit_volume(first)),
        },
        letter: "A".to_owned(),
        volume: exhibit_volume(first),
        volumes: exhibit_volume(rows),
        caption: "People v. Persons listed in Exhibit A".to_owned(),
        court: "Superior Court of California, County of Gimlet".to_owned(),
        prosecutor: "Gimlet County District Attorney".to_owned(),
        rows_in_all: rows,
        rows: (first..=last)
            .map(|line| ExhibitRow {
                line,
                case_number: format!("BA{:06}", 100_000 + line * 7),
                other_case_number: format!("9A{line:05}-01"),
                defendant: format!("MARL-GIMLET{}, GRIMELLA OBERON", line % 97),
                count: (line % 3 + 1).to_string(),
                section: "HS 11359".to_owned(),
                level: "Felony".to_owned(),
                date: "2003-05-17".to_owned(),
                relief: "Dismiss and seal".to_owned(),
            })
            .collect(),
    }
}
