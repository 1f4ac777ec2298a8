//! `case-export`: what a modern case management system gives out. JSON lines, one object for each case.

use std::io::Write;

use jiff::civil::Date;
use serde::Serialize;

use super::line::{Outcome, Written, WrittenCharge};
use super::{CourtError, Format};
use crate::names::Parts;

/// The file as it grows.
pub(crate) struct Export<'a> {
    out: &'a mut dyn Write,
    line: u64,
    bytes: Vec<u8>,
}

impl<'a> Export<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, line: 0, bytes: Vec::new() }
    }
}

macro_rules! objects {
    ($($name:ident { $($(#[$about:meta])* $field:ident: $kind:ty),+ $(,)? })+) => {$(
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct $name<'a> { $($(#[$about])* $field: $kind),+ }
    )+};
}

objects! {
    Object {
        case_number: String, court: Court<'a>, filed_date: Option<String>, parties: Vec<Person<'a>>,
        charges: Vec<Charge<'a>>,
    }
    Court { code: &'a str, ori: &'a str }
    Person {
        party_number: usize, last_name: &'a str, first_name: &'a str, middle_name: &'a str, suffix: &'a str,
        date_of_birth: Option<String>, gender: &'a str, race: &'a str, state_id: &'a str, ssn_last4: &'a str,
        driver_license: &'a str, zip: &'a str, aliases: Vec<Name<'a>>, booking_number: &'a str,
    }
    Name { last_name: &'a str, first_name: &'a str, middle_name: &'a str, suffix: &'a str }
    Charge {
        party_number: usize, count: u16, code: &'a str, section: &'a str, description: &'a str, degree: &'a str,
        offense_date: Option<String>, dispositions: Vec<Disposition<'a>>, sentence: Vec<Sentence<'a>>,
        relief: Vec<Relief<'a>>,
    }
    Disposition {
        date: Option<String>, #[serde(rename = "type")] kind: &'a str, amended_section: Option<String>,
    }
    Sentence { #[serde(rename = "type")] kind: &'a str, length: Option<u32>, unit: Option<&'a str> }
    Relief { #[serde(rename = "type")] kind: &'a str, date: Option<String> }
}

impl Format for Export<'_> {
    fn case(&mut self, case: &Written) -> Result<Vec<Option<u64>>, CourtError> {
        self.line += 1;
        let mut places = Vec::new();
        let (mut parties, mut charges) = (Vec::new(), Vec::new());
        for (at, defendant) in case.defendants.iter().enumerate() {
            let party = &defendant.party;
            let Parts { last, first, middle, suffix } = &party.name;
            parties.push(Person {
                party_number: at + 1,
                last_name: last,
                first_name: first,
                middle_name: middle,
                suffix,
                date_of_birth: iso(party.birth),
                gender: party.sex,
                race: party.race,
                state_id: &party.cii,
                ssn_last4: &party.ssn_last_four,
                driver_license: &party.licence,
                zip: &party.zip,
                aliases: party.also.iter().map(name).collect(),
                booking_number: &party.booking,
            });
            for written in &defendant.charges {
                charges.push(charge(at + 1, written));
                places.push(Some(self.line));
            }
        }
        let court = Court { code: &case.court.code, ori: &case.court.ori };
        let object =
            Object { case_number: case.number_of(0), court, filed_date: iso(case.filed), parties, charges };
        self.bytes.clear();
        serde_json::to_writer(&mut self.bytes, &object)?;
        self.bytes.push(b'\n');
        self.out.write_all(&self.bytes)?;
        Ok(places)
    }

    fn finish(&mut self) -> Result<(), CourtError> {
        self.out.flush()?;
        Ok(())
    }
}

fn name(parts: &Parts) -> Name<'_> {
    let Parts { last, first, middle, suffix } = parts;
    Name { last_name: last, first_name: first, middle_name: middle, suffix }
}

fn iso(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn charge(party_number: usize, charge: &WrittenCharge) -> Charge<'_> {
    // The charge stands first, and what the person was convicted of with the disposition.
    let (code, section, amended_section) = match &charge.charged {
        Some((code, section)) if !charge.section.is_empty() => {
            (*code, section.as_str(), Some(format!("{} {}", charge.code, charge.section)))
        }
        _ => (charge.code, charge.section.as_str(), None),
    };
    let kind = match charge.outcome {
        Outcome::Guilty => "Plea - Guilty",
        Outcome::NoContest => "Plea - Nolo Contendere",
        Outcome::Verdict => "Verdict - Guilty",
        Outcome::Dismissed => "Dismissed",
        Outcome::Interest => "Dismissed - 1385 PC",
        Outcome::Acquitted => "Acquitted",
        Outcome::Diverted => "Diversion Completed",
    };
    let disposition = Disposition { date: iso(charge.disposed), kind, amended_section };
    Charge {
        party_number,
        count: charge.number,
        code,
        section,
        description: charge.words,
        degree: charge.level,
        offense_date: iso(charge.offence_date),
        dispositions: if charge.silent { Vec::new() } else { vec![disposition] },
        sentence: charge
            .sentence
            .iter()
            .map(|part| Sentence {
                kind: match part.place {
                    'J' => "Jail",
                    'P' => "Probation",
                    'S' => "Prison",
                    _ => "Fine",
                },
                length: (part.length > 0).then_some(part.length),
                unit: (part.length > 0).then_some(match part.unit {
                    'D' => "Days",
                    'M' => "Months",
                    _ => "Years",
                }),
            })
            .collect(),
        relief: charge
            .relief
            .iter()
            .filter_map(|one| Some(Relief { kind: words(one.by)?, date: iso(Some(one.on)) }))
            .collect(),
    }
}

/// The words of later reliefs. The system has none for a resentencing under PC 1170.18.
fn words(by: &str) -> Option<&'static str> {
    Some(match by {
        "PC 1203.4" => "Dismissed - 1203.4 PC",
        "PC 17(b)" => "Reduced - 17(b) PC",
        "HS 11361.8" => "Dismissed - HS 11361.8",
        _ => return None,
    })
}
