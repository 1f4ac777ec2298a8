//! Lists for all counties, and how far each is against the deadlines.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::FIRST;
use common::{Desk, Row, Run, conviction, extract, names, synthetic, with};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn statewide(desk: &Desk, more: &[&str]) -> Run {
    let said = desk.vacatur(["statewide", "run", "--out", "lists"].iter().chain(more));
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    Run::at(&desk.path("lists"))
}

/// A run by the statute's own policy over these rows, in `run`.
fn by_statute(desk: &Desk, rows: &[Row]) -> Run {
    desk.run_rows(rows, "run", &["--policy", "us-ca/hs-11361-8"])
}

fn in_county(subject: &str, county: &str) -> Row {
    with(
        conviction(subject, FIRST, "11359 HS-POSSESS FOR SALE", "20050310"),
        &[("STP_ORI_CNTY_NAME", county)],
    )
}

#[test]
fn the_lists_are_of_the_convictions_of_the_run() {
    let desk = Desk::new();
    let rows = synthetic("state", 7, 500);
    let made = by_statute(&desk, &rows);
    let lists = statewide(&desk, &[]);
    let mut listed: BTreeSet<(String, String)> = BTreeSet::new();
    let index = lists.table("index.csv");
    assert_eq!(index.len(), 59);
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<usize>().expect("a number");
    for of in &index {
        let bytes = lists.bytes(&of["file"]);
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, of["sha256"]);
        assert_eq!(bytes.len(), number(of, "bytes"));
        let cover = lists.text(&of["file"].replace("list-", "cover-").replace(".csv", ".txt"));
        assert!(cover.contains(&hash));
        let table = lists.table(&of["file"]);
        assert_eq!(table.len(), number(of, "convictions"));
        let people: BTreeSet<&String> = table.iter().map(|row| &row["subject_id"]).collect();
        assert_eq!(people.len(), number(of, "people"));
        for row in &table {
            assert!(row["county"].trim().eq_ignore_ascii_case(&of["county"]), "{row:?}");
            assert!(listed.insert((row["subject_id"].clone(), row["cnt_order"].clone())));
        }
    }
    let potential = |row: &&common::Determination| {
        !["not_eligible", "already_relieved"].contains(&row["outcome"].as_str())
    };
    let rows = made.determinations();
    let expected: BTreeSet<(String, String)> = rows
        .iter()
        .filter(potential)
        .map(|row| (row["subject_id"].clone(), row["cnt_order"].clone()))
        .collect();
    assert!(expected.len() > 300, "{}", expected.len());
    assert_eq!(listed, expected);
    let sum = |name: &str| index.iter().map(|of| number(of, name)).sum::<usize>();
    let outcome = |word: &str| rows.iter().filter(|row| row["outcome"] == word).count();
    assert_eq!(sum("relieved"), outcome("already_relieved"));
    assert_eq!(sum("not_eligible"), outcome("not_eligible"));
    assert_eq!(sum("undecided"), outcome("review"));
    let progress = lists.json("progress.json");
    assert_eq!(progress["state"]["convictions"], sum("convictions") + sum("relieved"));
    // Every file but the manifest is in it.
    let manifest = lists.json("manifest.json");
    assert_eq!(manifest["outputs"].as_array().expect("outputs").len() + 1, names(&lists.dir).len());
}

#[test]
fn what_stands_for_a_county_becomes_no_name_of_a_file() {
    let desk = Desk::new();
    let hostile =
        ["../../../tmp/x", "CON", "nul.csv", "/etc/passwd", "los-angeles", "a\u{202e}b", "=1+1", "C:\\x"];
    let rows: Vec<Row> =
        hostile.iter().enumerate().map(|(at, county)| in_county(&format!("S{at}"), county)).collect();
    by_statute(&desk, &rows);
    let lists = statewide(&desk, &[]);
    let index = lists.table("index.csv");
    let unknown = index.last().expect("a list");
    assert_eq!((unknown["county"].as_str(), unknown["convictions"].as_str()), ("COUNTY UNKNOWN", "8"));
    let plain = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_.".contains(&byte));
    assert!(names(&lists.dir).iter().all(plain), "{:?}", names(&lists.dir));
    assert_eq!(names(&lists.dir).len(), 2 * 59 + 6);
    assert!(lists.text("list-county-unknown.csv").contains("'=1+1"), "a formula must be guarded");
}

