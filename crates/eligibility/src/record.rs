//! The prepared record answers a policy's questions.

use crate::offences::{OffenceIx, Offences};
use crate::prepared::{Prepared, at, same_county};
use crate::vocabulary as v;
use vacatur_policy::{Collection, FactIx, FactUse, Kin, Missing, MissingSet, Of, Record, SetIx};
use vacatur_records::{Column, CountIx, Date, DateSpan, Fact, FindingKind, Gap, Level, NumberSpan, Truth};
use vacatur_statutes::{Membership, SectionSet};

/// A prepared record as one policy sees it.
pub(crate) struct View<'v, 'p, 'a, 's> {
    pub(crate) prepared: &'v Prepared<'p, 'a>,
    pub(crate) offences: &'v Offences<'s>,
    /// The number among all sets of each set that is asked for.
    pub(crate) sets: &'v [SetIx],
    /// The day of the decision.
    pub(crate) as_of: Date,
    /// A count that is taken to be of a county, to see what would be decided then.
    pub(crate) assumed: Option<(u32, &'v str)>,
}

/// Membership in a dated set on a day known within bounds.
struct OnDay {
    /// The answer of all eras that the day may lie in; unknown if they differ.
    truth: Truth,
    /// The answer depends on the day.
    differs: bool,
    /// Some era cannot tell, whatever the day.
    doubtful: bool,
}

impl OnDay {
    fn of(mut by_era: impl Iterator<Item = Truth>) -> Self {
        let first = by_era.next().unwrap_or(Truth::Unknown);
        let mut on_day = Self { truth: first, differs: false, doubtful: first.is_unknown() };
        for truth in by_era {
            on_day.differs |= truth != first;
            on_day.doubtful |= truth.is_unknown();
        }
        if on_day.differs {
            on_day.truth = Truth::Unknown;
        }
        on_day
    }

    /// What would settle it: the section where an era cannot tell, the day where the eras differ.
    fn missing(&self, section: MissingSet, day: MissingSet) -> MissingSet {
        let of = |asked: bool, missing| if asked { missing } else { MissingSet::NONE };
        of(self.doubtful, section).and(of(self.differs, day))
    }
}

impl View<'_, '_, '_, '_> {
    fn ix(of: Of) -> usize {
        of.subject as usize
    }

    /// Membership in a set, pairs within the case included.
    fn member(&self, of: Of, set: usize) -> Truth {
        let ready = &self.prepared.ready[Self::ix(of)];
        // Most offences are in a set or not in it, whatever their day and whatever stands beside them.
        if ready.other.is_none()
            && let Some(answer) = self.offences.by_itself(ready.offence, set)
        {
            return answer;
        }
        let mut answer = self.offence_member(of.subject, ready.offence, set);
        if let Some(other) = ready.other {
            let second = self.offence_member(of.subject, other, set);
            // Two rows name different offences: they settle it only together.
            if second != answer {
                answer = Truth::Unknown;
            }
        }
        answer
    }

    fn offence_member(&self, subject: u32, offence: OffenceIx, set: usize) -> Truth {
        let membership = self.offences.membership(offence, set);
        // What is certain whatever the day needs no day.
        if membership.truth.is_unknown() && self.offences.is_dated(set) {
            return self.offence_on_its_day(subject, offence, set).truth;
        }
        self.with_pair(subject, membership, self.offences.set(set))
    }

    /// Membership in a dated set, on the day of the offence.
    fn offence_on_its_day(&self, subject: u32, offence: OffenceIx, set: usize) -> OnDay {
        let day = self.prepared.offence_date(subject).value;
        let by_era = self.offences.by_era(offence, set, day);
        OnDay::of(by_era.map(|(membership, era)| self.with_pair(subject, membership, era)))
    }

    /// Membership of a registration in a dated set, on the day of the registration.
    fn registered_on_its_day(&self, registration: usize, set: usize) -> OnDay {
        let day = self.prepared.person.registrations[registration].date.value;
        let by_era = self.offences.by_era(self.prepared.registrations[registration], set, day);
        OnDay::of(by_era.map(|(membership, _)| membership.truth))
    }

