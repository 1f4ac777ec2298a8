//! The verdict in words, and the measures and limits that make it.
//!
//! The limits are this program's own. No statute and no agency has set them: they say from when on a defect is so
//! frequent that it shows in the results (care), and from when on the results say little (bad).

use super::quality::Quality;
use serde::{Deserialize, Serialize};

/// What a delivery is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Usable.
    #[default]
    Usable,
    /// Usable with care.
    Care,
    /// To be sent back.
    Bad,
}

impl Grade {
    /// In words, as a headline.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Usable => "USABLE",
            Self::Care => "USABLE WITH CARE",
            Self::Bad => "SEND IT BACK",
        }
    }

    /// What that means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Usable => "It can be decided as it is: no measure is over its limit.",
            Self::Care => {
                "It can be decided. Where a fact is missing that matters, the decision will be a review."
            }
            Self::Bad => {
                "So much is missing that decisions on it would say little. Ask for it again, or for corrections."
            }
        }
    }
}

/// The verdict: the grade in words, and the measures that made it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What the delivery is worth: the worst of the measures.
    pub grade: Grade,
    /// What that means, in a sentence.
    pub meaning: String,
    /// Why: the measures that are over a limit, the worst first, in words.
    pub reasons: Vec<String>,
    /// Every measure with its limits.
    pub measures: Vec<Measure>,
}

/// A measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name, which does not change.
    pub name: String,
    /// What it counts, in words.
    pub says: String,
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// Care from so many per cent on.
    pub care_percent: f64,
    /// Bad from so many per cent on.
    pub bad_percent: f64,
    /// What it makes of the delivery.
    pub grade: Grade,
}

/// Of one or two nothing is said, however few there are.
const ENOUGH: u64 = 3;

impl Measure {
    fn of(name: &str, says: &str, (count, of): (u64, u64), care: f64, bad: f64) -> Self {
        Self::from(name, says, (count, of), (care, bad), ENOUGH)
    }

    /// A measure of which `enough` must be there before it says anything.
    fn from(name: &str, says: &str, (count, of): (u64, u64), (care, bad): (f64, f64), enough: u64) -> Self {
        let percent = percent(count, of);
        let grade = match () {
            () if of == 0 || count < enough => Grade::Usable,
            () if percent >= bad => Grade::Bad,
            () if percent >= care => Grade::Care,
            () => Grade::Usable,
        };
        Self { name: name.into(), says: says.into(), count, of, care_percent: care, bad_percent: bad, grade }
    }

    /// How far it is beyond its lower limit: 1 is just there.
    fn beyond(&self) -> f64 {
        percent(self.count, self.of) / self.care_percent
    }

    fn reason(&self) -> String {
        let limit = if self.grade == Grade::Bad { self.bad_percent } else { self.care_percent };
        format!("{} (limit {limit} %)", self.sentence())
    }

    fn sentence(&self) -> String {
        let number = super::screen::number;
        let share = percent_text(self.count, self.of);
        format!("{share}: {} of {} {}", number(self.count), number(self.of), self.says)
    }
}

/// A share in per cent; of nothing there is none.
pub(crate) fn percent(count: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { count as f64 * 100.0 / of as f64 }
}

/// A share in words: `1.9 %`, `under 0.1 %`.
pub(crate) fn percent_text(count: u64, of: u64) -> String {
    let percent = percent(count, of);
    match () {
        () if count == 0 => "0 %".into(),
        () if percent < 0.05 => "under 0.1 %".into(),
        () if percent >= 9.95 => format!("{percent:.0} %"),
        () => format!("{percent:.1} %"),
    }
}

impl Verdict {
    /// The verdict on what was found.
    pub(crate) fn on(quality: &Quality) -> Self {
        let measures = measures(quality);
        let grade = measures.iter().map(|measure| measure.grade).max().unwrap_or_default();
        let mut over: Vec<&Measure> =
            measures.iter().filter(|measure| measure.grade > Grade::Usable).collect();
        over.sort_by(|one, other| other.grade.cmp(&one.grade).then(other.beyond().total_cmp(&one.beyond())));
        let reasons = over.iter().map(|measure| measure.reason()).collect();
        Self { grade, meaning: grade.meaning().into(), reasons, measures }
    }
}

