//! Policies compared: every count as `decide` decides it, every number from another way of counting, and clear words for
//! what cannot be compared.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{
    AS_OF, BEAR, Desk, LOS_ANGELES, Row, Run, Said, conviction, extract, grants, names, synthetic, with,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const EVERYTHING: &str = "us-ca/dismiss-all-prop64";
const ENTITLEMENT: &str = "us-ca/hs-11361-8";

/// `vacatur compare` of these files, as of the day of the tests.
fn compare(desk: &Desk, inputs: &[&Path], more: &[&str]) -> Said {
    let mut args = vec!["compare".to_owned()];
    args.extend(inputs.iter().map(|path| path.display().to_string()));
    args.extend(["--as-of".to_owned(), AS_OF.to_owned()]);
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    desk.vacatur(args)
}

/// The same into a folder, which must go well.
#[track_caller]
fn compared(desk: &Desk, inputs: &[&Path], out: &str, more: &[&str]) -> Run {
    let folder = desk.path(out).display().to_string();
    let more: Vec<&str> = more.iter().copied().chain(["--out", &folder]).collect();
    let said = compare(desk, inputs, &more);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    Run::at(&desk.path(out))
}

fn county(people: u64) -> Vec<u8> {
    extract(&synthetic("county", 11, people))
}

/// The tidy table's numbers of a policy: by table, group and measure.
fn tidy(run: &Run, policy: usize) -> BTreeMap<(String, String, String), u64> {
    run.table("comparison.csv")
        .into_iter()
        .filter(|line| line["policy"] == policy.to_string())
        .map(|line| {
            let value = line["value"].parse().unwrap();
            ((line["table"].clone(), line["group"].clone(), line["measure"].clone()), value)
        })
        .collect()
}

/// What another way of counting counts must stand in the tidy table, and nothing else.
#[track_caller]
fn same_numbers(
    tidy: &BTreeMap<(String, String, String), u64>,
    table: &str,
    measure: &str,
    counted: &BTreeMap<String, u64>,
) {
    let found: BTreeMap<String, u64> = tidy
        .iter()
        .filter(|((of, _, what), value)| of == table && what == measure && **value > 0)
        .map(|((_, group, _), value)| (group.clone(), *value))
        .collect();
    assert_eq!(&found, counted, "{table} {measure}");
}

fn label(text: &str) -> String {
    if text.is_empty() { "not recorded".to_owned() } else { text.to_owned() }
}