/// The numbers of a deadline of the state on a day: in time, late, undated, by lapse, not due, in conflict, open, days.
fn on_day(desk: &Desk, day: &str, deadline: &str, steps: Option<&Path>) -> [u64; 8] {
    let out = format!("lists-{day}-{deadline}");
    let mut args = vec!["statewide", "run", "--out", &out, "--on", day];
    let steps = steps.map(|path| path.display().to_string());
    if let Some(steps) = &steps {
        args.extend(["--steps", steps]);
    }
    let said = desk.vacatur(args);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let rows = Run::at(&desk.path(&out)).table("progress.csv");
    std::fs::remove_dir_all(desk.path(&out)).expect("removed");
    let row =
        rows.iter().find(|row| row["county"] == "the state" && row["deadline"] == deadline).expect("a line");
    ["in_time", "late", "undated", "by_lapse", "not_due", "in_conflict", "open", "days_overdue"]
        .map(|name| row[name].parse().expect("a number"))
}

/// A run as of an early day, so that every deadline is ahead.
fn early(desk: &Desk, people: usize) {
    let rows: Vec<Row> = (1..=people).map(|at| in_county(&format!("S{at}"), "YOLO")).collect();
    let input = desk.file("in/state.dat", extract(&rows));
    let args = ["--policy", "us-ca/hs-11361-8", "--as-of", "2019-06-01"];
    desk.run(&[&input], "run", &args);
}

fn steps(desk: &Desk, lines: &[&str]) -> PathBuf {
    desk.file("in/steps.csv", format!("subject_id,cnt_order,step,on,actor\n{}\n", lines.join("\n")))
}

