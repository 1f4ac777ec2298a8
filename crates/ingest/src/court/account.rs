//! What became of every row, and what in them could not be read.

use std::collections::BTreeMap;
use std::fmt;

use vacatur_records::Gap;

/// A place in the files read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CourtPlace {
    /// The file, by its number in [`CourtAccount::files`].
    pub file: u32,
    /// The line, or the row of a sheet; from 1.
    pub line: u64,
    /// The column, from 1, where there is one.
    pub column: Option<u32>,
}

/// A row that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtReject {
    /// Where it begins.
    pub place: CourtPlace,
    /// Why.
    pub reason: CourtRejectReason,
}

/// Why a row is not used. No reason holds anything of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourtRejectReason {
    /// It has fewer or more cells than the header or the layout.
    Cells {
        /// How many there are.
        found: u32,
        /// How many there should be.
        expected: u32,
    },
    /// A quote inside a value, or text after a closing quote.
    StrayQuote,
    /// A value opens with a quote that is not closed.
    UnclosedQuote,
    /// A NUL character.
    Nul,
    /// Bytes that are no text in the declared encoding.
    Encoding,
    /// Longer than any row is.
    TooLong,
    /// One cell longer than any value is.
    HugeCell,
    /// A line of fixed width that ends early.
    ShortLine {
        /// Its characters.
        found: u32,
        /// The characters of a whole one.
        expected: u32,
    },
    /// A line of fixed width that goes on after its last column.
    LongLine {
        /// Its characters.
        found: u32,
        /// The characters of a whole one.
        expected: u32,
    },
    /// Neither a case number nor a defendant.
    Nobody,
    /// A cell merged over several columns.
    MergedAcross,
    /// A cell merged over several rows, in a column of which every row needs its own.
    MergedDown,
    /// Not JSON.
    Json,
    /// One name twice in an object.
    RepeatedKey,
    /// Something else than one object for a case.
    NoObject,
    /// Nested deeper than any case is.
    TooDeep,
    /// A charge of a defendant whom the case does not list, or of none although it lists several.
    ChargeOfNobody,
    /// A list stands where the layout has one value.
    ListForValue,
    /// An object or a list where the layout has a value.
    NestedForValue,
}

impl fmt::Display for CourtRejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cells { found, expected } => {
                return write!(f, "it has {found} cells instead of {expected}");
            }
            Self::ShortLine { found, expected } => {
                return write!(f, "it ends after {found} of {expected} characters");
            }
            Self::LongLine { found, expected } => {
                return write!(f, "it has {found} characters instead of {expected}");
            }
            Self::StrayQuote => "a quote stands inside a value, or text after a closing quote",
            Self::UnclosedQuote => "a value opens with a quote that is not closed",
            Self::Nul => "it has a NUL character",
            Self::Encoding => "it is no text in the declared encoding; is it windows-1252?",
            Self::TooLong => "it is longer than any row",
            Self::HugeCell => "a cell is longer than any value",
            Self::Nobody => "it has neither a case number nor a defendant",
            Self::MergedAcross => "a cell is merged over several columns",
            Self::MergedDown => "a cell is merged over several rows where each needs its own value",
            Self::Json => "it is not JSON",
            Self::RepeatedKey => "it has one name twice in an object",
            Self::NoObject => "it is not one object for a case",
            Self::TooDeep => "it is nested deeper than any case",
            Self::ChargeOfNobody => "a charge is of no defendant of the case, or does not say of which",
            Self::ListForValue => "a list stands where the layout has one value",
            Self::NestedForValue => "an object or a list stands where the layout has a value",
        })
    }
}

/// A code that the layout does not list, or a key or column that it does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnlistedCode {
    /// Which list: `disposition`, `level`, `section-code`, `sex`, `relief`, `court`, `key`, `column`.
    pub list: &'static str,
    /// The code; none for a text that stands in fewer than [`CourtAccount::SHOWN_FROM`] rows or is too long for a code:
    /// it may be anybody's name.
    pub code: Option<String>,
    /// In how many rows; for those without a code, all of them together.
    pub count: u64,
    /// How many different texts: 1 where there is a code.
    pub texts: u64,
    /// Where it stands first.
    pub first: CourtPlace,
}

/// Cells of a column that gave no whole value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtGap {
    /// The column's name.
    pub column: String,
    /// What is wrong with them.
    pub gap: Gap,
    /// How many.
    pub count: u64,
    /// The first.
    pub first: CourtPlace,
}

