//! From what was counted to the report.

use super::kinds::{Defect, Field};
use super::quality::{
    AgencyQuality, ColumnDefect, ColumnFill, ColumnWords, Counts, DefectCount, FieldQuality, File, Quality,
    ReviewCause, ReviewFact, ReviewQuality, Unread, Word, YearQuality,
};
use super::tally::{AgencyTally, CODED, Cell, NOT_GIVEN, Often, REPOSITORY, Total};
use super::{bounded::Add as _, reviews::Reviews};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::survey::{Encoding, LineEnds, SourceSummary, Survey};

/// In so many people's records a text must stand to be shown: what stands in fewer may be a name.
const PEOPLE: u64 = 5;
/// How many texts of a column, or agencies, are listed.
const LISTED: usize = 1_000;
/// The line for agencies that stand in fewer.
const RARE: &str = "(in few people's records)";

/// Names of columns by field.
struct Names<'l>(&'l Layout);

impl Names<'_> {
    fn of(&self, field: Field) -> String {
        let column = self.0.field(field.word()).and_then(|column| self.0.columns().get(column));
        column.map_or_else(|| format!("({})", field.word()), |column| column.name.clone())
    }
}

/// Fills a report from what was counted.
pub(super) fn build(
    quality: &mut Quality,
    total: Total,
    survey: &Survey,
    layout: &Layout,
    policy: Option<&str>,
) {
    let names = Names(layout);
    let numbers = &total.numbers;
    quality.inputs = survey.sources.iter().map(file).collect();
    let rows_in = survey.rows() + survey.rejects.len() as u64;
    quality.counts = Counts {
        rows_in,
        rows_used: numbers.rows_used,
        rejects: rows_in - numbers.rows_used,
        duplicate_rows: numbers.duplicates,
        people: numbers.people,
        people_without_number: numbers.people_without_number,
        entries: numbers.entries,
        counts: numbers.counts,
        convictions: numbers.convictions,
        court_counts: numbers.court_counts,
    };
    quality.measured = BTreeMap::from([
        ("convictions_undated".to_owned(), numbers.convictions_undated),
        ("people_unborn".to_owned(), numbers.people_unborn),
    ]);
    quality.dates = total.dates.map(|(first, last)| [first.to_string(), last.to_string()]);
    quality.columns = layout
        .columns()
        .iter()
        .zip(&total.filled)
        .map(|(column, filled)| ColumnFill { column: column.name.clone(), filled: *filled })
        .collect();
    quality.words = total
        .words
        .into_iter()
        .zip(CODED)
        .map(|(words, field)| {
            let (words, rare_rows, _) = frequent(words.finish());
            ColumnWords { column: names.of(field), words, rare_rows }
        })
        .collect();
    let (texts, rest) = total.offences.finish();
    let counts = texts.iter().map(|(_, often)| often.rows).sum::<u64>() + rest.rows;
    let distinct = texts.len() as u64;
    let (most_frequent, ..) = frequent((texts, rest));
    quality.unread_offences = Unread { counts, distinct, most_frequent };
    quality.reviews = policy.map(|policy| reviews(&total.reviews, policy, &names));
    agencies(quality, total.agencies.finish(), &total.years, &total.needed, &names);
    let rejects = quality.fields.iter().filter(|field| matches!(field.field.as_str(), "row" | "count_order"));
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for (field, known) in rejects.flat_map(|field| field.defects.iter().map(move |known| (field, known))) {
        let reason = match field.field.as_str() {
            "row" => known.defect.clone(),
            _ => "count_number".to_owned(),
        };
        *reasons.entry(reason).or_default() += known.count;
    }
    quality.rejects = reasons;
}

fn file(source: &SourceSummary) -> File {
    File {
        name: source.name.clone(),
        bytes: source.bytes,
        rows: source.rows,
        rejects: source.rejects,
        header: source.header,
        encoding: match source.encoding {
            Encoding::Ascii => "ascii",
            Encoding::Utf8 => "utf-8",
            Encoding::Windows1252 => "windows-1252",
        }
        .into(),
        line_ends: match source.line_ends {
            LineEnds::None => "none",
            LineEnds::Lf => "lf",
            LineEnds::CrLf => "crlf",
            LineEnds::Mixed => "mixed",
        }
        .into(),
        compression: source.compression.to_string(),
        notes: source.notes.iter().map(ToString::to_string).collect(),
    }
}

/// The texts that may be shown, the most frequent first; the rows with any other; and how many others there are.
fn frequent((texts, rest): (Vec<(Box<str>, Often)>, Often)) -> (Vec<Word>, u64, u64) {
    let all = texts.len();
    let mut rare = rest.rows;
    let mut words = Vec::new();
    for (text, often) in texts {
        if often.listed || often.people >= PEOPLE {
            words.push(Word { text: text.into(), rows: often.rows, listed: often.listed });
        } else {
            rare += often.rows;
        }
    }
    words.sort_by(|one, other| other.rows.cmp(&one.rows).then_with(|| one.text.cmp(&other.text)));
    rare += words.iter().skip(LISTED).map(|word| word.rows).sum::<u64>();
    words.truncate(LISTED);
    let others = (all - words.len()) as u64;
    (words, rare, others)
}

