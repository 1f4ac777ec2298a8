//! The command line.

mod compare;
mod extract;
mod forms;
mod link;
mod papers;
mod protect;
mod report;
mod statewide;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
pub(crate) use compare::{Compare, CompareCommand, CompareExplain, Differences};
pub(crate) use extract::{Extract, Rows};
pub(crate) use forms::{Forms, FormsCommand};
use jiff::civil::Date;
pub(crate) use link::{
    Harden, LayoutArgs, LayoutCommand, Link, LinkCommand, LinkEvaluate, LinkExplain, LinkHash, LinkHashed,
    LinkModel, LinkPairs,
};
pub(crate) use papers::{Authorize, Packet};
pub(crate) use protect::{Decrypt, Sign, Verify};
pub(crate) use report::{Language, Report};
pub(crate) use statewide::Statewide;
use std::path::PathBuf;

/// Decides every conviction in a state's file of criminal histories, and says why.
///
/// Reads the California DOJ's bulk extract, applies a policy that is a document, and leaves a folder with a
/// determination for every conviction in scope. Nothing leaves this machine.
#[derive(Parser)]
#[command(name = "vacatur", version, about, long_about, max_term_width = 100)]
#[command(
    after_help = "Begin with `vacatur demo`. Exit codes: 0 done; 1 done, with more rejects, reviews or lost grants than allowed, or not verified; 2 not done."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Tell on standard error what is being done, never anything of a record [default: VACATUR_LOG, or off]
    #[arg(long, global = true, value_enum, value_name = "LEVEL", display_order = 900)]
    pub(crate) log: Option<LogLevel>,
    /// How the log is written
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        display_order = 901
    )]
    pub(crate) log_format: LogFormat,
    /// How progress is shown on standard error: a bar if that is a terminal, or lines of JSON
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "bar",
        display_order = 902
    )]
    pub(crate) progress: ProgressFormat,
}

/// How much the log tells.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    Off,
    Error,
    Warn,
    /// Files, phases and totals
    Info,
    /// Also segments, batches, and every reject with its place and reason
    Debug,
    /// Also the rule that decided each conviction, without saying whose
    Trace,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    /// One object a line
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressFormat {
    /// Nothing, where standard error is no terminal
    Bar,
    /// One object a line, at each hundredth part
    Json,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// A synthetic county, the whole journey: makes it, decides it, explains three decisions
    Demo(Demo),
    /// Check what a delivery is worth before anything is decided, and what to ask the agencies for
    Check(Check),
    /// Decide every conviction in one or more files under a policy
    Decide(Decide),
    /// Compare policies on the same people before choosing one
    Compare(Compare),
    /// Link court records to the state's, and find what either side lacks
    Link(Link),
    /// Explain the decisions on one person of a finished run
    Explain(Explain),
    /// Report what a finished run did and for whom, small numbers withheld
    Report(Report),
    /// Check a finished run: that nothing was changed, who signed it, and that it comes out the same again
    Verify(Verify),
    /// Sign a finished run, or make a key to sign with
    Sign(Sign),
    /// Decrypt a run that was encrypted, or make an identity to encrypt to
    Decrypt(Decrypt),
    /// Record who lets which convictions be filed
    Authorize(Authorize),
    /// Papers for the court: motion, order, exhibit, forms and lists, of what is authorized
    Packet(Packet),
    /// Rows for research in which nobody can be told from others
    Extract(Extract),
    /// Lists of potentially eligible convictions for all counties, and how far each is against the deadlines
    Statewide(Statewide),
    /// List, show, check and test policies
    Policy(Policy),
    /// Layouts of court files: list, show, check, or draft one for a file
    Layout(LayoutArgs),
    /// Fill official forms, and keep their field maps up to date
    Forms(Forms),
    /// Write a synthetic extract, with the truth beside it
    Synth(Synth),
}

