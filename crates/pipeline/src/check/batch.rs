//! One batch of people: read, assembled, looked at, counted.

use super::finder::{At, Fields, Finder, Issue, Look};
use super::kinds::{Defect, Field};
use super::tally::{Local, NOT_GIVEN, REPOSITORY, plain};
use super::work_list::{Item, Items};
use crate::error::RunError;
use crate::index::key;
use crate::unread::Unread;
use std::ops::Range;
use vacatur_eligibility::{Engine, Worker};
use vacatur_ingest::doj::{Assembler, Columns, Unplaced, UnplacedRow, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::reject::Reject;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{Group, Groups, Run, Survey};
use vacatur_records::{Date, DateSpan, FileIx, OrderError, Person, Place, StepKind, Text};

/// What all batches share.
pub(crate) struct Shared<'s> {
    pub(crate) engine: &'s Engine,
    pub(crate) layout: &'s Layout,
    pub(crate) columns: &'s Columns,
    pub(crate) fields: &'s Fields,
    pub(crate) words: &'s Words,
    pub(crate) sources: &'s [Source],
    pub(crate) names: &'s [String],
    pub(crate) survey: &'s Survey,
    pub(crate) groups: &'s Groups,
    pub(crate) unread: &'s Unread,
    /// After this day is the future.
    pub(crate) reference: Date,
    /// Whether a work list is written.
    pub(crate) listing: bool,
    /// Whether the convictions are decided, to count reviews.
    pub(crate) deciding: bool,
}

/// A person's CII number, for numbers that several people have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Numbered {
    pub(crate) cii: u64,
    pub(crate) subject: u64,
    /// The person's first run.
    pub(crate) run: u32,
}

/// What a batch leaves.
pub(crate) struct Done {
    pub(crate) local: Local,
    pub(crate) items: Items,
    pub(crate) numbered: Vec<Numbered>,
    pub(crate) bytes: u64,
}

/// What a thread keeps between batches.
pub(crate) struct Hands<'s> {
    shared: &'s Shared<'s>,
    block: Block,
    assembler: Assembler<'s>,
    worker: Worker<'s>,
    finder: Finder<'s>,
}

impl<'s> Hands<'s> {
    pub(crate) fn new(shared: &'s Shared<'s>) -> Self {
        let mut worker = shared.engine.worker();
        worker.on(shared.reference);
        let grammar = shared.engine.grammar();
        let reference = DateSpan::on(shared.reference);
        Self {
            shared,
            block: Block::new(shared.layout),
            assembler: Assembler::new(shared.columns, shared.words),
            worker,
            finder: Finder::new(shared.fields, shared.words, grammar, reference),
        }
    }

    /// Looks at the people `range` of all groups.
    pub(crate) fn batch(&mut self, range: Range<usize>) -> Result<Done, RunError> {
        let shared = self.shared;
        let groups: Vec<Group<'_>> = range.filter_map(|at| shared.groups.get(at)).collect();
        let runs = || {
            groups.iter().flat_map(|group| group.runs).filter_map(|&run| shared.survey.runs.get(run as usize))
        };
        self.block.load(shared.sources, runs())?;
        let mut done = Done {
            local: Local::new(shared.layout.width()),
            items: Items::default(),
            numbered: Vec::new(),
            bytes: runs().map(|run: &Run| run.bytes).sum(),
        };
        let block = std::mem::replace(&mut self.block, Block::new(shared.layout));
        let mut at = 0;
        for group in &groups {
            let rows: Vec<Row<'_>> =
                (at..at + group.runs.len()).flat_map(|run| block.run_rows(run)).collect();
            at += group.runs.len();
            for rows in same_subject(rows, shared.layout.subject()) {
                self.person(group, &rows, &mut done)?;
            }
        }
        self.block = block;
        Ok(done)
    }

