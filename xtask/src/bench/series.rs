//! A series: several programs on one input, in turns, so that whatever else the machine does falls on all of them.

use super::Programs;
use super::measure::{self, Cost};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// The arguments of every run but its input, folder and threads.
const POLICY: [&str; 6] =
    ["--policy", "us-ca/los-angeles-2020", "--county", "LOS ANGELES", "--as-of", "2020-02-13"];

/// Something that is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// A floor that reads the input.
    Floor(&'static str),
    /// `vacatur decide`, with these arguments besides the usual ones.
    Decide(&'static [&'static str]),
    /// The same by the other program.
    Against(&'static [&'static str]),
    /// The outputs of the last plain run, read and written again.
    Copies,
}

impl Work {
    /// What it is called in tables and records.
    pub(super) fn name(&self) -> String {
        let decide = |extra: &[&str]| ["decide"].iter().chain(extra).copied().collect::<Vec<_>>().join(" ");
        match self {
            Self::Floor(name) => format!("floor: {name}"),
            Self::Decide(extra) => decide(extra),
            Self::Against(extra) => format!("{} (against)", decide(extra)),
            Self::Copies => "floor: copies of the outputs".to_owned(),
        }
    }
}

/// One row of the tables.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub(super) input: String,
    pub(super) work: Work,
    pub(super) threads: usize,
    /// Bytes of the input; for copies, of the outputs.
    pub(super) bytes: u64,
    pub(super) rows: u64,
    /// Known of runs only.
    pub(super) people: Option<u64>,
    pub(super) determinations: Option<u64>,
    /// Bytes of all files of the run.
    pub(super) written: Option<u64>,
    /// One for each round.
    pub(super) costs: Vec<Cost>,
    /// Instructions in user mode, where the machine counts them.
    pub(super) instructions: Option<u64>,
}

impl Measured {
    /// The least of a figure over the rounds.
    pub(super) fn best(&self, figure: fn(&Cost) -> f64) -> f64 {
        self.costs.iter().map(figure).fold(f64::INFINITY, f64::min)
    }

    /// The middle of a figure over the rounds; of an even number, the greater of the two in the middle.
    pub(super) fn median(&self, figure: fn(&Cost) -> f64) -> f64 {
        let mut all: Vec<f64> = self.costs.iter().map(figure).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The most memory over the rounds, in bytes.
    pub(super) fn memory(&self) -> u64 {
        self.costs.iter().map(|cost| cost.memory).max().unwrap_or(0)
    }

    /// Rows for each second of processor time, in the best round.
    pub(super) fn rows_per_cpu(&self) -> f64 {
        self.rows as f64 / self.best(|cost| cost.cpu)
    }

    /// People a minute, by the clock, in the best round.
    pub(super) fn people_per_minute(&self) -> Option<f64> {
        Some(self.people? as f64 * 60.0 / self.best(|cost| cost.wall))
    }
}

/// Where and with what series are run.
pub(super) struct Stand<'a> {
    pub(super) programs: &'a Programs,
    /// For the folders of runs. They are removed before the next run takes their name.
    pub(super) folder: &'a Path,
    pub(super) rounds: usize,
    pub(super) count_instructions: bool,
}

