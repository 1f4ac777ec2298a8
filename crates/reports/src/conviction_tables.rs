//! Tables of convictions: outcomes, the statute beside them, reasons, sections, levels, years, places, and what is missing.

use crate::count::{Convictions, Counts, OUTCOMES, PlaceCount, RELIEF, REVIEW, STATUTE};
use crate::draft::{Draft, DraftRow, DraftTable};
use crate::groups::OTHER_TEXT;
use crate::ledger::Ledger;
use crate::model::Section;
use crate::people_tables::decade_key;
use crate::sql;
use std::collections::BTreeMap;
use vacatur_disclosure::Cell;

/// The name of the row of all places that are too rare to stand alone: what stands in such a cell may be anybody's name.
pub(crate) const RARE: &str = "all_others";

/// What the tables of a report need to know besides the counts.
pub(crate) struct Setting<'s> {
    pub(crate) head: &'s str,
    /// Whether the run says what the statute gives.
    pub(crate) statute: bool,
    /// A place with fewer convictions has no row of its own.
    pub(crate) rare: u64,
    /// The agencies that have so many in all of the run; elsewhere rows of a county would tell what those of all do not.
    pub(crate) frequent: &'s std::collections::BTreeSet<String>,
    /// The counties that the layout lists.
    pub(crate) listed: &'s [&'s str],
}

/// All tables of convictions, in the order in which they are shown.
pub(crate) fn tables(ledger: &mut Ledger, counts: &Counts, setting: &Setting<'_>) -> Vec<DraftTable> {
    let mut tables = vec![outcomes(ledger, counts, setting)];
    if setting.statute {
        tables.push(statute(ledger, counts, setting));
    }
    tables.push(reasons(ledger, counts, setting));
    let sections: Vec<(String, Convictions)> = by_number(&counts.sections);
    tables.push(group(ledger, counts, setting, ("sections", "section", "section"), &sections));
    let mut levels: Vec<(String, Convictions)> = Vec::new();
    for level in ["felony", "misdemeanor", "infraction", ""] {
        levels.extend(counts.levels.get(level).map(|count| (level.to_owned(), *count)));
    }
    for (level, count) in &counts.levels {
        if !levels.iter().any(|(known, _)| known == level) {
            levels.push((level.clone(), *count));
        }
    }
    tables.push(group(ledger, counts, setting, ("levels", "level", "level"), &levels));
    let known = counts.years.iter().filter(|(decade, _)| decade.is_some());
    let years: Vec<(String, Convictions)> = known
        .chain(counts.years.get_key_value(&None))
        .map(|(decade, count)| (decade_key(*decade), *count))
        .collect();
    tables.push(group(ledger, counts, setting, ("years", "decade", sql::DECADE), &years));
    tables.push(places(ledger, counts, setting, "counties"));
    tables.push(places(ledger, counts, setting, "agencies"));
    tables.push(undecided(ledger, counts, setting));
    tables
}

/// The most frequent first.
fn by_number(of: &BTreeMap<String, Convictions>) -> Vec<(String, Convictions)> {
    let mut rows: Vec<(String, Convictions)> = of.iter().map(|(key, count)| (key.clone(), *count)).collect();
    rows.sort_by(|one, other| other.1.all.cmp(&one.1.all).then_with(|| one.0.cmp(&other.0)));
    rows
}

/// The cell of all convictions.
pub(crate) fn all(ledger: &mut Ledger, counts: &Counts) -> Cell {
    ledger.cell("convictions", counts.convictions.all)
}

/// The cell of an outcome.
pub(crate) fn outcome(ledger: &mut Ledger, counts: &Counts, at: usize) -> Cell {
    let count = counts.outcomes.get(at).copied().unwrap_or(0);
    ledger.cell(&format!("convictions.outcome={at}"), count)
}

/// The cells of all convictions, of those relieved, in review, and of the rest.
pub(crate) fn parts(ledger: &mut Ledger, group: &str, of: &Convictions) -> [Cell; 4] {
    let name = |part: &str| if group.is_empty() { part.to_owned() } else { format!("{part}.{group}") };
    let all = ledger.cell(&name("convictions"), of.all);
    let relieved = ledger.cell(&name("convictions_relieved"), of.relieved);
    let review = match group {
        // The same number as the outcome's own.
        "" => ledger.cell(&format!("convictions.outcome={REVIEW}"), of.review),
        _ => ledger.cell(&name("convictions_review"), of.review),
    };
    let other = ledger.cell(&name("convictions_other"), of.other());
    if ledger.once(&name("parts")) {
        ledger.sum(all, &[relieved, review, other]);
        ledger.part(all, relieved);
    }
    [all, relieved, review, other]
}

