//! A packet, the whole of it: from a run and its authorizations to a folder that a clerk can act on.

use crate::account::{Account, AuthorizedBy, RunCited, Totals};
use crate::authorize::{Authorizations, May};
use crate::basis::Bases;
use crate::court::Courts;
use crate::cut::{Cutter, Task};
use crate::error::PacketError;
use crate::exhibit::{About, SCHEMA_TEXT};
use crate::fix::{self, Problem};
use crate::folder::{Folder, Written};
use crate::gather::{Desk, Outcome, Seats};
use crate::group::{Group, GroupKey, Volume};
use crate::matter::{Asked, Matter, Part};
use crate::office::Office;
use crate::progress::Done;
use crate::single::{Made, Single, Singles, SinglesMade};
use crate::spool::Spool;
use crate::tables::{self, Table};
use crate::writing::Context;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_papers::{ExhibitVolume, Paper, Papers, exhibit_page};
use vacatur_pipeline::{Docket, Phase, Progress, account_of, decisions, docket, place_text};
use vacatur_statutes::Statutes;

/// What is asked.
pub struct Job<'a> {
    /// The folder of the run.
    pub run: &'a Path,
    /// The folder of the packet.
    pub out: &'a Path,
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
    /// The names of codes by their letters: `HS` is the Health and Safety Code.
    pub codes: &'a BTreeMap<String, String>,
    /// The court profiles.
    pub courts: &'a Courts,
    /// The office.
    pub office: &'a Office,
    /// The texts and layouts of the papers.
    pub papers: &'a Papers,
    /// Packets that were filed before.
    pub filed_before: &'a [PathBuf],
    /// Papers of single cases, beside the bulk motion.
    pub single: Single<'a>,
    /// The day of the papers, in words; blank if absent.
    pub dated: Option<String>,
    /// How many threads.
    pub threads: usize,
    /// Whether to go on with an interrupted packet.
    pub resume: bool,
    /// What else must be the same for an interrupted packet to be gone on with: the texts of the papers, the forms.
    pub settings: String,
    /// Whether each court's folder becomes a ZIP file.
    pub zip: bool,
}

