//! Pieces of queries, as DuckDB reads them. They run from the folder of the run as they are.

/// A text in a query.
pub(crate) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Outcomes that are relief.
pub(crate) const RELIEF: &str = "('dismiss', 'reduce', 'grant')";

/// Who somebody is: by subject number, or by row where there is none.
pub(crate) const WHO: &str = "CASE WHEN subject_id = '' THEN file || ' ' || line ELSE subject_id END";

/// The decade of a conviction.
pub(crate) const DECADE: &str = "CASE WHEN TRY_CAST(left(conviction_date, 4) AS INTEGER) IS NULL THEN '' \
     ELSE (CAST(left(conviction_date, 4) AS INTEGER) // 10 * 10) || 's' END";

/// The decade of somebody's earliest conviction.
pub(crate) const FIRST_DECADE: &str =
    "CASE WHEN first_year IS NULL THEN '' ELSE (first_year // 10 * 10) || 's' END";

/// The head of every query: `p` is the people and `d` the decided convictions of the report, all or those of one county.
pub(crate) fn head(county: Option<&str>) -> String {
    let Some(county) = county else {
        return "WITH p AS (SELECT * FROM 'people.parquet'),\n     d AS (SELECT * FROM 'determinations.parquet')\n".into();
    };
    let county = text(county);
    let by_outcome: Vec<String> =
        [("dismiss", "dismissed"), ("reduce", "reduced"), ("grant", "granted"), ("review", "review")]
            .iter()
            .map(|(outcome, column)| format!("count(*) FILTER (WHERE outcome = '{outcome}') AS {column}"))
            .collect();
    let replaced = ["decided", "dismissed", "reduced", "granted", "review", "entitled"]
        .map(|column| format!("mine.{column} AS {column}"))
        .join(", ");
    format!(
        "WITH d AS (SELECT * FROM 'determinations.parquet' WHERE county = {county}),\n     \
         mine AS (SELECT {WHO} AS who, count(*) AS decided, {},\n       \
         CASE WHEN bool_or(statute_outcome IN {RELIEF}) THEN 'yes' ELSE 'no' END AS entitled FROM d GROUP BY who),\n     \
         p AS (SELECT every.* REPLACE ({replaced}) FROM (SELECT {WHO} AS who, * FROM 'people.parquet') AS every \
         JOIN mine USING (who))\n",
        by_outcome.join(", ")
    )
}

/// `count(*)` of what meets a condition, under a name.
pub(crate) fn counted(condition: &str, name: &str) -> String {
    format!("count(*) FILTER (WHERE {condition}) AS {name}")
}

/// A share under a name; nothing of nothing.
pub(crate) fn share(part: &str, whole: &str, name: &str) -> String {
    format!("count(*) FILTER (WHERE {part}) / nullif(count(*) FILTER (WHERE {whole}), 0)::DOUBLE AS {name}")
}
