//! Papers for the court: from a finished run and a recorded authorization to motion, order, exhibit and lists.
//!
//! [`authorize()`] records who lets which convictions be filed. [`packet()`] reads the cases of the run again, sorts
//! them by court, prosecutor and part, and writes for each the exhibit as pages and as data, the motion, the proposed
//! order, the proof of service and a cover sheet. A conviction that cannot go into a paper goes to the fix-list with what to
//! do; every conviction to which the run gives relief is counted once.
//!
//! The crate decides nothing. What is granted is read from the run.

mod account;
mod authorize;
mod basis;
mod court;
mod cut;
mod error;
mod exhibit;
mod fix;
mod folder;
mod gather;
mod group;
mod job;
mod matter;
mod names;
mod number;
mod office;
mod page;
mod progress;
mod relief;
mod single;
mod spool;
mod sweep;
mod tables;
mod writing;
mod zipped;

pub use account::{Account, AuthorizedBy, RunCited, Totals};
pub use authorize::{
    Authorization, Authorizations, AuthorizeError, BadLine, Decision, Entry, May, Scope, Who, authorize,
};
pub use court::{Court, CourtError, Courts};
pub use error::PacketError;
pub use exhibit::{SCHEMA, SCHEMA_TEXT};
pub use folder::Written;
pub use group::GroupAccount;
pub use job::{Job, packet};
pub use office::{Attorney, Hearing, Office};
pub use page::{grouped, many};
pub use single::{Cases, Form, Single};
