//! The file: its shape, its defects, and the truth beside it.
#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};

use vacatur_synth::{
    COLUMNS, Defect, Encoding, ExtractOptions, Population, Profile, Rejected, Scope, TRUTH_COLUMNS, Totals,
    columns, write_extract,
};

struct Written {
    file: Vec<u8>,
    truth: String,
    totals: Totals,
}

fn written(name: &str, people: u64, options: &ExtractOptions) -> Written {
    let population = Population::new(Profile::named(name).unwrap(), 5, people);
    let (mut file, mut truth, mut last) = (Vec::new(), Vec::new(), 0);
    let totals = write_extract(&population, &mut file, &mut truth, options, &mut |done| last = done).unwrap();
    assert_eq!(last, people);
    Written { file, truth: String::from_utf8(truth).unwrap(), totals }
}

/// FNV-1a, which is short enough to stand here.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A change here is a change of every population: of tests, benches and the demo. Make it knowingly.
#[test]
fn the_bytes_are_known() {
    let hashes = Profile::names().iter().map(|name| {
        let written = written(name, 40, &ExtractOptions::default());
        let again = self::written(name, 40, &ExtractOptions::default());
        assert!(written.file == again.file && written.truth == again.truth);
        format!("{name}: file {:016x} truth {:016x}\n", hash(&written.file), hash(written.truth.as_bytes()))
    });
    insta::assert_snapshot!(hashes.collect::<String>());
}

#[test]
fn every_row_of_an_orderly_file_has_95_columns() {
    for name in ["clean", "county", "dense"] {
        let options = ExtractOptions { header: Some(true), ..ExtractOptions::default() };
        let written = written(name, if name == "dense" { 60 } else { 1500 }, &options);
        let mut reader = csv::ReaderBuilder::new().from_reader(&written.file[..]);
        assert!(reader.headers().unwrap().iter().eq(columns().iter().copied()), "{name}");
        let mut rows = 0;
        for row in reader.records() {
            assert_eq!(row.unwrap().len(), COLUMNS);
            rows += 1;
        }
        assert_eq!(rows, written.totals.rows, "{name}");
        assert_eq!((written.totals.unusable_rows, written.totals.junk_lines), (0, 0));
        assert_eq!(written.totals.bytes, written.file.len() as u64);
    }
}

#[test]
fn the_truth_has_a_line_for_every_count() {
    for name in Profile::names() {
        let written = written(name, 50, &ExtractOptions::default());
        let mut reader = csv::ReaderBuilder::new().from_reader(written.truth.as_bytes());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(header.join(","), TRUTH_COLUMNS);
        let at = |name: &str| header.iter().position(|column| column == name).unwrap();
        let (kind, cannabis, person) = (at("kind"), at("cannabis"), at("person"));
        let (mut counts, mut convictions, mut people) = (0, 0, HashSet::new());
        for line in reader.records() {
            let line = line.unwrap();
            counts += 1;
            convictions += u64::from(&line[kind] == "conviction" && &line[cannabis] == "yes");
            people.insert(line[person].to_owned());
        }
        assert_eq!((counts, convictions), (written.totals.counts, written.totals.cannabis_convictions));
        assert_eq!(people.len() as u64, written.totals.people);
    }
}

#[test]
fn averages_are_those_of_the_profile() {
    for (name, people, rows, bytes) in
        [("county", 5000, 9.0..10.5, 350.0..450.0), ("dense", 500, 86.0..100.0, 760.0..840.0)]
    {
        let totals = written(name, people, &ExtractOptions::default()).totals;
        let (a_person, a_row) =
            (totals.rows as f64 / people as f64, totals.bytes as f64 / totals.rows as f64);
        assert!(rows.contains(&a_person) && bytes.contains(&a_row), "{name}: {a_person} rows, {a_row} bytes");
    }
}

#[test]
fn rates_of_people_and_counts_land_where_the_profile_puts_them() {
    let profile = Profile::named("county").unwrap();
    let people = 5000;
    let population = Population::new(profile.clone(), 5, people);
    let mut tally: HashMap<Defect, u32> = HashMap::new();
    let (mut charges, mut court, mut rows) = (0, 0, 0);
    for person in population.iter() {
        charges += person.counts.iter().filter(|count| count.charged.is_some()).count();
        court += person.counts.iter().filter(|count| count.kind.is_court()).count();
        rows += person.rows.len();
        let mut own = HashSet::new();
        for count in &person.counts {
            for (kind, _) in &count.defects {
                if kind.scope() != Scope::Person || own.insert(*kind) {
                    *tally.entry(*kind).or_default() += 1;
                }
            }
        }
    }
    for (kind, among) in [
        (Defect::BirthMissing, people as usize),
        (Defect::BirthPartial, people as usize),
        (Defect::LevelMissing, charges),
        (Defect::DispositionMissing, court),
        (Defect::SectionUnreadable, charges),
        (Defect::Duplicate, rows),
        (Defect::CountyBlanks, rows),
    ] {
        let expected = among as f64 * f64::from(profile.rate(kind)) / 1e6;
        let found = f64::from(tally.get(&kind).copied().unwrap_or(0));
        // Four standard deviations: a change of the dice passes, a change of a rate does not.
        assert!((found - expected).abs() < 4.0 * expected.sqrt() + 1.0, "{kind:?}: {found}, not {expected}");
    }
}

