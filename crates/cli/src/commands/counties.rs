//! The list of counties of `vacatur decide --counties`, with its policies.

use super::documents;
use crate::failure::Failure;
use jiff::civil::Date;
use std::path::Path;
use vacatur_eligibility::{Assigned, Assignment, Compiled, shelf};
use vacatur_ingest::source::read_whole;
use vacatur_policy::Diagnostic;
use vacatur_statutes::Statutes;

/// The most bytes of such a list, which has a few thousand.
const LARGEST: u64 = 1 << 20;

/// Who decides for which county.
pub(crate) struct Offices {
    pub(crate) assigned: Assigned,
    /// What the statute itself gives.
    pub(crate) statute: Option<Compiled>,
}

/// Reads the list and every policy that it names. What is wrong is shown with its line.
pub(crate) fn read(
    path: &Path,
    as_of: Date,
    no_statute: bool,
    statutes: &Statutes,
) -> Result<Offices, Failure> {
    let name = path.display().to_string();
    let bytes = read_whole(path, LARGEST).map_err(|error| Failure::said(format_args!("{name}: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::said(format_args!("{name}: this is no UTF-8 text; save the list as UTF-8")))?;
    let shown = |errors: Vec<Diagnostic>| {
        documents::show(&name, &text, &errors);
        Failure::Shown
    };
    let counties: Vec<String> = shelf::counties().map(str::to_owned).collect();
    let assignment = Assignment::parse(&text, &counties).map_err(shown)?;
    let mut find = |policy: &str| {
        let found = beside(path, policy);
        let said = |failure: Failure| match failure {
            Failure::Said(what) => what,
            _ => format!("{policy} fails its check; what is wrong with it is shown above"),
        };
        let found = documents::in_force(&found, as_of).map_err(said)?;
        let text = documents::text(&found).map_err(said)?;
        documents::parse(&found, &text).map(|(policy, _)| policy).map_err(said)
    };
    let (assigned, statute) = assignment.compile(&counties, statutes, &mut find).map_err(shown)?;
    let statute = match statute.filter(|_| !no_statute) {
        None => None,
        Some(named) => {
            let by = named.named_by.as_ref().map_or_else(|| name.clone(), |by| beside(path, by));
            let Some(text) = documents::library(&by, &named.name) else {
                let what = format!("there is no policy `{}` for what the statute itself gives", named.name);
                let hint = "statute = \"none\", or --no-statute, goes on without";
                return Err(shown(vec![Diagnostic::error(named.span, what).hint(hint)]));
            };
            let (policy, _) = documents::parse(&named.name, &text)?;
            let values = policy.values([])?;
            Some(documents::compile(&named.name, policy, values, statutes)?)
        }
    };
    Ok(Offices { assigned, statute })
}

/// A policy as the list names it: from the shelf, or a file beside the list.
fn beside(list: &Path, policy: &str) -> String {
    if shelf::policy(policy).is_some() {
        return policy.to_owned();
    }
    match list.parent().map(|folder| folder.join(policy)) {
        Some(path) if path.is_file() => path.display().to_string(),
        _ => policy.to_owned(),
    }
}
