//! One person's cases in a court's file against those in the state's.
//!
//! That the person is the same is settled before. Here it is asked of every charge whether the other side has it, and
//! if it has, whether both say the same. A case is matched by its number, else by day and offence; within a case the
//! charges are paired by offence, number and day. What fits two ways is not decided: it is left open.

use crate::offence::{Alike, Offences};
use vacatur_records::{
    CountOrder, CourtCase, CourtCharge, DateSpan, DispositionKind, Level, ReliefKind, Truth,
};

/// A count that stands under a court step of the state's record.
#[derive(Clone)]
pub struct StateCount {
    /// Its twelve digits.
    pub order: CountOrder,
    /// The offence of conviction as written, else that charged.
    pub offence: String,
    /// The level, as it was at the conviction or as reduced.
    pub level: Option<Level>,
    /// Whether it ended in a conviction.
    pub convicted: Truth,
    /// The day of the conviction or of the step.
    pub date: DateSpan,
    /// Reliefs on record.
    pub reliefs: Vec<ReliefKind>,
    /// File and line.
    pub place: (u32, u64),
}

/// What stands under one case number in one step of the state's record.
#[derive(Clone)]
pub struct StateCase {
    /// The case number as recorded.
    pub number: String,
    /// The same in the court's form; empty if it has none or fits none.
    pub key: String,
    /// The counts.
    pub counts: Vec<StateCount>,
}

vacatur_records::silent_debug!(StateCount, StateCase);

/// What the two records say differently of a conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Differs {
    /// Felony, misdemeanor or infraction.
    Level,
    /// The code section.
    Section,
    /// The day.
    Date,
    /// Whether it was a conviction.
    Disposition,
    /// The court granted a relief that the state's record does not show.
    ReliefNotReported(ReliefKind),
    /// The state's record shows a relief that the court's file does not.
    ReliefNotInCourt(ReliefKind),
}

impl Differs {
    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Section => "section",
            Self::Date => "date",
            Self::Disposition => "disposition",
            Self::ReliefNotReported(ReliefKind::Vacated) => "already dismissed by the court",
            Self::ReliefNotReported(ReliefKind::SetAside) => "already set aside by the court",
            Self::ReliefNotReported(_) => "already reduced by the court",
            Self::ReliefNotInCourt(_) => "relief that the court's file does not show",
        }
    }
}

/// Why it cannot be told whether the state's file has a conviction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// It is not settled who the person is.
    Person,
    /// Several cases of the state's record fit as well.
    SeveralCases,
    /// The state's record has a count of that time whose offence cannot be read, or whose day is not known.
    UnreadableCount,
    /// The case is there, and it holds a count that may be this one.
    CountInCase,
    /// The court's record does not say enough: no day, or an offence that cannot be read.
    CourtRecord,
    /// A case of the same day and offence stands in the state's record under another number.
    OtherNumber,
    /// The court's record names no person.
    NoPerson,
}

impl Doubt {
    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "the person is in doubt",
            Self::SeveralCases => "several cases of the state's record fit",
            Self::UnreadableCount => "the state's record has a count of that time that cannot be read",
            Self::CountInCase => "the case is there, with a count that may be this one",
            Self::CourtRecord => "the court's record lacks the day or the section",
            Self::OtherNumber => "a case of that day and offence stands there under another number",
            Self::NoPerson => "the court's record names no person",
        }
    }
}

/// What became of one charge of the court.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The state has it: the count, and what differs.
    InState {
        /// Which case and count of those given.
        count: (usize, usize),
        /// What differs.
        differs: Vec<Differs>,
    },
    /// The state does not have it. Whether it has the case, without this count.
    Missing {
        /// The state's case without the count.
        case: Option<usize>,
    },
    /// It cannot be told.
    CannotTell(Doubt),
}

/// The answer for one person.
pub struct Matched {
    /// For each case of the court, for each of its charges.
    pub court: Vec<Vec<Found>>,
    /// For each case of the state, for each of its counts, the charges that may be it: one that surely is comes alone.
    pub state: Vec<Vec<StateFound>>,
}

/// What became of one count of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateFound {
    /// The court has it: case and charge, and what differs.
    InCourt {
        /// Which case and charge of those given.
        charge: (usize, usize),
        /// What differs.
        differs: Vec<Differs>,
    },
    /// The court's file does not have it.
    NotFound,
    /// A charge of the court may be it.
    CannotTell,
}

/// How many days two dispositions of one case may lie apart where the numbers agree or are missing: a judgment and its
/// entry are seldom on the same day.
const NEAR_DAYS: i32 = 31;

