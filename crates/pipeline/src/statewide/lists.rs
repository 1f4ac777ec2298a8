//! The list of each county: what it holds, its cover, and its line in the index.

use super::table::{Conviction, Standing};
use crate::decide::Program;
use crate::error::RunError;
use crate::folder::{Folder, Output};
use crate::spreadsheet::write_record;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use vacatur_records::Date;
use vacatur_statutes::Deadlines;

/// The name of the list of convictions of which it cannot be told of which county they are.
pub const PLACES_UNKNOWN: &str = "COUNTY UNKNOWN";

/// The columns of a list.
const COLUMNS: [&str; 16] = [
    "subject_id",
    "cii_number",
    "cnt_order",
    "case_number",
    "county",
    "agency",
    "section",
    "level",
    "conviction_date",
    "standing",
    "relief",
    "reason",
    "missing",
    "citation",
    "office_policy",
    "office_outcome",
];

/// A list, as it stands in the index.
#[derive(Clone, Debug, Serialize)]
pub struct ListRecord {
    /// The county.
    pub county: String,
    /// Whom it is for.
    pub prosecutor: String,
    /// The file.
    pub file: String,
    /// Whether the run decided convictions of the county at all. If it did not, nothing is known of them.
    pub decided: bool,
    /// Convictions on it: those that are eligible and those that cannot be decided.
    pub convictions: u64,
    /// Those that the statute's policy gives relief.
    pub eligible: u64,
    /// Those that cannot be decided from the state's file.
    pub undecided: u64,
    /// The people of whom they are.
    pub people: u64,
    /// Convictions that have had the relief already, and are not on it.
    pub relieved: u64,
    /// Convictions of the sections that are not eligible, and are not on it.
    pub not_eligible: u64,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, which whoever gets it can take with the programs of any machine.
    pub sha256: String,
}

/// What all covers say.
pub(super) struct Head<'h> {
    /// The BLAKE3 of the run's manifest.
    pub(super) run: &'h str,
    pub(super) as_of: Date,
    pub(super) deadlines: &'h Deadlines,
    pub(super) program: Program<'h>,
}

struct List {
    output: Output,
    hash: Sha256,
    bytes: u64,
    record: ListRecord,
    /// The last person of whom a conviction is on it.
    last: u128,
}

/// The lists in the making.
pub(super) struct Lists {
    lists: Vec<List>,
}

impl Lists {
    /// One for each county, and one more. No name of a file is made of anything that stands in the inputs.
    pub(super) fn open(counties: &[String], folder: &Folder<'_>) -> Result<Self, RunError> {
        let names = counties.iter().map(String::as_str).chain([PLACES_UNKNOWN]);
        let lists = names.map(|county| {
            let file = format!("list-{}.csv", slug(county));
            let mut list = List {
                output: folder.file(&file)?,
                hash: Sha256::new(),
                bytes: 0,
                record: ListRecord {
                    county: county.to_owned(),
                    prosecutor: String::new(),
                    file,
                    decided: true,
                    convictions: 0,
                    eligible: 0,
                    undecided: 0,
                    people: 0,
                    relieved: 0,
                    not_eligible: 0,
                    bytes: 0,
                    sha256: String::new(),
                },
                last: 0,
            };
            list.row(&COLUMNS)?;
            Ok(list)
        });
        Ok(Self { lists: lists.collect::<Result<_, RunError>>()? })
    }

    /// Notes which counties the run did not decide.
    pub(super) fn not_decided(&mut self, counties: &[String]) {
        for list in &mut self.lists {
            list.record.decided = !counties.contains(&list.record.county);
        }
    }

    /// Puts a conviction on its list, or counts it as one that is not on it.
    pub(super) fn take(&mut self, row: &Conviction<'_>) -> Result<(), RunError> {
        let at = row.county.unwrap_or(self.lists.len().saturating_sub(1));
        let Some(list) = self.lists.get_mut(at) else { return Ok(()) };
        let record = &mut list.record;
        let (standing, beside) = match row.standing {
            Standing::Relieved(_) => {
                record.relieved += 1;
                return Ok(());
            }
            Standing::NotEligible => {
                record.not_eligible += 1;
                return Ok(());
            }
            Standing::Eligible => {
                record.eligible += 1;
                ("eligible", row.cell("statute_outcome"))
            }
            Standing::Undecided => {
                record.undecided += 1;
                ("cannot be decided", row.cell("statute_outcome"))
            }
        };
        record.convictions += 1;
        let person = match row.cell("subject_id") {
            // A row that does not say whose it is is a person of its own.
            "" => row.key(),
            subject => xxhash_rust::xxh3::xxh3_128(subject.as_bytes()),
        };
        if record.people == 0 || list.last != person {
            list.last = person;
            list.record.people += 1;
        }
        // By the statute's own policy, what the office decides is what the statute gives.
        let of =
            |name: &'static str, alone: &'static str| row.cell(if beside.is_empty() { alone } else { name });
        let cells = [
            row.cell("subject_id"),
            row.cell("cii_number"),
            row.cell("cnt_order"),
            row.cell("case_number"),
            row.cell("county"),
            row.cell("agency"),
            row.cell("section"),
            row.cell("level"),
            row.cell("conviction_date"),
            standing,
            of("statute_relief", "relief"),
            of("statute_reason", "reason"),
            of("statute_missing", "missing"),
            of("statute_citation", "citation"),
            row.cell("policy"),
            row.cell("outcome"),
        ];
        list.row(&cells)
    }

