//! The table that goes to whoever looks, and comes back.

use super::{Asked, Why};
use rustc_hash::FxHashMap;
use vacatur_records::spreadsheet::{guard, unguarded};

/// The columns around the fields.
const HEAD: [&str; 4] = ["id", "why", "weight", "question"];
const TAIL: [&str; 4] = ["answer", "said_by", "said_on", "note"];

/// Makes the table of the pairs that somebody is asked about, as CSV with a header. `fields` are the names of what is shown
/// of both records, `left` and `right` give the values of a record. The table holds names and birth dates: it belongs with
/// the most private files.
///
/// The id names the two records and has a check of their values, so that a table is not taken for one of other files.
#[must_use]
pub fn write(
    asked: &[Asked],
    fields: &[&str],
    left: impl Fn(u32) -> Vec<String>,
    right: impl Fn(u32) -> Vec<String>,
) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let both = fields.iter().flat_map(|field| [format!("{field} (left)"), format!("{field} (right)")]);
    let head = HEAD.map(str::to_owned).into_iter().chain(both).chain(TAIL.map(str::to_owned));
    row(&mut table, head);
    for asked in asked {
        let (mut one, mut other) = (left(asked.pair.left), right(asked.pair.right));
        one.resize(fields.len(), String::new());
        other.resize(fields.len(), String::new());
        let why = match asked.why {
            Why::Between => "between",
            Why::Link => "link",
            Why::Below => "below",
        };
        let head = [
            id(asked, &one, &other),
            why.to_owned(),
            format!("{:.2}", asked.pair.weight),
            "Are these records of one person? same, different or cannot tell".to_owned(),
        ];
        let both = one.into_iter().zip(other).flat_map(|(one, other)| [one, other]);
        row(&mut table, head.into_iter().chain(both).chain(TAIL.map(|_| String::new())));
    }
    // Writing to memory cannot fail.
    table.into_inner().unwrap_or_default()
}

fn row(table: &mut csv::Writer<Vec<u8>>, cells: impl Iterator<Item = String>) {
    for cell in cells {
        let _ = table.write_field(&*guard(&cell));
    }
    let _ = table.write_record(None::<&[u8]>);
}

fn id(asked: &Asked, left: &[String], right: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    for value in left.iter().chain(right) {
        hasher.update(&(value.len() as u64).to_le_bytes());
        hasher.update(value.as_bytes());
    }
    let check = hasher.finalize();
    let [a, b, ..] = check.as_bytes();
    // Two bytes tell a mixed-up table from the right one, and tell nothing of the values.
    format!("P{}-{}-{a:02x}{b:02x}", asked.pair.left, asked.pair.right)
}

/// What somebody said of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// The records are of one person.
    Same,
    /// They are of two.
    Different,
    /// The records do not tell.
    CannotTell,
}

/// An answer, with who gave it.
#[derive(Clone, Copy, PartialEq)]
pub struct Filled {
    /// What was asked.
    pub asked: Asked,
    /// The answer.
    pub answer: Answer,
    /// The line of the table where it stands, from 1 for the header.
    pub line: u64,
}

vacatur_records::silent_debug!(Filled);

/// What is wrong with a place of a filled table. No text of it holds anything of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The line cannot be read as CSV, or has another number of cells than the header.
    #[error("the line cannot be read: it has another number of cells than the header, or is not UTF-8")]
    Unreadable,
    /// A column is not there.
    #[error("the table has no column of this name")]
    NoColumn,
    /// The id is none of those that were asked.
    #[error("nothing was asked under this id: it was changed, or the table belongs to other files")]
    UnknownId,
    /// The answer is a word that means nothing here.
    #[error("the answer is none of: same, different, cannot tell")]
    Answer,
    /// There is an answer, and nobody who gave it.
    #[error("there is an answer, but it does not say who gave it")]
    NobodySaid,
    /// The day is not one.
    #[error("the day is not of the form 2026-11-22, or is none of the calendar")]
    Day,
    /// The same pair was answered before, otherwise.
    #[error("line {0} gives another answer for the same pair; neither is used")]
    Otherwise(u64),
    /// Other answers together say the opposite.
    #[error("the records are different by this answer, and the same by other answers together")]
    Opposite,
}

/// Something wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of the table, from 1 for the header.
    pub line: u64,
    /// The column, by its name.
    pub column: String,
    /// What.
    pub wrong: Wrong,
}

