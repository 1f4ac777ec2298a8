//! The records of both files, or of one, ready to be compared.
//!
//! A record is one number of 32 bits for each field of the model: the number of a text, or a date. Names of all kinds share
//! one set of numbers, so that a given name can be compared with a family name and with other names by number.

mod pool;

pub(crate) use pool::Pool;

use crate::compare::Nicknames;
use crate::model::{FieldKind, Model, ModelError};
use crate::standard::{self, Date};
use rustc_hash::FxHashMap;

/// Why a record cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SidesError {
    /// It has more or fewer cells than the model has fields.
    #[error("a record has {found} cells, and the model has {wanted} fields")]
    Cells {
        /// The fields of the model.
        wanted: usize,
        /// The cells of the record.
        found: usize,
    },
    /// There are more records or texts than numbers of 32 bits.
    #[error("too many records: one side can have 4,294,967,295, and all texts of a field 4 GB")]
    Full,
}

/// Takes the records of one or both sides.
pub struct SidesBuilder {
    sides: Sides,
    buffer: String,
    words: Vec<u32>,
}

/// The records of two sides, or of one that is compared with itself.
pub struct Sides {
    pub(crate) kinds: Vec<FieldKind>,
    names: Vec<String>,
    /// Which pool a field's values are in.
    pool_of: Vec<usize>,
    pub(crate) pools: Vec<Pool>,
    left: Vec<u32>,
    right: Option<Vec<u32>>,
    /// The words of names of more than one word.
    pub(crate) parts: FxHashMap<u32, Vec<u32>>,
    /// Where each list of other names ends; list 0 is empty.
    alias_ends: Vec<u32>,
    /// Given and family name of each.
    alias_items: Vec<[u32; 2]>,
    fingerprint: String,
    pub(crate) nicknames: Nicknames,
}

vacatur_records::silent_debug!(Sides, SidesBuilder);

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left.
    Left,
    /// The right; the left again where one file is compared with itself.
    Right,
}

