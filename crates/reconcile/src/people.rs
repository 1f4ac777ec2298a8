//! People: what case numbers settle, and who they are whom only the court knows.

use crate::error::ReconcileError;
use crate::identity;
use crate::job::Job;
use crate::linking::{self, Linked};
use crate::matching::Doubt;
use crate::standing::{Standing, Status};
use crate::who::{Candidate, Who, in_order};
use rustc_hash::{FxHashMap, FxHashSet};
use vacatur_linkage::cluster::{Constraints, Joining, Labels, Settings, cluster};
use vacatur_linkage::{Model, Pair, Scorer, SidesBuilder};
use vacatur_records::CourtCase;

/// What a pair counts that was not found, when all pairs of two groups are asked whether they agree.
const NOT_FOUND: f32 = -6.0;
/// Two groups that a record fits, nearer to one another than this, are tied.
const MARGIN: f32 = 3.0;

/// Where a conviction of somebody stands before cases are compared.
pub(crate) fn standing_of(who: &Who) -> Standing {
    match who {
        Who::Linked(_) | Who::Doubt(_) => Standing::new(Status::CannotTell, Some(Doubt::Person)),
        Who::Unknown => Standing::new(Status::PersonUnknown, None),
        Who::Unnamed => Standing::new(Status::CannotTell, Some(Doubt::NoPerson)),
    }
}

/// What case numbers say of who somebody is. `hits` are pairs of a case and a person of the state's file in whose record the
/// case stands under the same number with the same day and offence, sorted.
///
/// A defendant in doubt is linked to the one candidate in whose record the case stands. A defendant whom nothing was
/// found for, or who is linked to somebody else, comes to be in doubt. A co-defendant's record says nothing.
pub(crate) fn settle_by_case(
    everybody: &mut [Who],
    hits: &[(u32, u32)],
    cases: &[CourtCase],
    linked: &Linked,
) -> Result<u64, ReconcileError> {
    let scorer = linked.scorer()?;
    let clerical = linking::thresholds(&linked.model).clerical;
    let key = |case: u32| cases.get(case as usize).map_or("", |case| case.key.as_str());
    let mut taken: FxHashSet<(String, u32)> = FxHashSet::default();
    for (case, who) in everybody.iter().enumerate() {
        if let Who::Linked(found) = who {
            taken.insert((key(case as u32).to_owned(), found.state));
        }
    }
    let mut settled = 0;
    for same in hits.chunk_by(|one, other| one.0 == other.0) {
        let Some(&(case, _)) = same.first() else { continue };
        let Some(who) = everybody.get_mut(case as usize) else { continue };
        let free = |state: u32| !taken.contains(&(key(case).to_owned(), state));
        let states: Vec<u32> = same.iter().map(|(_, state)| *state).filter(|&state| free(state)).collect();
        let found: Vec<Candidate> = states.iter().map(|&state| by_case(&scorer, state, case)).collect();
        match who {
            Who::Doubt(candidates) => {
                let fits: Vec<Candidate> =
                    candidates.iter().filter(|one| states.contains(&one.state)).copied().collect();
                if let [one] = fits[..] {
                    taken.insert((key(case).to_owned(), one.state));
                    *who = Who::Linked(one);
                    settled += 1;
                } else {
                    candidates.extend(found);
                    in_order(candidates);
                }
            }
            // Linked to somebody, and the case stands in the record of somebody else: one of the two is wrong.
            Who::Linked(one) if !same.iter().any(|(_, state)| *state == one.state) && !states.is_empty() => {
                let mut candidates = vec![*one];
                candidates.extend(found);
                in_order(&mut candidates);
                *who = Who::Doubt(candidates);
            }
            Who::Unknown | Who::Unnamed if !states.is_empty() => match found[..] {
                // No blocking rule looked at the pair, and it is likely all the same.
                [one] if one.weight >= clerical => {
                    taken.insert((key(case).to_owned(), one.state));
                    *who = Who::Linked(one);
                    settled += 1;
                }
                _ => *who = Who::Doubt(found),
            },
            _ => {}
        }
    }
    Ok(settled)
}

