//! The determinations of a run, row by row, with what the statute itself says of each.

use crate::error::RunError;
use crate::finished::Finished;
use crate::spreadsheet::unguarded;
use crate::table::COLUMNS;
use csv::StringRecord;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use vacatur_records::Date;
use vacatur_statutes::Deadlines;
use xxhash_rust::xxh3::xxh3_128;

const TABLE: &str = "determinations.csv";

/// What the statute says of a conviction, as far as lists and deadlines ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is eligible.
    Eligible,
    /// It cannot be told from the record whether it is.
    Undecided,
    /// It has had the relief, on this day if that is known.
    Relieved(Option<Date>),
    /// Nothing is to be done.
    NotEligible,
}

/// A determination.
pub(super) struct Conviction<'r> {
    cells: &'r StringRecord,
    columns: &'r Columns,
    /// What the statute says of it.
    pub(super) standing: Standing,
    /// Its county by its place in the list; none if that cannot be told.
    pub(super) county: Option<usize>,
    /// Its line in the table, from 1, the header row included.
    pub(super) line: u64,
}

impl Conviction<'_> {
    /// A cell by the name of its column; empty if there is none.
    pub(super) fn cell(&self, name: &str) -> &str {
        self.columns.of(name).and_then(|at| self.cells.get(at)).map_or("", unguarded)
    }

    /// What tells it from every other. A row without a subject number is of a person of its own.
    pub(super) fn key(&self) -> u128 {
        let subject = self.cell("subject_id");
        if subject.is_empty() {
            return xxh3_128(format!("\n{}\n{}", self.cell("file"), self.cell("line")).as_bytes());
        }
        key(subject, self.cell("cnt_order"))
    }
}

/// What tells a conviction from every other.
pub(super) fn key(subject: &str, order: &str) -> u128 {
    xxh3_128(format!("{subject}\n{order}").as_bytes())
}

/// Where the columns stand.
pub(super) struct Columns(Vec<String>);

impl Columns {
    fn of(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }
}

/// A file that is hashed as it is read.
struct Hashed {
    file: File,
    hash: blake3::Hasher,
}

impl Read for Hashed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.file.read(into)?;
        self.hash.update(into.get(..got).unwrap_or_default());
        Ok(got)
    }
}

/// Reads the table from front to back.
pub(super) struct Reader<'d> {
    path: PathBuf,
    csv: csv::Reader<Hashed>,
    cells: StringRecord,
    columns: Columns,
    counties: &'d [String],
    deadlines: &'d Deadlines,
    /// Whether the statute's word stands in columns of its own.
    beside: bool,
    /// The county of the row before, which the next mostly has too.
    last: (String, Option<usize>),
}

impl<'d> Reader<'d> {
    pub(super) fn open(
        run: &Finished<'_>,
        counties: &'d [String],
        deadlines: &'d Deadlines,
        beside: bool,
    ) -> Result<Self, RunError> {
        let path = run.dir.join(TABLE);
        let file = File::open(&path).map_err(|error| run.broken(format!("{TABLE}: {error}")))?;
        let mut csv = csv::Reader::from_reader(Hashed { file, hash: blake3::Hasher::new() });
        let names = csv.headers().map_err(|error| run.broken(format!("{TABLE}: {error}")))?;
        let columns = Columns(names.iter().map(str::to_owned).collect());
        if let Some((name, ..)) = COLUMNS.iter().find(|(name, ..)| columns.of(name).is_none()) {
            let what = format!(
                "{TABLE} has no column `{name}`: the run was made by an earlier version; make it again"
            );
            return Err(RunError::Statewide { path: run.dir.to_owned(), what });
        }
        Ok(Self {
            path: run.dir.to_owned(),
            csv,
            cells: StringRecord::new(),
            columns,
            counties,
            deadlines,
            beside,
            last: (String::new(), None),
        })
    }