impl SidesBuilder {
    /// For records of a model's fields.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let kinds: Vec<FieldKind> = model.fields.iter().map(|field| field.kind).collect();
        let mut pools = vec![Pool::new()];
        let pool_of = kinds.iter().map(|kind| {
            if kind.is_name() || *kind == FieldKind::Aliases {
                return 0;
            }
            pools.push(Pool::new());
            pools.len() - 1
        });
        let pool_of = pool_of.collect();
        let sides = Sides {
            names: model.fields.iter().map(|field| field.name.clone()).collect(),
            kinds,
            pool_of,
            pools,
            left: Vec::new(),
            right: None,
            parts: FxHashMap::default(),
            alias_ends: vec![0],
            alias_items: Vec::new(),
            fingerprint: model.fingerprint(),
            nicknames: Nicknames::default(),
        };
        Self { sides, buffer: String::new(), words: Vec::new() }
    }

    /// Takes a record of the left side: one cell for each field of the model, in its order, as the file has it. A blank
    /// cell, or one with a filler, is a value that is not known.
    ///
    /// # Errors
    /// [`SidesError`].
    pub fn left(&mut self, cells: &[&str]) -> Result<(), SidesError> {
        let mut words = std::mem::take(&mut self.words);
        let read = self.read(cells, &mut words);
        if read.is_ok() {
            self.sides.left.extend_from_slice(&words);
        }
        self.words = words;
        read
    }

    /// Takes a record of the right side.
    ///
    /// # Errors
    /// [`SidesError`].
    pub fn right(&mut self, cells: &[&str]) -> Result<(), SidesError> {
        let mut words = std::mem::take(&mut self.words);
        let read = self.read(cells, &mut words);
        if read.is_ok() {
            self.sides.right.get_or_insert_default().extend_from_slice(&words);
        }
        self.words = words;
        read
    }

    /// Says that there is a right side, even if it has no record: without this and without a record on the right, the left
    /// side is compared with itself.
    pub fn two_sides(&mut self) {
        self.sides.right.get_or_insert_default();
    }

    /// All records are in.
    #[must_use]
    pub fn finish(mut self) -> Sides {
        let names = self.sides.pools.first().map(Nicknames::of).unwrap_or_default();
        for (number, pool) in self.sides.pools.iter_mut().enumerate() {
            if number == 0 {
                pool.seal(&self.sides.parts, &names);
            } else {
                pool.seal(&FxHashMap::default(), &Nicknames::default());
            }
        }
        self.sides.nicknames = names;
        self.sides.left.shrink_to_fit();
        if let Some(right) = &mut self.sides.right {
            right.shrink_to_fit();
        }
        self.sides
    }

    fn read(&mut self, cells: &[&str], words: &mut Vec<u32>) -> Result<(), SidesError> {
        let wanted = self.sides.kinds.len();
        if cells.len() != wanted {
            return Err(SidesError::Cells { wanted, found: cells.len() });
        }
        words.clear();
        for (field, cell) in cells.iter().enumerate() {
            let word = self.value(field, cell).ok_or(SidesError::Full)?;
            words.push(word);
        }
        Ok(())
    }

    /// The number of a cell's value; `None` when there are no more numbers.
    fn value(&mut self, field: usize, cell: &str) -> Option<u32> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Some(0);
        }
        let kind = *self.sides.kinds.get(field)?;
        self.buffer.clear();
        let usable = match kind {
            FieldKind::Given | FieldKind::Family | FieldKind::Middle => {
                standard::fold(cell, &mut self.buffer);
                return self.sides.name(&self.buffer);
            }
            FieldKind::Aliases => return self.aliases(cell),
            FieldKind::Date => return Some(standard::date(cell).unwrap_or_default().0),
            FieldKind::Suffix => {
                standard::fold(cell, &mut self.buffer);
                let form = standard::suffix(&self.buffer).unwrap_or_default();
                self.buffer.clear();
                self.buffer.push_str(form);
                !form.is_empty()
            }
            FieldKind::Code => standard::code(cell, &mut self.buffer),
            FieldKind::Zip => standard::zip(cell, &mut self.buffer),
            FieldKind::Identifier => standard::identifier(cell, &mut self.buffer),
            FieldKind::Text => standard::text(cell, &mut self.buffer),
        };
        if !usable {
            return Some(0);
        }
        let pool = *self.sides.pool_of.get(field)?;
        self.sides.pools.get_mut(pool)?.intern(&self.buffer)
    }

    fn aliases(&mut self, cell: &str) -> Option<u32> {
        let before = self.sides.alias_items.len();
        for alias in cell.split('|').filter(|alias| !alias.trim().is_empty()) {
            let name = standard::person_name(alias.trim());
            let item = [self.sides.name(&name.given)?, self.sides.name(&name.family)?];
            if item != [0, 0]
                && self.sides.alias_items.get(before..).is_some_and(|items| !items.contains(&item))
            {
                self.sides.alias_items.push(item);
            }
        }
        if self.sides.alias_items.len() == before {
            return Some(0);
        }
        self.sides.alias_ends.push(u32::try_from(self.sides.alias_items.len()).ok()?);
        u32::try_from(self.sides.alias_ends.len() - 1).ok()
    }
}

/// Words that go with a family name and are nobody's name alone.
const PARTICLES: &[&str] = &[
    "DE", "LA", "LAS", "LOS", "DEL", "EL", "Y", "DA", "DOS", "DI", "VAN", "VON", "DER", "DEN", "ST", "SAN",
    "AL", "BIN",
];

impl Sides {
    /// The number of a folded name: without its blanks, so that `DE LA CRUZ` and `DELACRUZ` are one, its words noted.
    fn name(&mut self, folded: &str) -> Option<u32> {
        let pool = self.pools.first_mut()?;
        if !folded.contains(' ') {
            return if standard::is_nobody(folded) { Some(0) } else { pool.intern(folded) };
        }
        let squeezed: String = folded.split(' ').collect();
        if standard::is_nobody(&squeezed) || standard::is_filler(folded) {
            return Some(0);
        }
        let id = pool.intern(&squeezed)?;
        if let std::collections::hash_map::Entry::Vacant(place) = self.parts.entry(id) {
            let words = folded.split(' ').filter(|word| word.len() > 1 && !PARTICLES.contains(word));
            place.insert(words.map(|word| pool.intern(word)).collect::<Option<Vec<u32>>>()?);
        }
        Some(id)
    }

    /// The numbers of a record, one for each field.
    #[inline]
    pub(crate) fn row(&self, side: Side, number: u32) -> &[u32] {
        let width = self.kinds.len();
        let start = number as usize * width;
        self.rows(side).get(start..start + width).unwrap_or_default()
    }

