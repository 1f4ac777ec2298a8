//! The cells of a determination that hang on nothing but the decision and the section: made once for each, and there
//! are few.

use crate::table::Cells;
use rustc_hash::FxHashMap;
use std::rc::Rc;
use vacatur_eligibility::Determination;
use vacatur_policy::{Citation, Decision, OutcomeKind};

/// How many are kept. A policy has a few hundred; whoever makes more of them does without.
const KEPT: usize = 4_096;

/// What a decision is written as.
pub(crate) struct Phrases {
    /// The deciding ground.
    pub(crate) reason: String,
    /// From `outcome` to `harmless`.
    pub(crate) cells: Cells,
    /// From `statute_outcome` to `statute_citation`, if it is the statute's.
    pub(crate) statute: Cells,
}

/// The phrases met so far. One for each thread.
#[derive(Default)]
pub(crate) struct Phrasebook {
    known: FxHashMap<(usize, Decision), Vec<OfSection>>,
    kept: usize,
}

/// A section's number and what is written for it.
type OfSection = (Box<str>, Rc<Phrases>);

impl Phrasebook {
    /// What a determination is written as, for a section.
    pub(crate) fn of(&mut self, found: &Determination<'_>, section: &str) -> Rc<Phrases> {
        if found.asked_every_county() {
            // It hangs on more than one policy's decision, and is rare.
            return Rc::new(Phrases::of(found, section));
        }
        let key = (found.policy(), *found.decision());
        let known = self.known.get(&key).and_then(|all| all.iter().find(|(of, _)| &**of == section));
        if let Some((_, phrases)) = known {
            return Rc::clone(phrases);
        }
        let phrases = Rc::new(Phrases::of(found, section));
        if self.kept < KEPT {
            self.kept += 1;
            self.known.entry(key).or_default().push((section.into(), Rc::clone(&phrases)));
        }
        phrases
    }
}

impl Phrases {
    fn of(found: &Determination<'_>, section: &str) -> Self {
        let decision = found.decision();
        let reason = found.reason(section);
        let missing = decision.missing.to_string();
        let relief = found.relief();
        let would_be = join(found.would_be(section).map(|(outcome, reason)| {
            if reason.is_empty() { outcome.into_owned() } else { format!("{outcome}: {reason}") }
        }));
        let cited = join(found.explanation().citations().map(cited));
        let word = found.outcome().word();
        let rule = decision.deciding.map_or("", |rule| &found.compiled().policy().rule(rule).name);
        let cells = Cells::of(&[
            word,
            &reason,
            &missing,
            &would_be,
            &relief,
            &join(found.reasons(section, OutcomeKind::is_grant)),
            &join(found.reasons(section, OutcomeKind::is_bar)),
            &join(found.reasons(section, |kind| !kind.is_grant() && !kind.is_bar())),
            rule,
            &cited,
            &decision.harmless.to_string(),
        ]);
        let statute = Cells::of(&[word, &relief, &reason, &missing, &cited]);
        Self { cells, statute, reason: reason.into_owned() }
    }
}

/// A source with its status.
fn cited(cite: &Citation) -> String {
    format!("{} [{}]", cite.text(), cite.status().word())
}

/// Texts joined by ` | `.
pub(crate) fn join(texts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut joined = String::new();
    for text in texts {
        if !joined.is_empty() {
            joined.push_str(" | ");
        }
        joined.push_str(text.as_ref());
    }
    joined
}
