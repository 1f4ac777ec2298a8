//! A person's record, assembled from rows whatever their order.

use crate::{CountOrder, Date, DateSpan, FoundOffence, FoundOffenceDate, NumberSpan, Private, Text, Truth};

macro_rules! index {
    ($(#[$doc:meta] $name:ident),+) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index into the person's list.
            #[must_use]
            pub const fn at(self) -> usize { self.0 as usize }
        }
    )+};
}
index! {
    /// A row of [`Person::rows`].
    RowIx,
    /// A count of [`Person::counts`].
    CountIx,
    /// An event of [`Person::events`].
    EventIx,
    /// An input file, in the order given.
    FileIx
}

/// A place in the input: file, line and, when one cell is meant, the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileIx,
    /// The line, counted from 1.
    pub line: u64,
    /// The column, counted from 1; `None` for the whole row.
    pub column: Option<u16>,
}

/// What a cell of a row means, whatever the file's layout calls its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The date of birth.
    BirthDate,
    /// The date of the event.
    EventDate,
    /// The kind of step.
    StepKind,
    /// The county of the agency or court.
    County,
    /// The count number.
    CountOrder,
    /// The offence charged.
    Charge,
    /// The offence of conviction, where it differs from the charge.
    ConvictionOffence,
    /// The free-text comment.
    Comment,
    /// The level of the charge.
    ChargeLevel,
    /// The level of the conviction.
    ConvictionLevel,
    /// The disposition.
    Disposition,
    /// The length of a part of the sentence.
    SentenceLength,
    /// A line of a file of evidence: what a person found in another document.
    Evidence,
    /// No single cell: the row as a whole.
    Row,
}

/// Where a value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seen {
    /// The row.
    pub row: RowIx,
    /// The cell.
    pub column: Column,
}

/// Why a value is not, or not wholly, known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// The cell is blank.
    Blank,
    /// The cell holds something that cannot be read as what belongs there.
    Unreadable,
    /// Only a part is given: a year, or a year and a month.
    Partial,
    /// Two cells that should agree do not.
    Conflict,
    /// It cannot be: a conviction before the birth, a date in the future.
    Impossible,
}

impl Gap {
    /// In words, for an explanation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Unreadable => "unreadable",
            Self::Partial => "partial",
            Self::Conflict => "in conflict",
            Self::Impossible => "impossible",
        }
    }
}

/// A value with what is wrong with it and where it was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fact<T> {
    /// The value; for a gap, as much as is known.
    pub value: T,
    /// Why it is not wholly known; `None` when it is.
    pub gap: Option<Gap>,
    /// The first cell it was read from, and a second one that disagrees with it.
    pub seen: [Option<Seen>; 2],
}

impl<T> Fact<T> {
    /// A value read from one cell.
    #[must_use]
    pub const fn known(value: T, seen: Seen) -> Self {
        Self { value, gap: None, seen: [Some(seen), None] }
    }

    /// A value of which something is amiss.
    #[must_use]
    pub const fn gap(value: T, gap: Gap, seen: Option<Seen>) -> Self {
        Self { value, gap: Some(gap), seen: [seen, None] }
    }
}

impl Fact<DateSpan> {
    /// The day itself, where it is known without a gap.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.value.known().filter(|_| self.gap.is_none())
    }
}

/// How grave an offence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A felony.
    Felony,
    /// A misdemeanor.
    Misdemeanor,
    /// An infraction.
    Infraction,
}

impl Level {
    /// In lower case, as outputs and policies write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Felony => "felony",
            Self::Misdemeanor => "misdemeanor",
            Self::Infraction => "infraction",
        }
    }
}

/// What kind of step an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// Arrest, detention or citation.
    Arrest,
    /// A court's action.
    Court,
    /// Registration, as a sex or narcotics offender.
    Registration,
    /// Notice that the person has died.
    Deceased,
    /// A record that may be this person's or another's: what it says is not known of this person.
    Possible,
    /// Custody, probation, parole or another step that convicts nobody.
    Other,
    /// Blank, or a kind that the layout does not list.
    Unrecognized,
}