/// Matches the cases.
#[must_use]
pub fn matched(court: &[&CourtCase], state: &[StateCase], offences: &mut Offences<'_>) -> Matched {
    let mut answer = Matched {
        court: court.iter().map(|case| vec![Found::Missing { case: None }; case.charges.len()]).collect(),
        state: state.iter().map(|case| vec![StateFound::NotFound; case.counts.len()]).collect(),
    };
    let fits: Vec<Vec<usize>> = court.iter().map(|case| cases_for(case, state, offences)).collect();
    // What is found goes first: a count that is one charge's is no other's.
    for (at, case) in court.iter().enumerate() {
        let own = fits.get(at).map_or(&[][..], Vec::as_slice);
        if !own.is_empty() {
            // Charges of one case may stand under several steps of the state's record: all are looked at.
            in_cases(at, case, own, state, offences, &mut answer);
        }
    }
    for (at, case) in court.iter().enumerate() {
        if fits.get(at).is_none_or(Vec::is_empty) {
            no_case(at, case, state, offences, &mut answer);
        }
    }
    // A count that two charges of the court claim is nobody's for sure.
    settle_rivals(&mut answer);
    answer
}

/// The state's cases that are this case of the court: by number, else by day and offence under a number that is the same
/// but for a slip, or under none.
fn cases_for(case: &CourtCase, state: &[StateCase], offences: &mut Offences<'_>) -> Vec<usize> {
    let by_number: Vec<usize> = state
        .iter()
        .enumerate()
        .filter(|(_, other)| !case.key.is_empty() && other.key == case.key)
        .map(|(at, _)| at)
        .collect();
    if !by_number.is_empty() {
        return by_number;
    }
    let mut found = Vec::new();
    for (at, other) in state.iter().enumerate() {
        let at_least = if case.key.is_empty() || other.key.is_empty() {
            Alike::Compatible
        } else if is_slip(&case.key, &other.key) {
            // The number speaks for it too, so that the offence may be one that cannot be read.
            Alike::Unknown
        } else {
            continue;
        };
        if same_day_and_offence(case, other, at_least, offences) {
            found.push(at);
        }
    }
    found
}

/// Whether a charge of one is of the day and offence of a count of the other.
fn same_day_and_offence(
    case: &CourtCase,
    other: &StateCase,
    at_least: Alike,
    offences: &mut Offences<'_>,
) -> bool {
    case.charges.iter().any(|charge| {
        let Some(day) = charge.day() else { return false };
        other.counts.iter().any(|count| {
            count.date == DateSpan::on(day) && offences.alike(charge.offence(), &count.offence) >= at_least
        })
    })
}

/// A case number without its zeros, which are added and left out most often.
#[must_use]
pub(crate) fn without_zeros(key: &str) -> String {
    key.chars().filter(|c| *c != '0').collect()
}

/// Whether two numbers are the same but for zeros, or for one sign that is wrong, missing, added or exchanged with the next.
fn is_slip(one: &str, other: &str) -> bool {
    without_zeros(one) == without_zeros(other) || strsim::osa_distance(one, other) <= 1
}

/// Of a case that the state does not have, whether some count of the state's record may still be it.
fn no_case(
    at: usize,
    case: &CourtCase,
    state: &[StateCase],
    offences: &mut Offences<'_>,
    answer: &mut Matched,
) {
    for (number, charge) in case.charges.iter().enumerate() {
        let found = open(case, charge, state, offences, answer)
            .map_or(Found::Missing { case: None }, Found::CannotTell);
        put(&mut answer.court, at, number, found);
    }
}

/// Why it cannot be told whether the state has a charge of which no count was found, if it cannot.
fn open(
    case: &CourtCase,
    charge: &CourtCharge,
    state: &[StateCase],
    offences: &mut Offences<'_>,
    answer: &mut Matched,
) -> Option<Doubt> {
    let unclear = charge.day().is_none() || offences.of(charge.offence()).is_none();
    let free = |answer: &Matched, i: usize, j: usize| {
        let found = answer.state.get(i).and_then(|case| case.get(j));
        !matches!(found, Some(StateFound::InCourt { .. }))
    };
    for (i, other) in state.iter().enumerate() {
        for (j, count) in other.counts.iter().enumerate() {
            if !free(answer, i, j) {
                continue;
            }
            let alike = offences.alike(charge.offence(), &count.offence);
            let slip = may_be(case, other) || is_slip(&case.key, &other.key);
            if slip && near(charge, count.date) && alike != Alike::Different {
                mark(&mut answer.state, i, j, StateFound::CannotTell);
                return Some(match (unclear, may_be(case, other)) {
                    (true, _) => Doubt::CourtRecord,
                    (false, true) => Doubt::UnreadableCount,
                    (false, false) => Doubt::OtherNumber,
                });
            }
            let same_day = charge.day().is_some_and(|day| count.date == DateSpan::on(day));
            if same_day && alike >= Alike::Compatible {
                mark(&mut answer.state, i, j, StateFound::CannotTell);
                return Some(Doubt::OtherNumber);
            }
        }
    }
    None
}

