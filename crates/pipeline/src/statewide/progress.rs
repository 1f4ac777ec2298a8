//! How far each conviction is: its steps met with it, and held against the deadlines.

use super::account::{CountyProgress, DeadlineProgress, Progressed};
use super::lists::PLACES_UNKNOWN;
use super::public::{Joint, WAYS};
use super::steps::{Rejects, Why, scratch};
use super::table::{Conviction, Standing};
use crate::error::RunError;
use crate::spreadsheet::write_record;
use std::collections::BTreeMap;
use std::path::Path;
use vacatur_ingest::sorter::{BUDGET, Cursor, Fixed, Sorter};
use vacatur_records::Date;
use vacatur_statutes::{Deadline, Deadlines, OnRecord};

/// A step of which the day is not known.
pub(super) const UNDATED: i32 = i32::MIN;

/// The step of a conviction itself: it comes before its steps.
const ITSELF: u8 = 0;

/// How many steps of a conflict are told with their places.
const TOLD: usize = 6;

/// How many bytes of conflicts are held in memory.
const HELD: usize = 1 << 20;

/// A day as a number that is in the order of days.
pub(super) fn of_day(day: Date) -> i32 {
    i32::from(day.year()) * 10_000 + i32::from(day.month()) * 100 + i32::from(day.day())
}

/// A conviction, or a step of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    key: u128,
    /// 0 for the conviction; one more than the step's place for a step.
    kind: u8,
    day: i32,
    /// Of a step its file; of a conviction its county.
    of: u32,
    /// Of a step its line; of a conviction its line in the run's table.
    line: u64,
    /// Whether a conviction has had the relief.
    relieved: u8,
}

impl Mark {
    /// A step.
    pub(super) fn step(key: u128, step: u8, day: i32, (file, line): (u32, u64)) -> Self {
        Self { key, kind: step.saturating_add(1), day, of: file, line, relieved: 0 }
    }
}

impl Fixed for Mark {
    const BYTES: usize = 34;

    fn put(&self, into: &mut [u8]) {
        let (low, high) = (self.key as u64, (self.key >> 64) as u64);
        Cursor::<&mut [u8]>::new(into)
            .u64(low)
            .u64(high)
            .u8(self.kind)
            .u32(self.day.cast_unsigned())
            .u32(self.of)
            .u64(self.line)
            .u8(self.relieved);
    }

    fn get(from: &[u8]) -> Self {
        let mut cursor = Cursor::<&[u8]>::new(from);
        let (low, high) = (cursor.u64(), cursor.u64());
        Self {
            key: u128::from(low) | u128::from(high) << 64,
            kind: cursor.u8(),
            day: cursor.u32().cast_signed(),
            of: cursor.u32(),
            line: cursor.u64(),
            relieved: cursor.u8(),
        }
    }
}

/// How a conviction stands to a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    InTime,
    Late,
    Undated,
    ByLapse,
    NotDue,
    InConflict,
    Open,
}

/// One county in the making.
#[derive(Clone)]
struct Of {
    convictions: u64,
    relieved: u64,
    steps: Vec<u64>,
    cells: Vec<[u64; WAYS]>,
    joint: Joint,
}

/// What is known of one conviction: of each step whether it is there, and its day.
struct Steps {
    days: Vec<Option<i32>>,
    relieved: bool,
    relieved_on: i32,
}

/// Convictions and steps, gathered.
pub(super) struct Tally<'d> {
    deadlines: &'d Deadlines,
    marks: Option<Sorter<Mark>>,
    counties: Vec<Of>,
    conflicts: Option<Conflicts>,
    repeated: u64,
}

impl<'d> Tally<'d> {
    pub(super) fn new(deadlines: &'d Deadlines, counties: usize, folder: &Path) -> Self {
        let of = Of {
            convictions: 0,
            relieved: 0,
            steps: vec![0; deadlines.steps.len()],
            cells: vec![[0; WAYS]; deadlines.deadlines.len()],
            joint: Joint::new(),
        };
        Self {
            deadlines,
            marks: Some(Sorter::new(folder, BUDGET)),
            counties: vec![of; counties],
            conflicts: Some(Conflicts(Sorter::new(folder, HELD), Vec::new())),
            repeated: 0,
        }
    }

