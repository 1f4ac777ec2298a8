//! `vacatur policy doc`: a document as a page to be printed and signed.

use crate::commands::documents;
use crate::failure::Failure;
use crate::screen;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use vacatur_policy::Policy;

/// Everything the page needs: it is one file that loads nothing.
const STYLE: &str = include_str!("doc.css");

pub(super) fn run(name: &str, out: Option<&Path>) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let (policy, _) = documents::parse(name, &text)?;
    let page = page(&policy);
    match out {
        Some(path) => {
            std::fs::write(path, page)
                .map_err(|error| Failure::said(format_args!("{}: {error}", path.display())))?;
            eprintln!("Written to {}: print it, and sign the last page", path.display());
        }
        None => screen::print(&page)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn page(policy: &Policy) -> String {
    let heading = &policy.heading;
    let hash = policy.hash().digits();
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escaped(&heading.title)
    );
    document(policy.text(), &mut out);
    for (name, text) in policy.bases() {
        let _ = writeln!(
            out,
            "<hr>\n<p class=\"base\">The document builds on <b>{}</b>, which follows.</p>",
            escaped(name)
        );
        document(text, &mut out);
    }
    let rows = [
        ("Document", heading.id.as_str()),
        ("Title", heading.title.as_str()),
        ("Adopted by", heading.authority.as_str()),
        ("BLAKE3 of its bytes", hash),
    ];
    let _ = writeln!(
        out,
        "</main>\n<section class=\"signature\" aria-label=\"Signature\">\n<h2>Signature</h2>\n<table>"
    );
    for (key, value) in rows {
        let _ = writeln!(out, "<tr><th scope=\"row\">{key}</th><td>{}</td></tr>", escaped(value));
    }
    let _ = writeln!(out, "<tr><th scope=\"row\">In force</th><td>{}</td></tr>\n</table>", heading.effective);
    let _ = writeln!(
        out,
        "<p>I adopt this policy as it stands above. Runs made under it carry the hash in their manifest.</p>\n<p class=\"line\">Name and office</p>\n<p class=\"line\">Signature</p>\n<p class=\"line\">Date</p>\n</section>\n<footer>{} · {hash}</footer>\n</body>\n</html>",
        escaped(&heading.id)
    );
    out
}

/// A document as HTML. What runs stands out, with its kind and name above it; HTML inside the document is shown as text.
fn document(text: &str, out: &mut String) {
    let mut events = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let (kind, name) = info.split_once(' ').unwrap_or((&info, ""));
                let label = if name.is_empty() { kind.to_owned() } else { format!("{kind}: {name}") };
                let class = if matches!(kind, "" | "text") { "prose" } else { "runs" };
                events.push(Event::Html(
                    format!(
                        "<figure class=\"{class} {}\"><figcaption>{}</figcaption><pre>",
                        escaped(kind),
                        escaped(&label)
                    )
                    .into(),
                ));
            }
            Event::End(TagEnd::CodeBlock) => events.push(Event::Html("</pre></figure>\n".into())),
            Event::Html(html) | Event::InlineHtml(html) => events.push(Event::Text(html)),
            event => events.push(event),
        }
    }
    html::push_html(out, events.into_iter());
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
