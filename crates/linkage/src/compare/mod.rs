//! At which level two records end in each comparison.

mod memo;
mod nicknames;
mod sign;
mod text;

pub(crate) use memo::Memo;
pub(crate) use nicknames::Nicknames;
pub(crate) use sign::Sign;
pub(crate) use text::{Jaro, soundex};

use crate::model::{FieldKind, Model, Test};
use crate::sides::{Pool, Sides};
use crate::standard::Date;
use sign::Need;
use text::{dates_within_one_edit, within_one_edit};

/// The level of a pair where one side has no value. Levels of the model count from 1.
pub(crate) const NULL: u8 = 0;

/// Where a comparison ended.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    /// [`NULL`], or the number of the level from 1.
    pub(crate) level: u8,
    /// The value that both have, for its rarity; 0 where no value is the same.
    pub(crate) value: u32,
}

/// How similar the second of two exchanged names must be.
const EXCHANGED: f64 = 0.88;

/// A comparison made ready: fields by number, tests sorted by what they need.
pub(crate) struct Compare {
    pub(crate) field: usize,
    kind: FieldKind,
    swapped_with: usize,
    aliases: usize,
    /// The level of each of these tests; 0 where the comparison has it not.
    same: u8,
    pub(crate) swapped: u8,
    other_name: u8,
    /// The tests that need the two values and nothing else, with their levels, in order; `else` is the last.
    tests: Vec<(Test, u8)>,
    otherwise: u8,
    /// How many common characters two texts need to reach the least similarity that any test asks for; `None` where none
    /// does.
    need: Option<Need>,
    /// The place of the field's text among the views of a record.
    view: usize,
    /// Whether a memo pays: the tests count letters.
    remembered: bool,
}

/// All comparisons of a model, ready for records.
pub(crate) struct Plan<'s> {
    sides: &'s Sides,
    pub(crate) comparisons: Vec<Compare>,
    /// The fields whose texts are looked at.
    viewed: Vec<usize>,
}

/// A text beside its record, so that it need not be looked up for each pair.
#[derive(Clone, Copy)]
pub(crate) struct View {
    sign: Sign,
    /// The text, if it is not longer than that.
    text: [u8; 16],
}

/// A record as it is compared.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    /// The numbers of its values.
    pub(crate) words: &'a [u32],
    /// Its texts, one for each of [`Plan::viewed`]; none where they are to be looked up.
    pub(crate) views: &'a [View],
}

impl<'a> Record<'a> {
    /// A record whose texts are looked up.
    #[inline]
    pub(crate) fn plain(words: &'a [u32]) -> Self {
        Self { words, views: &[] }
    }
}

/// What a thread needs to compare.
pub(crate) struct Scratch {
    jaro: Jaro,
    memos: Vec<Memo>,
}

impl<'s> Plan<'s> {
    pub(crate) fn new(sides: &'s Sides, model: &Model) -> Self {
        let comparisons = model.comparisons.iter().map(|comparison| {
            let field = model.field(&comparison.field).unwrap_or(0);
            let number = |name: &Option<String>| {
                name.as_deref().and_then(|name| model.field(name)).unwrap_or(usize::MAX)
            };
            let mut compare = Compare {
                field,
                kind: model.fields.get(field).map_or(FieldKind::Text, |field| field.kind),
                swapped_with: number(&comparison.swapped_with),
                aliases: number(&comparison.other_names),
                same: 0,
                swapped: 0,
                other_name: 0,
                tests: Vec::new(),
                otherwise: 0,
                need: None,
                view: usize::MAX,
                remembered: false,
            };
            for (level, number) in comparison.levels.iter().zip(1_u8..) {
                match level.test {
                    Test::Same => compare.same = number,
                    Test::Swapped => compare.swapped = number,
                    Test::OtherName => compare.other_name = number,
                    Test::Else => compare.otherwise = number,
                    test => compare.tests.push((test, number)),
                }
            }
            let similar = compare.tests.iter().filter_map(|(test, _)| match test {
                Test::Similar(from) => Some(*from),
                _ => None,
            });
            compare.need = similar.reduce(f64::min).map(Need::new);
            compare.remembered = compare.need.is_some();
            compare
        });
        let mut comparisons: Vec<Compare> = comparisons.collect();
        let mut viewed = Vec::new();
        let looks = |compare: &Compare| {
            compare.remembered || compare.kind == FieldKind::Identifier && !compare.tests.is_empty()
        };
        for compare in comparisons.iter_mut().filter(|compare| looks(compare)) {
            compare.view = viewed.len();
            viewed.push(compare.field);
        }
        Self { sides, comparisons, viewed }
    }

