//! Reads court files by a layout and says what became of their rows: `cargo run --example court -- la-index FILE…`.
//! With `infer` for a layout, drafts one. Nothing of a person is printed.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use vacatur_ingest::court::{CourtLayout, infer, read};
use vacatur_ingest::source::Input;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let layout = words.next().unwrap_or_default();
    let inputs: Vec<Input> = words.map(|word| Input::named(Path::new(&word))).collect();
    match run(&layout, &inputs) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(layout: &str, inputs: &[Input]) -> Result<(), Box<dyn std::error::Error>> {
    let scratch = std::env::temp_dir();
    if layout == "infer" {
        let input = inputs.first().ok_or("name a file")?;
        print!("{}", infer(input, &scratch)?.toml);
        return Ok(());
    }
    let layout = CourtLayout::named(layout)?;
    let begun = Instant::now();
    let mut convictions = 0_u64;
    let account = read(inputs, &layout, &scratch, &mut |case| {
        convictions += case.charges.iter().filter(|charge| charge.is_conviction()).count() as u64;
    })?;
    println!("{} rows, {} used, {} rejects", account.rows, account.used, account.rejects.len());
    println!("{} cases, {} charges, {convictions} convictions", account.cases, account.charges);
    println!("{} repeated, {} case numbers of no known form", account.repeated, account.odd_numbers);
    for reject in account.rejects.iter().take(20) {
        println!("line {}: {}", reject.place.line, reject.reason);
    }
    for code in &account.unlisted {
        println!("{} {}: {}", code.list, code.code.as_deref().unwrap_or("(not shown)"), code.count);
    }
    for gap in &account.gaps {
        println!("{} {}: {}", gap.column, gap.gap.word(), gap.count);
    }
    println!("{:.2} s", begun.elapsed().as_secs_f64());
    Ok(())
}
