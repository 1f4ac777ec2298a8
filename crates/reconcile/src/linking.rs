//! The linker at work on people: cells in, pairs out.

use crate::error::ReconcileError;
use crate::identity::COLUMNS;
use crate::who::Bounds;
use vacatur_linkage::{Model, Pair, Sides, SidesBuilder, TrainOptions, score, train};

/// By how many bits the likeliest person must be ahead of the next to be linked: eight times as likely.
const MARGIN: f32 = 3.0;

/// Both sides with the model that weighs them.
pub(crate) struct Linked {
    pub(crate) sides: Sides,
    pub(crate) model: Model,
    pub(crate) pairs: Vec<Pair>,
}

/// Which of our cells each field of a model takes.
pub(crate) fn cells_of(model: &Model) -> Vec<Option<usize>> {
    let ours = |names: &[String]| COLUMNS.iter().position(|column| names.iter().any(|name| name == column));
    model.fields.iter().map(|field| ours(&field.columns)).collect()
}

/// The cells of a record in the order of a model's fields.
pub(crate) fn ordered<'c>(cells: &'c [String; 13], fields: &[Option<usize>]) -> Vec<&'c str> {
    fields.iter().map(|field| field.and_then(|at| cells.get(at)).map_or("", String::as_str)).collect()
}

/// The probability as a match weight.
pub(crate) fn bits(probability: f64) -> f32 {
    (probability / (1.0 - probability)).log2() as f32
}

/// The bounds that a model's thresholds are.
pub(crate) fn bounds(model: &Model) -> Bounds {
    Bounds { link: bits(model.thresholds.link), clerical: bits(model.thresholds.clerical), margin: MARGIN }
}

/// Trains the model if it is not yet, and finds the pairs at or above the clerical threshold.
pub(crate) fn link(
    builder: SidesBuilder,
    model: &Model,
    on: &str,
    threads: usize,
) -> Result<Linked, ReconcileError> {
    let sides = builder.finish();
    let said = |error: &dyn std::fmt::Display| ReconcileError::Linkage(error.to_string());
    let model = if model.is_trained() {
        sides.check(model).map_err(|error| said(&error))?;
        model.clone()
    } else {
        let options = TrainOptions { threads, on: on.to_owned(), ..TrainOptions::default() };
        train(&sides, model, &options).map_err(|error| said(&error))?
    };
    let pairs = score(&sides, &model, bits(model.thresholds.clerical), threads).map_err(|error| said(&error))?;
    Ok(Linked { sides, model, pairs })
}