/// One step of a cycle: an arrest, a court case, a registration.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Cycle and step, as in [`CountOrder::case`].
    pub case: u32,
    /// Its kind.
    pub kind: StepKind,
    /// Its date.
    pub date: Fact<DateSpan>,
    /// The agency or court, as recorded.
    pub agency: Text<'a>,
    /// The same by its code: in California the ORI, `CA0198004`.
    pub agency_code: Text<'a>,
}

/// The text that names an offence, and which cell it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charge<'a> {
    /// The offence charged.
    pub charged: Text<'a>,
    /// The offence of conviction, where the record gives one beside the charge.
    pub convicted: Text<'a>,
    /// The comment, where a charge may be written instead.
    pub comment: Text<'a>,
}

impl<'a> Charge<'a> {
    /// The offence that counts: of the conviction where the record gives one beside the charge, else of the charge.
    #[must_use]
    pub fn offence(&self) -> &Text<'a> {
        if self.convicted.is_blank() { &self.charged } else { &self.convicted }
    }
}

/// One charge of a step, with all that was decided on it.
#[derive(Clone, Debug)]
pub struct Count<'a> {
    /// Its number, with the part of its first row.
    pub order: CountOrder,
    /// The step it belongs to.
    pub event: EventIx,
    /// The county of its court or agency, as recorded; blank where it is not given or its rows disagree.
    pub county: Fact<Text<'a>>,
    /// The case or file number: its own, else the first of its step.
    pub case_number: Text<'a>,
    /// The offence as written.
    pub charge: Charge<'a>,
    /// A second offence of conviction that another row of the count names, and its row.
    pub other_charge: Option<(Charge<'a>, RowIx)>,
    /// Whether the cycle holds a relief that may be for this count or for another.
    pub relief_unclear: bool,
    /// Whether it ended in a conviction.
    pub convicted: Fact<Truth>,
    /// The level: of the conviction, else of the charge; as reduced, if it was.
    pub level: Fact<Option<Level>>,
    /// The date of the conviction, or of the step for other counts.
    pub date: Fact<DateSpan>,
    /// When the sentence was or will be completed.
    pub completed: Fact<DateSpan>,
    /// Its dispositions in the order of their dates: a range of [`Person::dispositions`].
    pub dispositions: std::ops::Range<u32>,
    /// The parts of its sentence: a range of [`Person::sentences`].
    pub sentences: std::ops::Range<u32>,
    /// Its first row.
    pub row: RowIx,
    /// Its rows: a range of [`Person::rows`].
    pub rows: std::ops::Range<u32>,
}

/// What a disposition does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DispositionKind {
    /// It convicts.
    Convicted,
    /// It ends the count without a conviction: dismissed, acquitted, rejected, released, diverted.
    NotConvicted,
    /// It relieves an earlier conviction.
    Relief(ReliefKind),
    /// It changes the sentence or supervision and leaves the conviction.
    SentenceChanged,
    /// A juvenile adjudication, which is no conviction.
    Juvenile,
    /// It leaves the charge open: a warrant, bail, another court. It neither convicts nor ends the count.
    Pending,
    /// Blank.
    Blank,
    /// Text that the layout does not list.
    Unrecognized,
}

/// What a relief already granted does to a conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReliefKind {
    /// Set aside and dismissed, though it still counts as a prior (PC 1203.4 and its kin).
    SetAside,
    /// A felony became a misdemeanor.
    Reduced,
    /// Recalled and resentenced.
    Resentenced,
    /// Dismissed as invalid: the conviction is gone.
    Vacated,
}

/// One disposition of a count.
#[derive(Clone, Debug)]
pub struct Disposition<'a> {
    /// What it does.
    pub kind: DispositionKind,
    /// The provision by which it does so, or the way in which a count ended or a sentence changed, in the layout's words:
    /// `PC 1203.4`, `acquitted`, `revoked`; empty for plain convictions.
    pub by: &'a str,
    /// As written.
    pub text: Text<'a>,
    /// Its date: of the step, else of the disposition.
    pub date: Fact<DateSpan>,
    /// The row.
    pub row: RowIx,
}

