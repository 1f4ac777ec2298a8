//! The arguments of `report`.

use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  vacatur report run\n  vacatur report run --language es --out informe\n  vacatur report run --trace people_helped\n  vacatur report run --trace table.race\n\nThe report may be published: every number of people or convictions from 1 to 10 is withheld, and with it as many others as it takes so that nothing can be worked out. --internal shows all."
)]
pub(crate) struct Report {
    /// The folder of a finished run
    pub(crate) run: PathBuf,
    /// The folder to make [default: that of the run with `-report` after it]
    #[arg(long, value_name = "DIR", conflicts_with = "trace")]
    pub(crate) out: Option<PathBuf>,
    /// The language of the pages
    #[arg(long, value_enum, default_value = "en", conflicts_with = "trace")]
    pub(crate) language: Language,
    /// For the office alone: nothing is withheld, and every page says so
    #[arg(long)]
    pub(crate) internal: bool,
    /// The least number of people or convictions that a public report shows, other than 0
    #[arg(long, value_name = "N", default_value_t = vacatur_reports::LEAST, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(crate) least: u64,
    /// Only the convictions in this county, and the people who have them; with --internal, since a county's numbers beside those of all
    /// would give away what is withheld
    #[arg(long, value_name = "COUNTY")]
    pub(crate) county: Option<String>,
    /// Print the query that gives a figure or a table again, and what it counts; `list` prints their names
    #[arg(long, value_name = "FIGURE")]
    pub(crate) trace: Option<String>,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The languages of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// Spanish
    Es,
}
