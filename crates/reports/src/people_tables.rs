//! Tables of people: the funnel, who was helped, how people stand before and after, how groups compare.

use crate::count::Counts;
use crate::draft::{Draft, DraftRow, DraftTable};
use crate::groups::{AGES, age_sql};
use crate::interval::ENOUGH;
use crate::ledger::Ledger;
use crate::model::Section;
use crate::person::{
    ENTITLED, FELONY_FREE_AFTER, FELONY_FREE_BEFORE, FELONY_KNOWN, HELPED, IN_FILE, IN_SCOPE,
    RECORD_FREE_AFTER, RECORD_FREE_BEFORE, RECORD_KNOWN, Tally, UNDECIDED, WITH_CONVICTION, name, sql,
};
use crate::sql;
use vacatur_disclosure::Cell;

/// A way in which people are told apart.
struct Dimension {
    id: &'static str,
    /// What a query groups by.
    sql: String,
    groups: Vec<(String, Tally)>,
    notes: Vec<&'static str>,
}

/// The cell of a measure among a group's people; of everybody without a group. The measures have names of their own here, since
/// columns of different tables have the same.
pub(crate) fn cell(ledger: &mut Ledger, group: &str, measure: usize, tally: &Tally) -> Cell {
    ledger.cell(&format!("people.{measure}.{group}"), tally.of(measure))
}

/// All tables of people, in the order in which they are shown.
pub(crate) fn tables(ledger: &mut Ledger, counts: &Counts, head: &str, statute: bool) -> Vec<DraftTable> {
    let mut tables = vec![funnel(ledger, counts, head, statute)];
    let dimensions = dimensions(counts);
    for dimension in dimensions.iter().filter(|it| it.id != "decade") {
        tables.push(who(ledger, counts, dimension, head));
    }
    for (prefix, measures) in [("felony_free", FELONY), ("record_free", RECORD)] {
        for dimension in &dimensions {
            tables.push(before_after(ledger, counts, dimension, head, prefix, measures));
        }
    }
    for dimension in dimensions.iter().filter(|it| ["race", "sex"].contains(&it.id)) {
        tables.extend(disparity(ledger, dimension, head));
    }
    tables
}

fn dimensions(counts: &Counts) -> Vec<Dimension> {
    let some = |keys: &mut dyn Iterator<Item = (String, Tally)>| {
        keys.filter(|(_, tally)| tally.of(IN_FILE) > 0).collect::<Vec<_>>()
    };
    let race = counts.race_groups.keys.iter().cloned().zip(counts.race.iter().copied());
    let sex = counts.sex_groups.keys.iter().cloned().zip(counts.sex.iter().copied());
    let age = AGES.iter().map(|key| (*key).to_owned()).zip(counts.age.iter().copied());
    let known = counts.first.iter().filter(|(decade, _)| decade.is_some());
    let decades =
        known.chain(counts.first.get_key_value(&None)).map(|(decade, tally)| (decade_key(*decade), *tally));
    let mut race_notes = vec!["race_as_recorded"];
    if counts
        .race_groups
        .keys
        .iter()
        .zip(&counts.race)
        .all(|(key, tally)| key.is_empty() || tally.of(IN_FILE) == 0)
    {
        race_notes.push("race_not_recorded");
    }
    vec![
        Dimension {
            id: "race",
            sql: counts.race_groups.sql(),
            groups: some(&mut race.into_iter()),
            notes: race_notes,
        },
        Dimension {
            id: "sex",
            sql: counts.sex_groups.sql(),
            groups: some(&mut sex.into_iter()),
            notes: vec![],
        },
        Dimension { id: "age", sql: age_sql(), groups: some(&mut age.into_iter()), notes: vec![] },
        Dimension {
            id: "decade",
            sql: sql::FIRST_DECADE.into(),
            groups: some(&mut decades.into_iter()),
            notes: vec!["decade_of_first"],
        },
    ]
}

/// The name of a decade; empty if it is not known.
pub(crate) fn decade_key(decade: Option<i64>) -> String {
    decade.map_or_else(String::new, |decade| format!("{decade}s"))
}

