//! A county court's file of the population's people, with the truth beside it.
//!
//! The court files cases, and knows of a defendant what a clerk typed on that day. Its file holds the cases of the
//! population's people in one county, with the court's own errors; cases that the state was never told of; cases of people
//! whom the state does not know. A [`CourtProfile`] says how often which. The state's file does not change with it.

mod clerk;
mod defect;
mod docket;
mod export;
mod index;
mod line;
mod profile;
mod sheet;
mod truth;

use std::collections::BTreeMap;
use std::io::{self, Write};

pub use defect::CourtDefect;
pub use profile::CourtProfile;
pub use truth::COURT_TRUTH_COLUMNS;

use crate::calendar::push_number;
use crate::life::Place;
use crate::lists::lists;
use crate::population::Population;
use crate::random::Dice;
use clerk::Clerk;
use docket::{Case, Docket};
use line::{Written, WrittenDefendant};

/// A form of a court's file. `layouts/us-ca/courts/` says how each is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CourtFormat {
    /// `la-index`: CSV, one line for each charge.
    Index,
    /// `case-export`: JSON lines, one object for each case.
    Export,
    /// `da-tracking`: an Excel sheet, one row for each case, with three charges at most.
    Sheet,
    /// `da-tracking-csv`: the same as CSV.
    SheetCsv,
}

impl CourtFormat {
    /// The names, as [`CourtFormat::named`] takes them.
    #[must_use]
    pub fn names() -> &'static [&'static str] {
        &["la-index", "case-export", "da-tracking", "da-tracking-csv"]
    }

    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "la-index" => Self::Index,
            "case-export" => Self::Export,
            "da-tracking" => Self::Sheet,
            "da-tracking-csv" => Self::SheetCsv,
            _ => return None,
        })
    }
}

