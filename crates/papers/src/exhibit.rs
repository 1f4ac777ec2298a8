//! The list of convictions that an order cites, cut into volumes and pages by counting and by nothing else.

use crate::caption::Identity;
use serde::Serialize;
use vacatur_records::silent_debug;

/// Lines on a page of the exhibit. Every page but the last one has as many.
pub const EXHIBIT_ROWS_PER_PAGE: u64 = 25;

/// Lines in a volume: whole pages, so that a page belongs to one volume. A volume is what is held in memory at a time.
pub const EXHIBIT_ROWS_PER_VOLUME: u64 = 80 * EXHIBIT_ROWS_PER_PAGE;

/// The page on which a line of the exhibit stands. Lines and pages count from one, over all volumes.
///
/// ```
/// use vacatur_papers::exhibit_page;
/// assert_eq!((exhibit_page(1), exhibit_page(25), exhibit_page(26)), (1, 1, 2));
/// ```
#[must_use]
pub const fn exhibit_page(line: u64) -> u64 {
    line.saturating_sub(1) / EXHIBIT_ROWS_PER_PAGE + 1
}

/// The volume in which a line of the exhibit stands, from one.
#[must_use]
pub const fn exhibit_volume(line: u64) -> u64 {
    line.saturating_sub(1) / EXHIBIT_ROWS_PER_VOLUME + 1
}

/// One conviction. The texts are printed as they are; an empty one is an empty cell.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExhibitRow {
    /// Its number in the exhibit, from one, over all volumes.
    pub line: u64,
    /// Number of the case in the court's own format.
    pub case_number: String,
    /// Another number under which the court may have the case.
    pub other_case_number: String,
    /// Name of the defendant.
    pub defendant: String,
    /// Number of the count in its case.
    pub count: String,
    /// Section of the conviction.
    pub section: String,
    /// Level of the conviction.
    pub level: String,
    /// Day of the conviction.
    pub date: String,
    /// What is asked for.
    pub relief: String,
}

/// A volume of the exhibit.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ExhibitVolume {
    /// What the document says of itself.
    pub identity: Identity,
    /// `A`.
    pub letter: String,
    /// Which volume, from one.
    pub volume: u64,
    /// How many volumes there are.
    pub volumes: u64,
    /// Short title of the case: `People v. Persons listed in Exhibit A`.
    pub caption: String,
    /// The court.
    pub court: String,
    /// Who prosecutes.
    pub prosecutor: String,
    /// Lines in all volumes.
    pub rows_in_all: u64,
    /// Its lines. The first begins a page, and their numbers have no gap. They go to the layout as pages of cells.
    #[serde(skip)]
    pub rows: Vec<ExhibitRow>,
}

silent_debug!(ExhibitRow, ExhibitVolume);