impl Stand<'_> {
    /// The folder of the last run with these arguments and threads.
    pub(super) fn run_folder(&self, work: &Work, threads: usize) -> PathBuf {
        let name: String =
            work.name().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.folder.join(format!("run-{name}-{threads}"))
    }

    /// Runs everything on the input, in turns.
    ///
    /// # Errors
    /// A sentence: a program failed, or two do not agree how many rows there are.
    pub(super) fn series(
        &self,
        name: &str,
        input: &Path,
        works: &[(Work, usize)],
    ) -> Result<Vec<Measured>, String> {
        let bytes = fs::metadata(input).map_err(|error| error.to_string())?.len();
        // Brings the file into memory; not measured.
        measure::run(&self.programs.floor, &floor("newlines", 1, input))?;
        let mut found: Vec<Measured> = works
            .iter()
            .map(|(work, threads)| Measured {
                input: name.to_owned(),
                work: work.clone(),
                threads: *threads,
                bytes,
                rows: 0,
                people: None,
                determinations: None,
                written: None,
                costs: Vec::new(),
                instructions: None,
            })
            .collect();
        for round in 1..=self.rounds {
            for it in &mut found {
                self.once(it, input)?;
                if let Some(cost) = it.costs.last() {
                    println!(
                        "xtask: {round}/{}  {name}  {} ({})  {:.2} s CPU  {:.2} s  {:.0} MB",
                        self.rounds,
                        it.work.name(),
                        it.threads,
                        cost.cpu,
                        cost.wall,
                        cost.memory as f64 / 1e6
                    );
                }
            }
        }
        if self.count_instructions {
            for it in &mut found {
                let (program, arguments) = self.command(it, input)?;
                it.instructions = measure::instructions(program, &arguments);
            }
        }
        agree(&found)?;
        Ok(found)
    }

    fn once(&self, it: &mut Measured, input: &Path) -> Result<(), String> {
        let (program, arguments) = self.command(it, input)?;
        let ran = measure::run(program, &arguments)?;
        it.costs.push(ran.cost);
        let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64);
        match it.work {
            Work::Floor(_) | Work::Copies => {
                let said: Value = serde_json::from_str(&ran.said).map_err(|_| "a floor said nothing")?;
                it.rows = number(&said, "rows").unwrap_or(0);
                it.bytes = number(&said, "bytes").unwrap_or(0);
            }
            Work::Decide(_) | Work::Against(_) => {
                let folder = self.run_folder(&it.work, it.threads);
                let text = fs::read(folder.join("manifest.json")).map_err(|error| error.to_string())?;
                let manifest: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
                let count = |key: &str| manifest.get("counts").and_then(|counts| number(counts, key));
                it.rows = count("rows_in").ok_or("the manifest does not count rows")?;
                it.people = count("people");
                it.determinations = count("determinations");
                it.written = Some(files(&folder)?.iter().map(|(_, bytes)| bytes).sum());
            }
        }
        Ok(())
    }

    /// The program and its arguments; makes room for what it writes.
    fn command(&self, it: &Measured, input: &Path) -> Result<(&Path, Vec<OsString>), String> {
        let programs = self.programs;
        let threads = OsString::from(it.threads.to_string());
        match &it.work {
            Work::Floor(only) => Ok((&programs.floor, floor(only, it.threads, input))),
            Work::Copies => {
                let to = emptied(self.folder.join("copies"))?;
                fs::create_dir(&to).map_err(|error| error.to_string())?;
                let mut words: Vec<OsString> = ["--only", "copy", "--to"].map(OsString::from).into();
                words.push(to.into());
                let from = self.run_folder(&Work::Decide(&[]), 1);
                words.extend(files(&from)?.into_iter().map(|(path, _)| path.into_os_string()));
                Ok((&programs.floor, words))
            }
            Work::Decide(extra) | Work::Against(extra) => {
                let out = emptied(self.run_folder(&it.work, it.threads))?;
                let mut words = vec![OsString::from("decide"), input.into(), "--quiet".into()];
                words.extend(POLICY.iter().chain(*extra).map(OsString::from));
                words.extend(["--threads".into(), threads, "--out".into(), out.into()]);
                let against = matches!(it.work, Work::Against(_)).then_some(programs.against.as_ref());
                Ok((against.flatten().unwrap_or(&programs.vacatur), words))
            }
        }
    }
}

