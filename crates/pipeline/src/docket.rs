//! The cases of a finished run in which relief is granted: what the papers for the court are made of.
//!
//! A run's tables hold no names and no counts that were not decided. They are read again from the inputs, through
//! `people.idx`, as `explain` does it; nobody is decided again. What was decided is taken from `determinations.csv`.

use crate::batch::hash_of;
use crate::decide::{Phase, Progress};
use crate::error::RunError;
use crate::evidence::Evidence;
use crate::finished::{Finished, runs};
use crate::index::{Found, NAME, Reader, Span};
use crate::manifest::Manifest;
use crate::spreadsheet::unguarded;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use vacatur_eligibility::Worker;
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::{Source, read_exact_at};
use vacatur_records::{
    Count, DateSpan, Length, Level, Person, Private, SentenceKind, StepKind, Text, Truth, silent_debug,
};
use vacatur_statutes::Statutes;

/// How many people go to a thread at once.
const TASK: usize = 64;

/// What is asked of a run.
pub struct Docket<'a> {
    /// The folder of the run.
    pub run: &'a Path,
    /// Where the inputs are now, if not where they were.
    pub inputs: Option<&'a Path>,
    /// The layout of the inputs.
    pub layout: &'a Layout,
    /// The words in their cells.
    pub words: &'a Words,
    /// The statute tables.
    pub statutes: Statutes,
    /// The counties.
    pub counties: Vec<String>,
    /// How many threads.
    pub threads: usize,
}

/// What a run decided of a count, from its row in `determinations.csv`.
#[derive(Clone, Default)]
pub struct Decided {
    /// The person, by the subject number.
    pub subject: String,
    /// The count, by its twelve digits.
    pub order: String,
    /// `dismiss`, `reduce`, `grant` and so on.
    pub outcome: String,
    /// The same in full: `dismiss and seal`, `reduce to misdemeanor`.
    pub relief: String,
    /// The deciding ground in the policy document's words.
    pub reason: String,
    /// The deciding rule's name.
    pub rule: String,
    /// The source it rests on, with its status.
    pub citation: String,
    /// The code section in normal form; empty if it cannot be read.
    pub section: String,
    /// Relief granted before: provision and date.
    pub relief_granted: String,
    /// What the statute itself gives.
    pub statute_outcome: String,
    /// `felony`, `misdemeanor`, `infraction`; empty if unknown. As it was decided on, evidence taken in.
    pub level: String,
    /// The date of the conviction, as it was decided on.
    pub date: String,
    /// The case number as recorded.
    pub case_number: String,
}

silent_debug!(Decided);

impl Default for CaseCount {
    fn default() -> Self {
        Self {
            order: String::new(),
            number: 0,
            offence: String::new(),
            level: "",
            convicted: Truth::Unknown,
            date: String::new(),
            disposition: String::new(),
            sentence: String::new(),
            serving: Serving::Unknown,
            decided: None,
            place: (0, 0),
        }
    }
}

impl Decided {
    /// Whether the run gives relief.
    #[must_use]
    pub fn is_grant(&self) -> bool {
        matches!(self.outcome.as_str(), "dismiss" | "reduce" | "grant")
    }
}

/// The person whom the papers are about.
#[derive(Clone, Default)]
pub struct Defendant {
    /// The subject number in this delivery.
    pub subject: Private<String>,
    /// The CII number.
    pub cii: Private<String>,
    /// The name as recorded: `LAST,FIRST MIDDLE`.
    pub name: Private<String>,
    /// The birth date: `1972-05-04`, less if less is known, empty if nothing is.
    pub birth_date: Private<String>,
    /// Whether the record says that the person has died.
    pub deceased: bool,
}

silent_debug!(Defendant);

/// Whether a sentence is being served on the day of the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Serving {
    /// It is completed.
    Completed,
    /// It is being served.
    Now,
    /// The record does not tell.
    #[default]
    Unknown,
}

