//! Which numbers of a table must be withheld so that no small one can be worked out.
//!
//! Numbers are [`Cells`]: those that are shown, those that anybody can have from elsewhere, those that nobody shows, and the
//! sums that hold between them, all slices of a report together. [`protect`] says which must be withheld; [`attack`] is what
//! somebody can work out of the rest.

mod attack;
mod cells;
pub mod extract;
mod protect;
mod system;

pub use attack::{Bounds, attack};
pub use cells::{Broken, Cell, Cells};
pub use protect::{Withheld, protect};
