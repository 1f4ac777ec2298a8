//! Why a report cannot be made.

use std::path::PathBuf;
use vacatur_pipeline::RunError;

/// An error that ends a report. No message holds anything of a record.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The run cannot be read, or the folder of the report not be written.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The run was made before runs said what reports need.
    #[error("{}: this run was made by an older version, which wrote no {file}; decide again, then report", path.display())]
    Older {
        /// The folder of the run.
        path: PathBuf,
        /// The file that it lacks.
        file: &'static str,
    },
    /// A file of the run is not the one that its manifest names.
    #[error("{}: {file} is not the file that the manifest names; it was changed since the run. Decide again, or get the folder as it was", path.display())]
    Changed {
        /// The folder of the run.
        path: PathBuf,
        /// The file.
        file: String,
    },
    /// A file of the run cannot be read.
    #[error("{}: {file} cannot be read: {what}", path.display())]
    Unreadable {
        /// The folder of the run.
        path: PathBuf,
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// Two files of the run say different things of it.
    #[error("{}: {what}: {here} counted here, {there} in {file}; no report is made of numbers that contradict each other", path.display())]
    Mismatch {
        /// The folder of the run.
        path: PathBuf,
        /// What was counted.
        what: &'static str,
        /// What came of it.
        here: u64,
        /// What the other file says.
        there: u64,
        /// The other file.
        file: &'static str,
    },
    /// The rows of two tables are not of the same people.
    #[error("{}: people.parquet and determinations.parquet are not of the same run, or not in the same order", path.display())]
    Apart {
        /// The folder of the run.
        path: PathBuf,
    },
    /// No decided conviction is in the county asked for.
    #[error("no decided conviction of this run is in the county {county}{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean {near}?")))]
    County {
        /// The county asked for.
        county: String,
        /// The most similar county of the run.
        near: Option<String>,
    },
    /// A report of one county would let numbers be subtracted from the report of all.
    #[error(
        "{county} alone cannot be reported for publication: beside the report of all it would give away numbers that either withholds. The report of all has a table of counties; --internal --county {county} is for the office"
    )]
    Slice {
        /// The county.
        county: String,
    },
    /// No figure or table has the name.
    #[error("there is no figure or table `{name}`{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean {near}?")))]
    NoFigure {
        /// The name.
        name: String,
        /// The most similar one.
        near: Option<String>,
    },
    /// Numbers of the report contradict each other: a defect of this program.
    #[error("the numbers of the report contradict each other ({what}); this is a defect of the program")]
    Contradiction {
        /// What is wrong.
        what: String,
    },
    /// A page cannot be drawn: a defect of what comes with this program.
    #[error("the report cannot be drawn: {what}")]
    Drawing {
        /// What is wrong.
        what: String,
    },
    /// The table of groups that comes with the program cannot be read.
    #[error("reports/us-ca/race.toml: {what}")]
    Groups {
        /// What is wrong with it.
        what: String,
    },
}