/// Why a court's file was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CourtError {
    /// No county of California has this name.
    #[error("`{0}` is no county of California")]
    County(String),
    /// A writer failed.
    #[error("writing failed: {0}")]
    Write(#[from] io::Error),
    /// More rows than an Excel sheet can hold.
    #[error(
        "there are more cases than the 1,048,574 rows of an Excel sheet; choose `da-tracking-csv` or fewer people"
    )]
    SheetFull,
    /// The Excel file could not be made.
    #[error("the Excel file could not be made: {0}")]
    Excel(#[from] rust_xlsxwriter::XlsxError),
    /// The JSON could not be made.
    #[error("the JSON could not be made: {0}")]
    Json(#[from] serde_json::Error),
    /// The CSV could not be made.
    #[error("the CSV could not be made: {0}")]
    Csv(#[from] csv::Error),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CourtTotals {
    /// Cases; one with two defendants counts once.
    pub cases: u64,
    /// Defendants of cases.
    pub defendants: u64,
    /// Charges, which is lines of the truth without its header.
    pub charges: u64,
    /// Convictions that stand in the state's file too.
    pub convictions_in_state: u64,
    /// Convictions of people who are in the state's file, which has not got them.
    pub convictions_missing: u64,
    /// Convictions of people of whom the state's file has nothing.
    pub convictions_of_unknown: u64,
}

/// A court of a county, as its code in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Courthouse {
    /// `SC00`: superior or municipal court, and the number of the town.
    pub code: String,
    /// As the state's file writes it in `STP_ORI_CODE`.
    pub ori: String,
    /// As the state's file writes it in `STP_ORI_DESCR`.
    pub name: String,
}

/// The courts of a county, superior ones first; none if there is no such county.
#[must_use]
pub fn courthouses(county: &str) -> Vec<Courthouse> {
    let Some(at) = lists().counties.iter().position(|one| one.name == county) else { return Vec::new() };
    let towns = lists().counties.get(at).map_or(0, |county| county.towns.len());
    ["SC", "MC"]
        .into_iter()
        .flat_map(|agency| (0..towns).map(move |town| Place { county: at as u16, town: town as u16, agency }))
        .map(courthouse)
        .collect()
}

fn courthouse(place: Place) -> Courthouse {
    let mut code = place.agency.to_owned();
    push_number(&mut code, place.town.into(), 2);
    let county = lists().counties.get(usize::from(place.county));
    let town = county.and_then(|county| county.towns.get(usize::from(place.town))).copied().unwrap_or("");
    let name = if place.agency == "MC" { town } else { county.map_or("", |county| county.name) };
    Courthouse { code, ori: place.ori(), name: format!("CA{}{name}", place.agency) }
}

/// Writes one case in a format. What comes back is the line or row of each charge, in order of defendants and charges;
/// nothing for a charge that the format does not tell of.
trait Format {
    fn case(&mut self, case: &Written) -> Result<Vec<Option<u64>>, CourtError>;
    fn finish(&mut self) -> Result<(), CourtError>;
}

/// Writes the court's file of a county to `out` and the truth to `truth`, and tells `progress` now and then how many people
/// are done.
///
/// The order of the cases has nothing to do with the order of the people. The file does not depend on the format: the
/// same profile makes the same people, cases and errors in each of them.
///
/// # Errors
/// When there is no such county, a writer fails, or there are more rows than an Excel sheet has.
pub fn write_court(
    population: &Population,
    county: &str,
    profile: &CourtProfile,
    format: CourtFormat,
    out: &mut dyn Write,
    truth: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<CourtTotals, CourtError> {
    let at = lists().counties.iter().position(|one| one.name == county);
    let at = at.ok_or_else(|| CourtError::County(county.to_owned()))?;
    let docket = Docket::new(population, at, profile);
    let mut file: Box<dyn Format + '_> = match format {
        CourtFormat::Index => Box::new(index::Index::new(out)?),
        CourtFormat::Export => Box::new(export::Export::new(out)),
        CourtFormat::Sheet => Box::new(sheet::Sheet::excel(out, county, docket.end())?),
        CourtFormat::SheetCsv => Box::new(sheet::Sheet::csv(out, county, docket.end())?),
    };
    let mut totals = CourtTotals::default();
    let mut held: BTreeMap<(u64, u64), (Case, Written)> = BTreeMap::new();
    let mut lines = format!("{COURT_TRUTH_COLUMNS}\n");
    let people = docket.people();
    let step = step(people);
    for n in 0..people {
        // Round a circle in steps that have no divisor in common with it: everybody comes once, and no two neighbours.
        let person = (u128::from(n) * u128::from(step) % u128::from(people)) as u64;
        let mut dice = docket.dice(person);
        for (at, case) in docket.cases(person, &mut dice).into_iter().enumerate() {
            let written = write_down(&case, profile, &docket, &mut dice);
            // A person's cases do not stand together: each one waits for some people's more.
            let later = n + 1 + u64::from(dice.below(REACH));
            held.insert((later, person << 16 | at as u64), (case, written));
        }
        while let Some(entry) = held.first_entry().filter(|entry| entry.key().0 <= n || n + 1 == people) {
            let (case, written) = entry.remove();
            let places = file.case(&written)?;
            truth::push(&mut lines, &case, &written, &places, &mut totals);
        }
        truth.write_all(lines.as_bytes())?;
        lines.clear();
        if n % 512 == 511 {
            progress(n + 1);
        }
    }
    truth.write_all(lines.as_bytes())?;
    file.finish()?;
    drop(file);
    progress(people);
    truth.flush()?;
    Ok(totals)
}

/// How many people later a case comes at most: what is held back stays small however large the file is.
const REACH: u32 = 2_000;

/// A step about .618 of the way round that has no divisor in common with the circle.
fn step(people: u64) -> u64 {
    let divisor = |mut a: u64, mut b: u64| {
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let first = (people * 618 / 1000).max(1);
    (first..=first + people).find(|step| divisor(*step, people) == 1).unwrap_or(1)
}

fn write_down(case: &Case, profile: &CourtProfile, docket: &Docket<'_>, dice: &mut Dice) -> Written {
    let court = courthouse(case.place);
    let clean = line::clean(&case.number);
    let mut clerk = Clerk { profile, dice, marks: Vec::new(), docket };
    let bare = line::without_suffix(&case.number);
    let number = clerk.number(bare, &court.code, case.on);
    let suffixed = clerk.does(CourtDefect::NumberSuffixed);
    let filed = (!clerk.does(CourtDefect::FiledBlank)).then_some(case.filed);
    let of_case = std::mem::take(&mut clerk.marks);
    let defendants = case
        .defendants
        .iter()
        .map(|who| {
            let party = clerk.party(case, who);
            let of_party = std::mem::take(&mut clerk.marks);
            let charges = who.counts.iter().map(|count| clerk.charge(count, &of_case, &of_party)).collect();
            WrittenDefendant { party, charges }
        })
        .collect();
    Written { number, suffixed, clean, court, filed, on: case.on, defendants }
}