/// A run of `decide` counts, by its tables, what the comparison says of the policy.
fn counted_alike(run: &Run, tidy: &BTreeMap<(String, String, String), u64>) {
    let one = |table: &str, group: &str, measure: &str| {
        tidy.get(&(table.to_owned(), group.to_owned(), measure.to_owned())).copied().unwrap_or_default()
    };
    let mut outcomes: BTreeSet<String> = BTreeSet::new();
    let mut by: BTreeMap<(&str, String), BTreeMap<String, u64>> = BTreeMap::new();
    let mut missing: BTreeMap<String, u64> = BTreeMap::new();
    for line in run.determinations() {
        outcomes.insert(line["outcome"].clone());
        let mut add = |table: &'static str, group: String| {
            *by.entry((table, line["outcome"].clone())).or_default().entry(group).or_default() += 1;
        };
        add("all", "all".to_owned());
        add("level", label(&line["level"]));
        add("county", label(&line["county"].to_uppercase()));
        // A date of two years is in neither.
        let date = line["conviction_date"].as_str();
        let year = match date.split_once(" to ") {
            Some((first, last)) if first[..4] != last[..4] => "not certain",
            _ => date.get(..4).unwrap_or("not recorded"),
        };
        add("year", year.to_owned());
        if line["outcome"] == "review" {
            let facts = match line["missing"].as_str() {
                "" => "nothing: the policy asks for it",
                facts => facts,
            };
            for fact in facts.split("; ") {
                *missing.entry(fact.to_owned()).or_default() += 1;
            }
        }
    }
    for ((table, outcome), counted) in &by {
        same_numbers(tidy, table, outcome, counted);
    }
    same_numbers(tidy, "missing", "reviews", &missing);

    let mut people: BTreeMap<(&str, &str), BTreeMap<String, u64>> = BTreeMap::new();
    let mut relieved: BTreeMap<String, u64> = BTreeMap::new();
    for line in run.table("people.csv") {
        let number = |name: &str| line[name].parse::<u64>().unwrap();
        let granted = number("dismissed") + number("reduced") + number("granted");
        let yes = |name: &str| line[name] == "yes";
        let free = number("felonies_after") == 0 && number("level_unknown_after") == 0;
        let measures = [
            ("people_in_file", true),
            ("people_in_scope", number("decided") > 0),
            ("people_helped", granted > 0),
            ("people_with_review", number("review") > 0),
            ("people_without_felony", granted > 0 && yes("complete") && number("felonies") > 0 && free),
            (
                "people_without_conviction",
                granted > 0
                    && yes("complete")
                    && number("convictions") > 0
                    && number("convictions_after") == 0,
            ),
            (
                "people_without_recent_conviction",
                granted > 0 && yes("complete") && number("recent") > 0 && number("recent_after") == 0,
            ),
        ];
        for (measure, holds) in measures {
            if !holds {
                continue;
            }
            for (table, group) in
                [("all", "all".to_owned()), ("race", label(&line["race"])), ("sex", label(&line["sex"]))]
            {
                *people.entry((table, measure)).or_default().entry(group).or_default() += 1;
            }
        }
        if granted > 0 {
            let group = if granted >= 5 { "5 or more".to_owned() } else { granted.to_string() };
            *relieved.entry(group).or_default() += 1;
        }
    }
    for ((table, measure), counted) in &people {
        same_numbers(tidy, table, measure, counted);
    }
    same_numbers(tidy, "relieved", "people_helped", &relieved);
    let granted = |outcome: &&String| grants(outcome) || *outcome == "grant";
    let all: u64 = outcomes.iter().filter(granted).map(|outcome| one("all", "all", outcome)).sum();
    assert_eq!(one("all", "all", "convictions_relieved"), all);
    assert_eq!(one("all", "all", "review_minutes"), one("all", "all", "review") * 15);
}

