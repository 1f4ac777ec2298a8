//! Which cells must be withheld.
//!
//! Small cells are withheld first. Then as many more as it takes, until for every small one there are two completions of the
//! withheld cells that agree with all that is shown and give it numbers at least `least - 1` apart. A completion is found by a linear
//! program and checked in whole numbers, so that the promise does not rest on floats or on the solver.

use crate::cells::{Broken, Cell, Cells, Role};
use crate::system::{Component, Found, Graph, Move, cheapest, mark};

/// What must not be shown.
///
/// All withheld cells must be shown by the same mark. Whoever says which of them are small tells what the promise hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    primary: Vec<Cell>,
    complementary: Vec<Cell>,
    exposed: Vec<Cell>,
    mask: Vec<bool>,
}

impl Withheld {
    /// What somebody else withheld, to be [attacked](crate::attack()): these cells, small or not.
    #[must_use]
    pub fn as_published(cells: &Cells, withheld: &[Cell]) -> Self {
        let mut mask = vec![false; cells.len()];
        for cell in withheld {
            mark(&mut mask, cell.at());
        }
        let of = |small: bool| {
            let those = cells.all().filter(|cell| mask.get(cell.at()) == Some(&true));
            those.filter(|cell| cells.is_small(*cell) == small).collect()
        };
        Self { primary: of(true), complementary: of(false), exposed: Vec::new(), mask }
    }

    /// Whether a cell must be withheld.
    #[must_use]
    pub fn has(&self, cell: Cell) -> bool {
        self.mask.get(cell.at()).copied().unwrap_or(false)
    }

    /// The cells that are withheld because they are small.
    #[must_use]
    pub fn primary(&self) -> &[Cell] {
        &self.primary
    }

    /// The cells that are withheld because a small one could be worked out from them.
    #[must_use]
    pub fn complementary(&self) -> &[Cell] {
        &self.complementary
    }

    /// Small cells for which the promise cannot be kept, whatever is withheld, since cells that are [`known`](Cells::known) give them
    /// away. Empty where nothing is known from elsewhere.
    #[must_use]
    pub fn exposed(&self) -> &[Cell] {
        &self.exposed
    }
}

/// Says which cells must be withheld.
///
/// The promise: somebody who sees all that is shown, knows all sums, that numbers are whole and not below 0, that zeros are shown (a
/// withheld cell is 1 or more) and the `least` number, finds at least `least` numbers in a row between the lowest and the highest that
/// a small cell may have, so that they cannot even tell that it is small. This holds for [`unshown`](Cells::unshown) cells too.
/// It does not hold against somebody who knows numbers from elsewhere that are not said to be [`known`](Cells::known), who knows which
/// of the withheld cells are small, or who is one of the few people counted and subtracts themselves.
///
/// The same cells give the same answer, on any machine.
///
/// # Errors
///
/// If a sum does not hold, or is of cells that are not there.
pub fn protect(cells: &Cells) -> Result<Withheld, Broken> {
    cells.check()?;
    let mut search = Search::of(cells);
    search.close_sums();
    search.prove();
    for cell in search.secrets.clone() {
        if !search.is_proven(cell) {
            search.widen(cell);
        }
    }
    let primary: Vec<Cell> =
        cells.all().filter(|cell| cells.is_small(*cell) && cells.role(*cell) == Role::Shown).collect();
    let complementary = cells.all().filter(|cell| search.withheld(*cell) && !cells.is_small(*cell)).collect();
    Ok(Withheld { primary, complementary, exposed: search.exposed, mask: search.mask })
}

struct Search<'c> {
    cells: &'c Cells,
    graph: Graph,
    /// Small cells, shown or not.
    secrets: Vec<Cell>,
    mask: Vec<bool>,
    /// The lowest and the highest number that a cell has in a completion found.
    ranges: Vec<(i64, i64)>,
    /// How dear it is to withhold a cell.
    weights: Vec<f64>,
    exposed: Vec<Cell>,
}

