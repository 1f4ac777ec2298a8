//! What the tests of the program share: small extracts, ways to write them, and ways to run and read a run.
#![allow(dead_code, clippy::expect_used, clippy::panic)]

pub(crate) mod direct;
pub(crate) mod evidence;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use vacatur_synth::{Population, Profile, columns};

/// The day on which the tests decide, unless they say otherwise.
pub(crate) const AS_OF: &str = "2020-07-01";
/// The policy under which they do.
pub(crate) const LOS_ANGELES: &str = "us-ca/los-angeles-2020";
/// The configurable one.
pub(crate) const BEAR: &str = "us-ca/bear";

/// A row: a cell for each of the 95 columns.
pub(crate) type Row = Vec<String>;

/// The place of a column.
pub(crate) fn column(name: &str) -> usize {
    columns().iter().position(|known| *known == name).unwrap_or_else(|| panic!("no column {name}"))
}

/// A row with these cells, all others blank.
pub(crate) fn row(cells: &[(&str, &str)]) -> Row {
    let mut row = vec![String::new(); columns().len()];
    for (name, value) in cells {
        row[column(name)] = (*value).to_owned();
    }
    row
}

/// The row with these cells changed.
pub(crate) fn with(mut row: Row, cells: &[(&str, &str)]) -> Row {
    for (name, value) in cells {
        row[column(name)] = (*value).to_owned();
    }
    row
}

/// A felony conviction in Los Angeles of a person born in 1970, with a year of probation.
pub(crate) fn conviction(subject: &str, order: &str, offence: &str, date: &str) -> Row {
    row(&[
        ("RECORD_ID", &format!("R{subject}{order}")),
        ("SUBJECT_ID", subject),
        ("CII_NUMBER", &format!("A{subject}")),
        ("PRI_NAME", "EXAMPLE,PERSON"),
        ("GENDER", "M"),
        ("PRI_DOB", "19800615"),
        ("RACE_DESCR", "WHITE"),
        ("STP_EVENT_DATE", date),
        ("STP_TYPE_DESCR", "COURT ACTION"),
        ("STP_ORI_DESCR", "SUPERIOR COURT"),
        ("STP_ORI_CNTY_NAME", "LOS ANGELES"),
        ("CNT_ORDER", order),
        ("DISP_DATE", date),
        ("OFN", &format!("C{subject}")),
        ("OFFENSE_DESCR", offence),
        ("OFFENSE_TOC", "F"),
        ("DISP_DESCR", "CONVICTED-PROB/JAIL"),
        ("CONV_STAT_DESCR", "FELONY"),
        ("SENT_LOC_DESCR", "PROBATION"),
        ("SENT_LENGTH", "12"),
        ("SENT_TIME_CODE", "M"),
        ("END_OF_REC", "END"),
    ])
}

/// Which cells stand in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    All,
    Needed,
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) quotes: Quotes,
    pub(crate) end: &'static str,
}

impl Default for Style {
    fn default() -> Self {
        Self { quotes: Quotes::All, end: "\n" }
    }
}

impl Style {
    /// One line.
    pub(crate) fn line(self, row: &[String]) -> String {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let needed = cell.contains(['"', ',', '\n', '\r']);
                if needed || self.quotes == Quotes::All {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            })
            .collect();
        cells.join(",") + self.end
    }

    /// All lines.
    pub(crate) fn text(self, rows: &[Row]) -> String {
        rows.iter().map(|row| self.line(row)).collect()
    }
}

/// A file as the state writes it: all cells quoted, no header.
pub(crate) fn extract(rows: &[Row]) -> Vec<u8> {
    Style::default().text(rows).into_bytes()
}

/// The values that a synthetic population's rows hold, all of them well-formed rows: defects of values, not of lines.
pub(crate) fn synthetic(profile: &str, seed: u64, people: u64) -> Vec<Row> {
    let profile = Profile::named(profile).expect("a profile");
    Population::new(profile, seed, people)
        .iter()
        .flat_map(|person| {
            person.rows.iter().map(|row| row.fields().map(str::to_owned).collect::<Row>()).collect::<Vec<_>>()
        })
        .collect()
}