/// One count of a case, decided or not.
#[derive(Clone)]
pub struct CaseCount {
    /// Its twelve digits.
    pub order: String,
    /// Its number within its case, from the record: 1, 2, 3.
    pub number: u16,
    /// The offence of conviction as written, else that charged.
    pub offence: String,
    /// `felony`, `misdemeanor`, `infraction`; empty if unknown.
    pub level: &'static str,
    /// Whether it ended in a conviction.
    pub convicted: Truth,
    /// The date of the conviction: a day, or a month or a year if no more is known, or empty.
    pub date: String,
    /// The latest disposition as written.
    pub disposition: String,
    /// The sentence in words: `3 years probation, 30 days jail`.
    pub sentence: String,
    /// Whether the sentence is being served.
    pub serving: Serving,
    /// What was decided; absent for counts outside the policy's scope.
    pub decided: Option<Decided>,
    /// Where its first row stands: the input by number, and the line.
    pub place: (u32, u64),
}

silent_debug!(CaseCount);

/// What stands under one case number in one step of a person's record.
#[derive(Clone, Default)]
pub struct Case {
    /// The court's code: in California the ORI.
    pub court_code: String,
    /// The court as recorded: `CASCLOS ANGELES`.
    pub court: String,
    /// The county as recorded.
    pub county: String,
    /// The case number as recorded, or several.
    pub number: String,
    /// Codes and names of the agencies that arrested in the same cycle.
    pub arrested_by: Vec<(String, String)>,
    /// Its counts, in the order of their numbers.
    pub counts: Vec<CaseCount>,
}

silent_debug!(Case);

/// A person with at least one case that is asked for.
#[derive(Clone, Default)]
pub struct Matters {
    /// The person.
    pub defendant: Defendant,
    /// Every court case of which a count is asked for, with all that the record has under its number.
    pub cases: Vec<Case>,
}

silent_debug!(Matters);

/// The account of a run, and the BLAKE3 of its manifest.
///
/// # Errors
/// A folder that is no finished run, or is encrypted.
pub fn account_of(run: &Path) -> Result<(Manifest, String), RunError> {
    let finished = Finished::open(run)?;
    let hash = blake3::hash(&finished.manifest_bytes).to_hex().to_string();
    Ok((finished.manifest, hash))
}

/// Goes over the determinations of a run, in its order.
///
/// # Errors
/// A folder that is no finished run or is encrypted, a table that is not the manifest's, what `take` says.
pub fn decisions<E: From<RunError>>(
    run: &Path,
    mut take: impl FnMut(Decided) -> Result<(), E>,
) -> Result<(), E> {
    let finished = Finished::open(run)?;
    let table = Table::open(run).map_err(|error| finished.broken(format!("{TABLE}: {error}")))?;
    let file = File::open(run.join(TABLE)).map_err(|error| finished.broken(format!("{TABLE}: {error}")))?;
    let mut hashed =
        Hashed { inner: io::BufReader::with_capacity(1 << 18, file), hash: blake3::Hasher::new() };
    let mut rows = csv::Reader::from_reader(&mut hashed);
    let mut record = csv::StringRecord::new();
    loop {
        match rows.read_record(&mut record) {
            Ok(true) => take(table.decided(&record))?,
            Ok(false) => break,
            Err(error) => return Err(finished.broken(format!("{TABLE}: {error}")).into()),
        }
    }
    drop(rows);
    let hash = hashed.hash.finalize().to_hex();
    let same =
        |output: &crate::manifest::OutputRecord| output.name == TABLE && output.blake3 == hash.as_str();
    if !finished.manifest.outputs.iter().any(same) {
        return Err(finished.broken(format!("{TABLE} is not the file that the manifest names")).into());
    }
    Ok(())
}

