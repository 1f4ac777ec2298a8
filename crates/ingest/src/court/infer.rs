//! A first draft of a layout, from a file.
//!
//! The draft holds names of columns, ways to write dates and case numbers, and codes that stand in so many rows that they
//! are nobody's name. What only the court can know is left as a question.

mod guess;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::account::{CourtAccount, CourtRejectReason};
use super::delimited::Delimited;
use super::error::CourtError;
use super::layout::CourtLayout;
use super::lines::Lines;
use super::meaning::Meaning;
use super::sheet::{Book, BookLimits};
use super::table::{Cells, Next, Table};
use super::tree::Tree;
use crate::source::{Input, Source};
use guess::Column;

/// How many rows are looked at.
const ROWS: u64 = 20_000;
/// In how many rows a header is sought.
const SOUGHT: usize = 20;

/// A layout to be completed.
#[derive(Clone, Debug)]
pub struct LayoutDraft {
    /// The document, with a comment `TODO` at every question. It loads as it is, but knows no code.
    pub toml: String,
    /// How many rows were looked at.
    pub rows: u64,
    /// How many questions it asks.
    pub questions: usize,
}

/// Drafts a layout for a file. `scratch` is for a working copy.
///
/// # Errors
/// [`CourtError`] if the file cannot be read, or is of a kind of which no draft is made: fixed width and XML.
pub fn infer(input: &Input, scratch: &Path) -> Result<LayoutDraft, CourtError> {
    let whole = Source::as_it_is(input, scratch)?;
    let mut head = vec![0; 4096];
    let io = |error| CourtError::Io { name: whole.name().to_owned(), error };
    let read = whole.read_at(0, &mut head).map_err(io)?;
    head.truncate(read);
    let is_book = head.starts_with(b"PK") && head.windows(19).any(|part| part == b"[Content_Types].xml");
    if is_book {
        return book(&whole);
    }
    let name = whole.name().to_owned();
    let refuse = |what: &str| CourtError::Damaged { name: name.clone(), line: 1, what: what.to_owned() };
    let bare = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    if bare.starts_with(b"<") {
        return Err(refuse("no draft is made of XML; write the layout by the manual's example"));
    }
    // Standard input has been read already.
    let sources = match input {
        Input::Path(_) => crate::source::open(std::slice::from_ref(input), scratch)?,
        Input::Stdin => vec![whole],
    };
    let Some(source) = sources.first() else { return Err(refuse("there is nothing in it")) };
    infer_source(source)
}

/// As [`infer`], of plain text.
fn infer_source(source: &Source) -> Result<LayoutDraft, CourtError> {
    let mut head = vec![0; 256];
    let io = |error| CourtError::Io { name: source.name().to_owned(), error };
    let read = source.read_at(0, &mut head).map_err(io)?;
    head.truncate(read);
    if head.trim_ascii_start().starts_with(b"{") { objects(source) } else { delimited(source) }
}

/// What was seen of a table.
#[derive(Default)]
struct Seen {
    columns: Vec<Column>,
    header: bool,
    rows: u64,
    /// Rows as wide as the header.
    fit: u64,
    /// Lines that are no text in UTF-8.
    foreign: bool,
}

fn look(table: &mut dyn Table) -> Result<Seen, CourtError> {
    let mut seen = Seen::default();
    let mut first: Vec<Vec<String>> = Vec::new();
    let mut cells = Cells::default();
    let mut more = true;
    while more && first.len() < SOUGHT {
        match table.next(&mut cells)? {
            Next::End => more = false,
            Next::Row => first.push(cells.iter().map(str::to_owned).collect()),
            Next::Bad { reason, .. } => seen.foreign |= reason == CourtRejectReason::Encoding,
            Next::Blank => {}
        }
    }
    // The width that most rows have; the header is the first row of that width with a name for every column.
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    first.iter().for_each(|row| *widths.entry(row.len()).or_default() += 1);
    let width = widths.iter().max_by_key(|(width, count)| (**count, **width)).map_or(0, |(width, _)| *width);
    let header = first.iter().position(|row| {
        let distinct: std::collections::BTreeSet<&String> = row.iter().collect();
        row.len() >= width
            && distinct.len() == row.len()
            && row.iter().all(|cell| !cell.is_empty() && cell.len() <= 60)
            && row.iter().filter(|cell| guess::is_name_of_column(cell)).count() * 3 >= row.len()
    });
    seen.header = header.is_some();
    let width = header.and_then(|at| first.get(at)).map_or(width, Vec::len);
    seen.columns = match header.and_then(|at| first.get(at)) {
        Some(names) => names.iter().map(|name| Column::new(name)).collect(),
        None => (1..=width).map(|at| Column::new(&format!("COLUMN {at}"))).collect(),
    };
    let take = |seen: &mut Seen, row: &[String]| {
        seen.rows += 1;
        seen.fit += u64::from(row.len() == width);
        for (column, cell) in seen.columns.iter_mut().zip(row) {
            column.add(cell);
        }
    };
    for row in first.iter().skip(header.map_or(0, |at| at + 1)) {
        take(&mut seen, row);
    }
    while more && seen.rows < ROWS {
        match table.next(&mut cells)? {
            Next::End => more = false,
            Next::Row => {
                let row: Vec<String> = cells.iter().map(str::to_owned).collect();
                take(&mut seen, &row);
            }
            Next::Bad { reason, .. } => seen.foreign |= reason == CourtRejectReason::Encoding,
            Next::Blank => {}
        }
    }
    Ok(seen)
}