fn outcomes(ledger: &mut Ledger, counts: &Counts, setting: &Setting<'_>) -> DraftTable {
    let whole = all(ledger, counts);
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    for (at, key) in OUTCOMES.iter().enumerate() {
        let one = outcome(ledger, counts, at);
        cells.push(one);
        let people = counts.outcome_people.get(at).copied().unwrap_or(0);
        let people = ledger.cell(&format!("people.outcome={at}"), people);
        if counts.outcomes.get(at).is_some_and(|count| *count > 0) {
            let share = Draft::share(ledger, one, whole);
            let cells = vec![Draft::Count(one), share, Draft::Count(people)];
            rows.push(DraftRow { key: (*key).into(), cells });
        }
    }
    ledger.sum(whole, &cells);
    let [_, relieved, ..] = parts(ledger, "", &counts.convictions);
    ledger.sum(relieved, cells.get(..RELIEF).unwrap_or_default());
    DraftTable {
        id: "outcomes".into(),
        section: Section::Convictions,
        dimension: "outcome",
        columns: vec!["convictions", "share", "people"],
        rows,
        by_number: false,
        total: None,
        sql: format!(
            "{}SELECT outcome, count(*) AS convictions, count(*) / (SELECT count(*) FROM d)::DOUBLE AS share,\n  \
             count(DISTINCT {}) AS people\nFROM d GROUP BY outcome ORDER BY 1",
            setting.head,
            sql::WHO
        ),
        notes: vec!["people_of_outcomes"],
    }
}

/// What the statute gives, put together so far that few numbers are small: the column and the outcomes in it.
const STATUTE_COLUMNS: [(&str, &[usize]); 5] = [
    ("statute_relief", &[0, 1, 2]),
    ("statute_no_relief", &[3, 4]),
    ("statute_open", &[5, 7]),
    ("statute_already_relieved", &[6]),
    ("statute_out_of_scope", &[8]),
];

fn statute(ledger: &mut Ledger, counts: &Counts, setting: &Setting<'_>) -> DraftTable {
    let mut rows = Vec::new();
    let mut columns: Vec<Vec<Cell>> = vec![Vec::new(); STATUTE_COLUMNS.len()];
    for (at, key) in OUTCOMES.iter().enumerate() {
        let of = counts.statute.get(at).copied().unwrap_or_default();
        let mut cells = Vec::new();
        for ((name, members), column) in STATUTE_COLUMNS.iter().zip(&mut columns) {
            let count = members.iter().filter_map(|given| of.get(*given)).sum();
            let cell = ledger.cell(&format!("convictions.outcome={at}.{name}"), count);
            cells.push(cell);
            column.push(cell);
        }
        let total = outcome(ledger, counts, at);
        ledger.sum(total, &cells);
        if ledger.value(total) > 0 {
            let cells = cells.into_iter().chain([total]).map(Draft::Count).collect();
            rows.push(DraftRow { key: (*key).into(), cells });
        }
    }
    let mut totals = Vec::new();
    for ((name, _), column) in STATUTE_COLUMNS.iter().zip(&columns) {
        let sum = column.iter().map(|cell| ledger.value(*cell)).sum();
        let total = ledger.cell(&format!("convictions.{name}"), sum);
        ledger.sum(total, column);
        totals.push(total);
    }
    let whole = all(ledger, counts);
    ledger.sum(whole, &totals);
    let mut names: Vec<&'static str> = STATUTE_COLUMNS.iter().map(|(name, _)| *name).collect();
    names.push("convictions");
    let counted = STATUTE_COLUMNS.iter().map(|(name, members)| {
        let outcomes = members.iter().filter_map(|given| STATUTE.get(*given)).map(|word| sql::text(word));
        let outcomes = outcomes.collect::<Vec<_>>().join(", ");
        format!("  {}", sql::counted(&format!("statute_outcome IN ({outcomes})"), name))
    });
    DraftTable {
        id: "statute".into(),
        section: Section::Convictions,
        dimension: "outcome",
        columns: names,
        rows,
        by_number: false,
        total: Some(DraftRow {
            key: String::new(),
            cells: totals.into_iter().chain([whole]).map(Draft::Count).collect(),
        }),
        sql: format!(
            "{}SELECT outcome,\n{},\n  count(*) AS convictions\nFROM d GROUP BY outcome ORDER BY 1",
            setting.head,
            counted.collect::<Vec<_>>().join(",\n")
        ),
        notes: vec![],
    }
}

