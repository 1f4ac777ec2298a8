//! Finds one person of a finished run again and shows how each count was decided.

use crate::batch::hash_of;
use crate::decide::{STANDARD_INPUT, STATUTE, policy_base};
use crate::error::RunError;
use crate::evidence::{self, Evidence};
use crate::index::{self, Found, Stretch, key};
use crate::manifest::{Manifest, PolicyRecord};
use std::path::{Path, PathBuf};
use vacatur_eligibility::{Account, Compiled, Determination, Engine, Setting, VOCABULARY};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::Run;
use vacatur_policy::Policy;
use vacatur_records::{Column, Place, Seen, Text};
use vacatur_statutes::Statutes;

/// What is asked.
pub struct Asked<'a> {
    /// The folder of the run.
    pub run: &'a Path,
    /// The subject number or CII number.
    pub person: &'a str,
    /// One count; all that were decided if absent.
    pub count: Option<&'a str>,
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
}

/// The answer.
#[derive(Debug)]
pub struct Explained {
    /// One account for each count.
    pub accounts: Vec<Account>,
    /// What the reader should know: another version of the program, for one.
    pub remarks: Vec<String>,
}

/// Evaluates a person of a run again, with the policy and the day of that run.
///
/// # Errors
/// A folder that is no run, an input that has gone or changed, a person or count that is not there.
pub fn explain(asked: Asked<'_>) -> Result<Explained, RunError> {
    let broken = |what: String| RunError::NotARun { path: asked.run.to_owned(), what };
    let read = |name: &str| {
        std::fs::read_to_string(asked.run.join(name)).map_err(|error| broken(format!("{name}: {error}")))
    };
    let manifest: Manifest = serde_json::from_str(&read("manifest.json")?)
        .map_err(|error| broken(format!("manifest.json: {error}")))?;
    let persons = index::find(asked.run, key(asked.person.trim().as_bytes()))?;
    if persons.is_empty() {
        return Err(RunError::NoSuchPerson);
    }
    let engine = engine(&asked, &manifest, &read).map_err(broken)?;
    let places: Vec<Option<String>> = serde_json::from_str(&read("inputs.json")?)
        .map_err(|error| broken(format!("inputs.json: {error}")))?;
    let evidence = evidence(&asked, &manifest, &engine).map_err(broken)?;
    let sources = open(&asked, &places, &manifest)?;
    let mut remarks = Vec::new();
    let now = env!("CARGO_PKG_VERSION");
    if manifest.program.version != now {
        remarks
            .push(format!("the run was made by version {}, this is version {now}", manifest.program.version));
    }
    let columns = Columns::of(asked.layout).map_err(|meaning| RunError::Layout {
        layout: asked.layout.name().to_owned(),
        meaning: meaning.to_owned(),
    })?;
    let assembler = Assembler::new(&columns, asked.words);
    let mut accounts = Vec::new();
    let mut known = Vec::new();
    for found in &persons {
        let (runs, unread) = runs(found);
        let mut block = Block::new(asked.layout);
        block.load(&sources, &runs)?;
        let rows: Vec<Row<'_>> = block.rows().collect();
        if hash_of(&rows) != found.marks.rows {
            let input =
                found.stretches.first().and_then(|stretch| manifest.inputs.get(stretch.source as usize));
            let input = input.map(|input| input.name.clone()).unwrap_or_default();
            return Err(RunError::InputGone {
                input,
                what: "the rows of this person have changed since the run".into(),
            });
        }
        let subject = rows.first().map_or(&[][..], |row| row.field(asked.layout.subject()));
        let mut person = assembler.assemble(Text::of(subject), &rows, unread, &mut Vec::new());
        let mut worker = engine.worker();
        let told = evidence.testimonies(evidence.about(Text::of(subject).as_str().as_bytes()));
        if !told.is_empty() {
            worker.take_evidence(&mut person, &told);
        }
        let prepared = worker.prepare(&person);
        let mut determinations = Vec::new();
        worker.determine(&prepared, 0, |determination| determinations.push(determination));
        let mut statute = Vec::new();
        if manifest.statute.is_some() {
            worker.determine(&prepared, 1, |determination| statute.push(determination));
        }
        let place_of = |seen: Seen| {
            let row = person.rows.get(seen.row.at()).filter(|_| seen.column == Column::Evidence);
            row.and_then(|row| evidence.place(&manifest.evidence, row))
                .unwrap_or_else(|| place(seen, &person, &manifest, &columns, asked.layout))
        };
        for determination in &determinations {
            let order = person.counts[determination.count as usize].order.to_string();
            if asked.count.is_none_or(|count| count == order) {
                let mut account = Account::new(&worker, &prepared, 0, determination, &place_of);
                let beside = Determination::of_count(&statute, determination.count);
                account.statute =
                    beside.map(|found| Box::new(Account::new(&worker, &prepared, 1, found, &place_of)));
                accounts.push(account);
            }
            known.push(order);
        }
    }
    if accounts.is_empty() {
        return Err(RunError::NoSuchCount { count: asked.count.unwrap_or("at all").to_owned(), known });
    }
    Ok(Explained { accounts, remarks })
}

