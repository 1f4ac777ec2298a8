//! `la-index`: a large county's index. CSV, one line for each charge.

use std::io::Write;

use super::line::{Outcome, Written, WrittenCharge, sentence, slashed, whole_name};
use super::{CourtError, Format};
use crate::calendar::push_number;

const COLUMNS: [&str; 20] = [
    "CASE_NUMBER",
    "COURT_CODE",
    "DEF_NO",
    "DEFENDANT_NAME",
    "DOB",
    "SEX",
    "RACE",
    "CII",
    "FILING_DATE",
    "VIOLATION_DATE",
    "COUNT_NO",
    "CHARGE_CODE",
    "CHARGE_STATUTE",
    "SEVERITY",
    "PLEA",
    "DISPO_CODE",
    "DISPO_DATE",
    "SENTENCE",
    "POST_DISPO_CODE",
    "POST_DISPO_DATE",
];

/// Pages before this year have dates with two digits for the year.
const LONG_DATES_SINCE: i16 = 1986;

/// The file as it grows.
pub(crate) struct Index<'a> {
    file: csv::Writer<&'a mut dyn Write>,
    line: u64,
}

impl<'a> Index<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Result<Self, CourtError> {
        let mut file = csv::Writer::from_writer(out);
        file.write_record(COLUMNS)?;
        Ok(Self { file, line: 1 })
    }
}

impl Format for Index<'_> {
    fn case(&mut self, case: &Written) -> Result<Vec<Option<u64>>, CourtError> {
        let short = case.on.year() < LONG_DATES_SINCE;
        let two = |number: u32| {
            let mut text = String::new();
            push_number(&mut text, number, 2);
            text
        };
        let mut lines = Vec::new();
        for (at, defendant) in case.defendants.iter().enumerate() {
            let party = &defendant.party;
            for charge in &defendant.charges {
                let relief = charge.relief.iter().rev().find_map(|one| Some((code(one.by)?, one.on)));
                let (plea, disposition) = words(charge);
                self.file.write_record([
                    &*case.number_of(at),
                    &case.court.code,
                    &two(at as u32 + 1),
                    &whole_name(&party.name),
                    &slashed(party.birth, short),
                    party.sex,
                    party.race,
                    &party.cii,
                    &slashed(case.filed, short),
                    &slashed(charge.offence_date, short),
                    &two(charge.number.into()),
                    charge.code,
                    &charge.section,
                    charge.level,
                    plea,
                    disposition,
                    &slashed(charge.disposed, short),
                    &sentence(&charge.sentence),
                    relief.map_or("", |(code, _)| code),
                    &slashed(relief.map(|(_, on)| on), false),
                ])?;
                self.line += 1;
                lines.push(Some(self.line));
            }
        }
        Ok(lines)
    }

    fn finish(&mut self) -> Result<(), CourtError> {
        self.file.flush()?;
        Ok(())
    }
}

/// The codes of later reliefs. The index has none for a resentencing under PC 1170.18.
fn code(by: &str) -> Option<&'static str> {
    Some(match by {
        "PC 1203.4" => "12034",
        "PC 17(b)" => "17B",
        "HS 11361.8" => "P64",
        _ => return None,
    })
}

/// Plea and disposition.
fn words(charge: &WrittenCharge) -> (&'static str, &'static str) {
    let (plea, disposition) = match charge.outcome {
        Outcome::Guilty => ("G", "CNV"),
        Outcome::NoContest => ("NC", "CNV"),
        Outcome::Verdict => ("NG", "CJT"),
        Outcome::Dismissed => ("NG", "DIS"),
        Outcome::Interest => ("NG", "DIJ"),
        Outcome::Acquitted => ("NG", "ACQ"),
        Outcome::Diverted => ("NG", "DIV"),
    };
    (plea, if charge.silent { "" } else { disposition })
}
