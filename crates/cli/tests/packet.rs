//! `vacatur authorize` and `vacatur packet`: what may be filed, what is in the papers, and that no conviction is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Row, Run, Said, conviction, row, with};
use std::collections::BTreeMap;
use std::path::Path;

const POLICY: &[&str] = &["--policy", "us-ca/dismiss-all-prop64"];
const FIRST: &str = "101002001000";
const SECOND: &str = "101002002000";
const WHO: &[&str] =
    &["--by", "A. Deputy", "--title", "District Attorney", "--under", "HS 11361.9", "--on", "2020-07-02"];

/// A conviction in a case with a number that the court writes.
fn case(subject: &str, order: &str, number: &str, more: &[(&str, &str)]) -> Row {
    let row = conviction(subject, order, "11359 HS-POSSESS FOR SALE", "20050517");
    let name = format!("QUARTZ{subject},OBERON");
    let row = with(row, &[("OFN", number), ("PRI_NAME", &name), ("STP_ORI_CODE", "CA0190001")]);
    with(row, more)
}

/// An arrest in the same cycle by an agency.
fn arrest(subject: &str, agency: &str) -> Row {
    let name = format!("QUARTZ{subject},OBERON");
    row(&[
        ("RECORD_ID", &format!("A{subject}")),
        ("SUBJECT_ID", subject),
        ("CII_NUMBER", &format!("A{subject}")),
        ("PRI_NAME", &name),
        ("PRI_DOB", "19800615"),
        ("STP_EVENT_DATE", "20050101"),
        ("STP_TYPE_DESCR", "ARREST/DETAINED/CITED"),
        ("STP_ORI_CODE", "CA0198004"),
        ("STP_ORI_DESCR", agency),
        ("STP_ORI_CNTY_NAME", "LOS ANGELES"),
        ("CNT_ORDER", "101001001000"),
        ("OFFENSE_DESCR", "11359 HS-POSSESS FOR SALE"),
    ])
}

const MISDEMEANOR: &[(&str, &str)] =
    &[("OFFENSE_TOC", "M"), ("CONV_STAT_DESCR", "MISDEMEANOR"), ("OFFENSE_DESCR", "11357(B) HS-POSSESS")];

fn decided(rows: &[Row]) -> Desk {
    let desk = Desk::new();
    desk.run_rows(rows, "run", POLICY);
    desk
}

fn authorize(desk: &Desk, more: &[&str]) -> Said {
    desk.vacatur(["authorize", "run"].iter().chain(more).chain(WHO))
}

fn packet(desk: &Desk, out: &str, more: &[&str]) -> Said {
    desk.vacatur(["packet", "run", "--out", out, "--quiet"].iter().chain(more))
}