fn reasons(ledger: &mut Ledger, counts: &Counts, setting: &Setting<'_>) -> DraftTable {
    let whole = all(ledger, counts);
    let mut rows = Vec::new();
    let mut reasons: Vec<(&(usize, String), u64)> =
        counts.reasons.iter().map(|(key, count)| (key, *count)).collect();
    reasons.sort_by(|one, other| (one.0.0, other.1, &one.0.1).cmp(&(other.0.0, one.1, &other.0.1)));
    let mut of_outcome: BTreeMap<usize, Vec<Cell>> = BTreeMap::new();
    for ((at, reason), count) in reasons {
        let cell = ledger.cell(&format!("convictions.outcome={at}.reason={reason}"), count);
        of_outcome.entry(*at).or_default().push(cell);
        let word = OUTCOMES.get(*at).copied().unwrap_or_default();
        let cells = vec![Draft::Word(word.into()), Draft::Count(cell), Draft::Share(cell, whole)];
        rows.push(DraftRow { key: reason.clone(), cells });
    }
    for (at, cells) in of_outcome {
        let total = outcome(ledger, counts, at);
        ledger.sum(total, &cells);
    }
    DraftTable {
        id: "reasons".into(),
        section: Section::Convictions,
        dimension: "reason",
        columns: vec!["outcome", "convictions", "share"],
        rows,
        by_number: true,
        total: None,
        sql: format!(
            "{}SELECT reason, outcome, count(*) AS convictions, count(*) / (SELECT count(*) FROM d)::DOUBLE AS share\n\
             FROM d GROUP BY reason, outcome ORDER BY outcome, convictions DESC",
            setting.head
        ),
        notes: vec![],
    }
}

/// The columns of convictions in a query.
fn convictions_sql() -> String {
    format!(
        "count(*) AS convictions,\n  {},\n  {},\n  {},\n  {}",
        sql::counted(&format!("outcome IN {}", sql::RELIEF), "relieved"),
        sql::counted("outcome = 'review'", "review"),
        sql::counted(&format!("outcome NOT IN {} AND outcome <> 'review'", sql::RELIEF), "other"),
        sql::share(&format!("outcome IN {}", sql::RELIEF), "true", "share_relieved"),
    )
}

fn cells_of(ledger: &mut Ledger, group: &str, of: &Convictions) -> (Vec<Draft>, [Cell; 4]) {
    let cells = parts(ledger, group, of);
    let [all, relieved, review, other] = cells;
    let counts = [all, relieved, review, other].map(Draft::Count);
    (counts.into_iter().chain([Draft::Share(relieved, all)]).collect(), cells)
}

/// Says that the rows are all convictions together, column by column.
fn add_up(ledger: &mut Ledger, counts: &Counts, rows: &[[Cell; 4]]) {
    let totals = parts(ledger, "", &counts.convictions);
    for (at, total) in totals.into_iter().enumerate() {
        let column: Vec<Cell> = rows.iter().filter_map(|row| row.get(at).copied()).collect();
        if !column.is_empty() {
            ledger.sum(total, &column);
        }
    }
}

