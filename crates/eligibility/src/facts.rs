//! Facts about a count that are put together from several parts of the record.

use crate::prepared::Prepared;
use vacatur_policy::Of;
use vacatur_records::{
    Column, CountIx, DateSpan, DispositionKind, Fact, FindingKind, Gap, NumberSpan, Seen, SentenceKind,
    StepKind, Truth, released,
};

impl Prepared<'_, '_> {
    /// Whether the count is an arrest.
    pub(crate) fn is_arrest(&self, at: u32) -> Truth {
        match self.person.event_of(&self.person.counts[at as usize]).kind {
            StepKind::Arrest => Truth::Yes,
            StepKind::Unrecognized => Truth::Unknown,
            _ => Truth::No,
        }
    }

    /// Whether no outcome of the count is recorded. Unknown where an entry says something that cannot be read.
    pub(crate) fn is_open(&self, at: u32) -> Truth {
        let person = self.person;
        let count = &person.counts[at as usize];
        // A warrant, a bail, a transfer: the charge goes on.
        let ends = |kind| !matches!(kind, DispositionKind::Blank | DispositionKind::Pending);
        let mut entries = person.dispositions_of(count).iter().filter(|it| ends(it.kind));
        if entries.clone().any(|entry| entry.kind == DispositionKind::Unrecognized) {
            return Truth::Unknown;
        }
        if count.convicted.value.is_yes() || entries.next().is_some() {
            return Truth::No;
        }
        let arrest = self.is_arrest(at);
        if !arrest.is_yes() {
            return arrest.or(Truth::of(count.convicted.value.is_unknown()));
        }
        let followed = self
            .counts_of_cycle(count.order.cycle())
            .any(|other| person.event_of(other).kind == StepKind::Court);
        Truth::of(!followed)
    }

    /// Whether supervision was revoked. An entry on the sentence that cannot be read leaves it open.
    pub(crate) fn is_revoked(&self, at: u32) -> Truth {
        let count = &self.person.counts[at as usize];
        let mut answer = Truth::No;
        for entry in self.person.dispositions_of(count) {
            answer = answer.or(match entry.kind {
                DispositionKind::SentenceChanged if entry.by == "revoked" => Truth::Yes,
                DispositionKind::Unrecognized => Truth::Unknown,
                _ => Truth::No,
            });
        }
        answer
    }

    /// How a count ended that did not end in a conviction.
    pub(crate) fn ended(&self, at: u32, label: &str) -> Truth {
        let count = &self.person.counts[at as usize];
        let entries = self.person.dispositions_of(count);
        let is = |kind| entries.iter().any(|entry| entry.kind == kind);
        if entries.iter().any(|entry| entry.kind == DispositionKind::NotConvicted && entry.by == label) {
            Truth::Yes
        } else if is(DispositionKind::Unrecognized) {
            Truth::Unknown
        } else {
            Truth::No
        }
    }

    /// Whether the sentence has a part of a kind, by the kind's word.
    pub(crate) fn sentenced(&self, at: u32, label: &str) -> Truth {
        let count = &self.person.counts[at as usize];
        let parts = self.person.sentences_of(count);
        if parts.iter().any(|part| sentence_word(part.kind) == Some(label)) {
            Truth::Yes
        } else if parts.is_empty() || parts.iter().any(|part| part.kind == SentenceKind::Unrecognized) {
            Truth::Unknown
        } else {
            Truth::No
        }
    }

    /// The words for the parts of a sentence, each once.
    pub(crate) fn sentence_words(&self, at: u32) -> Vec<&'static str> {
        let mut words = Vec::new();
        for part in self.person.sentences_of(&self.person.counts[at as usize]) {
            let word = sentence_word(part.kind).unwrap_or("a part that cannot be read");
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }

    /// The day on which custody ended by the record.
    pub(crate) fn released(&self, at: u32) -> Fact<DateSpan> {
        let count = &self.person.counts[at as usize];
        let (value, gap) = released(self.ready[at as usize].date.value, self.person.sentences_of(count));
        Fact { value, gap, seen: [Some(Seen { row: count.row, column: Column::SentenceLength }), None] }
    }

    /// The date of the arrest in the cycle; for an arrest, its own.
    pub(crate) fn arrest_date(&self, at: u32) -> Fact<DateSpan> {
        if self.is_arrest(at).is_yes() { self.ready[at as usize].date } else { self.offence_date(at) }
    }

    /// Whether the one comes before the other: by its date, and on the same day by its place in the record.
    pub(crate) fn is_earlier(&self, of: Of) -> Truth {
        if of.subject == of.decided {
            return Truth::No;
        }
        let date = |at: u32| self.ready[at as usize].date.value;
        let order = |at: u32| self.person.counts[at as usize].order;
        let (one, two) = (date(of.subject), date(of.decided));
        if order(of.subject) < order(of.decided) { !two.before(one) } else { one.before(two) }
    }

    /// A number or weight that somebody found.
    pub(crate) fn found(&self, at: u32, kind: FindingKind) -> Fact<NumberSpan> {
        self.person.finding(CountIx(at), kind)
    }

    /// Whether something that somebody found is so.
    pub(crate) fn found_so(&self, at: u32, kind: FindingKind) -> Fact<Truth> {
        let found = self.found(at, kind);
        let value = found.value.known().map_or(Truth::Unknown, |value| Truth::of(value == 1));
        Fact { value, gap: found.gap.or(value.is_unknown().then_some(Gap::Blank)), seen: found.seen }
    }
}

fn sentence_word(kind: SentenceKind) -> Option<&'static str> {
    match kind {
        SentenceKind::Prison => Some("prison"),
        SentenceKind::Jail => Some("jail"),
        SentenceKind::Supervision => Some("supervision"),
        SentenceKind::Fine => Some("fine"),
        SentenceKind::Unrecognized => None,
    }
}