/// The command line of a run, without the places on this machine.
pub(super) fn shown(work: &Work, threads: usize) -> String {
    let quoted = |word: &&str| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() };
    match work {
        Work::Decide(extra) | Work::Against(extra) => {
            let words: Vec<String> = POLICY.iter().chain(*extra).map(quoted).collect();
            format!("vacatur decide INPUT --quiet {} --threads {threads} --out RUN", words.join(" "))
        }
        Work::Floor(only) => format!("floor --only {only} --threads {threads} INPUT"),
        Work::Copies => "floor --only copy --to FOLDER RUN/*".to_owned(),
    }
}

fn floor(only: &str, threads: usize, input: &Path) -> Vec<OsString> {
    let threads = threads.to_string();
    let mut words: Vec<OsString> = ["--only", only, "--threads", &threads].map(OsString::from).into();
    words.push(input.into());
    words
}

/// The path, with nothing there.
fn emptied(path: PathBuf) -> Result<PathBuf, String> {
    if path.exists() {
        fs::remove_dir_all(&path).map_err(|error| error.to_string())?;
    }
    Ok(path)
}

/// The files of a folder with their lengths, by name.
fn files(folder: &Path) -> Result<Vec<(PathBuf, u64)>, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut found: Vec<(PathBuf, u64)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.path(), entry.metadata().ok().filter(|it| it.is_file())?.len())))
        .collect();
    found.sort();
    Ok(found)
}

/// Every program that counts rows must have counted the same: else it was not the same work.
fn agree(found: &[Measured]) -> Result<(), String> {
    let counts = |it: &&Measured| !matches!(it.work, Work::Copies | Work::Floor("hash"));
    let mut counting = found.iter().filter(counts);
    let Some(first) = counting.next() else { return Ok(()) };
    match counting.find(|it| it.rows != first.rows) {
        None => Ok(()),
        Some(other) => Err(format!(
            "{}: {} counts {} rows and {} counts {}",
            first.input,
            first.work.name(),
            first.rows,
            other.work.name(),
            other.rows
        )),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A row with the same figure in each round.
    pub(crate) fn measured(input: &str, work: Work, threads: usize, rows: u64, cpu: &[f64]) -> Measured {
        let cost = |&cpu: &f64| Cost { cpu, system: 0.0, wall: cpu / threads as f64, memory: 100 << 20 };
        Measured {
            input: input.to_owned(),
            work,
            threads,
            bytes: rows * 800,
            rows,
            people: Some(rows / 10),
            determinations: Some(rows / 20),
            written: Some(rows * 100),
            costs: cpu.iter().map(cost).collect(),
            instructions: None,
        }
    }

    #[test]
    fn best_and_median() {
        let it = measured("x", Work::Decide(&[]), 1, 1000, &[4.0, 2.0, 3.0]);
        assert_eq!((it.best(|cost| cost.cpu), it.median(|cost| cost.cpu)), (2.0, 3.0));
        assert_eq!((it.rows_per_cpu(), it.people_per_minute()), (500.0, Some(3000.0)));
    }

    #[test]
    fn programs_that_count_other_rows_did_other_work() {
        let mut found = vec![
            measured("x", Work::Floor("newlines"), 1, 10, &[1.0]),
            measured("x", Work::Floor("hash"), 1, 0, &[1.0]),
            measured("x", Work::Decide(&[]), 1, 10, &[1.0]),
        ];
        assert_eq!(agree(&found), Ok(()));
        found[2].rows = 9;
        let expected = "x: floor: newlines counts 10 rows and decide counts 9";
        assert_eq!(agree(&found), Err(expected.to_owned()));
    }

    #[test]
    fn commands_as_shown() {
        assert_eq!(
            shown(&Work::Decide(&["--no-statute"]), 2),
            "vacatur decide INPUT --quiet --policy us-ca/los-angeles-2020 --county \"LOS ANGELES\" --as-of 2020-02-13 \
             --no-statute --threads 2 --out RUN"
        );
        assert_eq!(shown(&Work::Floor("index"), 1), "floor --only index --threads 1 INPUT");
    }
}
