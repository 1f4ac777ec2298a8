//! The linker at work on people: cells in, pairs out.

use crate::error::ReconcileError;
use crate::identity::COLUMNS;
use vacatur_linkage::assign::Thresholds;
use vacatur_linkage::calibrate::bits;
use vacatur_linkage::{Model, Pair, Scorer, Side, Sides, TrainOptions, Trained, train};

/// By how many bits the likeliest person must be ahead of the next to be linked: eight times as likely.
const MARGIN: f32 = 3.0;

/// Files of fewer records are taken for a part of one of so many, when the prior is reckoned.
const LEAST: u64 = 1_000;

/// Both sides with the model that weighs them.
pub(crate) struct Linked {
    pub(crate) sides: Sides,
    pub(crate) model: Trained,
    pub(crate) pairs: Vec<Pair>,
}

impl Linked {
    /// What weighs pairs and explains them.
    pub(crate) fn scorer(&self) -> Result<Scorer<'_>, ReconcileError> {
        Scorer::new(&self.sides, &self.model).map_err(said)
    }
}

/// Which of our cells each field of a model takes.
pub(crate) fn cells_of(model: &Model) -> Vec<Option<usize>> {
    let ours = |names: &[String]| COLUMNS.iter().position(|column| names.iter().any(|name| name == column));
    model.fields.iter().map(|field| ours(&field.columns)).collect()
}

/// The same of a model whose comparisons can all be made.
///
/// # Errors
/// A comparison of a field that none of our columns is.
pub(crate) fn known_fields(model: &Model) -> Result<Vec<Option<usize>>, ReconcileError> {
    let cells = cells_of(model);
    for comparison in &model.comparisons {
        let field = model.field(&comparison.field);
        if field.and_then(|at| cells.get(at).copied().flatten()).is_none() {
            return Err(ReconcileError::Linkage(format!(
                "the model '{}' compares '{}', and no column of it is one of {}: it was made for other files",
                model.model,
                comparison.field,
                COLUMNS.join(", ")
            )));
        }
    }
    Ok(cells)
}

/// The cells of a record in the order of a model's fields.
pub(crate) fn ordered<'c>(cells: &'c [String; 13], fields: &[Option<usize>]) -> Vec<&'c str> {
    fields.iter().map(|field| field.and_then(|at| cells.get(at)).map_or("", String::as_str)).collect()
}

/// The thresholds of a model in bits.
pub(crate) fn thresholds(model: &Model) -> Thresholds {
    Thresholds {
        link: bits(model.thresholds.link),
        clerical: bits(model.thresholds.clerical),
        margin: MARGIN,
    }
}

/// A model that was trained before, or one that is trained on these records.
pub(crate) fn trained(
    sides: &Sides,
    model: &Model,
    on: &str,
    threads: usize,
) -> Result<Trained, ReconcileError> {
    if model.is_trained() {
        sides.check(model).map_err(said)?;
        return Trained::new(for_sizes(model, sides)).map_err(said);
    }
    let options = TrainOptions { threads, on: on.to_owned(), ..TrainOptions::default() };
    train(sides, model, &options).map_err(|error| {
        ReconcileError::Linkage(format!(
            "{error}. Files as small as these may hold too little to learn from: name a model that was trained on larger ones with --model, such as the model.toml of another linked folder"
        ))
    })
}

/// A model with the prior that files of these sizes have. The share of pairs that are of one person falls as files grow: a
/// person of the smaller file has about as many records in the larger one whatever the sizes are.
fn for_sizes(model: &Model, sides: &Sides) -> Model {
    let mut model = model.clone();
    if let Some(training) = &mut model.training {
        let matches =
            |[left, right]: [u64; 2]| left.min(right) as f64 / (left as f64 * right as f64).max(1.0);
        // A handful of records is a part of a county, and not a county of a handful of people.
        let now = [sides.len(Side::Left), sides.len(Side::Right)].map(|records| (records as u64).max(LEAST));
        if now != training.records && now.iter().chain(&training.records).all(|&records| records > 0) {
            let prior = training.prior * matches(now) / matches(training.records);
            training.prior = prior.clamp(1e-12, 0.5);
            // What the prior is now of: used again, the model is reckoned from there.
            training.records = now;
        }
    }
    model
}

/// Finds the pairs at or above the clerical threshold.
pub(crate) fn pairs(sides: Sides, model: Trained, threads: usize) -> Result<Linked, ReconcileError> {
    let floor = f64::from(bits(model.thresholds.clerical));
    let pairs = Scorer::new(&sides, &model).map_err(said)?.score(floor, threads).map_err(said)?;
    Ok(Linked { sides, model, pairs })
}

fn said(error: impl std::fmt::Display) -> ReconcileError {
    ReconcileError::Linkage(error.to_string())
}
