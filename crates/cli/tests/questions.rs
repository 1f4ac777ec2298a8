//! The questions that open decisions leave, and what each answer to them would do.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{FIRST, SECOND, THIRD, adds_up, answered, cannabis, file, line, told};
use common::{Desk, Row, conviction, synthetic, with};
use std::collections::{BTreeMap, BTreeSet};

fn questions(rows: &[Row]) -> Vec<BTreeMap<String, String>> {
    Desk::new().run_rows(rows, "run", &[]).table("review.csv")
}

#[test]
fn a_question_says_what_each_answer_would_do() {
    let asked = questions(&cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]));
    assert_eq!(asked.len(), 1);
    let one = &asked[0];
    let said = |name: &str| one[name].as_str();
    assert_eq!((said("subject_id"), said("cnt_order"), said("needed_for")), ("1", FIRST, FIRST));
    assert_eq!((said("section"), said("level"), said("conviction_date")), ("HS 11358", "", "2010-05-04"));
    assert_eq!((said("county"), said("case_number"), said("fact")), ("LOS ANGELES", "C1", "level"));
    assert_eq!(said("question"), "Was the conviction a felony, a misdemeanor or an infraction?");
    assert_eq!(
        said("answers"),
        "felony: review \"No applicable eligibility criteria\" | misdemeanor: refer to \"City Attorneys\", \"Misdemeanor or Infraction\" | infraction: refer to \"City Attorneys\", \"Misdemeanor or Infraction\""
    );
    for name in ["value", "document", "said_by", "said_on", "how"] {
        assert_eq!(said(name), "");
    }
}

#[test]
fn the_days_at_which_a_decision_changes_are_exact() {
    let asked = questions(&cannabis(&[("PRI_DOB", "")]));
    assert_eq!(
        asked[0]["answers"],
        "before 1970-07-02: dismiss \"50 years or older\" | 1970-07-02 to 1998-07-01: review \"No applicable eligibility criteria\" | 1998-07-02 to 2010-05-04: dismiss \"21 years or younger\" | on or after 2010-05-05: still a review: it contradicts the record"
    );
    let asked = questions(&cannabis(&[("STP_EVENT_DATE", ""), ("DISP_DATE", "")]));
    assert_eq!(
        asked[0]["answers"],
        "before 2016-11-09: review \"No applicable eligibility criteria\" | on or after 2016-11-09: not eligible \"Occurred after 11/09/2016\""
    );
}

#[test]
fn where_the_record_draws_a_line_the_question_keeps_to_it() {
    let asked = questions(&cannabis(&[("STP_EVENT_DATE", "20160000"), ("DISP_DATE", "20160000")]));
    assert_eq!(
        asked[0]["answers"],
        "2016-01-01 to 2016-11-08: review \"No applicable eligibility criteria\" | 2016-11-09 to 2016-12-31: not eligible \"Occurred after 11/09/2016\""
    );
    let alone = with(
        conviction("1", FIRST, "11358 HS-CULTIVATE", "20150504"),
        &[("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")],
    );
    assert_eq!(
        questions(&[alone])[0]["answers"],
        "before 2020-07-01: dismiss \"Only has 11357-60 charges and completed sentence\" | on or after 2020-07-01: review \"Currently serving sentence\""
    );
}

/// An answer to a question, and what the question says that it would do.
struct Promise {
    question: BTreeMap<String, String>,
    value: String,
    effect: String,
}

/// Every answer that a question lists; of a span of days the first, the last, and one between.
fn promises(question: &BTreeMap<String, String>) -> Vec<Promise> {
    let day = |text: &str| -> jiff::civil::Date { text.parse().expect("a day") };
    let mut all = Vec::new();
    if question["answers"].contains(" decides between: ") {
        return all;
    }
    for answer in question["answers"].split(" | ").filter(|answer| !answer.is_empty()) {
        let (answer, effect) = answer.split_once(": ").expect("an answer and what it would do");
        let values = match answer.split(' ').collect::<Vec<_>>().as_slice() {
            ["before", end] => {
                let last = day(end).yesterday().expect("a day");
                vec![last.to_string(), last.saturating_sub(jiff::Span::new().days(300)).to_string()]
            }
            ["on", "or", "after", first] => vec![(*first).to_owned()],
            ["on", only] => vec![(*only).to_owned()],
            [first, "to", last] => {
                let days = (day(last) - day(first)).get_days();
                let between = day(first).saturating_add(jiff::Span::new().days(days / 3));
                vec![(*first).to_owned(), between.to_string(), (*last).to_owned()]
            }
            ["any", "day"] => Vec::new(),
            _ => vec![answer.to_owned()],
        };
        // A day between may lie where a correction would be needed: spans that contradict the record are tried at
        // their ends alone.
        all.extend(values.into_iter().map(|value| Promise {
            question: question.clone(),
            value: if value.contains(',') { format!("\"{value}\"") } else { value },
            effect: effect.to_owned(),
        }));
    }
    all
}

