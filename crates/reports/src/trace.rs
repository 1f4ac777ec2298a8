//! Where a figure comes from: the query that gives it again.

use crate::error::ReportError;
use crate::model::Report;
use crate::report::nearest;

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

    /// All names that can be traced.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let tables = self.tables.iter().map(|table| format!("table.{}", table.id));
        self.figures.iter().map(|figure| figure.id.clone()).chain(tables)
    }
}
