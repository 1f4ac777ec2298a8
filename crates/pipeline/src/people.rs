//! `people.csv` and `.parquet`: everybody in the inputs, with what they have on record before and after.
//!
//! Reports count people here and convictions in `determinations`, and need no name for it.

use crate::table::{Rows, columns};
use vacatur_eligibility::Standing;
use vacatur_policy::OutcomeKind;
use vacatur_records::{Date, DateSpan, Level, Person, add_years};

/// The files.
pub(crate) const CSV: &str = "people.csv";
pub(crate) const PARQUET: &str = "people.parquet";

columns! {
    subject_id: Text, "The person, by the state's subject number; empty for somebody who cannot be told from others, who has a line for each row.";
    race: Text, "Race as recorded, if it is a word that the layout lists; `other text` if not; empty if nothing is recorded.";
    sex: Text, "Sex, likewise.";
    age: Number, "Whole years on the day of the decision; absent if not surely known.";
    complete: Text, "yes if the record surely holds all of the person's convictions, else no.";
    counties: Text, "The counties of the person's decided convictions as recorded, joined by `; `.";
    first_year: Number, "The year of the earliest conviction on record; absent if not surely known.";
    convictions: Number, "Convictions that stand, all counties.";
    felonies: Number, "Those that are felonies for certain.";
    level_unknown: Number, "Those of which the level is not known.";
    convictions_after: Number, "Convictions that stand once the relief of this run is granted.";
    felonies_after: Number, "Those that are felonies for certain.";
    level_unknown_after: Number, "Those of which the level is not known.";
    recent: Number, "Convictions that may lie in the seven years before the day of the decision.";
    recent_after: Number, "The same once the relief is granted.";
    decided: Number, "Decided convictions: the person's lines in `determinations`.";
    dismissed: Number, "Those with the outcome dismiss.";
    reduced: Number, "Those with the outcome reduce.";
    granted: Number, "Those with the outcome grant.";
    not_eligible: Number, "Those with the outcome not_eligible.";
    not_yet: Number, "Those with the outcome not_yet.";
    referred: Number, "Those with the outcome refer.";
    already_relieved: Number, "Those with the outcome already_relieved.";
    review: Number, "Those with the outcome review.";
    entitled: Text, "yes if the statute itself gives relief from one of the decided convictions, else no; empty if the run does not say.";
    file: Text, "The input of the person's first row.";
    line: Number, "Its line.";
}

/// Years before the day of the decision in which a conviction is called recent: a statistic, and no ground for anything.
const RECENT: i32 = 7;

/// The outcomes in the order of their columns.
const OUTCOMES: [OutcomeKind; 8] = [
    OutcomeKind::Dismiss,
    OutcomeKind::Reduce,
    OutcomeKind::Grant,
    OutcomeKind::NotEligible,
    OutcomeKind::NotYet,
    OutcomeKind::Refer,
    OutcomeKind::AlreadyRelieved,
    OutcomeKind::Review,
];

/// What somebody has on record, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OnRecord {
    /// Convictions that stand.
    pub(crate) convictions: u32,
    /// Those that are felonies for certain.
    pub(crate) felonies: u32,
    /// Those of unknown level.
    pub(crate) level_unknown: u32,
    /// Those that may be recent.
    pub(crate) recent: u32,
}

impl OnRecord {
    fn count(&mut self, level: Option<Level>, recent: bool) {
        self.convictions += 1;
        self.felonies += u32::from(level == Some(Level::Felony));
        self.level_unknown += u32::from(level.is_none());
        self.recent += u32::from(recent);
    }

    /// Before and after: `granted` tells for each conviction what it is granted. A reduced conviction is no felony any more,
    /// whatever it was; relief that leaves the conviction standing changes nothing here.
    pub(crate) fn of(
        standings: impl IntoIterator<Item = Standing>,
        as_of: Date,
        granted: impl Fn(u32) -> Option<OutcomeKind>,
    ) -> (Self, Self) {
        let since = DateSpan::on(add_years(as_of, -RECENT));
        let (mut before, mut after) = (Self::default(), Self::default());
        for one in standings.into_iter().filter(|one| !one.vacated) {
            let recent = !one.date.before(since).is_yes();
            before.count(one.level, recent);
            match granted(one.count) {
                Some(OutcomeKind::Dismiss) => {}
                // The lesser of what it can be reduced to would be an infraction: neither is a felony.
                Some(OutcomeKind::Reduce) => after.count(Some(Level::Misdemeanor), recent),
                _ => after.count(one.level, recent),
            }
        }
        (before, after)
    }
}

/// The year of the earliest of these convictions, if it is sure.
pub(crate) fn first_year(standings: &[Standing]) -> Option<i64> {
    let earliest = standings.iter().map(|one| one.date.earliest()).min()?;
    let latest = standings.iter().map(|one| one.date.latest()).min()?;
    (earliest.year() == latest.year()).then(|| i64::from(earliest.year()))
}

/// A person's line.
pub(crate) struct Line<'l> {
    pub(crate) person: &'l Person<'l>,
    /// Race and sex as they may be shown.
    pub(crate) race: &'l str,
    pub(crate) sex: &'l str,
    pub(crate) as_of: Date,
    /// Whether the record surely holds all convictions.
    pub(crate) complete: bool,
    /// The person's convictions.
    pub(crate) standings: &'l [Standing],
    /// The decided counts with their outcomes, in the order of the counts.
    pub(crate) decided: &'l [(u32, OutcomeKind)],
    /// Whether the statute itself gives relief from one of them, where the run says so.
    pub(crate) entitled: Option<bool>,
    /// The names of the inputs.
    pub(crate) names: &'l [String],
}

impl Line<'_> {
    pub(crate) fn write(&self, rows: &mut Rows) {
        let (person, as_of) = (self.person, self.as_of);
        let granted = |count: u32| {
            let at = self.decided.binary_search_by_key(&count, |one| one.0).ok()?;
            self.decided.get(at).map(|one| one.1)
        };
        let (before, after) = OnRecord::of(self.standings.iter().copied(), as_of, granted);
        rows.text(&person.subject.expose().as_str());
        rows.text(self.race);
        rows.text(self.sex);
        rows.number(person.birth.value.years_until(DateSpan::on(as_of)).known().map(i64::from));
        rows.text(if self.complete { "yes" } else { "no" });
        let mut counties: Vec<_> = Vec::new();
        for (count, _) in self.decided {
            let Some(count) = person.counts.get(*count as usize) else { continue };
            let county = count.county.value.as_str();
            if !county.is_empty() && !counties.contains(&county) {
                counties.push(county);
            }
        }
        rows.text(&counties.join("; "));
        rows.number(first_year(self.standings));
        for number in [before.convictions, before.felonies, before.level_unknown] {
            rows.number(Some(i64::from(number)));
        }
        for number in [after.convictions, after.felonies, after.level_unknown, before.recent, after.recent] {
            rows.number(Some(i64::from(number)));
        }
        rows.number(Some(self.decided.len() as i64));
        for kind in OUTCOMES {
            rows.number(Some(self.decided.iter().filter(|one| one.1 == kind).count() as i64));
        }
        rows.text(match self.entitled {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        });
        let first = person.rows.iter().min_by_key(|row| (row.file, row.line));
        rows.text(first.and_then(|row| self.names.get(row.file.at())).map_or("", String::as_str));
        rows.number(first.map(|row| row.line as i64));
        rows.end_row();
    }
}