/// A packet of everything.
fn made(rows: &[Row]) -> (Desk, Run) {
    let desk = decided(rows);
    let said = authorize(&desk, &["--all"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = packet(&desk, "packet", &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let packet = Run::at(&desk.path("packet"));
    (desk, packet)
}

/// Each packet with the rows of its exhibit in few words, and the fix-list.
fn told(packet: &Run) -> String {
    let mut text = String::new();
    for group in packet.json("packet.json")["packets"].as_array().unwrap() {
        let folder = group["folder"].as_str().unwrap();
        text += &format!("{folder}\n");
        for row in packet.json(&format!("{folder}/exhibit.json"))["rows"].as_array().unwrap() {
            let cell = |name: &str| row[name].to_string().replace('"', "");
            text += &format!(
                "  {}, page {}: {} {}, {}, count {}, {} {} {}: {}\n",
                cell("line"),
                cell("page"),
                cell("case_number"),
                cell("other_case_numbers"),
                cell("defendant"),
                cell("count"),
                cell("section"),
                cell("level"),
                cell("conviction_date"),
                cell("relief")
            );
        }
    }
    for line in packet.table("fix-list.csv") {
        text += &format!("to fix: {} {}: {}\n", line["subject_id"], line["cnt_order"], line["problem"]);
    }
    text
}

fn totals(packet: &Run) -> BTreeMap<String, u64> {
    let totals = &packet.json("packet.json")["totals"];
    let totals: BTreeMap<String, u64> = serde_json::from_value(totals.clone()).unwrap();
    let rest: u64 = totals.iter().filter(|(name, _)| *name != "granted").map(|(_, number)| number).sum();
    assert_eq!(totals["granted"], rest);
    totals
}

/// The text of a PDF, words with one blank between them.
fn pdf_text(path: &Path) -> String {
    let document = lopdf::Document::load(path).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    document.extract_text(&pages).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_is_filed_that_nobody_authorized() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    packet(&desk, "packet", &[]).refused(&["nobody has authorized anything", "vacatur authorize"]);
    desk.nothing_of("packet");
}

#[test]
fn an_authorization_by_nobody_is_none() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    let said = desk.vacatur(["authorize", "run", "--all", "--by", " ", "--title", "DA", "--under", "x"]);
    assert_eq!(said.code, Some(2));
    let said = desk.vacatur(["authorize", "run", "--all", "--by", "A"]);
    assert_eq!(said.code, Some(2));
    assert!(!desk.path("run/authorizations.jsonl").exists());
}

#[test]
fn cases_are_sorted_into_packets_and_what_is_unclear_is_listed() {
    let transferred = &[("OFN", "140194; 140195")];
    let (_desk, packet) = made(&[
        case("1", FIRST, "ba 223456", &[]),
        case("1", SECOND, "", &[("OFFENSE_DESCR", "11360(A) HS-SELL")]),
        case("2", FIRST, "BA12345601", &[]),
        case("3", FIRST, "", transferred),
        case("4", FIRST, "NONE", &[]),
        case("5", FIRST, "", &[]),
        case("6", FIRST, "BA500000", &[("SENT_LENGTH", "30"), ("SENT_TIME_CODE", "Y")]),
        case("7", FIRST, "BA600000", &[("SENT_LENGTH", "")]),
        case("8", FIRST, "BA700000", &[("STP_ORI_CNTY_NAME", "YOLO")]),
        arrest("9", "CAPDTORRANCE"),
        case("9", FIRST, "BA800000", MISDEMEANOR),
        arrest("10", "CAHPTORRANCE"),
        case("10", FIRST, "BA900000", MISDEMEANOR),
        case("11", FIRST, "BA910000", MISDEMEANOR),
        case("12", FIRST, "BA920000", &[("PRI_NAME", "")]),
        case("13", FIRST, "BA930000", &[("PRI_NAME", "QUARTZ\u{4e2d},OBERON")]),
    ]);
    insta::assert_snapshot!(told(&packet));
    totals(&packet);
}

#[test]
fn the_order_cites_the_hashes_of_the_exhibit_that_is_there() {
    let (desk, packet) = made(&[case("1", FIRST, "BA123456", &[]), case("2", FIRST, "BA223456", &[])]);
    let account = packet.json("packet.json");
    let group = &account["packets"][0];
    for file in group["files"].as_array().unwrap() {
        let name = file["name"].as_str().unwrap();
        let bytes = packet.bytes(name);
        assert_eq!(file["bytes"].as_u64().unwrap(), bytes.len() as u64);
        use sha2::Digest;
        let hash: String = sha2::Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"].as_str().unwrap(), hash, "{name}");
        if name.ends_with("exhibit-a.pdf") || name.ends_with("exhibit.json") {
            for paper in ["proposed-order.pdf", "motion.pdf"] {
                let folder = group["folder"].as_str().unwrap();
                let text = pdf_text(&desk.path(&format!("packet/{folder}/{paper}")));
                assert!(text.replace(' ', "").contains(&hash), "{paper} does not cite {name}: {text}");
            }
        }
    }
}

#[test]
fn a_list_withholds_and_challenges() {
    let desk = decided(&[
        case("1", FIRST, "BA123456", &[]),
        case("2", FIRST, "BA223456", &[]),
        case("3", FIRST, "BA323456", &[]),
    ]);
    let list =
        format!("subject_id,cnt_order,decision,ground\n1,{FIRST},challenge,criteria\n2,{FIRST},withhold,\n");
    desk.file("list.csv", list);
    assert_eq!(authorize(&desk, &["--list", "list.csv"]).code, Some(0));
    let said = authorize(&desk, &["--all"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(packet(&desk, "packet", &[]).code, Some(0));
    let made = Run::at(&desk.path("packet"));
    insta::assert_snapshot!(told(&made));
    let totals = totals(&made);
    assert_eq!((totals["asked"], totals["challenged"], totals["not_authorized"]), (1, 1, 1));
    let challenged = desk.path("packet/los-angeles/los-angeles-county-district-attorney/challenged");
    assert!(challenged.join("notice-of-challenges.pdf").exists() && !challenged.join("motion.pdf").exists());
    assert!(!challenged.join("dispositions.csv").exists());
}

#[test]
fn a_list_with_a_bad_line_records_nothing() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[]), conviction("2", FIRST, "487 PC", "20050101")]);
    for (line, why) in [
        (format!("9,{FIRST},,"), "the run has no such conviction"),
        (format!("1,{FIRST},perhaps,"), "authorize, withhold, challenge"),
        (format!("1,{FIRST},challenge,"), "a challenge needs a ground"),
        (format!("1,{FIRST},authorize,criteria"), "only a challenge has a ground"),
        (format!("1,{FIRST},,\n1,{FIRST},,"), "stands in line 2 already"),
    ] {
        desk.file("list.csv", format!("subject_id,cnt_order,decision,ground\n{line}\n"));
        authorize(&desk, &["--list", "list.csv"]).refused(&["nothing was recorded", "line ", why]);
    }
    desk.file("list.csv", "a,b\n1,2\n");
    authorize(&desk, &["--list", "list.csv"]).refused(&["subject_id and cnt_order"]);
    assert!(!desk.path("run/authorizations.jsonl").exists());
}

