//! What the words in an extract's cells mean, as `layouts/us-ca/doj-words.toml` declares it.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::cell::RefCell;
use vacatur_records::{Concurrency, DispositionKind, Level, ReliefKind, SentenceKind, StepKind};

/// How many distinct texts are remembered; more than any honest extract has, so that a hostile one costs time and
/// no memory.
const REMEMBERED: usize = 1 << 14;

/// The words of the California DOJ extract, as declared.
pub const US_CA_DOJ_WORDS: &str = include_str!("../../../../layouts/us-ca/doj-words.toml");

/// Why a list of words cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// The file is no TOML of the expected shape.
    #[error("the list of words cannot be read: {0}")]
    Toml(String),
    /// An entry says it means something that does not exist.
    #[error("the list of words has an entry of {table} with the unknown kind `{kind}`")]
    Kind {
        /// The table.
        table: &'static str,
        /// The kind.
        kind: String,
    },
    /// An entry that fits nothing.
    #[error(
        "the list of words has an entry of {table}, kind `{kind}`, that fits no text: give starts, contains or is"
    )]
    Empty {
        /// The table.
        table: &'static str,
        /// The kind.
        kind: String,
    },
    /// An entry that does not say how sure it is.
    #[error(
        "the list of words has an entry of {table} with the status `{status}`: it is confirmed, observed, secondary or unconfirmed"
    )]
    Status {
        /// The table.
        table: &'static str,
        /// The status.
        status: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    races: Vec<String>,
    sexes: Vec<String>,
    step: Vec<Entry>,
    disposition: Vec<Entry>,
    level: Vec<Entry>,
    sentence: Vec<Entry>,
    unit: Vec<Entry>,
    concurrency: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    and: Vec<String>,
    #[serde(default)]
    is: Vec<String>,
    status: String,
}

/// A unit of a sentence's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Days,
    Months,
    Years,
}

/// One kind of words: entries in order.
#[derive(Debug)]
struct Table<T> {
    entries: Vec<(Fits, T)>,
}

#[derive(Debug)]
struct Fits {
    starts: Vec<String>,
    contains: Vec<String>,
    and: Vec<String>,
    is: Vec<String>,
}

/// All the words.
#[derive(Debug)]
pub struct Words {
    steps: Table<StepKind>,
    dispositions: Table<(DispositionKind, u16)>,
    levels: Table<Level>,
    sentences: Table<SentenceKind>,
    units: Table<Unit>,
    concurrency: Table<Concurrency>,
    labels: Vec<String>,
    races: Vec<String>,
    sexes: Vec<String>,
}

/// What has been looked up, so that each distinct text is compared once. One for each thread.
#[derive(Default)]
pub(crate) struct Remembered {
    steps: Memory<StepKind>,
    dispositions: Memory<(DispositionKind, u16)>,
    sentences: Memory<SentenceKind>,
    units: Memory<Option<Unit>>,
    concurrency: Memory<Concurrency>,
}

type Memory<T> = RefCell<FxHashMap<Box<[u8]>, T>>;

fn remember<T: Copy>(memory: &Memory<T>, text: &[u8], look_up: impl FnOnce() -> T) -> T {
    if let Some(&found) = memory.borrow().get(text) {
        return found;
    }
    let found = look_up();
    let mut memory = memory.borrow_mut();
    if memory.len() < REMEMBERED && text.len() <= 256 {
        memory.insert(text.into(), found);
    }
    found
}

impl Words {
    /// The words of the California DOJ extract.
    ///
    /// # Errors
    /// Never for the embedded list, which a test reads.
    pub fn us_ca_doj() -> Result<Self, WordsError> {
        Self::parse(US_CA_DOJ_WORDS)
    }