    fn person(&mut self, group: &Group<'_>, rows: &[Row<'_>], done: &mut Done) -> Result<(), RunError> {
        let shared = self.shared;
        let local = &mut done.local;
        let named = group.subject.is_some();
        let subject = rows.first().map_or(&[][..], |row| row.field(shared.layout.subject()));
        local.next_person();
        local.numbers.people += 1;
        local.numbers.people_without_number += u64::from(!named);
        local.numbers.rows += rows.len() as u64;
        for row in rows {
            for (column, filled) in local.filled.iter_mut().enumerate() {
                *filled += u64::from(!row.raw_cell(column).is_empty() && !row.field(column).is_empty());
            }
            self.finder.count_words(row, named, local);
            local.need(Field::Row);
            local.need(Field::Subject);
            local.need(Field::CountOrder);
        }

        // As for a decision: what could not be read and may be this person's.
        let ciis = rows.iter().map(|row| row.field(shared.columns.cii()));
        let mut rejected = shared.unread.of_person(group.subject, ciis)?;
        let mut lost: Vec<(Field, Defect)> = rejected
            .iter()
            .map(|place| self.reject_at(place).unwrap_or((Field::Subject, Defect::Missing)))
            .collect();
        if !named {
            rejected.extend(rows.iter().map(|row| Place {
                file: FileIx(row.source()),
                line: row.line(),
                column: None,
            }));
            rejected.sort_unstable();
            rejected.dedup();
            lost.push((Field::Subject, Defect::Missing));
        }
        let mut unplaced: Vec<UnplacedRow> = Vec::new();
        let person = self.assembler.assemble(Text::of(subject), rows, rejected, &mut unplaced);
        let prepared = self.worker.prepare(&person);
        local.numbers.rows_used += (rows.len() - unplaced.len()) as u64;
        if named
            && let Some(&run) = group.runs.first()
            && !person.cii.expose().is_blank()
        {
            let short = |key: u128| key as u64;
            done.numbered.push(Numbered {
                cii: short(key(person.cii.expose().bytes())),
                subject: short(key(subject)),
                run,
            });
        }

        // The rows in the order of the record.
        let ordered: Vec<Row<'_>> = person.rows.iter().filter_map(|row| row_at(rows, row)).collect();
        let look = Look { person: &person, prepared: &prepared, rows: &ordered, named };
        let issues = self.finder.person(&look, &self.worker, &mut done.local);
        lost.extend(self.unplaced(&person, rows, &unplaced, done));
        if !named {
            for row in rows {
                self.of_row(&person, row, (Field::Subject, Defect::Missing), done);
            }
        }
        self.count(&look, &issues, done);
        if shared.listing {
            self.list(&look, &issues, done);
        }
        if shared.deciding {
            lost.sort_unstable();
            lost.dedup();
            done.local.reviews.person(&self.worker, &prepared, &issues, &lost);
        }
        Ok(())
    }

    /// Counts a person's entries with their issues.
    fn count(&self, look: &Look<'_, '_, '_, '_>, issues: &[Issue], done: &mut Done) {
        let (shared, local) = (self.shared, &mut done.local);
        let mut rest = issues;
        let own = next(&mut rest, At::Person);
        for issue in own {
            local.of_repository(None, issue.field, issue.defect);
        }
        local.record(own.iter().any(|issue| !issue.defect.is_harmless()));
        let unborn =
            own.iter().any(|issue| issue.field == Field::BirthDate && issue.defect != Defect::Partial);
        local.numbers.people_unborn += u64::from(unborn);
        let mut of_counts = 0;
        for (at, count) in look.person.counts.iter().enumerate() {
            of_counts = of_counts.max(count.rows.end as usize);
            let convicted = !count.convicted.value.is_no();
            local.numbers.counts += 1;
            local.numbers.convictions += u64::from(convicted);
            let court = look.person.event_of(count).kind == StepKind::Court;
            local.numbers.court_counts += u64::from(court);
            let mine = next(&mut rest, At::Count(at as u32));
            let wrong = |issue: &Issue| {
                issue.field == Field::EventDate
                    && !matches!(issue.defect, Defect::Partial | Defect::Conflicting)
            };
            let usable = !count.date.value.is_unknown() && !mine.iter().any(wrong);
            local.numbers.convictions_undated += u64::from(convicted && !usable);
            let year = if usable { year(count.date.value, shared.reference) } else { None };
            if usable && let Some(day) = count.date.value.known() {
                local.date(day);
            }
            let agency = look.person.event_of(count).agency.bytes();
            local.entry(agency, year, look.named, mine.iter().map(|issue| (issue.field, issue.defect)));
        }
        for (at, row) in look.rows.iter().enumerate().skip(of_counts) {
            let agency = shared.fields.cell(row, Field::Agency);
            let year = self.year_of(row);
            let mine = next(&mut rest, At::Row(at as u32)).iter().map(|issue| (issue.field, issue.defect));
            local.entry(agency, year, look.named, mine);
        }
    }

    /// Rows that could not be used: a repeated one loses nothing.
    fn unplaced(
        &self,
        person: &Person<'_>,
        rows: &[Row<'_>],
        unplaced: &[UnplacedRow],
        done: &mut Done,
    ) -> Vec<(Field, Defect)> {
        let mut lost = Vec::new();
        for one in unplaced {
            let issue = match &one.why {
                Unplaced::Duplicate { .. } => (Field::Row, Defect::Repeated),
                Unplaced::CountNumber(OrderError::Blank) => (Field::CountOrder, Defect::Missing),
                Unplaced::CountNumber(_) => (Field::CountOrder, Defect::Malformed),
            };
            if issue.1 == Defect::Repeated {
                done.local.numbers.duplicates += 1;
            } else {
                lost.push(issue);
            }
            if let Some(row) = row_at(rows, &one.place) {
                self.of_row(person, &row, issue, done);
            }
        }
        lost
    }

    /// Something amiss with a row as a whole.
    fn of_row(&self, person: &Person<'_>, row: &Row<'_>, (field, defect): (Field, Defect), done: &mut Done) {
        done.local.of_repository(self.year_of(row), field, defect);
        // There is nothing to be done about a row that stands there twice.
        if self.shared.listing && defect != Defect::Repeated {
            let case_number = Text::of(self.shared.fields.cell(row, Field::CaseNumber));
            self.item(person, row, (field, defect), &case_number.as_str(), done);
        }
    }

    /// Puts a person's issues into the work list.
    fn list(&self, look: &Look<'_, '_, '_, '_>, issues: &[Issue], done: &mut Done) {
        for issue in issues {
            let Some(row) = look.rows.get(issue.row) else { continue };
            let case_number = match issue.at {
                At::Count(count) => {
                    look.person.counts.get(count as usize).map(|count| count.case_number.as_str())
                }
                _ => None,
            };
            let case_number = case_number.unwrap_or_default();
            self.item(look.person, row, (issue.field, issue.defect), &case_number, done);
        }
    }

    fn item(
        &self,
        person: &Person<'_>,
        row: &Row<'_>,
        (field, defect): (Field, Defect),
        case_number: &str,
        done: &mut Done,
    ) {
        let shared = self.shared;
        let cell = |field| Text::of(shared.fields.cell(row, field));
        let agency = plain(shared.fields.cell(row, Field::Agency));
        let code = shared.layout.field("agency_code").map(|column| Text::of(row.field(column)));
        let column = shared.fields.column(field).and_then(|column| shared.layout.columns().get(column));
        let found = cell(field);
        done.items.add(&Item {
            agency: match &*agency {
                _ if field.is_of_repository() => REPOSITORY,
                "" => NOT_GIVEN,
                agency => agency,
            },
            agency_code: &code.unwrap_or_default().as_str(),
            file: shared.names.get(row.source() as usize).map_or("", String::as_str),
            line: row.line(),
            case_number,
            cii: &person.cii.expose().as_str(),
            count_order: &cell(Field::CountOrder).as_str(),
            column: column.map_or("", |column| column.name.as_str()),
            field,
            defect,
            found: &found.as_str(),
        });
    }

    /// What is wrong with the line at a place, if it is one that could not be read.
    fn reject_at(&self, place: &Place) -> Option<(Field, Defect)> {
        let rejects = &self.shared.survey.rejects;
        let at = rejects
            .binary_search_by_key(&(place.file.0, place.line), |reject| (reject.source, reject.line))
            .ok()?;
        rejects.get(at).and_then(of_reject)
    }

    fn year_of(&self, row: &Row<'_>) -> Option<i16> {
        let (date, _) = self.finder.read_date(self.shared.fields.cell(row, Field::EventDate));
        year(date, self.shared.reference)
    }
}

