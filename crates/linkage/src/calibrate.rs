//! Whether a weight means what it says, and at which weights to draw the lines.
//!
//! A model that takes its comparisons for independent is too sure of itself. With pairs of which it is known whether they
//! are of one person (from the truth, from answers, or from identifiers that agree) the weights can be checked, corrected
//! by a curve that never falls, and cut where a wanted precision is met by the lower bound of its interval and not only by
//! its value.
//!
//! Labels from agreeing identifiers are those of newer and cleaner records. What is calibrated on them alone is too
//! hopeful for the rest.

mod curve;
mod text;

pub use curve::{Curve, Kind};
pub use text::text;

use crate::interval::{Z_95, wilson};
use serde::Serialize;

/// A pair of which it is known what it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled {
    /// Its weight, in bits.
    pub weight: f32,
    /// Whether it is of one person.
    pub same: bool,
    /// How many pairs it stands for: 1, or more where it was drawn from many.
    pub stands_for: f64,
}

impl Labelled {
    /// A pair that stands for itself.
    #[must_use]
    pub const fn new(weight: f32, same: bool) -> Self {
        Self { weight, same, stands_for: 1.0 }
    }
}

/// The probability that a weight says, in full.
#[must_use]
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// The weight that a probability says, in bits. Certainty has no weight that is a number.
#[must_use]
pub fn bits(probability: f64) -> f32 {
    (probability / (1.0 - probability)).log2() as f32
}

/// Pairs of about one weight.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// From which weight, in bits.
    pub from: f64,
    /// To below which.
    pub to: f64,
    /// Labelled pairs in it.
    pub labelled: u64,
    /// How many pairs they stand for.
    pub pairs: f64,
    /// The probability that the model gives them, on average.
    pub said: f64,
    /// The share of them that is of one person.
    pub seen: f64,
    /// Between what that share lies, at 95 percent.
    pub interval: (f64, f64),
}

impl Bin {
    /// Whether what the model says lies within the interval.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.said >= self.interval.0 && self.said <= self.interval.1
    }
}

/// How well the probabilities of a model fit what is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Labelled pairs that were used.
    pub labelled: u64,
    /// Of these, how many are of one person.
    pub same: u64,
    /// The mean square of the difference between probability and truth: 0 is best, and a coin gets 0.25.
    pub brier: f64,
    /// The mean surprise in bits: 0 is best, and a coin gets 1.
    pub log_loss: f64,
    /// The pairs by weight, the least first. Bins without a labelled pair are left out.
    pub bins: Vec<Bin>,
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooFew {
    /// There is no labelled pair with a weight that is a number.
    #[error("there is no pair of which it is known whether it is of one person")]
    Nothing,
    /// Only one kind of pair is labelled.
    #[error(
        "all {0} labelled pairs are {kind}: both kinds are needed",
        kind = if *.1 { "of one person" } else { "of two persons" }
    )]
    OneKind(u64, bool),
}

/// What can be used: the sorted pairs, the least weight first, with at least one of either kind.
fn usable(labels: &[Labelled]) -> Result<Vec<Labelled>, TooFew> {
    let usable = |label: &&Labelled| {
        label.weight.is_finite() && label.stands_for.is_finite() && label.stands_for > 0.0
    };
    let mut sorted: Vec<Labelled> = labels.iter().filter(usable).copied().collect();
    sorted.sort_unstable_by(|one, other| {
        let weight = one.weight.total_cmp(&other.weight);
        weight.then(one.same.cmp(&other.same)).then(one.stands_for.total_cmp(&other.stands_for))
    });
    let first = sorted.first().ok_or(TooFew::Nothing)?.same;
    if sorted.iter().all(|label| label.same == first) {
        return Err(TooFew::OneKind(sorted.len() as u64, first));
    }
    Ok(sorted)
}

/// A sum over labelled pairs that stand for others, and how many plain pairs would tell as much (Kish's effective size).
#[derive(Clone, Copy, Default)]
struct Sum {
    labelled: u64,
    all: f64,
    same: f64,
    squares: f64,
}

impl Sum {
    fn add(&mut self, label: &Labelled) {
        self.labelled += 1;
        self.all += label.stands_for;
        self.squares += label.stands_for * label.stands_for;
        if label.same {
            self.same += label.stands_for;
        }
    }

    fn interval(&self) -> (f64, f64) {
        if self.all <= 0.0 || self.squares <= 0.0 {
            return (0.0, 1.0);
        }
        let effective = self.all * self.all / self.squares;
        wilson(self.same / self.all * effective, effective, Z_95)
    }
}

