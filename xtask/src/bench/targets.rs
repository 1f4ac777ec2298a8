//! The targets, beside what was measured.

use super::explain::Explained;
use super::series::{Measured, Work};

/// Rows a second that the former program decided on such files.
const FORMER_ROWS: f64 = 24_000.0;

/// How much more a row may cost in the largest file than in the smallest, when nothing grows. Two runs of the same
/// differ by as much on a machine that is not idle.
const SAME: f64 = 1.15;

/// All that was measured.
#[derive(Default)]
pub(super) struct Results {
    pub(super) measured: Vec<Measured>,
    pub(super) dense: String,
    pub(super) county: String,
    /// Inputs by size: contiguous and shuffled.
    pub(super) growth: Vec<[String; 2]>,
    /// Whether the largest of them has 10 GB.
    pub(super) big: bool,
    /// The person with many convictions, and those with few.
    pub(super) careers: [String; 2],
    pub(super) threads: usize,
    pub(super) explained: Option<Explained>,
    /// How many times the cost of one policy ten have, deciding alone.
    pub(super) ten_policies: Option<f64>,
    /// What the benches of the crates printed, each with its command.
    pub(super) micro: Vec<(String, String)>,
}

impl Results {
    pub(super) fn find(&self, input: &str, work: &Work, threads: usize) -> Option<&Measured> {
        self.measured.iter().find(|it| it.input == input && it.work == *work && it.threads == threads)
    }

    /// The floor of reading for an input, on one thread.
    pub(super) fn floor(&self, input: &str) -> Option<&Measured> {
        self.find(input, &Work::Floor("columns"), 1)
    }

    fn decide(&self, input: &str, threads: usize) -> Option<&Measured> {
        self.find(input, &Work::Decide(&[]), threads)
    }
}

/// A target and what came of it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) what: &'static str,
    pub(super) target: &'static str,
    pub(super) measured: String,
    /// `None`: not measured, or not at the size that the target names.
    pub(super) reached: Option<bool>,
}

impl Line {
    pub(super) fn verdict(&self) -> &'static str {
        match self.reached {
            Some(true) => "reached",
            Some(false) => "not reached",
            None if self.measured == NOTHING => "not measured",
            None => "not at that size",
        }
    }
}

/// In place of a figure.
const NOTHING: &str = "–";

/// A figure as text, and whether it is enough.
type Figure = (String, Option<bool>);

/// All targets, in order.
pub(super) fn lines(results: &Results) -> Vec<Line> {
    let line = |what, target, figure: Option<Figure>| {
        let (measured, reached) = figure.unwrap_or_else(|| (NOTHING.to_owned(), None));
        Line { what, target, measured, reached }
    };
    let cpu = |it: &Measured| it.best(|cost| cost.cpu);
    let wall = |it: &Measured| it.best(|cost| cost.wall);
    let per_row = |it: &Measured| cpu(it) / it.rows as f64;
    let dense = results.decide(&results.dense, 1);
    let of = |input: &str, work: Work| results.find(input, &work, 1);
    let ratio = |over: Option<&Measured>, under: Option<&Measured>, most: f64| -> Option<Figure> {
        let ratio = cpu(over?) / cpu(under?);
        Some((format!("{ratio:.1} x"), Some(ratio <= most)))
    };
    let (one, more) = (results.decide(&results.county, 1), results.decide(&results.county, results.threads));
    let county = more.and_then(|it| {
        let rate = it.people_per_minute()?;
        Some((format!("{:.1} M people a minute", rate / 1e6), Some(rate >= 5e6)))
    });
    let threads = one.zip(more).map(|(one, more)| {
        let gain = wall(one) / wall(more);
        let enough = if results.threads == 2 { Some(gain >= 1.8) } else { None };
        (format!("{gain:.2} x on {} threads", results.threads), enough)
    });
    let [many, few] = &results.careers;
    let careers = results.decide(many, 1).zip(results.decide(few, 1)).map(|(many, few)| {
        let ratio = per_row(many) / per_row(few);
        (format!("{ratio:.2} x the cost of a row"), Some(ratio <= SAME))
    });
    vec![
        line(
            "`decide`, dense",
            "at least 1.5 M rows a CPU-second, 60 times the 24,000 of the former program",
            dense.map(|it| rows(it, 1.5e6)),
        ),
        line(
            "`decide`, dense",
            "at most 2.5 times the CPU of indexing and reading the needed columns",
            ratio(dense, results.floor(&results.dense), 2.5),
        ),
        line(
            "`decide --format bear`, dense",
            "at least 0.6 M rows a CPU-second",
            of(&results.dense, Work::Decide(&["--format", "bear"])).map(|it| rows(it, 0.6e6)),
        ),
        line("`decide`, default county", "at least 5 M people a minute by the clock", county),
        line("`decide`, default county", "two threads at least 1.8 times one", threads),
        line(
            "ten policies in one pass",
            "at most twice one policy",
            // Deciding alone: with the reading that they share the ratio of whole runs is smaller.
            results.ten_policies.map(|ratio| (format!("{ratio:.2} x, deciding alone"), Some(ratio <= 2.0))),
        ),
        line("most memory, contiguous", "at most 256 MB on 10 GB", memory(results, 0)),
        line("most memory, shuffled", "at most 256 MB on 10 GB", memory(results, 1)),
        line("growth, contiguous", "linear from 0.1 to 10 GB", growth(results, 0)),
        line("growth, shuffled", "linear from 0.1 to 10 GB", growth(results, 1)),
        line("one person with 10,000 convictions", "no worse a row than ten with 1,000", careers),
        line("`explain` of one count", "at most 100 ms in a run of 10 GB", explained(results)),
    ]
}

