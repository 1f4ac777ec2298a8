//! `vacatur policy`: what is said of a document and its tests, and with which exit code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{BEAR, Desk, LOS_ANGELES};

/// A policy of one rule, with a test on either side of its day and none of the day itself.
const OURS: &str = "```policy
id: ours
jurisdiction: us-ca
authority: nobody
effective: always
source: this test
status: confirmed
```

```sections
cultivation = HS 11358
```

```scope
when conviction.section in cultivation
cite A source
```

```rule recent
when conviction.date on or after 2016-11-09
then not eligible
reason \"Recent\"
cite A source
```

```rule otherwise
otherwise
then dismiss
reason \"Old\"
cite A source
```

```test Day by day
as of 2020-07-01
A: convicted of 11358 HS, felony, on 2016-11-08
B: convicted of 11358 HS, felony, on 2016-11-10
C: convicted of 459 PC, felony, on 2016-11-10
expect A: dismiss \"Old\"
expect B: not eligible \"Recent\"
expect C: out of scope
```
";

/// The same with the day itself.
fn with_the_day() -> String {
    OURS.replace("C: convicted", "D: convicted of 11358 HS, felony, on 2016-11-09\nC: convicted")
        .replace("expect C", "expect D: not eligible \"Recent\"\nexpect C")
}

#[test]
fn no_change_goes_unnoticed() {
    let desk = Desk::new();
    desk.file("ours.md", with_the_day());
    for policy in ["ours.md", BEAR] {
        let said = desk.vacatur(["policy", "mutants", policy, "--survivors"]);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
        assert!(said.out.ends_with("tests, 0 mutants survived\n"), "{}", said.out);
    }
}

#[test]
fn a_boundary_that_no_test_covers() {
    let desk = Desk::new();
    desk.file("ours.md", OURS);
    desk.file("whole.md", with_the_day());
    let said = desk.vacatur(["policy", "check", "ours.md"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("no errors, 1 to look at"), "{}", said.out);
    for part in
        ["a date boundary that no test covers", "add a test with 2016-11-08, 2016-11-09 and 2016-11-10"]
    {
        assert_eq!(said.err.matches(part).count(), 1, "`{part}`: {}", said.err);
    }
    assert_eq!(desk.vacatur(["policy", "check", "whole.md"]).err, "");
    let said = desk.vacatur(["policy", "mutants", "ours.md", "--survivors"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.out
            .contains("day boundary: `on or after` becomes `after`\n    | when conviction.date on or after"),
        "{}",
        said.out
    );
    // All of them, where the survivors alone are not asked for.
    let all = desk.vacatur(["policy", "mutants", "ours.md"]);
    assert_eq!(all.code, Some(1));
    assert!(all.out.contains("SURVIVED") && all.out.contains("killed by \"Day by day\""), "{}", all.out);
    assert!(!said.out.contains("killed by"));
    let json = desk.vacatur(["policy", "mutants", "ours.md", "--survivors", "--json"]);
    assert_eq!(json.code, Some(1));
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let mutants = json["mutants"].as_array().expect("a list");
    assert!(!mutants.is_empty() && mutants.iter().all(|mutant| mutant["fate"] == "survived"), "{json}");
}

#[test]
fn where_a_test_fails() {
    let desk = Desk::new();
    desk.file("ours.md", with_the_day().replace("on or after 2016-11-09", "after 2016-11-09"));
    let name = "Day by day";
    desk.vacatur(["policy", "mutants", "ours.md"]).refused(&["ours.md", name, "mend that first"]);
    let said = desk.vacatur(["policy", "check", "ours.md"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains(&format!("the test \"{name}\" fails")), "{}", said.err);
    let said = desk.vacatur(["policy", "test", "ours.md"]);
    assert_eq!(said.code, Some(1));
    // What was expected and what came out, and how that was reached.
    assert!(said.out.contains("D: expected not_eligible, but came out as dismiss \"Old\""), "{}", said.out);
    assert!(said.out.contains("| Rules, in order; the first that holds decides"), "{}", said.out);
    assert_eq!(desk.vacatur(["policy", "coverage", "ours.md"]).code, Some(0));
}

#[test]
fn a_document_with_errors_has_neither_coverage_nor_mutants() {
    let desk = Desk::new();
    for (was, is, says) in [
        ("conviction.date", "conviction.dat", "there is no fact `conviction.dat`"),
        ("= HS 11358\n", "= table canabis\n", "there is no statute table `canabis`"),
    ] {
        desk.file("ours.md", OURS.replace(was, is));
        for command in ["test", "coverage", "mutants", "check"] {
            let said = desk.vacatur(["policy", command, "ours.md"]);
            assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{command}: {}", said.err);
            assert!(said.err.contains(says), "{command}: {}", said.err);
        }
    }
}

#[test]
fn coverage() {
    let desk = Desk::new();
    let said = desk.vacatur(["policy", "coverage", LOS_ANGELES]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(said.out.contains("fifty-or-older"), "{}", said.out);
    let json = desk.vacatur(["policy", "coverage", BEAR, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(json["policy"], BEAR);
    assert_eq!(json["never_decide"], serde_json::json!([]));
    assert_eq!(json["rules"].as_array().map(Vec::len), Some(11));
}