#[test]
fn an_authorization_that_was_changed_is_noticed() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    authorize(&desk, &["--all"]);
    authorize(&desk, &["--all"]);
    let path = desk.path("run/authorizations.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    for spoilt in [
        text.replacen("A. Deputy", "B. Deputy", 1),
        text.lines().skip(1).map(|line| format!("{line}\n")).collect(),
        text.trim_end().to_owned(),
        text.replacen('{', "", 1),
    ] {
        std::fs::write(&path, spoilt).unwrap();
        packet(&desk, "packet", &[]).refused(&["authorizations.jsonl: record "]);
    }
    std::fs::write(&path, text).unwrap();
    assert_eq!(packet(&desk, "packet", &[]).code, Some(0));
    // A run is still as its manifest says.
    assert_eq!(desk.vacatur(["verify", "run", "--quiet"]).code, Some(0));
}

#[test]
fn the_same_twice_and_on_any_number_of_threads() {
    let rows: Vec<Row> =
        (0..60).map(|at| case(&format!("{}", 100 + at), FIRST, &format!("BA{:06}", 900 - at), &[])).collect();
    let desk = decided(&rows);
    authorize(&desk, &["--all"]);
    for (out, threads) in [("one", "1"), ("two", "2"), ("three", "3")] {
        let said = packet(&desk, out, &["--threads", threads, "--each-case"]);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    let (one, two, three) = (tree(&desk.path("one")), tree(&desk.path("two")), tree(&desk.path("three")));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &two[name] && bytes == &three[name], "{name} differs");
    }
    assert!(one.len() > 180);
}

