//! The policies of a run, and the workers that apply them.

use crate::compiled::Compiled;
use crate::determination::Determination;
use crate::offences::Offences;
use crate::office::{ByCounty, OFFICE, Office};
use crate::prepared::{Counties, Prepared, Room, Setting};
use crate::record::View;
use crate::vocabulary::VOCABULARY;
use std::cell::Cell;
use std::sync::Arc;
use vacatur_policy::{Decides, Memory, MissingSet, Program, SetIx};
use vacatur_records::{Column, CountIx, Date, DateSpan, DispositionKind, Level, Person, ReliefKind, Truth};
use vacatur_statutes::{SectionSet, Statutes};

/// The tables that a run reports on beside its policies' own sets.
const CANNABIS: usize = 0;
const SUPER_STRIKES: usize = 1;
const REGISTRABLE: usize = 2;
const REPORTED: [&str; 3] = ["cannabis", "super-strikes-los-angeles-2019", "pc-290-los-angeles-2019"];

/// The policies of a run.
#[derive(Debug)]
pub struct Engine {
    statutes: Arc<Statutes>,
    pub(crate) policies: Vec<Compiled>,
    /// Who decides.
    pub(crate) office: Office,
    pub(crate) setting: Setting,
    empty: SectionSet,
    /// The conditions of all policies.
    pub(crate) program: Program,
    /// The sets of the policies, each different one once: as a policy's number and that of the set in its document. They
    /// come after those of [`REPORTED`].
    sets: Vec<(usize, SetIx)>,
    /// For each policy the number of each of its sets among all.
    numbers: Vec<Vec<SetIx>>,
    /// Each set as itself.
    pub(crate) all: Vec<SetIx>,
}

impl Engine {
    /// An engine for these policies; the first is the run's own. Several engines may share one set of statutes.
    #[must_use]
    pub fn new(statutes: impl Into<Arc<Statutes>>, policies: Vec<Compiled>, setting: Setting) -> Self {
        Self::with_office(statutes.into(), policies, Office::Single, setting)
    }

    /// An engine in which each county has a policy of its own, or none. A last policy may say what the statute gives.
    #[must_use]
    pub fn by_county(
        statutes: impl Into<Arc<Statutes>>,
        counties: crate::office::Assigned,
        statute: Option<Compiled>,
        setting: Setting,
    ) -> Self {
        let (policies, office) = ByCounty::of(counties, statute);
        Self::with_office(statutes.into(), policies, Office::ByCounty(office), setting)
    }

    fn with_office(
        statutes: Arc<Statutes>,
        policies: Vec<Compiled>,
        office: Office,
        setting: Setting,
    ) -> Self {
        let (mut sets, mut numbers): (Vec<(usize, SetIx)>, Vec<Vec<SetIx>>) = (Vec::new(), Vec::new());
        for (policy, compiled) in policies.iter().enumerate() {
            let number = |(at, set): (usize, &SectionSet)| {
                let same = sets.iter().position(|&(other, at)| policies[other].set(at) == set);
                let number = same.unwrap_or_else(|| {
                    sets.push((policy, SetIx(at as u16)));
                    sets.len() - 1
                });
                SetIx((REPORTED.len() + number) as u16)
            };
            numbers.push(compiled.sets().iter().enumerate().map(number).collect());
        }
        let documents = policies.iter().map(|compiled| (compiled.policy(), compiled.values()));
        let program = Program::new(documents, &VOCABULARY, &|policy, set| numbers[policy][set.at()]);
        let all = (0..REPORTED.len() + sets.len()).map(|set| SetIx(set as u16)).collect();
        let empty = SectionSet::of(&[]);
        Self { statutes, policies, office, setting, empty, program, sets, numbers, all }
    }

    /// The policies.
    #[must_use]
    pub fn policies(&self) -> &[Compiled] {
        &self.policies
    }

    /// How code sections are read.
    #[must_use]
    pub fn grammar(&self) -> &vacatur_statutes::Grammar {
        &self.statutes.grammar
    }

