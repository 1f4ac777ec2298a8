//! A trained model's parameters as tables.

use crate::compare::Outcome;
use crate::model::{Model, ModelError, Test};
use crate::sides::{Side, Sides};

/// What each level and each value adds, in bits.
pub(crate) struct Weights {
    pub(crate) prior: f64,
    pub(crate) comparisons: Vec<Table>,
}

/// Of one comparison.
pub(crate) struct Table {
    /// By level; 0 where nothing was compared.
    pub(crate) levels: [f64; 16],
    /// What the rarity of a value adds, by its number; empty where rarity does not count.
    pub(crate) rarity: Vec<f32>,
    /// The level of equal values, and that of another name; 0 where there is none.
    same: usize,
    other_name: usize,
    /// The most that a level can add on which no value is the same.
    most_apart: f64,
    /// Whether it depends on the level what differing values add.
    open: bool,
}

/// What a comparison can add for one record on the left, by how the values look at a first glance: 0 where they differ,
/// 1 where they are the same, 2 and 3 where one is blank.
#[derive(Clone, Copy)]
pub(crate) struct Gain {
    /// The most that it can add where neither record has other names, and where one has.
    pub(crate) plain: [f64; 4],
    pub(crate) listed: [f64; 4],
    /// Whether that is not yet what it adds, a bit for each way the values look.
    pub(crate) open: u32,
}

/// No value counts as rarer than one in so many records: a value seen once may be a slip.
const RAREST: f64 = 1e-6;

impl Weights {
    pub(crate) fn new(sides: &Sides, model: &Model) -> Result<Self, ModelError> {
        let untrained = |what: String| ModelError::Untrained { what };
        let prior = model.training.as_ref().ok_or_else(|| untrained("it has no prior".into()))?.prior;
        let mut comparisons = Vec::new();
        for comparison in &model.comparisons {
            let mut table = Table {
                levels: [0.0; 16],
                rarity: Vec::new(),
                same: 0,
                other_name: 0,
                most_apart: f64::NEG_INFINITY,
                open: false,
            };
            let mut least_apart = f64::INFINITY;
            for (number, level) in comparison.levels.iter().enumerate() {
                let weight = level.weight().ok_or_else(|| {
                    untrained(format!(
                        "comparison '{}', level '{}' has no m and u",
                        comparison.name, level.words
                    ))
                })?;
                if let Some(place) = table.levels.get_mut(number + 1) {
                    *place = weight;
                }
                match level.test {
                    Test::Same => table.same = number + 1,
                    Test::OtherName => table.other_name = number + 1,
                    _ => {
                        table.most_apart = table.most_apart.max(weight);
                        least_apart = least_apart.min(weight);
                    }
                }
            }
            // Where all of them weigh the same it does not matter which it is.
            table.open = least_apart < table.most_apart;
            if comparison.rarity && table.same != 0 {
                table.rarity = rarity(sides, model.field(&comparison.field).unwrap_or(0));
            }
            comparisons.push(table);
        }
        Ok(Self { prior: (prior / (1.0 - prior)).log2(), comparisons })
    }

    /// What an outcome adds: by its level, and by the rarity of the value.
    #[inline]
    pub(crate) fn of(&self, comparison: usize, outcome: Outcome) -> (f64, f64) {
        let Some(table) = self.comparisons.get(comparison) else { return (0.0, 0.0) };
        let level = table.levels.get(usize::from(outcome.level)).copied().unwrap_or(0.0);
        if outcome.value == 0 || table.rarity.is_empty() {
            return (level, 0.0);
        }
        (level, table.rarity.get(outcome.value as usize).copied().map_or(0.0, f64::from))
    }

    /// What a comparison can add for a record whose value is `value` and whose other names are `others`.
    pub(crate) fn gain(&self, comparison: usize, value: u32, others: impl Iterator<Item = u32>) -> Gain {
        let none = Gain { plain: [0.0; 4], listed: [0.0; 4], open: 0 };
        let Some(table) = self.comparisons.get(comparison).filter(|_| value != 0) else { return none };
        let rarity = |value: u32| table.rarity.get(value as usize).copied().map_or(0.0, f64::from);
        let level = |number: usize| table.levels.get(number).copied().filter(|_| number != 0);
        let mut apart = table.most_apart;
        let mut open = u32::from(table.open);
        if let Some(weight) = level(table.other_name) {
            // An other name of the other record may be this value.
            apart = others
                .fold(apart.max(weight + rarity(value)), |most, other| most.max(weight + rarity(other)));
            open = 1;
        }
        let same = level(table.same).map(|weight| weight + rarity(value));
        if same.is_none() {
            open |= 2;
        }
        let of = |apart: f64| [apart, same.unwrap_or(apart), 0.0, 0.0];
        Gain { plain: of(table.most_apart), listed: of(apart), open }
    }
}

/// The share of pairs of records in which a field has the same value on both sides, of those where both have one; and the
/// number of such pairs.
pub(crate) fn agreement(sides: &Sides, field: usize) -> (f64, f64) {
    let left = sides.counts(field, Side::Left);
    let total = |counts: &[u32]| counts.iter().skip(1).map(|count| f64::from(*count)).sum::<f64>();
    if sides.is_dedupe() {
        let filled = total(&left);
        let pairs = filled * (filled - 1.0) / 2.0;
        let same: f64 =
            left.iter().skip(1).map(|count| f64::from(*count) * (f64::from(*count) - 1.0) / 2.0).sum();
        return (if pairs > 0.0 { same / pairs } else { 0.0 }, pairs.max(0.0));
    }
    let right = sides.counts(field, Side::Right);
    let pairs = total(&left) * total(&right);
    let same: f64 =
        left.iter().zip(&right).skip(1).map(|(left, right)| f64::from(*left) * f64::from(*right)).sum();
    (if pairs > 0.0 { same / pairs } else { 0.0 }, pairs)
}

/// What the rarity of each value of a field adds to an agreement on it: how much less often the value is met than values
/// that agree are on the whole. The side on which it is more common counts.
fn rarity(sides: &Sides, field: usize) -> Vec<f32> {
    let (mean, _) = agreement(sides, field);
    if mean <= 0.0 {
        return Vec::new();
    }
    let shares = |side| {
        let counts = sides.counts(field, side);
        let filled: f64 = counts.iter().skip(1).map(|count| f64::from(*count)).sum();
        counts.into_iter().map(move |count| f64::from(count) / filled.max(1.0)).collect::<Vec<f64>>()
    };
    let left = shares(Side::Left);
    let right = if sides.is_dedupe() { left.clone() } else { shares(Side::Right) };
    left.iter().zip(&right).map(|(left, right)| (mean / left.max(*right).max(RAREST)).log2() as f32).collect()
}
