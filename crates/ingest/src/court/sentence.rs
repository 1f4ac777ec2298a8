//! Sentences as courts write them in a line of text.

use vacatur_records::{CourtSentence, Length, SentenceKind};

use super::values::Codes;

/// Units of length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Days,
    Months,
    Years,
}

/// The words of a layout for sentences.
#[derive(Clone, Debug, Default)]
pub(super) struct SentenceWords {
    pub(super) kinds: Codes<SentenceKind>,
    pub(super) units: Codes<Unit>,
}

/// The most that a sentence's number can be; more is a slip or an amount of money.
const MOST: i32 = 99_999;

impl SentenceWords {
    /// A line such as `36 MO PROB; 90 DA JAIL; FINE`. Parts that say no kind are unrecognised ones.
    pub(super) fn read(&self, text: &str) -> Vec<CourtSentence> {
        text.split([';', '+', '\n', '|']).filter_map(|part| self.part(part.trim())).collect()
    }

    fn part(&self, part: &str) -> Option<CourtSentence> {
        if part.is_empty() {
            return None;
        }
        let separate = part.replace(['/', ',', '-', ':', '.'], " ");
        let mut kind = None;
        let (mut number, mut unit, mut doubtful) = (None, None, false);
        let mut words: Vec<String> = Vec::new();
        for word in separate.split_whitespace() {
            // `36MO` is two words.
            let digits = word.bytes().take_while(u8::is_ascii_digit).count();
            let (figures, letters) = word.split_at_checked(digits).unwrap_or((word, ""));
            words.extend([figures, letters].iter().filter(|w| !w.is_empty()).map(|w| (*w).to_owned()));
        }
        for word in &words {
            if word.bytes().all(|b| b.is_ascii_digit()) {
                doubtful |= number.is_some();
                number = word.parse::<i32>().ok().filter(|n| (0..=MOST).contains(n));
                doubtful |= number.is_none();
            } else if let Some(found) = self.units.find(word) {
                doubtful |= unit.is_some();
                unit = Some(found);
            } else if let Some(found) = self.kinds.find(word) {
                // `COUNTY JAIL AS A CONDITION OF PROBATION` names two: the first is what is served.
                kind = kind.or(Some(found));
            }
        }
        let kind = kind.or_else(|| self.kinds.find(part)).unwrap_or(SentenceKind::Unrecognized);
        let length = match (number, unit) {
            _ if doubtful || kind == SentenceKind::Fine => Length::Unknown,
            (Some(number), Some(unit)) => length(number, unit),
            _ => Length::Unknown,
        };
        Some(CourtSentence { kind, length })
    }
}

pub(super) fn length(number: i32, unit: Unit) -> Length {
    match unit {
        Unit::Days => Length::Days(number),
        Unit::Months => Length::Months(number),
        Unit::Years => Length::Years(number),
    }
}

/// A whole number such as `36`; `36.0`, as sheets have it, is one too.
pub(super) fn whole(text: &str) -> Option<i32> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.parse().ok().filter(|number| (0..=MOST).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let mut words = SentenceWords::default();
        for (code, kind) in [
            ("PROB", SentenceKind::Supervision),
            ("JAIL", SentenceKind::Jail),
            ("PRISON", SentenceKind::Prison),
            ("FINE", SentenceKind::Fine),
        ] {
            words.kinds.add(code, kind);
        }
        for (code, unit) in [("MO", Unit::Months), ("DA", Unit::Days), ("YR", Unit::Years)] {
            words.units.add(code, unit);
        }
        let said = |text: &str| {
            words
                .read(text)
                .iter()
                .map(|s| format!("{:?} {:?}", s.kind, s.length))
                .collect::<Vec<_>>()
                .join("; ")
        };
        for (text, expected) in [
            ("36 MO PROB; 90 DA JAIL; FINE", "Supervision Months(36); Jail Days(90); Fine Unknown"),
            ("36MO PROB", "Supervision Months(36)"),
            ("FINE $250", "Fine Unknown"),
            ("2 YR PRISON", "Prison Years(2)"),
            ("1 YR 4 MO PRISON", "Prison Unknown"),
            ("PROB", "Supervision Unknown"),
            ("36 PROB", "Supervision Unknown"),
            ("99999999999 DA JAIL", "Jail Unknown"),
            ("TIME SERVED", "Unrecognized Unknown"),
            ("", ""),
            (" ; ;", ""),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
