//! `vacatur extract`: rows for research in which nobody can be told from others.

use crate::args::{Extract, Rows};
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::process::ExitCode;
use vacatur_disclosure::extract::{Of, Options, extract};

pub(crate) fn run(args: &Extract) -> Result<ExitCode, Failure> {
    let of = match args.rows {
        Rows::Convictions => Of::Convictions,
        Rows::People => Of::People,
    };
    let options = Options { of, k: args.k, most_lost: args.most_lost, without: args.without.clone() };
    let made = extract(&args.run, &args.out, &options).map_err(Failure::said)?;
    let mut said = format!("{}\n", made.folder.display());
    for (column, level) in &made.columns {
        let _ = writeln!(said, "  {column:<22} {level}");
    }
    let _ = writeln!(
        said,
        "{} rows in {} combinations, {} people in the smallest; {} rows of {} people left out",
        made.rows, made.classes, made.fewest, made.rows_lost, made.people_lost
    );
    let _ = writeln!(
        said,
        "{} combinations ({} rows) have one outcome only: whoever is known to be in one is known to have it",
        made.one_outcome, made.rows_of_one_outcome
    );
    said += "written, read again and counted against the run\n";
    screen::print(&said)?;
    Ok(ExitCode::SUCCESS)
}
