//! A blank and a map made ready to fill papers.

use crate::Flatten;
use crate::blank::Blank;
use crate::facts::{Facts, Value};
use crate::field::Kind;
use crate::fill::Copy;
use crate::map::{CheckEntry, FieldMap, Overflow, RowsEntry, TextEntry, To};
use crate::template::{Template, prepare};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// No case needs more copies of one form.
const MOST_COPIES: usize = 1_000;

/// Why a map cannot fill a blank. `vacatur forms check` says more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// The map fills fields that the PDF does not have.
    #[error(
        "the map for {form} names fields that are not in this PDF: {}; compare the two with `vacatur forms check`",
        listed(fields)
    )]
    Missing {
        /// The form of the map.
        form: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// The map puts a text into a box, or a tick into a text field.
    #[error("the field {field:?} is {is}, and the map for {form} fills it as {wants}")]
    Kind {
        /// The form of the map.
        form: String,
        /// The field.
        field: String,
        /// What it is.
        is: &'static str,
        /// What the map takes it for.
        wants: &'static str,
    },
    /// A box that cannot be ticked as the map says.
    #[error("the box {field:?} has no state {state:?}; it has {}", listed(has))]
    State {
        /// The box.
        field: String,
        /// What the map ticks it to.
        state: String,
        /// What it can be ticked to.
        has: Vec<String>,
    },
    /// The map prints onto a page that the PDF does not have.
    #[error("the map for {form} prints onto page {page}, and this PDF has {has}")]
    Page {
        /// The form of the map.
        form: String,
        /// The page, from 1.
        page: u32,
        /// How many pages there are.
        has: usize,
    },
    /// By its name or its help text the field is an oath, a signature, a waiver or an order.
    #[error(
        "by its words the field {field:?} attests, signs, waives or orders something: the program fills no such field; list it under `attests`"
    )]
    Attests {
        /// The field.
        field: String,
    },
}

fn listed(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(5).map(|name| format!("{name:?}")).collect();
    if names.len() > shown.len() {
        shown.push(format!("and {} more", names.len() - shown.len()));
    }
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

/// Why a paper could not be filled. It names facts and fields, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// A fact is of another kind than the map takes it for.
    #[error("the fact {fact} must be {expected}")]
    Kind {
        /// The fact.
        fact: String,
        /// What it should be.
        expected: &'static str,
    },
    /// More rows than a thousand copies have room for.
    #[error("{fact} has more rows than 1,000 copies of the form have room for")]
    TooManyRows {
        /// The fact that has the rows.
        fact: String,
    },
}

/// What happened to a field, beyond being filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The text is smaller than the form asks for.
    Shrunk,
    /// The text did not fit and stands in the addendum.
    Overflowed,
    /// A letter of the text is in none of the fonts: the field is blank, and has to be filled by hand.
    NoLetter,
}

/// A remark on a field of a filled paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which copy, from 1.
    pub copy: usize,
    /// The field, or the place as `page N`.
    pub field: String,
    /// What happened.
    pub what: What,
}

/// A filled form.
pub struct Filled {
    /// A PDF for each copy, with its addendum at the end. There is more than one only where the map says that a table
    /// which is too long goes onto further copies.
    pub copies: Vec<Vec<u8>>,
    /// What the user should know, in the order of the map.
    pub notes: Vec<Note>,
}

vacatur_records::silent_debug!(Filled);

/// Where a value goes, found in the blank.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Field(usize),
    /// A page from 0, and a rectangle on it.
    Place(usize, [f32; 4]),
}

