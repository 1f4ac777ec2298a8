//! The fields that are looked at and the kinds of defect, as one table each.

use vacatur_policy::Missing;
use vacatur_records::Column;

macro_rules! table {
    ($(#[$about:meta])* $name:ident { $($(#[doc = $doc:literal])+ $one:ident $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub(crate) enum $name {
            $($(#[doc = $doc])+ $one),+
        }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$one),+];

            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$one => $word),+ }
            }
        }
    };
}

table! {
    /// A field of the record: a column that the assembly reads, by the meaning that the layout gives it. A row that
    /// cannot be read at all has a field of its own.
    Field {
        /// The line as a whole.
        Row "row",
        /// Whose row it is.
        Subject "subject_id",
        /// The number that is tied to fingerprints.
        Cii "cii",
        /// The name.
        Name "name",
        /// Sex.
        Sex "sex",
        /// Race.
        Race "race",
        /// The date of birth.
        BirthDate "birth_date",
        /// The date of the step.
        EventDate "event_date",
        /// The kind of step.
        StepType "step_type",
        /// The agency or court.
        Agency "agency",
        /// Its county.
        County "county",
        /// The count number.
        CountOrder "count_order",
        /// The date of the disposition.
        DispositionDate "disposition_date",
        /// The agency's own number; on a court row the case number.
        CaseNumber "offence_number",
        /// The offence charged.
        Charge "charge",
        /// Its level.
        ChargeToc "charge_toc",
        /// The offence of conviction.
        ConvictionOffence "conviction_offence",
        /// Its level.
        ConvictionToc "conviction_toc",
        /// The disposition's place.
        DispositionOrder "disposition_order",
        /// The disposition.
        Disposition "disposition",
        /// The level of the conviction as a letter.
        LevelCode "level_code",
        /// The level of the conviction in words.
        Level "level",
        /// The place of a part of the sentence.
        SentenceOrder "sentence_order",
        /// What the part is.
        SentenceKind "sentence_kind",
        /// How long it is.
        SentenceLength "sentence_length",
        /// The unit of the length as a letter.
        SentenceUnit "sentence_unit",
        /// The unit in words.
        SentenceUnitName "sentence_unit_name",
        /// The comment.
        Comment "comment",
    }
}

table! {
    /// A kind of defect. The word never changes: outputs are compared by it.
    Defect {
        /// The field is blank where the entry needs it.
        Missing "missing",
        /// It holds something that cannot be read as what belongs there.
        Malformed "malformed",
        /// A date without its day, or without month and day.
        Partial "partial",
        /// A text that the layout does not list, or an offence that is no code section.
        Unrecognised "unrecognised",
        /// Two rows of one entry, or of one person, say different things.
        Conflicting "conflicting",
        /// A date after the day of reference.
        Future "in_the_future",
        /// A date before the person's birth.
        BeforeBirth "before_birth",
        /// A date after the person's death.
        AfterDeath "after_death",
        /// A conviction before every arrest of its cycle.
        BeforeArrest "before_arrest",
        /// The number is on the records of several subjects.
        Shared "shared",
        /// The charge stands in the comment and nowhere else.
        OnlyInComment "only_in_comment",
        /// The comment names a cannabis section that the charge does not.
        MoreInComment "more_in_comment",
        /// The row repeats another.
        Repeated "duplicate_row",
        /// The line has too few columns.
        TooFewColumns "too_few_columns",
        /// Too many.
        TooManyColumns "too_many_columns",
        /// A stray quotation mark.
        StrayQuote "stray_quote",
        /// One that is not closed.
        UnclosedQuote "unclosed_quote",
        /// A NUL byte.
        NulByte "nul_byte",
        /// The file ends within the line.
        TruncatedLastLine "truncated_last_line",
        /// The line is too long.
        LineTooLong "line_too_long",
    }
}

impl Field {
    /// Whether the state's repository answers for it, and not the agency that reported the step.
    pub(crate) fn is_of_repository(self) -> bool {
        matches!(
            self,
            Self::Row
                | Self::Subject
                | Self::Cii
                | Self::Name
                | Self::Sex
                | Self::Race
                | Self::BirthDate
                | Self::CountOrder
                | Self::DispositionOrder
                | Self::SentenceOrder
        )
    }

    /// Whether what stands in the cell may be repeated in a work list: a date of a step, a number, a coded word. What
    /// tells who somebody is, and what somebody typed, may not.
    pub(crate) fn may_be_quoted(self) -> bool {
        matches!(
            self,
            Self::EventDate
                | Self::DispositionDate
                | Self::StepType
                | Self::County
                | Self::CountOrder
                | Self::ChargeToc
                | Self::ConvictionToc
                | Self::DispositionOrder
                | Self::Disposition
                | Self::LevelCode
                | Self::Level
                | Self::SentenceOrder
                | Self::SentenceKind
                | Self::SentenceLength
                | Self::SentenceUnit
                | Self::SentenceUnitName
        )
    }