/// How well the weights fit the labels, in bins of `bits` bits (at least a sixteenth of one). With a curve, how well the
/// corrected ones do: ask that of labels that the curve was not made of.
///
/// # Errors
/// If there is no labelled pair, or only one kind.
pub fn calibration(labels: &[Labelled], curve: Option<&Curve>, bits: f64) -> Result<Calibration, TooFew> {
    let sorted = usable(labels)?;
    let bits = if bits.is_finite() { bits.max(1.0 / 16.0) } else { 1.0 };
    let said = |label: &Labelled| match curve {
        Some(curve) => curve.probability(label.weight),
        None => probability(f64::from(label.weight)),
    };
    let (mut brier, mut loss, mut all) = (0.0, 0.0, Sum::default());
    let mut bins: Vec<(f64, Sum, f64)> = Vec::new();
    for label in &sorted {
        let (said, truth) = (said(label), f64::from(u8::from(label.same)));
        brier += label.stands_for * (said - truth).powi(2);
        // A probability of exactly 0 or 1 that is wrong would be an infinite surprise; 50 bits are enough.
        let given = if label.same { said } else { 1.0 - said };
        loss -= label.stands_for * given.max(1e-15).log2();
        all.add(label);
        let from = (f64::from(label.weight) / bits).floor() * bits;
        if bins.last().is_none_or(|bin| bin.0 < from) {
            bins.push((from, Sum::default(), 0.0));
        }
        if let Some(bin) = bins.last_mut() {
            bin.1.add(label);
            bin.2 += label.stands_for * said;
        }
    }
    let bin = |(from, sum, said): (f64, Sum, f64)| Bin {
        from,
        to: from + bits,
        labelled: sum.labelled,
        pairs: sum.all,
        said: said / sum.all,
        seen: sum.same / sum.all,
        interval: sum.interval(),
    };
    Ok(Calibration {
        labelled: all.labelled,
        same: sorted.iter().filter(|label| label.same).count() as u64,
        brier: brier / all.all,
        log_loss: loss / all.all,
        bins: bins.into_iter().map(bin).collect(),
    })
}

/// What the two thresholds are to give.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Wanted {
    /// The share of links that must be right: the lower bound of the interval must reach it.
    pub precision: f64,
    /// The share of the pairs of one person that may be lost below the clerical threshold: the upper bound of the interval
    /// must not pass it.
    pub lost: f64,
}

/// Thresholds, and what the labels say of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Chosen {
    /// From here on a pair is a link: the least weight at which precision is as wanted, from there on up.
    pub link: f32,
    /// The precision of the links: the value, and between what it lies at 95 percent.
    pub precision: f64,
    /// The interval of that.
    pub precision_interval: (f64, f64),
    /// From here on somebody looks at a pair; at most `link`. `None` if no threshold loses so few, or too few pairs are
    /// labelled to say so.
    pub clerical: Option<f32>,
    /// The share of the labelled pairs of one person below the clerical threshold, or below `link` if there is none.
    pub lost: f64,
    /// The interval of that.
    pub lost_interval: (f64, f64),
}

/// Why no threshold is chosen.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NoThreshold {
    /// Nothing to go by.
    #[error(transparent)]
    TooFew(#[from] TooFew),
    /// Even the surest links are not sure enough, as far as the labels can tell.
    #[error(
        "no threshold gives a precision of at least {wanted}: the best lower bound is {best:.5}, from {weight} bits on \
         with {labelled} labelled pairs; without a single wrong one {needed} would do"
    )]
    Precision {
        /// What was asked for.
        wanted: f64,
        /// The greatest lower bound of any threshold.
        best: f64,
        /// The threshold that has it.
        weight: f32,
        /// How many labelled pairs lie above that.
        labelled: u64,
        /// How many right links in a row would show the precision.
        needed: u64,
    },
}

/// Chooses thresholds by labelled pairs.
///
/// # Errors
/// If the labels cannot show the precision at any threshold; the error says how many would be needed at least.
pub fn choose(labels: &[Labelled], wanted: Wanted) -> Result<Chosen, NoThreshold> {
    let sorted = usable(labels)?;
    let mut sum = Sum::default();
    let mut link: Option<(f32, Sum)> = None;
    let mut best = (0.0, f32::INFINITY, 0);
    for (place, label) in sorted.iter().enumerate().rev() {
        sum.add(label);
        if place > 0 && sorted.get(place - 1).is_some_and(|next| next.weight == label.weight) {
            continue;
        }
        let bound = sum.interval().0;
        if bound >= wanted.precision {
            link = Some((label.weight, sum));
        }
        if bound > best.0 {
            best = (bound, label.weight, sum.labelled);
        }
    }
    let Some((link, above)) = link else {
        let (best, weight, labelled) = best;
        let needed = Z_95 * Z_95 * wanted.precision / (1.0 - wanted.precision).max(1e-12);
        let needed = needed.ceil().min(1e15) as u64;
        return Err(NoThreshold::Precision { wanted: wanted.precision, best, weight, labelled, needed });
    };
    let (clerical, lost) = clerical(&sorted, link, wanted.lost);
    Ok(Chosen {
        link,
        precision: above.same / above.all,
        precision_interval: above.interval(),
        clerical,
        lost: if lost.all > 0.0 { lost.same / lost.all } else { 0.0 },
        lost_interval: lost.interval(),
    })
}

/// The greatest weight, up to `link`, below which few enough pairs of one person lie, and which share these are.
fn clerical(sorted: &[Labelled], link: f32, wanted: f64) -> (Option<f32>, Sum) {
    // Of the pairs of one person the share that is lost: here `same` of the sum means lost.
    let lost_below = |weight: f32| {
        let mut lost = Sum::default();
        for label in sorted.iter().filter(|label| label.same) {
            lost.add(&Labelled { same: label.weight < weight, ..*label });
        }
        lost
    };
    let mut candidates: Vec<f32> =
        sorted.iter().map(|label| label.weight).filter(|&weight| weight <= link).collect();
    candidates.dedup();
    // The share grows with the weight, so that halving finds the last that is small enough.
    let enough = candidates.partition_point(|&weight| lost_below(weight).interval().1 <= wanted);
    match enough.checked_sub(1).and_then(|place| candidates.get(place)) {
        Some(&weight) => (Some(weight), lost_below(weight)),
        None => (None, lost_below(link)),
    }
}

#[cfg(test)]
mod tests;