fn funnel(ledger: &mut Ledger, counts: &Counts, head: &str, statute: bool) -> DraftTable {
    let all = &counts.people;
    let whole = cell(ledger, "", IN_FILE, all);
    let mut steps = vec![IN_FILE, WITH_CONVICTION, IN_SCOPE];
    if statute {
        steps.push(ENTITLED);
    }
    steps.push(HELPED);
    let mut rows = Vec::new();
    let mut query = Vec::new();
    for measure in steps {
        let part = cell(ledger, "", measure, all);
        let share = Draft::share(ledger, part, whole);
        rows.push(DraftRow { key: name(measure).into(), cells: vec![Draft::Count(part), share] });
        query.push(format!(
            "SELECT '{}' AS step, count(*) FILTER (WHERE {2}) AS people, {1} FROM p",
            name(measure),
            sql::share(sql(measure), "true", "share_of_file"),
            sql(measure)
        ));
    }
    let (scope, helped) = (cell(ledger, "", IN_SCOPE, all), cell(ledger, "", HELPED, all));
    let (entitled, undecided) = (cell(ledger, "", ENTITLED, all), cell(ledger, "", UNDECIDED, all));
    for part in [helped, undecided].into_iter().chain(statute.then_some(entitled)) {
        ledger.part(scope, part);
    }
    DraftTable {
        id: "funnel".into(),
        section: Section::Funnel,
        dimension: "step",
        columns: vec!["people", "share_of_file"],
        rows,
        by_number: false,
        total: None,
        sql: format!("{head}{}", query.join("\nUNION ALL ")),
        notes: if statute { vec![] } else { vec!["no_statute"] },
    }
}

fn who(ledger: &mut Ledger, counts: &Counts, dimension: &Dimension, head: &str) -> DraftTable {
    let columns = vec!["in_file", "in_scope", "helped", "share_helped", "share_of_helped"];
    let all_helped = cell(ledger, "", HELPED, &counts.people);
    let row = |ledger: &mut Ledger, group: &str, key: &str, tally: &Tally| {
        let [file, scope, helped] =
            [IN_FILE, IN_SCOPE, HELPED].map(|measure| cell(ledger, group, measure, tally));
        ledger.part(file, scope);
        let share = Draft::share(ledger, helped, scope);
        let of_all = Draft::share(ledger, helped, all_helped);
        let cells = vec![Draft::Count(file), Draft::Count(scope), Draft::Count(helped), share, of_all];
        DraftRow { key: key.into(), cells }
    };
    let total = row(ledger, "", "", &counts.people);
    let mut rows = Vec::new();
    for (key, tally) in &dimension.groups {
        rows.push(row(ledger, &format!("{}={key}", dimension.id), key, tally));
    }
    for measure in [IN_FILE, IN_SCOPE, HELPED] {
        add_up(ledger, counts, dimension, measure);
    }
    DraftTable {
        id: dimension.id.into(),
        section: Section::Who,
        dimension: dimension.id,
        columns,
        rows,
        by_number: false,
        total: Some(total),
        sql: who_sql(dimension, head),
        notes: dimension.notes.clone(),
    }
}

fn who_sql(dimension: &Dimension, head: &str) -> String {
    let (file, scope, helped) = (sql(IN_FILE), sql(IN_SCOPE), sql(HELPED));
    format!(
        "{head}SELECT {} AS {}, {}, {}, {},\n  {},\n  count(*) FILTER (WHERE {helped}) / nullif((SELECT count(*) FROM p WHERE {helped}), 0)::DOUBLE AS share_of_helped\nFROM p GROUP BY ALL ORDER BY 1",
        dimension.sql,
        dimension.id,
        sql::counted(file, "in_file"),
        sql::counted(scope, "in_scope"),
        sql::counted(helped, "helped"),
        sql::share(helped, scope, "share_helped"),
    )
}

