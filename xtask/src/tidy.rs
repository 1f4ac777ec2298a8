//! The repository's own rules, as far as reading files can check them.

use crate::Complaints;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A source file longer than this holds more than one thing.
const LONGEST: usize = 600;

/// A file of the repository.
struct Text {
    /// From the root, with `/` between folders.
    path: String,
    text: String,
}

/// What is wrong with the repository.
pub(crate) fn check(root: &Path) -> Complaints {
    let files: Vec<Text> = paths(root).into_iter().filter_map(|path| read(root, path)).collect();
    let checks: [fn(&[Text]) -> Complaints; 9] =
        [heads, lengths, embedded, shelf, machine_paths, changelog, book, facts, columns];
    let mut complaints: Complaints = checks.iter().flat_map(|check| check(&files)).collect();
    complaints.extend(links(root, &files));
    println!("  {} files looked at", files.len());
    complaints
}

/// The files that git tracks or would track; without git, every file outside the build folder.
fn paths(root: &Path) -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    let mut found: Vec<String> = match listed {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
        }
        _ => {
            let mut found = Vec::new();
            walk(root, root, &mut found);
            found
        }
    };
    found.sort();
    found.dedup();
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() && !matches!(name.as_str(), "target" | ".git") {
            walk(root, &entry, found);
        } else if let Ok(path) = entry.strip_prefix(root)
            && entry.is_file()
        {
            found.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// The file, if it is still there. What is not UTF-8 in it does not matter to any check.
fn read(root: &Path, path: String) -> Option<Text> {
    let bytes = std::fs::read(root.join(&path)).ok()?;
    Some(Text { path, text: String::from_utf8_lossy(&bytes).into_owned() })
}

fn text_of<'f>(files: &'f [Text], path: &str) -> Option<&'f str> {
    files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
}

/// Source files of a crate: `crates/NAME/src/…`, and the name.
fn sources(files: &[Text]) -> impl Iterator<Item = (&str, &Text)> {
    files.iter().filter_map(|file| {
        let (name, rest) = file.path.strip_prefix("crates/")?.split_once('/')?;
        (rest.starts_with("src/") && rest.ends_with(".rs")).then_some((name, file))
    })
}

/// Every crate says at its head what it is.
fn heads(files: &[Text]) -> Complaints {
    let mut names: Vec<&str> = sources(files).map(|(name, _)| name).collect();
    names.dedup();
    let mut complaints = Vec::new();
    for name in names {
        let heads = ["lib.rs", "main.rs"].map(|file| text_of(files, &format!("crates/{name}/src/{file}")));
        if heads.iter().all(Option::is_none) {
            complaints.push(format!("crates/{name}: there is neither src/lib.rs nor src/main.rs"));
        }
        if heads.iter().flatten().any(|text| !text.starts_with("//! ")) {
            complaints
                .push(format!("crates/{name}: its head file does not begin with a line `//! what it is`"));
        }
    }
    complaints
}

/// No source file is longer than a reader's patience.
fn lengths(files: &[Text]) -> Complaints {
    let lines = |file: &Text| file.text.lines().count();
    sources(files)
        .filter(|(_, file)| lines(file) > LONGEST)
        .map(|(_, file)| format!("{}: {} lines, the most is {LONGEST}; split it", file.path, lines(file)))
        .collect()
}

/// Documents that show what the language can say. They are nobody's policies; a test reads the folder.
const FEATURES: &str = "policies/features/";

/// Data is compiled in: a table that no source includes would be read by nobody. Policies are looked for on their shelf.
fn embedded(files: &[Text]) -> Complaints {
    let folders = ["statutes/", "layouts/"];
    let is_data = |file: &&Text| folders.iter().any(|folder| file.path.starts_with(folder));
    let included = |path: &str| sources(files).any(|(_, file)| file.text.contains(&format!("/{path}\")")));
    files
        .iter()
        .filter(is_data)
        .filter(|file| !included(&file.path))
        .map(|file| format!("{}: no crate includes it with include_str!", file.path))
        .collect()
}

