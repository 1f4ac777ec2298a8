//! Some people of a run, decided again.

use super::Verify;
use crate::batch::{Done, Hands, Shared, hash_of};
use crate::decide::{Phase, Progress};
use crate::error::RunError;
use crate::finished::{Finished, runs};
use crate::index::{self, Found, OnePerson, Reader};
use crate::spreadsheet::guard;
use crate::unread::Unread;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use vacatur_ingest::doj::Columns;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::people::Person as Group;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::survey::SubjectKey;
use vacatur_records::Text;

/// How many people go to a thread at once.
const TASK: usize = 64;

/// How many differences are named.
const NAMED: usize = 5;

/// Which people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How many.
    pub people: u64,
    /// What they are drawn by: the same seed draws the same people.
    pub seed: u64,
}

/// People decided again.
#[derive(Debug, Default, serde::Serialize)]
pub struct Sampled {
    /// What they were drawn by.
    pub seed: u64,
    /// How many people were decided.
    pub people: u64,
    /// Those of whom every row is the same to the byte.
    pub people_same: u64,
    /// Determinations that were made, in `determinations.csv`.
    pub determinations: u64,
    /// Those of them that are the same to the byte.
    pub determinations_same: u64,
    /// Open questions that were made, in `review.csv`.
    pub questions: u64,
    /// Those of them that are the same to the byte.
    pub questions_same: u64,
    /// The first differences in words, with file and line.
    pub differences: Vec<String>,
}

impl Sampled {
    /// Whether all of them came out the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.people == self.people_same
    }
}

/// The rows of one person in the files that are compared.
struct Made {
    /// The first cell of each of their rows, as the files have it.
    subject: Vec<u8>,
    /// `determinations.csv` and `review.csv`.
    rows: [Vec<u8>; 2],
}

/// The rows that one of the people should have in a file, by their place among those drawn.
type Expected<'m> = (usize, Vec<&'m [u8]>);

const FILES: [&str; 2] = ["determinations.csv", "review.csv"];

