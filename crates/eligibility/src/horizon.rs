//! Who becomes eligible later, if nothing new is recorded until then.

use crate::determination::Determination;
use crate::engine::Worker;
use crate::prepared::Prepared;
use vacatur_policy::OutcomeKind;
use vacatur_records::{Date, add_days, add_months};

/// A count that gains relief on a later day.
#[derive(Clone, Copy)]
pub struct Turn<'e> {
    /// The first day on which it does.
    pub on: Date,
    /// What would be decided on that day.
    pub then: Determination<'e>,
}

/// For each of `now`, the determinations of a policy on its day that give no relief: the first day within so many months
/// on which it would. Days are looked at month by month and the one on which it turns is then found between two months; a
/// relief that lasts less than a month may be passed over.
///
/// The record is taken as it is: no new conviction, no answer to what is missing.
#[must_use]
pub fn horizon<'e>(
    worker: &Worker<'e>,
    prepared: &Prepared<'_, '_>,
    policy: usize,
    now: &[Determination<'e>],
    months: u32,
) -> Vec<Turn<'e>> {
    let mut waiting: Vec<u32> = now
        .iter()
        .filter(|found| !found.outcome().is_grant() && found.outcome() != OutcomeKind::AlreadyRelieved)
        .map(|found| found.count)
        .collect();
    let start = prepared.as_of();
    let mut turns = Vec::new();
    let mut before = start;
    for month in 1..=i32::try_from(months).unwrap_or(i32::MAX) {
        if waiting.is_empty() {
            break;
        }
        let day = add_months(start, month);
        let mut turned = Vec::new();
        worker.determine_of(prepared, policy, day, &waiting, |found| {
            if found.outcome().is_grant() {
                turned.push(found.count);
            }
        });
        // Both are in the order of the counts.
        waiting.retain(|count| turned.binary_search(count).is_err());
        for count in turned {
            turns.extend(first_day(worker, prepared, policy, count, before, day));
        }
        before = day;
    }
    turns.sort_by_key(|turn| (turn.on, turn.then.count));
    turns
}

/// The first day after `before`, at the latest `day`, on which the count gains relief, as it does on `day`.
fn first_day<'e>(
    worker: &Worker<'e>,
    prepared: &Prepared<'_, '_>,
    policy: usize,
    count: u32,
    before: Date,
    day: Date,
) -> Option<Turn<'e>> {
    let on = |day: Date| {
        let mut then = None;
        worker.determine_of(prepared, policy, day, &[count], |found| {
            if found.outcome().is_grant() {
                then = Some(found);
            }
        });
        then.map(|then| Turn { on: day, then })
    };
    let (mut without, mut with) = (before, on(day)?);
    while add_days(without, 1) < with.on {
        let days = with.on.since(without).map_or(0, |span| span.get_days());
        let middle = add_days(without, days / 2);
        match on(middle) {
            Some(turn) => with = turn,
            None => without = middle,
        }
    }
    Some(with)
}

vacatur_records::silent_debug!(Turn<'_>);
