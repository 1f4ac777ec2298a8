//! The whole state in one run: each county by its own policy, and a list for each of them.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{FIRST, HEADER, line};
use common::{AS_OF, Desk, Row, Run, Said, conviction, extract, names, synthetic, with};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const THREE: &str = r#"
id = "three"
title = "Three counties"
default = "none"

[[office]]
counties = ["LOS ANGELES"]
policy = "us-ca/los-angeles-2020"
set = { age = 45 }

[[office]]
counties = ["Sacramento"]
policy = "us-ca/sacramento-2019"

[[office]]
counties = ["SAN JOAQUIN"]
policy = "us-ca/san-joaquin-2019"
"#;

/// A state's file of invented people.
fn state(desk: &Desk, people: u64) -> PathBuf {
    desk.file("in/state.dat", extract(&synthetic("state", 7, people)))
}

/// Decides by a list of counties.
fn by_counties(desk: &Desk, input: &Path, list: &str, out: &str, more: &[&str]) -> Said {
    let list = desk.file(&format!("in/{out}.toml"), list);
    let (input, list) = (input.display().to_string(), list.display().to_string());
    let args = ["decide", &input, "--counties", &list, "--as-of", AS_OF, "--out", out];
    desk.vacatur(args.iter().chain(more))
}

fn run(desk: &Desk, input: &Path, list: &str, out: &str, more: &[&str]) -> Run {
    let said = by_counties(desk, input, list, out, more);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    Run::at(&desk.path(out))
}

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
fn three_counties_are_decided_as_in_three_runs() {
    let desk = Desk::new();
    let input = state(&desk, 900);
    let together = run(&desk, &input, THREE, "run", &[]).determinations();
    let mut apart: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    let of = [
        ("us-ca/los-angeles-2020", "LOS ANGELES", "age=45"),
        ("us-ca/sacramento-2019", "SACRAMENTO", "county=SACRAMENTO"),
        ("us-ca/san-joaquin-2019", "SAN JOAQUIN", "county=SAN JOAQUIN"),
    ];
    for (at, (policy, county, set)) in of.into_iter().enumerate() {
        let out = format!("run{at}");
        let alone = desk.run(&[&input], &out, &["--policy", policy, "--county", county, "--set", set]);
        for row in alone.determinations() {
            assert_eq!(row["policy"], policy);
            apart.insert((row["subject_id"].clone(), row["cnt_order"].clone()), row);
        }
    }
    assert!(apart.len() > 200, "{}", apart.len());
    assert_eq!(together.len(), apart.len());
    let policies: BTreeSet<&str> = together.iter().map(|row| row["policy"].as_str()).collect();
    assert_eq!(policies.len(), 3);
    for row in &together {
        let key = (row["subject_id"].clone(), row["cnt_order"].clone());
        assert_eq!(Some(row), apart.get(&key), "{key:?}");
    }
}

