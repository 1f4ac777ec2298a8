//! The arguments of `vacatur forms`.

use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

#[derive(ClapArgs)]
pub(crate) struct Forms {
    #[command(subcommand)]
    pub(crate) command: FormsCommand,
}

#[derive(Subcommand)]
pub(crate) enum FormsCommand {
    /// The field maps that come with the program
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the fields of a form, or draft a field map for it
    #[command(
        after_help = "Examples:\n  vacatur forms inspect cr-400.pdf\n  vacatur forms inspect cr-409.pdf --draft > fields.toml"
    )]
    Inspect {
        /// The blank form: a PDF
        file: PathBuf,
        /// Print a draft of a field map instead: the facts are guessed from the names of the fields
        #[arg(long, conflicts_with = "json")]
        draft: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Compare a blank form with a field map, after a new revision for one: says what moved
    #[command(
        after_help = "Exit codes: 0 the map fits the form; 1 something moved; 2 the check was not possible."
    )]
    Check {
        /// The blank form: a PDF
        file: PathBuf,
        /// The field map: the number of a form, such as CR-400, or the path of a map [default: the one made for these
        /// fields]
        #[arg(long, value_name = "MAP")]
        map: Option<String>,
    },
    /// Fill one form from a file of facts
    #[command(
        after_help = "Example:\n  vacatur forms fill cr-400.pdf --facts client.json --out petition.pdf --flatten\n\nThe facts are an object of names and values; docs/src/forms.md lists the names. What is not there stays blank.\nNothing is sworn, signed, dated or waived: the program fills no such field."
    )]
    Fill {
        /// The blank form: a PDF
        file: PathBuf,
        /// The facts of the case (JSON); `-` reads standard input
        #[arg(long, value_name = "FILE")]
        facts: PathBuf,
        /// The field map: the number of a form, such as CR-400, or the path of a map [default: the one made for these
        /// fields]
        #[arg(long, value_name = "MAP")]
        map: Option<String>,
        /// The PDF to make; further copies become OUT-2.pdf, OUT-3.pdf, …
        #[arg(long, value_name = "OUT.pdf")]
        out: PathBuf,
        /// Make the values a part of the page, so that nobody can change them in a viewer
        #[arg(long)]
        flatten: bool,
    },
}
