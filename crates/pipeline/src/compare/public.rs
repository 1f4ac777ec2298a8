//! `public.csv`: people concerned and helped, by group and policy, with small numbers withheld.
//!
//! Two policies of one comparison can be subtracted from one another, and so can groups. So the system of sums that is
//! protected has, beside what is shown, for each two policies whom both help and whom one helps alone, and for each policy
//! whom it does not help: none of them may be worked out if it is small.

use super::Candidate;
use super::groups::{self, Dimension};
use super::tally::Tally;
use crate::error::RunError;
use crate::table::Rows;
use std::collections::BTreeMap;
use vacatur_disclosure::{Cell, Cells, protect};

/// The most policies that a public table may have: each two of them are protected against each other.
pub const MOST_PUBLIC: usize = 12;

/// The columns.
pub(super) mod columns {
    crate::table::columns! {
        policy: Number, "The policy's number in policies.csv.";
        label: Text, "Its name, with the parameters that were set.";
        table: Text, "By what is counted: all, age, sex or race.";
        group: Text, "The group.";
        measure: Text, "people_concerned (with a conviction that one of the policies decides) or people_helped.";
        value: Number, "How many; absent if withheld.";
        withheld: Text, "yes if the number is withheld, else no.";
    }
}

/// Which candidates help somebody: a bit for each.
pub(super) type Helped = [u64; 4];

/// The bit of a candidate.
pub(super) fn set(helped: &mut Helped, candidate: usize) {
    if let Some(word) = helped.get_mut(candidate / 64) {
        *word |= 1 << (candidate % 64);
    }
}

fn has(helped: &Helped, candidate: usize) -> bool {
    helped.get(candidate / 64).is_some_and(|word| word >> (candidate % 64) & 1 == 1)
}

/// People of a group: how many are concerned, and how many are helped by which candidates.
#[derive(Clone, Debug, Default)]
struct People {
    concerned: u64,
    helped: Vec<(Helped, u64)>,
}

/// All groups with people concerned: of everybody, by age, by sex and by race.
type Groups = Vec<(Dimension, String, People)>;

/// The numbers that are shown, with their cells.
struct Shown {
    cells: Cells,
    /// For each group the cell of the people concerned, and for each candidate that of those helped.
    groups: Vec<(Cell, Vec<Cell>)>,
}

/// A group's cells: concerned, then for each candidate helped and not helped, then for each two both, one alone, other alone.
struct OfGroup {
    shown: (Cell, Vec<Cell>),
    hidden: Vec<Cell>,
}

impl Shown {
    fn of(groups: &Groups, candidates: usize, least: u64) -> Self {
        let mut cells = Cells::new(least);
        let all: Vec<OfGroup> =
            groups.iter().map(|(_, _, people)| group(people, candidates, &mut cells)).collect();
        // What holds for everybody is what holds for the groups together.
        if let Some((total, parts)) = all.split_first() {
            for dimension in Dimension::OF_PEOPLE.into_iter().filter(|one| *one != Dimension::All) {
                let own: Vec<&OfGroup> = groups
                    .iter()
                    .skip(1)
                    .zip(parts)
                    .filter(|((of, _, _), _)| *of == dimension)
                    .map(|(_, cells)| cells)
                    .collect();
                if own.is_empty() {
                    continue;
                }
                cells.sum(total.shown.0, &own.iter().map(|one| one.shown.0).collect::<Vec<_>>());
                for (at, cell) in total.shown.1.iter().enumerate() {
                    let parts: Vec<Cell> =
                        own.iter().filter_map(|one| one.shown.1.get(at).copied()).collect();
                    cells.sum(*cell, &parts);
                }
                for (at, cell) in total.hidden.iter().enumerate() {
                    let parts: Vec<Cell> = own.iter().filter_map(|one| one.hidden.get(at).copied()).collect();
                    cells.sum(*cell, &parts);
                }
            }
        }
        Self { cells, groups: all.into_iter().map(|one| one.shown).collect() }
    }
}

/// The cells of one group and the sums within it.
fn group(people: &People, candidates: usize, cells: &mut Cells) -> OfGroup {
    let count = |which: &dyn Fn(&Helped) -> bool| -> u64 {
        people.helped.iter().filter(|(helped, _)| which(helped)).map(|(_, number)| number).sum()
    };
    let concerned = cells.cell(people.concerned);
    let (mut helped, mut hidden) = (Vec::new(), Vec::new());
    for candidate in 0..candidates {
        let number = count(&|helped| has(helped, candidate));
        let shown = cells.cell(number);
        let rest = cells.unshown(people.concerned.saturating_sub(number));
        cells.sum(concerned, &[shown, rest]);
        helped.push(shown);
        hidden.push(rest);
    }
    for (one, of_one) in helped.iter().enumerate() {
        for (other, of_other) in helped.iter().enumerate().skip(one + 1) {
            // Whoever knows that one step of a sweep is milder than another knows that the stricter one helps nobody alone.
            let mut hide = |number: u64| if number == 0 { cells.known(0) } else { cells.unshown(number) };
            let both = hide(count(&|helped| has(helped, one) && has(helped, other)));
            let first = hide(count(&|helped| has(helped, one) && !has(helped, other)));
            let second = hide(count(&|helped| !has(helped, one) && has(helped, other)));
            cells.sum(*of_one, &[both, first]);
            cells.sum(*of_other, &[both, second]);
            hidden.extend([both, first, second]);
        }
    }
    OfGroup { shown: (concerned, helped), hidden }
}

