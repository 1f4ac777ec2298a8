//! `vacatur verify`: a finished run made again, and whatever somebody did to its folder.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{FIRST, HEADER, line, some_answer};
use common::{Desk, Run, Said, conviction, extract, names, synthetic};
use std::collections::BTreeMap;
use std::path::Path;

/// A county with all that a run may have: former spreadsheets, a horizon, evidence of which some is rejected.
fn county(desk: &Desk, evidence: bool) -> Run {
    let input = desk.file("in/county.dat", extract(&synthetic("county", 5, 300)));
    let more = ["--county", "LOS ANGELES", "--format", "bear", "--horizon", "24m", "--threads", "2"];
    if !evidence {
        return desk.run(&[&input], "run", &more);
    }
    let first = desk.run(&[&input], "asked", &["--county", "LOS ANGELES"]);
    let mut lines: Vec<String> = first.table("review.csv").iter().filter_map(some_answer).collect();
    assert!(lines.len() > 10, "no questions");
    lines.push(line("nobody", FIRST, "level", "felony"));
    let file = desk.file("in/evidence.csv", format!("{HEADER}\n{}\n", lines.join("\n")));
    let mut more: Vec<String> = more.iter().map(|arg| (*arg).to_owned()).collect();
    more.extend(["--evidence".into(), file.display().to_string()]);
    desk.run(&[&input], "run", &more.iter().map(String::as_str).collect::<Vec<_>>())
}

fn verify(desk: &Desk, more: &[&str]) -> Said {
    let said = desk.vacatur(["verify", "run"].iter().chain(more));
    // Whatever came of it, nothing is left behind.
    let left: Vec<String> = desk.names().into_iter().filter(|name| name.contains("verify")).collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    said
}

#[track_caller]
fn good(said: &Said) {
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("\nVERIFIED"), "{}", said.out);
}

/// The check found something, and says all of this.
#[track_caller]
fn bad(said: &Said, parts: &[&str]) {
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.ends_with("NOT VERIFIED.\n"), "{}", said.out);
    for part in parts {
        assert!(said.out.contains(part), "`{part}` is not in: {}", said.out);
    }
}

/// Changes one file of the run.
fn change(run: &Run, name: &str, change: impl FnOnce(&str) -> String) {
    let changed = change(&run.text(name));
    assert_ne!(changed, run.text(name), "nothing was changed");
    std::fs::write(run.dir.join(name), changed).expect("a file");
}

/// Makes the manifest list a file as it is now, as somebody would who covers up a change.
fn cover_up(run: &Run, name: &str) {
    let bytes = run.bytes(name);
    let mut manifest = run.json("manifest.json");
    let outputs = manifest["outputs"].as_array_mut().expect("outputs");
    let output = outputs.iter_mut().find(|output| output["name"] == name).expect("the file");
    let old = (output["blake3"].as_str().expect("a hash").to_owned(), output["bytes"].to_string());
    let new = (blake3::hash(&bytes).to_hex().to_string(), bytes.len().to_string());
    change(run, "manifest.json", |text| {
        text.replace(&old.0, &new.0).replace(
            &format!("\"bytes\": {},\n      \"blake3\": \"{}\"", old.1, new.0),
            &format!("\"bytes\": {},\n      \"blake3\": \"{}\"", new.1, new.0),
        )
    });
}

#[test]
fn a_run_is_made_again_on_any_number_of_threads() {
    let desk = Desk::new();
    let run = county(&desk, true);
    for threads in ["1", "3"] {
        let said = verify(&desk, &["--threads", threads]);
        good(&said);
        let determinations = run.count("determinations");
        for part in [
            "there are no others".to_owned(),
            format!("came out the same to the byte: {determinations} determinations, 300 people"),
        ] {
            assert!(said.out.contains(&part), "`{part}` is not in: {}", said.out);
        }
        assert!(!said.out.contains("Note"), "{}", said.out);
    }
    let said = verify(&desk, &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(json["verified"], true);
    assert_eq!(
        json["made_again"]["same"],
        run.json("manifest.json")["outputs"].as_array().expect("outputs").len()
    );
}

#[test]
fn inputs_of_all_kinds_are_read_again() {
    let rows = extract(&synthetic("county", 6, 40));
    let desk = Desk::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &rows).expect("memory");
    let packed = desk.file("county.gz", gzip.finish().expect("memory"));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("inner.dat", zip::write::SimpleFileOptions::default()).expect("memory");
    std::io::Write::write_all(&mut zip, &extract(&[conviction("1", FIRST, "11358 HS", "20100101")]))
        .expect("memory");
    let zipped = desk.file("more.zip", zip.finish().expect("memory").into_inner());
    desk.run(&[&packed, &zipped], "run", &[]);
    good(&verify(&desk, &[]));

    let said = desk.vacatur_fed(&rows, desk.args(&[Path::new("-")], "piped", &[]));
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.vacatur(["verify", "piped"]);
    good(&said);
    assert!(said.out.contains("standard-input was not made again"), "{}", said.out);
}

