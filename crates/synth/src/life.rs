//! What really happened to a person: the truth, before any of it is written down.

use jiff::civil::Date;

use crate::calendar::{plus_days, plus_months, plus_years, push_number};
use crate::defect::Defect;
use crate::lists::{Offence, lists};
use crate::spelling::Spelling;

/// What a count came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A charge at an arrest.
    Arrest,
    /// A conviction by a court.
    Conviction,
    /// Dismissed by a court.
    Dismissed,
    /// Acquitted by a court.
    Acquitted,
    /// Diverted by a court: no conviction.
    Diversion,
    /// A duty to register, under PC 290 or HS 11590.
    Registration,
    /// Probation or custody after a conviction that is counted elsewhere.
    Supervision,
    /// Notice of the person's death.
    Deceased,
}

impl Kind {
    /// As the truth file writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Arrest => "arrest",
            Self::Conviction => "conviction",
            Self::Dismissed => "dismissed",
            Self::Acquitted => "acquitted",
            Self::Diversion => "diversion",
            Self::Registration => "registration",
            Self::Supervision => "supervision",
            Self::Deceased => "deceased",
        }
    }

    /// Whether it is written on a COURT ACTION row.
    #[must_use]
    pub fn is_court(self) -> bool {
        matches!(self, Self::Conviction | Self::Dismissed | Self::Acquitted | Self::Diversion)
    }
}

/// How grave an offence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// A felony.
    Felony,
    /// A misdemeanor.
    Misdemeanor,
    /// An infraction.
    Infraction,
}

impl Level {
    /// As the truth file writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Felony => "felony",
            Self::Misdemeanor => "misdemeanor",
            Self::Infraction => "infraction",
        }
    }

    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Felony => "F",
            Self::Misdemeanor => "M",
            Self::Infraction => "I",
        }
    }

    pub(crate) fn capitals(self) -> &'static str {
        match self {
            Self::Felony => "FELONY",
            Self::Misdemeanor => "MISDEMEANOR",
            Self::Infraction => "INFRACTION",
        }
    }
}

/// An offence as charged or convicted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The offence, or the one that was attempted or agreed upon.
    pub offence: &'static Offence,
    /// Only attempted.
    pub attempt: bool,
    /// A conspiracy to commit it.
    pub conspiracy: bool,
}

/// A relief granted after a conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relief {
    /// The provision: `PC 1203.4`, `PC 17(b)`, `PC 1170.18` or `HS 11361.8`.
    pub by: &'static str,
    /// The day it was granted.
    pub on: Date,
}

/// One part of a sentence. Where it is served, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// `J` jail, `P` probation, `S` state prison, `F` fine.
    pub place: char,
    /// How many units; 0 for a fine.
    pub length: u32,
    /// `D` days, `M` months, `Y` years.
    pub unit: char,
}

impl Part {
    /// The day on which the part ends if it starts on `start`.
    #[must_use]
    pub fn end(&self, start: Date) -> Date {
        match self.unit {
            'D' => plus_days(start, self.length as i32),
            'M' => plus_months(start, self.length as i32),
            _ => plus_years(start, self.length as i32),
        }
    }
}

/// A later line under a count: a relief, or a change of the sentence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Update {
    pub(crate) on: Date,
    pub(crate) disposition: &'static str,
    pub(crate) part: Option<Part>,
    /// The number of the later step it is written as, if not under the count itself.
    pub(crate) step: Option<u16>,
}

/// Whether a reader can use a count's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rejected {
    /// Every row is well formed.
    #[default]
    No,
    /// No row is certainly unusable, but one has stray quotes or NUL bytes that a strict reader may refuse, or
    /// stands behind a quote that is never closed.
    Perhaps,
    /// Some rows are unusable and some are not.
    Some,
    /// All rows are unusable.
    Yes,
}

impl Rejected {
    /// As the truth file writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Perhaps => "perhaps",
            Self::Some => "some",
            Self::Yes => "yes",
        }
    }
}

