//! The kinds of defect that a file can have, and how often.

/// Makes the kinds, their names and what each befalls.
macro_rules! defects {
    ($($(#[doc = $about:literal])+ $kind:ident $name:literal $scope:ident),+ $(,)?) => {
        /// A kind of defect. Its name is its key in a profile and its word in the truth.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Defect {
            $($(#[doc = $about])+ $kind),+
        }

        impl Defect {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The name, as profiles and the truth write it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// What it befalls, and thus what its rate counts.
            #[must_use]
            pub fn scope(self) -> Scope {
                match self { $(Self::$kind => Scope::$scope),+ }
            }
        }
    };
}

/// What a kind of defect befalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All or several rows of a person.
    Person,
    /// All counts of one court step.
    Case,
    /// All rows of a count to which it can happen.
    Count,
    /// One row.
    Row,
    /// The file.
    File,
}

defects! {
    /// No date of birth.
    BirthMissing "birth_missing" Person,
    /// A date of birth without its day, or without month and day: `19620800`, `19620000`.
    BirthPartial "birth_partial" Person,
    /// Another date of birth on some rows.
    BirthConflict "birth_conflict" Person,
    /// A date of birth that is none: `19621399`, `UNKNOWN`.
    BirthUnreadable "birth_unreadable" Person,
    /// Some of the person's rows stand elsewhere in the file, apart from the rest. Nothing is lost.
    Scattered "scattered" Person,
    /// No level in any column.
    LevelMissing "level_missing" Count,
    /// No disposition on a court's count.
    DispositionMissing "disposition_missing" Count,
    /// An offence whose section cannot be read.
    SectionUnreadable "section_unreadable" Count,
    /// No offence at all.
    SectionBlank "section_blank" Count,
    /// No date of the step.
    DateMissing "date_missing" Count,
    /// A date without its day, or without month and day.
    DatePartial "date_partial" Count,
    /// A date after the file was made.
    DateFuture "date_future" Count,
    /// A date with dashes: `2019-01-01`. It can be read.
    DateDashed "date_dashed" Count,
    /// A month 13 or a day 32.
    DateImpossible "date_impossible" Count,
    /// A date with a year of two digits: `760412`.
    DateTwoDigitYear "date_two_digit_year" Count,
    /// A conviction dated before the person's birth.
    DateBeforeBirth "date_before_birth" Count,
    /// An arrest dated after the conviction that came of it.
    ArrestAfterConviction "arrest_after_conviction" Count,
    /// A sentence whose length cannot be read.
    SentenceUnreadable "sentence_unreadable" Count,
    /// The row stands in the file twice. Nothing is lost.
    Duplicate "duplicate" Row,
    /// Blanks after the county's name. It can be read.
    CountyBlanks "county_blanks" Row,
    /// Texts in lower case. They can be read.
    LowerCase "lower_case" Row,
    /// `NULL` or `  -  ` in a field that is empty otherwise. Nothing is lost.
    Placeholder "placeholder" Row,
    /// No SUBJECT_ID: the row is unusable.
    SubjectBlank "subject_blank" Row,
    /// CNT_ORDER with fewer than twelve digits: the row is unusable.
    OrderShort "order_short" Row,
    /// CNT_ORDER with something other than digits: the row is unusable.
    OrderGarbled "order_garbled" Row,
    /// Fewer columns than 95: the row is unusable.
    ColumnsMissing "columns_missing" Row,
    /// More columns than 95: the row is unusable.
    ColumnsExtra "columns_extra" Row,
    /// A quote within a field that is not doubled. A strict reader may refuse the row.
    StrayQuote "stray_quote" Row,
    /// An opening quote that is never closed: the row is unusable, and perhaps the next one, which is always the
    /// same person's.
    UnclosedQuote "unclosed_quote" Row,
    /// A line break within quotes, which CSV allows. Nothing is lost.
    LineBreak "line_break" Row,
    /// A NUL byte within a text by which nothing is decided. A strict reader may refuse the row.
    NulByte "nul_byte" Row,
    /// A tab or an escape character within such a text.
    ControlCharacter "control_character" Row,
    /// A text that a spreadsheet would run: `=cmd|...`.
    Formula "formula" Row,
    /// A comment of tens of thousands of characters.
    LongField "long_field" Row,
    /// The line ends as the other lines do not: LF among CR LF, or the other way round. Nothing is lost.
    LineEnd "line_end" Row,
    /// The court never told the state: no row of the court's step is in the file. What other agencies reported is.
    Unreported "unreported" Case,
    /// A line before this one that is no row: empty, or a page heading. The row itself is whole.
    JunkLine "junk_line" Row,
    /// The file ends in the middle of a line. The line is a copy of an earlier one, so that nothing is lost.
    TruncatedEnd "truncated_end" File,
}

impl Defect {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// How often each kind happens, in millionths.
#[derive(Clone, Debug)]
pub(crate) struct Rates([u32; Defect::ALL.len()]);

impl Default for Rates {
    fn default() -> Self {
        Self([0; Defect::ALL.len()])
    }
}

impl Rates {
    pub(crate) fn of(&self, kind: Defect) -> u32 {
        self.0[kind as usize]
    }

    pub(crate) fn set(&mut self, kind: Defect, rate: u32) {
        self.0[kind as usize] = rate;
    }
}
