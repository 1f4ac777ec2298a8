//! Synthetic populations with known truth, for tests, benches and the demo.
//!
//! A [`Population`] draws invented people: their births, arrests, court cases, sentences and reliefs. It writes
//! them down in the 95 columns of the state's extract, corrupts the rows as a [`Profile`] says, and keeps the
//! truth beside them: what really happened, and what was done to the rows.
//!
//! The same profile, seed and number give the same person to the byte, on every machine. There is no clock, no
//! environment, no file and no floating point; the dice are ChaCha with 8 rounds, a stream a person, and every
//! draw from them is made in integers by this crate itself.
//!
//! ```
//! use vacatur_synth::{ExtractOptions, Population, Profile, write_extract};
//! let profile = Profile::named("clean").ok_or("no such profile")?;
//! let population = Population::new(profile, 7, 20);
//! let (mut file, mut truth) = (Vec::new(), Vec::new());
//! let totals = write_extract(&population, &mut file, &mut truth, &ExtractOptions::default(), &mut |_| {})?;
//! assert_eq!(totals.people, 20);
//! assert!(totals.cannabis_convictions >= 20);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]

mod calendar;
mod career;
mod columns;
mod corrupt;
mod court;
mod courts;
mod defect;
mod encode;
mod extract;
mod fill;
mod identity;
mod kin;
mod life;
mod lists;
mod names;
mod paper;
mod population;
mod profile;
mod random;
mod row;
mod sequel;
mod spelling;
mod spoil;
mod truth;

pub use columns::{COLUMNS, columns};
pub use court::{
    COURT_TRUTH_COLUMNS, CourtDefect, CourtError, CourtFormat, CourtProfile, CourtTotals, Courthouse,
    courthouses, write_court,
};
pub use defect::{Defect, Scope};
pub use encode::Encoding;
pub use extract::{ExtractOptions, Totals, write_extract};
pub use identity::Identity;
pub use life::{Charge, Count, Kind, Level, Part, Rejected, Relief};
pub use lists::Offence;
pub use population::{Population, Synthetic};
pub use profile::{Profile, ProfileError};
pub use row::Row;
pub use truth::TRUTH_COLUMNS;