    /// The day and the counties.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// A worker, for one thread.
    #[must_use]
    pub fn worker(&self) -> Worker<'_> {
        let mut sets: Vec<&SectionSet> =
            REPORTED.iter().map(|name| self.statutes.set(name).unwrap_or(&self.empty)).collect();
        sets.extend(self.sets.iter().map(|&(policy, at)| self.policies[policy].set(at)));
        let offences = Offences::new(&self.statutes.grammar, sets);
        Worker {
            engine: self,
            offences,
            counties: Counties::new(&self.setting.counties),
            as_of: self.setting.as_of,
            room: Cell::default(),
            prepared: Cell::default(),
            remembered: Default::default(),
            aside: Cell::default(),
        }
    }
}

/// Applies the policies to one person after another. It remembers the offence texts it has read.
pub struct Worker<'e> {
    pub(crate) engine: &'e Engine,
    pub(crate) offences: Offences<'e>,
    counties: Counties<'e>,
    as_of: Date,
    room: Cell<Room>,
    /// How many people were prepared.
    prepared: Cell<u64>,
    /// What is remembered of the one that is decided, and of the one on whom something is tried out.
    remembered: [Cell<Remembered>; 2],
    /// Room for answers that hold for one question only.
    pub(crate) aside: Cell<Memory>,
}

/// Answers about a prepared person on a day.
#[derive(Default)]
struct Remembered {
    of: Option<(u64, Date)>,
    answers: Memory,
}

impl<'e> Worker<'e> {
    /// Decides as of `day` from now on, in place of the engine's own day, and keeps the offences it has read.
    ///
    /// A person is prepared for a day, by which dates of the future are set aside. Whoever is prepared after this is
    /// decided as of `day`; whoever was prepared before keeps the day of then.
    pub fn on(&mut self, day: Date) -> &mut Self {
        self.as_of = day;
        self
    }

    /// Reads a person's offences and sets impossible dates aside.
    pub fn prepare<'p, 'a>(&mut self, person: &'p Person<'a>) -> Prepared<'p, 'a> {
        self.offences.make_room();
        let number = self.next();
        Prepared::new(person, &mut self.offences, &mut self.counties, self.as_of, number, self.room.take())
    }

    /// Is done with somebody: the room that was taken is used for the next. Whoever is not given back costs a little more.
    pub fn done_with(&self, prepared: Prepared<'_, '_>) {
        self.room.set(prepared.into_room());
    }

    /// A number for whoever is prepared next.
    fn next(&self) -> u64 {
        self.prepared.set(self.prepared.get() + 1);
        self.prepared.get()
    }

    /// Prepares a person as one that differs in dates, dispositions or levels only.
    pub(crate) fn prepare_like<'p, 'a>(
        &self,
        like: &Prepared<'_, '_>,
        person: &'p Person<'a>,
    ) -> Prepared<'p, 'a> {
        like.again(person, self.next(), self.room.take())
    }

