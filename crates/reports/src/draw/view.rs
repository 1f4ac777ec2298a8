//! A report in words and pictures: what every page of it is laid out of, in its language.

use super::charts::{self, Bar, Mark, Marked, Said};
use super::map::{self, Mapped};
use super::texts::Texts;
use crate::error::ReportError;
use crate::groups::known_errors_of_race;
use crate::model::{Report, Row, Section, Shown, Table};
use serde_json::{Value, json};

const SECTIONS: [(Section, &str); 7] = [
    (Section::Funnel, "funnel"),
    (Section::Convictions, "convictions"),
    (Section::Who, "who"),
    (Section::BeforeAfter, "before_after"),
    (Section::Disparities, "disparities"),
    (Section::Places, "places"),
    (Section::Undecided, "undecided"),
];

/// A report about to be laid out.
pub(crate) struct View<'r> {
    report: &'r Report,
    texts: &'r Texts,
    spanish: bool,
}

impl<'r> View<'r> {
    pub(crate) fn new(report: &'r Report, texts: &'r Texts) -> Self {
        Self { report, texts, spanish: texts.get(&["lang"]) == "es" }
    }

    /// What decided, by its title: the policy, or the list of those of the counties.
    fn policy(&self) -> String {
        self.report.head.policies.first().map_or_else(String::new, |policy| policy.title.clone())
    }

    /// What pages and PDF are laid out of. Charts are SVG, everything else is plain text.
    pub(crate) fn json(&self) -> Result<Value, ReportError> {
        let (texts, report) = (self.texts, self.report);
        let page = |name: &str| texts.get(&["page", name]).to_owned();
        let disclosure = &report.disclosure;
        let banner = if disclosure.public {
            texts.fill(
                &["page", "public"],
                &[
                    ("most", &disclosure.least.saturating_sub(1).to_string()),
                    ("small", &texts.count(disclosure.small)),
                    ("complementary", &texts.count(disclosure.complementary)),
                ],
            )
        } else {
            page("internal")
        };
        let mut sections = Vec::new();
        for (section, name) in SECTIONS {
            let of_section = report.tables.iter().filter(|table| table.section == section);
            let tables = of_section.map(|table| self.table(table)).collect::<Result<Vec<_>, _>>()?;
            if !tables.is_empty() {
                sections.push(json!({
                    "id": name,
                    "title": texts.get(&["section", name, "title"]),
                    "says": texts.get(&["section", name, "says"]),
                    "tables": tables,
                }));
            }
        }
        let glossary: Vec<Value> = texts
            .under("glossary")
            .map(|(_, text)| text.split_once(": ").unwrap_or((text, "")))
            .map(|(term, says)| json!({"term": term, "says": says}))
            .collect();
        Ok(json!({
            "lang": texts.get(&["lang"]),
            "as_of": self.report.head.as_of,
            "review": texts.get(&["review"]),
            "title": page("title"),
            "subtitle": texts.fill(&["page", "subtitle"], &[("as_of", &report.head.as_of), ("policy", &self.policy())]),
            "skip": page("skip"),
            "contents": page("contents"),
            "public": disclosure.public,
            "banner": banner,
            "interval_says": page("interval-says"),
            "chart_table": page("chart-table"),
            "generated": texts.fill(&["page", "generated"], &[("version", &report.head.program.0)]),
            "page": page("page"),
            "see_table": page("see-table"),
            "nothing_aloud": page("nothing-aloud"),
            "figures": self.figures(),
            "sections": sections,
            "method": self.method()?,
            "method_title": texts.get(&["section", "method", "title"]),
            "method_says": texts.get(&["section", "method", "says"]),
            "glossary_title": texts.get(&["section", "glossary", "title"]),
            "glossary": glossary,
        }))
    }