/// Every count of a spoiled county, under each policy, as `decide` decides it under that policy alone.
#[test]
fn every_count_is_decided_as_decide_decides_it() {
    let desk = Desk::new();
    // A line that is no row, a row without a subject, a row twice: they leave records open as in a run.
    let mut rows = synthetic("county", 11, 400);
    rows.push(with(rows[0].clone(), &[("SUBJECT_ID", "")]));
    rows.push(rows[5].clone());
    let mut bytes = extract(&rows);
    bytes.extend_from_slice(b"\"RX\",\"1000001\",\"half a row\"\n");
    let file = desk.file("county.dat", bytes);
    // Some answers are of use, some of none.
    let said = rows.iter().step_by(7).map(|row| {
        let cell = |name| row[common::column(name)].as_str();
        common::evidence::corrects(cell("SUBJECT_ID"), cell("CNT_ORDER"), "level", "misdemeanor")
    });
    let evidence = common::evidence::file(&desk, &said.collect::<Vec<_>>());
    let evidence = evidence.display().to_string();
    let young = format!("{LOS_ANGELES}[age=45; youth=conviction]");
    let policies = [LOS_ANGELES, &young, BEAR, "us-ca/pc-1203-425"];
    let mut more = vec!["--differences", "all", "--evidence", &evidence];
    policies.iter().for_each(|policy| more.extend(["--policy", policy]));
    let found = compared(&desk, &[&file], "compared", &more);
    let listed: BTreeMap<(String, String), BTreeMap<String, String>> = found
        .table("differences.csv")
        .into_iter()
        .map(|line| ((line["subject_id"].clone(), line["cnt_order"].clone()), line))
        .collect();
    assert!(listed.len() > 100, "{}", listed.len());

    let alone: Vec<Vec<&str>> = vec![
        vec!["--policy", LOS_ANGELES],
        vec!["--policy", LOS_ANGELES, "--set", "age=45", "--set", "youth=conviction"],
        vec!["--policy", BEAR],
        vec!["--policy", "us-ca/pc-1203-425"],
        vec!["--policy", ENTITLEMENT],
        vec!["--policy", EVERYTHING],
    ];
    let mut decided: BTreeMap<(String, String), Vec<(String, String)>> = BTreeMap::new();
    for (at, more) in alone.iter().enumerate() {
        let more: Vec<&str> = more.iter().copied().chain(["--evidence", &evidence]).collect();
        let run = desk.run(&[&file], &format!("run{at}"), &more);
        for line in run.determinations() {
            let key = (line["subject_id"].clone(), line["cnt_order"].clone());
            let out = ("out_of_scope".to_owned(), String::new());
            let own = decided.entry(key).or_insert_with(|| vec![out; alone.len()]);
            own[at] = (line["outcome"].clone(), line["reason"].clone());
        }
        counted_alike(&run, &tidy(&found, at + 1));
        let number = |name: &str| found.json("manifest.json")["counts"][name].as_u64().unwrap();
        assert_eq!(run.count("rows_used"), number("rows_used"));
        assert_eq!(run.count("rejects"), number("rejects"));
        assert_eq!(run.count("people"), number("people"));
        assert_eq!(run.text("rejects.csv"), found.text("rejects.csv"));
    }
    // Somebody without a number is nobody in particular: their counts cannot be told from one another.
    let (mut differ, mut chosen) = (0, 0);
    for (key, answers) in decided.iter().filter(|((subject, _), _)| !subject.is_empty()) {
        let outcomes =
            |of: &[(String, String)]| of.iter().map(|one| one.0.clone()).collect::<BTreeSet<_>>().len();
        let Some(line) = listed.get(key) else {
            assert_eq!(outcomes(answers), 1, "{key:?}: {answers:?}");
            continue;
        };
        differ += 1;
        chosen += usize::from(outcomes(&answers[..4]) > 1);
        assert!(outcomes(answers) > 1, "{key:?}");
        assert_eq!(line["chosen_differ"] == "yes", outcomes(&answers[..4]) > 1);
        for (at, (outcome, reason)) in answers.iter().enumerate() {
            assert_eq!(&line[&format!("outcome_{}", at + 1)], outcome, "{key:?} {at}");
            assert_eq!(&line[&format!("reason_{}", at + 1)], reason, "{key:?} {at}");
        }
    }
    let named = listed.keys().filter(|(subject, _)| !subject.is_empty());
    assert_eq!(differ, named.count());
    assert!(chosen > 0);

    // What is counted for two policies is what is listed.
    let pairs = found.table("pairs.csv");
    for (one, other) in [(1, 2), (1, 5), (3, 6)] {
        let pair = pairs
            .iter()
            .filter(|line| line["policy"] == one.to_string() && line["other"] == other.to_string());
        let told: usize = pair.map(|line| line["counts"].parse::<usize>().unwrap()).sum();
        let (one, other) = (format!("outcome_{one}"), format!("outcome_{other}"));
        assert_eq!(
            told,
            found.table("differences.csv").iter().filter(|line| line[&one] != line[&other]).count()
        );
    }
}

#[test]
fn the_same_bytes_on_one_thread_and_on_two() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(2_000));
    let more = ["--policy", LOS_ANGELES, "--policy", BEAR, "--sweep", "age=40..60:5"];
    let one = compared(&desk, &[&file], "one", &[&more[..], &["--threads", "1"]].concat());
    let two = compared(&desk, &[&file], "two", &[&more[..], &["--threads", "2"]].concat());
    assert_eq!(names(&one.dir), names(&two.dir));
    for name in names(&one.dir) {
        assert!(one.bytes(&name) == two.bytes(&name), "{name} differs");
    }
    let policies = one.table("policies.csv");
    // Both policies have an age: five of each, and two baselines.
    assert_eq!(policies.len(), 12);
    assert_eq!(policies[0]["label"], "us-ca/los-angeles-2020[age=40]");
    assert_eq!(policies[11]["role"], "everything");
}

