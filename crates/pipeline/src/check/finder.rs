//! What is amiss in one person's record: the cells of its rows, and what they say together.

use super::kinds::{Defect, Field};
use super::tally::{CODED, Local, plain};
use std::collections::HashSet;
use vacatur_eligibility::{Prepared, Worker};
use vacatur_ingest::doj::{CellReader, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Row;
use vacatur_records::{Column, Count, DateSpan, DispositionKind, Gap, Person, SentenceKind, StepKind, Truth};
use vacatur_statutes::{Coded, Grammar};

/// Where the fields stand in a row.
pub(crate) struct Fields([Option<usize>; Field::ALL.len()]);

impl Fields {
    pub(crate) fn of(layout: &Layout) -> Self {
        let mut fields = [None; Field::ALL.len()];
        for &field in Field::ALL {
            fields[field as usize] = layout.field(field.word());
        }
        Self(fields)
    }

    /// The cell of a field; empty where the layout has no such column.
    pub(crate) fn cell<'b>(&self, row: &Row<'b>, field: Field) -> &'b [u8] {
        self.0[field as usize].map_or(&[][..], |column| row.field(column))
    }

    /// The column of a field, counted from 0.
    pub(crate) fn column(&self, field: Field) -> Option<usize> {
        self.0[field as usize]
    }
}

/// What an issue is of, in the order in which issues stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum At {
    /// The person.
    Person,
    /// A count, by its place in the person.
    Count(u32),
    /// A row of no count, by its place among the rows used.
    Row(u32),
}

/// Something that is amiss. An entry has each kind for a field once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issue {
    pub(crate) at: At,
    pub(crate) field: Field,
    pub(crate) defect: Defect,
    /// The row that shows it, by its place among the rows used.
    pub(crate) row: usize,
}

/// Finds what is amiss. One for each thread.
pub(crate) struct Finder<'s> {
    fields: &'s Fields,
    words: &'s Words,
    reader: CellReader<'s>,
    grammar: &'s Grammar,
    counties: HashSet<String>,
    reference: DateSpan,
}

/// A person with the rows in the order of the record.
pub(crate) struct Look<'l, 'p, 'a, 'b> {
    pub(crate) person: &'l Person<'a>,
    pub(crate) prepared: &'l Prepared<'p, 'a>,
    pub(crate) rows: &'l [Row<'b>],
    /// Whether the rows say whose they are.
    pub(crate) named: bool,
}

/// The issues of one entry in the making.
struct Entry<'i> {
    at: At,
    issues: &'i mut Vec<Issue>,
    start: usize,
}

impl Entry<'_> {
    fn flag(&mut self, field: Field, defect: Defect, row: usize) {
        let known = self.issues[self.start..].iter().any(|one| one.field == field && one.defect == defect);
        if !known {
            self.issues.push(Issue { at: self.at, field, defect, row });
        }
    }
}

impl<'s> Finder<'s> {
    pub(crate) fn new(
        fields: &'s Fields,
        words: &'s Words,
        grammar: &'s Grammar,
        reference: DateSpan,
    ) -> Self {
        let counties = vacatur_eligibility::shelf::counties().map(str::to_owned).collect();
        Self { fields, words, reader: CellReader::new(words), grammar, counties, reference }
    }

    /// Everything that is amiss with a person, those of one entry together; what is needed is counted in `local`.
    pub(crate) fn person(
        &self,
        look: &Look<'_, '_, '_, '_>,
        worker: &Worker<'_>,
        local: &mut Local,
    ) -> Vec<Issue> {
        let mut issues = Vec::new();
        self.identity(look, &mut issues, local);
        let mut of_counts = 0;
        for (at, count) in look.person.counts.iter().enumerate() {
            self.count(look, worker, (at as u32, count), &mut issues, local);
            of_counts = of_counts.max(count.rows.end as usize);
        }
        for (at, row) in look.rows.iter().enumerate().skip(of_counts) {
            let mut entry = Entry { at: At::Row(at as u32), start: issues.len(), issues: &mut issues };
            for field in [Field::EventDate, Field::StepType, Field::Agency, Field::County] {
                local.need(field);
            }
            self.row(row, at, &mut entry);
        }
        issues
    }

