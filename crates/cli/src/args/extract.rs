//! The arguments of `vacatur extract`.

use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

#[derive(ClapArgs)]
#[command(
    after_help = "Columns are made coarser until every combination of what others may know of somebody is of K people at least; rows that are still \
of too few are left out. What was lost is in codebook.md.\n\n\
Examples:\n  vacatur extract run --out extract\n  vacatur extract run --out extract --rows people --k 20\n  \
vacatur extract run --out extract --without county --most-lost 0.02\n\nExit codes: 0 done; 2 not done."
)]
pub(crate) struct Extract {
    /// The folder of a finished run
    pub(crate) run: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// What a row is of
    #[arg(long, value_enum, default_value_t = Rows::Convictions)]
    pub(crate) rows: Rows,
    /// How many people must be alike in everything but the outcome
    #[arg(long, value_name = "K", default_value_t = 11, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub(crate) k: u64,
    /// The share of the rows that may be left out, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.05, value_parser = share)]
    pub(crate) most_lost: f64,
    /// A column to leave out, so that the others can be finer; may be given several times
    #[arg(long, value_name = "COLUMN")]
    pub(crate) without: Vec<String>,
}

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// A decided conviction
    Convictions,
    /// A person with a decided conviction
    People,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share is a number from 0 to 1".into()),
    }
}