#[test]
fn a_hostile_file_has_every_kind_of_defect_in_a_quarter_of_its_rows() {
    let people = 3000;
    let profile = Profile::named("hostile").unwrap();
    let population = Population::new(profile, 5, people);
    let mut kinds = HashSet::new();
    let (mut rows, mut touched) = (0, 0);
    let mut rejected: HashMap<&str, u32> = HashMap::new();
    for person in population.iter() {
        rows += person.rows.len();
        touched += person.rows.iter().filter(|row| !person.counts[row.count()].defects.is_empty()).count();
        for count in &person.counts {
            kinds.extend(count.defects.iter().map(|(kind, _)| *kind));
            *rejected.entry(count.rejected.word()).or_default() += 1;
        }
    }
    let written = written("hostile", people, &ExtractOptions::default());
    assert!(written.truth.contains("scattered:SUBJECT_ID"));
    assert!(!written.file.ends_with(b"\n"), "the last line is cut");
    kinds.extend([Defect::Scattered, Defect::TruncatedEnd]);
    // What was never reported has no rows to be hostile; tests/court.rs has it.
    kinds.insert(Defect::Unreported);
    let missing: Vec<_> = Defect::ALL.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for word in [Rejected::No, Rejected::Perhaps, Rejected::Some, Rejected::Yes].map(Rejected::word) {
        assert!(rejected.contains_key(word), "{word}");
    }
    let share = touched as f64 / rows as f64;
    assert!((0.22..0.34).contains(&share), "{share}");
    for trace in ["=cmd", "\0", "\r\nSEE NEXT LINE", "PAGE 12 OF 480", "AND SO ON AND SO ON"] {
        let found = written.file.windows(trace.len()).any(|window| window == trace.as_bytes());
        assert!(found, "{trace:?}");
    }
}

#[test]
fn scattered_rows_are_the_same_rows_elsewhere() {
    let of = |scatter| {
        written("county", 700, &ExtractOptions { scatter: Some(scatter), ..ExtractOptions::default() })
    };
    let (together, apart) = (of(0.0), of(0.5));
    assert_eq!(together.totals, apart.totals);
    assert_ne!(together.file, apart.file);
    let sorted = |file: &[u8]| {
        let mut lines: Vec<Vec<u8>> = file.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        lines.sort();
        lines
    };
    assert!(sorted(&together.file) == sorted(&apart.file));
    assert!(!together.truth.contains("scattered"));
}

#[test]
fn options_override_the_profile() {
    let plain = written("county", 60, &ExtractOptions { crlf: Some(false), ..ExtractOptions::default() });
    assert!(!plain.file.contains(&b'\r') && !plain.file.starts_with(b"RECORD_ID"));
    let utf8 = written("hostile", 60, &ExtractOptions::default());
    assert!(std::str::from_utf8(&utf8.file).is_ok_and(|text| !text.is_ascii()));
    let narrow = written(
        "hostile",
        60,
        &ExtractOptions { encoding: Encoding::Windows1252, header: Some(false), ..ExtractOptions::default() },
    );
    assert!(std::str::from_utf8(&narrow.file).is_err());
    assert!(!narrow.file.starts_with(b"RECORD_ID"));
}

/// What the clean file says of a count is what the truth says.
#[test]
fn a_clean_file_is_the_truth() {
    let written = written("clean", 800, &ExtractOptions::default());
    let rows = table(&written.file);
    let mut first: HashMap<(&str, &str), &HashMap<String, String>> = HashMap::new();
    for row in &rows {
        first.entry((&row["SUBJECT_ID"], &row["CNT_ORDER"])).or_insert(row);
    }
    let levels =
        HashMap::from([("felony", "FELONY"), ("misdemeanor", "MISDEMEANOR"), ("infraction", "INFRACTION")]);
    let mut convictions = 0;
    for truth in table(written.truth.as_bytes()) {
        let row = first[&(truth["subject_id"].as_str(), truth["cnt_order"].as_str())];
        let digits = |column: &str| truth[column].replace('-', "");
        assert_eq!(row["PRI_DOB"], digits("birth_date"));
        assert_eq!(row["STP_EVENT_DATE"], digits("event_date"));
        assert_eq!(row["STP_ORI_CNTY_NAME"], truth["county"]);
        assert_eq!(row["OFN"], truth["case_number"]);
        assert_eq!(row["DISP_DESCR"].starts_with("CONVICTED"), truth["kind"] == "conviction");
        if truth["kind"] != "conviction" {
            continue;
        }
        convictions += 1;
        assert_eq!(row["CONV_STAT_DESCR"], levels[truth["level"].as_str()]);
        let column =
            if row["CONV_OFFENSE_DESCR"].is_empty() { "OFFENSE_DESCR" } else { "CONV_OFFENSE_DESCR" };
        let number = truth["section"].split(" + ").next().unwrap()[3..].to_uppercase();
        let before = match (truth["attempt"].as_str(), truth["conspiracy"].as_str()) {
            ("yes", _) => "664/",
            (_, "yes") => "182/",
            _ => "",
        };
        assert!(row[column].starts_with(&format!("{before}{number}")), "{} of {truth:?}", row[column]);
    }
    assert!(convictions > 1500);
}

fn table(bytes: &[u8]) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().unwrap()
}
