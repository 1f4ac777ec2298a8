//! Files of evidence: what people found in other documents, line by line.
//!
//! A file is read before the run begins. A line that cannot be used is a reject with its place, and so is one about
//! somebody or something that the inputs do not hold, which shows only when they are read. Lines in are lines used,
//! lines not answered and rejects. The run's folder keeps a copy of the lines used, from which `explain` reads them.

mod cells;
mod trial;
mod values;

use crate::error::RunError;
use crate::manifest::EvidenceRecord;
use crate::spreadsheet::{unguard, write_record};
use cells::Lines;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};
use vacatur_eligibility::{Engine, EvidenceFact, Refused, Stated, Taken, Testimony};
use vacatur_ingest::source::read_whole;
use vacatur_records::{CountOrder, Date, FileIx, OrderError, Row, Text};
use values::Wrong;

pub use trial::{Trial, try_evidence};

/// The copy of the lines used.
pub(crate) const COPY: &str = "evidence.csv";

/// The most bytes of a file of evidence: a million answers and more.
const LARGEST: u64 = 256 << 20;

/// The columns that a file of evidence must have.
const COLUMNS: [&str; 8] =
    ["subject_id", "cnt_order", "fact", "value", "document", "said_by", "said_on", "how"];
const SUBJECT: usize = 0;
const ORDER: usize = 1;
const FACT: usize = 2;
const VALUE: usize = 3;
const DOCUMENT: usize = 4;
const SAID_BY: usize = 5;
const SAID_ON: usize = 6;
const HOW: usize = 7;

/// A line that answers something.
#[derive(Clone)]
pub(crate) struct Line {
    file: u32,
    line: u64,
    subject: Vec<u8>,
    order: Option<CountOrder>,
    fact: EvidenceFact,
    says: Stated,
    corrects: bool,
    value: String,
    document: String,
    said_by: String,
    said_on: Option<Date>,
}

/// A line that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reject {
    file: u32,
    line: u64,
    column: Option<usize>,
    name: &'static str,
    code: &'static str,
    reason: String,
}

/// A file of evidence.
#[derive(Clone, Debug)]
struct File {
    name: String,
    bytes: u64,
    blake3: String,
    lines: u64,
    not_answered: u64,
    /// Where the columns stand, from 1.
    columns: [usize; 8],
}

/// What became of a line.
pub(crate) type Verdict = Result<Taken, Refused>;

/// All files of evidence of a run.
#[derive(Default)]
pub(crate) struct Evidence {
    files: Vec<File>,
    lines: Vec<Line>,
    rejects: Vec<Reject>,
    by_subject: FxHashMap<Vec<u8>, Vec<u32>>,
    /// The number of the first file of evidence among all files of the run.
    first_file: u32,
}

impl Evidence {
    /// Reads files of evidence.
    ///
    /// # Errors
    /// A file that cannot be read, or is no such table.
    pub(crate) fn read(paths: &[PathBuf], engine: &Engine) -> Result<Self, RunError> {
        let mut evidence = Self::default();
        for path in paths {
            let name = path.display().to_string();
            let bytes = read_whole(path, LARGEST).map_err(|error| RunError::Evidence {
                file: name.clone(),
                what: format!("the file of evidence cannot be read: {error}"),
            })?;
            evidence.file(name, &bytes, engine, None)?;
        }
        Ok(evidence)
    }

    /// Reads files of evidence that are at hand: name and bytes.
    ///
    /// # Errors
    /// A file that is no such table.
    pub(crate) fn of_files(files: &[(String, Vec<u8>)], engine: &Engine) -> Result<Self, RunError> {
        let mut evidence = Self::default();
        for (name, bytes) in files {
            evidence.file(name.clone(), bytes, engine, None)?;
        }
        Ok(evidence)
    }