impl<'c> Search<'c> {
    fn of(cells: &'c Cells) -> Self {
        let secrets: Vec<Cell> = cells.all().filter(|cell| cells.is_small(*cell)).collect();
        let mask = cells.all().map(|cell| cells.is_small(cell) && cells.role(cell) == Role::Shown).collect();
        let ranges = cells.values.iter().map(|value| (*value as i64, *value as i64)).collect();
        let weights = weights(cells);
        Self { cells, graph: Graph::of(cells), secrets, mask, ranges, weights, exposed: Vec::new() }
    }

    fn withheld(&self, cell: Cell) -> bool {
        self.mask.get(cell.at()).copied().unwrap_or(false)
    }

    /// Whether a reader does not see it.
    fn is_free(&self, cell: Cell) -> bool {
        self.withheld(cell) || self.cells.is_hidden(cell)
    }

    fn range(&self, cell: Cell) -> (i64, i64) {
        self.ranges.get(cell.at()).copied().unwrap_or((0, 0))
    }

    fn value(&self, cell: Cell) -> i64 {
        self.cells.value(cell) as i64
    }

    fn weight(&self, cell: Cell) -> f64 {
        self.weights.get(cell.at()).copied().unwrap_or(1.0)
    }

    /// How far apart the completions of a small cell must be.
    fn width(&self) -> i64 {
        self.cells.least as i64 - 1
    }

    fn is_proven(&self, cell: Cell) -> bool {
        let (low, high) = self.range(cell);
        high - low >= self.width()
    }

    /// Withholds a second cell wherever a sum would give one away by subtraction: the quick half of the work.
    fn close_sums(&mut self) {
        let mut todo: Vec<u32> = (0..self.cells.sums.len() as u32).rev().collect();
        while let Some(at) = todo.pop() {
            let Some(sum) = self.cells.sums.get(at as usize) else { continue };
            let mut free = sum.parts.iter().chain([&sum.total]).copied().filter(|cell| self.is_free(*cell));
            let (Some(only), None) = (free.next(), free.next()) else { continue };
            if !self.withheld(only) && !self.cells.is_small(only) {
                continue;
            }
            let candidates = sum.parts.iter().chain([&sum.total]).copied();
            let best = candidates.filter(|cell| !self.is_free(*cell) && !self.cells.is_fixed(*cell)).min_by(
                |one, other| {
                    let dear = |cell: Cell| self.weight(cell) * (1.0 + self.opened_by(cell) as f64);
                    dear(*one).total_cmp(&dear(*other)).then(one.cmp(other))
                },
            );
            if let Some(best) = best {
                mark(&mut self.mask, best.at());
                todo.extend(self.graph.sums.get(best.at()).into_iter().flatten().rev());
            }
        }
    }

    /// How many of its sums would have a cell as the only withheld one.
    fn opened_by(&self, cell: Cell) -> usize {
        let sums = self.graph.sums.get(cell.at()).into_iter().flatten();
        sums.filter_map(|at| self.cells.sums.get(*at as usize))
            .filter(|sum| !sum.parts.iter().chain([&sum.total]).any(|other| self.is_free(*other)))
            .count()
    }

    /// Looks for completions that prove many small cells safe at once with what is withheld now. What it misses, [`widen`](Self::widen) finds.
    fn prove(&mut self) {
        let mut seen = vec![false; self.cells.len()];
        for cell in self.secrets.clone() {
            if seen.get(cell.at()).copied().unwrap_or(true) {
                continue;
            }
            let component = self.graph.component(self.cells, cell, |one| self.is_free(one));
            for one in &component.cells {
                mark(&mut seen, one.at());
            }
            loop {
                let open = self.open_in(&component);
                if open.is_empty() {
                    break;
                }
                self.stretch(&component, &open, true, false);
                self.stretch(&component, &open, false, false);
                if self.open_in(&component).len() == open.len() {
                    break;
                }
            }
        }
    }

    fn open_in(&self, component: &Component) -> Vec<Cell> {
        let small = component.cells.iter().copied().filter(|cell| self.cells.is_small(*cell));
        small.filter(|cell| !self.is_proven(*cell)).collect()
    }

    /// The same for one cell, with whole numbers asked for if they do not come by themselves.
    fn prove_one(&mut self, component: &Component, cell: Cell) {
        for whole in [false, true] {
            for up in [true, false] {
                if !self.is_proven(cell) {
                    self.stretch(component, &[cell], up, whole);
                }
            }
        }
    }

