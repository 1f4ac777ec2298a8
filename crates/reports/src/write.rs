//! The numbers of a report as files: JSON whole, and CSV for spreadsheets.

use crate::model::{Report, Row, Shown, Table};
use vacatur_pipeline::spreadsheet_cell;

/// What stands in a cell that may not be shown.
const WITHHELD: &str = "withheld";

impl Report {
    /// The numbers as files: name and content.
    ///
    /// # Errors
    /// None that a report made here has: a number that JSON has no word for.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, serde_json::Error> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        let mut files =
            vec![("report.json".to_owned(), json), ("figures.csv".to_owned(), self.figures_csv())];
        files.push(("tables.csv".into(), self.tidy()));
        files.extend(self.tables.iter().map(|table| (format!("table-{}.csv", table.id), wide(table))));
        Ok(files)
    }

    fn figures_csv(&self) -> Vec<u8> {
        let mut csv = line(["figure", "value", "count", "of", "low", "high"]);
        for figure in &self.figures {
            csv.extend(line([figure.id.clone()].into_iter().chain(numbers(&figure.value))));
        }
        csv
    }

    /// All tables one below the other, a line for each number.
    fn tidy(&self) -> Vec<u8> {
        let mut csv =
            line(["table", "dimension", "key", "total", "column", "value", "count", "of", "low", "high"]);
        for table in &self.tables {
            let rows = table.rows.iter().map(|row| (row, "no"));
            for (row, total) in rows.chain(table.total.iter().map(|row| (row, "yes"))) {
                for (column, cell) in table.columns.iter().zip(&row.cells) {
                    let head = [&table.id, &table.dimension, &row.key, total, column].map(str::to_owned);
                    csv.extend(line(head.into_iter().chain(numbers(cell))));
                }
            }
        }
        csv
    }
}

/// A table as it is read: a line for each row, and beside a share or ratio its interval.
fn wide(table: &Table) -> Vec<u8> {
    let rows = || table.rows.iter().chain(&table.total);
    let spread: Vec<bool> = (0..table.columns.len())
        .map(|at| rows().any(|row| matches!(row.cells.get(at), Some(Shown::Share(_) | Shown::Ratio(_)))))
        .collect();
    let mut head = vec![table.dimension.clone()];
    for (column, spread) in table.columns.iter().zip(&spread) {
        head.push(column.clone());
        if *spread {
            head.extend([format!("{column}_low"), format!("{column}_high")]);
        }
    }
    let mut csv = line(head);
    let mut put = |row: &Row, key: &str| {
        let mut cells = vec![key.to_owned()];
        for (cell, spread) in row.cells.iter().zip(&spread) {
            let [value, _, _, low, high] = numbers(cell);
            cells.push(value);
            if *spread {
                cells.extend([low, high]);
            }
        }
        csv.extend(line(cells));
    };
    for row in &table.rows {
        put(row, &row.key);
    }
    if let Some(total) = &table.total {
        put(total, "total");
    }
    csv
}

/// Value, count, of how many, and the ends of the interval. An empty cell says that there is nothing to say.
fn numbers(shown: &Shown) -> [String; 5] {
    let empty = String::new;
    match shown {
        Shown::Count(count) => [count.to_string(), empty(), empty(), empty(), empty()],
        Shown::Share(share) => [
            decimal(share.value()),
            share.count.to_string(),
            share.of.to_string(),
            decimal(share.low),
            decimal(share.high),
        ],
        Shown::Ratio(ratio) => {
            [decimal(ratio.value), empty(), empty(), decimal(ratio.low), decimal(ratio.high)]
        }
        Shown::Word(word) => [word.clone(), empty(), empty(), empty(), empty()],
        Shown::Withheld => [WITHHELD.into(), empty(), empty(), empty(), empty()],
        Shown::Nothing => Default::default(),
    }
}

fn decimal(number: f64) -> String {
    format!("{number:.6}")
}

fn line(cells: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<u8> {
    let mut line = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let cell = spreadsheet_cell(cell.as_ref());
        if cell.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line.push('\n');
    line.into_bytes()
}