/// Goes over the people of a run who have a count that is `wanted`, in its order, and gives their cases.
///
/// # Errors
/// A folder that is no finished run or is encrypted, inputs that have gone or changed, what `take` says.
pub fn docket<E: From<RunError> + Send>(
    asked: Docket<'_>,
    wanted: &(dyn Fn(&Decided) -> bool + Sync),
    progress: &dyn Progress,
    mut take: impl FnMut(Matters) -> Result<(), E>,
) -> Result<(), E> {
    let run = Finished::open(asked.run)?;
    let engine = run.engine(asked.statutes, asked.counties)?;
    let evidence = run.evidence(&engine)?;
    let as_of = DateSpan::on(engine.setting().as_of);
    let columns = Columns::of(asked.layout).map_err(|meaning| RunError::Layout {
        layout: asked.layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let sources = run.sources(asked.inputs, &std::env::temp_dir())?;
    let index = Reader::open(&asked.run.join(NAME))?;
    let table = Table::open(asked.run).map_err(|error| run.broken(format!("{TABLE}: {error}")))?;
    let shared = Shared {
        run: &run,
        sources: &sources,
        layout: asked.layout,
        table: &table,
        evidence: &evidence,
        as_of,
        wanted,
    };
    progress.phase(Phase::Docket, table.length);
    let mut people = index.each();
    let tasks = std::iter::from_fn(|| {
        let mut task = Vec::with_capacity(TASK);
        let (mut passed, mut people_seen) = (0_u64, false);
        while task.len() < TASK {
            match people.next() {
                None => break,
                Some(Err(error)) => return Some(Err(E::from(error))),
                Some(Ok(person)) => {
                    passed += u64::from(person.lines[0].bytes);
                    people_seen = true;
                    if person.lines[0].bytes > 0 {
                        task.push(person);
                    }
                }
            }
        }
        people_seen.then_some(Ok((task, passed)))
    });
    ordered(
        asked.threads,
        tasks,
        || Hands {
            block: Block::new(asked.layout),
            assembler: Assembler::new(&columns, asked.words),
            worker: engine.worker(),
        },
        |hands, (task, passed)| {
            let mut found = Vec::new();
            for person in task {
                let lines = shared.table.of_person(person.lines[0]);
                let decided = lines.map_err(|what| shared.run.broken(what))?;
                if decided.iter().any(|one| (shared.wanted)(one)) {
                    found.push(shared.read(&index.found(person)?, decided, hands)?);
                }
            }
            Ok::<_, E>((found, passed))
        },
        |(found, passed)| {
            progress.advance(passed);
            found.into_iter().try_for_each(&mut take)
        },
    )
}

const TABLE: &str = "determinations.csv";

/// A reader that hashes what passes through it.
struct Hashed<R> {
    inner: R,
    hash: blake3::Hasher,
}

impl<R: io::Read> io::Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hash.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// `determinations.csv`, and where its columns are.
struct Table {
    file: File,
    length: u64,
    columns: [Option<usize>; 13],
}

impl Table {
    fn open(run: &Path) -> io::Result<Self> {
        let path = run.join(TABLE);
        let header = csv::Reader::from_path(&path)?.headers()?.clone();
        let of = |name: &str| header.iter().position(|column| column == name);
        let columns = [
            of("subject_id"),
            of("cnt_order"),
            of("outcome"),
            of("relief"),
            of("reason"),
            of("rule"),
            of("citation"),
            of("section"),
            of("relief_granted"),
            of("statute_outcome"),
            of("level"),
            of("conviction_date"),
            of("case_number"),
        ];
        let file = File::open(path)?;
        Ok(Self { length: file.metadata()?.len(), file, columns })
    }

    fn decided(&self, record: &csv::StringRecord) -> Decided {
        let cells = self.columns.map(|column| {
            let cell = column.and_then(|column| record.get(column)).unwrap_or_default();
            unguarded(cell).to_owned()
        });
        let [subject, order, outcome, relief, reason, rule, citation, section, relief_granted, cells @ ..] =
            cells;
        let [statute_outcome, level, date, case_number] = cells;
        Decided {
            subject,
            order,
            outcome,
            relief,
            reason,
            rule,
            citation,
            section,
            relief_granted,
            statute_outcome,
            level,
            date,
            case_number,
        }
    }

    /// The rows of one person, by where the index says that they stand.
    fn of_person(&self, lines: Span) -> Result<Vec<Decided>, String> {
        let mut bytes = vec![0; lines.bytes as usize];
        read_exact_at(&self.file, &mut bytes, lines.start)
            .map_err(|_| format!("{TABLE} is shorter than people.idx says"))?;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let mut decided = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| format!("{TABLE}: {error}"))?;
            decided.push(self.decided(&record));
        }
        Ok(decided)
    }
}