fn group(
    ledger: &mut Ledger,
    counts: &Counts,
    setting: &Setting<'_>,
    (id, dimension, by): (&str, &'static str, &str),
    groups: &[(String, Convictions)],
) -> DraftTable {
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    for (key, count) in groups {
        let (row, of) = cells_of(ledger, &format!("{id}={key}"), count);
        rows.push(DraftRow { key: key.clone(), cells: row });
        cells.push(of);
    }
    add_up(ledger, counts, &cells);
    let (total, _) = cells_of(ledger, "", &counts.convictions);
    DraftTable {
        id: id.into(),
        section: Section::Convictions,
        dimension,
        columns: vec!["convictions", "relieved", "review", "other", "share_relieved"],
        rows,
        by_number: id == "sections",
        total: Some(DraftRow { key: String::new(), cells: total }),
        sql: format!(
            "{}SELECT {by} AS {dimension}, {}\nFROM d GROUP BY ALL ORDER BY convictions DESC, 1",
            setting.head,
            convictions_sql()
        ),
        notes: vec![],
    }
}

/// Counties or agencies. What is no county on the list stands under `other text`; agencies with hardly any convictions stand together.
fn places(ledger: &mut Ledger, counts: &Counts, setting: &Setting<'_>, id: &'static str) -> DraftTable {
    let county = id == "counties";
    let from = if county { &counts.counties } else { &counts.agencies };
    let key_of = |key: &str| match (county, key) {
        (_, "") => String::new(),
        (true, key) if setting.listed.contains(&key) => key.to_owned(),
        (true, _) => OTHER_TEXT.into(),
        (false, key) if !setting.frequent.contains(key) => RARE.into(),
        (false, key) => key.to_owned(),
    };
    let mut named: BTreeMap<String, (PlaceCount, usize)> = BTreeMap::new();
    for (key, count) in from {
        let (place, members) = named.entry(key_of(key)).or_default();
        place.convictions.add(&count.convictions);
        place.people += count.people;
        place.helped += count.helped;
        *members += 1;
    }
    let mut order: Vec<(&String, &(PlaceCount, usize))> = named.iter().collect();
    order.sort_by_key(|(key, (place, _))| (std::cmp::Reverse(place.convictions.all), key.to_string()));
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    for (key, (place, members)) in order {
        let group = format!("{id}={key}");
        let (mut row, of) = cells_of(ledger, &group, &place.convictions);
        cells.push(of);
        // People of several places that stand together are not the sum of each place's.
        if *members > 1 {
            row.extend([Draft::Same, Draft::Same]);
        } else {
            let people = ledger.cell(&format!("people.place.{group}"), place.people);
            let helped = ledger.cell(&format!("people.place.helped.{group}"), place.helped);
            ledger.part(people, helped);
            row.extend([Draft::Count(people), Draft::Count(helped)]);
        }
        rows.push(DraftRow { key: key.clone(), cells: row });
    }
    add_up(ledger, counts, &cells);
    let (mut total, _) = cells_of(ledger, "", &counts.convictions);
    let [people, helped] = [crate::person::IN_SCOPE, crate::person::HELPED]
        .map(|measure| crate::people_tables::cell(ledger, "", measure, &counts.people));
    total.extend([Draft::Count(people), Draft::Count(helped)]);
    let by = if county {
        let listed: Vec<String> = setting.listed.iter().map(|county| sql::text(county)).collect();
        format!("CASE WHEN county IN ('', {}) THEN county ELSE 'other text' END", listed.join(", "))
    } else {
        format!(
            "CASE WHEN agency <> '' AND (SELECT count(*) FROM 'determinations.parquet' AS every WHERE every.agency = d.agency) < {} THEN '{RARE}' ELSE agency END",
            setting.rare
        )
    };
    let (column, dimension) = if county { ("county", "county") } else { ("agency", "agency") };
    let relief = sql::RELIEF;
    DraftTable {
        id: id.into(),
        section: Section::Places,
        dimension,
        columns: vec![
            "convictions",
            "relieved",
            "review",
            "other",
            "share_relieved",
            "people",
            "people_helped",
        ],
        rows,
        by_number: true,
        total: Some(DraftRow { key: String::new(), cells: total }),
        sql: format!(
            "{}SELECT place AS {dimension}, {},\n  \
             CASE WHEN count(DISTINCT {column}) = 1 THEN count(DISTINCT {who}) END AS people,\n  \
             CASE WHEN count(DISTINCT {column}) = 1 THEN count(DISTINCT {who}) FILTER (WHERE outcome IN {relief}) END AS people_helped\n\
             FROM (SELECT *, {by} AS place FROM d) GROUP BY place ORDER BY convictions DESC, 1",
            setting.head,
            convictions_sql(),
            who = sql::WHO,
        ),
        notes: if county { vec!["people_of_counties"] } else { vec!["rare_agencies"] },
    }
}

fn undecided(ledger: &mut Ledger, counts: &Counts, setting: &Setting<'_>) -> DraftTable {
    let mut missing: Vec<(&String, &(u64, u64))> = counts.missing.iter().collect();
    missing.sort_by_key(|(fact, (convictions, _))| (std::cmp::Reverse(*convictions), fact.to_string()));
    let review = outcome(ledger, counts, REVIEW);
    let people = counts.outcome_people.get(REVIEW).copied().unwrap_or(0);
    let everybody = ledger.cell(&format!("people.outcome={REVIEW}"), people);
    let mut rows = Vec::new();
    for (fact, (convictions, people)) in missing {
        let convictions = ledger.cell(&format!("convictions.missing={fact}"), *convictions);
        let people = ledger.cell(&format!("people.missing={fact}"), *people);
        ledger.part(review, convictions);
        ledger.part(everybody, people);
        rows.push(DraftRow {
            key: fact.clone(),
            cells: vec![Draft::Count(convictions), Draft::Share(convictions, review), Draft::Count(people)],
        });
    }
    DraftTable {
        id: "undecided".into(),
        section: Section::Undecided,
        dimension: "missing",
        columns: vec!["convictions", "share_of_review", "people"],
        rows,
        by_number: true,
        total: Some(DraftRow {
            key: String::new(),
            cells: vec![Draft::Count(review), Draft::Share(review, review), Draft::Count(everybody)],
        }),
        sql: format!(
            "{},\n     m AS (SELECT DISTINCT {} AS who, cnt_order, file, line, unnest(string_split(missing, '; ')) AS fact FROM d WHERE outcome = 'review')\n\
             SELECT fact AS missing, count(*) AS convictions,\n  \
             count(*) / (SELECT count(*) FROM d WHERE outcome = 'review')::DOUBLE AS share_of_review,\n  \
             count(DISTINCT who) AS people\nFROM m WHERE fact <> '' GROUP BY fact ORDER BY convictions DESC, 1",
            setting.head.trim_end(),
            sql::WHO,
        ),
        notes: vec!["several_missing"],
    }
}