/// The account of each policy is the one that `explain` gives of a run under it.
#[test]
fn a_count_is_explained_under_every_policy() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(60));
    let found = compared(&desk, &[&file], "compared", &["--policy", LOS_ANGELES, "--policy", BEAR]);
    let line = found.table("differences.csv").into_iter().next().expect("a difference");
    let (subject, order) = (line["subject_id"].as_str(), line["cnt_order"].as_str());
    let asked = ["--person", subject, "--count", order];
    let said = desk.vacatur([&["compare", "explain", "compared"], &asked[..]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    for (policy, run) in [(LOS_ANGELES, "la"), (BEAR, "bear")] {
        desk.run(&[&file], run, &["--policy", policy, "--no-statute"]);
        let alone = desk.vacatur([&["explain", run], &asked[..]].concat());
        assert_eq!(alone.code, Some(0), "{}", alone.err);
        assert!(said.out.contains(alone.out.trim_end()), "{}\n{}", said.out, alone.out);
    }
    assert!(said.out.contains("#3 us-ca/hs-11361-8"), "{}", said.out);

    desk.vacatur(["compare", "explain", "compared", "--person", "9"]).refused(&["nobody"]);
    desk.vacatur(["compare", "explain", "la", "--person", subject]).refused(&["not that of a comparison"]);
    desk.file("county.dat", county(61));
    desk.vacatur([&["compare", "explain", "compared"], &asked[..]].concat())
        .refused(&["not the file that was compared"]);
}

#[test]
fn one_person_and_nobody_with_a_conviction() {
    let desk = Desk::new();
    let one =
        desk.file("one.dat", extract(&[conviction("1", "001001001000", "11357(A) HS-POSSESS", "20000102")]));
    let said = compare(&desk, &[&one], &["--policy", LOS_ANGELES, "--frontier"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("1 people, 1 of them"), "{}", said.out);
    let none: Row = with(
        conviction("1", "001001001000", "11357(A) HS-POSSESS", "20000102"),
        &[("DISP_DESCR", "DISMISSED"), ("CONV_STAT_DESCR", ""), ("SENT_LOC_DESCR", "")],
    );
    let none = desk.file("none.dat", extract(&[none]));
    let run = compared(&desk, &[&none], "none", &["--policy", LOS_ANGELES, "--policy", BEAR, "--frontier"]);
    assert!(run.table("differences.csv").is_empty());
    assert!(run.table("pairs.csv").is_empty());
    assert_eq!(tidy(&run, 1)[&("all".into(), "all".into(), "people_helped".into())], 0);
}

#[test]
fn nothing_recorded_of_race_is_a_group_of_its_own() {
    let desk = Desk::new();
    let rows: Vec<Row> =
        synthetic("county", 11, 200).into_iter().map(|row| with(row, &[("RACE_DESCR", "")])).collect();
    let file = desk.file("county.dat", extract(&rows));
    let run = compared(&desk, &[&file], "out", &["--policy", LOS_ANGELES]);
    let people = tidy(&run, 1)[&("race".into(), "not recorded".into(), "people_in_file".into())];
    assert_eq!(people, tidy(&run, 1)[&("all".into(), "all".into(), "people_in_file".into())]);
    assert!(run.text("summary.txt").contains("differ"), "{}", run.text("summary.txt"));
}

#[test]
fn the_same_policy_twice_is_one() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(50));
    let twice = format!("{LOS_ANGELES}[age=50]");
    let run = compared(
        &desk,
        &[&file],
        "out",
        &["--policy", LOS_ANGELES, "--policy", &twice, "--policy", EVERYTHING],
    );
    let labels: Vec<String> = run.table("policies.csv").iter().map(|line| line["label"].clone()).collect();
    assert_eq!(labels, [LOS_ANGELES, EVERYTHING, ENTITLEMENT]);
}

#[test]
fn the_baselines_decide_the_county_of_the_policies() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(50));
    let run = compared(&desk, &[&file], "out", &["--policy", LOS_ANGELES, "--county", "LOS ANGELES"]);
    let labels: Vec<String> = run.table("policies.csv").iter().map(|line| line["label"].clone()).collect();
    assert_eq!(labels[1], "us-ca/hs-11361-8[county=LOS ANGELES]");
    let other = compare(&desk, &[&file], &["--policy", LOS_ANGELES, "--county", "LOS ANGELE"]);
    other.refused(&["no row of the input is in the county LOS ANGELE", "LOS ANGELES"]);
}

