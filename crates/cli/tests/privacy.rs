//! What identifies a person never leaves the files that are meant to hold it.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Run, clean_of_hashes, conviction, extract, with};
use std::collections::BTreeSet;
use vacatur_synth::{ExtractOptions, Population, Profile, columns, write_extract};

/// Columns that identify a person.
const IDENTIFYING: [&str; 14] = [
    "SUBJECT_ID",
    "REQ_CII_NUMBER",
    "REQ_NAME",
    "REQ_DOB",
    "REQ_CDL",
    "REQ_SSN",
    "CII_NUMBER",
    "PRI_NAME",
    "PRI_DOB",
    "PRI_SSN",
    "PRI_CDL",
    "PRI_IDN",
    "PRI_INN",
    "FBI_NUMBER",
];

/// What a run shows to others than those who work with its rows.
fn shown(run: &Run) -> Vec<(&'static str, String)> {
    ["manifest.json", "summary.json", "summary.txt", "rejects.csv"]
        .into_iter()
        .map(|name| (name, clean_of_hashes(&run.text(name))))
        .collect()
}

/// Whether the words of `text` hold `secret` as words of their own.
fn tells(text: &str, secret: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(secret).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
        !inner(before) && !inner(after)
    })
}

/// What identifies somebody in the population, and the words that say nothing of anybody.
fn secrets(population: &Population) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut secrets: BTreeSet<String> = BTreeSet::new();
    let mut words: BTreeSet<String> = BTreeSet::new();
    for person in population.iter() {
        for row in &person.rows {
            for name in IDENTIFYING {
                let value =
                    row.field(columns().iter().position(|known| *known == name).expect("a column")).trim();
                if value.chars().filter(|c| c.is_alphanumeric()).count() < 5 || value.starts_with("0000") {
                    continue;
                }
                secrets.insert(value.to_owned());
                if name.ends_with("NAME") {
                    secrets.extend(
                        value.split([',', ' ']).filter(|part| part.chars().count() > 4).map(str::to_owned),
                    );
                }
            }
            // A word that is in an offence, an agency or a county too says nothing of anybody.
            for name in
                ["OFFENSE_DESCR", "CONV_OFFENSE_DESCR", "STP_ORI_CNTY_NAME", "STP_ORI_DESCR", "DISP_DESCR"]
            {
                let value = row.field(columns().iter().position(|known| *known == name).expect("a column"));
                words.extend(value.split(|c: char| !c.is_alphanumeric()).map(str::to_uppercase));
            }
        }
    }
    (secrets, words)
}

