//! Offence texts, each read once and compared once with each section set.

use rustc_hash::FxHashMap;
use vacatur_records::{Charge, DateSpan, Truth};
use vacatur_statutes::{CodeSection, Coded, Grammar, Membership, Offence, SectionSet};

/// How many distinct texts are kept. Honest files have a few thousand; a hostile one makes the memory start anew.
const MOST: usize = 1 << 16;

/// An offence text that has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OffenceIx(u32);

impl OffenceIx {
    /// As a number: two texts have two numbers, even if they say the same.
    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

/// What a text says, and how it stands to every section set.
struct Known {
    coded: Coded,
    shown: Box<str>,
    /// To each set by its number, then to each era of the dated ones.
    memberships: Box<[Membership]>,
}

const UNKNOWN: Membership = Membership { truth: Truth::Unknown, entry: None, paired: None, why: None };

/// The answer that all eras of a set give; unknown if the day matters, or a pair may.
fn whatever_the_day(by_era: &[Membership]) -> Membership {
    match by_era {
        [first, rest @ ..]
            if first.paired.is_none()
                && rest.iter().all(|other| other.truth == first.truth && other.paired.is_none()) =>
        {
            first.clone()
        }
        _ => UNKNOWN,
    }
}

/// A dated set, cut into the eras between the days on which it changes.
struct Dated {
    /// Its number among all sets.
    set: usize,
    /// The set as it stood in each era.
    eras: Vec<SectionSet>,
    /// Where the answers for its eras begin among the memberships of an offence.
    first: usize,
}

/// The texts read so far. One for each thread.
pub(crate) struct Offences<'s> {
    grammar: &'s Grammar,
    sets: Vec<&'s SectionSet>,
    dated: Vec<Dated>,
    known: Vec<Known>,
    /// For each offence and then each set the answer that hangs on nothing else.
    by_itself: Vec<Option<Truth>>,
    by_text: FxHashMap<Box<[u8]>, OffenceIx>,
    key: Vec<u8>,
}

impl<'s> Offences<'s> {
    pub(crate) fn new(grammar: &'s Grammar, sets: Vec<&'s SectionSet>) -> Self {
        let mut dated = Vec::new();
        let mut first = sets.len();
        for (set, table) in sets.iter().enumerate().filter(|(_, table)| table.is_dated()) {
            let eras: Vec<SectionSet> = (0..=table.eras().len()).map(|era| table.in_era(era)).collect();
            dated.push(Dated { set, first, eras });
            first += table.eras().len() + 1;
        }
        Self {
            grammar,
            sets,
            dated,
            known: Vec::new(),
            by_itself: Vec::new(),
            by_text: FxHashMap::default(),
            key: Vec::new(),
        }
    }

    /// Makes room between two persons.
    pub(crate) fn make_room(&mut self) {
        if self.known.len() > MOST {
            self.known.clear();
            self.by_itself.clear();
            self.by_text.clear();
        }
    }

    /// The offence of a charge: of the conviction where the record gives one beside the charge; from the comment
    /// where the cell is blank or points there.
    pub(crate) fn read(&mut self, charge: &Charge<'_>) -> OffenceIx {
        let text = charge.offence();
        let found = match self.by_text.get(text.bytes()) {
            Some(&found) => found,
            None => {
                let coded = self.grammar.parse(&text.as_str());
                self.keep(text.bytes().into(), coded)
            }
        };
        let points_to_comment =
            matches!(self.known[found.0 as usize].coded, Coded::SeeComment | Coded::Blank);
        if !points_to_comment || charge.comment.is_blank() {
            return found;
        }
        self.key.clear();
        self.key.push(0);
        self.key.extend_from_slice(charge.comment.bytes());
        if let Some(&found) = self.by_text.get(self.key.as_slice()) {
            return found;
        }
        let coded = self.grammar.parse_comment(&charge.comment.as_str());
        self.keep(self.key.as_slice().into(), coded)
    }

