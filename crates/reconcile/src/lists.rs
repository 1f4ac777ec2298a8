//! The tables that people work from.

use crate::identity::name_of;
use crate::matching::{Differs, Doubt};
use crate::offence::Offences;
use crate::standing::{Standing, Status, date, level, or_as_written, words};
use crate::table::Table;
use crate::who::{SHOWN, Who};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::collections::BTreeMap;
use vacatur_pipeline::{Folder, RunError};
use vacatur_records::{CountOrder, CourtCase, CourtCharge};

/// What tables are written from.
pub(crate) struct Lists<'l> {
    pub(crate) cases: &'l [CourtCase],
    pub(crate) names: &'l [String],
    pub(crate) seat: &'l dyn Fn(u32) -> (String, String, String),
    pub(crate) who: &'l [Who],
    pub(crate) standings: &'l [Vec<Standing>],
    /// The subject number under which a case's person stands, in the state's file or among the added rows.
    pub(crate) subject: &'l dyn Fn(u32) -> String,
    /// The subject number and the CII number of somebody in the state's file.
    pub(crate) state: &'l dyn Fn(u32) -> (String, String),
    /// The order under which a charge was added.
    pub(crate) added: &'l FxHashMap<(u32, usize), CountOrder>,
}

/// How the court's convictions stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CourtTally {
    /// By status, in its word.
    pub by_status: BTreeMap<&'static str, u64>,
    /// Those of which it cannot be told, by the reason.
    pub cannot_tell: BTreeMap<&'static str, u64>,
    /// What differs, of those that the state has; one conviction may differ in several ways.
    pub differs: BTreeMap<&'static str, u64>,
    /// By level, those that the state does not have, `case_missing` and `person_unknown` together.
    pub missing_by_level: BTreeMap<&'static str, u64>,
    /// By decade of the conviction, the same.
    pub missing_by_decade: BTreeMap<String, u64>,
}

const COURT_COLUMNS: [&str; 24] = [
    "file",
    "line",
    "court",
    "case_number",
    "defendant",
    "name",
    "birth_date",
    "count",
    "section",
    "level",
    "conviction_date",
    "disposition",
    "status",
    "why",
    "differs",
    "subject_id",
    "cii_number",
    "state_cnt_order",
    "link",
    "link_weight",
    "candidates",
    "added_subject_id",
    "added_cnt_order",
    "offence_date",
];

/// Lines for somebody to work from.
const WORK_COLUMNS: [&str; 14] = [
    "what",
    "case_number",
    "court",
    "name",
    "birth_date",
    "count",
    "section",
    "level",
    "conviction_date",
    "subject_id",
    "cii_number",
    "state_cnt_order",
    "why",
    "evidence",
];