/// Makes the packet.
///
/// # Errors
/// See [`PacketError`]. A conviction that cannot go into a paper is none: it stands in the fix-list.
pub fn packet(job: Job<'_>, progress: &dyn Progress) -> Result<Account, PacketError> {
    let (manifest, run_hash) = account_of(job.run)?;
    let authorized = Authorizations::read(job.run)?;
    if authorized.records.is_empty() {
        return Err(PacketError::NotAuthorized { run: job.run.to_owned() });
    }
    let as_of = manifest.as_of.parse().map_err(|_| PacketError::Sum("the run has no day".into()))?;
    let filed_before = filed_before(job.filed_before)?;
    let (folder, resumed) = Folder::open(job.out, job.resume)?;
    let settings = settings(&job, &run_hash, &authorized, &filed_before);
    let done = Done::open(&folder, resumed, &settings)?;

    let mut totals = Totals::default();
    decisions::<PacketError>(job.run, |one| {
        if one.is_grant() {
            totals.granted += 1;
            totals.not_authorized += u64::from(authorized.of(&one.subject, &one.order).0 == May::Nothing);
        }
        Ok(())
    })?;

    let mut fix_table = Table::begin(&folder, "fix-list.csv", &fix::COLUMNS)?;
    let mut before_table = Table::begin(&folder, "already-filed.csv", &tables::FILED)?;
    let mut spool = Spool::new(folder.path()).map_err(PacketError::write(folder.path()))?;
    let mut seats = Seats::default();
    let mut lines: BTreeMap<GroupKey, u64> = BTreeMap::new();
    let mut problems: BTreeMap<Problem, u64> = BTreeMap::new();
    let mut sequence = 0;
    let bases = Bases::shipped().map_err(PacketError::Sum)?;
    let desk = Desk {
        courts: job.courts,
        counties: &job.counties,
        bases: &bases,
        authorized: &authorized,
        missing_letter: &vacatur_papers::missing_letters,
    };
    let asked = Docket {
        run: job.run,
        inputs: job.inputs,
        layout: job.layout,
        words: job.words,
        statutes: job.statutes.clone(),
        counties: job.counties.clone(),
        threads: job.threads,
    };
    // Those that nobody authorized are read too: a twin of one may not be asked for.
    let wanted = |one: &vacatur_pipeline::DecidedCount| one.is_grant();
    docket::<PacketError>(asked, &wanted, progress, |person| {
        let mut to_fix: Vec<[String; 9]> = Vec::new();
        let mut not_asked: Vec<u128> = Vec::new();
        let matters = desk.take(&person, &mut seats, &mut sequence, |outcome| match outcome {
            Outcome::Asked => {}
            Outcome::NotAuthorized(key) => not_asked.extend(key),
            Outcome::Fix { case, count, problem } => {
                let subject = person.defendant.subject.expose();
                let (county, court, number) = (&case.county, &case.court, &case.number);
                to_fix.push(fix::line(&manifest, subject, county, court, number, count, &problem));
                *problems.entry(problem).or_default() += 1;
            }
        });
        for key in not_asked {
            spool.not_asked(key).map_err(PacketError::write(folder.path()))?;
        }
        totals.to_fix += to_fix.len() as u64;
        for line in to_fix {
            fix_table.row(line.iter().map(String::as_str))?;
        }
        for mut matter in matters {
            let mut before = Vec::new();
            matter.asked.retain(|asked| {
                // A notice of challenge asks for nothing, and what was asked for can still be challenged.
                let known = filed_before.contains(&(asked.key, matter.part == Part::Challenged));
                if known {
                    before.push(asked.clone());
                }
                !known
            });
            for asked in &before {
                totals.already_filed += 1;
                tables::filed(&mut before_table, "", &matter, asked, (0, 0))?;
            }
            let profile = seats.get(matter.court).and_then(|(profile, _)| job.courts.get(profile));
            if let (false, Some(court)) = (matter.asked.is_empty(), profile) {
                *lines.entry(matter.group()).or_default() += matter.asked.len() as u64;
                spool.push(&matter, court).map_err(PacketError::write(folder.path()))?;
            }
        }
        Ok(())
    })?;

    let (again, matters) = spool.finish().map_err(PacketError::write(folder.path()))?;
    let mut repeated: FxHashMap<u64, Problem> = FxHashMap::default();
    for (sequence, group, differ) in again {
        if let Some(lines) = lines.get_mut(&group) {
            *lines -= 1;
        }
        let problem = if differ { Problem::TwinsDiffer } else { Problem::Repeated };
        *problems.entry(problem.clone()).or_default() += 1;
        repeated.insert(sequence, problem);
    }
    totals.to_fix += repeated.len() as u64;
    let context = Context {
        job: &job,
        manifest: &manifest,
        run_hash: &run_hash,
        as_of,
        authorized: &authorized,
        to_fix: totals.to_fix,
    };
    let about = About {
        court: String::new(),
        county: String::new(),
        prosecutor: String::new(),
        part: "",
        policy: manifest.policy.id.clone(),
        as_of: manifest.as_of.clone(),
        run_manifest_blake3: run_hash.clone(),
        authorization_blake3: authorized.head.clone(),
    };
    let fix_line = |matter: &Matter, asked: &Asked, problem: &Problem| -> [String; 9] {
        let county = seats.get(matter.court).map_or("", |(_, county)| county);
        [
            matter.subject.clone(),
            asked.order.clone(),
            problem.word().to_owned(),
            problem.remedy(),
            county.to_owned(),
            matter.branch.clone(),
            matter.case_number.clone(),
            asked.relief.words().to_owned(),
            place_text(&manifest, asked.place),
        ]
    };
    let filed_table = Table::begin(&folder, "filed.csv", &tables::FILED)?;
    let all_lines: u64 = lines.values().sum();
    progress.phase(Phase::Papers, all_lines);
    let wanted_single = |matter: &Matter, line: u64| job.single.wants(matter, line);
    let cutter = Mutex::new(Cutter::new(
        matters,
        repeated,
        lines,
        (job.courts, &seats, &bases),
        &folder,
        (filed_table, fix_table),
        &fix_line,
        about,
        &wanted_single,
    ));
    let singles = Singles::new(&context, &folder, &done);
    let mut made: BTreeMap<usize, Vec<Volume>> = BTreeMap::new();
    let mut singles_made = SinglesMade::begin(&folder)?;
    let next = std::iter::from_fn(|| {
        let mut cutter = cutter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match cutter.task() {
            Ok(None) => None,
            Ok(Some(task)) => {
                let at = match &task {
                    Task::Volume { group, .. } | Task::Cases { group, .. } => *group,
                };
                let group = cutter.groups.get(at).cloned();
                group.map(|group| Ok((task, group)))
            }
            Err(error) => Some(Err(error)),
        }
    });
    ordered(
        job.threads,
        next,
        || (),
        |(), (task, group)| match task {
            Task::Volume { group: at, volume, rows } => {
                volume_of(&context, &folder, &done, &group, volume, rows)
                    .map(|volume| (at, Some(volume), Made::default()))
            }
            Task::Cases { group: at, matters } => singles.make(&group, &matters).map(|made| (at, None, made)),
        },
        |(at, volume, own)| {
            if let Some(volume) = volume {
                progress.advance(volume.rows);
                made.entry(at).or_default().push(volume);
            }
            singles_made.add(at, &own)
        },
    )?;
    let cutter = cutter.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let Cutter { mut groups, filed, fix, .. } = cutter;
    for (at, group) in groups.iter_mut().enumerate() {
        group.volumes = made.remove(&at).unwrap_or_default();
        group.singles = singles_made.of_group(at);
        totals.asked += if group.part == Part::Challenged { 0 } else { group.numbers.convictions };
        totals.challenged += if group.part == Part::Challenged { group.numbers.convictions } else { 0 };
    }
    totals.check()?;
    let groups = front_papers(&context, &folder, groups)?;
    let mut files = vec![filed.finish()?.0, fix.finish()?.0, before_table.finish()?.0];
    files.push(folder.write("exhibit.schema.json", SCHEMA_TEXT.as_bytes())?);
    let single_notes = singles_made.notes();
    files.extend(singles_made.finish()?);
    let mut account = Account {
        packet: "vacatur-packet-1",
        program: env!("CARGO_PKG_VERSION"),
        run: RunCited {
            manifest_blake3: run_hash,
            policy: manifest.policy.id.clone(),
            policy_title: manifest.policy.title.clone(),
            policy_blake3: manifest.policy.blake3.clone(),
            as_of: manifest.as_of.clone(),
        },
        authorized_by: authorized.records.iter().map(AuthorizedBy::of).collect(),
        authorization_blake3: authorized.head.clone(),
        totals,
        problems: problems.iter().map(|(problem, number)| (problem.word().to_owned(), *number)).collect(),
        single_case_notes: single_notes,
        groups: groups.iter().map(Group::account).collect(),
        files,
    };
    crate::sweep::sweep(&folder, &account)?;
    if job.zip {
        crate::zipped::courts(&folder, &mut account)?;
    }
    folder.write("index.html", crate::page::index(&account, job.zip).as_bytes())?;
    let text = serde_json::to_string_pretty(&account).map_err(PacketError::read(job.out))?;
    folder.write("packet.json", text.as_bytes())?;
    folder.finish()?;
    Ok(account)
}

