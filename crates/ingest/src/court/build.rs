//! Cases made of cells, by the layout's lists.

use vacatur_records::{
    CourtCase, CourtRelief, CourtSentence, DateSpan, Dated, DispositionKind, Gap, Party, PartyKind,
    PartyName, Private, SentenceKind,
};

use super::account::{CourtPlace, Tally};
use super::dates;
use super::fold::{ChargeFacts, Said, both};
use super::layout::{ColumnSpec, CourtLayout, Inner};
use super::meaning::{Level as Of, Meaning};
use super::names::{ReadName, push_new};
use super::number::{self, CaseKey};
use super::sentence::{length, whole};
use super::values::squeezed;

/// Cells with a value, each with the number of its column in the layout.
pub(super) type Values<'c> = Vec<(usize, &'c str)>;

/// What one row, or one defendant of an object, says.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) case: CourtCase,
    pub(super) charges: Vec<ChargeFacts>,
    birth: Option<Dated>,
    name: PartyName,
    also: Vec<PartyName>,
    ids: [(usize, String); 6],
}

vacatur_records::silent_debug!(Facts);

/// The numbers of a person, in the order of [`Facts::ids`].
const IDS: [Meaning; 6] =
    [Meaning::Cii, Meaning::Fbi, Meaning::Ssn, Meaning::License, Meaning::Zip, Meaning::Person];

pub(super) struct Builder<'l> {
    inner: &'l Inner,
}

impl<'l> Builder<'l> {
    pub(super) fn new(layout: &'l CourtLayout) -> Self {
        Self { inner: &layout.0 }
    }

