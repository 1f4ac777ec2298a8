//! `vacatur link evaluate`.

use crate::args::LinkEvaluate;
use crate::failure::Failure;
use crate::screen;
use std::process::ExitCode;
use vacatur_reconcile::evaluate;

pub(crate) fn run(args: &LinkEvaluate) -> Result<ExitCode, Failure> {
    let evaluation = evaluate(&args.folder, &args.truth)?;
    if args.json {
        let json = serde_json::to_string_pretty(&evaluation).map_err(Failure::said)?;
        screen::print(&format!("{json}\n"))?;
    } else {
        screen::print(&evaluation.text())?;
    }
    Ok(ExitCode::SUCCESS)
}
