//! `vacatur synth`.

use crate::args::Synth;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vacatur_policy::nearest;
use vacatur_synth::{Encoding, ExtractOptions, Population, Profile, Totals, write_extract};

pub(crate) fn run(args: &Synth) -> Result<ExitCode, Failure> {
    let profile = Profile::named(&args.profile).ok_or_else(|| {
        let near = nearest(&args.profile, Profile::names().iter().copied());
        let hint = near.map_or_else(
            || format!("they are {}", Profile::names().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::said(format_args!("there is no profile `{}`; {hint}", args.profile))
    })?;
    let truth = args.truth.clone().unwrap_or_else(|| {
        let mut name = args.out.clone().into_os_string();
        name.push(".truth.csv");
        PathBuf::from(name)
    });
    let encoding = if args.windows_1252 { Encoding::Windows1252 } else { Encoding::Utf8 };
    let options = ExtractOptions { encoding, scatter: args.scatter, ..ExtractOptions::default() };
    let bar = Bar::new(args.quiet);
    let totals = write(profile, args.seed, args.people, &args.out, &truth, &options, &bar)?;
    bar.done();
    screen::print(&format!(
        "{} people, {} rows, {} bytes to {}\nthe truth of {} counts to {}\n",
        totals.people,
        totals.rows,
        totals.bytes,
        args.out.display(),
        totals.counts,
        truth.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes an extract and its truth.
pub(crate) fn write(
    profile: Profile,
    seed: u64,
    people: u64,
    out: &Path,
    truth: &Path,
    options: &ExtractOptions,
    bar: &Bar,
) -> Result<Totals, Failure> {
    let population = Population::new(profile, seed, people);
    let (mut file, mut truth_file) = (create(out)?, create(truth)?);
    bar.people(people);
    let failed =
        |error: std::io::Error| Failure::said(format_args!("{}: writing failed: {error}", out.display()));
    let totals = write_extract(&population, &mut file, &mut truth_file, options, &mut |done| bar.at(done))
        .map_err(failed)?;
    for file in [file, truth_file] {
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
    }
    Ok(totals)
}

/// A new file; one that exists is left alone.
fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| {
        let hint = if error.kind() == std::io::ErrorKind::AlreadyExists {
            "; choose another name, or remove it first"
        } else {
            ""
        };
        Failure::said(format_args!("{}: {error}{hint}", path.display()))
    })?;
    Ok(BufWriter::with_capacity(1 << 18, file))
}
