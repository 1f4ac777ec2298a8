//! The layouts that come with the program, each with a small file of invented cases.

use super::{accounted, run, said, shown};
use crate::court::CourtLayout;
use insta::assert_snapshot;

#[test]
fn every_layout_loads_under_its_name() {
    for name in CourtLayout::names() {
        let layout = CourtLayout::builtin(name).unwrap();
        assert_eq!((layout.name(), layout.status()), (name, "unconfirmed"));
        assert_eq!(CourtLayout::named(name).unwrap().name(), name);
        for court in layout.courts() {
            let found = court.key("BA012345-01").unwrap();
            assert_eq!((found.key.as_str(), found.defendant.as_str()), ("BA12345", "1"));
        }
    }
    let wrong = CourtLayout::builtin("la-indx").unwrap_err().to_string();
    assert_eq!(
        wrong,
        "la-indx: there is no such layout; those that come with the program are case-export, da-tracking, la-index"
    );
}

const INDEX: &str = "\u{feff}CASE_NUMBER,COURT_CODE,DEF_NO,DEFENDANT_NAME,DOB,SEX,RACE,CII,FILING_DATE,VIOLATION_DATE,COUNT_NO,CHARGE_CODE,CHARGE_STATUTE,SEVERITY,PLEA,DISPO_CODE,DISPO_DATE,SENTENCE,POST_DISPO_CODE,POST_DISPO_DATE\r
BA012345,SC00,01,\"QUARTZ, OBERON MILES JR\",03/04/1965,M,W,A01234567,05/06/1998,04/30/1998,01,HS,11357(A),M,NC,CNV,07/08/1998,36 MO PROB; 90 DA JAIL; FINE,12034,01/02/2004\r
F-62909,MC03,01,\"DE LA CRUZ, BERYL\",10/25/62,F,H,,10/14/81,09/09/81,01,HS,11359,F,NG,CJT,08/09/82,2 YR PRISON,ZZZ,\r
BA012345-01,SC00,01,\"QUARTZ, OBERON M JR\",03/04/1965,M,W,,05/06/1998,04/30/1998,02,HS,11357C,M,NC,DIS,07/08/1998,,,\r
BA012345,SC00,02,\"GREEN LEAF COLLECTIVE, INC\",,,,,05/06/1998,04/30/1998,01,HS,11360(A),F,NG,XX1,07/08/1998,,,\r
\r
NA803926,SC77,01,\"DOE, JOHN\",NULL,Q,B,,13/45/82,09/13/82,01,ZZ,11359,W,NG,,,,,\r
BA012345,SC00,01,\"QUARTZ, OBERON MILES JR\",03/04/1965,M,W,A01234567,05/06/1998,04/30/1998,01,HS,11357(A),M,NC,CNV,07/08/1998,36 MO PROB; 90 DA JAIL; FINE,12034,01/02/2004\r
";

#[test]
fn la_index() {
    let layout = CourtLayout::builtin("la-index").unwrap();
    assert_snapshot!(said(&layout, INDEX));
}

#[test]
fn case_export() {
    let layout = CourtLayout::builtin("case-export").unwrap();
    let file = concat!(
        r#"{"caseNumber":"BA429038","court":{"code":"SC00","ori":"CA0198300"},"filedDate":"2007-09-30","parties":[{"partyNumber":1,"lastName":"Quartz","firstName":"Oberon","middleName":"Miles","suffix":"Jr.","dateOfBirth":"1965-03-04","gender":"M","race":"W","stateId":"A01234567","ssnLast4":"1234","driverLicense":"N1234567","zip":"90012-3456","aliases":[{"lastName":"Quarz","firstName":"Obie","middleName":"","suffix":""},{"lastName":"Onyx","firstName":"Tito"}],"bookingNumber":"5152670"},{"partyNumber":2,"lastName":"Beryl","firstName":"Titania","dateOfBirth":null,"gender":"F"}],"charges":[{"partyNumber":1,"count":1,"code":"HS","section":"11359","description":"POSSESS FOR SALE","degree":"F","offenseDate":"2007-09-28","dispositions":[{"date":"2007-10-30","type":"Pending"},{"date":"2008-05-16","type":"Plea - Guilty","amendedSection":"HS 11357C"}],"sentence":[{"type":"Probation","length":3,"unit":"Years"},{"type":"Fine","length":null,"unit":null}],"relief":[{"type":"Reduced - 17(b) PC","date":"2012-01-02"},{"type":"Dismissed - 1203.4 PC","date":"2012-01-03"}]},{"partyNumber":2,"count":1,"code":"HS","section":"11359","degree":"F","offenseDate":"2007-09-28","dispositions":[{"date":"2008-05-16","type":"Plea - Guilty"},{"date":"2009-05-16","type":"Dismissed"}]}]}"#,
        "\n",
        r#"{"caseNumber":"XX-1","court":{"code":"ZZ9"},"parties":[{"partyNumber":1,"lastName":"Onyx","firstName":"Tito","shoeSize":44}],"charges":[{"partyNumber":1,"count":1,"code":"HS","section":"11357A","dispositions":[]}]}"#,
        "\n\n",
        r#"{"caseNumber":"BA429039","parties":[{"partyNumber":1,"lastName":"Onyx"}],"charges":[{"partyNumber":3,"count":1,"section":"11357"}]}"#,
        "\n",
        r#"{"caseNumber":"BA429040","caseNumber":"BA429041","parties":[]}"#,
        "\n{\"caseNumber\": [\"BA1\"\n[1]\n",
        r#"{"caseNumber":"BA429042","filedDate":{"a":1},"parties":[{"lastName":"Onyx"}]}"#,
        "\n",
        r#"{"caseNumber":["BA429043","BA429044"],"parties":[{"lastName":"Onyx"}]}"#,
        "\n",
        r#"{"caseNumber":"","parties":[]}"#,
        "\n",
    );
    assert_snapshot!(said(&layout, file));
}