/// Shows `line 3, column answer: …`.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.wrong)
    }
}

/// Reads a table that came back. Every line with an answer is either in the first list or has a problem in the second; lines
/// without an answer are counted in the third. `asked`, `left` and `right` are those that the table was made of.
#[must_use]
pub fn read(
    table: &[u8],
    asked: &[Asked],
    fields: &[&str],
    left: impl Fn(u32) -> Vec<String>,
    right: impl Fn(u32) -> Vec<String>,
) -> (Vec<Filled>, Vec<Problem>, u64) {
    let mut known: FxHashMap<String, &Asked> = FxHashMap::default();
    for asked in asked {
        let (mut one, mut other) = (left(asked.pair.left), right(asked.pair.right));
        one.resize(fields.len(), String::new());
        other.resize(fields.len(), String::new());
        known.insert(id(asked, &one, &other), asked);
    }
    // A spreadsheet program may put a mark before the first name, and semicolons between the cells.
    let table = table.strip_prefix(b"\xef\xbb\xbf").unwrap_or(table);
    let head = table.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| head.iter().filter(|&&byte| byte == wanted).count();
    let between = if count(b';') > count(b',') { b';' } else { b',' };
    let mut rows =
        csv::ReaderBuilder::new().has_headers(false).delimiter(between).flexible(true).from_reader(table);
    let mut record = csv::StringRecord::new();
    let mut problems = Vec::new();
    let mut problem = |line: u64, column: &str, wrong: Wrong| {
        problems.push(Problem { line, column: column.to_owned(), wrong });
    };
    if !matches!(rows.read_record(&mut record), Ok(true)) {
        problem(1, "id", Wrong::NoColumn);
        return (Vec::new(), problems, 0);
    }
    let width = record.len();
    let place = |name: &str| record.iter().position(|cell| unguarded(cell).trim().eq_ignore_ascii_case(name));
    let places = ["id", "answer", "said_by", "said_on"].map(|name| (name, place(name)));
    let [(_, Some(id)), (_, Some(answer)), (_, Some(by)), (_, Some(on))] = places else {
        for (name, _) in places.iter().filter(|(_, place)| place.is_none()) {
            problem(1, name, Wrong::NoColumn);
        }
        return (Vec::new(), problems, 0);
    };
    let mut filled: FxHashMap<String, (Filled, bool)> = FxHashMap::default();
    let mut open = 0;
    let mut lines = Lines { table, at: 0, line: 1 };
    loop {
        match rows.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                problem(lines.of(error.position()), "id", Wrong::Unreadable);
                continue;
            }
        }
        let line = lines.of(record.position());
        let cell = |place: usize| record.get(place).map(|cell| unguarded(cell).trim()).unwrap_or_default();
        if record.len() != width {
            problem(line, "id", Wrong::Unreadable);
            continue;
        }
        let words: String =
            cell(answer).to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let said = match words.as_str() {
            "" => {
                open += 1;
                continue;
            }
            "same" => Answer::Same,
            "different" => Answer::Different,
            "cannot tell" => Answer::CannotTell,
            _ => {
                problem(line, "answer", Wrong::Answer);
                continue;
            }
        };
        let Some(&asked) = known.get(cell(id)) else {
            problem(line, "id", Wrong::UnknownId);
            continue;
        };
        if cell(by).is_empty() {
            problem(line, "said_by", Wrong::NobodySaid);
            continue;
        }
        if !is_day(cell(on)) {
            problem(line, "said_on", Wrong::Day);
            continue;
        }
        match filled.get_mut(cell(id)) {
            Some((before, stands)) if before.answer != said => {
                *stands = false;
                problem(line, "answer", Wrong::Otherwise(before.line));
            }
            Some(_) => {}
            None => {
                filled.insert(cell(id).to_owned(), (Filled { asked: *asked, answer: said, line }, true));
            }
        }
    }
    let mut answers: Vec<Filled> =
        filled.into_values().filter(|(_, stands)| *stands).map(|(filled, _)| filled).collect();
    answers.sort_unstable_by_key(|filled| filled.line);
    (answers, problems, open)
}

/// In which line a record begins. The reader's own count is one too low where lines end in CR LF.
struct Lines<'a> {
    table: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let from = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        while let Some(&byte) = self.table.get(self.at) {
            if self.at >= from && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}
