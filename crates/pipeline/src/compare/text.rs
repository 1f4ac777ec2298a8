//! A comparison on the screen, and in `summary.txt`.

use super::Role;
use super::results::{Comparison, Pair};
use std::fmt::Write as _;

/// How many policies have a matrix of who differs from whom.
const MATRIX: usize = 8;
/// How many pairs are told with their reasons, and how many kinds of each.
const PAIRS: usize = 6;
const KINDS: usize = 3;
/// How long a reason may be on the screen.
const REASON: usize = 44;

/// A number with its thousands apart.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Minutes as hours with one digit behind the point.
pub(super) fn hours(minutes: u64) -> String {
    let tenths = (minutes * 10 + 30) / 60;
    format!("{}.{}", thousands(tenths / 10), tenths % 10)
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

impl Comparison {
    /// The comparison as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{} people, {} of them with a conviction that one of {} policies decides, as of {}\n",
            thousands(self.people),
            thousands(self.people_concerned),
            self.candidates.len(),
            self.as_of
        );
        self.main_table(&mut text);
        self.missing(&mut text);
        self.disparities(&mut text);
        self.differences(&mut text);
        text
    }

    fn main_table(&self, text: &mut String) {
        let _ = writeln!(text, "          people   convictions                       hours   left without a");
        let _ = writeln!(
            text,
            "   #      helped   dismissed   reduced   review   of review   felony  conviction   policy"
        );
        for one in &self.candidates {
            let outcome = |word: &str| {
                let all = one.groups.get("all").and_then(|groups| groups.first());
                all.and_then(|group| group.by_outcome.get(word)).copied().unwrap_or_default()
            };
            let _ = writeln!(
                text,
                "{:>4}{:>12}{:>12}{:>10}{:>9}{:>12}{:>9}{:>12}   {}{}",
                one.number,
                thousands(one.people_helped),
                thousands(outcome("dismiss") + outcome("grant")),
                thousands(outcome("reduce")),
                thousands(one.reviews.convictions),
                hours(one.reviews.minutes),
                thousands(one.standing.without_felony),
                thousands(one.standing.without_conviction),
                one.label,
                match one.role {
                    Role::Chosen => "",
                    Role::Entitlement => "   (what the statute gives)",
                    Role::Everything => "   (everything dismissed)",
                }
            );
        }
        let _ = writeln!(
            text,
            "\nHours at {} minutes a review. Left without: people who had one and surely have none afterwards; of people whose\nrecord is not complete it cannot be told, and they are not among them.",
            self.minutes_per_review
        );
        for one in self.candidates.iter().filter(|one| !one.policy.in_force) {
            let _ = writeln!(
                text,
                "Note: {} is in force {}, and not on {}",
                one.label, one.policy.effective, self.as_of
            );
        }
    }

    fn missing(&self, text: &mut String) {
        let open: Vec<_> =
            self.candidates.iter().filter(|one| one.reviews.convictions > 0).take(PAIRS * 2).collect();
        if open.is_empty() {
            return;
        }
        let _ = writeln!(text, "\nReviews by what is missing (one may miss several)");
        for one in open {
            let facts: Vec<String> = one
                .reviews
                .missing
                .iter()
                .take(5)
                .map(|missing| format!("{} {}", missing.fact, thousands(missing.reviews)))
                .collect();
            let facts = if facts.is_empty() {
                "nothing: the document asks for it".to_owned()
            } else {
                facts.join(", ")
            };
            let _ = writeln!(text, "{:>4}  {facts}", one.number);
        }
    }

    fn disparities(&self, text: &mut String) {
        let Some(first) = self.candidates.first().filter(|one| one.disparities.len() > 1) else { return };
        let Some(reference) = first.disparities.first().map(|one| &one.reference) else { return };
        let _ = writeln!(
            text,
            "\nShare of people helped by race as recorded, of those whom one of the policies decides; ratio to {reference}"
        );
        for group in &first.disparities {
            let _ = write!(text, "      {:<24}{:>10} people", group.group, thousands(group.concerned));
            for one in self.candidates.iter().take(MATRIX) {
                let found = one.disparities.iter().find(|other| other.group == group.group);
                let share = found.map(|found| percent(found.share.share)).unwrap_or_default();
                let _ = write!(text, "{:>5} {share:>7}", format!("#{}", one.number));
            }
            let _ = writeln!(text);
        }
        for one in self.candidates.iter().filter(|one| one.role == Role::Chosen).take(MATRIX) {
            let told: Vec<String> = one
                .disparities
                .iter()
                .filter_map(|group| {
                    let ratio = group.ratio?;
                    let certain = ratio.low > 1.0 || ratio.high < 1.0;
                    let name = &group.group;
                    certain
                        .then(|| format!("{name} {:.2} ({:.2} to {:.2})", ratio.ratio, ratio.low, ratio.high))
                })
                .collect();
            let told = if told.is_empty() { "none beyond chance".to_owned() } else { told.join(", ") };
            let _ = writeln!(text, "{:>4}  ratios beyond chance: {told}", one.number);
        }
    }

    fn differences(&self, text: &mut String) {
        let chosen = self.candidates.iter().filter(|one| one.role == Role::Chosen).count();
        let _ = writeln!(
            text,
            "\n{} counts on which two of the chosen policies differ",
            thousands(self.differing)
        );
        let shown = self.candidates.len();
        if (2..=MATRIX).contains(&shown) {
            let _ = write!(text, "    ");
            for other in 2..=shown {
                let _ = write!(text, "{:>10}", format!("#{other}"));
            }
            let _ = writeln!(text);
            for one in 1..shown {
                let _ = write!(text, "{:>4}", format!("#{one}"));
                for other in 2..=shown {
                    let number =
                        if other > one { thousands(self.between(one, other)) } else { String::new() };
                    let _ = write!(text, "{number:>10}");
                }
                let _ = writeln!(text);
            }
        }
        let of_chosen = |pair: &&Pair| pair.one <= chosen && pair.other <= chosen;
        let mut told: Vec<&Pair> = self.pairs.iter().filter(of_chosen).collect();
        if told.is_empty() {
            told = self.pairs.iter().collect();
        }
        told.sort_by(|one, other| {
            other.counts.cmp(&one.counts).then_with(|| (one.one, one.other).cmp(&(other.one, other.other)))
        });
        for pair in told.iter().take(PAIRS) {
            let _ = writeln!(text, "\n#{} and #{}: {} counts", pair.one, pair.other, thousands(pair.counts));
            for kind in pair.kinds.iter().take(KINDS) {
                let _ = writeln!(
                    text,
                    "{:>10}  {} ({}) | {} ({})",
                    thousands(kind.counts),
                    kind.outcome,
                    short(&kind.reason),
                    kind.other_outcome,
                    short(&kind.other_reason)
                );
            }
            if pair.kinds.len() > KINDS {
                let rest: u64 = pair.kinds.iter().skip(KINDS).map(|kind| kind.counts).sum();
                let _ = writeln!(
                    text,
                    "{:>10}  for {} other pairs of reasons",
                    thousands(rest),
                    pair.kinds.len() - KINDS
                );
            }
        }
        if told.len() > PAIRS {
            let _ = writeln!(text, "\nand {} more pairs of policies", told.len() - PAIRS);
        }
    }

    /// Counts on which two policies differ.
    fn between(&self, one: usize, other: usize) -> u64 {
        let found = self.pairs.iter().find(|pair| (pair.one, pair.other) == (one, other));
        found.map_or(0, |pair| pair.counts)
    }

    /// Relief against the load of reviews, as text.
    #[must_use]
    pub fn frontier_text(&self) -> String {
        let mut text = String::from("Relief against the load of reviews\n\n");
        let _ = writeln!(text, "   #      people       hours   ");
        let label = |number: usize| {
            self.candidates.iter().find(|one| one.number == number).map_or("", |one| one.label.as_str())
        };
        let mut points = self.frontier.points.clone();
        points.sort_by_key(|point| (point.minutes, std::cmp::Reverse(point.people_helped), point.number));
        let most = points.iter().map(|point| point.people_helped).max().unwrap_or(0).max(1);
        for point in points {
            let bar = "█".repeat((point.people_helped * 24).div_ceil(most) as usize);
            let chosen =
                self.candidates.iter().any(|one| one.number == point.number && one.role == Role::Chosen);
            let what = match (point.bettered_by, chosen) {
                (_, false) => "a baseline".to_owned(),
                (None, true) => "on the frontier".to_owned(),
                (Some(by), true) => format!("bettered by #{by}"),
            };
            let _ = writeln!(
                text,
                "{:>4}{:>12}{:>12}   {bar:<24}  {what:<16}  {}",
                point.number,
                thousands(point.people_helped),
                hours(point.minutes),
                label(point.number)
            );
        }
        text.push_str("\nA policy is bettered by one that helps as many people or more for as few hours of review or fewer.\n");
        text
    }
}

/// A reason that fits on the screen.
fn short(reason: &str) -> String {
    if reason.is_empty() {
        return "no rule".to_owned();
    }
    if reason.chars().count() <= REASON {
        return reason.to_owned();
    }
    let mut text: String = reason.chars().take(REASON - 1).collect();
    text.push('…');
    text
}
