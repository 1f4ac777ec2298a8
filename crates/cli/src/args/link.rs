//! Arguments of `vacatur link` and `vacatur layout`.

use super::threads;
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// Link court records to the state's, and find what either side lacks
///
/// Finds for the defendant of every case who it is in the state's file, and for every conviction of the court's file
/// whether the state has it: in the state's file; person known, case missing; person unknown to the state; cannot tell.
/// Every conviction of the state's file in that county is confirmed, in conflict, or not found. Leaves work lists for
/// the prosecutor, the court and the state, the account of every link, and two files that `vacatur decide --linked`
/// reads beside the state's file. A link in doubt makes nobody ineligible and nobody eligible: it makes a review.
#[derive(ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Link {
    #[command(subcommand)]
    pub(crate) command: Option<LinkCommand>,
    /// The state's files
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "dedupe")]
    pub(crate) state: Vec<PathBuf>,
    /// The court's files
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub(crate) court: Vec<PathBuf>,
    /// The layout of the court's files: a name that `vacatur layout list` prints, or a file
    #[arg(long, value_name = "LAYOUT", required = true)]
    pub(crate) layout: Option<String>,
    /// The folder to make
    #[arg(long, value_name = "DIR", required = true)]
    pub(crate) out: Option<PathBuf>,
    /// Put the people of one court file together, without a state's file
    #[arg(long, conflicts_with = "state")]
    pub(crate) dedupe: bool,
    /// A model to use as it is; without it, one is trained on these files
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Review sheets that were filled in
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) answers: Vec<PathBuf>,
    /// Link at this probability and above; below, ask
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) link_at: Option<f64>,
    /// Ask at this probability and above; below, nobody
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) ask_at: Option<f64>,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Show no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Subcommand)]
pub(crate) enum LinkCommand {
    /// Compare a linked folder with the truth of a synthetic county, by group
    Evaluate(LinkEvaluate),
    /// How one case was linked: the waterfall of every pair that was looked at
    Explain(LinkExplain),
    /// Show what a model has learned, in words and numbers
    Model(LinkModel),
    /// Encode names and birth dates with a key, so that two agencies can link without sharing them
    Hash(LinkHash),
    /// Link two tables that were encoded
    Hashed(LinkHashed),
    /// Link two plain tables, or one with itself, and write the pairs
    Pairs(LinkPairs),
}

#[derive(ClapArgs)]
pub(crate) struct LinkEvaluate {
    /// The folder that `vacatur link` made
    pub(crate) folder: PathBuf,
    /// The truth beside the synthetic court file
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct LinkExplain {
    /// The folder that `vacatur link` made
    pub(crate) folder: PathBuf,
    /// The case number as the court's file has it
    #[arg(long, value_name = "NUMBER")]
    pub(crate) case: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct LinkModel {
    /// The model: a file, or a folder that `vacatur link` made
    pub(crate) model: PathBuf,
}

#[derive(ClapArgs)]
pub(crate) struct LinkHash {
    /// A table with a header row: CSV
    pub(crate) file: PathBuf,
    /// The table to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The file with the key that both agencies share, and whoever links has not: `openssl rand -hex 32` makes one
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// The column that names each row, kept as it is: a number that means nothing elsewhere
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: String,
    /// Another column to keep as it is; may be given several times
    #[arg(long, value_name = "COLUMN")]
    pub(crate) keep: Vec<String>,
    /// What is done against guessing by counting; both agencies must choose the same
    #[arg(long, value_enum, value_name = "HOW", default_value = "balanced")]
    pub(crate) harden: Harden,
}

/// What is done to a filter against guessing.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Harden {
    /// Nothing
    None,
    /// The length of a value does not show; twice as long
    Balanced,
    /// A bit stands for no single part of a value; half as long
    Folded,
}

#[derive(ClapArgs)]
pub(crate) struct LinkHashed {
    /// The tables that `vacatur link hash` wrote on both sides
    #[arg(required = true, num_args = 2)]
    pub(crate) files: Vec<PathBuf>,
    /// The file of pairs to write: CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Link at this likeness of two records (Dice's coefficient) and above
    #[arg(long, value_name = "DICE", default_value_t = 0.85, value_parser = probability)]
    pub(crate) at: f64,
    /// The kept column that says who a row truly is: prints precision, recall and F1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) truth: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct LinkPairs {
    /// One table with itself, or two tables: CSV with a header row
    #[arg(required = true, num_args = 1..=2)]
    pub(crate) files: Vec<PathBuf>,
    /// The file of pairs to write: CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// A model; without it the built-in one for people is trained on the tables
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Where to keep the model that was trained
    #[arg(long, value_name = "FILE")]
    pub(crate) keep_model: Option<PathBuf>,
    /// Write pairs from this probability on
    #[arg(long, value_name = "P", default_value_t = 0.5, value_parser = probability)]
    pub(crate) at: f64,
    /// The column that says who a row truly is: prints precision, recall and F1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) truth: Option<String>,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
}

/// Layouts of court files: list, show, check, or draft one for a file
#[derive(ClapArgs)]
pub(crate) struct LayoutArgs {
    #[command(subcommand)]
    pub(crate) command: LayoutCommand,
}

#[derive(Subcommand)]
pub(crate) enum LayoutCommand {
    /// The layouts that come with the program
    List,
    /// Print one
    Show {
        /// Its name
        name: String,
    },
    /// Read a file by a layout and say what fits and what does not; nothing is written
    Check {
        /// The court's file
        file: PathBuf,
        /// A name that `vacatur layout list` prints, or a file
        #[arg(long, value_name = "LAYOUT")]
        layout: String,
    },
    /// Draft a layout for a file that has none: columns, dates, codes and case numbers as they are found
    Infer {
        /// The court's file
        file: PathBuf,
    },
}

/// A probability.
fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if p > 0.0 && p < 1.0 => Ok(p),
        _ => Err("a probability is more than 0 and less than 1: 0.95".into()),
    }
}
