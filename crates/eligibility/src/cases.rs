//! Runs the tests that stand inside a policy document.
//!
//! A [`Suite`] reads the document once and compiles it once for each distinct set of parameters that its tests set.
//! Running it is then a matter of deciding a few dozen small records.

use crate::compiled::Compiled;
use crate::determination::Determination;
use crate::engine::{Engine, Worker};
use crate::histories::{order, person};
use crate::prepared::{Prepared, Setting};
use crate::{Account, shelf};
use std::sync::Arc;
use vacatur_policy::{Case, Diagnostic, Expectation, Library, Policy, Value};
use vacatur_records::{DateSpan, Person};
use vacatur_statutes::Statutes;

/// A test that did not come out as expected.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was expected and what came out.
    pub message: String,
    /// The explanation of the determination, if there was one.
    pub account: Option<Box<Account>>,
    /// Where the expectation stands in the document.
    pub span: std::ops::Range<usize>,
}

/// What became of a test.
#[derive(Clone, Debug)]
pub struct CaseReport {
    /// Its name.
    pub name: String,
    /// How many expectations it has.
    pub expectations: usize,
    /// Those that were not met.
    pub failures: Vec<Failure>,
}

/// Runs every test of a document, each with the parameters it sets. A document that does not pass its check has none.
#[must_use]
pub fn run_cases(text: &str, statutes: &Statutes) -> Vec<CaseReport> {
    match Policy::parse_with(text, &crate::VOCABULARY, &shelf::library) {
        Ok((policy, _)) => Suite::of(policy, &Arc::new(statutes.clone())).run(),
        Err(_) => Vec::new(),
    }
}

/// The engine that runs a test, by its number, or why none can.
type Plan = Result<usize, Vec<String>>;

/// The tests of a document, ready to be run any number of times and from any number of threads.
#[derive(Debug)]
pub struct Suite {
    policy: Arc<Policy>,
    /// One for each distinct set of parameters.
    engines: Vec<Engine>,
    /// One for each test.
    plans: Vec<Plan>,
}

impl Suite {
    /// The tests of the document `text`, which may build on a document of the shelf.
    ///
    /// # Errors
    /// As [`Suite::with`].
    pub fn new(text: &str, statutes: impl Into<Arc<Statutes>>) -> Result<Self, Vec<Diagnostic>> {
        Self::with(text, &shelf::library, statutes)
    }

    /// The tests of the document `text`; `library` finds the documents it builds on.
    ///
    /// # Errors
    /// Everything that keeps the document from running with its defaults, each with its place. What keeps a single
    /// test from running, such as a parameter set out of its range, is a failure of that test.
    pub fn with(
        text: &str,
        library: &Library<'_>,
        statutes: impl Into<Arc<Statutes>>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let statutes = statutes.into();
        let (policy, _) = Policy::parse_with(text, &crate::VOCABULARY, library)?;
        let suite = Self::of(policy, &statutes);
        // Most documents have a test that sets nothing, and then this was done before.
        let defaults = suite
            .policy
            .values([])
            .map_err(|error| vec![Diagnostic::error(0..0, format!("the defaults do not agree: {error}"))])?;
        if !suite.engines.iter().any(|engine| engine.policies()[0].values() == defaults) {
            Compiled::new(Arc::clone(&suite.policy), defaults, &statutes)?;
        }
        Ok(suite)
    }

    /// The tests of a document that has passed its check.
    fn of(policy: Policy, statutes: &Arc<Statutes>) -> Self {
        let policy = Arc::new(policy);
        let mut engines = Vec::new();
        let mut known: Vec<(Vec<Value>, Plan)> = Vec::new();
        let mut plan = |case: &Case| {
            let settings = case.set.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let values = policy.values(settings).map_err(|error| vec![error.to_string()])?;
            if let Some((_, plan)) = known.iter().find(|(other, _)| *other == values) {
                return plan.clone();
            }
            let plan = match Compiled::new(Arc::clone(&policy), values.clone(), statutes) {
                Ok(compiled) => {
                    let counties = shelf::counties().map(str::to_owned).collect();
                    let setting = Setting { as_of: case.as_of, counties };
                    engines.push(Engine::new(Arc::clone(statutes), vec![compiled], setting));
                    Ok(engines.len() - 1)
                }
                Err(errors) => Err(errors.into_iter().map(|error| error.message).collect()),
            };
            known.push((values, plan.clone()));
            plan
        };
        let plans = policy.cases.iter().map(&mut plan).collect();
        Self { policy, engines, plans }
    }

    /// The document's policy, its tests among it.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Runs every test, in the order of the document.
    #[must_use]
    pub fn run(&self) -> Vec<CaseReport> {
        let mut bench = Bench::new(self);
        (0..self.policy.cases.len()).map(|at| bench.report(at)).collect()
    }

    /// Runs the tests up to the first that fails, and names it; `None` if all pass.
    #[must_use]
    pub fn run_until_first_failure(&self) -> Option<String> {
        let mut bench = Bench::new(self);
        let failing = (0..self.policy.cases.len()).find(|&at| {
            let mut met = true;
            let ran = bench.run(at, |tried| {
                met = tried.case.expect.iter().all(|expected| tried.compare(expected).is_none());
            });
            ran.is_err() || !met
        })?;
        Some(self.policy.cases[failing].name.clone())
    }
}

/// A suite on one thread: the workers, which remember the offences they have read.
pub(crate) struct Bench<'s> {
    suite: &'s Suite,
    workers: Vec<Option<Worker<'s>>>,
}