    /// Reads a list of words.
    ///
    /// # Errors
    /// Anything but a well-formed list of known kinds.
    pub fn parse(text: &str) -> Result<Self, WordsError> {
        let file: File = toml::from_str(text).map_err(|error| WordsError::Toml(error.to_string()))?;
        let mut labels = vec![String::new()];
        let mut label = |by: &str| -> u16 {
            let at = labels.iter().position(|label| label == by).unwrap_or_else(|| {
                labels.push(by.to_owned());
                labels.len() - 1
            });
            at as u16
        };
        let steps = table("step", &file.step, |entry| {
            Some(match entry.kind.as_str() {
                "arrest" => StepKind::Arrest,
                "court" => StepKind::Court,
                "registration" => StepKind::Registration,
                "deceased" => StepKind::Deceased,
                "possible" => StepKind::Possible,
                "other" => StepKind::Other,
                _ => return None,
            })
        })?;
        let dispositions = table("disposition", &file.disposition, |entry| {
            let kind = match entry.kind.as_str() {
                "convicted" => DispositionKind::Convicted,
                "not_convicted" => DispositionKind::NotConvicted,
                "pending" => DispositionKind::Pending,
                "set_aside" => DispositionKind::Relief(ReliefKind::SetAside),
                "reduced" => DispositionKind::Relief(ReliefKind::Reduced),
                "resentenced" => DispositionKind::Relief(ReliefKind::Resentenced),
                "vacated" => DispositionKind::Relief(ReliefKind::Vacated),
                "sentence_changed" => DispositionKind::SentenceChanged,
                "juvenile" => DispositionKind::Juvenile,
                _ => return None,
            };
            Some((kind, label(&entry.by)))
        })?;
        let levels = table("level", &file.level, |entry| {
            [Level::Felony, Level::Misdemeanor, Level::Infraction]
                .into_iter()
                .find(|level| level.word() == entry.kind)
        })?;
        let sentences = table("sentence", &file.sentence, |entry| {
            Some(match entry.kind.as_str() {
                "prison" => SentenceKind::Prison,
                "jail" => SentenceKind::Jail,
                "supervision" => SentenceKind::Supervision,
                "fine" => SentenceKind::Fine,
                _ => return None,
            })
        })?;
        let units = table("unit", &file.unit, |entry| {
            Some(match entry.kind.as_str() {
                "days" => Unit::Days,
                "months" => Unit::Months,
                "years" => Unit::Years,
                _ => return None,
            })
        })?;
        let concurrency = table("concurrency", &file.concurrency, |entry| {
            Some(match entry.kind.as_str() {
                "concurrent" => Concurrency::Concurrent,
                "consecutive" => Concurrency::Consecutive,
                "unsaid" => Concurrency::Unsaid,
                _ => return None,
            })
        })?;
        Ok(Self {
            steps,
            dispositions,
            levels,
            sentences,
            units,
            concurrency,
            labels,
            races: file.races,
            sexes: file.sexes,
        })
    }

    pub(crate) fn step(&self, memory: &Remembered, text: &[u8]) -> StepKind {
        if text.is_empty() {
            return StepKind::Unrecognized;
        }
        remember(&memory.steps, text, || self.steps.find(text).unwrap_or(StepKind::Unrecognized))
    }

    /// What a disposition does, and by which provision or in which way.
    pub(crate) fn disposition(&self, memory: &Remembered, text: &[u8]) -> (DispositionKind, &str) {
        if text.is_empty() {
            return (DispositionKind::Blank, "");
        }
        let (kind, label) = remember(&memory.dispositions, text, || {
            self.dispositions.find(text).unwrap_or((DispositionKind::Unrecognized, 0))
        });
        (kind, &self.labels[usize::from(label)])
    }

    /// A level; `None` for text that is none. The usual spellings are compared first.
    pub(crate) fn level(&self, text: &[u8]) -> Option<Level> {
        match text {
            b"FELONY" | b"F" => Some(Level::Felony),
            b"MISDEMEANOR" | b"M" => Some(Level::Misdemeanor),
            _ => self.levels.find(text),
        }
    }

    pub(crate) fn sentence(&self, memory: &Remembered, text: &[u8]) -> SentenceKind {
        remember(&memory.sentences, text, || self.sentences.find(text).unwrap_or(SentenceKind::Unrecognized))
    }

    pub(crate) fn unit(&self, memory: &Remembered, text: &[u8]) -> Option<Unit> {
        remember(&memory.units, text, || self.units.find(text))
    }

    pub(crate) fn concurrency(&self, memory: &Remembered, comment: &[u8]) -> Concurrency {
        if comment.len() < 6 {
            return Concurrency::Unsaid;
        }
        remember(&memory.concurrency, comment, || {
            self.concurrency.find(comment).unwrap_or(Concurrency::Unsaid)
        })
    }

    /// A race as the summary counts it: the word, nothing for a blank, `other text` for what is not in the list.
    #[must_use]
    pub fn race(&self, text: &str) -> &str {
        listed(&self.races, text)
    }

    /// A sex as the summary counts it, likewise.
    #[must_use]
    pub fn sex(&self, text: &str) -> &str {
        listed(&self.sexes, text)
    }