/// Says that the groups are all people together.
fn add_up(ledger: &mut Ledger, counts: &Counts, dimension: &Dimension, measure: usize) {
    let total = cell(ledger, "", measure, &counts.people);
    let mut parts = Vec::new();
    for (key, tally) in &dimension.groups {
        parts.push(cell(ledger, &format!("{}={key}", dimension.id), measure, tally));
    }
    if !parts.is_empty() && ledger.once(&format!("sum.{}.{measure}", dimension.id)) {
        ledger.sum(total, &parts);
    }
}

/// Of whom it is known, who is free before, and who is after.
type Measures = [usize; 3];
const FELONY: Measures = [FELONY_KNOWN, FELONY_FREE_BEFORE, FELONY_FREE_AFTER];
const RECORD: Measures = [RECORD_KNOWN, RECORD_FREE_BEFORE, RECORD_FREE_AFTER];

/// The numbers of a group before and after, with the sums between them: known, before, after, gained, cannot be told.
pub(crate) fn standing(ledger: &mut Ledger, group: &str, tally: &Tally, measures: Measures) -> [Cell; 5] {
    let [known, before, after] = measures.map(|measure| cell(ledger, group, measure, tally));
    let [known_at, before_at, after_at] = measures;
    let gained = tally.of(after_at).saturating_sub(tally.of(before_at));
    let gained = ledger.cell(&format!("people.gained.{known_at}.{group}"), gained);
    let untold = tally.of(IN_SCOPE).saturating_sub(tally.of(known_at));
    let untold = ledger.cell(&format!("people.untold.{known_at}.{group}"), untold);
    let scope = cell(ledger, group, IN_SCOPE, tally);
    if ledger.once(&format!("people.standing.{known_at}.{group}")) {
        ledger.sum(scope, &[known, untold]);
        ledger.sum(after, &[before, gained]);
        ledger.part(known, before);
        ledger.part(known, after);
    }
    [known, before, after, gained, untold]
}

/// The measures of felonies and of whole records.
pub(crate) const STANDINGS: [Measures; 2] = [FELONY, RECORD];

fn before_after(
    ledger: &mut Ledger,
    counts: &Counts,
    dimension: &Dimension,
    head: &str,
    prefix: &str,
    measures: Measures,
) -> DraftTable {
    let row = |ledger: &mut Ledger, group: &str, key: &str, tally: &Tally| {
        let [known, before, after, gained, untold] = standing(ledger, group, tally, measures);
        let cells = vec![
            Draft::Count(known),
            Draft::Count(before),
            Draft::Count(after),
            Draft::Share(before, known),
            Draft::Share(after, known),
            Draft::Count(gained),
            Draft::Count(untold),
        ];
        DraftRow { key: key.into(), cells }
    };
    let total = row(ledger, "", "", &counts.people);
    let mut rows = Vec::new();
    let (mut gains, mut untolds) = (Vec::new(), Vec::new());
    // Groups in which nobody is in scope have no row.
    for (key, tally) in dimension.groups.iter().filter(|(_, tally)| tally.of(IN_SCOPE) > 0) {
        let group = format!("{}={key}", dimension.id);
        rows.push(row(ledger, &group, key, tally));
        let [.., gained, untold] = standing(ledger, &group, tally, measures);
        gains.push(gained);
        untolds.push(untold);
    }
    let [.., gained, untold] = standing(ledger, "", &counts.people, measures);
    for (total, parts) in [(gained, gains), (untold, untolds)] {
        if !parts.is_empty() {
            ledger.sum(total, &parts);
        }
    }
    for measure in measures.into_iter().chain([IN_SCOPE]) {
        add_up(ledger, counts, dimension, measure);
    }
    let [known, before, after] = measures.map(sql);
    let query = format!(
        "{head}SELECT {} AS {},\n  {},\n  {},\n  {},\n  {},\n  {},\n  count(*) FILTER (WHERE {after}) - count(*) FILTER (WHERE {before}) AS gained,\n  \
         count(*) - count(*) FILTER (WHERE {known}) AS cannot_tell\nFROM p WHERE decided > 0 GROUP BY ALL ORDER BY 1",
        dimension.sql,
        dimension.id,
        sql::counted(known, "people"),
        sql::counted(before, "free_before"),
        sql::counted(after, "free_after"),
        sql::share(before, known, "share_before"),
        sql::share(after, known, "share_after"),
    );
    let mut notes = vec!["complete_records"];
    notes.extend(&dimension.notes);
    DraftTable {
        id: format!("{prefix}_{}", dimension.id),
        section: Section::BeforeAfter,
        dimension: dimension.id,
        columns: vec![
            "people",
            "free_before",
            "free_after",
            "share_before",
            "share_after",
            "gained",
            "cannot_tell",
        ],
        rows,
        by_number: false,
        total: Some(total),
        sql: query,
        notes,
    }
}

