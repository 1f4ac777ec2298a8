//! Cases in, words out. A line of the court: `court NUMBER COUNT OFFENCE LEVEL DAY OUTCOME [RELIEF]`; of the state:
//! `state ORDER NUMBER OFFENCE LEVEL DAY CONVICTED [RELIEF]`. `-` is blank.

use super::*;
use std::fmt::Write as _;
use vacatur_records::{CourtRelief, Date};
use vacatur_statutes::Statutes;

fn day(text: &str) -> Option<Date> {
    (text != "-").then(|| text.parse().unwrap())
}

fn level(text: &str) -> Option<Level> {
    match text {
        "F" => Some(Level::Felony),
        "M" => Some(Level::Misdemeanor),
        "I" => Some(Level::Infraction),
        _ => None,
    }
}

fn relief(text: Option<&&str>) -> Option<ReliefKind> {
    match *text? {
        "vacated" => Some(ReliefKind::Vacated),
        "set-aside" => Some(ReliefKind::SetAside),
        _ => Some(ReliefKind::Reduced),
    }
}

fn check(text: &str) -> String {
    let statutes = Statutes::us_ca().unwrap();
    let mut offences = Offences::new(&statutes.grammar);
    let (mut court, mut state): (Vec<CourtCase>, Vec<StateCase>) = (Vec::new(), Vec::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let offence = |at: usize| if words[at] == "-" { String::new() } else { words[at].replace('_', " ") };
        if words[0] == "court" {
            let key = if words[1] == "-" { "" } else { words[1] };
            let charge = CourtCharge {
                count: words[2].parse().ok(),
                charged: offence(3),
                level: level(words[4]),
                disposed: day(words[5]).map(|day| (DateSpan::on(day), None)),
                disposition: Some(match words[6] {
                    "convicted" => DispositionKind::Convicted,
                    "dismissed" => DispositionKind::NotConvicted,
                    _ => DispositionKind::Blank,
                }),
                relief: relief(words.get(7))
                    .map(|kind| CourtRelief { kind, by: String::new(), date: (DateSpan::UNKNOWN, None) })
                    .into_iter()
                    .collect(),
                ..CourtCharge::default()
            };
            match court.iter_mut().find(|case| !key.is_empty() && case.key == key) {
                Some(case) => case.charges.push(charge),
                None => court.push(CourtCase {
                    key: key.into(),
                    number: key.into(),
                    charges: vec![charge],
                    ..CourtCase::default()
                }),
            }
        } else {
            let order = CountOrder::parse(words[1].as_bytes()).unwrap();
            let key = if words[2] == "-" { "" } else { words[2] };
            let count = StateCount {
                order,
                offence: offence(3),
                level: level(words[4]),
                date: day(words[5]).map_or(DateSpan::UNKNOWN, DateSpan::on),
                convicted: match words[6] {
                    "yes" => Truth::Yes,
                    "no" => Truth::No,
                    _ => Truth::Unknown,
                },
                reliefs: relief(words.get(7)).into_iter().collect(),
                place: (0, 1),
            };
            let same = |case: &&mut StateCase| case.key == key && case.counts[0].order.case() == order.case();
            match state.iter_mut().find(same) {
                Some(case) => case.counts.push(count),
                None => state.push(StateCase { number: key.into(), key: key.into(), counts: vec![count] }),
            }
        }
    }
    let borrowed: Vec<&CourtCase> = court.iter().collect();
    let found = matched(&borrowed, &state, &mut offences);
    let mut shown = String::new();
    for (case, answers) in court.iter().zip(&found.court) {
        for (charge, answer) in case.charges.iter().zip(answers) {
            let words = match answer {
                Found::InState { count: (i, j), differs } => {
                    let order = state[*i].counts[*j].order;
                    let differs: Vec<&str> = differs.iter().map(|one| one.word()).collect();
                    format!("in the state's file at {order}: {}", differs.join(", "))
                }
                Found::Missing { case: None } => "case missing".to_owned(),
                Found::Missing { case: Some(_) } => "count missing from the case".to_owned(),
                Found::CannotTell(why) => format!("cannot tell: {}", why.word()),
            };
            let _ = writeln!(
                shown,
                "court {} {} -> {}",
                case.number,
                charge.charged,
                words.trim_end_matches([':', ' '])
            );
        }
    }
    for (case, answers) in state.iter().zip(&found.state) {
        for (count, answer) in case.counts.iter().zip(answers) {
            let word = match answer {
                StateFound::InCourt { .. } => "in court",
                StateFound::NotFound => "not found",
                StateFound::CannotTell => "cannot tell",
            };
            let _ = writeln!(shown, "state {} {} -> {word}", count.order, count.offence);
        }
    }
    shown
}