#[test]
fn nothing_that_identifies_a_person_is_shown() {
    let population = Population::new(Profile::named("hostile").expect("a profile"), 21, 250);
    let mut bytes = Vec::new();
    write_extract(&population, &mut bytes, &mut std::io::sink(), &ExtractOptions::default(), &mut |_| {})
        .expect("memory");
    let desk = Desk::new();
    let input = desk.file("input.dat", &bytes);
    let said = desk.decide(&[&input], "run", &["--county", "LOS ANGELES"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let run = Run::at(&desk.path("run"));
    assert!(run.count("rejects") > 20, "the file is not hostile enough");

    let (secrets, words) = secrets(&population);
    assert!(secrets.len() > 1_000, "only {} secrets", secrets.len());
    let mut all = shown(&run);
    all.push(("standard output", clean_of_hashes(&said.out)));
    all.push(("standard error", said.err.clone()));
    let mut told = Vec::new();
    for (place, text) in &all {
        let upper = text.to_uppercase();
        told.extend(
            secrets
                .iter()
                .filter(|secret| {
                    !words.contains(&secret.to_uppercase()) && tells(&upper, &secret.to_uppercase())
                })
                .map(|secret| format!("{place}: {secret}")),
        );
    }
    assert!(told.is_empty(), "{} told: {:?}", told.len(), &told[..told.len().min(20)]);
}

#[test]
fn a_name_that_slipped_into_another_column_is_not_shown() {
    // A name without its quotes is two cells; with the last cell lost the row has 95 again, all of them one to the right.
    let desk = Desk::new();
    let mut row = conviction("7", "101001001000", "11358 HS-CULTIVATE", "20010101");
    let name = common::column("PRI_NAME");
    row[name] = "ZEBEDEE".into();
    row.insert(name + 1, "WILHELMINA".into());
    row.pop();
    // The same with more: the race and the offence hold a name.
    let two = with(
        conviction("8", "101001001000", "ZEBEDEE,WILHELMINA 19600101", "20010101"),
        &[("RACE_DESCR", "ZEBEDEE,WILHELMINA")],
    );
    let input = desk.file("input.dat", extract(&[row, two]));
    let said = desk.decide(&[&input], "run", &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let run = Run::at(&desk.path("run"));
    let mut all = shown(&run);
    all.push(("standard output", said.out));
    all.push(("standard error", said.err));
    for (place, text) in all {
        for secret in ["ZEBEDEE", "WILHELMINA", "19600101"] {
            assert!(!text.contains(secret), "{secret} is in {place}");
        }
    }
}

#[test]
fn what_stands_where_a_county_should_is_not_shown() {
    let desk = Desk::new();
    let row = with(
        conviction("7", "101001001000", "11358 HS-CULTIVATE", "20010101"),
        &[("STP_ORI_CNTY_NAME", "ZEBEDEE,WILHELMINA")],
    );
    let input = desk.file("input.dat", extract(&[row]));
    let said = desk.decide(&[&input], "run", &["--county", "YOLO"]);
    assert_eq!(said.code, Some(2));
    assert!(!said.err.contains("ZEBEDEE"), "{}", said.err);
}

#[test]
fn errors_about_a_person_do_not_repeat_who_it_is() {
    let desk = Desk::new();
    let input = desk.file(
        "input.dat",
        extract(&[conviction("7001234", "101001001000", "11358 HS-CULTIVATE", "20010101")]),
    );
    desk.run(&[&input], "run", &[]);
    let said = desk.vacatur(["explain", "run", "--person", "A9999999"]);
    said.refused(&["nobody in this run"]);
    assert!(!said.err.contains("A9999999"));
    let said = desk.vacatur(["explain", "run", "--person", "7001234", "--count", "999"]);
    said.refused(&["no count 999", "101001001000"]);
    assert!(!said.err.contains("7001234") && !said.err.contains("EXAMPLE"));
}

// ----------------------------------------------------------------------------------------------- every stream, verbose

/// Values that identify somebody and that nothing else in the file looks like, by kind.
fn distinctive(population: &Population) -> Vec<(&'static str, String)> {
    let (_, words) = secrets(population);
    let place = |name: &str| columns().iter().position(|known| *known == name).expect("a column");
    // A birth date may be the day of somebody's arrest, and a name a word of an offence.
    let mut days: BTreeSet<String> = BTreeSet::new();
    let births = ["REQ_DOB", "PRI_DOB"];
    for row in population.iter().flat_map(|person| person.rows) {
        for (at, name) in columns().iter().enumerate() {
            let value = row.field(at).trim();
            let is_day = name.ends_with("DATE") || name.ends_with("DT");
            if is_day && value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit()) {
                days.insert(value.to_owned());
            }
        }
    }
    let mut all: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for row in population.iter().flat_map(|person| person.rows) {
        for name in IDENTIFYING {
            let value = row.field(place(name)).trim().to_uppercase();
            if value.ends_with("0000") || value.starts_with("0000") || days.contains(&value) {
                continue;
            }
            if name.ends_with("NAME") {
                let parts = value.split([',', ' ']).filter(|part| part.chars().count() > 4);
                all.extend(parts.filter(|part| !words.contains(*part)).map(|part| (name, part.to_owned())));
            } else if births.contains(&name) {
                if let (8, Some(day)) = (value.len(), value.get(..8).filter(|day| day.is_ascii())) {
                    all.insert((name, format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])));
                    all.insert((name, value));
                }
            } else if value.chars().filter(|c| c.is_alphanumeric()).count() >= 7 {
                all.insert((name, value));
            }
        }
    }
    all.into_iter().collect()
}

