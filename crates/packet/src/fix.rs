//! The fix-list: convictions that are authorized and could not go into a paper, each with what to do.

use vacatur_pipeline::{CaseCount, Manifest, place_text};

/// Why a conviction is not in a paper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Problem {
    /// The record names no county.
    NoCounty,
    /// There is no profile of the court.
    NoProfile,
    /// There is no case number.
    NoCaseNumber,
    /// The case number does not fit the court.
    CaseNumber,
    /// The record has no name.
    NoName,
    /// The name has a letter that the fonts of the papers lack.
    Letter(char),
    /// The section cannot be read.
    NoSection,
    /// The level is not known, and the prosecutor hangs on it.
    NoLevel,
    /// The arresting agency is not known, and the prosecutor hangs on it.
    NoAgency,
    /// No prosecutor of the profile fits.
    NoProsecutor,
    /// Whether the sentence is being served is not known.
    Sentence,
    /// A completed sentence is challenged for public safety.
    Ground,
    /// The relief is none that papers can ask for.
    Relief,
    /// The same conviction stands in the run twice.
    Repeated,
    /// The same conviction stands in the run twice, and is treated otherwise.
    TwinsDiffer,
    /// The county is none of the state's.
    County,
    /// Something is too long for the exhibit.
    TooLong,
}

impl Problem {
    /// A word that does not change.
    #[must_use]
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::NoCounty => "no county",
            Self::NoProfile => "no court profile",
            Self::NoCaseNumber => "no case number",
            Self::CaseNumber => "case number does not fit",
            Self::NoName => "no name",
            Self::Letter(_) => "letter without a font",
            Self::NoSection => "no section",
            Self::NoLevel => "level unknown",
            Self::NoAgency => "arresting agency unknown",
            Self::NoProsecutor => "no prosecutor fits",
            Self::Sentence => "sentence unknown",
            Self::Ground => "ground does not fit",
            Self::Relief => "relief unknown",
            Self::Repeated => "repeated",
            Self::TwinsDiffer => "repeated otherwise",
            Self::County => "no county of the state",
            Self::TooLong => "too long for the exhibit",
        }
    }

    /// What to do.
    #[must_use]
    pub(crate) fn remedy(&self) -> String {
        match self {
            Self::NoCounty => "Find the court that entered the judgment, and give the county as evidence.".into(),
            Self::NoProfile => {
                "Write a profile of this court (forms/us-ca/courts has examples) and hand it in with --courts.".into()
            }
            Self::NoCaseNumber => {
                "Ask the court for the case number by name, birth date and date of conviction, and file the case by hand.".into()
            }
            Self::CaseNumber => {
                "Ask the court how it writes this number. If it is one of its forms, add the form to the profile.".into()
            }
            Self::NoName => "Ask the repository for the name on this record, and file the case by hand.".into(),
            Self::Letter(c) => format!(
                "The name has the letter U+{:04X}, which the fonts of the papers lack. File the case by hand.",
                u32::from(*c)
            ),
            Self::NoSection => "Find the section in the court's file, and give it as evidence.".into(),
            Self::NoLevel => {
                "Find in the court's file whether it was a felony or a misdemeanor, and give it as evidence: the prosecutor hangs on it.".into()
            }
            Self::NoAgency => {
                "Find out where the arrest was, or who filed the case: it may be a city attorney's.".into()
            }
            Self::NoProsecutor => {
                "The arresting agency is none of the profile's. Ask who prosecuted, and add the agency to the profile.".into()
            }
            Self::Sentence => {
                "Find out whether the sentence is completed, and give it as evidence: subdivisions (b) and (f) are different petitions.".into()
            }
            Self::Ground => {
                "The sentence is completed: Health and Safety Code section 11361.9 knows no challenge for public safety here. Give another ground, or authorize it.".into()
            }
            Self::Relief => "This version writes no paper for this relief. File the case by hand.".into(),
            Self::TwinsDiffer => {
                "The same conviction stands in the run under several numbers, and differs in authorization, challenge, relief or sentence. None of them is filed. Settle which is right, with a list or with evidence.".into()
            }
            Self::County => {
                "The county as recorded is none of the state's. Find the court that entered the judgment, and give the county as evidence.".into()
            }
            Self::TooLong => {
                "A case number, name, section or relief is too long for its place in the exhibit. File the case by hand.".into()
            }
            Self::Repeated => {
                "The same conviction stands in the run under another number too, and is filed once. Ask the repository which is right.".into()
            }
        }
    }
}

/// The columns of `fix-list.csv`.
pub(crate) const COLUMNS: [&str; 9] = [
    "subject_id",
    "cnt_order",
    "problem",
    "what_to_do",
    "county",
    "court",
    "case_number_as_recorded",
    "relief",
    "place",
];

/// A line of the list.
#[must_use]
pub(crate) fn line(
    manifest: &Manifest,
    subject: &str,
    county: &str,
    court: &str,
    number: &str,
    count: &CaseCount,
    problem: &Problem,
) -> [String; 9] {
    [
        subject.to_owned(),
        count.order.clone(),
        problem.word().to_owned(),
        problem.remedy(),
        county.to_owned(),
        court.to_owned(),
        number.to_owned(),
        count.decided.as_ref().map_or_else(String::new, |decided| decided.relief.clone()),
        place_text(manifest, count.place),
    ]
}