    /// What the sheet for the press is laid out of.
    pub(crate) fn press(&self) -> Result<Value, ReportError> {
        let (texts, mut data) = (self.texts, self.json()?);
        let values: Vec<(&str, String)> = self
            .report
            .figures
            .iter()
            .map(|figure| (figure.id.as_str(), self.shown(&figure.value)))
            .chain([("policy", self.policy())])
            .collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let say = |name: &str| texts.fill(&["press", name], &values);
        const SIX: [&str; 6] = [
            "people_helped",
            "people_helped_share",
            "convictions_relieved",
            "people_felony_free",
            "people_record_free",
            "convictions_in_review",
        ];
        let six: Vec<Value> = SIX
            .iter()
            .filter_map(|id| self.report.figures.iter().find(|figure| figure.id == *id))
            .map(|figure| self.figure(&figure.id, &figure.value))
            .collect();
        let chart = self.report.tables.iter().find(|table| table.id == "felony_free_race");
        let chart = chart.map(|table| self.table(table)).transpose()?;
        if let Some(data) = data.as_object_mut() {
            data.remove("sections");
            data.insert("title".into(), json!(texts.get(&["page", "press-title"])));
            data.insert("headline".into(), json!(say("headline")));
            data.insert("sentences".into(), json!([say("sentence-1"), say("sentence-2"), say("sentence-3")]));
            data.insert("not_title".into(), json!(say("not-title")));
            data.insert("nots".into(), json!([say("not-1"), say("not-2"), say("not-3")]));
            data.insert("contact".into(), json!(texts.get(&["page", "contact"])));
            data.insert("contact_blank".into(), json!(texts.get(&["page", "contact-blank"])));
            data.insert("six".into(), json!(six));
            data.insert("chart".into(), chart.unwrap_or(Value::Null));
        }
        Ok(data)
    }

    fn figures(&self) -> Vec<Value> {
        self.report.figures.iter().map(|figure| self.figure(&figure.id, &figure.value)).collect()
    }

    fn figure(&self, id: &str, value: &Shown) -> Value {
        let of = match value {
            Shown::Share(share) => self.texts.fill(
                &["page", "share-of"],
                &[("count", &self.texts.count(share.count)), ("of", &self.texts.count(share.of))],
            ),
            _ => String::new(),
        };
        json!({
            "id": id,
            "value": self.shown(value),
            "label": self.texts.get(&["figure", id]),
            "of": of,
        })
    }

    /// A number in words, without its interval.
    fn shown(&self, value: &Shown) -> String {
        let texts = self.texts;
        match value {
            Shown::Count(count) => texts.count(*count),
            Shown::Share(share) => texts.percent(share.value()),
            Shown::Ratio(ratio) => texts.decimal(ratio.value, 2),
            Shown::Word(word) => word.clone(),
            Shown::Withheld => texts.get(&["page", "withheld"]).to_owned(),
            Shown::Nothing => texts.get(&["page", "nothing"]).to_owned(),
        }
    }

    /// A number with its interval.
    fn whole(&self, value: &Shown) -> String {
        let texts = self.texts;
        let ends = match value {
            Shown::Share(share) => {
                Some((texts.decimal(share.low * 100.0, 1), texts.decimal(share.high * 100.0, 1)))
            }
            Shown::Ratio(ratio) => Some((texts.decimal(ratio.low, 2), texts.decimal(ratio.high, 2))),
            _ => None,
        };
        let shown = self.shown(value);
        match ends {
            Some((low, high)) => {
                texts.fill(&["page", "interval"], &[("value", &shown), ("low", &low), ("high", &high)])
            }
            None => shown,
        }
    }

    fn word(&self, dimension: &str, key: &str) -> String {
        if key.is_empty() {
            return self.texts.get(&["page", "not-recorded"]).to_owned();
        }
        self.texts.find(&["word", dimension, key]).unwrap_or(key).to_owned()
    }

    fn cell(&self, table: &Table, column: &str, value: &Shown) -> Value {
        let text = match (column, value) {
            ("outcome", Shown::Word(word)) => self.word("outcome", word),
            ("against", Shown::Word(word)) => self.word(&table.dimension, word),
            _ => self.whole(value),
        };
        let kind = match value {
            Shown::Withheld => "withheld",
            Shown::Nothing => "nothing",
            Shown::Word(_) => "word",
            _ => "number",
        };
        json!({"text": text, "kind": kind})
    }

    fn row(&self, table: &Table, row: &Row, head: String) -> Value {
        let cells = table.columns.iter().zip(&row.cells);
        let cells: Vec<Value> = cells.map(|(column, value)| self.cell(table, column, value)).collect();
        json!({"head": head, "cells": cells})
    }