/// What became of every row of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CourtAccount {
    /// The names of the files, in the order read.
    pub files: Vec<String>,
    /// Rows, objects or elements under the header. [`used`](Self::used) and [`rejects`](Self::rejects) add up to them.
    pub rows: u64,
    /// Rows that are in a case.
    pub used: u64,
    /// Rows that are not, in the order of the files.
    pub rejects: Vec<CourtReject>,
    /// Lines without anything in them, which are no rows.
    pub blank: u64,
    /// Titles, header rows and repeated header rows, which are no rows either.
    pub headers: u64,
    /// Rows that say nothing but what another row of the same case says; they count as used.
    pub repeated: u64,
    /// Cases, each once for each defendant.
    pub cases: u64,
    /// Charges.
    pub charges: u64,
    /// Cases whose number fits none of the formats of the layout, where it lists any.
    pub odd_numbers: u64,
    /// The first of them.
    pub first_odd_number: Option<CourtPlace>,
    /// Defendants that are companies.
    pub organizations: u64,
    /// Defendants of whom the name is a word for nobody, such as `DOE`.
    pub placeholders: u64,
    /// Defendants without a name.
    pub nameless: u64,
    /// Codes that the layout does not list.
    pub unlisted: Vec<UnlistedCode>,
    /// Cells that gave no whole value; blank ones are not counted.
    pub gaps: Vec<CourtGap>,
}

impl CourtAccount {
    /// In how many rows a code must stand to be shown. A text of fewer may be a name that slipped into the column.
    pub const SHOWN_FROM: u64 = 5;
    /// How long a code may be to be shown, in characters.
    pub const SHOWN_TO: usize = 40;

    /// Whether every row is used or a reject.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.rows == self.used + self.rejects.len() as u64
    }
}

/// Counts while reading.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) account: CourtAccount,
    codes: BTreeMap<(&'static str, String), (u64, CourtPlace)>,
    /// Texts beyond [`MOST_CODES`], for each list.
    further: BTreeMap<&'static str, (u64, CourtPlace)>,
    gaps: BTreeMap<(u32, Gap), (u64, CourtPlace)>,
}

/// How many different unlisted texts are told apart: more are no codes.
const MOST_CODES: usize = 20_000;

impl Tally {
    pub(super) fn reject(&mut self, place: CourtPlace, reason: CourtRejectReason) {
        self.account.rejects.push(CourtReject { place, reason });
    }

    pub(super) fn unlisted(&mut self, list: &'static str, code: &str, place: CourtPlace) {
        if let Some((count, first)) = self.codes.get_mut(&(list, code.to_owned())) {
            *count += 1;
            *first = place.min(*first);
        } else if self.codes.len() < MOST_CODES {
            self.codes.insert((list, code.to_owned()), (1, place));
        } else {
            let (count, first) = self.further.entry(list).or_insert((0, place));
            *count += 1;
            *first = place.min(*first);
        }
    }

    /// `column` is its number in the layout.
    pub(super) fn gap(&mut self, column: u32, gap: Gap, place: CourtPlace) {
        let (count, first) = self.gaps.entry((column, gap)).or_insert((0, place));
        *count += 1;
        *first = place.min(*first);
    }

    /// The account, with the names of the layout's columns.
    pub(super) fn finish(self, column: impl Fn(u32) -> String) -> CourtAccount {
        let mut account = self.account;
        account.rejects.sort_by_key(|reject| (reject.place.file, reject.place.line));
        let mut unnamed: BTreeMap<&'static str, (u64, u64, CourtPlace)> = BTreeMap::new();
        for ((list, code), (count, first)) in self.codes {
            // The names of a header row are shown anyway; a key of an object may be anything.
            let names_of_things = list == "column";
            let is_code = count >= CourtAccount::SHOWN_FROM && code.chars().count() <= CourtAccount::SHOWN_TO;
            if names_of_things || is_code {
                account.unlisted.push(UnlistedCode { list, code: Some(code), count, texts: 1, first });
            } else {
                let (texts, all, place) = unnamed.entry(list).or_insert((0, 0, first));
                (*texts, *all, *place) = (*texts + 1, *all + count, first.min(*place));
            }
        }
        for (list, (count, first)) in self.further {
            let (texts, all, place) = unnamed.entry(list).or_insert((0, 0, first));
            (*texts, *all, *place) = (*texts + count, *all + count, first.min(*place));
        }
        for (list, (texts, count, first)) in unnamed {
            account.unlisted.push(UnlistedCode { list, code: None, count, texts, first });
        }
        account.unlisted.sort_by_key(|code| (code.list, std::cmp::Reverse(code.count), code.code.clone()));
        for ((at, gap), (count, first)) in self.gaps {
            account.gaps.push(CourtGap { column: column(at), gap, count, first });
        }
        account
    }
}