/// A test whose history has been decided.
pub(crate) struct Tried<'t, 's> {
    pub(crate) case: &'t Case,
    /// The document with the parameters of the test.
    pub(crate) compiled: &'s Compiled,
    pub(crate) person: &'t Person<'t>,
    pub(crate) prepared: &'t Prepared<'t, 't>,
    pub(crate) worker: &'t Worker<'s>,
    found: Vec<Determination<'s>>,
}

impl<'s> Bench<'s> {
    pub(crate) fn new(suite: &'s Suite) -> Self {
        Self { suite, workers: suite.engines.iter().map(|_| None).collect() }
    }

    /// Decides the history of the test with the number `at`, and hands over what came of it.
    ///
    /// # Errors
    /// Why the test cannot be run.
    pub(crate) fn run(&mut self, at: usize, then: impl FnOnce(&Tried<'_, 's>)) -> Result<(), Vec<String>> {
        let suite = self.suite;
        let case = &suite.policy.cases[at];
        let engine = *suite.plans[at].as_ref().map_err(Clone::clone)?;
        let person = person(case).map_err(|message| vec![message])?;
        let worker = self.workers[engine].get_or_insert_with(|| suite.engines[engine].worker());
        let prepared = worker.on(case.as_of).prepare(&person);
        let mut found = Vec::new();
        worker.determine(&prepared, 0, |determination| found.push(determination));
        let compiled = &suite.engines[engine].policies()[0];
        then(&Tried { case, compiled, person: &person, prepared: &prepared, worker, found });
        Ok(())
    }

    fn report(&mut self, at: usize) -> CaseReport {
        let case = &self.suite.policy.cases[at];
        let mut failures = Vec::new();
        let ran = self.run(at, |tried| failures = tried.failures());
        if let Err(messages) = ran {
            let failure = |message| Failure { message, account: None, span: case.span.clone() };
            failures.extend(messages.into_iter().map(failure));
        }
        CaseReport { name: case.name.clone(), expectations: case.expect.len(), failures }
    }
}

impl<'s> Tried<'_, 's> {
    /// What was decided of the count that an expectation is about; `None` if it is out of scope.
    pub(crate) fn determination(&self, expected: &Expectation) -> Option<&Determination<'s>> {
        let at = self.count(expected)?;
        Determination::of_count(&self.found, at)
    }

    /// The count that an expectation is about, as an index into the person's.
    pub(crate) fn count(&self, expected: &Expectation) -> Option<u32> {
        let at = self.case.charges.iter().position(|charge| charge.label == expected.label)?;
        let order = order(self.case, at);
        self.person.counts.iter().position(|count| count.order == order).map(|at| at as u32)
    }

    fn failures(&self) -> Vec<Failure> {
        let failure = |expected: &Expectation| {
            let message = self.compare(expected)?;
            let account = self.determination(expected).map(|found| Box::new(self.account(found)));
            Some(Failure { message, account, span: expected.span.clone() })
        };
        self.case.expect.iter().filter_map(failure).collect()
    }

    fn account(&self, determination: &Determination<'_>) -> Account {
        Account::new(self.worker, self.prepared, 0, determination, &|seen| {
            let count = self.person.counts.iter().find(|count| count.row == seen.row);
            let label = count.and_then(|count| {
                (0..self.case.charges.len()).find(|&at| order(self.case, at) == count.order)
            });
            label.map_or_else(|| "the test".to_owned(), |at| format!("count {}", self.case.charges[at].label))
        })
    }

    /// What came out instead of what was expected; `None` if that came out.
    fn compare(&self, expected: &Expectation) -> Option<String> {
        let label = &expected.label;
        let Some(found) = self.determination(expected) else {
            return expected.outcome.map(|outcome| {
                format!("{label}: expected {}, but the count is out of scope", outcome.word())
            });
        };
        let reason = found.reason(self.worker.section_number(self.prepared, found.count));
        let came_out = format_args!("came out as {} \"{reason}\"", found.outcome().word());
        match expected.outcome {
            None => return Some(format!("{label}: expected to be out of scope, but {came_out}")),
            Some(outcome) if outcome != found.outcome() => {
                return Some(format!("{label}: expected {}, but {came_out}", outcome.word()));
            }
            Some(_) => {}
        }
        if let Some(wanted) = &expected.relief
            && *wanted != found.relief()
        {
            return Some(format!("{label}: expected {wanted}, but it came out as {}", found.relief()));
        }
        if let Some(wanted) = expected.until
            && found.decision().until.and_then(DateSpan::known) != Some(wanted)
        {
            let until = found.decision().until.map_or_else(String::new, |until| until.to_string());
            return Some(format!("{label}: expected not before {wanted}, but it {came_out}, until {until}"));
        }
        if let Some(wanted) = &expected.reason
            && !same_words(wanted, &reason)
        {
            return Some(format!("{label}: expected the reason \"{wanted}\", but it {came_out}"));
        }
        if let Some(missing) = expected.missing
            && !found.decision().missing.has(missing)
        {
            return Some(format!(
                "{label}: expected to miss the {}, but it {came_out}, missing: {}",
                missing.name(),
                found.decision().missing
            ));
        }
        None
    }
}

/// Whether two reasons are the same, whatever the dashes and blanks: nobody could see where they differ.
fn same_words(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        words.replace(|sign| matches!(sign, '\u{2010}'..='\u{2013}'), "-")
    };
    one == other || plain(one) == plain(other)
}
