//! `cargo xtask bench`: what deciding costs, beside what it cannot cost less than, and beside the targets.
//!
//! Everything measured is a program of its own: `vacatur`, and the floors of `crates/ingest/examples/floor.rs`. They run
//! in turns on the same synthetic files, so that whatever else the machine does falls on all of them.

mod explain;
mod inputs;
mod machine;
mod measure;
mod options;
mod record;
mod series;
mod targets;

use crate::steps;
use inputs::{Content, Inputs};
use machine::{Machine, Noise};
pub(crate) use measure::{CHILD, child};
use options::{Options, Part};
use record::Head;
use serde_json::Value;
use series::{Stand, Work};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use targets::Results;

/// The default county: as many people as `vacatur demo` makes.
const COUNTY: u64 = 53_000;

/// What is started.
struct Programs {
    vacatur: PathBuf,
    /// Another `vacatur`, to be compared.
    against: Option<PathBuf>,
    floor: PathBuf,
    shuffle: PathBuf,
    career: PathBuf,
}

/// Measures what the words ask for.
pub(crate) fn run(words: &[String], root: &Path) -> ExitCode {
    if words.iter().any(|word| matches!(word.as_str(), "help" | "--help" | "-h")) {
        print!("{}", options::HELP);
        return ExitCode::SUCCESS;
    }
    let options = match Options::read(words) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("xtask: {problem}\n\n{}", options::HELP);
            return ExitCode::from(2);
        }
    };
    match bench(&options, words, root) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options, words: &[String], root: &Path) -> Result<(), String> {
    let target = target(root)?;
    let programs = build(options, root, &target)?;
    let folder = target.join("bench");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let inputs = Inputs { folder: &folder, programs: &programs, version: inputs::version(root) };
    let count_instructions = measure::instructions(Path::new("true"), &[]).is_some();
    let stand = Stand { programs: &programs, folder: &folder, rounds: options.rounds, count_instructions };
    // Inputs first: making them is no part of what is measured, nor of the noise.
    let planned = Plan::of(options);
    for content in planned.contents() {
        inputs.make(content)?;
    }
    let noise = Noise::begin();
    let mut results = Results { threads: options.threads, big: options.big, ..Results::default() };
    // An error is told last: what was measured until then is worth its record.
    let outcome = planned.measure(options, &stand, &inputs, &mut results);
    if options.micro {
        micro(root, &mut results);
    }
    let noise = noise.end();
    println!("\n{}\n{}", record::cost_table(&results), record::target_table(&results));

    let (commit, changed) = machine::commit(root);
    let head = Head {
        date: machine::today(),
        changed: changed || options.vacatur.is_some(),
        arguments: without_places(words),
        machine: Machine::here(),
        noise,
        program_bytes: fs::metadata(&programs.vacatur).map_or(0, |it| it.len()),
        commit,
    };
    let out = options.out.clone().unwrap_or_else(|| root.join("bench/runs"));
    let name = format!("{}-{}", head.date, head.commit);
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let json =
        serde_json::to_string_pretty(&record::json(&head, &results)).map_err(|error| error.to_string())?;
    for (ending, text) in [("md", record::markdown(&head, &results)), ("json", json + "\n")] {
        let path = out.join(format!("{name}.{ending}"));
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("xtask: written to {}", path.display());
    }
    if options.page {
        let path = root.join("docs/src/performance.md");
        let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let page = record::on_page(&page, &head, &results)
            .ok_or_else(|| format!("{}: has no place for the figures", path.display()))?;
        fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    if !options.keep {
        clear(&folder, &inputs);
    }
    outcome
}

/// The series, by their inputs.
struct Plan {
    dense: Option<Content>,
    county: Option<Content>,
    growth: Vec<[Content; 2]>,
    careers: Option<[Content; 2]>,
    explain: bool,
}

impl Plan {
    fn of(options: &Options) -> Self {
        let size = options.size;
        let dense = |megabytes, shuffled| Content::Dense { megabytes, shuffled };
        let sizes = if options.big { vec![100, 1_000, 10_000] } else { vec![(size / 10).max(1), size] };
        // The largest contiguous run comes last: it is the one of which a count is explained.
        let growth = sizes.into_iter().map(|size| [dense(size, false), dense(size, true)]);
        let people = if options.quick { COUNTY / 10 } else { COUNTY };
        let careers = [(1, 500), (10, 50)].map(|(people, arrests)| Content::Careers { people, arrests });
        Self {
            dense: options.wants(Part::Dense).then_some(dense(size, false)),
            county: options.wants(Part::County).then_some(Content::County { people }),
            growth: if options.wants(Part::Growth) { growth.collect() } else { Vec::new() },
            careers: options.wants(Part::Career).then_some(careers),
            explain: options.wants(Part::Explain),
        }
    }

    fn contents(&self) -> Vec<Content> {
        let mut all: Vec<Content> = self.dense.into_iter().chain(self.county).collect();
        all.extend(self.growth.iter().flatten().copied().chain(self.careers.into_iter().flatten()));
        all
    }

    /// Measures all of it. What was measured before an error is in the results.
    fn measure(
        &self,
        options: &Options,
        stand: &Stand<'_>,
        inputs: &Inputs<'_>,
        results: &mut Results,
    ) -> Result<(), String> {
        let threads = options.threads;
        let against = options.against.is_some();
        let decide = Work::Decide(&[]);
        // The run of which a count is explained: its input and its threads.
        let mut last: Option<(Content, usize)> = None;
        if let Some(content) = self.dense {
            results.dense = content.name();
            let mut works = vec![
                (Work::Floor("newlines"), 1),
                (Work::Floor("index"), 1),
                (Work::Floor("columns"), 1),
                (Work::Floor("hash"), 1),
                (decide.clone(), 1),
                (Work::Decide(&["--no-statute"]), 1),
                (Work::Decide(&["--format", "bear"]), 1),
                (Work::Copies, 1),
                (decide.clone(), threads),
            ];
            if against {
                works.push((Work::Against(&[]), 1));
                works.push((Work::Against(&["--no-statute"]), 1));
                works.push((Work::Against(&["--format", "bear"]), 1));
            }
            results.measured.extend(stand.series(&results.dense, &inputs.make(content)?, &works)?);
            let start = stand.series(
                &Content::Person.name(),
                &inputs.make(Content::Person)?,
                &[(decide.clone(), 1), (Work::Decide(&["--no-statute"]), 1)],
            )?;
            results.measured.extend(start);
            last = Some((content, 1));
        }
        if let Some(content) = self.county {
            results.county = content.name();
            let mut works = vec![
                (Work::Floor("newlines"), 1),
                (Work::Floor("columns"), 1),
                (decide.clone(), 1),
                (Work::Decide(&["--no-statute"]), 1),
                (decide.clone(), threads),
                (Work::Decide(&["--no-statute"]), threads),
            ];
            if against {
                works.extend([(Work::Against(&[]), 1), (Work::Against(&[]), threads)]);
            }
            results.measured.extend(stand.series(&results.county, &inputs.make(content)?, &works)?);
            last = Some((content, 1));
        }
        if let Some(careers) = self.careers {
            results.careers = careers.map(Content::name);
            for content in careers {
                let works = [(Work::Floor("columns"), 1), (decide.clone(), 1)];
                results.measured.extend(stand.series(&content.name(), &inputs.make(content)?, &works)?);
                last = Some((content, 1));
            }
        }
        for pair in &self.growth {
            results.growth.push(pair.map(Content::name));
            for content in [pair[1], pair[0]] {
                // A run of 10 GB is long enough to be measured once.
                let long = matches!(content, Content::Dense { megabytes: 5_000.., .. });
                let rounds = if long { 1 } else { stand.rounds };
                let stand = Stand { rounds, ..*stand };
                let works = [(decide.clone(), threads)];
                let found = stand.series(&content.name(), &inputs.make(content)?, &works)?;
                // The dense input itself is in the list already, and the new figures are of the same kind.
                let is_new = |it: &series::Measured| results.find(&it.input, &it.work, it.threads).is_none();
                let found: Vec<_> = found.into_iter().filter(is_new).collect();
                results.measured.extend(found);
                last = Some((content, threads));
            }
        }
        if self.explain {
            let (content, threads) = match last {
                Some(run) => run,
                None => {
                    let content = Content::Dense { megabytes: options.size, shuffled: false };
                    let once = Stand { rounds: 1, ..*stand };
                    let input = inputs.make(content)?;
                    results.measured.extend(once.series(&content.name(), &input, &[(decide.clone(), 1)])?);
                    (content, 1)
                }
            };
            let run = stand.run_folder(&decide, threads);
            let found = explain::series(&stand.programs.vacatur, &run, &content.name(), stand.rounds)?;
            results.explained = Some(found);
        }
        Ok(())
    }
}

/// Where cargo builds.
fn target(root: &Path) -> Result<PathBuf, String> {
    let output = Command::new(steps::program())
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let found = metadata.get("target_directory").and_then(Value::as_str).map(PathBuf::from);
    found.ok_or_else(|| "cargo metadata does not say where it builds".to_owned())
}

/// Builds what is measured and what makes the inputs.
fn build(options: &Options, root: &Path, target: &Path) -> Result<Programs, String> {
    let release = target.join("release");
    let examples = ["-p", "vacatur-ingest", "-p", "vacatur-synth", "--example", "floor"];
    let mut commands = vec![
        [
            &["build", "--release", "--locked"],
            &examples[..],
            &["--example", "shuffle", "--example", "career"],
        ]
        .concat(),
    ];
    if options.vacatur.is_none() {
        commands.push(vec!["build", "--release", "--locked", "-p", "vacatur"]);
    }
    for words in commands {
        println!("xtask: cargo {}", words.join(" "));
        let status = Command::new(steps::program()).args(&words).current_dir(root).status();
        if !status.map_err(|error| format!("cargo cannot be started: {error}"))?.success() {
            return Err("what is to be measured could not be built".to_owned());
        }
    }
    let program = |name: &str| release.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let example = |name: &str| program(&format!("examples/{name}"));
    let given =
        |path: &PathBuf| fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()));
    Ok(Programs {
        vacatur: options.vacatur.as_ref().map_or_else(|| Ok(program("vacatur")), given)?,
        against: options.against.as_ref().map(given).transpose()?,
        floor: example("floor"),
        shuffle: example("shuffle"),
        career: example("career"),
    })
}