    /// The provisions by which relief is granted, as `relief includes "…"` names them.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels_of(|kind| matches!(kind, DispositionKind::Relief(_)))
    }

    /// What the other dispositions are told apart by: `dismissed`, `not prosecuted`, `revoked`.
    pub fn disposition_labels(&self) -> impl Iterator<Item = &str> {
        self.labels_of(|kind| !matches!(kind, DispositionKind::Relief(_)))
    }

    /// The labels of dispositions of some kinds, each once, in the order of the list.
    fn labels_of(&self, wanted: impl Fn(DispositionKind) -> bool) -> impl Iterator<Item = &str> {
        let used = move |at: usize| {
            self.dispositions.entries.iter().any(|(_, (kind, by))| usize::from(*by) == at && wanted(*kind))
        };
        // The first is that of entries without one.
        self.labels
            .iter()
            .enumerate()
            .skip(1)
            .filter(move |(at, _)| used(*at))
            .map(|(_, label)| label.as_str())
    }
}

fn listed<'w>(words: &'w [String], text: &str) -> &'w str {
    if text.is_empty() {
        return "";
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.iter().find(|word| word.eq_ignore_ascii_case(&text)).map_or("other text", String::as_str)
}

fn table<T>(
    name: &'static str,
    entries: &[Entry],
    mut kind: impl FnMut(&Entry) -> Option<T>,
) -> Result<Table<T>, WordsError> {
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        if !matches!(entry.status.as_str(), "confirmed" | "observed" | "secondary" | "unconfirmed") {
            return Err(WordsError::Status { table: name, status: entry.status.clone() });
        }
        let meaning =
            kind(entry).ok_or_else(|| WordsError::Kind { table: name, kind: entry.kind.clone() })?;
        if entry.starts.is_empty() && entry.contains.is_empty() && entry.is.is_empty() {
            return Err(WordsError::Empty { table: name, kind: entry.kind.clone() });
        }
        let fits = Fits {
            starts: entry.starts.clone(),
            contains: entry.contains.clone(),
            and: entry.and.clone(),
            is: entry.is.clone(),
        };
        found.push((fits, meaning));
    }
    Ok(Table { entries: found })
}

impl<T: Copy> Table<T> {
    fn find(&self, text: &[u8]) -> Option<T> {
        let squeezed: String = String::from_utf8_lossy(text)
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_uppercase)
            .collect();
        self.entries.iter().find(|(fits, _)| fits.text(&squeezed)).map(|(_, meaning)| *meaning)
    }
}

