//! A court's own record of a case, as one defendant's part of it.
//!
//! A court files cases, a state repository files people. A court's record says of a case what was charged, decided and
//! ordered, and of the defendant no more than a name and sometimes a birth date; the same person stands in it once for
//! every case. Who is who is for the linker to find.

use crate::{
    Date, DateSpan, DispositionKind, FileIx, Gap, Length, Level, Private, ReliefKind, SentenceKind,
    silent_debug,
};

/// A date as read, and why it is not wholly known.
pub type Dated = (DateSpan, Option<Gap>);

/// What a name field turned out to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// A person's name.
    #[default]
    Person,
    /// A company, a church, a ship: nobody who can be convicted as a person.
    Organization,
    /// A word that stands where a name should be: `DOE`, `UNKNOWN`, `TRANSIENT`.
    Placeholder,
    /// Nothing.
    Blank,
}

/// A name in its parts, in capitals, accents kept.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyName {
    /// The family name, all of it: `GARCIA LOPEZ`.
    pub last: String,
    /// The given name.
    pub first: String,
    /// Middle names or initials.
    pub middle: String,
    /// `JR`, `SR`, `II`, `III`, `IV`.
    pub suffix: String,
}

silent_debug!(PartyName);

/// The defendant, as one case has it.
#[derive(Clone, Default)]
pub struct Party {
    /// What the name field holds.
    pub kind: PartyKind,
    /// The name.
    pub name: Private<PartyName>,
    /// Other names that the record gives: `AKA`.
    pub also: Private<Vec<PartyName>>,
    /// The date of birth.
    pub birth: Private<Option<Dated>>,
    /// `M`, `F`, `X`; empty if not given or not read.
    pub sex: String,
    /// Race, in the court's words.
    pub race: String,
    /// The state's identification number, as typed.
    pub cii: Private<String>,
    /// The number of the federal record.
    pub fbi: Private<String>,
    /// Social security number, digits only.
    pub ssn: Private<String>,
    /// Driver's license number.
    pub license: Private<String>,
    /// Five digits.
    pub zip: Private<String>,
    /// The court's own number of the person, the same in all of a person's cases, where the court keeps one.
    pub person_number: Private<String>,
    /// Which defendant of the case: `01`, `A`.
    pub defendant: String,
}

silent_debug!(Party);

/// One defendant's part of a case.
#[derive(Clone, Default)]
pub struct CourtCase {
    /// The file.
    pub file: u32,
    /// The line, or the row of a sheet, of its first row; from 1.
    pub line: u64,
    /// Which court of the layout, by its number in the layout's list; or [`NO_COURT`](Self::NO_COURT).
    pub court: u32,
    /// The court or its branch as the record names it: a code or an ORI. Empty if it names none.
    pub branch: String,
    /// The case number as written.
    pub number: String,
    /// The same in the court's one form, for comparison: blanks, dashes, leading zeros and the defendant's suffix are
    /// gone. Empty if it fits none of the court's formats.
    pub key: String,
    /// Numbers of the arrest or booking that led to it.
    pub bookings: Vec<String>,
    /// The defendant.
    pub party: Party,
    /// The day on which it was filed.
    pub filed: Option<Dated>,
    /// The charges, in the order of their numbers, then of their lines.
    pub charges: Vec<CourtCharge>,
}

silent_debug!(CourtCase);

impl CourtCase {
    /// What [`court`](Self::court) is where the record does not say of which court it is, or names one that the layout does
    /// not list.
    pub const NO_COURT: u32 = u32::MAX;

    /// The file, as the record's places have it.
    #[must_use]
    pub fn file(&self) -> FileIx {
        FileIx(self.file)
    }
}

/// A charge, and what was decided on it.
#[derive(Clone, Default)]
pub struct CourtCharge {
    /// The line of its first row; from 1.
    pub line: u64,
    /// The count's number in the complaint.
    pub count: Option<u16>,
    /// The section charged, with its code: `HS 11359`.
    pub charged: String,
    /// The section of the conviction, where the record gives one beside the charge.
    pub convicted: String,
    /// What the offence is called.
    pub description: String,
    /// The level of the conviction, else of the charge.
    pub level: Option<Level>,
    /// Why there is no level: blank, unreadable, in conflict.
    pub level_gap: Option<Gap>,
    /// What the disposition does; blank and unrecognised ones are kept as such.
    pub disposition: Option<DispositionKind>,
    /// The disposition as written.
    pub disposition_text: String,
    /// The day of the disposition.
    pub disposed: Option<Dated>,
    /// The day of the offence.
    pub offence_date: Option<Dated>,
    /// The parts of the sentence.
    pub sentence: Vec<CourtSentence>,
    /// Reliefs that the court granted later.
    pub relief: Vec<CourtRelief>,
    /// Whether the record has a relief in words or codes that were not recognised: there may be one more.
    pub relief_unclear: bool,
}

silent_debug!(CourtCharge);

impl CourtCharge {
    /// The section that counts: of the conviction where the record gives one, else of the charge.
    #[must_use]
    pub fn offence(&self) -> &str {
        if self.convicted.is_empty() { &self.charged } else { &self.convicted }
    }

    /// Whether it ended in a conviction as far as the disposition says.
    #[must_use]
    pub fn is_conviction(&self) -> bool {
        self.disposition == Some(DispositionKind::Convicted)
    }

    /// The day of the disposition, if it is known to the day.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.disposed.and_then(|(span, gap)| span.known().filter(|_| gap.is_none()))
    }
}

/// A part of a sentence, as a court's file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourtSentence {
    /// Where it is served.
    pub kind: SentenceKind,
    /// How long.
    pub length: Length,
}

/// A relief that the court granted.
#[derive(Clone, PartialEq, Eq)]
pub struct CourtRelief {
    /// What it does.
    pub kind: ReliefKind,
    /// The provision by which it does so, in the layout's words: `PC 1203.4`; empty if the layout does not say.
    pub by: String,
    /// When.
    pub date: Dated,
}

silent_debug!(CourtRelief);