#[test]
fn the_same_case_under_the_same_number() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        state 101002001000 BA012345 11359_HS-POSS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> in the state's file at 101002001000
    state 101002001000 11359 HS-POSS -> in court
    ");
}

#[test]
fn a_case_that_the_state_does_not_have() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        state 101002001000 BA099999 11359_HS F 2007-05-12 yes
    "), @"
    court BA012345 HS 11359 -> case missing
    state 101002001000 11359 HS -> not found
    ");
}

#[test]
fn two_numbers_that_differ_are_not_one_case_though_day_and_offence_agree() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        state 101002001000 BA099999 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> cannot tell: a case of that day and offence stands there under another number
    state 101002001000 11359 HS -> cannot tell
    ");
}

#[test]
fn without_a_number_day_and_offence_tell() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        state 101002001000 - 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> in the state's file at 101002001000
    state 101002001000 11359 HS -> in court
    ");
}

#[test]
fn without_a_number_a_near_day_is_a_doubt_and_no_missing_case() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        state 101002001000 - 11359_HS F 2003-05-20 yes
    "), @"
    court BA012345 HS 11359 -> cannot tell: the state's record has a count of that time that cannot be read
    state 101002001000 11359 HS -> cannot tell
    ");
}

#[test]
fn what_the_two_say_differently() {
    insta::assert_snapshot!(check("
        court BA000001 1 HS_11357 M 2003-05-12 convicted
        court BA000002 1 HS_11359 F 2004-05-12 dismissed
        court BA000003 1 HS_11358 F 2005-05-12 convicted vacated
        court BA000004 1 HS_11360 M 2006-05-12 convicted reduced
        court BA000005 1 PC_459 F 2007-05-12 convicted
        court BA000006 1 HS_11358 F 2008-05-12 convicted
        state 101001001000 BA000001 11357(a)_HS F 2003-05-11 yes
        state 102001001000 BA000002 11359_HS F 2004-05-12 yes
        state 103001001000 BA000003 11358_HS F 2005-05-12 yes
        state 104001001000 BA000004 11360_HS F 2006-05-12 yes
        state 105001001000 BA000005 11359_HS F 2007-05-12 yes
        state 106001001000 BA000006 11358_HS - - unknown
    "), @"
    court BA000001 HS 11357 -> in the state's file at 101001001000: level, date
    court BA000002 HS 11359 -> in the state's file at 102001001000: disposition
    court BA000003 HS 11358 -> in the state's file at 103001001000: already dismissed by the court
    court BA000004 HS 11360 -> in the state's file at 104001001000: already reduced by the court
    court BA000005 PC 459 -> in the state's file at 105001001000: section
    court BA000006 HS 11358 -> in the state's file at 106001001000
    state 101001001000 11357(a) HS -> in court
    state 102001001000 11359 HS -> in court
    state 103001001000 11358 HS -> in court
    state 104001001000 11360 HS -> in court
    state 105001001000 11359 HS -> in court
    state 106001001000 11358 HS -> in court
    ");
}

#[test]
fn a_case_of_which_the_state_lacks_a_count() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        court BA012345 2 PC_12020 F 2003-05-12 convicted
        state 101002001000 BA012345 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> in the state's file at 101002001000
    court BA012345 PC 12020 -> count missing from the case
    state 101002001000 11359 HS -> in court
    ");
}

#[test]
fn a_count_that_cannot_be_read_may_be_the_one_that_seems_to_lack() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 convicted
        court BA012345 2 PC_12020 F 2003-05-12 convicted
        state 101002001000 BA012345 11359_HS F 2003-05-12 yes
        state 101002002000 BA012345 SEE_COMMENT_FOR_CHARGE F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> in the state's file at 101002001000
    court BA012345 PC 12020 -> in the state's file at 101002002000
    state 101002001000 11359 HS -> in court
    state 101002002000 SEE COMMENT FOR CHARGE -> in court
    ");
}