    fn keep(&mut self, key: Box<[u8]>, coded: Coded) -> OffenceIx {
        let shown = coded.offence().map(|offence| offence.to_string().into_boxed_str()).unwrap_or_default();
        let eras = self.dated.iter().flat_map(|dated| &dated.eras);
        let all = self.sets.iter().copied().chain(eras);
        let mut memberships: Box<[Membership]> = match coded.offence() {
            Some(offence) => all.map(|set| set.membership(offence)).collect(),
            None => all.map(|_| UNKNOWN).collect(),
        };
        for dated in &self.dated {
            let by_era = &memberships[dated.first..dated.first + dated.eras.len()];
            memberships[dated.set] = whatever_the_day(by_era);
        }
        let ix = OffenceIx(self.known.len() as u32);
        for (set, membership) in memberships.iter().take(self.sets.len()).enumerate() {
            let hangs_on_the_day = membership.truth.is_unknown() && self.is_dated(set);
            let hangs_on_a_pair = membership.paired.is_some() && !membership.truth.is_yes();
            self.by_itself.push((!hangs_on_the_day && !hangs_on_a_pair).then_some(membership.truth));
        }
        self.known.push(Known { coded, shown, memberships });
        self.by_text.insert(key, ix);
        ix
    }

    pub(crate) fn offence(&self, at: OffenceIx) -> Option<&Offence> {
        self.known[at.0 as usize].coded.offence()
    }

    /// How the offence stands to the set with the number `set` among all sets. If the set is dated, whatever the day:
    /// then [`Offences::by_era`] may know what is unknown here.
    pub(crate) fn membership(&self, at: OffenceIx, set: usize) -> &Membership {
        &self.known[at.0 as usize].memberships[set]
    }

    /// Whether the offence is in a set; nothing where that hangs on the day of it or on other convictions of the case.
    pub(crate) fn by_itself(&self, at: OffenceIx, set: usize) -> Option<Truth> {
        self.by_itself[at.0 as usize * self.sets.len() + set]
    }

    /// Whether the day of the offence matters to a set.
    pub(crate) fn is_dated(&self, set: usize) -> bool {
        // Most policies have no dated set, the others one or two.
        self.dated.iter().any(|dated| dated.set == set)
    }

    /// How the offence stands to a dated set in each era that `day` may lie in, with the set as it stood then.
    pub(crate) fn by_era(
        &self,
        at: OffenceIx,
        set: usize,
        day: DateSpan,
    ) -> impl Iterator<Item = (&Membership, &SectionSet)> {
        let memberships = &self.known[at.0 as usize].memberships;
        let eras = self.sets[set].eras_of(day);
        self.dated.iter().filter(move |dated| dated.set == set).flat_map(move |dated| {
            eras.clone().map(move |era| (&memberships[dated.first + era], &dated.eras[era]))
        })
    }

    pub(crate) fn grammar(&self) -> &'s Grammar {
        self.grammar
    }

    pub(crate) fn set(&self, set: usize) -> &'s SectionSet {
        self.sets[set]
    }

    /// The section in normal form: `HS 11357(c)`; empty for a text that cannot be read.
    pub(crate) fn shown(&self, at: OffenceIx) -> &str {
        &self.known[at.0 as usize].shown
    }

    /// The section's first number, without subdivisions: `11357`; empty for a text that cannot be read.
    pub(crate) fn number(&self, at: OffenceIx) -> &str {
        self.offence(at).and_then(|offence| offence.sections().first()).map_or("", CodeSection::number)
    }

    /// Whether two offences are for the same section.
    pub(crate) fn same_section(&self, one: OffenceIx, two: OffenceIx) -> Truth {
        let (Some(one), Some(two)) = (self.offence(one), self.offence(two)) else { return Truth::Unknown };
        let mut answer = Truth::No;
        for a in one.sections() {
            for b in two.sections() {
                answer = answer.or(match (a.code(), b.code()) {
                    _ if a.number() != b.number() => Truth::No,
                    (Some(x), Some(y)) => Truth::of(x == y),
                    _ => Truth::Unknown,
                });
            }
        }
        answer
    }
}