    pub(super) fn column(&self, at: usize) -> Option<&'l ColumnSpec> {
        self.inner.columns.get(at)
    }

    /// Whether a trimmed cell of a column holds nothing.
    pub(super) fn is_blank(&self, column: usize, text: &str) -> bool {
        let Some(spec) = self.column(column) else { return true };
        if text.is_empty() || spec.meaning == Meaning::Ignored {
            return true;
        }
        if self.inner.blank.is_empty() && spec.blank.is_empty() {
            return false;
        }
        let bare = squeezed(text);
        self.inner.blank.contains(&bare) || spec.blank.contains(&bare)
    }

    /// The first value that means this.
    pub(super) fn value<'c>(&self, values: &Values<'c>, meaning: Meaning) -> &'c str {
        self.all(values, meaning).next().map_or("", |(_, text)| text)
    }

    fn all<'v, 'c>(
        &'v self,
        values: &'v Values<'c>,
        meaning: Meaning,
    ) -> impl Iterator<Item = (usize, &'c str)> + use<'v, 'c, 'l> {
        values.iter().copied().filter(move |(at, _)| self.column(*at).is_some_and(|c| c.meaning == meaning))
    }

    /// The court, and the number in its compared form.
    pub(super) fn number(&self, values: &Values<'_>) -> (u32, CaseKey) {
        let recorded = self.value(values, Meaning::CaseNumber);
        let courts = &self.inner.courts;
        let none = CaseKey { key: String::new(), defendant: String::new() };
        let (code, ori) = (self.value(values, Meaning::Court), self.value(values, Meaning::CourtOri));
        let index =
            |found: Option<usize>| found.and_then(|at| u32::try_from(at).ok()).unwrap_or(CourtCase::NO_COURT);
        let named = if !ori.is_empty() || !code.is_empty() {
            let named = [ori, code].map(|text| (text, squeezed(text)));
            let is = |court: &super::layout::Court| {
                named.iter().any(|(text, bare)| {
                    !text.is_empty() && (court.ori.eq_ignore_ascii_case(text) || court.codes.contains(bare))
                })
            };
            index(courts.iter().position(is))
        } else if courts.len() == 1 {
            0
        } else {
            // By its number, if one court alone writes numbers so.
            let mut fits =
                (0..courts.len()).filter(|at| courts.get(*at).is_some_and(|c| c.key(recorded).is_some()));
            let first = fits.next();
            index(first.filter(|_| fits.next().is_none()))
        };
        let court = usize::try_from(named).ok().and_then(|at| courts.get(at));
        (named, court.and_then(|court| court.key(recorded)).unwrap_or(none))
    }

    /// Which case a row is of; `None` for one without a number, which stands for itself.
    pub(super) fn identity(&self, values: &Values<'_>) -> Option<u128> {
        let recorded = self.value(values, Meaning::CaseNumber);
        if recorded.is_empty() {
            return None;
        }
        let (court, found) = self.number(values);
        // Zeros that are missing or too many may be a slip that makes two cases look like one. Rows of one case are put
        // together by the number with all its zeros; whether the rest is one case is for the linker.
        let of = usize::try_from(court).ok().and_then(|at| self.inner.courts.get(at));
        let number = of
            .and_then(|court| number::whole_key(recorded, &court.case_numbers, court.pivot))
            .map_or_else(|| squeezed(recorded), |whole| whole.key);
        let mut defendant = self.value(values, Meaning::Defendant).trim_start_matches('0').to_uppercase();
        if defendant.is_empty() {
            defendant = found.defendant;
        }
        if defendant.is_empty() {
            let name = [Meaning::Name, Meaning::Last, Meaning::First, Meaning::Middle, Meaning::Suffix];
            defendant = name.map(|part| squeezed(self.value(values, part))).join("\u{1f}");
        }
        // Two branches may have given out one number.
        let branch =
            [Meaning::CourtOri, Meaning::Court].map(|of| squeezed(self.value(values, of))).join("\u{1f}");
        let text = format!("{court}\u{1e}{branch}\u{1e}{number}\u{1e}{defendant}");
        Some(xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
    }

    fn date(&self, at: usize, text: &str, place: CourtPlace, tally: &mut Tally) -> Option<Dated> {
        let spec = self.column(at)?;
        let dated = dates::read(text, &spec.formats, spec.pivot);
        match dated.1 {
            Some(Gap::Blank) => return None,
            Some(gap) => tally.gap(at as u32, gap, place),
            None => {}
        }
        Some(dated)
    }

    /// A case and its defendant, without charges. `None` if it has neither a number nor a defendant.
    pub(super) fn case(&self, values: &Values<'_>, place: CourtPlace, tally: &mut Tally) -> Option<Facts> {
        let mut facts = Facts::default();
        if !self.is_of_somebody(values) {
            return None;
        }
        let number = self.value(values, Meaning::CaseNumber);
        let (court, key) = self.number(values);
        let name = self.name(values);
        let case = &mut facts.case;
        (case.file, case.line, case.court) = (place.file, place.line, court);
        number.clone_into(&mut case.number);
        case.key = key.key;
        let (code, ori) = (self.value(values, Meaning::Court), self.value(values, Meaning::CourtOri));
        case.branch = if ori.is_empty() { code.to_owned() } else { ori.to_owned() };
        case.party.kind = name.kind;
        (facts.name, facts.also) = (name.name, name.also);
        for &(at, text) in values {
            let Some(spec) = self.column(at) else { continue };
            match spec.meaning {
                Meaning::Court | Meaning::CourtOri if court == CourtCase::NO_COURT => {
                    tally.unlisted("court", text, place);
                }
                Meaning::Filed => case.filed = self.date(at, text, place, tally),
                Meaning::Birth => facts.birth = self.date(at, text, place, tally),
                Meaning::Booking if !case.bookings.iter().any(|b| b == text) => {
                    case.bookings.push(text.to_owned())
                }
                Meaning::Sex => case.party.sex = self.sex(text, place, tally),
                Meaning::Race => {
                    let races = &self.inner.races;
                    case.party.race = races.get(&squeezed(text)).cloned().unwrap_or_else(|| {
                        if !races.is_empty() {
                            tally.unlisted("race", text, place);
                        }
                        text.to_owned()
                    });
                }
                Meaning::Defendant if case.party.defendant.is_empty() => {
                    text.clone_into(&mut case.party.defendant)
                }
                meaning => {
                    if let Some(id) =
                        IDS.iter().position(|id| *id == meaning).and_then(|id| facts.ids.get_mut(id))
                    {
                        match identifier(meaning, text) {
                            Some(found) => *id = (at, found),
                            None => tally.gap(at as u32, Gap::Unreadable, place),
                        }
                    }
                }
            }
        }
        if case.party.defendant.is_empty() {
            case.party.defendant = key.defendant;
        }
        Some(facts)
    }

    fn sex(&self, text: &str, place: CourtPlace, tally: &mut Tally) -> String {
        let bare = squeezed(text);
        match (self.inner.sexes.get(&bare), bare.as_str()) {
            (Some(sex), _) => sex.clone(),
            (None, "M" | "F" | "X") => bare,
            _ => {
                tally.unlisted("sex", text, place);
                String::new()
            }
        }
    }

    /// Whether there is a case number or a defendant.
    pub(super) fn is_of_somebody(&self, values: &Values<'_>) -> bool {
        !self.value(values, Meaning::CaseNumber).is_empty() || self.name(values).kind != PartyKind::Blank
    }

    fn name(&self, values: &Values<'_>) -> ReadName {
        let rules = &self.inner.names;
        let part = |meaning| self.value(values, meaning);
        let whole = part(Meaning::Name);
        let mut name = if whole.is_empty() {
            rules.parts(
                part(Meaning::Last),
                part(Meaning::First),
                part(Meaning::Middle),
                part(Meaning::Suffix),
            )
        } else {
            rules.read(whole)
        };
        for (_, text) in self.all(values, Meaning::Aka) {
            let other = rules.read(text);
            if other.kind == PartyKind::Person {
                for other in std::iter::once(other.name).chain(other.also) {
                    push_new(&mut name.also, other, &name.name);
                }
            }
        }
        if let Some(other) = self.other_name(values) {
            push_new(&mut name.also, other, &name.name);
        }
        name
    }

    /// Another name whose parts stand in cells of their own.
    fn other_name(&self, values: &Values<'_>) -> Option<PartyName> {
        let part = |meaning| self.value(values, meaning);
        let [last, first] = [Meaning::AkaLast, Meaning::AkaFirst].map(part);
        let [middle, suffix] = [Meaning::AkaMiddle, Meaning::AkaSuffix].map(part);
        let found = self.inner.names.parts(last, first, middle, suffix);
        (found.kind == PartyKind::Person).then_some(found.name)
    }

    /// One more other name of the defendant.
    pub(super) fn add_name(&self, facts: &mut Facts, values: &Values<'_>) {
        if let Some(other) = self.other_name(values) {
            push_new(&mut facts.also, other, &facts.name);
        }
        for (_, text) in self.all(values, Meaning::Booking) {
            if !facts.case.bookings.iter().any(|b| b == text) {
                facts.case.bookings.push(text.to_owned());
            }
        }
    }

    /// The charges of a row: one, or one for each group of columns.
    pub(super) fn charges(
        &self,
        values: &Values<'_>,
        place: CourtPlace,
        tally: &mut Tally,
    ) -> Vec<ChargeFacts> {
        let group = |wanted: u16| -> Values<'_> {
            let of = |at: usize| {
                self.column(at).is_some_and(|c| c.group == wanted && c.meaning.level() == Of::Charge)
            };
            values.iter().copied().filter(|(at, _)| of(*at)).collect()
        };
        let mut groups: Vec<u16> = self.inner.columns.iter().map(|c| c.group).filter(|g| *g > 0).collect();
        groups.sort_unstable();
        groups.dedup();
        let common = self.charge(&group(0), place, tally);
        if groups.is_empty() {
            return Some(common).filter(|charge| !charge.is_empty()).into_iter().collect();
        }
        let mut charges = Vec::new();
        for number in groups {
            let values = group(number);
            if values.is_empty() {
                continue;
            }
            let mut charge = self.charge(&values, place, tally);
            let mut shared = common.clone();
            // What the group says itself is not said by the case as a whole.
            if charge.dispositions.iter().any(|said| said.kind != DispositionKind::Blank) {
                shared.dispositions.clear();
            }
            if charge.level_gap.is_none() && charge.level.is_some() {
                (shared.level, shared.level_gap) = (None, None);
            }
            charge.absorb(shared);
            charges.push(charge);
        }
        if charges.is_empty() && !common.is_empty() {
            charges.push(common);
        }
        charges
    }

    /// What some cells say of one charge.
    pub(super) fn charge(&self, values: &Values<'_>, place: CourtPlace, tally: &mut Tally) -> ChargeFacts {
        let mut facts =
            ChargeFacts { line: place.line, level_gap: Some(Gap::Blank), ..ChargeFacts::default() };
        let code = self.value(values, Meaning::SectionCode);
        let (mut disposition, mut disposed) = (None, None);
        let mut kind_length_unit = (None, None, None);
        let (mut reliefs, mut relief_dates) = (Vec::new(), Vec::new());
        for &(at, text) in values {
            let Some(spec) = self.column(at) else { continue };
            let spot = CourtPlace { column: Some(at as u32 + 1), ..place };
            match spec.meaning {
                Meaning::Count => match whole(text).and_then(|number| u16::try_from(number).ok()) {
                    Some(number) => facts.count = Some(number),
                    None => tally.gap(at as u32, Gap::Unreadable, spot),
                },
                Meaning::Section | Meaning::ConvictedSection => {
                    let code = if code.is_empty() { spec.code.as_str() } else { code };
                    let read = self.inner.sections.read(code, text);
                    if let Some(code) = read.unlisted {
                        tally.unlisted("section-code", code, spot);
                    }
                    let into = if spec.meaning == Meaning::Section {
                        &mut facts.charged
                    } else {
                        &mut facts.convicted
                    };
                    *into = read.text;
                }
                Meaning::Description => text.clone_into(&mut facts.description),
                Meaning::Level => match self.inner.levels.find(text) {
                    Some(level) => (facts.level, facts.level_gap) = (Some(level), None),
                    None => {
                        facts.level_gap = Some(Gap::Unreadable);
                        tally.unlisted("level", text, spot);
                    }
                },
                Meaning::OffenceDate => facts.offence_date = self.date(at, text, spot, tally),
                Meaning::Disposition => {
                    let kind = self.inner.dispositions.find(text).unwrap_or_else(|| {
                        tally.unlisted("disposition", text, spot);
                        DispositionKind::Unrecognized
                    });
                    disposition = Some((kind, text.to_owned()));
                }
                Meaning::Disposed => disposed = self.date(at, text, spot, tally),
                Meaning::Sentence => {
                    let parts = self.inner.sentence.read(text);
                    if parts.iter().any(|part| part.kind == SentenceKind::Unrecognized) {
                        tally.unlisted("sentence", text, spot);
                    }
                    facts.sentence.extend(parts);
                }
                Meaning::SentenceKind => {
                    let kind = self.inner.sentence.kinds.find(text).unwrap_or_else(|| {
                        tally.unlisted("sentence", text, spot);
                        SentenceKind::Unrecognized
                    });
                    kind_length_unit.0 = Some(kind);
                }
                Meaning::SentenceLength => match whole(text) {
                    Some(number) => kind_length_unit.1 = Some(number),
                    None => tally.gap(at as u32, Gap::Unreadable, spot),
                },
                Meaning::SentenceUnit => match self.inner.sentence.units.find(text) {
                    Some(unit) => kind_length_unit.2 = Some(unit),
                    None => tally.unlisted("unit", text, spot),
                },
                Meaning::Prison | Meaning::Jail | Meaning::Supervision => {
                    let kind = match spec.meaning {
                        Meaning::Prison => SentenceKind::Prison,
                        Meaning::Jail => SentenceKind::Jail,
                        _ => SentenceKind::Supervision,
                    };
                    match (whole(text), spec.unit) {
                        (Some(0), _) => {}
                        (Some(number), Some(unit)) => {
                            facts.sentence.push(CourtSentence { kind, length: length(number, unit) });
                        }
                        _ => {
                            facts
                                .sentence
                                .push(CourtSentence { kind, length: vacatur_records::Length::Unknown });
                            tally.gap(at as u32, Gap::Unreadable, spot);
                        }
                    }
                }
                Meaning::Relief => reliefs.push((text, spot)),
                Meaning::ReliefDate => relief_dates.push(self.date(at, text, spot, tally)),
                _ => {}
            }
        }
        if disposition.is_some() || disposed.is_some() {
            let (kind, text) = disposition.unwrap_or((DispositionKind::Blank, String::new()));
            facts.dispositions.push(Said { kind, text, date: disposed });
        }
        if let (kind, number, unit) = kind_length_unit
            && (kind.is_some() || number.is_some())
        {
            let length = match (number, unit) {
                (Some(number), Some(unit)) => length(number, unit),
                _ => vacatur_records::Length::Unknown,
            };
            facts.sentence.push(CourtSentence { kind: kind.unwrap_or(SentenceKind::Unrecognized), length });
        }
        for (at, (text, spot)) in reliefs.iter().enumerate() {
            // Two reliefs and one date: which of them it is of cannot be told.
            let date = if reliefs.len() == relief_dates.len() {
                relief_dates.get(at).copied().flatten()
            } else {
                None
            };
            match self.inner.reliefs.find(text) {
                Some(kind) => {
                    let date = date.unwrap_or((DateSpan::UNKNOWN, Some(Gap::Blank)));
                    let by = self.inner.relief_by.get(&squeezed(text)).cloned().unwrap_or_default();
                    facts.relief.push(CourtRelief { kind, by, date });
                }
                None => {
                    facts.relief_unclear = true;
                    tally.unlisted("relief", text, *spot);
                }
            }
        }
        facts
    }

    /// Takes what another row says of the same case.
    pub(super) fn join(&self, into: &mut Facts, other: Facts, tally: &mut Tally) {
        let place = CourtPlace { file: other.case.file, line: other.case.line, column: None };
        let birth = both(into.birth, other.birth);
        if birth.is_some_and(|(_, gap)| gap == Some(Gap::Conflict)) {
            self.conflict(Meaning::Birth, place, tally);
        }
        into.birth = birth;
        let filed = both(into.case.filed, other.case.filed);
        if filed.is_some_and(|(_, gap)| gap == Some(Gap::Conflict)) {
            self.conflict(Meaning::Filed, place, tally);
        }
        into.case.filed = filed;
        if into.case.party.kind == PartyKind::Blank {
            into.case.party.kind = other.case.party.kind;
            into.name = other.name;
        } else if other.case.party.kind == PartyKind::Person {
            push_new(&mut into.also, other.name, &into.name);
        }
        for name in other.also {
            push_new(&mut into.also, name, &into.name);
        }
        for (own, (at, text)) in into.ids.iter_mut().zip(other.ids) {
            if own.1.is_empty() {
                *own = (at, text);
            } else if !text.is_empty() && own.1 != text {
                tally.gap(at as u32, Gap::Conflict, place);
            }
        }
        let (party, more) = (&mut into.case.party, other.case.party);
        for (own, text) in [(&mut party.sex, more.sex), (&mut party.race, more.race)] {
            if own.is_empty() {
                *own = text;
            }
        }
        for booking in other.case.bookings {
            if !into.case.bookings.contains(&booking) {
                into.case.bookings.push(booking);
            }
        }
        for charge in other.charges {
            match into.charges.iter_mut().find(|known| known.is_same(&charge)) {
                Some(known) => known.absorb(charge),
                None => into.charges.push(charge),
            }
        }
    }

    fn conflict(&self, meaning: Meaning, place: CourtPlace, tally: &mut Tally) {
        if let Some(at) = self.inner.columns.iter().position(|column| column.meaning == meaning) {
            tally.gap(at as u32, Gap::Conflict, place);
        }
    }

    /// The finished case, counted.
    pub(super) fn finish(&self, facts: Facts, tally: &mut Tally) -> CourtCase {
        let mut case = facts.case;
        let [cii, fbi, ssn, license, zip, person_number] = facts.ids.map(|(_, text)| Private::new(text));
        case.party = Party {
            name: Private::new(facts.name),
            also: Private::new(facts.also),
            birth: Private::new(facts.birth),
            cii,
            fbi,
            ssn,
            license,
            zip,
            person_number,
            ..case.party
        };
        let mut charges = facts.charges;
        charges.sort_by_key(|charge| (charge.count.unwrap_or(u16::MAX), charge.line));
        case.charges = charges.into_iter().map(ChargeFacts::settle).collect();
        let account = &mut tally.account;
        account.cases += 1;
        account.charges += case.charges.len() as u64;
        match case.party.kind {
            PartyKind::Person => {}
            PartyKind::Organization => account.organizations += 1,
            PartyKind::Placeholder => account.placeholders += 1,
            PartyKind::Blank => account.nameless += 1,
        }
        let patterns = self.inner.courts.iter().any(|court| !court.case_numbers.is_empty());
        if patterns && case.key.is_empty() {
            account.odd_numbers += 1;
            let place = CourtPlace { file: case.file, line: case.line, column: None };
            account.first_odd_number = Some(account.first_odd_number.map_or(place, |first| first.min(place)));
        }
        case
    }
}

/// A number of a person, as the record keeps it; `None` for what is none.
fn identifier(meaning: Meaning, text: &str) -> Option<String> {
    let digits = || text.chars().filter(char::is_ascii_digit).collect::<String>();
    match meaning {
        Meaning::Ssn => Some(digits()).filter(|ssn| ssn.len() == 9),
        Meaning::Zip => digits().get(..5).map(str::to_owned),
        _ => Some(text.to_owned()),
    }
}