/// What a thread works with.
struct Hands<'a> {
    block: Block,
    assembler: Assembler<'a>,
    worker: Worker<'a>,
}

struct Shared<'a> {
    run: &'a Finished<'a>,
    sources: &'a [Source],
    layout: &'a Layout,
    table: &'a Table,
    evidence: &'a Evidence,
    as_of: DateSpan,
    wanted: &'a (dyn Fn(&Decided) -> bool + Sync),
}

impl Shared<'_> {
    /// Reads a person's rows again.
    fn read(&self, found: &Found, decided: Vec<Decided>, hands: &mut Hands<'_>) -> Result<Matters, RunError> {
        let Hands { block, assembler, worker } = hands;
        let (runs, unread) = runs(found, self.sources)?;
        block.load(self.sources, &runs)?;
        let rows: Vec<Row<'_>> = block.rows().collect();
        if hash_of(&rows) != found.marks.rows {
            let input = found
                .stretches
                .first()
                .and_then(|stretch| self.run.manifest.inputs.get(stretch.source as usize))
                .map(|input| input.name.clone());
            return Err(RunError::InputGone {
                input: input.unwrap_or_default(),
                what: "the rows of a person have changed since the run".into(),
            });
        }
        let subject = rows.first().map_or(&[][..], |row| row.field(self.layout.subject()));
        let mut person = assembler.assemble(Text::of(subject), &rows, unread, &mut Vec::new());
        let told = self.evidence.testimonies(self.evidence.about(Text::of(subject).as_str().as_bytes()));
        if !told.is_empty() {
            worker.take_evidence(&mut person, &told);
        }
        // A row of the table must be of the person whose rows these are.
        let same = Text::of(subject).as_str().into_owned();
        if decided.iter().any(|one| one.subject != same) {
            return Err(self.run.broken("people.idx and determinations.csv do not belong together"));
        }
        Ok(self.matters(&person, decided))
    }

    fn matters(&self, person: &Person<'_>, decided: Vec<Decided>) -> Matters {
        let text = |text: &Private<Text<'_>>| Private::new(text.expose().as_str().into_owned());
        let defendant = Defendant {
            subject: text(&person.subject),
            cii: text(&person.cii),
            name: text(&person.name),
            birth_date: Private::new(date_text(person.birth.value)),
            deceased: person.deceased.value.is_yes(),
        };
        let mut by_order: BTreeMap<String, Decided> =
            decided.into_iter().map(|one| (one.order.clone(), one)).collect();
        // What stands under one number is a case. A step can have several, and a case several steps.
        let mut wanted: Vec<(String, String)> = Vec::new();
        for count in &person.counts {
            let case = case_of(count);
            if !wanted.contains(&case) && by_order.get(&count.order.to_string()).is_some_and(self.wanted) {
                wanted.push(case);
            }
        }
        // Counts without a number are of their step alone.
        let mut cases: Vec<(u32, (String, String))> = Vec::new();
        for count in &person.counts {
            let (step, case) = (count.event.0, case_of(count));
            let court = person.events.get(step as usize).is_some_and(|event| event.kind == StepKind::Court);
            let own = by_order.get(&count.order.to_string()).is_some_and(self.wanted);
            let of_case = wanted.contains(&case) && (own || (court && !case.0.is_empty()));
            if of_case && !cases.contains(&(step, case.clone())) {
                cases.push((step, case));
            }
        }
        let cases = cases
            .into_iter()
            .filter_map(|(step, case)| {
                let event = person.events.get(step as usize)?;
                let own =
                    person.counts.iter().filter(|count| count.event.0 == step && case_of(count) == case);
                let arrests = person
                    .events
                    .iter()
                    .filter(|other| other.kind == StepKind::Arrest && cycle(other.case) == cycle(event.case));
                Some(Case {
                    court_code: event.agency_code.as_str().into_owned(),
                    court: event.agency.as_str().into_owned(),
                    county: case.1.clone(),
                    number: case.0.clone(),
                    arrested_by: arrests
                        .map(|arrest| {
                            (arrest.agency_code.as_str().into_owned(), arrest.agency.as_str().into_owned())
                        })
                        .collect(),
                    counts: own.map(|count| self.count(person, count, &mut by_order)).collect(),
                })
            })
            .collect();
        Matters { defendant, cases }
    }

    fn count(
        &self,
        person: &Person<'_>,
        count: &Count<'_>,
        decided: &mut BTreeMap<String, Decided>,
    ) -> CaseCount {
        let order = count.order.to_string();
        let row = person.rows.get(count.row.at());
        let offence = count.charge.offence();
        let offence = if offence.is_blank() { &count.charge.comment } else { offence };
        CaseCount {
            number: count.order.count(),
            offence: offence.as_str().into_owned(),
            level: count.level.value.map_or("", Level::word),
            convicted: count.convicted.value,
            date: date_text(count.date.value),
            disposition: person
                .dispositions_of(count)
                .last()
                .map_or_else(String::new, |last| last.text.as_str().into_owned()),
            sentence: sentence_text(person, count),
            serving: serving(count.completed.value, self.as_of),
            decided: decided.remove(&order),
            place: row.map_or((0, 0), |row| (row.file.0, row.line)),
            order,
        }
    }
}