    /// The next determination of which the statute's policy says anything.
    pub(super) fn next(&mut self) -> Result<Option<Conviction<'_>>, RunError> {
        let refuse = |path: &PathBuf, what: String| RunError::Statewide { path: path.clone(), what };
        loop {
            let read = self.csv.read_record(&mut self.cells);
            match read {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => {
                    // The library's words may hold what stands in the table.
                    let line = error.position().map_or(0, csv::Position::line);
                    return Err(refuse(&self.path, format!("{TABLE}, line {line} cannot be read")));
                }
            }
            let cell =
                |name: &str| self.columns.of(name).and_then(|at| self.cells.get(at)).map_or("", unguarded);
            let word = if self.beside { cell("statute_outcome") } else { cell("outcome") };
            if !self.beside && cell("policy") != self.deadlines.statute {
                let what = format!(
                    "it does not say what the statute itself gives; decide again by {0}, or by a policy that names {0}, without --no-statute",
                    self.deadlines.statute
                );
                return Err(refuse(&self.path, what));
            }
            let is = |words: &[String]| words.iter().any(|known| known == word);
            let standing = if is(&self.deadlines.eligible) {
                Standing::Eligible
            } else if is(&self.deadlines.undecided) {
                Standing::Undecided
            } else if is(&self.deadlines.relieved) {
                Standing::Relieved(relieved_on(cell("relief_granted"), &self.deadlines.provisions))
            } else if word == crate::batch::OUT_OF_SCOPE {
                continue;
            } else {
                Standing::NotEligible
            };
            let recorded = cell("county");
            if self.last.0 != recorded {
                let county = self.counties.iter().position(|county| same(county, recorded));
                self.last = (recorded.to_owned(), county);
            }
            let line = self.cells.position().map_or(0, csv::Position::line);
            let (cells, columns) = (&self.cells, &self.columns);
            return Ok(Some(Conviction { cells, columns, standing, county: self.last.1, line }));
        }
    }

    /// Sees to it that what was read is what the manifest lists.
    pub(super) fn unchanged(self, run: &Finished<'_>) -> Result<(), RunError> {
        let mut hashed = self.csv.into_inner();
        io::copy(&mut hashed, &mut io::sink()).map_err(|error| run.broken(format!("{TABLE}: {error}")))?;
        let hash = hashed.hash.finalize().to_hex();
        let listed = run.manifest.outputs.iter().find(|output| output.name == TABLE);
        if listed.is_some_and(|output| output.blake3 == hash.as_str()) {
            return Ok(());
        }
        Err(run
            .broken(format!("{TABLE} is not the file that its manifest names: it was changed after the run")))
    }
}

/// Whether a county as recorded is this one: letter case and blanks do not matter.
fn same(county: &str, recorded: &str) -> bool {
    let mut words = recorded.split_whitespace();
    county.split_whitespace().all(|word| words.next().is_some_and(|other| word.eq_ignore_ascii_case(other)))
        && words.next().is_none()
}

/// The last whole day of a relief under one of the provisions, among reliefs as the table writes them: provision and day.
fn relieved_on(granted: &str, provisions: &[String]) -> Option<Date> {
    granted
        .split(" | ")
        .filter_map(|one| one.rsplit_once(" on "))
        .filter(|(provision, _)| provisions.iter().any(|known| known == provision))
        .filter_map(|(_, day)| day.parse().ok())
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_relief() {
        let provisions = ["HS 11361.8".to_owned(), "HS 11361.9".to_owned()];
        let on = |granted: &str| relieved_on(granted, &provisions).map(|day| day.to_string());
        assert_eq!(on("PC 1203.4 on 1994-12-14 | HS 11361.8 on 2018-12-01").as_deref(), Some("2018-12-01"));
        assert_eq!(on("HS 11361.8 on 2018-12-01 | HS 11361.9 on 2021-03-02").as_deref(), Some("2021-03-02"));
        assert_eq!(on("PC 1203.4 on 1994-12-14"), None);
        assert_eq!(on("HS 11361.8 on 2018-12"), None);
        assert_eq!(on("HS 11361.8 on unknown"), None);
        assert_eq!(on(""), None);
    }

    #[test]
    fn counties_as_recorded() {
        assert!(same("LOS ANGELES", " los  Angeles "));
        assert!(!same("LOS ANGELES", "LOS ANGELES COUNTY"));
        assert!(!same("LOS ANGELES", "LOS"));
        assert!(!same("NAPA", ""));
    }
}
