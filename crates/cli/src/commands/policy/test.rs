//! `vacatur policy test`.

use crate::commands::documents;
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::process::ExitCode;

pub(super) fn run(name: &str, only: Option<&str>) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let reports: Vec<_> = super::suite(name, &text)?
        .run()
        .into_iter()
        .filter(|report| only.is_none_or(|only| report.name.to_lowercase().contains(&only.to_lowercase())))
        .collect();
    let mut out = String::new();
    let (mut failed, mut expectations) = (0, 0);
    for report in &reports {
        expectations += report.expectations;
        let word = if report.failures.is_empty() { "ok    " } else { "FAILED" };
        let _ = writeln!(out, "{word}  {}", report.name);
        failed += usize::from(!report.failures.is_empty());
        for failure in &report.failures {
            let line = text[..failure.span.start.min(text.len())].matches('\n').count() + 1;
            let _ = writeln!(out, "        line {line}: {}", failure.message);
            if let Some(account) = &failure.account {
                for line in account.text().lines() {
                    let _ = writeln!(out, "        | {line}");
                }
            }
        }
    }
    let _ = writeln!(
        out,
        "{name}: {} tests, {expectations} expectations, {} passed, {failed} failed",
        reports.len(),
        reports.len() - failed
    );
    screen::print(&out)?;
    if reports.is_empty() {
        return Err(Failure::said(format_args!("{name}: no test was run")));
    }
    Ok(if failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
