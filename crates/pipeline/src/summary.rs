//! What a run did, in numbers that add up.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use vacatur_eligibility::History;
use vacatur_policy::{MissingSet, OutcomeKind};
use vacatur_records::{Date, Level};

use crate::manifest::Counts;
use crate::people::OnRecord;

/// How many distinct unreadable offence texts are counted one by one.
const TEXTS: usize = 5_000;
/// How often a text must stand in the input to be listed.
const SHOWN_FROM: u64 = 5;
/// How many of them the summary lists.
const LISTED: usize = 50;

/// How many different counties are counted: no state has as many.
const COUNTIES: usize = 1_000;

/// What one determination adds to the summary.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'t> {
    /// The section's number.
    pub section: &'t str,
    /// The level.
    pub level: Option<Level>,
    /// The outcome.
    pub outcome: OutcomeKind,
    /// The reason.
    pub reason: &'t str,
    /// What was missing.
    pub missing: MissingSet,
    /// Whether a fact stood in for another.
    pub proxy: bool,
    /// What the statute itself gives, where the run says so; `Some(None)` where it says nothing of the count.
    pub statute: Option<Option<OutcomeKind>>,
}

/// What a person adds to the summary.
#[derive(Clone, Copy)]
pub struct OnePerson<'p> {
    /// Race as recorded.
    pub race: &'p str,
    /// Sex as recorded.
    pub sex: &'p str,
    /// Whether a conviction is in scope; a charge, under a policy that decides charges.
    pub in_scope: bool,
    /// Whether one of them gains relief.
    pub relief: bool,
    /// The history, of somebody with a conviction in scope.
    pub history: Option<&'p History>,
    /// Whether the record surely holds all convictions.
    pub certain: bool,
}

/// Numbers in the making. Tallies of parts of a run add up to that of the whole, in any order.
#[derive(Clone, Default)]
pub struct Tally {
    pub(crate) convictions: FxHashMap<(String, Option<Level>, OutcomeKind, String), u64>,
    pub(crate) missing: BTreeMap<Cow<'static, str>, u64>,
    pub(crate) race: BTreeMap<String, People>,
    pub(crate) sex: BTreeMap<String, People>,
    pub(crate) people: People,
    pub(crate) before: Standing,
    pub(crate) after: Standing,
    pub(crate) unreadable: Texts,
    pub(crate) unlisted: Texts,
    pub(crate) counties: BTreeMap<String, u64>,
    pub(crate) proxies: u64,
    pub(crate) undecided_impact: u64,
    pub(crate) statute: BTreeMap<(OutcomeKind, Option<OutcomeKind>), u64>,
    pub(crate) not_decided: BTreeMap<String, u64>,
}

/// People.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct People {
    /// In the input.
    pub in_file: u64,
    /// With a conviction in scope.
    pub in_scope: u64,
    /// With relief from at least one conviction.
    pub with_relief: u64,
}

impl People {
    fn add(&mut self, other: Self) {
        self.in_file += other.in_file;
        self.in_scope += other.in_scope;
        self.with_relief += other.with_relief;
    }
}

/// How people with relief stand.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Standing {
    /// With a felony on record.
    pub with_felony: u64,
    /// With any conviction on record.
    pub with_conviction: u64,
    /// With a conviction in the seven years before the day of the decision.
    pub with_conviction_in_seven_years: u64,
}

impl Standing {
    /// What is not known counts as there, before and after: nobody is declared free of it on a blank.
    fn of(on_record: OnRecord) -> Self {
        Self {
            with_felony: u64::from(on_record.felonies + on_record.level_unknown > 0),
            with_conviction: u64::from(on_record.convictions > 0),
            with_conviction_in_seven_years: u64::from(on_record.recent > 0),
        }
    }

    fn add(&mut self, other: Self) {
        self.with_felony += other.with_felony;
        self.with_conviction += other.with_conviction;
        self.with_conviction_in_seven_years += other.with_conviction_in_seven_years;
    }
}

impl Tally {
    /// Counts a determination.
    pub fn determination(&mut self, decided: Decided<'_>) {
        let Decided { section, level, outcome, reason, missing, proxy, statute } = decided;
        if let Some(statute) = statute {
            *self.statute.entry((outcome, statute)).or_default() += 1;
        }
        *self.convictions.entry((section.to_owned(), level, outcome, reason.to_owned())).or_default() += 1;
        if outcome == OutcomeKind::Review {
            for missing in missing.iter() {
                *self.missing.entry(Cow::Borrowed(missing.name())).or_default() += 1;
            }
        }
        self.proxies += u64::from(proxy);
    }

