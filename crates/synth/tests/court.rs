//! The court's file: its three forms, its errors, and the truth beside it.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use vacatur_synth::{
    COURT_TRUTH_COLUMNS, CourtDefect, CourtError, CourtFormat, CourtProfile, CourtTotals, ExtractOptions,
    Population, Profile, ProfileError, courthouses, write_court, write_extract,
};

const COUNTY: &str = "LOS ANGELES";

/// Lines by the names of their columns.
type Table = Vec<HashMap<String, String>>;

struct Written {
    file: Vec<u8>,
    truth: Table,
    bytes: Vec<u8>,
    totals: CourtTotals,
}

fn population(people: u64) -> Population {
    Population::new(Profile::named("linkage").unwrap(), 5, people)
}

fn written(people: u64, profile: &str, format: &str) -> Written {
    let (profile, format) = (CourtProfile::named(profile).unwrap(), CourtFormat::named(format).unwrap());
    let (mut file, mut bytes, mut last) = (Vec::new(), Vec::new(), 0);
    let totals =
        write_court(&population(people), COUNTY, &profile, format, &mut file, &mut bytes, &mut |done| {
            last = done
        })
        .unwrap();
    assert!(last >= people);
    Written { file, truth: table(&bytes), bytes, totals }
}

fn table(bytes: &[u8]) -> Table {
    csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().unwrap()
}

fn state(people: u64) -> (Table, Table) {
    let (mut file, mut truth) = (Vec::new(), Vec::new());
    let options = ExtractOptions { header: Some(true), ..ExtractOptions::default() };
    write_extract(&population(people), &mut file, &mut truth, &options, &mut |_| {}).unwrap();
    (table(&file), table(&truth))
}

fn first_lines(bytes: &[u8], number: usize) -> String {
    std::str::from_utf8(bytes).unwrap().lines().take(number).map(|line| format!("{line}\n")).collect()
}

/// A change here is a change of every file that tests and figures were made with. Make it knowingly.
#[test]
fn the_first_lines_are_known() {
    for format in ["la-index", "case-export", "da-tracking-csv"] {
        let written = written(30, "county", format);
        insta::assert_snapshot!(
            format,
            first_lines(&written.file, 9) + "\n" + &first_lines(&written.bytes, 9)
        );
    }
}

#[test]
fn the_same_seed_makes_the_same_bytes_in_every_format() {
    for format in CourtFormat::names() {
        let (one, other) = (written(40, "hard", format), written(40, "hard", format));
        assert!(one.file == other.file && one.bytes == other.bytes, "{format}");
    }
}

#[test]
fn every_line_has_its_truth_and_the_truth_adds_up() {
    for profile in CourtProfile::names() {
        let written = written(300, profile, "la-index");
        let rows = table(&written.file);
        assert_eq!(rows.len(), written.truth.len());
        assert_eq!(rows.len() as u64, written.totals.charges);
        assert!(std::str::from_utf8(&written.bytes).unwrap().starts_with(COURT_TRUTH_COLUMNS));
        let mut tally: HashMap<&str, u64> = HashMap::new();
        for (at, (row, truth)) in rows.iter().zip(&written.truth).enumerate() {
            assert_eq!(truth["line"], (at + 2).to_string());
            assert_eq!(truth["case_number"], row["CASE_NUMBER"]);
            assert_eq!(truth["court"], row["COURT_CODE"]);
            assert_eq!(truth["count"].parse::<u32>().unwrap(), row["COUNT_NO"].parse::<u32>().unwrap());
            let stranger = truth["person"].starts_with('C');
            assert!(!stranger || (truth["subject_id"].is_empty() && truth["cnt_order"].is_empty()));
            assert_eq!(truth["subject_id"].is_empty(), truth["in_state"] == "person_unknown");
            assert_eq!(truth["conviction_date"].is_empty(), truth["disposition"] != "conviction");
            assert!(truth["in_state"] != "yes" || !truth["cnt_order"].is_empty());
            assert!(!truth["origin"].is_empty());
            if truth["disposition"] == "conviction" {
                *tally.entry(truth["in_state"].as_str()).or_default() += 1;
            }
            for kind in truth["defects"].split(';').filter(|kind| !kind.is_empty()) {
                assert!(CourtDefect::named(kind).is_some(), "{kind}");
            }
        }
        let totals = written.totals;
        let of = |word: &str| tally.get(word).copied().unwrap_or(0);
        assert_eq!(of("yes"), totals.convictions_in_state);
        assert_eq!(of("case_missing"), totals.convictions_missing);
        assert_eq!(of("person_unknown"), totals.convictions_of_unknown);
        assert!(totals.convictions_missing > 20);
        assert_eq!(*profile == "clean", totals.defendants == totals.cases);
    }
}

