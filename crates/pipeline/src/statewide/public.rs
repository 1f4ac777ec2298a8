//! The progress of the counties for publication: no small number in it, and none that could be worked out.
//!
//! What the deadlines have to do with one another is known to whoever reads the statute: a challenged conviction waits for no
//! order. So the numbers are tied together by how many convictions stand so to all deadlines at once. Those are not
//! published, and are protected too.

use super::account::Progressed;
use crate::error::RunError;
use crate::spreadsheet::write_record;
use std::collections::BTreeMap;
use vacatur_disclosure::{Cell, Cells, Withheld, protect};

/// The least number of convictions, other than 0, that is shown.
pub(super) const LEAST: u64 = 11;

/// How many of a county's convictions stand so to the deadlines, one cell for each of them.
pub(super) type Joint = BTreeMap<Vec<u8>, u64>;

/// How many ways there are to stand to a deadline.
pub(super) const WAYS: usize = 7;

/// A county's numbers as cells.
struct Row {
    convictions: Cell,
    /// For each deadline one for each way.
    cells: Vec<[Cell; WAYS]>,
}

/// All numbers of the public table, with their sums.
struct Table {
    cells: Cells,
    rows: Vec<Row>,
}

impl Table {
    /// The rows of the counties, and last that of the state.
    fn of(counties: &[Joint], deadlines: usize) -> Self {
        let mut cells = Cells::new(LEAST);
        let mut rows: Vec<Row> = counties.iter().map(|joint| county(&mut cells, joint, deadlines)).collect();
        let sum = |cells: &mut Cells, parts: Vec<Cell>| {
            let value = parts.iter().map(|part| cells.value(*part)).sum();
            let total = cells.cell(value);
            cells.sum(total, &parts);
            total
        };
        let convictions = sum(&mut cells, rows.iter().map(|row| row.convictions).collect());
        let state = (0..deadlines).filter_map(|deadline| {
            let ways: Vec<Cell> = (0..WAYS)
                .map(|way| {
                    let of = |row: &Row| row.cells.get(deadline).and_then(|ways| ways.get(way)).copied();
                    sum(&mut cells, rows.iter().filter_map(of).collect())
                })
                .collect();
            cells.sum(convictions, &ways);
            <[Cell; WAYS]>::try_from(ways).ok()
        });
        let state = state.collect();
        rows.push(Row { convictions, cells: state });
        Self { cells, rows }
    }
}

fn county(cells: &mut Cells, joint: &Joint, deadlines: usize) -> Row {
    let unshown: Vec<(&Vec<u8>, Cell)> =
        joint.iter().map(|(so, number)| (so, cells.unshown(*number))).collect();
    let sum = |cells: &mut Cells, parts: &[Cell]| {
        let value = parts.iter().map(|part| cells.value(*part)).sum();
        let total = cells.cell(value);
        cells.sum(total, parts);
        total
    };
    let all: Vec<Cell> = unshown.iter().map(|(_, cell)| *cell).collect();
    let convictions = sum(cells, &all);
    let of = (0..deadlines).filter_map(|deadline| {
        let ways: Vec<Cell> = (0..WAYS)
            .map(|way| {
                let stands = |so: &[u8]| so.get(deadline).is_some_and(|one| usize::from(*one) == way);
                let parts: Vec<Cell> =
                    unshown.iter().filter(|(so, _)| stands(so)).map(|(_, cell)| *cell).collect();
                sum(cells, &parts)
            })
            .collect();
        <[Cell; WAYS]>::try_from(ways).ok()
    });
    let of = of.collect();
    Row { convictions, cells: of }
}

/// `progress-public.csv`.
pub(super) fn progress_csv(progress: &Progressed, joint: &[Joint]) -> Result<Vec<u8>, RunError> {
    let deadlines = &progress.state.deadlines;
    let Table { cells, rows } = Table::of(joint, deadlines.len());
    let stopped = |what: String| RunError::Stopped { what };
    let withheld = protect(&cells).map_err(|error| stopped(format!("the public table: {error}")))?;
    if !withheld.exposed().is_empty() {
        return Err(stopped("the public table has a small number that cannot be withheld".into()));
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = ["county", "deadline", "by", "convictions"];
    let ways = ["in_time", "late", "undated", "by_lapse", "not_due", "in_conflict", "open"];
    write_record(&mut table, head.into_iter().chain(ways));
    for (row, of) in rows.iter().zip(progress.counties.iter().chain([&progress.state])) {
        for (ways, deadline) in row.cells.iter().zip(deadlines) {
            let numbers: Vec<String> = std::iter::once(&row.convictions)
                .chain(ways)
                .map(|cell| shown(&cells, &withheld, *cell))
                .collect();
            let words = [of.county.as_str(), &deadline.deadline, &deadline.by];
            write_record(&mut table, words.into_iter().chain(numbers.iter().map(String::as_str)));
        }
    }
    Ok(table.into_inner().unwrap_or_default())
}

/// A number, or nothing.
fn shown(cells: &Cells, withheld: &Withheld, cell: Cell) -> String {
    if withheld.has(cell) { String::new() } else { cells.value(cell).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vacatur_disclosure::attack;

    /// Counties of all sizes, of which some have few orders: numbers made by a rule, so that they are the same every time.
    fn state(counties: u64) -> Vec<Joint> {
        (0..counties)
            .map(|at| {
                let size = [3, 17, 60, 240, 1_900][at as usize % 5] + at * 7 % 13;
                let mut joint = Joint::new();
                let mut put = |so: [u8; 4], number: u64| {
                    if number > 0 {
                        *joint.entry(so.to_vec()).or_default() += number;
                    }
                };
                // Relieved before; challenged; express and ordered; silent and ordered late; silent and open.
                put([4, 4, 0, 2], size / 20);
                put([0, 0, 4, 4], at % 3);
                put([0, 0, 0, 0], size / 3);
                put([0, 3, 1, 6], size / 5);
                put([0, 3, 6, 6], size / 4);
                joint
            })
            .collect()
    }

    #[test]
    fn nobody_can_work_out_a_small_number() {
        let Table { cells, rows } = Table::of(&state(12), 4);
        let withheld = protect(&cells).unwrap();
        assert!(withheld.exposed().is_empty());
        let mut small = 0;
        for bounds in attack(&cells, &withheld).unwrap() {
            if cells.is_small(bounds.cell) {
                small += 1;
                assert!(bounds.high.is_none_or(|high| high - bounds.low + 1 >= LEAST), "{bounds:?}");
            }
        }
        assert!(small > 20, "{small}");
        let all = rows.len() * (1 + 4 * WAYS);
        let hidden = rows
            .iter()
            .flat_map(|row| row.cells.iter().flatten())
            .filter(|cell| withheld.has(**cell))
            .count();
        assert!(hidden < all / 2, "{hidden} of {all} are withheld");
    }
}
