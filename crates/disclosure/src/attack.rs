//! What somebody can work out of what is shown.

use crate::cells::{Broken, Cell, Cells};
use crate::protect::Withheld;
use crate::system::{Found, Graph, Move, cheapest};

/// What somebody can tell of a cell that they do not see: it lies between these, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The cell.
    pub cell: Cell,
    /// The least that it may be.
    pub low: u64,
    /// The most; `None` if there is no end.
    pub high: Option<u64>,
}

/// Bounds of every withheld cell, and of every one that nobody shows, by linear programs over what hangs together.
///
/// They are what an attacker has who does not look for whole numbers: somebody who does may have narrower ones. [`protect`](crate::protect())
/// rests on completions in whole numbers, and is not fooled by the difference.
///
/// # Errors
///
/// If a sum does not hold, or is of cells that are not there.
pub fn attack(cells: &Cells, withheld: &Withheld) -> Result<Vec<Bounds>, Broken> {
    cells.check()?;
    let graph = Graph::of(cells);
    let is_free = |cell: Cell| withheld.has(cell) || cells.is_hidden(cell);
    let mut found = Vec::new();
    for cell in cells.all().filter(|cell| is_free(*cell)) {
        let component = graph.component(cells, cell, is_free);
        let extreme = |sign: f64| {
            let moves: Vec<Move> = component
                .cells
                .iter()
                .map(|&one| {
                    let lowest = (cells.floor(one) - cells.value(one) as i64) as f64;
                    let cost = if one == cell { sign } else { 0.0 };
                    Move { cell: one, range: (lowest, f64::INFINITY), cost: (cost, -cost) }
                })
                .collect();
            let at = component.cells.binary_search(&cell).ok()?;
            match cheapest(cells, &component.sums, &moves, false) {
                Found::Change(changes, _) => changes.get(at).copied(),
                Found::Nothing | Found::Endless => None,
            }
        };
        let value = cells.value(cell) as f64;
        let low = extreme(1.0).map_or(0.0, |change| (value + change - 1e-6).ceil().max(0.0)) as u64;
        let high = extreme(-1.0).map(|change| (value + change + 1e-6).floor().max(0.0) as u64);
        found.push(Bounds { cell, low, high });
    }
    Ok(found)
}