/// What the answers of a question promise is what happens when they are given, one at a time, the others still open.
#[test]
fn promises_are_kept() {
    let desk = Desk::new();
    let mut rows = synthetic("county", 29, 1500);
    let first = desk.run_rows(&rows, "first", &["--county", "LOS ANGELES"]);
    let mut of_person: BTreeMap<String, Vec<Promise>> = BTreeMap::new();
    for question in first.table("review.csv") {
        of_person.entry(question["subject_id"].clone()).or_default().extend(promises(&question));
    }
    rows.retain(|row| of_person.contains_key(&row[common::column("SUBJECT_ID")]));
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0..16 {
        let given: Vec<&Promise> = of_person.values().filter_map(|all| all.get(round)).collect();
        let lines: Vec<String> = given
            .iter()
            .map(|promise| {
                let cell = |name: &str| promise.question[name].as_str();
                line(cell("subject_id"), cell("cnt_order"), cell("fact"), &promise.value)
            })
            .collect();
        let evidence = file(&desk, &lines).display().to_string();
        let out = format!("run-{round}");
        let run = desk.run_rows(&rows, &out, &["--county", "LOS ANGELES", "--evidence", &evidence]);
        let refused: BTreeSet<String> = run
            .table("evidence_rejects.csv")
            .iter()
            .map(|reject| {
                assert_eq!(reject["kind"], "impossible", "{reject:?}");
                reject["line"].clone()
            })
            .collect();
        let determinations = run.determinations();
        for (at, promise) in given.into_iter().enumerate() {
            let Promise { question, value, effect } = promise;
            let found = determinations.iter().find(|one| {
                one["subject_id"] == question["subject_id"] && one["cnt_order"] == question["needed_for"]
            });
            let shown = format!("{question:?} answered with {value} is {found:?}");
            // A day before the birth contradicts the record and is not even taken.
            if refused.contains(&(at + 2).to_string()) {
                assert!(effect.ends_with("it contradicts the record"), "{shown}");
                continue;
            }
            *kept.entry(question["fact"].clone()).or_default() += 1;
            match (effect.as_str(), found) {
                ("nothing to decide", found) => assert!(found.is_none(), "{shown}"),
                (_, None) => panic!("{shown}"),
                ("still a review: it contradicts the record", Some(one)) => {
                    assert!(one["outcome"] == "review" && !one["missing"].is_empty(), "{shown}");
                }
                (effect, Some(one)) => match effect.strip_prefix("still a review: also needs ") {
                    Some(facts) => {
                        let missing: BTreeSet<&str> = one["missing"].split("; ").collect();
                        let said: BTreeSet<&str> =
                            facts.split("; ").map(|fact| fact.trim_start_matches("another ")).collect();
                        assert_eq!((one["outcome"].as_str(), missing), ("review", said), "{shown}");
                    }
                    None => {
                        assert!(effect.ends_with(&format!("\"{}\"", one["reason"])), "{shown}");
                        assert!(effect.starts_with(&one["relief"]), "{shown}");
                    }
                },
            }
        }
    }
    for fact in ["level", "disposition", "birth date", "conviction date", "sentence"] {
        assert!(kept.get(fact).is_some_and(|number| *number > 15), "{kept:?}");
    }
}