#[test]
fn without_errors_the_court_says_what_is_true() {
    let written = written(400, "clean", "la-index");
    for (row, truth) in table(&written.file).iter().zip(&written.truth) {
        assert!(truth["defects"].is_empty());
        let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        assert_eq!(letters(&row["CASE_NUMBER"]), truth["case_clean"]);
        assert_eq!(row["SEX"], truth["sex"]);
        assert_eq!(row["RACE"], truth["race"]);
        assert_eq!(row["SEVERITY"].to_lowercase(), truth["level"][..1]);
        assert_eq!(matches!(&*row["DISPO_CODE"], "CNV" | "CJT"), truth["disposition"] == "conviction");
        assert!(!row["CII"].is_empty() && !row["CHARGE_STATUTE"].is_empty());
        if truth["attempt"] == "no" && truth["conspiracy"] == "no" && !truth["section"].contains('+') {
            let section = format!("{} {}", row["CHARGE_CODE"], row["CHARGE_STATUTE"]);
            assert_eq!(section, truth["section"].to_uppercase());
        }
    }
}

#[test]
fn what_the_truth_says_of_the_state_is_so() {
    let (rows, counts) = state(400);
    let held: HashSet<(&str, &str)> =
        rows.iter().map(|row| (row["SUBJECT_ID"].as_str(), &row["CNT_ORDER"][..9])).collect();
    let people: HashSet<&str> = rows.iter().map(|row| row["SUBJECT_ID"].as_str()).collect();
    let known: HashMap<(&str, &str), &HashMap<String, String>> =
        counts.iter().map(|count| ((&*count["person"], &*count["cnt_order"]), count)).collect();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let court = written(400, "county", "la-index");
    for truth in &court.truth {
        let (subject, order) = (truth["subject_id"].as_str(), truth["cnt_order"].as_str());
        *seen.entry(&truth["in_state"]).or_default() += 1;
        match truth["in_state"].as_str() {
            "yes" => assert!(held.contains(&(subject, &order[..9])), "{truth:?}"),
            "case_missing" => {
                assert!(people.contains(subject));
                assert!(order.is_empty() || !held.contains(&(subject, &order[..9])), "{truth:?}");
            }
            _ => assert!(!people.contains(subject), "{truth:?}"),
        }
        // A count that the state's truth has is the same count there.
        if !order.is_empty() {
            let count = known[&(truth["person"].as_str(), order)];
            for column in ["section", "attempt", "conspiracy", "level", "cannabis", "birth_date"] {
                assert_eq!(truth[column], count[column]);
            }
            assert_eq!(count["county"], COUNTY);
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|number| *number > 20), "{seen:?}");
}

#[test]
fn unreported_cases_leave_the_file_and_no_life() {
    let text = Profile::source("county").unwrap();
    let less = Profile::parse(&format!("{text}\nunreported = 250000\n")).unwrap();
    let (all, less) = (Population::new(Profile::parse(text).unwrap(), 9, 300), Population::new(less, 9, 300));
    let (mut court, mut gone) = (0, 0);
    for (one, other) in all.iter().zip(less.iter()) {
        assert_eq!(one.counts.len(), other.counts.len());
        let mut steps: HashMap<(u16, u16), BTreeSet<bool>> = HashMap::new();
        for (at, (a, b)) in one.counts.iter().zip(&other.counts).enumerate() {
            assert_eq!((a.order(), a.on, a.offence, &a.relief), (b.order(), b.on, b.offence, &b.relief));
            assert_eq!(b.is_reported(), other.rows.iter().any(|row| row.count() == at));
            assert!(b.is_reported() || (b.kind.is_court() && b.rejected.word() == "yes"));
            if b.kind.is_court() {
                court += 1;
                gone += u32::from(!b.is_reported());
                steps.entry((b.number[0], b.number[1])).or_default().insert(b.is_reported());
            }
        }
        assert!(steps.values().all(|told| told.len() == 1), "half of a case is reported");
    }
    let share = gone * 1000 / court;
    assert!((200..300).contains(&share), "{share}");
}