/// Decides some people again. Who they are hangs on the seed and on the run, and on nothing else.
pub(super) fn sample(
    run: &Finished<'_>,
    asked: Verify<'_>,
    sample: Sample,
    progress: &dyn Progress,
) -> Result<Sampled, RunError> {
    let people = drawn(run, sample)?;
    let engine = run.engine(asked.statutes, asked.counties)?;
    let evidence = run.evidence(&engine)?;
    let sources = run.sources(asked.inputs, &std::env::temp_dir())?;
    let names: Vec<String> = run.manifest.inputs.iter().map(|input| input.name.clone()).collect();
    let columns = Columns::of(asked.layout).map_err(|meaning| RunError::Layout {
        layout: asked.layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let shared = Shared {
        engine: &engine,
        layout: asked.layout,
        columns: &columns,
        words: asked.words,
        sources: &sources,
        names: &names,
        unread: &Unread::default(),
        evidence: &evidence,
        bear: false,
        horizon: None,
        since: None,
    };
    let bytes =
        |found: &Found| found.stretches.iter().filter(|it| it.rows > 0).map(|it| it.bytes).sum::<u64>();
    progress.phase(Phase::Decide, people.iter().map(bytes).sum());
    let tasks: Vec<&[Found]> = people.chunks(TASK).collect();
    let mut made: Vec<Made> = Vec::with_capacity(people.len());
    ordered(
        asked.threads,
        tasks.iter().copied().map(Ok),
        || (Block::new(asked.layout), Hands::new(&shared)),
        |(block, hands), people| {
            people.iter().map(|found| decided(found, block, hands, &shared)).collect::<Result<Vec<_>, _>>()
        },
        |batch| {
            progress.advance(tasks.get(made.len() / TASK).map_or(0, |task| task.iter().map(bytes).sum()));
            made.extend(batch);
            Ok::<(), RunError>(())
        },
    )?;
    compared(run, sample, &made)
}

/// The people with the smallest hashes of seed and place in the run, in the order of the run.
fn drawn(run: &Finished<'_>, sample: Sample) -> Result<Vec<Found>, RunError> {
    let index = Reader::open(&run.dir.join(index::NAME))?;
    let wanted = usize::try_from(sample.people).unwrap_or(usize::MAX);
    let mut drawn: BTreeMap<(u64, u64), OnePerson> = BTreeMap::new();
    for (number, person) in (0_u64..).zip(index.each()) {
        let mark = xxhash_rust::xxh3::xxh3_64_with_seed(&number.to_le_bytes(), sample.seed);
        if drawn.len() < wanted || drawn.last_key_value().is_some_and(|(last, _)| (mark, number) < *last) {
            drawn.insert((mark, number), person?);
            if drawn.len() > wanted {
                drawn.pop_last();
            }
        }
    }
    let mut people: Vec<(u64, OnePerson)> =
        drawn.into_iter().map(|((_, number), person)| (number, person)).collect();
    people.sort_unstable_by_key(|(number, _)| *number);
    people.into_iter().map(|(_, person)| index.found(person)).collect()
}

/// Decides one person as the run did.
fn decided(
    found: &Found,
    block: &mut Block,
    hands: &mut Hands<'_>,
    shared: &Shared<'_>,
) -> Result<Made, RunError> {
    let (runs, unread) = runs(found, shared.sources)?;
    block.load(shared.sources, &runs)?;
    let rows: Vec<Row<'_>> = block.rows().collect();
    if hash_of(&rows) != found.marks.rows {
        let input = found.stretches.first().and_then(|stretch| shared.names.get(stretch.source as usize));
        return Err(RunError::InputGone {
            input: input.cloned().unwrap_or_default(),
            what: "the rows of a person have changed since the run".into(),
        });
    }
    let subject = rows.first().map_or(&[][..], |row| row.field(shared.layout.subject()));
    let group = Group { subject: SubjectKey::of(subject, shared.layout), runs: Vec::new() };
    let mut done = Done::new(shared, 1, 0);
    hands.record(&group, &rows, unread, &mut done)?;
    let text = |table: csv::Writer<Vec<u8>>| {
        table.into_inner().map_err(|error| RunError::Stopped { what: error.to_string() })
    };
    let subject = guard(&Text::of(subject).as_str()).into_owned().into_bytes();
    Ok(Made { subject, rows: [done.rows.csv, text(done.review)?] })
}

/// Finds the rows of those people in the run's files.
fn compared(run: &Finished<'_>, sample: Sample, made: &[Made]) -> Result<Sampled, RunError> {
    let mut sampled = Sampled { seed: sample.seed, people: made.len() as u64, ..Sampled::default() };
    let mut differs = vec![false; made.len()];
    for (file, name) in FILES.into_iter().enumerate() {
        // Each row that is expected, by its person's first cell. Those without a number share the empty one.
        let mut expected: FxHashMap<&[u8], Vec<Expected<'_>>> = FxHashMap::default();
        for (at, one) in made.iter().enumerate() {
            let rows = one.rows.get(file).map_or(&[][..], Vec::as_slice);
            let rows: Vec<&[u8]> = records(rows).collect();
            *(if file == 0 { &mut sampled.determinations } else { &mut sampled.questions }) +=
                rows.len() as u64;
            expected.entry(&one.subject).or_default().push((at, rows));
        }
        let broken = |error: io::Error| run.broken(format!("{name}: {error}"));
        let mut reader = BufReader::with_capacity(1 << 18, File::open(run.dir.join(name)).map_err(broken)?);
        let (mut row, mut line, mut subject) = (Vec::new(), 0, Vec::new());
        let mut same = 0;
        while next_record(&mut reader, &mut row).map_err(broken)? {
            let begins = line + 1;
            line += memchr_count(b'\n', &row);
            first_cell(&row, &mut subject);
            let Some(people) = expected.get_mut(subject.as_slice()) else { continue };
            let found = people.iter_mut().find_map(|(_, rows)| {
                let at = rows.iter().position(|expected| *expected == row.as_slice())?;
                rows.remove(at);
                Some(())
            });
            if found.is_some() {
                same += 1;
            } else if let [(at, _)] = people.as_slice()
                && !subject.is_empty()
            {
                if let Some(differs) = differs.get_mut(*at) {
                    *differs = true;
                }
                if sampled.differences.len() < NAMED {
                    sampled.differences.push(format!("{name}, line {begins}: the row comes out otherwise"));
                }
            }
        }
        *(if file == 0 { &mut sampled.determinations_same } else { &mut sampled.questions_same }) = same;
        let left: Vec<usize> =
            expected.values().flatten().filter(|(_, rows)| !rows.is_empty()).map(|(at, _)| *at).collect();
        let fresh = left.iter().filter(|&&at| differs.get(at) == Some(&false)).count();
        if fresh > 0 && sampled.differences.len() < NAMED {
            sampled
                .differences
                .push(format!("{name}: it lacks rows of {fresh} of these people, or has them otherwise"));
        }
        for at in left {
            if let Some(differs) = differs.get_mut(at) {
                *differs = true;
            }
        }
    }
    sampled.people_same = differs.iter().filter(|differs| !**differs).count() as u64;
    Ok(sampled)
}

/// The rows of a table, each with its line end. A line end in quotes ends no row.
fn records(mut table: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let mut quoted = false;
        let end = table.iter().position(|&byte| {
            quoted ^= byte == b'"';
            byte == b'\n' && !quoted
        });
        let (row, rest) = table.split_at_checked(end.map_or(table.len(), |end| end + 1))?;
        table = rest;
        (!row.is_empty()).then_some(row)
    })
}

