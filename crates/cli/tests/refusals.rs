//! What cannot be written, and what cannot be asked: refused with the place and with what to do, and nothing is left.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{BEAR, Desk, Row, conviction, extract, with};

const CANNABIS: &str = "11358 HS-CULTIVATE";

/// Nobody's record but a cannabis conviction of long ago: granted, because nothing else is there.
fn clean(subject: &str) -> Row {
    conviction(subject, "101001001000", CANNABIS, "20010101")
}

// ------------------------------------------------------------------------------------------------- where the run is to go

#[test]
fn the_output_folder_exists() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    for (name, make) in [("folder", true), ("file", false)] {
        if make {
            std::fs::create_dir(desk.path(name)).expect("a folder");
        } else {
            desk.file(name, "mine");
        }
        desk.decide(&[&input], name, &[]).refused(&[name, "exists", "--out"]);
    }
    assert_eq!(desk.names(), ["file", "folder/", "good.dat"]);
    assert_eq!(std::fs::read_to_string(desk.path("file")).expect("the file"), "mine");
    // Not even a run of one's own is written over.
    desk.run(&[&input], "run", &[]);
    let before = std::fs::read(desk.path("run/manifest.json")).expect("a manifest");
    desk.decide(&[&input], "run", &["--set", "age=40"]).refused(&["exists"]);
    assert_eq!(std::fs::read(desk.path("run/manifest.json")).expect("a manifest"), before);
}

#[test]
fn the_output_cannot_be_made_inside_a_file() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    let said = desk.decide(&[&input], "good.dat/run", &[]);
    said.refused(&["good.dat"]);
    assert_eq!(desk.names(), ["good.dat"]);
}

#[test]
fn a_folder_that_is_not_ours_is_not_cleared_away() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    desk.file("run.partial/thesis.txt", "years of work");
    desk.decide(&[&input], "run", &[]).refused(&["run.partial"]);
    assert_eq!(
        std::fs::read_to_string(desk.path("run.partial/thesis.txt")).expect("the file"),
        "years of work"
    );
    assert!(!desk.path("run").exists());
}

#[test]
fn what_an_interrupted_run_left_is_cleared_away() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    desk.file("run.partial/.vacatur-run", "");
    desk.file("run.partial/determinations.csv", "half");
    let run = desk.run(&[&input], "run", &[]);
    assert_eq!(run.count("determinations"), 1);
    assert!(!desk.path("run.partial").exists());
    assert!(!desk.path("run/.vacatur-run").exists());
}

/// A disk that takes no more: the shell limits how long a file may be, and writing beyond it is an error.
#[cfg(unix)]
#[track_caller]
fn limited(desk: &Desk, blocks: u32, args: &[String]) -> common::Said {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = std::process::Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_vacatur")])
        .args(args)
        .current_dir(desk.path("."))
        .output()
        .expect("a shell");
    common::Said::of(output)
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing() {
    let desk = Desk::new();
    let rows = common::synthetic("clean", 4, 400);
    let input = desk.file("input.dat", extract(&rows));
    // A few kilobytes: the first output to grow beyond them cannot be written.
    for (blocks, more) in [(16, vec![]), (16, vec!["--policy", BEAR, "--format", "bear"]), (0, vec![])] {
        let said = limited(&desk, blocks, &desk.args(&[&input], "run", &more));
        said.refused(&["run.partial", "failed"]);
        desk.nothing_of("run");
    }
    // Enough room, the same way: the limit is what made it fail.
    let said = limited(&desk, 1 << 20, &desk.args(&[&input], "run", &[]));
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_full_disk_while_unpacking_leaves_nothing() {
    use std::io::Write as _;
    let desk = Desk::new();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&extract(&common::synthetic("clean", 4, 100))).expect("memory");
    let input = desk.file("input.dat.gz", packer.finish().expect("memory"));
    limited(&desk, 8, &desk.args(&[&input], "run", &[])).refused(&[
        "input.dat.gz",
        "working copy",
        "free some space",
    ]);
    desk.nothing_of("run");
}

// --------------------------------------------------------------------------------------------------------- what is asked

#[test]
fn a_county_that_is_not_in_the_file() {
    let desk = Desk::new();
    let elsewhere = |subject, county| with(clean(subject), &[("STP_ORI_CNTY_NAME", county)]);
    let input =
        desk.file("good.dat", extract(&[clean("1"), elsewhere("2", "YOLO"), elsewhere("3", "SAN BENITO")]));
    let said = desk.decide(&[&input], "run", &["--county", "LOS ANGELS"]);
    said.refused(&["LOS ANGELS", "did you mean LOS ANGELES?"]);
    desk.nothing_of("run");
    let said = desk.decide(&[&input], "run", &["--set", "county=Sn Benito"]);
    said.refused(&["did you mean SAN BENITO?"]);
    desk.nothing_of("run");
    let said = desk.decide(&[&input], "run", &["--county", "ZZZZZZZZZZ"]);
    said.refused(&["ZZZZZZZZZZ", "LOS ANGELES", "YOLO"]);
    desk.nothing_of("run");
    // Case and blanks are no difference.
    assert_eq!(desk.run(&[&input], "run", &["--county", " los  angeles "]).count("determinations"), 1);
}

#[test]
fn a_county_that_does_not_exist_is_refused_even_if_no_row_names_one() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[with(clean("1"), &[("STP_ORI_CNTY_NAME", "")])]));
    let said = desk.decide(&[&input], "run", &["--county", "LOS ANGELS"]);
    said.refused(&["LOS ANGELS"]);
    desk.nothing_of("run");
}