    /// What is of the person: the first that is given counts, as in the assembly.
    fn identity(&self, look: &Look<'_, '_, '_, '_>, issues: &mut Vec<Issue>, local: &mut Local) {
        let mut entry = Entry { at: At::Person, start: issues.len(), issues };
        for field in [Field::Cii, Field::Name, Field::Sex, Field::Race, Field::BirthDate] {
            local.need(field);
            let given: Vec<(usize, &[u8])> = look
                .rows
                .iter()
                .enumerate()
                .map(|(at, row)| (at, self.fields.cell(row, field)))
                .filter(|(_, cell)| !cell.is_empty())
                .collect();
            let Some(&(first, text)) = given.first() else {
                entry.flag(field, Defect::Missing, 0);
                continue;
            };
            match field {
                Field::Sex | Field::Race if !self.is_listed(field, text) => {
                    entry.flag(field, Defect::Unrecognised, first);
                }
                Field::Cii => {
                    if let Some((at, _)) = given.iter().find(|(_, other)| *other != text) {
                        entry.flag(field, Defect::Conflicting, *at);
                    }
                }
                Field::BirthDate => {
                    for (at, cell) in &given {
                        self.date(field, cell, *at, &mut entry);
                    }
                    if look.person.birth.gap == Some(Gap::Conflict) {
                        let at = look.person.birth.seen[1].map_or(first, |seen| seen.row.at());
                        entry.flag(field, Defect::Conflicting, at);
                    }
                }
                _ => {}
            }
        }
    }

