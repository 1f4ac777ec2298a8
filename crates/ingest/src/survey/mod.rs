//! The first pass: where the rows are, whose they are, and which lines are none.

mod events;
mod group;
mod hash;
mod part;
mod probe;
mod stitch;
#[cfg(test)]
mod tests;
mod walk;

use std::fmt;
use std::io;
use std::num::NonZeroU128;

use xxhash_rust::xxh3::xxh3_128;

use crate::header::HeaderMismatch;
use crate::layout::Layout;
use crate::recover::{Form, LONGEST_ROW};
use crate::reject::Reject;
use crate::rows::BlockError;
use crate::source::{Compression, Note, Source};

pub use group::{Group, Groups, group};

/// Tells the rows of one person from those of another without holding the identifier itself: a hash of the trimmed
/// `SUBJECT_ID`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectKey(NonZeroU128);

impl SubjectKey {
    /// The key of a subject identifier as it stands in a cell, unquoted and trimmed. None if it is blank.
    #[must_use]
    pub fn of(value: &[u8], layout: &Layout) -> Option<Self> {
        if layout.blanks().is_blank(value) {
            return None;
        }
        Some(Self(NonZeroU128::new(xxh3_128(value)).unwrap_or(NonZeroU128::MIN)))
    }

    /// The key whose number is this; none for 0.
    #[must_use]
    pub fn from_number(number: u128) -> Option<Self> {
        NonZeroU128::new(number).map(Self)
    }

    /// The hash as a number.
    #[must_use]
    pub fn get(self) -> u128 {
        self.0.get()
    }
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A hash of a short number is as good as the number, and a part of it is a part of the number.
        f.write_str("SubjectKey")
    }
}

/// Well-formed rows of one person that follow each other without a byte in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Whose rows they are. None if the row does not say; then the run is that one row.
    pub subject: Option<SubjectKey>,
    /// Where the first row begins, in decoded bytes from the source's start.
    pub offset: u64,
    /// The length of all rows with their line ends.
    pub bytes: u64,
    /// The physical line on which the first row begins, counted from 1.
    pub first_line: u64,
    /// How many rows.
    pub rows: u32,
    /// The source, by its place in the list given.
    pub source: u32,
}

/// What the lines of a source end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineEnds {
    /// There is no line end.
    None,
    /// `\n`.
    Lf,
    /// `\r\n`.
    CrLf,
    /// Some this, some that.
    Mixed,
}

/// How the characters beyond ASCII are written, judged by what is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// There are none.
    Ascii,
    /// All of them are valid UTF-8.
    Utf8,
    /// Some are not valid UTF-8, so they must be one byte a character: windows-1252.
    Windows1252,
}

/// What was found out about one source.
#[derive(Debug, Clone)]
pub struct SourceSummary {
    /// The name as given; for a member of an archive, `archive.zip/member`.
    pub name: String,
    /// The length as handed in.
    pub original_bytes: u64,
    /// The length of the text.
    pub bytes: u64,
    /// BLAKE3 of the text.
    pub blake3: [u8; 32],
    /// Well-formed rows, headers not counted.
    pub rows: u64,
    /// Lines that are no rows.
    pub rejects: u64,
    /// Lines of nothing but blanks.
    pub blank_lines: u64,
    /// Physical lines.
    pub lines: u64,
    /// Whether the first row is a header.
    pub header: bool,
    /// Header rows further down.
    pub headers_inside: u64,
    /// The earlier source with the same content. Then nothing of this one is among the runs and rejects.
    pub duplicate_of: Option<usize>,
    /// Line ends.
    pub line_ends: LineEnds,
    /// How it was packed.
    pub compression: Compression,
    /// Characters beyond ASCII.
    pub encoding: Encoding,
    /// What the user should know.
    pub notes: Vec<Note>,
}

impl SourceSummary {
    /// The BLAKE3 of the text in hexadecimal.
    #[must_use]
    pub fn blake3_hex(&self) -> String {
        blake3::Hash::from_bytes(self.blake3).to_hex().to_string()
    }
}

/// What the first pass finds.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// One for each source, in their order.
    pub sources: Vec<SourceSummary>,
    /// All well-formed rows, in the order of sources and lines.
    pub runs: Vec<Run>,
    /// All lines that are no rows, in the same order.
    pub rejects: Vec<Reject>,
}

impl Survey {
    /// Rows in the runs.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.runs.iter().map(|run| u64::from(run.rows)).sum()
    }
}

