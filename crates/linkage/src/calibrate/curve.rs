//! A correction of weights that never falls.

use super::{Labelled, TooFew, probability, usable};
use serde::{Deserialize, Serialize};

/// How a curve was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Isotonic regression: the best curve of all that never fall. It needs some hundreds of labels.
    Isotonic,
    /// Platt's: the weight times one number plus another, with labels drawn in a little. It makes do with few.
    Platt,
}

/// What probability a weight really has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// How it was made.
    pub kind: Kind,
    /// Weights in bits, ascending, and the corrected weight at each; straight lines between them.
    pub knots: Vec<(f64, f64)>,
    /// By how much a weight beyond the last knots counts there, and before the first: 0 where the curve is flat.
    pub slope: f64,
}

impl Curve {
    /// The corrected weight, in bits.
    #[must_use]
    pub fn weight(&self, weight: f32) -> f64 {
        let weight = f64::from(weight);
        let place = self.knots.partition_point(|knot| knot.0 <= weight);
        let before = place.checked_sub(1).and_then(|place| self.knots.get(place));
        match (before, self.knots.get(place)) {
            (Some(a), Some(b)) => {
                let share = if b.0 > a.0 { (weight - a.0) / (b.0 - a.0) } else { 0.0 };
                a.1 + share * (b.1 - a.1)
            }
            (Some(end), None) | (None, Some(end)) => end.1 + self.slope * (weight - end.0),
            (None, None) => weight,
        }
    }

    /// The corrected probability.
    #[must_use]
    pub fn probability(&self, weight: f32) -> f64 {
        probability(self.weight(weight))
    }

    /// The best curve that never falls. The ends are drawn in by half a pair, since a few pairs never show certainty; beyond
    /// them the curve is flat.
    ///
    /// # Errors
    /// If there is no labelled pair, or only one kind.
    pub fn isotonic(labels: &[Labelled]) -> Result<Self, TooFew> {
        struct Block {
            from: f64,
            to: f64,
            all: f64,
            same: f64,
        }
        let sorted = usable(labels)?;
        let mut blocks: Vec<Block> = Vec::new();
        for label in &sorted {
            let weight = f64::from(label.weight);
            let same = if label.same { label.stands_for } else { 0.0 };
            match blocks.last_mut().filter(|block| block.to == weight && block.from == weight) {
                Some(block) => {
                    block.all += label.stands_for;
                    block.same += same;
                }
                None => blocks.push(Block { from: weight, to: weight, all: label.stands_for, same }),
            }
        }
        // Neighbours of which the later has the smaller share are put together, until there are none.
        let mut pooled: Vec<Block> = Vec::new();
        for block in blocks {
            pooled.push(block);
            while let [.., before, last] = pooled.as_mut_slice() {
                if before.same * last.all < last.same * before.all {
                    break;
                }
                before.to = last.to;
                before.all += last.all;
                before.same += last.same;
                pooled.pop();
            }
        }
        let mut knots: Vec<(f64, f64)> = Vec::new();
        let mut least = f64::NEG_INFINITY;
        for block in &pooled {
            let odds = ((block.same + 0.5) / (block.all - block.same + 0.5)).log2();
            // Drawing in is more for small blocks, and must not make the curve fall.
            least = least.max(odds);
            knots.push((block.from, least));
            if block.to > block.from {
                knots.push((block.to, least));
            }
        }
        Ok(Self { kind: Kind::Isotonic, knots, slope: 0.0 })
    }

    /// Platt's curve: a straight line of weights, found by Newton's method on labels drawn in as Platt 1999 says. A line
    /// that would fall is made flat.
    ///
    /// # Errors
    /// If there is no labelled pair, or only one kind.
    pub fn platt(labels: &[Labelled]) -> Result<Self, TooFew> {
        let sorted = usable(labels)?;
        let (mut same, mut different) = (0.0, 0.0);
        for label in &sorted {
            *(if label.same { &mut same } else { &mut different }) += label.stands_for;
        }
        let target = |label: &Labelled| match label.same {
            true => (same + 1.0) / (same + 2.0),
            false => 1.0 / (different + 2.0),
        };
        let loss = |slope: f64, shift: f64| -> f64 {
            let of = |label: &Labelled| {
                let (p, t) = (probability(slope * f64::from(label.weight) + shift), target(label));
                -label.stands_for * (t * p.max(1e-300).ln() + (1.0 - t) * (1.0 - p).max(1e-300).ln())
            };
            sorted.iter().map(of).sum()
        };
        let (mut slope, mut shift) = (1.0, 0.0);
        let mut now = loss(slope, shift);
        for _ in 0..100 {
            // The derivatives by slope and shift, in natural units: a bit is ln 2 of these.
            let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
            for label in &sorted {
                let x = f64::from(label.weight);
                let p = probability(slope * x + shift);
                let (d, h) = (label.stands_for * (p - target(label)), label.stands_for * p * (1.0 - p));
                ga += d * x;
                gb += d;
                haa += h * x * x;
                hab += h * x;
                hbb += h;
            }
            let ln2 = std::f64::consts::LN_2;
            let det = (haa * hbb - hab * hab).max(1e-30);
            let (da, db) = ((hbb * ga - hab * gb) / det / ln2, (haa * gb - hab * ga) / det / ln2);
            let mut step = 1.0;
            let next = loop {
                let next = (slope - step * da, shift - step * db);
                if loss(next.0, next.1) <= now || step < 1e-6 {
                    break next;
                }
                step /= 2.0;
            };
            let then = loss(next.0, next.1);
            if then > now || now - then < 1e-10 * now.max(1.0) {
                break;
            }
            (slope, shift, now) = (next.0, next.1, then);
        }
        if slope < 0.0 {
            (slope, shift) = (0.0, (same / different).log2());
        }
        Ok(Self { kind: Kind::Platt, knots: vec![(0.0, shift)], slope })
    }
}
