//! The folder as a page: what was found, in numbers, with what to do about it. No network, no script.

use crate::account::Account;
use crate::calibration::Measured;
use crate::charts::charts;
use crate::court_file::CourtFile;
use crate::linking::Linked;
use crate::standing::Status;
use std::fmt::Write as _;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.2rem}table{border-collapse:collapse;margin:.6rem 0;width:100%}\
caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #c8c8c8;vertical-align:top}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}a{color:#00487a}figure{margin:1rem 0;overflow-x:auto}\
svg{max-width:100%;height:auto}.note{background:#f3f3f0;padding:.7rem 1rem;border-left:4px solid #555}\
@media print{body{max-width:none;margin:0}a{color:inherit}}";

/// The page.
pub(crate) fn page(account: &Account, linked: Option<(&Linked, &Measured)>, file: &CourtFile) -> String {
    let mut html = String::from("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    let _ = write!(
        html,
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Court records against the state's</title><style>{STYLE}</style></head>\n<body><main>\n<h1>Court records against the state's</h1>\n"
    );
    let _ = writeln!(
        html,
        "<p>Courts: {}. This page holds numbers and names nobody; the tables beside it hold names, birth dates and case numbers.</p>",
        escape(&file.counties.join(", "))
    );
    if account.state.is_some() {
        let rows: Vec<(String, u64, &str)> =
            [Status::InState, Status::CaseMissing, Status::PersonUnknown, Status::CannotTell]
                .into_iter()
                .map(|status| {
                    let number =
                        account.convictions.by_status.get(status.word()).copied().unwrap_or_default();
                    (status.words().to_owned(), number, meaning(status))
                })
                .collect();
        table(&mut html, "Convictions of the court's file", &rows);
        let why: Vec<(String, u64, &str)> = account
            .convictions
            .cannot_tell
            .iter()
            .map(|(why, number)| ((*why).to_owned(), *number, ""))
            .collect();
        if !why.is_empty() {
            table(&mut html, "Why it cannot be told", &why);
        }
        let differs: Vec<(String, u64, &str)> = account
            .convictions
            .differs
            .iter()
            .map(|(what, number)| ((*what).to_owned(), *number, ""))
            .collect();
        if !differs.is_empty() {
            table(&mut html, "What differs, of those that both have", &differs);
        }
        let missing: Vec<(String, u64, &str)> = account
            .convictions
            .missing_by_decade
            .iter()
            .map(|(decade, number)| (decade.clone(), *number, ""))
            .collect();
        if !missing.is_empty() {
            table(&mut html, "Missing from the state's file, by decade of the conviction", &missing);
        }
        let state = &account.state_convictions;
        table(
            &mut html,
            "Convictions of the state's file in the court's counties",
            &[
                ("confirmed by the court".into(), state.confirmed, "both say the same"),
                ("in conflict".into(), state.in_conflict, "both have it and say something different"),
                (
                    "not found in court".into(),
                    state.not_found,
                    "purged, of another branch, older than the court's file, or of somebody who was not linked",
                ),
                ("cannot tell".into(), state.cannot_tell, "a charge of the court may be it"),
            ],
        );
    }
    let links = &account.links;
    table(
        &mut html,
        "Defendants, one for each case",
        &[
            ("linked".into(), links.linked, "somebody in the state's file"),
            (
                "linked by the case number".into(),
                links.linked_by_case,
                "of those linked: the number, the day and the offence settled it",
            ),
            (
                "linked by an answer".into(),
                links.settled_by_answer,
                "of those linked: a review sheet settled it",
            ),
            (
                "in doubt".into(),
                links.in_doubt,
                "somebody has to look; until then it makes nobody eligible or ineligible",
            ),
            ("not found".into(), links.not_found, "nobody in the state's file comes near"),
            ("no person".into(), links.no_person, "a company, or a word that stands for nobody"),
        ],
    );
    html.push_str(
        "<h2>The tables</h2>\n<ul>\n\
<li><a href=\"court-convictions.csv\">court-convictions.csv</a>: every conviction of the court's file and where it stands</li>\n\
<li><a href=\"state-convictions.csv\">state-convictions.csv</a>: every conviction of the state's file in these counties</li>\n\
<li><a href=\"for-the-prosecutor.csv\">for-the-prosecutor.csv</a>, <a href=\"for-the-court.csv\">for-the-court.csv</a>, <a href=\"for-the-state.csv\">for-the-state.csv</a>: what each has to look at, with the evidence</li>\n\
<li><a href=\"links.jsonl\">links.jsonl</a>: how each link came about</li>\n\
<li><a href=\"review-links.csv\">review-links.csv</a>: defendants in doubt, to be filled in and given back with <code>--answers</code></li>\n\
<li><a href=\"court-cases.csv\">court-cases.csv</a> and <a href=\"court-evidence.csv\">court-evidence.csv</a>: what <code>vacatur decide --linked</code> reads beside the state's file</li>\n</ul>\n",
    );
    if let Some((linked, measured)) = linked {
        charts(&mut html, linked, measured);
    }
    html.push_str("</main></body></html>\n");
    html
}

fn meaning(status: Status) -> &'static str {
    match status {
        Status::InState => "the state's file has it",
        Status::CaseMissing => "never reported: the state has the person and not the case",
        Status::PersonUnknown => {
            "cited and released, or never fingerprinted: the state has no record of the person"
        }
        Status::CannotTell => "on the prosecutor's list, with the reason",
    }
}

fn table(html: &mut String, caption: &str, rows: &[(String, u64, &str)]) {
    let explained = rows.iter().any(|(.., note)| !note.is_empty());
    let _ = write!(
        html,
        "<table><caption>{}</caption><thead><tr><th scope=\"col\">What</th><th scope=\"col\" class=\"n\">Number</th>",
        escape(caption)
    );
    if explained {
        html.push_str("<th scope=\"col\">Meaning</th>");
    }
    html.push_str("</tr></thead><tbody>\n");
    for (what, number, note) in rows {
        let _ = write!(
            html,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>",
            escape(what),
            crate::account::grouped(*number)
        );
        if explained {
            let _ = write!(html, "<td>{}</td>", escape(note));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n");
}

/// Text in HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