/// Whether a case of the state may be this one though the numbers do not say so: one of them has none.
fn may_be(case: &CourtCase, other: &StateCase) -> bool {
    case.key.is_empty() || other.key.is_empty()
}

/// Whether a count's day may be that of the charge, or is near it.
fn near(charge: &CourtCharge, date: DateSpan) -> bool {
    if date.is_unknown() {
        return true;
    }
    let Some(day) = charge.day() else { return true };
    let from = vacatur_records::add_days(day, -NEAR_DAYS);
    let to = vacatur_records::add_days(day, NEAR_DAYS);
    !(date.before(DateSpan::on(from)).is_yes() || date.after(DateSpan::on(to)).is_yes())
}

/// Pairs the charges of a case with the counts of the state's steps that bear its number.
fn in_cases(
    at: usize,
    case: &CourtCase,
    own: &[usize],
    state: &[StateCase],
    offences: &mut Offences<'_>,
    answer: &mut Matched,
) {
    let mut scored: Vec<(i32, usize, (usize, usize), Alike)> = Vec::new();
    for (number, charge) in case.charges.iter().enumerate() {
        for &i in own {
            let Some(other) = state.get(i) else { continue };
            for (j, count) in other.counts.iter().enumerate() {
                let alike = offences.alike(charge.offence(), &count.offence);
                let same_number = charge.count.is_some_and(|number| number == count.order.count());
                let same_day = charge.day().is_some_and(|day| count.date == DateSpan::on(day));
                // Two branches may give out one number: without anything else in common these are two cases.
                let alone = case.charges.len() == 1
                    && own.len() == 1
                    && other.counts.len() == 1
                    && near(charge, count.date);
                if alike == Alike::Different && !(alone || (same_number && same_day)) {
                    continue;
                }
                let outcome = count.convicted.is_yes() == charge.is_conviction();
                let score = match alike {
                    Alike::Same => 8,
                    Alike::Compatible => 6,
                    Alike::Unknown => 2,
                    Alike::Different => 0,
                } + i32::from(same_number) * 3
                    + i32::from(same_day) * 2
                    + i32::from(outcome) * 4;
                scored.push((score, number, (i, j), alike));
            }
        }
    }
    scored.sort_by(|one, two| two.0.cmp(&one.0).then_with(|| (one.1, one.2).cmp(&(two.1, two.2))));
    let mut charges_done = vec![false; case.charges.len()];
    let mut counts_done: Vec<(usize, usize)> = Vec::new();
    for &(score, number, count, alike) in &scored {
        if charges_done.get(number).copied().unwrap_or(true) || counts_done.contains(&count) {
            continue;
        }
        let pair = |number: usize, count: (usize, usize)| {
            Some((case.charges.get(number)?, state.get(count.0).and_then(|case| case.counts.get(count.1))?))
        };
        let Some((charge, other)) = pair(number, count) else { continue };
        // Another pairing is as good. If it says something else of one of the two, nothing tells which is right.
        let rivals: Vec<(usize, (usize, usize))> = scored
            .iter()
            .filter(|rival| rival.0 == score && ((rival.1 == number) != (rival.2 == count)))
            .filter(|rival| charges_done.get(rival.1) == Some(&false) && !counts_done.contains(&rival.2))
            .filter(|rival| {
                pair(rival.1, rival.2)
                    .is_some_and(|(one, two)| differs(one, two, rival.3) != differs(charge, other, alike))
            })
            .map(|rival| (rival.1, rival.2))
            .collect();
        if !rivals.is_empty() {
            let charges: Vec<usize> = rivals.iter().map(|rival| rival.0).chain([number]).collect();
            for rival in scored.iter().filter(|rival| rival.0 == score && charges.contains(&rival.1)) {
                if counts_done.contains(&rival.2) {
                    continue;
                }
                counts_done.push(rival.2);
                mark(&mut answer.state, rival.2.0, rival.2.1, StateFound::CannotTell);
            }
            for number in charges {
                if let Some(done) = charges_done.get_mut(number) {
                    *done = true;
                }
                put(&mut answer.court, at, number, Found::CannotTell(Doubt::CountInCase));
            }
            continue;
        }
        if let Some(done) = charges_done.get_mut(number) {
            *done = true;
        }
        counts_done.push(count);
        let differs = differs(charge, other, alike);
        put(&mut answer.court, at, number, Found::InState { count, differs: differs.clone() });
        // A court that does not say how it ended confirms nothing.
        let silent = other.convicted.is_yes() && ended(charge) == Truth::Unknown && differs.is_empty();
        let found = if silent {
            StateFound::CannotTell
        } else {
            StateFound::InCourt { charge: (at, number), differs }
        };
        mark(&mut answer.state, count.0, count.1, found);
    }
    let first = own.first().copied();
    for (number, _) in charges_done.iter().enumerate().filter(|(_, done)| !**done) {
        // A count of the case that nobody claimed and that cannot be read may be the one.
        let unread =
            own.iter().any(|&i| {
                state.get(i).is_some_and(|other| {
                    other.counts.iter().enumerate().any(|(j, count)| {
                        !counts_done.contains(&(i, j)) && offences.of(&count.offence).is_none()
                    })
                })
            });
        let charge = case.charges.get(number);
        let found = if unread || counts_done.is_empty() {
            // Nothing of the case is there under its number: whether it is that case is not known.
            Found::CannotTell(Doubt::CountInCase)
        } else {
            charge
                .and_then(|charge| open(case, charge, state, offences, answer))
                .map_or(Found::Missing { case: first }, Found::CannotTell)
        };
        put(&mut answer.court, at, number, found);
    }
}

