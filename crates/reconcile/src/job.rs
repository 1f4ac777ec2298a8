//! The whole of it: two files in, a folder out.

use crate::account::{Account, CourtCounts, LinkCounts, StateCounts};
use crate::added::{Added, EVIDENCE, possible};
use crate::calibration::measure;
use crate::court_file::CourtFile;
use crate::error::ReconcileError;
use crate::identity;
use crate::linking::{self, Linked};
use crate::lists::Lists;
use crate::matching::without_zeros;
use crate::offence::Offences;
use crate::page;
use crate::people::{self, CourtPeople};
use crate::review;
use crate::standing::{PersonFound, STATE_COLUMNS, Standing, StateTally, Status, maybe_here, of_person};
use crate::state::{IdentityColumns, record};
use crate::table::Table;
use crate::union::Rows;
use crate::waterfalls;
use crate::who::{Who, complete, part_codefendants, who};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::path::{Path, PathBuf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_linkage::{Model, SidesBuilder};
use vacatur_pipeline::{Extract, Folder, InputRecord, Phase, Progress, RunError};
use vacatur_records::DateSpan;
use vacatur_statutes::Grammar;

/// What is asked.
pub struct Job<'a> {
    /// The state's files; none to put the people of the court's files together by themselves.
    pub state: &'a [PathBuf],
    /// The court's file, read.
    pub court: &'a CourtFile,
    /// The layout of the state's files, and of the rows that are added.
    pub layout: &'a Layout,
    /// The words in their cells.
    pub words: &'a Words,
    /// Reads code sections.
    pub grammar: &'a Grammar,
    /// The model: trained here if it is not.
    pub model: &'a Model,
    /// Review sheets that were filled in: name and bytes.
    pub answers: &'a [(String, Vec<u8>)],
    /// The folder to make.
    pub out: &'a Path,
    /// How many threads.
    pub threads: usize,
    /// Version of the program and the BLAKE3 of its file.
    pub program: (&'a str, &'a str),
}

/// What a person of the state's file leaves after the first pass.
struct Known {
    subjects: Vec<String>,
    ciis: Vec<String>,
    /// People in whose record a case number of the court's file stands with the same day and offence.
    hits: Vec<(u32, u32)>,
    state: Option<StateCounts>,
    inputs: Vec<InputRecord>,
}

