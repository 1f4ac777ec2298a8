//! The same decisions without the program, for tests that need many of them.

use super::{Row, extract};
use std::collections::BTreeMap;
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY, shelf};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{group, survey};
use vacatur_policy::Policy;
use vacatur_records::{FileIx, Place, Text};
use vacatur_statutes::Statutes;

/// What is decided of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) missing: String,
    pub(crate) citations: Vec<String>,
    pub(crate) would_be: Vec<String>,
    pub(crate) rule: Option<String>,
}

/// A policy ready to decide.
pub(crate) struct Office {
    engine: Engine,
    layout: Layout,
    columns: Columns,
    words: Words,
}

impl Office {
    pub(crate) fn new(policy: &str, settings: &[(&str, &str)]) -> Self {
        let statutes = Statutes::us_ca().expect("statutes");
        let (policy, _) =
            Policy::parse(shelf::policy(policy).expect("a policy"), &VOCABULARY).expect("a sound policy");
        let values = policy.values(settings.iter().copied()).expect("settings");
        let compiled = Compiled::new(policy, values, &statutes).expect("a policy that compiles");
        let as_of = super::AS_OF.parse().expect("a date");
        let setting = Setting { as_of, counties: shelf::counties().map(str::to_owned).collect() };
        let layout = Layout::us_ca_doj();
        let columns = Columns::of(&layout).expect("columns");
        Self {
            engine: Engine::new(statutes, vec![compiled], setting),
            layout,
            columns,
            words: Words::us_ca_doj().expect("words"),
        }
    }

    /// All determinations on these rows, by subject and count.
    pub(crate) fn decide(&self, rows: &[Row]) -> BTreeMap<(String, String), Answer> {
        let sources = [Source::from_bytes("rows", extract(rows))];
        let found = survey(&sources, &self.layout, 1, &|_| {}).expect("rows");
        let assembler = Assembler::new(&self.columns, &self.words);
        let mut worker = self.engine.worker();
        let mut block = Block::new(&self.layout);
        let mut answers = BTreeMap::new();
        for person in group(&found.runs).iter() {
            block.load(&sources, person.runs.iter().map(|&run| &found.runs[run as usize])).expect("rows");
            let rows: Vec<_> = block.rows().collect();
            let rejected: Vec<Place> = found
                .rejects
                .iter()
                .filter(|reject| reject.subject.is_some() && reject.subject == person.subject)
                .map(|reject| Place { file: FileIx(0), line: reject.line, column: None })
                .collect();
            let subject = rows[0].field(self.layout.subject());
            let assembled = assembler.assemble(Text::of(subject), &rows, rejected, &mut Vec::new());
            let prepared = worker.prepare(&assembled);
            let mut determinations = Vec::new();
            worker.determine(&prepared, 0, |determination| determinations.push(determination));
            for one in &determinations {
                let section = worker.section_number(&prepared, one.count);
                let key = (
                    String::from_utf8_lossy(subject).into_owned(),
                    assembled.counts[one.count as usize].order.to_string(),
                );
                let answer = Answer {
                    outcome: one.outcome().word().to_owned(),
                    reason: one.reason(section).into_owned(),
                    missing: one.decision().missing.to_string(),
                    citations: one.explanation().citations().map(|cite| cite.text().to_owned()).collect(),
                    would_be: one.would_be(section).map(|(outcome, _)| outcome.into_owned()).collect(),
                    rule: one.decision().deciding.map(|rule| one.compiled().policy().rule(rule).name.clone()),
                };
                assert!(answers.insert(key, answer).is_none(), "a count was decided twice");
            }
        }
        answers
    }
}
