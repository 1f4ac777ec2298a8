//! The arguments of `vacatur statewide`.

use clap::Args as ClapArgs;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(ClapArgs)]
#[command(
    after_help = "Example:\n  vacatur decide state.dat --policy us-ca/hs-11361-8 --as-of 2019-06-01 --out run\n  vacatur statewide run --out lists\n  vacatur statewide run --out progress --steps orders.csv --on 2023-03-02"
)]
pub(crate) struct Statewide {
    /// The folder of a finished run that says what the statute itself gives
    pub(crate) run: PathBuf,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// A file of what happened to convictions (CSV: subject_id, cnt_order, step, on, actor); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) steps: Vec<PathBuf>,
    /// The day on which it is looked how far each county is [default: the day of the run]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<Date>,
    /// Also write a table for publication, small numbers withheld
    #[arg(long)]
    pub(crate) public: bool,
    /// End with exit code 1 if more convictions than this wait for an order after its last day
    #[arg(long, value_name = "N")]
    pub(crate) max_overdue: Option<u64>,
    /// Nothing on the screen
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
