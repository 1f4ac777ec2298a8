//! How the weight of a pair came about, step by step.

use serde::Serialize;

/// The account of one pair: the prior, a step for each comparison, the sum.
#[derive(Clone, PartialEq, Serialize)]
pub struct Waterfall {
    /// The weight before anything is compared, in bits.
    pub prior: f64,
    /// The comparisons, in the order of the model.
    pub steps: Vec<Step>,
    /// The match weight, in bits: the prior and all steps.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
}

/// One comparison of a pair.
#[derive(Clone, PartialEq, Serialize)]
pub struct Step {
    /// The comparison's name in the model: `family name`.
    pub comparison: String,
    /// The level it ended at, in words: `same but for one letter`.
    pub level: String,
    /// The values on the left, as compared.
    pub left: String,
    /// The values on the right.
    pub right: String,
    /// How often the level is seen among pairs of one person; `None` where nothing was compared.
    pub m: Option<f64>,
    /// How often it is seen among pairs of two persons.
    pub u: Option<f64>,
    /// What the level adds, in bits: the logarithm to base 2 of m over u; 0 where nothing was compared.
    pub weight: f64,
    /// What the rarity of the value adds, in bits.
    pub rarity: f64,
}

vacatur_records::silent_debug!(Waterfall, Step);