    pub(crate) fn view<'v, 'p, 'a>(
        &'v self,
        prepared: &'v Prepared<'p, 'a>,
        policy: usize,
        as_of: Date,
    ) -> View<'v, 'p, 'a, 'e> {
        View { prepared, offences: &self.offences, sets: &self.engine.numbers[policy], as_of, assumed: None }
    }

    /// The determinations of a policy on a person, one for each count in its scope, in the order of the counts. With
    /// [`OFFICE`] for the policy's number, each count is decided by the policy of whoever decides for its county.
    pub fn determine(&self, prepared: &Prepared<'_, '_>, policy: usize, each: impl FnMut(Determination<'e>)) {
        self.determine_on(prepared, policy, prepared.as_of, each);
    }

    /// The determinations as they would be on a later day if nothing new were recorded until then: what is impossible
    /// today stays set aside.
    pub fn determine_on(
        &self,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        day: Date,
        each: impl FnMut(Determination<'e>),
    ) {
        let convictions = match (&self.engine.office, policy) {
            (Office::ByCounty(_), OFFICE) => false,
            (Office::Single, OFFICE) => self.decides_convictions(0),
            (_, policy) => self.decides_convictions(policy),
        };
        let counts = if convictions { &prepared.convictions } else { &prepared.charges };
        self.determine_of(prepared, policy, day, counts, each);
    }

    /// The same for some of the counts.
    pub(crate) fn determine_of(
        &self,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        day: Date,
        counts: &[u32],
        mut each: impl FnMut(Determination<'e>),
    ) {
        let policy = match (&self.engine.office, policy) {
            (Office::ByCounty(office), OFFICE) => {
                return self.determine_by_county(office, prepared, day, counts, &mut each);
            }
            (Office::Single, OFFICE) => 0,
            (_, policy) => policy,
        };
        let compiled = &self.engine.policies[policy];
        let convictions = self.decides_convictions(policy);
        let (offences, sets) = (&self.offences, &self.engine.all);
        let view = View { prepared, offences, sets, as_of: day, assumed: None };
        // Whoever asks again while this goes on finds nothing remembered, and that is as well.
        let room = &self.remembered[usize::from(prepared.is_trial)];
        let mut remembered = room.take();
        if remembered.of != Some((prepared.number, day)) {
            remembered.answers.forget();
            remembered.of = Some((prepared.number, day));
        }
        self.engine.program.decide(policy, &view, &mut remembered.answers, counts, |count, decision| {
            let decision =
                if convictions { undecided_if_unconvicted(decision, prepared, count) } else { decision };
            log_decision(compiled, &decision);
            if let Some(determination) = Determination::new(count, policy, compiled, decision) {
                each(determination);
            }
        });
        room.set(remembered);
    }

    /// Whether a policy decides convictions; others decide charges.
    pub(crate) fn decides_convictions(&self, policy: usize) -> bool {
        self.engine.policies[policy].policy().heading.decides == Decides::Convictions
    }

    /// The day of the decision, for whoever is prepared next.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The evaluation of a count as trees: of the scope and of each rule with a condition.
    #[must_use]
    pub fn trees(
        &self,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        count: u32,
    ) -> (vacatur_policy::Node, Vec<Option<vacatur_policy::Node>>) {
        let compiled = &self.engine.policies[policy];
        compiled.policy().explain(compiled.values(), &self.view(prepared, policy, prepared.as_of), count)
    }

    /// The section of a count in normal form; empty if it cannot be read.
    #[must_use]
    pub fn section<'t>(&'t self, prepared: &Prepared<'_, '_>, count: u32) -> &'t str {
        self.offences.shown(prepared.ready[count as usize].offence)
    }

    /// Whether a count's section leaves open, in whole or for some set of the policy, what it is in.
    pub(crate) fn section_in_doubt(&self, prepared: &Prepared<'_, '_>, policy: usize, count: u32) -> bool {
        let ready = &prepared.ready[count as usize];
        let mut sets = self.engine.numbers[policy].iter().map(|set| set.at());
        ready.other.is_some()
            || self.offences.offence(ready.offence).is_none()
            || sets.any(|set| self.offences.membership(ready.offence, set).truth.is_unknown())
    }

    /// Whether a count's offence is read as an attempt or a conspiracy.
    pub(crate) fn is_attempt_or_conspiracy(&self, prepared: &Prepared<'_, '_>, count: u32) -> bool {
        let offence = self.offences.offence(prepared.ready[count as usize].offence);
        offence.is_some_and(|offence| offence.attempt || offence.conspiracy)
    }

    /// The number of a count's section, without subdivisions; empty if it cannot be read.
    #[must_use]
    pub fn section_number<'t>(&'t self, prepared: &Prepared<'_, '_>, count: u32) -> &'t str {
        self.offences.number(prepared.ready[count as usize].offence)
    }

    /// The facts of a count that stood in for others: the level of the charge, a section written in the comment, and,
    /// where the policy asks for the day of the offence, the day of an arrest.
    #[must_use]
    pub fn proxies(&self, prepared: &Prepared<'_, '_>, compiled: &Compiled, at: u32) -> Vec<String> {
        let count = &prepared.person.counts[at as usize];
        let mut proxies = Vec::new();
        if count.level.seen[0].is_some_and(|seen| seen.column == Column::ChargeLevel) {
            proxies.push("level: of the charge".to_owned());
        }
        let written = count.charge.offence();
        let readable = self.offences.offence(prepared.ready[at as usize].offence).is_some()
            && prepared.person.offence_found(CountIx(at)).is_none();
        if readable && !count.charge.comment.is_blank() && !written.bytes().iter().any(u8::is_ascii_digit) {
            proxies.push("section: from the comment".to_owned());
        }
        if compiled.uses_offence_date() && prepared.person.offence_date_found(CountIx(at)).is_none() {
            let offence = prepared.offence_date(at);
            proxies.push(format!("offence date: of the arrest in the cycle, {}", offence.value));
        }
        proxies
    }

    /// Cannabis sections that the comment of a count names and its offence does not.
    #[must_use]
    pub fn only_in_comment(&self, prepared: &Prepared<'_, '_>, count: u32) -> Vec<String> {
        let comment = &prepared.person.counts[count as usize].charge.comment;
        if !comment.bytes().iter().any(u8::is_ascii_digit) {
            return Vec::new();
        }
        let own = self.offences.offence(prepared.ready[count as usize].offence);
        let mut found: Vec<String> = self
            .offences
            .grammar()
            .mentions(&comment.as_str(), self.offences.set(CANNABIS))
            .into_iter()
            .filter(|section| {
                !own.is_some_and(|offence| {
                    offence.sections().iter().any(|mine| same_possession(mine, section))
                })
            })
            .map(|section| section.to_string())
            .collect();
        found.dedup();
        found
    }

    /// Each conviction of a person as it stands, in the order of the counts.
    #[must_use]
    pub fn standings(&self, prepared: &Prepared<'_, '_>) -> Vec<Standing> {
        let counts = &prepared.person.counts;
        let convictions = prepared.convictions().iter().copied();
        convictions
            .filter(|&at| counts[at as usize].convicted.value.is_yes())
            .map(|at| Standing {
                count: at,
                level: counts[at as usize].level.value,
                date: prepared.ready[at as usize].date.value,
                vacated: prepared
                    .reliefs(at)
                    .any(|relief| relief.kind == DispositionKind::Relief(ReliefKind::Vacated)),
            })
            .collect()
    }

    /// What an office's spreadsheets show of a person beside each conviction.
    #[must_use]
    pub fn history(&self, prepared: &Prepared<'_, '_>) -> History {
        let person = prepared.person;
        let as_of = DateSpan::on(prepared.as_of);
        let mut history =
            History { registered_290: Truth::No, deceased: prepared.deceased.value, ..History::default() };
        for &at in prepared.convictions() {
            let count = &person.counts[at as usize];
            if !count.convicted.value.is_yes() {
                continue;
            }
            history.convictions += 1;
            let ready = &prepared.ready[at as usize];
            let is_in = |set| self.offences.membership(ready.offence, set);
            if is_in(CANNABIS).truth.is_yes() {
                history.cannabis += 1;
                match self.offences.number(ready.offence) {
                    "11357" => history.by_section[0] += 1,
                    "11358" => history.by_section[1] += 1,
                    "11359" => history.by_section[2] += 1,
                    "11360" => history.by_section[3] += 1,
                    _ => {}
                }
            }
            let shown = self.offences.shown(ready.offence);
            let strike = is_in(SUPER_STRIKES);
            if strike.truth.is_yes() || self.paired(prepared, at, strike.paired) {
                push_new(&mut history.super_strikes, shown);
            }
            if is_in(REGISTRABLE).truth.is_yes() {
                push_new(&mut history.registrable, shown);
            }
            let date = ready.date.value;
            if !date.is_unknown() {
                history.latest = Some(history.latest.map_or(date, |latest: DateSpan| latest.max(date)));
            } else {
                history.undated = true;
            }
        }
        history.counts = self.standings(prepared);
        for (at, registration) in person.registrations.iter().enumerate() {
            let section = self.offences.number(prepared.registrations[at]);
            let is_290 = section == "290" || registration.charge.as_str().trim_start().starts_with("290");
            if is_290 && !registration.date.value.after(as_of).is_yes() {
                history.registered_290 = Truth::Yes;
            }
        }
        history
    }

    /// Whether another conviction of the same case makes the pair that an entry asks for.
    fn paired(&self, prepared: &Prepared<'_, '_>, at: u32, entry: Option<usize>) -> bool {
        let Some(entry) = entry else { return false };
        let set = self.offences.set(SUPER_STRIKES);
        let case = prepared.person.counts[at as usize].order.case();
        prepared.convictions_of_case(case).any(|other| {
            let count = &prepared.person.counts[other as usize];
            other != at
                && count.convicted.value.is_yes()
                && self
                    .offences
                    .offence(prepared.ready[other as usize].offence)
                    .is_some_and(|offence| set.pair_holds(entry, offence).is_yes())
        })
    }

    /// The offence texts of a person that cannot be read as a section, as recorded.
    pub fn unreadable<'t>(
        &'t self,
        prepared: &'t Prepared<'_, '_>,
    ) -> impl Iterator<Item = std::borrow::Cow<'t, str>> {
        prepared
            .ready
            .iter()
            .enumerate()
            .filter(|(_, ready)| self.offences.offence(ready.offence).is_none())
            .map(|(at, _)| {
                let charge = &prepared.person.counts[at].charge;
                charge.offence().as_str()
            })
    }
}