/// Where a part of a sentence is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SentenceKind {
    /// State prison.
    Prison,
    /// County jail.
    Jail,
    /// Probation, parole or other supervision.
    Supervision,
    /// A fine, fee or restitution: no time to serve.
    Fine,
    /// Blank or not listed.
    Unrecognized,
}

/// How long a part of a sentence runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// Days.
    Days(i32),
    /// Calendar months.
    Months(i32),
    /// Calendar years.
    Years(i32),
    /// Not given, not readable, or for life.
    Unknown,
}

/// How a part of a sentence runs beside the others of its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concurrency {
    /// At the same time.
    Concurrent,
    /// After the others.
    Consecutive,
    /// The record does not say.
    Unsaid,
}

/// One part of a count's sentence.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// Where it is served.
    pub kind: SentenceKind,
    /// How long it runs.
    pub length: Length,
    /// How it runs beside the other parts.
    pub concurrency: Concurrency,
    /// The row.
    pub row: RowIx,
}

/// A registration step: the duty it records and when.
#[derive(Clone, Debug)]
pub struct Registration<'a> {
    /// The provision as written: `290 PC-REGISTRATION OF SEX OFFENDER`.
    pub charge: Text<'a>,
    /// Its date.
    pub date: Fact<DateSpan>,
    /// The row.
    pub row: RowIx,
}

/// What a person may find in another document, and no extract holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// How much cannabis other than concentrate, in milligrams.
    Weight,
    /// How much concentrated cannabis, in milligrams.
    Concentrate,
    /// How many living plants.
    Plants,
    /// Whether fines, fees and restitution are paid: 1 or 0.
    Paid,
    /// Whether a buyer or helper was under 18: 1 or 0.
    Minor,
    /// Whether it was brought into the state, or out of it for sale: 1 or 0.
    Import,
    /// Whether the environment was harmed in a way that the statute names: 1 or 0.
    Environment,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Weight,
        Self::Concentrate,
        Self::Plants,
        Self::Paid,
        Self::Minor,
        Self::Import,
        Self::Environment,
    ];
}

/// Milligrams as a number of grams: `28.5`.
#[must_use]
pub fn grams(milligrams: i32) -> String {
    let text = format!("{}.{:03}", milligrams / 1_000, milligrams % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A fact about a count that stands in no extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The count.
    pub count: CountIx,
    /// What was found.
    pub kind: FindingKind,
    /// How much of it; 1 for yes and 0 for no.
    pub value: Fact<NumberSpan>,
}

/// A row that was used: where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The file.
    pub file: FileIx,
    /// The line, counted from 1.
    pub line: u64,
    /// Its first byte in the file.
    pub offset: u64,
    /// Its length in bytes, without the line end.
    pub bytes: u32,
}

/// A person's whole record, all counties and all kinds of events.
///
/// The lists are flat and refer to one another by index. They are in the order of the record's own numbers, never
/// of the rows, so that the order of rows cannot change an answer. Its `Debug` shows how long they are and no value.
#[derive(Clone)]
pub struct Person<'a> {
    /// The state's subject number; blank for somebody who cannot be told from others.
    pub subject: Private<Text<'a>>,
    /// The CII number.
    pub cii: Private<Text<'a>>,
    /// The name, as recorded.
    pub name: Private<Text<'a>>,
    /// Sex, as recorded.
    pub sex: Text<'a>,
    /// Race, as recorded.
    pub race: Text<'a>,
    /// The date of birth; with two that differ, the span that holds both.
    pub birth: Fact<DateSpan>,
    /// Whether the record says that the person has died, and the step that says so.
    pub deceased: Fact<Truth>,
    /// The date of the step that says so.
    pub died: DateSpan,
    /// Registrations.
    pub registrations: Vec<Registration<'a>>,
    /// Steps, in the order of their numbers.
    pub events: Vec<Event<'a>>,
    /// Counts, in the order of their numbers.
    pub counts: Vec<Count<'a>>,
    /// Dispositions, those of one count together.
    pub dispositions: Vec<Disposition<'a>>,
    /// Parts of sentences, those of one count together.
    pub sentences: Vec<Sentence>,
    /// The rows used, those of one count together.
    pub rows: Vec<Row>,
    /// Rows of this person that could not be used: what they held is unknown.
    pub rejected: Vec<Place>,
    /// How many of them are records that may be this person's or another's.
    pub possible: u32,
    /// What was found in other documents; few people have any.
    pub findings: Vec<Finding>,
    /// Offences as other documents state them, at most one for a count.
    pub offences_found: Vec<FoundOffence<'a>>,
    /// Days of offences as other documents state them, at most one for a count.
    pub offence_dates: Vec<FoundOffenceDate>,
    /// Counts of which another document shows that no relief was granted from them.
    pub unrelieved: Vec<(CountIx, Seen)>,
}

