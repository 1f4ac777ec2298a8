//! The rows of an extract as they come from a run: each column's word, the outcome, and whether a new person begins.

use super::columns::Table;
use super::error::ExtractError;
use super::levels::{Column, Words, age, one_of, section, year};
use super::{Of, Options};
use rustc_hash::FxHashMap;
use std::path::Path;

pub(crate) const PEOPLE: &str = "people.parquet";
pub(crate) const DETERMINATIONS: &str = "determinations.parquet";

/// The most columns that an extract has.
pub(crate) const MOST: usize = 7;
/// A row's words, by their numbers in the column's list.
pub(crate) type Combination = [u16; MOST];

/// The words of each column as they were met. The order is that of the rows; nothing that is written depends on it.
#[derive(Default)]
pub(crate) struct Lists {
    words: Vec<Vec<String>>,
    /// The finest words, with the numbers of what they become.
    places: Vec<FxHashMap<String, u16>>,
}

impl Lists {
    fn new(columns: usize) -> Self {
        // The last list is of outcomes.
        Self { words: vec![Vec::new(); columns + 1], places: vec![FxHashMap::default(); columns + 1] }
    }

    fn place(&mut self, column: usize, word: String, raised: impl FnOnce(&str) -> String) -> u16 {
        let (Some(words), Some(places)) = (self.words.get_mut(column), self.places.get_mut(column)) else {
            return 0;
        };
        *places.entry(word).or_insert_with_key(|word| {
            let raised = raised(word);
            words.iter().position(|known| *known == raised).unwrap_or_else(|| {
                words.push(raised);
                words.len() - 1
            }) as u16
        })
    }

    pub(crate) fn words(&self, column: usize) -> &[String] {
        self.words.get(column).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn word(&self, column: usize, at: u16) -> String {
        self.words(column).get(usize::from(at)).cloned().unwrap_or_default()
    }
}

/// A row.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) of: Combination,
    pub(crate) outcome: u16,
}

/// Calls back with all rows of each person in turn, their words raised to these levels. Only one person's are held.
pub(crate) fn each_person(
    dir: &Path,
    options: &Options,
    levels: &[usize],
    mut then: impl FnMut(&[Row]),
) -> Result<Lists, ExtractError> {
    let words = Words::shipped();
    let columns = options.columns();
    let mut lists = Lists::new(columns.len());
    let names = ["subject_id", "race", "sex", "age", "counties", "first_year", "decided"];
    let outcomes = ["dismissed", "reduced", "granted", "review"];
    let mut people = Table::open(&dir.join(PEOPLE), &[&names[..], &outcomes[..]].concat())?;
    let path = dir.join(DETERMINATIONS);
    let mut counts =
        Table::open(&path, &["subject_id", "outcome", "section", "level", "county", "conviction_date"])?;
    let apart = |what: &str| ExtractError::Apart { what: what.into() };
    let mut rows: Vec<Row> = Vec::new();
    while people.next()? {
        rows.clear();
        let decided = people.number(6).unwrap_or(0);
        let mut put = |word_of: &dyn Fn(Column) -> String, outcome: &str| {
            let mut of = Combination::default();
            for ((at, column), place) in columns.iter().enumerate().zip(&mut of) {
                let level = levels.get(at).copied().unwrap_or(0);
                *place = lists.place(at, word_of(*column), |word| words.at(*column, word, level));
            }
            rows.push(Row { of, outcome: lists.place(columns.len(), outcome.to_owned(), str::to_owned) });
        };
        let of_person = |column: Column| match column {
            Column::Race => words.race(people.text(1)),
            Column::Sex => words.sex(people.text(2)),
            Column::Age => age(people.number(3)),
            Column::County => words.counties(people.text(4)),
            Column::FirstYear => year(people.number(5)),
            Column::Year | Column::Level | Column::Section => super::levels::NOT_KNOWN.into(),
        };
        match options.of {
            Of::People if decided > 0 => {
                let relieved: i64 = (7..10).filter_map(|at| people.number(at)).sum();
                let open = people.number(10).unwrap_or(0);
                let outcome = match (relieved, open) {
                    (1.., _) => "helped",
                    (_, 1..) => "undecided",
                    _ => "not helped",
                };
                put(&of_person, outcome);
            }
            Of::People => {}
            Of::Convictions => {
                for _ in 0..decided {
                    if !counts.next()? {
                        return Err(apart("there are fewer determinations than people.parquet says"));
                    }
                    if counts.text(0) != people.text(0) {
                        return Err(apart("they are not in the same order of people"));
                    }
                    let outcome = one_of(counts.text(1), &OUTCOMES);
                    let word = |column: Column| match column {
                        Column::County => words.county(counts.text(4)),
                        Column::Year => year(counts.text(5).get(..4).and_then(|year| year.parse().ok())),
                        Column::Level => one_of(counts.text(3), &["felony", "misdemeanor", "infraction"]),
                        Column::Section => section(counts.text(2)),
                        other => of_person(other),
                    };
                    put(&word, &outcome);
                }
            }
        }
        if !rows.is_empty() {
            then(&rows);
        }
    }
    if options.of == Of::Convictions && counts.next()? {
        return Err(apart("there are more determinations than people.parquet says"));
    }
    Ok(lists)
}

const OUTCOMES: [&str; 8] =
    ["dismiss", "reduce", "grant", "not_eligible", "not_yet", "refer", "already_relieved", "review"];
