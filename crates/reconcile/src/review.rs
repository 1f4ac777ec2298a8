//! Whom to ask about: the review sheet, and what comes back.

use crate::court_file::CourtFile;
use crate::error::ReconcileError;
use crate::linking::{self, Linked};
use crate::people::BY_CASE;
use crate::who::{Candidate, SHOWN, Who};
use rustc_hash::FxHashSet;
use vacatur_linkage::clerical::{
    Answers, Asked, Sizes, Why, choose, contradictions, level_counts, read, write,
};
use vacatur_linkage::{Model, Pair, Side, Trained};
use vacatur_pipeline::{Folder, RunError};

/// The sheet.
pub(crate) const SHEET: &str = "review-links.csv";

/// How many links are drawn beside the pairs in doubt, to see how many are wrong.
const LINKS_DRAWN: usize = 200;
/// The seed of the draw: the same files give the same sheet.
const SEED: u64 = 1;
/// How many problems of a sheet are told at once.
const TOLD: usize = 8;
/// The labels of a sheet weigh against what was learned as this many labels would.
const BELIEF: f64 = 500.0;

/// What the sheet shows of both records: the fields of the model, and the case.
fn fields(model: &Model) -> Vec<&str> {
    model.fields.iter().map(|field| field.name.as_str()).chain(["record"]).collect()
}

fn shown(linked: &Linked, side: Side, record: u32, of: &dyn Fn(u32) -> String) -> Vec<String> {
    let fields = 0..linked.model.fields.len();
    fields.map(|field| linked.sides.show(side, record, field)).chain([of(record)]).collect()
}

fn case_shown(file: &CourtFile, record: u32) -> String {
    file.cases.get(record as usize).map_or_else(String::new, |case| {
        let name = file.names.get(case.file as usize).map_or("", String::as_str);
        format!("{}, {name} line {}", case.number, case.line)
    })
}

/// Every pair that can be asked about: those that were weighed, and those that a case number brought up.
fn pairs(linked: &Linked, everybody: &[Who]) -> Vec<Pair> {
    let mut all = linked.pairs.clone();
    for (record, who) in everybody.iter().enumerate() {
        if let Who::Doubt(candidates) = who {
            let by_case = candidates.iter().filter(|one| one.rule == BY_CASE);
            all.extend(by_case.map(|one| Pair {
                left: one.state,
                right: record as u32,
                weight: one.weight,
                rule: one.rule,
            }));
        }
    }
    all
}

/// Writes the sheet: all pairs in doubt, and some links.
pub(crate) fn write_sheet(
    folder: &mut Folder<'_>,
    linked: &Linked,
    everybody: &[Who],
    (file, subjects): (&CourtFile, &[String]),
) -> Result<(), RunError> {
    let mut doubtful: Vec<Pair> = Vec::new();
    let mut links: Vec<Pair> = Vec::new();
    for (record, who) in everybody.iter().enumerate() {
        let pair = |one: &Candidate| Pair {
            left: one.state,
            right: record as u32,
            weight: one.weight,
            rule: one.rule,
        };
        match who {
            Who::Doubt(candidates) => doubtful.extend(candidates.iter().take(SHOWN).map(pair)),
            Who::Linked(one) => links.push(pair(one)),
            _ => {}
        }
    }
    let thresholds = linking::thresholds(&linked.model);
    let mut asked: Vec<Asked> =
        doubtful.into_iter().map(|pair| Asked { pair, why: Why::Between, stands_for: 1.0 }).collect();
    let sizes = Sizes { between: 0, links: LINKS_DRAWN, below: 0, reach: 0.0 };
    asked.extend(choose(&links, thresholds, sizes, SEED));
    let subject = |record: u32| subjects.get(record as usize).cloned().unwrap_or_default();
    let case = |record: u32| case_shown(file, record);
    let bytes = write(
        &asked,
        &fields(&linked.model),
        |record| shown(linked, Side::Left, record, &subject),
        |record| shown(linked, Side::Right, record, &case),
    );
    folder.whole(SHEET, &bytes)
}

/// Sheets that came back.
pub(crate) struct Said {
    /// Pairs with whether they are of one person.
    pairs: Vec<(u32, u32, bool)>,
    /// How many of them there are.
    pub(crate) answers: u64,
}

