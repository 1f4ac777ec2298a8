//! What `protect` promises, attacked by somebody who shares none of its code: every whole-number completion is written out.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use std::time::Instant;
use vacatur_disclosure::{Broken, Cell, Cells, Withheld, attack, protect};

/// A table with its sums, as a test builds it: what `Cells` keeps to itself is kept here a second time.
struct Slice {
    cells: Cells,
    values: Vec<u64>,
    hidden: Vec<bool>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl Slice {
    fn new(least: u64) -> Self {
        Self { cells: Cells::new(least), values: Vec::new(), hidden: Vec::new(), sums: Vec::new() }
    }

    fn cell(&mut self, value: u64) -> Cell {
        self.values.push(value);
        self.hidden.push(false);
        self.cells.cell(value)
    }

    fn unshown(&mut self, value: u64) -> Cell {
        self.values.push(value);
        self.hidden.push(true);
        self.cells.unshown(value)
    }

    fn sum(&mut self, total: Cell, parts: &[Cell]) {
        self.sums.push((total.at(), parts.iter().map(|part| part.at()).collect()));
        self.cells.sum(total, parts);
    }

    /// A total of these parts.
    fn total(&mut self, parts: &[Cell]) -> Cell {
        let value = parts.iter().map(|part| self.values[part.at()]).sum();
        let total = self.cell(value);
        self.sum(total, parts);
        total
    }

    /// The numbers that every cell has in some completion with no cell above `most`: by trying them all.
    fn completions(&self, withheld: &Withheld, most: u64) -> Vec<Vec<u64>> {
        let free: Vec<bool> = (0..self.values.len())
            .map(|at| self.hidden[at] || self.cells_at(at).is_some_and(|cell| withheld.has(cell)))
            .collect();
        let mut seen = vec![Vec::new(); self.values.len()];
        let mut now: Vec<Option<u64>> =
            self.values.iter().zip(&free).map(|(value, free)| (!free).then_some(*value)).collect();
        self.complete(&mut now, most, &mut seen);
        for of in &mut seen {
            of.sort_unstable();
            of.dedup();
        }
        seen
    }

    fn complete(&self, now: &mut Vec<Option<u64>>, most: u64, seen: &mut [Vec<u64>]) {
        // Sums with one open member give it; those without one must hold.
        let mut set = Vec::new();
        loop {
            let mut changed = false;
            for (total, parts) in &self.sums {
                let open = parts.iter().chain([total]).filter(|at| now[**at].is_none()).count();
                let of_parts: u64 = parts.iter().filter_map(|at| now[*at]).sum();
                if open == 0 && now[*total] != Some(of_parts) {
                    set.iter().for_each(|at: &usize| now[*at] = None);
                    return;
                }
                if open != 1 {
                    continue;
                }
                let (at, value) = match now[*total] {
                    None => (*total, Some(of_parts)),
                    Some(all) => {
                        (*parts.iter().find(|at| now[**at].is_none()).unwrap(), all.checked_sub(of_parts))
                    }
                };
                let floor = u64::from(!self.hidden[at]);
                let Some(value) = value.filter(|value| (floor..=most).contains(value)) else {
                    set.iter().for_each(|at: &usize| now[*at] = None);
                    return;
                };
                now[at] = Some(value);
                set.push(at);
                changed = true;
            }
            if !changed {
                break;
            }
        }
        match now.iter().position(Option::is_none) {
            None => {
                for (of, value) in seen.iter_mut().zip(now.iter()) {
                    of.push(value.unwrap());
                }
            }
            Some(at) => {
                for value in u64::from(!self.hidden[at])..=most {
                    now[at] = Some(value);
                    self.complete(now, most, seen);
                }
                now[at] = None;
            }
        }
        set.iter().for_each(|at| now[*at] = None);
    }

    fn cells_at(&self, at: usize) -> Option<Cell> {
        ALL.with(|all| all.get(at).copied())
    }

    /// Attacks what `protect` says, by trying everything up to a number that leaves room for the promise.
    fn check(&self) -> Withheld {
        let most = self.values.iter().max().unwrap_or(&0) + 2 * self.cells.least();
        let withheld = protect(&self.cells).unwrap();
        assert!(withheld.exposed().is_empty());
        let seen = self.completions(&withheld, most);
        let bounds = attack(&self.cells, &withheld).unwrap();
        for (at, of) in seen.iter().enumerate() {
            let value = self.values[at];
            assert!(of.contains(&value), "the truth is a completion");
            let (low, high) = (of[0], of[of.len() - 1]);
            if value > 0 && value < self.cells.least() {
                assert!(
                    high - low >= self.cells.least() - 1,
                    "cell {at} of {value} lies between {low} and {high}: {:?} {:?} {withheld:?}",
                    self.values,
                    self.sums
                );
            } else if !self.hidden[at] && value == 0 {
                assert_eq!((low, high), (0, 0), "zeros are shown");
            }
            // What the linear programs say is never narrower than the truth.
            if let Some(one) = bounds.iter().find(|one| one.cell.at() == at) {
                assert!(one.low <= low && one.high.is_none_or(|most| most >= high), "{one:?} {low} {high}");
            }
        }
        withheld
    }
}

thread_local! {
    /// Cells by their places: a cell of any table is the same number.
    static ALL: Vec<Cell> = {
        let mut cells = Cells::new(0);
        (0..200).map(|_| cells.cell(0)).collect()
    };
}

/// A table of rows and columns with its totals.
fn square(least: u64, rows: &[Vec<u64>]) -> Slice {
    let mut slice = Slice::new(least);
    let cells: Vec<Vec<Cell>> =
        rows.iter().map(|row| row.iter().map(|value| slice.cell(*value)).collect()).collect();
    let ends: Vec<Cell> = cells.iter().map(|row| slice.total(row)).collect();
    let all = slice.total(&ends);
    let feet: Vec<Cell> = (0..cells[0].len())
        .map(|at| {
            let column: Vec<Cell> = cells.iter().map(|row| row[at]).collect();
            slice.total(&column)
        })
        .collect();
    slice.sum(all, &feet);
    slice
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0_u64), 4 => 1_u64..5, 3 => 5_u64..9]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_small_cell_of_a_row_can_be_worked_out(values in proptest::collection::vec(number(), 1..5)) {
        let mut slice = Slice::new(4);
        let cells: Vec<Cell> = values.iter().map(|value| slice.cell(*value)).collect();
        slice.total(&cells);
        slice.check();
    }

    #[test]
    fn nor_of_a_square(rows in proptest::collection::vec(proptest::collection::vec(number(), 3), 2..3)) {
        square(4, &rows).check();
    }

    #[test]
    fn nor_of_a_hierarchy(values in proptest::collection::vec(number(), 4)) {
        // Two regions of two counties, the state, and a second way to cut it that leaves a county apart.
        let mut slice = Slice::new(4);
        let cells: Vec<Cell> = values.iter().map(|value| slice.cell(*value)).collect();
        let north = slice.total(&cells[..2]);
        let south = slice.total(&cells[2..]);
        let state = slice.total(&[north, south]);
        let rest = slice.total(&cells[1..]);
        slice.sum(state, &[cells[0], rest]);
        slice.check();
    }

    #[test]
    fn nor_by_the_difference_of_two_policies(both in number(), only in number(), other in number(), all in 0_u64..9) {
        // A helps those of both and its own, B those of both and its own; nobody shows who is in both.
        let mut slice = Slice::new(4);
        let shared = slice.unshown(both);
        let (own, others) = (slice.unshown(only), slice.unshown(other));
        let a = slice.cell(both + only);
        slice.sum(a, &[shared, own]);
        let b = slice.cell(both + other);
        slice.sum(b, &[shared, others]);
        let not = slice.unshown(all);
        let people = slice.cell(both + only + other + all);
        slice.sum(people, &[shared, own, others, not]);
        slice.check();
    }
}

