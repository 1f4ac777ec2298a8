//! Puts the lines of a file in a random order, the same for the same seed, in little memory:
//! `shuffle SEED FROM TO`. For measuring: no person's rows stand together afterwards.
//!
//! Each line goes to one of many heaps at random; then one heap after another is shuffled in memory and written. Every
//! order of the lines is as likely as any other, as far as the dice are fair. The heaps stand beside `TO` until they are
//! written, so that the disk must hold the file three times. A heap takes about 32 MB.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;

/// About how many bytes a heap takes.
const HEAP: u64 = 32 << 20;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [seed, from, to] = words.as_slice() else {
        eprintln!("usage: shuffle SEED FROM TO");
        std::process::exit(2);
    };
    let seed: u64 = seed.parse().expect("a seed");
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    // By multiplication: every draw costs one word, and the bias is below `end` / 2^64.
    let mut below = |end: u64| ((u128::from(dice.next_u64()) * u128::from(end)) >> 64) as u64;

    let count = (fs::metadata(from).unwrap().len() / HEAP + 1).min(900);
    let heap = |at: u64| PathBuf::from(format!("{to}.heap-{at}"));
    let mut heaps: Vec<BufWriter<File>> =
        (0..count).map(|at| BufWriter::with_capacity(1 << 16, File::create(heap(at)).unwrap())).collect();
    let mut input = BufReader::with_capacity(1 << 20, File::open(from).unwrap());
    let (mut line, mut lines) = (Vec::new(), 0_u64);
    while input.read_until(b'\n', &mut line).unwrap() > 0 {
        heaps[below(count) as usize].write_all(&line).unwrap();
        lines += 1;
        line.clear();
    }
    for heap in heaps {
        heap.into_inner().unwrap();
    }

    let mut out = BufWriter::with_capacity(1 << 20, File::create(to).unwrap());
    for at in 0..count {
        let bytes = fs::read(heap(at)).unwrap();
        fs::remove_file(heap(at)).unwrap();
        let mut order: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        for last in (1..order.len()).rev() {
            order.swap(last, below(last as u64 + 1) as usize);
        }
        for line in order {
            out.write_all(line).unwrap();
        }
    }
    out.flush().unwrap();
    println!("{lines} lines");
}