/// The evidence that the run used, from the copy in its folder.
fn evidence(asked: &Asked<'_>, manifest: &Manifest, engine: &Engine) -> Result<Evidence, String> {
    if manifest.evidence.is_empty() {
        return Ok(Evidence::default());
    }
    let name = evidence::COPY;
    let bytes = std::fs::read(asked.run.join(name)).map_err(|error| format!("{name}: {error}"))?;
    let hash = blake3::hash(&bytes).to_hex();
    if !manifest.outputs.iter().any(|output| output.name == name && output.blake3 == hash.as_str()) {
        return Err(format!("{name} is not the file that the manifest names"));
    }
    Evidence::of_run(&bytes, &manifest.evidence, engine, manifest.inputs.len() as u32)
}

/// The policies of the run, from the documents in its folder.
fn engine(
    asked: &Asked<'_>,
    manifest: &Manifest,
    read: &dyn Fn(&str) -> Result<String, RunError>,
) -> Result<Engine, String> {
    let as_of =
        manifest.as_of.parse().map_err(|_| format!("manifest.json: `{}` is no date", manifest.as_of))?;
    let mut bases = Vec::new();
    for (at, name) in manifest.policy.builds_on.iter().enumerate() {
        let file = policy_base(at);
        bases.push((name.as_str(), read(&file).map_err(|error| error.to_string())?));
    }
    let text = read("policy.md").map_err(|error| error.to_string())?;
    let mut policies = vec![document("policy.md", &text, &manifest.policy, &bases, asked)?];
    if let Some(record) = &manifest.statute {
        let text = read(STATUTE).map_err(|error| error.to_string())?;
        policies.push(document(STATUTE, &text, record, &[], asked)?);
    }
    Ok(Engine::new(asked.statutes.clone(), policies, Setting { as_of, counties: asked.counties.clone() }))
}

fn document(
    file: &str,
    text: &str,
    record: &PolicyRecord,
    bases: &[(&str, String)],
    asked: &Asked<'_>,
) -> Result<Compiled, String> {
    let library = |name: &str| bases.iter().find(|(base, _)| *base == name).map(|(_, text)| text.clone());
    let (policy, _) = Policy::parse_with(text, &VOCABULARY, &library).map_err(|errors| {
        errors.first().map_or_else(String::new, |error| format!("{file}: {}", error.message))
    })?;
    if policy.hash().digits() != record.blake3 {
        return Err(format!("{file} is not the document that the manifest names"));
    }
    let given = record.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let values = policy.values(given).map_err(|error| error.to_string())?;
    Compiled::new(policy, values, &asked.statutes)
        .map_err(|errors| errors.first().map_or_else(String::new, |error| error.message.clone()))
}

/// The inputs of the run: where they were, or in the folder named.
fn open(asked: &Asked<'_>, places: &[Option<String>], manifest: &Manifest) -> Result<Vec<Source>, RunError> {
    let mut inputs = Vec::with_capacity(places.len());
    for place in places {
        let path: PathBuf = match (place, asked.inputs) {
            (None, _) => asked.run.join(STANDARD_INPUT),
            (Some(was), Some(folder)) => {
                let was = Path::new(was);
                folder.join(was.file_name().unwrap_or(was.as_os_str()))
            }
            (Some(was), None) => PathBuf::from(was),
        };
        if !path.exists() {
            return Err(RunError::InputGone {
                input: path.display().to_string(),
                what: "the input of this run is not there".into(),
            });
        }
        inputs.push(Input::Path(path));
    }
    let sources = source::open(&inputs, &std::env::temp_dir())?;
    let same = sources.len() == manifest.inputs.len()
        && sources.iter().zip(&manifest.inputs).all(|(source, input)| source.len() == input.text_bytes);
    if !same {
        let changed =
            sources.iter().zip(&manifest.inputs).find(|(source, input)| source.len() != input.text_bytes);
        let input = changed.map_or_else(|| "an input".to_owned(), |(source, _)| source.name().to_owned());
        return Err(RunError::InputGone { input, what: "the input has changed since the run".into() });
    }
    Ok(sources)
}

/// The person's rows, and the places of those that could not even be read.
fn runs(found: &Found) -> (Vec<Run>, Vec<Place>) {
    let (rows, unread): (Vec<&Stretch>, Vec<&Stretch>) =
        found.stretches.iter().partition(|stretch| stretch.rows > 0);
    let runs = rows.into_iter().map(Run::from).collect();
    (runs, unread.into_iter().map(|stretch| stretch.unread_place()).collect())
}

/// A cell in words: `input.csv, line 7, column 15 PRI_DOB`.
fn place(
    seen: Seen,
    person: &vacatur_records::Person<'_>,
    manifest: &Manifest,
    columns: &Columns,
    layout: &Layout,
) -> String {
    let Some(row) = person.rows.get(seen.row.at()) else { return "no row".into() };
    let name = manifest.inputs.get(row.file.at()).map_or("", |input| input.name.as_str());
    let name = Path::new(name)
        .file_name()
        .map_or_else(|| name.to_owned(), |name| name.to_string_lossy().into_owned());
    let column = columns.number(seen.column).filter(|_| seen.column != Column::Row);
    match column.and_then(|column| Some((column, layout.columns().get(column)?))) {
        Some((number, column)) => format!("{name}, line {}, column {} {}", row.line, number + 1, column.name),
        None => format!("{name}, line {}", row.line),
    }
}
