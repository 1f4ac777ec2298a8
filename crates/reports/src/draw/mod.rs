//! A report as pages: HTML that needs no network and no script, and PDF, both of the same words and pictures.

mod charts;
mod map;
mod texts;
mod view;

use crate::error::ReportError;
use crate::model::Report;
use minijinja::{AutoEscape, Environment};
use serde_json::{Value, json};
pub use texts::Language;
use texts::Texts;
use vacatur_papers::Brochure;
use view::View;

const REPORT_HTML: &str = include_str!("../../../../reports/layout/report.html");
const PRESS_HTML: &str = include_str!("../../../../reports/layout/press-sheet.html");
const STYLE: &str = include_str!("../../../../reports/layout/style.css");
const REPORT_TYP: &str = include_str!("../../../../reports/layout/report.typ");
const PRESS_TYP: &str = include_str!("../../../../reports/layout/press-sheet.typ");

/// A page of a report, by the name of its file.
pub struct Page {
    /// The file's name.
    pub name: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Draws a report: `report.html`, `press-sheet.html`, `report.pdf`, `press-sheet.pdf`. The same report gives the same bytes.
///
/// # Errors
/// A letter in a policy's title or the like that no font of the PDF has. What comes with the program has no mistakes.
pub fn pages(report: &Report, language: Language) -> Result<Vec<Page>, ReportError> {
    let texts = Texts::of(language)?;
    let view = View::new(report, &texts);
    let (whole, press) = (view.json()?, view.press()?);
    let manifest = &report.head.manifest;
    Ok(vec![
        Page { name: "report.html", bytes: html("report.html", REPORT_HTML, &whole)? },
        Page { name: "press-sheet.html", bytes: html("press-sheet.html", PRESS_HTML, &press)? },
        Page { name: "report.pdf", bytes: pdf(("report.typ", REPORT_TYP), whole, manifest)? },
        Page { name: "press-sheet.pdf", bytes: pdf(("press-sheet.typ", PRESS_TYP), press, manifest)? },
    ])
}

fn html(name: &str, template: &str, data: &Value) -> Result<Vec<u8>, ReportError> {
    let failed = |error: minijinja::Error| ReportError::Drawing { what: format!("{error:#}") };
    let mut environment = Environment::new();
    // Every text is escaped but the pictures and the style, which are made here.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template(name, template).map_err(failed)?;
    let page = environment.get_template(name).map_err(failed)?;
    let text = page
        .render(minijinja::context! { style => STYLE, ..minijinja::Value::from_serialize(data) })
        .map_err(failed)?;
    Ok(text.into_bytes())
}

/// The pictures leave the data and become files that the layout shows.
fn pdf(layout: (&str, &str), mut data: Value, manifest: &str) -> Result<Vec<u8>, ReportError> {
    let failed = |error: vacatur_papers::PaperError| ReportError::Drawing { what: error.to_string() };
    let mut pictures = Vec::new();
    if let Some(sections) = data.get_mut("sections").and_then(Value::as_array_mut) {
        let tables = sections.iter_mut().filter_map(|section| section.get_mut("tables")?.as_array_mut());
        tables.flatten().for_each(|table| take_picture(table, &mut pictures));
    }
    if let Some(table) = data.get_mut("chart") {
        take_picture(table, &mut pictures);
    }
    let ident =
        format!("{manifest} {} {}", layout.0, data.get("lang").and_then(Value::as_str).unwrap_or_default());
    Brochure::new(layout, pictures).map_err(failed)?.pdf(&data, &ident).map_err(failed)
}

fn take_picture(table: &mut Value, pictures: &mut Vec<(String, Vec<u8>)>) {
    let Some(chart) = table.get_mut("chart") else { return };
    if let Value::String(svg) = chart.take() {
        let name = format!("picture-{}.svg", pictures.len());
        pictures.push((name.clone(), svg.into_bytes()));
        *chart = json!(name);
    }
}

vacatur_records::silent_debug!(Page);
