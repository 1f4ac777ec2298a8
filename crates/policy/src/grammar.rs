//! The closed lists of words that documents are made of, as the reader uses them and as `docs/src/policy-language.md`
//! describes them.

use crate::cases::CaseKind;
use crate::expression::Compare;
use vacatur_records::{FindingKind, ReliefKind};

pub use crate::parameters::RESERVED;

/// The blocks that run. Fences of any other kind are an error, but for plain ones and `text`, which are prose.
pub const BLOCKS: [&str; 8] =
    ["policy", "parameters", "sections", "definitions", "scope", "rule", "without", "test"];

/// What a document must say of itself in its `policy` block.
pub const HEADING_REQUIRED: [&str; 6] = ["id", "jurisdiction", "authority", "effective", "source", "status"];

/// What it may say.
pub const HEADING_OPTIONAL: [&str; 6] = ["title", "builds on", "family", "statute", "mode", "decides"];

/// The lines of a rule. The last three say where a rule stands in a document that builds on another.
pub const RULE_KEYS: [&str; 10] =
    ["when", "otherwise", "if unknown", "then", "reason", "cite", "note", "replaces", "before", "after"];

/// What may follow `then`.
pub const OUTCOMES: [&str; 10] = [
    "dismiss",
    "dismiss and seal",
    "reduce to misdemeanor",
    "reduce to infraction",
    "grant \"…\"",
    "not eligible",
    "not yet until …",
    "already relieved",
    "review",
    "refer to \"…\"",
];

/// The kinds of parameters.
pub const PARAMETER_KINDS: [&str; 7] =
    ["number", "number or off", "flag", "one of", "sections of", "county", "date"];

/// Stretches of a person's history, as a document may write them after `any conviction` or choose by a parameter.
pub const WINDOWS: [&str; 3] = ["before the offence", "before the conviction", "ever"];

/// What may stand between `any conviction` and `where`, beside `other` before the word and a stretch of history.
pub const RESTRICTIONS: [&str; 4] = ["of the case", "of the cycle", "on the same day", "within"];

/// Words that compare, the longest first where one begins like another.
pub(crate) const RELATIONS: [(&str, Compare); 19] = [
    ("on or before", Compare::AtMost),
    ("on or after", Compare::AtLeast),
    ("is on or before", Compare::AtMost),
    ("is on or after", Compare::AtLeast),
    ("is at least", Compare::AtLeast),
    ("is at most", Compare::AtMost),
    ("is more than", Compare::More),
    ("is less than", Compare::Less),
    ("more than", Compare::More),
    ("less than", Compare::Less),
    ("is before", Compare::Less),
    ("is after", Compare::More),
    ("is not", Compare::NotEqual),
    ("before", Compare::Less),
    ("after", Compare::More),
    ("at least", Compare::AtLeast),
    ("at most", Compare::AtMost),
    ("on", Compare::Equal),
    ("is", Compare::Equal),
];

/// Signs that compare.
pub const SIGNS: [&str; 5] = ["<", "<=", "=", ">=", ">"];

/// Words and signs that compare two dates, numbers or weights.
pub fn comparisons() -> impl Iterator<Item = &'static str> {
    RELATIONS.into_iter().map(|(words, _)| words).chain(SIGNS)
}

/// The lines of a test, beside those that begin with the label of a count.
pub const TEST_LINES: [&str; 7] = ["as of", "born", "died", "registered", "unusable row", "set", "expect"];

/// How a count of a test may begin: the words, the kind, and for one that ended without a conviction how.
pub(crate) const BEGINNINGS: [(&str, CaseKind, Option<&str>); 9] = [
    ("convicted of", CaseKind::Convicted, None),
    ("charged with", CaseKind::Charged, None),
    ("arrested for", CaseKind::Arrested, None),
    ("dismissed", CaseKind::Dismissed, Some("dismissed")),
    ("acquitted of", CaseKind::Dismissed, Some("acquitted")),
    ("not prosecuted for", CaseKind::Dismissed, Some("not prosecuted")),
    ("diverted from", CaseKind::Dismissed, Some("diversion")),
    ("completed diversion for", CaseKind::Dismissed, Some("diversion completed")),
    ("released for", CaseKind::Arrested, Some("released")),
];

/// How a count of a test may begin.
pub fn beginnings() -> impl Iterator<Item = &'static str> {
    BEGINNINGS.into_iter().map(|(words, ..)| words)
}

/// Clauses that say yes or no of something that no extract holds.
pub(crate) const FOUND: [(&str, FindingKind, i32); 8] = [
    ("paid", FindingKind::Paid, 1),
    ("not paid", FindingKind::Paid, 0),
    ("buyer under 18", FindingKind::Minor, 1),
    ("no buyer under 18", FindingKind::Minor, 0),
    ("imported", FindingKind::Import, 1),
    ("not imported", FindingKind::Import, 0),
    ("environmental harm", FindingKind::Environment, 1),
    ("no environmental harm", FindingKind::Environment, 0),
];

/// Clauses that say how much there was.
pub(crate) const MEASURED: [(&str, FindingKind); 6] = [
    ("grams of concentrate", FindingKind::Concentrate),
    ("gram of concentrate", FindingKind::Concentrate),
    ("grams", FindingKind::Weight),
    ("gram", FindingKind::Weight),
    ("plants", FindingKind::Plants),
    ("plant", FindingKind::Plants),
];

/// Clauses of relief that was granted later.
pub(crate) const RELIEFS: [(&str, ReliefKind); 4] = [
    ("set aside by", ReliefKind::SetAside),
    ("reduced by", ReliefKind::Reduced),
    ("resentenced by", ReliefKind::Resentenced),
    ("vacated by", ReliefKind::Vacated),
];

/// Clauses that begin with these words.
pub const CLAUSES: [&str; 7] =
    ["arrested on", "on", "in the year", "same case as", "same cycle as", "in", "probation revoked"];

/// The words of every clause of a count that are not a level or a sentence.
pub fn clauses() -> impl Iterator<Item = &'static str> {
    let found = FOUND.into_iter().map(|(words, ..)| words);
    let measured = MEASURED.into_iter().map(|(words, _)| words);
    let reliefs = RELIEFS.into_iter().map(|(words, _)| words);
    CLAUSES.into_iter().chain(found).chain(measured).chain(reliefs)
}

/// What a part of a sentence can be in a test.
pub const SENTENCES: [&str; 3] = ["probation", "jail", "prison"];
