//! The day after which a date is in the future, where nobody names one.

use super::finder::Fields;
use super::kinds::Field;
use crate::error::RunError;
use std::collections::BTreeMap;
use std::ops::Range;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::ordered::ordered;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{Groups, Run};
use vacatur_records::{Date, date};

/// So many dates must lie in a year or later for it to count as reached.
const DATES: u64 = 3;
/// And one in so many of all.
const SHARE: u64 = 200;

/// The last day that a date can be: the end of the year after the newest one that at least three dates, and one in two
/// hundred, have reached. A slip of the pen does not move it. `None` if there is no date.
pub(crate) fn reference(
    (sources, runs, groups): (&[Source], &[Run], &Groups),
    (layout, fields): (&Layout, &Fields),
    (batches, threads): (&[Range<usize>], usize),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Option<Date>, RunError> {
    let columns: Vec<usize> =
        [Field::EventDate, Field::DispositionDate].iter().filter_map(|&field| fields.column(field)).collect();
    let mut years: BTreeMap<i16, u64> = BTreeMap::new();
    ordered(
        threads,
        batches.iter().cloned().map(Ok),
        || Block::new(layout),
        |block, batch| {
            let mine = || {
                batch
                    .clone()
                    .filter_map(|group| groups.get(group))
                    .flat_map(|group| group.runs)
                    .filter_map(|&run| runs.get(run as usize))
            };
            block.load(sources, mine())?;
            let mut years: BTreeMap<i16, u64> = BTreeMap::new();
            for row in block.rows() {
                for &column in &columns {
                    if let Some(year) = year(row.field(column)) {
                        *years.entry(year).or_default() += 1;
                    }
                }
            }
            Ok::<_, RunError>((years, mine().map(|run| run.bytes).sum::<u64>()))
        },
        |(more, bytes)| {
            progress(bytes);
            for (year, number) in more {
                *years.entry(year).or_default() += number;
            }
            Ok(())
        },
    )?;
    Ok(newest(&years).map(|year| date(year.saturating_add(1).min(9999), 12, 31)))
}

/// The first four of eight digits, or of a date with dashes.
fn year(cell: &[u8]) -> Option<i16> {
    let digits = cell.get(..4)?;
    if !matches!(cell.len(), 8 | 10) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = digits.iter().fold(0i16, |year, digit| year * 10 + i16::from(digit - b'0'));
    (year >= 1850).then_some(year)
}

fn newest(years: &BTreeMap<i16, u64>) -> Option<i16> {
    let all: u64 = years.values().sum();
    let enough = DATES.max(all / SHARE);
    let mut reached = 0;
    for (year, number) in years.iter().rev() {
        reached += number;
        if reached >= enough {
            return Some(*year);
        }
    }
    years.keys().next_back().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_does_not_move_the_day() {
        let years = |list: &[(i16, u64)]| newest(&list.iter().copied().collect());
        assert_eq!(years(&[(1999, 800), (2019, 100), (2020, 20), (2071, 2)]), Some(2020));
        assert_eq!(years(&[(2019, 2), (2020, 1)]), Some(2019));
        assert_eq!(years(&[(2019, 1)]), Some(2019));
        assert_eq!(years(&[]), None);
        assert_eq!(year(b"20190230"), Some(2019));
        assert_eq!(year(b"2019-02-30"), Some(2019));
        assert_eq!(year(b"190230"), None);
        assert_eq!(year(b"00000000"), None);
    }
}
