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

/// For so many reviews of a person it is looked at which cells the open conditions read: the effort for one person is
/// bounded. Whoever has more is traced by the count alone.
const TRACED: usize = 256;

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
        let mut person = Causes { worker, prepared, issues, lost, traced: 0, of_person: BTreeMap::new() };
        for determination in &open {
            self.reviews += 1;
            if determination.decision().deciding.is_some() {
                self.by_rule += 1;
                continue;
            }
            let (defects, facts) = person.of(determination);
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

/// Traces the reviews of one person.
struct Causes<'c, 'p, 'a, 'e> {
    worker: &'c Worker<'e>,
    prepared: &'c Prepared<'p, 'a>,
    issues: &'c [Issue],
    lost: &'c [(Field, Defect)],
    traced: usize,
    /// What of the whole person can leave a fact unknown.
    of_person: BTreeMap<Missing, BTreeSet<(Field, Defect)>>,
}

impl Causes<'_, '_, '_, '_> {
    /// The defects that a review rests on, and the missing facts without one.
    fn of(&mut self, determination: &Determination<'_>) -> (BTreeSet<(Field, Defect)>, BTreeSet<Missing>) {
        let (mut defects, mut facts) = (BTreeSet::new(), BTreeSet::new());
        let mut looked_at: Option<Vec<Seen>> = None;
        let issues = self.issues;
        for missing in determination.decision().missing.iter() {
            let of_person = self.of_person.entry(missing).or_insert_with(|| {
                let able = issues.iter().filter(|issue| issue.field.can_lack(issue.defect, missing));
                able.map(|issue| (issue.field, issue.defect)).collect()
            });
            if missing == Missing::UnusableRow {
                if self.lost.is_empty() && of_person.is_empty() {
                    facts.insert(missing);
                }
                defects.extend(self.lost);
                defects.extend(of_person.iter());
                continue;
            }
            if of_person.is_empty() {
                facts.insert(missing);
                continue;
            }
            let able = |issue: &&Issue| issue.field.can_lack(issue.defect, missing);
            if looked_at.is_none() && self.traced < TRACED {
                self.traced += 1;
                looked_at = Some(open_cells(self.worker, self.prepared, determination));
            }
            let mut found = false;
            if let Some(cells) = &looked_at {
                let person = self.prepared.person();
                let read = |issue: &&Issue| cells.iter().any(|cell| is_at(person, issue, *cell));
                for issue in issues.iter().filter(able).filter(read) {
                    defects.insert((issue.field, issue.defect));
                    found = true;
                }
            }
            if !found {
                let own = At::Count(determination.count);
                let start = issues.partition_point(|issue| issue.at < own);
                let of_own = issues.iter().skip(start).take_while(|issue| issue.at == own);
                for issue in of_own.filter(able) {
                    defects.insert((issue.field, issue.defect));
                    found = true;
                }
            }
            if !found {
                defects.extend(of_person.iter());
            }
        }
        (defects, facts)
    }
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
