//! What a comparison found, in numbers: `comparison.json`, of which the tables and the pages are made.

use super::frontier::{self, Frontier};
use super::groups::{self, Dimension};
use super::intervals::{self, Ratio, Share};
use super::tally::{PeopleOf, Tally, place};
use super::{Candidate, Role};
use crate::manifest::PolicyRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vacatur_policy::{Missing, MissingSet, OutcomeKind};

/// The version of `comparison.json`.
pub(super) const SCHEMA: &str = "vacatur-comparison-1";

/// Numbers of convictions relieved, as groups.
const RELIEVED: [&str; 5] = ["1", "2", "3", "4", "5 or more"];

/// What is missing in a review that the document itself asks for.
pub(super) const NOTHING: &str = "nothing: the policy asks for it";

/// Policies compared on the same people.
#[derive(Clone, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of this table.
    pub schema: String,
    /// The day of the decision.
    pub as_of: String,
    /// Minutes that a person needs for one review.
    pub minutes_per_review: u32,
    /// People in the inputs.
    pub people: u64,
    /// People with a conviction in the scope of at least one candidate.
    pub people_concerned: u64,
    /// Their convictions that stand, and everybody else's.
    pub convictions_on_record: u64,
    /// Counts on which two of the chosen policies differ.
    pub differing: u64,
    /// The policies: those that were chosen, and after them the baselines.
    pub candidates: Vec<Compared>,
    /// Each two of them of which at least one outcome differs.
    pub pairs: Vec<Pair>,
    /// Relief against the load of reviews.
    pub frontier: Frontier,
}

/// One policy of a comparison.
#[derive(Clone, Serialize, Deserialize)]
pub struct Compared {
    /// Its number, from 1.
    pub number: usize,
    /// Its name, with the parameters that were set.
    pub label: String,
    /// Why it is here.
    pub role: Role,
    /// The document and all its parameters.
    pub policy: PolicyRecord,
    /// People with a conviction in scope.
    pub people_in_scope: u64,
    /// People with relief from at least one conviction.
    pub people_helped: u64,
    /// Convictions decided.
    pub convictions: u64,
    /// Those that gain relief.
    pub convictions_relieved: u64,
    /// People by how many of their convictions gain relief.
    pub people_by_relieved: BTreeMap<String, u64>,
    /// How people stand afterwards.
    pub standing: Standing,
    /// What is left to people.
    pub reviews: Reviews,
    /// Convictions and people by group.
    pub groups: BTreeMap<String, Vec<Group>>,
    /// Shares of people helped, by race, and their ratios.
    pub disparities: Vec<Disparity>,
}

/// How people stand once the relief is granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// People with a felony before, and surely none after.
    pub without_felony: u64,
    /// People helped of whom it cannot be told.
    pub without_felony_unclear: u64,
    /// People with a conviction before, and surely none after.
    pub without_conviction: u64,
    /// People helped of whom it cannot be told.
    pub without_conviction_unclear: u64,
    /// People with a conviction in the seven years before the day of the decision, and surely none after.
    pub without_recent_conviction: u64,
}

impl Standing {
    fn of(people: &PeopleOf) -> Self {
        Self {
            without_felony: people.felony_free,
            without_felony_unclear: people.felony_unclear,
            without_conviction: people.record_free,
            without_conviction_unclear: people.record_unclear,
            without_recent_conviction: people.recent_free,
        }
    }
}

/// What a policy leaves to people.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reviews {
    /// Convictions.
    pub convictions: u64,
    /// People with at least one of them.
    pub people: u64,
    /// Minutes that they take.
    pub minutes: u64,
    /// By the fact that is missing: all that miss it, and those that miss nothing else.
    pub missing: Vec<MissingFact>,
}

/// A fact that reviews miss.
#[derive(Clone, Serialize, Deserialize)]
pub struct MissingFact {
    /// The fact.
    pub fact: String,
    /// Reviews that miss it.
    pub reviews: u64,
    /// Those that miss nothing else.
    pub alone: u64,
}

/// A group of convictions or people.
#[derive(Clone, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub group: String,
    /// Convictions by outcome.
    pub by_outcome: BTreeMap<String, u64>,
    /// People, where a person is in one group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<GroupPeople>,
}

