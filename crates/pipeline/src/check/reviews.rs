//! How many reviews rest on which defect.
//!
//! A review is open because facts are missing. Each missing fact is traced to defects: first to those in the cells that
//! the open conditions looked at, else to those of the decided count that can leave the fact unknown, else to those of
//! the person's other entries. A fact for which there is none is missing though nothing is amiss in the file: no extract
//! holds a weight, and a section without its subdivision may be any of them.

use super::finder::{At, Issue};
use super::kinds::{Defect, Field};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use vacatur_eligibility::{Determination, Prepared, Worker};
use vacatur_policy::{Missing, Node, OutcomeKind};
use vacatur_records::{Column, Person, Seen};

/// Reviews counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reviews {
    pub(crate) determinations: u64,
    pub(crate) reviews: u64,
    /// Reviews that a rule of the policy asks for: nothing is missing.
    pub(crate) by_rule: u64,
    /// Reviews that rest on at least one defect.
    pub(crate) by_defects: u64,
    /// For each defect the reviews that rest on it, and those that rest on nothing else.
    pub(crate) by_issue: FxHashMap<(Field, Defect), [u64; 2]>,
    /// Missing facts without a defect: the reviews that lack one, and those that lack nothing else.
    pub(crate) without: BTreeMap<Missing, [u64; 2]>,
}

impl Reviews {
    pub(crate) fn add(&mut self, other: Self) {
        self.determinations += other.determinations;
        self.reviews += other.reviews;
        self.by_rule += other.by_rule;
        self.by_defects += other.by_defects;
        for (issue, [with, alone]) in other.by_issue {
            let sum = self.by_issue.entry(issue).or_default();
            (sum[0], sum[1]) = (sum[0] + with, sum[1] + alone);
        }
        for (missing, [with, alone]) in other.without {
            let sum = self.without.entry(missing).or_default();
            (sum[0], sum[1]) = (sum[0] + with, sum[1] + alone);
        }
    }

    /// Decides a person under the first policy and counts what each review rests on. `lost` are the defects of rows that
    /// may be the person's and could not be used.
    pub(crate) fn person(
        &mut self,
        worker: &Worker<'_>,
        prepared: &Prepared<'_, '_>,
        issues: &[Issue],
        lost: &[(Field, Defect)],
    ) {
        let mut open = Vec::new();
        worker.determine(prepared, 0, |determination| {
            self.determinations += 1;
            if determination.outcome() == OutcomeKind::Review {
                open.push(determination);
            }
        });
        for determination in &open {
            self.reviews += 1;
            if determination.decision().deciding.is_some() {
                self.by_rule += 1;
                continue;
            }
            let (defects, facts) = causes(worker, prepared, determination, issues, lost);
            self.by_defects += u64::from(!defects.is_empty());
            let alone = u64::from(defects.len() + facts.len() == 1);
            for defect in defects {
                let sum = self.by_issue.entry(defect).or_default();
                (sum[0], sum[1]) = (sum[0] + 1, sum[1] + alone);
            }
            for fact in facts {
                let sum = self.without.entry(fact).or_default();
                (sum[0], sum[1]) = (sum[0] + 1, sum[1] + alone);
            }
        }
    }
}

/// The defects that a review rests on, and the missing facts without one.
fn causes(
    worker: &Worker<'_>,
    prepared: &Prepared<'_, '_>,
    determination: &Determination<'_>,
    issues: &[Issue],
    lost: &[(Field, Defect)],
) -> (BTreeSet<(Field, Defect)>, BTreeSet<Missing>) {
    let (mut defects, mut facts) = (BTreeSet::new(), BTreeSet::new());
    let mut looked_at: Option<Vec<Seen>> = None;
    for missing in determination.decision().missing.iter() {
        let before = defects.len();
        let able = || issues.iter().filter(|issue| issue.field.can_lack(issue.defect, missing));
        if missing == Missing::UnusableRow {
            defects.extend(lost);
            defects.extend(able().map(|issue| (issue.field, issue.defect)));
            if lost.is_empty() && defects.len() == before {
                facts.insert(missing);
            }
            continue;
        }
        if able().next().is_none() {
            facts.insert(missing);
            continue;
        }
        let seen = looked_at.get_or_insert_with(|| open_cells(worker, prepared, determination));
        let mut found: Vec<&Issue> =
            able().filter(|issue| seen.iter().any(|cell| is_at(prepared.person(), issue, *cell))).collect();
        if found.is_empty() {
            found = able().filter(|issue| issue.at == At::Count(determination.count)).collect();
        }
        if found.is_empty() {
            found = able().collect();
        }
        defects.extend(found.iter().map(|issue| (issue.field, issue.defect)));
    }
    (defects, facts)
}

/// The cells that conditions without an answer looked at.
fn open_cells(
    worker: &Worker<'_>,
    prepared: &Prepared<'_, '_>,
    determination: &Determination<'_>,
) -> Vec<Seen> {
    let (scope, rules) = worker.trees(prepared, 0, determination.count);
    let mut cells = Vec::new();
    if determination.decision().scope.is_unknown() {
        unknown(&scope, &mut cells);
    }
    for rule in rules.iter().flatten() {
        unknown(rule, &mut cells);
    }
    cells.sort_unstable();
    cells.dedup();
    cells
}

fn unknown(node: &Node, cells: &mut Vec<Seen>) {
    if node.truth.is_unknown() {
        cells.extend(node.facts.iter().flat_map(|fact| fact.seen.iter().copied()));
        for part in &node.parts {
            unknown(part, cells);
        }
    }
}

/// Whether a cell is of the entry that an issue is of, and of its field.
fn is_at(person: &Person<'_>, issue: &Issue, cell: Seen) -> bool {
    if !issue.field.is_read_for(cell.column) {
        return false;
    }
    match issue.at {
        At::Person => cell.column == Column::BirthDate,
        At::Count(count) => {
            person.counts.get(count as usize).is_some_and(|count| count.rows.contains(&cell.row.0))
        }
        At::Row(row) => cell.row.0 == row,
    }
}
