//! Bad documents in, rendered errors out: each with its line, a caret, and what to do about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{HEADING, LARGER as VOCABULARY, OTHERWISE, SCOPE, SECTIONS, document, rule};
use vacatur_policy::Policy;

const PARAMETERS: &str = "```parameters
age: number or off = 50, from 40 to 65
youth: one of \"today\", \"conviction\" = \"today\"
some: sections of HS 11357, HS 11358 = none
```
";

/// A document with a block of parameters.
fn parameters(entries: &str) -> String {
    document(&format!("```parameters\n{entries}\n```\n"))
}

/// A document with a test.
fn test(lines: &str) -> String {
    document(&format!("```test A test\n{lines}\n```\n"))
}

/// A document whose first rule lacks a line.
fn without(line: &str) -> String {
    document(&rule("one", "person.deceased").replace(line, ""))
}

/// All errors of a document as they are shown.
fn errors(document: &str) -> String {
    Built::from(document).errors()
}

/// A document, and the documents that it may build on.
struct Built {
    document: String,
    library: Vec<(&'static str, String)>,
}

impl Built {
    fn errors(&self) -> String {
        let find = |name: &str| Some(self.library.iter().find(|(known, _)| *known == name)?.1.clone());
        match Policy::parse_with(&self.document, &VOCABULARY, &find) {
            Ok(_) => panic!("it passed its check"),
            Err(errors) => errors.iter().map(|error| error.render("policy.md", &self.document)).collect(),
        }
    }
}

/// A document that builds on `base`, which has a rule `one` and the last rule.
fn derived(blocks: &str) -> Built {
    let base = document(&rule("one", "person.deceased")).replace("id: test", "id: base");
    Built { document: building_on("base", blocks), library: vec![("base", base)] }
}

fn building_on(base: &str, blocks: &str) -> String {
    [&HEADING.replace("id: test", &format!("id: test\nbuilds on: {base}")), blocks].concat()
}

/// A rule of a document that builds on another, with its place.
fn placed(place: &str) -> String {
    rule("two", "conviction.attempt").replace("when", &format!("{place}\nwhen"))
}

/// A document with definitions.
fn defining(entries: &str) -> String {
    document(&format!("```definitions\n{entries}\n```\n"))
}

/// A document whose heading has a line in place of another.
fn heading_with(line: &str, other: &str) -> String {
    document("").replace(line, other)
}

impl From<&str> for Built {
    fn from(document: &str) -> Self {
        Self { document: document.to_owned(), library: Vec::new() }
    }
}

impl From<String> for Built {
    fn from(document: String) -> Self {
        Self { document, library: Vec::new() }
    }
}

macro_rules! rendered {
    ($($group:ident: $($what:literal = $document:expr;)+)+) => {$(
        #[test]
        fn $group() {
            let shown = [$(format!("# {}\n\n{}", $what, Built::from($document).errors())),+];
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(stringify!($group), shown.join("\n"));
            });
        }
    )+};
}

rendered! {
    names:
    "unknown fact" = document(&rule("one", "person.deceasd"));
    "unknown fact of a conviction" = document(&rule("one", "conviction.levl is felony"));
    "fact without its first word" = document(&rule("one", "deceased"));
    "unknown set" = document(&rule("one", "conviction.section in lysted"));
    "unknown set without any" = document(&rule("one", "conviction.section in listed")).replace(SECTIONS, "");
    "unknown parameter" = document(&rule("one", "agee is set"));
    "unknown parameter with a near one" = document(&format!("{}{}", PARAMETERS, rule("one", "years from person.birth-date to as-of >= agee")));
    "unknown parameter in a reason" = document(&format!("{}{}", PARAMETERS, rule("one", "person.deceased").replace("Because", "{agee} or older")));
    "no such choice" = document(&format!("{}{}", PARAMETERS, rule("one", "youth is \"tomorrow\"")));

    types:
    "date against number" = document(&rule("one", "conviction.date >= 10"));
    "number against date" = document(&rule("one", "years from person.birth-date to as-of before 2016-11-09"));
    "level as a date" = document(&rule("one", "conviction.date before conviction.level"));
    "flag as a date" = document(&rule("one", "years from person.deceased to as-of > 3"));
    "no such level" = document(&rule("one", "conviction.level is grave"));
    "no such day" = document(&rule("one", "conviction.date before 2015-02-29"));
    "number too large" = document(&rule("one", "years from person.birth-date to as-of > 99999999999"));
    "sections as a condition" = document(&format!("{}{}", PARAMETERS, rule("one", "some")));

    conditions:
    "unclosed quote" = document(&rule("one", "conviction.county is \"YOLO"));
    "unclosed parenthesis" = document(&rule("one", "(person.deceased or conviction.attempt"));
    "parenthesis too many" = document(&rule("one", "person.deceased)"));
    "two conditions unjoined" = document(&rule("one", "person.deceased conviction.attempt"));
    "condition that ends early" = document(&rule("one", "person.deceased and"));
    "too deep in parentheses" = document(&rule("one", &format!("{}person.deceased{}", "(".repeat(41), ")".repeat(41))));
    "too deep in not" = document(&rule("one", &format!("{}person.deceased", "not ".repeat(41))));
    "or after where" = document(&rule("one", "any conviction where section in listed or level is felony"));
    "fact after the where has ended" = document(&rule("one", "any conviction where attempt or level is felony"));
    "quantifier over nothing" = document(&rule("one", "any person where date before as-of"));
    "has after any" = document(&rule("one", "any conviction has level is felony"));

    rules:
    "missing citation" = without("cite A source\n");
    "missing reason" = without("reason \"Because\"\n");
    "missing then" = without("then dismiss\n");
    "missing when" = without("when person.deceased\n");
    "missing otherwise" = document(&rule("one", "person.deceased")).replace(OTHERWISE, "");

    "two rules of one name" = document(&(rule("one", "person.deceased") + &rule("one", "conviction.attempt")));
    "rule without a name" = document(&rule("", "person.deceased"));
    "no rule" = [HEADING, SECTIONS, SCOPE].concat();
    "key given twice" = document(&rule("one", "person.deceased").replace("then dismiss", "then dismiss\nthen review"));
    "key misspelt" = document(&rule("one", "person.deceased").replace("reason", "raeson"));
    "bad outcome" = document(&rule("one", "person.deceased").replace("then dismiss", "then dismis"));
    "bad outcome like none" = document(&rule("one", "person.deceased").replace("then dismiss", "then ask the judge"));
    "assumption without a reason" = document(&rule("one", "person.deceased").replace("then", "if unknown assume no\nthen"));
    "assumption of neither" = document(&rule("one", "person.deceased").replace("then", "if unknown assume maybe because \"Who knows\"\nthen"));
    "reason that is not closed" = document(&rule("one", "person.deceased").replace("reason \"Because\"", "reason \"Because"));
    "reason that is empty" = document(&rule("one", "person.deceased").replace("\"Because\"", "\"\""));
    "unknown status of a citation" = document(&rule("one", "person.deceased").replace("cite A source", "cite A source [sure]"));

    parameters_and_sections:
    "default out of range" = parameters("age: number = 70, from 40 to 65");
    "range the wrong way round" = parameters("age: number = 50, from 65 to 40");
    "number without a range" = parameters("age: number = 50");
    "parameter twice" = parameters("age: number = 50, from 40 to 65\nseal: flag = no\nage: flag = no");
    "reserved parameter name" = parameters("years: number = 50, from 40 to 65");
    "parameter of no kind" = parameters("seal: flagg = no");
    "parameter without a default" = parameters("seal: flag");
    "section twice" = document("```sections\nlisted = HS 11360\n```\n");
    "set without a section" = document("```sections\nmore = HS 11360,, HS 11357\n```\n");
    "listed from no day" = document("```sections\nmore = HS 11360 from, HS 11357\n```\n");
    "listed until a year" = document("```sections\nmore = HS 11360 until 2016\n```\n");
    "listed until no day of the calendar" = document("```sections\nmore = HS 11360 until 2015-02-29\n```\n");
    "listed until before it is" = document("```sections\nmore = HS 11360 from 2016-11-09 until 2016-11-09\n```\n");
    "listed from two days" = document("```sections\nmore = HS 11360 from 2016-11-09 from 2016-11-10\n```\n");
    "days of no section" = document("```sections\nmore = HS 11357, from 2016-11-09\n```\n");
    "two sections without a comma" = document("```sections\nmore = HS 11357 from 1976-01-01 HS 11359\n```\n");
    "set that treats attempts otherwise" = document("```sections\nmore = HS 11360\n    attempts sometimes\n```\n");

    documents:
    "unknown fence" = document("```rul one\nwhen person.deceased\n```\n");
    "unknown fence like none" = document("```python\nprint()\n```\n");
    "unclosed fence" = document("") + "```rule last\nwhen person.deceased\n";
    "indented first line" = document("```rule one\n  when person.deceased\nthen dismiss\nreason \"Because\"\ncite A source\n```\n");
    "missing scope" = document("").replace(SCOPE, "");
    "two scopes" = document(SCOPE);
    "scope without a source" = document("").replacen("cite A source\n", "", 1);
    "scope without a condition" = document("").replace("when conviction.section in listed\n", "");
    "missing heading" = document("").replace(HEADING, "");
    "two headings" = document(HEADING);
    "heading without a source" = document("").replace("source: this test\n", "");
    "heading with a key misspelt" = document("").replace("authority:", "authorty:");
    "unknown status" = document("").replace("status: confirmed", "status: sure");
    "empty" = "";
    "carriage returns" = document(&rule("one", "person.deceasd")).replace('\n', "\r\n");

    tests:
    "test without as of" = test("A: convicted of 11357 HS\nexpect A: review");
    "test that expects nothing" = test("as of 2020-07-01\nA: convicted of 11357 HS");
    "test without a name" = document("```test\nas of 2020-07-01\n```\n");
    "expectation of an unknown label" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect B: review");
    "expectation of no outcome" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: freedom");
    "expectation of nothing missing" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: review, missing birthday");
    "test with half a date" = test("as of 2020-07\nA: convicted of 11357 HS\nexpect A: review");
    "count that begins otherwise" = test("as of 2020-07-01\nA: guilty of 11357 HS\nexpect A: review");
    "clause that means nothing" = test("as of 2020-07-01\nA: convicted of 11357 HS, grave\nexpect A: review");
    "line that means nothing" = test("as of 2020-07-01\nB convicted of 11357 HS");
    "unusable row with more" = test("as of 2020-07-01\nunusable row of A\nA: convicted of 11357 HS\nexpect A: review");
    "count of no offence" = test("as of 2020-07-01\nA: convicted of, felony\nexpect A: review");
    "clause given twice" = test("as of 2020-07-01\nA: convicted of 11357 HS, felony, on 2010-05-04, misdemeanor\nexpect A: review");
    "two reliefs" = test("as of 2020-07-01\nA: convicted of 11357 HS, reduced by PC 17 on 2010-05-04, vacated by HS 11361.8 on 2018-05-04\nexpect A: review");
    "clause with half a date" = test("as of 2020-07-01\nA: convicted of 11357 HS, arrested on 4 May 2010\nexpect A: review");
    "relief without a day" = test("as of 2020-07-01\nA: convicted of 11357 HS, set aside by PC 1203.4\nexpect A: review");
    "weight in ounces" = test("as of 2020-07-01\nA: convicted of 11357 HS, 2 ounces\nexpect A: review");
    "expectation with more behind it" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: dismiss \"Because\" or not");
    "expectation that is not closed" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: dismiss \"Because");
    "expectation with two reasons" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: dismiss \"Because\", \"And because\"");
    "expectation of two missing facts" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: review, missing level, missing section");
    "expectation of not yet until half a day" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: not yet until 2026-05");
    "expectation of a referral to nobody" = test("as of 2020-07-01\nA: convicted of 11357 HS\nexpect A: refer to");

    word_processors:
    "curly quotes unclosed" = document(&rule("one", "conviction.county is “YOLO"));
    "section sign" = document(&rule("one", "conviction.section in § 11357"));
    "en dash for minus" = document(&rule("one", "conviction.date – 10 years before as-of"));
    "zero-width blank" = document(&rule("one", "person.deceased\u{200b} and conviction.attempt"));
    "soft hyphen" = document(&rule("one", "person.de\u{ad}ceased"));
    "line broken by a word processor" = document(&rule("one", "person.deceased\u{2028}then dismiss"));
    "text that runs the other way" = document(&rule("one", "conviction.county is \"\u{202e}OLOY\""));

    definitions:
    "without a meaning" = defining("serving");
    "without means" = defining("serving is any conviction where completed on or after as-of");
    "of two words" = defining("is serving means any conviction where completed on or after as-of");
    "of a sign" = defining("serving? means any conviction where completed on or after as-of");
    "given twice" = defining("young means years from person.birth-date to date < 21\nold means person.deceased\nyoung means attempt");
    "named as a word of the language" = defining("every means attempt");
    "named as a fact" = defining("attempt means person.deceased");
    "named as a parameter" = document(&format!("{PARAMETERS}```definitions\nage means attempt\n```\n"));
    "a mistake inside" = defining("serving means any conviction where complete on or after as-of");
    "that names itself" = defining("serving means serving or attempt");
    "that names one below" = defining("serving means jailed or attempt\njailed means person.deceased");
    "said of a registration" = document(&format!("```definitions\nfelonious means level is felony\n```\n{}", rule("one", "any registration where felonious")));
    "misspelt where it is said" = document(&format!("```definitions\nfelonious means level is felony\n```\n{}", rule("one", "feloneous")));
    "that double with every line" = defining(&(1..30).fold("d0 means attempt".to_owned(), |all, at| format!("{all}\nd{at} means d{} and d{}", at - 1, at - 1)));
    "too deep in one another" = defining(&(1..60).fold("d0 means attempt".to_owned(), |all, at| format!("{all}\nd{at} means d{}", at - 1)));

    restrictions:
    "of something else" = document(&rule("one", "any conviction of the court where attempt"));
    "on some day" = document(&rule("one", "any conviction on the day where attempt"));
    "before something else" = document(&rule("one", "any conviction before the arrest where attempt"));
    "registration of a case" = document(&rule("one", "any registration of the case where date before as-of"));
    "other registration" = document(&rule("one", "any other registration where date before as-of"));
    "conviction without where" = document(&rule("one", "any conviction"));
    "every without has" = document(&rule("one", "every conviction of the case"));
    "all of something else" = document(&rule("one", "all convictions completed"));
    "all sentences served" = document(&rule("one", "all sentences served"));
    "within nothing" = document(&rule("one", "any conviction within where attempt"));
    "within what is no parameter" = document(&rule("one", "any conviction within window where attempt"));
    "within a number" = document(&format!("{PARAMETERS}{}", rule("one", "any conviction within age where attempt")));
    "within a choice of something else" = document(&format!("{PARAMETERS}{}", rule("one", "any conviction within youth where attempt")));
    "three quantifiers too many" = document(&rule("one", "any charge where (any charge where (any charge where (any charge where attempt)))"));

    clocks:
    "latest of nothing" = document(&rule("one", "latest(of convictions where attempt) before as-of"));
    "latest of no date" = document(&rule("one", "latest(level of convictions where attempt) before as-of"));
    "latest of no fact" = document(&rule("one", "latest(dat of convictions where attempt) before as-of"));
    "latest without of" = document(&rule("one", "latest(date) before as-of"));
    "latest without parentheses" = document(&rule("one", "latest date of convictions before as-of"));
    "later of one" = document(&rule("one", "later(conviction.date) before as-of"));
    "later of a number" = document(&rule("one", "later(conviction.date, 10) before as-of"));
    "count by the court" = document(&rule("one", "count(courts with a conviction where attempt) > 1"));
    "count of cases without with" = document(&rule("one", "count(cases where attempt) > 1"));
    "count of registrations by the day" = document(&rule("one", "count(days with a registration where date before as-of) > 1"));
    "months without to" = document(&rule("one", "months from conviction.date > 1"));
    "weeks" = document(&rule("one", "conviction.date plus 3 weeks before as-of"));
    "not yet" = document(&rule("one", "person.deceased").replace("then dismiss", "then not yet"));
    "not yet until nothing" = document(&rule("one", "person.deceased").replace("then dismiss", "then not yet until"));
    "not yet until a number" = document(&rule("one", "person.deceased").replace("then dismiss", "then not yet until 10"));
    "not yet until a condition" = document(&rule("one", "person.deceased").replace("then dismiss", "then not yet until conviction.date before as-of"));
    "otherwise not yet" = document("").replace("then review", "then not yet until conviction.date plus 10 years");
    "grant without a name" = document(&rule("one", "person.deceased").replace("then dismiss", "then grant"));
    "refer without a name" = document(&rule("one", "person.deceased").replace("then dismiss", "then refer to"));

    weights:
    "without its unit" = document(&rule("one", "conviction.weight more than 28"));
    "decimals without a unit" = document(&rule("one", "conviction.weight more than 28.5"));
    "four decimals" = document(&rule("one", "conviction.weight more than 28.5555 grams"));
    "decimal comma" = document(&rule("one", "conviction.weight more than 28,5 grams"));
    "ounces" = document(&rule("one", "conviction.weight more than 1 ounce"));
    "too large" = document(&rule("one", "conviction.weight more than 3000000 grams"));
    "against a date" = document(&rule("one", "conviction.date after 28.5 grams"));
    "plants as a weight" = document(&rule("one", "conviction.plants more than 6 grams"));
    "years with decimals" = document(&rule("one", "conviction.date plus 1.5 years before as-of"));

    assumptions:
    "without a reason" = document(&rule("one", "conviction.attempt if unknown assume no"));
    "with an empty reason" = document(&rule("one", "conviction.attempt if unknown assume no because \"\""));
    "of neither" = document(&rule("one", "conviction.attempt if unknown assume maybe because \"Who knows\""));
    "without unknown" = document(&rule("one", "conviction.attempt if missing assume no because \"Rare\""));
    "of a rule with an empty reason" = document(&rule("one", "person.deceased").replace("then", "if unknown assume no because \"\"\nthen"));

    headings:
    "effective in words" = heading_with("effective: always", "effective: since 2019");
    "effective on half a day" = heading_with("effective: always", "effective: from 2019-01");
    "effective the wrong way round" = heading_with("effective: always", "effective: from 2021-01-01 until 2019-10-31");
    "mode of no kind" = heading_with("status:", "mode: the best\nstatus:");
    "mode given twice" = heading_with("status:", "mode: best of\nmode: first match\nstatus:");
    "decides something else" = heading_with("status:", "decides: arrests\nstatus:");
    "builds on nothing" = heading_with("status:", "builds on:\nstatus:");
    "key of two words misspelt" = heading_with("status:", "build on: base\nstatus:");

    building:
    "on what is not there" = Built { document: building_on("bsae", ""), library: vec![("base", document(""))] };
    "on itself" = Built { document: building_on("test", ""), library: vec![("test", document(""))] };
    "on one that builds on it" = Built { document: building_on("other", ""), library: vec![("other", building_on("test", ""))] };
    "in a circle" = Built { document: building_on("a", ""), library: vec![("a", building_on("b", "").replace("id: test", "id: a")), ("b", building_on("a", "").replace("id: test", "id: b"))] };
    "on ten others" = Built { document: building_on("d0", ""), library: ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"].into_iter().zip(1..).map(|(name, next)| (name, building_on(&format!("d{next}"), "").replace("id: test", &format!("id: {name}")))).collect() };
    "on one that is too long" = Built { document: building_on("base", ""), library: vec![("base", "x".repeat((1 << 20) + 1))] };
    "rule without a place" = derived(&rule("two", "conviction.attempt"));
    "rule in two places" = derived(&placed("before one\nafter one"));
    "rule in the place of none" = derived(&placed("replaces ome"));
    "rule beside none" = derived(&placed("before fifty-or-older"));
    "rule with a place where nothing is built on" = document(&placed("before one"));
    "rule of a name that is taken" = derived(&rule("one", "conviction.attempt").replace("when", "before otherwise\nwhen"));
    "rule below the last word" = derived(&placed("after otherwise"));
    "two last words" = derived(&OTHERWISE.replace("rule otherwise\notherwise", "rule nothing-else\nafter otherwise\notherwise"));
    "left out without a reason" = derived("```without one\n```\n");
    "left out with an empty reason" = derived("```without one\nbecause \"\"\n```\n");
    "left out with something else" = derived("```without one\nbecause \"No\"\ncite Nothing\n```\n");
    "left out without a name" = derived("```without\nbecause \"No\"\n```\n");
    "left out and not there" = derived("```without onee\nbecause \"No\"\n```\n");
    "last word left out" = derived("```without otherwise\nbecause \"No\"\n```\n");
    "left out where nothing is built on" = document("```without one\nbecause \"No\"\n```\n");
    "mistake in the document below" = Built { document: building_on("base", ""), library: vec![("base", document(&rule("one", "person.deceasd")).replace("id: test", "id: base"))] };
    "mistake of both" = Built { document: building_on("base", &placed("before one").replace("conviction.attempt", "conviction.atempt")), library: vec![("base", document(&rule("one", "person.deceasd")).replace("id: test", "id: base"))] };
    "scope of its own that names a set of nobody" = derived("```scope\nwhen conviction.section in cannabis\ncite A source\n```\n");
}