/// Whether a charge ended in a conviction.
fn ended(charge: &CourtCharge) -> Truth {
    match charge.disposition {
        Some(DispositionKind::Convicted) => Truth::Yes,
        Some(DispositionKind::NotConvicted | DispositionKind::Juvenile) => Truth::No,
        _ => Truth::Unknown,
    }
}

/// What the two say differently. Where one says nothing there is no difference.
fn differs(charge: &CourtCharge, count: &StateCount, alike: Alike) -> Vec<Differs> {
    let mut differs = Vec::new();
    let reduced = count.reliefs.contains(&ReliefKind::Reduced)
        || charge.relief.iter().any(|relief| relief.kind == ReliefKind::Reduced);
    if let (Some(court), Some(state), None) = (charge.level, count.level, charge.level_gap)
        && court != state
        && !reduced
    {
        differs.push(Differs::Level);
    }
    if alike == Alike::Different {
        differs.push(Differs::Section);
    }
    if let Some(day) = charge.day()
        && (count.date.before(DateSpan::on(day)).is_yes() || count.date.after(DateSpan::on(day)).is_yes())
    {
        differs.push(Differs::Date);
    }
    let ended = ended(charge);
    if (ended.is_yes() && count.convicted.is_no()) || (ended.is_no() && count.convicted.is_yes()) {
        differs.push(Differs::Disposition);
    }
    for relief in &charge.relief {
        if !count.reliefs.contains(&relief.kind) {
            differs.push(Differs::ReliefNotReported(relief.kind));
        }
    }
    for &relief in &count.reliefs {
        if !charge.relief.iter().any(|other| other.kind == relief) {
            differs.push(Differs::ReliefNotInCourt(relief));
        }
    }
    differs.sort_unstable();
    differs.dedup();
    differs
}

/// Two charges of different cases that were paired with the same count leave both open.
fn settle_rivals(answer: &mut Matched) {
    let mut claims: Vec<((usize, usize), (usize, usize))> = Vec::new();
    for (at, case) in answer.court.iter().enumerate() {
        for (number, found) in case.iter().enumerate() {
            if let Found::InState { count, .. } = found {
                claims.push((*count, (at, number)));
            }
        }
    }
    claims.sort_unstable();
    for rivals in claims.chunk_by(|one, two| one.0 == two.0).filter(|rivals| rivals.len() > 1) {
        for &(count, (at, number)) in rivals {
            put(&mut answer.court, at, number, Found::CannotTell(Doubt::SeveralCases));
            mark(&mut answer.state, count.0, count.1, StateFound::CannotTell);
        }
    }
}

fn put(court: &mut [Vec<Found>], at: usize, number: usize, found: Found) {
    if let Some(slot) = court.get_mut(at).and_then(|case| case.get_mut(number)) {
        *slot = found;
    }
}

fn mark(state: &mut [Vec<StateFound>], i: usize, j: usize, found: StateFound) {
    if let Some(slot) = state.get_mut(i).and_then(|case| case.get_mut(j)) {
        *slot = found;
    }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
