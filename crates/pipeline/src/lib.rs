//! From files to a finished run: reads, assembles, decides, writes, and accounts for every row.
//!
//! [`decide`] is the whole of it. It goes over the inputs twice: once to find rows and people (the survey), once to
//! decide. People are handed to threads in batches and written in the order of their first row, so that a run's bytes do
//! not depend on the number of threads. The folder appears under its final name only when it is complete.
//! [`verify`] makes a finished run again and compares, [`sign`] signs one, [`decrypt`] opens one that was encrypted.
//! [`explain`] finds one person's rows again and shows the evaluation. The crate holds no legal rule.

mod batch;
mod bear;
mod changes;
pub mod check;
mod checkpoint;
pub mod compare;
mod counties;
mod decide;
mod docket;
mod error;
mod events;
mod evidence;
mod explain;
mod extract;
mod finding;
mod finished;
mod folder;
mod index;
mod later;
mod log;
mod lookup;
mod manifest;
mod outputs;
mod parquet_file;
mod people;
mod phrases;
mod rejects;
mod review;
mod sealed;
mod sign;
mod since;
mod spreadsheet;
pub mod statewide;
mod summary;
mod summary_saved;
mod summary_text;
mod table;
mod unread;
mod verify;

pub use changes::{Because, Changes, Number, PeopleChanged};
pub use check::{CheckJob, Checked, Grade, Quality, check};
pub use decide::{CHECKPOINT_EVERY, Decided, Format, Job, Phase, Program, Progress, decide};
pub use docket::{
    Case, CaseCount, Decided as DecidedCount, Defendant, Docket, Matters, Serving, account_of, decisions,
    docket, place_text,
};
pub use error::RunError;
#[doc(hidden)]
pub use evidence::{Trial, try_evidence};
pub use explain::{Asked, Explained, explain};
pub use extract::Extract;
pub use finished::AUTHORIZATIONS;
pub use folder::{Folder, Output, Written};
pub use manifest::{EvidenceRecord, InputRecord, Manifest};
pub use sealed::{Recipients, Unseal, Unsealed, decrypt, new_identity};
pub use sign::{NAMESPACE, Passphrase, SignedBy, Signers, new_key, sign};
pub use spreadsheet::write_record;
pub use summary::{Summary, Tally};
pub use vacatur_records::spreadsheet::{guard as spreadsheet_cell, unguarded as plain_cell};
pub use verify::{Difference, FolderCheck, MadeAgain, Place, Sample, Sampled, Verified, Verify, verify};
