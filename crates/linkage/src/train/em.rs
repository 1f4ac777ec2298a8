//! Expectation and maximisation on counts of patterns.

use super::patterns::{Patterns, level};
use crate::model::{Model, Test};

/// Pairs' worth of belief in the typical shares, so that a level that a session never meets has some.
pub(super) const PSEUDO: f64 = 10.0;
/// Pairs' worth of belief that a block's pairs of two persons compare as random pairs do.
const PSEUDO_U: f64 = 100.0;
/// A round that changes no share by more than that is the last.
const STILL: f64 = 1e-6;

/// A fit that did not come to rest.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "after {rounds} rounds the share of pairs of one person at level '{level}' of '{comparison}' still moves by {change:.1e} a round; give the session other pairs, or fix the level's m"
)]
pub struct FitError {
    /// The rounds made.
    pub rounds: u32,
    /// The comparison that moved most.
    pub comparison: String,
    /// Its level.
    pub level: String,
    /// By how much.
    pub change: f64,
}

/// What a session came to.
pub(super) struct Fit {
    /// The pairs that are of one person, as far as the fit can tell.
    pub(super) matches: f64,
    /// For each comparison, how many of them are at each level.
    pub(super) expected: Vec<Vec<f64>>,
    /// How many of them each session's rule makes.
    pub(super) caught: Vec<f64>,
    pub(super) rounds: u32,
    pub(super) change: f64,
    likelihood: f64,
}

/// The shares of counts, with some belief in the typical ones.
pub(super) fn shares(counts: &[f64], tests: &[Test], pseudo: f64) -> Vec<f64> {
    let typical: f64 = tests.iter().map(|test| test.typical()).sum();
    let total: f64 = counts.iter().sum::<f64>() + pseudo;
    counts
        .iter()
        .zip(tests)
        .map(|(count, test)| (count + pseudo * test.typical() / typical) / total)
        .collect()
}

/// Has a closer level of a scale never weigh less than a farther one: two that are in the wrong order share one weight.
pub(super) fn monotone(tests: &[Test], m_u: &mut [(f64, f64)]) {
    let graded: Vec<usize> =
        (0..tests.len()).filter(|at| tests.get(*at).is_some_and(|test| test.is_graded())).collect();
    // Stretches of levels with one weight: their numbers and their sums.
    let mut pools: Vec<(Vec<usize>, f64, f64)> = Vec::new();
    for at in graded {
        let Some((m, u)) = m_u.get(at).copied() else { continue };
        pools.push((vec![at], m, u));
        while let [.., (_, m1, u1), (_, m2, u2)] = pools.as_slice()
            && m1 / u1 < m2 / u2
        {
            if let Some((levels, m, u)) = pools.pop()
                && let Some(before) = pools.last_mut()
            {
                before.0.extend(levels);
                before.1 += m;
                before.2 += u;
            }
        }
    }
    for (levels, m, u) in pools.into_iter().filter(|(levels, _, _)| levels.len() > 1) {
        for at in levels {
            if let Some((level_m, level_u)) = m_u.get_mut(at) {
                // The share of both kinds together stays at each level.
                let share = (*level_m + *level_u) / (m + u);
                (*level_m, *level_u) = (m * share, u * share);
            }
        }
    }
}

/// One set of parameters.
#[derive(Clone)]
struct Guess {
    share: f64,
    m: Vec<Vec<f64>>,
    u: Vec<Vec<f64>>,
}

/// Fits a session from several starts and keeps the likeliest.
pub(super) fn fit(
    patterns: &Patterns,
    model: &Model,
    random: &[Vec<f64>],
    rounds: u32,
) -> Result<Fit, FitError> {
    let tests: Vec<Vec<Test>> = model
        .comparisons
        .iter()
        .map(|comparison| comparison.levels.iter().map(|level| level.test).collect())
        .collect();
    let fixed = |at: usize, shares: &mut Vec<f64>, which: fn(&crate::model::Level) -> Option<f64>| {
        if let Some(comparison) = model.comparisons.get(at) {
            for (share, level) in shares.iter_mut().zip(&comparison.levels) {
                *share = which(level).unwrap_or(*share);
            }
        }
    };
    let mut best: Option<Result<Fit, FitError>> = None;
    for (share, pseudo) in [(0.5, 10.0), (0.1, 10.0), (0.01, 10.0), (0.9, 10.0)] {
        let m = tests.iter().map(|tests| shares(&vec![0.0; tests.len()], tests, pseudo)).collect();
        let mut guess = Guess { share, m, u: random.to_vec() };
        for (at, (m, u)) in guess.m.iter_mut().zip(&mut guess.u).enumerate() {
            fixed(at, m, |level| level.fixed_m);
            fixed(at, u, |level| level.fixed_u);
        }
        let run = run(patterns, model, &tests, random, guess, rounds);
        let better = match (&best, &run) {
            (None, _) | (Some(Err(_)), Ok(_)) => true,
            (Some(Ok(best)), Ok(run)) => run.likelihood > best.likelihood + 1e-6,
            _ => false,
        };
        if better {
            best = Some(run);
        }
    }
    best.unwrap_or_else(|| {
        Err(FitError { rounds: 0, comparison: String::new(), level: String::new(), change: 0.0 })
    })
}

