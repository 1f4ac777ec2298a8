//! The people of an extract, read as a run reads them; nobody is decided.

use crate::decide::{Phase, Progress};
use crate::error::RunError;
use crate::manifest::InputRecord;
use std::ops::Range;
use std::path::{Path, PathBuf};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::rows::{Block, Row};
use vacatur_ingest::source::{self, Input, Source};
use vacatur_ingest::survey::{Group, Groups, Run, Survey, group, survey};
use vacatur_records::{Person, Text};

/// About how many bytes of rows go to a thread at once.
const BATCH: u64 = 1 << 20;

/// Files of the state's layout, opened and surveyed, to be gone over person by person as often as is needed.
pub struct Extract<'a> {
    layout: &'a Layout,
    words: &'a Words,
    columns: Columns,
    sources: Vec<Source>,
    survey: Survey,
    groups: Groups,
    threads: usize,
}

impl<'a> Extract<'a> {
    /// Opens the files. What is packed is unpacked into `scratch`.
    ///
    /// # Errors
    /// Files that cannot be read, or are of another layout.
    pub fn open(
        files: &[PathBuf],
        (layout, words): (&'a Layout, &'a Words),
        scratch: &Path,
        threads: usize,
        progress: &dyn Progress,
    ) -> Result<Self, RunError> {
        let columns = Columns::of(layout).map_err(|meaning| RunError::Layout {
            layout: layout.name().to_owned(),
            meaning: meaning.to_owned(),
        })?;
        progress.phase(Phase::Opening, 0);
        let inputs: Vec<Input> = files.iter().map(|path| Input::named(path)).collect();
        let sources = source::open(&inputs, scratch)?;
        progress.phase(Phase::Survey, sources.iter().map(Source::len).sum());
        let survey = survey(&sources, layout, threads, &|bytes| progress.advance(bytes))?;
        let groups = group(&survey.runs);
        Ok(Self { layout, words, columns, sources, survey, groups, threads })
    }

    /// How many bytes of rows there are.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.survey.runs.iter().map(|run| run.bytes).sum()
    }

    /// How many lines could not be read as rows.
    #[must_use]
    pub fn rejects(&self) -> u64 {
        self.survey.rejects.len() as u64
    }

    /// The files, for a manifest.
    #[must_use]
    pub fn inputs(&self) -> Vec<InputRecord> {
        self.survey.sources.iter().map(InputRecord::of).collect()
    }

    /// The name of a file by its number.
    #[must_use]
    pub fn name(&self, file: u32) -> &str {
        self.survey.sources.get(file as usize).map_or("", |source| source.name.as_str())
    }

    /// Goes over everybody in the order of their first rows. People are read on all threads, and what `read` made of
    /// them is taken in order. Somebody without a subject number is a person for each row, whose subject is blank.
    ///
    /// # Errors
    /// Rows that can no longer be read, what `take` says.
    pub fn each<R: Send>(
        &self,
        read: impl Fn(&Person<'_>, &[Row<'_>]) -> Option<R> + Sync,
        progress: &dyn Progress,
        mut take: impl FnMut(R) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        ordered(
            self.threads,
            self.batches().into_iter().map(Ok),
            || (Block::new(self.layout), Assembler::new(&self.columns, self.words)),
            |(block, assembler), batch| self.batch(batch, block, assembler, &read),
            |(found, bytes)| {
                progress.advance(bytes);
                found.into_iter().try_for_each(&mut take)
            },
        )
    }

    fn batch<R>(
        &self,
        range: Range<usize>,
        block: &mut Block,
        assembler: &Assembler<'_>,
        read: &impl Fn(&Person<'_>, &[Row<'_>]) -> Option<R>,
    ) -> Result<(Vec<R>, u64), RunError> {
        let groups: Vec<Group<'_>> = range.filter_map(|at| self.groups.get(at)).collect();
        let runs = || {
            groups.iter().flat_map(|group| group.runs).filter_map(|&run| self.survey.runs.get(run as usize))
        };
        block.load(&self.sources, runs())?;
        let subject = self.layout.subject();
        let mut found = Vec::new();
        let mut at = 0;
        for group in &groups {
            let rows: Vec<Row<'_>> =
                (at..at + group.runs.len()).flat_map(|run| block.run_rows(run)).collect();
            at += group.runs.len();
            // Two subjects can only meet here if their hashes are the same.
            let mut apart: Vec<Vec<Row<'_>>> = Vec::new();
            for row in rows {
                match apart
                    .iter_mut()
                    .find(|own| own.first().is_some_and(|first| first.field(subject) == row.field(subject)))
                {
                    Some(own) => own.push(row),
                    None => apart.push(vec![row]),
                }
            }
            for rows in apart {
                let name = rows.first().map_or(&[][..], |row| row.field(subject));
                let person = assembler.assemble(Text::of(name), &rows, Vec::new(), &mut Vec::new());
                found.extend(read(&person, &rows));
            }
        }
        Ok((found, runs().map(|run: &Run| run.bytes).sum()))
    }

    /// People in batches of about the same number of bytes.
    fn batches(&self) -> Vec<Range<usize>> {
        let mut batches = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        for (at, group) in self.groups.iter().enumerate() {
            let own = group.runs.iter().filter_map(|&run| self.survey.runs.get(run as usize));
            bytes += own.map(|run| run.bytes).sum::<u64>();
            if bytes >= BATCH {
                batches.push(start..at + 1);
                (start, bytes) = (at + 1, 0);
            }
        }
        if start < self.groups.len() {
            batches.push(start..self.groups.len());
        }
        batches
    }
}