fn rows(it: &Measured, least: f64) -> Figure {
    let rate = it.rows_per_cpu();
    (format!("{:.2} M rows a CPU-second, {:.0} x", rate / 1e6, rate / FORMER_ROWS), Some(rate >= least))
}

fn memory(results: &Results, order: usize) -> Option<Figure> {
    let input = results.growth.last()?.get(order)?;
    let bytes = results.decide(input, results.threads)?.memory();
    Some((format!("{:.0} MB ({input})", bytes as f64 / 1e6), results.big.then_some(bytes <= 256_000_000)))
}

fn growth(results: &Results, order: usize) -> Option<Figure> {
    let at = |inputs: Option<&[String; 2]>| -> Option<f64> {
        let it = results.decide(inputs?.get(order)?, results.threads)?;
        Some(it.best(|cost| cost.cpu) / it.rows as f64)
    };
    let (small, large) = (at(results.growth.first())?, at(results.growth.last())?);
    let ratio = large / small;
    let text = format!("{ratio:.2} x the cost of a row from the smallest to the largest");
    Some((text, results.big.then_some(ratio <= SAME)))
}

fn explained(results: &Results) -> Option<Figure> {
    let it = results.explained.as_ref()?;
    let seconds = it.wall();
    Some((format!("{:.0} ms ({})", seconds * 1e3, it.input), results.big.then_some(seconds <= 0.1)))
}

/// The ratio in the line on ten policies that `benches/policies.rs` prints.
pub(super) fn ten_policies(printed: &str) -> Option<f64> {
    let line = printed.lines().find(|line| line.starts_with("ten policies"))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.windows(3).position(|words| words == ["times", "the", "first"])?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::series::tests::measured;
    use super::*;

    #[test]
    fn what_benches_print_of_ten_policies() {
        let printed = "one policy        1:     84.0 ms,    1 decisions/s,   1 people/s, 1.00 times the first\n\
                       ten policies     10:    424.0 ms,    1 decisions/s,   1 people/s, 5.04 times the first\n";
        assert_eq!(ten_policies(printed), Some(5.04));
        assert_eq!(ten_policies("ten policies: fast\n"), None);
    }

    #[test]
    fn what_was_not_measured_is_not_judged() {
        let found = lines(&Results::default());
        assert!(found.iter().all(|line| line.reached.is_none() && line.measured == NOTHING));
    }

    #[test]
    fn targets_at_their_edges() {
        let dense = "dense, 400 MB";
        let results = |cpu: f64| Results {
            measured: vec![
                measured(dense, Work::Decide(&[]), 1, 1_500_000, &[cpu, 9.0]),
                measured(dense, Work::Floor("columns"), 1, 1_500_000, &[0.4, 0.5]),
            ],
            dense: dense.to_owned(),
            threads: 2,
            ..Results::default()
        };
        let verdicts = |cpu: f64| -> Vec<(String, Option<bool>)> {
            let found = lines(&results(cpu));
            found.into_iter().take(2).map(|line| (line.measured, line.reached)).collect()
        };
        assert_eq!(
            verdicts(1.0),
            [("1.50 M rows a CPU-second, 62 x".into(), Some(true)), ("2.5 x".into(), Some(true))]
        );
        assert_eq!(
            verdicts(1.25),
            [("1.20 M rows a CPU-second, 50 x".into(), Some(false)), ("3.1 x".into(), Some(false))]
        );
    }

    #[test]
    fn a_target_for_ten_gigabytes_is_not_judged_on_less() {
        let inputs = |size: &str| [size.to_owned(), format!("{size}, shuffled")];
        let mut results =
            Results { growth: vec![inputs("small"), inputs("large")], threads: 2, ..Results::default() };
        for (input, rows, cpu) in [("small", 100, 1.0), ("large", 1000, 12.0), ("small, shuffled", 100, 1.0)]
        {
            results.measured.push(measured(input, Work::Decide(&[]), 2, rows, &[cpu]));
        }
        let told = |results: &Results| {
            let found = lines(results).into_iter().filter(|line| line.measured != NOTHING);
            found
                .map(|line| format!("{}: {}: {}", line.what, line.measured, line.verdict()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            told(&results),
            [
                "most memory, contiguous: 105 MB (large): not at that size",
                "growth, contiguous: 1.20 x the cost of a row from the smallest to the largest: not at that size",
            ]
        );
        results.big = true;
        assert_eq!(
            told(&results),
            [
                "most memory, contiguous: 105 MB (large): reached",
                "growth, contiguous: 1.20 x the cost of a row from the smallest to the largest: not reached",
            ]
        );
    }
}
