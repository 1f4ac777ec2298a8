//! Official forms, filled by field maps.
//!
//! A [`Blank`] is a form as the court published it. A [`FieldMap`] is a document that says which [`Facts`] go into which of
//! its fields. A [`Filler`] is made once of both and fills as many papers as there are cases: every value is drawn with
//! an embedded font, so that it shows in every viewer, and [`Flatten::Yes`] makes it a part of the page.
//!
//! The crate decides nothing. What is unknown stays blank. Nothing is attested for anybody: oaths, signatures, their
//! dates and waivers are listed in each map, and a map that fills one of them is refused.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod addendum;
mod blank;
mod draw;
mod facts;
mod field;
mod fill;
mod filler;
mod font;
mod layout;
mod map;
mod template;
mod text;
mod write;

pub use blank::{Blank, BlankError};
pub use facts::{Facts, FactsError, Value};
pub use field::{Field, Kind, Widget};
pub use filler::{FillError, Filled, Filler, FitError, Note, What};
pub use map::{FieldMap, MapError, MapErrors, Moved, Shipped, Status, Was, draft};

/// Whether values become a part of the page, so that nobody can change them in a viewer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flatten {
    /// They do, and no field is left.
    Yes,
    /// They stay in fields.
    No,
}