#[test]
fn a_document_of_five_megabytes_is_refused_at_once() {
    // Of errors: were it read, there would be more than a million of them.
    let text = "```x\n".repeat(1 << 20);
    let found = Policy::parse(&text, &VOCABULARY).map(|_| ()).unwrap_err();
    let shown: String = found.iter().map(|error| error.render("policy.md", &text)).collect();
    insta::assert_snapshot!(shown, @r"
    error: this document has 5242880 bytes; a policy has at most 1048576
     --> policy.md:1:1
      |
    1 | ```x
      | ^
    ");
}

/// A document in which every kind of block and line occurs where a word processor changes signs.
const PLAIN: &str = r#"# A title

```policy
id: test
builds on: the-base
title: A test of two words
jurisdiction: us-ca
authority: nobody
effective: from 2019-01-01 until 2021-01-01
source: this test
status: confirmed
mode: best of
```
```parameters
timing: one of "before the offence", "ever" = "ever"
    When it counts.
years-clean: number or off = 10, from 1 to 15
    option some.key
some: sections of HS 11357, HS 11358 = HS 11357
other: sections of HS 11357, HS 11358 = none
    apart from some
since: date = 2016-11-09
home: county = "LOS ANGELES"
```
```sections
others = HS 11359, HS 11360(a)
    attempts do not count
    conspiracies are unclear
tabled = table super-strikes
```
```definitions
long-ago means years from date to as-of >= years-clean
    and level is felony
```
```rule deceased
replaces from-the-base
when person.deceased or any other conviction of the case within timing where long-ago
    and county is "LOS ANGELES"
if unknown assume no because "It is rare"
then refer to "City Attorneys"
reason "Clean for {years-clean} years"
cite A source [secondary]
note Two words
```
```rule later
after deceased
when long-ago if unknown assume yes because "So it is"
then not yet until conviction.date plus 10 years
reason "Too early"
cite A source
```
```without no-more
because "It is no more"
```
```test On the day
as of 2020-07-01
born 1970-07-01
died 2019-05
registered 290 PC on 2010-05-03
unusable row
set years-clean = 5
set home = "SAN DIEGO"
A: convicted of 11358 HS, felony, on 2012-05-04, in LOS ANGELES, 3 years probation, arrested on 2012-01-01
B: dismissed 459 PC, same case as A, set aside by PC 1203.4 on 2015-05-04, 28.5 grams of concentrate
expect A: refer to "City Attorneys", "Clean for 5 years"
expect B: review, missing birth date
expect B: not yet until 2022-05-04 "Too early"
```
"#;

#[test]
fn what_a_word_processor_makes_of_plain_signs_is_read_as_plain() {
    let base = rule("from-the-base", "person.deceased") + &rule("no-more", "person.deceased");
    let base = document(&base).replace("id: test", "id: the-base");
    let read = |text: &str| {
        let built = Built { document: text.to_owned(), library: vec![("the-base", base.clone())] };
        let find = |_: &str| Some(base.clone());
        let (policy, _) =
            Policy::parse_with(text, &VOCABULARY, &find).unwrap_or_else(|_| panic!("{}", built.errors()));
        // All that was read, word by word, but for the places. A section is kept as it is written.
        let sets = format!("{:#?}", policy.sets).replace("\\u{a0}", " ").replace("\\u{202f}", " ");
        let shown = format!(
            "{:#?} {:#?} {sets} {:#?} {:#?} {:#?}",
            policy.heading, policy.parameters, policy.rules, policy.cases, policy.removed
        );
        let place = |word: &str| word.trim_end_matches(',').split("..").all(|end| end.parse::<u32>().is_ok());
        let words = shown.split_whitespace().filter(|word| !word.contains("..") || !place(word));
        words.map(|word| word.replace(['\u{2011}', '\u{2013}'], "-")).collect::<Vec<_>>()
    };
    let plain = read(PLAIN);
    let mut open = false;
    let mut curly = |sign: char| {
        open ^= sign == '"';
        if sign != '"' {
            sign
        } else if open {
            '“'
        } else {
            '”'
        }
    };
    let typeset = [
        ("curly quotes", PLAIN.chars().map(&mut curly).collect::<String>()),
        ("no-break blanks", PLAIN.replace(' ', "\u{a0}").replace("#\u{a0}", "# ")),
        ("narrow no-break blanks", PLAIN.replace(' ', "\u{202f}").replace("#\u{202f}", "# ")),
        ("two blanks", PLAIN.replace(' ', "  ").replace("#  ", "# ")),
        ("dashes", PLAIN.replace('-', "\u{2013}")),
        ("no-break hyphens", PLAIN.replace('-', "\u{2011}")),
        ("signs", PLAIN.replace(">=", "≥")),
        ("line ends of Windows", PLAIN.replace('\n', "\r\n")),
        ("a mark at the start", format!("\u{feff}{PLAIN}")),
        ("capitals", capitals(PLAIN)),
    ];
    for (what, text) in typeset {
        assert_ne!(text, PLAIN);
        let text = read(&text);
        assert_eq!(text.len(), plain.len(), "{what}");
        for (at, (one, other)) in plain.iter().zip(&text).enumerate() {
            assert_eq!(one, other, "{what}, after {}", plain[at.saturating_sub(8)..at].join(" "));
        }
    }
}

/// The first word of each line in capitals, where it is a key.
fn capitals(text: &str) -> String {
    let keys = ["when ", "if ", "then ", "reason ", "cite ", "born ", "expect ", "because ", "replaces "];
    keys.iter().fold(text.to_owned(), |text, key| {
        text.replace(&format!("\n{key}"), &format!("\n{}", key.to_uppercase()))
    })
}

#[test]
fn carriage_returns_make_no_difference() {
    let plain = document(&rule("one", "person.deceased\n  and conviction.attempt"));
    let returns = plain.replace('\n', "\r\n");
    let read = |text: &str| {
        Policy::parse(text, &VOCABULARY).map(|(policy, _)| policy).map_err(|_| errors(text)).unwrap()
    };
    let (plain, returns) = (read(&plain), read(&returns));
    for (one, two) in plain.rules.iter().zip(&returns.rules) {
        assert_eq!(
            (&one.name, &one.outcome, &one.reason, &one.cite),
            (&two.name, &two.outcome, &two.reason, &two.cite)
        );
    }
    assert_eq!(plain.heading.status, returns.heading.status);
    // Not the same bytes: not the same document to sign.
    assert_ne!(plain.hash(), returns.hash());
}

#[test]
fn every_error_is_reported_and_in_the_order_of_the_text() {
    let text = document(
        &[rule("one", "person.deceasd"), rule("two", "conviction.attempt").replace("then dismiss\n", "")]
            .concat(),
    )
    .replace("status: confirmed", "status: sure");
    let found = Policy::parse(&text, &VOCABULARY).map(|_| ()).unwrap_err();
    let starts: Vec<usize> = found.iter().map(|error| error.span.start).collect();
    assert_eq!(starts.len(), 3, "{}", errors(&text));
    assert!(starts.is_sorted());
}

#[test]
fn an_unconfirmed_source_is_a_remark() {
    let text =
        document(&rule("one", "person.deceased").replace("cite A source", "cite A source [unconfirmed]"));
    let (_, remarks) = Policy::parse(&text, &VOCABULARY).map_err(|_| errors(&text)).unwrap();
    let shown: String = remarks.iter().map(|remark| remark.render("policy.md", &text)).collect();
    insta::assert_snapshot!(shown, @r"
    warning: the rule `one` rests on a source nobody has read: A source
      --> policy.md:17:1
       |
    17 | ```rule one
       | ^^^^^^^^^^^
       = read the official text, then write [confirmed] after the citation
    ");
}