/// Every policy is on the shelf, under the name of its file.
fn shelf(files: &[Text]) -> Complaints {
    const SHELF: &str = "crates/eligibility/src/shelf.rs";
    let Some(list) = text_of(files, SHELF) else { return vec![format!("{SHELF}: is not there")] };
    files
        .iter()
        .filter(|file| !file.path.starts_with(FEATURES))
        .filter_map(|file| file.path.strip_prefix("policies/")?.strip_suffix(".md"))
        .filter(|name| !list.contains(&format!("\"{name}\"")))
        .map(|name| format!("policies/{name}.md: is not on the shelf; add it to POLICIES in {SHELF}"))
        .collect()
}

/// No file names a place on somebody's machine.
fn machine_paths(files: &[Text]) -> Complaints {
    files
        .iter()
        .flat_map(|file| {
            file.text.lines().enumerate().filter_map(|(at, line)| {
                let found = machine_path(line)?;
                Some(format!("{}:{}: names a place on one machine, {found}…", file.path, at + 1))
            })
        })
        .collect()
}

/// The beginning of a path that exists on one machine only.
fn machine_path(line: &str) -> Option<&'static str> {
    // Written in two halves, so that this file does not accuse itself.
    const PLACES: [&str; 5] = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!(":\\Us", "ers\\"),
    ];
    PLACES.into_iter().find(|place| {
        line.match_indices(place).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            // Behind a letter, a dot or a brace it is the middle of a longer, relative path or of an address.
            place.starts_with(':')
                || before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-' | '}' | '/'))
        })
    })
}

/// The change log has a place for what comes next.
fn changelog(files: &[Text]) -> Complaints {
    let has = text_of(files, "CHANGELOG.md")
        .is_some_and(|text| text.lines().any(|line| line.trim() == "## [Unreleased]"));
    if has { Vec::new() } else { vec!["CHANGELOG.md: there is no section `## [Unreleased]`".into()] }
}

/// The book's table of contents lists every page, each once.
fn book(files: &[Text]) -> Complaints {
    const SUMMARY: &str = "docs/src/SUMMARY.md";
    let Some(summary) = text_of(files, SUMMARY) else { return vec![format!("{SUMMARY}: is not there")] };
    let listed = targets(summary);
    let pages = files
        .iter()
        .filter_map(|file| file.path.strip_prefix("docs/src/"))
        .filter(|page| page.ends_with(".md"));
    pages
        .filter(|page| *page != "SUMMARY.md")
        .filter_map(|page| {
            match listed.iter().filter(|target| target.trim_start_matches("./") == page).count() {
                1 => None,
                0 => Some(format!("docs/src/{page}: {SUMMARY} does not list it")),
                _ => Some(format!("docs/src/{page}: {SUMMARY} lists it more than once")),
            }
        })
        .collect()
}

/// A page says of each thing in a list what the list says.
fn described(files: &[Text], list: &str, page: &str, read: fn(&str) -> Vec<(String, String)>) -> Complaints {
    let (Some(source), Some(text)) = (text_of(files, list), text_of(files, page)) else {
        return vec![format!("{list} or {page}: is not there")];
    };
    let found = read(source);
    if found.is_empty() {
        return vec![format!("{list}: nothing can be read out of it; has the list changed its shape?")];
    }
    // In a table a bar is written with a backslash.
    let text = text.replace("\\|", "|");
    let says = |name: &str, words: &str| {
        text.lines().any(|line| line.contains(&format!("{name}`")) && line.contains(words))
    };
    let missing = found.into_iter().filter(|(name, words)| !says(name, words));
    missing.map(|(name, words)| format!("{page}: does not say of `{name}`: {words}")).collect()
}

