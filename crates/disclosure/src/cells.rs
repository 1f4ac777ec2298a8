//! Numbers and the sums that hold between them.

/// A number of some [`Cells`]: its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub(crate) u32);

impl Cell {
    /// Its place, from 0, in the order in which cells were added.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// Who sees a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is meant to be published, and may be withheld.
    Shown,
    /// Anybody can have it from elsewhere: it is never withheld, and no secret.
    Known,
    /// Nobody publishes it, but it could be worked out: a difference of two others. It is protected like a shown one.
    Unshown,
    /// Nobody publishes it and it tells of nobody: what makes `at most` a sum.
    Slack,
}

/// A sum that holds: the total is all parts together.
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    pub(crate) total: Cell,
    pub(crate) parts: Vec<Cell>,
}

/// Whole numbers of people or convictions, none below 0, with the sums that hold between them.
///
/// Everything that is published about the same people belongs in one `Cells`: what is left out of it is not attacked.
/// A number that stands in two tables is one cell of both. A difference is said as a sum:
/// `people of A = people of A and B + people of A and not B`, with an [`unshown`](Cells::unshown) last part.
///
/// ```
/// use vacatur_disclosure::{Cells, protect};
///
/// let mut cells = Cells::new(11);
/// let (small, middle, large) = (cells.cell(3), cells.cell(40), cells.cell(900));
/// let all = cells.cell(943);
/// cells.sum(all, &[small, middle, large]);
///
/// let withheld = protect(&cells)?;
/// assert_eq!(withheld.primary(), [small]);
/// assert_eq!(withheld.complementary(), [middle]);
/// assert!(!withheld.has(all));
/// # Ok::<(), vacatur_disclosure::Broken>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cells {
    pub(crate) least: u64,
    pub(crate) values: Vec<u64>,
    pub(crate) roles: Vec<Role>,
    pub(crate) sums: Vec<Sum>,
}

impl Cells {
    /// None yet. A number of 1 to `least - 1` is small; with a `least` of 0 or 1 none is.
    #[must_use]
    pub fn new(least: u64) -> Self {
        Self { least, values: Vec::new(), roles: Vec::new(), sums: Vec::new() }
    }

    /// A number that is to be published if it may.
    pub fn cell(&mut self, value: u64) -> Cell {
        self.add(value, Role::Shown)
    }

    /// A number that anybody can have from elsewhere, as the people of a county. It is never withheld.
    pub fn known(&mut self, value: u64) -> Cell {
        self.add(value, Role::Known)
    }

    /// A number that is not published, but that somebody could get by subtracting: people in scope who were not helped. If it is
    /// small, it is protected like a published one, by withholding others.
    pub fn unshown(&mut self, value: u64) -> Cell {
        self.add(value, Role::Unshown)
    }

    /// A number that is not published and tells of nobody, where one number is at most another:
    /// `convictions = people + slack`, since everybody has one at least.
    pub fn slack(&mut self, value: u64) -> Cell {
        self.add(value, Role::Slack)
    }

    /// Says that the total is all parts together. A sum that does not hold is found by [`protect`](crate::protect()).
    pub fn sum(&mut self, total: Cell, parts: &[Cell]) {
        self.sums.push(Sum { total, parts: parts.to_vec() });
    }

    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The number of a cell; 0 for one of other `Cells`.
    #[must_use]
    pub fn value(&self, cell: Cell) -> u64 {
        self.values.get(cell.at()).copied().unwrap_or(0)
    }

    /// The least number that is shown, other than 0.
    #[must_use]
    pub fn least(&self) -> u64 {
        self.least
    }

    /// Whether a cell's number is one that must not be known.
    #[must_use]
    pub fn is_small(&self, cell: Cell) -> bool {
        let value = self.value(cell);
        matches!(self.role(cell), Role::Shown | Role::Unshown) && value > 0 && value < self.least
    }

    fn add(&mut self, value: u64, role: Role) -> Cell {
        self.values.push(value);
        self.roles.push(role);
        Cell(self.values.len() as u32 - 1)
    }

    pub(crate) fn role(&self, cell: Cell) -> Role {
        self.roles.get(cell.at()).copied().unwrap_or(Role::Known)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = Cell> + use<> {
        (0..self.values.len() as u32).map(Cell)
    }

    /// Whether a cell is the same for everybody, whatever is withheld: it is known, or a shown 0.
    pub(crate) fn is_fixed(&self, cell: Cell) -> bool {
        match self.role(cell) {
            Role::Known => true,
            Role::Shown => self.value(cell) == 0,
            Role::Unshown | Role::Slack => false,
        }
    }

    /// Whether nobody publishes it.
    pub(crate) fn is_hidden(&self, cell: Cell) -> bool {
        matches!(self.role(cell), Role::Unshown | Role::Slack)
    }

    /// The least that a cell may be for somebody who does not see it: a withheld one is not 0, since zeros are shown.
    pub(crate) fn floor(&self, cell: Cell) -> i64 {
        i64::from(!self.is_hidden(cell))
    }

    /// Says whether all sums hold and all cells are of these `Cells`.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        if self.values.len() > u32::MAX as usize || self.values.iter().any(|value| *value > MOST) {
            return Err(Broken::TooLarge);
        }
        for (at, sum) in self.sums.iter().enumerate() {
            if sum.parts.iter().chain([&sum.total]).any(|cell| cell.at() >= self.values.len()) {
                return Err(Broken::NoSuchCell(at));
            }
            let mut members: Vec<Cell> = sum.parts.iter().chain([&sum.total]).copied().collect();
            members.sort_unstable();
            if members.windows(2).any(|pair| matches!(pair, [one, next] if one == next)) {
                return Err(Broken::Twice(at));
            }
            let mut parts: u64 = 0;
            for part in &sum.parts {
                parts = parts.checked_add(self.value(*part)).ok_or(Broken::TooLarge)?;
            }
            if self.value(sum.total) != parts {
                return Err(Broken::NotASum(at));
            }
        }
        Ok(())
    }
}

/// The greatest number that can be counted with: floats are exact far above it.
const MOST: u64 = 1 << 40;

/// Cells that cannot be protected, since what they say of themselves is not so. No text holds a number that may be small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The parts of a sum, by its place in the order in which they were added, are not its total.
    #[error(
        "the parts of sum {0} are not its total: tables that are published together contradict each other"
    )]
    NotASum(usize),
    /// A sum is of a cell that is not there.
    #[error("sum {0} is of a cell of another table")]
    NoSuchCell(usize),
    /// A sum names a cell twice.
    #[error("sum {0} names a cell twice")]
    Twice(usize),
    /// A number is beyond what can be counted with.
    #[error("a number is above 2^40")]
    TooLarge,
}