/// The next row of a file.
fn next_record(reader: &mut impl BufRead, row: &mut Vec<u8>) -> io::Result<bool> {
    row.clear();
    let mut quotes = 0;
    loop {
        let before = row.len();
        if reader.read_until(b'\n', row)? == 0 {
            return Ok(!row.is_empty());
        }
        quotes += memchr_count(b'"', row.get(before..).unwrap_or_default());
        if quotes % 2 == 0 {
            return Ok(true);
        }
    }
}

fn memchr_count(wanted: u8, bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == wanted).count() as u64
}

/// The first cell of a row without its quotes.
fn first_cell(row: &[u8], cell: &mut Vec<u8>) {
    cell.clear();
    match row {
        [b'"', rest @ ..] => {
            let mut rest = rest.iter();
            while let Some(&byte) = rest.next() {
                // A quotation mark stands twice, or ends the cell.
                if byte == b'"' && rest.next() != Some(&b'"') {
                    break;
                }
                cell.push(byte);
            }
        }
        row => cell.extend(row.iter().take_while(|byte| !matches!(byte, b',' | b'\n'))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_their_first_cells() {
        let table = "a,\"b\nc\"\n\"d\"\"e,\",f\ng";
        let rows: Vec<&[u8]> = records(table.as_bytes()).collect();
        assert_eq!(rows, [b"a,\"b\nc\"\n".as_slice(), b"\"d\"\"e,\",f\n", b"g"]);
        let mut reader = table.as_bytes();
        let (mut row, mut cell) = (Vec::new(), Vec::new());
        let mut cells = Vec::new();
        for expected in &rows {
            assert!(next_record(&mut reader, &mut row).unwrap());
            assert_eq!(row, *expected);
            first_cell(&row, &mut cell);
            cells.push(String::from_utf8(cell.clone()).unwrap());
        }
        assert!(!next_record(&mut reader, &mut row).unwrap());
        assert_eq!(cells, ["a", "d\"e,", "g"]);
    }
}