/// Case number and county of a count, as recorded.
fn case_of(count: &Count<'_>) -> (String, String) {
    (count.case_number.as_str().into_owned(), count.county.value.as_str().into_owned())
}

/// The cycle of a step's number.
fn cycle(case: u32) -> u32 {
    case / 1000
}

/// Whether a sentence that ends on `end` is being served on `day`.
fn serving(end: DateSpan, day: DateSpan) -> Serving {
    match end.after(day) {
        Truth::Yes => Serving::Now,
        Truth::No => Serving::Completed,
        Truth::Unknown => Serving::Unknown,
    }
}

/// A date as the outputs write it: what is known of it.
fn date_text(date: DateSpan) -> String {
    if date.is_unknown() { String::new() } else { date.to_string() }
}

fn sentence_text(person: &Person<'_>, count: &Count<'_>) -> String {
    let mut text = String::new();
    for part in person.sentences_of(count) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        let kind = match part.kind {
            SentenceKind::Fine => "fine".to_owned(),
            SentenceKind::Prison => format!("{} prison", length(part.length)),
            SentenceKind::Jail => format!("{} jail", length(part.length)),
            SentenceKind::Supervision => format!("{} supervision", length(part.length)),
            SentenceKind::Unrecognized => length(part.length),
        };
        text.push_str(kind.trim_start());
    }
    text
}

/// A length of time in words; nothing if it is unknown.
fn length(length: Length) -> String {
    let (number, unit) = match length {
        Length::Days(days) => (days, "day"),
        Length::Months(months) => (months, "month"),
        Length::Years(years) => (years, "year"),
        Length::Unknown => return String::new(),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// The place of a count in words: `county.dat, line 7`.
#[must_use]
pub fn place_text(manifest: &Manifest, place: (u32, u64)) -> String {
    let name = manifest.inputs.get(place.0 as usize).map_or("", |input| input.name.as_str());
    let name = Path::new(name)
        .file_name()
        .map_or_else(|| name.to_owned(), |name| name.to_string_lossy().into_owned());
    format!("{name}, line {}", place.1)
}