/// Which rule decided, and nothing of the record: neither whose count it is nor what stands in it.
#[inline]
pub(crate) fn log_decision(compiled: &Compiled, decision: &vacatur_policy::Decision) {
    tracing::trace!(
        policy = compiled.policy().heading.id.as_str(),
        rule = decision.deciding.map_or("none", |rule| compiled.policy().rule(rule).name.as_str()),
        outcome = decision.outcome.word(),
        missing = %decision.missing,
        "decided"
    );
}

/// A count of which it is unknown whether it ended in a conviction is never decided: whatever the policy would say
/// of a conviction, the disposition is missing.
pub(crate) fn undecided_if_unconvicted(
    mut decision: vacatur_policy::Decision,
    prepared: &Prepared<'_, '_>,
    count: u32,
) -> vacatur_policy::Decision {
    if prepared.person.counts[count as usize].convicted.value.is_unknown() {
        if let Some(rule) = decision.deciding.take() {
            debug_assert!(decision.possible.has(rule));
        }
        decision.scope = Truth::Unknown;
        decision.until = None;
        decision.outcome = vacatur_policy::OutcomeKind::Review;
        decision.missing = decision.missing.and(MissingSet::of(vacatur_policy::Missing::Disposition));
    }
    decision
}

/// 11357(a) and (b) are told apart from (c) and (d), as the counties' spreadsheets do; other sections by number.
fn same_possession(one: &vacatur_statutes::CodeSection, two: &vacatur_statutes::CodeSection) -> bool {
    let lesser = |section: &vacatur_statutes::CodeSection| {
        section.subdivisions().next().map(|letter| matches!(letter.to_ascii_lowercase().as_str(), "a" | "b"))
    };
    one.number() == two.number()
        && (one.number() != "11357"
            || lesser(one).is_none()
            || lesser(two).is_none()
            || lesser(one) == lesser(two))
}