/// How the other groups compare with the largest; nothing where there is no group to compare with.
fn disparity(ledger: &mut Ledger, dimension: &Dimension, head: &str) -> Option<DraftTable> {
    let recorded = |key: &str| !["", crate::groups::OTHER_TEXT, "unknown"].contains(&key);
    let groups: Vec<&(String, Tally)> =
        dimension.groups.iter().filter(|(key, tally)| recorded(key) && tally.of(IN_SCOPE) > 0).collect();
    // Of two that are as large, the first in order.
    let largest = groups.iter().rev().max_by_key(|(_, tally)| tally.of(IN_SCOPE))?;
    let shares = [(HELPED, IN_SCOPE), (FELONY_FREE_BEFORE, FELONY_KNOWN), (FELONY_FREE_AFTER, FELONY_KNOWN)];
    let columns = vec!["against", "helped_ratio", "felony_free_before_ratio", "felony_free_after_ratio"];
    let mut rows = Vec::new();
    for (key, tally) in &groups {
        let mut cells = vec![Draft::Word(largest.0.clone())];
        for (part, whole) in shares {
            let [one, other] = [(key, tally), (&largest.0, &largest.1)].map(|(key, tally)| {
                let group = format!("{}={key}", dimension.id);
                [cell(ledger, &group, part, tally), cell(ledger, &group, whole, tally)]
            });
            let ([a, n], [b, m]) = (one, other);
            // The group itself has the ratio 1, which says nothing.
            let itself = *key == largest.0;
            cells.push(if itself { Draft::Same } else { Draft::Ratio([a, n, b, m]) });
        }
        rows.push(DraftRow { key: key.clone(), cells });
    }
    let mut counted = Vec::new();
    let mut ratios = Vec::new();
    for (at, (part, whole)) in shares.into_iter().enumerate() {
        let name = columns.get(at + 1).copied().unwrap_or_default();
        counted.push(sql::counted(sql(part), &format!("a{at}")));
        counted.push(sql::counted(sql(whole), &format!("n{at}")));
        ratios.push(format!(
            "CASE WHEN g.{id} <> r.{id} AND least(g.n{at}, r.n{at}) >= {ENOUGH} AND least(g.a{at}, r.a{at}) > 0 \
             THEN (g.a{at} / g.n{at}::DOUBLE) / (r.a{at} / r.n{at}::DOUBLE) END AS {name}",
            id = dimension.id
        ));
    }
    let query = format!(
        "{},\n     g AS (SELECT {} AS {id}, count(*) AS n, {} FROM p WHERE decided > 0 GROUP BY ALL),\n     \
         r AS (SELECT * FROM g WHERE {id} = {})\nSELECT g.{id}, r.{id} AS against,\n  {}\nFROM g, r WHERE g.{id} NOT IN ('', 'other text', 'unknown') ORDER BY 1",
        head.trim_end(),
        dimension.sql,
        counted.join(", "),
        sql::text(&largest.0),
        ratios.join(",\n  "),
        id = dimension.id,
    );
    let mut notes = vec!["ratio_enough"];
    notes.extend(&dimension.notes);
    Some(DraftTable {
        id: format!("disparity_{}", dimension.id),
        section: Section::Disparities,
        dimension: dimension.id,
        columns,
        rows,
        by_number: false,
        total: None,
        sql: query,
        notes,
    })
}