/// A layout that says no more than how a table is cut.
fn plain(format: &str, delimiter: char, encoding: &str) -> Result<CourtLayout, CourtError> {
    let text = format!(
        "name = \"draft\"\ntitle = \"\"\nformat = \"{format}\"\ndelimiter = {}\nencoding = \"{encoding}\"\nrow = \"charge\"\n\
         [[column]]\nname = \"A\"\nis = \"case-number\"\n[[column]]\nname = \"B\"\nis = \"name\"\n",
        toml::Value::String(delimiter.to_string())
    );
    CourtLayout::parse(&text, "draft").map_err(|problem| CourtError::Damaged {
        name: "draft".to_owned(),
        line: 0,
        what: problem.to_string(),
    })
}

fn delimited(source: &Source) -> Result<LayoutDraft, CourtError> {
    let mut best: Option<(u64, char, Seen)> = None;
    for delimiter in [',', '\t', '|', ';'] {
        let mut seen = look(&mut Delimited::new(source, &plain("csv", delimiter, "utf-8")?.0))?;
        if seen.foreign {
            seen = look(&mut Delimited::new(source, &plain("csv", delimiter, "windows-1252")?.0))?;
            seen.foreign = true;
        }
        let worth = if seen.columns.len() < 2 { 0 } else { seen.fit * 100 + seen.columns.len() as u64 };
        if best.as_ref().is_none_or(|(most, ..)| worth > *most) {
            best = Some((worth, delimiter, seen));
        }
    }
    match best {
        Some((1.., delimiter, seen)) => {
            let mut said = format!("format = \"{}\"\n", if delimiter == '\t' { "tsv" } else { "csv" });
            if !matches!(delimiter, ',' | '\t') {
                let _ = writeln!(said, "delimiter = \"{delimiter}\"");
            }
            if delimiter == '\t' {
                said += "quote = \"\\\"\"\n";
            }
            if seen.foreign {
                said += "encoding = \"windows-1252\"   # TODO it is not UTF-8; is this the right one?\n";
            }
            if !seen.header {
                said += "header = false   # TODO no header row was found: name the columns in their order\n";
            }
            Ok(draft(&said, "", &seen.columns, seen.rows))
        }
        _ => Err(CourtError::Damaged {
            name: source.name().to_owned(),
            line: 1,
            what: "no delimiter cuts it into columns; of lines of fixed width no draft is made: the layout needs to know \
                   where each column begins"
                .to_owned(),
        }),
    }
}

fn book(source: &Source) -> Result<LayoutDraft, CourtError> {
    let layout = plain("xlsx", ',', "utf-8")?;
    let mut book = Book::open(source, &layout.0, BookLimits::default())?;
    let seen = look(&mut book.rows()?)?;
    let mut said =
        "format = \"xlsx\"\n# TODO the first sheet was looked at; name another as sheet = \"…\"\n".to_owned();
    if !seen.header {
        said += "header = false   # TODO no header row was found: name the columns in their order\n";
    }
    Ok(draft(&said, "", &seen.columns, seen.rows))
}

