//! The record of a measurement: as Markdown for people, and as JSON with every round.

use super::machine::Machine;
use super::series::{Measured, Work, shown};
use super::targets::{self, Results};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a record says besides the results.
pub(super) struct Head {
    pub(super) date: String,
    pub(super) commit: String,
    /// Whether files differed from the commit, or the program measured was not built from it.
    pub(super) changed: bool,
    /// The arguments after `cargo xtask bench`, without places on the machine.
    pub(super) arguments: String,
    pub(super) machine: Machine,
    pub(super) noise: Value,
    /// BLAKE3 is not at hand here: the length of the program, to tell two builds apart.
    pub(super) program_bytes: u64,
}

/// The targets and what came of them, as a table in Markdown.
pub(super) fn target_table(results: &Results) -> String {
    let mut text = String::from("| what | target | measured | |\n| --- | --- | --- | --- |\n");
    for line in targets::lines(results) {
        let _ =
            writeln!(text, "| {} | {} | {} | {} |", line.what, line.target, line.measured, line.verdict());
    }
    text
}

/// Everything measured, as a table in Markdown.
pub(super) fn cost_table(results: &Results) -> String {
    let counted = results.measured.iter().any(|it| it.instructions.is_some());
    let mut head = vec![
        "input",
        "what",
        "threads",
        "CPU s, best (median)",
        "wall s, best (median)",
        "M rows a CPU-s",
        "MB a CPU-s",
        "M people a minute",
        "CPU, times reading",
        "memory, MB",
        "written, MB",
    ];
    if counted {
        head.push("G instr");
    }
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for it in &results.measured {
        let mut cells = cells(results, it);
        if counted {
            cells.push(it.instructions.map_or_else(String::new, |n| format!("{:.2}", n as f64 / 1e9)));
        }
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn cells(results: &Results, it: &Measured) -> Vec<String> {
    let cpu = it.best(|cost| cost.cpu);
    let pair = |best: f64, median: f64| format!("{best:.2} ({median:.2})");
    let rows = if it.rows > 0 { format!("{:.2}", it.rows_per_cpu() / 1e6) } else { String::new() };
    let floor = results.floor(&it.input).map(|floor| cpu / floor.best(|cost| cost.cpu));
    vec![
        it.input.clone(),
        it.work.name(),
        it.threads.to_string(),
        pair(cpu, it.median(|cost| cost.cpu)),
        pair(it.best(|cost| cost.wall), it.median(|cost| cost.wall)),
        rows,
        format!("{:.0}", it.bytes as f64 / 1e6 / cpu),
        it.people_per_minute().map_or_else(String::new, |rate| format!("{:.2}", rate / 1e6)),
        floor.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        format!("{:.0}", it.memory() as f64 / 1e6),
        it.written.map_or_else(String::new, |bytes| format!("{:.0}", bytes as f64 / 1e6)),
    ]
}

/// What each input holds.
fn input_table(results: &Results) -> String {
    let mut text = String::from(
        "| input | MB | rows | people | rows a person | bytes a row | determinations |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut told: Vec<&str> = Vec::new();
    for it in &results.measured {
        let (Some(people), Some(determinations)) = (it.people, it.determinations) else { continue };
        if told.contains(&it.input.as_str()) {
            continue;
        }
        told.push(&it.input);
        let per = |a: u64, b: u64| a as f64 / b.max(1) as f64;
        let _ = writeln!(
            text,
            "| {} | {:.0} | {} | {people} | {:.1} | {:.0} | {determinations} |",
            it.input,
            it.bytes as f64 / 1e6,
            it.rows,
            per(it.rows, people),
            per(it.bytes, it.rows),
        );
    }
    text
}

/// The record for people.
pub(super) fn markdown(head: &Head, results: &Results) -> String {
    let mut text = format!(
        "# Measured on {}\n\n{}\n## Targets\n\n{}\n## What was measured\n\n{}\n## Inputs\n\n{}",
        head.date,
        circumstances(head),
        target_table(results),
        cost_table(results),
        input_table(results),
    );
    if let Some(explained) = &results.explained {
        let _ = write!(
            text,
            "\n## Explaining\n\nOne count in the middle of a run of {}: {:.0} ms by the clock (median of {}).\n",
            explained.input,
            explained.wall() * 1e3,
            explained.costs.len()
        );
    }
    for (command, printed) in &results.micro {
        let _ = write!(text, "\n## `{command}`\n\n```text\n{}\n```\n", printed.trim_end());
    }
    text.push_str("\n## Commands\n\n```text\n");
    for command in commands(results) {
        let _ = writeln!(text, "{command}");
    }
    text.push_str("```\n");
    text
}

/// What was measured, where, and how busy the machine was.
fn circumstances(head: &Head) -> String {
    let Machine { processor, cores, memory, kernel, rustc } = &head.machine;
    let changed = if head.changed { ", with changes that are not in it" } else { "" };
    let figure = |key: &str| head.noise.get(key).and_then(Value::as_f64);
    let number = |key: &str| figure(key).map_or_else(|| "unknown".to_owned(), |it| format!("{it:.2}"));
    let share =
        |key: &str| figure(key).map_or_else(|| "unknown".to_owned(), |it| format!("{:.0} %", it * 100.0));
    format!(
        "Commit {}{changed}. `cargo xtask bench{}{}`\n\n\
         | machine | |\n| --- | --- |\n\
         | processor | {processor} |\n| cores | {cores} |\n| memory | {:.1} GB |\n| system | {kernel} |\n\
         | compiler | {rustc} |\n| load before and after | {} and {} |\n\
         | processor time idle, and stolen by the host, meanwhile | {} and {} |\n\n\
         A load above the threads that were measured, or stolen time, means that others were at work: then processor \
         time is more to be trusted than time by the clock, and neither is what an idle machine would need.\n",
        head.commit,
        if head.arguments.is_empty() { "" } else { " " },
        head.arguments,
        *memory as f64 / 1e9,
        number("load_before"),
        number("load_after"),
        share("idle"),
        share("stolen"),
    )
}

/// What stands around the figures on the page.
const MARKS: [&str; 2] = ["<!-- bench: begin -->\n", "<!-- bench: end -->\n"];

/// The page with these figures in place of those on it; `None` if it has no place for them.
pub(super) fn on_page(page: &str, head: &Head, results: &Results) -> Option<String> {
    let (before, rest) = page.split_once(MARKS[0])?;
    let (_, after) = rest.split_once(MARKS[1])?;
    Some(format!(
        "{before}{}Measured on {}. {}\n{}\n{}{}{after}",
        MARKS[0],
        head.date,
        circumstances(head),
        target_table(results),
        cost_table(results),
        MARKS[1],
    ))
}

fn commands(results: &Results) -> Vec<String> {
    let mut found = Vec::new();
    for it in results.measured.iter().filter(|it| !matches!(it.work, Work::Against(_))) {
        let command = shown(&it.work, it.threads);
        if !found.contains(&command) {
            found.push(command);
        }
    }
    if results.explained.is_some() {
        found.push("vacatur explain RUN --person NUMBER --count CNT_ORDER".to_owned());
    }
    found
}

/// The record for programs: every round.
pub(super) fn json(head: &Head, results: &Results) -> Value {
    let cost = |cost: &super::measure::Cost| json!({ "cpu_s": cost.cpu, "system_s": cost.system, "wall_s": cost.wall, "memory_bytes": cost.memory });
    let measured: Vec<Value> = results
        .measured
        .iter()
        .map(|it| {
            json!({
                "input": it.input, "what": it.work.name(), "threads": it.threads, "bytes": it.bytes, "rows": it.rows,
                "people": it.people, "determinations": it.determinations, "written_bytes": it.written,
                "instructions": it.instructions, "rounds": it.costs.iter().map(cost).collect::<Vec<_>>(),
            })
        })
        .collect();
    let lines = targets::lines(results);
    let targets: Vec<Value> = lines
        .iter()
        .map(|line| {
            json!({ "what": line.what, "target": line.target, "measured": line.measured, "reached": line.reached })
        })
        .collect();
    let explained = results
        .explained
        .as_ref()
        .map(|it| json!({ "input": it.input, "rounds": it.costs.iter().map(cost).collect::<Vec<_>>() }));
    json!({
        "date": head.date, "commit": head.commit, "changed": head.changed, "arguments": head.arguments,
        "machine": head.machine.json(), "noise": head.noise, "program_bytes": head.program_bytes,
        "targets": targets, "measured": measured, "explain": explained,
    })
}

#[cfg(test)]
mod tests {
    use super::super::series::tests::measured;
    use super::*;

    fn results() -> Results {
        let dense = "dense, 1 MB";
        Results {
            measured: vec![
                measured(dense, Work::Floor("columns"), 1, 1_000_000, &[0.5]),
                measured(dense, Work::Decide(&[]), 1, 1_000_000, &[2.0, 4.0, 3.0]),
            ],
            dense: dense.to_owned(),
            threads: 2,
            ..Results::default()
        }
    }

    #[test]
    fn a_row_of_the_table() {
        let mut results = results();
        let table = cost_table(&results);
        let line = table.lines().last().unwrap();
        assert_eq!(
            line,
            "| dense, 1 MB | decide | 1 | 2.00 (3.00) | 2.00 (3.00) | 0.50 | 400 | 3.00 | 4.00 | 105 | 100 |"
        );
        results.measured[1].instructions = Some(1_234_000_000);
        let table = cost_table(&results);
        assert!(table.lines().last().unwrap().ends_with("| 100 | 1.23 |"));
        assert!(table.lines().nth(2).unwrap().ends_with("| 100 |  |"));
        // As many cells in every line, or it is no table.
        let bars: Vec<usize> = table.lines().map(|line| line.matches('|').count()).collect();
        assert!(bars.iter().all(|&n| n == bars[0]), "{table}");
    }

    fn head() -> Head {
        Head {
            date: "2026-01-02".into(),
            commit: "abc".into(),
            changed: true,
            arguments: "--quick".into(),
            machine: Machine {
                processor: "some".into(),
                cores: 2,
                memory: 1_000_000_000,
                kernel: "Linux 6".into(),
                rustc: "rustc 1.95".into(),
            },
            noise: json!({ "load_before": 1.5, "load_after": null, "idle": 0.25, "stolen": 0.1 }),
            program_bytes: 5,
        }
    }

    #[test]
    fn only_the_place_for_figures_on_the_page_changes() {
        let page = "# Title\n\n<!-- bench: begin -->\nold\n<!-- bench: end -->\n\n## Next\n";
        let once = on_page(page, &head(), &results()).unwrap();
        assert!(once.starts_with("# Title\n\n<!-- bench: begin -->\nMeasured on 2026-01-02. Commit abc"));
        assert!(once.ends_with("| 100 |\n<!-- bench: end -->\n\n## Next\n") && !once.contains("old"));
        assert_eq!(on_page(&once, &head(), &results()), Some(once));
        assert_eq!(on_page("# Title\n", &head(), &results()), None);
    }

    #[test]
    fn the_record_says_what_is_to_be_known() {
        let text = markdown(&head(), &results());
        for expected in [
            "Commit abc, with changes that are not in it. `cargo xtask bench --quick`",
            "| load before and after | 1.50 and unknown |",
            "| 25 % and 10 % |",
            "| `decide`, dense | at most 2.5 times the CPU of indexing and reading the needed columns | 4.0 x | not reached |",
            "| dense, 1 MB | 800 | 1000000 | 100000 | 10.0 | 800 | 50000 |",
            "\nfloor --only columns --threads 1 INPUT\n",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        let value = json(&head(), &results());
        assert_eq!(value["measured"][1]["rounds"][1]["cpu_s"], 4.0);
        assert_eq!(value["targets"][1]["reached"], false);
    }
}
