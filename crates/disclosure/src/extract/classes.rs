//! Which levels lose least, and which rows must still be left out.

use super::Options;
use super::error::ExtractError;
use super::levels::{Column, Words};
use super::rows::{Combination, Lists, MOST, each_person};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::path::Path;

/// How far each column is made coarser.
pub(crate) type Levels = Vec<usize>;

/// Rows that are alike in every column that others may know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class {
    /// Different people.
    pub(crate) people: u64,
    /// Rows by outcome.
    pub(crate) outcomes: BTreeMap<String, u64>,
}

impl Class {
    pub(crate) fn rows(&self) -> u64 {
        self.outcomes.values().sum()
    }
}

/// Classes by their words, in the order of the words.
pub(crate) type Classes = BTreeMap<Vec<String>, Class>;

/// The finest combinations, with how many people and rows each has.
#[derive(Default)]
pub(crate) struct Ground {
    counts: FxHashMap<Combination, (u64, u64)>,
    pub(crate) people: u64,
    pub(crate) rows: u64,
    pub(crate) lists: Lists,
}

impl Ground {
    /// First pass over the run.
    pub(crate) fn of(dir: &Path, options: &Options) -> Result<Self, ExtractError> {
        let mut ground = Self::default();
        let lists = each_person(dir, options, &[], |rows| {
            ground.people += 1;
            for (at, row) in rows.iter().enumerate() {
                let count = ground.counts.entry(row.of).or_default();
                // Somebody with several rows in one combination is one person in it.
                let again = rows.iter().take(at).any(|before| before.of == row.of);
                *count = (count.0 + u64::from(!again), count.1 + 1);
            }
            ground.rows += rows.len() as u64;
        })?;
        ground.lists = lists;
        Ok(ground)
    }

    /// The words of every level, as numbers: `[column][level][word]`.
    fn ups(&self, columns: &[Column]) -> Vec<Vec<Vec<u16>>> {
        let words = Words::shipped();
        let of_column = |at: usize, column: Column| {
            let known = self.lists.words(at);
            (0..column.levels().len())
                .map(|level| {
                    let mut places: FxHashMap<String, u16> = FxHashMap::default();
                    known
                        .iter()
                        .map(|word| {
                            let next = places.len() as u16;
                            *places.entry(words.at(column, word, level)).or_insert(next)
                        })
                        .collect()
                })
                .collect()
        };
        columns.iter().enumerate().map(|(at, column)| of_column(at, *column)).collect()
    }

    /// How many bits each level of each column loses of what its finest words say (the entropy of the rows), by what the column
    /// counts for. A column in which nearly all rows are alike is cheap to give up, however many levels it has.
    fn lost(&self, columns: &[Column], ups: &[Vec<Vec<u16>>]) -> Vec<Vec<f64>> {
        let bits = |at: usize, up: &[u16]| {
            let mut rows = vec![0_u64; up.len()];
            for (of, (_, count)) in &self.counts {
                let word = of.get(at).and_then(|word| up.get(usize::from(*word)));
                if let Some(sum) = word.and_then(|word| rows.get_mut(usize::from(*word))) {
                    *sum += count;
                }
            }
            let all = self.rows.max(1) as f64;
            let shares = rows.into_iter().filter(|sum| *sum > 0).map(|sum| sum as f64 / all);
            shares.map(|share| -share * share.log2()).sum::<f64>()
        };
        let of_column = |(at, (column, levels)): (usize, (&Column, &Vec<Vec<u16>>))| {
            let finest = levels.first().map_or(0.0, |up| bits(at, up));
            levels.iter().map(|up| column.weight() * (finest - bits(at, up)).max(0.0)).collect()
        };
        columns.iter().zip(ups).enumerate().map(of_column).collect()
    }

    /// The levels that lose least, among those at which few enough rows must be left out. All are tried, but for those that
    /// cannot be better than the best found. People with several combinations may be counted twice in a coarser one; the
    /// second pass counts them once.
    pub(crate) fn choose(&self, options: &Options, refused: &[Levels]) -> Option<Levels> {
        let columns = options.columns();
        let ups = self.ups(&columns);
        let lost = self.lost(&columns, &ups);
        let all_there_is: f64 =
            lost.iter().filter_map(|levels| levels.last()).sum::<f64>().max(f64::MIN_POSITIVE);
        let mut all: Vec<(f64, Levels)> = vec![(0.0, Vec::new())];
        for of_column in &lost {
            all = all
                .into_iter()
                .flat_map(|(loss, levels)| {
                    of_column.iter().enumerate().map(move |(level, bits)| {
                        (loss + bits / all_there_is, [levels.as_slice(), &[level]].concat())
                    })
                })
                .collect();
        }
        // Where two lose the same, the first column is kept finest.
        all.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.cmp(&other.1)));
        let mut best: Option<(f64, Levels)> = None;
        let mut merged: FxHashMap<Combination, (u64, u64)> = FxHashMap::default();
        for (loss, levels) in all {
            if best.as_ref().is_some_and(|(least, _)| *least <= loss) {
                break;
            }
            if refused.contains(&levels) {
                continue;
            }
            merged.clear();
            for (of, (people, rows)) in &self.counts {
                let count = merged.entry(lift(of, &levels, &ups)).or_default();
                *count = (count.0 + people, count.1 + rows);
            }
            let lost: u64 = merged.values().filter(|count| count.0 < options.k).map(|count| count.1).sum();
            let share = lost as f64 / self.rows.max(1) as f64;
            let total = loss * (1.0 - share) + share;
            if share <= options.most_lost && best.as_ref().is_none_or(|(least, _)| total < *least) {
                best = Some((total, levels));
            }
        }
        best.map(|(_, levels)| levels)
    }
}

