//! What a court's clerks get wrong, or leave out, and how often.

/// Makes the kinds and their names.
macro_rules! defects {
    ($($(#[doc = $about:literal])+ $kind:ident $name:literal),+ $(,)?) => {
        /// A way in which a court's line differs from what is true, or from what the state has. Its name is its key in a
        /// court profile and its word in the truth.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CourtDefect {
            $($(#[doc = $about])+ $kind),+
        }

        impl CourtDefect {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The name, as profiles and the truth write it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }
        }
    };
}

defects! {
    /// One of the person's other names, of people who have one.
    NameAlias "name_alias",
    /// A woman's family name from before or after a marriage, on all of her cases before a day.
    NameMaiden "name_maiden",
    /// A letter wrong in the given name.
    FirstTypo "first_typo",
    /// The given name cut to a short form.
    FirstNickname "first_nickname",
    /// The initial of the given name.
    FirstInitial "first_initial",
    /// The middle name in the place of the given name, and the other way round, of people who have one.
    FirstMiddle "first_middle",
    /// No given name.
    FirstMissing "first_missing",
    /// A letter wrong in the family name.
    LastTypo "last_typo",
    /// One half of a double family name, of people who have one.
    CompoundCut "compound_cut",
    /// A double family name as one word, or with the other sign between, of people who have one.
    CompoundJoined "compound_joined",
    /// Family name and given name in each other's place.
    NameSwapped "name_swapped",
    /// No middle name, of people who have one.
    MiddleMissing "middle_missing",
    /// The initial of the middle name, of people whose whole middle name is on file.
    MiddleInitial "middle_initial",
    /// No `JR`, `SR` or `III`, of people who have one.
    SuffixDropped "suffix_dropped",
    /// `DOE, JOHN` where the name should be.
    NamePlaceholder "name_placeholder",
    /// No date of birth.
    BirthMissing "birth_missing",
    /// Month and day of birth in each other's place, where that is a date.
    BirthSwapped "birth_swapped",
    /// A digit wrong in the date of birth. It is still a date.
    BirthTypo "birth_typo",
    /// A year more or less.
    BirthYearOff "birth_year_off",
    /// A day more or less.
    BirthDayOff "birth_day_off",
    /// 1 January of the year.
    BirthFirstJanuary "birth_first_january",
    /// Ten years more or less.
    BirthDecadeOff "birth_decade_off",
    /// Another date altogether: a false one was given.
    BirthFalse "birth_false",
    /// No sex.
    SexBlank "sex_blank",
    /// The other sex.
    SexWrong "sex_wrong",
    /// No race.
    RaceBlank "race_blank",
    /// Another race.
    RaceWrong "race_wrong",
    /// A digit wrong in the CII number, where there is one.
    CiiTypo "cii_typo",
    /// Another person's CII number, where there is one.
    CiiOther "cii_other",
    /// A digit wrong in the driver's licence number, where there is one.
    LicenceTypo "licence_typo",
    /// The case number with a dash after its letters, or without its dashes.
    NumberDashed "number_dashed",
    /// A blank in the case number.
    NumberSpaced "number_spaced",
    /// The defendant's number after the case number: `-01`.
    NumberSuffixed "number_suffixed",
    /// One or two zeros more before the digits.
    NumberZeros "number_zeros",
    /// The year with four digits, in the formats that have a year.
    NumberLongYear "number_long_year",
    /// The court's code before the number.
    NumberPrefixed "number_prefixed",
    /// A digit of the case number wrong. Nothing but the rest of the line tells which case it is.
    NumberTypo "number_typo",
    /// The section without its brackets: `11357A`.
    SectionCompact "section_compact",
    /// The section in small letters, with blanks.
    SectionSpaced "section_spaced",
    /// The section without its subdivision, where it has one.
    SectionCut "section_cut",
    /// No section.
    SectionBlank "section_blank",
    /// No level.
    LevelBlank "level_blank",
    /// Another level than the state's.
    LevelWrong "level_wrong",
    /// The date of the disposition some days off.
    DateOff "date_off",
    /// No date of the disposition.
    DateBlank "date_blank",
    /// No day of the offence.
    OffenceDateBlank "offence_date_blank",
    /// No date of filing.
    FiledBlank "filed_blank",
    /// No disposition.
    DispositionBlank "disposition_blank",
    /// Dismissed under PC 1385 or otherwise after all. The state was told of the conviction and of nothing else.
    DispositionConflict "disposition_conflict",
    /// A relief that the state was never told of.
    ReliefUnreported "relief_unreported",
    /// A relief on the state's file that the court's has not.
    ReliefAbsent "relief_absent",
}

impl CourtDefect {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// How often each kind happens, in thousandths.
#[derive(Clone, Debug)]
pub(crate) struct CourtRates([u32; CourtDefect::ALL.len()]);

impl Default for CourtRates {
    fn default() -> Self {
        Self([0; CourtDefect::ALL.len()])
    }
}

impl CourtRates {
    pub(crate) fn of(&self, kind: CourtDefect) -> u32 {
        self.0[kind as usize]
    }

    pub(crate) fn set(&mut self, kind: CourtDefect, rate: u32) {
        self.0[kind as usize] = rate;
    }
}
