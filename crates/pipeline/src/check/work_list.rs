//! The work list: for each agency a CSV of what it is asked to supply or correct.
//!
//! It is meant to be sent to the agency, so that it holds the least by which the agency finds the record: its own case
//! number. Where there is none, or where the state's repository is asked, the CII and count numbers stand in. It never
//! holds a name, a date of birth, an offence or a comment.

use super::kinds::{Defect, Field};
use crate::error::RunError;
use crate::folder::Folder;
use crate::spreadsheet::guard;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The columns.
const COLUMNS: [&str; 11] = [
    "agency",
    "agency_code",
    "file",
    "line",
    "case_number",
    "cii_number",
    "cnt_order",
    "field",
    "defect",
    "found",
    "needed",
];

/// How many agencies have a file of their own; those that come later share one.
const FILES: usize = 4_096;
/// The file that they share.
const OTHERS: &str = "(other agencies)";
/// How much is kept in memory before it is written.
const HELD: usize = 8 << 20;
/// How much of a cell is repeated.
const FOUND: usize = 40;

/// One thing to do.
pub(crate) struct Item<'i> {
    pub(crate) agency: &'i str,
    pub(crate) agency_code: &'i str,
    pub(crate) file: &'i str,
    pub(crate) line: u64,
    pub(crate) case_number: &'i str,
    pub(crate) cii: &'i str,
    pub(crate) count_order: &'i str,
    /// The column's name in the layout.
    pub(crate) column: &'i str,
    pub(crate) field: Field,
    pub(crate) defect: Defect,
    pub(crate) found: &'i str,
}

/// The items of a batch: the lines of each agency.
#[derive(Default)]
pub(crate) struct Items {
    lines: Vec<(Box<str>, Vec<u8>, u64)>,
    by_agency: FxHashMap<Box<str>, usize>,
}

impl Items {
    pub(crate) fn add(&mut self, item: &Item<'_>) {
        let at = match self.by_agency.get(item.agency) {
            Some(&at) => at,
            None => {
                self.by_agency.insert(item.agency.into(), self.lines.len());
                self.lines.push((item.agency.into(), Vec::new(), 0));
                self.lines.len() - 1
            }
        };
        let by_state = item.case_number.is_empty() || item.field.is_of_repository();
        let found: String =
            if item.field.may_be_quoted() { item.found.chars().take(FOUND).collect() } else { String::new() };
        let needed = needed(item.field, item.defect);
        let line = item.line.to_string();
        let cells = [
            item.agency,
            item.agency_code,
            item.file,
            &line,
            item.case_number,
            if by_state { item.cii } else { "" },
            item.count_order,
            item.column,
            item.defect.word(),
            &found,
            needed,
        ];
        let Some((_, bytes, number)) = self.lines.get_mut(at) else { return };
        let mut out = csv::WriterBuilder::new().from_writer(bytes);
        // Writing to memory cannot fail.
        let _ = out.write_record(cells.map(|cell| cell_text(cell).into_owned()));
        *number += 1;
    }
}

/// A cell as it is written: on one line, and no formula to a spreadsheet.
fn cell_text(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(char::is_control) {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        return guard(line.trim()).into_owned().into();
    }
    guard(text)
}

/// What is asked for, in words.
fn needed(field: Field, defect: Defect) -> &'static str {
    match (defect, field) {
        (Defect::OnlyInComment | Defect::MoreInComment, _) => "the code section in the offence column",
        (Defect::Shared, _) => "one subject for one CII number",
        (Defect::Partial, _) => "the whole date, YYYYMMDD",
        (Defect::Conflicting, Field::Cii) => "one CII number for one subject",
        (Defect::Conflicting, _) => "which of the two is right",
        (Defect::Future | Defect::BeforeBirth | Defect::AfterDeath | Defect::BeforeArrest, _) => {
            "the right date, YYYYMMDD"
        }
        (_, Field::BirthDate | Field::EventDate | Field::DispositionDate) => "a date, YYYYMMDD",
        (_, Field::Row) => "the line as it should be: 95 columns, quotation marks doubled",
        (_, Field::Subject) => "the subject number",
        (_, Field::Cii) => "the CII number",
        (_, Field::CountOrder) => "twelve digits: cycle, step, count, part",
        (_, Field::StepType) => "the kind of step: arrest, court action, …",
        (_, Field::Agency) => "the agency or court",
        (_, Field::County) => "the county's name",
        (_, Field::CaseNumber) => "the case number",
        (_, Field::Charge | Field::ConvictionOffence | Field::Comment) => {
            "the code section with its subdivision, such as 11357(B) HS"
        }
        (_, Field::Disposition) => "the outcome: convicted, dismissed, …",
        (_, Field::Level | Field::LevelCode | Field::ChargeToc | Field::ConvictionToc) => {
            "felony, misdemeanor or infraction"
        }
        (_, Field::SentenceKind) => "the sentence: probation, jail, prison, fine, …",
        (_, Field::SentenceLength) => "its length, as a number",
        (_, Field::SentenceUnit | Field::SentenceUnitName) => "days, months or years",
        (_, Field::DispositionOrder | Field::SentenceOrder) => "a number",
        (_, Field::Name) => "the name",
        (_, Field::Sex | Field::Race) => "a word of the repository's list",
    }
}

