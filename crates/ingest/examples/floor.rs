//! How fast reading is, beside the least that reading can be: counting newlines.
//!
//! ```text
//! cargo run --release -p vacatur-ingest --example floor -- [FILE | --make MEGABYTES FILE] [THREADS]
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::{Input, Source, open};
use vacatur_ingest::survey::{Run, group, survey};

/// Columns that deciding needs.
const ASKED: [&str; 22] = [
    "SUBJECT_ID",
    "CII_NUMBER",
    "PRI_NAME",
    "GENDER",
    "PRI_DOB",
    "RACE_DESCR",
    "CYC_DATE",
    "STP_EVENT_DATE",
    "STP_TYPE_DESCR",
    "STP_ORI_DESCR",
    "STP_ORI_CNTY_NAME",
    "CNT_ORDER",
    "DISP_DATE",
    "OFN",
    "OFFENSE_DESCR",
    "OFFENSE_TOC",
    "CONV_OFFENSE_DESCR",
    "DISP_DESCR",
    "CONV_STAT_DESCR",
    "SENT_LENGTH",
    "SENT_TIME_CODE",
    "COMMENT_TEXT",
];

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "--make") {
        make(words[1].parse().expect("megabytes"), Path::new(&words[2]));
        words.drain(..2);
    }
    let path = PathBuf::from(words.first().expect("a file"));
    let threads: usize = words.get(1).map_or(1, |word| word.parse().expect("threads"));
    let scratch = std::env::temp_dir();
    let sources = open(&[Input::Path(path)], &scratch).unwrap();
    let layout = Layout::us_ca_doj();
    let bytes = sources[0].len();
    println!("{bytes} bytes, {threads} thread(s); best of 5, GB/s");

    best("read and count newlines (the floor)", bytes, || {
        in_parts(&sources[0], threads, |part| memchr::memchr_iter(b'\n', part).count())
    });
    best("read and hash (BLAKE3)", bytes, || {
        in_parts(&sources[0], threads, |part| usize::from(blake3::hash(part).as_bytes()[0]))
    });
    best("survey", bytes, || survey(&sources, &layout, threads, &|_| {}).unwrap().rows() as usize);

    let found = survey(&sources, &layout, threads, &|_| {}).unwrap();
    let people = group(&found.runs);
    println!(
        "{} rows, {} runs, {} people, {} rejects",
        found.rows(),
        found.runs.len(),
        people.len(),
        found.rejects.len()
    );
    best("group", bytes, || group(&found.runs).len());

    let asked = ASKED.map(|name| layout.column(name).unwrap());
    best("rows: load and index every field", bytes, || {
        batches(&sources, &layout, &found.runs, threads, |b| b.row_count())
    });
    best("rows: and take 22 columns of each", bytes, || {
        batches(&sources, &layout, &found.runs, threads, |block| {
            let mut total = 0;
            for row in block.rows() {
                for column in asked {
                    total += black_box(row.field(column)).len();
                }
            }
            total
        })
    });
}

/// Runs something five times and prints the best rate.
fn best(what: &str, bytes: u64, mut run: impl FnMut() -> usize) {
    let mut least = f64::MAX;
    let mut answer = 0;
    for _ in 0..5 {
        let start = Instant::now();
        answer = black_box(run());
        least = least.min(start.elapsed().as_secs_f64());
    }
    println!("{:>7.2}  {what}  ({answer})", bytes as f64 / least / 1e9);
}

fn in_parts(source: &Source, threads: usize, work: impl Fn(&[u8]) -> usize + Sync) -> usize {
    const PART: u64 = 256 << 10;
    let (next, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut buffer = vec![0; PART as usize];
                let mut sum = 0;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed) as u64 * PART;
                    if at >= source.len() {
                        break;
                    }
                    let got = source.read_at(at, &mut buffer).unwrap();
                    sum += work(&buffer[..got]);
                }
                total.fetch_add(sum, Ordering::Relaxed);
            });
        }
    });
    total.into_inner()
}

/// Loads all runs, some 256 KiB at a time.
fn batches(
    sources: &[Source],
    layout: &Layout,
    runs: &[Run],
    threads: usize,
    work: impl Fn(&Block) -> usize + Sync,
) -> usize {
    let mut cuts = vec![0];
    let mut bytes = 0;
    for (at, run) in runs.iter().enumerate() {
        bytes += run.bytes;
        if bytes > 256 << 10 {
            cuts.push(at + 1);
            bytes = 0;
        }
    }
    cuts.push(runs.len());
    let (next, total) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut block = Block::new(layout);
                let mut sum = 0;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(&from), Some(&to)) = (cuts.get(at), cuts.get(at + 1)) else { break };
                    block.load(sources, &runs[from..to]).unwrap();
                    sum += work(&block);
                }
                total.fetch_add(sum, Ordering::Relaxed);
            });
        }
    });
    total.into_inner()
}

/// A file like the extract in shape: 95 columns, nearly all quoted, some padded, about 800 bytes a row.
fn make(megabytes: u64, path: &Path) {
    let layout = Layout::us_ca_doj();
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let mut written = 0;
    let mut seed = 1_u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut person = 10_000_000_u64;
    let mut line = String::new();
    while written < megabytes * 1_000_000 {
        person += 1;
        for row in 0..1 + random(14) {
            line.clear();
            for (at, column) in layout.columns().iter().enumerate() {
                let value = match column.name.as_str() {
                    "SUBJECT_ID" => format!("{person}"),
                    "CII_NUMBER" => format!("A{:08}", person % 100_000_000),
                    "PRI_NAME" => format!("EXAMPLE,PERSON {}", person % 977),
                    "PRI_DOB" | "CYC_DATE" | "STP_EVENT_DATE" | "DISP_DATE" => {
                        format!("{}{:02}{:02}", 1960 + random(60), 1 + random(12), 1 + random(28))
                    }
                    "STP_TYPE_DESCR" => "COURT ACTION".to_owned(),
                    "STP_ORI_DESCR" => "CASCSOMEWHERE        ".to_owned(),
                    "STP_ORI_CNTY_NAME" => "SACRAMENTO          ".to_owned(),
                    "CNT_ORDER" => format!("001001{row:03}000"),
                    "OFN" => format!("{:08}", random(100_000_000)),
                    "OFFENSE_DESCR" => "11357(C) HS-POSSESS MARIJUANA/HASHISH OVER 1 OZ".to_owned(),
                    "DISP_DESCR" => "CONVICTED-PROBATION/JAIL".to_owned(),
                    "CONV_STAT_DESCR" => "MISDEMEANOR".to_owned(),
                    "COMMENT_TEXT" if random(20) == 0 => {
                        "COM: SENTENCE CONCURRENT WITH FILE 140194".to_owned()
                    }
                    _ if random(3) == 0 => " ".repeat(random(12) as usize),
                    _ => "x".repeat(random(5) as usize),
                };
                if at > 0 {
                    line.push(',');
                }
                if random(12) == 0 && !value.contains(',') {
                    line.push_str(&value);
                } else {
                    line.push('"');
                    line.push_str(&value);
                    line.push('"');
                }
            }
            line.push_str("\r\n");
            out.write_all(line.as_bytes()).unwrap();
            written += line.len() as u64;
        }
    }
    out.flush().unwrap();
}