/// Typesets a volume, unless an interrupted packet has done it.
fn volume_of(
    context: &Context<'_>,
    folder: &Folder,
    done: &Done,
    group: &Group,
    volume: u64,
    rows: Vec<vacatur_papers::ExhibitRow>,
) -> Result<Volume, PacketError> {
    let volumes = group.lines.div_ceil(vacatur_papers::EXHIBIT_ROWS_PER_VOLUME);
    let name =
        if volumes == 1 { "exhibit-a.pdf".into() } else { format!("exhibit-a-volume-{volume:03}.pdf") };
    let name = format!("{}/{name}", group.place);
    let (first, last) = (rows.first().map_or(0, |row| row.line), rows.last().map_or(0, |row| row.line));
    let number = rows.len() as u64;
    let data = ExhibitVolume {
        identity: context.identity(&name),
        letter: "A".into(),
        volume,
        volumes,
        caption: "People v. Persons listed in Exhibit A".into(),
        court: group.court.name_of(&group.county),
        prosecutor: group.prosecutor.clone(),
        rows_in_all: group.lines,
        rows,
    };
    let file = done.or_make(folder, &name, &data, || {
        context
            .job
            .papers
            .pdf(&Paper::Exhibit(&data))
            .map_err(|error| PacketError::Paper { paper: name.clone(), what: error.to_string() })
    })?;
    let pages = if number == 0 { 0 } else { exhibit_page(last) - exhibit_page(first) + 1 };
    Ok(Volume { file, rows: number, pages })
}