impl Fits {
    fn text(&self, text: &str) -> bool {
        let begins = self.starts.iter().any(|start| text.starts_with(start.as_str()));
        let holds = self.contains.iter().any(|part| text.contains(part.as_str()));
        let whole = self.is.iter().any(|whole| text == whole);
        (begins || holds || whole)
            && (self.and.is_empty() || self.and.iter().any(|part| text.contains(part.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dispositions_in_a_table() {
        let words = Words::us_ca_doj().unwrap();
        let memory = Remembered::default();
        let shown = |text: &str| {
            let (kind, by) = words.disposition(&memory, text.as_bytes());
            format!("{kind:?} {by}")
        };
        let table = [
            ("CONVICTED-PROB/JAIL", "Convicted "),
            ("convicted", "Convicted "),
            ("CO N VI CTE D", "Convicted "),
            ("CONV SET ASIDE & DISM PER 1203.4 PC", "Relief(SetAside) PC 1203.4"),
            ("DISMISSED PER 1203.4 PC", "Relief(SetAside) PC 1203.4"),
            ("REDUCED TO MISDEMEANOR PER 17(B) PC", "Relief(Reduced) PC 17(b)"),
            ("DISM PER 11361.8 HS PROP 64", "Relief(Vacated) HS 11361.8"),
            ("REDESIGNATED MISDEMEANOR PER PROP 64", "Relief(Reduced) HS 11361.8"),
            ("RESENTENCED PER 1170.18 PC", "Relief(Reduced) PC 1170.18"),
            ("DISMISSED/FURTHERANCE OF JUSTICE", "NotConvicted dismissed"),
            ("DISMISSSED", "NotConvicted dismissed"),
            ("DISM-NOLLE PROSEQUI", "NotConvicted dismissed"),
            ("DISMISSED-DIVERSION COMPLETED", "NotConvicted diversion completed"),
            ("DISM PER 1000.3 PC", "NotConvicted diversion completed"),
            ("DISM/DEJ COMPLETED", "NotConvicted diversion completed"),
            ("DISMISSED-INCLUDE JAIL TIME", "NotConvicted dismissed"),
            ("ACQUITTED", "NotConvicted acquitted"),
            ("FOUND NOT GUILTY BY JURY", "NotConvicted acquitted"),
            ("NOT GUILTY BY REASON OF INSANITY", "NotConvicted acquitted"),
            ("PROS REJ-COMB W/OTHER CNTS", "NotConvicted not prosecuted"),
            ("PROSECUTOR REJECTED", "NotConvicted not prosecuted"),
            ("NO CHARGES FILED", "NotConvicted not prosecuted"),
            ("NO BILL", "NotConvicted not prosecuted"),
            ("RELEASED/DETENTION ONLY", "NotConvicted released"),
            ("RELEASED TO THEIR PARENTS", "NotConvicted released"),
            ("PROS REL-DET ONLY-LACK OF EVID", "NotConvicted released"),
            ("DETENTION ONLY", "NotConvicted released"),
            ("RELEASED ON BAIL", "Pending other"),
            ("REL/TOT", "Pending other"),
            ("DIVERTED PC 1000", "NotConvicted diversion"),
            ("DEFERRED ENTRY OF JUDGMENT", "NotConvicted diversion"),
            ("DEJ GRANTED", "NotConvicted diversion"),
            ("DIVERSION COMPLETED", "NotConvicted diversion completed"),
            ("DEJ COMPLETED/DISMISSED", "NotConvicted diversion completed"),
            ("DIVERSION TERMINATED-SUCCESSFULLY COMPLETED", "NotConvicted diversion completed"),
            ("DIVERSION NOT COMPLETED", "Pending other"),
            ("DIVERSION TERMINATED-UNSUCCESSFUL", "Pending other"),
            ("DEJ TERMINATED", "Pending other"),
            ("DIVERSION DENIED", "Pending other"),
            ("FACTUALLY INNOCENT", "NotConvicted other"),
            ("DECEASED", "NotConvicted other"),
            ("BENCH WARRANT", "Unrecognized "),
            ("WARRANT ISSUED", "Pending other"),
            ("BAIL FORFEITED", "Pending other"),
            ("PROCEEDINGS SUSPENDED", "Pending other"),
            ("TRANSFERRED TO OTHER COURT", "Pending other"),
            ("TURNED OVER TO OTHER AGENCY", "Pending other"),
            ("SENTENCE MODIFIED", "SentenceChanged changed"),
            ("PROBATION REVOKED", "SentenceChanged revoked"),
            ("PROB REVOKED", "SentenceChanged revoked"),
            ("PROB REV", "SentenceChanged revoked"),
            ("PROB REVIEW HEARING", "SentenceChanged changed"),
            ("REVOKED-PROBATION", "SentenceChanged revoked"),
            ("PROBATION REVOKED AND REINSTATED", "SentenceChanged revoked"),
            ("PAROLE REVOKED", "SentenceChanged revoked"),
            ("PROBATION REINSTATED", "SentenceChanged changed"),
            ("PROB TERMINATED EARLY", "SentenceChanged changed"),
            ("CONVICTED-PROB REVOKED", "Convicted "),
            ("SOMETHING NEW", "Unrecognized "),
            ("", "Blank "),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    /// `relief includes` can name what relieves, and nothing else.
    #[test]
    fn labels_of_relief_and_of_the_rest() {
        let words = Words::us_ca_doj().unwrap();
        let labels: Vec<&str> = words.labels().collect();
        assert_eq!(
            labels,
            [
                "HS 11361.8",
                "PC 1170.18",
                "PC 1203.425",
                "PC 1203.4",
                "PC 17(b)",
                "a later order",
                "a set-aside",
                "a resentencing",
            ]
        );
        let others: Vec<&str> = words.disposition_labels().collect();
        assert_eq!(
            others,
            [
                "changed",
                "revoked",
                "other",
                "diversion completed",
                "diversion",
                "acquitted",
                "not prosecuted",
                "released",
                "dismissed",
            ]
        );
    }

    #[test]
    fn levels_are_never_guessed() {
        let words = Words::us_ca_doj().unwrap();
        assert_eq!(words.level(b"felony"), Some(Level::Felony));
        assert_eq!(words.level(b"TNFRACTION"), None);
        assert_eq!(words.level(b"FM"), None);
    }
}
