//! Counting: once over the people and their convictions side by side, into numbers for each group.

use crate::error::ReportError;
use crate::groups::{self, AGES, Groups};
use crate::person::{Person, Tally};
use crate::read::{Columns, Rows};
use crate::words::Words;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::path::Path;

/// The tables that are read.
pub(crate) const PEOPLE: &str = "people.parquet";
pub(crate) const CONVICTIONS: &str = "determinations.parquet";

/// The outcomes, in the order in which they are shown.
pub(crate) const OUTCOMES: [&str; 8] =
    ["dismiss", "reduce", "grant", "not_eligible", "not_yet", "refer", "already_relieved", "review"];
/// What the statute gives: an outcome, or a conviction that its policy does not decide.
pub(crate) const STATUTE: [&str; 9] = [
    "dismiss",
    "reduce",
    "grant",
    "not_eligible",
    "not_yet",
    "refer",
    "already_relieved",
    "review",
    "out_of_scope",
];
/// So many of the outcomes are relief.
pub(crate) const RELIEF: usize = 3;
pub(crate) const REVIEW: usize = 7;

/// Convictions of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Convictions {
    pub(crate) all: u64,
    pub(crate) relieved: u64,
    pub(crate) review: u64,
}

impl Convictions {
    fn count(&mut self, outcome: usize) {
        self.all += 1;
        self.relieved += u64::from(outcome < RELIEF);
        self.review += u64::from(outcome == REVIEW);
    }

    pub(crate) fn other(&self) -> u64 {
        self.all - self.relieved - self.review
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.all += other.all;
        self.relieved += other.relieved;
        self.review += other.review;
    }
}

/// Convictions at a place, and whose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlaceCount {
    pub(crate) convictions: Convictions,
    pub(crate) people: u64,
    pub(crate) helped: u64,
}

/// All that is counted of a run.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) people: Tally,
    pub(crate) race_groups: Groups,
    pub(crate) sex_groups: Groups,
    pub(crate) race: Vec<Tally>,
    pub(crate) sex: Vec<Tally>,
    pub(crate) age: Vec<Tally>,
    /// By the decade of the earliest conviction.
    pub(crate) first: BTreeMap<Option<i64>, Tally>,
    pub(crate) convictions: Convictions,
    pub(crate) outcomes: [u64; OUTCOMES.len()],
    /// People with at least one conviction of the outcome.
    pub(crate) outcome_people: [u64; OUTCOMES.len()],
    /// Outcome by what the statute gives; empty where the run does not say.
    pub(crate) statute: [[u64; STATUTE.len()]; OUTCOMES.len()],
    pub(crate) reasons: BTreeMap<(usize, String), u64>,
    pub(crate) sections: BTreeMap<String, Convictions>,
    pub(crate) levels: BTreeMap<String, Convictions>,
    /// By the decade of the conviction.
    pub(crate) years: BTreeMap<Option<i64>, Convictions>,
    pub(crate) counties: BTreeMap<String, PlaceCount>,
    pub(crate) agencies: BTreeMap<String, PlaceCount>,
    /// Reviews by what is missing.
    pub(crate) missing: BTreeMap<String, (u64, u64)>,
}

/// A conviction as read.
struct Conviction {
    outcome: usize,
    reason: u32,
    missing: u32,
    section: u32,
    level: u32,
    county: u32,
    agency: u32,
    decade: Option<i64>,
    statute: Option<usize>,
}

/// The words of all columns, the same for all slices.
#[derive(Default)]
struct Dictionary {
    reason: Words,
    missing: Words,
    section: Words,
    level: Words,
    county: Words,
    agency: Words,
    fact: Words,
    /// The facts in each text of what is missing.
    facts: Vec<Vec<u32>>,
}

/// Numbers of a slice in the making: by the numbers of words.
#[derive(Default)]
struct Making {
    reasons: FxHashMap<(usize, u32), u64>,
    sections: FxHashMap<u32, Convictions>,
    levels: FxHashMap<u32, Convictions>,
    counties: FxHashMap<u32, PlaceCount>,
    agencies: FxHashMap<u32, PlaceCount>,
    missed: FxHashMap<u32, (u64, u64)>,
}

