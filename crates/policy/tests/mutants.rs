//! Documents in, every change of one thing in them out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{VOCABULARY, document, rule};
use vacatur_policy::{Alternatives, Mutant, MutantKind, Policy, mutants};

fn all(document: &str) -> Vec<Mutant> {
    mutants(
        document,
        &MutantKind::ALL,
        &Alternatives { vocabulary: &VOCABULARY, tables: vec!["one", "two"], nothing: "PC 0" },
    )
}

/// The mutants of a part of a document: kind, what the sentence says, and the lines that are new.
fn shown(document: &str, part: &str) -> String {
    let from = document.find(part).unwrap();
    let to = from + part.len();
    all(document)
        .iter()
        .filter(|mutant| from <= mutant.span.start && mutant.span.end <= to)
        .map(|mutant| {
            let changed = mutant.apply(document);
            let lines = changed.lines().filter(|line| !document.lines().any(|other| other == *line));
            let lines: String = lines.map(|line| format!("    {line}\n")).collect();
            format!("{}: {}\n{lines}", mutant.kind.word(), mutant.says)
        })
        .collect()
}

/// The mutants of a condition.
fn condition(when: &str) -> String {
    shown(&document(&rule("one", when)), when)
}

/// Those of one kind, as conditions.
fn of_kind(when: &str, kind: MutantKind) -> Vec<String> {
    let document = document(&rule("one", when));
    let from = document.find(when).unwrap();
    all(&document)
        .iter()
        .filter(|mutant| {
            mutant.kind == kind && from <= mutant.span.start && mutant.span.end <= from + when.len()
        })
        .map(|mutant| {
            let changed = mutant.apply(&document);
            changed[from..].lines().next().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn dates() {
    insta::assert_snapshot!(condition("conviction.date plus 10 years on or after 2016-03-01"), @"
    fact: `conviction.date` becomes `as-of`
        when as-of plus 10 years on or after 2016-03-01
    move: `plus` becomes `minus`
        when conviction.date minus 10 years on or after 2016-03-01
    number: `10` becomes `11`
        when conviction.date plus 11 years on or after 2016-03-01
    number: `10` becomes `9`
        when conviction.date plus 9 years on or after 2016-03-01
    move: `years` becomes `months`
        when conviction.date plus 10 months on or after 2016-03-01
    day boundary: `on or after` becomes `after`
        when conviction.date plus 10 years after 2016-03-01
    day: `2016-03-01` becomes `2016-02-29`
        when conviction.date plus 10 years on or after 2016-02-29
    day: `2016-03-01` becomes `2016-03-02`
        when conviction.date plus 10 years on or after 2016-03-02
    ");
}

#[test]
fn boundaries() {
    for (one, other) in [
        ("before", "on or before"),
        ("is before", "is on or before"),
        ("after", "on or after"),
        ("is after", "is on or after"),
        ("<", "<="),
        (">", ">="),
    ] {
        for (from, to) in [(one, other), (other, one)] {
            let found = of_kind(&format!("conviction.date {from} as-of"), MutantKind::DayBoundary);
            assert_eq!(found, [format!("conviction.date {to} as-of")]);
        }
    }
    for (from, to) in [("at least", ">"), ("at most", "<")] {
        let count = "count(charges where attempt)";
        assert_eq!(
            of_kind(&format!("{count} {from} 2"), MutantKind::NumberBoundary),
            [format!("{count} {to} 2")]
        );
    }
}

#[test]
fn what_a_sign_compares() {
    let numbers = "years from person.birth-date to as-of >= 50 and 3 < count(charges where attempt)";
    assert_eq!(of_kind(numbers, MutantKind::NumberBoundary).len(), 2);
    assert_eq!(of_kind("conviction.date < as-of plus 3 years", MutantKind::DayBoundary).len(), 1);
}

#[test]
fn a_number_is_never_below_zero() {
    assert_eq!(
        of_kind("count(charges where attempt) > 0", MutantKind::Number),
        ["count(charges where attempt) > 1"]
    );
    assert_eq!(of_kind("count(charges where attempt) > 2147483647", MutantKind::Number).len(), 1);
}

#[test]
fn members() {
    insta::assert_snapshot!(
        condition("any conviction where section in listed and date before conviction.date"), @"
    quantifier: `any` becomes `no`
        when no conviction where section in listed and date before conviction.date
    quantifier: `any conviction where` becomes `every conviction has`
        when every conviction has section in listed and date before conviction.date
    collection: `conviction` becomes `charge`
        when any charge where section in listed and date before conviction.date
    and, or: `and` becomes `or`
        when any conviction where (section in listed or date before conviction.date)
    part left out: `section in listed` is left out
        when any conviction where date before conviction.date
    fact: `section` becomes `conviction.section`
        when any conviction where conviction.section in listed and date before conviction.date
    membership: `in` becomes `not in`
        when any conviction where section not in listed and date before conviction.date
    part left out: `date before conviction.date` is left out
        when any conviction where section in listed
    fact: `date` becomes `conviction.date`
        when any conviction where section in listed and conviction.date before conviction.date
    day boundary: `before` becomes `on or before`
        when any conviction where section in listed and date on or before conviction.date
    fact: `conviction.date` becomes `as-of`
        when any conviction where section in listed and date before as-of
    fact: `conviction.date` becomes `date`
        when any conviction where section in listed and date before date
    ");
}

#[test]
fn quantifiers_and_collections() {
    insta::assert_snapshot!(
        condition("no charge where same-case and not itself or every conviction has not attempt"), @"
    part left out: `no charge where same-case and not itself` is left out
        when every conviction has not attempt
    quantifier: `no` becomes `any`
        when any charge where same-case and not itself or every conviction has not attempt
    collection: `charge` becomes `conviction`
        when no conviction where same-case and not itself or every conviction has not attempt
    and, or: `and` becomes `or`
        when no charge where (same-case or not itself) or every conviction has not attempt
    part left out: `same-case` is left out
        when no charge where not itself or every conviction has not attempt
    fact: `same-case` becomes `itself`
        when no charge where itself and not itself or every conviction has not attempt
    negation: `same-case` becomes `not same-case`
        when no charge where not same-case and not itself or every conviction has not attempt
    part left out: `not itself` is left out
        when no charge where same-case or every conviction has not attempt
    negation: `not` is left out
        when no charge where same-case and itself or every conviction has not attempt
    fact: `itself` becomes `same-case`
        when no charge where same-case and not same-case or every conviction has not attempt
    part left out: `every conviction has not attempt` is left out
        when no charge where same-case and not itself
    and, or: `or` becomes `and`
        when no charge where same-case and not itself and every conviction has not attempt
    quantifier: `every` becomes `not every`
        when no charge where same-case and not itself or not every conviction has not attempt
    quantifier: `every conviction has` becomes `any conviction where`
        when no charge where same-case and not itself or any conviction where not attempt
    collection: `conviction` becomes `charge`
        when no charge where same-case and not itself or every charge has not attempt
    negation: `not` is left out
        when no charge where same-case and not itself or every conviction has attempt
    fact: `attempt` becomes `conviction.attempt`
        when no charge where same-case and not itself or every conviction has not conviction.attempt
    ");
}

/// A changed `and` reaches as far as it did: what would no longer belong to the members gets parentheses.
#[test]
fn joinings_keep_their_reach() {
    let joined = |when: &str| of_kind(when, MutantKind::Joining);
    assert_eq!(
        joined("any charge where attempt and same-case or person.deceased"),
        [
            "any charge where (attempt or same-case) or person.deceased",
            "any charge where attempt and same-case and person.deceased"
        ]
    );
    assert_eq!(
        joined("any charge where attempt and any registration where date before as-of and date after as-of"),
        [
            "any charge where attempt or any registration where date before as-of and date after as-of",
            "any charge where attempt and any registration where (date before as-of or date after as-of)"
        ]
    );
    assert_eq!(
        joined("(no charge where (attempt and same-case) and not itself) and person.deceased"),
        [
            "(no charge where ((attempt and same-case) or not itself)) and person.deceased",
            "(no charge where (attempt or same-case) and not itself) and person.deceased",
            "(no charge where (attempt and same-case) and not itself) or person.deceased"
        ]
    );
    // In a count everything belongs to the members, whatever joins it.
    assert_eq!(
        joined("count(charges where attempt and same-case) >= 2 and date on or before as-of"),
        [
            "count(charges where attempt or same-case) >= 2 and date on or before as-of",
            "count(charges where attempt and same-case) >= 2 or date on or before as-of"
        ]
    );
}

#[test]
fn each_part_is_left_out() {
    let left_out = |when: &str| of_kind(when, MutantKind::PartLeftOut);
    assert_eq!(
        left_out("attempt is not there and any charge where attempt and same-case or person.deceased"),
        [
            "any charge where attempt and same-case or person.deceased",
            "person.deceased",
            "attempt is not there or person.deceased",
            "attempt is not there and any charge where same-case or person.deceased",
            "attempt is not there and any charge where attempt or person.deceased",
            "attempt is not there and any charge where attempt and same-case",
        ]
    );
    assert_eq!(
        left_out("not (person.deceased or count(charges where attempt and not itself) >= 2)"),
        [
            "not (count(charges where attempt and not itself) >= 2)",
            "not (person.deceased)",
            "not (person.deceased or count(charges where not itself) >= 2)",
            "not (person.deceased or count(charges where attempt) >= 2)",
        ]
    );
    // What stands between `or` and the words that it belongs to is no part.
    assert_eq!(left_out("conviction.date on or before as-of"), [""; 0]);
}

#[test]
fn levels_flags_counties_and_labels() {
    insta::assert_snapshot!(
        condition("conviction.level is a felony and not person.deceased and conviction.county is not \"YOLO\" and conviction.relief includes \"PC 1203.4\""), @r#"
    part left out: `conviction.level is a felony` is left out
        when not person.deceased and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    comparison: `is` becomes `is not`
        when conviction.level is not a felony and not person.deceased and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    level: `felony` becomes `misdemeanor`
        when conviction.level is a misdemeanor and not person.deceased and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    level: `felony` becomes `infraction`
        when conviction.level is a infraction and not person.deceased and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    part left out: `not person.deceased` is left out
        when conviction.level is a felony and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    and, or: `and` becomes `or`
        when conviction.level is a felony or not person.deceased and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    negation: `not` is left out
        when conviction.level is a felony and person.deceased and conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    part left out: `conviction.county is not "YOLO"` is left out
        when conviction.level is a felony and not person.deceased and conviction.relief includes "PC 1203.4"
    and, or: `and` becomes `or`
        when conviction.level is a felony and not person.deceased or conviction.county is not "YOLO" and conviction.relief includes "PC 1203.4"
    negation: `not` is left out
        when conviction.level is a felony and not person.deceased and conviction.county is "YOLO" and conviction.relief includes "PC 1203.4"
    text: `"YOLO"` becomes `"nothing"`
        when conviction.level is a felony and not person.deceased and conviction.county is not "nothing" and conviction.relief includes "PC 1203.4"
    part left out: `conviction.relief includes "PC 1203.4"` is left out
        when conviction.level is a felony and not person.deceased and conviction.county is not "YOLO"
    and, or: `and` becomes `or`
        when conviction.level is a felony and not person.deceased and conviction.county is not "YOLO" or conviction.relief includes "PC 1203.4"
    text: `"PC 1203.4"` becomes `"nothing"`
        when conviction.level is a felony and not person.deceased and conviction.county is not "YOLO" and conviction.relief includes "nothing"
    "#);
}

#[test]
fn parameters() {
    let block = "```parameters
age: number or off = 50, from 40 to 50
clean: number = 5, from 1 to 15
seal: flag = no
youth: one of \"today\", \"conviction\" = \"today\"
some: sections of HS 11357, HS 11358 = none
others: sections of HS 11359, HS 11360 = HS 11359, HS 11360
county: county = any
since: date = 2016-11-09
    Said of it.
```
";
    let document = document(&format!("{block}{}", rule("one", "seal")));
    insta::assert_snapshot!(shown(&document, block), @r#"
    default: the default of `age`, `50`, becomes `49`
        age: number or off = 49, from 40 to 50
    default: the default of `age`, `50`, becomes `off`
        age: number or off = off, from 40 to 50
    default: the default of `clean`, `5`, becomes `6`
        clean: number = 6, from 1 to 15
    default: the default of `clean`, `5`, becomes `4`
        clean: number = 4, from 1 to 15
    default: the default of `seal`, `no`, becomes `yes`
        seal: flag = yes
    default: the default of `youth`, `"today"`, becomes `"conviction"`
        youth: one of "today", "conviction" = "conviction"
    default: the default of `some`, `none`, becomes `HS 11357`
        some: sections of HS 11357, HS 11358 = HS 11357
    default: the default of `some`, `none`, becomes `HS 11358`
        some: sections of HS 11357, HS 11358 = HS 11358
    default: the default of `others`, `HS 11359, HS 11360`, becomes `HS 11360`
        others: sections of HS 11359, HS 11360 = HS 11360
    default: the default of `others`, `HS 11359, HS 11360`, becomes `HS 11359`
        others: sections of HS 11359, HS 11360 = HS 11359
    default: the default of `county`, `any`, becomes `nowhere`
        county: county = nowhere
    default: the default of `since`, `2016-11-09`, becomes `2016-11-08`
        since: date = 2016-11-08
    default: the default of `since`, `2016-11-09`, becomes `2016-11-10`
        since: date = 2016-11-10
    "#);
}

#[test]
fn parameters_in_conditions() {
    let block = "```parameters
age: number or off = 50, from 40 to 50
seal: flag = no
youth: one of \"today\", \"conviction\" = \"today\"
county: county = any
```
";
    let when = "seal and not seal and age is set and youth is \"today\" and conviction.county is county and years from person.birth-date to as-of >= age";
    let document = document(&format!("{block}{}", rule("one", when)));
    insta::assert_snapshot!(shown(&document, when), @r#"
    part left out: `seal` is left out
        when not seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    negation: `seal` becomes `not seal`
        when not seal and not seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    part left out: `not seal` is left out
        when seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    and, or: `and` becomes `or`
        when seal or not seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    negation: `not` is left out
        when seal and seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    part left out: `age is set` is left out
        when seal and not seal and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    and, or: `and` becomes `or`
        when seal and not seal or age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    negation: `age is set` becomes `not age is set`
        when seal and not seal and not age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    part left out: `youth is "today"` is left out
        when seal and not seal and age is set and conviction.county is county and years from person.birth-date to as-of >= age
    and, or: `and` becomes `or`
        when seal and not seal and age is set or youth is "today" and conviction.county is county and years from person.birth-date to as-of >= age
    comparison: `is` becomes `is not`
        when seal and not seal and age is set and youth is not "today" and conviction.county is county and years from person.birth-date to as-of >= age
    choice: `"today"` becomes `"conviction"`
        when seal and not seal and age is set and youth is "conviction" and conviction.county is county and years from person.birth-date to as-of >= age
    part left out: `conviction.county is county` is left out
        when seal and not seal and age is set and youth is "today" and years from person.birth-date to as-of >= age
    and, or: `and` becomes `or`
        when seal and not seal and age is set and youth is "today" or conviction.county is county and years from person.birth-date to as-of >= age
    comparison: `is` becomes `is not`
        when seal and not seal and age is set and youth is "today" and conviction.county is not county and years from person.birth-date to as-of >= age
    part left out: `years from person.birth-date to as-of >= age` is left out
        when seal and not seal and age is set and youth is "today" and conviction.county is county
    and, or: `and` becomes `or`
        when seal and not seal and age is set and youth is "today" and conviction.county is county or years from person.birth-date to as-of >= age
    fact: `as-of` becomes `conviction.date`
        when seal and not seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to conviction.date >= age
    number boundary: `>=` becomes `>`
        when seal and not seal and age is set and youth is "today" and conviction.county is county and years from person.birth-date to as-of > age
    "#);
}

#[test]
fn sections() {
    let block = "```sections
first = HS 11357(a), HS 11358
    attempts count
single = PC 290
cannabis = table cannabis
    attempts do not count
    conspiracies unclear
```
";
    let document = document(block);
    insta::assert_snapshot!(shown(&document, block), @r"
    sections: `HS 11357(a)` is left out of `first`
        first = HS 11358
    sections: `HS 11357(a)` becomes `HS 11357`
        first = HS 11357, HS 11358
    sections: `HS 11358` is left out of `first`
        first = HS 11357(a)
    treatment: `attempts count` becomes `attempts are unclear`
            attempts are unclear
    treatment: `attempts count` becomes `attempts do not count`
    sections: `PC 290` is left out of `single`
        single = PC 0
    sections: the table of `cannabis` becomes an empty list
        cannabis = PC 0
    sections: `cannabis` becomes `one`
        cannabis = table one
    sections: `cannabis` becomes `two`
        cannabis = table two
    treatment: `attempts do not count` becomes `attempts count`
    treatment: `attempts do not count` becomes `attempts are unclear`
            attempts are unclear
    treatment: `conspiracies unclear` becomes `conspiracies count`
            conspiracies count
    treatment: `conspiracies unclear` becomes `conspiracies do not count`
            conspiracies do not count
    ");
}

/// Sections may be listed from a day or until another.
#[test]
fn days_of_sections() {
    let block =
        "```sections\nfirst = HS 11357(c) from 1976-01-01 until 2016-11-09, PC 290 from 1990-01-01\n```\n";
    let document = document(block);
    insta::assert_snapshot!(shown(&document, block), @r"
    sections: `HS 11357(c) from 1976-01-01 until 2016-11-09` is left out of `first`
        first = PC 290 from 1990-01-01
    sections: `HS 11357(c) from 1976-01-01 until 2016-11-09` becomes `HS 11357 from 1976-01-01 until 2016-11-09`
        first = HS 11357 from 1976-01-01 until 2016-11-09, PC 290 from 1990-01-01
    sections: `PC 290 from 1990-01-01` is left out of `first`
        first = HS 11357(c) from 1976-01-01 until 2016-11-09
    day: `1976-01-01` becomes `1975-12-31`
        first = HS 11357(c) from 1975-12-31 until 2016-11-09, PC 290 from 1990-01-01
    day: `1976-01-01` becomes `1976-01-02`
        first = HS 11357(c) from 1976-01-02 until 2016-11-09, PC 290 from 1990-01-01
    day: `2016-11-09` becomes `2016-11-08`
        first = HS 11357(c) from 1976-01-01 until 2016-11-08, PC 290 from 1990-01-01
    day: `2016-11-09` becomes `2016-11-10`
        first = HS 11357(c) from 1976-01-01 until 2016-11-10, PC 290 from 1990-01-01
    day: `1990-01-01` becomes `1989-12-31`
        first = HS 11357(c) from 1976-01-01 until 2016-11-09, PC 290 from 1989-12-31
    day: `1990-01-01` becomes `1990-01-02`
        first = HS 11357(c) from 1976-01-01 until 2016-11-09, PC 290 from 1990-01-02
    ");
}

#[test]
fn rules() {
    let assumed = rule("two", "conviction.attempt")
        .replace("then", "if unknown assume no because \"So\"\nthen")
        .replace("dismiss", "refer to \"Somebody\"");
    let blocks = [&rule("one", "person.deceased"), "In between.\n", &assumed].concat();
    let document = document(&blocks);
    insta::assert_snapshot!(shown(&document, &blocks), @r#"
    rule left out: the rule `one` is left out
    rule order: the rule `two` is tried before `one`
    negation: `person.deceased` becomes `not person.deceased`
        when not person.deceased
    outcome: `dismiss` becomes `review`
    rule left out: the rule `two` is left out
    negation: `conviction.attempt` becomes `not conviction.attempt`
        when not conviction.attempt
    assumption: what is made of the unknown is left out
    assumption: `if unknown assume no` becomes `yes`
        if unknown assume yes because "So"
    outcome: `refer to "Somebody"` becomes `review`
    "#);
    let otherwise = common::OTHERWISE;
    assert_eq!(shown(&document, otherwise), "outcome: `review` becomes `dismiss`\n");
}

#[test]
fn every_outcome_becomes_another() {
    for (outcome, other) in [
        ("dismiss", "review"),
        ("dismiss and seal", "dismiss"),
        ("reduce to misdemeanor", "reduce to infraction"),
        ("reduce to infraction", "reduce to misdemeanor"),
        ("not eligible", "dismiss"),
        ("already relieved", "review"),
        ("review", "dismiss"),
        ("refer to \"Somebody\"", "review"),
        ("An outcome  that is not there yet", "review"),
    ] {
        let text =
            document(&rule("one", "person.deceased").replace("then dismiss", &format!("then {outcome}")));
        let found: Vec<String> = all(&text)
            .iter()
            .filter(|mutant| mutant.kind == MutantKind::Outcome)
            .map(|mutant| mutant.apply(&text))
            .collect();
        assert!(found[0].contains(&format!("then {other}\nreason \"Because\"")), "{outcome}: {}", found[0]);
        assert_eq!(found.len(), 2);
    }
}

#[test]
fn only_the_kinds_asked_for() {
    let text =
        document(&rule("one", "conviction.date before as-of and any charge where attempt and same-case"));
    let alternatives = Alternatives { vocabulary: &VOCABULARY, tables: Vec::new(), nothing: "PC 0" };
    for kind in MutantKind::ALL {
        let found = mutants(&text, &[kind], &alternatives);
        let among_all = all(&text).into_iter().filter(|mutant| mutant.kind == kind);
        assert_eq!(found, among_all.collect::<Vec<_>>());
    }
    assert!(mutants(&text, &[], &alternatives).is_empty());
}

/// Prose, headings, tests, reasons, citations and notes are not what decides.
#[test]
fn what_does_not_run_is_not_changed() {
    let text = document(&format!(
        "There are 10 of them, before 2016-11-09, and any conviction where 3.\n\n{}{}",
        rule("one", "person.deceased")
            .replace("cite", "note 10 years and not in listed\ncite 2016-11-09 and"),
        "```test Ten and 10\nas of 2020-01-01\nA: convicted of 11357 HS, on 2010-01-01\nexpect A: review\n```\n"
    ));
    let running = ["when ", "then ", "listed = "];
    for mutant in all(&text)
        .iter()
        .filter(|mutant| !matches!(mutant.kind, MutantKind::RuleLeftOut | MutantKind::RuleOrder))
    {
        let line = text[..mutant.span.start].rfind('\n').map_or(0, |at| at + 1);
        assert!(running.iter().any(|key| text[line..].starts_with(key)), "{mutant:?}");
    }
}

/// Most mutants of a sound document are sound themselves: what is proposed is written in the language.
#[test]
fn mutants_are_documents() {
    let when =
        "any conviction where section in listed and date before conviction.date plus 3 years and not itself";
    let text = document(&[rule("one", when), rule("two", "conviction.level is not felony")].concat());
    let all = all(&text);
    let unsound: Vec<&str> = all
        .iter()
        .filter(|mutant| Policy::parse(&mutant.apply(&text), &VOCABULARY).is_err())
        .map(|mutant| mutant.says.as_str())
        .collect();
    assert!(all.len() > 25, "{}", all.len());
    assert_eq!(unsound, [""; 0]);
}