fn push_new(list: &mut Vec<String>, item: &str) {
    if !list.iter().any(|known| known == item) {
        list.push(item.to_owned());
    }
}

/// A conviction as it stands now, for statistics.
#[derive(Clone, Copy)]
pub struct Standing {
    /// The count.
    pub count: u32,
    /// Its level.
    pub level: Option<Level>,
    /// Its date.
    pub date: DateSpan,
    /// Whether a court has vacated it already.
    pub vacated: bool,
}

/// A person's history in numbers.
#[derive(Clone)]
pub struct History {
    /// Convictions on record, all counties.
    pub convictions: u32,
    /// Convictions of HS 11357–11360.
    pub cannabis: u32,
    /// Those of HS 11357, 11358, 11359 and 11360.
    pub by_section: [u32; 4],
    /// Sections of super strikes, as the counties listed them.
    pub super_strikes: Vec<String>,
    /// Sections that require registration, as the counties listed them.
    pub registrable: Vec<String>,
    /// Whether there is a registration under PC 290.
    pub registered_290: Truth,
    /// Whether the person has died.
    pub deceased: Truth,
    /// The latest conviction.
    pub latest: Option<DateSpan>,
    /// Whether a conviction has no usable date.
    pub undated: bool,
    /// Each conviction as it stands.
    pub counts: Vec<Standing>,
}

impl Default for History {
    fn default() -> Self {
        Self {
            convictions: 0,
            cannabis: 0,
            by_section: [0; 4],
            super_strikes: Vec::new(),
            registrable: Vec::new(),
            registered_290: Truth::No,
            deceased: Truth::No,
            latest: None,
            undated: false,
            counts: Vec::new(),
        }
    }
}

vacatur_records::silent_debug!(Standing, History);
