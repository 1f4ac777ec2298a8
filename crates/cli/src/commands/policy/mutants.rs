//! `vacatur policy mutants`.

use crate::commands::documents;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::process::ExitCode;
use vacatur_eligibility::{Fate, mutation};
use vacatur_statutes::Statutes;

pub(super) fn run(name: &str, survivors: bool, json: bool) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let bar = Bar::new(false);
    let report = mutation(
        &text,
        &|base| documents::library(name, base),
        Statutes::us_ca()?,
        super::threads(),
        |done, all| {
            if done == 1 {
                bar.mutants(all as u64);
            }
            bar.at(done as u64);
        },
    );
    bar.done();
    let mut report = report.map_err(|error| super::untried(name, &text, error))?;
    let survived = report.survivors().count();
    if json {
        if survivors {
            report.mutants.retain(|mutant| mutant.fate == Fate::Survived);
        }
        let json = serde_json::to_string_pretty(&report).map_err(Failure::said)?;
        screen::print(&format!("{json}\n"))?;
    } else {
        screen::print(&report.text(survivors))?;
    }
    Ok(if survived > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