#[test]
fn a_question_about_another_count_names_it() {
    // Murder without a date: whether it came before the cannabis is what is asked.
    let mut rows = cannabis(&[]);
    rows.push(with(
        conviction("1", THIRD, "187(A) PC-MURDER", ""),
        &[("STP_EVENT_DATE", ""), ("DISP_DATE", "")],
    ));
    let asked: Vec<_> = questions(&rows).into_iter().filter(|one| one["fact"] == "conviction date").collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let one = &asked[0];
    assert_eq!((one["cnt_order"].as_str(), one["needed_for"].as_str()), (THIRD, FIRST));
    assert_eq!(one["section"], "PC 187(a)");
    assert!(
        one["answers"].starts_with("before 2010-05-04: not eligible \"PC 667(e)(2)(c)(iv)\" | "),
        "{one:?}"
    );
    // Given back as it stands, the answer goes to the count that it is about.
    let answered = answered(&rows, &[line("1", &one["cnt_order"], &one["fact"], "2009-01-01")]);
    assert_eq!(answered["reason"], "PC 667(e)(2)(c)(iv)");
}

#[test]
fn several_missing_facts_are_asked_one_by_one() {
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", ""), ("PRI_DOB", "")]);
    let asked = questions(&rows);
    let facts: Vec<&str> = asked.iter().map(|one| one["fact"].as_str()).collect();
    assert_eq!(facts, ["birth date", "level"]);
    assert!(
        asked[1]["answers"].starts_with("felony: still a review: also needs birth date | misdemeanor: refer")
    );
    assert!(asked[0]["answers"].contains("still a review: also needs level"), "{:?}", asked[0]);
}

#[test]
fn an_unusable_row_is_a_question_without_answers() {
    let mut rows = cannabis(&[("PRI_DOB", "19500101")]);
    rows.push(with(conviction("1", "x", "459 PC-BURGLARY", "20020101"), &[]));
    let asked = questions(&rows);
    let one = asked.iter().find(|one| one["fact"] == "unusable row").expect("asked");
    assert_eq!(one["question"], "What stands in the rows that could not be used? See rejects.csv");
    assert_eq!(one["answers"], "");
}

#[test]
fn what_cannot_be_listed_is_asked_in_words() {
    let desk = Desk::new();
    let rows = cannabis(&[("OFFENSE_DESCR", "#@!"), ("STP_ORI_CNTY_NAME", ""), ("PRI_DOB", "19500101")]);
    let run = desk.run_rows(&rows, "run", &["--county", "LOS ANGELES"]);
    let asked = run.table("review.csv");
    let of = |fact: &str| asked.iter().find(|one| one["fact"] == fact).expect("asked")["answers"].clone();
    assert!(of("section").starts_with("the section as it stands in the court's file decides between: "));
    assert!(
        of("section").contains("dismiss \"50 years or older\"") && of("section").ends_with("out of scope")
    );
    assert!(of("county").starts_with("the county as it stands in the court's file decides between: "));
}

#[test]
fn every_open_decision_is_asked_about_and_no_other() {
    let desk = Desk::new();
    for (profile, seed) in [("hostile", 51), ("county", 52), ("dense", 53)] {
        let rows = synthetic(profile, seed, 120);
        let run = desk.run_rows(&rows, profile, &["--county", "LOS ANGELES"]);
        let key =
            |one: &BTreeMap<String, String>, count: &str| (one["subject_id"].clone(), one[count].clone());
        let open: BTreeMap<(String, String), String> = run
            .determinations()
            .iter()
            .filter(|one| one["outcome"] == "review" && !one["missing"].is_empty())
            .map(|one| (key(one, "cnt_order"), one["missing"].clone()))
            .collect();
        let asked = run.table("review.csv");
        assert_eq!(run.json("manifest.json")["counts"]["questions"].as_u64(), Some(asked.len() as u64));
        let mut facts: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for one in &asked {
            facts.entry(key(one, "needed_for")).or_default().insert(one["fact"].clone());
        }
        assert_eq!(open.keys().collect::<Vec<_>>(), facts.keys().collect::<Vec<_>>(), "{profile}");
        for (count, missing) in &open {
            let missing: BTreeSet<String> = missing.split("; ").map(str::to_owned).collect();
            assert_eq!(facts[count], missing, "{profile} {count:?}");
        }
    }
}

