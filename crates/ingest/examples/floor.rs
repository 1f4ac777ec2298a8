//! The least that a part of the work can cost: one floor a process, so that the process's time and memory are its cost.
//!
//! ```text
//! floor --only newlines|hash|index|columns [--threads N] FILE
//! floor --only copy --to FOLDER FILE…
//! ```
//!
//! `newlines` reads the file and counts line ends. `hash` reads it and takes its BLAKE3, as a run's manifest needs it.
//! `index` finds every field and row. `columns` does that and reads, unquoted and trimmed, every byte of the cells that
//! deciding asks for: no program that decides can do less. `copy` writes files again as a run writes its outputs:
//! buffered and hashed. The last line printed is `{"rows":N,"bytes":N}`. `cargo xtask bench` runs it in turns with
//! `vacatur decide`.
//!
//! A row must not hold a line end in quotes: work is cut at line ends. The files of `vacatur synth --profile dense` and
//! `county` are such.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// The scan that reading uses, as it stands, without making it public.
#[path = "../src/scan/mod.rs"]
#[allow(dead_code, unused_imports, unreachable_pub)]
mod scan;
// The same for unquoting and trimming.
#[path = "../src/cell.rs"]
#[allow(dead_code, unreachable_pub)]
mod cell;

use cell::{inside_quotes, trim};
use scan::FieldIndex;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::source::{Input, Source, open};

/// What deciding asks for, by its meaning in the layout: the fields of `vacatur_ingest::doj::Columns`, and the subject.
const ASKED: [&str; 27] = [
    "subject_id",
    "cii",
    "name",
    "sex",
    "birth_date",
    "race",
    "event_date",
    "step_type",
    "agency",
    "county",
    "count_order",
    "disposition_date",
    "offence_number",
    "charge",
    "charge_toc",
    "conviction_offence",
    "disposition_order",
    "disposition",
    "conviction_toc",
    "level",
    "level_code",
    "sentence_order",
    "sentence_kind",
    "sentence_length",
    "sentence_unit",
    "sentence_unit_name",
    "comment",
];

/// How much is read at once: as much as fits the second-level cache.
const WINDOW: usize = 256 << 10;

struct Asked {
    only: String,
    threads: u64,
    to: Option<PathBuf>,
    files: Vec<PathBuf>,
}

fn main() {
    let asked = arguments();
    if asked.only == "copy" {
        let to = asked.to.expect("--to FOLDER");
        let bytes: u64 = asked.files.iter().map(|file| copy(file, &to)).sum();
        println!("{{\"rows\":0,\"bytes\":{bytes}}}");
        return;
    }
    let file = asked.files.first().expect("a file").clone();
    let sources = open(&[Input::Path(file)], &std::env::temp_dir()).unwrap();
    let (layout, source) = (Layout::us_ca_doj(), &sources[0]);
    let wanted: Vec<usize> = ASKED.iter().map(|meaning| layout.field(meaning).unwrap()).collect();
    let cuts = cuts(source, asked.threads);
    let rows: u64 = std::thread::scope(|scope| {
        let stretches = cuts.windows(2).map(|cut| (cut[0], cut[1]));
        let threads: Vec<_> = stretches
            .map(|(from, to)| {
                let (only, layout, wanted) = (&asked.only, &layout, &wanted);
                scope.spawn(move || stretch(only, source, layout, wanted, from, to))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    println!("{{\"rows\":{rows},\"bytes\":{}}}", source.len());
}

fn arguments() -> Asked {
    let mut asked = Asked { only: String::new(), threads: 1, to: None, files: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        match word.as_str() {
            "--only" => asked.only = value(),
            "--threads" => asked.threads = value().parse().expect("--threads N"),
            "--to" => asked.to = Some(value().into()),
            _ => asked.files.push(word.into()),
        }
    }
    asked
}

/// Where the threads' stretches begin and end: at line ends.
fn cuts(source: &Source, threads: u64) -> Vec<u64> {
    let mut buffer = vec![0; WINDOW];
    let mut cuts = vec![0];
    for part in 1..threads.max(1) {
        let at = source.len() / threads * part;
        let got = source.read_at(at, &mut buffer).unwrap();
        let end = memchr::memchr(b'\n', &buffer[..got]).expect("a line end in every quarter of a megabyte");
        cuts.push(at + end as u64 + 1);
    }
    cuts.push(source.len());
    cuts
}

/// Does the work on a stretch, window by window, and gives the number of rows in it.
fn stretch(only: &str, source: &Source, layout: &Layout, wanted: &[usize], mut from: u64, to: u64) -> u64 {
    let mut buffer = vec![0; WINDOW];
    let mut hasher = blake3::Hasher::new();
    let mut index = FieldIndex::default();
    let (mut rows, mut sum) = (0, 0_u64);
    // Bytes at the buffer's start that the last window left: the beginning of a row.
    let mut kept = 0;
    while from < to {
        let most = usize::try_from(to - from).map_or(WINDOW, |left| left.min(WINDOW - kept));
        let got = source.read_at(from, &mut buffer[kept..kept + most]).unwrap();
        assert!(got > 0, "the file became shorter, or a row is longer than a window");
        from += got as u64;
        let have = kept + got;
        match only {
            "newlines" => rows += memchr::memchr_iter(b'\n', &buffer[..have]).count() as u64,
            "hash" => drop(hasher.update(&buffer[..have])),
            "index" | "columns" => {
                let end = memchr::memrchr(b'\n', &buffer[..have]).map_or(0, |at| at + 1);
                index.scan(&buffer[..end], layout.delimiter());
                assert_eq!(index.places().len(), index.rows * layout.width(), "a row of another width");
                rows += index.rows as u64;
                if only == "columns" {
                    for ends in index.places().chunks_exact(layout.width()) {
                        sum = sum.wrapping_add(read(&buffer, ends, wanted));
                    }
                }
                buffer.copy_within(end..have, 0);
                kept = have - end;
            }
            other => panic!("--only {other}: there is no such floor"),
        }
    }
    assert_eq!(kept, 0, "the last row has no line end");
    black_box((sum, hasher.finalize()));
    rows
}

/// Reads the cells asked for of one row.
#[inline]
fn read(buffer: &[u8], ends: &[u32], wanted: &[usize]) -> u64 {
    let mut sum = 0_u64;
    for &column in wanted {
        // The first column is not among those asked for, so there is always one before.
        let (start, end) = (ends[column - 1] as usize + 1, ends[column] as usize);
        let cell = trim(inside_quotes(&buffer[start..end]));
        let mut words = cell.chunks_exact(8);
        for word in &mut words {
            sum = sum.wrapping_add(u64::from_le_bytes(word.try_into().unwrap()));
        }
        for &byte in words.remainder() {
            sum = sum.wrapping_add(u64::from(byte));
        }
    }
    sum
}

/// Writes a file again under the same name in a folder, and gives its length.
fn copy(file: &Path, to: &Path) -> u64 {
    let mut from = File::open(file).unwrap();
    let to = to.join(file.file_name().unwrap());
    let mut to = BufWriter::with_capacity(WINDOW, File::create(to).unwrap());
    let (mut hasher, mut buffer, mut total) = (blake3::Hasher::new(), vec![0; WINDOW], 0);
    loop {
        let got = from.read(&mut buffer).unwrap();
        if got == 0 {
            break;
        }
        hasher.update(&buffer[..got]);
        to.write_all(&buffer[..got]).unwrap();
        total += got as u64;
    }
    to.flush().unwrap();
    black_box(hasher.finalize());
    total
}