/// Reads the sheets that came back.
///
/// # Errors
/// Anything in a sheet that cannot be used, with its line and column: nothing of the sheet is then used.
pub(crate) fn read_sheets(
    sheets: &[(String, Vec<u8>)],
    linked: &Linked,
    everybody: &[Who],
    (file, subjects): (&CourtFile, &[String]),
) -> Result<Said, ReconcileError> {
    let mut said = Said { pairs: Vec::new(), answers: 0 };
    if sheets.is_empty() {
        return Ok(said);
    }
    let asked: Vec<Asked> = pairs(linked, everybody)
        .into_iter()
        .map(|pair| Asked { pair, why: Why::Between, stands_for: 1.0 })
        .collect();
    let subject = |record: u32| subjects.get(record as usize).cloned().unwrap_or_default();
    let case = |record: u32| case_shown(file, record);
    let mut filled = Vec::new();
    for (name, bytes) in sheets {
        let (own, mut problems, _) = read(
            bytes,
            &asked,
            &fields(&linked.model),
            |record| shown(linked, Side::Left, record, &subject),
            |record| shown(linked, Side::Right, record, &case),
        );
        filled.extend(own);
        problems.extend(contradictions(&filled, true));
        if !problems.is_empty() {
            let told: Vec<String> = problems.iter().take(TOLD).map(ToString::to_string).collect();
            let more = problems.len().saturating_sub(TOLD);
            let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
            return Err(ReconcileError::Answers {
                file: name.clone(),
                what: format!(
                    "{}{rest}. Put it right and give the sheet again; nothing of it was used",
                    told.join("; ")
                ),
            });
        }
    }
    let answers = Answers::of(&filled);
    said.pairs.extend(answers.together.iter().map(|&(left, right)| (left, right, true)));
    said.pairs.extend(answers.apart.iter().map(|&(left, right)| (left, right, false)));
    let mut same: Vec<(u32, u32)> = answers.together.iter().map(|&(left, right)| (right, left)).collect();
    same.sort_unstable();
    same.dedup();
    if same.windows(2).any(|two| matches!(two, [one, other] if one.0 == other.0)) {
        return Err(ReconcileError::Answers {
            file: sheets.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
            what: "one defendant is said to be the same as two people of the state's file; nothing of it was used".into(),
        });
    }
    // What is the same is settled before what is not, so that the order of lines does not matter.
    said.pairs.sort_by_key(|&(left, right, same)| (!same, right, left));
    said.answers = filled.len() as u64;
    Ok(said)
}

impl Said {
    /// The model with what the answers say of its levels: of each comparison the share `m` moves towards what the pairs
    /// of one person show, the more the more answers there are.
    ///
    /// # Errors
    /// A model that cannot be used.
    pub(crate) fn improve(&self, linked: &Linked) -> Result<Trained, ReconcileError> {
        let failed = |error: &dyn std::fmt::Display| ReconcileError::Linkage(error.to_string());
        let scorer = linked.scorer()?;
        let mut model: Model = (*linked.model).clone();
        let reached: Vec<(Vec<u8>, bool)> =
            self.pairs.iter().map(|&(left, right, same)| (scorer.levels(left, right), same)).collect();
        let sizes: Vec<usize> = model.comparisons.iter().map(|comparison| comparison.levels.len()).collect();
        let counts =
            level_counts(&sizes, reached.iter().map(|(levels, same)| (levels.as_slice(), *same, 1.0)));
        counts.improve(&mut model, BELIEF);
        Trained::new(model).map_err(|error| failed(&error))
    }

    /// Pairs of which somebody said that they are of two persons are not looked at again.
    pub(crate) fn without_apart(&self, pairs: &mut Vec<Pair>) {
        let apart: FxHashSet<(u32, u32)> =
            self.pairs.iter().filter(|(.., same)| !same).map(|&(left, right, _)| (left, right)).collect();
        pairs.retain(|pair| !apart.contains(&(pair.left, pair.right)));
    }

    /// The same of pairs that a case number brought up, given as case and person.
    pub(crate) fn hits_left(&self, hits: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let apart = |case: u32, state: u32| self.pairs.contains(&(state, case, false));
        hits.iter().filter(|(case, state)| !apart(*case, *state)).copied().collect()
    }

    /// Whoever somebody said is the same is linked. Returns how many answers there are of either kind.
    pub(crate) fn apply(&self, everybody: &mut [Who]) -> u64 {
        for &(state, record, same) in &self.pairs {
            let Some(who) = everybody.get_mut(record as usize) else { continue };
            let known = match who {
                Who::Doubt(candidates) => candidates.iter().find(|one| one.state == state).copied(),
                Who::Linked(one) if one.state == state => Some(*one),
                _ => None,
            };
            if same {
                let found = Candidate { state, weight: f32::INFINITY, rule: BY_CASE };
                *who = Who::Linked(known.unwrap_or(found));
            } else if let Who::Doubt(candidates) = who {
                candidates.retain(|one| one.state != state);
                if candidates.is_empty() {
                    *who = Who::Unknown;
                }
            }
        }
        self.pairs.len() as u64
    }
}
