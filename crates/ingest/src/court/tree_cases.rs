//! Cases out of objects: JSON lines and the elements of XML.

use super::account::{CourtPlace, CourtRejectReason as Reason};
use super::error::CourtError;
use super::fold::ChargeFacts;
use super::lines::Lines;
use super::meaning::Meaning;
use super::read::Reading;
use super::table::{LONGEST_CELL, LONGEST_ROW};
use super::tree::{TWICE, Tree};
use crate::source::Source;

/// The last part of a path, and what stands before it.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// A path below another; `None` if it is not.
fn below<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    if above.is_empty() { Some(path) } else { path.strip_prefix(above)?.strip_prefix('.') }
}

impl Reading<'_> {
    pub(super) fn json_lines(&mut self, file: u32, source: &Source) -> Result<(), CourtError> {
        let mut lines = Lines::new(source);
        let mut buffer = Vec::new();
        let io = |error| CourtError::Io { name: source.name().to_owned(), error };
        while let Some(line) = lines.next(buffer).map_err(io)? {
            let place = CourtPlace { file, line: line.number, column: None };
            if line.number <= u64::from(self.layout.0.skip) {
                self.tally.account.headers += 1;
            } else if line.cut {
                self.reject(place, Reason::TooLong, source)?;
            } else if line.bytes.trim_ascii().is_empty() {
                self.tally.account.blank += 1;
            } else {
                self.json_line(place, &line.bytes, source)?;
            }
            buffer = line.bytes;
        }
        Ok(())
    }

    fn json_line(&mut self, place: CourtPlace, line: &[u8], source: &Source) -> Result<(), CourtError> {
        if std::str::from_utf8(line).is_err() {
            return self.reject(place, Reason::Encoding, source);
        }
        match serde_json::from_slice::<Tree>(line) {
            Ok(tree) => self.tree(place, &tree, source),
            Err(error) => {
                // The library says no more than a text; it holds the column, and nothing of the line.
                let said = error.to_string();
                let reason = if said.contains(TWICE) {
                    Reason::RepeatedKey
                } else if said.contains("recursion limit") {
                    Reason::TooDeep
                } else {
                    Reason::Json
                };
                let column = u32::try_from(error.column()).ok();
                self.reject(CourtPlace { column, ..place }, reason, source)
            }
        }
    }

    /// One object: a case with its defendants and charges, or a row if the layout names no lists.
    pub(super) fn tree(&mut self, place: CourtPlace, tree: &Tree, source: &Source) -> Result<(), CourtError> {
        if !matches!(tree, Tree::Object(_)) {
            return self.reject(place, Reason::NoObject, source);
        }
        let inner = &self.layout.0;
        tree.paths("", &mut |path| {
            if !inner.columns.iter().any(|column| column.name == path || below(path, &column.name).is_some())
            {
                self.tally.unlisted("key", path, place);
            }
        });
        if inner.parties.is_empty() && inner.charges.is_empty() {
            let mut row = Vec::new();
            let all: Vec<usize> = (0..inner.columns.len()).collect();
            return match self.values(tree, &all, "", &mut row) {
                Err(reason) => self.reject(place, reason, source),
                Ok(()) => self.row(place, &row, source),
            };
        }
        let cases = self.cases(place, tree);
        match cases {
            Err(reason) => self.reject(place, reason, source),
            Ok(cases) => {
                self.tally.account.rows += 1;
                self.tally.account.used += 1;
                for case in cases {
                    let case = self.builder.finish(case, &mut self.tally);
                    (self.sink)(case);
                }
                Ok(())
            }
        }
    }

    /// The values of some columns under an element; `above` is the element's own path.
    fn values<'t>(
        &self,
        element: &'t Tree,
        columns: &[usize],
        above: &str,
        into: &mut Vec<(usize, &'t str)>,
    ) -> Result<(), Reason> {
        for &at in columns {
            let Some(spec) = self.builder.column(at) else { continue };
            let Some(path) = below(&spec.name, above) else { continue };
            if spec.meaning == Meaning::Ignored {
                continue;
            }
            let mut found = Vec::new();
            element.at(path, &mut found);
            let several = matches!(spec.meaning, Meaning::Booking | Meaning::Aka | Meaning::Sentence);
            if found.len() > 1 && !several {
                return Err(Reason::ListForValue);
            }
            for value in found {
                let text = value.text().ok_or(Reason::NestedForValue)?;
                if text.len() > LONGEST_CELL {
                    return Err(Reason::HugeCell);
                }
                if text.contains('\0') {
                    return Err(Reason::Nul);
                }
                if !self.builder.is_blank(at, text) {
                    into.push((at, text));
                }
            }
        }
        Ok(())
    }

    /// The columns of one list, by the element that holds them: those of the list's own elements first.
    fn by_element(&self, list: &str, of: impl Fn(&str) -> bool) -> Vec<(String, Vec<usize>)> {
        let mut groups: Vec<(String, Vec<usize>)> = vec![(list.to_owned(), Vec::new())];
        for (at, column) in self.layout.0.columns.iter().enumerate() {
            if !of(&column.name) {
                continue;
            }
            let parent = split(&column.name).0;
            match groups.iter_mut().find(|(known, _)| known == parent) {
                Some((_, columns)) => columns.push(at),
                None => groups.push((parent.to_owned(), vec![at])),
            }
        }
        groups
    }

    /// The charges at a path under an element, each with the number of its defendant.
    fn charges_in(
        &mut self,
        place: CourtPlace,
        above: &Tree,
        path: &str,
    ) -> Result<Vec<(String, ChargeFacts)>, Reason> {
        let list = self.layout.0.charges.as_str();
        let mut elements = Vec::new();
        if !list.is_empty() {
            above.at(path, &mut elements);
        }
        let groups = self.by_element(list, |path| !list.is_empty() && below(path, list).is_some());
        let mut charged = Vec::new();
        for element in elements {
            let mut of = String::new();
            let mut facts: Option<ChargeFacts> = None;
            for (parent, columns) in &groups {
                let mut parts = Vec::new();
                element.at(below(parent, list).unwrap_or(""), &mut parts);
                for part in parts {
                    let mut values = Vec::new();
                    self.values(part, columns, parent, &mut values)?;
                    let number = self.builder.value(&values, Meaning::Defendant);
                    if !number.is_empty() {
                        number.clone_into(&mut of);
                    }
                    let more = self.builder.charge(&values, place, &mut self.tally);
                    match &mut facts {
                        None => facts = Some(more),
                        Some(facts) => facts.absorb(more),
                    }
                }
            }
            charged.extend(facts.map(|facts| (of, facts)));
        }
        Ok(charged)
    }

    fn cases(&mut self, place: CourtPlace, tree: &Tree) -> Result<Vec<super::build::Facts>, Reason> {
        let layout = self.layout;
        let inner = &layout.0;
        let (parties, charges) = (inner.parties.as_str(), inner.charges.as_str());
        let is_in = |path: &str, list: &str| !list.is_empty() && below(path, list).is_some();
        let own: Vec<usize> = (0..inner.columns.len())
            .filter(|at| {
                inner.columns.get(*at).is_some_and(|c| !is_in(&c.name, parties) && !is_in(&c.name, charges))
            })
            .collect();
        let mut case = Vec::new();
        self.values(tree, &own, "", &mut case)?;

        // Charges stand beside the defendants, or within each.
        let within = if parties.is_empty() { None } else { below(charges, parties) };
        let mut charged = if within.is_none() { self.charges_in(place, tree, charges)? } else { Vec::new() };

        let mut elements = Vec::new();
        if parties.is_empty() {
            elements.push(None);
        } else {
            let mut found = Vec::new();
            tree.at(parties, &mut found);
            elements.extend(found.into_iter().map(Some));
            if elements.is_empty() {
                elements.push(None);
            }
        }
        let groups = self.by_element(parties, |path| is_in(path, parties) && !is_in(path, charges));
        let alone = elements.len() == 1;
        let mut cases = Vec::new();
        for element in elements {
            let mut values = case.clone();
            let (_, columns) = groups.first().cloned().unwrap_or_default();
            if let Some(element) = element {
                self.values(element, &columns, parties, &mut values)?;
            }
            let mut facts = self.builder.case(&values, place, &mut self.tally).ok_or(Reason::Nobody)?;
            for (parent, columns) in groups.iter().skip(1) {
                let mut parts = Vec::new();
                element.into_iter().for_each(|e| e.at(below(parent, parties).unwrap_or(""), &mut parts));
                for part in parts {
                    let mut more = Vec::new();
                    self.values(part, columns, parent, &mut more)?;
                    self.builder.add_name(&mut facts, &more);
                }
            }
            if let (Some(within), Some(element)) = (within, element) {
                let own = self.charges_in(place, element, within)?;
                facts.charges.extend(own.into_iter().map(|(_, facts)| facts));
            }
            let number = self.builder.value(&values, Meaning::Defendant).to_owned();
            let mine =
                |of: &str| if of.is_empty() { alone } else { of == number || (alone && number.is_empty()) };
            let (own, rest): (Vec<_>, Vec<_>) = charged.into_iter().partition(|(of, _)| mine(of));
            charged = rest;
            facts.charges.extend(own.into_iter().map(|(_, facts)| facts));
            cases.push(facts);
        }
        if charged.is_empty() { Ok(cases) } else { Err(Reason::ChargeOfNobody) }
    }
}

/// The most bytes of an element that is one case.
pub(super) const LONGEST_ELEMENT: usize = LONGEST_ROW * 4;