#[test]
fn a_changed_file_is_named_with_the_place() {
    let desk = Desk::new();
    let run = county(&desk, false);
    let table = run.text("determinations.csv");
    let lines: Vec<&str> = table.split_inclusive('\n').collect();
    let before: usize = lines[..3].iter().map(|line| line.len()).sum();
    let at = before + lines[3].find(',').expect("a comma") + 1;
    change(&run, "determinations.csv", |text| format!("{}9{}", &text[..at], &text[at + 1..]));
    let place = format!("first at line 4, byte {at}; 1 line differs");
    bad(
        &verify(&desk, &[]),
        &[
            "determinations.csv was changed",
            "determinations.csv: it comes out as the manifest lists, and was changed since",
            &place,
        ],
    );
    // Somebody who puts the hash right as well is found out by making the run again.
    cover_up(&run, "determinations.csv");
    let said = verify(&desk, &[]);
    bad(&said, &["Folder: all", "determinations.csv: it comes out otherwise", &place]);
    assert!(!said.out.contains("manifest.json"), "{}", said.out);
}

#[test]
fn numbers_in_the_manifest_are_looked_at() {
    let desk = Desk::new();
    let run = county(&desk, false);
    change(&run, "manifest.json", |text| text.replace("\"people\": 300", "\"people\": 299"));
    bad(&verify(&desk, &[]), &["manifest.json: it says something else of the run", "first at line"]);
}

#[test]
fn files_that_came_or_went_are_named() {
    let desk = Desk::new();
    let run = county(&desk, false);
    std::fs::remove_file(run.dir.join("review.csv")).expect("removed");
    std::fs::write(run.dir.join("notes.txt"), "mine").expect("written");
    bad(&verify(&desk, &[]), &["review.csv is missing", "notes.txt is not of this run"]);
}

#[test]
fn a_run_with_another_policy_is_not_made_again() {
    let desk = Desk::new();
    let run = county(&desk, false);
    change(&run, "policy.md", |text| text.replace("felony", "Felony"));
    bad(&verify(&desk, &[]), &["policy.md was changed", "was not made again: policy.md is not what it was"]);
}

#[test]
fn the_parameters_of_the_manifest_are_those_that_decide() {
    let desk = Desk::new();
    let run = county(&desk, false);
    change(&run, "manifest.json", |text| text.replace("\"LOS ANGELES\"", "\"SAN DIEGO\""));
    bad(&verify(&desk, &[]), &["determinations.csv: it comes out otherwise"]);
}

#[test]
fn moved_inputs_are_found_and_others_refused() {
    let desk = Desk::new();
    county(&desk, true);
    std::fs::rename(desk.path("in"), desk.path("elsewhere")).expect("renamed");
    verify(&desk, &[]).refused(&["county.dat", "is not there", "--inputs"]);
    good(&verify(&desk, &["--inputs", "elsewhere"]));
    good(&verify(&desk, &["--inputs", "elsewhere", "--sample", "20"]));

    let path = desk.path("elsewhere/county.dat");
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::write(&path, text.replacen("HS", "PC", 1)).expect("written");
    verify(&desk, &["--inputs", "elsewhere"])
        .refused(&["county.dat", "not the input that the run was made of"]);
}

#[test]
fn evidence_that_is_gone_is_taken_from_its_copy() {
    let desk = Desk::new();
    county(&desk, true);
    std::fs::remove_file(desk.path("in/evidence.csv")).expect("removed");
    let said = verify(&desk, &[]);
    good(&said);
    for part in
        ["taken from evidence.csv", "evidence_rejects.csv was not made again", "evidence_effects.csv was not"]
    {
        assert!(said.out.contains(part), "`{part}` is not in: {}", said.out);
    }
    // Another file of that name is not the evidence of this run.
    desk.file("in/evidence.csv", format!("{HEADER}\n"));
    assert!(verify(&desk, &[]).out.contains("taken from evidence.csv"));
}

#[test]
fn without_rejects_the_copy_of_the_evidence_is_enough() {
    let desk = Desk::new();
    let rows = [conviction("1", FIRST, "11358 HS", ""), conviction("2", FIRST, "11358 HS", "20100101")];
    let evidence = common::evidence::file(&desk, &[line("1", FIRST, "conviction date", "2012-03-04")]);
    let run = desk.run_rows(&rows, "run", &["--evidence", &evidence.display().to_string()]);
    assert_eq!(run.count("changed_by_evidence"), 1);
    std::fs::remove_file(evidence).expect("removed");
    let said = verify(&desk, &[]);
    good(&said);
    assert!(!said.out.contains("was not made again"), "{}", said.out);
}