    /// The evidence of a copy as if it came from the files that the manifest names, without the lines that were not used.
    pub(crate) fn named_as_given(mut self, files: &[EvidenceRecord]) -> Self {
        self.files = files
            .iter()
            .map(|file| File {
                name: file.name.clone(),
                bytes: file.bytes,
                blake3: file.blake3.clone(),
                lines: file.used,
                not_answered: 0,
                columns: [0; 8],
            })
            .collect();
        self
    }

    /// Reads the copy in a run's folder, of which `files` are the files that the manifest names.
    ///
    /// # Errors
    /// A copy that holds what no run writes.
    pub(crate) fn of_run(
        bytes: &[u8],
        files: &[EvidenceRecord],
        engine: &Engine,
        inputs: u32,
    ) -> Result<Self, String> {
        let mut evidence = Self { first_file: inputs, ..Self::default() };
        evidence.file(COPY.to_owned(), bytes, engine, Some(files)).map_err(|error| error.to_string())?;
        if let Some(reject) = evidence.rejects.first() {
            return Err(format!("{COPY}, line {}: {}", reject.line, reject.reason));
        }
        Ok(evidence)
    }

    /// The number of the first file of evidence, once the inputs are counted.
    pub(crate) fn after_inputs(mut self, inputs: usize) -> Self {
        self.first_file = inputs as u32;
        self
    }

    /// The files by name and BLAKE3.
    pub(crate) fn records(&self) -> Vec<(String, String)> {
        self.files.iter().map(|file| (file.name.clone(), file.blake3.clone())).collect()
    }

    /// Whether no file was given.
    pub(crate) fn is_none(&self) -> bool {
        self.files.is_empty()
    }

    /// The lines about a person, by number.
    pub(crate) fn about(&self, subject: &[u8]) -> &[u32] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// A hash of what lines say, not of where they stand; 0 if there are none.
    pub(crate) fn hash(&self, lines: &[u32]) -> u64 {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for line in lines.iter().filter_map(|&at| self.lines.get(at as usize)) {
            let order = line.order.map(|order| order.to_string()).unwrap_or_default();
            let said_on = line.said_on.map(|day| day.to_string()).unwrap_or_default();
            let how = if line.corrects { "corrects" } else { "fills" };
            for cell in [&order, line.fact.name(), &line.value, &line.document, &line.said_by, &said_on, how]
            {
                hash.update(&(cell.len() as u64).to_le_bytes());
                hash.update(cell.as_bytes());
            }
        }
        if lines.is_empty() { 0 } else { hash.digest().max(1) }
    }

    /// What lines state.
    pub(crate) fn testimonies(&self, lines: &[u32]) -> Vec<Testimony> {
        lines
            .iter()
            .filter_map(|&at| self.lines.get(at as usize))
            .map(|line| Testimony {
                fact: line.fact,
                count: line.order,
                says: line.says.clone(),
                corrects: line.corrects,
                row: Row { file: FileIx(self.first_file + line.file), line: line.line, offset: 0, bytes: 0 },
            })
            .collect()
    }

    /// A line's place in words: `evidence.csv, line 7 (Arrest report 98-1234, R. Clerk, 2026-03-01)`.
    pub(crate) fn place(&self, files: &[EvidenceRecord], row: &Row) -> Option<String> {
        let file = row.file.0.checked_sub(self.first_file)?;
        let line = self.lines.iter().find(|line| (line.file, line.line) == (file, row.line))?;
        let name = files.get(file as usize).map_or(COPY, |file| file.name.as_str());
        let name = Path::new(name).file_name().map_or(name.into(), |name| name.to_string_lossy());
        let said_on = line.said_on.map(|day| format!(", {day}")).unwrap_or_default();
        Some(format!("{name}, line {} ({}, {}{said_on})", line.line, line.document, line.said_by))
    }

    /// A line's place, short.
    pub(crate) fn short_place(&self, at: u32) -> String {
        let Some(line) = self.lines.get(at as usize) else { return String::new() };
        let name = self.files.get(line.file as usize).map_or("", |file| file.name.as_str());
        format!("{name}, line {}", line.line)
    }