    /// Membership, given the other convictions of the case.
    fn with_pair(&self, subject: u32, membership: &Membership, table: &SectionSet) -> Truth {
        let Some(entry) = membership.paired.filter(|_| !membership.truth.is_yes()) else {
            return membership.truth;
        };
        let case = self.prepared.person.counts[subject as usize].order.case();
        let mut paired = Truth::No;
        for other in self.prepared.convictions_of_case(case).filter(|other| *other != subject) {
            let count = &self.prepared.person.counts[other as usize];
            let holds = match self.offences.offence(self.prepared.ready[other as usize].offence) {
                Some(offence) => table.pair_holds(entry, offence),
                None => Truth::Unknown,
            };
            paired = paired.or(holds.and(count.convicted.value));
        }
        if paired.is_no() && !self.prepared.person.is_complete() {
            paired = Truth::Unknown;
        }
        membership.truth.or(paired)
    }

    fn section_truth(&self, of: Of, test: impl Fn(&vacatur_statutes::Offence) -> bool) -> Truth {
        let ready = &self.prepared.ready[Self::ix(of)];
        let one = |ix| self.offences.offence(ix).map_or(Truth::Unknown, |offence| Truth::of(test(offence)));
        let first = one(ready.offence);
        match ready.other.map(one) {
            Some(second) if second != first => Truth::Unknown,
            _ => first,
        }
    }

    fn date_fact(&self, fact: FactIx, of: Of) -> Fact<DateSpan> {
        match fact {
            v::BIRTH_DATE => self.prepared.birth,
            v::DATE => self.prepared.ready[Self::ix(of)].date,
            v::OFFENCE_DATE => self.prepared.offence_date(of.subject),
            v::COMPLETED => self.prepared.ready[Self::ix(of)].completed,
            v::RELEASED => self.prepared.released(of.subject),
            v::ARREST_DATE => self.prepared.arrest_date(of.subject),
            v::REGISTERED_ON => self.prepared.person.registrations[Self::ix(of)].date,
            _ => Fact::gap(DateSpan::UNKNOWN, Gap::Blank, None),
        }
    }
}

impl Record for View<'_, '_, '_, '_> {
    fn flag(&self, fact: FactIx, of: Of) -> Truth {
        let counts = &self.prepared.person.counts;
        let both = || (&counts[of.subject as usize], &counts[of.decided as usize]);
        match fact {
            v::DECEASED => self.prepared.deceased.value,
            v::ATTEMPT => self.section_truth(of, |offence| offence.attempt),
            v::CONSPIRACY => self.section_truth(of, |offence| offence.conspiracy),
            v::CONVICTED => self.prepared.person.counts[Self::ix(of)].convicted.value,
            v::ARREST => self.prepared.is_arrest(of.subject),
            v::OPEN => self.prepared.is_open(of.subject),
            v::REVOKED => self.prepared.is_revoked(of.subject),
            v::PAID | v::MINOR | v::IMPORTED | v::ENVIRONMENT => {
                found_kind(fact).map_or(Truth::Unknown, |kind| self.prepared.found_so(of.subject, kind).value)
            }
            v::ITSELF => Truth::of(of.subject == of.decided),
            v::EARLIER => self.prepared.is_earlier(of),
            v::SAME_CASE => Truth::of(both().0.order.case() == both().1.order.case()),
            v::SAME_CYCLE => Truth::of(both().0.order.cycle() == both().1.order.cycle()),
            v::SAME_SECTION => {
                let ready = &self.prepared.ready;
                let (one, two) = (&ready[of.subject as usize], &ready[of.decided as usize]);
                let answer = self.offences.same_section(one.offence, two.offence);
                if (one.other.is_some() || two.other.is_some()) && !of.subject.eq(&of.decided) {
                    Truth::Unknown
                } else {
                    answer
                }
            }
            _ => Truth::Unknown,
        }
    }

    fn date(&self, fact: FactIx, of: Of) -> DateSpan {
        self.date_fact(fact, of).value
    }

    fn level(&self, _: FactIx, of: Of) -> Option<Level> {
        self.prepared.person.counts[Self::ix(of)].level.value
    }

    fn in_set(&self, fact: FactIx, of: Of, set: SetIx) -> Truth {
        let set = self.sets[set.at()].at();
        if fact == v::REGISTERED_SECTION {
            let truth = self.offences.membership(self.prepared.registrations[Self::ix(of)], set).truth;
            return if truth.is_unknown() && self.offences.is_dated(set) {
                self.registered_on_its_day(Self::ix(of), set).truth
            } else {
                truth
            };
        }
        self.member(of, set)
    }