/// Links the files and leaves the folder.
///
/// # Errors
/// See [`ReconcileError`]. A row that cannot be used is none: it stands in `court-rejects.csv`.
pub fn reconcile(job: &Job<'_>, progress: &dyn Progress) -> Result<Account, ReconcileError> {
    let file = job.court;
    let cases = &file.cases;
    if cases.is_empty() {
        return Err(ReconcileError::Empty(format!(
            "not one case was read from the court's file ({} rows, {} rejected); `vacatur layout check` says what does not fit",
            file.account.rows,
            file.account.rejects.len()
        )));
    }
    let mut folder = Folder::create(job.out, None)?;
    let extract = match job.state {
        [] => None,
        files => Some(Extract::open(files, (job.layout, job.words), folder.path(), job.threads, progress)?),
    };
    let fields = linking::known_fields(job.model)?;
    let mut sides = SidesBuilder::new(job.model);
    let known = first_pass(job, extract.as_ref(), &mut sides, &fields, progress)?;
    if let Some(state) = &known.state
        && state.people == 0
    {
        return Err(ReconcileError::Empty("the state's file has nobody with a subject number".into()));
    }

    // Who is who.
    let mut account = Account {
        court: CourtCounts {
            rows: file.account.rows,
            rows_used: file.account.used,
            rejects: file.account.rejects.len() as u64,
            cases: cases.len() as u64,
            charges: cases.iter().map(|case| case.charges.len() as u64).sum(),
            convictions: cases.iter().flat_map(|case| &case.charges).filter(|one| one.is_conviction()).count()
                as u64,
        },
        state: known.state.clone(),
        ..Account::default()
    };
    let mut everybody = vec![Who::Unknown; cases.len()];
    for (slot, case) in everybody.iter_mut().zip(cases) {
        if !identity::is_named(case) {
            *slot = Who::Unnamed;
        }
    }
    let mut linked: Option<Linked> = None;
    if extract.is_some() {
        progress.phase(Phase::Link, 0);
        for case in cases {
            let cells = identity::of_court(case);
            sides.right(&linking::ordered(&cells, &fields)).map_err(said)?;
        }
        sides.two_sides();
        let both = sides.finish();
        let model = linking::trained(&both, job.model, "the files that were linked", job.threads)?;
        let mut found = linking::pairs(both, model, job.threads)?;
        let named = |at: u32| cases.get(at as usize).is_some_and(identity::is_named);
        // Without a number of the defendant the name tells them apart.
        let codefendant = |at: u32| {
            let case = cases.get(at as usize).filter(|case| !case.key.is_empty())?;
            let which = match case.party.defendant.as_str() {
                "" => identity::name_of(case),
                number => number.to_owned(),
            };
            Some((file.case_hash(case), which))
        };
        let decide = |found: &Linked, hits: &[(u32, u32)]| -> Result<(Vec<Who>, u64), ReconcileError> {
            let thresholds = linking::thresholds(&found.model);
            let sizes = (known.subjects.len(), cases.len());
            let mut all = who(sizes, &found.pairs, thresholds, &named).map_err(said)?;
            people::doubt_kin(&mut all, found)?;
            part_codefendants(&mut all, &codefendant);
            complete(&mut all, &found.pairs, thresholds.clerical);
            let by_case = people::settle_by_case(&mut all, hits, cases, found)?;
            people::by_state_number(&mut all, cases, &known.ciis);
            people::by_person_number(&mut all, cases);
            complete(&mut all, &found.pairs, thresholds.clerical);
            Ok((all, by_case))
        };
        let mut decided = decide(&found, &known.hits)?;
        let answers = review::read_sheets(job.answers, &found, &decided.0, (file, &known.subjects))?;
        if answers.answers > 0 {
            let model = answers.improve(&found)?;
            found = linking::pairs(found.sides, model, job.threads)?;
            answers.without_apart(&mut found.pairs);
            decided = decide(&found, &answers.hits_left(&known.hits))?;
        }
        (everybody, account.links.linked_by_case) = decided;
        account.links.settled_by_answer = answers.apply(&mut everybody);
        if answers.answers > 0 {
            part_codefendants(&mut everybody, &codefendant);
            complete(&mut everybody, &found.pairs, linking::thresholds(&found.model).clerical);
        }
        linked = Some(found);
    } else if !job.answers.is_empty() {
        return Err(ReconcileError::Empty(
            "answers are about links to the state's file; name it with --state".into(),
        ));
    }
    progress.phase(Phase::Link, 0);
    let (CourtPeople { of_case, groups, doubtful }, alone) =
        people::court_only(job, &everybody, linked.as_ref())?;
    count_links(&mut account.links, &everybody, groups.len() as u64);
    account.links.pairs = linked.as_ref().map_or(0, |linked| linked.pairs.len() as u64);

    // What the two say of each conviction.
    let mut standings: Vec<Vec<Standing>> = cases
        .iter()
        .zip(&everybody)
        .map(|(case, who)| vec![people::standing_of(who); case.charges.len()])
        .collect();
    let mut state_table = Table::begin(&folder, "state-convictions.csv", &STATE_COLUMNS)?;
    let mut found: Vec<PersonFound> = Vec::new();
    if let Some(extract) = &extract {
        second_pass(
            job,
            extract,
            (&known, &everybody),
            &mut state_table,
            &mut found,
            &mut account.state_convictions,
            progress,
        )?;
    }
    state_table.finish(&mut folder)?;
    // Of a defendant in doubt whose case is in the record of none of those who it may be, the state does not have it.
    let maybe_here: FxHashSet<(u32, usize)> =
        found.iter().flat_map(|person| person.maybe_here.iter().copied()).collect();
    for (case, (who, own)) in everybody.iter().zip(&mut standings).enumerate() {
        if !matches!(who, Who::Doubt(_)) || extract.is_none() {
            continue;
        }
        for (at, standing) in own.iter_mut().enumerate() {
            if !maybe_here.contains(&(case as u32, at)) {
                standing.status = Status::CaseMissing;
            }
        }
    }
    for person in &found {
        for (case, charge, standing) in &person.standings {
            if let Some(slot) = standings.get_mut(*case as usize).and_then(|case| case.get_mut(*charge)) {
                *slot = standing.clone();
            }
        }
    }

    // What a run reads beside the state's file.
    let mut offences = Offences::new(job.grammar);
    let seat = |court: u32| file.seat(court);
    let mut added = Added {
        cases,
        names: &file.names,
        seat: &seat,
        rows: Rows::new(job.layout),
        out: folder.file("court-cases.csv")?,
        evidence: Table::begin(&folder, "court-evidence.csv", &EVIDENCE)?,
        evidence_lines: 0,
        not_added: 0,
        orders: Vec::new(),
    };
    let maybe = possible(&everybody);
    let of_state = |state: u32| -> Vec<u32> {
        let from = maybe.partition_point(|(other, _)| *other < state);
        maybe
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|(other, _)| *other == state)
            .map(|(_, case)| *case)
            .collect()
    };
    let number_of: FxHashMap<&str, u32> =
        known.subjects.iter().enumerate().map(|(at, subject)| (subject.as_str(), at as u32)).collect();
    for person in &found {
        let state = number_of.get(person.subject.as_str()).copied().unwrap_or(u32::MAX);
        added.of_state(person, &of_state(state), &mut offences)?;
    }
    // Two courts' files must not number their people alike.
    let mark = file.mark();
    let subject_of = |person: u32| format!("COURT-{mark}-{:07}", person + 1);
    for (person, numbers) in groups.iter().enumerate() {
        let open = doubtful.get(person).copied().unwrap_or(true)
            || numbers.iter().any(|&number| matches!(everybody.get(number as usize), Some(Who::Doubt(_))));
        let there = |case: u32, at: usize| maybe_here.contains(&(case, at));
        added.of_court(&subject_of(person as u32), numbers, open, &there)?;
    }
    let Added { rows, out, evidence, evidence_lines, not_added, orders, .. } = added;
    account.added.no_number_free = not_added;
    account.added.rows = rows.rows();
    account.added.evidence = evidence_lines;
    folder.close(out)?;
    evidence.finish(&mut folder)?;

    // The lists.
    let orders: FxHashMap<(u32, usize), _> =
        orders.into_iter().map(|(case, at, order)| ((case, at), order)).collect();
    let lists = Lists {
        cases,
        names: &file.names,
        seat: &seat,
        who: &everybody,
        standings: &standings,
        subject: &|case| match everybody.get(case as usize) {
            Some(Who::Linked(found)) => known.subjects.get(found.state as usize).cloned().unwrap_or_default(),
            _ => of_case.get(case as usize).copied().flatten().map_or_else(String::new, subject_of),
        },
        state: &|state| {
            let of = |list: &[String]| list.get(state as usize).cloned().unwrap_or_default();
            (of(&known.subjects), of(&known.ciis))
        },
        added: &orders,
    };
    account.convictions = lists.write(&mut folder, &mut offences)?;
    file.write_rejects(&mut folder)?;
    if let Some(linked) = linked.as_ref().or(alone.as_ref()) {
        folder.whole("model.toml", linked.model.write().map_err(said)?.as_bytes())?;
    }
    if let Some(linked) = &linked {
        waterfalls::write(&mut folder, linked, &everybody, file, &known.subjects)?;
        review::write_sheet(&mut folder, linked, &everybody, (file, &known.subjects))?;
    }
    let measured = match &linked {
        Some(linked) => Some(measure(linked, &known.ciis, cases, job.threads)?),
        None => None,
    };
    account.calibration = measured.as_ref().map(|measured| measured.said.clone());
    folder.whole("summary.txt", account.text().as_bytes())?;
    folder.whole("summary.json", &json(&account)?)?;
    folder
        .whole("index.html", page::page(&account, linked.as_ref().zip(measured.as_ref()), file).as_bytes())?;
    write_manifest(job, folder, &known, linked.as_ref())?;
    Ok(account)
}

