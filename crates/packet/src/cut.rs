//! From sorted matters to volumes of exhibits: the tables are written on the way, the typesetting is handed out.

use crate::basis::Bases;
use crate::court::Courts;
use crate::error::PacketError;
use crate::exhibit::{About, Machine, Row};
use crate::fix::Problem;
use crate::folder::Folder;
use crate::gather::Seats;
use crate::group::{Group, GroupKey, Numbers, place};
use crate::matter::{Matter, Part};
use crate::names::Name;
use crate::spool::Distinct;
use crate::tables::{self, Table};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io;
use vacatur_papers::{EXHIBIT_ROWS_PER_VOLUME, ExhibitRow, exhibit_page};

/// Cases that a thread fills forms for at once.
const CASES: usize = 50;

/// Work for a thread.
pub(crate) enum Task {
    /// Typeset a volume.
    Volume {
        /// Which packet.
        group: usize,
        /// Which volume, from 1.
        volume: u64,
        /// Its rows.
        rows: Vec<ExhibitRow>,
    },
    /// Papers of single cases, with the line on which each stands.
    Cases {
        /// Which packet.
        group: usize,
        /// The cases.
        matters: Vec<(u64, Matter)>,
    },
}

/// Everything that cutting needs and keeps.
pub(crate) struct Cutter<'a, I> {
    /// The matters, in order.
    pub matters: I,
    /// Those convictions that stand there a second time.
    pub again: FxHashMap<u64, Problem>,
    /// Lines of each exhibit.
    pub lines: BTreeMap<GroupKey, u64>,
    /// The courts.
    pub courts: &'a Courts,
    /// Which they are.
    pub seats: &'a Seats,
    /// The texts.
    pub bases: &'a Bases,
    /// Where all of it goes.
    pub folder: &'a Folder,
    /// What is filed.
    pub filed: Table,
    /// The fix-list.
    pub fix: Table,
    /// What the fix-list says of a matter's conviction.
    pub fix_line: &'a (dyn Fn(&Matter, &crate::matter::Asked, &Problem) -> [String; 9] + Sync),
    /// What each exhibit says of itself.
    pub about: About,
    /// Whether single cases are asked for, and which.
    pub single: &'a (dyn Fn(&Matter, u64) -> bool + Sync),
    /// The packets, in order.
    pub groups: Vec<Group>,
    open: Option<Open>,
    ready: std::collections::VecDeque<Task>,
    ended: bool,
}

/// The packet that is being written.
struct Open {
    key: GroupKey,
    machine: Machine,
    cases: Table,
    dispositions: Table,
    people: Distinct,
    numbers_of_cases: Distinct,
    numbers: Numbers,
    line: u64,
    volume: u64,
    rows: Vec<ExhibitRow>,
    singles: Vec<(u64, Matter)>,
}