/// A link that rests on neither name nor birth date as they are, and on no number of the person, is for somebody to look
/// at: twins have one birth date and one family name, fathers and sons one name.
pub(crate) fn doubt_kin(everybody: &mut [Who], linked: &Linked) -> Result<(), ReconcileError> {
    use vacatur_linkage::model::FieldKind;
    let scorer = linked.scorer()?;
    let model: &Model = &linked.model;
    let kind = |at: usize| {
        let comparison = model.comparisons.get(at)?;
        model.field(&comparison.field).and_then(|field| model.fields.get(field)).map(|field| field.kind)
    };
    for (record, who) in everybody.iter_mut().enumerate() {
        let Who::Linked(found) = who else { continue };
        let levels = scorer.levels(found.state, record as u32);
        let mut differs = false;
        let mut settled = false;
        for (at, &level) in levels.iter().enumerate().filter(|(_, level)| **level > 0) {
            let last = model.comparisons.get(at).map_or(0, |comparison| comparison.levels.len());
            match kind(at) {
                Some(FieldKind::Given | FieldKind::Date | FieldKind::Suffix) => {
                    differs |= usize::from(level) == last;
                }
                Some(FieldKind::Identifier) => settled |= level == 1,
                _ => {}
            }
        }
        if differs && !settled {
            *who = Who::Doubt(vec![*found]);
        }
    }
    Ok(())
}

/// The court's own number of a person says that cases are one person's. Where some of them are linked, the others are in
/// doubt to be the same; where they are linked to several, all of them are.
pub(crate) fn by_person_number(everybody: &mut [Who], cases: &[CourtCase]) {
    let mut of: FxHashMap<(u32, &str), Vec<u32>> = FxHashMap::default();
    for (at, case) in cases.iter().enumerate() {
        let number = case.party.person_number.expose();
        if !number.is_empty() {
            of.entry((case.court, number.as_str())).or_default().push(at as u32);
        }
    }
    for group in of.into_values().filter(|group| group.len() > 1) {
        let mut states: Vec<Candidate> = Vec::new();
        for &case in &group {
            if let Some(Who::Linked(one)) = everybody.get(case as usize) {
                states.push(*one);
            }
        }
        in_order(&mut states);
        if states.is_empty() {
            continue;
        }
        for &case in &group {
            let Some(who) = everybody.get_mut(case as usize) else { continue };
            match who {
                Who::Linked(_) if states.len() > 1 => *who = Who::Doubt(states.clone()),
                Who::Unknown | Who::Unnamed => *who = Who::Doubt(states.clone()),
                Who::Doubt(candidates) => {
                    candidates.extend(states.iter().copied());
                    in_order(candidates);
                }
                Who::Linked(_) => {}
            }
        }
    }
}

/// A case that names nobody but has the state's number of somebody may be theirs.
pub(crate) fn by_state_number(everybody: &mut [Who], cases: &[CourtCase], ciis: &[String]) {
    let mut of: FxHashMap<String, u32> = FxHashMap::default();
    for (at, cii) in ciis.iter().enumerate() {
        let number = digits(cii);
        if !number.is_empty() {
            of.entry(number).or_insert(at as u32);
        }
    }
    for (who, case) in everybody.iter_mut().zip(cases) {
        if let Who::Unnamed = who
            && let Some(&state) = of.get(&digits(case.party.cii.expose()))
        {
            *who = Who::Doubt(vec![Candidate { state, weight: 0.0, rule: BY_CASE }]);
        }
    }
}

/// Somebody whom the case number brought up.
fn by_case(scorer: &Scorer<'_>, state: u32, case: u32) -> Candidate {
    Candidate { state, weight: scorer.waterfall(state, case).weight as f32, rule: BY_CASE }
}

/// In place of a blocking rule: the pair was found by the number of the case.
pub(crate) const BY_CASE: u8 = u8::MAX;

/// The people whom only the court knows, or who are in doubt.
pub(crate) struct CourtPeople {
    /// For each case the number of its person; none for those linked to the state's file, or without a name.
    pub(crate) of_case: Vec<Option<u32>>,
    /// For each person the cases.
    pub(crate) groups: Vec<Vec<u32>>,
    /// For each person whether another group's record may be the person's too.
    pub(crate) doubtful: Vec<bool>,
}