#[derive(ClapArgs)]
pub(crate) struct Demo {
    /// How many people
    #[arg(long, default_value_t = 53_000, value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    pub(crate) people: u64,
    /// The seed: the same seed makes the same county everywhere
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The folder to make [default: vacatur-demo, or the next free number after it]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  vacatur check county.dat\n  vacatur check county.dat --policy us-ca/los-angeles-2020 --as-of 2020-02-13 --work-list list --json quality.json\n  vacatur check new.dat --previous quality.json\n\nExit codes: 0 done; 1 done, and the delivery is as --fail-on says, or worse; 2 not done, or the header row is not the layout's."
)]
pub(crate) struct Check {
    /// Files of the extract: plain, gzip or zip; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The day after which a date is in the future [default: found in the files: the end of the year after the newest
    /// one that they reach]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Date>,
    /// Also count how many determinations under this policy each defect turns into reviews; takes --as-of
    #[arg(long, value_name = "POLICY", requires = "as_of")]
    pub(crate) policy: Option<String>,
    /// The county whose convictions are decided: the same as `--set county=…`
    #[arg(long, requires = "policy")]
    pub(crate) county: Option<String>,
    /// Set a parameter of the policy; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "policy")]
    pub(crate) set: Vec<String>,
    /// An options file of the tool that all counties had (JSON)
    #[arg(long, value_name = "FILE", requires = "policy")]
    pub(crate) options: Option<PathBuf>,
    /// The previous delivery, or what --json wrote of it: says what differs; may be given several times for a delivery
    /// of several files
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Vec<PathBuf>,
    /// The folder to make for the work list: a CSV file for each agency, with what it is asked for
    #[arg(long, value_name = "DIR")]
    pub(crate) work_list: Option<PathBuf>,
    /// Write the report as JSON too; `-` writes it to standard output in place of the text
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// End with exit code 1 if the delivery is as bad as this, or worse
    #[arg(long, value_enum, value_name = "GRADE")]
    pub(crate) fail_on: Option<FailOn>,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// No report on the screen and no progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Usable with care, or worse
    Care,
    /// To be sent back
    Bad,
}

#[derive(ClapArgs)]
#[command(
    after_help = "Example:\n  vacatur decide county.dat --policy us-ca/los-angeles-2020 --county \"LOS ANGELES\" --as-of 2020-02-13 --out run"
)]
pub(crate) struct Decide {
    /// Files of the extract: plain, gzip or zip; `-` reads standard input. None with a folder of a court's file alone
    #[arg(required_unless_present = "linked", value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The policy: a name from `vacatur policy list`, or the path of a document. The name of a family, such as
    /// us-ca/los-angeles, takes the one in force on the day of the decision
    #[arg(long, value_name = "POLICY", required_unless_present = "counties")]
    pub(crate) policy: Option<String>,
    /// In place of one policy: a list (TOML) that says for each county which policy decides, and which for the rest
    #[arg(long, value_name = "LIST", conflicts_with_all = ["policy", "county", "set", "options"])]
    pub(crate) counties: Option<PathBuf>,
    /// The day of the decision, by which ages and years are counted
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Date,
    /// A file of evidence: answers that were found in other documents; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
    /// A folder that `vacatur link` made of these files: the cases that they lack are decided too, and what the court's
    /// file says of the others is evidence
    #[arg(long, value_name = "DIR")]
    pub(crate) linked: Option<PathBuf>,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// The county whose convictions are decided: the same as `--set county=…`
    #[arg(long)]
    pub(crate) county: Option<String>,
    /// Set a parameter of the policy; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// An options file of the tool that all counties had (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) options: Option<PathBuf>,
    /// Also write that tool's spreadsheets
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Vec<Format>,
    /// Also list who becomes eligible in the coming months, if nothing new is recorded: 24m, 2y
    #[arg(long, value_name = "MONTHS", value_parser = months)]
    pub(crate) horizon: Option<u32>,
    /// Do not also record what the statute itself gives
    #[arg(long)]
    pub(crate) no_statute: bool,
    /// Encrypt every file of the folder to this recipient of age (age1…); may be given several times
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) encrypt_to: Vec<String>,
    /// The same to each recipient in a file; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) recipients_file: Vec<PathBuf>,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Go on with a run into the same folder that was interrupted, from its last checkpoint; not of an encrypted run
    #[arg(long, conflicts_with_all = ["encrypt_to", "recipients_file"])]
    pub(crate) resume: bool,
    /// Megabytes of rows between two checkpoints [default: 512]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) checkpoint: Option<u64>,
    /// Compare with an earlier run: decide again only people of whom something has changed, and list every conviction
    /// that comes out otherwise, with the reason, in changes.csv
    #[arg(long, value_name = "RUN", conflicts_with_all = ["encrypt_to", "recipients_file"])]
    pub(crate) since: Option<PathBuf>,
    /// End with exit code 1 if more convictions than this had relief in the earlier run and have none now
    #[arg(long, value_name = "N", requires = "since")]
    pub(crate) max_lost_grants: Option<u64>,
    /// End with exit code 1 if more rows than this are rejected
    #[arg(long, value_name = "N")]
    pub(crate) max_rejects: Option<u64>,
    /// End with exit code 1 if more determinations than this are reviews
    #[arg(long, value_name = "N")]
    pub(crate) max_reviews: Option<u64>,
    /// No summary and no progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// All_Results.csv, All_Results_Condensed.csv and Prop64_Results.csv
    Bear,
}

