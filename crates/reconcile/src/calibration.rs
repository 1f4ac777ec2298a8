//! How good the links are, as far as the files themselves tell: pairs of which both sides have the state's number are
//! labelled by it, and weighed again as if nobody had looked at it.

use crate::error::ReconcileError;
use crate::identity;
use crate::linking::{self, Linked};
use crate::people::digits;
use rustc_hash::FxHashMap;
use serde::Serialize;
use vacatur_linkage::calibrate::{self, Calibration, Chosen, Labelled, Wanted, calibration};
use vacatur_linkage::evaluate::{NOBODY, Point, Truth, sweep};
use vacatur_linkage::{Model, Scorer, SidesBuilder, Trained};
use vacatur_records::CourtCase;

/// How far below the clerical threshold pairs are looked at.
const REACH: f32 = 8.0;
/// Files of more records than this together are not weighed a second time.
const MOST: usize = 4_000_000;
/// How many of the court's records are compared with themselves.
const ALONE: usize = 5_000;
/// What the labels are asked for: the share of links that must be right, and of pairs that may be lost.
const WANTED: Wanted = Wanted { precision: 0.998, lost: 0.02 };

/// What was measured.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) calibration: Option<Calibration>,
    pub(crate) sweep: Option<Vec<Point>>,
    /// The weights that records of the court get with themselves.
    pub(crate) alone: Vec<f32>,
    pub(crate) said: Said,
}

/// The same in numbers, for the summary.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Said {
    /// Pairs of which both sides have the state's number.
    pub labelled: u64,
    /// Those of them that are of one person.
    pub of_one_person: u64,
    /// The mean square of how far the probabilities are off, without the state's number.
    pub brier: Option<f64>,
    /// The thresholds that the labels bear out, and what they give.
    pub thresholds: Option<Chosen>,
    /// Why there are none.
    pub why_not: Option<String>,
}

/// Measures.
pub(crate) fn measure(
    linked: &Linked,
    ciis: &[String],
    cases: &[CourtCase],
    threads: usize,
) -> Result<Measured, ReconcileError> {
    let mut measured = Measured { alone: alone(linked, cases)?, ..Measured::default() };
    if ciis.len() + cases.len() > MOST {
        measured.said.why_not = Some("the files are too large to be weighed a second time".into());
        return Ok(measured);
    }
    let Some(blind) = without_labels(&linked.model) else {
        measured.said.why_not = Some("the model names no identifier that labels pairs".into());
        return Ok(measured);
    };
    let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
    let mut number = |text: &str| {
        let digits = digits(text);
        if digits.is_empty() {
            return NOBODY;
        }
        let next = numbers.len() as u32;
        *numbers.entry(digits).or_insert(next)
    };
    let left: Vec<u32> = ciis.iter().map(|cii| number(cii)).collect();
    let right: Vec<u32> = cases.iter().map(|case| number(case.party.cii.expose())).collect();
    let truth = Truth::Two { left: &left, right: &right };
    let floor = f64::from(linking::thresholds(&linked.model).clerical - REACH);
    let scorer = Scorer::new(&linked.sides, &blind).map_err(said)?;
    let pairs = scorer.score(floor, threads).map_err(said)?;
    let labels: Vec<Labelled> = pairs
        .iter()
        .filter_map(|pair| {
            let same = truth.same(pair)?;
            Some(Labelled { weight: pair.weight, same, stands_for: 1.0 })
        })
        .collect();
    measured.said.labelled = labels.len() as u64;
    measured.said.of_one_person = labels.iter().filter(|label| label.same).count() as u64;
    measured.calibration = calibration(&labels, None, 2.0).ok();
    measured.said.brier = measured.calibration.as_ref().map(|calibration| calibration.brier);
    match calibrate::choose(&labels, WANTED) {
        Ok(chosen) => measured.said.thresholds = Some(chosen),
        Err(why) => measured.said.why_not = Some(why.to_string()),
    }
    measured.sweep = sweep(&pairs, truth, 2.0);
    Ok(measured)
}

/// The model as if nobody had looked at the identifier that labels.
fn without_labels(model: &Model) -> Option<Trained> {
    let labels = model.labels.clone()?;
    let mut model = model.clone();
    for comparison in model.comparisons.iter_mut().filter(|comparison| comparison.field == labels) {
        for level in &mut comparison.levels {
            level.fixed_weight = Some(0.0);
        }
    }
    Trained::new(model).ok()
}

/// The weights of some records of the court with themselves.
fn alone(linked: &Linked, cases: &[CourtCase]) -> Result<Vec<f32>, ReconcileError> {
    let fields = linking::cells_of(&linked.model);
    let mut builder = SidesBuilder::new(&linked.model);
    let step = cases.len().div_ceil(ALONE).max(1);
    let mut records = 0;
    for case in cases.iter().step_by(step).filter(|case| identity::is_named(case)) {
        let cells = identity::of_court(case);
        let ordered = linking::ordered(&cells, &fields);
        builder.left(&ordered).map_err(said)?;
        builder.right(&ordered).map_err(said)?;
        records += 1;
    }
    if records == 0 {
        return Ok(Vec::new());
    }
    let sides = builder.finish();
    let scorer = Scorer::new(&sides, &linked.model).map_err(said)?;
    Ok((0..records).map(|record| scorer.waterfall(record, record).weight as f32).collect())
}

fn said(error: impl std::fmt::Display) -> ReconcileError {
    ReconcileError::Linkage(error.to_string())
}