/// A part of a run: all of it, or the convictions of one county and the people who have them.
struct Slice {
    counts: Counts,
    making: Making,
}

impl Slice {
    fn new() -> Result<Self, ReportError> {
        Ok(Self { counts: Counts::new()?, making: Making::default() })
    }

    fn take(&mut self, person: &Person, rows: &Rows, row: usize, theirs: &[Conviction], words: &Dictionary) {
        self.counts.person(person, rows, row);
        self.counts.convictions(theirs, &mut self.making, words);
    }

    fn named(mut self, words: &Dictionary) -> Counts {
        self.counts.name(&self.making, words);
        self.counts
    }
}

/// What was counted of a run: all of it, and each of the slices that were asked for.
pub(crate) struct Counted {
    pub(crate) all: Counts,
    pub(crate) counties: BTreeMap<String, Counts>,
}

const PERSON_COLUMNS: [&str; 19] = [
    "subject_id",
    "race",
    "sex",
    "complete",
    "entitled",
    "age",
    "first_year",
    "convictions",
    "felonies",
    "level_unknown",
    "convictions_after",
    "felonies_after",
    "level_unknown_after",
    "decided",
    "dismissed",
    "reduced",
    "granted",
    "review",
    "line",
];
const CONVICTION_COLUMNS: [&str; 10] = [
    "subject_id",
    "outcome",
    "reason",
    "missing",
    "section",
    "level",
    "county",
    "conviction_date",
    "statute_outcome",
    "agency",
];

/// How far the counting is: people done.
pub type Tick<'t> = &'t dyn Fn(u64);

/// Counts the tables of a run: all of it, and beside it each of these counties in which a conviction was decided.
pub(crate) fn count(dir: &Path, slices: &[&str], tick: Tick<'_>) -> Result<Counted, ReportError> {
    let mut people = Columns::open(dir, PEOPLE, &PERSON_COLUMNS)?;
    let mut convictions = Stream::open(dir)?;
    let mut words = Dictionary::default();
    let mut all = Slice::new()?;
    let mut counties: FxHashMap<u32, Slice> = FxHashMap::default();
    let apart = || ReportError::Apart { path: dir.to_owned() };
    let mut theirs: Vec<Conviction> = Vec::new();
    let mut done = 0;
    while let Some(rows) = people.next()? {
        for row in 0..rows.len {
            let person = person(&rows, row);
            theirs.clear();
            for _ in 0..person.decided {
                let (group, at) = convictions.next()?.ok_or_else(apart)?;
                if group.text(0, at) != rows.text(0, row) {
                    return Err(apart());
                }
                theirs.push(words.conviction(group, at).ok_or_else(apart)?);
            }
            let (relieved, review) = weighed(&theirs);
            if (relieved, review) != (person.relieved, person.review) {
                return Err(apart());
            }
            all.take(&person, &rows, row, &theirs, &words);
            if slices.is_empty() {
                continue;
            }
            // Sorted by county, somebody's convictions fall into stretches.
            theirs.sort_by_key(|one| one.county);
            for mine in theirs.chunk_by(|one, other| one.county == other.county) {
                let Some(county) = mine.first().map(|one| one.county) else { continue };
                if !slices.contains(&words.county.word(county)) {
                    continue;
                }
                let slice = match counties.entry(county) {
                    Entry::Occupied(slice) => slice.into_mut(),
                    Entry::Vacant(place) => place.insert(Slice::new()?),
                };
                let (relieved, review) = weighed(mine);
                let entitled = mine.iter().any(|one| one.statute.is_some_and(|at| at < RELIEF));
                let here = Person { decided: mine.len() as i64, relieved, review, entitled, ..person };
                slice.take(&here, &rows, row, mine, &words);
            }
        }
        done += rows.len as u64;
        tick(done);
    }
    if convictions.next()?.is_some() {
        return Err(apart());
    }
    let counties = counties
        .into_iter()
        .map(|(county, slice)| (words.county.word(county).to_owned(), slice.named(&words)))
        .collect();
    Ok(Counted { all: all.named(&words), counties })
}