impl Lists<'_> {
    /// Every conviction of the court's file with where it stands, and the three work lists.
    pub(crate) fn write(
        &self,
        folder: &mut Folder<'_>,
        offences: &mut Offences<'_>,
    ) -> Result<CourtTally, RunError> {
        let mut tally = CourtTally::default();
        let mut all = Table::begin(folder, "court-convictions.csv", &COURT_COLUMNS)?;
        let mut prosecutor = Table::begin(folder, "for-the-prosecutor.csv", &WORK_COLUMNS)?;
        let mut court = Table::begin(folder, "for-the-court.csv", &WORK_COLUMNS)?;
        let mut state = Table::begin(folder, "for-the-state.csv", &WORK_COLUMNS)?;
        for (number, case) in self.cases.iter().enumerate() {
            let number = number as u32;
            let standings = self.standings.get(number as usize).map_or(&[][..], Vec::as_slice);
            for (at, (charge, standing)) in case.charges.iter().zip(standings).enumerate() {
                let tells = standing
                    .differs
                    .iter()
                    .any(|one| matches!(one, Differs::Disposition | Differs::ReliefNotReported(_)));
                if !charge.is_conviction() && !tells {
                    continue;
                }
                if charge.is_conviction() {
                    count(&mut tally, charge, standing);
                    all.row(&self.line(number, case, (at, charge), standing, offences))?;
                }
                let mut work = |table: &mut Table, what: &str| {
                    table.row(&self.work(what, number, case, charge, standing, offences))
                };
                match standing.status {
                    Status::CaseMissing if standing.why.is_some() => {
                        work(
                            &mut prosecutor,
                            "missing from the state's file, whoever the person is: find out who",
                        )?;
                        work(&mut state, "report the disposition; it is not known of whom")?;
                    }
                    Status::CaseMissing => {
                        work(&mut prosecutor, "missing from the state's file: the person is there")?;
                        work(&mut state, "report the disposition")?;
                    }
                    Status::PersonUnknown => {
                        work(&mut prosecutor, "missing from the state's file: the person is not there")?;
                        work(&mut state, "report the disposition; no record of the person was found")?;
                    }
                    Status::CannotTell => work(&mut prosecutor, "find out who or which it is")?,
                    Status::InState => {}
                }
                for differs in &standing.differs {
                    match differs {
                        Differs::ReliefNotReported(_) => work(&mut state, "record the relief")?,
                        Differs::ReliefNotInCourt(_) => {
                            work(&mut court, "the state shows a relief: is it in the court's record?")?;
                        }
                        _ => {
                            work(&mut court, &format!("the records differ: {}", differs.word()))?;
                            work(&mut state, &format!("the records differ: {}", differs.word()))?;
                        }
                    }
                }
            }
        }
        for table in [all, prosecutor, court, state] {
            table.finish(folder)?;
        }
        Ok(tally)
    }

    fn file(&self, case: &CourtCase) -> &str {
        self.names.get(case.file as usize).map_or("", String::as_str)
    }

    /// Subject number and CII number in the state's file, how the link is, its weight, and who else it may be.
    fn link(&self, number: u32) -> [String; 5] {
        let empty = String::new;
        match self.who.get(number as usize) {
            Some(Who::Linked(found)) => {
                let (subject, cii) = (self.state)(found.state);
                [subject, cii, "linked".into(), format!("{:.2}", found.weight), empty()]
            }
            Some(Who::Doubt(candidates)) => {
                let each = candidates
                    .iter()
                    .take(SHOWN)
                    .map(|one| format!("{} ({:.1})", (self.state)(one.state).0, one.weight));
                let best = candidates.first().map_or_else(empty, |best| format!("{:.2}", best.weight));
                let mut shown: Vec<String> = each.collect();
                if candidates.len() > SHOWN {
                    shown.push(format!("and {} more", candidates.len() - SHOWN));
                }
                [empty(), empty(), "in doubt".into(), best, shown.join("; ")]
            }
            Some(Who::Unnamed) => [empty(), empty(), "no person".into(), empty(), empty()],
            Some(Who::Unknown) | None => [empty(), empty(), "not found".into(), empty(), empty()],
        }
    }

    fn line(
        &self,
        number: u32,
        case: &CourtCase,
        (at, charge): (usize, &CourtCharge),
        standing: &Standing,
        offences: &mut Offences<'_>,
    ) -> Vec<String> {
        let [subject, cii, link, weight, candidates] = self.link(number);
        let added = self.added.get(&(number, at));
        vec![
            self.file(case).to_owned(),
            charge.line.to_string(),
            (self.seat)(case.court).0,
            case.number.clone(),
            case.party.defendant.clone(),
            name_of(case),
            born(case),
            charge.count.map_or_else(String::new, |count| count.to_string()),
            or_as_written(offences.normal(charge.offence()), charge.offence()),
            level(charge.level).to_owned(),
            charge.disposed.map_or_else(String::new, |(span, _)| date(span)),
            charge.disposition_text.clone(),
            standing.status.word().to_owned(),
            standing.why.map_or("", Doubt::word).to_owned(),
            words(&standing.differs),
            subject,
            cii,
            standing.order.map_or_else(String::new, |order| order.to_string()),
            link,
            weight,
            candidates,
            added.map_or_else(String::new, |_| (self.subject)(number)),
            added.map_or_else(String::new, ToString::to_string),
            charge.offence_date.map_or_else(String::new, |(span, _)| date(span)),
        ]
    }

    fn work(
        &self,
        what: &str,
        number: u32,
        case: &CourtCase,
        charge: &CourtCharge,
        standing: &Standing,
        offences: &mut Offences<'_>,
    ) -> Vec<String> {
        let [subject, cii, link, weight, candidates] = self.link(number);
        let mut evidence = format!("{}, line {}; {link}", self.file(case), charge.line);
        if !weight.is_empty() {
            evidence += &format!(", {weight} bits");
        }
        if !candidates.is_empty() {
            evidence += &format!("; may be {candidates}");
        }
        vec![
            what.to_owned(),
            case.number.clone(),
            (self.seat)(case.court).0,
            name_of(case),
            born(case),
            charge.count.map_or_else(String::new, |count| count.to_string()),
            or_as_written(offences.normal(charge.offence()), charge.offence()),
            level(charge.level).to_owned(),
            charge.disposed.map_or_else(String::new, |(span, _)| date(span)),
            subject,
            cii,
            standing.order.map_or_else(String::new, |order| order.to_string()),
            standing.why.map_or_else(|| words(&standing.differs), |why| why.word().to_owned()),
            evidence,
        ]
    }
}

fn count(tally: &mut CourtTally, charge: &CourtCharge, standing: &Standing) {
    *tally.by_status.entry(standing.status.word()).or_default() += 1;
    if let (Status::CannotTell, Some(why)) = (standing.status, standing.why) {
        *tally.cannot_tell.entry(why.word()).or_default() += 1;
    }
    for differs in &standing.differs {
        *tally.differs.entry(differs.word()).or_default() += 1;
    }
    if matches!(standing.status, Status::CaseMissing | Status::PersonUnknown) {
        let word = charge.level.map_or("unknown", vacatur_records::Level::word);
        *tally.missing_by_level.entry(word).or_default() += 1;
        let decade = charge.disposed.filter(|(span, _)| !span.is_unknown()).map_or_else(
            || "unknown".to_owned(),
            |(span, _)| format!("{}s", span.earliest().year() / 10 * 10),
        );
        *tally.missing_by_decade.entry(decade).or_default() += 1;
    }
}

fn born(case: &CourtCase) -> String {
    case.party.birth.expose().map_or_else(String::new, |(span, _)| date(span))
}