fn sheet(rows: &[&[&str]]) -> rust_xlsxwriter::Worksheet {
    let mut sheet = rust_xlsxwriter::Worksheet::new();
    for (at, row) in rows.iter().enumerate() {
        for (column, text) in row.iter().enumerate() {
            sheet.write_string(at as u32, column as u16, *text).unwrap();
        }
    }
    sheet
}

fn book(sheet: rust_xlsxwriter::Worksheet) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.push_worksheet(sheet);
    book.save_to_buffer().unwrap()
}

const TRACKING: [&str; 24] = [
    "DA Number",
    "Court Number",
    "CII",
    "Last Name",
    "First Name",
    "Middle",
    "DOB",
    "Sex",
    "Race",
    "Filed",
    "Conviction Date",
    "Charge 1",
    "Level 1",
    "Count 1",
    "Charge 2",
    "Level 2",
    "Count 2",
    "Charge 3",
    "Level 3",
    "Count 3",
    "Disposition",
    "Sentence",
    "Completed Sentence",
    "Notes",
];

fn tracking() -> rust_xlsxwriter::Worksheet {
    let mut file = sheet(&[
        &[],
        &TRACKING,
        &[
            "DA1",
            "BA012345",
            "",
            "Quartz",
            "Oberon",
            "M",
            "03/04/1965",
            "M",
            "W",
            "05/06/1998",
            "07/08/1998",
            "HS 11357C",
            "M",
            "1",
            "PC 484",
            "M",
            "2",
            "",
            "",
            "",
            "Convicted",
            "36 MO PROB",
            "Yes",
            "",
        ],
        &["DA2", "", "", "Onyx", "Tito", "", "", "M", "B", "", "", "11359", "F", "1"],
        &[],
        &["DA3", "", "", "", "", "", "", "", "", "", "", "PC 245", "F", "2"],
    ]);
    let format = rust_xlsxwriter::Format::new().set_num_format("mm/dd/yyyy");
    file.merge_range(0, 0, 0, 23, "CASE TRACKING", &rust_xlsxwriter::Format::new()).unwrap();
    file.write_number_with_format(3, 9, 36000.0, &format).unwrap();
    file.write_number(3, 1, 1_234_567.0).unwrap();
    file
}

#[test]
fn da_tracking() {
    let layout = CourtLayout::builtin("da-tracking").unwrap();
    let (cases, account) = run(&layout, book(tracking())).unwrap();
    assert_snapshot!(cases.iter().map(shown).collect::<String>() + &accounted(&account));
}

/// A cell of the case merged over its rows holds for all of them. One of a charge may not be meant for all.
#[test]
fn merged_cells() {
    let layout = CourtLayout::builtin("da-tracking").unwrap();
    let plain = rust_xlsxwriter::Format::new();
    let mut file = tracking();
    for row in 6..10_u32 {
        file.write_string(row, 1, format!("BA00010{row}")).unwrap();
        file.write_string(row, 11, "HS 11358").unwrap();
        file.write_string(row, 13, "1").unwrap();
    }
    file.merge_range(6, 3, 7, 3, "Beryl", &plain).unwrap();
    file.merge_range(8, 11, 9, 11, "HS 11359", &plain).unwrap();
    file.write_string(10, 1, "BA000200").unwrap();
    file.merge_range(10, 3, 10, 5, "Opal Ann", &plain).unwrap();
    let (cases, account) = run(&layout, book(file)).unwrap();
    assert_snapshot!(cases.iter().map(shown).collect::<String>() + &accounted(&account));
}

/// The same sheet as CSV: the page with another format.
#[test]
fn da_tracking_as_csv() {
    let text = CourtLayout::text("da-tracking").unwrap().replace("format = \"xlsx\"", "format = \"csv\"");
    let layout = CourtLayout::parse(&text, "da-tracking.toml").unwrap();
    let file = format!(
        "CASE TRACKING{}\n{}\n{}\n",
        ",".repeat(23),
        TRACKING.join(","),
        "DA1,BA012345,,Quartz,Oberon,M,03/04/1965,M,W,05/06/1998,07/08/1998,HS 11357C,M,1,PC 484,M,2,,,,Convicted,36 MO PROB,Yes,"
    );
    assert_snapshot!(said(&layout, file));
}

/// Rows of a case come together wherever they stand, and cases in the order of their first rows.
#[test]
fn rows_of_a_case_far_apart() {
    let layout = CourtLayout::builtin("la-index").unwrap();
    let mut lines = INDEX.lines();
    let mut file = lines.next().unwrap().trim_start_matches('\u{feff}').to_owned() + "\n";
    for count in 1..=3 {
        for case in 0..4_000 {
            file += &format!(
                "BA{case:06},SC00,01,\"QUARTZ, OBERON {case}\",,M,W,,,,{count:02},HS,11358,F,NC,CNV,07/08/1998,,,\n"
            );
        }
    }
    let (cases, account) = run(&layout, file).unwrap();
    assert_eq!((account.rows, account.cases, account.charges), (12_000, 4_000, 12_000));
    for (at, case) in cases.iter().enumerate() {
        assert_eq!(case.line, at as u64 + 2);
        let counts: Vec<Option<u16>> = case.charges.iter().map(|charge| charge.count).collect();
        assert_eq!(counts, [Some(1), Some(2), Some(3)]);
    }
}
