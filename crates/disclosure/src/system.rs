//! What agrees with everything that is shown, as a linear program.

use crate::cells::{Cell, Cells};
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// Which sums a cell is in, and which cells hang together through them.
pub(crate) struct Graph {
    /// The sums of each cell.
    pub(crate) sums: Vec<Vec<u32>>,
}

impl Graph {
    pub(crate) fn of(cells: &Cells) -> Self {
        let mut sums = vec![Vec::new(); cells.len()];
        for (at, sum) in cells.sums.iter().enumerate() {
            for cell in sum.parts.iter().chain([&sum.total]) {
                let of: &mut Vec<u32> = match sums.get_mut(cell.at()) {
                    Some(of) => of,
                    None => continue,
                };
                if of.last() != Some(&(at as u32)) {
                    of.push(at as u32);
                }
            }
        }
        Self { sums }
    }

    /// The cells that hang together with a cell through sums of free ones, in order, and those sums.
    pub(crate) fn component(&self, cells: &Cells, from: Cell, free: impl Fn(Cell) -> bool) -> Component {
        let mut seen = vec![false; cells.len()];
        let mut of = vec![false; cells.sums.len()];
        let mut todo = vec![from];
        mark(&mut seen, from.at());
        let mut found = Component::default();
        while let Some(cell) = todo.pop() {
            found.cells.push(cell);
            for &at in self.sums.get(cell.at()).into_iter().flatten() {
                if !mark(&mut of, at as usize) {
                    continue;
                }
                found.sums.push(at);
                let Some(sum) = cells.sums.get(at as usize) else { continue };
                for &other in sum.parts.iter().chain([&sum.total]) {
                    if free(other) && mark(&mut seen, other.at()) {
                        todo.push(other);
                    }
                }
            }
        }
        found.cells.sort_unstable();
        found.sums.sort_unstable();
        found
    }
}

/// Marks a place; says whether it was not marked yet.
pub(crate) fn mark(places: &mut [bool], at: usize) -> bool {
    places.get_mut(at).is_some_and(|place| !std::mem::replace(place, true))
}

/// Cells that hang together, and the sums that hold them.
#[derive(Default)]
pub(crate) struct Component {
    pub(crate) cells: Vec<Cell>,
    pub(crate) sums: Vec<u32>,
}

/// What one cell may change by and what that costs.
pub(crate) struct Move {
    pub(crate) cell: Cell,
    /// The least and the greatest change.
    pub(crate) range: (f64, f64),
    /// What a change of 1 costs, up and down.
    pub(crate) cost: (f64, f64),
}

/// What came of a program.
pub(crate) enum Found {
    /// A change of each cell of the program, and whether all of them are whole.
    Change(Vec<f64>, bool),
    /// There is none.
    Nothing,
    /// There is no end to it.
    Endless,
}

/// The cheapest change of all cells together that keeps every sum.
pub(crate) fn cheapest(cells: &Cells, sums: &[u32], moves: &[Move], whole: bool) -> Found {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut variables: Vec<[Option<Variable>; 2]> = Vec::with_capacity(moves.len());
    let mut place = vec![u32::MAX; cells.len()];
    for (at, one) in moves.iter().enumerate() {
        let add = |problem: &mut Problem, cost: f64, low: f64, high: f64| {
            if whole {
                let cut = |bound: f64| bound.clamp(f64::from(i32::MIN / 2), f64::from(i32::MAX / 2)) as i32;
                problem.add_integer_var(cost, (cut(low), cut(high)))
            } else {
                problem.add_var(cost, (low, high))
            }
        };
        let (low, high) = one.range;
        // A cost that is the same both ways round (one is the other's negative) needs one variable only.
        variables.push(if one.cost.0 == -one.cost.1 || low >= 0.0 {
            [Some(add(&mut problem, one.cost.0, low, high)), None]
        } else {
            let up = add(&mut problem, one.cost.0, 0.0, high.max(0.0));
            let down = add(&mut problem, one.cost.1, (-high).max(0.0), -low);
            [Some(up), Some(down)]
        });
        if let Some(place) = place.get_mut(one.cell.at()) {
            *place = at as u32;
        }
    }
    for &sum in sums {
        let Some(sum) = cells.sums.get(sum as usize) else { continue };
        let mut terms: Vec<(Variable, f64)> = Vec::with_capacity(sum.parts.len() + 1);
        let parts = sum.parts.iter().map(|part| (part, 1.0));
        for (cell, sign) in parts.chain([(&sum.total, -1.0)]) {
            let at = place.get(cell.at()).copied().unwrap_or(u32::MAX) as usize;
            let Some(pair) = variables.get(at) else { continue };
            for (variable, sign) in pair.iter().zip([sign, -sign]) {
                if let Some(variable) = *variable {
                    terms.push((variable, sign));
                }
            }
        }
        if !terms.is_empty() {
            problem.add_constraint(terms, ComparisonOp::Eq, 0.0);
        }
    }
    let solution = match problem.solve() {
        Ok(outcome) => match outcome.into_solution() {
            Ok(solution) => solution,
            Err(_) => return Found::Nothing,
        },
        Err(microlp::Error::Unbounded) => return Found::Endless,
        Err(_) => return Found::Nothing,
    };
    let mut all_whole = true;
    let changes = variables
        .iter()
        .map(|pair| {
            let value =
                |at: usize| pair.get(at).copied().flatten().map_or(0.0, |one| solution.var_value(one));
            let change = value(0) - value(1);
            all_whole &= (change - change.round()).abs() < 1e-6;
            change
        })
        .collect();
    Found::Change(changes, all_whole)
}