/// The folder with a file for each agency.
pub(crate) struct WorkList {
    folder: Folder<'static>,
    /// The file of each agency and how many lines it has.
    files: FxHashMap<Box<str>, (String, u64)>,
    names: FxHashSet<String>,
    held: Vec<(String, Vec<u8>)>,
    bytes: usize,
}

impl WorkList {
    pub(crate) fn create(path: &Path) -> Result<Self, RunError> {
        Ok(Self {
            folder: Folder::create(path, None)?,
            files: FxHashMap::default(),
            names: FxHashSet::from_iter(["index".to_owned()]),
            held: Vec::new(),
            bytes: 0,
        })
    }

    /// Where working copies may stand while the check goes on.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn take(&mut self, items: Items) -> Result<(), RunError> {
        for (agency, lines, number) in items.lines {
            let known = self.files.contains_key(&agency) || self.files.len() < FILES;
            let agency = if known { agency } else { OTHERS.into() };
            let name = match self.files.get_mut(&agency) {
                Some((name, all)) => {
                    *all += number;
                    name.clone()
                }
                None => {
                    let name = self.name(&agency);
                    self.files.insert(agency, (name.clone(), number));
                    let mut head = COLUMNS.join(",").into_bytes();
                    head.push(b'\n');
                    self.held.push((name.clone(), head));
                    name
                }
            };
            self.bytes += lines.len();
            self.held.push((name, lines));
        }
        if self.bytes > HELD { self.flush() } else { Ok(()) }
    }

    /// A file name for an agency that no other has, and that every system takes.
    fn name(&mut self, agency: &str) -> String {
        let mut slug = String::new();
        for c in agency.chars() {
            match c {
                _ if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
                _ if slug.is_empty() || slug.ends_with('-') => {}
                _ => slug.push('-'),
            }
        }
        let slug = slug.trim_end_matches('-');
        // A device on Windows, whatever its ending.
        let device = |text: &str| {
            matches!(text, "con" | "prn" | "aux" | "nul")
                || (text.len() == 4 && (text.starts_with("com") || text.starts_with("lpt")))
        };
        let slug = if slug.is_empty() || device(slug) { format!("agency-{slug}") } else { slug.to_owned() };
        let slug = slug.trim_end_matches('-').to_owned();
        let mut name = slug.clone();
        let mut number = 1;
        while !self.names.insert(name.clone()) {
            number += 1;
            name = format!("{slug}-{number}");
        }
        name
    }

    fn flush(&mut self) -> Result<(), RunError> {
        let mut held = std::mem::take(&mut self.held);
        self.bytes = 0;
        // What is of one file stays in its order.
        held.sort_by(|one, other| one.0.cmp(&other.0));
        for lines in held.chunk_by(|one, other| one.0 == other.0) {
            let Some((name, _)) = lines.first() else { continue };
            let path = self.folder.path().join(format!("{name}.csv"));
            let mut file = append(&path).map_err(RunError::write(&path, "making the file"))?;
            for (_, bytes) in lines {
                file.write_all(bytes).map_err(RunError::write(&path, "writing"))?;
            }
        }
        Ok(())
    }

    /// Writes the list of files and gives the folder its name.
    pub(crate) fn finish(mut self) -> Result<PathBuf, RunError> {
        self.flush()?;
        let mut files: Vec<(Box<str>, (String, u64))> = self.files.into_iter().collect();
        files.sort_unstable();
        let mut out = csv::WriterBuilder::new().from_writer(Vec::new());
        let _ = out.write_record(["agency", "file", "lines"]);
        for (agency, (name, lines)) in &files {
            let _ = out.write_record([&*cell_text(agency), &format!("{name}.csv"), &lines.to_string()]);
        }
        self.folder.whole("index.csv", &out.into_inner().unwrap_or_default())?;
        self.folder.finish()
    }
}

fn append(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let mut list = WorkList::create(&folder.path().join("list")).unwrap();
        let names =
            ["CAPD LOS ANGELES", "CAPD/LOS ANGELES", "../../etc/passwd", "CON", "", "ÑÑ", "INDEX", "=A()"]
                .map(|agency| list.name(agency));
        let shown = names.join("\n");
        insta::assert_snapshot!(shown, @r"
        capd-los-angeles
        capd-los-angeles-2
        etc-passwd
        agency-con
        agency
        agency-2
        index-2
        a
        ");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1+1", "@SUM(1)"] {
            assert_eq!(cell_text(text), format!("'{text}"));
        }
        assert_eq!(cell_text("\t=1\r\n+1"), "'=1  +1");
        assert_eq!(cell_text("19A12345"), "19A12345");
    }
}