    /// Counts a person: `granted` tells for each conviction of the history what the run grants it.
    pub fn person(&mut self, one: &OnePerson<'_>, as_of: Date, granted: impl Fn(u32) -> Option<OutcomeKind>) {
        let OnePerson { race, sex, in_scope, relief, history, certain } = *one;
        let people = People { in_file: 1, in_scope: u64::from(in_scope), with_relief: u64::from(relief) };
        self.people.add(people);
        let label = |text: &str| if text.is_empty() { "not recorded".to_owned() } else { text.to_owned() };
        self.race.entry(label(race)).or_default().add(people);
        self.sex.entry(label(sex)).or_default().add(people);
        let Some(history) = history.filter(|_| relief) else { return };
        // Whoever has an unusable row, or a court row without an outcome, may have more than the record shows.
        if !certain {
            self.undecided_impact += 1;
            return;
        }
        let (before, after) = OnRecord::of(history.counts.iter().copied(), as_of, granted);
        self.before.add(Standing::of(before));
        self.after.add(Standing::of(after));
    }

    /// Counts an offence text that cannot be read as a section.
    pub fn unreadable(&mut self, text: &str) {
        self.unreadable.count(text, 1);
    }

    /// Counts a disposition that the layout's words do not list.
    pub fn unlisted(&mut self, text: &str) {
        self.unlisted.count(text, 1);
    }

    /// Counts a county as recorded, in so many counts.
    pub fn county(&mut self, county: &str, counts: u64) {
        if let Some(seen) = self.counties.get_mut(county) {
            *seen += counts;
        } else if self.counties.len() < COUNTIES {
            self.counties.insert(county.to_owned(), counts);
        }
    }

    /// Counts a conviction of a county for which nobody decides.
    pub fn not_decided(&mut self, county: &str) {
        if let Some(number) = self.not_decided.get_mut(county) {
            *number += 1;
        } else {
            self.not_decided.insert(county.to_owned(), 1);
        }
    }

    /// Adds another tally.
    pub fn add(&mut self, other: Self) {
        for (key, number) in other.convictions {
            *self.convictions.entry(key).or_default() += number;
        }
        for (key, number) in other.missing {
            *self.missing.entry(key).or_default() += number;
        }
        for (key, number) in other.not_decided {
            *self.not_decided.entry(key).or_default() += number;
        }
        for (key, people) in other.race {
            self.race.entry(key).or_default().add(people);
        }
        for (key, people) in other.sex {
            self.sex.entry(key).or_default().add(people);
        }
        self.unreadable.add(other.unreadable);
        self.unlisted.add(other.unlisted);
        for (county, number) in other.counties {
            if let Some(seen) = self.counties.get_mut(&county) {
                *seen += number;
            } else if self.counties.len() < COUNTIES {
                self.counties.insert(county, number);
            }
        }
        self.people.add(other.people);
        self.before.add(other.before);
        self.after.add(other.after);
        self.proxies += other.proxies;
        for (key, number) in other.statute {
            *self.statute.entry(key).or_default() += number;
        }
        self.undecided_impact += other.undecided_impact;
    }

    /// The counties seen, with the number of counts in each.
    pub(crate) fn counties(&self) -> &BTreeMap<String, u64> {
        &self.counties
    }

    pub(crate) fn people(&self) -> u64 {
        self.people.in_file
    }

    pub(crate) fn determinations(&self) -> u64 {
        self.convictions.values().sum()
    }

    /// The finished summary.
    pub(crate) fn finish(&self, run: Run, counts: Counts) -> Summary {
        let mut by_outcome: BTreeMap<&str, u64> =
            OutcomeKind::ALL.iter().map(|kind| (kind.word(), 0)).collect();
        let mut by_section: BTreeMap<String, BTreeMap<&str, u64>> = BTreeMap::new();
        let mut by_level: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        let mut by_statute: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for ((office, statute), number) in &self.statute {
            let statute = statute.map_or(crate::batch::OUT_OF_SCOPE, OutcomeKind::word);
            *by_statute.entry(office.word().into()).or_default().entry(statute.into()).or_default() += number;
        }
        let mut by_reason: BTreeMap<(OutcomeKind, &str), u64> = BTreeMap::new();
        for ((section, level, outcome, reason), number) in &self.convictions {
            let section = if section.is_empty() { "unreadable".to_owned() } else { section.clone() };
            *by_outcome.entry(outcome.word()).or_default() += number;
            *by_section.entry(section).or_default().entry(outcome.word()).or_default() += number;
            let level = level.map_or("unknown", Level::word);
            *by_level.entry(level).or_default().entry(outcome.word()).or_default() += number;
            *by_reason.entry((*outcome, reason)).or_default() += number;
        }
        let mut by_reason: Vec<Reason> = by_reason
            .into_iter()
            .map(|((outcome, reason), count)| Reason {
                outcome: outcome.word().into(),
                reason: reason.to_owned(),
                count,
            })
            .collect();
        by_reason.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| (&a.outcome, &a.reason).cmp(&(&b.outcome, &b.reason)))
        });
        let owned = |map: BTreeMap<&str, u64>| {
            map.into_iter().map(|(key, number)| (key.to_owned(), number)).collect()
        };
        Summary {
            run,
            counts,
            people: self.people,
            by_outcome: owned(by_outcome),
            by_section: by_section.into_iter().map(|(key, map)| (key, owned(map))).collect(),
            by_level: by_level.into_iter().map(|(key, map)| (key.to_owned(), owned(map))).collect(),
            by_reason,
            missing: self.missing.iter().map(|(name, number)| (name.to_string(), *number)).collect(),
            people_by_race: self.race.clone(),
            people_by_sex: self.sex.clone(),
            before: self.before,
            after: self.after,
            impact_unknown: self.undecided_impact,
            by_statute,
            turns: BTreeMap::new(),
            not_decided: self.not_decided.clone(),
            proxies: self.proxies,
            unreadable_offences: self.unreadable.finish(),
            unlisted_dispositions: self.unlisted.finish(),
        }
    }
}