#[test]
fn the_questions_filled_in_and_given_back_change_what_they_say() {
    let desk = Desk::new();
    let mut rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    // Three more people, of whom one question each is open; one stays unanswered.
    rows.push(with(conviction("2", FIRST, "11359 HS-SELL", "20150101"), &[("PRI_DOB", "")]));
    rows.push(conviction("2", SECOND, "484 PC-THEFT", "20180101"));
    rows[3][common::column("PRI_DOB")] = String::new();
    rows.push(with(
        conviction("3", FIRST, "11360(A) HS-SELL", "20150101"),
        &[("DISP_DESCR", ""), ("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")],
    ));
    rows.push(with(
        conviction("4", FIRST, "11359 HS-SELL", "20010101"),
        &[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")],
    ));
    rows.push(conviction("5", FIRST, "11358 HS-CULTIVATE", "20010101"));
    let before = desk.run_rows(&rows, "before", &[]);
    // The file as it is, with the last five columns filled for some lines: as a spreadsheet program would do it.
    let bytes = before.bytes("review.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(reader.headers().expect("a header")).expect("memory");
    let mut filled = 0;
    for record in reader.records() {
        let mut cells: Vec<String> = record.expect("a line").iter().map(str::to_owned).collect();
        let value = match (cells[0].as_str(), cells[8].as_str()) {
            ("1", "level") => "misdemeanor",
            ("2", "birth date") => "1960-05-06",
            ("3", "disposition") => "convicted",
            _ => "",
        };
        if !value.is_empty() {
            let at = cells.len() - 5;
            for (cell, text) in
                cells[at..].iter_mut().zip([value, "Court file", "R. Clerk", "2026-03-01", ""])
            {
                *cell = text.to_owned();
            }
            filled += 1;
        }
        writer.write_record(&cells).expect("memory");
    }
    let review = desk.file("review.csv", writer.into_inner().expect("memory")).display().to_string();
    let after = desk.run_rows(&rows, "after", &["--evidence", &review]);
    let (used, not_answered, rejected) = adds_up(&after);
    assert_eq!((used, not_answered, rejected), (filled, before.table("review.csv").len() as u64 - filled, 0));
    let changed: BTreeSet<(String, String)> = after
        .table("evidence_effects.csv")
        .iter()
        .map(|one| (one["subject_id"].clone(), one["outcome"].clone()))
        .collect();
    let expected = [("1", "refer"), ("2", "dismiss")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert!(expected.iter().all(|one| changed.contains(one)), "{changed:?}");
    for (was, is) in before.placeless().iter().zip(after.placeless()) {
        let same = ["4", "5"].contains(&was["subject_id"].as_str());
        assert_eq!(*was == is, same, "{was:?}\n{is:?}");
    }
    // What was answered is not asked again.
    assert!(!after.table("review.csv").iter().any(|one| one["subject_id"] == "1"));
    assert!(after.table("review.csv").iter().any(|one| one["subject_id"] == "4"));
}

#[test]
fn the_copy_can_be_given_back() {
    let desk = Desk::new();
    let rows = cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")]);
    let first = told(&desk, &rows, "first", &[line("1", FIRST, "level", "misdemeanor")]);
    let copy = first.dir.join("evidence.csv").display().to_string();
    let again = desk.run_rows(&rows, "again", &["--evidence", &copy]);
    assert_eq!(first.placeless(), again.placeless());
    let said = desk.vacatur(["explain", "again", "--person", "1"]);
    assert!(
        said.out.contains("evidence.csv, line 2 (Court file 98-1234, R. Clerk, 2026-03-01)"),
        "{}",
        said.out
    );
}

#[test]
fn the_user_is_told() {
    let desk = Desk::new();
    let input =
        desk.file("input.dat", common::extract(&cannabis(&[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "")])));
    let evidence = file(&desk, &[line("1", FIRST, "level", ""), line("9", FIRST, "level", "felony")]);
    let said = desk.decide(&[&input], "run", &["--evidence", &evidence.display().to_string()]);
    for part in [
        "has 2 lines = 0 used + 1 not answered + 1 rejected",
        "evidence_rejects.csv",
        "Open questions: 1, in review.csv",
    ] {
        assert!(said.out.contains(part), "{part} is not in {}", said.out);
    }
}