#[test]
fn the_day_before_a_deadline_the_day_and_the_day_after() {
    let desk = Desk::new();
    early(&desk, 1);
    for (deadline, before, day, after) in [
        ("list", "2019-06-30", "2019-07-01", "2019-07-02"),
        ("order", "2023-02-28", "2023-03-01", "2023-03-02"),
        ("update", "2023-06-30", "2023-07-01", "2023-07-02"),
    ] {
        assert_eq!(on_day(&desk, before, deadline, None), [0, 0, 0, 0, 0, 0, 1, 0], "{deadline}");
        assert_eq!(on_day(&desk, day, deadline, None), [0, 0, 0, 0, 0, 0, 1, 0], "{deadline}");
        assert_eq!(on_day(&desk, after, deadline, None), [0, 0, 0, 0, 0, 0, 1, 1], "{deadline}");
    }
    // Silence is consent, from the day after.
    assert_eq!(on_day(&desk, "2020-06-30", "review", None), [0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(on_day(&desk, "2020-07-01", "review", None), [0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(on_day(&desk, "2020-07-02", "review", None), [0, 0, 0, 1, 0, 0, 0, 0]);
}

#[test]
fn a_step_on_the_last_day_is_in_time_and_on_the_next_is_late() {
    let desk = Desk::new();
    early(&desk, 3);
    for (deadline, step, last, next) in [
        ("list", "identified", "2019-07-01", "2019-07-02"),
        ("review", "not_challenged", "2020-07-01", "2020-07-02"),
        ("order", "ordered", "2023-03-01", "2023-03-02"),
        ("update", "recorded", "2023-07-01", "2023-07-02"),
    ] {
        let file = steps(
            &desk,
            &[
                &format!("S1,{FIRST},{step},{last},somebody"),
                &format!("S2,{FIRST},{step},{next},somebody"),
                &format!("S3,{FIRST},{step},,somebody"),
            ],
        );
        assert_eq!(
            on_day(&desk, "2024-01-01", deadline, Some(&file)),
            [1, 1, 1, 0, 0, 0, 0, 0],
            "{deadline}"
        );
    }
}

#[test]
fn consent_by_silence_is_told_apart_from_express_consent() {
    let desk = Desk::new();
    early(&desk, 4);
    let file = steps(
        &desk,
        &[
            &format!("S1,{FIRST},challenged,2020-05-01,District Attorney"),
            &format!("S2,{FIRST},not_challenged,2020-05-01,District Attorney"),
        ],
    );
    assert_eq!(on_day(&desk, "2020-08-01", "review", Some(&file)), [2, 0, 0, 2, 0, 0, 0, 0]);
    // What is challenged waits for no order by the deadline.
    assert_eq!(on_day(&desk, "2023-03-31", "order", Some(&file)), [0, 0, 0, 0, 1, 0, 3, 30]);
    let lists = statewide(&desk, &["--steps", &file.display().to_string(), "--on", "2020-08-01"]);
    let state = &lists.json("progress.json")["state"];
    assert_eq!((&state["steps"]["challenged"], &state["steps"]["not_challenged"]), (&1.into(), &1.into()));
}

#[test]
fn a_relief_on_the_states_record_is_an_order_with_its_day() {
    let desk = Desk::new();
    let rows = synthetic("state", 7, 1_200);
    let input = desk.file("in/state.dat", extract(&rows));
    let run = desk.run(&[&input], "run", &["--policy", "us-ca/hs-11361-8", "--as-of", "2024-01-01"]);
    let relieved: Vec<_> =
        run.determinations().into_iter().filter(|row| row["outcome"] == "already_relieved").collect();
    assert!(relieved.len() > 10, "{}", relieved.len());
    let lists = statewide(&desk, &[]);
    let progress = lists.json("progress.json");
    assert_eq!(progress["state"]["relieved"], relieved.len());
    let order = &progress["state"]["deadlines"][2];
    assert_eq!(order["deadline"], "order");
    let dated = |row: &&common::Determination| {
        row["relief_granted"]
            .split(" | ")
            .any(|one| one.starts_with("HS 11361.") && one.len() >= "HS 11361.8 on 2018-12-01".len())
    };
    let known = relieved.iter().filter(dated).count();
    assert_eq!(order["in_time"], known);
    assert_eq!(order["undated"], relieved.len() - known);
    // When it was recorded, a file of after the deadline does not say.
    assert_eq!(progress["state"]["deadlines"][3]["undated"], relieved.len());
}

#[test]
fn lines_of_steps_that_cannot_be_used_are_told_with_their_place_and_nothing_else() {
    let desk = Desk::new();
    early(&desk, 2);
    let file = steps(
        &desk,
        &[
            &format!("S1,{FIRST},ordered,2021-01-05,Court"),
            &format!("S1,{FIRST},ordered,2021-01-05,Court"),
            &format!("S9,{FIRST},ordered,2021-01-05,Court"),
            "S1,12,ordered,2021-01-05,Court",
            &format!("S1,{FIRST},granted,2021-01-05,Court"),
            &format!("S1,{FIRST},ordered,5/1/2021,Court"),
            &format!("S1,{FIRST},ordered,2031-01-05,Court"),
            &format!("S1,{FIRST},ordered,2021-01-05,"),
            &format!(",{FIRST},ordered,2021-01-05,Court"),
            "S1,too,few",
        ],
    );
    let lists = statewide(&desk, &["--steps", &file.display().to_string(), "--on", "2023-03-01"]);
    let rejects: Vec<(String, String)> = lists
        .table("steps_rejects.csv")
        .into_iter()
        .map(|row| (row["line"].clone(), row["reason"].clone()))
        .collect();
    insta::assert_snapshot!(
        rejects.iter().map(|(line, why)| format!("{line}: {why}")).collect::<Vec<_>>().join("\n")
    );
    assert!(!lists.text("steps_rejects.csv").contains("S9"));
    let progress = lists.json("progress.json");
    let told = &progress["steps_files"][0];
    assert_eq!((&told["lines"], &told["used"], &told["rejected"]), (&10.into(), &2.into(), &8.into()));
    assert_eq!(progress["repeated"], 1);
    assert_eq!(progress["state"]["steps"]["ordered"], 1);
}

#[test]
fn what_cannot_all_be_true_is_a_conflict() {
    let desk = Desk::new();
    early(&desk, 5);
    let file = steps(
        &desk,
        &[
            &format!("S1,{FIRST},ordered,2021-01-05,Court"),
            &format!("S1,{FIRST},ordered,2021-02-05,Court"),
            &format!("S2,{FIRST},challenged,2020-05-01,DA"),
            &format!("S2,{FIRST},not_challenged,2020-05-02,DA"),
            &format!("S3,{FIRST},ordered,2021-03-05,Court"),
            &format!("S3,{FIRST},recorded,2021-03-01,DOJ"),
            // On the same day, and without a day, nothing is before anything.
            &format!("S4,{FIRST},ordered,2021-03-05,Court"),
            &format!("S4,{FIRST},recorded,2021-03-05,DOJ"),
            &format!("S5,{FIRST},ordered,,Court"),
            &format!("S5,{FIRST},recorded,2021-03-05,DOJ"),
        ],
    );
    assert_eq!(on_day(&desk, "2023-03-01", "order", Some(&file)), [1, 0, 1, 0, 0, 3, 0, 0]);
    let lists = statewide(&desk, &["--steps", &file.display().to_string(), "--on", "2023-03-01"]);
    let told: Vec<String> = lists
        .table("conflicts.csv")
        .into_iter()
        .map(|row| {
            format!(
                "{}, {}: {}, line {}",
                row["county"], row["determinations_line"], row["conflict"], row["line"]
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn runs_and_files_from_which_nothing_can_be_made() {
    let desk = Desk::new();
    let rows = [in_county("S1", "YOLO")];
    let refused = |run: &str, more: &[&str], parts: &[&str]| {
        let said = desk.vacatur(["statewide", run, "--out", "lists"].iter().chain(more));
        said.refused(parts);
        desk.nothing_of("lists");
    };
    refused("nowhere", &[], &["nowhere", "manifest.json"]);
    desk.run_rows(&rows, "bare", &["--no-statute"]);
    refused("bare", &[], &["does not say what the statute itself gives", "us-ca/hs-11361-8"]);
    let whole = desk.run_rows(&rows, "run", &[]);
    refused("run", &["--on", "2019-01-01"], &["--on 2019-01-01", "2020-07-01"]);
    let wrong = desk.file("in/wrong.csv", "subject_id,step\nS1,ordered\n");
    refused("run", &["--steps", &wrong.display().to_string()], &["no column `cnt_order`"]);
    refused("run", &["--steps", "gone.csv"], &["gone.csv"]);
    let text = whole.text("determinations.csv").replace("S1,", "S2,");
    std::fs::write(whole.dir.join("determinations.csv"), text).expect("written");
    refused("run", &[], &["determinations.csv is not the file that its manifest names"]);
}

#[test]
fn a_state_without_a_conviction_has_empty_lists() {
    let desk = Desk::new();
    let row = conviction("S1", FIRST, "484 PC-THEFT", "20050310");
    by_statute(&desk, &[row]);
    let lists = statewide(&desk, &[]);
    assert!(lists.table("index.csv").iter().all(|row| row["convictions"] == "0"));
    assert!(lists.table("list-yolo.csv").is_empty());
    assert!(lists.text("list-yolo.csv").starts_with("subject_id,"));
}

#[test]
fn overdue_orders_end_with_exit_code_1() {
    let desk = Desk::new();
    early(&desk, 2);
    for (day, limit, code) in [("2023-03-01", "0", 0), ("2023-03-02", "1", 1), ("2023-03-02", "2", 0)] {
        let out = format!("lists-{day}-{limit}");
        let said =
            desk.vacatur(["statewide", "run", "--out", &out, "--on", day, "--max-overdue", limit, "-q"]);
        assert_eq!(said.code, Some(code), "{}", said.err);
    }
}

#[test]
fn what_is_published_holds_no_small_number_and_is_otherwise_the_same() {
    let desk = Desk::new();
    let rows = synthetic("state", 7, 900);
    let input = desk.file("in/state.dat", extract(&rows));
    desk.run(&[&input], "run", &["--policy", "us-ca/hs-11361-8", "--as-of", "2023-06-01"]);
    let lists = statewide(&desk, &["--public"]);
    let (public, whole) = (lists.table("progress-public.csv"), lists.table("progress.csv"));
    assert_eq!(public.len(), whole.len());
    let (mut withheld, mut shown) = (0, 0);
    for (public, whole) in public.iter().zip(&whole) {
        assert!(!public.contains_key("days_overdue"));
        for (name, cell) in public {
            if cell.is_empty() {
                withheld += 1;
                assert_ne!(whole[name], "0", "a zero is shown");
                continue;
            }
            shown += 1;
            assert_eq!(cell, &whole[name]);
            if let Ok(number) = cell.parse::<u64>() {
                assert!(number == 0 || number > 10, "{name}: {number}");
            }
        }
    }
    assert!(withheld > 50 && shown > withheld, "{withheld} withheld, {shown} shown");
}