#[test]
fn the_same_bytes_on_any_number_of_threads_and_after_an_earlier_run() {
    let desk = Desk::new();
    let input = state(&desk, 400);
    let one = run(&desk, &input, THREE, "one", &["--threads", "1"]);
    let two = run(&desk, &input, THREE, "two", &["--threads", "2"]);
    let since = run(&desk, &input, THREE, "since", &["--since", "one"]);
    for name in names(&one.dir).iter().filter(|name| *name != "inputs.json") {
        assert!(one.bytes(name) == two.bytes(name), "{name}");
        if name != "manifest.json" {
            assert!(one.bytes(name) == since.bytes(name), "{name}, carried over");
        }
    }
    // Another policy for one county decides everybody again, and says why.
    let other = THREE.replace("age = 45", "age = 50");
    let said = by_counties(&desk, &input, &other, "other", &["--since", "one"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let text = format!("{}{}", said.out, said.err);
    assert!(text.contains("policy"), "{text}");
}

#[test]
fn the_folder_keeps_every_document_and_the_run_comes_out_again() {
    let desk = Desk::new();
    let input = state(&desk, 300);
    let own = desk.file("in/own.md", {
        let shelved =
            std::fs::read_to_string("../../policies/us-ca/dismiss-all-prop64.md").expect("a policy");
        shelved.replacen("id: us-ca/dismiss-all-prop64", "id: own/everything", 1)
    });
    assert!(std::fs::read_to_string(&own).expect("a policy").contains("own/everything"));
    let list = THREE.replace("default = \"none\"", "default = \"own.md\"");
    let made = run(&desk, &input, &list, "run", &["--horizon", "12m"]);
    // The document of a base stands beside the one that builds on it.
    let kept: Vec<String> = names(&made.dir).into_iter().filter(|name| name.starts_with("policy-")).collect();
    assert_eq!(kept, ["policy-1.md", "policy-2.md", "policy-3.md", "policy-4.md"]);
    assert_eq!(made.text("counties.toml"), list);
    let manifest = made.json("manifest.json");
    let counties = manifest["counties"]["counties"].as_array().expect("counties");
    assert_eq!(counties.len(), 58);
    assert_eq!(manifest["policy"]["id"], "three");
    assert!(made.determinations().iter().any(|row| row["policy"] == "own/everything"));
    // The policies are taken from the folder.
    std::fs::remove_file(&own).expect("removed");
    for more in [&[][..], &["--sample", "50"]] {
        let said = desk.vacatur(["verify", "run"].iter().chain(more));
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    }
    let document = made.text("policy-2.md");
    std::fs::write(made.dir.join("policy-2.md"), document + "\n").expect("written");
    let said = desk.vacatur(["verify", "run"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("policy-2.md"), "{}", said.out);
}

#[test]
fn a_base_of_a_policy_is_kept_beside_it() {
    let desk = Desk::new();
    let input = state(&desk, 60);
    let list = "default = \"us-ca/contra-costa-2019\"\n";
    let made = run(&desk, &input, list, "run", &[]);
    assert!(names(&made.dir).contains(&"policy-1-base-1.md".to_owned()), "{:?}", names(&made.dir));
    assert_eq!(desk.vacatur(["verify", "run"]).code, Some(0));
}

#[test]
fn who_explains_names_the_policy_of_the_county() {
    let desk = Desk::new();
    let rows = [in_county("S1", "LOS ANGELES"), in_county("S2", "SACRAMENTO")];
    let input = desk.file("in/state.dat", extract(&rows));
    run(&desk, &input, THREE, "run", &[]);
    for (person, policy, set) in
        [("S1", "us-ca/los-angeles-2020", "age = 45"), ("S2", "us-ca/sacramento-2019", "county = SACRAMENTO")]
    {
        let said = desk.vacatur(["explain", "run", "--person", person]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.contains(&format!("Policy {policy}")), "{}", said.out);
        assert!(said.out.contains(set), "{}", said.out);
    }
}

#[test]
fn a_county_for_which_nobody_decides_is_counted() {
    let desk = Desk::new();
    let rows = [in_county("S1", "LOS ANGELES"), in_county("S2", "Yolo"), in_county("S3", "YOLO")];
    let input = desk.file("in/state.dat", extract(&rows));
    let made = run(&desk, &input, THREE, "run", &[]);
    assert_eq!(made.determinations().len(), 1);
    assert_eq!(made.json("summary.json")["not_decided"], serde_json::json!({ "YOLO": 2 }));
    let lists = statewide(&desk, &[]);
    assert!(lists.text("cover-yolo.txt").contains("decided no conviction of this county"));
    assert!(!lists.text("cover-los-angeles.txt").contains("decided no conviction of this county"));
}

#[test]
fn an_unknown_county_is_no_guess() {
    let desk = Desk::new();
    let rows = [in_county("S1", ""), in_county("S2", "LOS ANGELS"), in_county("S3", "LOS ANGELES")];
    let after =
        with(conviction("S4", FIRST, "11359 HS-POSSESS FOR SALE", "20180310"), &[("STP_ORI_CNTY_NAME", "")]);
    let input = desk.file("in/state.dat", extract(&[&rows[..], &[after]].concat()));
    let list = THREE.replace("default = \"none\"", "default = \"us-ca/dismiss-all-prop64\"");
    let made = run(&desk, &input, &list, "run", &[]);
    let rows = made.determinations();
    let of = |subject: &str| rows.iter().find(|row| row["subject_id"] == subject).expect("a determination");
    for subject in ["S1", "S2"] {
        let row = of(subject);
        assert_eq!((row["outcome"].as_str(), row["policy"].as_str()), ("review", ""), "{row:?}");
        assert!(row["missing"].split("; ").any(|missing| missing == "county"), "{row:?}");
        assert!(row["would_be"].contains("dismiss"), "{row:?}");
        assert_eq!(row["grounds"], "");
    }
    assert_ne!(of("S3")["policy"], "");
    let asked: Vec<_> =
        made.table("review.csv").into_iter().filter(|row| row["subject_id"] == "S1").collect();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["fact"], "county");
    let said = desk.vacatur(["explain", "run", "--person", "S1"]);
    assert!(said.out.contains("the policy of every county was asked"), "{}", said.out);

    // The answer is evidence, after which the county's own policy decides.
    let evidence =
        desk.file("in/e.csv", format!("{HEADER}\n{}\n", line("S1", FIRST, "county", "SACRAMENTO")));
    let again = run(&desk, &input, &list, "again", &["--evidence", &evidence.display().to_string()]);
    let rows = again.determinations();
    let row = rows.iter().find(|row| row["subject_id"] == "S1").expect("a determination");
    assert_eq!(row["policy"], "us-ca/sacramento-2019");
    assert_eq!(desk.vacatur(["verify", "again"]).code, Some(0));
}

#[test]
fn an_unknown_county_decides_nothing_where_all_come_to_the_same() {
    let desk = Desk::new();
    // By either document an offence after Proposition 64 is not eligible.
    let after =
        with(conviction("S4", FIRST, "11359 HS-POSSESS FOR SALE", "20180310"), &[("STP_ORI_CNTY_NAME", "")]);
    let input = desk.file("in/state.dat", extract(&[after]));
    let list = "default = \"us-ca/los-angeles-2020\"\n[[office]]\ncounties = [\"YOLO\"]\npolicy = \"us-ca/sacramento-2019\"\n";
    let rows = run(&desk, &input, list, "run", &[]).determinations();
    assert_eq!(rows[0]["outcome"], "not_eligible", "{:?}", rows[0]);
    assert_eq!(rows[0]["policy"], "us-ca/los-angeles-2020; us-ca/sacramento-2019");
    assert_eq!(rows[0]["harmless"], "county");
    // Where one county decides nothing, it is not the same everywhere.
    let list = list.replacen("us-ca/los-angeles-2020", "none", 1);
    let rows = run(&desk, &input, &list, "none", &[]).determinations();
    assert_eq!((rows[0]["outcome"].as_str(), rows[0]["policy"].as_str()), ("review", ""), "{:?}", rows[0]);
}

#[test]
fn a_list_of_counties_with_mistakes_is_refused_before_anything_is_read() {
    let desk = Desk::new();
    let gone = desk.path("no-such-file.dat");
    let refused = |list: &str, parts: &[&str]| {
        let said = by_counties(&desk, &gone, list, "run", &[]);
        assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
        for part in parts {
            assert!(said.err.contains(part), "`{part}` is not in: {}", said.err);
        }
        desk.nothing_of("run");
    };
    let with = |from: &str, to: &str| {
        assert!(THREE.contains(from), "{from}");
        THREE.replacen(from, to, 1)
    };
    refused(
        &with("LOS ANGELES", "LOS ANGELS"),
        &["`LOS ANGELS` is no county", "did you mean `LOS ANGELES`?", ":7:13]"],
    );
    refused(&with("SAN JOAQUIN", "sacramento"), &["`sacramento` has a policy already, on line 12"]);
    refused(&with("age = 45", "age = 99"), &["`age` cannot be `99`", ":9:15]"]);
    refused(
        &with("us-ca/sacramento-2019", "us-ca/sacremento-2019"),
        &["there is no policy `us-ca/sacremento-2019`", ":13:10]"],
    );
    desk.file("in/broken.md", "# Nothing\n");
    refused(&with("us-ca/sacramento-2019", "broken.md"), &["broken.md fails its check", "shown above"]);
    refused("default = \"none\"\n", &["nobody decides for any county"]);
    refused("defaults = \"none\"\n", &["unknown field `defaults`"]);
    let said = desk.vacatur(["decide", "x.dat", "--as-of", AS_OF, "--out", "run"]);
    assert!(said.err.contains("--policy"), "{}", said.err);
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
