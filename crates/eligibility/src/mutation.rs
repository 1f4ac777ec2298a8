//! What the tests of a document would notice: they are run on each mutant of it.
//!
//! A mutant that some test fails on is killed. One on which all tests pass has survived: something in the document can
//! be changed and nobody would be told. One that does not pass the check of documents is invalid and counts for nothing.

use crate::cases::Suite;
use serde::{Serialize, Serializer};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use vacatur_policy::{Alternatives, Case, Diagnostic, Library, Mutant, MutantKind, mutants};
use vacatur_records::Date;
use vacatur_statutes::Statutes;

/// A section that the code does not have, for sets that are to be empty.
const NOTHING: &str = "PC 99999";

/// How much of a line a report shows, in characters.
const SHOWN: usize = 110;

/// Why the tests of a document cannot be tried on its mutants.
#[derive(Debug, thiserror::Error)]
pub enum MutationError {
    /// It does not pass its check.
    #[error("the document does not pass its check: {}", .0.first().map_or("", |first| first.message.as_str()))]
    Document(Vec<Diagnostic>),
    /// One of its tests fails as it is: it would fail on every mutant.
    #[error("the test \"{0}\" fails on the document itself; mend that first")]
    Failing(String),
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "lowercase")]
pub enum Fate {
    /// A test failed on it: the first one that did, by its name.
    Killed {
        /// The test.
        by: String,
    },
    /// Every test passed.
    Survived,
    /// It does not pass the check of documents.
    Invalid {
        /// The first mistake, in words.
        why: String,
    },
}

/// A mutant and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct MutantReport {
    /// What kind of change it is.
    #[serde(serialize_with = "word")]
    pub kind: MutantKind,
    /// The line of the document on which it begins, from 1.
    pub line: usize,
    /// That line.
    pub text: String,
    /// The change in words.
    pub says: String,
    /// The bytes of the document that are replaced.
    pub span: Range<usize>,
    /// What stands there instead.
    pub replacement: String,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// How many mutants of a kind there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindReport {
    /// The kind.
    #[serde(serialize_with = "word")]
    pub kind: MutantKind,
    /// On how many some test failed.
    pub killed: usize,
    /// On how many every test passed.
    pub survived: usize,
    /// How many do not pass the check.
    pub invalid: usize,
}

/// What the tests of a document notice of its mutants.
#[derive(Clone, Debug, Serialize)]
pub struct MutationReport {
    /// The document's name.
    pub policy: String,
    /// How many tests it has.
    pub tests: usize,
    /// The kinds of which there were any, in the order of [`MutantKind::ALL`].
    pub kinds: Vec<KindReport>,
    /// Every mutant, in the order of the document.
    pub mutants: Vec<MutantReport>,
}

fn word<S: Serializer>(kind: &MutantKind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.word())
}

/// Runs the tests of the document `text`, which may build on those that `library` finds, on every mutant of it, on `threads` threads (none is taken as one). `progress`
/// is told how many mutants are done and how many there are.
///
/// # Errors
/// A document that does not pass its check or its own tests.
pub fn mutation(
    text: &str,
    library: &Library<'_>,
    statutes: impl Into<Arc<Statutes>>,
    threads: usize,
    progress: impl FnMut(usize, usize),
) -> Result<MutationReport, MutationError> {
    let statutes = statutes.into();
    let (suite, tried) = try_all(text, library, &statutes, threads, &MutantKind::ALL, progress)?;
    let mutants = tried.into_iter().map(|(mutant, fate)| {
        let place = Diagnostic::warning(mutant.span.clone(), "").line_and_column(text);
        let line = text.lines().nth(place.0 - 1).unwrap_or("").trim();
        let Mutant { span, replacement, kind, says } = mutant;
        MutantReport { kind, line: place.0, text: line.to_owned(), says, span, replacement, fate }
    });
    let mutants: Vec<MutantReport> = mutants.collect();
    let kinds = MutantKind::ALL.into_iter().map(|kind| {
        let count = |is: fn(&Fate) -> bool| {
            mutants.iter().filter(|mutant| mutant.kind == kind && is(&mutant.fate)).count()
        };
        KindReport {
            kind,
            killed: count(|fate| matches!(fate, Fate::Killed { .. })),
            survived: count(|fate| matches!(fate, Fate::Survived)),
            invalid: count(|fate| matches!(fate, Fate::Invalid { .. })),
        }
    });
    Ok(MutationReport {
        policy: suite.policy().heading.id.clone(),
        tests: suite.policy().cases.len(),
        kinds: kinds.filter(|kind| kind.killed + kind.survived + kind.invalid > 0).collect(),
        mutants,
    })
}

/// The comparisons of the document `text` that hold on the day itself, or for the number itself, and might as well not,
/// as far as its tests can tell: a warning for each, which says what test to add.
///
/// # Errors
/// A document that does not pass its check or its own tests.
pub fn boundaries(
    text: &str,
    library: &Library<'_>,
    statutes: impl Into<Arc<Statutes>>,
    threads: usize,
) -> Result<Vec<Diagnostic>, MutationError> {
    let kinds = [MutantKind::DayBoundary, MutantKind::NumberBoundary];
    let (_, tried) = try_all(text, library, &statutes.into(), threads, &kinds, |_, _| {})?;
    let survivors = tried.into_iter().filter(|(_, fate)| *fate == Fate::Survived);
    Ok(survivors.map(|(mutant, _)| uncovered(text, &mutant)).collect())
}

