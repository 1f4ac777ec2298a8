//! From files to a finished run: reads, assembles, decides, writes, and accounts for every row.
//!
//! [`decide`] is the whole of it. It goes over the inputs twice: once to find rows and people (the survey), once to
//! decide. People are handed to threads in batches and written in the order of their first row, so that a run's bytes do
//! not depend on the number of threads. The folder appears under its final name only when it is complete.
//! [`explain`] finds one person's rows again and shows the evaluation. The crate holds no legal rule.

mod batch;
mod bear;
mod changes;
mod checkpoint;
mod decide;
mod error;
mod evidence;
mod explain;
mod finding;
mod folder;
mod index;
mod later;
mod log;
mod lookup;
mod manifest;
mod outputs;
mod parquet_file;
mod rejects;
mod review;
mod since;
mod summary;
mod summary_saved;
mod summary_text;
mod table;
mod unread;

pub use changes::{Because, Changes, Number, PeopleChanged};
pub use decide::{CHECKPOINT_EVERY, Decided, Format, Job, Phase, Program, Progress, decide};
pub use error::RunError;
pub use explain::{Asked, Explained, explain};
pub use manifest::{EvidenceRecord, InputRecord, Manifest};
pub use summary::{Summary, Tally};
