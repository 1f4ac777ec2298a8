//! What `cargo xtask bench` was asked for.

use std::path::PathBuf;

pub(super) const HELP: &str = "\
usage: cargo xtask bench [OPTIONS]

Builds the release program, makes synthetic inputs once, runs `vacatur decide` and the floors in turns, prints what they
cost beside the targets, and writes a record of it. See docs/src/performance.md.

  --quick           a small input and one round: whether it runs, not how fast
  --size MB         the size of the dense input [default: 400]
  --rounds N        how often everything runs; the best and the median are shown [default: 3]
  --threads N       the threads of the runs that are set against one thread [default: 2]
  --only NAME       one part: dense, county, growth, career or explain; may be given several times
  --big             growth at 0.1, 1 and 10 GB; takes about 25 GB of disk and a good while
  --micro           also run the benches of the crates
  --vacatur FILE    measure this program instead of building one
  --against FILE    measure this program too, in turns with the other
  --out DIR         where the record goes [default: bench/runs]
  --page            also put the figures into docs/src/performance.md, in place of those there
  --keep            keep the inputs of 10 GB and the last runs
";

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The dense file: all variants of a run, and all floors.
    Dense,
    /// The default county.
    County,
    /// The same at growing sizes, contiguous and shuffled.
    Growth,
    /// One person with many convictions beside many with few.
    Career,
    /// Explaining one count of the largest run.
    Explain,
}

impl Part {
    const ALL: [(&'static str, Self); 5] = [
        ("dense", Self::Dense),
        ("county", Self::County),
        ("growth", Self::Growth),
        ("career", Self::Career),
        ("explain", Self::Explain),
    ];
}

/// The options, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// Megabytes (of a million bytes) of the dense input.
    pub(super) size: u64,
    pub(super) rounds: usize,
    pub(super) threads: usize,
    /// Empty: all parts.
    pub(super) only: Vec<Part>,
    pub(super) quick: bool,
    pub(super) big: bool,
    pub(super) micro: bool,
    pub(super) keep: bool,
    pub(super) page: bool,
    pub(super) vacatur: Option<PathBuf>,
    pub(super) against: Option<PathBuf>,
    pub(super) out: Option<PathBuf>,
}

impl Options {
    /// Reads the words after `bench`.
    ///
    /// # Errors
    /// A sentence on the word that is not understood.
    pub(super) fn read(words: &[String]) -> Result<Self, String> {
        let mut found = Self {
            size: 400,
            rounds: 3,
            threads: 2,
            only: Vec::new(),
            quick: false,
            big: false,
            micro: false,
            keep: false,
            page: false,
            vacatur: None,
            against: None,
            out: None,
        };
        let (mut size, mut rounds) = (None, None);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--quick" => found.quick = true,
                "--big" => found.big = true,
                "--micro" => found.micro = true,
                "--keep" => found.keep = true,
                "--page" => found.page = true,
                "--size" => size = Some(number(word, value()?, 1..=20_000)?),
                "--rounds" => rounds = Some(number(word, value()?, 1..=99)? as usize),
                "--threads" => found.threads = number(word, value()?, 2..=1024)? as usize,
                "--only" => found.only.push(part(value()?)?),
                "--vacatur" => found.vacatur = Some(value()?.into()),
                "--against" => found.against = Some(value()?.into()),
                "--out" => found.out = Some(value()?.into()),
                _ => return Err(format!("`{word}` is no option of bench")),
            }
        }
        let (usual_size, usual_rounds) = if found.quick { (40, 1) } else { (400, 3) };
        found.size = size.unwrap_or(usual_size);
        found.rounds = rounds.unwrap_or(usual_rounds);
        Ok(found)
    }

    /// Whether a part is wanted.
    pub(super) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

fn number(option: &str, word: &str, range: std::ops::RangeInclusive<u64>) -> Result<u64, String> {
    let number = word.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("{option} takes a number from {} to {}", range.start(), range.end()))
}

fn part(word: &str) -> Result<Part, String> {
    let found = Part::ALL.into_iter().find(|(name, _)| *name == word);
    found.map(|(_, part)| part).ok_or_else(|| {
        format!("there is no part `{word}`; they are {}", Part::ALL.map(|(name, _)| name).join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Options, String> {
        Options::read(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_said_counts_more_than_quick() {
        let options = read("--quick --rounds 5").unwrap();
        assert_eq!((options.size, options.rounds), (40, 5));
        let options = read("--size 100 --quick").unwrap();
        assert_eq!((options.size, options.rounds), (100, 1));
        let options = read("").unwrap();
        assert_eq!((options.size, options.rounds, options.threads), (400, 3, 2));
    }

    #[test]
    fn parts_that_were_not_named_are_left_out() {
        let options = read("--only dense --only explain").unwrap();
        assert!(options.wants(Part::Dense) && options.wants(Part::Explain) && !options.wants(Part::County));
        assert!(read("").unwrap().wants(Part::County));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (words, expected) in [
            ("--fast", "`--fast` is no option of bench"),
            ("--size", "--size needs a value"),
            ("--size 0", "--size takes a number from 1 to 20000"),
            ("--threads one", "--threads takes a number from 2 to 1024"),
            ("--only all", "there is no part `all`; they are dense, county, growth, career, explain"),
        ] {
            assert_eq!(read(words), Err(expected.to_owned()), "{words}");
        }
    }

    #[test]
    fn the_help_names_every_part() {
        assert!(Part::ALL.iter().all(|(name, _)| HELP.contains(name)));
    }
}