/// Goes over the state's file to learn who is in it, and in whose record a case number of the court's stands.
fn first_pass(
    job: &Job<'_>,
    extract: Option<&Extract<'_>>,
    sides: &mut SidesBuilder,
    fields: &[Option<usize>],
    progress: &dyn Progress,
) -> Result<Known, ReconcileError> {
    let mut known =
        Known { subjects: Vec::new(), ciis: Vec::new(), hits: Vec::new(), state: None, inputs: Vec::new() };
    let Some(extract) = extract else { return Ok(known) };
    let file = job.court;
    let columns = IdentityColumns::of(job.layout);
    let by_key = file.by_key();
    let key = |number: &str| file.key(number);
    progress.phase(Phase::Identities, extract.bytes());
    let mut failed = None;
    extract.each(
        |person, rows| {
            let identity = columns.identity(person, rows)?;
            let mut hits: Vec<u32> = Vec::new();
            if !by_key.is_empty() {
                let record = record(person, &file.counties, &key);
                let mut offences = Offences::new(job.grammar);
                for case in record.cases.iter().filter(|case| !case.key.is_empty()) {
                    for &number in by_key.get(&without_zeros(&case.key)).map_or(&[][..], Vec::as_slice) {
                        let Some(other) = file.cases.get(number as usize) else { continue };
                        let agrees = case.counts.iter().any(|count| {
                            other.charges.iter().any(|charge| {
                                charge.day().is_some_and(|day| count.date == DateSpan::on(day))
                                    && offences.alike(charge.offence(), &count.offence)
                                        != crate::Alike::Different
                            })
                        });
                        if agrees {
                            hits.push(number);
                        }
                    }
                }
            }
            Some((identity, hits))
        },
        progress,
        |(identity, hits)| {
            let cells = identity::of_state(&identity);
            let at = known.subjects.len() as u32;
            if failed.is_none() {
                failed = sides.left(&linking::ordered(&cells, fields)).err();
            }
            known.hits.extend(hits.into_iter().map(|case| (case, at)));
            known.subjects.push(identity.subject);
            known.ciis.push(identity.cii);
            Ok(())
        },
    )?;
    if let Some(error) = failed {
        return Err(said(error));
    }
    known.hits.sort_unstable();
    known.hits.dedup();
    known.state = Some(StateCounts { people: known.subjects.len() as u64, rejects: extract.rejects() });
    known.inputs = extract.inputs();
    Ok(known)
}