#[derive(ClapArgs)]
pub(crate) struct Explain {
    /// The folder of a finished run
    pub(crate) run: PathBuf,
    /// The person: subject number or CII number
    #[arg(long, value_name = "NUMBER")]
    pub(crate) person: String,
    /// One count, by its twelve digits [default: all counts that were decided]
    #[arg(long, value_name = "CNT_ORDER")]
    pub(crate) count: Option<String>,
    /// The folder in which the inputs are now, if they were moved since the run
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct Policy {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// The policies that come with the program
    List,
    /// Print a policy document
    Show {
        /// A name from `vacatur policy list`, or a path
        policy: String,
    },
    /// Check a policy document: every error with its line
    Check {
        /// A name from `vacatur policy list`, or a path
        policy: String,
    },
    /// Run the tests inside a policy document
    Test {
        /// A name from `vacatur policy list`, or a path
        policy: String,
        /// Only tests whose name holds this text
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// What the tests inside a policy document reach: rules, conditions, parameters
    Coverage {
        /// A name from `vacatur policy list`, or a path
        policy: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Change one thing in a policy document at a time, and see which changes no test notices
    #[command(after_help = "Ends with exit code 1 if a change was not noticed.")]
    Mutants {
        /// A name from `vacatur policy list`, or a path
        policy: String,
        /// Only the changes that no test noticed
        #[arg(long)]
        survivors: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// What changes from one policy to another, in words and on the smallest histories that show it
    Diff {
        /// A name from `vacatur policy list`, or a path
        one: String,
        /// The policy it is compared with
        other: String,
        /// The day as of which the two are tried [default: the first day on which both are in force]
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Option<Date>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a policy for signature, as one HTML page with its hash
    Doc {
        /// A name from `vacatur policy list`, or a path
        policy: String,
        /// The file to write [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The facts, section tables and provisions that a document can name
    Facts,
}

#[derive(ClapArgs)]
pub(crate) struct Synth {
    /// clean, county, hostile, dense, linkage or state
    #[arg(long, default_value = "county", value_name = "NAME")]
    pub(crate) profile: String,
    /// How many people
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    pub(crate) people: u64,
    /// The seed: the same seed makes the same file everywhere
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The file for the truth [default: the file's name with `.truth.csv` after it]
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// The share of people whose rows do not stand together, from 0 to 1 [default: as the profile has it]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) scatter: Option<f64>,
    /// Write Windows-1252 instead of UTF-8
    #[arg(long)]
    pub(crate) windows_1252: bool,
    /// Write a county court's file of the same people, too: la-index, case-export, da-tracking or da-tracking-csv
    #[arg(long, value_name = "FORMAT", requires = "court_out")]
    pub(crate) court: Option<String>,
    /// The court's file to write
    #[arg(long, value_name = "FILE", requires = "court")]
    pub(crate) court_out: Option<PathBuf>,
    /// The file for the truth of the court's file [default: its name with `.truth.csv` after it]
    #[arg(long, value_name = "FILE", requires = "court")]
    pub(crate) court_truth: Option<PathBuf>,
    /// How the court's file is made: clean, county or hard
    #[arg(long, value_name = "NAME", default_value = "county", requires = "court")]
    pub(crate) court_profile: String,
    /// The county whose court it is [default: the profile's main county]
    #[arg(long, value_name = "NAME", requires = "court")]
    pub(crate) court_county: Option<String>,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1024) => Ok(number),
        _ => Err("a number from 1 to 1024".into()),
    }
}

/// `24m`, `24`, `2y`: at most fifty years.
fn months(text: &str) -> Result<u32, String> {
    let (number, factor) = match text.strip_suffix(['m', 'y']) {
        Some(number) if text.ends_with('y') => (number, 12),
        Some(number) => (number, 1),
        None => (text, 1),
    };
    let months = number.parse::<u32>().ok().and_then(|number| number.checked_mul(factor));
    months
        .filter(|months| (1..=600).contains(months))
        .ok_or_else(|| "from 1m to 600m, or from 1y to 50y".into())
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1".into()),
    }
}
