//! The criminal record of a person, in the field's own words.
//!
//! [`Person`] ▸ cycle ▸ [`Event`] ▸ [`Count`] ▸ [`Disposition`] and [`Sentence`], with every value that may be
//! unknown kept as unknown ([`Truth`], [`DateSpan`], [`Fact`]) and every value's place in the input kept beside
//! it ([`RowIx`], [`Place`]). The crate reads no file, knows no file layout and no statute.
//!
//! ```
//! use vacatur_records::{DateSpan, Truth, date};
//! let some_day_in_2003 = DateSpan::year(2003).unwrap();
//! assert_eq!(some_day_in_2003.before(DateSpan::on(date(2010, 1, 1))), Truth::Yes);
//! assert_eq!(some_day_in_2003.before(DateSpan::on(date(2003, 6, 1))), Truth::Unknown);
//! ```
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod court;
mod dates;
mod found;
mod order;
mod person;
mod private;
mod sentence;
pub mod spreadsheet;
mod text;
mod truth;

pub use court::{CourtCase, CourtCharge, CourtRelief, CourtSentence, Dated, Party, PartyKind, PartyName};
pub use dates::{DateSpan, NumberSpan, add_days, add_months, add_years, date, whole_months, whole_years};
pub use found::{FoundOffence, FoundOffenceDate};
pub use jiff::civil::Date;
pub use order::{CountOrder, OrderError};
pub use person::{
    Charge, Column, Concurrency, Count, CountIx, Disposition, DispositionKind, Event, EventIx, Fact, FileIx,
    Finding, FindingKind, Gap, Length, Level, Person, Place, Registration, ReliefKind, Row, RowIx, Seen,
    Sentence, SentenceKind, StepKind, grams,
};
pub use private::Private;
pub use sentence::{completion, released};
pub use text::Text;
pub use truth::Truth;