    fn table(&self, table: &Table) -> Result<Value, ReportError> {
        let texts = self.texts;
        let rows: Vec<Value> = table
            .rows
            .iter()
            .map(|row| self.row(table, row, self.word(&table.dimension, &row.key)))
            .collect();
        let total =
            table.total.as_ref().map(|row| self.row(table, row, texts.get(&["page", "total"]).to_owned()));
        let heads: Vec<&str> = table.columns.iter().map(|column| texts.get(&["column", column])).collect();
        let notes: Vec<&str> = table.notes.iter().map(|note| texts.get(&["note", note])).collect();
        let title = texts.get(&["table", &table.id]);
        let chart = self.chart(table)?;
        let source = texts.fill(
            &["page", "source"],
            &[("manifest", self.report.head.manifest.get(..12).unwrap_or_default()), ("id", &table.id)],
        );
        Ok(json!({
            "id": table.id,
            "title": title,
            "dimension": texts.get(&["dimension", &table.dimension]),
            "heads": heads,
            "rows": rows,
            "total": total,
            "notes": notes,
            "chart": chart.as_ref().map(|(svg, _)| svg),
            "chart_says": chart.as_ref().map(|(_, says)| says),
            "long": table.rows.len() > 14,
            "source": source,
        }))
    }

    /// The table's chart and what is to be seen in it, if a chart says more than the table.
    fn chart(&self, table: &Table) -> Result<Option<(String, String)>, ReportError> {
        let texts = self.texts;
        let id = format!("chart-{}", table.id);
        let title = texts.get(&["table", &table.id]);
        let column = |name: &str| table.columns.iter().position(|known| known == name);
        let word = |row: &Row| self.word(&table.dimension, &row.key);
        if table.id == "counties" {
            return self.map(table, &id).map(Some);
        }
        if table.section == Section::Disparities {
            let Some(at) = column("helped_ratio") else { return Ok(None) };
            let rows = self.marked(table, &[at]);
            let all = rows.iter().flat_map(|row| row.marks.iter().flatten().copied());
            if all.clone().next().is_none() {
                return Ok(None);
            }
            let axis = charts::ratio_axis(all, |value| texts.decimal(value, 2));
            let says = self.says(title, &rows);
            return Ok(Some((charts::marks(&Said { id: &id, title, says: &says }, &axis, &rows), says)));
        }
        if let (Some(before), Some(after)) = (column("share_before"), column("share_after")) {
            let rows = self.marked(table, &[before, after]);
            let mut axis = charts::share_axis(
                rows.iter().flat_map(|row| row.marks.iter().flatten().copied()),
                |share| format!("{}\u{a0}%", texts.decimal(share * 100.0, 0)),
            );
            axis.names = Some([texts.get(&["page", "before"]), texts.get(&["page", "after"])]);
            let says = self.says(title, &rows);
            return Ok(Some((charts::marks(&Said { id: &id, title, says: &says }, &axis, &rows), says)));
        }
        if table.section == Section::Who
            && let Some(at) = column("share_helped")
        {
            let rows = self.marked(table, &[at]);
            let axis = charts::share_axis(
                rows.iter().flat_map(|row| row.marks.iter().flatten().copied()),
                |share| format!("{}\u{a0}%", texts.decimal(share * 100.0, 0)),
            );
            let says = self.says(title, &rows);
            return Ok(Some((charts::marks(&Said { id: &id, title, says: &says }, &axis, &rows), says)));
        }
        let bar = match table.id.as_str() {
            "funnel" => column("people"),
            "outcomes" | "undecided" | "years" => column("convictions"),
            _ => None,
        };
        let Some(at) = bar else { return Ok(None) };
        let rows: Vec<Bar> = table
            .rows
            .iter()
            .map(|row| {
                let value = row.cells.get(at).unwrap_or(&Shown::Nothing);
                let count = if let Shown::Count(count) = value { Some(*count as f64) } else { None };
                Bar { word: word(row), value: count, shown: self.shown(value) }
            })
            .collect();
        let seen: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.word, row.shown)).collect();
        let says = format!("{title}. {}. {}", seen.join("; "), texts.get(&["page", "chart-table"]));
        Ok(Some((charts::bars(&Said { id: &id, title, says: &says }, &rows), says)))
    }

    /// What is to be seen in marks, for who does not see them.
    fn says(&self, title: &str, rows: &[Marked]) -> String {
        let seen: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.word, row.shown)).collect();
        format!("{title}. {}. {}", seen.join("; "), self.texts.get(&["page", "chart-table"]))
    }

    fn marked(&self, table: &Table, columns: &[usize]) -> Vec<Marked> {
        let mark = |value: &Shown| match value {
            Shown::Share(share) => Some(Mark { value: share.value(), low: share.low, high: share.high }),
            Shown::Ratio(ratio) => Some(Mark { value: ratio.value, low: ratio.low, high: ratio.high }),
            _ => None,
        };
        let nothing = Shown::Nothing;
        table
            .rows
            .iter()
            .map(|row| {
                let values: Vec<&Shown> =
                    columns.iter().map(|&at| row.cells.get(at).unwrap_or(&nothing)).collect();
                let shown: Vec<String> = values.iter().map(|value| self.shown(value)).collect();
                let open = values.iter().all(|value| **value == Shown::Withheld);
                let shown = if open { self.shown(&Shown::Withheld) } else { shown.join(" → ") };
                Marked {
                    word: self.word(&table.dimension, &row.key),
                    marks: values.into_iter().map(mark).collect(),
                    shown,
                }
            })
            .collect()
    }

    fn map(&self, table: &Table, id: &str) -> Result<(String, String), ReportError> {
        let texts = self.texts;
        let page = |name: &'static str| texts.get(&["page", name]);
        let at = table.columns.iter().position(|known| known == "people_helped");
        let number_of = |county: &str| {
            let row = table.rows.iter().find(|row| row.key.to_uppercase() == county)?;
            match row.cells.get(at?)? {
                Shown::Count(count) => Some(*count),
                _ => None,
            }
        };
        let class = |low: u64, high: u64| {
            if low == high {
                return texts.count(low);
            }
            texts.fill(&["page", "map-class"], &[("low", &texts.count(low)), ("high", &texts.count(high))])
        };
        let mapped = Mapped {
            number_of: &number_of,
            word: &|number| texts.count(number),
            class: &class,
            none: page("map-none"),
        };
        let says = page("map-says");
        let svg = map::map(&Said { id, title: page("map-title"), says }, &mapped)?;
        Ok((svg, says.to_owned()))
    }

    fn method(&self) -> Result<Vec<Value>, ReportError> {
        let (texts, head) = (self.texts, &self.report.head);
        let name = |key: &'static str| texts.get(&["method", key]);
        let mut lines: Vec<(String, String)> = Vec::new();
        for policy in &head.policies {
            let of = if policy.counties.is_empty() {
                String::new()
            } else {
                format!(" · {}", policy.counties.join(", "))
            };
            lines.push((
                name("policy").into(),
                format!("{} ({}){of}, BLAKE3 {}", policy.title, policy.id, policy.blake3),
            ));
            if !policy.parameters.is_empty() {
                let set: Vec<String> =
                    policy.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                lines.push((name("parameters").into(), set.join("; ")));
            }
        }
        if let Some(statute) = &head.statute {
            lines.push((
                name("statute").into(),
                format!("{} ({}), BLAKE3 {}", statute.title, statute.id, statute.blake3),
            ));
        }
        lines.push((name("as_of").into(), head.as_of.clone()));
        lines
            .push((name("program").into(), format!("vacatur {}, BLAKE3 {}", head.program.0, head.program.1)));
        for input in &head.inputs {
            let file = &input.name;
            lines.push((
                name("inputs").into(),
                format!("{file}: {} bytes, BLAKE3 {}", texts.count(input.bytes), input.blake3),
            ));
        }
        lines.push((name("manifest").into(), head.manifest.clone()));
        for (file, hash) in &head.read {
            lines.push((name("read").into(), format!("{file}, BLAKE3 {hash}")));
        }
        for error in known_errors_of_race()? {
            let says = if self.spanish { error.says_es } else { error.says };
            lines.push((name("race").into(), format!("{says} ({}; {})", error.source, error.status)));
        }
        let mut all: Vec<Value> =
            lines.into_iter().map(|(term, says)| json!({"term": term, "says": says})).collect();
        let rows = texts.fill(
            &["method", "rows"],
            &[("rows", &texts.count(head.rows)), ("rejects", &texts.count(head.rejects))],
        );
        for says in [rows, name("once").to_owned(), name("checked").to_owned()] {
            all.push(json!({"term": "", "says": says}));
        }
        Ok(all)
    }
}
