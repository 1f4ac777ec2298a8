//! What another document says of a count where the count itself keeps what the record says.

use crate::{CountIx, DateSpan, Fact, Seen, Text};

/// The offence of a count as another document states it. The count keeps the record's own words.
#[derive(Clone, Debug)]
pub struct FoundOffence<'a> {
    /// The count.
    pub count: CountIx,
    /// The code section as stated; blank where documents contradict one another.
    pub text: Text<'a>,
    /// Whether it contradicts the record: then it stands beside the record's offence, and neither is sure.
    pub against: bool,
    /// The line that states it.
    pub seen: Seen,
}

/// The day of the offence of a count as another document states it: no extract has one for a court's rows.
#[derive(Clone, Copy, Debug)]
pub struct FoundOffenceDate {
    /// The count.
    pub count: CountIx,
    /// The day.
    pub date: Fact<DateSpan>,
}