impl<'a, I: Iterator<Item = io::Result<Matter>>> Cutter<'a, I> {
    /// Begins.
    #[expect(clippy::too_many_arguments, reason = "it is a record of what it is given")]
    pub(crate) fn new(
        matters: I,
        again: FxHashMap<u64, Problem>,
        lines: BTreeMap<GroupKey, u64>,
        (courts, seats, bases): (&'a Courts, &'a Seats, &'a Bases),
        folder: &'a Folder,
        (filed, fix): (Table, Table),
        fix_line: &'a (dyn Fn(&Matter, &crate::matter::Asked, &Problem) -> [String; 9] + Sync),
        about: About,
        single: &'a (dyn Fn(&Matter, u64) -> bool + Sync),
    ) -> Self {
        Self {
            matters,
            again,
            lines,
            courts,
            seats,
            bases,
            folder,
            filed,
            fix,
            fix_line,
            about,
            single,
            groups: Vec::new(),
            open: None,
            ready: std::collections::VecDeque::new(),
            ended: false,
        }
    }

    /// Takes matters until there is a task, or none is left.
    pub(crate) fn task(&mut self) -> Result<Option<Task>, PacketError> {
        loop {
            if let Some(task) = self.ready.pop_front() {
                return Ok(Some(task));
            }
            if self.ended {
                return Ok(None);
            }
            match self.matters.next() {
                None => {
                    self.ended = true;
                    self.close()?;
                }
                Some(matter) => {
                    let matter = matter.map_err(PacketError::write(self.folder.path()))?;
                    self.matter(matter)?;
                }
            }
        }
    }

    fn matter(&mut self, mut matter: Matter) -> Result<(), PacketError> {
        let mut again = Vec::new();
        matter.asked.retain(|asked| {
            let problem = self.again.get(&asked.sequence);
            if let Some(problem) = problem {
                again.push((asked.clone(), problem.clone()));
            }
            problem.is_none()
        });
        for (asked, problem) in &again {
            let line = (self.fix_line)(&matter, asked, problem);
            self.fix.row(line.iter().map(String::as_str))?;
        }
        if matter.asked.is_empty() {
            return Ok(());
        }
        if self.open.as_ref().is_none_or(|open| open.key != matter.group()) {
            self.close()?;
            self.begin(&matter)?;
        }
        let (at, folder) = (self.groups.len().saturating_sub(1), self.folder);
        let (Some(open), Some(group)) = (&mut self.open, self.groups.last()) else { return Ok(()) };
        let failed = |error: io::Error| PacketError::write(folder.path())(error);
        open.people.push(&matter.who()).map_err(failed)?;
        open.numbers_of_cases
            .push(&format!("{}|{}", matter.court_code, matter.case_number))
            .map_err(failed)?;
        open.numbers.mixed_cases += u64::from(matter.is_mixed());
        let court = group.court.name_of(&group.county);
        let first = open.line + 1;
        let mut lines = Vec::with_capacity(matter.asked.len());
        for asked in &matter.asked {
            open.line += 1;
            let (line, page) = (open.line, exhibit_page(open.line));
            lines.push((line, page));
            open.machine.row(&Row { line, page, matter: &matter, asked })?;
            tables::filed(&mut self.filed, &group.place, &matter, asked, (line, page))?;
            if matter.part != Part::Challenged {
                tables::disposition(&mut open.dispositions, &court, &matter, asked)?;
            }
            let numbers = &mut open.numbers;
            numbers.convictions += 1;
            *numbers.reliefs.entry(asked.relief.clone()).or_default() += 1;
            if !asked.ground.is_empty() {
                *numbers.grounds.entry(asked.ground.clone()).or_default() += 1;
            }
            numbers.serving += u64::from(asked.serving);
            numbers.records.insert(asked.record);
            numbers.cite(&asked.citation);
            open.rows.push(exhibit_row(line, &matter, asked));
            if open.rows.len() as u64 == EXHIBIT_ROWS_PER_VOLUME {
                open.volume += 1;
                let rows = std::mem::take(&mut open.rows);
                self.ready.push_back(Task::Volume { group: at, volume: open.volume, rows });
            }
        }
        tables::case(&mut open.cases, &matter, &lines)?;
        if (self.single)(&matter, first) {
            open.singles.push((first, matter));
            if open.singles.len() == CASES {
                let matters = std::mem::take(&mut open.singles);
                self.ready.push_back(Task::Cases { group: at, matters });
            }
        }
        Ok(())
    }

    fn begin(&mut self, matter: &Matter) -> Result<(), PacketError> {
        let lost = || PacketError::Sum("a matter is of no court".into());
        let (profile, county) = self.seats.get(matter.court).ok_or_else(lost)?;
        let court = self.courts.get(profile).ok_or_else(lost)?;
        let office = court.prosecutors.get(usize::from(matter.prosecutor)).ok_or_else(lost)?;
        let prosecutor = court.prosecutor_name(usize::from(matter.prosecutor), county);
        let basis = self.bases.get(matter.basis);
        let place = place(court, county, &prosecutor, matter.part, basis);
        if self.groups.iter().any(|group| group.place == place) {
            return Err(PacketError::Sum(format!("two packets would be written to {place}")));
        }
        let about = About {
            court: court.name_of(county),
            county: county.to_owned(),
            prosecutor: prosecutor.clone(),
            part: matter.part.folder(),
            ..self.about.clone()
        };
        self.open = Some(Open {
            key: matter.group(),
            machine: Machine::begin(self.folder, &place, court, &about)?,
            cases: Table::begin(self.folder, &format!("{place}/cases.csv"), &tables::CASES)?,
            dispositions: Table::begin(
                self.folder,
                &format!("{place}/dispositions.csv"),
                &tables::DISPOSITIONS,
            )?,
            people: Distinct::new(self.folder.path()),
            numbers_of_cases: Distinct::new(self.folder.path()),
            numbers: Numbers::default(),
            line: 0,
            volume: 0,
            rows: Vec::new(),
            singles: Vec::new(),
        });
        self.groups.push(Group {
            place,
            court: court.clone(),
            county: county.to_owned(),
            prosecutor,
            kind: office.kind.clone(),
            part: matter.part,
            lines: self.lines.get(&matter.group()).copied().unwrap_or(0),
            numbers: Numbers::default(),
            basis,
            volumes: Vec::new(),
            machine: Vec::new(),
            singles: 0,
            files: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), PacketError> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let at = self.groups.len().saturating_sub(1);
        if !open.rows.is_empty() {
            open.volume += 1;
            self.ready.push_back(Task::Volume { group: at, volume: open.volume, rows: open.rows });
        }
        if !open.singles.is_empty() {
            self.ready.push_back(Task::Cases { group: at, matters: open.singles });
        }
        let failed = |error: io::Error| PacketError::write(self.folder.path())(error);
        open.numbers.people = open.people.count().map_err(failed)?;
        open.numbers.cases = open.numbers_of_cases.count().map_err(failed)?;
        let machine = open.machine.finish(self.folder)?;
        let cases = open.cases.finish()?.0;
        let dispositions = open.dispositions.finish()?;
        let Some(group) = self.groups.last_mut() else { return Ok(()) };
        if group.lines != open.numbers.convictions {
            let (said, found) = (group.lines, open.numbers.convictions);
            return Err(PacketError::Sum(format!("{}: {said} lines gathered, {found} written", group.place)));
        }
        group.numbers = open.numbers;
        group.machine = machine;
        group.files.push(cases);
        if group.part == Part::Challenged {
            // Nothing is disposed of while it is contested.
            std::fs::remove_file(self.folder.path().join(&dispositions.0.name)).map_err(failed)?;
        } else {
            group.files.push(dispositions.0);
        }
        Ok(())
    }
}

fn exhibit_row(line: u64, matter: &Matter, asked: &crate::matter::Asked) -> ExhibitRow {
    ExhibitRow {
        line,
        case_number: matter.case_number.clone(),
        other_case_number: matter.other_numbers.join("; "),
        defendant: Name::of(&matter.name).listed(),
        count: asked.number.to_string(),
        section: asked.section.clone(),
        level: asked.level.clone(),
        date: asked.date.clone(),
        relief: crate::exhibit::relief_words(asked),
    }
}
