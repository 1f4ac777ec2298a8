//! Documents in, what their tests reach out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{STATUTES, document, rule, test};
use std::sync::Arc;
use vacatur_eligibility::{ConditionCoverage, CoverageReport, Suite, coverage, shelf};

fn report(text: &str) -> CoverageReport {
    coverage(&Suite::new(text, Arc::clone(&STATUTES)).unwrap_or_else(|errors| panic!("{errors:?}")))
}

const BLOCKS: &str = "```parameters
ask: flag = yes
    Whether it is asked.
county: county = any
    The county.
```

```rule registered
when ask and (no charge where not itself and date before conviction.date)
then refer to \"Somebody\"
reason \"Nothing before\"
cite A source
```

```rule two
when count(convictions where attempt) >= 2 and conviction.level is not felony
then not eligible
reason \"Two\"
cite A source
```

";

fn tests() -> String {
    [
        test(
            "two counts",
            "A: convicted of 11358 HS, felony, on 2001-03-01, in YOLO
B: dismissed 459 PC, felony, on 1999-03-01, in NAPA
C: convicted of 11358 HS, felony, in YOLO
expect A: review \"No rule applies\"
expect B: out of scope
expect C: review",
        ),
        test(
            "one count",
            "set county = YOLO\nA: convicted of 11358 HS, felony, on 2001-03-01, in YOLO\nexpect A: refer",
        ),
        test("not run", "set county = YOLO\nset nothing = 1\nA: convicted of 11358 HS\nexpect A: review"),
        test("fails", "A: convicted of 11358 HS, felony, on 2001-03-01, in YOLO\nexpect A: dismiss"),
        test("another section", "A: convicted of 459 PC, felony, on 2001-03-01\nexpect A: out of scope"),
    ]
    .concat()
}

#[test]
fn rules_conditions_and_parameters() {
    let text = document(&[BLOCKS, &tests()].concat());
    insta::assert_snapshot!(report(&text).text(), @r#"
        yes     no  unknown
    scope
          4      1        0  conviction.section in cultivation
    1. registered, line 28: decides 2, and may decide 1
          2      1        1  ask and (no charge where not itself and date before conviction.date)
          4      0        -    ask
          2      1        1    (no charge where not itself and date before conviction.date)
          1      2        1      no charge where not itself and date before conviction.date
          1      4        3        not itself and date before conviction.date
          4      4        0          not itself
          4      4        0            itself
          1      0        3          date before conviction.date
                             in "one count"
                             in "fails"
    2. two, line 35: decides 0
          0      2        0  count(convictions where attempt) >= 2 and conviction.level is not felony
          0      2        0    count(convictions where attempt) >= 2
          0      4        0      attempt
          0      0        0    conviction.level is not felony
    3. otherwise, line 80: decides 1, and may decide 1
                             in "two counts"

    not covered
      the rule `two` decides nothing that a test expects
      no test sets `ask` to anything but its default, yes
      line 17: never unknown: conviction.section in cultivation
      line 29: never no: ask
      line 29: never unknown: not itself
      line 29: never unknown: itself
      line 29: never no: date before conviction.date
      line 36: never yes, never unknown: count(convictions where attempt) >= 2 and conviction.level is not felony
      line 36: never yes, never unknown: count(convictions where attempt) >= 2
      line 36: never yes, never unknown: attempt
      line 36: never reached: conviction.level is not felony

    small: 5 tests, 7 expectations, 2 of them out of scope
    "#);
}

#[test]
fn without_tests_nothing_is_reached() {
    let text = document(&rule("conviction.attempt"));
    let report = report(&text);
    assert_eq!(report.never_decide, ["old", "otherwise"]);
    assert!(report.text().contains("never reached: conviction.section in cultivation"));
    assert!(report.text().contains("0 tests, 0 expectations"));
}

#[test]
fn the_report_as_data() {
    let text = document(&[BLOCKS, &tests()].concat());
    let report = serde_json::to_value(report(&text)).unwrap();
    assert_eq!(report["rules"][0]["tests"], serde_json::json!(["one count", "fails"]));
    assert_eq!(report["never_set"], serde_json::json!(["ask"]));
    assert_eq!(report["parameters"][1]["set"], serde_json::json!(["YOLO"]));
    let ask = &report["rules"][0]["condition"]["parts"][0];
    assert_eq!((&ask["text"], &ask["unknown"]), (&serde_json::json!("ask"), &serde_json::Value::Null));
}

/// The counts of a condition agree with those of the rules: whatever is decided was asked.
#[test]
fn the_shelf_is_reached() {
    // A document that builds on another is tested for what it changes; the tests of its base reach the rest.
    for shelved in shelf::POLICIES.iter().filter(|shelved| !shelved.text.contains("\nbuilds on: ")) {
        let report = report(shelved.text);
        assert!(report.never_decide.is_empty(), "{}: {:?}", shelved.name, report.never_decide);
        for rule in &report.rules {
            let Some(condition) = &rule.condition else { continue };
            assert!(condition.yes >= rule.decides, "{}: {}", shelved.name, rule.name);
            assert!(condition.line > rule.line, "{}: {}", shelved.name, rule.name);
            each(condition, &mut |part| {
                assert!(shelved.text.lines().nth(part.line - 1).is_some());
                assert!(
                    part.yes + part.no + part.unknown.unwrap_or(0) > 0,
                    "{}: {}",
                    shelved.name,
                    part.text
                );
            });
        }
    }
}

fn each(condition: &ConditionCoverage, then: &mut dyn FnMut(&ConditionCoverage)) {
    then(condition);
    condition.parts.iter().for_each(|part| each(part, then));
}
