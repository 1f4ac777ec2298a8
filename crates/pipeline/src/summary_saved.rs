//! A tally as it stands at a checkpoint.

use crate::summary::{People, Standing, Tally, Texts};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use vacatur_policy::OutcomeKind;
use vacatur_records::Level;

/// [`Tally`], with words for what has a word.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saved {
    convictions: Vec<(String, Option<String>, String, String, u64)>,
    missing: BTreeMap<String, u64>,
    race: BTreeMap<String, People>,
    sex: BTreeMap<String, People>,
    people: People,
    before: Standing,
    after: Standing,
    unreadable: (Vec<(String, u64)>, u64),
    unlisted: (Vec<(String, u64)>, u64),
    counties: BTreeMap<String, u64>,
    proxies: u64,
    undecided_impact: u64,
    statute: Vec<(String, Option<String>, u64)>,
    not_decided: BTreeMap<String, u64>,
}

impl From<&Tally> for Saved {
    fn from(tally: &Tally) -> Self {
        let texts = |texts: &Texts| {
            (texts.seen.iter().map(|(text, number)| (text.clone(), *number)).collect(), texts.more)
        };
        let word = |kind: OutcomeKind| kind.word().to_owned();
        Self {
            convictions: tally
                .convictions
                .iter()
                .map(|((section, level, outcome, reason), number)| {
                    let level = level.map(|level| level.word().to_owned());
                    (section.clone(), level, word(*outcome), reason.clone(), *number)
                })
                .collect(),
            missing: tally.missing.iter().map(|(name, number)| (name.to_string(), *number)).collect(),
            race: tally.race.clone(),
            sex: tally.sex.clone(),
            people: tally.people,
            before: tally.before,
            after: tally.after,
            unreadable: texts(&tally.unreadable),
            unlisted: texts(&tally.unlisted),
            counties: tally.counties.clone(),
            proxies: tally.proxies,
            undecided_impact: tally.undecided_impact,
            not_decided: tally.not_decided.clone(),
            statute: tally
                .statute
                .iter()
                .map(|((office, statute), number)| (word(*office), statute.map(word), *number))
                .collect(),
        }
    }
}

impl Saved {
    /// The tally again. None if a word means nothing: it was saved by another version.
    pub(crate) fn tally(self) -> Option<Tally> {
        let outcome = |word: &str| OutcomeKind::ALL.into_iter().find(|kind| kind.word() == word);
        let level = |word: &str| {
            [Level::Felony, Level::Misdemeanor, Level::Infraction].into_iter().find(|it| it.word() == word)
        };
        let texts =
            |(seen, more): (Vec<(String, u64)>, u64)| Texts { seen: seen.into_iter().collect(), more };
        let mut tally = Tally {
            missing: self.missing.into_iter().map(|(name, number)| (Cow::Owned(name), number)).collect(),
            race: self.race,
            sex: self.sex,
            people: self.people,
            before: self.before,
            after: self.after,
            unreadable: texts(self.unreadable),
            unlisted: texts(self.unlisted),
            counties: self.counties,
            proxies: self.proxies,
            undecided_impact: self.undecided_impact,
            not_decided: self.not_decided,
            ..Tally::default()
        };
        for (section, of_level, decided, reason, number) in self.convictions {
            let of_level = match of_level {
                Some(word) => Some(level(&word)?),
                None => None,
            };
            tally.convictions.insert((section, of_level, outcome(&decided)?, reason), number);
        }
        for (office, statute, number) in self.statute {
            let statute = match statute {
                Some(word) => Some(outcome(&word)?),
                None => None,
            };
            tally.statute.insert((outcome(&office)?, statute), number);
        }
        Some(tally)
    }
}
