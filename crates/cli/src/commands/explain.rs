//! `vacatur explain`.

use crate::args::Explain;
use crate::failure::Failure;
use crate::screen;
use std::process::ExitCode;
use vacatur_eligibility::{Account, shelf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_pipeline::{Asked, explain};
use vacatur_statutes::Statutes;

pub(crate) fn run(args: &Explain) -> Result<ExitCode, Failure> {
    let layout = Layout::us_ca_doj();
    let words = Words::us_ca_doj()?;
    let explained = explain(Asked {
        run: &args.run,
        person: &args.person,
        count: args.count.as_deref(),
        inputs: args.inputs.as_deref(),
        layout: &layout,
        words: &words,
        statutes: Statutes::us_ca()?,
        counties: shelf::counties().map(str::to_owned).collect(),
    })?;
    for remark in &explained.remarks {
        screen::complain(format!("note: {remark}\n").as_bytes());
    }
    if args.json {
        let json = serde_json::to_string_pretty(&explained.accounts).map_err(Failure::said)?;
        screen::print(&json)?;
        screen::print("\n")?;
    } else {
        let texts: Vec<String> = explained.accounts.iter().map(Account::text).collect();
        screen::print(&texts.join("\n----------------------------------------\n\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}
