//! Defects counted: of a batch, and of all batches together.

use super::bounded::{Add, Bounded};
use super::kinds::{Defect, Field};
use super::reviews::Reviews;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use vacatur_records::{Date, Text};

/// How many agencies are counted one by one. California has fewer than three thousand.
pub(crate) const AGENCIES: usize = 4_096;
/// How many different texts of a coded column are.
const TEXTS: usize = 4_096;
/// A longer text is no name of an agency and no coded word; what follows is not kept.
const LONGEST: usize = 60;

/// Whose records a person's own facts are, and the record's numbers.
pub(crate) const REPOSITORY: &str = "(state repository)";
/// The agency of entries that name none.
pub(crate) const NOT_GIVEN: &str = "(not given)";

/// The columns whose words are counted: those that hold a word out of a list.
pub(crate) const CODED: [Field; 12] = [
    Field::Sex,
    Field::Race,
    Field::StepType,
    Field::County,
    Field::ChargeToc,
    Field::ConvictionToc,
    Field::Disposition,
    Field::LevelCode,
    Field::Level,
    Field::SentenceKind,
    Field::SentenceUnit,
    Field::SentenceUnitName,
];

/// A year, a field and a defect; no year where the entry has no usable date.
pub(crate) type Cell = (Option<i16>, Field, Defect);

/// What an agency reported.
#[derive(Clone, Debug, Default)]
pub(crate) struct AgencyTally {
    pub(crate) entries: u64,
    pub(crate) defective: u64,
    /// In how many people's records it stands.
    pub(crate) people: u64,
    pub(crate) cells: FxHashMap<Cell, u64>,
}

impl Add for AgencyTally {
    fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.defective += other.defective;
        self.people += other.people;
        for (cell, number) in other.cells {
            *self.cells.entry(cell).or_default() += number;
        }
    }
}

/// How often a text stands in the rows, and in how many people's records.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Often {
    pub(crate) rows: u64,
    pub(crate) people: u64,
    /// Whether the layout lists it.
    pub(crate) listed: bool,
}

impl Add for Often {
    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.people += other.people;
        self.listed |= other.listed;
    }
}

/// Texts of a batch by their bytes, each with a value.
struct Interned<T> {
    by_text: FxHashMap<Box<[u8]>, u32>,
    /// The value, and the last person in whose record it stood.
    list: Vec<(T, u64)>,
}

impl<T: Default> Interned<T> {
    fn new() -> Self {
        Self { by_text: FxHashMap::default(), list: Vec::new() }
    }

    fn find(&mut self, text: &[u8]) -> usize {
        if let Some(&found) = self.by_text.get(text) {
            return found as usize;
        }
        self.by_text.insert(text.into(), self.list.len() as u32);
        self.list.push((T::default(), 0));
        self.list.len() - 1
    }
}

/// A text as it is shown: blanks and control characters made one blank, in capitals, cut to a length.
pub(crate) fn plain(text: &[u8]) -> String {
    let text = Text::of(text);
    let text = text.as_str();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join(" ");
    joined.chars().flat_map(char::to_uppercase).take(LONGEST).collect()
}

/// Plain numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) people: u64,
    pub(crate) people_without_number: u64,
    pub(crate) rows: u64,
    pub(crate) rows_used: u64,
    pub(crate) duplicates: u64,
    pub(crate) entries: u64,
    pub(crate) counts: u64,
    pub(crate) convictions: u64,
    pub(crate) court_counts: u64,
    /// Convictions with no usable date: missing, malformed or impossible.
    pub(crate) convictions_undated: u64,
    pub(crate) people_unborn: u64,
}

/// The tally of a batch.
pub(crate) struct Local {
    pub(crate) numbers: Numbers,
    /// For each field how many entries need it.
    pub(crate) needed: [u64; Field::ALL.len()],
    /// For each column of the layout in how many rows it holds something.
    pub(crate) filled: Vec<u64>,
    pub(crate) years: BTreeMap<Option<i16>, [u64; 2]>,
    pub(crate) dates: Option<(Date, Date)>,
    pub(crate) reviews: Reviews,
    agencies: Interned<AgencyTally>,
    words: Vec<Interned<Often>>,
    offences: Interned<Often>,
    repository: AgencyTally,
    person: u64,
}