/// Goes over the state's file again and compares everybody's cases with those of the court.
fn second_pass(
    job: &Job<'_>,
    extract: &Extract<'_>,
    (known, everybody): (&Known, &[Who]),
    table: &mut Table,
    found: &mut Vec<PersonFound>,
    tally: &mut StateTally,
    progress: &dyn Progress,
) -> Result<(), ReconcileError> {
    let file = job.court;
    let key = |number: &str| file.key(number);
    let mut surely: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    let mut in_doubt: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (case, who) in everybody.iter().enumerate() {
        let subject = |state: u32| known.subjects.get(state as usize).map(String::as_str);
        match who {
            Who::Linked(candidate) => {
                if let Some(subject) = subject(candidate.state) {
                    surely.entry(subject).or_default().push(case as u32);
                }
            }
            Who::Doubt(candidates) => {
                for subject in candidates.iter().filter_map(|one| subject(one.state)) {
                    in_doubt.entry(subject).or_default().push(case as u32);
                }
            }
            _ => {}
        }
    }
    progress.phase(Phase::Reconcile, extract.bytes());
    extract.each(
        |person, _| {
            let record = record(person, &file.counties, &key);
            let own = surely.get(record.subject.as_str()).map_or(&[][..], Vec::as_slice);
            if record.subject.is_empty() || (own.is_empty() && record.cases.is_empty()) {
                return None;
            }
            let mut offences = Offences::new(job.grammar);
            let mut person = of_person(&record, own, &file.cases, &file.names, &mut offences);
            let maybe = in_doubt.get(record.subject.as_str()).map_or(&[][..], Vec::as_slice);
            person.maybe_here = maybe_here(&record, maybe, &file.cases, &mut offences);
            Some(person)
        },
        progress,
        |mut person| {
            tally.add(person.tally);
            let lines = std::mem::take(&mut person.lines);
            table.lines(&lines)?;
            if !person.standings.is_empty() || in_doubt.contains_key(person.subject.as_str()) {
                found.push(person);
            }
            Ok::<_, RunError>(())
        },
    )?;
    // Somebody in doubt whose record has no case in these counties is open all the same.
    let there: FxHashSet<String> = found.iter().map(|person| person.subject.clone()).collect();
    let mut rest: Vec<&str> = in_doubt.into_keys().filter(|subject| !there.contains(*subject)).collect();
    rest.sort_unstable();
    found.extend(rest.into_iter().map(PersonFound::nothing));
    Ok(())
}

fn count_links(counts: &mut LinkCounts, everybody: &[Who], court_only: u64) {
    for who in everybody {
        *match who {
            Who::Linked(_) => &mut counts.linked,
            Who::Doubt(_) => &mut counts.in_doubt,
            Who::Unknown => &mut counts.not_found,
            Who::Unnamed => &mut counts.no_person,
        } += 1;
    }
    counts.court_only_people = court_only;
}

#[derive(Serialize)]
struct Manifest<'m> {
    schema: &'static str,
    program: &'m str,
    program_blake3: &'m str,
    state: &'m [InputRecord],
    court: &'m [crate::court_file::CourtInput],
    court_layout: &'m str,
    court_layout_blake3: &'m str,
    answers: Vec<(String, String)>,
    model: String,
    outputs: Vec<(String, u64, String)>,
}

fn write_manifest(
    job: &Job<'_>,
    mut folder: Folder<'_>,
    known: &Known,
    linked: Option<&Linked>,
) -> Result<(), ReconcileError> {
    let outputs = folder.written().into_iter().map(|file| (file.name, file.bytes, file.blake3)).collect();
    let manifest = Manifest {
        schema: "vacatur-link-1",
        program: job.program.0,
        program_blake3: job.program.1,
        state: &known.inputs,
        court: &job.court.inputs,
        court_layout: &job.court.layout,
        court_layout_blake3: &job.court.layout_blake3,
        answers: job
            .answers
            .iter()
            .map(|(name, bytes)| (name.clone(), blake3::hash(bytes).to_hex().to_string()))
            .collect(),
        model: linked
            .map_or_else(String::new, |linked| format!("{} {}", linked.model.model, linked.model.version)),
        outputs,
    };
    let bytes = json(&manifest)?;
    folder.whole("manifest.json", &bytes)?;
    folder.finish()?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, ReconcileError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(said)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn said(error: impl std::fmt::Display) -> ReconcileError {
    ReconcileError::Linkage(error.to_string())
}