pub(crate) struct Plan<'a> {
    pub(crate) texts: Vec<(Target, &'a TextEntry)>,
    pub(crate) checks: Vec<(Target, &'a CheckEntry, String)>,
    pub(crate) rows: Vec<(&'a RowsEntry, Vec<Vec<usize>>)>,
}

/// Fills papers. It is made once, and any number of threads may use it.
pub struct Filler<'a> {
    pub(crate) blank: &'a Blank,
    pub(crate) map: &'a FieldMap,
    pub(crate) plan: Plan<'a>,
    prints: BTreeSet<usize>,
    flattened: OnceLock<Template>,
    fillable: OnceLock<Template>,
}

vacatur_records::silent_debug!(Filler<'_>);

impl<'a> Filler<'a> {
    /// Puts a map and a blank together.
    ///
    /// # Errors
    ///
    /// The map does not fit the blank.
    pub fn new(blank: &'a Blank, map: &'a FieldMap) -> Result<Self, FitError> {
        let missing: Vec<String> = map
            .filled()
            .filter(|name| blank.fields.iter().all(|field| field.name != *name))
            .map(str::to_owned)
            .collect();
        if !missing.is_empty() {
            return Err(FitError::Missing { form: map.form.clone(), fields: missing });
        }
        let fit = Fit { blank, map };
        let mut plan = Plan { texts: Vec::new(), checks: Vec::new(), rows: Vec::new() };
        for entry in &map.texts {
            plan.texts.push((fit.target(&entry.to, true)?, entry));
        }
        for entry in &map.checks {
            let target = fit.target(&entry.to, false)?;
            plan.checks.push((target, entry, fit.state(target, entry)?));
        }
        for rows in &map.rows {
            let mut columns = Vec::new();
            for column in &rows.columns {
                let fields: Result<Vec<usize>, FitError> =
                    column.fields.iter().map(|field| fit.field(field, true)).collect();
                columns.push(fields?);
            }
            plan.rows.push((rows, columns));
        }
        let places =
            plan.texts.iter().map(|(target, _)| target).chain(plan.checks.iter().map(|(target, ..)| target));
        let prints = places
            .filter_map(|target| match target {
                Target::Place(page, _) => Some(*page),
                Target::Field(_) => None,
            })
            .collect();
        Ok(Self { blank, map, plan, prints, flattened: OnceLock::new(), fillable: OnceLock::new() })
    }

    /// Boxes that come ticked in the blank. They are unticked, unless the map ticks them.
    pub fn ticked_in_blank(&self) -> impl Iterator<Item = &str> {
        let boxes = self.blank.fields.iter().filter(|field| matches!(field.kind, Kind::Check | Kind::Radio));
        boxes
            .filter(|field| field.widgets.iter().any(|widget| widget.ticked))
            .map(|field| field.name.as_str())
    }

    /// Fills a paper. The same facts give the same bytes.
    ///
    /// # Errors
    ///
    /// A fact is of a kind that the map does not take it for.
    pub fn fill(&self, facts: &Facts, flatten: Flatten) -> Result<Filled, FillError> {
        let template = match flatten {
            Flatten::Yes => self.flattened.get_or_init(|| prepare(self.blank, flatten, &self.prints)),
            Flatten::No => self.fillable.get_or_init(|| prepare(self.blank, flatten, &self.prints)),
        };
        let copies = self.copies(facts)?;
        let mut filled = Filled { copies: Vec::with_capacity(copies), notes: Vec::new() };
        for copy in 0..copies {
            let mut paper = Copy::new(self, copy);
            paper.take(facts)?;
            let (bytes, notes) = paper.write(template, facts, flatten);
            filled.copies.push(bytes);
            filled.notes.extend(notes);
        }
        Ok(filled)
    }

    /// How many copies the longest table takes that goes onto copies.
    fn copies(&self, facts: &Facts) -> Result<usize, FillError> {
        let mut copies = 1;
        for (rows, _) in &self.plan.rows {
            if rows.overflow != Overflow::Copy {
                continue;
            }
            let here = self::rows(facts, &rows.of)?.len().div_ceil(rows.room().max(1));
            if here > MOST_COPIES {
                return Err(FillError::TooManyRows { fact: rows.of.clone() });
            }
            copies = copies.max(here);
        }
        Ok(copies)
    }
}

/// The rows of a table: none, if they are unknown.
pub(crate) fn rows<'f>(facts: &'f Facts, of: &str) -> Result<&'f [Facts], FillError> {
    match facts.get(of) {
        None => Ok(&[]),
        Some(Value::Rows(rows)) => Ok(rows),
        Some(_) => Err(FillError::Kind { fact: of.to_owned(), expected: "a list of rows" }),
    }
}

struct Fit<'a> {
    blank: &'a Blank,
    map: &'a FieldMap,
}

impl Fit<'_> {
    fn target(&self, to: &To, text: bool) -> Result<Target, FitError> {
        match to {
            To::Field(field) => self.field(field, text).map(Target::Field),
            To::Place(page, rect) => match (*page as usize).checked_sub(1) {
                Some(at) if at < self.blank.pages() => Ok(Target::Place(at, *rect)),
                _ => {
                    Err(FitError::Page { form: self.map.form.clone(), page: *page, has: self.blank.pages() })
                }
            },
        }
    }

    fn field(&self, name: &str, text: bool) -> Result<usize, FitError> {
        let missing = || FitError::Missing { form: self.map.form.clone(), fields: vec![name.to_owned()] };
        let at = self.blank.fields.iter().position(|field| field.name == name).ok_or_else(missing)?;
        let field = self.blank.fields.get(at).ok_or_else(missing)?;
        let takes_text = matches!(field.kind, Kind::Text | Kind::Choice);
        let takes_tick = matches!(field.kind, Kind::Check | Kind::Radio);
        if (text && !takes_text) || (!text && !takes_tick) {
            return Err(FitError::Kind {
                form: self.map.form.clone(),
                field: name.to_owned(),
                is: field.kind.name(),
                wants: if text { "text" } else { "check" },
            });
        }
        if crate::map::looks_attesting(field) {
            return Err(FitError::Attests { field: name.to_owned() });
        }
        Ok(at)
    }

    fn state(&self, target: Target, entry: &CheckEntry) -> Result<String, FitError> {
        let Target::Field(at) = target else { return Ok(String::new()) };
        let Some(field) = self.blank.fields.get(at) else { return Ok(String::new()) };
        let states = field.states();
        let found = match &entry.state {
            Some(state) => states.iter().find(|known| *known == state),
            None if states.len() == 1 => states.first(),
            None => None,
        };
        found.map(|state| (*state).to_owned()).ok_or_else(|| FitError::State {
            field: field.name.clone(),
            state: entry.state.clone().unwrap_or_default(),
            has: states.into_iter().map(str::to_owned).collect(),
        })
    }
}
