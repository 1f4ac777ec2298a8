//! `vacatur statewide`.

use super::decide::program_hash;
use crate::args::Statewide;
use crate::failure::Failure;
use crate::screen;
use std::process::ExitCode;
use vacatur_eligibility::shelf;
use vacatur_pipeline::Program;
use vacatur_pipeline::statewide::{StatewideJob, statewide};
use vacatur_statutes::Deadlines;

pub(crate) fn run(args: &Statewide) -> Result<ExitCode, Failure> {
    let deadlines = Deadlines::us_ca()?;
    let counties: Vec<String> = shelf::counties().map(str::to_owned).collect();
    let blake3 = program_hash();
    let made = statewide(&StatewideJob {
        run: &args.run,
        out: &args.out,
        steps: &args.steps,
        on: args.on,
        public: args.public,
        deadlines: &deadlines,
        data: Deadlines::file(),
        counties: &counties,
        program: Program { version: env!("CARGO_PKG_VERSION"), blake3: &blake3 },
    })?;
    if !args.quiet {
        screen::print(&made.text())?;
    }
    // The last deadline by which a court had to act.
    let overdue: u64 =
        made.progress.state.at("order").filter(|one| one.days_overdue > 0).map_or(0, |one| one.open);
    if args.max_overdue.is_some_and(|limit| overdue > limit) {
        eprintln!(
            "{overdue} convictions wait for an order after its last day, more than --max-overdue allows"
        );
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}
