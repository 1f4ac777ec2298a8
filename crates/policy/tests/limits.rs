//! Documents that are within the size allowed, and made to be hard on the program.
//!
//! Each is read in a process of its own: what goes wrong here ends the process, or does not end at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{VOCABULARY, document, rule};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use vacatur_policy::Policy;

const CHILD: &str = "VACATUR_TEST_CHILD";

/// Runs `body` in a process of its own, and says whether it came to its end in time.
fn ends_well(test: &str, body: impl FnOnce()) -> Result<(), String> {
    if std::env::var(CHILD).is_ok_and(|child| child == test) {
        body();
        return Ok(());
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--test-threads", "1"])
        .env(CHILD, test)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        match child.try_wait().unwrap() {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("the process ended with {status}")),
            None if Instant::now() > until => {
                child.kill().unwrap();
                child.wait().unwrap();
                return Err("the process did not come to its end in 10 seconds".into());
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// `as-of plus years from as-of plus years from …`: dates within dates, where no parenthesis counts the depth.
#[test]
fn dates_within_dates() {
    let result = ends_well("dates_within_dates", || {
        let deep = 20_000;
        let when = format!(
            "{}as-of{} before as-of",
            "as-of plus years from ".repeat(deep),
            " to as-of years".repeat(deep)
        );
        let _ = Policy::parse(&document(&rule("one", &when)), &VOCABULARY);
    });
    assert_eq!(result, Ok(()));
}

/// `as-of plus 1 days plus 1 days …`: read one after another, but held as dates within dates.
#[test]
fn a_date_moved_very_often() {
    let result = ends_well("a_date_moved_very_often", || {
        let when = format!("as-of{} before as-of", " plus 1 days".repeat(80_000));
        let _ = Policy::parse(&document(&rule("one", &when)), &VOCABULARY);
    });
    assert_eq!(result, Ok(()));
}

/// What a policy holds grows with its text: a quantifier within a quantifier must not double it each time. And as each
/// looks at every member again, many of them within one another are no condition that anybody could wait for; so to
/// refuse them does as well.
#[test]
fn quantifiers_within_quantifiers() {
    let held = |deep: usize| {
        let when = format!("{}attempt{}", "any charge where (".repeat(deep), ")".repeat(deep));
        let parsed = Policy::parse(&document(&rule("one", &when)), &VOCABULARY);
        parsed.map_or(0, |(policy, _)| format!("{policy:?}").len())
    };
    let (few, many) = (held(2), held(12));
    assert!(few > 0, "two quantifiers within one another are not too many");
    assert!(many < 8 * few, "2 deep takes {few} bytes to write down, 12 deep {many}");
}

/// Two long names are not compared sign by sign: that would take as many steps as one has times the other.
#[test]
fn long_names_that_are_not_alike() {
    let result = ends_well("long_names_that_are_not_alike", || {
        let (one, two) = ("a".repeat(400_000), "b".repeat(400_000));
        let text = document(&format!("```parameters\n{one}: flag = no\n```\n{}", rule("one", &two)));
        assert!(Policy::parse(&text, &VOCABULARY).is_err());
    });
    assert_eq!(result, Ok(()));
}

/// Definitions that name one another twice each double with every line, and those that are many are looked for wherever
/// a word could be one of them.
#[test]
fn definitions_without_end() {
    let result = ends_well("definitions_without_end", || {
        let defining =
            |lines: String| document(&format!("```definitions\n{lines}```\n{}", rule("one", "d1")));
        let doubling = (1..30_000).fold("d0 means attempt\n".to_owned(), |all, at| {
            all + &format!("d{at} means d{} and d{}\n", at - 1, at - 1)
        });
        let errors = Policy::parse(&defining(doubling), &VOCABULARY).map(|_| ()).unwrap_err();
        assert!(errors.len() < 300, "{} errors", errors.len());
        let wide =
            (0..200).map(|at| format!("d{at} means attempt or attempt or attempt\n")).collect::<String>();
        let all: Vec<String> = (0..200).map(|at| format!("d{at}")).collect();
        let wide = format!("{wide}all means {}\n", vec![all.join(" and "); 300].join(" and "));
        assert!(Policy::parse(&defining(wide), &VOCABULARY).is_err());
    });
    assert_eq!(result, Ok(()));
}

/// As many lines as a document can hold, each of which has a name that is looked for among the others.
#[test]
fn very_many_names() {
    let result = ends_well("very_many_names", || {
        let names = |line: &dyn Fn(usize) -> String| (0..40_000).map(line).collect::<String>();
        let sets = names(&|at| format!("s{at} = HS 11357\n"));
        let parameters = names(&|at| format!("p{at}: flag = no\n"));
        let counts = names(&|at| format!("C{at}: convicted of 1 HS\n"));
        for block in [
            format!("```sections\n{sets}```\n"),
            format!("```parameters\n{parameters}```\n"),
            format!("```test Many\nas of 2020-07-01\n{counts}expect C1: review\n```\n"),
        ] {
            let _ = Policy::parse(&document(&block), &VOCABULARY);
        }
        // And each of which is misspelt.
        let rules = (0..9_000).map(|at| rule(&format!("r{at}"), "conviction.atempt")).collect::<String>();
        let _ = Policy::parse(&document(&rules), &VOCABULARY);
        let without =
            (0..9_000).map(|at| format!("```without r{at}\nbecause \"No\"\n```\n")).collect::<String>();
        let placed = rules.replace("when", "before otherwise\nwhen") + &without;
        let derived = document(&placed).replace("id: test", "id: test\nbuilds on: base");
        let _ = Policy::parse_with(&derived, &VOCABULARY, &|_| {
            Some(document("").replace("id: test", "id: base"))
        });
    });
    assert_eq!(result, Ok(()));
}