/// Why the first pass cannot go on. The text holds nothing of the content but column names of a header.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// Reading failed.
    #[error("{name}: cannot be read ({error})")]
    Read {
        /// The source.
        name: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// The file became shorter or otherwise different while it was read.
    #[error(
        "{name}: the file changed while it was being read; wait until it has arrived whole and start again"
    )]
    Changed {
        /// The source.
        name: String,
    },
    /// Fields are separated by something else.
    #[error(
        "{name}: the columns are separated by {found}, not by {expected}; export the file again with {expected}"
    )]
    Delimiter {
        /// The source.
        name: String,
        /// What separates them.
        found: &'static str,
        /// What should.
        expected: &'static str,
    },
    /// Every row has the same wrong number of columns.
    #[error(
        "{name}: the rows have {found} columns where the layout has {expected}; this seems to be another kind of file, or \
         another version of the extract"
    )]
    Columns {
        /// The source.
        name: String,
        /// How many columns there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A header row has other names than the layout.
    #[error(
        "{name}, line {line}: the header row is not the layout's ({total} columns differ): {}",
        first.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    Header {
        /// The source.
        name: String,
        /// The line of the header row.
        line: u64,
        /// The first few differences.
        first: Vec<HeaderMismatch>,
        /// How many there are.
        total: usize,
    },
    /// There are more sources than can be numbered.
    #[error("there are too many inputs")]
    TooManySources,
    /// Whoever takes what is found cannot keep it.
    #[error(transparent)]
    Keep(#[from] BlockError),
}

impl SurveyError {
    /// The error that reading a source has met.
    pub(crate) fn reading(source: &Source, error: io::Error) -> Self {
        let name = source.name().to_owned();
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Changed { name },
            _ => Self::Read { name, error },
        }
    }
}

/// How the pass goes about its work. None of it changes what is found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuning {
    /// How far apart threads work. A power of two of at least 1024, or the content is hashed in one piece.
    pub(crate) segment: u64,
    /// How much is scanned at once.
    pub(crate) window: usize,
    /// How much is scanned at once right after a line that confused the scan.
    pub(crate) small_window: usize,
    /// How much is read at once.
    pub(crate) read: usize,
    /// The longest row.
    pub(crate) longest: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        // The window fits the second-level cache, so that a byte is fetched from memory once for hashing and scanning.
        Self {
            segment: 8 << 20,
            window: 256 << 10,
            small_window: 1 << 10,
            read: 256 << 10,
            longest: LONGEST_ROW,
        }
    }
}

/// What every part of the pass needs to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) form: Form,
    pub(crate) tuning: Tuning,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(layout: &'a Layout, tuning: Tuning) -> Self {
        let form = Form { columns: layout.width(), separator: layout.delimiter(), longest: tuning.longest };
        Self { layout, form, tuning }
    }
}

/// Somebody who takes what the first pass finds.
pub trait Finds {
    /// Takes well-formed rows and lines that are none. Each list is in the order of sources and places, and all of it
    /// comes after what was taken before.
    ///
    /// # Errors
    /// It cannot be kept.
    fn take(&mut self, runs: Vec<Run>, rejects: Vec<Reject>) -> Result<(), BlockError>;
}

impl Finds for Survey {
    fn take(&mut self, runs: Vec<Run>, rejects: Vec<Reject>) -> Result<(), BlockError> {
        self.runs.extend(runs);
        self.rejects.extend(rejects);
        Ok(())
    }
}

/// Goes over all sources once. `progress` is called now and then, from any thread, with the number of bytes done since
/// the last call; the numbers add up to the length of all sources. The result does not depend on `threads`.
///
/// Rows in runs, rejects, blank lines and header rows are all there is in a source: nothing is passed over. What was
/// found of a source that repeats an earlier one is left out.
///
/// # Errors
/// [`SurveyError`] if a source cannot be read or is of another layout. A bad line is never an error.
pub fn survey(
    sources: &[Source],
    layout: &Layout,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Survey, SurveyError> {
    let mut survey = Survey::default();
    survey.sources = survey_into(sources, layout, threads, progress, &mut survey)?;
    Ok(survey)
}

/// As [`survey`], handing on what is found as it is found, so that memory does not grow with the sources.
///
/// # Errors
/// As [`survey`]; and [`SurveyError::Keep`] if `finds` cannot keep what it takes.
pub fn survey_into(
    sources: &[Source],
    layout: &Layout,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
    finds: &mut dyn Finds,
) -> Result<Vec<SourceSummary>, SurveyError> {
    stitch::survey_with(sources, Plan::new(layout, Tuning::default()), threads, progress, finds)
}