    fn county_is(&self, _: FactIx, of: Of, county: &str) -> Truth {
        if let Some((_, assumed)) = self.assumed.filter(|(count, _)| *count == of.subject) {
            return Truth::of(same_county(assumed.as_bytes(), county.as_bytes()));
        }
        let found = &self.prepared.person.counts[Self::ix(of)].county;
        if same_county(found.value.bytes(), county.as_bytes()) {
            Truth::Yes
        } else if self.prepared.ready[Self::ix(of)].county_readable {
            Truth::No
        } else {
            Truth::Unknown
        }
    }

    fn number(&self, fact: FactIx, of: Of) -> NumberSpan {
        found_kind(fact).map_or(NumberSpan::UNKNOWN, |kind| self.prepared.found(of.subject, kind).value)
    }

    fn case_of(&self, member: u32) -> u32 {
        self.prepared.person.counts[member as usize].order.case()
    }

    fn kin(&self, fact: FactIx, count: u32) -> Kin {
        let order = self.prepared.person.counts[count as usize].order;
        let ready = &self.prepared.ready[count as usize];
        match fact {
            v::ITSELF => Kin::Itself,
            v::SAME_CASE => Kin::Group(order.case()),
            v::SAME_CYCLE => Kin::Group(order.cycle().into()),
            // Of two offences that rows of one count name, it is unknown which of them counts.
            v::SAME_SECTION if ready.other.is_none() => Kin::Kind(ready.offence.number()),
            _ => Kin::Alone,
        }
    }

    fn day_of(&self, member: u32) -> (DateSpan, MissingSet) {
        (self.prepared.ready[member as usize].date.value, self.prepared.missing_of_date(member))
    }

    fn includes(&self, fact: FactIx, of: Of, label: &str) -> Truth {
        match fact {
            v::SENTENCE => return self.prepared.sentenced(of.subject, label),
            v::ENDED => return self.prepared.ended(of.subject, label),
            _ => {}
        }
        let granted = self.prepared.reliefs(of.subject).any(|relief| relief.by == label);
        if granted {
            Truth::Yes
        } else if self.prepared.person.counts[Self::ix(of)].relief_unclear {
            Truth::Unknown
        } else {
            Truth::No
        }
    }

    fn missing(&self, fact: FactIx, of: Of) -> MissingSet {
        match fact {
            v::DATE | v::OFFENCE_DATE | v::ARREST_DATE => self.prepared.missing_of_date(of.subject),
            v::COMPLETED | v::RELEASED => {
                let ready = &self.prepared.ready[Self::ix(of)];
                let mut missing = MissingSet::of(Missing::Sentence);
                if ready.date.value.known().is_none() {
                    missing = missing.and(self.prepared.missing_of_date(of.subject));
                }
                missing
            }
            _ => MissingSet::of(v::VOCABULARY.fact(fact).missing),
        }
    }

    fn missing_in_set(&self, fact: FactIx, of: Of, set: SetIx) -> MissingSet {
        let set = self.sets[set.at()].at();
        let section = self.missing(fact, of);
        if !self.offences.is_dated(set) {
            return section;
        }
        if fact == v::REGISTERED_SECTION {
            let on_day = self.registered_on_its_day(Self::ix(of), set);
            return on_day.missing(section, self.missing(v::REGISTERED_ON, of));
        }
        let ready = &self.prepared.ready[Self::ix(of)];
        let date = self.missing(v::OFFENCE_DATE, of);
        let first = self.offence_on_its_day(of.subject, ready.offence, set);
        let missing = first.missing(section, date);
        let Some(other) = ready.other else { return missing };
        let second = self.offence_on_its_day(of.subject, other, set);
        // Of two offences that are not both in the set or both out of it, the section is in question too.
        let conflict = if second.truth == first.truth { MissingSet::NONE } else { section };
        missing.and(second.missing(section, date)).and(conflict)
    }

    fn set_is_dated_by(&self, fact: FactIx, set: SetIx) -> Option<FactIx> {
        let day = if fact == v::REGISTERED_SECTION { v::REGISTERED_ON } else { v::OFFENCE_DATE };
        self.offences.is_dated(self.sets[set.at()].at()).then_some(day)
    }

    fn members(&self, of: Collection) -> &[u32] {
        match of {
            Collection::Convictions => &self.prepared.convictions,
            Collection::Charges => &self.prepared.charges,
            Collection::Registrations => &self.prepared.registration_list,
        }
    }

    fn belongs(&self, of: Collection, member: u32) -> (Truth, MissingSet) {
        if of != Collection::Convictions {
            return (Truth::Yes, MissingSet::NONE);
        }
        let convicted = self.prepared.person.counts[member as usize].convicted.value;
        let missing =
            if convicted.is_unknown() { MissingSet::of(Missing::Disposition) } else { MissingSet::NONE };
        (convicted, missing)
    }

