//! Which offences belong to which lists: data in, text out.
#![allow(clippy::unwrap_used, clippy::panic)]

use vacatur_records::{DateSpan, Truth, date};
use vacatur_statutes::{Level, Offence, Rule, SectionSet, Statutes};

/// Every line is `text in list => yes, no or unknown`, with the doubt or the pair in brackets if there is one.
#[track_caller]
fn check(lines: &str) {
    let statutes = Statutes::us_ca().unwrap();
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (question, expected) = line.split_once("=>").unwrap();
        let (text, set) = question.rsplit_once(" in ").unwrap();
        let answer = statutes.set(set.trim()).unwrap().membership(&offence(&statutes, text));
        let mut got = answer.truth.word().to_owned();
        if let Some(why) = answer.why {
            got = format!("{got} ({why})");
        }
        if answer.paired.is_some() {
            got.push_str(" (pair)");
        }
        if got != expected.trim() {
            wrong.push(format!("{} => {got}, expected {}", question.trim(), expected.trim()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[track_caller]
fn offence(statutes: &Statutes, text: &str) -> Offence {
    statutes.grammar.parse(text).offence().unwrap_or_else(|| panic!("{text} cannot be read")).clone()
}

#[test]
fn cannabis() {
    check(
        "11357 HS          in cannabis => yes
        11357(A) HS        in cannabis => yes
        11360A2 HS         in cannabis => yes
        11359              in cannabis => yes
        11358 VC           in cannabis => unknown (the record gives the letters of another code)
        664/11358 HS       in cannabis => unknown (it is an attempt)
        182/11359 HS       in cannabis => unknown (it is a conspiracy)
        182 PC             in cannabis => no
        459 PC/11358 HS    in cannabis => yes
        11361 HS           in cannabis => no
        11530 HS           in cannabis => no
        11530 HS           in former-cannabis => yes
        11530.1 HS         in former-cannabis => yes
        11530.2 HS         in former-cannabis => no
        11359(D) HS        in cannabis-excluded-san-francisco-2018 => yes
        11359 HS           in cannabis-excluded-san-francisco-2018 => unknown (the record does not give the subdivision)
        11361(A) HS        in cannabis-never => yes",
    );
}

#[test]
fn longer_numbers_are_not_cannabis() {
    check(
        "111357 VC         in cannabis => no
        111357 HS          in cannabis => no
        11357.5 HS         in cannabis => no",
    );
}

#[test]
fn innkeeper_537_is_not_treason_37() {
    check(
        "537 PC            in super-strikes-los-angeles-2019 => no
        337 PC             in super-strikes-los-angeles-2019 => no
        12220 PC           in super-strikes-los-angeles-2019 => no
        1269 PC            in super-strikes-los-angeles-2019 => no
        37 PC              in super-strikes-los-angeles-2019 => yes",
    );
}

#[test]
fn lettered_murder_is_murder() {
    check(
        "187(A) PC         in super-strikes-los-angeles-2019 => yes
        187PC              in super-strikes-los-angeles-2019 => yes
        191.5(A) PC        in super-strikes-los-angeles-2019 => yes
        187-664 PC-MURDER  in super-strikes-los-angeles-2019 => yes
        664/187(A) PC      in super-strikes-los-angeles-2019 => yes
        190.25 PC          in super-strikes-los-angeles-2019 => yes
        192(A) PC          in super-strikes-los-angeles-2019 => no
        187(A) PC          in super-strikes => yes
        664/187 PC         in super-strikes => yes
        190.05 PC          in super-strikes => yes
        191.5 PC           in super-strikes => yes
        192.5 PC           in super-strikes => no
        192 PC             in super-strikes => no",
    );
}

#[test]
fn los_angeles_list_as_it_stood() {
    check(
        "220 PC- COMMIT MAYHEM in super-strikes-los-angeles-2019 => yes
        220(A) PC          in super-strikes-los-angeles-2019 => no
        288(A) PC          in super-strikes-los-angeles-2019 => yes
        288(C)(1) PC       in super-strikes-los-angeles-2019 => no
        288(B) PC          in super-strikes-los-angeles-2019 => unknown (the record does not give the subdivision)
        286 PC             in super-strikes-los-angeles-2019 => yes
        286(B) PC          in super-strikes-los-angeles-2019 => no
        286(C)(2)(A) PC    in super-strikes-los-angeles-2019 => yes
        207 PC             in super-strikes-los-angeles-2019 => yes
        207(A) PC          in super-strikes-los-angeles-2019 => unknown (the list names the section without its subdivisions)
        288A(C)(2)(B) PC   in super-strikes-los-angeles-2019 => yes
        1672(A) MV         in super-strikes-los-angeles-2019 => yes
        664/211 PC         in super-strikes-los-angeles-2019 => no
        182(A)(1) PC       in super-strikes-los-angeles-2019 => no
        187                in super-strikes-los-angeles-2019 => unknown (the record does not give the code)
        187 VC             in super-strikes-los-angeles-2019 => no
        632 PC             in super-strikes-los-angeles-2019 => no",
    );
}

#[test]
fn statute_leaves_open_what_the_section_cannot_tell() {
    check(
        "220 PC            in super-strikes => unknown (it depends on the intent to commit a sexual offence of WI 6600(b), or a sentence for life)
        220(B) PC          in super-strikes => yes
        261(A)(2) PC       in super-strikes => yes
        288 PC             in super-strikes => unknown (the record does not give the subdivision)
        288(A) PC          in super-strikes => yes
        653F PC            in super-strikes => unknown (the record does not give the subdivision)
        653F(B) PC         in super-strikes => yes
        653F(C) PC         in super-strikes => no
        664/205 PC         in super-strikes => unknown (it is an attempt)
        182 PC             in super-strikes => unknown (the record does not say which offence was attempted or agreed on)
        459 PC             in super-strikes => no",
    );
}

#[test]
fn sex_offences() {
    check(
        "272 PC            in pc-290 => unknown (it depends on whether it involved lewd or lascivious conduct)
        288.2 PC           in pc-290 => unknown (it depends on a conviction as a felony)
        288(A) PC          in pc-290 => yes
        664/261 PC         in pc-290 => yes
        182/261 PC         in pc-290 => yes
        266 PC             in pc-290 => yes
        266H(A) PC         in pc-290 => no
        266H(B)(1) PC      in pc-290 => yes
        314(1) PC          in pc-290 => yes
        314.1 PC           in pc-290 => yes
        314 PC             in pc-290 => unknown (the record does not give the subdivision)
        451.5 PC           in pc-290 => no
        653F(B) PC         in pc-290 => no
        261.5 PC           in pc-290 => no
        647A PC            in pc-290 => yes
        647(A) PC          in pc-290 => no
        290 PC             in pc-290 => no
        272 PC             in pc-290-los-angeles-2019 => yes
        451.5 PC           in pc-290-los-angeles-2019 => yes
        653F(B) PC         in pc-290-los-angeles-2019 => yes
        314(1) PC          in pc-290-los-angeles-2019 => yes
        266 PC             in pc-290-los-angeles-2019 => yes
        288(A) PC          in pc-290-los-angeles-2019 => yes
        182 PC             in pc-290-los-angeles-2019 => no",
    );
}

#[test]
fn serious_felonies() {
    check(
        "187(A) PC         in serious-felonies => yes
        664/187 PC         in serious-felonies => yes
        192(A) PC          in serious-felonies => yes
        192(B) PC          in serious-felonies => no
        192 PC             in serious-felonies => unknown (the record does not give the subdivision)
        191.5(A) PC        in serious-felonies => unknown (it depends on whether the defendant personally inflicted great bodily injury on a person other than an accomplice (PC 1192.8))
        211 PC             in serious-felonies => yes
        664/211 PC         in serious-felonies => yes
        182/211 PC         in serious-felonies => yes
        182 PC             in serious-felonies => unknown (the record does not say which offence was attempted or agreed on)
        459 PC             in serious-felonies => unknown (it depends on the first degree: an inhabited place (PC 460(a)))
        460(A) PC          in serious-felonies => yes
        460(B) PC          in serious-felonies => no
        459/460(A) PC      in serious-felonies => yes
        664/220 PC         in serious-felonies => no
        245(A)(4) PC       in serious-felonies => no
        245(B) PC          in serious-felonies => yes
        261(A)(3) PC       in serious-felonies => yes
        286(C)(2)(A) PC    in serious-felonies => yes
        286(B)(1) PC       in serious-felonies => unknown (it depends on force, violence, duress, menace, threat of great bodily injury, or fear of immediate and unlawful bodily injury)
        288(A) PC          in serious-felonies => yes
        288(C)(1) PC       in serious-felonies => no
        422 PC             in serious-felonies => yes
        422.6 PC           in serious-felonies => no
        136.1(B)(1) PC     in serious-felonies => yes
        186.22(A) PC       in serious-felonies => yes
        12022.5(A) PC      in serious-felonies => yes
        12022(A)(1) PC     in serious-felonies => no
        487(D)(2) PC       in serious-felonies => yes
        487(D) PC          in serious-felonies => unknown (it depends on whether a firearm was taken)
        487(D)(1) PC       in serious-felonies => no
        487(A) PC          in serious-felonies => no
        653F(B) PC         in serious-felonies => no
        11379 HS           in serious-felonies => no
        23153(A) VC        in serious-felonies => unknown (it depends on whether the defendant personally inflicted great bodily injury on a person other than an accomplice (PC 1192.8))
        23152(A) VC        in serious-felonies => no",
    );
}

#[test]
fn violent_felonies() {
    check(
        "187(A) PC         in violent-felonies => yes
        664/187(A) PC      in violent-felonies => yes
        182/187 PC         in violent-felonies => yes
        211 PC             in violent-felonies => yes
        664/211 PC         in violent-felonies => no
        182/211 PC         in violent-felonies => no
        213(B) PC          in violent-felonies => no
        664 PC             in violent-felonies => unknown (the record does not say which offence was attempted or agreed on)
        245(A)(1) PC       in violent-felonies => no
        422 PC             in violent-felonies => no
        261(A)(2) PC       in violent-felonies => yes
        261(2) PC          in violent-felonies => yes
        261(A)(3) PC       in violent-felonies => no
        261 PC             in violent-felonies => unknown (the record does not give the subdivision)
        288A(C) PC         in violent-felonies => yes
        288(B)(2) PC       in violent-felonies => yes
        289(J) PC          in violent-felonies => yes
        451(B) PC          in violent-felonies => yes
        451(D) PC          in violent-felonies => no
        451 PC             in violent-felonies => unknown (the record does not give the subdivision)
        459 PC             in violent-felonies => unknown (it depends on the first degree (PC 460(a)), and on whether another person, other than an accomplice, was in the residence, as charged and proved)
        460(B) PC          in violent-felonies => no
        136.1 PC           in violent-felonies => no (pair)
        136.1/186.22(B)(1) PC in violent-felonies => yes
        518 PC             in violent-felonies => no (pair)
        12022.7(A) PC      in violent-felonies => yes
        12022.53(D) PC     in violent-felonies => yes
        182/206 PC         in violent-felonies => unknown (it is a conspiracy)",
    );
}

#[test]
fn related_charges() {
    check(
        "647(F) PC         in related-charges-2019 => yes
        647(B) PC          in related-charges-2019 => no
        602(L) PC          in related-charges-2019 => yes
        148.9(A) PC        in related-charges-2019 => yes
        4060    BP         in related-charges-2019 => yes
        4060 BP            in related-charges-flagged-2019 => yes
        40508(A) VC        in related-charges-2019 => yes
        11364.5 HS         in related-charges-2019 => no
        32 PC              in plea-bargains-san-francisco-2018 => yes",
    );
}

#[test]
fn gang_pairs() {
    check(
        "246/186.22(B)(4) PC in super-strikes-los-angeles-2019 => yes
        215 PC + 186.22(B)(4) PC in super-strikes-los-angeles-2019 => yes
        246/186.22(B) PC     in super-strikes-los-angeles-2019 => unknown (the record does not give the subdivision) (pair)
        136.1 PC             in super-strikes-los-angeles-2019 => no (pair)
        136.1(C)(1) PC       in super-strikes-los-angeles-2019 => no (pair)
        186.22(B)(4) PC      in super-strikes-los-angeles-2019 => no
        664/246 PC           in super-strikes => unknown (it is an attempt)",
    );
}

#[test]
fn a_pair_is_found_in_the_same_case() {
    let statutes = Statutes::us_ca().unwrap();
    let set = statutes.set("super-strikes-los-angeles-2019").unwrap();
    let (witness, gang) = (offence(&statutes, "136.1 PC-X"), offence(&statutes, "186.22(B)(4) PC- GANG"));
    let (theft, open) = (offence(&statutes, "484 PC"), offence(&statutes, "186.22 PC"));
    let paired = set.membership(&witness).paired.unwrap();
    assert_eq!(set.pair_holds(paired, &gang), Truth::Yes);
    assert_eq!(set.pair_holds(paired, &open), Truth::Unknown);
    assert_eq!(set.pair_holds(paired, &theft), Truth::No);
    assert_eq!(set.membership_in_case(&witness, &[&theft, &gang]).truth, Truth::Yes);
    assert_eq!(set.membership_in_case(&witness, &[&theft, &open]).truth, Truth::Unknown);
    assert_eq!(set.membership_in_case(&witness, &[&theft]).truth, Truth::No);
    let by_statute = statutes.set("super-strikes").unwrap();
    let attempt = offence(&statutes, "664/246 PC");
    assert_eq!(by_statute.membership_in_case(&attempt, &[&gang]).truth, Truth::Unknown);
    assert_eq!(by_statute.membership_in_case(&attempt, &[&theft]).truth, Truth::No);
}

#[test]
fn lists_that_a_policy_makes() {
    let statutes = Statutes::us_ca().unwrap();
    let sections = ["HS 11357(a)", "PC 32"].map(|text| statutes.grammar.section(text).unwrap());
    let set = SectionSet::of(&sections);
    assert_eq!(set.name(), "HS 11357(a), PC 32");
    let answer = |set: &SectionSet, text: &str| set.membership(&offence(&statutes, text)).truth;
    assert_eq!(answer(&set, "11357(A)(1) HS"), Truth::Yes);
    assert_eq!(answer(&set, "11357 HS"), Truth::Unknown);
    assert_eq!(answer(&set, "11357(B) HS"), Truth::No);
    assert_eq!(answer(&set, "11357(A)"), Truth::Unknown);
    assert_eq!(answer(&statutes.set_of(&sections), "11357(A)"), Truth::Yes);
    assert_eq!(set.unread_targets(), Rule::DoNotCount);
    assert_eq!(answer(&set, "664 PC"), Truth::No);
}

#[test]
fn eras_are_half_open() {
    let statutes = Statutes::us_ca().unwrap();
    let set = statutes.set("cannabis").unwrap();
    let section = statutes.grammar.section("HS 11357(c)").unwrap();
    let on = |y, m, d| DateSpan::on(date(y, m, d));
    let title = |day| set.entry_on(&section, day).map(|entry| entry.title().to_owned());
    assert_eq!(title(on(2016, 11, 8)).as_deref(), Some("Possession of more than 28.5 grams"));
    assert!(title(on(2016, 11, 9)).unwrap().contains("school grounds"));
    assert_eq!(title(DateSpan::year(2016).unwrap()).as_deref(), Some("Possession of cannabis"));
    let former = &statutes.set("former-cannabis").unwrap().entries()[0];
    assert_eq!(former.in_force(on(1973, 3, 6)), Truth::Yes);
    assert_eq!(former.in_force(on(1973, 3, 7)), Truth::No);
    assert_eq!(former.in_force(DateSpan::year(1973).unwrap()), Truth::Unknown);
    assert_eq!(former.in_force(DateSpan::UNKNOWN), Truth::Unknown);
}

#[test]
fn levels_follow_the_day() {
    let statutes = Statutes::us_ca().unwrap();
    let set = statutes.set("cannabis").unwrap();
    let level = |text: &str, day: DateSpan| {
        set.entry_on(&statutes.grammar.section(text).unwrap(), day).and_then(|entry| entry.level_on(day))
    };
    let on = |y, m, d| DateSpan::on(date(y, m, d));
    assert_eq!(level("HS 11359", on(2016, 11, 8)), Some(Level::Felony));
    assert_eq!(level("HS 11359", on(2016, 11, 9)), Some(Level::Misdemeanor));
    assert_eq!(level("HS 11357(b)", on(2010, 12, 31)), Some(Level::Misdemeanor));
    assert_eq!(level("HS 11357(b)", on(2011, 1, 1)), Some(Level::Infraction));
    assert_eq!(level("HS 11357(b)", DateSpan::UNKNOWN), None);
}