    /// Takes a conviction of which there is anything to follow.
    pub(super) fn conviction(&mut self, row: &Conviction<'_>) -> Result<(), RunError> {
        let (relieved, day) = match row.standing {
            Standing::NotEligible => return Ok(()),
            Standing::Relieved(day) => (1, day.map_or(UNDATED, of_day)),
            Standing::Eligible | Standing::Undecided => (0, UNDATED),
        };
        let county = row.county.unwrap_or(self.counties.len().saturating_sub(1));
        let of = u32::try_from(county).unwrap_or(u32::MAX);
        self.push(Mark { key: row.key(), kind: ITSELF, day, of, line: row.line, relieved })
    }

    /// Takes a step.
    pub(super) fn step(&mut self, mark: Mark) -> Result<(), RunError> {
        self.push(mark)
    }

    fn push(&mut self, mark: Mark) -> Result<(), RunError> {
        self.marks.as_mut().map_or(Ok(()), |marks| marks.push(mark)).map_err(scratch)
    }

    /// Meets every conviction with its steps. Steps of no conviction are rejects; the conflicts are returned.
    pub(super) fn settle(
        &mut self,
        on: Date,
        as_of: Date,
        rejects: &mut Rejects,
    ) -> Result<Conflicts, RunError> {
        let mut conflicts = self.conflicts.take().unwrap_or_else(|| Conflicts::none(Path::new(".")));
        conflicts.1 = self.deadlines.steps.iter().map(|step| step.name.clone()).collect();
        let Some(marks) = self.marks.take() else { return Ok(conflicts) };
        let mut held: Vec<Mark> = Vec::new();
        for mark in marks.finish().map_err(scratch)? {
            let mark = mark.map_err(scratch)?;
            if held.first().is_some_and(|first| first.key != mark.key) {
                self.one(&held, (on, as_of), rejects, &mut conflicts)?;
                held.clear();
            }
            // Of a conviction with more lines than this nobody could say what happened to it, and memory has a bound.
            if held.len() < 10_000 {
                held.push(mark);
            } else if mark.kind != ITSELF {
                rejects.add(mark.of, mark.line, Why::NotOnAList)?;
            }
        }
        self.one(&held, (on, as_of), rejects, &mut conflicts)?;
        Ok(conflicts)
    }

    /// One conviction, or several that cannot be told apart, with what is said of them.
    fn one(
        &mut self,
        marks: &[Mark],
        (on, as_of): (Date, Date),
        rejects: &mut Rejects,
        conflicts: &mut Conflicts,
    ) -> Result<(), RunError> {
        let convictions = marks.iter().take_while(|mark| mark.kind == ITSELF).count();
        let (convictions, steps) = marks.split_at(convictions);
        if convictions.is_empty() {
            for step in steps {
                rejects.add(step.of, step.line, Why::NotOnAList)?;
            }
            return Ok(());
        }
        for conviction in convictions {
            let mut known = Steps {
                days: vec![None; self.deadlines.steps.len()],
                relieved: conviction.relieved != 0,
                relieved_on: conviction.day,
            };
            let mut amiss = None;
            for step in steps {
                let Some(day) = known.days.get_mut(usize::from(step.kind) - 1) else { continue };
                match *day {
                    None => *day = Some(step.day),
                    Some(UNDATED) => {
                        self.repeated += 1;
                        *day = Some(step.day);
                    }
                    Some(before) if step.day == UNDATED || step.day == before => self.repeated += 1,
                    Some(_) => amiss = amiss.or(Some(Amiss::TwoDays(step.kind - 1))),
                }
            }
            let amiss = amiss.or_else(|| known.amiss(self.deadlines));
            if let Some(amiss) = amiss {
                conflicts.add(conviction, amiss, steps)?;
            }
            let Some(of) = self.counties.get_mut(conviction.of as usize) else { continue };
            of.convictions += 1;
            of.relieved += u64::from(known.relieved);
            if amiss.is_none() {
                for (count, day) in of.steps.iter_mut().zip(&known.days) {
                    *count += u64::from(day.is_some());
                }
            }
            let mut so: Vec<u8> = Vec::with_capacity(of.cells.len());
            for (cells, deadline) in of.cells.iter_mut().zip(&self.deadlines.deadlines) {
                if deadline.done.is_empty() {
                    continue;
                }
                let cell = if amiss.is_some() {
                    Cell::InConflict
                } else {
                    known.cell(deadline, of_day(on), of_day(as_of))
                };
                so.push(cell as u8);
                if let Some(number) = cells.get_mut(cell as usize) {
                    *number += 1;
                }
            }
            *of.joint.entry(so).or_default() += 1;
        }
        Ok(())
    }