/// The reference of the policy language says of every fact what the vocabulary says.
fn facts(files: &[Text]) -> Complaints {
    described(files, "crates/eligibility/src/vocabulary.rs", "docs/src/policy-language.md", facts_of)
}

/// The page on the outputs says of every column of a determination what the table says.
fn columns(files: &[Text]) -> Complaints {
    described(files, "crates/pipeline/src/table.rs", "docs/src/outputs.md", columns_of)
}

/// Name and sentence of every fact: a line `CONSTANT = "name", Scope, Kind, Missing,` and a line with the sentence.
fn facts_of(vocabulary: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = vocabulary.lines().collect();
    let is_head = |line: &str| line.contains(" = \"") && line.trim_end().ends_with(',');
    let heads = lines.windows(2).filter(|pair| is_head(pair[0]));
    heads.filter_map(|pair| Some((quoted(pair[0])?, quoted(pair[1])?))).collect()
}

/// Name and sentence of every column: a line `name: Kind, "sentence";`.
fn columns_of(table: &str) -> Vec<(String, String)> {
    let column = |line: &str| {
        let (name, rest) = line.trim().split_once(": ")?;
        let (kind, _) = rest.split_once(", \"")?;
        let is_column = rest.ends_with("\";") && kind.chars().all(char::is_alphanumeric);
        Some((name.to_owned(), quoted(rest).filter(|_| is_column)?))
    };
    table.lines().filter_map(column).collect()
}

/// What stands between the first quotation mark of a line and its last.
fn quoted(line: &str) -> Option<String> {
    Some(line.split_once('"')?.1.rsplit_once('"')?.0.to_owned())
}

/// Every link of a document to a file leads somewhere.
fn links(root: &Path, files: &[Text]) -> Complaints {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&file.path)
            .parent()
            .map(|folder| root.join(folder))
            .unwrap_or_else(|| PathBuf::from(root));
        for target in targets(&file.text) {
            if !target.is_empty() && !folder.join(&target).exists() {
                complaints.push(format!("{}: the link to {target} leads nowhere", file.path));
            }
        }
    }
    complaints
}

/// The files that a Markdown text links to, as written; not those on other machines, and not inside fences.
fn targets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fence: Option<usize> = None;
    for line in text.lines() {
        let ticks = line.trim_start().bytes().take_while(|&byte| byte == b'`').count();
        match fence {
            Some(width) if ticks >= width => fence = None,
            Some(_) => {}
            None if ticks >= 3 => fence = Some(ticks),
            None => {
                let ends = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
                let files = ends.map(|(target, _)| target.split('#').next().unwrap_or_default());
                found.extend(files.filter(|target| !target.contains(':')).map(str::to_owned));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_one_machine() {
        let at = |place: &str| format!("see {place}x");
        assert!(machine_path(&at(concat!("/ro", "ot/"))).is_some());
        assert!(machine_path(&at(concat!("`/ho", "me/me/"))).is_some());
        assert!(machine_path(&at(concat!("C:\\Us", "ers\\me"))).is_some());
        assert!(machine_path("https://example.org/work/home/root/").is_none());
        assert!(machine_path("target/work/file and {out}/root/").is_none());
    }

    #[test]
    fn links_outside_fences_count() {
        let text = "[a](one.md) and [b](two.md#there)\n```text\n[c](three.md)\n```\n[d](https://example.org) [e](#here)";
        assert_eq!(targets(text), ["one.md", "two.md", ""]);
    }

    #[test]
    fn lists_are_read_out_of_their_sources() {
        let vocabulary =
            "facts! {\n    DATE = \"date\", Conviction, Date, ConvictionDate,\n        \"The date.\";\n}";
        assert_eq!(facts_of(vocabulary), [("date".to_owned(), "The date.".to_owned())]);
        let table = "columns! {\n    line: Number, \"Its line.\";\n}\nconst X: &str = \"x\";";
        assert_eq!(columns_of(table), [("line".to_owned(), "Its line.".to_owned())]);
    }
}
