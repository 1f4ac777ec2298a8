//! The match weights of all pairs that blocking makes.

use crate::block::{BlockError, Index, Rules};
use crate::compare::{Plan, Record, Scratch};
use crate::model::{FieldKind, Model, ModelError};
use crate::sides::{Side, Sides};
use crate::train::Trained;
use crate::walk::{Block, is_first, parallel};
use crate::weights::{Gain, Weights};
use crate::{Pair, Step, Waterfall};

/// So many pairs are one task of a thread.
const STRETCH: u64 = 200_000;

/// A trained model made ready for its records: it scores pairs and explains them.
pub struct Scorer<'s> {
    sides: &'s Sides,
    model: &'s Model,
    plan: Plan<'s>,
    weights: Weights,
    /// The comparisons in the order in which they are made: the cheap ones first. With each, its field.
    order: Vec<(usize, usize)>,
    /// The field with other names.
    aliases: usize,
}

vacatur_records::silent_debug!(Scorer<'_>);

/// What one record on the left can gain, in the order in which comparisons are made.
#[derive(Default)]
struct Gains {
    steps: Vec<Gain>,
    /// Whether it has other names.
    listed: bool,
}

/// The pairs at or above a weight, sorted by right and left record.
///
/// # Errors
/// [`BlockError`], where a rule makes too many pairs or the model does not fit the records.
pub fn score(sides: &Sides, trained: &Trained, floor: f64, threads: usize) -> Result<Vec<Pair>, BlockError> {
    Scorer::new(sides, trained)?.score(floor, threads)
}

/// How the weight of one pair comes about.
///
/// # Errors
/// Where the model does not fit the records.
pub fn waterfall(sides: &Sides, trained: &Trained, left: u32, right: u32) -> Result<Waterfall, ModelError> {
    Ok(Scorer::new(sides, trained)?.waterfall(left, right))
}

impl<'s> Scorer<'s> {
    /// Makes tables of a model's parameters and of the rarity of values.
    ///
    /// # Errors
    /// Where the records were read for another model.
    pub fn new(sides: &'s Sides, trained: &'s Trained) -> Result<Self, ModelError> {
        let model: &Model = trained;
        sides.check(model)?;
        let plan = Plan::new(sides, model);
        let mut order: Vec<(usize, usize)> =
            plan.comparisons.iter().map(|compare| compare.field).enumerate().collect();
        // A field that one side has not at all adds nothing.
        let filled = [sides.filled(Side::Left), sides.filled(Side::Right)];
        order.retain(|(_, field)| {
            filled.iter().all(|filled| filled.get(*field).is_some_and(|count| *count > 0))
        });
        order.sort_by_key(|(_, field)| match sides.kinds.get(*field) {
            Some(FieldKind::Code | FieldKind::Suffix | FieldKind::Date) => 0,
            Some(FieldKind::Zip | FieldKind::Identifier) => 1,
            Some(FieldKind::Middle) => 2,
            Some(FieldKind::Family) => 3,
            Some(FieldKind::Given) => 4,
            _ => 5,
        });
        let aliases = sides.kinds.iter().position(|kind| *kind == FieldKind::Aliases).unwrap_or(usize::MAX);
        Ok(Self { sides, model, weights: Weights::new(sides, model)?, plan, order, aliases })
    }

    /// The pairs at or above a weight, sorted by right and left record. The same for any number of threads.
    ///
    /// # Errors
    /// [`BlockError::Explosion`].
    pub fn score(&self, floor: f64, threads: usize) -> Result<Vec<Pair>, BlockError> {
        let mut rules = Rules::new(self.sides, self.model);
        let mut pairs: Vec<Pair> = Vec::new();
        for rule in 0..self.model.rules.len() {
            let index = Index::new(self.sides, self.model, &mut rules, rule)?;
            let stretches = index.stretches(STRETCH);
            let found = parallel(
                stretches.len(),
                threads,
                || (self.plan.scratch(), Block::default(), Gains::default()),
                |number, (scratch, block, gains)| {
                    let mut found = Vec::new();
                    let runs = stretches.get(number).and_then(|stretch| index.runs.get(stretch.clone()));
                    for run in runs.unwrap_or_default() {
                        block.load(self.sides, &self.plan, &index, run);
                        for (left, ours, from) in block.lefts(self.sides) {
                            self.gains(ours.words, gains);
                            for (right, theirs) in block.rights(self.sides, from) {
                                let Some(weight) = self.weigh(ours, theirs, gains, floor, scratch) else {
                                    continue;
                                };
                                if is_first(&rules, rule, run.key, ours.words, theirs.words) {
                                    found.push(Pair { left, right, weight: weight as f32, rule: rule as u8 });
                                }
                            }
                        }
                    }
                    found
                },
            );
            pairs.reserve(found.iter().map(Vec::len).sum());
            found.into_iter().for_each(|found| pairs.extend(found));
        }
        pairs.sort_unstable_by_key(|pair| (pair.right, pair.left));
        Ok(pairs)
    }

    /// What a record on the left can gain in each comparison.
    fn gains(&self, row: &[u32], gains: &mut Gains) {
        let list = row.get(self.aliases).copied().unwrap_or(0);
        gains.listed = list != 0;
        gains.steps.clear();
        for (number, field) in &self.order {
            let value = row.get(*field).copied().unwrap_or(0);
            let at = usize::from(self.sides.kinds.get(*field) != Some(&FieldKind::Given));
            let listed =
                self.sides.aliases(list).iter().filter_map(move |alias| alias.get(at)).flat_map(|name| {
                    let parts = self.sides.parts.get(name).map_or(&[][..], Vec::as_slice);
                    std::iter::once(*name).chain(parts.iter().copied())
                });
            gains.steps.push(self.weights.gain(*number, value, listed));
        }
    }

    /// The weight of a pair, or `None` if it is below the floor.
    ///
    /// First all values are only looked at for being the same or not: that gives the most that the pair can reach. Then
    /// what differs is compared in earnest, the cheap fields first, as long as the floor can still be reached. The bound is
    /// exact: no pair at or above the floor is lost.
    #[inline]
    fn weigh(
        &self,
        left: Record<'_>,
        right: Record<'_>,
        gains: &Gains,
        floor: f64,
        scratch: &mut Scratch,
    ) -> Option<f64> {
        // A sum in another order may differ in its last digits.
        let bar = floor - 1e-6;
        let listed = gains.listed || right.words.get(self.aliases).is_some_and(|list| *list != 0);
        let mut most = self.weights.prior;
        let mut open: u32 = 0;
        // No branch depends on the values: which of them are blank or the same cannot be foretold.
        for (place, ((_, field), gain)) in self.order.iter().zip(&gains.steps).enumerate() {
            let (Some(&ours), Some(&theirs)) = (left.words.get(*field), right.words.get(*field)) else {
                continue;
            };
            let look = usize::from(ours == theirs) | usize::from(theirs == 0) << 1;
            let gains = if listed { &gain.listed } else { &gain.plain };
            most += gains[look & 3];
            open |= (gain.open >> look & 1) << place;
        }
        if most < bar {
            return None;
        }
        while open != 0 {
            let place = open.trailing_zeros() as usize;
            open &= open - 1;
            let (Some((number, field)), Some(gain)) = (self.order.get(place), gains.steps.get(place)) else {
                continue;
            };
            let (weight, rarity) = self.weights.of(*number, self.plan.outcome(*number, left, right, scratch));
            let look = usize::from(left.words.get(*field) == right.words.get(*field));
            let gains = if listed { &gain.listed } else { &gain.plain };
            most += weight + rarity - gains[look & 3];
            if most < bar {
                return None;
            }
        }
        // In the order of the model, as the waterfall adds.
        let mut exact = self.weights.prior;
        for number in 0..self.model.comparisons.len() {
            let (weight, rarity) = self.weights.of(number, self.plan.outcome(number, left, right, scratch));
            exact += weight + rarity;
        }
        (exact >= floor).then_some(exact)
    }

    /// How the weight of a pair comes about, whether blocking makes it or not. The values in it are for an explanation
    /// that is meant to hold them.
    #[must_use]
    pub fn waterfall(&self, left: u32, right: u32) -> Waterfall {
        let ours = Record::plain(self.sides.row(Side::Left, left));
        let theirs = Record::plain(self.sides.row(Side::Right, right));
        let mut scratch = self.plan.scratch();
        let mut weight = self.weights.prior;
        let mut steps = Vec::new();
        for (number, comparison) in self.model.comparisons.iter().enumerate() {
            let outcome = self.plan.outcome(number, ours, theirs, &mut scratch);
            let (step, rarity) = self.weights.of(number, outcome);
            weight += step + rarity;
            let level =
                usize::from(outcome.level).checked_sub(1).and_then(|level| comparison.levels.get(level));
            let field = self.model.field(&comparison.field).unwrap_or(0);
            let shown = |side, record| {
                let own = self.sides.show(side, record, field);
                let others = match level.map(|level| level.test) {
                    Some(crate::model::Test::OtherName) => self.sides.show(side, record, self.aliases),
                    _ => String::new(),
                };
                if others.is_empty() { own } else { format!("{own} (other names: {others})") }
            };
            steps.push(Step {
                comparison: comparison.name.clone(),
                level: level
                    .map_or_else(|| "not known on both sides".to_owned(), |level| level.words.clone()),
                left: shown(Side::Left, left),
                right: shown(Side::Right, right),
                m: level.and_then(|level| level.m),
                u: level.and_then(|level| level.u),
                weight: step,
                rarity,
            });
        }
        let probability = 1.0 / (1.0 + (-weight).exp2());
        Waterfall { prior: self.weights.prior, steps, weight, probability }
    }

    /// The number of each comparison's level for a pair, 0 where nothing was compared: what labels are counted by.
    #[must_use]
    pub fn levels(&self, left: u32, right: u32) -> Vec<u8> {
        let ours = Record::plain(self.sides.row(Side::Left, left));
        let theirs = Record::plain(self.sides.row(Side::Right, right));
        let mut scratch = self.plan.scratch();
        (0..self.model.comparisons.len())
            .map(|number| self.plan.outcome(number, ours, theirs, &mut scratch).level)
            .collect()
    }

    /// Whether the identifier that labels pairs agrees: `None` where a side has it not, or the model names none.
    #[must_use]
    pub fn label(&self, left: u32, right: u32) -> Option<bool> {
        let field = self.model.field(self.model.labels.as_deref()?)?;
        let value =
            |side, record| self.sides.row(side, record).get(field).copied().filter(|value| *value != 0);
        Some(value(Side::Left, left)? == value(Side::Right, right)?)
    }
}
