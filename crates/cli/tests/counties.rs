//! Each county by its own policy, in one run.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{FIRST, HEADER, line};
use common::{AS_OF, Desk, Row, Run, Said, conviction, extract, names, synthetic, with};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const THREE: &str = r#"
id = "three"
title = "Three counties"
default = "none"

[[office]]
counties = ["LOS ANGELES"]
policy = "us-ca/los-angeles-2020"
set = { age = 45 }

[[office]]
counties = ["Sacramento"]
policy = "us-ca/sacramento-2019"

[[office]]
counties = ["SAN JOAQUIN"]
policy = "us-ca/san-joaquin-2019"
"#;

/// A state's file of invented people.
fn state(desk: &Desk, people: u64) -> PathBuf {
    desk.file("in/state.dat", extract(&synthetic("state", 7, people)))
}

/// Decides by a list of counties.
fn by_counties(desk: &Desk, input: &Path, list: &str, out: &str, more: &[&str]) -> Said {
    let list = desk.file(&format!("in/{out}.toml"), list);
    let (input, list) = (input.display().to_string(), list.display().to_string());
    let args = ["decide", &input, "--counties", &list, "--as-of", AS_OF, "--out", out];
    desk.vacatur(args.iter().chain(more))
}

fn run(desk: &Desk, input: &Path, list: &str, out: &str, more: &[&str]) -> Run {
    let said = by_counties(desk, input, list, out, more);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    Run::at(&desk.path(out))
}

fn in_county(subject: &str, county: &str) -> Row {
    with(
        conviction(subject, FIRST, "11359 HS-POSSESS FOR SALE", "20050310"),
        &[("STP_ORI_CNTY_NAME", county)],
    )
}

#[test]
fn three_counties_are_decided_as_in_three_runs() {
    let desk = Desk::new();
    let input = state(&desk, 900);
    let together = run(&desk, &input, THREE, "run", &[]).determinations();
    let mut apart: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
    let of = [
        ("us-ca/los-angeles-2020", "LOS ANGELES", "age=45"),
        ("us-ca/sacramento-2019", "SACRAMENTO", "county=SACRAMENTO"),
        ("us-ca/san-joaquin-2019", "SAN JOAQUIN", "county=SAN JOAQUIN"),
    ];
    for (at, (policy, county, set)) in of.into_iter().enumerate() {
        let out = format!("run{at}");
        let alone = desk.run(&[&input], &out, &["--policy", policy, "--county", county, "--set", set]);
        for row in alone.determinations() {
            assert_eq!(row["policy"], policy);
            apart.insert((row["subject_id"].clone(), row["cnt_order"].clone()), row);
        }
    }
    assert!(apart.len() > 200, "{}", apart.len());
    assert_eq!(together.len(), apart.len());
    let policies: BTreeSet<&str> = together.iter().map(|row| row["policy"].as_str()).collect();
    assert_eq!(policies.len(), 3);
    for row in &together {
        let key = (row["subject_id"].clone(), row["cnt_order"].clone());
        assert_eq!(Some(row), apart.get(&key), "{key:?}");
    }
}