    /// Whether a fact that was seen in `column` may have been read from this field.
    pub(crate) fn is_read_for(self, column: Column) -> bool {
        match column {
            Column::BirthDate => self == Self::BirthDate,
            Column::EventDate => matches!(self, Self::EventDate | Self::DispositionDate),
            Column::StepKind => self == Self::StepType,
            Column::County => self == Self::County,
            Column::CountOrder => self == Self::CountOrder,
            Column::Charge | Column::ConvictionOffence | Column::Comment => {
                matches!(self, Self::Charge | Self::ConvictionOffence | Self::Comment)
            }
            Column::ChargeLevel | Column::ConvictionLevel => {
                matches!(self, Self::ChargeToc | Self::ConvictionToc | Self::Level | Self::LevelCode)
            }
            Column::Disposition => self == Self::Disposition,
            Column::SentenceLength => self.is_of_sentence(),
            Column::Evidence | Column::Row => false,
        }
    }

    fn is_of_sentence(self) -> bool {
        matches!(
            self,
            Self::SentenceKind | Self::SentenceLength | Self::SentenceUnit | Self::SentenceUnitName
        )
    }

    /// Whether this defect of the field can leave a decision without a fact.
    pub(crate) fn can_lack(self, defect: Defect, missing: Missing) -> bool {
        match missing {
            _ if defect.is_harmless() => false,
            Missing::ConvictionDate | Missing::RegistrationDate => {
                matches!(self, Self::EventDate | Self::DispositionDate)
            }
            // A conviction before the birth leaves both in doubt.
            Missing::BirthDate => self == Self::BirthDate || defect == Defect::BeforeBirth,
            Missing::Level => self.is_read_for(Column::ConvictionLevel),
            Missing::Section => self.is_read_for(Column::Charge),
            Missing::County => self == Self::County,
            Missing::Disposition => matches!(self, Self::Disposition | Self::StepType | Self::EventDate),
            // The end of a sentence is reckoned from the date of the conviction.
            Missing::Sentence => self.is_of_sentence() || self == Self::EventDate,
            Missing::Death => matches!(self, Self::StepType | Self::EventDate),
            Missing::UnusableRow => {
                matches!(self, Self::Row | Self::Subject | Self::CountOrder | Self::StepType)
            }
            _ => false,
        }
    }
}

impl Defect {
    /// The larger kind that tables count by.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Partial => "partial",
            Self::Unrecognised => "unrecognised",
            Self::Conflicting | Self::Shared => "conflicting",
            Self::Future | Self::BeforeBirth | Self::AfterDeath | Self::BeforeArrest => "impossible",
            Self::OnlyInComment | Self::MoreInComment => "elsewhere",
            Self::Repeated => "repeated",
            _ => "unreadable",
        }
    }

    /// Whether it loses nothing: it is counted, and no entry is called defective for it.
    pub(crate) fn is_harmless(self) -> bool {
        matches!(self, Self::Repeated | Self::OnlyInComment | Self::MoreInComment)
    }

    /// By its word; the code of a reject is one.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|defect| defect.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vacatur_ingest::layout::Layout;

    #[test]
    fn every_field_but_the_row_is_a_column_of_the_layout() {
        let layout = Layout::us_ca_doj();
        for field in Field::ALL.iter().filter(|field| **field != Field::Row) {
            assert!(layout.field(field.word()).is_some(), "{}", field.word());
        }
    }

    #[test]
    fn every_column_that_the_assembly_reads_is_a_field() {
        let layout = Layout::us_ca_doj();
        let columns = vacatur_ingest::doj::Columns::of(&layout).unwrap();
        // The names of the fields of `Columns`, as `Debug` shows them, with the places of their columns.
        let shown = format!("{columns:?}");
        let places: Vec<usize> = shown
            .split(": ")
            .skip(1)
            .filter_map(|part| part.split([',', ' ', '}']).next().and_then(|number| number.parse().ok()))
            .collect();
        assert_eq!(places.len(), 27);
        // The code of an agency is for the papers alone, which have its name beside it: nothing is decided by it.
        let for_papers = layout.field("agency_code");
        for place in places.into_iter().filter(|place| Some(*place) != for_papers) {
            let known = Field::ALL.iter().any(|field| layout.field(field.word()) == Some(place));
            assert!(known, "column {}", place + 1);
        }
    }
}