    fn gaps(&self) -> MissingSet {
        if self.prepared.person.is_complete() {
            MissingSet::NONE
        } else {
            MissingSet::of(Missing::UnusableRow)
        }
    }

    fn as_of(&self) -> Date {
        self.as_of
    }

    fn is_of_conviction(&self, fact: FactIx) -> bool {
        v::VOCABULARY.fact(fact).scope == vacatur_policy::Scope::Conviction
    }

    fn shown(&self, fact: FactIx, of: Of) -> FactUse {
        self.fact_shown(fact, of)
    }

    fn named(&self, of: Collection, member: u32) -> String {
        if of == Collection::Registrations {
            let registration = &self.prepared.person.registrations[member as usize];
            return format!("registration, {} on {}", registration.charge.as_str(), registration.date.value);
        }
        let count = &self.prepared.person.counts[member as usize];
        let ready = &self.prepared.ready[member as usize];
        let section = self.offences.shown(ready.offence);
        let section = if section.is_empty() { "an unreadable section" } else { section };
        format!("count {}: {section} on {}", count.order, ready.date.value)
    }
}

impl View<'_, '_, '_, '_> {
    fn fact_shown(&self, fact: FactIx, of: Of) -> FactUse {
        let mut shown = FactUse {
            name: shown_name(fact),
            value: String::new(),
            gap: None,
            proxy: None,
            seen: Vec::new(),
        };
        let gap = |gap: Option<Gap>| gap.map(|gap| gap.word().to_owned());
        let count = |of: Of| &self.prepared.person.counts[Self::ix(of)];
        match fact {
            v::BIRTH_DATE
            | v::DATE
            | v::OFFENCE_DATE
            | v::ARREST_DATE
            | v::COMPLETED
            | v::RELEASED
            | v::REGISTERED_ON => {
                let date = self.date_fact(fact, of);
                shown.value = date.value.to_string();
                shown.gap = gap(date.gap);
                shown.seen = date.seen.into_iter().flatten().collect();
                if fact == v::OFFENCE_DATE
                    && self.prepared.person.offence_date_found(CountIx(of.subject)).is_none()
                {
                    shown.proxy = Some("the arrest in the same cycle".into());
                }
            }
            v::LEVEL => {
                let level = &count(of).level;
                shown.value = level.value.map_or("unknown", Level::word).into();
                shown.gap = gap(level.gap);
                shown.seen = level.seen.into_iter().flatten().collect();
            }
            v::COUNTY => {
                let county = &count(of).county;
                shown.value = if county.value.is_blank() {
                    "unknown".into()
                } else {
                    county.value.as_str().into_owned()
                };
                shown.gap = gap(county.gap).or_else(|| {
                    (!self.prepared.ready[Self::ix(of)].county_readable)
                        .then(|| "not a county of this state".into())
                });
                shown.seen = county.seen.into_iter().flatten().collect();
            }
            v::SECTION | v::ATTEMPT | v::CONSPIRACY | v::SAME_SECTION => {
                let ready = &self.prepared.ready[Self::ix(of)];
                let text = self.offences.shown(ready.offence);
                shown.value = if text.is_empty() { "unreadable".into() } else { text.to_owned() };
                if text.is_empty() {
                    shown.gap = Some(Gap::Unreadable.word().into());
                }
                if ready.other.is_some() {
                    shown.gap = Some(Gap::Conflict.word().into());
                }
                let charge = &count(of).charge;
                let column = if !charge.convicted.is_blank() {
                    Column::ConvictionOffence
                } else if self.reads_comment(of) {
                    Column::Comment
                } else {
                    Column::Charge
                };
                let found = self.prepared.person.offence_found(CountIx(of.subject));
                // A document that settles the section stands in the place of the record's cells.
                if found.is_none_or(|found| found.against) {
                    shown.seen.push(at(count(of).row, column));
                    let other = count(of).other_charge.as_ref();
                    shown.seen.extend(other.map(|(_, row)| at(*row, Column::Charge)));
                }
                shown.seen.extend(found.map(|found| found.seen));
            }
            v::REGISTERED_SECTION => {
                let registration = &self.prepared.person.registrations[Self::ix(of)];
                shown.value = registration.charge.as_str().into_owned();
                shown.seen.push(at(registration.row, Column::Charge));
            }
            v::RELIEF => {
                let reliefs: Vec<_> = self.prepared.reliefs(of.subject).collect();
                shown.value = if reliefs.is_empty() {
                    "none recorded".into()
                } else {
                    reliefs
                        .iter()
                        .map(|relief| format!("{} on {}", relief.by, relief.date.value))
                        .collect::<Vec<_>>()
                        .join("; ")
                };
                shown.seen = reliefs.iter().map(|relief| at(relief.row, Column::Disposition)).collect();
                let unrelieved = self.prepared.person.unrelieved.iter();
                shown.seen.extend(
                    unrelieved.filter(|(count, _)| *count == CountIx(of.subject)).map(|(_, seen)| *seen),
                );
                if count(of).relief_unclear {
                    shown.gap = Some(
                        "unclear: the cycle holds a relief that may be for this count or another".into(),
                    );
                }
            }
            v::DECEASED => {
                let deceased = &self.prepared.deceased;
                shown.value = if deceased.value.is_no() {
                    "no notice of death".into()
                } else {
                    deceased.value.word().into()
                };
                shown.gap = gap(deceased.gap);
                shown.seen = deceased.seen.into_iter().flatten().collect();
            }
            v::WEIGHT | v::CONCENTRATE | v::PLANTS | v::PAID | v::MINOR | v::IMPORTED | v::ENVIRONMENT => {
                self.finding_shown(fact, of, &mut shown);
            }
            v::SENTENCE => {
                let words = self.prepared.sentence_words(of.subject);
                shown.value = if words.is_empty() { "unknown".into() } else { words.join(", ") };
                shown.gap = words.is_empty().then(|| Gap::Blank.word().into());
                shown.seen.push(at(count(of).row, Column::SentenceLength));
            }
            v::CONVICTED | v::ENDED | v::OPEN | v::REVOKED => {
                let entries = self.prepared.person.dispositions_of(count(of));
                let texts: Vec<_> = entries.iter().map(|entry| entry.text.as_str()).collect();
                shown.value = if texts.is_empty() { "no outcome recorded".into() } else { texts.join("; ") };
                shown.seen = entries.iter().map(|entry| at(entry.row, Column::Disposition)).collect();
                if entries.is_empty() {
                    shown.seen.push(at(count(of).row, Column::Disposition));
                }
            }
            _ => {
                shown.value = self.flag(fact, of).word().into();
                shown.seen.push(at(count(of).row, Column::CountOrder));
            }
        }
        shown
    }