/// Refused before anything is read: the input is not even there.
#[test]
fn ten_thousand_combinations_are_refused_with_their_number() {
    let desk = Desk::new();
    let file = desk.path("not-there.dat");
    let sweeps = [
        "--policy",
        BEAR,
        "--sweep",
        "age=*",
        "--sweep",
        "years-old=*",
        "--sweep",
        "years-clean=1..15",
        "--sweep",
        "under-21=*",
    ];
    let said = compare(&desk, &[&file], &sweeps);
    // 27 ages, 16 and 15 years, yes and no.
    said.refused(&[
        "12960 policies would be compared, and 200 are the most",
        "a gigabyte of rows",
        "MB of memory",
        "larger steps",
    ]);
    let said = compare(
        &desk,
        &[&file],
        &["--policy", BEAR, "--sweep", "age=1..2000000000", "--sweep", "years-old=1..2000000000"],
    );
    said.refused(&["policies would be compared"]);
}

#[test]
fn what_cannot_be_compared_is_told_before_anything_is_read() {
    let desk = Desk::new();
    let file = desk.path("not-there.dat");
    let said = |more: &[&str]| compare(&desk, &[&file], more);
    said(&["--policy", LOS_ANGELES, "--sweep", "age=30..50"])
        .refused(&["us-ca/los-angeles-2020: `age` cannot be `30`: it is a whole number from 40 to 65"]);
    said(&["--policy", LOS_ANGELES, "--sweep", "ages=40..50"])
        .refused(&["none of the policies has a parameter `ages`; did you mean `age`?"]);
    said(&["--policy", LOS_ANGELES, "--sweep", "age=40..50:x"])
        .refused(&["--sweep age=40..50:x\n", "^ a range"]);
    said(&["--policy", LOS_ANGELES, "--sweep", "age=40..50", "--set", "age=45"])
        .refused(&["`age` is given twice"]);
    said(&["--policy", LOS_ANGELES, "--set", "age=39"])
        .refused(&["us-ca/los-angeles-2020: `age` cannot be `39`"]);
    said(&["--policy", "us-ca/los-angeles-2020[age]"]).refused(&["`age` sets nothing"]);
    said(&["--policy", "us-ca/los-angels-2020"]).refused(&["did you mean `us-ca/los-angeles-2020`?"]);
    let draft = std::fs::read_to_string("../../policies/us-ca/los-angeles-2020.md").unwrap();
    let draft = draft.replace("years-clean", "years-cleen").replacen("years-cleen", "years-clean", 1);
    desk.file("draft.md", draft);
    // As `policy check` prints it.
    let wrong = said(&["--policy", LOS_ANGELES, "--policy", "draft.md"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(wrong.err.contains("draft.md:230:37") && wrong.err.contains("years-cleen"), "{}", wrong.err);
    desk.nothing_of("out");
    assert_eq!(desk.names(), ["draft.md"]);
}

#[test]
fn a_folder_that_exists_is_left_alone() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(20));
    desk.file("out/mine.txt", "mine");
    let out = desk.path("out").display().to_string();
    compare(&desk, &[&file], &["--policy", LOS_ANGELES, "--out", &out])
        .refused(&["the output folder exists"]);
    assert_eq!(names(&desk.path("out")), ["mine.txt"]);
}

/// Nothing of a person is in what is not about persons.
#[test]
fn only_the_list_of_differences_names_anybody() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(300));
    let run = compared(&desk, &[&file], "out", &["--policy", LOS_ANGELES, "--policy", BEAR]);
    let subjects: BTreeSet<String> =
        run.table("differences.csv").iter().map(|line| line["subject_id"].clone()).collect();
    assert!(subjects.len() > 20);
    for name in names(&run.dir) {
        let private = name.starts_with("differences.") || name.ends_with(".parquet");
        if private {
            continue;
        }
        let text = run.text(&name);
        for subject in subjects.iter().filter(|subject| subject.len() > 4) {
            assert!(!text.contains(subject.as_str()), "{name} holds a subject number");
        }
    }
}

/// The page runs nothing and loads nothing, and what comes from outside is text in it.
#[test]
fn the_page_is_whole_and_quiet() {
    let desk = Desk::new();
    let file = desk.file("county.dat", county(300));
    let run = compared(&desk, &[&file], "out", &["--policy", LOS_ANGELES, "--sweep", "age=40..65:5"]);
    let page = run.text("comparison.html");
    for part in ["<script", "http://", "https://", "src=", "url(", "@import"] {
        let left = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!left.contains(part), "{part}");
    }
    assert_eq!(page.matches("<circle").count(), 6, "a point for each policy");
    assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
    assert!(page.contains("<title id=\"frontier-title\">") && page.contains("<desc id=\"frontier-desc\">"));
}
