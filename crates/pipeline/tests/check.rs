//! What a check finds, on invented deliveries with known defects.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY, shelf};
use vacatur_ingest::doj::Words;
use vacatur_ingest::layout::Layout;
use vacatur_pipeline::{CheckJob, Checked, Phase, Progress, Quality, RunError, check};
use vacatur_policy::Policy;
use vacatur_records::{Date, date};
use vacatur_statutes::Statutes;
use vacatur_synth::{Defect, ExtractOptions, Population, Profile, columns, write_extract};

const AS_OF: Date = date(2020, 7, 1);

struct Silent;
impl Progress for Silent {
    fn phase(&self, _: Phase, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// A folder, and what every check in it shares.
struct Desk {
    dir: TempDir,
    engine: Engine,
    layout: Layout,
    words: Words,
}

impl Desk {
    fn new() -> Self {
        Self::under(None)
    }

    fn under(policy: Option<&str>) -> Self {
        let statutes = Statutes::us_ca().unwrap();
        let policies = policy.map(|name| {
            let (policy, _) = Policy::parse(shelf::policy(name).unwrap(), &VOCABULARY).unwrap();
            let values = policy.values([("county", "LOS ANGELES")]).unwrap();
            Compiled::new(policy, values, &statutes).unwrap()
        });
        let setting = Setting { as_of: AS_OF, counties: shelf::counties().map(str::to_owned).collect() };
        let engine = Engine::new(statutes, policies.into_iter().collect(), setting);
        Self {
            dir: tempfile::tempdir().unwrap(),
            engine,
            layout: Layout::us_ca_doj(),
            words: Words::us_ca_doj().unwrap(),
        }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn run<'a>(
        &'a self,
        inputs: &'a [PathBuf],
        change: impl FnOnce(&mut CheckJob<'a>),
    ) -> Result<Checked, RunError> {
        let mut job = CheckJob {
            inputs,
            previous: &[],
            work_list: None,
            scratch: self.dir.path(),
            engine: &self.engine,
            as_of: Some(AS_OF),
            layout: &self.layout,
            words: &self.words,
            threads: 2,
        };
        change(&mut job);
        check(&job, &Silent)
    }

    fn quality(&self, bytes: impl AsRef<[u8]>) -> Quality {
        let input = self.file("input.dat", bytes);
        self.run(&[input], |_| {}).unwrap().quality
    }
}

/// An extract and its truth.
fn extract(profile: Profile, seed: u64, people: u64) -> (Vec<u8>, String) {
    let population = Population::new(profile, seed, people);
    let (mut file, mut truth) = (Vec::new(), Vec::new());
    write_extract(&population, &mut file, &mut truth, &ExtractOptions::default(), &mut |_| {}).unwrap();
    (file, String::from_utf8(truth).unwrap())
}

fn profile(name: &str) -> Profile {
    Profile::named(name).unwrap()
}

/// The clean profile with one kind of defect.
fn clean_but(kind: Defect, rate: u32) -> Profile {
    let source = Profile::source("clean").unwrap();
    Profile::parse(&format!("{source}\n{} = {rate}\n", kind.name())).unwrap()
}

/// What is amiss, one line a field and defect.
fn amiss(quality: &Quality) -> String {
    let lines = quality.fields.iter().flat_map(|field| {
        field.defects.iter().map(|known| format!("{} {}: {}", field.field, known.defect, known.count))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/us-ca").join(name)
}

#[test]
fn nothing_is_amiss_in_a_clean_delivery() {
    let (bytes, _) = extract(profile("clean"), 5, 400);
    let quality = Desk::new().quality(bytes);
    insta::assert_snapshot!(amiss(&quality), @"");
    assert_eq!(quality.verdict.reasons, Vec::<String>::new());
}

/// Kinds of which each one that is planted must be found: the field, the defect, and whether people, counts or rows are
/// counted. The others are in the snapshot: they lose nothing, or touch what is not needed everywhere.
const EXACT: &[(Defect, &str, &str, char)] = &[
    (Defect::BirthMissing, "birth_date", "missing", 'p'),
    (Defect::BirthPartial, "birth_date", "partial", 'p'),
    (Defect::BirthConflict, "birth_date", "conflicting", 'p'),
    (Defect::BirthUnreadable, "birth_date", "malformed", 'p'),
    (Defect::DateMissing, "event_date", "missing", 'c'),
    (Defect::DatePartial, "event_date", "partial", 'c'),
    (Defect::DateFuture, "event_date", "in_the_future", 'c'),
    (Defect::DateImpossible, "event_date", "malformed", 'c'),
    (Defect::DateTwoDigitYear, "event_date", "malformed", 'c'),
    (Defect::DateBeforeBirth, "event_date", "before_birth", 'c'),
    (Defect::Duplicate, "row", "duplicate_row", 'r'),
    (Defect::SubjectBlank, "subject_id", "missing", 'r'),
    (Defect::OrderGarbled, "count_order", "malformed", 'r'),
    (Defect::ColumnsMissing, "row", "too_few_columns", 'r'),
    (Defect::ColumnsExtra, "row", "too_many_columns", 'r'),
    (Defect::StrayQuote, "row", "stray_quote", 'r'),
    (Defect::UnclosedQuote, "row", "unclosed_quote", 'r'),
    (Defect::NulByte, "row", "nul_byte", 'r'),
];

/// Each kind of defect that befalls a person, a count or a row, planted alone into a clean delivery: what is found, and how
/// often it was planted. Of a person and of a row the two are the same number.
#[test]
fn every_planted_defect_is_counted() {
    let mut shown = String::new();
    for &kind in Defect::ALL {
        let (bytes, truth) = extract(clean_but(kind, 60_000), 11, 150);
        let word = format!("{}:", kind.name());
        let mut lines = csv::Reader::from_reader(truth.as_bytes());
        let names = lines.headers().unwrap().clone();
        let place = names.iter().position(|name| name == "defects").unwrap();
        let (mut counts, mut people, mut times) = (0, BTreeSet::new(), 0);
        for line in lines.records().map(Result::unwrap) {
            let planted = line[place].split(';').filter(|one| one.starts_with(&word)).count();
            times += planted;
            if planted > 0 {
                counts += 1;
                people.insert(line[0].to_owned());
            }
        }
        let quality = Desk::new().quality(bytes);
        let found = amiss(&quality).replace('\n', "; ");
        let people = people.len();
        for (_, field, defect, unit) in EXACT.iter().filter(|exact| exact.0 == kind) {
            let planted = match unit {
                'p' => people,
                'c' => counts,
                _ => times,
            };
            assert_eq!(quality.count(field, defect), planted as u64, "{}", kind.name());
        }
        shown.push_str(&format!(
            "{}: planted {times} in {counts} counts of {people} people\n  {found}\n",
            kind.name()
        ));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_small_fixtures_on_the_screen() {
    for name in ["clean.dat", "hostile.dat"] {
        let mut quality =
            Desk::under(Some("us-ca/los-angeles-2020")).run(&[fixture(name)], |_| {}).unwrap().quality;
        quality.inputs[0].name = name.into();
        let text = quality.text();
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn a_hostile_delivery_on_the_screen() {
    let (bytes, _) = extract(profile("hostile"), 3, 300);
    let desk = Desk::under(Some("us-ca/los-angeles-2020"));
    let mut quality = desk.quality(bytes);
    quality.inputs[0].name = "hostile-300.dat".into();
    insta::assert_snapshot!(quality.text());
}

/// Rows of a population as lines of a file, defects of values alone.
fn lines(population: &Population) -> Vec<String> {
    population
        .iter()
        .flat_map(|person| {
            person
                .rows
                .iter()
                .map(|row| {
                    let cells = row.fields().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
                    cells.collect::<Vec<_>>().join(",") + "\n"
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn neither_the_order_of_rows_nor_the_threads_matter(seed in 0u64..1_000, order in 0u64..1_000, threads in 1usize..5) {
        let rows = lines(&Population::new(profile("hostile"), seed, 12));
        let mut mixed = rows.clone();
        // A shuffle that is the same for the same number.
        let mut state = order;
        for at in (1..mixed.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            mixed.swap(at, (state >> 33) as usize % (at + 1));
        }
        let desk = Desk::under(Some("us-ca/los-angeles-2020"));
        let one = desk.file("rows.dat", rows.concat());
        let found = |text: &str, threads: usize| {
            std::fs::write(&one, text).unwrap();
            let checked = desk.run(std::slice::from_ref(&one), |job| {
                job.threads = threads;
                job.as_of = (order % 2 == 0).then_some(AS_OF);
            });
            serde_json::to_string_pretty(&checked.unwrap().quality).unwrap()
        };
        let whole = found(&rows.concat(), 1);
        prop_assert_eq!(&whole, &found(&rows.concat(), threads));
        prop_assert_eq!(&whole, &found(&mixed.concat(), threads));
    }
}

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

fn cells_of(population: &Population, names: &[&str]) -> BTreeSet<String> {
    let places: Vec<usize> =
        names.iter().map(|name| columns().iter().position(|known| known == name).unwrap()).collect();
    let mut cells = BTreeSet::new();
    for person in population.iter() {
        for row in &person.rows {
            cells.extend(places.iter().map(|&place| row.field(place).trim().to_uppercase()));
        }
    }
    cells
}

/// Whether a text holds a secret as words of their own.
fn tells(text: &str, secret: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(secret).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
        !inner(before) && !inner(after)
    })
}

fn told(text: &str, secrets: &BTreeSet<String>) -> Vec<String> {
    let upper = text.to_uppercase();
    secrets.iter().filter(|secret| tells(&upper, secret)).cloned().collect()
}

#[test]
fn nothing_personal_is_on_the_screen_or_in_the_json() {
    let population = Population::new(profile("hostile"), 21, 250);
    let desk = Desk::under(Some("us-ca/los-angeles-2020"));
    let (bytes, _) = extract(profile("hostile"), 21, 250);
    let list = desk.dir.path().join("list");
    let input = desk.file("input.dat", bytes);
    let checked = desk.run(&[input], |job| job.work_list = Some(&list)).unwrap();
    assert!(checked.quality.counts.rejects > 20, "the file is not hostile enough");

    let words: BTreeSet<String> =
        cells_of(&population, &["OFFENSE_DESCR", "STP_ORI_CNTY_NAME", "STP_ORI_DESCR", "DISP_DESCR"])
            .iter()
            .flat_map(|cell| {
                cell.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
    let long = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() > 4;
    let secrets_in = |names: &[&str]| -> BTreeSet<String> {
        let cells = cells_of(&population, names);
        let parts =
            cells.iter().flat_map(|cell| cell.split([',', ' ']).map(str::to_owned).collect::<Vec<_>>());
        let all: BTreeSet<String> = cells.iter().cloned().chain(parts).collect();
        all.into_iter()
            .filter(|text| long(text) && !words.contains(text) && !text.starts_with("0000"))
            .collect()
    };
    let secrets = secrets_in(&IDENTIFYING);
    assert!(secrets.len() > 1_000, "only {} secrets", secrets.len());
    let json = serde_json::to_string_pretty(&checked.quality).unwrap();
    assert_eq!(told(&checked.quality.text(), &secrets), Vec::<String>::new());
    assert_eq!(told(&json, &secrets), Vec::<String>::new());

    // The work list has the CII number where it must, and nothing else of who somebody is.
    let who =
        secrets_in(&["REQ_NAME", "PRI_NAME", "REQ_SSN", "PRI_SSN", "PRI_CDL", "FBI_NUMBER", "SUBJECT_ID"]);
    let births = secrets_in(&["PRI_DOB", "REQ_DOB"]);
    let mut items = 0;
    for entry in std::fs::read_dir(&list).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        items += text.lines().count();
        assert_eq!(told(&text, &who), Vec::<String>::new());
        // An event may fall on somebody's birthday.
        let told: Vec<String> =
            told(&text, &births).into_iter().filter(|day| !text.contains(&format!(",{day},"))).collect();
        assert_eq!(told, Vec::<String>::new());
    }
    assert!(items > 300, "only {items} lines");
}

/// A row: a cell for each of the 95 columns.
fn row(cells: &[(&str, &str)]) -> String {
    let mut row = vec![String::new(); columns().len()];
    for (name, value) in cells {
        row[columns().iter().position(|known| known == name).unwrap()] = (*value).to_owned();
    }
    row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\n"
}

fn conviction<'c>(subject: &'c str, more: &[(&'c str, &'c str)]) -> String {
    let mut cells = vec![
        ("SUBJECT_ID", subject),
        ("CII_NUMBER", "A1234567"),
        ("PRI_NAME", "EXAMPLE,PERSON"),
        ("GENDER", "M"),
        ("PRI_DOB", "19800615"),
        ("RACE_DESCR", "WHITE"),
        ("STP_EVENT_DATE", "20010101"),
        ("STP_TYPE_DESCR", "COURT ACTION"),
        ("STP_ORI_DESCR", "SUPERIOR COURT"),
        ("STP_ORI_CNTY_NAME", "LOS ANGELES"),
        ("CNT_ORDER", "101001001000"),
        ("OFN", "BA123456"),
        ("OFFENSE_DESCR", "11358 HS-CULTIVATE"),
        ("DISP_DESCR", "CONVICTED-PROB/JAIL"),
        ("CONV_STAT_DESCR", "FELONY"),
        ("SENT_LOC_DESCR", "PROBATION"),
        ("SENT_LENGTH", "12"),
        ("SENT_TIME_CODE", "M"),
    ];
    cells.extend_from_slice(more);
    row(&cells)
}

#[test]
fn each_rule_in_a_table() {
    let table: &[(&str, &[(&str, &str)])] = &[
        ("sound", &[]),
        ("no county", &[("STP_ORI_CNTY_NAME", "")]),
        ("no such county", &[("STP_ORI_CNTY_NAME", "ORANGES")]),
        ("no agency", &[("STP_ORI_DESCR", "")]),
        ("no case number", &[("OFN", "")]),
        ("an unknown step", &[("STP_TYPE_DESCR", "SPACE WALK")]),
        ("an unknown outcome", &[("DISP_DESCR", "FLOGGED")]),
        ("no outcome", &[("DISP_DESCR", "")]),
        ("an unknown level", &[("CONV_STAT_DESCR", "GRAVE")]),
        ("the level of the charge", &[("CONV_STAT_DESCR", ""), ("OFFENSE_TOC", "F")]),
        ("an unknown unit", &[("SENT_TIME_CODE", "Q")]),
        ("no unit", &[("SENT_TIME_CODE", "")]),
        ("a fine without a length", &[("SENT_LOC_DESCR", "FINE"), ("SENT_LENGTH", "")]),
        ("a length that is none", &[("SENT_LENGTH", "LIFE")]),
        ("no sentence", &[("SENT_LOC_DESCR", ""), ("SENT_LENGTH", "")]),
        ("the last day", &[("STP_EVENT_DATE", "20200701")]),
        ("the day after", &[("STP_EVENT_DATE", "20200702")]),
        ("the day of birth", &[("STP_EVENT_DATE", "19800615")]),
        ("the day before it", &[("STP_EVENT_DATE", "19800614")]),
        ("a month in which it may be", &[("STP_EVENT_DATE", "19800600")]),
        ("born in the future", &[("PRI_DOB", "20300101")]),
        (
            "the charge in the comment",
            &[("OFFENSE_DESCR", "SEE COMMENT FOR CHARGE"), ("COMMENT_TEXT", "CHARGE: 11359 HS")],
        ),
        ("no charge there", &[("OFFENSE_DESCR", "SEE COMMENT FOR CHARGE"), ("COMMENT_TEXT", "WITH COUSIN")]),
        ("no comment there", &[("OFFENSE_DESCR", "SEE COMMENT FOR CHARGE")]),
        ("more in the comment", &[("COMMENT_TEXT", "ALSO 11359 HS")]),
        ("an order that is none", &[("DISP_ORDER", "A1")]),
        ("a date of disposition", &[("DISP_DATE", "20010230")]),
    ];
    let desk = Desk::new();
    let mut shown = String::new();
    for (name, cells) in table {
        let quality = desk.quality(conviction("7", cells));
        shown.push_str(&format!("{name}: {}\n", amiss(&quality).replace('\n', "; ")));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn numbers_of_people_that_do_not_agree() {
    let text = [
        conviction("1", &[]),
        conviction("2", &[]),
        conviction("3", &[("CII_NUMBER", "A9")]),
        conviction("3", &[("CII_NUMBER", "A8"), ("CNT_ORDER", "102001001000")]),
    ]
    .concat();
    insta::assert_snapshot!(amiss(&Desk::new().quality(text)), @r"
    cii conflicting: 1
    cii shared: 2
    ");
}

#[test]
fn an_agency_is_named_from_five_people_on() {
    let name = |people: usize| {
        let rows: String = (0..people)
            .map(|at| conviction(&format!("{at}"), &[("STP_ORI_DESCR", "ZEBEDEE,WILHELMINA")]))
            .collect();
        let quality = Desk::new().quality(rows);
        serde_json::to_string(&quality).unwrap().contains("ZEBEDEE")
    };
    assert!(!name(4));
    assert!(name(5));
}

/// A review that lacks two facts is counted under both defects, and alone under neither.
#[test]
fn a_review_that_lacks_two_facts() {
    let desk = Desk::under(Some("us-ca/los-angeles-2020"));
    let text = [
        conviction("1", &[("CONV_STAT_DESCR", "")]),
        conviction("2", &[("CONV_STAT_DESCR", ""), ("STP_EVENT_DATE", "")]),
        conviction("3", &[]),
    ]
    .concat();
    let reviews = desk.quality(text).reviews.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&reviews).unwrap());
}

/// The reviews are those of `decide`, to the number.
#[test]
fn as_many_reviews_as_decide_has() {
    let desk = Desk::under(Some("us-ca/los-angeles-2020"));
    let (bytes, _) = extract(profile("hostile"), 9, 300);
    let input = desk.file("input.dat", bytes);
    let checked = desk.run(std::slice::from_ref(&input), |_| {}).unwrap();
    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj().unwrap());
    let job = vacatur_pipeline::Job {
        inputs: &[input],
        evidence: &[],
        out: &desk.dir.path().join("run"),
        engine: &desk.engine,
        layout: &layout,
        words: &words,
        data: &[],
        formats: &[],
        horizon: None,
        threads: 2,
        resume: false,
        checkpoint_every: vacatur_pipeline::CHECKPOINT_EVERY,
        recipients: None,
        since: None,
        program: vacatur_pipeline::Program { version: "0", blake3: "" },
    };
    let decided = vacatur_pipeline::decide(&job, &Silent).unwrap();
    let reviews = checked.quality.reviews.unwrap();
    assert!(reviews.reviews > 20);
    assert_eq!(reviews.reviews, decided.summary.by_outcome["review"]);
    assert_eq!(reviews.determinations, decided.manifest.counts.determinations);
    let counts = &checked.quality.counts;
    assert_eq!(counts.rejects, decided.manifest.counts.rejects);
    assert_eq!(
        (counts.rows_in, counts.people),
        (decided.manifest.counts.rows_in, decided.manifest.counts.people)
    );
}

#[test]
fn what_differs_from_the_previous_delivery() {
    let desk = Desk::new();
    let before = desk.file("before.dat", lines(&Population::new(profile("clean"), 5, 120)).concat());
    let now: String = lines(&Population::new(profile("clean"), 5, 60))
        .concat()
        .replace("\"FELONY\"", "\"FEL ONY X\"")
        .replace("\"MISDEMEANOR\"", "\"\"");
    let now = desk.file("now.dat", now);
    let first = desk.run(std::slice::from_ref(&before), |_| {}).unwrap().quality;
    let json = desk.file("quality.json", serde_json::to_string(&first).unwrap());
    let against = |previous: &Path| {
        let previous = [previous.to_owned()];
        desk.run(std::slice::from_ref(&now), |job| job.previous = &previous).unwrap().quality
    };
    let mut drift = against(&json).drift.unwrap();
    assert_eq!(Some(&drift), against(&before).drift.as_ref(), "the file and its report say the same");
    drift.previous.clear();
    let lines = drift
        .changes
        .iter()
        .map(|change| format!("{} | {} | {} | {}", change.kind, change.subject, change.before, change.now));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    // Nothing differs from itself.
    let previous = [before.clone()];
    let same = desk.run(&[before], |job| job.previous = &previous).unwrap().quality;
    assert_eq!(same.drift.unwrap().changes, Vec::new());
}

#[test]
fn a_report_that_is_none_is_refused() {
    let desk = Desk::new();
    let input = desk.file("input.dat", conviction("1", &[]));
    for (text, part) in [("{\"schema\": 1}", "no report of a check"), ("  {", "no report of a check")] {
        let previous = [desk.file("quality.json", text)];
        let error = desk.run(std::slice::from_ref(&input), |job| job.previous = &previous).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_header_that_differs_is_told_and_nothing_is_left() {
    let desk = Desk::new();
    let header = columns().join(",").replace("PRI_DOB", "BIRTHDAY");
    let input = desk.file("input.dat", format!("{header}\n{}", conviction("1", &[])));
    let list = desk.dir.path().join("list");
    let quality = desk.run(&[input], |job| job.work_list = Some(&list)).unwrap().quality;
    let mut header = quality.header.clone().unwrap();
    assert_eq!(header.new, [(15, "BIRTHDAY".to_owned())]);
    assert_eq!(header.gone, [(15, "PRI_DOB".to_owned())]);
    header.file = "input.dat".into();
    let text = Quality { header: Some(header), ..quality }.text();
    insta::assert_snapshot!(text);
    let left: Vec<String> = std::fs::read_dir(desk.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["input.dat"]);
}

#[test]
fn the_work_list_of_a_small_delivery() {
    let desk = Desk::new();
    let text = [
        conviction("1", &[("CONV_STAT_DESCR", ""), ("COMMENT_TEXT", "=SECRET")]),
        conviction("2", &[("CII_NUMBER", "A2"), ("OFN", ""), ("STP_EVENT_DATE", "2001-02-30")]),
        conviction("3", &[("CII_NUMBER", "A3"), ("OFN", "=1+1"), ("STP_ORI_CNTY_NAME", "@NOWHERE")]),
        conviction("4", &[("CII_NUMBER", "A4"), ("PRI_DOB", "19801399")]),
        "not a row\n".to_owned(),
    ]
    .concat();
    let input = desk.file("input.dat", text);
    let list = desk.dir.path().join("list");
    desk.run(&[input], |job| job.work_list = Some(&list)).unwrap();
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&list).unwrap().map(Result::unwrap) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let folder = format!("{}/", desk.dir.path().display());
        files.insert(entry.file_name().to_string_lossy().into_owned(), text.replace(&folder, ""));
    }
    let shown = files.iter().map(|(name, text)| format!("{name}\n{text}"));
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"));
}
