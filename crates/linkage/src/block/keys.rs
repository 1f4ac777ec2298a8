//! The keys of a record under a rule.

use crate::compare::soundex;
use crate::model::{FieldKind, Model, Part, Way};
use crate::sides::{Side, Sides};
use rustc_hash::FxHashSet;

/// The rules of a model, fields by number.
pub(crate) struct Rules<'s> {
    sides: &'s Sides,
    rules: Vec<Ready>,
}

struct Ready {
    on: Vec<ReadyPart>,
    tighten: Vec<ReadyPart>,
    /// Whether a record can have more than one key.
    many: bool,
    /// Keys whose blocks are tightened.
    oversize: FxHashSet<u64>,
}

#[derive(Clone, Copy)]
struct ReadyPart {
    way: Way,
    left: usize,
    right: usize,
    aliases: Option<usize>,
}

impl ReadyPart {
    fn field(self, side: Side) -> usize {
        if side == Side::Left { self.left } else { self.right }
    }
}

/// More keys than that are not made of one record: names in any combination would be too many.
const KEYS: usize = 24;

fn mix(key: u64, value: u64) -> u64 {
    let mixed = (key.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

impl<'s> Rules<'s> {
    pub(crate) fn new(sides: &'s Sides, model: &Model) -> Self {
        let aliases = model.fields.iter().position(|field| field.kind == FieldKind::Aliases);
        let ready = |part: &Part| ReadyPart {
            way: part.way,
            left: model.field(&part.left).unwrap_or(0),
            right: model.field(&part.right).unwrap_or(0),
            aliases,
        };
        let rules = model.rules.iter().map(|rule| Ready {
            on: rule.on.iter().map(ready).collect(),
            tighten: rule.tighten.iter().map(ready).collect(),
            many: rule.on.iter().any(|part| matches!(part.way, Way::Any | Way::Nickname)),
            oversize: FxHashSet::default(),
        });
        Self { sides, rules: rules.collect() }
    }

    /// Whether a record can have more than one key under a rule.
    pub(crate) fn has_many(&self, rule: usize) -> bool {
        self.rules.get(rule).is_some_and(|rule| rule.many)
    }

    pub(crate) fn can_tighten(&self, rule: usize) -> bool {
        self.rules.get(rule).is_some_and(|rule| !rule.tighten.is_empty())
    }

    /// Has the blocks of these keys tightened from now on.
    pub(crate) fn tighten(&mut self, rule: usize, keys: FxHashSet<u64>) {
        if let Some(rule) = self.rules.get_mut(rule) {
            rule.oversize = keys;
        }
    }

    /// The one value of a part, 0 where there is none.
    #[inline]
    fn value(&self, part: ReadyPart, side: Side, row: &[u32]) -> u64 {
        let field = part.field(side);
        let value = row.get(field).copied().unwrap_or(0);
        if value == 0 {
            return 0;
        }
        let text = || self.sides.pool(field).map_or(&[][..], |pool| pool.get(value).as_bytes());
        match part.way {
            Way::Whole if self.sides.kinds.get(field) == Some(&FieldKind::Date) => {
                u64::from(if crate::standard::Date(value).is_whole() { value } else { 0 })
            }
            Way::Whole | Way::Any | Way::Nickname => u64::from(value),
            Way::First(count) => text().iter().take(count).fold(0, |key, byte| key << 8 | u64::from(*byte)),
            Way::Year => u64::from(value >> 16),
            Way::MonthDay if value & 0xff == 0 || value & 0xff00 == 0 => 0,
            Way::MonthDay => u64::from(value & 0xffff),
            Way::Sound => u64::from(soundex(text())),
        }
    }

    /// All values of a part.
    fn values(&self, part: ReadyPart, side: Side, row: &[u32], out: &mut Vec<u64>) {
        out.clear();
        let field = part.field(side);
        let own = row.get(field).copied().unwrap_or(0);
        let mut add = |name: u32| {
            if name != 0 && !out.contains(&u64::from(name)) {
                out.push(u64::from(name));
            }
        };
        match part.way {
            Way::Any => {
                let mut whole_and_parts = |name: u32| {
                    add(name);
                    self.sides.parts.get(&name).into_iter().flatten().for_each(|part| add(*part));
                };
                whole_and_parts(own);
                let list = part.aliases.and_then(|aliases| row.get(aliases)).copied().unwrap_or(0);
                let at = usize::from(self.sides.kinds.get(field) != Some(&FieldKind::Given));
                self.sides
                    .aliases(list)
                    .iter()
                    .filter_map(|alias| alias.get(at))
                    .for_each(|name| whole_and_parts(*name));
            }
            Way::Nickname => {
                add(own);
                self.sides.nicknames.forms(own).iter().for_each(|form| add(*form));
            }
            _ => out.extend(Some(self.value(part, side, row)).filter(|value| *value != 0)),
        }
    }

    /// The keys of a record, tightened where they are, in order and each once.
    pub(crate) fn keys(&self, rule: usize, side: Side, row: &[u32], out: &mut Vec<u64>) {
        out.clear();
        let Some(ready) = self.rules.get(rule) else { return };
        out.push(rule as u64 + 1);
        let mut values = Vec::new();
        for part in &ready.on {
            if matches!(part.way, Way::Any | Way::Nickname) {
                self.values(*part, side, row, &mut values);
                let before = std::mem::take(out);
                out.extend(
                    before
                        .iter()
                        .flat_map(|key| values.iter().map(move |value| mix(*key, *value)))
                        .take(KEYS),
                );
            } else {
                let value = self.value(*part, side, row);
                if value == 0 {
                    out.clear();
                } else {
                    out.iter_mut().for_each(|key| *key = mix(*key, value));
                }
            }
            if out.is_empty() {
                return;
            }
        }
        if !ready.oversize.is_empty() {
            out.retain_mut(|key| {
                if !ready.oversize.contains(key) {
                    return true;
                }
                for part in &ready.tighten {
                    let value = self.value(*part, side, row);
                    if value == 0 {
                        return false;
                    }
                    *key = mix(*key, value);
                }
                true
            });
        }
        if out.len() > 1 {
            out.sort_unstable();
            out.dedup();
        }
    }

    /// Whether a rule makes a pair of two records.
    #[inline]
    pub(crate) fn agree(&self, rule: usize, left: &[u32], right: &[u32]) -> bool {
        let Some(ready) = self.rules.get(rule) else { return false };
        for part in &ready.on {
            if !matches!(part.way, Way::Any | Way::Nickname) {
                let value = self.value(*part, Side::Left, left);
                if value == 0 || value != self.value(*part, Side::Right, right) {
                    return false;
                }
            }
        }
        (!ready.many && ready.oversize.is_empty()) || self.least_common(rule, left, right).is_some()
    }

    /// The least key that two records have in common under a rule.
    pub(crate) fn least_common(&self, rule: usize, left: &[u32], right: &[u32]) -> Option<u64> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        self.keys(rule, Side::Left, left, &mut ours);
        self.keys(rule, Side::Right, right, &mut theirs);
        ours.into_iter().find(|key| theirs.contains(key))
    }
}
