//! What a run leaves, to the byte.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{
    BEAR, Desk, LOS_ANGELES, Row, Run, clean_of_hashes, column, conviction, extract, row, synthetic, with,
};
use std::collections::BTreeMap;
use std::path::Path;
use vacatur_synth::columns;

/// One count of each outcome that the policy of Los Angeles can give, and rows that are rejected.
fn county() -> Vec<Row> {
    let c = conviction;
    let mut rows = vec![
        // 1: granted, nothing else on record.
        c("1001", "101001001000", "11358 HS-CULTIVATE MARIJUANA", "20010101"),
        // 9: granted; the line at the end that names 1001 has nothing to do with this one.
        c("1009", "101001001000", "11358 HS-CULTIVATE MARIJUANA", "20010101"),
        // 2: a murder before, and cannabis in another county.
        c("1002", "101001001000", "187(A) PC-MURDER", "19990101"),
        c("1002", "102001001000", "11359 HS-POSSESS FOR SALE", "20010101"),
        with(
            c("1002", "103001001000", "11359 HS-POSSESS FOR SALE", "20020101"),
            &[("STP_ORI_CNTY_NAME", "YOLO")],
        ),
        // 3: a misdemeanor.
        with(
            c("1003", "101001001000", "11357(B) HS-POSSESS", "20010101"),
            &[("CONV_STAT_DESCR", "MISDEMEANOR"), ("OFFENSE_TOC", "M")],
        ),
        // 4: relieved already.
        c("1004", "101001001000", "11360(A) HS-TRANSPORT", "20010101"),
        with(
            c("1004", "101001001000", "11360(A) HS-TRANSPORT", "20190301"),
            &[("DISP_DESCR", "DISM PER 11361.8 HS PROP 64"), ("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")],
        ),
        // 5: the level is not known; 6: other possession, read by a person.
        with(
            c("1005", "101001001000", "11358 HS-CULTIVATE", "20010101"),
            &[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")],
        ),
        c("1006", "101001001000", "11357(C) HS-POSSESS", "20010101"),
        // 7: a row that cannot be placed, and one that is not a row; the comment holds what CSV is hard on.
        with(
            c("1007", "101001001000", "SEE COMMENT FOR CHARGE", "20010101"),
            &[("COMMENT_TEXT", "CHARGE: \"11359 HS\",\r\nJOSÉ")],
        ),
        with(c("1007", "102", "459 PC-BURGLARY", "20020101"), &[]),
    ];
    // 8: twice the same row.
    let twice = c("1008", "101001001000", "11358 HS-CULTIVATE", "20150101");
    rows.extend([twice.clone(), twice]);
    rows
}

fn file(rows: &[Row]) -> Vec<u8> {
    let mut bytes = extract(rows);
    bytes.extend_from_slice(b"\"one\",\"line\",\"1001\",\"is no row\"\n");
    bytes
}

/// Runs in the folder itself, so that names are short and the same everywhere.
fn fixed(desk: &Desk, more: &[&str]) -> Run {
    desk.file("county.dat", file(&county()));
    let said = desk.vacatur(desk.args(&[Path::new("county.dat")], "run", more));
    assert_eq!(said.code, Some(0), "{}", said.err);
    Run::at(&desk.path("run"))
}

fn masked(run: &Run) -> String {
    let mut manifest = run.json("manifest.json");
    manifest["program"]["blake3"] = "PROGRAM".into();
    // Another test compares all lengths with the files.
    for output in manifest["outputs"].as_array_mut().expect("a list") {
        output["bytes"] = "LENGTH".into();
    }
    serde_json::to_string_pretty(&manifest).expect("JSON")
}

#[test]
fn a_small_run() {
    let desk = Desk::new();
    let run = fixed(&desk, &["--county", "LOS ANGELES", "--format", "bear"]);
    insta::assert_snapshot!("determinations", run.text("determinations.csv"));
    insta::assert_snapshot!("rejects", run.text("rejects.csv"));
    insta::assert_snapshot!("review", run.text("review.csv"));
    insta::assert_snapshot!("summary_json", clean_of_hashes(&run.text("summary.json")));
    insta::assert_snapshot!("summary_text", run.text("summary.txt"));
    // The hashes of the data are pinned elsewhere; that of the rows, the policy and the outputs are those of the bytes.
    insta::assert_snapshot!("manifest", clean_of_hashes(&masked(&run)));
    insta::assert_snapshot!("all_results", String::from_utf8(run.bytes("All_Results.csv")).expect("text"));
    assert_eq!(
        common::names(&run.dir),
        [
            "All_Results.csv",
            "All_Results_Condensed.csv",
            "Prop64_Results.csv",
            "determinations.csv",
            "determinations.parquet",
            "inputs.json",
            "manifest.json",
            "people.csv",
            "people.idx",
            "people.parquet",
            "policy.md",
            "rejects.csv",
            "review.csv",
            "statute.md",
            "summary.json",
            "summary.txt",
        ]
    );
}

#[test]
fn the_manifest_names_the_bytes() {
    let desk = Desk::new();
    let run = fixed(&desk, &["--county", "LOS ANGELES", "--format", "bear"]);
    let manifest = run.json("manifest.json");
    let outputs = manifest["outputs"].as_array().expect("a list");
    let mut named: Vec<&str> = Vec::new();
    for output in outputs {
        let name = output["name"].as_str().expect("a name");
        named.push(name);
        assert_eq!(output["bytes"], run.bytes(name).len(), "{name}");
    }
    let mut there = common::names(&run.dir);
    there.retain(|name| name != "manifest.json" && name != "inputs.json");
    assert_eq!(named, there);
    assert_eq!(
        manifest["inputs"][0]["bytes"],
        std::fs::read(desk.path("county.dat")).expect("the input").len()
    );
    assert_eq!(run.text("policy.md"), desk.vacatur(["policy", "show", LOS_ANGELES]).out);
    assert_eq!(manifest["policy"]["blake3"], run.json("summary.json")["run"]["policy_hash"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_a_run() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let run = fixed(&desk, &["--format", "bear"]);
    let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o7777;
    assert_eq!(mode(&run.dir), 0o700);
    for name in common::names(&run.dir) {
        assert_eq!(mode(&run.dir.join(&name)), 0o600, "{name}");
    }
    let args = desk.args(&[Path::new("-")], "fed", &[]);
    desk.vacatur_fed(&extract(&county()), args);
    for name in common::names(&desk.path("fed")) {
        assert_eq!(mode(&desk.path("fed").join(&name)), 0o600, "{name}");
    }
}

#[test]
fn the_parquet_file_is_whole() {
    let desk = Desk::new();
    let run = fixed(&desk, &[]);
    let bytes = run.bytes("determinations.parquet");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let footer =
        u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().expect("four bytes")) as usize;
    assert!(footer + 12 < bytes.len());
    // The footer names every column, in the order of the CSV file.
    let footer = String::from_utf8_lossy(&bytes[bytes.len() - 8 - footer..bytes.len() - 8]).into_owned();
    let mut at = 0;
    for name in run.text("determinations.csv").lines().next().expect("a header").split(',') {
        at += footer[at..]
            .find(name)
            .unwrap_or_else(|| panic!("{name} is not in the footer, or not in its place"))
            + name.len();
    }
    // No row: still a file that can be read.
    let empty = desk.file("empty.csv", columns().join(",") + "\n");
    let bytes = desk.run(&[&empty], "empty", &[]).bytes("determinations.parquet");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn the_spreadsheets_keep_every_cell() {
    let desk = Desk::new();
    let rows = county();
    let run = fixed(&desk, &["--policy", BEAR, "--county", "LOS ANGELES", "--format", "bear"]);
    let read = |name: &str| -> Vec<csv::ByteRecord> {
        let bytes = run.bytes(name);
        csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.as_slice())
            .byte_records()
            .map(|record| record.expect("a row"))
            .collect()
    };
    let all = read("All_Results.csv");
    assert_eq!(all.len(), rows.len() + 1, "a header and every row of the input that is one");
    assert!(all.iter().all(|record| record.len() == 95 + 18));
    assert!(all[0].iter().take(95).eq(columns().iter().map(|name| name.as_bytes())));
    for (record, row) in all[1..].iter().zip(&rows) {
        assert!(record.iter().take(95).eq(row.iter().map(|cell| cell.as_bytes())), "{record:?}");
    }
    // The bytes of a row are those that came in, quotes and all.
    let (out, came) = (run.bytes("All_Results.csv"), extract(&rows[..1]));
    let after_header = out.iter().position(|&byte| byte == b'\n').expect("a header") + 1;
    assert!(out[after_header..].starts_with(&came[..came.len() - 1]));

    let condensed = read("All_Results_Condensed.csv");
    assert_eq!(condensed.len(), all.len());
    assert!(condensed.iter().all(|record| record.len() == 20 + 18));
    let places: Vec<usize> =
        condensed[0].iter().take(20).map(|name| column(std::str::from_utf8(name).expect("a name"))).collect();
    for (record, row) in condensed[1..].iter().zip(&rows) {
        assert!(record.iter().take(20).eq(places.iter().map(|&at| row[at].as_bytes())));
    }
    for (one, two) in all.iter().zip(&condensed) {
        assert!(one.iter().skip(95).eq(two.iter().skip(20)), "the added cells are the same");
    }

    // Prop64_Results holds the rows of the counts that were decided, and no others.
    let decided: Vec<(String, String)> = run
        .determinations()
        .into_iter()
        .map(|one| (one["subject_id"].clone(), one["cnt_order"][..9].to_owned()))
        .collect();
    let cannabis = read("Prop64_Results.csv");
    assert!(cannabis.iter().all(|record| record.len() == 95 + 18));
    let text = |record: &csv::ByteRecord, at: usize| String::from_utf8_lossy(&record[at]).into_owned();
    let key = |record: &csv::ByteRecord| {
        (
            text(record, column("SUBJECT_ID")),
            text(record, column("CNT_ORDER")).chars().take(9).collect::<String>(),
        )
    };
    // A row that repeats another byte for byte is none of the count's: it was used once.
    let mut seen = std::collections::BTreeSet::new();
    let counts: Vec<bool> = rows
        .iter()
        .zip(&all[1..])
        .map(|(row, record)| seen.insert(row) && decided.contains(&key(record)))
        .collect();
    let expected: Vec<&csv::ByteRecord> =
        all[1..].iter().zip(&counts).filter(|(_, counts)| **counts).map(|(record, _)| record).collect();
    assert!(expected.len() > 6);
    assert_eq!(cannabis[1..].iter().collect::<Vec<_>>(), expected);
    let (outcome, reason) = (95 + 16, 95 + 17);
    assert_eq!(text(&cannabis[0], outcome), "Eligibility Determination");
    for (record, counts) in all[1..].iter().zip(counts) {
        assert_eq!(!text(record, outcome).is_empty(), counts);
        assert_eq!(!text(record, reason).is_empty(), counts);
    }
}

#[test]
fn the_spreadsheets_of_a_hostile_file_have_their_columns() {
    let desk = Desk::new();
    let rows = synthetic("hostile", 8, 80);
    for (out, bytes) in [
        ("plain", extract(&rows)),
        ("crlf", common::Style { quotes: common::Quotes::Needed, end: "\r\n" }.text(&rows).into_bytes()),
    ] {
        let input = desk.file(&format!("{out}.dat"), bytes);
        let run = desk.run(&[&input], out, &["--format", "bear"]);
        for (name, width) in
            [("All_Results.csv", 113), ("All_Results_Condensed.csv", 38), ("Prop64_Results.csv", 113)]
        {
            let bytes = run.bytes(name);
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
            let widths: BTreeMap<usize, usize> =
                reader.byte_records().fold(BTreeMap::new(), |mut widths, record| {
                    *widths.entry(record.expect("a row").len()).or_default() += 1;
                    widths
                });
            assert_eq!(widths.keys().collect::<Vec<_>>(), [&width], "{name}");
        }
        let unread = run
            .rejects()
            .iter()
            .filter(|one| !matches!(one["kind"].as_str(), "count_number" | "duplicate_row"))
            .count();
        let all = csv::Reader::from_reader(run.bytes("All_Results.csv").as_slice()).byte_records().count();
        assert_eq!(all, rows.len() - unread, "every row that could be read");
    }
}

#[test]
fn limits_end_a_run_with_one_and_keep_it() {
    let desk = Desk::new();
    desk.file("county.dat", file(&county()));
    let run = desk.run(
        &[Path::new("county.dat")]
            .map(|_| desk.path("county.dat"))
            .iter()
            .map(std::path::PathBuf::as_path)
            .collect::<Vec<_>>(),
        "run",
        &[],
    );
    let (rejects, reviews) =
        (run.count("rejects"), run.json("summary.json")["by_outcome"]["review"].as_u64().expect("reviews"));
    assert!(rejects > 0 && reviews > 0);
    let input = desk.path("county.dat");
    let limited =
        |out: &str, name: &str, limit: u64| desk.decide(&[&input], out, &[name, &limit.to_string()]);
    assert_eq!(limited("a", "--max-rejects", rejects).code, Some(0));
    assert_eq!(limited("b", "--max-reviews", reviews).code, Some(0));
    for (out, name, limit) in [("c", "--max-rejects", rejects - 1), ("d", "--max-reviews", reviews - 1)] {
        let said = limited(out, name, limit);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert!(said.err.contains(name), "{}", said.err);
        // The run is whole all the same.
        assert_eq!(Run::at(&desk.path(out)).bytes("determinations.csv"), run.bytes("determinations.csv"));
    }
    let said = desk.decide(&[&input], "quiet", &["--quiet", "--max-rejects", "0"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
}

#[test]
fn every_output_is_the_same_on_any_number_of_threads() {
    let desk = Desk::new();
    let mut rows = synthetic("hostile", 31, 250);
    common::shuffle(&mut rows, 9);
    let input = desk.file("input.dat", file(&rows));
    let run = |threads: &str| {
        desk.run(
            &[&input],
            &format!("run-{threads}"),
            &["--policy", BEAR, "--format", "bear", "--threads", threads],
        )
    };
    let (one, three) = (run("1"), run("3"));
    for name in common::names(&one.dir) {
        assert!(one.bytes(&name) == three.bytes(&name), "{name}");
    }
    assert_eq!(common::names(&one.dir), common::names(&three.dir));
}

// --------------------------------------------------------------------------------------------------------------- explain

#[test]
fn every_outcome_is_explained() {
    let desk = Desk::new();
    let run = fixed(&desk, &["--county", "LOS ANGELES"]);
    let mut seen: BTreeMap<String, (String, String)> = BTreeMap::new();
    for one in run.determinations() {
        let missing = if one["missing"].is_empty() { "" } else { "_open" };
        seen.entry(format!("{}{missing}", one["outcome"]))
            .or_insert((one["subject_id"].clone(), one["cnt_order"].clone()));
    }
    assert_eq!(
        seen.keys().collect::<Vec<_>>(),
        ["already_relieved", "dismiss", "not_eligible", "refer", "review", "review_open"]
    );
    for (outcome, (person, count)) in seen {
        let text = desk.vacatur(["explain", "run", "--person", &person, "--count", &count]);
        assert_eq!((text.code, text.err.as_str()), (Some(0), ""));
        insta::assert_snapshot!(format!("explain_{outcome}"), clean_of_hashes(&text.out));
        let json = desk.vacatur(["explain", "run", "--person", &person, "--count", &count, "--json"]);
        assert_eq!(json.code, Some(0), "{}", json.err);
        let value: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
        assert_eq!(value.as_array().map(Vec::len), Some(1));
        insta::assert_snapshot!(format!("explain_{outcome}_json"), clean_of_hashes(&json.out));
        // By the CII number it is the same person.
        let by_cii = desk.vacatur(["explain", "run", "--person", &format!("a{person}"), "--count", &count]);
        assert_eq!(by_cii.out, text.out, "{}", by_cii.err);
    }
}

#[test]
fn an_explanation_agrees_with_the_determination() {
    let desk = Desk::new();
    let rows = synthetic("hostile", 17, 60);
    let input = desk.file("input.dat", extract(&rows));
    let run = desk.run(&[&input], "run", &["--county", "LOS ANGELES"]);
    let mut of_person: BTreeMap<String, Vec<common::Determination>> = BTreeMap::new();
    for one in run.determinations().into_iter().filter(|one| !one["subject_id"].is_empty()) {
        of_person.entry(one["subject_id"].clone()).or_default().push(one);
    }
    for (person, determinations) in of_person.into_iter().take(25) {
        let said = desk.vacatur(["explain", "run", "--person", &person]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        for one in &determinations {
            assert!(
                said.out.contains(&one["cnt_order"]) && said.out.contains(&one["reason"]),
                "{one:?}\n{}",
                said.out
            );
        }
    }
}

#[test]
fn an_input_that_was_moved_is_found_again() {
    let desk = Desk::new();
    let input = desk.file("here/county.dat", file(&county()));
    desk.run(&[&input], "run", &[]);
    std::fs::create_dir(desk.path("there")).expect("a folder");
    std::fs::rename(&input, desk.path("there/county.dat")).expect("moved");
    let said = desk.vacatur(["explain", "run", "--person", "1001"]);
    said.refused(&["county.dat", "is not there", "--inputs"]);
    let said = desk.vacatur(["explain", "run", "--person", "1001", "--inputs", "there"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = desk.vacatur(["explain", "run", "--person", "1001", "--inputs", "nowhere"]);
    said.refused(&["nowhere", "is not there"]);
}

#[test]
fn two_inputs_of_one_name_are_found_again() {
    let desk = Desk::new();
    let (north, south) =
        county().into_iter().partition::<Vec<Row>, _>(|row| row[column("SUBJECT_ID")].as_str() < "1004");
    let (one, two) =
        (desk.file("north/county.dat", extract(&north)), desk.file("south/county.dat", extract(&south)));
    desk.run(&[&one, &two], "run", &[]);
    for person in ["1001", "1005"] {
        let said = desk.vacatur(["explain", "run", "--person", person]);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
}

#[test]
fn an_input_that_was_changed_is_noticed() {
    let desk = Desk::new();
    let bytes = file(&county());
    let input = desk.file("county.dat", &bytes);
    desk.run(&[&input], "run", &[]);
    // Shorter, or as long as before with another date in the person's rows.
    desk.file("county.dat", &bytes[..bytes.len() - 1]);
    desk.vacatur(["explain", "run", "--person", "1001"]).refused(&["county.dat", "changed since the run"]);
    let changed = String::from_utf8(bytes.clone()).expect("text").replacen("20010101", "20020101", 2);
    desk.file("county.dat", &changed);
    let said = desk.vacatur(["explain", "run", "--person", "1001"]);
    said.refused(&["county.dat", "changed since the run"]);
    assert!(said.out.is_empty());
    // Whose rows are as they were can still be explained.
    assert_eq!(desk.vacatur(["explain", "run", "--person", "1005"]).code, Some(0));
    desk.file("county.dat", &bytes);
    assert_eq!(desk.vacatur(["explain", "run", "--person", "1001"]).code, Some(0));
}

#[test]
fn a_run_that_was_meddled_with_is_not_explained() {
    let desk = Desk::new();
    let run = fixed(&desk, &[]);
    let policy = run.text("policy.md");
    desk.file("run/policy.md", policy.replace("= 50, from 40 to 65", "= 40, from 40 to 65"));
    desk.vacatur(["explain", "run", "--person", "1001"])
        .refused(&["policy.md is not the document that the manifest names"]);
    desk.file("run/policy.md", &policy);
    let index = run.bytes("people.idx");
    for broken in [
        &index[..index.len() - 1],
        &index[..16],
        b"",
        &b"VACATURI\x01\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0"[..],
    ] {
        desk.file("run/people.idx", broken);
        for person in ["1001", "1008", "nobody"] {
            let said = desk.vacatur(["explain", "run", "--person", person]);
            assert!(
                said.code == Some(2) || (person != "nobody" && said.code == Some(0)),
                "{}{}",
                said.out,
                said.err
            );
        }
    }
    desk.file("run/people.idx", index);
    desk.file("run/manifest.json", "{}");
    desk.vacatur(["explain", "run", "--person", "1001"]).refused(&["manifest.json", "not a finished run"]);
    desk.vacatur(["explain", "nowhere", "--person", "1001"]).refused(&[
        "nowhere",
        "not a finished run",
        "--out",
    ]);
}

#[test]
fn a_person_without_a_count_in_scope_is_told_so() {
    let desk = Desk::new();
    let input = desk.file(
        "input.dat",
        extract(&[
            conviction("5", "101001001000", "459 PC-BURGLARY", "20010101"),
            row(&[("SUBJECT_ID", "6"), ("CNT_ORDER", "x")]),
        ]),
    );
    desk.run(&[&input], "run", &[]);
    for person in ["5", "6"] {
        desk.vacatur(["explain", "run", "--person", person]).refused(&["none"]);
    }
}
