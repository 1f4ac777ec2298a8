//! A new delivery beside the run before: what is carried over, what is told, and that nothing is lost in silence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{self, FIRST, SECOND, corrects};
use common::{Desk, Row, Run, Said, column, conviction, extract, grants, names, shuffle, synthetic, with};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A run of `inputs` into `out` with the run before in `before`, after checking that it leaves the same files as without.
fn since(desk: &Desk, inputs: &[&Path], before: &str, out: &str, more: &[&str]) -> (Run, Said) {
    let alone = format!("{out}-alone");
    desk.run(inputs, &alone, more);
    let before = desk.path(before).display().to_string();
    let mut more = more.to_vec();
    more.extend(["--since", &before]);
    let said = desk.decide(inputs, out, &more);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    same_but_for_changes(&desk.path(&alone), &desk.path(out));
    (Run::at(&desk.path(out)), said)
}

/// Every file is the same but those that tell of the run before.
#[track_caller]
fn same_but_for_changes(alone: &Path, with: &Path) {
    let own = |name: &String| !name.starts_with("changes.");
    assert_eq!(names(alone), names(with).into_iter().filter(own).collect::<Vec<_>>());
    for name in names(alone) {
        let read = |folder: &Path| std::fs::read(folder.join(&name)).unwrap();
        if name == "manifest.json" {
            let json = |folder| -> serde_json::Value { serde_json::from_slice(&read(folder)).unwrap() };
            let (alone, mut with) = (json(alone), json(with));
            assert_eq!(with["since"].as_str().map(str::len), Some(64));
            with.as_object_mut().unwrap().remove("since");
            let listed = with["outputs"].as_array_mut().unwrap();
            listed.retain(|output| !output["name"].as_str().unwrap().starts_with("changes."));
            assert_eq!(alone, with);
        } else {
            assert!(read(alone) == read(with), "{name} differs");
        }
    }
}

/// How many people were carried over and decided.
fn carried(run: &Run) -> (u64, u64) {
    let people = &run.json("changes.json")["people"];
    let number = |name: &str| people[name].as_u64().unwrap();
    assert_eq!(number("now"), number("carried") + number("decided"));
    (number("carried"), number("decided"))
}

/// The lines of `changes.csv` in few words: person, count, change, outcomes, why.
fn told(run: &Run) -> String {
    run.table("changes.csv")
        .iter()
        .map(|line| {
            let cell = |name: &str| if line[name].is_empty() { "-" } else { line[name].as_str() };
            format!(
                "{} {} {}: {} > {}, because {}\n",
                cell("subject_id"),
                cell("cnt_order"),
                cell("change"),
                cell("outcome_before"),
                cell("outcome"),
                cell("why")
            )
        })
        .collect()
}

/// A person who gains relief, and one who is refused.
fn three() -> Vec<Row> {
    vec![
        with(conviction("1", FIRST, "11358 HS-CULTIVATE", "20010504"), &[("PRI_DOB", "19500615")]),
        with(conviction("2", FIRST, "11359 HS-SELL", "20010504"), &[("PRI_DOB", "19500615")]),
        with(conviction("2", SECOND, "11360(A) HS-SELL", "20180504"), &[("PRI_DOB", "19500615")]),
        conviction("3", FIRST, "11358 HS-CULTIVATE", "20180504"),
    ]
}

#[test]
fn the_same_delivery_again_is_carried_over_whole() {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&synthetic("county", 4, 300)));
    for (number, more) in
        [&[][..], &["--format", "bear", "--horizon", "24m"], &["--no-statute", "--horizon", "6m"]]
            .iter()
            .enumerate()
    {
        let (before, out) = (format!("before{number}"), format!("run{number}"));
        desk.run(&[&input], &before, more);
        let (run, said) = since(&desk, &[&input], &before, &out, more);
        let (carried, decided) = carried(&run);
        let named = run.count("people") - run.count("people_unnamed");
        assert_eq!((carried, decided), (named, run.count("people_unnamed")));
        assert_eq!(told(&run), "");
        assert!(said.out.contains("every conviction is decided as it was"), "{}", said.out);
        // A run that was carried over is a run like any other.
        let (again, _) = since(&desk, &[&input], &out, &format!("again{number}"), more);
        assert_eq!(told(&again), "");
    }
}

