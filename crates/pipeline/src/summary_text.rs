//! The summary of a run as a person reads it.

use crate::summary::Summary;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use vacatur_policy::{Missing, OutcomeKind};

impl Summary {
    /// The summary for a screen.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        let c = &self.counts;
        let _ = writeln!(out, "{}", self.run.title);
        let set: Vec<String> =
            self.run.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let _ = writeln!(
            out,
            "policy {}, as of {}{}",
            self.run.policy,
            self.run.as_of,
            if set.is_empty() { String::new() } else { format!(", {}", set.join("; ")) }
        );
        let _ = writeln!(out);
        let _ = writeln!(
            out,
            "Rows      {:>12} read = {} used + {} rejected (of these {} repeat another row)",
            number(c.rows_in),
            number(c.rows_used),
            number(c.rejects),
            number(c.duplicate_rows)
        );
        let p = &self.people;
        let _ = writeln!(
            out,
            "People    {:>12} in the file; {} with a conviction in scope; {} with relief",
            number(p.in_file),
            number(p.in_scope),
            number(p.with_relief)
        );
        if c.people_unnamed > 0 {
            let _ = writeln!(
                out,
                "          {:>12} of them rows without a subject number, each counted as a person of its own",
                number(c.people_unnamed)
            );
        }
        let _ = writeln!(out);
        let _ = writeln!(out, "Convictions in scope");
        let kinds: Vec<OutcomeKind> = OutcomeKind::ALL
            .into_iter()
            .filter(|kind| self.by_outcome.get(kind.word()).is_some_and(|n| *n > 0))
            .collect();
        let head: String = kinds.iter().fold(String::new(), |mut head, kind| {
            let _ = write!(head, "{:>17}", kind.word().replace('_', " "));
            head
        });
        let _ = writeln!(out, "  {:<14}{head}{:>12}", "", "total");
        let row = |out: &mut String, name: &str, map: &BTreeMap<String, u64>| {
            let total: u64 = map.values().sum();
            let cells = kinds.iter().fold(String::new(), |mut cells, kind| {
                let _ = write!(cells, "{:>17}", number(map.get(kind.word()).copied().unwrap_or(0)));
                cells
            });
            let _ = writeln!(out, "  {name:<14}{cells}{:>12}", number(total));
        };
        for (section, map) in &self.by_section {
            row(&mut out, section, map);
        }
        row(&mut out, "all", &self.by_outcome);
        let _ = writeln!(out);
        for (level, map) in &self.by_level {
            row(&mut out, level, map);
        }
        let _ = writeln!(out);
        let _ = writeln!(out, "Deciding reasons");
        for reason in self.by_reason.iter().take(20) {
            let _ = writeln!(
                out,
                "  {:>12}  {:<17} {}",
                number(reason.count),
                reason.outcome.replace('_', " "),
                reason.reason
            );
        }
        if self.by_reason.len() > 20 {
            let rest: u64 = self.by_reason.iter().skip(20).map(|reason| reason.count).sum();
            let _ = writeln!(
                out,
                "  {:>12}  {} more reasons, in summary.json",
                number(rest),
                self.by_reason.len() - 20
            );
        }
        self.layers(&mut out);
        if !self.turns.is_empty() {
            let _ = writeln!(out);
            let _ =
                writeln!(out, "Convictions that gain relief later, if nothing new is recorded: horizon.csv");
            for (month, count) in &self.turns {
                let _ = writeln!(out, "  {:>12}  in {month}", number(*count));
            }
        }
        if !self.missing.is_empty() {
            let _ = writeln!(out);
            let _ = writeln!(out, "Reviews that need a fact (one may need several)");
            for missing in Missing::ALL {
                if let Some(count) = self.missing.get(missing.name()) {
                    let _ = writeln!(out, "  {:>12}  {}", number(*count), missing.name());
                }
            }
        }
        let _ = writeln!(out);
        let _ = writeln!(out, "People with relief, on record before and after");
        let line = |out: &mut String, name: &str, before: u64, after: u64| {
            let _ = writeln!(
                out,
                "  {name:<34}{:>10} -> {:>10}   {:>10} fewer",
                number(before),
                number(after),
                number(before - after.min(before))
            );
        };
        line(&mut out, "with a felony", self.before.with_felony, self.after.with_felony);
        line(&mut out, "with any conviction", self.before.with_conviction, self.after.with_conviction);
        line(
            &mut out,
            "with a conviction in seven years",
            self.before.with_conviction_in_seven_years,
            self.after.with_conviction_in_seven_years,
        );
        if self.impact_unknown > 0 {
            let _ = writeln!(
                out,
                "  {} more have an incomplete record and are not counted here",
                number(self.impact_unknown)
            );
        }
        for (title, map) in
            [("By race as recorded", &self.people_by_race), ("By sex as recorded", &self.people_by_sex)]
        {
            let _ = writeln!(out);
            let _ = writeln!(out, "{title:<26}{:>12}{:>12}{:>14}", "people", "in scope", "with relief");
            for (name, people) in map {
                let _ = writeln!(
                    out,
                    "  {name:<24}{:>12}{:>12}{:>14}",
                    number(people.in_file),
                    number(people.in_scope),
                    number(people.with_relief)
                );
            }
        }
        let unread = [
            ("Offences that cannot be read as a code section", &self.unreadable_offences),
            ("Dispositions that are not in the list of words", &self.unlisted_dispositions),
        ];
        for (title, texts) in unread.into_iter().filter(|(_, texts)| texts.counts > 0) {
            let _ = writeln!(out);
            let _ = writeln!(
                out,
                "{title}: {} times, {} different texts",
                number(texts.counts),
                number(texts.distinct)
            );
            for text in texts.most_frequent.iter().take(5) {
                let shown = if text.text.is_empty() { "(blank)" } else { &text.text };
                let _ = writeln!(out, "  {:>12}  {shown}", number(text.count));
            }
            if texts.rare > 0 {
                let _ = writeln!(
                    out,
                    "  {} more texts are too rare to be shown here: one may be a name",
                    number(texts.rare)
                );
            }
        }
        out
    }
}

impl Summary {
    /// What the statute itself gives beside what the policy decides.
    fn layers(&self, out: &mut String) {
        let Some(statute) = &self.run.statute else { return };
        let words: Vec<&str> = OutcomeKind::ALL
            .into_iter()
            .map(OutcomeKind::word)
            .chain([crate::batch::OUT_OF_SCOPE])
            .filter(|word| self.by_statute.values().any(|map| map.contains_key(*word)))
            .collect();
        let _ = writeln!(out);
        let _ =
            writeln!(out, "What the policy decides, and across what the statute itself gives ({statute})");
        let head = words.iter().fold(String::new(), |mut head, word| {
            let _ = write!(head, "{:>17}", word.replace('_', " "));
            head
        });
        let _ = writeln!(out, "  {:<17}{head}", "");
        for kind in OutcomeKind::ALL {
            let Some(map) = self.by_statute.get(kind.word()) else { continue };
            let cells = words.iter().fold(String::new(), |mut cells, word| {
                let _ = write!(cells, "{:>17}", number(map.get(*word).copied().unwrap_or(0)));
                cells
            });
            let _ = writeln!(out, "  {:<17}{cells}", kind.word().replace('_', " "));
        }
    }
}

/// A number with commas between thousands.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