/// The public table: numbers below `least` are withheld, and as many more as it takes.
pub(super) fn rows(tally: &Tally, candidates: &[Candidate], least: u64) -> Result<Rows, RunError> {
    let groups = groups_of(tally);
    let shown = Shown::of(&groups, candidates.len(), least);
    let withheld = protect(&shown.cells).map_err(|error| RunError::Stopped {
        what: format!("a public table cannot be protected ({error})"),
    })?;
    if !withheld.exposed().is_empty() {
        let what = "a small number of the public table could be worked out whatever is withheld".into();
        return Err(RunError::Stopped { what });
    }
    let mut rows = Rows::new(columns::COLUMNS);
    for (at, candidate) in candidates.iter().enumerate() {
        for ((dimension, group, _), (concerned, helped)) in groups.iter().zip(&shown.groups) {
            let helped = helped.get(at).copied();
            for (measure, cell) in [("people_concerned", Some(*concerned)), ("people_helped", helped)] {
                let Some(cell) = cell else { continue };
                let hidden = withheld.has(cell);
                rows.number(Some(at as i64 + 1));
                for text in [candidate.label.as_str(), dimension.word(), group, measure] {
                    rows.text(text);
                }
                rows.number(i64::try_from(shown.cells.value(cell)).ok().filter(|_| !hidden));
                rows.text(if hidden { "yes" } else { "no" });
                rows.end_row();
            }
        }
    }
    Ok(rows)
}

/// The groups of a tally in which somebody is concerned, everybody first.
fn groups_of(tally: &Tally) -> Groups {
    let mut helped: BTreeMap<(u8, u32), Vec<(Helped, u64)>> = BTreeMap::new();
    for ((dimension, group, who), number) in &tally.helped {
        helped.entry((*dimension, *group)).or_default().push((*who, *number));
    }
    let mut all: Groups = Vec::new();
    for dimension in Dimension::OF_PEOPLE {
        let Some(table) = tally.tables.get(dimension as usize) else { continue };
        let own = table.concerned.iter().enumerate().filter(|(_, concerned)| **concerned > 0);
        let mut own: Groups = own
            .map(|(id, concerned)| {
                let helped = helped.remove(&(dimension as u8, id as u32)).unwrap_or_default();
                let people = People { concerned: *concerned, helped };
                (dimension, table.names.text(id as u32).to_owned(), people)
            })
            .collect();
        own.sort_by(|one, other| groups::order(&one.1).cmp(&groups::order(&other.1)));
        all.extend(own);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vacatur_disclosure::attack;

    /// People by race and sex, and which of three policies help them.
    fn county(people: &[(u8, u8, u8)]) -> Groups {
        let of = |which: &dyn Fn(&(u8, u8, u8)) -> bool| {
            let mut helped: BTreeMap<Helped, u64> = BTreeMap::new();
            let own: Vec<_> = people.iter().filter(|person| which(person)).collect();
            for (_, _, who) in &own {
                *helped.entry([u64::from(*who), 0, 0, 0]).or_default() += 1;
            }
            People { concerned: own.len() as u64, helped: helped.into_iter().collect() }
        };
        let mut all = vec![(Dimension::All, "all".to_owned(), of(&|_| true))];
        for sex in 0..2 {
            all.push((Dimension::Sex, sex.to_string(), of(&|person| person.0 == sex)));
        }
        for race in 0..4 {
            all.push((Dimension::Race, race.to_string(), of(&|person| person.1 == race)));
        }
        all.retain(|(_, _, people)| people.concerned > 0);
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// What is small cannot be worked out, by subtracting groups or policies: neither whom a policy helps nor whom it helps
        /// and another one does not.
        #[test]
        fn no_small_number_can_be_worked_out(
            people in proptest::collection::vec((0u8..2, prop_oneof![6 => Just(0u8), 3 => Just(1), 1 => 2u8..4], 0u8..8), 40..220)
        ) {
            let shown = Shown::of(&county(&people), 3, 5);
            let withheld = protect(&shown.cells).unwrap();
            prop_assert!(withheld.exposed().is_empty());
            for bounds in attack(&shown.cells, &withheld).unwrap() {
                if shown.cells.is_small(bounds.cell) {
                    let wide = bounds.high.is_none_or(|high| high - bounds.low >= 4);
                    prop_assert!(wide, "{bounds:?}");
                }
            }
        }
    }

    /// A sweep: whoever the stricter policy helps, the milder one helps. Their difference is a number of people.
    #[test]
    fn two_steps_of_a_sweep_cannot_be_subtracted() {
        // 100 people: 60 helped by both policies, 3 more by the milder one, 37 by none.
        let people: Vec<(u8, u8, u8)> = (0..100)
            .map(|at| {
                (
                    0,
                    0,
                    if at < 60 {
                        3
                    } else if at < 63 {
                        2
                    } else {
                        0
                    },
                )
            })
            .collect();
        let groups = county(&people);
        let shown = Shown::of(&groups, 2, 11);
        let withheld = protect(&shown.cells).unwrap();
        let (_, helped) = &shown.groups[0];
        assert!(helped.iter().any(|cell| withheld.has(*cell)), "60 and 63 may not both be shown");
    }
}