fn run(
    patterns: &Patterns,
    model: &Model,
    tests: &[Vec<Test>],
    random: &[Vec<f64>],
    mut guess: Guess,
    rounds: u32,
) -> Result<Fit, FitError> {
    let free: Vec<usize> = (0..tests.len()).filter(|at| !patterns.held.contains(at)).collect();
    let total = patterns.total();
    let mut moved = (f64::INFINITY, 0, 0);
    for round in 1..=rounds {
        let counted = expect(patterns, &guess, &free, tests);
        let share = ((counted.matches + 1.0) / (total + 2.0)).clamp(1e-9, 1.0 - 1e-9);
        moved = ((share - guess.share).abs(), usize::MAX, 0);
        guess.share = share;
        for at in &free {
            let (Some(tests), Some(seen), Some(others)) =
                (tests.get(*at), counted.m.get(*at), counted.u.get(*at))
            else {
                continue;
            };
            let mut m = shares(seen, tests, PSEUDO);
            let beliefs = random.get(*at).map_or(&[][..], Vec::as_slice);
            let sum = others.iter().sum::<f64>() + PSEUDO_U;
            let mut u: Vec<f64> =
                others.iter().zip(beliefs).map(|(count, belief)| (count + PSEUDO_U * belief) / sum).collect();
            let levels = model.comparisons.get(*at).map_or(&[][..], |comparison| &comparison.levels);
            for ((m, u), level) in m.iter_mut().zip(&mut u).zip(levels) {
                *m = level.fixed_m.unwrap_or(*m);
                *u = level.fixed_u.unwrap_or(*u);
            }
            if let (Some(old_m), Some(old_u)) = (guess.m.get_mut(*at), guess.u.get_mut(*at)) {
                for (number, (old, new)) in old_m.iter().zip(&m).enumerate() {
                    if (old - new).abs() > moved.0 {
                        moved = ((old - new).abs(), *at, number);
                    }
                }
                for (number, (old, new)) in old_u.iter().zip(&u).enumerate() {
                    if (old - new).abs() > moved.0 {
                        moved = ((old - new).abs(), *at, number);
                    }
                }
                (*old_m, *old_u) = (m, u);
            }
        }
        if moved.0 < STILL {
            let last = expect(patterns, &guess, &free, tests);
            return Ok(Fit {
                matches: last.matches,
                expected: last.m,
                caught: last.caught,
                rounds: round,
                change: moved.0,
                likelihood: last.likelihood,
            });
        }
    }
    let comparison = model.comparisons.get(moved.1);
    Err(FitError {
        rounds,
        comparison: comparison.map_or_else(|| "all".to_owned(), |comparison| comparison.name.clone()),
        level: comparison
            .and_then(|comparison| comparison.levels.get(moved.2))
            .map_or_else(|| "pairs of one person".to_owned(), |level| level.words.clone()),
        change: moved.0,
    })
}

struct Counted {
    matches: f64,
    m: Vec<Vec<f64>>,
    u: Vec<Vec<f64>>,
    caught: Vec<f64>,
    likelihood: f64,
}

/// How many pairs of each kind are at each level, by the present guess.
fn expect(patterns: &Patterns, guess: &Guess, free: &[usize], tests: &[Vec<Test>]) -> Counted {
    let empty: Vec<Vec<f64>> = tests.iter().map(|tests| vec![0.0; tests.len()]).collect();
    let mut counted =
        Counted { matches: 0.0, m: empty.clone(), u: empty, caught: vec![0.0; 16], likelihood: 0.0 };
    let at = |table: &[Vec<f64>], comparison: usize, level: usize| {
        table.get(comparison).and_then(|levels| levels.get(level)).copied().unwrap_or(1.0)
    };
    for (pattern, makes, count) in &patterns.counts {
        let (mut one, mut two) = (guess.share, 1.0 - guess.share);
        for comparison in free {
            if let Some(level) = level(*pattern, *comparison).checked_sub(1) {
                one *= at(&guess.m, *comparison, level);
                two *= at(&guess.u, *comparison, level);
            }
        }
        let sum = (one + two).max(f64::MIN_POSITIVE);
        let matches = count * one / sum;
        counted.likelihood += count * sum.ln();
        counted.matches += matches;
        for (bit, caught) in counted.caught.iter_mut().enumerate() {
            if makes >> bit & 1 == 1 {
                *caught += matches;
            }
        }
        for comparison in free {
            if let Some(level) = level(*pattern, *comparison).checked_sub(1) {
                let add = |table: &mut Vec<Vec<f64>>, value: f64| {
                    if let Some(place) = table.get_mut(*comparison).and_then(|levels| levels.get_mut(level)) {
                        *place += value;
                    }
                };
                add(&mut counted.m, matches);
                add(&mut counted.u, count - matches);
            }
        }
    }
    counted
}