/// A place for a test's files.
pub(crate) struct Desk {
    dir: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder");
        }
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// `vacatur` in this folder.
    pub(crate) fn vacatur<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Said {
        Said::of(command(self.dir.path()).args(args).stdin(Stdio::null()).output().expect("the program runs"))
    }

    /// `vacatur` with standard input.
    pub(crate) fn vacatur_fed<A: AsRef<OsStr>>(
        &self,
        input: &[u8],
        args: impl IntoIterator<Item = A>,
    ) -> Said {
        let mut child = command(self.dir.path())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut pipe = child.stdin.take().expect("a pipe");
        let input = input.to_vec();
        let feeder = std::thread::spawn(move || {
            // The program may have ended before it read everything.
            let _ = pipe.write_all(&input);
        });
        let said = Said::of(child.wait_with_output().expect("the program ends"));
        feeder.join().expect("the feeder ends");
        said
    }

    /// The arguments of a `decide` into `run`.
    pub(crate) fn args(&self, inputs: &[&Path], out: &str, more: &[&str]) -> Vec<String> {
        let mut args = vec!["decide".to_owned()];
        args.extend(inputs.iter().map(|path| path.display().to_string()));
        let mut set = |name: &str, value: &str| {
            if !more.contains(&name) {
                args.extend([name.to_owned(), value.to_owned()]);
            }
        };
        set("--policy", LOS_ANGELES);
        set("--as-of", AS_OF);
        args.extend(["--out".into(), self.path(out).display().to_string()]);
        args.extend(more.iter().map(|arg| (*arg).to_owned()));
        args
    }

    pub(crate) fn decide(&self, inputs: &[&Path], out: &str, more: &[&str]) -> Said {
        self.vacatur(self.args(inputs, out, more))
    }

    /// A run that must go well.
    pub(crate) fn run(&self, inputs: &[&Path], out: &str, more: &[&str]) -> Run {
        let said = self.decide(inputs, out, more);
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        Run::at(&self.path(out))
    }

    /// A run on rows that must go well.
    pub(crate) fn run_rows(&self, rows: &[Row], out: &str, more: &[&str]) -> Run {
        let path = self.file(&format!("{out}.dat"), extract(rows));
        self.run(&[&path], out, more)
    }

    /// What stands in the folder, folders with a slash.
    pub(crate) fn names(&self) -> Vec<String> {
        names(self.dir.path())
    }

    /// Nothing is left of a run that went wrong.
    pub(crate) fn nothing_of(&self, out: &str) {
        let left: Vec<String> = self
            .names()
            .into_iter()
            .filter(|name| name.trim_end_matches('/') == out || name.contains(".partial"))
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

pub(crate) fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{}{slash}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    names
}

fn command(dir: &Path) -> Command {
    // Long runs may name a copy of the program that a build does not replace meanwhile.
    let program = std::env::var_os("VACATUR_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_vacatur").into());
    let mut command = Command::new(program);
    command.current_dir(dir).env("NO_COLOR", "1").env_remove("RUST_BACKTRACE");
    command
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        let said = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        };
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }

    /// The command was refused, and said all of this.
    #[track_caller]
    pub(crate) fn refused(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(2), "{}{}", self.out, self.err);
        assert!(self.err.contains("error"), "no error is named: {}", self.err);
        for part in parts {
            assert!(self.err.contains(part), "`{part}` is not in: {}", self.err);
        }
    }
}

/// A determination by column.
pub(crate) type Determination = BTreeMap<String, String>;

/// A finished run.
pub(crate) struct Run {
    pub(crate) dir: PathBuf,
}

impl Run {
    pub(crate) fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("text")
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&self.bytes(name)).expect("JSON")
    }

    pub(crate) fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let bytes = self.bytes(name);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        reader
            .records()
            .map(|record| {
                names.iter().cloned().zip(record.expect("a row").iter().map(str::to_owned)).collect()
            })
            .collect()
    }

    /// The determinations as they stand.
    pub(crate) fn determinations(&self) -> Vec<Determination> {
        self.table("determinations.csv")
    }

    /// The determinations without the places of their rows, in the order of the file.
    pub(crate) fn placeless(&self) -> Vec<Determination> {
        let mut all = self.determinations();
        for one in &mut all {
            one.remove("file");
            one.remove("line");
        }
        all
    }

    /// The same in an order of their own.
    pub(crate) fn sorted(&self) -> Vec<Determination> {
        let mut all = self.placeless();
        all.sort();
        all
    }

    /// The one determination on a count.
    #[track_caller]
    pub(crate) fn of(&self, subject: &str, order: &str) -> Determination {
        let found: Vec<Determination> = self
            .determinations()
            .into_iter()
            .filter(|one| one["subject_id"] == subject && one["cnt_order"] == order)
            .collect();
        assert_eq!(found.len(), 1, "{subject} {order}: {found:?}");
        found.into_iter().next().expect("one")
    }

    /// The outcome of a count.
    #[track_caller]
    pub(crate) fn outcome(&self, subject: &str, order: &str) -> String {
        self.of(subject, order)["outcome"].clone()
    }

    pub(crate) fn rejects(&self) -> Vec<BTreeMap<String, String>> {
        self.table("rejects.csv")
    }

    /// A number among the manifest's counts; and they add up.
    #[track_caller]
    pub(crate) fn count(&self, name: &str) -> u64 {
        let manifest = self.json("manifest.json");
        let counts = &manifest["counts"];
        let number = |name: &str| counts[name].as_u64().unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(number("rows_in"), number("rows_used") + number("rejects"), "{counts}");
        assert_eq!(number("rejects"), self.rejects().len() as u64);
        assert_eq!(number("determinations"), self.determinations().len() as u64);
        number(name)
    }
}

/// Whether an outcome grants relief.
pub(crate) fn grants(outcome: &str) -> bool {
    matches!(outcome, "dismiss" | "reduce")
}

/// Puts things in another order, the same for the same seed.
pub(crate) fn shuffle<T>(things: &mut [T], mut seed: u64) {
    for at in (1..things.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(at, (seed >> 33) as usize % (at + 1));
    }
}

/// Text in Windows-1252.
pub(crate) fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            '’' => 0x92,
            '–' => 0x96,
            '\u{80}'..='\u{9f}' => panic!("a control character"),
            _ => {
                u8::try_from(u32::from(letter)).unwrap_or_else(|_| panic!("{letter} is not in Windows-1252"))
            }
        })
        .collect()
}

/// The text without hashes and numbers of the program.
pub(crate) fn clean_of_hashes(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if bare.len() == 64 && bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            clean.push_str("HASH");
            clean.push_str(&word[bare.len()..]);
        } else {
            clean.push_str(word);
        }
    }
    clean
}