/// How many of these convictions have relief, and how many are in review.
fn weighed(of: &[Conviction]) -> (i64, i64) {
    let relieved = of.iter().filter(|one| one.outcome < RELIEF).count();
    let review = of.iter().filter(|one| one.outcome == REVIEW).count();
    (relieved as i64, review as i64)
}

fn person(rows: &Rows, row: usize) -> Person {
    let number = |column| rows.number(column, row).unwrap_or(0);
    Person {
        complete: rows.text(3, row) == b"yes",
        entitled: rows.text(4, row) == b"yes",
        convictions: number(7),
        felonies: number(8),
        level_unknown: number(9),
        convictions_after: number(10),
        felonies_after: number(11),
        level_unknown_after: number(12),
        decided: number(13),
        relieved: number(14) + number(15) + number(16),
        review: number(17),
    }
}

/// The convictions of a run, one after the other.
struct Stream {
    columns: Columns,
    rows: Option<Rows>,
    at: usize,
}

impl Stream {
    fn open(dir: &Path) -> Result<Self, ReportError> {
        Ok(Self { columns: Columns::open(dir, CONVICTIONS, &CONVICTION_COLUMNS)?, rows: None, at: 0 })
    }

    fn next(&mut self) -> Result<Option<(&Rows, usize)>, ReportError> {
        while self.rows.as_ref().is_none_or(|rows| self.at >= rows.len) {
            match self.columns.next()? {
                Some(rows) => (self.rows, self.at) = (Some(rows), 0),
                None => return Ok(None),
            }
        }
        let at = self.at;
        self.at += 1;
        Ok(self.rows.as_ref().map(|rows| (rows, at)))
    }
}

impl Dictionary {
    fn conviction(&mut self, rows: &Rows, row: usize) -> Option<Conviction> {
        let outcome = rows.text(1, row);
        let outcome = OUTCOMES.iter().position(|known| known.as_bytes() == outcome)?;
        let statute = match rows.text(8, row) {
            b"" => None,
            word => Some(STATUTE.iter().position(|known| known.as_bytes() == word)?),
        };
        let missing = self.missing.number(rows.text(3, row));
        if self.facts.len() <= missing as usize {
            let text = self.missing.word(missing).to_owned();
            let mut facts: Vec<u32> = Vec::new();
            for fact in text.split("; ").filter(|fact| !fact.is_empty()) {
                let fact = self.fact.number(fact.as_bytes());
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
            self.facts.push(facts);
        }
        Some(Conviction {
            outcome,
            reason: self.reason.number(rows.text(2, row)),
            missing,
            section: self.section.number(rows.text(4, row)),
            level: self.level.number(rows.text(5, row)),
            county: self.county.number(rows.text(6, row)),
            agency: self.agency.number(rows.text(9, row)),
            decade: decade_of(rows.text(7, row)),
            statute,
        })
    }
}

/// The decade of a date, a month or a year.
fn decade_of(date: &[u8]) -> Option<i64> {
    let year: i64 = std::str::from_utf8(date.get(..4)?).ok()?.parse().ok()?;
    Some(decade(year))
}

pub(crate) fn decade(year: i64) -> i64 {
    year - year.rem_euclid(10)
}

impl Counts {
    fn new() -> Result<Self, ReportError> {
        let (race_groups, sex_groups) = (Groups::race()?, Groups::sex());
        Ok(Self {
            people: Tally::default(),
            race: vec![Tally::default(); race_groups.keys.len()],
            sex: vec![Tally::default(); sex_groups.keys.len()],
            age: vec![Tally::default(); AGES.len()],
            race_groups,
            sex_groups,
            first: BTreeMap::new(),
            convictions: Convictions::default(),
            outcomes: Default::default(),
            outcome_people: Default::default(),
            statute: Default::default(),
            reasons: BTreeMap::new(),
            sections: BTreeMap::new(),
            levels: BTreeMap::new(),
            years: BTreeMap::new(),
            counties: BTreeMap::new(),
            agencies: BTreeMap::new(),
            missing: BTreeMap::new(),
        })
    }