impl Local {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            numbers: Numbers::default(),
            needed: [0; Field::ALL.len()],
            filled: vec![0; width],
            years: BTreeMap::new(),
            dates: None,
            reviews: Reviews::default(),
            agencies: Interned::new(),
            words: CODED.iter().map(|_| Interned::new()).collect(),
            offences: Interned::new(),
            repository: AgencyTally::default(),
            person: 0,
        }
    }

    /// The next person. Rows that do not say whose they are count as nobody's: they may all be of one person.
    pub(crate) fn next_person(&mut self) {
        self.person += 1;
    }

    pub(crate) fn need(&mut self, field: Field) {
        self.needed[field as usize] += 1;
    }

    /// A word of a coded column, once for each row; `listed` is asked the first time.
    pub(crate) fn word(&mut self, column: usize, text: &[u8], named: bool, listed: impl FnOnce() -> bool) {
        let Some(words) = self.words.get_mut(column) else { return };
        let at = words.find(text);
        let (often, last) = &mut words.list[at];
        if often.rows == 0 {
            often.listed = listed();
        }
        often.rows += 1;
        if named && *last != self.person {
            *last = self.person;
            often.people += 1;
        }
    }

    /// An offence text that no section can be read from.
    pub(crate) fn offence(&mut self, text: &[u8], named: bool) {
        let at = self.offences.find(text);
        let (often, last) = &mut self.offences.list[at];
        often.rows += 1;
        if named && *last != self.person {
            *last = self.person;
            often.people += 1;
        }
    }

    /// An entry of an agency, with its defects; each one is counted once.
    pub(crate) fn entry(
        &mut self,
        agency: &[u8],
        year: Option<i16>,
        named: bool,
        defects: impl Iterator<Item = (Field, Defect)>,
    ) {
        let at = self.agencies.find(agency);
        let (tally, last) = &mut self.agencies.list[at];
        if named && *last != self.person {
            *last = self.person;
            tally.people += 1;
        }
        tally.entries += 1;
        self.numbers.entries += 1;
        let mut defective = 0;
        for (field, defect) in defects {
            let of = if field.is_of_repository() { &mut self.repository } else { &mut *tally };
            *of.cells.entry((year, field, defect)).or_default() += 1;
            defective |= u64::from(!defect.is_harmless());
        }
        tally.defective += defective;
        let of_year = self.years.entry(year).or_default();
        of_year[0] += 1;
        of_year[1] += defective;
    }

    /// Something that the repository answers for: of a person, or of a row as a whole.
    pub(crate) fn of_repository(&mut self, year: Option<i16>, field: Field, defect: Defect) {
        *self.repository.cells.entry((year, field, defect)).or_default() += 1;
    }

    /// One person's record as an entry of the repository.
    pub(crate) fn record(&mut self, defective: bool) {
        self.repository.entries += 1;
        self.repository.people += 1;
        self.repository.defective += u64::from(defective);
    }

    /// A day on which something happened.
    pub(crate) fn date(&mut self, day: Date) {
        self.dates = Some(match self.dates {
            None => (day, day),
            Some((first, last)) => (first.min(day), last.max(day)),
        });
    }
}

/// The tally of all batches.
pub(crate) struct Total {
    pub(crate) numbers: Numbers,
    pub(crate) needed: [u64; Field::ALL.len()],
    pub(crate) filled: Vec<u64>,
    pub(crate) years: BTreeMap<Option<i16>, [u64; 2]>,
    pub(crate) dates: Option<(Date, Date)>,
    pub(crate) reviews: Reviews,
    pub(crate) agencies: Bounded<AgencyTally>,
    pub(crate) words: Vec<Bounded<Often>>,
    pub(crate) offences: Bounded<Often>,
}

impl Total {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            numbers: Numbers::default(),
            needed: [0; Field::ALL.len()],
            filled: vec![0; width],
            years: BTreeMap::new(),
            dates: None,
            reviews: Reviews::default(),
            agencies: Bounded::new(AGENCIES),
            words: CODED.iter().map(|_| Bounded::new(TEXTS)).collect(),
            offences: Bounded::new(TEXTS),
        }
    }

    pub(crate) fn add(&mut self, local: Local) {
        let (all, more) = (&mut self.numbers, &local.numbers);
        for (sum, number) in [
            (&mut all.people, more.people),
            (&mut all.people_without_number, more.people_without_number),
            (&mut all.rows, more.rows),
            (&mut all.rows_used, more.rows_used),
            (&mut all.duplicates, more.duplicates),
            (&mut all.entries, more.entries),
            (&mut all.counts, more.counts),
            (&mut all.convictions, more.convictions),
            (&mut all.court_counts, more.court_counts),
            (&mut all.convictions_undated, more.convictions_undated),
            (&mut all.people_unborn, more.people_unborn),
        ] {
            *sum += number;
        }
        for (sum, number) in self.needed.iter_mut().zip(local.needed) {
            *sum += number;
        }
        for (sum, number) in self.filled.iter_mut().zip(&local.filled) {
            *sum += number;
        }
        for (year, [entries, defective]) in local.years {
            let of_year = self.years.entry(year).or_default();
            of_year[0] += entries;
            of_year[1] += defective;
        }
        for day in local.dates.into_iter().flat_map(|(first, last)| [first, last]) {
            let (first, last) = self.dates.get_or_insert((day, day));
            (*first, *last) = ((*first).min(day), (*last).max(day));
        }
        self.reviews.add(local.reviews);
        self.agencies.add(REPOSITORY, local.repository);
        let mut agencies = local.agencies.list;
        for (raw, at) in local.agencies.by_text {
            let tally = std::mem::take(&mut agencies[at as usize].0);
            let name = plain(&raw);
            self.agencies.add(if name.is_empty() { NOT_GIVEN } else { &name }, tally);
        }
        let texts = |total: &mut Bounded<Often>, local: Interned<Often>| {
            for (raw, at) in &local.by_text {
                total.add(&plain(raw), local.list[*at as usize].0);
            }
        };
        for (total, local) in self.words.iter_mut().zip(local.words) {
            texts(total, local);
        }
        texts(&mut self.offences, local.offences);
    }

    /// A defect that is found when everything has been read.
    pub(crate) fn of_repository(&mut self, field: Field, defect: Defect, number: u64) {
        let cells = FxHashMap::from_iter([((None, field, defect), number)]);
        self.agencies.add(REPOSITORY, AgencyTally { cells, ..AgencyTally::default() });
    }
}