/// One count and the truth about it.
#[derive(Clone, Debug)]
pub struct Count {
    /// Cycle, step and count number.
    pub number: [u16; 3],
    /// What it came to.
    pub kind: Kind,
    /// What the person was charged with; nothing for a death or a registration.
    pub charged: Option<Charge>,
    /// What the person was convicted of; the charge itself for other counts.
    pub offence: Option<Charge>,
    /// The level of the conviction, or of the charge; nothing where there is no offence.
    pub level: Option<Level>,
    /// The day of the step: of the arrest, of the judgment.
    pub on: Date,
    /// The day of the offence, which the file does not hold: on the day of the arrest or shortly before.
    pub offence_date: Option<Date>,
    /// The parts of the sentence.
    pub sentence: Vec<Part>,
    /// The day on which the last part ends, counting later changes; the day of the judgment if nothing is to be
    /// served; unset if the count is no conviction.
    pub sentence_end: Option<Date>,
    /// The reliefs granted, in order of time.
    pub relief: Vec<Relief>,
    /// The court's number of the case; blank for counts that are not before a court.
    pub case_number: String,
    /// What was corrupted when the count was written down, and in which column.
    pub defects: Vec<(Defect, &'static str)>,
    /// Whether its rows can be used.
    pub rejected: Rejected,
    pub(crate) place: Place,
    pub(crate) step_type: &'static str,
    pub(crate) disposition: &'static str,
    pub(crate) comment: &'static str,
    /// What stands for the offence where there is none.
    pub(crate) text: &'static str,
    pub(crate) spelling: Spelling,
    pub(crate) updates: Vec<Update>,
}

/// Which agency in which county.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) county: u16,
    pub(crate) town: u16,
    /// `PD` police, `SO` sheriff, `HP` highway patrol, `SC` and `MC` courts, `PR` probation, `CD` prisons.
    pub(crate) agency: &'static str,
}

impl Place {
    /// The agency's number, as the state's file has it.
    pub(crate) fn ori(self) -> String {
        let mut text = String::from("CA");
        push_number(&mut text, u32::from(self.county) + 1, 3);
        push_number(&mut text, u32::from(self.agency.as_bytes().first().copied().unwrap_or(0)), 2);
        push_number(&mut text, u32::from(self.town), 2);
        text
    }
}

impl Count {
    /// CNT_ORDER of the count's first row.
    #[must_use]
    pub fn order(&self) -> String {
        let mut order = String::with_capacity(12);
        push_order(&mut order, self.number, 0);
        order
    }

    /// The county of the court or the agency.
    #[must_use]
    pub fn county(&self) -> &'static str {
        lists().counties.get(usize::from(self.place.county)).map_or("", |county| county.name)
    }

    /// The day of the conviction, if it is one.
    #[must_use]
    pub fn conviction_date(&self) -> Option<Date> {
        (self.kind == Kind::Conviction).then_some(self.on)
    }

    /// Whether the state was told of it, so that the file has rows of it.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        !self.defects.iter().any(|(kind, _)| *kind == Defect::Unreported)
    }

    /// Whether it is a conviction of a cannabis offence, an attempt or a conspiracy included.
    #[must_use]
    pub fn is_cannabis_conviction(&self) -> bool {
        self.kind == Kind::Conviction && self.offence.is_some_and(|charge| charge.offence.cannabis)
    }
}

/// Writes twelve digits: cycle, step, count, part.
pub(crate) fn push_order(to: &mut String, number: [u16; 3], part: u16) {
    for three in number.into_iter().chain([part]) {
        push_number(to, u32::from(three % 1000), 3);
    }
}

/// A whole life, as far as a criminal history knows it.
pub(crate) struct Life {
    pub(crate) counts: Vec<Count>,
    pub(crate) died: Option<Date>,
    pub(crate) registered: bool,
}