#[test]
fn neither_the_order_of_rows_nor_the_files_they_stand_in_matter() {
    let desk = Desk::new();
    let mut rows = synthetic("clean", 5, 200);
    let input = desk.file("county.dat", extract(&rows));
    desk.run(&[&input], "before", &[]);
    shuffle(&mut rows, 9);
    let (one, other) = rows.split_at(rows.len() / 3);
    let (one, other) = (desk.file("one.dat", extract(one)), desk.file("other.dat", extract(other)));
    let (run, _) = since(&desk, &[&one, &other], "before", "run", &[]);
    assert_eq!(carried(&run), (200, 0));
    assert_eq!(told(&run), "");
}

#[test]
fn one_changed_cell_decides_one_person_again() {
    let desk = Desk::new();
    desk.run_rows(&three(), "before", &[]);
    let mut rows = three();
    rows[0][column("PRI_DOB")] = "19900615".into();
    let input = desk.file("new.dat", extract(&rows));
    let (run, said) = since(&desk, &[&input], "before", "run", &[]);
    assert_eq!(carried(&run), (2, 1));
    insta::assert_snapshot!(told(&run), @"1 101001001000 changed: dismiss > dismiss, because the person's rows changed");
    insta::assert_snapshot!(paragraph(&said), @"
    Since the run before
      no conviction that had relief has none now
                 1 conviction has another outcome, reason or question, and relief as before, because the person's rows changed
                 2 people carried over, 1 decided
                 0 people are new in this delivery, 0 are gone, 1 have other rows, evidence or unreadable lines
    Each of these convictions is a line of changes.csv
    ");
}

/// What the screen says of the run before.
fn paragraph(said: &Said) -> String {
    let from = said.out.find("Since the run before").expect("a paragraph");
    let to = said.out.find("Written to").expect("its end");
    said.out[from..to].to_owned()
}

#[test]
fn a_grant_of_somebody_who_is_gone_is_told() {
    let desk = Desk::new();
    desk.run_rows(&three(), "before", &[]);
    let input = desk.file("new.dat", extract(&three()[1..]));
    let (run, said) = since(&desk, &[&input], "before", "run", &[]);
    assert_eq!(carried(&run), (2, 0));
    insta::assert_snapshot!(told(&run), @"1 101001001000 gone_with_grant: dismiss > -, because nobody with this number is in this delivery");
    insta::assert_snapshot!(paragraph(&said), @"
    Since the run before
                 1 conviction that had relief is not in this delivery, because nobody with this number is in this delivery
                 2 people carried over, 0 decided
                 0 people are new in this delivery, 1 are gone, 0 have other rows, evidence or unreadable lines
    Each of these convictions is a line of changes.csv
    ");
    insta::assert_snapshot!(run.text("changes.csv"), @"
    subject_id,cnt_order,section,county,case_number,change,outcome_before,outcome,relief_before,relief,reason_before,reason,missing_before,missing,why
    1,101001001000,HS 11358,LOS ANGELES,C1,gone_with_grant,dismiss,,dismiss,,50 years or older,,,,nobody with this number is in this delivery
    ");
    let before = desk.path("before").display().to_string();
    let limited = |most: &str| {
        desk.decide(&[&input], &format!("at-most-{most}"), &["--since", &before, "--max-lost-grants", most])
    };
    assert_eq!(limited("1").code, Some(0));
    let over = limited("0");
    assert_eq!(over.code, Some(1));
    assert!(
        over.err.contains("1 convictions that had relief in the run before have none now"),
        "{}",
        over.err
    );
}

#[test]
fn somebody_with_another_number_is_looked_for_by_the_cii_number() {
    let desk = Desk::new();
    desk.run_rows(&three(), "before", &[]);
    let mut rows = three();
    rows[0][column("SUBJECT_ID")] = "77".into();
    let input = desk.file("new.dat", extract(&rows));
    let (run, _) = since(&desk, &[&input], "before", "run", &[]);
    insta::assert_snapshot!(told(&run), @"
    1 101001001000 gone_with_grant: dismiss > -, because nobody with this number is in this delivery; somebody with the same CII number is
    77 101001001000 newly_eligible: - > dismiss, because nobody with this number was in the delivery before
    ");
}

#[test]
fn a_count_that_is_gone_and_one_that_left_the_scope_are_told_apart() {
    let desk = Desk::new();
    let mut rows = three();
    rows.push(with(conviction("1", SECOND, "11359 HS-SELL", "20010504"), &[("PRI_DOB", "19500615")]));
    desk.run_rows(&rows, "before", &[]);
    rows.pop();
    rows[0][column("OFFENSE_DESCR")] = "484 PC-THEFT".into();
    let input = desk.file("new.dat", extract(&rows));
    let (run, _) = since(&desk, &[&input], "before", "run", &[]);
    insta::assert_snapshot!(told(&run), @"
    1 102001001000 gone_with_grant: dismiss > -, because the count is not in this delivery
    1 101001001000 no_longer_eligible: dismiss > out_of_scope, because the person's rows changed
    ");
}

#[test]
fn a_line_that_can_be_read_again_frees_its_neighbours() {
    let desk = Desk::new();
    let rows: Vec<Row> =
        (1..=3).map(|at| conviction(&at.to_string(), FIRST, "11358 HS-CULTIVATE", "20050504")).collect();
    let (first, rest) = rows.split_at(1);
    let broken = [&extract(first)[..], b"\"a\",\"line\",\"that\",\"is\",\"none\"\n", &extract(rest)].concat();
    let whole = desk.file("whole.dat", extract(&rows));
    let broken = desk.file("broken.dat", broken);
    desk.run(&[&broken], "before", &[]);
    let (run, _) = since(&desk, &[&whole], "before", "run", &[]);
    assert_eq!(carried(&run), (1, 2));
    insta::assert_snapshot!(told(&run), @"
    1 101001001000 newly_eligible: review > dismiss, because fewer lines that may be theirs cannot be read
    2 101001001000 newly_eligible: review > dismiss, because fewer lines that may be theirs cannot be read
    ");
    let (back, _) = since(&desk, &[&broken], "run", "back", &[]);
    assert_eq!(carried(&back), (1, 2));
    insta::assert_snapshot!(told(&back), @"
    1 101001001000 no_longer_eligible: dismiss > review, because more lines that may be theirs cannot be read
    2 101001001000 no_longer_eligible: dismiss > review, because more lines that may be theirs cannot be read
    ");
}

#[test]
fn evidence_decides_those_it_is_about() {
    let desk = Desk::new();
    desk.run_rows(&three(), "before", &[]);
    let input = desk.path("before.dat");
    let file = evidence::file(&desk, &[corrects("1", FIRST, "birth date", "1990-06-15")]);
    let more = ["--evidence", &file.display().to_string()];
    let (run, _) = since(&desk, &[&input], "before", "run", &more);
    assert_eq!(carried(&run), (2, 1));
    insta::assert_snapshot!(told(&run), @"1 101001001000 changed: dismiss > dismiss, because the evidence about the person changed");
    // Those with evidence are decided each time.
    let (again, _) = since(&desk, &[&input], "run", "again", &more);
    assert_eq!(carried(&again), (2, 1));
    assert_eq!(told(&again), "");
    let (without, _) = since(&desk, &[&input], "run", "without", &[]);
    assert_eq!(carried(&without), (2, 1));
    insta::assert_snapshot!(told(&without), @"1 101001001000 changed: dismiss > dismiss, because the evidence about the person changed");
}

#[test]
fn another_setting_decides_everybody_and_is_named() {
    let desk = Desk::new();
    desk.run_rows(&three(), "before", &[]);
    let input = desk.path("before.dat");
    let mut said = String::new();
    for (number, more) in [
        &["--set", "age=40"][..],
        &["--as-of", "2030-07-01"],
        &["--no-statute"],
        &["--policy", "us-ca/dismiss-all-prop64"],
        &["--horizon", "12m"],
    ]
    .iter()
    .enumerate()
    {
        let (run, on_screen) = since(&desk, &[&input], "before", &format!("run{number}"), more);
        assert_eq!(carried(&run), (0, 3));
        said += &format!("{}\n{}{}\n", more.join(" "), told(&run), paragraph(&on_screen));
    }
    insta::assert_snapshot!(said, @"
    --set age=40
    1 101001001000 changed: dismiss > dismiss, because the parameter age of the policy is 40, and was 50
    2 101001001000 changed: dismiss > dismiss, because the parameter age of the policy is 40, and was 50
    Since the run before
      no conviction that had relief has none now
                 2 convictions have another outcome, reason or question, and relief as before, because the parameter age of the policy is 40, and was 50
                 0 people carried over, 3 decided: everybody, because the parameter age of the policy is 40, and was 50
                 0 people are new in this delivery, 0 are gone, 0 have other rows, evidence or unreadable lines
    Each of these convictions is a line of changes.csv

    --as-of 2030-07-01
    Since the run before
      no conviction that had relief has none now
      every conviction is decided as it was
                 0 people carried over, 3 decided: everybody, because the day is 2030-07-01, and was 2020-07-01
                 0 people are new in this delivery, 0 are gone, 0 have other rows, evidence or unreadable lines


    --no-statute
    Since the run before
      no conviction that had relief has none now
      every conviction is decided as it was
                 0 people carried over, 3 decided: everybody, because the statute's policy is none, and was us-ca/hs-11361-8
                 0 people are new in this delivery, 0 are gone, 0 have other rows, evidence or unreadable lines


    --policy us-ca/dismiss-all-prop64
    2 102001001000 newly_eligible: not_eligible > dismiss, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
    3 101001001000 newly_eligible: not_eligible > dismiss, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
    1 101001001000 other_relief: dismiss > dismiss, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
    2 101001001000 other_relief: dismiss > dismiss, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
    Since the run before
      no conviction that had relief has none now
                 2 convictions newly have relief, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
                 2 convictions have other relief than before, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
                 0 people carried over, 3 decided: everybody, because the policy is us-ca/dismiss-all-prop64, and was us-ca/los-angeles-2020
                 0 people are new in this delivery, 0 are gone, 0 have other rows, evidence or unreadable lines
    Each of these convictions is a line of changes.csv

    --horizon 12m
    Since the run before
      no conviction that had relief has none now
      every conviction is decided as it was
                 0 people carried over, 3 decided: everybody, because the horizon is 12 months, and was none
                 0 people are new in this delivery, 0 are gone, 0 have other rows, evidence or unreadable lines
    ");
}

#[test]
fn new_people_and_relief_that_the_record_shows_are_no_losses() {
    let desk = Desk::new();
    let rows = three();
    desk.run_rows(&rows, "before", &[]);
    let mut rows = rows;
    rows.push(conviction("4", FIRST, "11358 HS-CULTIVATE", "20180504"));
    rows.push(with(conviction("5", FIRST, "11358 HS-CULTIVATE", "20010504"), &[("PRI_DOB", "19500615")]));
    let relief = [
        ("STP_EVENT_DATE", "20200301"),
        ("DISP_DESCR", "DISM PER 11361.8 HS PROP 64"),
        ("SENT_LOC_DESCR", ""),
        ("SENT_LENGTH", ""),
    ];
    rows.push(with(rows[0].clone(), &relief));
    let input = desk.file("new.dat", extract(&rows));
    let (run, said) = since(&desk, &[&input], "before", "run", &[]);
    insta::assert_snapshot!(told(&run), @"
    5 101001001000 newly_eligible: - > dismiss, because nobody with this number was in the delivery before
    1 101001001000 relief_recorded: dismiss > already_relieved, because the person's rows changed
    4 101001001000 new: - > not_eligible, because nobody with this number was in the delivery before
    ");
    insta::assert_snapshot!(paragraph(&said), @"
    Since the run before
      no conviction that had relief has none now
                 1 conviction newly has relief, because nobody with this number was in the delivery before
                 1 conviction that had relief has it in the record now, because the person's rows changed
                 1 conviction without relief that the run before did not decide, because nobody with this number was in the delivery before
                 2 people carried over, 3 decided
                 2 people are new in this delivery, 0 are gone, 1 have other rows, evidence or unreadable lines
    Each of these convictions is a line of changes.csv
    ");
}

#[test]
fn a_new_day_decides_everybody_and_names_itself() {
    let desk = Desk::new();
    let born = [("PRI_DOB", "19720615")];
    let rows = [
        with(conviction("1", FIRST, "11358 HS-CULTIVATE", "20120504"), &born),
        with(conviction("1", SECOND, "484 PC-THEFT", "20150504"), &born),
        with(conviction("2", FIRST, "11358 HS-CULTIVATE", "20120504"), &born),
    ];
    desk.run_rows(&rows, "before", &[]);
    let mut rows = rows.to_vec();
    rows[2][column("OFFENSE_DESCR")] = "11359 HS-SELL".into();
    let input = desk.file("new.dat", extract(&rows));
    let (run, said) = since(&desk, &[&input], "before", "run", &["--as-of", "2023-07-01"]);
    assert_eq!(carried(&run), (0, 2));
    insta::assert_snapshot!(told(&run), @"
    1 101001001000 newly_eligible: review > dismiss, because the day is 2023-07-01, and was 2020-07-01
    2 101001001000 changed: dismiss > dismiss, because the person's rows changed; the day is 2023-07-01, and was 2020-07-01
    ");
    insta::assert_snapshot!(paragraph(&said), @"
    Since the run before
      no conviction that had relief has none now
                 1 conviction newly has relief, because the day is 2023-07-01, and was 2020-07-01
                 1 conviction has another outcome, reason or question, and relief as before, because the person's rows changed and the day is 2023-07-01, and was 2020-07-01
                 0 people carried over, 2 decided: everybody, because the day is 2023-07-01, and was 2020-07-01
                 0 people are new in this delivery, 0 are gone, 1 have other rows, evidence or unreadable lines
    Each of these convictions is a line of changes.csv
    ");
    // The other way round the grants are lost, because of the day again.
    let (back, _) = since(&desk, &[&desk.path("before.dat")], "run", "back", &[]);
    insta::assert_snapshot!(told(&back), @"
    1 101001001000 no_longer_eligible: dismiss > review, because the day is 2020-07-01, and was 2023-07-01
    2 101001001000 changed: dismiss > dismiss, because the person's rows changed; the day is 2020-07-01, and was 2023-07-01
    ");
}

#[test]
fn rows_without_a_number_are_known_by_what_they_say() {
    let desk = Desk::new();
    let nobody = with(
        conviction("9", FIRST, "11358 HS-CULTIVATE", "20010504"),
        &[("SUBJECT_ID", ""), ("CII_NUMBER", "")],
    );
    let other = with(nobody.clone(), &[("DISP_DATE", "20020504")]);
    let mut rows = three();
    rows.extend([nobody.clone(), nobody.clone(), other]);
    desk.run_rows(&rows, "before", &[]);
    rows.pop();
    let input = desk.file("new.dat", extract(&rows));
    let (run, _) = since(&desk, &[&input], "before", "run", &[]);
    assert_eq!(carried(&run), (3, 2));
    insta::assert_snapshot!(told(&run), @"- 101001001000 gone: review > -, because nobody with this number is in this delivery");
}

#[test]
fn a_run_before_that_cannot_be_used_is_refused() {
    let desk = Desk::new();
    let input = desk.file("county.dat", extract(&three()));
    let refused = |before: &str, parts: &[&str]| {
        let before = desk.path(before).display().to_string();
        desk.decide(&[&input], "run", &["--since", &before]).refused(parts);
        desk.nothing_of("run");
    };
    refused("nothing", &["there is no such folder"]);
    desk.file("empty/file", "");
    refused("empty", &["not the folder of a finished run", "manifest.json"]);
    desk.file("sealed/manifest.json.age", "");
    refused("sealed", &["encrypted"]);
    desk.run(&[&input], "before", &[]);
    let path = desk.path("before").display().to_string();
    desk.decide(&[&input], "before", &["--since", &path]).refused(&["name the same folder"]);
    let table = desk.path("before/determinations.csv");
    let whole = std::fs::read(&table).unwrap();
    std::fs::write(&table, &whole[..whole.len() - 1]).unwrap();
    refused("before", &["determinations.csv", "cut off"]);
    std::fs::write(&table, String::from_utf8(whole).unwrap().replacen("dismiss", "DISMISS", 1)).unwrap();
    refused("before", &["determinations.csv", "not the file that its manifest names"]);
    std::fs::write(desk.path("before/people.idx"), b"VACATURI").unwrap();
    std::fs::write(&table, b"").unwrap();
    refused("before", &["determinations.csv"]);
}

#[test]
fn a_run_before_with_another_index_is_compared_and_not_carried_over() {
    let desk = Desk::new();
    desk.run_rows(&three(), "before", &[]);
    // As if another version had written it.
    let index = desk.path("before/people.idx");
    let mut bytes = std::fs::read(&index).unwrap();
    bytes[8] = 2;
    std::fs::write(&index, &bytes).unwrap();
    let manifest = desk.path("before/manifest.json");
    let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    for output in json["outputs"].as_array_mut().unwrap() {
        if output["name"] == "people.idx" {
            output["blake3"] = blake3::hash(&bytes).to_hex().to_string().into();
        }
    }
    std::fs::write(&manifest, serde_json::to_vec(&json).unwrap()).unwrap();
    let input = desk.file("new.dat", extract(&three()[1..]));
    let (run, said) = since(&desk, &[&input], "before", "run", &[]);
    assert_eq!(carried(&run), (0, 2));
    insta::assert_snapshot!(told(&run), @"1 101001001000 gone_with_grant: dismiss > -, because nobody with this number is in this delivery");
    insta::assert_snapshot!(paragraph(&said), @"
    Since the run before
                 1 conviction that had relief is not in this delivery, because nobody with this number is in this delivery
                 0 people carried over, 2 decided: everybody, because the run before has a people.idx of another version
    Each of these convictions is a line of changes.csv
    ");
}

#[test]
fn an_interrupted_run_goes_on_with_the_same_run_before_only() {
    let desk = Desk::new();
    let rows = synthetic("county", 11, 900);
    desk.run_rows(&rows, "before", &["--checkpoint", "1"]);
    desk.run_rows(&rows[20..], "other", &["--checkpoint", "1"]);
    let input = desk.file("new.dat", extract(&rows[10..]));
    let before = desk.path("before").display().to_string();
    let options = ["--checkpoint", "1", "--threads", "1", "--since", &before];
    let start = Instant::now();
    desk.run(&[&input], "whole", &options);
    let whole = start.elapsed();
    let checkpoint = desk.path("killed.partial/.checkpoint");
    for _ in 0..10 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vacatur"))
            .args(desk.args(&[&input], "killed", &options))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !checkpoint.exists() && child.try_wait().unwrap().is_none() && start.elapsed() < whole * 100 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = child.kill();
        child.wait().unwrap();
        if checkpoint.exists() {
            break;
        }
        let _ = std::fs::remove_dir_all(desk.path("killed"));
    }
    assert!(checkpoint.exists(), "no checkpoint was left");
    let mut others = options.map(str::to_owned).to_vec();
    others.push("--resume".into());
    others[5] = desk.path("other").display().to_string();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    desk.decide(&[&input], "killed", &others).refused(&["had other inputs, another policy, day, program"]);
    let mut more = options.to_vec();
    more.push("--resume");
    let said = desk.decide(&[&input], "killed", &more);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("went on after"), "{}", said.err);
    assert_eq!(names(&desk.path("whole")), names(&desk.path("killed")));
    for name in names(&desk.path("whole")) {
        assert!(
            Run::at(&desk.path("whole")).bytes(&name) == Run::at(&desk.path("killed")).bytes(&name),
            "{name}"
        );
    }
}

/// A change of a delivery.
#[derive(Clone, Debug)]
enum Edit {
    Cell { row: usize, column: &'static str, value: &'static str },
    Without { row: usize },
    WithoutPerson { row: usize },
    Twice { row: usize },
    Broken { row: usize },
    Nobody { row: usize },
    Swap { row: usize, other: usize },
}

fn edit() -> impl Strategy<Value = Edit> {
    let row = || 0..1000_usize;
    let cells = [
        ("PRI_DOB", "19550101"),
        ("PRI_DOB", "19950101"),
        ("PRI_DOB", ""),
        ("DISP_DATE", "20190101"),
        ("DISP_DESCR", "DISMISSED/FOJ"),
        ("DISP_DESCR", ""),
        ("OFFENSE_DESCR", "11358 HS-CULTIVATE"),
        ("OFFENSE_DESCR", "187(A) PC-MURDER"),
        ("CNT_ORDER", "x"),
        ("STP_ORI_CNTY_NAME", "KERN"),
        ("CONV_STAT_DESCR", "MISDEMEANOR"),
    ];
    prop_oneof![
        6 => (row(), prop::sample::select(cells.to_vec())).prop_map(|(row, (column, value))| Edit::Cell { row, column, value }),
        2 => row().prop_map(|row| Edit::Without { row }),
        2 => row().prop_map(|row| Edit::WithoutPerson { row }),
        1 => row().prop_map(|row| Edit::Twice { row }),
        2 => row().prop_map(|row| Edit::Broken { row }),
        1 => row().prop_map(|row| Edit::Nobody { row }),
        1 => (row(), row()).prop_map(|(row, other)| Edit::Swap { row, other }),
    ]
}

/// The delivery after the edits: rows as lines.
fn edited(rows: &[Row], edits: &[Edit]) -> Vec<u8> {
    let mut rows: Vec<(Row, bool)> = rows.iter().map(|row| (row.clone(), false)).collect();
    for edit in edits {
        let at = |row: &usize| row % rows.len();
        match edit {
            Edit::Cell { row, column: name, value } => {
                let at = at(row);
                rows[at].0[column(name)] = (*value).to_owned();
            }
            Edit::Without { row } => drop(rows.remove(at(row))),
            Edit::WithoutPerson { row } => {
                let subject = rows[at(row)].0[column("SUBJECT_ID")].clone();
                let rest: Vec<_> =
                    rows.iter().filter(|(row, _)| row[column("SUBJECT_ID")] != subject).cloned().collect();
                rows = if rest.is_empty() { rows } else { rest };
            }
            Edit::Twice { row } => rows.push(rows[at(row)].clone()),
            Edit::Broken { row } => {
                let at = at(row);
                rows[at].1 = true;
            }
            Edit::Nobody { row } => {
                let at = at(row);
                rows[at].0[column("SUBJECT_ID")] = String::new();
            }
            Edit::Swap { row, other } => {
                let (row, other) = (at(row), at(other));
                rows.swap(row, other);
            }
        }
    }
    let mut bytes = Vec::new();
    for (row, broken) in rows {
        let cells = if broken { &row[..row.len() / 2] } else { &row[..] };
        bytes.extend(common::Style::default().line(cells).into_bytes());
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever the edits: the run is the one that it would be without `--since`, and every grant that is lost is told.
    #[test]
    fn no_grant_is_lost_in_silence(edits in prop::collection::vec(edit(), 1..12)) {
        let desk = Desk::new();
        let rows = synthetic("county", 21, 60);
        let before = desk.run_rows(&rows, "before", &["--horizon", "6m"]);
        let input = desk.file("new.dat", edited(&rows, &edits));
        let (run, _) = since(&desk, &[&input], "before", "run", &["--horizon", "6m"]);

        // A count by person, cycle, step and count; several rows without a number may be the same.
        let granted = |run: &Run| {
            let mut granted: BTreeMap<(String, String), Vec<bool>> = BTreeMap::new();
            for one in run.determinations() {
                let whose = (one["subject_id"].clone(), one["cnt_order"][..9].to_owned());
                granted.entry(whose).or_default().push(grants(&one["outcome"]));
            }
            granted
        };
        let (was, now) = (granted(&before), granted(&run));
        let mut lost = 0;
        let told = run.table("changes.csv");
        for (whose, grants) in &was {
            let had = grants.iter().filter(|grant| **grant).count();
            let has = now.get(whose).map_or(0, |grants| grants.iter().filter(|grant| **grant).count());
            if had > has {
                lost += had - has;
                let lines = told.iter().filter(|line| {
                    line["subject_id"] == whose.0 && line["cnt_order"][..9] == whose.1
                        && ["gone_with_grant", "no_longer_eligible", "relief_recorded"].contains(&line["change"].as_str())
                });
                prop_assert!(lines.count() >= had - has, "a lost grant is not told");
            }
        }
        let recorded = told.iter().filter(|line| line["change"] == "relief_recorded").count();
        let number = run.json("changes.json")["lost_grants"].as_u64().unwrap() as usize;
        prop_assert!(number + recorded >= lost);
        let words = told.iter().filter(|line| ["gone_with_grant", "no_longer_eligible"].contains(&line["change"].as_str()));
        prop_assert_eq!(number, words.count());
        prop_assert!(told.iter().all(|line| !line["why"].is_empty()));
    }
}