/// The people of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPeople {
    /// In the inputs.
    pub in_file: u64,
    /// With a conviction in the scope of at least one policy of the comparison.
    pub concerned: u64,
    /// With one in the scope of this policy.
    pub in_scope: u64,
    /// With relief.
    pub helped: u64,
    /// With a review.
    pub review: u64,
    /// How they stand afterwards.
    #[serde(flatten)]
    pub standing: Standing,
}

/// How many of a group's people are helped, beside the largest group.
#[derive(Clone, Serialize, Deserialize)]
pub struct Disparity {
    /// The group, by race as recorded.
    pub group: String,
    /// People with a conviction in the scope of at least one policy of the comparison.
    pub concerned: u64,
    /// Those of them with relief.
    pub helped: u64,
    /// The share, with its interval of 95 %.
    pub share: Share,
    /// The share divided by that of the reference group, with its interval of 95 %; absent for the reference group and
    /// where one of the numbers is 0.
    pub ratio: Option<Ratio>,
    /// The group with which it is compared.
    pub reference: String,
}

/// Two policies and the counts on which they differ.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pair {
    /// The number of one policy.
    pub one: usize,
    /// The number of the other.
    pub other: usize,
    /// Counts with different outcomes.
    pub counts: u64,
    /// By outcome and reason of both, the most frequent first: in `pairs.csv`, and not in `comparison.json`.
    #[serde(skip)]
    pub kinds: Vec<PairKind>,
}

/// In what two policies differ.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PairKind {
    /// The outcome under the one.
    pub outcome: String,
    /// Its reason.
    pub reason: String,
    /// The outcome under the other.
    pub other_outcome: String,
    /// Its reason.
    pub other_reason: String,
    /// Counts.
    pub counts: u64,
}

impl Comparison {
    pub(super) fn of(
        mut tally: Tally,
        candidates: &[Candidate],
        records: Vec<PolicyRecord>,
        (as_of, minutes): (String, u32),
    ) -> Self {
        tally.settle();
        let number = candidates.len();
        let found: Vec<Compared> = candidates
            .iter()
            .zip(records)
            .enumerate()
            .map(|(at, (candidate, policy))| one(&tally, at, number, candidate, policy, minutes))
            .collect();
        let people_concerned =
            tally.tables[Dimension::All as usize].concerned.first().copied().unwrap_or_default();
        Self {
            schema: SCHEMA.to_owned(),
            as_of,
            minutes_per_review: minutes,
            people: tally.people,
            people_concerned,
            convictions_on_record: tally.convictions_on_record,
            differing: tally.differing,
            pairs: pairs(&tally),
            frontier: frontier::of(&found),
            candidates: found,
        }
    }
}

/// One candidate's numbers.
fn one(
    tally: &Tally,
    at: usize,
    candidates: usize,
    candidate: &Candidate,
    policy: PolicyRecord,
    minutes: u32,
) -> Compared {
    let mut groups: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    for dimension in Dimension::ALL {
        let table = &tally.tables[dimension as usize];
        let mut all: Vec<Group> = Vec::new();
        for (group, (in_file, concerned)) in table.in_file.iter().zip(&table.concerned).enumerate() {
            let cell = group * candidates + at;
            let numbers = table.convictions.get(cell).copied().unwrap_or_default();
            let of = table.people.get(cell).copied().unwrap_or_default();
            let by_outcome = OutcomeKind::ALL.iter().zip(numbers);
            all.push(Group {
                group: table.names.text(group as u32).to_owned(),
                by_outcome: by_outcome.map(|(kind, number)| (kind.word().to_owned(), number)).collect(),
                people: dimension.is_of_people().then(|| GroupPeople {
                    in_file: *in_file,
                    concerned: *concerned,
                    in_scope: of.in_scope,
                    helped: of.helped,
                    review: of.review,
                    standing: Standing::of(&of),
                }),
            });
        }
        all.sort_by(|one, other| groups::order(&one.group).cmp(&groups::order(&other.group)));
        groups.insert(dimension.word().to_owned(), all);
    }
    let table = &tally.tables[Dimension::All as usize];
    let numbers = table.convictions.get(at).copied().unwrap_or_default();
    let of = table.people.get(at).copied().unwrap_or_default();
    let relieved = OutcomeKind::ALL.iter().zip(numbers).filter(|(kind, _)| kind.is_grant());
    let reviews = numbers.get(place(OutcomeKind::Review)).copied().unwrap_or_default();
    let mut missing: Vec<MissingFact> = Missing::ALL
        .into_iter()
        .map(|fact| {
            let (reviews, alone) = tally.reviews_missing(at as u16, fact);
            MissingFact { fact: fact.name().to_owned(), reviews, alone }
        })
        .collect();
    let asked = tally.missing.get(&(at as u16, MissingSet::NONE)).copied().unwrap_or_default();
    missing.push(MissingFact { fact: NOTHING.to_owned(), reviews: asked, alone: asked });
    missing.retain(|fact| fact.reviews > 0);
    missing.sort_by(|one, other| other.reviews.cmp(&one.reviews).then_with(|| one.fact.cmp(&other.fact)));
    let by_relieved = tally.relieved.get(at).copied().unwrap_or_default();
    let disparities =
        groups.get(Dimension::Race.word()).map(|groups| disparities(groups)).unwrap_or_default();
    Compared {
        number: at + 1,
        label: candidate.label.clone(),
        role: candidate.role,
        policy,
        people_in_scope: of.in_scope,
        people_helped: of.helped,
        convictions: numbers.iter().sum(),
        convictions_relieved: relieved.map(|(_, number)| number).sum(),
        people_by_relieved: RELIEVED.iter().map(|word| (*word).to_owned()).zip(by_relieved).collect(),
        standing: Standing::of(&of),
        reviews: Reviews {
            convictions: reviews,
            people: of.review,
            minutes: reviews * u64::from(minutes),
            missing,
        },
        groups,
        disparities,
    }
}

