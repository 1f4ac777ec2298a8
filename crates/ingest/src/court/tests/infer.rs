//! Drafts of layouts.

use super::infer_source;
use crate::court::{CourtLayout, read_sources};
use crate::source::Source;
use insta::assert_snapshot;

fn index() -> String {
    let mut file = "CASE_NUMBER,COURT_CODE,DEF_NO,DEFENDANT_NAME,DOB,SEX,FILING_DATE,COUNT_NO,CHARGE_CODE,CHARGE_STATUTE,SEVERITY,DISPO_CODE,DISPO_DATE,MYSTERY\n".to_owned();
    for row in 0..40 {
        let number = if row % 4 == 0 { format!("F-{row:05}") } else { format!("BA{row:06}") };
        let date = if row % 3 == 0 { "03/14/85".to_owned() } else { format!("03/{:02}/1985", row % 28 + 1) };
        let disposition = if row == 7 { "TITANIA BERYL" } else { "CNV" };
        file += &format!(
            "{number},SC00,01,\"QUARTZ{row}, OBERON\",{date},{},{date},01,HS,11357(A),M,{disposition},{date},SECRET{row}\n",
            if row % 2 == 0 { "M" } else { "F" },
        );
    }
    file
}

#[test]
fn a_draft_of_an_index() {
    let source = Source::from_bytes("file", index().into_bytes());
    let draft = infer_source(&source).unwrap();
    for private in ["QUARTZ", "TITANIA", "SECRET", "03/14", "BA0000"] {
        assert!(!draft.toml.contains(private), "{private}");
    }
    assert_snapshot!(draft.toml);
    // It loads, and reads the file that it was made of, knowing no code.
    let layout = CourtLayout::parse(&draft.toml, "draft.toml").unwrap();
    let account = read_sources(&[source], &layout, &std::env::temp_dir(), &mut |_| {}).unwrap();
    assert_eq!((account.rows, account.used, account.cases, account.odd_numbers), (40, 40, 40, 0));
}

#[test]
fn a_draft_of_objects() {
    let mut file = String::new();
    for row in 0..10 {
        file += &format!(
            r#"{{"caseNumber":"BA{row:06}","parties":[{{"partyNumber":1,"lastName":"Quartz{row}","firstName":"Oberon"}}],"charges":[{{"partyNumber":1,"count":1,"code":"HS","section":"11359","dispositions":[{{"date":"1998-04-02","type":"Plea - Guilty"}}]}}],"Titania{row}":1}}"#
        );
        file.push('\n');
    }
    let source = Source::from_bytes("file", file.into_bytes());
    let draft = infer_source(&source).unwrap();
    assert!(!draft.toml.contains("Titania") && !draft.toml.contains("Quartz"));
    assert_snapshot!(draft.toml);
    let layout = CourtLayout::parse(&draft.toml, "draft.toml").unwrap();
    let account = read_sources(&[source], &layout, &std::env::temp_dir(), &mut |_| {}).unwrap();
    assert_eq!((account.rows, account.used, account.cases, account.charges), (10, 10, 10, 10));
}

#[test]
fn of_what_has_no_columns_no_draft_is_made() {
    for text in ["F0001QUARTZ\nF0002BERYL\n", "\n\n"] {
        let error = infer_source(&Source::from_bytes("file", text.into())).unwrap_err();
        assert!(error.to_string().contains("no delimiter cuts it"), "{error}");
    }
}