#[test]
fn every_kind_of_error_comes_up_and_leaves_the_case_as_it_was() {
    let mut kinds = BTreeSet::new();
    let mut charges = BTreeSet::new();
    for profile in ["clean", "hard"] {
        let written = written(1500, profile, "la-index");
        let own: BTreeSet<String> = written
            .truth
            .iter()
            .filter(|truth| truth["in_state"] == "yes")
            .map(|truth| format!("{} {} {}", truth["person"], truth["cnt_order"], truth["section"]))
            .collect();
        if profile == "clean" {
            charges = own;
        } else {
            // Some cases are no longer at the court; no others come in.
            assert!(own.is_subset(&charges) && own.len() < charges.len());
        }
        for truth in &written.truth {
            kinds.extend(truth["defects"].split(';').map(str::to_owned));
        }
    }
    let missing: Vec<_> =
        CourtDefect::ALL.iter().map(|kind| kind.name()).filter(|name| !kinds.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn errors_come_as_often_as_the_profile_says() {
    let profile = CourtProfile::named("county").unwrap();
    let written = written(2000, "county", "la-index");
    let mut seen = HashSet::new();
    let (mut parties, mut tally): (u64, HashMap<&str, u64>) = (0, HashMap::new());
    for truth in &written.truth {
        let first = seen.insert((&truth["case_number"], &truth["person"]));
        parties += u64::from(first);
        for kind in truth["defects"].split(';').filter(|_| first) {
            *tally.entry(kind).or_default() += 1;
        }
    }
    for kind in [
        CourtDefect::BirthMissing,
        CourtDefect::FirstInitial,
        CourtDefect::FirstMissing,
        CourtDefect::SexBlank,
        CourtDefect::SexWrong,
        CourtDefect::NumberSuffixed,
    ] {
        let expected = (parties * u64::from(profile.rate(kind))) as f64 / 1000.0;
        let found = tally.get(kind.name()).copied().unwrap_or(0) as f64;
        // Four standard deviations: a change of the dice passes, a change of a rate does not.
        assert!((found - expected).abs() < 4.0 * expected.sqrt() + 1.0, "{kind:?}: {found}, not {expected}");
    }
}

#[test]
fn the_formats_hold_the_same_cases() {
    let index = written(200, "county", "la-index");
    let export = written(200, "county", "case-export");
    let sheet = written(200, "county", "da-tracking-csv");
    assert_eq!((index.totals, export.totals), (sheet.totals, sheet.totals));
    let strip = |written: &Written| {
        written
            .truth
            .iter()
            .map(|truth| {
                let mut truth = truth.clone();
                truth.remove("line");
                let mut cells: Vec<_> = truth.into_iter().collect();
                cells.sort();
                cells
            })
            .collect::<Vec<_>>()
    };
    assert!(strip(&index) == strip(&export) && strip(&index) == strip(&sheet));
    let objects: Vec<serde_json::Value> = export
        .file
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(objects.len() as u64, export.totals.cases);
    for truth in &export.truth {
        let object = &objects[truth["line"].parse::<usize>().unwrap() - 1];
        assert_eq!(
            truth["case_number"].split('-').next(),
            object["caseNumber"].as_str().unwrap().split('-').next()
        );
        let charges = object["charges"].as_array().unwrap().iter();
        let own = charges.filter(|charge| charge["partyNumber"].as_u64() == truth["defendant"].parse().ok());
        assert_eq!(own.filter(|charge| charge["count"].as_u64() == truth["count"].parse().ok()).count(), 1);
    }
    // The sheet: every conviction has a row, and what has none stands in a case with a conviction.
    let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&sheet.file[..])
        .records()
        .map(Result::unwrap)
        .collect();
    let convicted: HashSet<_> = sheet
        .truth
        .iter()
        .filter(|truth| truth["disposition"] == "conviction")
        .map(|truth| (&truth["case_number"], &truth["person"]))
        .collect();
    let mut told = HashSet::new();
    for truth in &sheet.truth {
        let Ok(line) = truth["line"].parse::<usize>() else {
            assert!(truth["disposition"] != "conviction");
            assert!(convicted.contains(&(&truth["case_number"], &truth["person"])));
            continue;
        };
        told.insert(line);
        let row = &rows[line - 1];
        assert_eq!(row[1], truth["case_number"]);
        assert!([13, 16, 19].iter().any(|at| row[*at] == truth["count"]));
    }
    assert_eq!(told.len(), rows.len() - 2);
}

#[test]
fn the_excel_sheet_has_the_rows_of_the_csv() {
    let (excel, csv) = (written(60, "county", "da-tracking"), written(60, "county", "da-tracking-csv"));
    assert!(excel.bytes == csv.bytes);
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(&excel.file)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(parts.by_name(name).unwrap()).unwrap();
    let (sheet, strings, about) =
        (part("xl/worksheets/sheet1.xml"), part("xl/sharedStrings.xml"), part("docProps/core.xml"));
    assert_eq!(sheet.matches("<row ").count(), std::str::from_utf8(&csv.file).unwrap().lines().count());
    assert!(sheet.contains("<mergeCell ref=\"A1:X1\"/>"));
    // The day of the state's file and no clock.
    assert!(about.contains("2020-07-01T00:00:00Z"), "{about}");
    for truth in csv.truth.iter().filter(|truth| !truth["line"].is_empty()) {
        assert!(strings.contains(&format!("<t>{}</t>", truth["case_number"])), "{}", truth["case_number"]);
    }
}

#[test]
fn two_defendants_share_a_case_and_nothing_else() {
    let written = written(1500, "county", "la-index");
    let mut shared: BTreeMap<&str, u32> = BTreeMap::new();
    for truth in written.truth.iter().filter(|truth| truth["defendant"] == "2") {
        assert!(truth["in_state"] != "yes" && truth["cnt_order"].is_empty());
        *shared.entry(&truth["in_state"]).or_default() += 1;
    }
    assert!(shared.len() == 2 && shared.values().all(|number| *number > 10), "{shared:?}");
}

#[test]
fn courts_have_the_numbers_that_the_state_file_has() {
    let courts = courthouses(COUNTY);
    assert_eq!((courts.len(), courts[0].code.as_str(), courts[10].code.as_str()), (18, "SC00", "MC01"));
    assert_eq!(courts[10].name, "CAMCLONG BEACH");
    let known: HashSet<(&str, &str)> = courts.iter().map(|court| (&*court.ori, &*court.name)).collect();
    let (rows, _) = state(300);
    let mut seen = 0;
    for row in rows.iter().filter(|row| row["STP_TYPE_DESCR"] == "COURT ACTION") {
        if row["STP_ORI_CNTY_NAME"].trim_end() == COUNTY {
            seen += 1;
            assert!(
                known.contains(&(&*row["STP_ORI_CODE"], &*row["STP_ORI_DESCR"].to_uppercase())),
                "{row:?}"
            );
        }
    }
    assert!(seen > 300);
    assert!(courthouses("ATLANTIS").is_empty());
}

#[test]
fn a_court_profile_is_read_strictly() {
    let text = CourtProfile::source("clean").unwrap();
    let refused = |text: &str| CourtProfile::parse(text).unwrap_err().to_string();
    assert!(refused(&text.replace("zip =", "zap =")).contains("zap"));
    assert!(refused(&text.replace("last_typo =", "last_tipo =")).contains("errors.last_tipo"));
    assert!(refused(&text.replace("last_typo = 0", "last_typo = 1001")).contains("errors.last_typo"));
    assert!(refused(&text.replace("purged = 0", "purged = 1001")).contains("people.purged"));
    let above = CourtProfile::parse(&text.replace("court_only = 0", "court_only = 20001"));
    assert!(matches!(above, Err(ProfileError::Value { key, .. }) if key == "people.court_only"));
    assert!(CourtProfile::named("tidy").is_none() && CourtFormat::named("excel").is_none());
    assert!(CourtFormat::names().iter().all(|name| CourtFormat::named(name).is_some()));
    let (mut out, mut truth) = (Vec::new(), Vec::new());
    let profile = CourtProfile::named("clean").unwrap();
    let nowhere = write_court(
        &population(3),
        "ATLANTIS",
        &profile,
        CourtFormat::Index,
        &mut out,
        &mut truth,
        &mut |_| {},
    );
    assert!(matches!(nowhere, Err(CourtError::County(name)) if name == "ATLANTIS"));
}

#[test]
fn another_county_has_its_own_cases_and_nobody_is_no_mistake() {
    let profile = CourtProfile::named("county").unwrap();
    let (mut out, mut truth) = (Vec::new(), Vec::new());
    let totals = write_court(
        &population(1500),
        "ORANGE",
        &profile,
        CourtFormat::Index,
        &mut out,
        &mut truth,
        &mut |_| {},
    )
    .unwrap();
    assert!(totals.convictions_in_state > 10 && totals.convictions_of_unknown > 200, "{totals:?}");
    let (mut out, mut truth) = (Vec::new(), Vec::new());
    let totals = write_court(
        &population(0),
        COUNTY,
        &profile,
        CourtFormat::SheetCsv,
        &mut out,
        &mut truth,
        &mut |_| {},
    );
    assert_eq!(totals.unwrap(), CourtTotals::default());
    assert_eq!(table(&truth).len(), 0);
}
