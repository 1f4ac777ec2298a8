//! The headline figures.

use crate::conviction_tables as convictions;
use crate::count::{Counts, REVIEW};
use crate::draft::{Draft, DraftFigure};
use crate::ledger::Ledger;
use crate::people_tables::{STANDINGS, cell, standing};
use crate::person::{HELPED, IN_FILE, IN_SCOPE, UNDECIDED, sql};
use crate::run::Run;
use crate::sql::{RELIEF, text};

/// All figures, in the order in which they are shown.
pub(crate) fn figures(ledger: &mut Ledger, counts: &Counts, run: &Run, head: &str) -> Vec<DraftFigure> {
    let mut figures = Vec::new();
    let mut figure = |id, value, sql: String| figures.push(DraftFigure { id, value, sql });
    let people = |condition: &str| format!("{head}SELECT count(*) AS value FROM p WHERE {condition}");
    let of_outcome = |condition: &str| format!("{head}SELECT count(*) AS value FROM d WHERE {condition}");
    let all = &counts.people;
    let [file, scope, helped, undecided] =
        [IN_FILE, IN_SCOPE, HELPED, UNDECIDED].map(|measure| cell(ledger, "", measure, all));
    ledger.part(file, scope);
    // Those who were neither helped nor have anything open.
    ledger.part(scope, undecided);
    let review_people = counts.outcome_people.get(REVIEW).copied().unwrap_or(0);
    let review_people = ledger.cell(&format!("people.outcome={REVIEW}"), review_people);
    ledger.part(review_people, undecided);
    figure("people_in_file", Draft::Count(file), people(sql(IN_FILE)));
    figure("people_in_scope", Draft::Count(scope), people(sql(IN_SCOPE)));
    figure("people_helped", Draft::Count(helped), people(sql(HELPED)));
    let share = Draft::share(ledger, helped, scope);
    figure(
        "people_helped_share",
        share,
        format!(
            "{head}SELECT count(*) FILTER (WHERE {0}) AS count, count(*) AS of, count(*) FILTER (WHERE {0}) / nullif(count(*), 0)::DOUBLE AS value\nFROM p WHERE {1}",
            sql(HELPED),
            sql(IN_SCOPE)
        ),
    );
    let [decided, relieved, review, _] = convictions::parts(ledger, "", &counts.convictions);
    figure("convictions_decided", Draft::Count(decided), of_outcome("true"));
    figure("convictions_relieved", Draft::Count(relieved), of_outcome(&format!("outcome IN {RELIEF}")));
    for (id, at, outcome) in [("convictions_dismissed", 0, "dismiss"), ("convictions_reduced", 1, "reduce")] {
        let count = convictions::outcome(ledger, counts, at);
        figure(id, Draft::Count(count), of_outcome(&format!("outcome = '{outcome}'")));
    }
    figure("convictions_in_review", Draft::Count(review), of_outcome("outcome = 'review'"));
    let [felony, record] = STANDINGS.map(|measures| standing(ledger, "", all, measures)[3]);
    figure(
        "people_felony_free",
        Draft::Count(felony),
        people(
            "complete = 'yes' AND decided > 0 AND felonies > 0 AND felonies_after = 0 AND level_unknown_after = 0",
        ),
    );
    figure(
        "people_record_free",
        Draft::Count(record),
        people("complete = 'yes' AND decided > 0 AND convictions > 0 AND convictions_after = 0"),
    );
    figure("people_undecided", Draft::Count(undecided), people(sql(UNDECIDED)));
    for (id, count, field) in [
        ("rows", run.manifest.counts.rows_in, "rows_in"),
        ("rejects", run.manifest.counts.rejects, "rejects"),
    ] {
        let from = text("manifest.json");
        figure(
            id,
            Draft::Plain(count),
            format!("SELECT counts.{field} AS value FROM read_json_auto({from})"),
        );
    }
    figures
}