#[test]
fn nothing_is_withheld_where_nothing_is_small() {
    let withheld = square(11, &[vec![11, 0], vec![40, 12]]).check();
    assert!(withheld.primary().is_empty() && withheld.complementary().is_empty());
}

#[test]
fn one_person_leaves_no_number() {
    let mut slice = Slice::new(11);
    let only = slice.cell(1);
    let all = slice.total(&[only]);
    assert_eq!(slice.check().primary(), [only, all]);
}

#[test]
fn nobody_is_no_secret() {
    let mut slice = Slice::new(11);
    let nobody = slice.cell(0);
    let all = slice.total(&[nobody]);
    let withheld = slice.check();
    assert!(!withheld.has(nobody) && !withheld.has(all));
    assert!(protect(&Cells::new(11)).unwrap().primary().is_empty());
}

#[test]
fn two_small_numbers_that_add_up_to_little_take_a_third() {
    // 1 and 1 are 2: both would be 1, since a withheld number is not 0.
    let mut slice = Slice::new(3);
    let cells: Vec<Cell> = [1, 2, 30, 40].into_iter().map(|value| slice.cell(value)).collect();
    slice.total(&cells);
    let withheld = slice.check();
    assert_eq!(withheld.complementary(), [cells[2]]);
}

#[test]
fn a_difference_is_a_number_like_any_other() {
    // 100 in scope, 97 helped: nobody shows the 3 that were not, and anybody can subtract.
    let mut slice = Slice::new(11);
    let helped = slice.cell(97);
    let not = slice.unshown(3);
    let scope = slice.total(&[helped, not]);
    let withheld = slice.check();
    assert!(withheld.has(helped) && !withheld.has(scope));
}

