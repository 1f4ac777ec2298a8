//! `vacatur verify`.

use super::decide::{data, program_hash};
use crate::args::Verify;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::fmt::Write;
use std::process::ExitCode;
use vacatur_eligibility::shelf;
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_pipeline::{MadeAgain, Place, Program, Sample, Sampled, Signers, Verified, verify};
use vacatur_statutes::Statutes;

/// How many names of a kind are shown.
const SHOWN: usize = 20;

pub(crate) fn run(args: &Verify) -> Result<ExitCode, Failure> {
    let layout = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let signers = args.signer.as_deref().map(Signers::read).transpose()?;
    let blake3 = program_hash();
    let bar = Bar::new(args.quiet);
    let verified = verify(
        vacatur_pipeline::Verify {
            run: &args.run,
            inputs: args.inputs.as_deref(),
            scratch: args.scratch.as_deref(),
            sample: args.sample.map(|people| Sample { people, seed: args.seed }),
            signers: signers.as_ref(),
            threads: args
                .threads
                .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            layout: &layout,
            words: &words,
            statutes: Statutes::us_ca()?,
            counties: shelf::counties().map(str::to_owned).collect(),
            data: &data(),
            program: Program { version: env!("CARGO_PKG_VERSION"), blake3: &blake3 },
        },
        &bar,
    )?;
    drop(bar);
    if args.json {
        let json = serde_json::to_string_pretty(&verified).map_err(Failure::said)?;
        screen::print(&format!("{json}\n"))?;
    } else {
        screen::print(&said(&verified))?;
    }
    Ok(if verified.verified { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What the user is told.
fn said(verified: &Verified) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        // Writing to memory cannot fail.
        let _ = writeln!(text, "{words}");
    };
    if let Some(by) = &verified.signed_by {
        line(format!("Signature: good, by {} with the key {}.", by.name, by.fingerprint));
    }
    if let Some(bad) = &verified.bad_signature {
        line(format!("Signature: NOT GOOD: {bad}."));
    }
    let folder = &verified.folder;
    if folder.is_sound() {
        line(format!(
            "Folder: all {} files are as the manifest lists them, and there are no others.",
            folder.listed
        ));
    } else {
        line("Folder: NOT as the run left it:".into());
        for (names, what) in [
            (&folder.changed, "was changed"),
            (&folder.missing, "is missing"),
            (&folder.not_listed, "is not of this run"),
        ] {
            names.iter().take(SHOWN).for_each(|name| line(format!("  {name} {what}")));
            if names.len() > SHOWN {
                line(format!("  and {} more", names.len() - SHOWN));
            }
        }
    }
    if let Some(made) = &verified.made_again {
        made_again(made, &mut line);
    }
    if let Some(sampled) = &verified.sampled {
        sample(sampled, &mut line);
    }
    if let Some(why) = &verified.not_made_again {
        line(format!("The run was not made again: {why}."));
    }
    for remark in &verified.remarks {
        line(format!("Note: {remark}."));
    }
    line(
        match (verified.verified, &verified.sampled) {
            (true, None) => "VERIFIED: the run is what its inputs and its policy give.",
            (true, Some(_)) => "VERIFIED, as far as these people go.",
            (false, _) => "NOT VERIFIED.",
        }
        .into(),
    );
    text
}

fn made_again(made: &MadeAgain, line: &mut impl FnMut(String)) {
    let (people, determinations) = (made.people, made.determinations);
    if made.is_same() {
        line(format!(
            "Made again: {} files came out the same to the byte: {determinations} determinations, {people} people.",
            made.same
        ));
    } else {
        line(format!(
            "Made again: {} files came out the same to the byte, {} NOT:",
            made.same,
            made.different.len()
        ));
    }
    for one in made.different.iter().take(SHOWN) {
        line(format!("  {}: {}{}", one.name, one.what, one.place.as_ref().map(place).unwrap_or_default()));
    }
    for name in &made.not_compared {
        let why = if name == "standard-input" {
            "it is itself the input"
        } else {
            "the lines that were rejected are not at hand"
        };
        line(format!("  {name} was not made again, but compared with the manifest: {why}"));
    }
}

fn place(place: &Place) -> String {
    let Place { offset, line, lines, bytes: (run, again) } = place;
    let at = line.map(|line| format!("line {line}, ")).unwrap_or_default();
    let lines = match lines {
        Some(1) => "; 1 line differs".to_owned(),
        Some(lines) => format!("; {lines} lines differ"),
        None => String::new(),
    };
    let length = if run == again {
        String::new()
    } else {
        format!("; {run} bytes in the run, {again} when made again")
    };
    format!(" (first at {at}byte {offset}{lines}{length})")
}

fn sample(sampled: &Sampled, line: &mut impl FnMut(String)) {
    let Sampled {
        seed,
        people,
        people_same,
        determinations,
        determinations_same,
        questions,
        questions_same,
        ..
    } = sampled;
    line(format!(
        "Decided again (seed {seed}): {people_same} of {people} people came out the same to the byte: {determinations_same} of {determinations} determinations, {questions_same} of {questions} open questions."
    ));
    for one in &sampled.differences {
        line(format!("  {one}"));
    }
}
