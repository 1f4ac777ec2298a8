//! How records write charges, and the normal form of each: data in, text out.
#![allow(clippy::unwrap_used, clippy::panic)]

use vacatur_statutes::Statutes;

/// Every line is `text => normal form`; blanks round the text are not part of it.
#[track_caller]
fn check(lines: &str) {
    check_with(lines, |statutes, text| statutes.grammar.parse(text).to_string());
}

#[track_caller]
fn check_comment(lines: &str) {
    check_with(lines, |statutes, text| statutes.grammar.parse_comment(text).to_string());
}

#[track_caller]
fn check_with(lines: &str, read: impl Fn(&Statutes, &str) -> String) {
    let statutes = Statutes::us_ca().unwrap();
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (text, expected) = line.rsplit_once("=>").unwrap();
        let got = read(&statutes, text.trim());
        if got != expected.trim() {
            wrong.push(format!("{} => {got}, expected {}", text.trim(), expected.trim()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn letters_before_behind_glued_or_missing() {
    check(
        "11357(A) HS-POSS CONCENTRATED CANNABIS => HS 11357(a)
        11357(C)HS                             => HS 11357(c)
        HS 11359                               => HS 11359
        HS 11359-POSSESS FOR SALE              => HS 11359
        11359HS-INTENT SELL                    => HS 11359
        11358 hs-cultivate cannabis            => HS 11358
        hs11357(c)                             => HS 11357(c)
        H&S 11357(B)                           => HS 11357(b)
        11360 (A) H & S                        => HS 11360(a)
        11360(B) SELL/FURNISH/ETC MARIJUANA    => 11360(b)
        11359                                  => 11359
        4060    BP                             => BP 4060
        4060 B&P - PRESCRIPTION                => BP 4060
        4140 B/P                               => BP 4140
        W&I 602                                => WI 602
        1672(A) MV                             => MV 1672(a)
        11364, HS                              => HS 11364
        11364-HS                               => HS 11364
        11364 (HS)                             => HS 11364
        11364(HS)                              => HS 11364
        PENAL CODE SECTION 459                 => PC 459
        PC § 459                               => PC 459
        HEALTH & SAFETY CODE SEC. 11357(a)     => HS 11357(a)
        23152(B) VC-DUI ALCOHOL/0.08 PERCENT   => VC 23152(b)
        503 VC-TAKE CAR W/OUT OWNERS CONSENT   => VC 503
        32 PC-ACCESSORY                        => PC 32
        220 PC- COMMIT MAYHEM                  => PC 220
        1203.2(A) PC-PROBATION VIOL:REARREST   => PC 1203.2(a)
        666 PC-PETTY THEFT W/PR JAIL:SPEC      => PC 666
        11357 H.S.                             => HS 11357
        P.C. 459                               => PC 459
        11360(B)SELL                           => 11360(b)
        459 PC/BURGLARY                        => PC 459",
    );
}

#[test]
fn numbers_and_subdivisions() {
    check(
        "11360(A)(3)(D)                        => 11360(a)(3)(D)
        HS 11360 (a) (3) (d) (IV)              => HS 11360(a)(3)(D)(iv)
        667(E)(2)(C)(IV)(I) PC                 => PC 667(e)(2)(C)(iv)(I)
        11360( A )( 2 ) HS                     => HS 11360(a)(2)
        11357[B] HS                            => HS 11357(b)
        11357(C HS-POSS                        => HS 11357(c)
        11357C) HS-POSS                        => HS 11357(c)
        11357 C HS                             => HS 11357(c)
        11357-C HS                             => HS 11357(c)
        11357.C HS                             => HS 11357(c)
        11357-C                                => 11357(c)
        11357-A JOINT                          => 11357
        11357(C)H.&S.                          => HS 11357(c)
        11357 HS (C)                           => HS 11357(c)
        11359 HS (F)                           => HS 11359
        11359 F HS                             => 11359
        11360A HS-SELL/FURNISH                 => HS 11360(a)
        11360A2 HS-SELL/FURNISH                => HS 11360(a)(2)
        11357B2 HS-POSSESSION                  => HS 11357(b)(2)
        11357AHS                               => HS 11357(a)
        245(A)1 PC                             => PC 245(a)(1)
        288A PC-ORAL COPULATION                => PC 288a
        288A(C)(1) PC                          => PC 288a(c)(1)
        288(A) PC-LEWD OR LASCIV ACTS          => PC 288(a)
        288APC                                 => PC 288a
        273AB PC                               => PC 273ab
        273A(B) PC                             => PC 273a(b)
        653F(B) PC                             => PC 653f(b)
        266H(B)(1) PC                          => PC 266h(b)(1)
        602L PC                                => PC 602(l)
        1203.4A PC                             => PC 1203.4a
        11530.1 HS                             => HS 11530.1
        496.1 PC                               => PC 496.1
        12022.53(D) PC                         => PC 12022.53(d)
        1203.097 PC                            => PC 1203.097
        496,3(A)(2)                            => 496.3(a)(2)
        186,22(B)(4) PC                        => PC 186.22(b)(4)
        314(1) PC-INDECENT EXPOSURE            => PC 314(1)
        187(A)                                 => 187(a)
        459 (A FELONY)                         => 459
        187(MURDER) PC                         => 187
        11357 HS.                              => HS 11357
        *11357 HS                              => HS 11357
        - 11357 HS                             => HS 11357
        (11357 HS)                             => HS 11357
        COUNT 1: 11357(C) HS                   => HS 11357(c)
        CT 02-11357(C) HS                      => HS 11357(c)",
    );
}

#[test]
fn attempt_prefixes_are_not_the_section() {
    check(
        "664/11358 HS                          => HS 11358 (attempt)
        664-11357(c) HS                        => HS 11357(c) (attempt)
        664.11359                              => 11359 (attempt)
        664.187(A) PC                          => PC 187(a) (attempt)
        66411357(c)                            => 11357(c) (attempt)
        664187 PC                              => PC 187 (attempt)
        664 11358 HS                           => HS 11358 (attempt)
        664 PC/11358 HS                        => HS 11358 (attempt)
        664 PC-187 PC                          => PC 187 (attempt)
        PC 664/187                             => PC 187 (attempt)
        664(A)/187(A) PC                       => PC 187(a) (attempt)
        11358 HS/664 PC                        => HS 11358 (attempt)
        664 PC-ATTEMPT                         => PC 664 (attempt)
        664                                    => 664 (attempt)
        211 PC-ROBBERY-ATTEMPTED               => PC 211 (attempt)
        ATT 187 PC                             => PC 187 (attempt)
        ATTEMPTED/211 PC                       => PC 211 (attempt)
        664/182/11359 HS                       => HS 11359 (attempt) (conspiracy)
        664/32 PC                              => PC 32 (attempt)",
    );
}

#[test]
fn attempted_murder_written_187_664_is_not_murder() {
    check(
        "187-664 PC                            => PC 187 (attempt)
        187-664 PC-MURDER                      => PC 187 (attempt)
        187/664 PC                             => PC 187 (attempt)",
    );
}

#[test]
fn conspiracies() {
    check(
        "182-11359                             => 11359 (conspiracy)
        182/11359                              => 11359 (conspiracy)
        182/11359 HS                           => HS 11359 (conspiracy)
        18211359                               => 11359 (conspiracy)
        182(A)(1)/211 PC                       => PC 211 (conspiracy)
        182(A)(1) PC-CONSPIRACY:COMMIT CRIME   => PC 182(a)(1) (conspiracy)
        182 PC-CRIMINAL CONSPIRACY             => PC 182 (conspiracy)
        182.5 PC                               => PC 182.5
        182 VC                                 => VC 182
        CONSPIRACY TO COMMIT 11359 HS          => HS 11359 (conspiracy)",
    );
}

#[test]
fn compound_charges_keep_every_section() {
    check(
        "484-487(A) PC                         => PC 484 + PC 487(a)
        484(A)/490.5 PC-THEFT/PETTY THEFT      => PC 484(a) + PC 490.5
        246/186.22(B)(4) PC                    => PC 246 + PC 186.22(b)(4)
        215 + 186.22(B)(4)                     => 215 + 186.22(b)(4)
        246 PC + 186.22(B)(4) PC               => PC 246 + PC 186.22(b)(4)
        246 PC W/186.22(B)(4) PC               => PC 246 + PC 186.22(b)(4)
        246 AND 186.22(B)(4) PC                => PC 246 + PC 186.22(b)(4)
        459 PC/11358 HS/11359                  => PC 459 + HS 11358 + HS 11359
        11358,11359 HS                         => HS 11358 + HS 11359
        11358.11359 HS                         => HS 11358 + HS 11359
        459 PC 484 PC                          => PC 459 + PC 484
        484 487 PC                             => PC 484 + PC 487
        484-32 PC                              => PC 484 + PC 32
        211/211 PC                             => PC 211",
    );
}

#[test]
fn descriptions_are_not_sections() {
    check(
        "11357 HS-28.5 GRAMS OR MORE           => HS 11357
        11357-28.5 GRAMS                       => 11357
        11357-100GRAMS                         => 11357
        11357 28.5 GRAMS                       => 11357
        11360(A) HS-GIVE/ETC MARIJ OVER 1 OZ/28.5 GRM => HS 11360(a)
        11358(C) HS-CULTIVATE MARIJUANA 6+ PLANTS     => HS 11358(c)
        459/2ND DEGREE                         => 459
        459 PC-BURGLARY:SECOND DEGREE          => PC 459
        187 PC-MURDER:SECOND DEGREE            => PC 187
        11357(A)-POSS                          => 11357(a)
        459 PC-484 PC                          => PC 459
        484-487 GRAND THEFT                    => 484 + 487
        11357(C) HS 2 CTS                      => HS 11357(c)",
    );
}

#[test]
fn nothing_entered() {
    check(
        "=> blank
        NULL => blank
        null => blank
        -    => blank
        ---  => blank
        -  - => blank
        N/A  => blank
        SEE COMMENT FOR CHARGE => see comment
        see  comment           => see comment
        SEE COM FOR CHRG       => see comment",
    );
}

/// A local ordinance is read as one, so that it is surely none of the state's sections.
#[test]
fn local_ordinances_are_no_state_sections() {
    check(
        "41.27(C) LAMC        => MC 41.27(c)
        41.27(C) LAMC-DRINK IN PUBLIC => MC 41.27(c)
        80.69 MC             => MC 80.69",
    );
}

#[test]
fn what_cannot_be_read_is_not_guessed() {
    check(
        "MURDER              => unrecognized
        11?57 HS             => unrecognized
        11357? HS            => unrecognized
        11357(?) HS          => unrecognized
        1135X HS             => unrecognized
        1136O HS             => unrecognized
        1135B HS             => unrecognized
        I1357 HS             => unrecognized
        11357HSPOSS          => unrecognized
        187MURDER            => unrecognized
        459BC PC             => unrecognized
        11,357 HS            => unrecognized
        186,22 PC            => unrecognized
        11357 5 HS           => unrecognized
        11357 .5 HS          => unrecognized
        11357. 5 HS          => unrecognized
        11357-5 HS           => unrecognized
        212.5(A)/(C) PC      => unrecognized
        11357/1X8Z9          => unrecognized
        11357(A)(B) HS       => unrecognized
        12/11/2003           => unrecognized
        18 USC 922           => unrecognized
        UNLAW POSS 11357 HS  => unrecognized
        2003-05-12           => unrecognized
        011357 HS            => unrecognized
        1234567890 HS        => unrecognized
        5 HS                 => unrecognized
        32                   => unrecognized
        １１３５７ HS        => unrecognized",
    );
}

#[test]
fn prefixed_111357_is_not_11357() {
    check("111357 VC-X => VC 111357");
}

#[test]
fn synthetic_11357_5_is_not_11357() {
    check(
        "11357.5 HS-SELL SYNTHETIC CANNABINOID => HS 11357.5
        11357,5 HS                             => HS 11357.5",
    );
}

#[test]
fn innkeeper_537_is_not_treason_37() {
    check(
        "537 PC-DEFRAUD INNKEEPER => PC 537
        12220 PC                  => PC 12220",
    );
}

#[test]
fn blanks_and_tabs_do_not_matter() {
    let grammar = Statutes::us_ca().unwrap().grammar;
    let shown = |text: &str| grammar.parse(text).to_string();
    assert_eq!(shown(" \t11357\t(C) \u{a0} HS - X\r\n"), "HS 11357(c)");
    assert_eq!(shown("664–11357(c) HS"), "HS 11357(c) (attempt)");
    assert_eq!(shown("  "), "blank");
}

#[test]
fn charges_in_comments() {
    check_comment(
        "11358 HS-CULTIVATE CANNABIS           => HS 11358
        COM: CNT 02 CHRG-666 PC                => PC 666
        CHRG-3 ADD CNTS OF 496.1 PC            => PC 496.1
        11359 - Should be flagged              => 11359
        11357(D) - Should be flagged as we distinguish (B) from (D) => 11357(d)
        CNT 10 PC 187                          => PC 187
        211-ROBBERY                            => 211
        CHARGE: ATT 187 PC                     => PC 187 (attempt)
        AMENDED TO 664/11358                   => 11358 (attempt)
        CONV SET ASIDE & DISM PER 1203.4 PC    => unrecognized
        DISM PER 1203.4 PC, PLED TO 11357(B) HS => HS 11357(b)
        DISMISSED 1385 PC                      => unrecognized
        COM: SEN-X3 YR PROB                    => unrecognized
        CASE 11358 TRANSFERRED                 => unrecognized
        BA123456 24 DAYS JAIL 500 FINE         => unrecognized
        2003-05-12 HEARING                     => unrecognized
        2003-11 HEARING                        => unrecognized
        2003 - TRANSFERRED                     => unrecognized
        211 - ROBBERY                          => 211
        THIS IS A COMMENT                      => unrecognized
        NULL                                   => blank
        => blank",
    );
}

#[test]
fn cannabis_sections_mentioned_in_free_text() {
    check_with(
        "11359 - Should be flagged as 11359 != 11358 => 11359; 11358
        11357(D) - Should not be flagged            => 11357(d)
        THIS IS A COMMENT                           => none
        111357 VC AND 11357.5 HS                    => none
        1.11357 X11357 113578                       => none
        (11357) HS11358 11360(a)HS                  => 11357; HS 11358; HS 11360(a)
        AMENDED FROM 66411359 TO 664/11357(c) HS    => 11359; HS 11357(c)
        11359/1X8Z9                                 => 11359
        11361 HS                                    => none
        CASE 11358                                  => none",
        |statutes, text| {
            let found = statutes.grammar.mentions(text, statutes.set("cannabis").unwrap());
            let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
            if shown.is_empty() { "none".into() } else { shown.join("; ") }
        },
    );
}

#[test]
fn numbers_without_letters_are_no_mention_unless_they_are_unique() {
    let statutes = Statutes::us_ca().unwrap();
    let strikes = statutes.set("super-strikes-los-angeles-2019").unwrap();
    assert!(statutes.grammar.mentions("187 DAYS JAIL", strikes).is_empty());
    assert_eq!(statutes.grammar.mentions("PLED TO 187 PC", strikes).len(), 1);
}