/// The shares of people helped in each group of which somebody is concerned, beside the largest group that is recorded.
fn disparities(groups: &[Group]) -> Vec<Disparity> {
    let of = |group: &Group| group.people.map(|people| (people.helped, people.concerned));
    let recorded = groups.iter().filter(|group| {
        ![groups::NOT_RECORDED, groups::OTHER].contains(&group.group.as_str())
            && of(group).is_some_and(|(_, concerned)| concerned > 0)
    });
    // Of two groups of the same size the first by name.
    let largest = recorded.rev().max_by_key(|group| of(group).map(|(_, concerned)| concerned));
    let Some((reference, beside)) = largest.and_then(|group| Some((group, of(group)?))) else {
        return Vec::new();
    };
    groups
        .iter()
        .filter_map(|group| {
            let (helped, concerned) = of(group).filter(|(_, concerned)| *concerned > 0)?;
            let other = group.group != reference.group;
            Some(Disparity {
                group: group.group.clone(),
                concerned,
                helped,
                share: intervals::share(helped, concerned),
                ratio: other.then(|| intervals::ratio((helped, concerned), beside)).flatten(),
                reference: reference.group.clone(),
            })
        })
        .collect()
}

/// Each two candidates that differ, and in what.
fn pairs(tally: &Tally) -> Vec<Pair> {
    let mut by_pair: BTreeMap<(u16, u16), BTreeMap<[&str; 4], u64>> = BTreeMap::new();
    for ((one, other, answer, beside), number) in &tally.pairs {
        let (Some(answer), Some(beside)) = (tally.answers.get(*answer), tally.answers.get(*beside)) else {
            continue;
        };
        let words = [answer.word(), &*answer.reason, beside.word(), &*beside.reason];
        *by_pair.entry((*one, *other)).or_default().entry(words).or_default() += number;
    }
    by_pair
        .into_iter()
        .map(|((one, other), kinds)| {
            let mut kinds: Vec<PairKind> = kinds
                .into_iter()
                .map(|([outcome, reason, other_outcome, other_reason], counts)| PairKind {
                    outcome: outcome.to_owned(),
                    reason: reason.to_owned(),
                    other_outcome: other_outcome.to_owned(),
                    other_reason: other_reason.to_owned(),
                    counts,
                })
                .collect();
            kinds.sort_by(|one, other| other.counts.cmp(&one.counts).then_with(|| one.cmp(other)));
            let counts = kinds.iter().map(|kind| kind.counts).sum();
            Pair { one: usize::from(one) + 1, other: usize::from(other) + 1, counts, kinds }
        })
        .collect()
}

vacatur_records::silent_debug!(Comparison, Compared, MissingFact, Group, Disparity, PairKind);