    fn file(
        &mut self,
        name: String,
        bytes: &[u8],
        engine: &Engine,
        copy_of: Option<&[EvidenceRecord]>,
    ) -> Result<(), RunError> {
        let refuse = |what: String| RunError::Evidence { file: name.clone(), what };
        let number = self.files.len() as u32;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(refuse("the file of evidence is UTF-16; save it as CSV in UTF-8".into()));
        }
        let mut lines = Lines::new(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let header = match lines.next().map(|line| line.cells) {
            None => return Err(refuse(format!("the file of evidence is empty; {}", wanted()))),
            Some(Err(_)) => {
                return Err(refuse(format!(
                    "the first line of the file of evidence is no header; {}",
                    wanted()
                )));
            }
            Some(Ok(cells)) => cells.iter().map(|cell| text(cell).to_lowercase()).collect::<Vec<String>>(),
        };
        let columns = columns(&header).map_err(refuse)?;
        let origin = |name: &str| header.iter().position(|column| column == name);
        let mut file = File {
            name: name.clone(),
            bytes: bytes.len() as u64,
            blake3: blake3::hash(bytes).to_hex().to_string(),
            lines: 0,
            not_answered: 0,
            columns: columns.map(|column| column + 1),
        };
        for line in lines {
            let reject = |column: Option<usize>, name: &'static str, (code, reason): Wrong| Reject {
                file: number,
                line: line.number,
                column,
                name,
                code,
                reason,
            };
            let cells = match &line.cells {
                Ok(cells) if cells.iter().all(|cell| cell.trim_ascii().is_empty()) && cells.len() == 1 => {
                    continue;
                }
                Ok(cells) => cells,
                Err((column, broken)) => {
                    file.lines += 1;
                    let wrong = (broken.code(), broken.reason().to_owned());
                    self.rejects.push(reject(Some(*column), "", wrong));
                    continue;
                }
            };
            file.lines += 1;
            let beyond = cells.iter().skip(header.len()).any(|cell| !cell.trim_ascii().is_empty());
            let short = [SUBJECT, ORDER, FACT].iter().any(|&column| columns[column] >= cells.len());
            if beyond || short {
                let reason = format!("the line has {} cells, the header {}", cells.len(), header.len());
                self.rejects.push(reject(None, "", ("cells", reason)));
                continue;
            }
            let all: [String; 8] =
                columns.map(|column| cells.get(column).map(|cell| text(cell)).unwrap_or_default());
            if all[VALUE].is_empty() {
                file.not_answered += 1;
                continue;
            }
            let mut read = match read(&all, engine) {
                Ok(read) => read,
                Err((column, wrong)) => {
                    self.rejects.push(reject(Some(columns[column] + 1), COLUMNS[column], wrong));
                    continue;
                }
            };
            (read.file, read.line) = (number, line.number);
            if let Some(files) = copy_of {
                let cell = |name| {
                    origin(name).and_then(|at| cells.get(at)).map(|cell| text(cell)).unwrap_or_default()
                };
                let of = files.iter().position(|file| file.name == cell("file"));
                let place = of.and_then(|of| Some((of as u32, cell("line").parse().ok()?)));
                (read.file, read.line) = place.ok_or_else(|| {
                    refuse(format!("line {} does not say which line it copies", line.number))
                })?;
            }
            self.by_subject.entry(read.subject.clone()).or_default().push(self.lines.len() as u32);
            self.lines.push(read);
        }
        self.files.push(file);
        Ok(())
    }

    /// What is left of the evidence when the run is over: `verdicts` are those of the lines by number, in any order.
    pub(crate) fn account(&self, mut verdicts: Vec<(u32, Verdict)>) -> Result<Account, RunError> {
        verdicts.sort_by_key(|(line, _)| *line);
        let mut became: Vec<Option<Verdict>> = vec![None; self.lines.len()];
        for (line, verdict) in verdicts {
            if let Some(slot) = became.get_mut(line as usize) {
                *slot = Some(verdict);
            }
        }
        let mut rejects = self.rejects.clone();
        let mut copy = csv::WriterBuilder::new().from_writer(Vec::new());
        write_record(&mut copy, ["file", "line"].into_iter().chain(COLUMNS).chain(["taken_as"]));
        let mut used = vec![0u64; self.files.len()];
        for (line, verdict) in self.lines.iter().zip(became) {
            let file = &self.files[line.file as usize];
            let taken = match verdict {
                Some(Ok(taken)) => taken,
                Some(Err(refused)) => {
                    let column = match refused {
                        Refused::NoSuchCount | Refused::NoRegistration => ORDER,
                        _ => VALUE,
                    };
                    rejects.push(line.reject(file, column, refused.code(), refused.to_string()));
                    continue;
                }
                None => {
                    let reason = "nobody in the input has this subject number".to_owned();
                    rejects.push(line.reject(file, SUBJECT, "unknown_subject", reason));
                    continue;
                }
            };
            used[line.file as usize] += 1;
            let order = line.order.map(|order| order.to_string()).unwrap_or_default();
            let said_on = line.said_on.map(|day| day.to_string()).unwrap_or_default();
            let (name, number, how) =
                (&file.name, line.line.to_string(), if line.corrects { "corrects" } else { "fills" });
            write_record(
                &mut copy,
                [
                    name.as_str(),
                    &number,
                    &Text::of(&line.subject).as_str(),
                    &order,
                    line.fact.name(),
                    &line.value,
                    &line.document,
                    &line.said_by,
                    &said_on,
                    how,
                    taken.word(),
                ],
            );
        }
        rejects.sort();
        let files: Vec<EvidenceRecord> = self
            .files
            .iter()
            .zip(used)
            .enumerate()
            .map(|(at, (file, used))| EvidenceRecord {
                name: file.name.clone(),
                bytes: file.bytes,
                blake3: file.blake3.clone(),
                lines: file.lines,
                used,
                not_answered: file.not_answered,
                rejected: rejects.iter().filter(|reject| reject.file as usize == at).count() as u64,
            })
            .collect();
        if files.iter().any(|file| file.lines != file.used + file.not_answered + file.rejected) {
            return Err(RunError::Stopped { what: "lines of evidence are unaccounted for".into() });
        }
        let copy = copy.into_inner().map_err(|error| RunError::Stopped { what: error.to_string() })?;
        Ok(Account { rejects: self.rejects_csv(&rejects), copy, files })
    }

    fn rejects_csv(&self, rejects: &[Reject]) -> Vec<u8> {
        let mut out = csv::WriterBuilder::new().from_writer(Vec::new());
        write_record(&mut out, ["file", "line", "column", "column_name", "kind", "reason"]);
        for reject in rejects {
            let file = self.files.get(reject.file as usize).map_or("", |file| file.name.as_str());
            let column = reject.column.map(|column| column.to_string()).unwrap_or_default();
            let line = reject.line.to_string();
            write_record(&mut out, [file, &line, &column, reject.name, reject.code, &reject.reason]);
        }
        out.into_inner().unwrap_or_default()
    }
}