    /// A completion in which these cells together are as high, or as low, as they need be.
    fn stretch(&mut self, component: &Component, targets: &[Cell], up: bool, whole: bool) {
        let sign = if up { -1.0 } else { 1.0 };
        let moves: Vec<Move> = component
            .cells
            .iter()
            .map(|&cell| {
                let value = self.value(cell);
                let lowest = (self.cells.floor(cell) - value) as f64;
                let is_target = targets.binary_search(&cell).is_ok();
                let highest = self.range(cell).0 + self.width() - value;
                let high = if is_target { highest as f64 } else { f64::INFINITY };
                let cost = if is_target { sign } else { 0.0 };
                Move { cell, range: (lowest, high), cost: (cost, -cost) }
            })
            .collect();
        if let Found::Change(changes, true) = cheapest(self.cells, &component.sums, &moves, whole) {
            self.accept(&component.sums, &moves, &changes);
        }
    }

    /// Takes a completion if it is one in whole numbers. Says whether it is.
    fn accept(&mut self, sums: &[u32], moves: &[Move], changes: &[f64]) -> bool {
        let mut change = vec![0_i64; self.cells.len()];
        for (one, by) in moves.iter().zip(changes) {
            let by = by.round() as i64;
            let value = self.value(one.cell) + by;
            if by != 0 && (!self.is_free(one.cell) || value < self.cells.floor(one.cell)) {
                return false;
            }
            if let Some(change) = change.get_mut(one.cell.at()) {
                *change = by;
            }
        }
        let of = |cell: &Cell| change.get(cell.at()).copied().unwrap_or(0);
        let holds = sums.iter().filter_map(|at| self.cells.sums.get(*at as usize));
        if !holds.into_iter().all(|sum| sum.parts.iter().map(of).sum::<i64>() == of(&sum.total)) {
            return false;
        }
        for ((range, by), value) in self.ranges.iter_mut().zip(&change).zip(&self.cells.values) {
            let value = *value as i64 + by;
            *range = (range.0.min(value), range.1.max(value));
        }
        true
    }

    /// Withholds the cells through which a small one can be changed far enough at the least cost.
    fn widen(&mut self, cell: Cell) {
        let component = self.graph.component(self.cells, cell, |one| !self.cells.is_fixed(one));
        let need = self.range(cell).0 + self.width() - self.value(cell);
        let moves: Vec<Move> = component
            .cells
            .iter()
            .map(|&one| {
                let lowest = (self.cells.floor(one) - self.value(one)) as f64;
                let low = if one == cell { need as f64 } else { lowest };
                let cost = if self.is_free(one) { 0.01 } else { self.weight(one) };
                Move { cell: one, range: (low, f64::INFINITY), cost: (cost, cost) }
            })
            .collect();
        for whole in [false, true] {
            let Found::Change(changes, _) = cheapest(self.cells, &component.sums, &moves, whole) else {
                break;
            };
            for (one, by) in moves.iter().zip(&changes) {
                if by.abs() > 1e-6 && !self.cells.is_hidden(one.cell) {
                    mark(&mut self.mask, one.cell.at());
                }
            }
            self.accept(&component.sums, &moves, &changes);
            if !self.is_proven(cell) {
                let free = self.graph.component(self.cells, cell, |one| self.is_free(one));
                self.prove_one(&free, cell);
            }
            if self.is_proven(cell) {
                return;
            }
        }
        self.exposed.push(cell);
    }
}

/// How dear it is to withhold each cell: large numbers are dearer than small ones, totals dearer than parts, and totals of totals more so.
fn weights(cells: &Cells) -> Vec<f64> {
    let mut ranks = vec![0_u32; cells.len()];
    for _ in 0..4 {
        for sum in &cells.sums {
            let of_parts =
                sum.parts.iter().filter_map(|part| ranks.get(part.at())).max().copied().unwrap_or(0);
            if let Some(rank) = ranks.get_mut(sum.total.at()) {
                *rank = (*rank).max(of_parts + 1).min(4);
            }
        }
    }
    let values = cells.values.iter().zip(&ranks);
    values.map(|(value, rank)| (1.0 + (1.0 + *value as f64).log2()) * 8_f64.powi(*rank as i32)).collect()
}
