//! A map against a blank: what of the form it was made for is no longer as it was.

use super::{FieldMap, Known, To};
use crate::blank::Blank;
use crate::field::Field;

/// A field that is not where or what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Was {
    /// Its name.
    pub field: String,
    /// As the map has it.
    pub before: String,
    /// As the blank has it.
    pub now: String,
}

/// What differs between the blank a map was made for and another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Fields of the map that the blank does not have, and whether the map fills them.
    pub missing: Vec<(String, bool)>,
    /// Fields of the blank that the map does not know.
    pub new: Vec<String>,
    /// Fields that take something else than they did, or can be ticked otherwise.
    pub changed: Vec<Was>,
    /// Fields that stand elsewhere, by more than two points.
    pub places: Vec<Was>,
    /// Pages onto which the map prints and that the blank does not have.
    pub pages: Vec<u32>,
}

impl Moved {
    /// Whether the map fits the blank.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl FieldMap {
    /// Compares the map with a blank. Nothing moved: every field is there, takes the same and stands where it stood.
    #[must_use]
    pub fn check(&self, blank: &Blank) -> Moved {
        let mut moved = Moved::default();
        let find = |name: &str| blank.fields().iter().find(|field| field.name == name);
        let filled: Vec<&str> = self.filled().collect();
        let mut names: Vec<&str> = filled.clone();
        names.extend(self.attests.iter().chain(&self.leaves).map(|(field, _)| field.as_str()));
        for known in &self.known {
            names.push(&known.name);
            let Some(field) = find(&known.name) else { continue };
            let (before, now) = (what(known), what(&as_known(field)));
            if before != now {
                moved.changed.push(Was { field: known.name.clone(), before, now });
            }
            let now = as_known(field);
            let same = known.at.len() == now.at.len()
                && known.at.iter().zip(&now.at).all(|(a, b)| {
                    a.iter()
                        .zip(b)
                        .enumerate()
                        .all(|(at, (a, b))| if at == 0 { a == b } else { (a - b).abs() <= 2 })
                });
            if !same {
                let (before, now) = (places(known), places(&now));
                moved.places.push(Was { field: known.name.clone(), before, now });
            }
        }
        names.sort_unstable();
        names.dedup();
        for &name in &names {
            if find(name).is_none() {
                moved.missing.push((name.to_owned(), filled.contains(&name)));
            }
        }
        for field in blank.fields() {
            if field.kind != crate::Kind::Button && names.binary_search(&field.name.as_str()).is_err() {
                moved.new.push(field.name.clone());
            }
        }
        for to in self.texts.iter().map(|entry| &entry.to).chain(self.checks.iter().map(|entry| &entry.to)) {
            if let To::Place(page, _) = to
                && *page as usize > blank.pages()
                && !moved.pages.contains(page)
            {
                moved.pages.push(*page);
            }
        }
        moved
    }
}

fn what(known: &Known) -> String {
    if known.states.is_empty() {
        known.kind.name().to_owned()
    } else {
        format!("{} ({})", known.kind.name(), known.states.join(", "))
    }
}

fn places(known: &Known) -> String {
    let all: Vec<String> = known
        .at
        .iter()
        .map(|[page, left, bottom, right, top]| format!("page {page} at {left} {bottom} {right} {top}"))
        .collect();
    if all.is_empty() { "nowhere".to_owned() } else { all.join(" and ") }
}

/// A field as a map would list it.
pub(super) fn as_known(field: &Field) -> Known {
    Known {
        name: field.name.clone(),
        kind: field.kind,
        at: field
            .widgets
            .iter()
            .map(|widget| {
                let [left, bottom, right, top] = widget.rect.map(|value| value.round() as i32);
                [widget.page as i32, left, bottom, right, top]
            })
            .collect(),
        states: field.states().into_iter().map(str::to_owned).collect(),
    }
}