    /// The texts of a record.
    pub(crate) fn views(&self, words: &[u32], out: &mut Vec<View>) {
        for field in &self.viewed {
            let value = words.get(*field).copied().unwrap_or(0);
            let mut view = View { sign: Sign::default(), text: [0; 16] };
            if value != 0
                && let Some(pool) = self.sides.pool(*field)
            {
                view.sign = pool.sign(value);
                let text = pool.get(value).as_bytes();
                view.text.iter_mut().zip(text).for_each(|(place, byte)| *place = *byte);
            }
            out.push(view);
        }
    }

    /// How many texts a record has beside it.
    #[inline]
    pub(crate) fn viewed(&self) -> usize {
        self.viewed.len()
    }

    pub(crate) fn scratch(&self) -> Scratch {
        let memos = self.comparisons.iter().map(|compare| Memo::new(compare.remembered));
        Scratch { jaro: Jaro::new(), memos: memos.collect() }
    }

    /// Compares two records in one comparison.
    #[inline]
    pub(crate) fn outcome(
        &self,
        number: usize,
        left: Record<'_>,
        right: Record<'_>,
        scratch: &mut Scratch,
    ) -> Outcome {
        let none = Outcome { level: NULL, value: 0 };
        let Some(compare) = self.comparisons.get(number) else { return none };
        let (Some(&a), Some(&b)) = (left.words.get(compare.field), right.words.get(compare.field)) else {
            return none;
        };
        if a == 0 || b == 0 {
            return none;
        }
        if a == b && compare.same != 0 {
            return Outcome { level: compare.same, value: a };
        }
        self.differing(compare, number, a, b, [left, right], scratch)
    }