fn lift(of: &Combination, levels: &[usize], ups: &[Vec<Vec<u16>>]) -> Combination {
    let mut lifted = [0; MOST];
    for (at, (place, level)) in lifted.iter_mut().zip(levels).enumerate() {
        let up = ups.get(at).and_then(|of_column| of_column.get(*level));
        let word = of.get(at).copied().unwrap_or(0);
        *place = up.and_then(|up| up.get(usize::from(word))).copied().unwrap_or(0);
    }
    lifted
}

/// A further pass: the classes at these levels, each person counted once in each.
pub(crate) fn count(dir: &Path, options: &Options, levels: &Levels) -> Result<Classes, ExtractError> {
    let mut counted: FxHashMap<Combination, (u64, Vec<u64>)> = FxHashMap::default();
    let lists = each_person(dir, options, levels, |rows| {
        for (at, row) in rows.iter().enumerate() {
            let (people, outcomes) = counted.entry(row.of).or_default();
            *people += u64::from(!rows.iter().take(at).any(|before| before.of == row.of));
            let outcome = usize::from(row.outcome);
            if outcomes.len() <= outcome {
                outcomes.resize(outcome + 1, 0);
            }
            if let Some(count) = outcomes.get_mut(outcome) {
                *count += 1;
            }
        }
    })?;
    let columns = options.columns().len();
    let named = counted.into_iter().map(|(of, (people, outcomes))| {
        let words = of.iter().take(columns).enumerate().map(|(at, word)| lists.word(at, *word)).collect();
        let outcomes =
            lists.words(columns).iter().cloned().zip(outcomes).filter(|(_, rows)| *rows > 0).collect();
        (words, Class { people, outcomes })
    });
    Ok(named.collect())
}

/// Takes out the classes of too few people. Where all who lose a row are together fewer than `k`, the smallest of the rest goes as well: else
/// the totals of the run, less the extract, would tell of them. Gives the classes left out.
pub(crate) fn leave_out(
    dir: &Path,
    options: &Options,
    levels: &Levels,
    classes: &mut Classes,
) -> Result<(Classes, u64), ExtractError> {
    let mut out: Classes = BTreeMap::new();
    classes.retain(|words, class| {
        let stays = class.people >= options.k;
        if !stays {
            out.insert(words.clone(), class.clone());
        }
        stays
    });
    loop {
        let people = if out.is_empty() { 0 } else { people_in(dir, options, levels, &out)? };
        if people == 0 || people >= options.k {
            return Ok((out, people));
        }
        let least = classes.iter().min_by_key(|(words, class)| (class.people, (*words).clone()));
        let Some(words) = least.map(|(words, _)| words.clone()) else { return Ok((out, people)) };
        if let Some(class) = classes.remove(&words) {
            out.insert(words, class);
        }
    }
}

/// How many different people have a row in one of these classes.
fn people_in(dir: &Path, options: &Options, levels: &Levels, of: &Classes) -> Result<u64, ExtractError> {
    let mut seen: FxHashMap<Combination, u64> = FxHashMap::default();
    let columns = options.columns().len();
    // People by the set of classes that they have rows in: the words are known only when all rows were read.
    let mut sets: FxHashMap<Vec<Combination>, u64> = FxHashMap::default();
    let lists = each_person(dir, options, levels, |rows| {
        if let [row] = rows {
            *seen.entry(row.of).or_default() += 1;
        } else {
            let mut set: Vec<Combination> = rows.iter().map(|row| row.of).collect();
            set.sort_unstable();
            set.dedup();
            *sets.entry(set).or_default() += 1;
        }
    })?;
    let is_of = |one: &Combination| {
        let words: Vec<String> =
            one.iter().take(columns).enumerate().map(|(at, word)| lists.word(at, *word)).collect();
        of.contains_key(&words)
    };
    let single: u64 = seen.iter().filter(|(one, _)| is_of(one)).map(|(_, people)| people).sum();
    let several: u64 = sets.iter().filter(|(set, _)| set.iter().any(is_of)).map(|(_, people)| people).sum();
    Ok(single + several)
}