/// The issues of the next entry: they stand in the order of the entries.
fn next<'i>(rest: &mut &'i [Issue], at: At) -> &'i [Issue] {
    let (mine, others) = rest.split_at(rest.iter().take_while(|issue| issue.at == at).count());
    *rest = others;
    mine
}

/// The defect of a line that is no row.
pub(crate) fn of_reject(reject: &Reject) -> Option<(Field, Defect)> {
    Defect::of_word(reject.reason.code()).map(|defect| (Field::Row, defect))
}

/// The year of a date, if it has one and is not in the future.
fn year(date: DateSpan, reference: Date) -> Option<i16> {
    let (first, last) = (date.earliest(), date.latest());
    (!date.is_unknown() && first.year() == last.year() && first <= reference).then(|| first.year())
}

/// The row at a place of the record.
fn row_at<'b>(rows: &[Row<'b>], place: &vacatur_records::Row) -> Option<Row<'b>> {
    // The rows of a person stand in the order of their files and places.
    let at =
        rows.binary_search_by_key(&(place.file.0, place.offset), |row| (row.source(), row.offset())).ok()?;
    rows.get(at).copied()
}

/// Rows of one subject each. Two subjects can only meet here if their hashes are the same.
fn same_subject(rows: Vec<Row<'_>>, subject: usize) -> Vec<Vec<Row<'_>>> {
    let mut apart: Vec<Vec<Row<'_>>> = Vec::new();
    for row in rows {
        let own = row.field(subject);
        match apart.iter_mut().find(|group| group.first().is_some_and(|first| first.field(subject) == own)) {
            Some(group) => group.push(row),
            None => apart.push(vec![row]),
        }
    }
    apart
}

/// What is said of a person whose CII number others have too.
pub(crate) fn shared_number(
    shared: &Shared<'_>,
    run: &Run,
    block: &mut Block,
    items: &mut Items,
) -> Result<(), RunError> {
    block.load(shared.sources, [run])?;
    let Some(row) = block.rows().next() else { return Ok(()) };
    let cii = Text::of(shared.fields.cell(&row, Field::Cii));
    items.add(&Item {
        agency: REPOSITORY,
        agency_code: "",
        file: shared.names.get(row.source() as usize).map_or("", String::as_str),
        line: row.line(),
        case_number: "",
        cii: &cii.as_str(),
        count_order: "",
        column: shared
            .fields
            .column(Field::Cii)
            .and_then(|column| shared.layout.columns().get(column))
            .map_or("", |column| column.name.as_str()),
        field: Field::Cii,
        defect: Defect::Shared,
        found: "",
    });
    Ok(())
}

/// A line that is no row, in the work list.
pub(crate) fn unread_line(shared: &Shared<'_>, reject: &Reject, items: &mut Items) {
    let Some((field, defect)) = of_reject(reject) else { return };
    items.add(&Item {
        agency: REPOSITORY,
        agency_code: "",
        file: shared.names.get(reject.source as usize).map_or("", String::as_str),
        line: reject.line,
        case_number: "",
        cii: "",
        count_order: "",
        column: "",
        field,
        defect,
        found: "",
    });
}
