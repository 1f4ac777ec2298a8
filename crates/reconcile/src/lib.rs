//! Court records against the state's: who is who, which cases are missing, what is in conflict.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod account;
mod added;
mod identity;
mod lists;
mod matching;
mod offence;
mod standing;
mod state;
mod table;
mod union;
mod who;

pub use account::{Account, AddedCounts, CourtCounts, LinkCounts, StateCounts};
pub use lists::CourtTally;
pub use matching::{Differs, Doubt, Found, Matched, StateCase, StateCount, StateFound, matched};
pub use offence::{Alike, Offences};
pub use standing::{StateTally, Status};
pub use state::StateIdentity;
pub use who::{Bounds, Candidate, Who, who};
