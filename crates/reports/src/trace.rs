//! Where a figure comes from: the query that gives it again.

use crate::error::ReportError;
use crate::model::Report;
use crate::report::nearest;

/// What each figure and each table counts.
const MEANINGS: [(&str, &str); 37] = [
    ("people_in_file", "Everybody in the files, once; somebody without a subject number once for each row."),
    ("people_in_scope", "People with at least one conviction that the policy decides."),
    ("people_helped", "People with at least one conviction dismissed, reduced or granted relief."),
    ("people_helped_share", "Of the people in scope, those with at least one conviction relieved."),
    ("convictions_decided", "Convictions that the policy decides."),
    ("convictions_relieved", "Convictions dismissed, reduced or granted relief."),
    ("convictions_dismissed", "Convictions with the outcome dismiss."),
    ("convictions_reduced", "Convictions with the outcome reduce."),
    ("convictions_in_review", "Convictions that a person must look at."),
    (
        "people_felony_free",
        "People who had a felony on record and surely have none once the relief is granted.",
    ),
    (
        "people_record_free",
        "People who had a conviction on record and surely have none once the relief is granted.",
    ),
    ("people_undecided", "People with a conviction in review and without relief."),
    ("rows", "Rows of the files."),
    ("rejects", "Rows of the files that could not be used."),
    ("funnel", "From everybody in the files to those who were helped."),
    ("outcomes", "Convictions by outcome, and people with at least one of each."),
    ("statute", "Convictions by outcome, beside what the statute itself gives."),
    ("reasons", "Convictions by outcome and deciding ground."),
    ("sections", "Convictions by code section."),
    ("levels", "Convictions by level."),
    ("years", "Convictions by the decade in which they were entered."),
    ("race", "People in the file, in scope and helped, by race as recorded."),
    ("sex", "People in the file, in scope and helped, by sex as recorded."),
    ("age", "People in the file, in scope and helped, by age on the day of the decision."),
    ("felony_free_race", FELONY_FREE),
    ("felony_free_sex", FELONY_FREE),
    ("felony_free_age", FELONY_FREE),
    ("felony_free_decade", FELONY_FREE),
    ("record_free_race", RECORD_FREE),
    ("record_free_sex", RECORD_FREE),
    ("record_free_age", RECORD_FREE),
    ("record_free_decade", RECORD_FREE),
    ("disparity_race", DISPARITY),
    ("disparity_sex", DISPARITY),
    (
        "counties",
        "Convictions by county as recorded, and the people who have them; somebody may be in several.",
    ),
    ("agencies", "Convictions by the court or agency that reported them, and the people who have them."),
    ("undecided", "Convictions in review by the fact that is missing; one may miss several."),
];
const FELONY_FREE: &str = "People in scope with a complete record: who has no felony before and after. Of the others it cannot be told.";
const RECORD_FREE: &str = "People in scope with a complete record: who has no conviction before and after. Of the others it cannot be told.";
const DISPARITY: &str =
    "The share of each group over that of the largest group; none where a group has fewer than 30 people.";

impl Report {
    /// The query that gives a figure or a table again, as DuckDB reads it in the folder of the run. A table may be named `table.ID`.
    ///
    /// # Errors
    /// No figure or table has the name.
    pub fn trace(&self, name: &str) -> Result<&str, ReportError> {
        let figure =
            || self.figures.iter().find(|figure| figure.id == name).map(|figure| figure.sql.as_str());
        let table = || {
            let id = name.strip_prefix("table.").unwrap_or(name);
            self.tables.iter().find(|table| table.id == id).map(|table| table.sql.as_str())
        };
        figure().or_else(table).ok_or_else(|| {
            let names: Vec<String> = self.names().collect();
            let near = nearest(name, names.iter().map(String::as_str));
            ReportError::NoFigure { name: name.into(), near }
        })
    }

    /// What a figure or a table counts.
    #[must_use]
    pub fn meaning(name: &str) -> &'static str {
        let id = name.strip_prefix("table.").unwrap_or(name);
        MEANINGS.iter().find(|(known, _)| *known == id).map_or("", |(_, meaning)| *meaning)
    }

    /// All names that can be traced.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let tables = self.tables.iter().map(|table| format!("table.{}", table.id));
        self.figures.iter().map(|figure| figure.id.clone()).chain(tables)
    }
}