/// The tables by agency, by year and by field: all from the one count of each cell.
fn agencies(
    quality: &mut Quality,
    (agencies, rest): (Vec<(Box<str>, AgencyTally)>, AgencyTally),
    years: &BTreeMap<Option<i16>, [u64; 2]>,
    needed: &[u64; Field::ALL.len()],
    names: &Names<'_>,
) {
    let mut by_field: BTreeMap<(Field, Defect), u64> = BTreeMap::new();
    let mut by_year: BTreeMap<Option<i16>, BTreeMap<(Field, Defect), u64>> = BTreeMap::new();
    let mut rare = rest;
    let mut shown: Vec<(Box<str>, AgencyTally)> = Vec::new();
    for (name, tally) in agencies {
        if tally.people >= PEOPLE || matches!(&*name, REPOSITORY | NOT_GIVEN) {
            shown.push((name, tally));
        } else {
            rare.add(tally);
        }
    }
    if rare.entries > 0 {
        shown.push((RARE.into(), rare));
    }
    for (name, tally) in &shown {
        for ((year, field, defect), number) in &tally.cells {
            *by_field.entry((*field, *defect)).or_default() += number;
            // A person's own facts and whole lines are of no entry that has a year.
            if &**name != REPOSITORY {
                *by_year.entry(*year).or_default().entry((*field, *defect)).or_default() += number;
            }
        }
        quality.agencies.push(AgencyQuality {
            agency: name.to_string(),
            entries: tally.entries,
            defective: tally.defective,
            defects: by_agency(&tally.cells, names),
        });
    }
    quality.agencies.retain(|agency| agency.entries > 0 || !agency.defects.is_empty());
    quality.years = years
        .iter()
        .map(|(year, [entries, defective])| YearQuality {
            year: year.map_or_else(String::new, |year| year.to_string()),
            entries: *entries,
            defective: *defective,
            defects: by_year
                .get(year)
                .into_iter()
                .flatten()
                .map(|((field, defect), count)| ColumnDefect {
                    column: names.of(*field),
                    defect: defect.word().into(),
                    count: *count,
                    years: BTreeMap::new(),
                })
                .collect(),
        })
        .collect();
    quality.fields = Field::ALL
        .iter()
        .map(|&field| FieldQuality {
            column: names.of(field),
            field: field.word().into(),
            of_repository: field.is_of_repository(),
            needed: needed[field as usize],
            defects: by_field
                .iter()
                .filter(|((of, _), _)| *of == field)
                .map(|((_, defect), count)| DefectCount {
                    defect: defect.word().into(),
                    kind: defect.kind().into(),
                    count: *count,
                })
                .collect(),
        })
        .collect();
}

fn by_agency(cells: &FxHashMap<Cell, u64>, names: &Names<'_>) -> Vec<ColumnDefect> {
    let mut defects: BTreeMap<(Field, Defect), BTreeMap<String, u64>> = BTreeMap::new();
    for ((year, field, defect), number) in cells {
        let year = year.map_or_else(String::new, |year| year.to_string());
        *defects.entry((*field, *defect)).or_default().entry(year).or_default() += number;
    }
    defects
        .into_iter()
        .map(|((field, defect), years)| ColumnDefect {
            column: names.of(field),
            defect: defect.word().into(),
            count: years.values().sum(),
            years,
        })
        .collect()
}

fn reviews(reviews: &Reviews, policy: &str, names: &Names<'_>) -> ReviewQuality {
    let mut defects: Vec<((Field, Defect), [u64; 2])> =
        reviews.by_issue.iter().map(|(issue, counts)| (*issue, *counts)).collect();
    defects.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let mut facts: Vec<_> = reviews.without.iter().collect();
    facts.sort_by(|one, other| other.1.cmp(one.1).then_with(|| one.0.cmp(other.0)));
    ReviewQuality {
        policy: policy.to_owned(),
        determinations: reviews.determinations,
        reviews: reviews.reviews,
        by_rule: reviews.by_rule,
        by_defects: reviews.by_defects,
        defects: defects
            .into_iter()
            .map(|((field, defect), [reviews, alone])| ReviewCause {
                column: names.of(field),
                defect: defect.word().into(),
                reviews,
                alone,
            })
            .collect(),
        without_defect: facts
            .into_iter()
            .map(|(missing, [reviews, alone])| ReviewFact {
                missing: missing.name().to_owned(),
                reviews: *reviews,
                alone: *alone,
            })
            .collect(),
    }
}
