//! Cuts a list of cases into pages: a line for each case, and one for each of its counts.

use crate::error::PaperError;
use crate::letters::{Fitted, fit, missing_letters};
use crate::sheets::{CaseList, ListedCase, ListedCount};
use serde_json::{Value, json};

/// Lines on a page.
const LINES: usize = 25;

/// Heading and width in points of each column.
const COLUMNS: [(&str, f64); 6] =
    [("Count", 44.0), ("Section", 104.0), ("Level", 72.0), ("Date", 62.0), ("Asked", 124.0), ("Why", 314.0)];

/// Widths in points of what stands in the line of a case.
const CASE: [f64; 3] = [148.0, 134.0, 438.0];

/// Room on both sides of a cell, together, in points.
const INSET: f64 = 6.0;

/// What the layout of the list is given. `data` is the list without its cases.
pub(crate) fn case_pages(list: &CaseList, mut data: Value) -> Result<Value, PaperError> {
    let mut pages: Vec<Vec<Value>> = vec![Vec::new()];
    for (number, case) in list.cases.iter().enumerate() {
        let (used, needed) = (pages.last().map_or(0, Vec::len), 1 + case.counts.len());
        // A case stays together if a page has room for it, and is not left with its first line alone.
        if used > 0 && used + needed.min(if needed > LINES { 2 } else { needed }) > LINES {
            pages.push(Vec::new());
        }
        let line = case_line(number, case, false)?;
        if let Some(page) = pages.last_mut() {
            page.push(line);
        }
        for (at, count) in case.counts.iter().enumerate() {
            if pages.last().is_some_and(|page| page.len() >= LINES) {
                pages.push(vec![case_line(number, case, true)?]);
            }
            let line = count_line(number, at, count)?;
            if let Some(page) = pages.last_mut() {
                page.push(line);
            }
        }
    }
    data["columns"] = json!(COLUMNS.map(|(heading, width)| json!({ "heading": heading, "width": width })));
    data["pages"] = json!(pages);
    Ok(data)
}

fn case_line(number: usize, case: &ListedCase, continued: bool) -> Result<Value, PaperError> {
    let field = |name: &str| format!("cases[{number}].{name}");
    let [case_room, other_room, name_room] = CASE.map(|width| width - INSET);
    Ok(json!({
        "case": cell(&case.case_number, case_room, || field("case_number"))?,
        "other": cell(&case.other_case_number, other_room, || field("other_case_number"))?,
        "defendant": cell(&case.defendant, name_room - 60.0, || field("defendant"))?,
        "continued": continued,
        "flag": case.counts.iter().any(|count| count.does_not_qualify),
    }))
}

fn count_line(number: usize, at: usize, count: &ListedCount) -> Result<Value, PaperError> {
    let asked = count.asked.as_deref().unwrap_or("stays as it is");
    let texts = [&count.count, &count.section, &count.level, &count.date, asked, &count.reason];
    let mut cells = Vec::new();
    for (text, (heading, width)) in texts.into_iter().zip(COLUMNS) {
        cells.push(cell(text, width - INSET, || format!("cases[{number}].counts[{at}], {heading}"))?);
    }
    Ok(json!({ "cells": cells, "asked": count.asked.is_some(), "flag": count.does_not_qualify }))
}

fn cell(text: &str, room: f64, field: impl Fn() -> String) -> Result<Value, PaperError> {
    if let Some(letter) = missing_letters(text) {
        return Err(PaperError::Letter { field: field(), letter });
    }
    match fit(text, room) {
        Some(Fitted::AsItIs) => Ok(json!(text)),
        Some(Fitted::Lines(size, lines)) => Ok(json!({ "size": size, "lines": lines })),
        None => Err(PaperError::TooLarge { field: field(), characters: text.chars().count() }),
    }
}