    fn finding_shown(&self, fact: FactIx, of: Of, shown: &mut FactUse) {
        let Some(kind) = found_kind(fact) else { return };
        let found = self.prepared.found(of.subject, kind);
        shown.value = match (kind, found.value.known()) {
            (_, None) => "unknown".into(),
            (FindingKind::Weight | FindingKind::Concentrate, Some(milligrams)) => {
                format!("{} grams", vacatur_records::grams(milligrams))
            }
            (FindingKind::Plants, Some(plants)) => plants.to_string(),
            (_, Some(so)) => Truth::of(so == 1).word().into(),
        };
        shown.gap = found.gap.map(|gap| gap.word().to_owned());
        shown.seen = found.seen.into_iter().flatten().collect();
    }

    /// Whether the section was read from the comment.
    fn reads_comment(&self, of: Of) -> bool {
        let count = &self.prepared.person.counts[Self::ix(of)];
        let charged = count.charge.charged.as_str();
        !count.charge.comment.is_blank()
            && matches!(
                self.offences.grammar().parse(&charged),
                vacatur_statutes::Coded::SeeComment | vacatur_statutes::Coded::Blank
            )
    }
}

/// What somebody may have found, for the facts that no extract holds.
fn found_kind(fact: FactIx) -> Option<FindingKind> {
    Some(match fact {
        v::WEIGHT => FindingKind::Weight,
        v::CONCENTRATE => FindingKind::Concentrate,
        v::PLANTS => FindingKind::Plants,
        v::PAID => FindingKind::Paid,
        v::MINOR => FindingKind::Minor,
        v::IMPORTED => FindingKind::Import,
        v::ENVIRONMENT => FindingKind::Environment,
        _ => return None,
    })
}

/// How an explanation names a fact.
fn shown_name(fact: FactIx) -> String {
    let name = v::VOCABULARY.fact(fact).name;
    match fact {
        v::DATE => "conviction date".into(),
        v::COMPLETED => "sentence completed".into(),
        v::CONCENTRATE => "concentrate weight".into(),
        v::REGISTERED_ON | v::REGISTERED_SECTION => format!("registration {name}"),
        _ => name.replace('-', " "),
    }
}