/// Texts and how often they stand in the input; memory is bounded.
#[derive(Clone, Default)]
pub(crate) struct Texts {
    pub(crate) seen: FxHashMap<String, u64>,
    pub(crate) more: u64,
}

impl Texts {
    fn count(&mut self, text: &str, number: u64) {
        if let Some(seen) = self.seen.get_mut(text) {
            *seen += number;
        } else if self.seen.len() < TEXTS {
            self.seen.insert(text.to_owned(), number);
        } else {
            self.more += number;
        }
    }

    fn add(&mut self, other: Self) {
        let mut texts: Vec<(String, u64)> = other.seen.into_iter().collect();
        texts.sort();
        for (text, number) in texts {
            self.count(&text, number);
        }
        self.more += other.more;
    }

    fn finish(&self) -> Unreadable {
        let mut texts: Vec<Text> =
            self.seen.iter().map(|(text, count)| Text { text: text.clone(), count: *count }).collect();
        texts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        let counts = texts.iter().map(|text| text.count).sum::<u64>() + self.more;
        let distinct = texts.len() as u64;
        // A text that stands there once or twice may be a name that slipped into the column.
        let before = texts.len();
        texts.retain(|text| text.count >= SHOWN_FROM);
        let rare = (before - texts.len()) as u64;
        texts.truncate(LISTED);
        Unreadable { counts, distinct, rare, most_frequent: texts }
    }
}

/// What was run.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// The policy's name.
    pub policy: String,
    /// Its title.
    pub title: String,
    /// The BLAKE3 of its document.
    pub policy_hash: String,
    /// Its parameters as set.
    pub parameters: BTreeMap<String, String>,
    /// The day of the decision.
    pub as_of: String,
    /// The policy that says what the statute itself gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statute: Option<String>,
}

/// How often a reason decided.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// The outcome.
    pub outcome: String,
    /// The reason.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// A text and how often it stands in the input.
#[derive(Clone, Debug, Serialize)]
pub struct Text {
    /// The text.
    pub text: String,
    /// How often.
    pub count: u64,
}

/// Texts that cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct Unreadable {
    /// How often one stands in the input.
    pub counts: u64,
    /// Different texts.
    pub distinct: u64,
    /// Texts that stand there fewer than five times. They are not listed: one of them may be a name.
    pub rare: u64,
    /// The most frequent.
    pub most_frequent: Vec<Text>,
}

/// `summary.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// What was run.
    pub run: Run,
    /// The counts that must add up.
    pub counts: Counts,
    /// People.
    pub people: People,
    /// Convictions in scope by outcome.
    pub by_outcome: BTreeMap<String, u64>,
    /// By section and outcome.
    pub by_section: BTreeMap<String, BTreeMap<String, u64>>,
    /// By level and outcome.
    pub by_level: BTreeMap<String, BTreeMap<String, u64>>,
    /// By deciding reason, the most frequent first.
    pub by_reason: Vec<Reason>,
    /// Reviews by the fact that is missing; one review may miss several.
    pub missing: BTreeMap<String, u64>,
    /// People by race as recorded.
    pub people_by_race: BTreeMap<String, People>,
    /// People by sex as recorded.
    pub people_by_sex: BTreeMap<String, People>,
    /// People with relief, as they stand before it.
    pub before: Standing,
    /// The same people, as they stand after it.
    pub after: Standing,
    /// People with relief of whom the record is not complete enough to tell.
    pub impact_unknown: u64,
    /// Determinations in which a fact stood in for another.
    pub proxies: u64,
    /// The policy's outcome, and for each what the statute itself gives: the first beside the second.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_statute: BTreeMap<String, BTreeMap<String, u64>>,
    /// Convictions that gain relief later, by the month in which they do, where the run looked ahead.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub turns: BTreeMap<String, u64>,
    /// Convictions on record, of any section, of counties for which nobody decides, by county.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_decided: BTreeMap<String, u64>,
    /// Offences that cannot be read as a code section.
    pub unreadable_offences: Unreadable,
    /// Dispositions that the layout's words do not list.
    pub unlisted_dispositions: Unreadable,
}

vacatur_records::silent_debug!(Tally, Texts, OnePerson<'_>);
