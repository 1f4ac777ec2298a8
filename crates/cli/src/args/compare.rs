//! Arguments of `vacatur compare`.

use super::threads;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Compare policies on the same people before choosing one
///
/// Decides everybody in the files under each policy, in one pass, exactly as `vacatur decide` would under that policy alone,
/// and sets beside them what the statute itself gives and what it would be to dismiss everything. Shows people helped,
/// convictions by outcome, people left without a felony or a conviction, the load of reviews and what they miss, the share
/// helped by race, and on which counts the policies differ, with both reasons.
#[derive(ClapArgs)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  vacatur compare county.dat --policy us-ca/los-angeles-2020 --policy us-ca/bear --as-of 2020-07-01\n  vacatur compare county.dat --policy us-ca/los-angeles-2020 --sweep age=40..65:5 --sweep youth=* --as-of 2020-07-01 --frontier --out compared\n  vacatur compare county.dat --policy 'us-ca/bear[age=45; years-clean=off]' --policy draft.md --as-of 2020-07-01 --out compared\n  vacatur compare explain compared --person 1000001 --count 001001001000"
)]
pub(crate) struct Compare {
    #[command(subcommand)]
    pub(crate) command: Option<CompareCommand>,
    /// Files of the extract: plain, gzip or zip; `-` reads standard input. None with a folder of a court's file alone
    #[arg(required_unless_present = "linked", value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// A policy: a name from `vacatur policy list`, a family, or the path of a document; with parameters of its own as
    /// NAME[age=45; youth=conviction]. May be given several times
    #[arg(long, value_name = "POLICY", required = true)]
    pub(crate) policy: Vec<String>,
    /// The day of the decision, by which ages and years are counted
    #[arg(long, value_name = "YYYY-MM-DD", required = true)]
    pub(crate) as_of: Option<Date>,
    /// The county whose convictions are decided: the same as `--set county=…`
    #[arg(long)]
    pub(crate) county: Option<String>,
    /// Set a parameter in every policy that has it; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Try out several values of a parameter in every policy that has it: age=40..65, age=40..65:5, youth=today,conviction,
    /// or youth=* for all of them. Given several times, every combination is compared
    #[arg(long, value_name = "NAME=VALUES")]
    pub(crate) sweep: Vec<String>,
    /// Compare what was chosen alone, without what the statute gives and without dismissing everything
    #[arg(long)]
    pub(crate) no_baselines: bool,
    /// A file of evidence: answers that were found in other documents; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
    /// A folder that `vacatur link` made of these files
    #[arg(long, value_name = "DIR")]
    pub(crate) linked: Option<PathBuf>,
    /// The folder to make; without it, only the screen
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Which counts are listed in differences.csv
    #[arg(long, value_enum, value_name = "WHICH", default_value = "chosen", requires = "out")]
    pub(crate) differences: Differences,
    /// Also write public.csv: people helped by group, with numbers below this withheld, and as many more as it takes so that
    /// neither groups nor policies can be subtracted from one another
    #[arg(long, value_name = "LEAST", num_args = 0..=1, default_missing_value = "11", require_equals = true, requires = "out", value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub(crate) public: Option<u64>,
    /// Minutes that a person needs for one review
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) minutes_per_review: u32,
    /// Also show relief against the load of reviews, and which policies no other one betters
    #[arg(long)]
    pub(crate) frontier: bool,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Nothing on the screen and no progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Differences {
    /// Those on which two of the chosen policies differ
    Chosen,
    /// Also those on which one of them differs from what the statute gives, or from dismissing everything
    All,
    /// None
    None,
}

#[derive(Subcommand)]
pub(crate) enum CompareCommand {
    /// Explain the counts of one person under every policy of a finished comparison
    Explain(CompareExplain),
}

#[derive(ClapArgs)]
pub(crate) struct CompareExplain {
    /// The folder of a finished comparison
    pub(crate) folder: PathBuf,
    /// The person: subject number or CII number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) person: String,
    /// One count, by its twelve digits [default: all counts that a policy decides]
    #[arg(long, value_name = "CNT_ORDER")]
    pub(crate) count: Option<String>,
    /// The folder in which the inputs are now, if they were moved since
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
}
