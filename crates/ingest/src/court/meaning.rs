//! What a column may mean.

/// What a column means, as a layout's `is` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    CaseNumber,
    Court,
    CourtOri,
    Filed,
    Booking,
    Name,
    Last,
    First,
    Middle,
    Suffix,
    Aka,
    AkaLast,
    AkaFirst,
    AkaMiddle,
    AkaSuffix,
    Birth,
    Sex,
    Race,
    Cii,
    Fbi,
    Ssn,
    License,
    Zip,
    Person,
    Defendant,
    Count,
    SectionCode,
    Section,
    ConvictedSection,
    Description,
    Level,
    OffenceDate,
    Disposition,
    Disposed,
    Sentence,
    SentenceKind,
    SentenceLength,
    SentenceUnit,
    Prison,
    Jail,
    Supervision,
    Relief,
    ReliefDate,
    /// Known, and not read.
    Ignored,
}

/// Whose a value is: a merged cell of a sheet holds for all rows of what is not a charge's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Case,
    Party,
    Charge,
    Nothing,
}

impl Meaning {
    /// All, with their names.
    pub(super) const ALL: [(&'static str, Self); 44] = [
        ("case-number", Self::CaseNumber),
        ("court", Self::Court),
        ("court-ori", Self::CourtOri),
        ("filed", Self::Filed),
        ("booking", Self::Booking),
        ("name", Self::Name),
        ("last-name", Self::Last),
        ("first-name", Self::First),
        ("middle-name", Self::Middle),
        ("name-suffix", Self::Suffix),
        ("aka", Self::Aka),
        ("aka-last-name", Self::AkaLast),
        ("aka-first-name", Self::AkaFirst),
        ("aka-middle-name", Self::AkaMiddle),
        ("aka-name-suffix", Self::AkaSuffix),
        ("birth-date", Self::Birth),
        ("sex", Self::Sex),
        ("race", Self::Race),
        ("cii", Self::Cii),
        ("fbi", Self::Fbi),
        ("ssn", Self::Ssn),
        ("license", Self::License),
        ("zip", Self::Zip),
        ("person-number", Self::Person),
        ("defendant-number", Self::Defendant),
        ("count", Self::Count),
        ("section-code", Self::SectionCode),
        ("section", Self::Section),
        ("convicted-section", Self::ConvictedSection),
        ("description", Self::Description),
        ("level", Self::Level),
        ("offence-date", Self::OffenceDate),
        ("disposition", Self::Disposition),
        ("disposition-date", Self::Disposed),
        ("sentence", Self::Sentence),
        ("sentence-kind", Self::SentenceKind),
        ("sentence-length", Self::SentenceLength),
        ("sentence-unit", Self::SentenceUnit),
        ("prison", Self::Prison),
        ("jail", Self::Jail),
        ("supervision", Self::Supervision),
        ("relief", Self::Relief),
        ("relief-date", Self::ReliefDate),
        ("ignored", Self::Ignored),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning)
    }

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, meaning)| *meaning == self).map_or("", |(name, _)| name)
    }

    pub(super) fn level(self) -> Level {
        match self {
            Self::CaseNumber | Self::Court | Self::CourtOri | Self::Filed => Level::Case,
            Self::Ignored => Level::Nothing,
            Self::Booking => Level::Party,
            other if (other as u8) < (Self::Count as u8) => Level::Party,
            _ => Level::Charge,
        }
    }

    pub(super) fn is_date(self) -> bool {
        matches!(self, Self::Filed | Self::Birth | Self::OffenceDate | Self::Disposed | Self::ReliefDate)
    }
}
