//! Relief against the load of reviews: which policies no other one betters in both.

use super::Role;
use super::results::Compared;
use serde::{Deserialize, Serialize};

/// The policies as points, and those that nothing betters.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Frontier {
    /// A point for each policy.
    pub points: Vec<Point>,
    /// The numbers of the chosen policies that no other chosen one betters, from the fewest minutes to the most.
    pub undominated: Vec<usize>,
}

/// A policy as a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The policy's number.
    pub number: usize,
    /// Minutes of review.
    pub minutes: u64,
    /// People helped.
    pub people_helped: u64,
    /// Convictions relieved.
    pub convictions_relieved: u64,
    /// For one that is bettered: the number of a policy on the frontier that helps as many people or more for as few
    /// minutes or fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bettered_by: Option<usize>,
}

/// The points of policies. Baselines are no choice: they better nobody, and nothing betters them.
pub(super) fn of(candidates: &[Compared]) -> Frontier {
    let mut points: Vec<Point> = candidates
        .iter()
        .map(|one| Point {
            number: one.number,
            minutes: one.reviews.minutes,
            people_helped: one.people_helped,
            convictions_relieved: one.convictions_relieved,
            bettered_by: None,
        })
        .collect();
    let chosen: Vec<Point> = candidates
        .iter()
        .zip(&points)
        .filter(|(one, _)| one.role == Role::Chosen)
        .map(|(_, point)| *point)
        .collect();
    let betters = |one: &Point, other: &Point| {
        let as_good = one.minutes <= other.minutes && one.people_helped >= other.people_helped;
        as_good && (one.minutes, one.people_helped) != (other.minutes, other.people_helped)
    };
    let mut best: Vec<Point> =
        chosen.iter().filter(|point| !chosen.iter().any(|other| betters(other, point))).copied().collect();
    best.sort_by_key(|point| (point.minutes, point.people_helped, point.number));
    for point in points.iter_mut().filter(|point| chosen.iter().any(|one| one.number == point.number)) {
        point.bettered_by = best.iter().find(|one| betters(one, point)).map(|one| one.number);
    }
    Frontier { points, undominated: best.iter().map(|point| point.number).collect() }
}