/// Runs the benches of all crates. One that fails is left out, with a word.
fn micro(root: &Path, results: &mut Results) {
    let mut found: Vec<(String, String)> = Vec::new();
    for crate_folder in entries(&root.join("crates")) {
        for file in
            entries(&crate_folder.join("benches")).into_iter().filter(|path| path.extension().is_some())
        {
            let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            found.push((format!("vacatur-{}", name(&crate_folder)), name(&file)));
        }
    }
    for (package, bench) in found {
        // The profile `release`: nothing is built twice, and it is what users run.
        let words = ["bench", "--locked", "--profile", "release", "-p", &package, "--bench", &bench];
        let command = format!("cargo {}", words.join(" "));
        println!("xtask: {command}");
        let output =
            Command::new(steps::program()).args(words).current_dir(root).stderr(Stdio::inherit()).output();
        let Some(output) = output.ok().filter(|output| output.status.success()) else {
            println!("xtask: {bench} failed and is left out");
            continue;
        };
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{printed}");
        results.ten_policies = results.ten_policies.or_else(|| targets::ten_policies(&printed));
        results.micro.push((command, printed));
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Removes the folders of runs, and inputs too large to be kept unasked.
fn clear(folder: &Path, inputs: &Inputs<'_>) {
    for path in entries(folder).into_iter().filter(|path| path.is_dir()) {
        let _ = fs::remove_dir_all(path);
    }
    for shuffled in [false, true] {
        let _ = fs::remove_file(inputs.path(Content::Dense { megabytes: 10_000, shuffled }));
    }
}

/// The words, each that follows an option for a place replaced.
fn without_places(words: &[String]) -> String {
    let mut told: Vec<&str> = Vec::new();
    for word in words {
        let place = matches!(told.last(), Some(&("--vacatur" | "--against" | "--out")));
        told.push(if place { "PATH" } else { word });
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn no_place_of_the_machine_is_recorded() {
        let text = "--quick --vacatur a/b --only dense --out c";
        assert_eq!(without_places(&words(text)), "--quick --vacatur PATH --only dense --out PATH");
    }

    #[test]
    fn inputs_of_a_plan() {
        let names = |text: &str| -> Vec<String> {
            let options = Options::read(&words(text)).unwrap();
            Plan::of(&options).contents().into_iter().map(Content::name).collect()
        };
        assert_eq!(names("--only explain"), Vec::<String>::new());
        assert_eq!(
            names("--only growth --quick"),
            ["dense, 4 MB", "dense, 4 MB, shuffled", "dense, 40 MB", "dense, 40 MB, shuffled"]
        );
        assert_eq!(names("--only growth --big").len(), 6);
        assert_eq!(names("--only dense --only county"), ["dense, 400 MB", "county, 53000 people"]);
    }
}
