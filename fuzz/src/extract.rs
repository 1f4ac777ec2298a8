//! An extract with few columns, and everything that is read out of one.

use std::collections::BTreeMap;
use vacatur_ingest::doj::{Assembler, Columns, Unplaced, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{Survey, SurveyError, group, survey};
use vacatur_records::{FileIx, Person, Place, Text};

/// The meanings of the columns, in order: what the assembly reads, and whose row it is.
pub const FIELDS: [&str; 27] = [
    "subject_id",
    "birth_date",
    "event_date",
    "step_type",
    "county",
    "count_order",
    "disposition_date",
    "charge",
    "charge_toc",
    "conviction_offence",
    "conviction_toc",
    "disposition_order",
    "disposition",
    "level",
    "level_code",
    "sentence_order",
    "sentence_kind",
    "sentence_length",
    "sentence_unit",
    "sentence_unit_name",
    "comment",
    "agency",
    "offence_number",
    "cii",
    "name",
    "sex",
    "race",
];

/// A layout of these columns: as the state's, without those that nobody looks at.
#[must_use]
pub fn layout() -> Layout {
    let mut text = String::from(
        "name = \"few\"\nversion = \"1\"\ntitle = \"Few columns\"\njurisdiction = \"us-ca\"\ndelimiter = \",\"\n\
         [blank]\nwords = [\"NULL\"]\nruns = [\"-\"]\n[dates]\nformat = \"YYYYMMDD\"\nunknown_part = \"00\"\n",
    );
    for (at, field) in FIELDS.iter().enumerate() {
        let name = field.to_uppercase();
        text.push_str(&format!("[[column]]\nnumber = {}\nname = \"{name}\"\nfield = \"{field}\"\n", at + 1));
    }
    Layout::parse(&text).expect("the layout is sound")
}

/// What reading needs beside the bytes.
pub struct Reading {
    /// The layout.
    pub layout: Layout,
    columns: Columns,
    words: Words,
}

impl Reading {
    /// Of the few columns, with the state's words.
    #[must_use]
    pub fn new() -> Self {
        let layout = layout();
        let columns = Columns::of(&layout).expect("every column is there");
        Self { layout, columns, words: Words::us_ca_doj().expect("the words are sound") }
    }

    /// The first pass.
    ///
    /// # Errors
    /// Whatever the survey says of a file of another kind.
    pub fn survey(&self, source: &[Source], threads: usize) -> Result<Survey, SurveyError> {
        survey(source, &self.layout, threads, &|_| {})
    }

    /// The second pass: every person as text, in order. Panics if a row is lost or used twice.
    #[must_use]
    pub fn people(
        &self,
        sources: &[Source],
        survey: &Survey,
        each: &mut dyn FnMut(&Person<'_>),
    ) -> Vec<String> {
        let mut rejected: BTreeMap<u128, Vec<Place>> = BTreeMap::new();
        for reject in &survey.rejects {
            if let Some(subject) = reject.subject {
                let column = reject.column.map(|column| column as u16);
                let place = Place { file: FileIx(reject.source), line: reject.line, column };
                rejected.entry(subject.get()).or_default().push(place);
            }
        }
        let assembler = Assembler::new(&self.columns, &self.words);
        let mut block = Block::new(&self.layout);
        let mut shown = Vec::new();
        for person in group(&survey.runs).iter() {
            let runs = person.runs.iter().map(|&run| &survey.runs[run as usize]);
            let rows: u64 = runs.clone().map(|run| u64::from(run.rows)).sum();
            block.load(sources, runs).expect("what was surveyed can be loaded");
            assert_eq!(block.rows().count() as u64, rows);
            let unread =
                person.subject.and_then(|subject| rejected.remove(&subject.get())).unwrap_or_default();
            let subject = block.rows().next().map_or(&b""[..], |row| row.field(self.layout.subject()));
            let mut unplaced = Vec::new();
            let places = unread.len();
            let lines: Vec<_> = block.rows().collect();
            let found = assembler.assemble(Text::of(subject), &lines, unread, &mut unplaced);
            assert_eq!((found.rows.len() + unplaced.len()) as u64, rows, "a row is used or it is a reject");
            let lost = unplaced.iter().filter(|row| matches!(row.why, Unplaced::CountNumber(_))).count();
            // A row that is used may still have lost its kind of step; a duplicate holds nothing that is not known.
            let doubtful = found.rejected.len().checked_sub(places + lost).expect("no doubt is lost");
            assert!(doubtful <= found.rows.len());
            each(&found);
            shown.push(format!("{} {unplaced:?}", said(&found)));
        }
        shown
    }
}

/// A person as text, to compare two readings: the types themselves show nothing of a record.
fn said(person: &Person<'_>) -> String {
    let mut text = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        person.subject.expose().bytes(),
        person.cii.expose().bytes(),
        person.birth.value,
        person.deceased.value,
        person.rows,
        person.rejected
    );
    for count in &person.counts {
        text.push_str(&format!(
            "; {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            count.order,
            count.date.value,
            count.completed.value,
            count.convicted.value,
            count.level.value,
            count.county.value.bytes(),
            count.charge.offence().bytes(),
            (&count.dispositions, &count.sentences, &count.rows)
        ));
    }
    for registration in &person.registrations {
        text.push_str(&format!("; {:?} {:?}", registration.date.value, registration.charge.bytes()));
    }
    for disposition in &person.dispositions {
        text.push_str(&format!("; {:?} {:?}", disposition.kind, disposition.date.value));
    }
    text
}

impl Default for Reading {
    fn default() -> Self {
        Self::new()
    }
}
