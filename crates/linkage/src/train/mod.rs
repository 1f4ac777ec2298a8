//! Parameters from the files themselves.
//!
//! `u` comes from the counts of values and from random pairs, `m` from the pairs of some blocking rules: each session takes
//! the pairs of one rule, leaves out the comparisons that the rule decides, and finds by expectation and maximisation
//! which of its pairs are of one person. Comparisons are learned from the sessions in which they are free.

mod em;
mod patterns;
mod u;

pub use em::FitError;

use crate::block::BlockError;
use crate::model::{Model, ModelError, Session, Test, Training};
use crate::sides::{Side, Sides};
use em::{Fit, fit};
use patterns::{Patterns, collect};
use std::ops::Deref;

/// What training may be told.
#[derive(Clone, Debug)]
pub struct TrainOptions {
    /// Threads. They change the time and nothing else.
    pub threads: usize,
    /// The seed of the random pairs and of the choice among blocks.
    pub seed: u64,
    /// Random pairs for `u`.
    pub random_pairs: u64,
    /// Pairs of a session; of a rule that makes more, whole blocks are chosen by their keys.
    pub session_pairs: u64,
    /// Rounds of a session until it counts as failed.
    pub rounds: u32,
    /// What the model is trained on, in words, for the model.
    pub on: String,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            threads: 1,
            seed: 1,
            random_pairs: 1_000_000,
            session_pairs: 1_000_000,
            rounds: 2_000,
            on: String::new(),
        }
    }
}

/// Why there is no trained model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TrainError {
    /// Blocking failed.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// The model does not fit.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// There is nothing to learn from.
    #[error("nothing can be learned: {0}")]
    Nothing(String),
    /// A session did not come to an end.
    #[error("the session '{session}' has not converged: {error}")]
    Unconverged {
        /// The rule or identifier of the session.
        session: String,
        /// What was still moving.
        error: FitError,
    },
}

/// A model with all its parameters. It can be read where a model is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained(Model);

impl Trained {
    /// A model that was trained before.
    ///
    /// # Errors
    /// [`ModelError::Untrained`] with the first level that has no weight.
    pub fn new(model: Model) -> Result<Self, ModelError> {
        model.check()?;
        let missing = model.comparisons.iter().find_map(|comparison| {
            let level = comparison.levels.iter().find(|level| level.weight().is_none())?;
            Some(format!("comparison '{}', level '{}' has no m and u", comparison.name, level.words))
        });
        match missing {
            Some(what) => Err(ModelError::Untrained { what }),
            None if model.training.is_none() => Err(ModelError::Untrained { what: "it has no prior".into() }),
            None => Ok(Self(model)),
        }
    }
}

impl Deref for Trained {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.0
    }
}

/// Learns the parameters of a model from the records that it is to link.
///
/// # Errors
/// [`TrainError`]; a session that does not converge is one.
pub fn train(sides: &Sides, model: &Model, options: &TrainOptions) -> Result<Trained, TrainError> {
    sides.check(model)?;
    if sides.is_empty() {
        return Err(TrainError::Nothing("one side has no records".into()));
    }
    let random = u::random(sides, model, options);
    let sessions: Vec<Patterns> = collect(sides, model, options)?;
    if sessions.is_empty() {
        return Err(TrainError::Nothing("no block has `train = true`".into()));
    }
    let mut fits: Vec<(Patterns, Fit)> = Vec::new();
    let mut notes = Vec::new();
    for patterns in sessions {
        if patterns.total() == 0.0 {
            continue;
        }
        let fit = fit(&patterns, model, &random, options.rounds)
            .map_err(|error| TrainError::Unconverged { session: patterns.name.clone(), error })?;
        notes.push(Session {
            name: patterns.name.clone(),
            pairs: patterns.total() as u64,
            matches: fit.matches,
            rounds: fit.rounds,
            change: fit.change,
        });
        fits.push((patterns, fit));
    }
    if fits.is_empty() {
        return Err(TrainError::Nothing("no block with `train = true` makes a pair".into()));
    }
    let mut trained = model.clone();
    let matches = matches(sides, &fits);
    let prior = (matches / sides.pairs() as f64).clamp(1e-12, 0.5);
    for (number, comparison) in trained.comparisons.iter_mut().enumerate() {
        let tests: Vec<Test> = comparison.levels.iter().map(|level| level.test).collect();
        let mut seen = vec![0.0; tests.len()];
        for (patterns, fit) in fits.iter().filter(|(patterns, _)| !patterns.held.contains(&number)) {
            let _ = patterns;
            for (sum, count) in seen.iter_mut().zip(fit.expected.get(number).into_iter().flatten()) {
                *sum += count;
            }
        }
        let m = em::shares(&seen, &tests, em::PSEUDO);
        let raw = random.get(number).cloned().unwrap_or_default();
        let mut m_u: Vec<(f64, f64)> = m.iter().copied().zip(u::without_matches(&raw, &m, prior)).collect();
        em::monotone(&tests, &mut m_u);
        // Two comparisons see one exchange of names. Each takes half of what the exchange weighs.
        if let Some(at) = tests.iter().position(|test| *test == Test::Swapped)
            && let (Some(field), Some(other)) = (
                model.field(&comparison.field),
                comparison.swapped_with.as_deref().and_then(|name| model.field(name)),
            )
            && let Some((m, u)) = m_u.get_mut(at)
        {
            let floor = 0.5 / sides.pairs().max(1) as f64;
            *u = (*m * u::exchanged(sides, field, other).max(floor)).sqrt().min(1.0);
        }
        for (level, (m, u)) in comparison.levels.iter_mut().zip(m_u) {
            level.m = Some(level.fixed_m.unwrap_or(m));
            level.u = Some(level.fixed_u.unwrap_or(u));
        }
    }
    trained.training = Some(Training {
        prior,
        records: [sides.len(Side::Left) as u64, sides.len(Side::Right) as u64],
        columns: model.fingerprint(),
        on: options.on.clone(),
        seed: options.seed,
        sessions: notes,
    });
    Ok(Trained(trained))
}

/// How many pairs are of one person, by capture and recapture: of those that one rule finds, the share that another finds
/// too tells how many there are beside.
fn matches(sides: &Sides, fits: &[(Patterns, Fit)]) -> f64 {
    let mut logs = Vec::new();
    for (patterns, fit) in fits {
        for (other, others) in fits.iter().filter(|(other, _)| other.rule != patterns.rule) {
            let caught = fit.caught.get(other.bit).copied().unwrap_or(0.0);
            if caught > 0.0 && fit.matches > 0.0 && others.matches > 0.0 {
                // others.matches / (share of these that the other rule catches)
                let total = others.matches / other.sampled / (caught / fit.matches);
                logs.push(total.ln());
            }
        }
    }
    let largest = fits.iter().map(|(patterns, fit)| fit.matches / patterns.sampled).fold(0.0, f64::max);
    let pairs = sides.pairs() as f64;
    if logs.is_empty() {
        // With one session there is nothing to compare it with; a rule finds four in five, as a rule.
        return (largest / 0.8).clamp(1.0, pairs);
    }
    let mean = (logs.iter().sum::<f64>() / logs.len() as f64).exp();
    mean.max(largest).clamp(1.0, pairs)
}
