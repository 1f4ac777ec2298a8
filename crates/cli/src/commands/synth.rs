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
use vacatur_synth::{
    CourtError, CourtFormat, CourtProfile, CourtTotals, Encoding, ExtractOptions, Population, Profile,
    Totals, courthouses, write_court, write_extract,
};

pub(crate) fn run(args: &Synth) -> Result<ExitCode, Failure> {
    let profile =
        Profile::named(&args.profile).ok_or_else(|| unknown("profile", &args.profile, Profile::names()))?;
    let court = court(args, &profile)?;
    let truth = args.truth.clone().unwrap_or_else(|| beside(&args.out));
    let encoding = if args.windows_1252 { Encoding::Windows1252 } else { Encoding::Utf8 };
    let options = ExtractOptions { encoding, scatter: args.scatter, ..ExtractOptions::default() };
    let bar = Bar::new(args.quiet);
    let totals = write(profile.clone(), args.seed, args.people, &args.out, &truth, &options, &bar)?;
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
    if let Some(court) = court {
        let population = Population::new(profile, args.seed, args.people);
        let bar = Bar::new(args.quiet);
        bar.people(args.people);
        let totals = court.write(&population, &bar)?;
        bar.done();
        screen::print(&format!(
            "{} cases and {} charges of a court to {}\nthe truth of them to {}: of the convictions, {} are in the state's \
             file, {} are missing there, {} are of people whom it does not know\n",
            totals.cases,
            totals.charges,
            court.out.display(),
            court.truth.display(),
            totals.convictions_in_state,
            totals.convictions_missing,
            totals.convictions_of_unknown
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What `--court` asks for.
struct Court {
    format: CourtFormat,
    profile: CourtProfile,
    county: String,
    out: PathBuf,
    truth: PathBuf,
}

/// Looks at everything that `--court` names before anything is written.
fn court(args: &Synth, profile: &Profile) -> Result<Option<Court>, Failure> {
    let (Some(format), Some(out)) = (&args.court, &args.court_out) else { return Ok(None) };
    let county = args.court_county.as_deref().unwrap_or(profile.main_county()).to_uppercase();
    if courthouses(&county).is_empty() {
        return Err(Failure::said(CourtError::County(county)));
    }
    Ok(Some(Court {
        format: CourtFormat::named(format)
            .ok_or_else(|| unknown("format of a court's file", format, CourtFormat::names()))?,
        profile: CourtProfile::named(&args.court_profile)
            .ok_or_else(|| unknown("court profile", &args.court_profile, CourtProfile::names()))?,
        county,
        out: out.clone(),
        truth: args.court_truth.clone().unwrap_or_else(|| beside(out)),
    }))
}

impl Court {
    fn write(&self, population: &Population, bar: &Bar) -> Result<CourtTotals, Failure> {
        let failed = |error: CourtError| Failure::said(format_args!("{}: {error}", self.out.display()));
        let (mut file, mut truth) = (create(&self.out)?, create(&self.truth)?);
        let totals = write_court(
            population,
            &self.county,
            &self.profile,
            self.format,
            &mut file,
            &mut truth,
            &mut |done| bar.at(done.min(population.people())),
        )
        .map_err(failed)?;
        for file in [file, truth] {
            let file = file.into_inner().map_err(|error| failed(error.into_error().into()))?;
            file.sync_all().map_err(|error| failed(error.into()))?;
        }
        Ok(totals)
    }
}

/// The truth's file where none is named.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".truth.csv");
    PathBuf::from(name)
}

fn unknown(what: &str, name: &str, names: &[&str]) -> Failure {
    let near = nearest(name, names.iter().copied());
    let hint = near
        .map_or_else(|| format!("they are {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
    Failure::said(format_args!("there is no {what} `{name}`; {hint}"))
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
