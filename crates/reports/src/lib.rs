//! What a run did, and for whom.
//!
//! [`Report`] is made once of a finished run's tables; every page, table and chart is drawn from it, so that no two of them
//! can say different numbers. What may not be shown is withheld in it already: nothing that draws sees a small cell.
//!
//! [`Run`] opens a finished run, [`Report::of`] counts it. The tables that are read have no names in them.

mod conviction_tables;
mod count;
mod draft;
mod draw;
mod error;
mod figures;
mod groups;
mod interval;
mod ledger;
mod model;
mod people_tables;
mod person;
mod read;
mod report;
mod run;
mod sql;
mod trace;
mod words;
mod write;

pub use count::Tick;
pub use draw::{Language, Page, pages};
pub use error::ReportError;
pub use groups::{KnownError, known_errors_of_race};
pub use model::{
    Disclosure, Figure, Head, InputHead, PolicyHead, Ratio, Report, Row, Section, Share, Shown, Table,
};
pub use report::{LEAST, Options};
pub use run::Run;