fn uncovered(text: &str, mutant: &Mutant) -> Diagnostic {
    let of_days = mutant.kind == MutantKind::DayBoundary;
    let what = if of_days { "a date boundary" } else { "the boundary of a number" };
    let message = format!("{what} that no test covers: {}, and every test still passes", mutant.says);
    let hint = if of_days {
        let after = text.get(mutant.span.end..).unwrap_or("").trim_start();
        match after.get(..10).and_then(|day| day.parse::<Date>().ok()) {
            Some(day) => match (day.yesterday(), day.tomorrow()) {
                (Ok(before), Ok(after)) => format!("add a test with {before}, {day} and {after}"),
                _ => format!("add a test with {day}"),
            },
            None => "add a test of the day before, the day itself and the day after".to_owned(),
        }
    } else {
        "add a test of one less, the number itself and one more; of whole years, the day before the anniversary and the anniversary"
            .to_owned()
    };
    Diagnostic::warning(mutant.span.clone(), message).hint(hint)
}

/// The mutants of some kinds, with what becomes of each, in the order of the document.
fn try_all(
    text: &str,
    library: &Library<'_>,
    statutes: &Arc<Statutes>,
    threads: usize,
    kinds: &[MutantKind],
    mut progress: impl FnMut(usize, usize),
) -> Result<(Suite, Vec<(Mutant, Fate)>), MutationError> {
    let suite = Suite::with(text, library, Arc::clone(statutes)).map_err(MutationError::Document)?;
    if let Some(failing) = suite.run_until_first_failure() {
        return Err(MutationError::Failing(failing));
    }
    let alternatives =
        Alternatives { vocabulary: &crate::VOCABULARY, tables: statutes.names().collect(), nothing: NOTHING };
    let mutants: Vec<Mutant> = mutants(text, kinds, &alternatives);
    let mut fates = vec![Fate::Survived; mutants.len()];
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, mutants.len().max(1)) {
            let (send, next, mutants, suite) = (send.clone(), &next, &mutants, &suite);
            scope.spawn(move || {
                while let Some((at, mutant)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    mutants.get(at).map(|mutant| (at, mutant))
                } {
                    let fate = fate(&mutant.apply(text), library, suite, statutes);
                    if send.send((at, fate)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        for (done, (at, fate)) in receive.iter().enumerate() {
            fates[at] = fate;
            progress(done + 1, mutants.len());
        }
    });
    Ok((suite, mutants.into_iter().zip(fates).collect()))
}

fn fate(mutated: &str, library: &Library<'_>, original: &Suite, statutes: &Arc<Statutes>) -> Fate {
    let suite = match Suite::with(mutated, library, Arc::clone(statutes)) {
        Ok(suite) => suite,
        Err(errors) => {
            let why = errors.into_iter().next().map_or_else(String::new, |error| error.message);
            return Fate::Invalid { why };
        }
    };
    if !same_tests(&suite.policy().cases, &original.policy().cases) {
        return Fate::Invalid { why: "the tests of the document are no longer the same".to_owned() };
    }
    suite.run_until_first_failure().map_or(Fate::Survived, |by| Fate::Killed { by })
}

/// Whether a document still has the tests that it had.
fn same_tests(one: &[Case], two: &[Case]) -> bool {
    let same = |(one, two): (&Case, &Case)| {
        one.name == two.name
            && one.as_of == two.as_of
            && one.set == two.set
            && one.charges.len() == two.charges.len()
            && one.expect.len() == two.expect.len()
    };
    one.len() == two.len() && one.iter().zip(two).all(same)
}

impl MutationReport {
    /// The mutants on which every test passed.
    pub fn survivors(&self) -> impl Iterator<Item = &MutantReport> {
        self.mutants.iter().filter(|mutant| mutant.fate == Fate::Survived)
    }

    /// The report as text: the mutants, or only those that survived, then how many there were of each kind.
    #[must_use]
    pub fn text(&self, survivors_only: bool) -> String {
        let mut out = String::new();
        for mutant in self.mutants.iter().filter(|mutant| !survivors_only || mutant.fate == Fate::Survived) {
            let fate = match &mutant.fate {
                Fate::Killed { by } => format!("killed by \"{by}\""),
                Fate::Survived => "SURVIVED".to_owned(),
                Fate::Invalid { why } => format!("invalid: {why}"),
            };
            let _ = writeln!(out, "line {}, {}: {}", mutant.line, mutant.kind.word(), mutant.says);
            let _ = writeln!(out, "    | {}", shortened(&mutant.text));
            let _ = writeln!(out, "    {fate}");
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let row = |out: &mut String, what: &str, killed: usize, survived: usize, invalid: usize| {
            let _ = writeln!(out, "{what:<18}{killed:>8}{survived:>10}{invalid:>9}");
        };
        let _ = writeln!(out, "{:<18}{:>8}{:>10}{:>9}", "mutants", "killed", "survived", "invalid");
        let mut all = (0, 0, 0);
        for kind in &self.kinds {
            row(&mut out, kind.kind.word(), kind.killed, kind.survived, kind.invalid);
            all = (all.0 + kind.killed, all.1 + kind.survived, all.2 + kind.invalid);
        }
        row(&mut out, "all", all.0, all.1, all.2);
        let _ = writeln!(out, "{}: {} tests, {} mutants survived", self.policy, self.tests, all.1);
        out
    }
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
