//! `vacatur policy coverage`.

use crate::commands::documents;
use crate::failure::Failure;
use crate::screen;
use std::process::ExitCode;
use vacatur_eligibility::coverage;

pub(super) fn run(name: &str, json: bool) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let report = coverage(&super::suite(name, &text)?);
    if json {
        let json = serde_json::to_string_pretty(&report).map_err(Failure::said)?;
        screen::print(&format!("{json}\n"))?;
    } else {
        screen::print(&report.text())?;
    }
    Ok(ExitCode::SUCCESS)
}