    /// Finishes every list, and writes its cover.
    pub(super) fn close(self, head: &Head<'_>, folder: &mut Folder<'_>) -> Result<Vec<ListRecord>, RunError> {
        let mut records = Vec::with_capacity(self.lists.len());
        for List { output, hash, bytes, mut record, .. } in self.lists {
            folder.close(output)?;
            record.bytes = bytes;
            record.sha256 = hash.finalize().iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            if record.county != PLACES_UNKNOWN {
                record.prosecutor = head.deadlines.prosecutor(&record.county, &title(&record.county));
            }
            let name = format!("cover-{}.txt", slug(&record.county));
            folder.whole(&name, cover(&record, head).as_bytes())?;
            records.push(record);
        }
        Ok(records)
    }
}

impl List {
    fn row(&mut self, cells: &[&str]) -> Result<(), RunError> {
        let mut table = csv::Writer::from_writer(Vec::new());
        write_record(&mut table, cells.iter().copied());
        let bytes = table.into_inner().unwrap_or_default();
        self.hash.update(&bytes);
        self.bytes += bytes.len() as u64;
        self.output.put(&bytes)
    }
}

/// What goes with a list.
fn cover(list: &ListRecord, head: &Head<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n", head.deadlines.title);
    if list.county == PLACES_UNKNOWN {
        let _ = writeln!(
            out,
            "Potentially eligible convictions of which it cannot be told of which county they are."
        );
        let _ = writeln!(
            out,
            "They are on no county's list. Whoever finds out gives the county as evidence to the next run.\n"
        );
    } else {
        let _ = writeln!(out, "County      {}", title(&list.county));
        let _ = writeln!(out, "For         {}\n", list.prosecutor);
    }
    if !list.decided {
        let _ = writeln!(
            out,
            "The run decided no conviction of this county: that the list is empty says nothing.\n"
        );
    }
    let _ = writeln!(out, "List        {}", list.file);
    let _ = writeln!(out, "SHA-256     {}", list.sha256);
    let _ = writeln!(out, "Convictions {:>9}  potentially eligible", list.convictions);
    let _ = writeln!(out, "            {:>9}  that are eligible by the state's file", list.eligible);
    let _ = writeln!(out, "            {:>9}  that cannot be decided from it", list.undecided);
    let _ = writeln!(out, "People      {:>9}  of whom they are", list.people);
    let _ = writeln!(out, "Not on it   {:>9}  have had this relief already", list.relieved);
    let _ = writeln!(out, "            {:>9}  are not eligible", list.not_eligible);
    let _ = writeln!(out, "\nAs of       {}", head.as_of);
    let _ = writeln!(out, "By          {}, by vacatur {}", head.deadlines.statute, head.program.version);
    let _ = writeln!(out, "Run         manifest.json with BLAKE3 {}\n", head.run);
    for one in head.deadlines.deadlines.iter().filter(|one| !one.done.is_empty()) {
        let _ = writeln!(out, "{}  {}: {}", one.by, one.who, one.duty);
        let _ = writeln!(out, "            {} [{}]", one.cite, one.status.word());
    }
    let _ = writeln!(
        out,
        "\nA line names a conviction by the state's subject number, the CII number, the count's number and the court's case\nnumber. It holds no name and no day of birth: the run keeps none."
    );
    let _ = writeln!(out, "{}", head.deadlines.prosecutor_note);
    out
}

/// A county as one writes it: `Los Angeles`.
pub(super) fn title(county: &str) -> String {
    let words = county.split_whitespace().map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect::<String>()
        })
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A county in the name of a file. It is asked of the list of counties only, never of what a file says.
fn slug(county: &str) -> String {
    let letters = county
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
    letters.collect()
}