    pub(crate) fn rows(&self, side: Side) -> &[u32] {
        match (side, &self.right) {
            (Side::Right, Some(right)) => right,
            _ => &self.left,
        }
    }

    /// How many records a side has.
    #[must_use]
    pub fn len(&self, side: Side) -> usize {
        self.rows(side).len() / self.kinds.len().max(1)
    }

    /// Whether one of the sides has no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows(Side::Left).is_empty() || self.rows(Side::Right).is_empty()
    }

    /// Whether one file is compared with itself.
    #[must_use]
    pub fn is_dedupe(&self) -> bool {
        self.right.is_none()
    }

    /// How many pairs there are in all.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        let (left, right) = (self.len(Side::Left) as u64, self.len(Side::Right) as u64);
        if self.is_dedupe() { left * left.saturating_sub(1) / 2 } else { left.saturating_mul(right) }
    }

    /// The other names of a record by the number of its list, given and family name of each.
    pub(crate) fn aliases(&self, list: u32) -> &[[u32; 2]] {
        let Some(before) = (list as usize).checked_sub(1) else { return &[] };
        let start = self.alias_ends.get(before).copied().unwrap_or(0) as usize;
        let end = self.alias_ends.get(list as usize).copied().unwrap_or(0) as usize;
        self.alias_items.get(start..end).unwrap_or_default()
    }

    /// The texts of a field.
    #[inline]
    pub(crate) fn pool(&self, field: usize) -> Option<&Pool> {
        self.pools.get(*self.pool_of.get(field)?)
    }

    /// How often each value of a field stands on a side, by its number; only for fields whose values are texts.
    pub(crate) fn counts(&self, field: usize, side: Side) -> Vec<u32> {
        let mut counts = vec![0_u32; self.pool(field).map_or(1, Pool::len)];
        for row in self.rows(side).chunks_exact(self.kinds.len().max(1)) {
            if let Some(count) = row.get(field).and_then(|value| counts.get_mut(*value as usize)) {
                *count += 1;
            }
        }
        counts
    }

    /// How many records of a side have a value in each field, by the number of the field.
    #[must_use]
    pub fn filled(&self, side: Side) -> Vec<u64> {
        let mut filled = vec![0_u64; self.kinds.len()];
        for row in self.rows(side).chunks_exact(self.kinds.len().max(1)) {
            for (count, value) in filled.iter_mut().zip(row) {
                *count += u64::from(*value != 0);
            }
        }
        filled
    }

    /// A value as it is compared, for an explanation that is meant to hold it.
    #[must_use]
    pub fn show(&self, side: Side, record: u32, field: usize) -> String {
        let value = self.row(side, record).get(field).copied().unwrap_or(0);
        match self.kinds.get(field) {
            _ if value == 0 => String::new(),
            None => String::new(),
            Some(FieldKind::Date) => Date(value).show(),
            Some(FieldKind::Aliases) => {
                let shown: Vec<String> = self
                    .aliases(value)
                    .iter()
                    .map(|[given, family]| format!("{}, {}", self.show_name(*family), self.show_name(*given)))
                    .collect();
                shown.join("; ")
            }
            Some(kind) if kind.is_name() => self.show_name(value),
            Some(_) => self.pool(field).map_or_else(String::new, |pool| pool.get(value).to_owned()),
        }
    }

    fn show_name(&self, id: u32) -> String {
        self.pools.first().map_or_else(String::new, |pool| pool.get(id).to_owned())
    }

    /// That these records were read for a model of the same fields.
    ///
    /// # Errors
    /// [`ModelError::Columns`] with the fields that differ.
    pub fn check(&self, model: &Model) -> Result<(), ModelError> {
        if self.fingerprint == model.fingerprint() {
            return Ok(());
        }
        let without = |names: &[String], others: &[String]| {
            let missing: Vec<&str> =
                names.iter().filter(|name| !others.contains(name)).map(String::as_str).collect();
            if missing.is_empty() { "none".to_owned() } else { missing.join(", ") }
        };
        let theirs: Vec<String> = model.fields.iter().map(|field| field.name.clone()).collect();
        let what = if theirs == self.names {
            "the fields have the same names and are of other kinds".to_owned()
        } else {
            format!(
                "only in the model: {}; only in the records: {}",
                without(&theirs, &self.names),
                without(&self.names, &theirs)
            )
        };
        Err(ModelError::Columns { what })
    }
}