/// Motion, order, notice, proof of service and cover sheet of every packet: they cite the exhibits, so they come last.
fn front_papers(
    context: &Context<'_>,
    folder: &Folder,
    groups: Vec<Group>,
) -> Result<Vec<Group>, PacketError> {
    let mut finished = Vec::with_capacity(groups.len());
    ordered(
        context.job.threads,
        groups.into_iter().map(Ok),
        || (),
        |(), mut group| {
            let make = |name: &str, paper: &Paper<'_>| -> Result<Written, PacketError> {
                let name = format!("{}/{name}", group.place);
                let pdf = context
                    .job
                    .papers
                    .pdf(paper)
                    .map_err(|error| PacketError::Paper { paper: name.clone(), what: error.to_string() })?;
                folder.write(&name, &pdf)
            };
            let path = |name: &str| format!("{}/{name}", group.place);
            let mut files = Vec::new();
            let mut documents = Vec::new();
            if group.part == Part::Challenged {
                let filing = context.filing(&group, &path("notice-of-challenges.pdf"));
                files.push(make("notice-of-challenges.pdf", &Paper::Challenges(&filing))?);
                documents.push("Notice of Challenged Convictions".to_owned());
            } else {
                let filing = context.filing(&group, &path("motion.pdf"));
                files.push(make("motion.pdf", &Paper::Motion(&filing))?);
                let filing = context.filing(&group, &path("proposed-order.pdf"));
                files.push(make("proposed-order.pdf", &Paper::Order(&filing))?);
                documents.extend(["Motion".to_owned(), "Proposed Order".to_owned()]);
            }
            documents.push(match group.volumes.len() {
                1 => "Exhibit A".to_owned(),
                number => format!("Exhibit A, in {number} volumes"),
            });
            let service = context.service(&group, &path("proof-of-service.pdf"), documents);
            files.push(make("proof-of-service.pdf", &Paper::Service(&service))?);
            group.files.extend(files);
            let cover = context.cover(&group, &format!("{}/cover-sheet.pdf", group.place));
            let name = format!("{}/cover-sheet.pdf", group.place);
            let pdf = context
                .job
                .papers
                .pdf(&Paper::Cover(&cover))
                .map_err(|error| PacketError::Paper { paper: name.clone(), what: error.to_string() })?;
            group.files.push(folder.write(&name, &pdf)?);
            Ok::<_, PacketError>(group)
        },
        |group| {
            finished.push(group);
            Ok(())
        },
    )?;
    Ok(finished)
}

/// The keys of what earlier packets asked for.
fn filed_before(packets: &[PathBuf]) -> Result<FxHashSet<(u128, bool)>, PacketError> {
    let mut keys = FxHashSet::default();
    for packet in packets {
        let path = if packet.is_dir() { packet.join("filed.csv") } else { packet.clone() };
        let mut reader = csv::Reader::from_path(&path).map_err(PacketError::read(&path))?;
        let header = reader.headers().map_err(PacketError::read(&path))?.clone();
        let of = |name: &str| header.iter().position(|column| column == name);
        let part = of("part").unwrap_or(usize::MAX);
        let column = of("key")
            .ok_or_else(|| PacketError::read(&path)("it has no column `key`: is it a packet's filed.csv?"))?;
        for record in reader.records() {
            let record = record.map_err(PacketError::read(&path))?;
            let cell = vacatur_pipeline::plain_cell(record.get(column).unwrap_or_default());
            let line = record.position().map_or(0, csv::Position::line);
            let key = u128::from_str_radix(cell, 16)
                .map_err(|_| PacketError::read(&path)(format!("line {line}: the key cannot be read")))?;
            keys.insert((key, record.get(part).is_some_and(|cell| cell == Part::Challenged.folder())));
        }
    }
    Ok(keys)
}

/// What must be the same for an interrupted packet to be gone on with.
fn settings(
    job: &Job<'_>,
    run_hash: &str,
    authorized: &Authorizations,
    filed_before: &FxHashSet<(u128, bool)>,
) -> String {
    let mut hash = blake3::Hasher::new();
    let office = serde_json::to_string(job.office).unwrap_or_default();
    for part in [env!("CARGO_PKG_VERSION"), run_hash, &authorized.head, &office, &job.settings] {
        hash.update(part.as_bytes());
        hash.update(b"\n");
    }
    let mut keys: Vec<_> = filed_before.iter().collect();
    keys.sort_unstable();
    hash.update(format!("{keys:?}{:?}{}", job.dated, job.zip).as_bytes());
    hash.finalize().to_hex().to_string()
}