#[test]
fn another_version_is_a_remark() {
    let desk = Desk::new();
    let run = county(&desk, false);
    change(&run, "manifest.json", |text| text.replacen("\"version\": \"", "\"version\": \"0.0.", 1));
    let said = verify(&desk, &[]);
    good(&said);
    assert!(said.out.contains("Note: the run was made by version 0.0."), "{}", said.out);
}

#[test]
fn a_sample_is_the_same_whatever_the_threads() {
    let desk = Desk::new();
    let run = county(&desk, true);
    let json = |more: &[&str]| {
        let said = verify(&desk, &[&["--json", "--sample", "50"], more].concat());
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        let json: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
        json["sampled"].clone()
    };
    let one = json(&["--threads", "1"]);
    assert_eq!(one, json(&["--threads", "4"]));
    assert_eq!((&one["people"], &one["people_same"]), (&50.into(), &50.into()));
    let other = json(&["--seed", "2"]);
    assert_ne!((&one["determinations"], &one["questions"]), (&other["determinations"], &other["questions"]));
    // All people who have a number at all.
    let said = verify(&desk, &["--sample", "100000"]);
    good(&said);
    let named = run.count("people") - run.count("people_unnamed");
    assert!(said.out.contains(&format!("{named} of {named} people")), "{}", said.out);
    let all = run.count("determinations");
    assert!(said.out.contains(&format!("{all} of {all} determinations")), "{}", said.out);
}

#[test]
fn a_sample_finds_what_was_covered_up() {
    let desk = Desk::new();
    let run = county(&desk, false);
    let row = run.determinations().into_iter().find(|row| row["outcome"] == "not_eligible").expect("a row");
    let words = format!("{},{},", row["subject_id"], row["cnt_order"]);
    change(&run, "determinations.csv", |text| {
        text.replace(&format!("{words}not_eligible"), &format!("{words}dismiss"))
    });
    bad(&verify(&desk, &["--sample", "300"]), &["determinations.csv is not what it was"]);
    cover_up(&run, "determinations.csv");
    let said = verify(&desk, &["--sample", "300"]);
    bad(&said, &["299 of 300 people", "determinations.csv, line "]);
    assert!(!said.out.contains(&row["subject_id"]), "a person is named: {}", said.out);

    // A row that is gone.
    change(&run, "determinations.csv", |text| {
        text.split_inclusive('\n').filter(|line| !line.starts_with(&words)).collect()
    });
    cover_up(&run, "determinations.csv");
    bad(&verify(&desk, &["--sample", "300"]), &["299 of 300 people", "it lacks rows of 1 of these people"]);
}

#[test]
fn a_hostile_file_is_the_same_again_and_nobody_is_named() {
    let desk = Desk::new();
    let input = desk.path("hostile.dat");
    let input = input.to_str().expect("text");
    let said = desk.vacatur([
        "synth",
        "--profile",
        "hostile",
        "--people",
        "300",
        "--seed",
        "9",
        "--quiet",
        "--out",
        input,
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let run = desk.run(&[Path::new(input)], "run", &["--format", "bear", "--county", "LOS ANGELES"]);
    good(&verify(&desk, &[]));
    let said = verify(&desk, &["--sample", "100000"]);
    good(&said);
    let subjects: BTreeMap<String, ()> =
        run.determinations().into_iter().map(|row| (row["subject_id"].clone(), ())).collect();
    for subject in subjects.keys().filter(|subject| subject.len() > 4) {
        assert!(!said.out.contains(subject.as_str()));
    }
}

#[test]
fn a_manifest_leads_nowhere_else() {
    let desk = Desk::new();
    let run = county(&desk, false);
    change(&run, "manifest.json", |text| {
        text.replace("\"name\": \"review.csv\"", "\"name\": \"../in/county.dat\"")
    });
    verify(&desk, &[]).refused(&["no name of a file in it"]);
}

#[test]
fn a_check_does_not_disturb_another_or_a_folder_of_that_name() {
    let desk = Desk::new();
    county(&desk, false);
    std::fs::create_dir(desk.path("run.verify")).expect("a folder");
    let said = desk.vacatur(["verify", "run"]);
    said.refused(&["run.verify", "it exists", "--scratch"]);
    std::fs::create_dir(desk.path("room")).expect("a folder");
    good(&desk.vacatur(["verify", "run", "--scratch", "room"]));
    assert!(names(&desk.path("room")).is_empty());
    // What an interrupted check left is cleared away.
    std::fs::remove_dir(desk.path("run.verify")).expect("removed");
    desk.file("run.verify.partial/.vacatur-run", "");
    desk.file("run.verify.partial/run/determinations.csv", "left");
    good(&verify(&desk, &[]));
}

#[test]
fn a_folder_that_is_no_run_is_refused() {
    let desk = Desk::new();
    desk.file("run/manifest.json", "{}");
    verify(&desk, &[]).refused(&["not a finished run", "manifest.json"]);
    desk.vacatur(["verify", "nowhere"]).refused(&["not a finished run"]);
}