#[test]
fn which_of_two_equal_counts_was_relieved_is_not_guessed() {
    insta::assert_snapshot!(check("
        court BA012345 - HS_11359 F 2003-05-12 convicted vacated
        court BA012345 - HS_11359 F 2003-05-12 convicted
        state 101002001000 BA012345 11359_HS F 2003-05-12 yes
        state 101002002000 BA012345 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> cannot tell: the case is there, with a count that may be this one
    court BA012345 HS 11359 -> cannot tell: the case is there, with a count that may be this one
    state 101002001000 11359 HS -> cannot tell
    state 101002002000 11359 HS -> cannot tell
    ");
}

#[test]
fn two_equal_counts_of_which_nothing_differs_are_both_there() {
    insta::assert_snapshot!(check("
        court BA012345 - HS_11359 F 2003-05-12 convicted
        court BA012345 - HS_11359 F 2003-05-12 convicted
        state 101002001000 BA012345 11359_HS F 2003-05-12 yes
        state 101002002000 BA012345 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> in the state's file at 101002001000
    court BA012345 HS 11359 -> in the state's file at 101002002000
    state 101002001000 11359 HS -> in court
    state 101002002000 11359 HS -> in court
    ");
}

#[test]
fn one_number_of_two_branches_is_not_one_case() {
    insta::assert_snapshot!(check("
        court BA012345 1 PC_187 F 1988-05-12 convicted
        state 101002001000 BA012345 11360_HS F 2012-05-12 yes
    "), @"
    court BA012345 PC 187 -> cannot tell: the case is there, with a count that may be this one
    state 101002001000 11360 HS -> not found
    ");
}

#[test]
fn the_counts_numbers_weigh_less_than_how_they_ended() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 dismissed
        court BA012345 2 HS_11359 F 2003-05-12 convicted
        state 101002001000 BA012345 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> count missing from the case
    court BA012345 HS 11359 -> in the state's file at 101002001000
    state 101002001000 11359 HS -> in court
    ");
}

#[test]
fn a_court_that_does_not_say_how_it_ended_confirms_nothing() {
    insta::assert_snapshot!(check("
        court BA012345 1 HS_11359 F 2003-05-12 -
        state 101002001000 BA012345 11359_HS F 2003-05-12 yes
    "), @"
    court BA012345 HS 11359 -> in the state's file at 101002001000
    state 101002001000 11359 HS -> cannot tell
    ");
}

#[test]
fn two_cases_that_claim_one_count_leave_it_open() {
    insta::assert_snapshot!(check("
        court BA000001 1 HS_11359 F 2003-05-12 convicted
        court BA000002 1 HS_11359 F 2003-05-12 convicted
        state 101002001000 - 11359_HS F 2003-05-12 yes
    "), @"
    court BA000001 HS 11359 -> cannot tell: several cases of the state's record fit
    court BA000002 HS 11359 -> cannot tell: several cases of the state's record fit
    state 101002001000 11359 HS -> cannot tell
    ");
}
