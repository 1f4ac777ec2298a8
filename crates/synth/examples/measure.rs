//! Measures a profile, or shows its rows:
//! `cargo run --release -p vacatur-synth --example measure -- county 20000`
//! `cargo run -p vacatur-synth --example measure -- hostile 5 file | less`

use std::io::{self, Write};
use std::time::Instant;

use vacatur_synth::{ExtractOptions, Population, Profile, write_extract};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "county".to_owned());
    let people = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
    let profile = Profile::named(&name).ok_or_else(|| format!("the profiles are {:?}", Profile::names()))?;
    let population = Population::new(profile, 1, people);
    let (mut file, mut truth): (Box<dyn Write>, Box<dyn Write>) = match arguments.next().as_deref() {
        Some("file") => (Box::new(io::stdout().lock()), Box::new(io::sink())),
        Some("truth") => (Box::new(io::sink()), Box::new(io::stdout().lock())),
        _ => (Box::new(io::sink()), Box::new(io::sink())),
    };
    let start = Instant::now();
    let totals = write_extract(&population, &mut file, &mut truth, &ExtractOptions::default(), &mut |_| {})?;
    let seconds = start.elapsed().as_secs_f64();
    let per = |a: u64, b: u64| a as f64 / b.max(1) as f64;
    eprintln!("{totals:?}");
    eprintln!(
        "{:.1} rows a person, {:.0} bytes a row, {:.0} rows a second, {:.0} MB a second",
        per(totals.rows, totals.people),
        per(totals.bytes, totals.rows),
        totals.rows as f64 / seconds,
        totals.bytes as f64 / seconds / 1e6,
    );
    Ok(())
}
