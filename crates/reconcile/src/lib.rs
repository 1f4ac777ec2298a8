//! Court records against the state's: who is who, which cases are missing, what is in conflict.

mod account;
mod added;
mod calibration;
mod charts;
mod court_file;
mod error;
mod evaluate;
mod identity;
mod job;
mod linking;
mod lists;
mod matching;
mod offence;
mod page;
mod people;
mod review;
mod standing;
mod state;
mod table;
mod union;
mod waterfalls;
mod who;

pub use account::{Account, AddedCounts, CourtCounts, LinkCounts, StateCounts};
pub use calibration::Said as Calibrated;
pub use court_file::{CourtFile, CourtInput};
pub use error::ReconcileError;
pub use evaluate::{Evaluation, Score, evaluate};
pub use job::{Job, reconcile};
pub use lists::CourtTally;
pub use matching::{Differs, Doubt, Found, Matched, StateCase, StateCount, StateFound, matched};
pub use offence::{Alike, Offences};
pub use standing::{StateTally, Status};
pub use state::StateIdentity;
pub use waterfalls::LINKS;
pub use who::{Candidate, Who, who};