fn measures(quality: &Quality) -> Vec<Measure> {
    let counts = &quality.counts;
    let lost = counts.rejects.saturating_sub(counts.duplicate_rows);
    let sum = |pairs: &[(&str, &str)]| -> u64 {
        pairs.iter().map(|(field, defect)| quality.count(field, defect)).sum()
    };
    let of = |name: &str| quality.measured.get(name).copied().unwrap_or(0);
    let mut all = vec![
        Measure::of("rows", "rows could not be used", (lost, counts.rows_in), 0.1, 5.0),
        Measure::of(
            "subjects",
            "rows do not say whose they are",
            (counts.people_without_number, counts.rows_in),
            0.1,
            2.0,
        ),
        Measure::of(
            "birth_dates",
            "people have no usable date of birth",
            (of("people_unborn"), counts.people),
            1.0,
            20.0,
        ),
        Measure::of(
            "dates",
            "convictions have no usable date",
            (of("convictions_undated"), counts.convictions),
            1.0,
            10.0,
        ),
        Measure::of(
            "levels",
            "convictions have no level, or two",
            (sum(&[("level", "missing"), ("level", "conflicting")]), counts.convictions),
            2.0,
            20.0,
        ),
        Measure::of(
            "offences",
            "counts name no offence that can be read",
            (
                sum(&[
                    ("charge", "missing"),
                    ("charge", "unrecognised"),
                    ("conviction_offence", "missing"),
                    ("conviction_offence", "unrecognised"),
                    ("comment", "missing"),
                    ("comment", "unrecognised"),
                ]),
                counts.counts,
            ),
            1.0,
            10.0,
        ),
        Measure::of(
            "dispositions",
            "counts of a court have no outcome that can be read",
            (sum(&[("disposition", "missing"), ("disposition", "unrecognised")]), counts.court_counts),
            2.0,
            20.0,
        ),
        Measure::of(
            "counties",
            "entries have no county, or one that does not exist",
            (sum(&[("county", "missing"), ("county", "unrecognised")]), counts.entries),
            1.0,
            10.0,
        ),
        Measure::of(
            "steps",
            "entries are of no known kind of step",
            (sum(&[("step_type", "missing"), ("step_type", "unrecognised")]), counts.entries),
            1.0,
            10.0,
        ),
        Measure::of(
            "cii_numbers",
            "people share a CII number with another, or have two",
            (sum(&[("cii", "shared"), ("cii", "conflicting")]), counts.people),
            0.5,
            5.0,
        ),
    ];
    if let Some(reviews) = &quality.reviews {
        all.push(Measure::of(
            "reviews",
            "determinations are reviews because of a defect",
            (reviews.by_defects, reviews.determinations),
            10.0,
            50.0,
        ));
    }
    if let Some(drift) = &quality.drift {
        let lost = drift.people_before.saturating_sub(counts.people);
        let more = counts.people.saturating_sub(drift.people_before);
        all.push(Measure::of(
            "people_lost",
            "people fewer than in the previous delivery",
            (lost, drift.people_before),
            10.0,
            50.0,
        ));
        all.push(Measure::of(
            "people_more",
            "people more than in the previous delivery",
            (more, drift.people_before),
            50.0,
            400.0,
        ));
        all.push(Measure::from(
            "columns_emptied",
            "columns held something before and are empty now",
            (drift.emptied, drift.columns_before),
            (1.0, 20.0),
            1,
        ));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_at_the_limit() {
        let grade = |count, of| Measure::of("x", "x", (count, of), 1.0, 10.0).grade;
        assert_eq!(grade(9, 1000), Grade::Usable);
        assert_eq!(grade(10, 1000), Grade::Care);
        assert_eq!(grade(99, 1000), Grade::Care);
        assert_eq!(grade(100, 1000), Grade::Bad);
        // Two are no share, however few there are.
        assert_eq!(grade(2, 4), Grade::Usable);
        assert_eq!(grade(0, 0), Grade::Usable);
    }
}
