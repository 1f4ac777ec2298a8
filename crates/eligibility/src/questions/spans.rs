//! Where along a line of days or amounts a decision changes.

use std::collections::{BTreeMap, VecDeque};

/// What is decided if the value lies somewhere in a span, or is one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading<D, E, A> {
    /// All that was decided.
    pub(super) decision: D,
    /// As much of it as an answer tells.
    pub(super) effect: E,
    /// Whether nothing in it hangs on the value any more, so that it holds for each value of the span.
    pub(super) settled: bool,
    /// What in it is taken for granted while it is unknown, so that it could be otherwise for a single value.
    pub(super) assumed: A,
}

/// How many parts a line is cut into at first.
const PARTS: i32 = 8;
/// How many spans are looked at to see whether a change hides in them. Mostly the first settles it. Where nothing does,
/// this is a grid of about a year over the lifetime of a person.
const LOOKED_AT: usize = 128;

/// The values from `grid[0]` to the last of `grid`, cut where the effect changes: where each part begins, and its
/// effect. A change is found exactly.
///
/// Points are read first, and between two neighbours with different effects the change is sought by halving. Then each
/// stretch of points with the same effect is read as a whole: if its decision does not hang on the value, no change
/// hides in it, else it is halved too.
pub(super) fn spans<D: Copy + PartialEq, E: Copy + PartialEq, A: Copy + PartialEq>(
    grid: &[i32],
    mut read: impl FnMut(i32, i32) -> Reading<D, E, A>,
) -> Vec<(i32, E)> {
    let mut points: Points<D, E, A> = first_points(grid).into_iter().map(|at| (at, read(at, at))).collect();
    let mut looks = LOOKED_AT;
    loop {
        close_in(&mut points, &mut read);
        if !look_inside(&mut points, &mut looks, &mut read) {
            break;
        }
    }
    let mut found: Vec<(i32, E)> = Vec::new();
    for (at, reading) in points {
        if found.last().is_none_or(|(_, effect)| *effect != reading.effect) {
            found.push((at, reading.effect));
        }
    }
    found
}

/// Values that were read, each for itself.
type Points<D, E, A> = BTreeMap<i32, Reading<D, E, A>>;

fn first_points(grid: &[i32]) -> Vec<i32> {
    let [first, last] = *grid else { return grid.to_vec() };
    let step = ((last - first) / PARTS).max(1);
    let mut points: Vec<i32> = (0..PARTS).map(|part| first + part * step).filter(|&at| at < last).collect();
    points.push(last);
    points
}

/// Between neighbours with different effects, halves until they are next to one another.
fn close_in<D: Copy, E: Copy + PartialEq, A: Copy>(
    points: &mut Points<D, E, A>,
    read: &mut impl FnMut(i32, i32) -> Reading<D, E, A>,
) {
    let mut open = differing(points);
    while let Some((from, to)) = open.pop() {
        let middle = from + (to - from) / 2;
        points.insert(middle, read(middle, middle));
        for (from, to) in [(from, middle), (middle, to)] {
            let differ = points.get(&from).map(|one| one.effect) != points.get(&to).map(|one| one.effect);
            if differ && to - from > 1 {
                open.push((from, to));
            }
        }
    }
}

/// Looks for changes that hide between points with the same effect; whether there are any.
fn look_inside<D: Copy + PartialEq, E: Copy + PartialEq, A: Copy + PartialEq>(
    points: &mut Points<D, E, A>,
    looks: &mut usize,
    read: &mut impl FnMut(i32, i32) -> Reading<D, E, A>,
) -> bool {
    let mut found = false;
    let mut open: VecDeque<(i32, i32)> = stretches(points);
    while let Some((from, to)) = open.pop_front() {
        if to - from <= 1 {
            continue;
        }
        if *looks == 0 {
            break;
        }
        *looks -= 1;
        let (Some(&first), Some(&last)) = (points.get(&from), points.get(&to)) else { continue };
        let whole = read(from, to);
        let at_its_ends = |same: &dyn Fn(&Reading<D, E, A>) -> bool| same(&first) && same(&last);
        let hangs_on_nothing =
            whole.settled && whole.effect == first.effect && at_its_ends(&|end| end.assumed == whole.assumed);
        if hangs_on_nothing || at_its_ends(&|end| end.decision == whole.decision) {
            continue;
        }
        let middle = from + (to - from) / 2;
        let reading = *points.entry(middle).or_insert_with(|| read(middle, middle));
        if reading.effect == first.effect {
            open.extend([(from, middle), (middle, to)]);
        } else {
            found = true;
        }
    }
    found
}