/// All files below a folder.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                all.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn what_was_filed_is_not_asked_again() {
    let (desk, _) = made(&[case("1", FIRST, "BA123456", &[])]);
    // The next delivery numbers the person otherwise, and has another case.
    let other = case("1", FIRST, "BA 123456", &[("SUBJECT_ID", "77")]);
    desk.run_rows(&[other, case("2", FIRST, "BA223456", &[])], "run2", POLICY);
    desk.vacatur(["authorize", "run2", "--all"].iter().chain(WHO));
    let said = desk.vacatur(["packet", "run2", "--out", "packet2", "--already-filed", "packet", "--quiet"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let packet = Run::at(&desk.path("packet2"));
    insta::assert_snapshot!(told(&packet));
    assert_eq!(totals(&packet)["already_filed"], 1);
    assert_eq!(packet.table("already-filed.csv").len(), 1);
}

#[test]
fn one_conviction_under_two_numbers_is_asked_for_once() {
    let twin = case("1", FIRST, "BA123456", &[("SUBJECT_ID", "77"), ("RECORD_ID", "R77")]);
    let (_desk, packet) = made(&[case("1", FIRST, "BA123456", &[]), twin]);
    insta::assert_snapshot!(told(&packet));
    assert_eq!((totals(&packet)["asked"], totals(&packet)["to_fix"]), (1, 1));
    assert_eq!(packet.json("packet.json")["packets"][0]["people"], 1);
}

#[test]
fn what_of_a_case_stays_is_shown_and_flagged() {
    let (_desk, packet) = made(&[
        case("1", FIRST, "BA123456", &[]),
        case("1", SECOND, "", &[("OFFENSE_DESCR", "11366 HS-KEEP PLACE TO SELL")]),
        // A co-defendant: of the same case number, and a case of his own.
        case("2", FIRST, "BA123456", &[]),
    ]);
    let shown: Vec<String> = packet
        .table("los-angeles/los-angeles-county-district-attorney/completed/cases.csv")
        .iter()
        .map(|row| {
            format!(
                "{} {} {}: {} | {}",
                row["defendant"], row["count"], row["section"], row["asked"], row["flag"]
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(packet.json("packet.json")["packets"][0]["mixed_cases"], 1);
}

#[test]
fn a_packet_that_was_killed_goes_on_to_the_same_bytes() {
    let rows: Vec<Row> =
        (0..40).map(|at| case(&format!("{}", 100 + at), FIRST, &format!("BA{at:06}"), &[])).collect();
    let desk = decided(&rows);
    authorize(&desk, &["--all"]);
    assert_eq!(packet(&desk, "whole", &["--each-case"]).code, Some(0));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_vacatur"))
        .current_dir(desk.path(""))
        .args(["packet", "run", "--out", "cut", "--quiet", "--each-case"])
        .spawn()
        .unwrap();
    let partial = desk.path("cut.partial");
    let folder = partial.join("los-angeles/los-angeles-county-district-attorney/completed/cases/0001");
    // Files come and go while it runs.
    let papers = || {
        let names = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter(|name| name.to_string_lossy().ends_with("-motion.pdf")).count()
    };
    while papers() < 10 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!desk.path("cut").exists());
    // One of its papers is spoilt, as by a disk that lost what was written last.
    let first = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let first = first.filter(|path| path.extension().is_some_and(|own| own == "pdf")).min().unwrap();
    std::fs::write(&first, "spoilt").unwrap();
    let kept = folder.join("ba000003-line-4-motion.pdf");
    let before = std::fs::metadata(&kept).unwrap().modified().unwrap();
    packet(&desk, "cut", &["--resume"]).refused(&["of other settings"]);
    let said = packet(&desk, "cut", &["--each-case", "--resume"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(tree(&desk.path("whole")) == tree(&desk.path("cut")));
    let kept = desk.path("cut").join(kept.strip_prefix(&partial).unwrap());
    assert_eq!(std::fs::metadata(kept).unwrap().modified().unwrap(), before, "it was made again");
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    authorize(&desk, &["--all"]);
    desk.file("packet/mine.txt", "mine");
    packet(&desk, "packet", &[]).refused(&["the folder exists"]);
    desk.file("other.partial/mine.txt", "mine");
    packet(&desk, "other", &[]).refused(&["no unfinished packet"]);
    assert!(desk.path("other.partial/mine.txt").exists());
}

#[test]
fn a_zip_for_each_court() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    authorize(&desk, &["--all"]);
    assert_eq!(packet(&desk, "packet", &["--zip"]).code, Some(0));
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(desk.path("packet/los-angeles.zip")).unwrap()).unwrap();
    let names: Vec<String> =
        (0..zip.len()).map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    insta::assert_snapshot!(names.join("\n"));
    assert!(!desk.path("packet/los-angeles").exists());
}

#[test]
fn bad_settings_are_refused_with_a_place() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    authorize(&desk, &["--all"]);
    desk.file("office.toml", "[attorney]\nnam = \"X\"\n");
    packet(&desk, "p", &["--office", "office.toml"]).refused(&["office.toml", "line 2", "nam"]);
    desk.file("courts/x.toml", "id = \"x\"\n");
    packet(&desk, "p", &["--courts", "courts"]).refused(&["x.toml", "missing field"]);
    desk.file("templates/nothing.md", "x");
    packet(&desk, "p", &["--templates", "templates"]).refused(&["nothing.md", "replaces no text or layout"]);
    desk.file("blanks/cr-400.pdf", "no PDF");
    packet(&desk, "p", &["--forms", "blanks"]).refused(&["CR-400", "cr-400.pdf"]);
    packet(&desk, "p", &["--forms", "blanks", "--form", "CR-999"]).refused(&["no map for the form CR-999"]);
    packet(&desk, "p", &["--already-filed", "nowhere.csv"]).refused(&["nowhere.csv"]);
    desk.nothing_of("p");
}

#[test]
fn no_cell_of_a_list_is_a_formula() {
    let (_desk, packet) = made(&[case("1", FIRST, "BA123456", &[("PRI_NAME", "=CMD|X,OBERON")])]);
    let folder = "los-angeles/los-angeles-county-district-attorney/completed";
    assert_eq!(packet.table(&format!("{folder}/exhibit.csv"))[0]["DEFENDANT"], "'=CMD|X, OBERON");
    assert_eq!(packet.json(&format!("{folder}/exhibit.json"))["rows"][0]["defendant"], "=CMD|X, OBERON");
}

#[test]
fn two_case_numbers_in_one_step_are_two_cases() {
    let (_desk, packet) = made(&[
        case("1", FIRST, "BA111111", &[]),
        case("1", SECOND, "BA222222", &[("OFFENSE_DESCR", "11360(A) HS-SELL")]),
    ]);
    insta::assert_snapshot!(told(&packet));
}

#[test]
fn twins_that_are_treated_otherwise_are_both_on_the_fix_list() {
    for decision in ["challenge,criteria", "withhold,"] {
        let twin = case("1", FIRST, "BA123456", &[("SUBJECT_ID", "77"), ("RECORD_ID", "R77")]);
        let desk = decided(&[case("1", FIRST, "BA123456", &[]), twin]);
        desk.file("list.csv", format!("subject_id,cnt_order,decision,ground\n77,{FIRST},{decision}\n"));
        assert_eq!(authorize(&desk, &["--list", "list.csv"]).code, Some(0));
        assert_eq!(authorize(&desk, &["--all"]).code, Some(0));
        assert_eq!(packet(&desk, "packet", &[]).code, Some(0));
        let made = Run::at(&desk.path("packet"));
        let totals = totals(&made);
        assert_eq!((totals["asked"], totals["challenged"]), (0, 0), "{}", told(&made));
        assert!(told(&made).contains("repeated otherwise"), "{}", told(&made));
    }
}

#[test]
fn a_challenge_that_was_withdrawn_is_asked_for_later() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    desk.file("list.csv", format!("subject_id,cnt_order,decision,ground\n1,{FIRST},challenge,criteria\n"));
    authorize(&desk, &["--list", "list.csv"]);
    assert_eq!(packet(&desk, "one", &[]).code, Some(0));
    desk.file("list.csv", format!("subject_id,cnt_order,decision\n1,{FIRST},authorize\n"));
    authorize(&desk, &["--list", "list.csv"]);
    assert_eq!(packet(&desk, "two", &["--already-filed", "one"]).code, Some(0));
    assert_eq!(totals(&Run::at(&desk.path("two")))["asked"], 1);
    assert_eq!(packet(&desk, "three", &["--already-filed", "two"]).code, Some(0));
    assert_eq!(totals(&Run::at(&desk.path("three")))["already_filed"], 1);
}

#[test]
fn a_felony_takes_the_rest_of_its_case_to_its_prosecutor() {
    let (_desk, packet) = made(&[
        arrest("9", "CAPDTORRANCE"),
        case("9", FIRST, "BA800000", &[]),
        case("9", SECOND, "", MISDEMEANOR),
    ]);
    insta::assert_snapshot!(told(&packet));
}

#[test]
fn what_is_too_long_for_the_exhibit_is_on_the_fix_list() {
    let long = format!("QUARTZ{},OBERON", "E".repeat(400));
    let eighty = format!("QUARTZ-{},OBERON", "O'NEIL ".repeat(10));
    let (_desk, packet) = made(&[
        case("1", FIRST, "BA123456", &[("PRI_NAME", &long)]),
        case("2", FIRST, "BA223456", &[("PRI_NAME", &eighty)]),
        case("3", FIRST, "BA323456", &[("PRI_NAME", "קוורץ,אוברון")]),
        case("4", FIRST, "BA423456", &[("PRI_NAME", "كوارتز,أوبرون")]),
    ]);
    let told = told(&packet);
    assert!(told.contains("to fix: 1 101002001000: too long for the exhibit"), "{told}");
    assert_eq!(totals(&packet)["asked"], 3, "{told}");
}

#[test]
fn nothing_stale_is_left_in_a_packet_that_was_gone_on_with() {
    let desk = decided(&[case("1", FIRST, "BA123456", &[])]);
    authorize(&desk, &["--all"]);
    assert_eq!(packet(&desk, "packet", &[]).code, Some(0));
    std::fs::rename(desk.path("packet"), desk.path("packet.partial")).unwrap();
    desk.file("packet.partial/.packet-progress.jsonl", "");
    desk.file("packet.partial/los-angeles/other-office/completed/motion.pdf", "stale");
    let said = packet(&desk, "packet", &["--resume"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!desk.path("packet/los-angeles/other-office").exists());
}

#[test]
fn official_forms_are_filled_for_the_cases_they_are_for() {
    let Some(blanks) = std::env::var_os("VACATUR_FORMS").map(std::path::PathBuf::from).or_else(|| {
        let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/forms");
        kit.is_dir().then_some(kit)
    }) else {
        println!("NOT RUN: the blank forms are not at hand; name their folder in VACATUR_FORMS");
        return;
    };
    let desk = decided(&[
        case("1", FIRST, "BA123456", &[]),
        case("2", FIRST, "BA223456", &[("OFFENSE_DESCR", "664/11359 HS-ATT POSSESS FOR SALE")]),
    ]);
    authorize(&desk, &["--all"]);
    let blanks = blanks.display().to_string();
    let said = packet(&desk, "packet", &["--forms", &blanks, "--flatten"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let packet = Run::at(&desk.path("packet"));
    let papers: Vec<String> = packet.table("case-papers.csv").iter().map(|row| row["file"].clone()).collect();
    assert_eq!(
        papers,
        ["los-angeles/los-angeles-county-district-attorney/completed/cases/0001/ba123456-line-1-cr-400.pdf"]
    );
    let text = pdf_text(&desk.path("packet").join(&papers[0]));
    assert!(text.contains("BA123456") && text.contains("OBERON QUARTZ1"), "{text}");
    let notes = packet.table("form-notes.csv");
    assert_eq!(notes.len(), 1);
    assert!(notes[0]["what"].contains("not for all sections"), "{notes:?}");
}
