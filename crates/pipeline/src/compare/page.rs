//! `comparison.html`: one file with everything, without a script and without a network.

use super::Role;
use super::chart::{self, escape};
use super::results::{Compared, Comparison};
use super::text::{hours, percent, thousands};
use std::fmt::Write as _;
use vacatur_policy::OutcomeKind;

/// How many pairs of policies are told, and how many kinds of each.
const PAIRS: usize = 40;
const KINDS: usize = 12;
/// How many policies have their numbers by group on the page: more of them nobody reads there.
const GROUPED: usize = 16;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.2rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}caption{text-align:left;color:#595959;padding:.3rem 0}
th,td{padding:.25rem .6rem;border-bottom:1px solid #c8c8c8;text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}tbody th{min-width:14rem;font-weight:600}
thead th{border-bottom:2px solid #1a1a1a}figure{margin:1rem 0}svg{width:100%;max-width:45rem;height:auto}summary{cursor:pointer;padding:.4rem 0}
.note{color:#595959}a:focus-visible,summary:focus-visible,.wide:focus-visible{outline:3px solid #0072B2;outline-offset:2px}
@media print{body{max-width:none;font-size:11px}details>*{display:block}}";

/// The page.
pub(super) fn page(comparison: &Comparison) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>Policies compared</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Policies compared on the same people</h1>\n<p>{} people, {} of them with a conviction that one of {} policies decides, as of {}. For the office alone: small numbers are not withheld.</p>\n",
        thousands(comparison.people),
        thousands(comparison.people_concerned),
        comparison.candidates.len(),
        escape(&comparison.as_of)
    );
    main_table(comparison, &mut page);
    // Writing to a string cannot fail.
    let _ = writeln!(
        page,
        "<h2>Relief against the load of reviews</h2>\n<figure>\n{}<figcaption class=\"note\">Filled: no other chosen policy helps as many people for as few hours. Hollow: one does. Square: a baseline. The table above has every point, by its number.</figcaption>\n</figure>",
        chart::frontier(comparison)
    );
    reviews(comparison, &mut page);
    disparities(comparison, &mut page);
    differences(comparison, &mut page);
    groups(comparison, &mut page);
    let _ = writeln!(
        page,
        "<h2>How to read it</h2>\n<p>Every policy decided the same people in one pass, as <code>vacatur decide</code> does under that policy alone. <em>Left without</em> means: had one, and surely has none afterwards. Of people whose record is not complete it cannot be told; they are in the columns <em>cannot tell</em>. Race is as recorded by the agencies, often by an officer's impression. The intervals say how far a share moves by chance alone among as few people.</p>\n</main>\n</body>\n</html>"
    );
    page
}

/// A table: its caption, its head and its rows. A column whose number is in `numbers` is of numbers.
fn table(page: &mut String, caption: &str, head: &[&str], texts: usize, rows: &[Vec<String>]) {
    let class = |at: usize| if at >= texts { " class=\"n\"" } else { "" };
    let _ = write!(
        page,
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead><tr>",
        escape(caption)
    );
    for (at, name) in head.iter().enumerate() {
        let _ = write!(page, "<th scope=\"col\"{}>{}</th>", class(at), escape(name));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let _ = match at {
                0 => write!(page, "<th scope=\"row\">{}</th>", escape(cell)),
                at => write!(page, "<td{}>{}</td>", class(at), escape(cell)),
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
}

fn outcome(one: &Compared, word: &str) -> u64 {
    let all = one.groups.get("all").and_then(|groups| groups.first());
    all.and_then(|group| group.by_outcome.get(word)).copied().unwrap_or_default()
}

fn main_table(comparison: &Comparison, page: &mut String) {
    let rows: Vec<Vec<String>> = comparison
        .candidates
        .iter()
        .map(|one| {
            let standing = &one.standing;
            let numbers = [
                one.people_helped,
                outcome(one, "dismiss") + outcome(one, "grant"),
                outcome(one, "reduce"),
                outcome(one, "not_eligible") + outcome(one, "not_yet"),
                one.reviews.convictions,
            ];
            let after = [
                standing.without_felony,
                standing.without_felony_unclear,
                standing.without_conviction,
                standing.without_conviction_unclear,
            ];
            let what = match one.role {
                Role::Chosen => String::new(),
                Role::Entitlement => " (what the statute gives)".to_owned(),
                Role::Everything => " (everything dismissed)".to_owned(),
            };
            let mut row = vec![format!("#{} {}{what}", one.number, one.label)];
            row.extend(numbers.map(thousands));
            row.push(hours(one.reviews.minutes));
            row.extend(after.map(thousands));
            row
        })
        .collect();
    let head = [
        "Policy",
        "People helped",
        "Dismissed",
        "Reduced",
        "Not eligible",
        "Reviews",
        "Hours",
        "Left without a felony",
        "cannot tell",
        "Left without a conviction",
        "cannot tell",
    ];
    let caption = format!(
        "Each policy; hours at {} minutes a review, people counted once",
        comparison.minutes_per_review
    );
    page.push_str("<h2>What each policy does</h2>\n");
    table(page, &caption, &head, 1, &rows);
}

fn reviews(comparison: &Comparison, page: &mut String) {
    let mut rows = Vec::new();
    for one in &comparison.candidates {
        for missing in &one.reviews.missing {
            let of = format!("#{}", one.number);
            rows.push(vec![of, missing.fact.clone(), thousands(missing.reviews), thousands(missing.alone)]);
        }
    }
    if !rows.is_empty() {
        page.push_str("<h2>What reviews miss</h2>\n");
        let head = ["Policy", "Missing fact", "Reviews that miss it", "and nothing else"];
        table(page, "Reviews by the fact that is missing; one may miss several", &head, 2, &rows);
    }
}

fn disparities(comparison: &Comparison, page: &mut String) {
    let mut rows = Vec::new();
    for one in &comparison.candidates {
        for group in &one.disparities {
            let share = group.share;
            let ratio = group.ratio.map_or_else(
                || if group.group == group.reference { "reference".to_owned() } else { "–".to_owned() },
                |ratio| format!("{:.2} ({:.2} to {:.2})", ratio.ratio, ratio.low, ratio.high),
            );
            rows.push(vec![
                format!("#{}", one.number),
                group.group.clone(),
                thousands(group.concerned),
                thousands(group.helped),
                format!("{} ({} to {})", percent(share.share), percent(share.low), percent(share.high)),
                ratio,
            ]);
        }
    }
    if !rows.is_empty() {
        page.push_str("<h2>Who is helped, by race as recorded</h2>\n<p>The share of people helped, of those whom one of the policies decides, and how it compares with the largest group. A ratio whose interval does not hold 1 is beyond chance.</p>\n");
        let head = ["Policy", "Race", "People concerned", "helped", "Share (95 %)", "Ratio (95 %)"];
        table(page, "Shares and ratios by policy and race", &head, 2, &rows);
    }
}

fn differences(comparison: &Comparison, page: &mut String) {
    let _ = writeln!(
        page,
        "<h2>On what they differ</h2>\n<p>{} counts on which two of the chosen policies differ.</p>",
        thousands(comparison.differing)
    );
    for (at, pair) in comparison.pairs.iter().take(PAIRS).enumerate() {
        let rows: Vec<Vec<String>> = pair
            .kinds
            .iter()
            .take(KINDS)
            .map(|kind| {
                let told = |outcome: &str, reason: &str| {
                    if reason.is_empty() { outcome.to_owned() } else { format!("{outcome}: {reason}") }
                };
                vec![
                    told(&kind.outcome, &kind.reason),
                    told(&kind.other_outcome, &kind.other_reason),
                    thousands(kind.counts),
                ]
            })
            .collect();
        let open = if at == 0 { " open" } else { "" };
        let _ = writeln!(
            page,
            "<details{open}><summary>#{} and #{}: {} counts</summary>",
            pair.one,
            pair.other,
            thousands(pair.counts)
        );
        let caption = format!("Outcomes and reasons of #{} and #{}", pair.one, pair.other);
        table(page, &caption, &[&format!("#{}", pair.one), &format!("#{}", pair.other), "Counts"], 2, &rows);
        if pair.kinds.len() > KINDS {
            let _ =
                writeln!(page, "<p class=\"note\">and {} more, in pairs.csv</p>", pair.kinds.len() - KINDS);
        }
        page.push_str("</details>\n");
    }
    if comparison.pairs.len() > PAIRS {
        let _ = writeln!(
            page,
            "<p class=\"note\">and {} more pairs of policies, in pairs.csv</p>",
            comparison.pairs.len() - PAIRS
        );
    }
}

fn groups(comparison: &Comparison, page: &mut String) {
    page.push_str("<h2>By group</h2>\n");
    if comparison.candidates.len() > GROUPED {
        let _ =
            writeln!(page, "<p class=\"note\">The first {GROUPED} policies; all are in comparison.csv.</p>");
    }
    for dimension in ["section", "level", "year", "county", "age", "sex", "race"] {
        let mut rows = Vec::new();
        let mut used = vec![false; OutcomeKind::ALL.len()];
        for one in comparison.candidates.iter().take(GROUPED) {
            for group in one.groups.get(dimension).into_iter().flatten() {
                for (used, kind) in used.iter_mut().zip(OutcomeKind::ALL) {
                    *used |= group.by_outcome.get(kind.word()).is_some_and(|number| *number > 0);
                }
            }
        }
        let kinds: Vec<OutcomeKind> =
            OutcomeKind::ALL.into_iter().zip(used).filter(|(_, used)| *used).map(|(kind, _)| kind).collect();
        for one in comparison.candidates.iter().take(GROUPED) {
            for group in one.groups.get(dimension).into_iter().flatten() {
                let number =
                    |kind: &OutcomeKind| group.by_outcome.get(kind.word()).copied().unwrap_or_default();
                if kinds.iter().all(|kind| number(kind) == 0) {
                    continue;
                }
                let mut row = vec![group.group.clone(), format!("#{}", one.number)];
                row.extend(kinds.iter().map(|kind| thousands(number(kind))));
                rows.push(row);
            }
        }
        // A group's policies stand together.
        rows.sort_by(|one, other| {
            let name = |row: &Vec<String>| row.first().cloned().unwrap_or_default();
            let (one, other) = (name(one), name(other));
            super::groups::order(&one).cmp(&super::groups::order(&other))
        });
        let mut head = vec!["Group", "Policy"];
        head.extend(kinds.iter().map(|kind| kind.word()));
        let _ = writeln!(page, "<details><summary>By {dimension}</summary>");
        table(page, &format!("Convictions by {dimension} and outcome"), &head, 2, &rows);
        page.push_str("</details>\n");
    }
}