/// What is left of the evidence when the run is over.
pub(crate) struct Account {
    /// The copy of the lines used.
    pub(crate) copy: Vec<u8>,
    /// The table of the lines that could not be used.
    pub(crate) rejects: Vec<u8>,
    /// For the manifest.
    pub(crate) files: Vec<EvidenceRecord>,
}

impl Line {
    fn reject(&self, file: &File, column: usize, code: &'static str, reason: String) -> Reject {
        let (name, place) = (COLUMNS[column], file.columns[column]);
        Reject { file: self.file, line: self.line, column: Some(place), name, code, reason }
    }
}

fn wanted() -> String {
    format!("it must begin with a header row that names the columns {}", COLUMNS.join(", "))
}

/// Where the columns stand in a header, from 0.
fn columns(header: &[String]) -> Result<[usize; 8], String> {
    let mut found = [0; 8];
    let mut missing = Vec::new();
    for (at, name) in COLUMNS.into_iter().enumerate() {
        let mut places = (0..header.len()).filter(|&place| header[place] == name);
        match (places.next(), places.next()) {
            (Some(place), None) => found[at] = place,
            (Some(_), Some(_)) => {
                return Err(format!("the header of the file of evidence names {name} twice"));
            }
            (None, _) => missing.push(name),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    // One cell that holds the names: the separator is another one.
    let whole = header.join(",");
    // Blanks and control characters in a cell have become one blank.
    let split_by = |mark: char| {
        whole.split(mark).filter(|name| COLUMNS.contains(&name.trim().trim_matches('"'))).count() > 1
    };
    Err(match (split_by(';'), split_by(' ')) {
        (true, _) => "the file of evidence is separated by semicolons; save it with commas".into(),
        (_, true) => "the file of evidence is separated by tabs; save it with commas".into(),
        _ => format!("the header of the file of evidence lacks {}; {}", missing.join(", "), wanted()),
    })
}

/// A cell as text: blanks and control characters are one blank, and none at the ends. An apostrophe that a run set before
/// it, so that no spreadsheet program takes it for a formula, is taken away again.
fn text(cell: &[u8]) -> String {
    let text = Text::of(unguard(cell.strip_suffix(b"\r").unwrap_or(cell)));
    let text = text.as_str();
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A line's cells, or the column that is wrong.
fn read(cells: &[String; 8], engine: &Engine) -> Result<Line, (usize, Wrong)> {
    let wrong = |column: usize, code: &'static str, reason: &str| Err((column, (code, reason.to_owned())));
    if cells[SUBJECT].is_empty() {
        return wrong(SUBJECT, "blank", "the line does not say whose it is");
    }
    let fact = values::fact(&cells[FACT]).map_err(|wrong| (FACT, wrong))?;
    let order = match CountOrder::parse(cells[ORDER].as_bytes()) {
        Ok(order) => Some(order),
        Err(OrderError::Blank) if fact.is_of_person() => None,
        Err(OrderError::Blank) => {
            return wrong(ORDER, "blank", "this fact is of a count, and the line does not say of which");
        }
        Err(_) if cells[ORDER].contains(['E', 'e', '+', '.']) => {
            let reason =
                "the count number has lost its digits to a spreadsheet program; read the file as text there";
            return wrong(ORDER, "count_number", reason);
        }
        Err(error) => return Err((ORDER, ("count_number", error.to_string()))),
    };
    let says = values::value(fact, &cells[VALUE], engine).map_err(|wrong| (VALUE, wrong))?;
    for (column, reason) in [
        (DOCUMENT, "an answer needs the document that shows it"),
        (SAID_BY, "an answer needs the name of whoever gives it"),
    ] {
        if cells[column].is_empty() {
            return wrong(column, "blank", reason);
        }
    }
    let said_on = match cells[SAID_ON].as_str() {
        "" => None,
        text => match values::day(text) {
            Some(day) => Some(day),
            None => return wrong(SAID_ON, "value", "write the day as 2026-03-01"),
        },
    };
    let corrects = match cells[HOW].to_ascii_lowercase().as_str() {
        "" | "fills" => false,
        "corrects" => true,
        _ => return wrong(HOW, "value", "`how` is blank, `fills` or `corrects`"),
    };
    Ok(Line {
        file: 0,
        line: 0,
        subject: cells[SUBJECT].as_bytes().to_vec(),
        order,
        fact,
        says,
        corrects,
        value: cells[VALUE].clone(),
        document: cells[DOCUMENT].clone(),
        said_by: cells[SAID_BY].clone(),
        said_on,
    })
}

vacatur_records::silent_debug!(Line);