    /// How many convictions of each county stand so to all deadlines at once.
    pub(super) fn joint(&self) -> Vec<Joint> {
        self.counties.iter().map(|of| of.joint.clone()).collect()
    }

    /// The numbers of every county and of the state.
    pub(super) fn finish(
        self,
        on: Date,
        as_of: Date,
        counties: &[String],
        deadlines: &Deadlines,
    ) -> Result<Progressed, RunError> {
        let mut state = Of {
            convictions: 0,
            relieved: 0,
            steps: vec![0; deadlines.steps.len()],
            cells: vec![[0; WAYS]; deadlines.deadlines.len()],
            joint: Joint::new(),
        };
        for of in &self.counties {
            state.convictions += of.convictions;
            state.relieved += of.relieved;
            state.steps.iter_mut().zip(&of.steps).for_each(|(sum, one)| *sum += one);
            for (sum, one) in state.cells.iter_mut().zip(&of.cells) {
                sum.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
            }
        }
        let told = |name: &str, of: &Of| -> Result<CountyProgress, RunError> {
            let mut all = Vec::with_capacity(of.cells.len());
            for (cells, deadline) in of.cells.iter().zip(&deadlines.deadlines) {
                if deadline.done.is_empty() {
                    continue;
                }
                if cells.iter().sum::<u64>() != of.convictions {
                    let what =
                        format!("the convictions of {name} do not add up at the deadline {}", deadline.name);
                    return Err(RunError::Stopped { what });
                }
                let [in_time, late, undated, by_lapse, not_due, in_conflict, open] = *cells;
                let over = on.since(deadline.by).map_or(0, |span| span.get_days());
                let days_overdue = if open > 0 { u64::try_from(over).unwrap_or(0) } else { 0 };
                all.push(DeadlineProgress {
                    deadline: deadline.name.clone(),
                    by: deadline.by.to_string(),
                    in_time,
                    late,
                    undated,
                    by_lapse,
                    not_due,
                    in_conflict,
                    open,
                    days_overdue,
                });
            }
            let steps: BTreeMap<String, u64> = deadlines
                .steps
                .iter()
                .zip(&of.steps)
                .map(|(step, number)| (step.name.clone(), *number))
                .collect();
            Ok(CountyProgress {
                county: name.to_owned(),
                convictions: of.convictions,
                relieved: of.relieved,
                steps,
                deadlines: all,
            })
        };
        let names = counties.iter().map(String::as_str).chain([PLACES_UNKNOWN]);
        Ok(Progressed {
            on: on.to_string(),
            as_of: as_of.to_string(),
            run: String::new(),
            steps_files: Vec::new(),
            repeated: self.repeated,
            state: told("the state", &state)?,
            counties: names.zip(&self.counties).map(|(name, of)| told(name, of)).collect::<Result<_, _>>()?,
        })
    }
}

impl Steps {
    fn is(&self, step: usize) -> bool {
        self.days.get(step).is_some_and(Option::is_some)
    }

    /// The day of a step, if it is there and dated.
    fn day(&self, step: usize) -> Option<i32> {
        self.days.get(step).copied().flatten().filter(|day| *day != UNDATED)
    }

    /// What in them cannot all be true.
    fn amiss(&self, deadlines: &Deadlines) -> Option<Amiss> {
        for (at, step) in deadlines.steps.iter().enumerate().filter(|(at, _)| self.is(*at)) {
            let number = |step: usize| u8::try_from(step).unwrap_or(u8::MAX);
            if let Some(&other) = step.against.iter().find(|&&other| self.is(other)) {
                return Some(Amiss::Both(number(at.min(other)), number(at.max(other))));
            }
            let Some(day) = self.day(at) else { continue };
            let before = |other: &&usize| self.day(**other).is_some_and(|earlier| earlier > day);
            if let Some(&other) = step.after.iter().find(before) {
                return Some(Amiss::Before(number(at), number(other)));
            }
        }
        let denied = deadlines.step("denied").filter(|&step| self.is(step));
        denied.filter(|_| self.relieved).and_then(|step| u8::try_from(step).ok()).map(Amiss::Relieved)
    }