/// Puts the cases together that are not linked to the state's file. `model` is the one that was trained on both files,
/// if there are two.
pub(crate) fn court_only(
    job: &Job<'_>,
    everybody: &[Who],
    linked: Option<&Linked>,
) -> Result<(CourtPeople, Option<Linked>), ReconcileError> {
    let file = job.court;
    let rest: Vec<u32> = everybody
        .iter()
        .enumerate()
        .filter(|(_, who)| matches!(who, Who::Unknown | Who::Doubt(_)))
        .map(|(case, _)| case as u32)
        .collect();
    let model: &Model = linked.map_or(job.model, |linked| &linked.model);
    let fields = linking::cells_of(model);
    let mut builder = SidesBuilder::new(model);
    for &case in &rest {
        if let Some(case) = file.cases.get(case as usize) {
            let cells = identity::of_court(case);
            builder
                .left(&linking::ordered(&cells, &fields))
                .map_err(|error| ReconcileError::Linkage(error.to_string()))?;
        }
    }
    let alone = if rest.len() < 2 {
        None
    } else {
        let sides = builder.finish();
        let trained = linking::trained(&sides, model, "one court's file", job.threads)?;
        Some(linking::pairs(sides, trained, job.threads)?)
    };
    let pairs: &[Pair] = alone.as_ref().map_or(&[], |alone| &alone.pairs);
    let own = |at: &u32| file.cases.get(*at as usize);
    let ciis =
        labels(rest.iter().map(|at| own(at).map_or(String::new(), |case| digits(case.party.cii.expose()))));
    let suffixes = labels(
        rest.iter().map(|at| own(at).map_or(String::new(), |case| case.party.name.expose().suffix.clone())),
    );
    let codefendants = labels(rest.iter().map(|at| {
        own(at)
            .filter(|case| !case.key.is_empty())
            .map_or(String::new(), |case| file.case_hash(case).to_string())
    }));
    let numbers = labels(rest.iter().map(|at| {
        own(at)
            .filter(|case| !case.party.person_number.expose().is_empty())
            .map_or(String::new(), |case| format!("{} {}", case.court, case.party.person_number.expose()))
    }));
    let together = same_number(&numbers);
    let link = linking::thresholds(model).link;
    let clusters = cluster(
        pairs,
        rest.len(),
        Settings {
            join: link,
            joining: Joining::Agreeing { missing: NOT_FOUND },
            bridge: link,
            margin: MARGIN,
        },
        Constraints {
            one_value: &[
                Labels { name: "state number", values: &ciis },
                Labels { name: "generation", values: &suffixes },
            ],
            once: &[Labels { name: "case", values: &codefendants }],
            apart: &[],
            together: &together,
        },
    )
    .map_err(|error| ReconcileError::Linkage(error.to_string()))?;

    let mut people =
        CourtPeople { of_case: vec![None; everybody.len()], groups: Vec::new(), doubtful: Vec::new() };
    let mut number_of: FxHashMap<u32, u32> = FxHashMap::default();
    for (at, (&case, &least)) in rest.iter().zip(&clusters.of).enumerate() {
        let next = number_of.len() as u32;
        let person = *number_of.entry(least).or_insert(next);
        if person == next && least as usize == at {
            people.groups.push(Vec::new());
        }
        if let Some(group) = people.groups.get_mut(person as usize) {
            group.push(case);
        }
        if let Some(slot) = people.of_case.get_mut(case as usize) {
            *slot = Some(person);
        }
    }
    people.doubtful = vec![false; people.groups.len()];
    let person_of =
        |record: u32| clusters.of.get(record as usize).and_then(|least| number_of.get(least)).copied();
    for pair in pairs {
        let (left, right) = (person_of(pair.left), person_of(pair.right));
        if left != right {
            for person in [left, right].into_iter().flatten() {
                if let Some(slot) = people.doubtful.get_mut(person as usize) {
                    *slot = true;
                }
            }
        }
    }
    Ok((people, alone))
}

/// A number for each different text; 0 for none.
fn labels(texts: impl Iterator<Item = String>) -> Vec<u32> {
    let mut known: FxHashMap<String, u32> = FxHashMap::default();
    texts
        .map(|text| {
            if text.is_empty() {
                return 0;
            }
            let next = known.len() as u32 + 1;
            *known.entry(text).or_insert(next)
        })
        .collect()
}

/// Each record with a number, joined to the first that has it.
fn same_number(numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut first: FxHashMap<u32, u32> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (at, &number) in numbers.iter().enumerate().filter(|(_, number)| **number > 0) {
        let at = at as u32;
        let known = *first.entry(number).or_insert(at);
        if known != at {
            pairs.push((known, at));
        }
    }
    pairs
}

/// A number without its letters and leading zeros, as two agencies would agree on it.
pub(crate) fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}