#[test]
fn a_county_is_not_the_state_less_the_others() {
    // The state's report shows the state and its two large counties; the report of the third is its own file.
    let mut slice = Slice::new(11);
    let counties: Vec<Cell> = [4, 800, 950].into_iter().map(|value| slice.cell(value)).collect();
    let state = slice.total(&counties);
    let withheld = slice.check();
    assert!(withheld.has(counties[0]) && withheld.has(counties[1]) && !withheld.has(state));
}

#[test]
fn what_everybody_knows_is_not_withheld_and_may_give_a_cell_away() {
    let mut cells = Cells::new(11);
    let (one, other) = (cells.cell(1), cells.cell(1));
    let all = cells.known(2);
    cells.sum(all, &[one, other]);
    let withheld = protect(&cells).unwrap();
    assert_eq!(withheld.exposed(), [one, other]);
    assert!(!withheld.has(all));
}

#[test]
fn at_most_is_a_sum_with_slack() {
    // 12 convictions of people of whom everybody has one at least, and 12 people: the slack is no secret, the people are many.
    let mut cells = Cells::new(11);
    let (people, convictions) = (cells.cell(3), cells.cell(4));
    let slack = cells.slack(1);
    cells.sum(convictions, &[people, slack]);
    let withheld = protect(&cells).unwrap();
    assert_eq!(withheld.primary(), [people, convictions]);
    // Were the convictions shown, the people would be at most 12.
    let bounds = attack(&cells, &withheld).unwrap();
    assert_eq!(bounds[0].high, None);
}

#[test]
fn tables_that_contradict_each_other_are_not_protected() {
    let mut cells = Cells::new(11);
    let (one, all) = (cells.cell(3), cells.cell(4));
    cells.sum(all, &[one]);
    assert_eq!(protect(&cells), Err(Broken::NotASum(0)));
    let mut cells = Cells::new(11);
    let one = cells.cell(0);
    cells.sum(one, &[one]);
    assert_eq!(protect(&cells), Err(Broken::Twice(0)));
}