    fn differing(
        &self,
        compare: &Compare,
        number: usize,
        a: u32,
        b: u32,
        rows: [Record<'_>; 2],
        scratch: &mut Scratch,
    ) -> Outcome {
        let mut level = if compare.tests.is_empty() {
            compare.otherwise
        } else if compare.kind == FieldKind::Date {
            dates(compare, a, b)
        } else {
            self.values(compare, number, [a, b], rows, scratch)
        };
        let mut value = 0;
        let [left, right] = rows.map(|row| row.words);
        if compare.swapped != 0 && compare.swapped < level && self.swapped(compare, left, right, scratch) {
            level = compare.swapped;
        }
        if compare.other_name != 0
            && compare.other_name < level
            && let Some(found) = self.other_name(compare, a, b, left, right)
        {
            level = compare.other_name;
            value = found;
        }
        Outcome { level, value }
    }

    /// Whether the two fields are exchanged on one side: one of them exactly, the other but for a letter or two.
    fn swapped(&self, compare: &Compare, left: &[u32], right: &[u32], scratch: &mut Scratch) -> bool {
        let value = |row: &[u32], field: usize| row.get(field).copied().unwrap_or(0);
        let (ours, their_other) = (value(left, compare.field), value(right, compare.swapped_with));
        let (our_other, theirs) = (value(left, compare.swapped_with), value(right, compare.field));
        if ours != their_other && our_other != theirs || our_other == 0 || their_other == 0 {
            return false;
        }
        let mut alike = |one: u32, other: u32| {
            one == other
                || self.sides.pools.first().is_some_and(|names| {
                    scratch.jaro.winkler(names.get(one).as_bytes(), names.get(other).as_bytes()) >= EXCHANGED
                })
        };
        alike(ours, their_other) && alike(our_other, theirs)
    }

    /// The level of two different texts, from memory if it is there.
    fn values(
        &self,
        compare: &Compare,
        number: usize,
        [a, b]: [u32; 2],
        rows: [Record<'_>; 2],
        scratch: &mut Scratch,
    ) -> u8 {
        let Some(pool) = self.sides.pool(compare.field) else { return compare.otherwise };
        let views = rows.map(|row| row.views.get(compare.view));
        let [first, second] = match views {
            [Some(first), Some(second)] => [first.sign, second.sign],
            _ => [pool.sign(a), pool.sign(b)],
        };
        let possible = compare.need.as_ref().is_some_and(|need| need.may_reach(first, second))
            || compare.tests.iter().any(|(test, _)| match test {
                Test::Similar(_) => false,
                Test::Nickname => first.may_be_forms(second),
                Test::Initial => first.may_be_initial(second),
                Test::Part => compare.kind == FieldKind::Text || first.may_share_words(second),
                Test::OneEdit => first.may_be_one_edit(second),
                Test::StartsAlike(count) => *count < 3 || first.may_start_alike(second),
                _ => true,
            });
        if !possible {
            return compare.otherwise;
        }
        let short = |view: Option<&View>, value: u32| match view {
            Some(view) if view.sign.length() <= 16 => Ok(*view),
            _ => Err(value),
        };
        let texts = [short(views[0], a), short(views[1], b)];
        let text = |number: usize| match texts.get(number) {
            Some(Ok(view)) => view.text.get(..view.sign.length() as usize).unwrap_or_default(),
            Some(Err(value)) => pool.get(*value).as_bytes(),
            None => &[],
        };
        if !compare.remembered {
            return self.texts(compare, pool, [a, b], [first, second], [text(0), text(1)], &mut scratch.jaro);
        }
        // The tests are the same both ways, so that one entry serves both.
        let (low, high) = (a.min(b), a.max(b));
        let known = scratch.memos.get(number).and_then(|memo| memo.get(low, high));
        known.unwrap_or_else(|| {
            let level =
                self.texts(compare, pool, [a, b], [first, second], [text(0), text(1)], &mut scratch.jaro);
            if let Some(memo) = scratch.memos.get_mut(number) {
                memo.set(low, high, level);
            }
            level
        })
    }

    /// The name of one side that stands among the other names of the other, if there is one.
    fn other_name(&self, compare: &Compare, a: u32, b: u32, left: &[u32], right: &[u32]) -> Option<u32> {
        let (theirs, ours) = (right.get(compare.aliases).copied()?, left.get(compare.aliases).copied()?);
        if theirs == 0 && ours == 0 {
            return None;
        }
        if self.listed(compare, theirs, a) {
            return Some(a);
        }
        self.listed(compare, ours, b).then_some(b)
    }

    fn listed(&self, compare: &Compare, list: u32, name: u32) -> bool {
        let at = usize::from(compare.kind != FieldKind::Given);
        self.sides.aliases(list).iter().filter_map(|alias| alias.get(at)).any(|alias| {
            *alias == name
                || *alias != 0 && self.sides.parts.get(alias).is_some_and(|parts| parts.contains(&name))
        })
    }

    /// The first test that holds of two different texts.
    fn texts(
        &self,
        compare: &Compare,
        pool: &Pool,
        [a, b]: [u32; 2],
        signs: [Sign; 2],
        [first, second]: [&[u8]; 2],
        jaro: &mut Jaro,
    ) -> u8 {
        let mut similarity = None;
        for (test, level) in &compare.tests {
            let holds = match *test {
                Test::Similar(from) => *similarity.get_or_insert_with(|| jaro.winkler(first, second)) >= from,
                Test::Nickname => signs[0].may_be_forms(signs[1]) && self.sides.nicknames.are(a, b),
                Test::Initial => first.first() == second.first() && (first.len() == 1 || second.len() == 1),
                Test::Part => {
                    (compare.kind == FieldKind::Text || signs[0].may_share_words(signs[1]))
                        && self.share_a_word(compare.kind, pool, a, b)
                }
                Test::SoundsAlike => {
                    let code = soundex(first);
                    code != 0 && code == soundex(second)
                }
                Test::OneEdit => within_one_edit(first, second),
                Test::StartsAlike(count) => {
                    first.len() >= count && second.len() >= count && first.get(..count) == second.get(..count)
                }
                _ => false,
            };
            if holds {
                return *level;
            }
        }
        compare.otherwise
    }

    fn share_a_word(&self, kind: FieldKind, pool: &Pool, a: u32, b: u32) -> bool {
        if kind == FieldKind::Text {
            let words = |text: u32| pool.get(text).split(' ').filter(|word| word.len() > 2);
            return words(a).any(|word| words(b).any(|other| word == other));
        }
        let parts = |name: u32| self.sides.parts.get(&name).map_or(&[][..], Vec::as_slice);
        let (first, second) = (parts(a), parts(b));
        first.contains(&b) || second.contains(&a) || first.iter().any(|part| second.contains(part))
    }
}

/// The first test that holds of two different dates.
fn dates(compare: &Compare, a: u32, b: u32) -> u8 {
    let part = |date: u32, shift: u32, mask: u32| date >> shift & mask;
    let fits = |shift: u32, mask: u32| {
        let (first, second) = (part(a, shift, mask), part(b, shift, mask));
        first == second || first == 0 || second == 0
    };
    let same_year = a >> 16 == b >> 16 && a >> 16 != 0;
    for (test, level) in &compare.tests {
        let holds = match test {
            Test::DayMonthSwapped => {
                same_year && part(a, 8, 0xff) == part(b, 0, 0xff) && part(a, 0, 0xff) == part(b, 8, 0xff)
            }
            Test::OneEdit => dates_within_one_edit(a, b),
            Test::SameYear => same_year,
            Test::SameMonthDay => a & 0xffff == b & 0xffff && a & 0xff != 0 && a & 0xff00 != 0,
            Test::WithinDays(days) => match (Date(a).day_number(), Date(b).day_number()) {
                (Some(first), Some(second)) => first.abs_diff(second) <= *days,
                _ => false,
            },
            Test::FirstOfJanuary => same_year && (a & 0xffff == 0x101 || b & 0xffff == 0x101),
            Test::Partial => {
                let partial = |date: u32| date >> 16 == 0 || date & 0xff == 0 || date & 0xff00 == 0;
                (partial(a) || partial(b)) && fits(16, 0xffff) && fits(8, 0xff) && fits(0, 0xff)
            }
            _ => false,
        };
        if holds {
            return *level;
        }
    }
    compare.otherwise
}
