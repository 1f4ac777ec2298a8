//! The arguments of the commands that authorize a filing and make papers for the court.

use super::threads;
use clap::{ArgGroup, Args as ClapArgs};
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(ClapArgs)]
#[command(
    group = ArgGroup::new("what").required(true).args(["all", "list", "show"]),
    after_help = "A list is a CSV file with the columns subject_id, cnt_order and, if you like, decision (authorize, withhold or challenge), \
ground (of a challenge: criteria or public-safety) and note. A later list overrides an earlier one; neither is overridden by --all.\n\n\
Examples:\n  vacatur authorize run --all --by \"A. Deputy\" --title \"District Attorney\" --under \"Health and Safety Code, section 11361.9\"\n  \
vacatur authorize run --list challenged.csv --by \"B. Deputy\" --title \"Deputy District Attorney\" --under \"Health and Safety Code, section 11361.9(c)\"\n  \
vacatur authorize run --show\n\nExit codes: 0 recorded; 2 not recorded."
)]
pub(crate) struct Authorize {
    /// The folder of a finished run
    pub(crate) run: PathBuf,
    /// Every conviction to which the run gives relief, but for those that a list withholds or challenges
    #[arg(long, requires = "by")]
    pub(crate) all: bool,
    /// The convictions of a list
    #[arg(long, value_name = "FILE", requires = "by")]
    pub(crate) list: Option<PathBuf>,
    /// Show what is recorded
    #[arg(long)]
    pub(crate) show: bool,
    /// Who authorizes
    #[arg(long, value_name = "NAME", requires = "title", value_parser = said)]
    pub(crate) by: Option<String>,
    /// In what office
    #[arg(long, value_name = "TITLE", requires = "under", value_parser = said)]
    pub(crate) title: Option<String>,
    /// Under what authority
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(crate) under: Option<String>,
    /// On what day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<Date>,
}

#[derive(ClapArgs)]
#[command(
    after_help = "Nothing is filed without a recorded authorization: see `vacatur authorize --help`.\n\n\
Examples:\n  vacatur packet run --out packet --office office.toml\n  vacatur packet run --out packet --forms blanks --form CR-400 --flatten\n  \
vacatur packet run --out packet --case BA123456\n  vacatur packet run2 --out packet2 --already-filed packet\n\n\
Exit codes: 0 done; 1 done, with more on the fix-list than --max-fix allows; 2 not done."
)]
pub(crate) struct Packet {
    /// The folder of a finished run
    pub(crate) run: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// A file with the attorney block and the hearing; without it they are left as blank lines
    #[arg(long, value_name = "FILE")]
    pub(crate) office: Option<PathBuf>,
    /// A folder of court profiles (TOML): one of a county replaces ours
    #[arg(long, value_name = "DIR")]
    pub(crate) courts: Option<PathBuf>,
    /// A folder of texts and layouts that replace ours, named as in `forms/` of the source
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Option<PathBuf>,
    /// A folder of blank official forms (PDF)
    #[arg(long, value_name = "DIR")]
    pub(crate) forms: Option<PathBuf>,
    /// Fill this form for every case; may be given several times [default: CR-400]
    #[arg(long = "form", value_name = "FORM", requires = "forms")]
    pub(crate) form: Vec<String>,
    /// Make values on forms a part of the page
    #[arg(long, requires = "forms")]
    pub(crate) flatten: bool,
    /// Also typeset a motion and an order of its own for the case with this number
    #[arg(long, value_name = "NUMBER", conflicts_with = "each_case")]
    pub(crate) case: Option<String>,
    /// Also typeset a motion and an order of its own for every case
    #[arg(long)]
    pub(crate) each_case: bool,
    /// An earlier packet (its folder or its filed.csv): what it asked for is not asked again. May be given several times
    #[arg(long, value_name = "PACKET")]
    pub(crate) already_filed: Vec<PathBuf>,
    /// The day that the papers bear, in words; left blank without it
    #[arg(long, value_name = "TEXT")]
    pub(crate) dated: Option<String>,
    /// The folder in which the inputs are now, if they were moved since the run
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    /// Pack each court's folder into a ZIP file
    #[arg(long)]
    pub(crate) zip: bool,
    /// Go on with a packet that was interrupted
    #[arg(long)]
    pub(crate) resume: bool,
    /// Exit with code 1 if more convictions than these are on the fix-list
    #[arg(long, value_name = "N")]
    pub(crate) max_fix: Option<u64>,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Words that say something: an authorization by nobody is none.
fn said(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it may not be blank".into()) } else { Ok(text.to_owned()) }
}