/// The place and what is wrong, and never the value: it may be a birth date.
impl<T> std::fmt::Debug for Fact<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fact").field("gap", &self.gap).field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("rows", &self.rows.len())
            .field("events", &self.events.len())
            .field("counts", &self.counts.len())
            .field("registrations", &self.registrations.len())
            .field("rejected", &self.rejected.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Person<'a> {
    /// Somebody of whom nothing is known but the subject number.
    #[must_use]
    pub fn new(subject: Text<'a>) -> Self {
        Self {
            subject: Private::new(subject),
            cii: Private::default(),
            name: Private::default(),
            sex: Text::default(),
            race: Text::default(),
            birth: Fact::gap(DateSpan::UNKNOWN, Gap::Blank, None),
            deceased: Fact { value: Truth::No, gap: None, seen: [None; 2] },
            died: DateSpan::UNKNOWN,
            registrations: Vec::new(),
            events: Vec::new(),
            counts: Vec::new(),
            dispositions: Vec::new(),
            sentences: Vec::new(),
            rows: Vec::new(),
            rejected: Vec::new(),
            possible: 0,
            findings: Vec::new(),
            offences_found: Vec::new(),
            offence_dates: Vec::new(),
            unrelieved: Vec::new(),
        }
    }

    /// What was found of a count in other documents; unknown where nothing was.
    #[must_use]
    pub fn finding(&self, count: CountIx, kind: FindingKind) -> Fact<NumberSpan> {
        self.findings.iter().find(|found| found.count == count && found.kind == kind).map_or(
            Fact { value: NumberSpan { least: 0, most: i32::MAX }, gap: Some(Gap::Blank), seen: [None; 2] },
            |found| found.value,
        )
    }

    /// The offence of a count as another document states it.
    #[must_use]
    pub fn offence_found(&self, count: CountIx) -> Option<&FoundOffence<'a>> {
        self.offences_found.iter().find(|found| found.count == count)
    }

    /// The day of the offence of a count as another document states it.
    #[must_use]
    pub fn offence_date_found(&self, count: CountIx) -> Option<Fact<DateSpan>> {
        self.offence_dates.iter().find(|found| found.count == count).map(|found| found.date)
    }

    /// A count by its index.
    #[must_use]
    pub fn count(&self, at: CountIx) -> &Count<'a> {
        &self.counts[at.at()]
    }

    /// The step that a count belongs to.
    #[must_use]
    pub fn event_of(&self, count: &Count<'a>) -> &Event<'a> {
        &self.events[count.event.at()]
    }

    /// A count's dispositions, in the order of their dates.
    #[must_use]
    pub fn dispositions_of(&self, count: &Count<'a>) -> &[Disposition<'a>] {
        &self.dispositions[count.dispositions.start as usize..count.dispositions.end as usize]
    }

    /// The parts of a count's sentence.
    #[must_use]
    pub fn sentences_of(&self, count: &Count<'a>) -> &[Sentence] {
        &self.sentences[count.sentences.start as usize..count.sentences.end as usize]
    }

    /// Whether every row of the person could be used. If not, the absence of something proves nothing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rejected.is_empty()
    }
}
