//! `index.html`: what is in the packet, for a browser. One file, no network, no script.

use crate::account::Account;
use crate::group::GroupAccount;
use crate::writing::plain;
use std::fmt::Write as _;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%;margin:.8rem 0}\
caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid #ccc;vertical-align:top}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}a{color:#0b4f9c}a:focus{outline:3px solid #0b4f9c;outline-offset:2px}\
code{font-size:.8rem;overflow-wrap:anywhere}.sum td,.sum th{border-top:2px solid #1a1a1a;font-weight:600}.wide{overflow-x:auto}\
@media print{body{max-width:none}a{color:inherit}}";

/// The page.
#[must_use]
pub(crate) fn index(account: &Account, zipped: bool) -> String {
    let mut page = String::new();
    let run = &account.run;
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Packet: {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Papers for the court</h1>\n\
         <p>Policy: {} (<code>{}</code>), decided as of {}.</p>\n",
        escaped(&run.policy_title),
        escaped(&run.policy_title),
        escaped(&run.policy),
        escaped(&run.as_of)
    );
    for who in &account.authorized_by {
        let _ = writeln!(
            page,
            "<p>Authorized on {} by {}, {}, under {}: {} convictions ({}).</p>",
            escaped(&who.on),
            escaped(&who.by),
            escaped(&who.title),
            escaped(&who.under),
            grouped(who.convictions),
            if who.scope == "list" { "by list" } else { "all to which the run gives relief" }
        );
    }
    totals(&mut page, account);
    if account.groups.is_empty() {
        page.push_str("<p>No conviction could go into a paper.</p>\n");
    }
    for group in &account.groups {
        one(&mut page, group, zipped);
    }
    page.push_str("<h2>Lists of the office</h2>\n<ul>\n");
    for file in &account.files {
        let _ = writeln!(page, "<li><a href=\"{0}\">{0}</a></li>", escaped(&file.name));
    }
    let _ = write!(
        page,
        "</ul>\n<h2>Where this comes from</h2>\n<p>Manifest of the run, BLAKE3: <code>{}</code><br>Last authorization, BLAKE3: <code>{}</code></p>\n</main>\n</body>\n</html>\n",
        run.manifest_blake3, account.authorization_blake3
    );
    page
}

fn totals(page: &mut String, account: &Account) {
    let totals = &account.totals;
    page.push_str("<table>\n<caption>Convictions to which the run gives relief</caption>\n<tbody>\n");
    let rows = [
        ("In motions", totals.asked),
        ("Challenged by the prosecution", totals.challenged),
        ("To be fixed first", totals.to_fix),
        ("Filed by an earlier packet", totals.already_filed),
        ("Not authorized", totals.not_authorized),
    ];
    for (label, number) in rows {
        let _ =
            writeln!(page, "<tr><th scope=\"row\">{label}</th><td class=\"n\">{}</td></tr>", grouped(number));
    }
    let _ = write!(
        page,
        "<tr class=\"sum\"><th scope=\"row\">In all</th><td class=\"n\">{}</td></tr>\n</tbody>\n</table>\n",
        grouped(totals.granted)
    );
    if !account.problems.is_empty() {
        page.push_str("<table>\n<caption>What is to be fixed (<a href=\"fix-list.csv\">fix-list.csv</a> says how)</caption>\n<tbody>\n");
        for (problem, number) in &account.problems {
            let _ = writeln!(
                page,
                "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td></tr>",
                escaped(problem),
                grouped(*number)
            );
        }
        page.push_str("</tbody>\n</table>\n");
    }
}

/// Files of single cases are too many for a page: their folder is linked.
fn one(page: &mut String, group: &GroupAccount, zipped: bool) {
    let part = match group.part {
        "completed" => "sentence completed",
        "serving" => "sentence being served",
        _ => "challenged by the prosecution",
    };
    let _ = writeln!(
        page,
        "<h2>{}: {}, {part}</h2>\n<p>{} of {} in {}. Cases in which a conviction stays that does not qualify: {}.</p>",
        escaped(&group.court),
        escaped(&group.prosecutor),
        many(group.convictions, "conviction", "convictions"),
        many(group.people, "person", "people"),
        many(group.cases, "case", "cases"),
        grouped(group.mixed_cases)
    );
    page.push_str("<div class=\"wide\"><table>\n<caption>Files</caption>\n<thead><tr><th scope=\"col\">File</th><th scope=\"col\" class=\"n\">Bytes</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
    for file in &group.files {
        let name = escaped(plain(&file.name));
        let link = if zipped { name } else { format!("<a href=\"{}\">{name}</a>", escaped(&file.name)) };
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">{link}</th><td class=\"n\">{}</td><td><code>{}</code></td></tr>",
            grouped(file.bytes),
            file.sha256
        );
    }
    page.push_str("</tbody>\n</table></div>\n");
    if group.case_papers > 0 {
        let folder = escaped(&format!("{}/cases/", group.folder));
        let link = if zipped { folder } else { format!("<a href=\"{folder}\">{folder}</a>") };
        let _ = writeln!(page, "<p>{} papers of single cases: {link}</p>", grouped(group.case_papers));
    }
    if zipped {
        let court = escaped(group.folder.split('/').next().unwrap_or_default());
        let _ = writeln!(page, "<p>All of it is in <a href=\"{court}.zip\">{court}.zip</a>.</p>");
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A number of things.
#[must_use]
pub fn many(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { more })
}

/// A number with commas: 66,000.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
