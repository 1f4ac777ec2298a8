//! Cuts a volume of the exhibit into pages, and its texts into cells that fit.

use crate::error::PaperError;
use crate::exhibit::{EXHIBIT_ROWS_PER_PAGE, ExhibitRow, ExhibitVolume, exhibit_page};
use crate::letters::{Fitted, fit, missing_letters};
use serde_json::{Value, json};

/// Name, heading and width in points of each column. The layout takes them from here, because what fits a cell is found
/// out here.
const COLUMNS: [(&str, &str, f64); 9] = [
    ("line", "Line", 38.0),
    ("case_number", "Case number", 96.0),
    ("other_case_number", "Other number", 84.0),
    ("defendant", "Defendant", 182.0),
    ("count", "Count", 36.0),
    ("section", "Section", 86.0),
    ("level", "Level", 64.0),
    ("date", "Convicted", 54.0),
    ("relief", "Relief", 80.0),
];

/// Room on both sides of a cell, together, in points.
const INSET: f64 = 6.0;

/// What the layout of the exhibit is given. `data` is the volume without its lines.
pub(crate) fn exhibit_pages(volume: &ExhibitVolume, mut data: Value) -> Result<Value, PaperError> {
    let first = volume.rows.first().map_or(1, |row| row.line);
    let mut expected = first;
    if !first.saturating_sub(1).is_multiple_of(EXHIBIT_ROWS_PER_PAGE) || first == 0 {
        return Err(PaperError::Lines { line: first });
    }
    let mut pages = Vec::new();
    let per_page = usize::try_from(EXHIBIT_ROWS_PER_PAGE).unwrap_or(usize::MAX);
    for rows in volume.rows.chunks(per_page) {
        let mut cells = Vec::with_capacity(rows.len() * COLUMNS.len());
        for row in rows {
            if row.line != expected {
                return Err(PaperError::Lines { line: row.line });
            }
            expected += 1;
            for (at, (name, _, width)) in COLUMNS.iter().enumerate() {
                cells.push(cell(row, at, name, width - INSET)?);
            }
        }
        let (from, to) = (rows.first(), rows.last());
        pages.push(json!({
            "from": from.map(|row| row.line),
            "to": to.map(|row| row.line),
            "from_case": from.map(|row| &row.case_number),
            "to_case": to.map(|row| &row.case_number),
            "cells": cells,
        }));
    }
    data["first_page"] = json!(exhibit_page(first));
    data["last_page"] = json!(exhibit_page(volume.rows_in_all));
    data["columns"] = json!(COLUMNS.map(|(_, heading, width)| json!({ "heading": heading, "width": width })));
    data["pages"] = Value::Array(pages);
    Ok(data)
}

/// Whether every value of a line has its letters in the fonts, and room in its column.
#[must_use]
pub fn exhibit_row_fits(row: &ExhibitRow) -> bool {
    COLUMNS.iter().enumerate().all(|(at, (name, _, width))| cell(row, at, name, width - INSET).is_ok())
}

fn cell(row: &ExhibitRow, at: usize, name: &str, room: f64) -> Result<Value, PaperError> {
    let text = match at {
        0 => return Ok(Value::String(row.line.to_string())),
        1 => &row.case_number,
        2 => &row.other_case_number,
        3 => &row.defendant,
        4 => &row.count,
        5 => &row.section,
        6 => &row.level,
        7 => &row.date,
        _ => &row.relief,
    };
    let field = || format!("line {}, {name}", row.line);
    if let Some(letter) = missing_letters(text) {
        return Err(PaperError::Letter { field: field(), letter });
    }
    match fit(text, room) {
        Some(Fitted::AsItIs) => Ok(Value::String(text.clone())),
        Some(Fitted::Lines(size, lines)) => Ok(json!({ "size": size, "lines": lines })),
        None => Err(PaperError::TooLarge { field: field(), characters: text.chars().count() }),
    }
}