#[test]
fn policies_that_are_not_there() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    desk.decide(&[&input], "run", &["--policy", "us-ca/los-angles-2020"])
        .refused(&["us-ca/los-angles-2020", "did you mean `us-ca/los-angeles-2020`?"]);
    desk.decide(&[&input], "run", &["--policy", "qqqqqqqqqqqqqqqqqqqqqqqqqq"])
        .refused(&["vacatur policy list"]);
    std::fs::create_dir(desk.path("policies")).expect("a folder");
    desk.decide(&[&input], "run", &["--policy", "policies"]).refused(&["policies", "this is a folder"]);
    desk.file("latin.md", b"# Pe\xf1a\n");
    desk.decide(&[&input], "run", &["--policy", "latin.md"]).refused(&["latin.md", "byte 5", "UTF-8"]);
    desk.nothing_of("run");
}

#[test]
fn a_policy_with_errors_shows_line_and_caret() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    let shelved = desk.vacatur(["policy", "show", BEAR]).out;
    let broken =
        shelved.replace("when conviction.section in dismissed\n", "when conviction.sektion in dismissed\n");
    assert_ne!(broken, shelved);
    let line = broken.lines().position(|line| line.contains("sektion")).expect("the line") + 1;
    desk.file("broken.md", &broken);
    let said = desk.decide(&[&input], "run", &["--policy", "broken.md"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    for part in ["sektion", &format!("broken.md:{line}:"), "did you mean"] {
        assert!(said.err.contains(part), "`{part}` is not in: {}", said.err);
    }
    let marked = said
        .err
        .lines()
        .skip_while(|line| !line.contains("when conviction.sektion"))
        .nth(1)
        .expect("a line below");
    assert!(marked.contains('^') || marked.contains('─') || marked.contains('┬'), "{}", said.err);
    desk.nothing_of("run");
    desk.file("empty.md", "");
    let said = desk.decide(&[&input], "run", &["--policy", "empty.md"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(said.err.contains("empty.md") || said.err.contains("policy"), "{}", said.err);
    desk.nothing_of("run");
}

#[test]
fn settings_that_cannot_be() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    let set = |policy: &str, setting: &str, says: &[&str]| {
        let said = desk.decide(&[&input], "run", &["--policy", policy, "--set", setting]);
        said.refused(says);
        desk.nothing_of("run");
    };
    set(common::LOS_ANGELES, "years-cleen=5", &["years-cleen", "did you mean `years-clean`?"]);
    set(common::LOS_ANGELES, "age=39", &["`age` cannot be `39`", "from 40 to 65"]);
    set(common::LOS_ANGELES, "age=66", &["from 40 to 65"]);
    set(common::LOS_ANGELES, "age=off", &["`age` cannot be `off`"]);
    set(common::LOS_ANGELES, "age=", &["`age` cannot be ``"]);
    set(common::LOS_ANGELES, "age=4294967346", &["`age` cannot be"]);
    set(common::LOS_ANGELES, "age", &["age", "NAME=VALUE"]);
    set(common::LOS_ANGELES, "youth=tomorrow", &["one of \"today\", \"conviction\""]);
    set(BEAR, "under-21=maybe", &["yes or no"]);
    set(BEAR, "reduced=HS 11361", &["HS 11357, HS 11358, HS 11359, HS 11360"]);
    // The default dismisses all four.
    set(BEAR, "reduced=HS 11357", &["HS 11357", "dismissed", "reduced"]);
    assert_eq!(
        desk.run(&[&input], "run", &["--set", "age=65", "--set", "AGE = 64"]).json("manifest.json")["policy"]
            ["parameters"][1][1],
        "64"
    );
}

#[test]
fn options_files_that_cannot_be() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    let options = |json: &str, says: &[&str]| {
        desk.file("options.json", json);
        let said = desk.decide(&[&input], "run", &["--policy", BEAR, "--options", "options.json"]);
        said.refused(says);
        desk.nothing_of("run");
    };
    options("dismiss: all", &["not JSON", "line 1"]);
    options("", &["not JSON"]);
    options("[]", &["one object"]);
    options(
        r#"{"baselineEligibility": {"dismis": ["11357"]}}"#,
        &["baselineEligibility.dismis", "did you mean `baselineEligibility.dismiss`?"],
    );
    options(
        r#"{"baselineEligibilty": {"dismiss": ["11357"]}}"#,
        &["baselineEligibilty", "did you mean `baselineEligibility`?"],
    );
    options(
        r#"{"baselineEligibility": {"dismiss": ["11361"]}}"#,
        &["baselineEligibility.dismiss", "11361", "HS 11357, HS 11358, HS 11359, HS 11360"],
    );
    options(
        r#"{"baselineEligibility": {"dismiss": [11357]}}"#,
        &["baselineEligibility.dismiss", "a list of sections"],
    );
    options(
        r#"{"baselineEligibility": {"dismiss": ["11357"], "reduce": ["11358", "11357"]}}"#,
        &["HS 11357", "dismissed", "reduced"],
    );
    options(r#"{"baselineEligibility": ["11357"]}"#, &["baselineEligibility", "an object"]);
    options(
        r#"{"additionalRelief": {"subjectAgeThreshold": 39}}"#,
        &["additionalRelief.subjectAgeThreshold", "from 40 to 65"],
    );
    options(
        r#"{"additionalRelief": {"subjectAgeThreshold": 50.5}}"#,
        &["additionalRelief.subjectAgeThreshold", "a whole number"],
    );
    options(
        r#"{"additionalRelief": {"subjectAgeThreshold": 99999999999999999999}}"#,
        &["additionalRelief.subjectAgeThreshold"],
    );
    options(r#"{"additionalRelief": {"yearsSinceConvictionThreshold": 16}}"#, &["from 1 to 15"]);
    options(
        r#"{"additionalRelief": {"subjectIsDeceased": "yes"}}"#,
        &["additionalRelief.subjectIsDeceased", "true or false"],
    );
    desk.decide(&[&input], "run", &["--policy", BEAR, "--options", "nowhere.json"])
        .refused(&["nowhere.json"]);
    desk.file("options.json", r#"{"baselineEligibility": {"dismiss": ["11357"]}}"#);
    desk.decide(&[&input], "run", &["--options", "options.json"])
        .refused(&["takes no options file", "--set"]);
    desk.nothing_of("run");
}

#[test]
fn the_options_file_is_named_in_its_errors() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    desk.file("county-options.json", r#"{"additionalRelief": {"subjectAgeThreshold": 39}}"#);
    desk.decide(&[&input], "run", &["--policy", BEAR, "--options", "county-options.json"])
        .refused(&["county-options.json"]);
}

#[test]
fn an_options_file_sets_what_it_says_and_nothing_else() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    desk.file("options.json", "\u{feff}{\"baselineEligibility\": {\"dismiss\": [\"11357\", \"11358\", \"11359\"], \"reduce\": [\"11360\"]}, \"additionalRelief\": {\"subjectAgeThreshold\": 0, \"subjectIsDeceased\": true}}");
    let run =
        desk.run(&[&input], "run", &["--policy", BEAR, "--options", "options.json", "--set", "years-old=7"]);
    let parameters: std::collections::BTreeMap<String, String> =
        serde_json::from_value(run.json("summary.json")["run"]["parameters"].clone()).expect("parameters");
    let is = |name: &str| parameters[name].as_str();
    assert_eq!((is("dismissed"), is("reduced")), ("HS 11357, HS 11358, HS 11359", "HS 11360"));
    assert_eq!(
        (
            is("age"),
            is("when-deceased"),
            is("under-21"),
            is("only-cannabis"),
            is("years-clean"),
            is("years-old")
        ),
        ("off", "yes", "no", "no", "off", "7")
    );
}

#[test]
fn days_and_arguments_that_cannot_be() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    for day in ["2020-13-01", "2020-02-30", "01/07/2020", "yesterday", ""] {
        let said = desk.decide(&[&input], "run", &["--as-of", day]);
        said.refused(&["--as-of"]);
        desk.nothing_of("run");
    }
    for threads in ["0", "many", "1025"] {
        desk.decide(&[&input], "run", &["--threads", threads]).refused(&["--threads"]);
    }
    let said = desk.vacatur(["decide", "good.dat", "--policy", BEAR, "--out", "run"]);
    said.refused(&["--as-of"]);
    let said = desk.vacatur(["decide", "--policy", BEAR, "--as-of", "2020-07-01", "--out", "run"]);
    said.refused(&["FILE"]);
    desk.nothing_of("run");
    assert_eq!(desk.names(), ["good.dat"]);
}

#[test]
fn a_reader_who_has_gone_is_no_error() {
    let desk = Desk::new();
    let input = desk.file("good.dat", extract(&[clean("1")]));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_vacatur"))
        .args(desk.args(&[&input], "run", &[]))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let said = common::Said::of(child.wait_with_output().expect("it ends"));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(desk.path("run/manifest.json").exists());
}