    fn person(&mut self, person: &Person, rows: &Rows, row: usize) {
        let one = Tally::measured(person);
        let word = |column| std::str::from_utf8(rows.text(column, row)).unwrap_or(groups::OTHER_TEXT);
        let race = self.race_groups.group(word(1));
        let sex = self.sex_groups.group(word(2));
        let age = groups::age_band(rows.number(5, row));
        let tallies = [self.race.get_mut(race), self.sex.get_mut(sex), self.age.get_mut(age)];
        for tally in tallies.into_iter().flatten() {
            tally.add(&one);
        }
        self.first.entry(rows.number(6, row).map(decade)).or_default().add(&one);
        self.people.add(&one);
    }

    /// Counts somebody's convictions, and the person once for each thing that one of them is.
    fn convictions(&mut self, theirs: &[Conviction], making: &mut Making, words: &Dictionary) {
        let mut outcomes = [false; OUTCOMES.len()];
        let (mut counties, mut agencies) = (FirstOf::default(), FirstOf::default());
        let mut missed = FirstOf::default();
        for one in theirs {
            self.convictions.count(one.outcome);
            bump(&mut self.outcomes, one.outcome);
            if outcomes.get_mut(one.outcome).is_some_and(|seen| !std::mem::replace(seen, true)) {
                bump(&mut self.outcome_people, one.outcome);
            }
            if let Some(statute) = one.statute
                && let Some(row) = self.statute.get_mut(one.outcome)
            {
                bump(row, statute);
            }
            *making.reasons.entry((one.outcome, one.reason)).or_default() += 1;
            making.sections.entry(one.section).or_default().count(one.outcome);
            making.levels.entry(one.level).or_default().count(one.outcome);
            self.years.entry(one.decade).or_default().count(one.outcome);
            let helped = one.outcome < RELIEF;
            for (places, place, seen) in [
                (&mut making.counties, one.county, &mut counties),
                (&mut making.agencies, one.agency, &mut agencies),
            ] {
                let count = places.entry(place).or_default();
                count.convictions.count(one.outcome);
                count.people += u64::from(seen.first((place, false)));
                count.helped += u64::from(helped && seen.first((place, true)));
            }
            if one.outcome == REVIEW {
                for &fact in words.facts.get(one.missing as usize).into_iter().flatten() {
                    let count = making.missed.entry(fact).or_default();
                    count.0 += 1;
                    count.1 += u64::from(missed.first((fact, false)));
                }
            }
        }
    }

    /// Gives words to what was counted by their numbers.
    fn name(&mut self, making: &Making, words: &Dictionary) {
        let Dictionary { reason, section, level, county, agency, fact, .. } = words;
        for ((outcome, number), count) in &making.reasons {
            *self.reasons.entry((*outcome, reason.word(*number).to_owned())).or_default() += count;
        }
        for (of, words, named) in
            [(&making.sections, section, &mut self.sections), (&making.levels, level, &mut self.levels)]
        {
            for (number, count) in of {
                named.entry(words.word(*number).to_owned()).or_default().add(count);
            }
        }
        for (of, words, named) in
            [(&making.counties, county, &mut self.counties), (&making.agencies, agency, &mut self.agencies)]
        {
            for (number, count) in of {
                let place: &mut PlaceCount = named.entry(words.word(*number).to_owned()).or_default();
                place.convictions.add(&count.convictions);
                place.people += count.people;
                place.helped += count.helped;
            }
        }
        for (number, count) in &making.missed {
            let (convictions, people) = self.missing.entry(fact.word(*number).to_owned()).or_default();
            *convictions += count.0;
            *people += count.1;
        }
    }
}

fn bump(counts: &mut [u64], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// What was met already among somebody's convictions: nearly always one or two things.
#[derive(Default)]
struct FirstOf {
    few: Vec<(u32, bool)>,
    many: FxHashSet<(u32, bool)>,
}

impl FirstOf {
    fn first(&mut self, one: (u32, bool)) -> bool {
        if self.few.len() < 16 {
            let first = !self.few.contains(&one);
            if first {
                self.few.push(one);
            }
            return first;
        }
        !self.few.contains(&one) && self.many.insert(one)
    }
}
