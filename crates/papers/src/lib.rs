//! Papers for a court: motion, order, exhibit, proof of service, and the sheets beside them, as PDF.
//!
//! Data come in as plain texts and numbers, and go out on pleading paper or in tables. What a paper says stands in
//! Markdown that a lawyer edits, how it looks in layouts of [Typst](https://typst.app); both are below `forms/us-ca/papers`,
//! compiled in, and each can be replaced by an office. The typesetter and the fonts are part of the program: nothing
//! has to be installed, and the same data give the same bytes on every machine.
//!
//! *Invariants:* the crate does no IO and knows no clock. Data are never code or markup. Nothing is signed, dated or
//! sworn to for anybody: what is not known is a blank. No error shows anything of a record.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod caption;
mod case_pages;
mod data;
mod error;
mod exhibit;
mod exhibit_pages;
mod filing;
mod letters;
#[cfg(test)]
mod lines;
mod papers;
#[cfg(test)]
#[allow(clippy::wildcard_imports)]
mod sample;
mod sheets;
mod templates;
mod text;
mod world;

pub use caption::{Attorney, Caption, Hearing, Identity};
pub use error::PaperError;
pub use exhibit::{
    EXHIBIT_ROWS_PER_PAGE, EXHIBIT_ROWS_PER_VOLUME, ExhibitRow, ExhibitVolume, exhibit_page, exhibit_volume,
};
pub use exhibit_pages::exhibit_row_fits;
pub use filing::{
    Authority, Authorization, Basis, Challenges, ExhibitCited, FileCited, Filing, GroundCount, Motion, Order,
    Prosecutor, Relief, ReliefCount, Remedy, VolumeCited,
};
pub use letters::missing_letters;
pub use papers::{Brochure, Paper, Papers, Replaced};
pub use sheets::{CaseList, Cover, ListedCase, ListedCount, PacketFile, Service, Total};
pub use templates::{template, template_names};