    /// How it stands to a deadline, on a day.
    fn cell(&self, deadline: &Deadline, on: i32, as_of: i32) -> Cell {
        let by = of_day(deadline.by);
        let timely = |day: i32| if day <= by { Cell::InTime } else { Cell::Late };
        let done: Vec<usize> = deadline.done.iter().copied().filter(|&step| self.is(step)).collect();
        if !done.is_empty() {
            return done.iter().filter_map(|&step| self.day(step)).min().map_or(Cell::Undated, timely);
        }
        if self.relieved {
            return match deadline.relief {
                OnRecord::NotDue => Cell::NotDue,
                OnRecord::Done if self.relieved_on == UNDATED => Cell::Undated,
                OnRecord::Done => timely(self.relieved_on),
                // Since when it has stood there is not known, but for a file of before the deadline.
                OnRecord::OnRecord if as_of <= by => Cell::InTime,
                OnRecord::OnRecord => Cell::Undated,
            };
        }
        if deadline.not_due.iter().any(|&step| self.is(step)) {
            return Cell::NotDue;
        }
        if deadline.lapse && on > by { Cell::ByLapse } else { Cell::Open }
    }
}

/// What is amiss with the steps of a conviction; steps by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    /// One step on two days.
    TwoDays(u8),
    /// Two steps that cannot both be.
    Both(u8, u8),
    /// A step before one that comes first.
    Before(u8, u8),
    /// A denial of what the state's record shows as relieved.
    Relieved(u8),
}

/// A conflict: where the conviction stands in the run's table, and one of the lines that speak of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Conflict {
    line: u64,
    county: u32,
    amiss: (u8, u8, u8),
    file: u32,
    at: u64,
}

impl Fixed for Conflict {
    const BYTES: usize = 27;

    fn put(&self, into: &mut [u8]) {
        let (kind, one, other) = self.amiss;
        Cursor::<&mut [u8]>::new(into)
            .u64(self.line)
            .u32(self.county)
            .u8(kind)
            .u8(one)
            .u8(other)
            .u32(self.file)
            .u64(self.at);
    }

    fn get(from: &[u8]) -> Self {
        let mut cursor = Cursor::<&[u8]>::new(from);
        Self {
            line: cursor.u64(),
            county: cursor.u32(),
            amiss: (cursor.u8(), cursor.u8(), cursor.u8()),
            file: cursor.u32(),
            at: cursor.u64(),
        }
    }
}

/// The conflicts, and the names of the steps.
pub(super) struct Conflicts(Sorter<Conflict>, Vec<String>);

impl Conflicts {
    fn none(folder: &Path) -> Self {
        Self(Sorter::new(folder, HELD), Vec::new())
    }

    fn add(&mut self, conviction: &Mark, amiss: Amiss, steps: &[Mark]) -> Result<(), RunError> {
        let amiss = match amiss {
            Amiss::TwoDays(step) => (0, step, step),
            Amiss::Both(one, other) => (1, one, other),
            Amiss::Before(one, other) => (2, one, other),
            Amiss::Relieved(step) => (3, step, step),
        };
        let concerned = |mark: &&Mark| [amiss.1, amiss.2].contains(&(mark.kind - 1));
        for step in steps.iter().filter(concerned).take(TOLD) {
            let (line, county) = (conviction.line, conviction.of);
            self.0.push(Conflict { line, county, amiss, file: step.of, at: step.line }).map_err(scratch)?;
        }
        Ok(())
    }

    /// `conflicts.csv`: a line for each line of steps that is in conflict. Of whom is told by its place.
    pub(super) fn finish(self, files: &[String], counties: &[String]) -> Result<Vec<u8>, RunError> {
        let Self(sorter, steps) = self;
        let mut table = csv::Writer::from_writer(Vec::new());
        write_record(&mut table, ["county", "determinations_line", "conflict", "file", "line"]);
        let name = |step: u8| steps.get(usize::from(step)).map_or("", String::as_str);
        for conflict in sorter.finish().map_err(scratch)? {
            let Conflict { line, county, amiss: (kind, one, other), file, at } = conflict.map_err(scratch)?;
            let what = match kind {
                0 => format!("{} on two days", name(one)),
                1 => format!("{} and {} cannot both be", name(one), name(other)),
                2 => format!("{} before {}", name(one), name(other)),
                _ => format!("{}, and the state's record shows the relief", name(one)),
            };
            let county = counties.get(county as usize).map_or(PLACES_UNKNOWN, String::as_str);
            let file = files.get(file as usize).map_or("", String::as_str);
            write_record(&mut table, [county, &line.to_string(), &what, file, &at.to_string()]);
        }
        Ok(table.into_inner().unwrap_or_default())
    }
}