#[test]
fn the_same_bytes_on_any_number_of_threads_and_after_an_earlier_run() {
    let desk = Desk::new();
    let input = state(&desk, 400);
    let one = run(&desk, &input, THREE, "one", &["--threads", "1"]);
    let two = run(&desk, &input, THREE, "two", &["--threads", "2"]);
    let since = run(&desk, &input, THREE, "since", &["--since", "one"]);
    for name in names(&one.dir).iter().filter(|name| *name != "inputs.json") {
        assert!(one.bytes(name) == two.bytes(name), "{name}");
        if name != "manifest.json" {
            assert!(one.bytes(name) == since.bytes(name), "{name}, carried over");
        }
    }
    // Another policy for one county decides everybody again, and says why.
    let other = THREE.replace("age = 45", "age = 50");
    let said = by_counties(&desk, &input, &other, "other", &["--since", "one"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let text = format!("{}{}", said.out, said.err);
    assert!(text.contains("policy"), "{text}");
}

#[test]
fn the_folder_keeps_every_document_and_the_run_comes_out_again() {
    let desk = Desk::new();
    let input = state(&desk, 300);
    let own = desk.file("in/own.md", {
        let shelved =
            std::fs::read_to_string("../../policies/us-ca/dismiss-all-prop64.md").expect("a policy");
        shelved.replacen("id: us-ca/dismiss-all-prop64", "id: own/everything", 1)
    });
    assert!(std::fs::read_to_string(&own).expect("a policy").contains("own/everything"));
    let list = THREE.replace("default = \"none\"", "default = \"own.md\"");
    let made = run(&desk, &input, &list, "run", &["--horizon", "12m"]);
    // The document of a base stands beside the one that builds on it.
    let kept: Vec<String> = names(&made.dir).into_iter().filter(|name| name.starts_with("policy-")).collect();
    assert_eq!(kept, ["policy-1.md", "policy-2.md", "policy-3.md", "policy-4.md"]);
    assert_eq!(made.text("counties.toml"), list);
    let manifest = made.json("manifest.json");
    let counties = manifest["counties"]["counties"].as_array().expect("counties");
    assert_eq!(counties.len(), 58);
    assert_eq!(manifest["policy"]["id"], "three");
    assert!(made.determinations().iter().any(|row| row["policy"] == "own/everything"));
    // The policies are taken from the folder.
    std::fs::remove_file(&own).expect("removed");
    for more in [&[][..], &["--sample", "50"]] {
        let said = desk.vacatur(["verify", "run"].iter().chain(more));
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    }
    let document = made.text("policy-2.md");
    std::fs::write(made.dir.join("policy-2.md"), document + "\n").expect("written");
    let said = desk.vacatur(["verify", "run"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("policy-2.md"), "{}", said.out);
}

#[test]
fn a_base_of_a_policy_is_kept_beside_it() {
    let desk = Desk::new();
    let input = state(&desk, 60);
    let list = "default = \"us-ca/contra-costa-2019\"\n";
    let made = run(&desk, &input, list, "run", &[]);
    assert!(names(&made.dir).contains(&"policy-1-base-1.md".to_owned()), "{:?}", names(&made.dir));
    assert_eq!(desk.vacatur(["verify", "run"]).code, Some(0));
}

#[test]
fn who_explains_names_the_policy_of_the_county() {
    let desk = Desk::new();
    let rows = [in_county("S1", "LOS ANGELES"), in_county("S2", "SACRAMENTO")];
    let input = desk.file("in/state.dat", extract(&rows));
    run(&desk, &input, THREE, "run", &[]);
    for (person, policy, set) in
        [("S1", "us-ca/los-angeles-2020", "age = 45"), ("S2", "us-ca/sacramento-2019", "county = SACRAMENTO")]
    {
        let said = desk.vacatur(["explain", "run", "--person", person]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.contains(&format!("Policy {policy}")), "{}", said.out);
        assert!(said.out.contains(set), "{}", said.out);
    }
}

#[test]
fn a_county_for_which_nobody_decides_is_counted() {
    let desk = Desk::new();
    let rows = [in_county("S1", "LOS ANGELES"), in_county("S2", "Yolo"), in_county("S3", "YOLO")];
    let input = desk.file("in/state.dat", extract(&rows));
    let made = run(&desk, &input, THREE, "run", &[]);
    assert_eq!(made.determinations().len(), 1);
    assert_eq!(made.json("summary.json")["not_decided"], serde_json::json!({ "YOLO": 2 }));
    let said = desk.vacatur(["statewide", "run", "--out", "lists", "-q"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let lists = Run::at(&desk.path("lists"));
    assert!(lists.text("cover-yolo.txt").contains("decided no conviction of this county"));
    assert!(!lists.text("cover-los-angeles.txt").contains("decided no conviction of this county"));
}

#[test]
fn an_unknown_county_is_no_guess() {
    let desk = Desk::new();
    let rows = [in_county("S1", ""), in_county("S2", "LOS ANGELS"), in_county("S3", "LOS ANGELES")];
    let after =
        with(conviction("S4", FIRST, "11359 HS-POSSESS FOR SALE", "20180310"), &[("STP_ORI_CNTY_NAME", "")]);
    let input = desk.file("in/state.dat", extract(&[&rows[..], &[after]].concat()));
    let list = THREE.replace("default = \"none\"", "default = \"us-ca/dismiss-all-prop64\"");
    let made = run(&desk, &input, &list, "run", &[]);
    let rows = made.determinations();
    let of = |subject: &str| rows.iter().find(|row| row["subject_id"] == subject).expect("a determination");
    for subject in ["S1", "S2"] {
        let row = of(subject);
        assert_eq!((row["outcome"].as_str(), row["policy"].as_str()), ("review", ""), "{row:?}");
        assert!(row["missing"].split("; ").any(|missing| missing == "county"), "{row:?}");
        assert!(row["would_be"].contains("dismiss"), "{row:?}");
        assert_eq!(row["grounds"], "");
    }
    assert_ne!(of("S3")["policy"], "");
    let asked: Vec<_> =
        made.table("review.csv").into_iter().filter(|row| row["subject_id"] == "S1").collect();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["fact"], "county");
    let said = desk.vacatur(["explain", "run", "--person", "S1"]);
    assert!(said.out.contains("the policy of every county was asked"), "{}", said.out);

    // The answer is evidence, after which the county's own policy decides.
    let evidence =
        desk.file("in/e.csv", format!("{HEADER}\n{}\n", line("S1", FIRST, "county", "SACRAMENTO")));
    let again = run(&desk, &input, &list, "again", &["--evidence", &evidence.display().to_string()]);
    let rows = again.determinations();
    let row = rows.iter().find(|row| row["subject_id"] == "S1").expect("a determination");
    assert_eq!(row["policy"], "us-ca/sacramento-2019");
    assert_eq!(desk.vacatur(["verify", "again"]).code, Some(0));
}

#[test]
fn an_unknown_county_decides_nothing_where_all_come_to_the_same() {
    let desk = Desk::new();
    // By either document an offence after Proposition 64 is not eligible.
    let after =
        with(conviction("S4", FIRST, "11359 HS-POSSESS FOR SALE", "20180310"), &[("STP_ORI_CNTY_NAME", "")]);
    let input = desk.file("in/state.dat", extract(&[after]));
    let list = "default = \"us-ca/los-angeles-2020\"\n[[office]]\ncounties = [\"YOLO\"]\npolicy = \"us-ca/sacramento-2019\"\n";
    let rows = run(&desk, &input, list, "run", &[]).determinations();
    assert_eq!(rows[0]["outcome"], "not_eligible", "{:?}", rows[0]);
    assert_eq!(rows[0]["policy"], "us-ca/los-angeles-2020; us-ca/sacramento-2019");
    assert_eq!(rows[0]["harmless"], "county");
    // Where one county decides nothing, it is not the same everywhere.
    let list = list.replacen("us-ca/los-angeles-2020", "none", 1);
    let rows = run(&desk, &input, &list, "none", &[]).determinations();
    assert_eq!((rows[0]["outcome"].as_str(), rows[0]["policy"].as_str()), ("review", ""), "{:?}", rows[0]);
}

#[test]
fn a_list_of_counties_with_mistakes_is_refused_before_anything_is_read() {
    let desk = Desk::new();
    let gone = desk.path("no-such-file.dat");
    let refused = |list: &str, parts: &[&str]| {
        let said = by_counties(&desk, &gone, list, "run", &[]);
        assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
        for part in parts {
            assert!(said.err.contains(part), "`{part}` is not in: {}", said.err);
        }
        desk.nothing_of("run");
    };
    let with = |from: &str, to: &str| {
        assert!(THREE.contains(from), "{from}");
        THREE.replacen(from, to, 1)
    };
    refused(
        &with("LOS ANGELES", "LOS ANGELS"),
        &["`LOS ANGELS` is no county", "did you mean `LOS ANGELES`?", ":7:13]"],
    );
    refused(&with("SAN JOAQUIN", "sacramento"), &["`sacramento` has a policy already, on line 12"]);
    refused(&with("age = 45", "age = 99"), &["`age` cannot be `99`", ":9:15]"]);
    refused(
        &with("us-ca/sacramento-2019", "us-ca/sacremento-2019"),
        &["there is no policy `us-ca/sacremento-2019`", ":13:10]"],
    );
    desk.file("in/broken.md", "# Nothing\n");
    refused(&with("us-ca/sacramento-2019", "broken.md"), &["broken.md fails its check", "shown above"]);
    refused("default = \"none\"\n", &["nobody decides for any county"]);
    refused("defaults = \"none\"\n", &["unknown field `defaults`"]);
    let said = desk.vacatur(["decide", "x.dat", "--as-of", AS_OF, "--out", "run"]);
    assert!(said.err.contains("--policy"), "{}", said.err);
}