    /// The rows of a count, and what they say together.
    fn count(
        &self,
        look: &Look<'_, '_, '_, '_>,
        worker: &Worker<'_>,
        (at, count): (u32, &Count<'_>),
        issues: &mut Vec<Issue>,
        local: &mut Local,
    ) {
        let person = look.person;
        let mut entry = Entry { at: At::Count(at), start: issues.len(), issues };
        let own = count.row.at();
        let range = count.rows.start as usize..count.rows.end as usize;
        for field in [Field::EventDate, Field::StepType, Field::Agency, Field::County] {
            local.need(field);
        }
        for row in range.clone() {
            if let Some(cells) = look.rows.get(row) {
                self.row(cells, row, &mut entry);
            }
        }
        if count.county.gap == Some(Gap::Conflict) {
            entry.flag(Field::County, Defect::Conflicting, own);
        }
        self.dates(look, at, count, &mut entry);
        let step = person.event_of(count).kind;
        // Custody, or a death, is of no offence.
        if !matches!(step, StepKind::Deceased | StepKind::Other) {
            local.need(Field::Charge);
            self.offence(look, worker, (at, count), &mut entry, local);
        }
        let court = step == StepKind::Court;
        if court {
            local.need(Field::CaseNumber);
            local.need(Field::Disposition);
            if count.case_number.is_blank() {
                entry.flag(Field::CaseNumber, Defect::Missing, own);
            }
        }
        match (count.convicted.value, count.convicted.gap) {
            (Truth::Unknown, Some(Gap::Blank)) => entry.flag(Field::Disposition, Defect::Missing, own),
            (Truth::Unknown, Some(Gap::Conflict)) => {
                let other = count.convicted.seen[1].map_or(own, |seen| seen.row.at());
                entry.flag(Field::Disposition, Defect::Conflicting, other);
            }
            // A later row that says nothing of its outcome may be a relief.
            _ if count.relief_unclear => {
                let silent = range.clone().find(|&row| {
                    look.rows.get(row).is_some_and(|cells| {
                        self.fields.cell(cells, Field::Disposition).is_empty()
                            && self.fields.cell(cells, Field::SentenceKind).is_empty()
                            && self.fields.cell(cells, Field::SentenceLength).is_empty()
                    })
                });
                if let Some(row) = silent {
                    entry.flag(Field::Disposition, Defect::Missing, row);
                }
            }
            _ => {}
        }
        if count.convicted.value.is_no() {
            return;
        }
        local.need(Field::Level);
        match count.level.gap {
            Some(Gap::Blank) => entry.flag(Field::Level, Defect::Missing, own),
            Some(Gap::Conflict) => {
                let at = count.level.seen[1].or(count.level.seen[0]).map_or(own, |seen| seen.row.at());
                entry.flag(Field::Level, Defect::Conflicting, at);
            }
            _ => {}
        }
        if count.convicted.value.is_yes() {
            local.need(Field::SentenceKind);
            if count.sentences.is_empty() {
                entry.flag(Field::SentenceKind, Defect::Missing, own);
            }
        }
        if person.sentences_of(count).iter().any(|part| part.kind != SentenceKind::Fine) {
            local.need(Field::SentenceLength);
        }
    }

    /// Dates of a count that cannot be, or that its rows do not agree on.
    fn dates(&self, look: &Look<'_, '_, '_, '_>, at: u32, count: &Count<'_>, entry: &mut Entry<'_>) {
        let person = look.person;
        let shown = count.date.seen[0].map_or(count.row.at(), |seen| seen.row.at());
        let (date, birth) = (count.date.value, person.birth.value);
        if count.date.gap == Some(Gap::Conflict) {
            let other = count.date.seen[1].map_or(shown, |seen| seen.row.at());
            entry.flag(Field::EventDate, Defect::Conflicting, other);
        }
        if date.is_unknown() || date.after(self.reference).is_yes() {
            return;
        }
        let born = !birth.is_unknown() && !birth.after(self.reference).is_yes();
        if born && date.before(birth).is_yes() {
            entry.flag(Field::EventDate, Defect::BeforeBirth, shown);
        }
        if count.convicted.value.is_yes()
            && person.deceased.value.is_yes()
            && date.after(person.died).is_yes()
        {
            entry.flag(Field::EventDate, Defect::AfterDeath, shown);
        }
        // Set aside because of an arrest: the decision has the same view of it.
        let ready = look.prepared.date_of(at);
        let against = ready.seen[1].map(|seen| seen.column);
        if ready.gap == Some(Gap::Conflict)
            && count.date.gap != Some(Gap::Conflict)
            && against == Some(Column::EventDate)
        {
            entry.flag(Field::EventDate, Defect::BeforeArrest, shown);
        }
    }

    /// The offence, and what the comment says of it.
    fn offence(
        &self,
        look: &Look<'_, '_, '_, '_>,
        worker: &Worker<'_>,
        (at, count): (u32, &Count<'_>),
        entry: &mut Entry<'_>,
        local: &mut Local,
    ) {
        let own = count.row.at();
        let field = if count.charge.convicted.is_blank() { Field::Charge } else { Field::ConvictionOffence };
        let written = count.charge.offence();
        if worker.section(look.prepared, at).is_empty() {
            if written.is_blank() {
                entry.flag(field, Defect::Missing, own);
            } else if matches!(self.grammar.parse(&written.as_str()), Coded::SeeComment) {
                let said = !count.charge.comment.is_blank();
                let defect = if said { Defect::Unrecognised } else { Defect::Missing };
                local.need(Field::Comment);
                entry.flag(Field::Comment, defect, own);
            } else {
                entry.flag(field, Defect::Unrecognised, own);
                local.offence(written.bytes(), look.named);
            }
        } else if !written.bytes().iter().any(u8::is_ascii_digit) && !count.charge.comment.is_blank() {
            local.need(Field::Comment);
            entry.flag(field, Defect::OnlyInComment, own);
        }
        if !worker.only_in_comment(look.prepared, at).is_empty() && !entry.has(field, Defect::OnlyInComment) {
            entry.flag(Field::Comment, Defect::MoreInComment, own);
        }
        if let Some((charge, other)) = &count.other_charge
            && !self.same_offence(written.bytes(), charge.offence().bytes())
        {
            entry.flag(field, Defect::Conflicting, other.at());
        }
    }

    /// Whether two texts name one offence: the same words, or the same sections. A blank one stands for several.
    fn same_offence(&self, one: &[u8], other: &[u8]) -> bool {
        let (one, other) = (plain(one), plain(other));
        if one == other {
            return true;
        }
        let section = |text: &str| self.grammar.parse(text).offence().map(ToString::to_string);
        section(&one).is_some_and(|read| section(&other).is_some_and(|also| also == read))
    }

    /// The cells of a row, each by itself.
    fn row(&self, row: &Row<'_>, at: usize, entry: &mut Entry<'_>) {
        let cell = |field| self.fields.cell(row, field);
        self.date_needed(cell(Field::EventDate), at, entry);
        self.date(Field::DispositionDate, cell(Field::DispositionDate), at, entry);
        for field in [Field::StepType, Field::Agency, Field::County] {
            if cell(field).is_empty() {
                entry.flag(field, Defect::Missing, at);
            }
        }
        for field in [
            Field::StepType,
            Field::County,
            Field::Disposition,
            Field::ChargeToc,
            Field::ConvictionToc,
            Field::Level,
            Field::LevelCode,
            Field::SentenceKind,
            Field::SentenceUnit,
            Field::SentenceUnitName,
        ] {
            let text = cell(field);
            if !text.is_empty() && !self.is_listed(field, text) {
                entry.flag(field, Defect::Unrecognised, at);
            }
        }
        for field in [Field::DispositionOrder, Field::SentenceOrder] {
            if !is_number(cell(field), 9) {
                entry.flag(field, Defect::Malformed, at);
            }
        }
        self.sentence(row, at, entry);
    }

    /// A part of a sentence: what it is, how long, in which unit.
    fn sentence(&self, row: &Row<'_>, at: usize, entry: &mut Entry<'_>) {
        let cell = |field| self.fields.cell(row, field);
        let (kind, length) = (cell(Field::SentenceKind), cell(Field::SentenceLength));
        if kind.is_empty() && length.is_empty() {
            return;
        }
        if kind.is_empty() {
            entry.flag(Field::SentenceKind, Defect::Missing, at);
        }
        if length.is_empty() {
            // A fine takes no time.
            if self.reader.sentence(kind) != SentenceKind::Fine {
                entry.flag(Field::SentenceLength, Defect::Missing, at);
            }
            return;
        }
        if !is_number(length, 6) {
            entry.flag(Field::SentenceLength, Defect::Malformed, at);
        } else if cell(Field::SentenceUnit).is_empty() && cell(Field::SentenceUnitName).is_empty() {
            entry.flag(Field::SentenceUnit, Defect::Missing, at);
        }
    }

    /// A date, and what is wrong with it.
    pub(crate) fn read_date(&self, cell: &[u8]) -> (DateSpan, Option<Gap>) {
        self.reader.date(cell)
    }

    fn date_needed(&self, cell: &[u8], at: usize, entry: &mut Entry<'_>) {
        if self.reader.date(cell).1 == Some(Gap::Blank) {
            entry.flag(Field::EventDate, Defect::Missing, at);
        }
        self.date(Field::EventDate, cell, at, entry);
    }

    fn date(&self, field: Field, cell: &[u8], at: usize, entry: &mut Entry<'_>) {
        let (span, gap) = self.reader.date(cell);
        match gap {
            Some(Gap::Unreadable) => entry.flag(field, Defect::Malformed, at),
            Some(Gap::Partial) => entry.flag(field, Defect::Partial, at),
            _ => {}
        }
        if !span.is_unknown() && span.after(self.reference).is_yes() {
            entry.flag(field, Defect::Future, at);
        }
    }

    /// Whether the layout lists a text of a coded column.
    pub(crate) fn is_listed(&self, field: Field, text: &[u8]) -> bool {
        let words = |listed: &dyn Fn(&str) -> bool| listed(&plain(text));
        match field {
            Field::Sex => words(&|text| self.words.sex(text) != "other text"),
            Field::Race => words(&|text| self.words.race(text) != "other text"),
            Field::StepType => self.reader.step(text) != StepKind::Unrecognized,
            Field::County => words(&|text| self.counties.contains(text)),
            Field::Disposition => self.reader.disposition(text) != DispositionKind::Unrecognized,
            Field::ChargeToc | Field::ConvictionToc | Field::Level | Field::LevelCode => {
                self.reader.level(text).is_some()
            }
            Field::SentenceKind => self.reader.sentence(text) != SentenceKind::Unrecognized,
            Field::SentenceUnit | Field::SentenceUnitName => self.reader.is_unit(text),
            _ => true,
        }
    }

    /// Counts the words of a row's coded columns.
    pub(crate) fn count_words(&self, row: &Row<'_>, named: bool, local: &mut Local) {
        for (at, field) in CODED.into_iter().enumerate() {
            let text = self.fields.cell(row, field);
            if !text.is_empty() {
                local.word(at, text, named, || self.is_listed(field, text));
            }
        }
    }
}

impl Entry<'_> {
    fn has(&self, field: Field, defect: Defect) -> bool {
        self.issues[self.start..].iter().any(|one| one.field == field && one.defect == defect)
    }
}

/// Whether a cell is blank or a number of at most so many digits.
fn is_number(cell: &[u8], digits: usize) -> bool {
    cell.len() <= digits && cell.iter().all(u8::is_ascii_digit)
}
