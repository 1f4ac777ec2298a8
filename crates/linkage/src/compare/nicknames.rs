//! Short and pet forms of given names.

use crate::sides::Pool;
use rustc_hash::FxHashMap;

/// Which given names are forms of each other, by the numbers of a pool. Two names are, if one of them stands in the line
/// of the other; that `BOB` and `BERT` both stand for `ROBERT` does not make them the same.
#[derive(Default)]
pub(crate) struct Nicknames {
    /// For each name, the names that it is a form of and its own forms.
    forms: FxHashMap<u32, Vec<u32>>,
}

impl Nicknames {
    /// Those of the list that comes with the program whose names the pool has.
    pub(crate) fn of(pool: &Pool) -> Self {
        let mut forms: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (name, form) in lines(include_str!("../../../../linkage/nicknames.txt")) {
            if let (Some(name), Some(form)) = (pool.find(name), pool.find(form)) {
                for (one, other) in [(name, form), (form, name)] {
                    let known = forms.entry(one).or_default();
                    if one != other && !known.contains(&other) {
                        known.push(other);
                    }
                }
            }
        }
        Self { forms }
    }

    pub(crate) fn are(&self, a: u32, b: u32) -> bool {
        self.forms.get(&a).is_some_and(|forms| forms.contains(&b))
    }

    /// The forms of a name in both directions, without itself.
    pub(crate) fn forms(&self, name: u32) -> &[u32] {
        self.forms.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// The pairs of a list: each line a name, a colon, and its forms.
fn lines(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(name, forms)| forms.split_whitespace().map(move |form| (name.trim(), form)))
}
