//! Statements about one fact, and the record's own, become one fact.

use super::Statements;
use super::facts::{Stated, Taken, Testimony};
use vacatur_records::{DateSpan, Fact, Gap, Seen};

/// A fact as it stands after the evidence, and what became of the evidence.
pub(super) struct Settled<T> {
    pub(super) fact: Fact<T>,
    pub(super) taken: Taken,
}

fn conflict<T>(value: T, one: Option<Seen>, two: Option<Seen>) -> Settled<T> {
    Settled { fact: Fact { value, gap: Some(Gap::Conflict), seen: [one, two] }, taken: Taken::Conflict }
}

/// Days: what all statements and the record have in common. `known` is what the record surely says, `recorded` the
/// record's fact with its places.
pub(super) fn days(
    statements: &Statements<'_>,
    known: DateSpan,
    recorded: Fact<DateSpan>,
) -> Settled<DateSpan> {
    let mut stated: Option<(DateSpan, Seen)> = None;
    for (one, seen) in statements {
        let Stated::Date(day) = one.says else { continue };
        stated = match stated {
            None => Some((day, *seen)),
            Some((kept, first)) => match kept.both(day) {
                Some(both) => Some((both, first)),
                None => return conflict(DateSpan::UNKNOWN, Some(first), Some(*seen)),
            },
        };
    }
    let Some((stated, seen)) = stated else { return Settled { fact: recorded, taken: Taken::Agreed } };
    let gap = |span: DateSpan| span.known().is_none().then_some(Gap::Partial);
    match known.both(stated) {
        // The record is as exact, and nothing in it speaks against it.
        Some(both) if both == known && recorded.value == known => {
            Settled { fact: recorded, taken: Taken::Agreed }
        }
        Some(both) => Settled {
            fact: Fact { value: both, gap: gap(both), seen: [Some(seen), recorded.seen[0]] },
            taken: Taken::Filled,
        },
        None if corrects(statements) => Settled {
            fact: Fact { value: stated, gap: gap(stated), seen: [Some(seen), recorded.seen[0]] },
            taken: Taken::Corrected,
        },
        None => conflict(DateSpan::UNKNOWN, recorded.seen[0], Some(seen)),
    }
}

/// Values that are the same or not. `known` is what the record surely says.
pub(super) fn exact<T: Clone + PartialEq>(
    statements: &Statements<'_>,
    says: impl Fn(&Testimony) -> Option<T>,
    known: Option<T>,
    recorded: Option<Seen>,
) -> Settled<Option<T>> {
    let mut stated: Option<(T, Seen)> = None;
    for (one, seen) in statements {
        let Some(value) = says(one) else { continue };
        match &stated {
            None => stated = Some((value, *seen)),
            Some((kept, first)) if *kept != value => return conflict(None, Some(*first), Some(*seen)),
            Some(_) => {}
        }
    }
    let Some((value, seen)) = stated else {
        return Settled {
            fact: Fact { value: known, gap: None, seen: [recorded, None] },
            taken: Taken::Agreed,
        };
    };
    let fact = Fact { value: Some(value.clone()), gap: None, seen: [Some(seen), recorded] };
    match known {
        None => Settled { fact, taken: Taken::Filled },
        Some(known) if known == value => Settled { fact, taken: Taken::Agreed },
        Some(_) if corrects(statements) => Settled { fact, taken: Taken::Corrected },
        Some(_) => conflict(None, recorded, Some(seen)),
    }
}

fn corrects(statements: &Statements<'_>) -> bool {
    statements.iter().any(|(one, _)| one.corrects)
}