fn objects(source: &Source) -> Result<LayoutDraft, CourtError> {
    let mut lines = Lines::new(source);
    let mut columns: Vec<Column> = Vec::new();
    let mut lists: Vec<String> = Vec::new();
    let mut rows = 0;
    let mut buffer = Vec::new();
    let io = |error| CourtError::Io { name: source.name().to_owned(), error };
    while let Some(line) = lines.next(buffer).map_err(io)? {
        if let Ok(tree) = serde_json::from_slice::<Tree>(&line.bytes) {
            rows += 1;
            if let Tree::Object(entries) = &tree {
                for (name, value) in entries {
                    let of_objects =
                        matches!(value, Tree::List(all) if matches!(all.first(), Some(Tree::Object(_))));
                    if of_objects && !lists.contains(name) {
                        lists.push(name.clone());
                    }
                }
            }
            gather(&tree, "", &mut columns);
        }
        if rows == ROWS {
            break;
        }
        buffer = line.bytes;
    }
    // A key of few objects may be anything, even a name.
    columns.retain(|column| column.filled >= CourtAccount::SHOWN_FROM.min(rows));
    let find = |words: [&str; 3]| {
        let is = |name: &&String| words.iter().any(|word| name.to_lowercase().contains(word));
        lists.iter().find(is).cloned().unwrap_or_default()
    };
    let tree = format!(
        "# TODO are these the lists of the defendants and of the charges?\n[tree]\nparties = {}\ncharges = {}\n\n",
        guess::quoted(&find(["part", "defend", "person"])),
        guess::quoted(&find(["charge", "count", "offense"])),
    );
    Ok(draft("format = \"jsonl\"\n", &tree, &columns, rows))
}

/// The scalars of a tree, by their paths.
fn gather(tree: &Tree, path: &str, columns: &mut Vec<Column>) {
    match tree {
        Tree::Nothing => {}
        Tree::Text(text) => {
            let at = columns.iter().position(|column| column.name == path);
            let at = at.unwrap_or_else(|| {
                columns.push(Column::new(path));
                columns.len() - 1
            });
            columns.iter_mut().skip(at).take(1).for_each(|column| column.add(text));
        }
        Tree::List(all) => all.iter().for_each(|element| gather(element, path, columns)),
        Tree::Object(entries) => {
            // So many names are no columns.
            for (name, value) in entries.iter().take(500) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                gather(value, &path, columns);
            }
        }
    }
}

/// The document.
fn draft(shape: &str, tree: &str, columns: &[Column], rows: u64) -> LayoutDraft {
    let guesses = guess::meanings(columns, !tree.is_empty());
    let mut toml = format!(
        "# A draft, made of {rows} rows. Every TODO is a question to the court. It holds codes that stand in {} rows or more.\n\n\
         name = \"draft\"   # TODO a name\ntitle = \"A draft\"   # TODO whose file is this?\nversion = \"1\"\n\
         jurisdiction = \"us-ca\"\nstatus = \"unconfirmed\"\nsource = \"\"   # TODO who at the court said what the codes mean?\n\n{shape}",
        CourtAccount::SHOWN_FROM,
    );
    let row = if guesses.iter().any(|(_, group)| *group > 0) {
        "case"
    } else if tree.is_empty() {
        "charge"
    } else {
        "party"
    };
    let _ = writeln!(toml, "row = \"{row}\"   # TODO charge, case or party: what does a row hold?\n");
    toml += tree;
    let mut lists = String::new();
    for (column, (meaning, group)) in columns.iter().zip(&guesses) {
        let doubt = if *meaning == Meaning::Ignored { "   # TODO what is it?" } else { "" };
        let _ = writeln!(
            toml,
            "[[column]]\nname = {}\nis = \"{}\"{doubt}",
            guess::quoted(&column.name),
            meaning.name()
        );
        if *group > 0 {
            let _ = writeln!(toml, "group = {group}");
        }
        if meaning.is_date() {
            toml += &column.dates(rows);
        }
        if column.filled < rows {
            let _ = writeln!(toml, "# {} of {rows} rows have a value", column.filled);
        }
        toml.push('\n');
        lists += &column.codes(*meaning);
    }
    let numbers = columns.iter().zip(&guesses).find(|(_, (meaning, _))| *meaning == Meaning::CaseNumber);
    toml += "[[court]]\nname = \"Superior Court of California\"   # TODO of which county?\nori = \"\"   # TODO\ncounty = \"\"   # TODO\n";
    for (column, (meaning, _)) in columns.iter().zip(&guesses) {
        if *meaning == Meaning::Court {
            toml += &column.court_codes();
        }
    }
    toml += &numbers.map(|(column, _)| column.patterns()).unwrap_or_default();
    toml += &lists;
    let questions = toml.matches("TODO").count() - 1;
    LayoutDraft { toml, rows, questions }
}

#[cfg(test)]
#[path = "tests/infer.rs"]
mod tests;
