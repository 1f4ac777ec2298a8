//! Pairs for a person to look at, and what the person said.
//!
//! Which pairs: those between the two thresholds, and a sample of links and of non-links near the thresholds, so that what
//! is wrong among these shows too. [`sheet`](fn@write) makes a table of them, [`read`] reads it filled in, and [`Answers`] are
//! what clusters are then held to and what the model is fitted and calibrated with.

mod answers;
mod sheet;

pub use answers::{Answers, LevelCounts, contradictions, level_counts};
pub use sheet::{Answer, Filled, Problem, Wrong, read, write};

use crate::Pair;
use crate::assign::{Thresholds, order};
use serde::Serialize;

/// Why somebody is asked about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Its weight lies between the thresholds.
    Between,
    /// It is a link, drawn to see how many of these are wrong.
    Link,
    /// It is no link, drawn near the clerical threshold to see how many are lost there.
    Below,
}

/// How many pairs to ask about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Of those between the thresholds; `usize::MAX` for all.
    pub between: usize,
    /// Of the links.
    pub links: usize,
    /// Of the pairs below the clerical threshold.
    pub below: usize,
    /// How far below it pairs are drawn, in bits.
    pub reach: f32,
}

/// A pair that somebody is asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// The pair.
    pub pair: Pair,
    /// Why.
    pub why: Why,
    /// How many pairs it stands for: those it was drawn from, over those drawn.
    pub stands_for: f64,
}

/// Chooses the pairs to ask about: the same for the same pairs and seed, whatever the order of the pairs. The heaviest first
/// among those of one reason.
#[must_use]
pub fn choose(pairs: &[Pair], thresholds: Thresholds, sizes: Sizes, seed: u64) -> Vec<Asked> {
    let reason = |pair: &Pair| {
        if pair.weight >= thresholds.link {
            Some(Why::Link)
        } else if pair.weight >= thresholds.clerical {
            Some(Why::Between)
        } else {
            (pair.weight >= thresholds.clerical - sizes.reach).then_some(Why::Below)
        }
    };
    let mut asked = Vec::new();
    for (why, most) in [(Why::Between, sizes.between), (Why::Link, sizes.links), (Why::Below, sizes.below)] {
        let mut drawn: Vec<(u64, Pair)> = pairs
            .iter()
            .filter(|pair| reason(pair) == Some(why))
            .map(|pair| (draw(seed, pair), *pair))
            .collect();
        // The least numbers are drawn: which they are depends on seed and pair alone.
        let all = drawn.len();
        drawn.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| order(&one.1, &other.1)));
        drawn.dedup_by_key(|(number, pair)| (*number, pair.left, pair.right));
        drawn.truncate(most);
        drawn.sort_unstable_by(|one, other| order(&one.1, &other.1));
        let stands_for = all as f64 / drawn.len().max(1) as f64;
        asked.extend(drawn.into_iter().map(|(_, pair)| Asked { pair, why, stands_for }));
    }
    asked
}

/// A number for a pair that looks drawn at random: the finalizer of SplitMix64, twice.
fn draw(seed: u64, pair: &Pair) -> u64 {
    let mix = |mut x: u64| {
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let both = u64::from(pair.left) << 32 | u64::from(pair.right);
    mix(mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ both.wrapping_add(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests;