/// Neighbours with different effects that are not yet next to one another.
fn differing<D, E: PartialEq, A>(points: &BTreeMap<i32, Reading<D, E, A>>) -> Vec<(i32, i32)> {
    let next = points.iter().skip(1);
    points
        .iter()
        .zip(next)
        .filter(|((from, one), (to, other))| one.effect != other.effect && **to - **from > 1)
        .map(|((from, _), (to, _))| (*from, *to))
        .collect()
}

/// Stretches of points with the same effect, the widest first.
fn stretches<D, E: PartialEq, A>(points: &BTreeMap<i32, Reading<D, E, A>>) -> VecDeque<(i32, i32)> {
    let mut found: Vec<(i32, i32)> = Vec::new();
    let mut last: Option<(i32, &E)> = None;
    for (&at, reading) in points {
        match (last, found.last_mut()) {
            (Some((_, effect)), Some(stretch)) if *effect == reading.effect => stretch.1 = at,
            _ => found.push((at, at)),
        }
        last = Some((at, &reading.effect));
    }
    found.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
    found.into()
}

/// From `least` to `most`, each value about twice the one before it.
pub(super) fn doubling(least: i32, most: i32) -> Vec<i32> {
    let mut grid = vec![least];
    let mut step = 1i32;
    while let Some(next) = least.checked_add(step).filter(|next| *next < most) {
        grid.push(next);
        step = step.saturating_mul(2);
        if step == i32::MAX {
            break;
        }
    }
    if most > least {
        grid.push(most);
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value is decided by which of the marks it has passed.
    fn by_marks(marks: &[i32]) -> impl Fn(i32, i32) -> Reading<usize, usize, ()> + '_ {
        move |from, to| {
            let passed = |at: i32| marks.iter().filter(|&&mark| mark <= at).count();
            let settled = passed(from) == passed(to);
            let decision = if settled { passed(from) } else { usize::MAX };
            Reading { decision, effect: decision, settled, assumed: () }
        }
    }

    #[test]
    fn every_change_is_found_to_the_day() {
        for marks in [&[][..], &[1], &[100], &[17, 40_000], &[500, 501], &[30, 31, 32, 9_999], &[99_999]] {
            let found = spans(&[0, 100_000], by_marks(marks));
            let expected: Vec<(i32, usize)> =
                std::iter::once(0).chain(marks.iter().copied()).zip(0..).collect();
            assert_eq!(found, expected, "{marks:?}");
        }
    }

    #[test]
    fn few_values_are_read() {
        let mut read = 0;
        spans(&[0, 60_000], |from, to| {
            read += 1;
            by_marks(&[20_000, 40_000])(from, to)
        });
        assert!(read < 120, "{read}");
    }

    #[test]
    fn where_nothing_settles_the_search_ends() {
        let mut read = 0;
        let found = spans(&[0, 60_000], |from, to| {
            read += 1;
            // Another unknown keeps every span open, and each point has a decision of its own.
            Reading { decision: (from, to), effect: from >= 30_000, settled: false, assumed: () }
        });
        assert_eq!(found, [(0, false), (30_000, true)]);
        assert!(read < 3 * LOOKED_AT, "{read}");
    }

    #[test]
    fn the_doubling_grid_ends_at_the_most() {
        assert_eq!(doubling(0, 9), [0, 1, 2, 4, 8, 9]);
        assert_eq!(doubling(0, 0), [0]);
        assert_eq!(doubling(0, i32::MAX).last(), Some(&i32::MAX));
        assert!(doubling(0, i32::MAX).windows(2).all(|pair| pair[0] < pair[1]));
    }
}