/// The secrets that stand in a text as words of their own. Most are told by one look into the text's words.
fn told<'s>(text: &str, secrets: &'s [(&'static str, String)]) -> Vec<&'s (&'static str, String)> {
    let text = clean_of_hashes(text).to_uppercase();
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let there = |secret: &str| secret.split(|c: char| !c.is_alphanumeric()).all(|word| words.contains(word));
    secrets.iter().filter(|(_, secret)| there(secret) && tells(&text, secret)).collect()
}

#[test]
fn no_stream_tells_of_anybody_however_verbose_it_is() {
    let population = Population::new(Profile::named("hostile").expect("a profile"), 33, 150);
    let mut bytes = Vec::new();
    write_extract(&population, &mut bytes, &mut std::io::sink(), &ExtractOptions::default(), &mut |_| {})
        .expect("memory");
    let desk = Desk::new();
    let input = desk.file("input.dat", &bytes);
    let secrets = distinctive(&population);
    for kind in ["SUBJECT_ID", "CII_NUMBER", "PRI_NAME", "PRI_DOB", "PRI_SSN", "PRI_CDL"] {
        let number = secrets.iter().filter(|(name, _)| *name == kind).count();
        assert!(number > 20, "only {number} of {kind}");
    }
    let mut said: Vec<(String, String)> = Vec::new();
    let mut hear = |what: &str, name: &str, text: String| said.push((format!("{what}: {name}"), text));

    // Evidence about real people of the file, good lines and bad ones.
    let plain = desk.run(&[&input], "plain", &[]);
    let open = plain.table("review.csv");
    assert!(open.len() > 10);
    let mut evidence = String::from("subject_id,cnt_order,fact,value,document,said_by,said_on,how\n");
    for (at, line) in open.iter().take(60).enumerate() {
        let value = ["felony", "1961-02-23", "no", "ZZZ"][at % 4];
        evidence.push_str(&format!(
            "{},{},{},{value},Docket,R. Clerk,,\n",
            line["subject_id"], line["cnt_order"], line["fact"]
        ));
    }
    for (name, secret) in secrets.iter().step_by(97) {
        evidence.push_str(&format!("\"{secret}\",\"{secret}\",{name},\"{secret}\",\"{secret}\",x,,\n"));
        evidence.push_str(&format!("\"{secret}\"x,\"{secret}\n"));
    }
    let evidence = desk.file("evidence.csv", evidence).display().to_string();

    let verbose = ["--log", "trace", "--progress", "json", "--threads", "2"];
    let full = ["--evidence", &evidence, "--horizon", "24m", "--format", "bear"];
    for format in ["text", "json"] {
        let out = format!("run-{format}");
        let all = desk.decide(&[&input], &out, &[&verbose[..], &full, &["--log-format", format]].concat());
        assert_eq!(all.code, Some(0), "{}", &all.err[all.err.len().saturating_sub(2_000)..]);
        for what in [
            "input opened",
            "input surveyed",
            "line rejected",
            "row rejected",
            "batch decided",
            "file written",
            "run finished",
            "decided",
        ] {
            assert!(all.err.contains(what), "the log does not tell `{what}`");
        }
        assert!(all.err.contains("{\"progress\":\"deciding\""));
        if format == "json" {
            for line in all.err.lines() {
                let value: serde_json::Value =
                    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
                assert!(value.get("progress").is_some() || value.get("level").is_some(), "{line}");
            }
        }
        // The effort for a file is bounded by the file: so many times is a rule looked for.
        let decided =
            all.err.lines().filter(|line| line.contains("decided") && line.contains("rule")).count();
        let run = Run::at(&desk.path(&out));
        assert!(decided > run.count("determinations") as usize && decided < 400_000, "{decided} decisions");
        hear(format, "standard output", all.out);
        hear(format, "standard error", all.err);
        for name in ["manifest.json", "summary.json", "summary.txt", "rejects.csv", "evidence_rejects.csv"] {
            hear(format, name, run.text(name));
        }
    }

    // What goes wrong, each way it can.
    let person = plain.determinations()[0]["subject_id"].clone();
    let broken = desk.file("broken.md", "```policy\nid: x\n```\n");
    let options = desk.file("options.json", "{\"baselineEligibility\":[1]}");
    let cut = desk.file("cut.dat", &bytes[..bytes.len() / 2]);
    let gone = desk.file("gone.dat", &bytes);
    let small = desk.run(&[&gone], "small", &[]);
    assert!(small.count("people") > 100);
    std::fs::write(&gone, &bytes[..bytes.len() - 7]).expect("the file");
    let joined =
        desk.file("joined.csv", [columns().join(",").as_bytes(), &bytes[..bytes.len() / 3]].concat());
    let (broken, options) = (broken.display().to_string(), options.display().to_string());
    let mut wrong: Vec<(&str, Vec<String>)> = vec![
        ("a county that is not there", desk.args(&[&input], "no-1", &["--county", "NOWHERE"])),
        ("a broken policy", desk.args(&[&input], "no-2", &["--policy", &broken])),
        ("bad options", desk.args(&[&input], "no-3", &["--policy", common::BEAR, "--options", &options])),
        ("a folder that exists", desk.args(&[&input], "plain", &[])),
        ("a header that lost its line end", desk.args(&[&joined], "no-4", &[])),
        (
            "the extract as evidence",
            desk.args(&[&input], "no-5", &["--evidence", &input.display().to_string()]),
        ),
        (
            "the extract as options",
            desk.args(
                &[&input],
                "no-6",
                &["--policy", common::BEAR, "--options", &input.display().to_string()],
            ),
        ),
        ("a setting without a value", desk.args(&[&input], "no-7", &["--set", "age=x"])),
    ];
    let explain = |more: &[&str]| -> Vec<String> {
        ["explain"].iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    wrong.push(("a wrong person", explain(&["plain", "--person", "A9999999"])));
    wrong.push(("a wrong count", explain(&["plain", "--person", &person, "--count", "999"])));
    wrong.push(("an input that changed", explain(&["small", "--person", &person])));
    wrong
        .push(("inputs that are elsewhere", explain(&["plain", "--person", &person, "--inputs", "nowhere"])));
    for (what, mut args) in wrong {
        args.extend(verbose.iter().take(4).map(|word| (*word).to_owned()));
        let all = desk.vacatur(&args);
        assert_eq!(all.code, Some(2), "{what}: {}{}", all.out, all.err);
        hear(what, "standard output", all.out);
        hear(what, "standard error", all.err);
    }
    // A policy in whose place the extract stands: its error shows the line that it cannot read, as it must for a policy.
    // Half a file is decided; what it tells on the way is heard too.
    let half = desk.decide(&[&cut], "half", &verbose);
    assert_eq!(half.code, Some(0), "{}", half.err);
    hear("half a file", "standard error", half.err);
    // An explanation shows the person's own record on standard output, and nothing of it beside.
    let explained = desk.vacatur(["explain", "plain", "--person", &person, "--log", "trace"]);
    assert_eq!(explained.code, Some(0), "{}", explained.err);
    hear("an explanation", "standard error", explained.err);

    let mut leaks = Vec::new();
    for (place, text) in &said {
        leaks.extend(
            told(text, &secrets).into_iter().map(|(kind, secret)| format!("{place}: {kind} {secret}")),
        );
    }
    assert!(leaks.is_empty(), "{} leaks: {:#?}", leaks.len(), &leaks[..leaks.len().min(20)]);

    // The control: each kind of secret would be found in the noisiest stream, and those that belong there are found.
    let (_, noise) = said.iter().max_by_key(|(_, text)| text.len()).expect("streams");
    for kind in IDENTIFYING {
        let Some(planted) = secrets.iter().find(|(name, _)| *name == kind) else { continue };
        let spoiled = format!("{noise}\ncell=\"{}\" and more", planted.1.to_lowercase());
        assert!(told(&spoiled, &secrets).contains(&planted), "{planted:?} would not be found");
    }
    assert!(told(&plain.text("determinations.csv"), &secrets).len() > 100);
    assert!(told(&Run::at(&desk.path("run-text")).text("All_Results.csv"), &secrets).len() > 500);
}

#[test]
fn logging_changes_nothing_that_is_written_and_is_off_unless_asked_for() {
    let desk = Desk::new();
    let input = desk.file(
        "input.dat",
        extract(&[conviction("7001234", "101001001000", "11358 HS-CULTIVATE", "20010101")]),
    );
    let quiet = desk.decide(&[&input], "quiet", &[]);
    assert_eq!((quiet.code, quiet.err.as_str()), (Some(0), ""));
    let loud = desk.decide(&[&input], "loud", &["--log", "trace", "--progress", "json"]);
    assert_eq!(loud.code, Some(0), "{}", loud.err);
    assert_eq!(quiet.out.replace("quiet", "loud"), loud.out);
    for name in common::names(&desk.path("quiet")) {
        assert_eq!(
            Run::at(&desk.path("quiet")).bytes(&name),
            Run::at(&desk.path("loud")).bytes(&name),
            "{name}"
        );
    }
    assert!(
        loud.err.contains("policy=us-ca/los-angeles-2020")
            || loud.err.contains("policy=\"us-ca/los-angeles-2020\""),
        "{}",
        loud.err
    );
    assert!(!loud.err.contains("7001234"), "{}", loud.err);
    let levels = ["error", "warn", "info", "debug", "trace"]
        .map(|level| desk.decide(&[&input], &format!("at-{level}"), &["--log", level]).err.lines().count());
    assert_eq!(levels[..2], [0, 0]);
    assert!(levels[2] > 0 && levels[2] < levels[3] && levels[3] < levels[4], "{levels:?}");
}