/// A state of some counties, by five races and two sexes in each, with every margin.
fn state(counties: u64) -> (Cells, Vec<Cell>) {
    let mut random = 20_200_701_u64;
    let mut next = move |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let mut cells = Cells::new(11);
    let mut values: Vec<Vec<Vec<u64>>> = Vec::new();
    for county in 0..counties {
        let scale = 2 + 3000 / (1 + county * county);
        let of = |next: &mut dyn FnMut(u64) -> u64, race: u64| {
            (0..2).map(|_| next(1 + scale / (1 + race))).collect()
        };
        values.push((0..5).map(|race| of(&mut next, race)).collect());
    }
    let mut all = Vec::new();
    let mut add = |cells: &mut Cells, value: u64| {
        let cell = cells.cell(value);
        all.push(cell);
        cell
    };
    let mut sum = |cells: &mut Cells, parts: &[Cell]| {
        let total = parts.iter().map(|part| cells.value(*part)).sum();
        let total = add(cells, total);
        cells.sum(total, parts);
        total
    };
    // Every margin of county, race and sex: each a table that somebody publishes.
    let inner: Vec<Vec<Vec<Cell>>> = values
        .iter()
        .map(|races| {
            races.iter().map(|sexes| sexes.iter().map(|value| cells.cell(*value)).collect()).collect()
        })
        .collect();
    let county_race: Vec<Vec<Cell>> =
        inner.iter().map(|races| races.iter().map(|sexes| sum(&mut cells, sexes)).collect()).collect();
    let county_sex: Vec<Vec<Cell>> = inner
        .iter()
        .map(|races| {
            (0..2)
                .map(|sex| {
                    let parts: Vec<Cell> = races.iter().map(|sexes| sexes[sex]).collect();
                    sum(&mut cells, &parts)
                })
                .collect()
        })
        .collect();
    let counties: Vec<Cell> = county_race.iter().map(|races| sum(&mut cells, races)).collect();
    for (county, sexes) in counties.iter().zip(&county_sex) {
        cells.sum(*county, sexes);
    }
    let state = sum(&mut cells, &counties);
    let races: Vec<Cell> = (0..5)
        .map(|race| {
            let parts: Vec<Cell> = county_race.iter().map(|races| races[race]).collect();
            sum(&mut cells, &parts)
        })
        .collect();
    cells.sum(state, &races);
    let sexes: Vec<Cell> = (0..2)
        .map(|sex| {
            let parts: Vec<Cell> = county_sex.iter().map(|sexes| sexes[sex]).collect();
            sum(&mut cells, &parts)
        })
        .collect();
    cells.sum(state, &sexes);
    (cells, [vec![state], races, sexes].concat())
}

#[test]
fn a_state_of_counties_is_protected_in_seconds() {
    let (cells, heads) = state(58);
    let start = Instant::now();
    let withheld = protect(&cells).unwrap();
    let took = start.elapsed();
    println!(
        "{} cells, {} small, {} more withheld, in {took:?}",
        cells.len(),
        withheld.primary().len(),
        withheld.complementary().len()
    );
    assert!(withheld.exposed().is_empty());
    assert!(heads.iter().all(|head| !withheld.has(*head)), "the state's own numbers are large and stay");
    assert_eq!(protect(&cells).unwrap(), withheld, "the same cells, the same answer");
    assert!(took.as_secs() < 60);
}

#[test]
fn an_attack_on_a_region_tells_no_small_number() {
    let (cells, _) = state(12);
    let withheld = protect(&cells).unwrap();
    let bounds = attack(&cells, &withheld).unwrap();
    let small: Vec<_> = bounds.iter().filter(|one| cells.is_small(one.cell)).collect();
    assert_eq!(small.len(), withheld.primary().len());
    assert!(small.len() > 40);
    for one in small {
        assert!(one.high.is_none_or(|high| high - one.low >= cells.least() - 1), "{one:?}");
    }
    // And it would tell some, were only the small ones withheld: the attack is one.
    let (mut told, mut bare) = (0, Cells::new(11));
    let parts: Vec<Cell> = [3, 40, 900].into_iter().map(|value| bare.cell(value)).collect();
    let all = bare.known(943);
    bare.sum(all, &parts[..]);
    let mut half = Cells::new(4);
    let again: Vec<Cell> = [3, 40, 900].into_iter().map(|value| half.cell(value)).collect();
    assert_eq!(again, parts);
    // Protected as if there were no sum.
    let naive = protect(&half).unwrap();
    for one in attack(&bare, &naive).unwrap() {
        told += u64::from(one.high == Some(one.low));
    }
    assert_eq!(told, 1);
}
