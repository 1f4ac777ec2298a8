//! Other shapes of files: fixed width, XML, TSV, two header rows, other encodings.

use super::{said, small};
use crate::court::CourtLayout;
use insta::assert_snapshot;

const FIXED: &str = r#"
name = "fixed"
title = "Fixed width"
format = "fixed"
row = "charge"
record-length = 40
encoding = "windows-1252"
[dates]
formats = ["YYYYMMDD"]
[[column]]
name = "CASE"
is = "case-number"
start = 1
width = 8
[[column]]
name = "NAME"
is = "name"
start = 9
width = 20
[[column]]
name = "BORN"
is = "birth-date"
start = 29
width = 8
[[column]]
name = "LEVEL"
is = "level"
start = 37
width = 1
[[level]]
codes = ["F"]
is = "felony"
"#;

#[test]
fn fixed_width() {
    let layout = CourtLayout::parse(FIXED, "fixed.toml").unwrap();
    let mut file = Vec::new();
    file.extend(b"F0000001QUARTZ, OBERON      19650304F   \r\n");
    file.extend(b"F0000002NU\xd1EZ, JOS\xc9         19650300M   \n");
    file.extend(b"F0000003SHORT, LINE\n\n");
    file.extend(b"F0000004LONG, LINE          19650304F   AND MORE\n");
    file.extend(b"                            19650304F   ");
    assert_snapshot!(said(&layout, file), @r#"
    0:1 court none "F0000001" = "" filed - | Person QUARTZ|OBERON # born 1965-03-04  
       -  [] felony  Blank "" - on -
    0:2 court none "F0000002" = "" filed - | Person NUÑEZ|JOSÉ # born 1965-03-01..1965-03-31 partial  
    rows 5 used 2 rejects 3 blank 1 headers 0 repeated 0 cases 2 charges 1 odd numbers 0
    line 3: it ends after 19 of 40 characters
    line 5: it has 48 characters instead of 40
    line 6: it has neither a case number nor a defendant
    level (not shown): 1 of 1 from line 2
    BORN partial: 1 from line 2
    "#);
    let padded = FIXED.replace("record-length = 40", "short-lines = \"pad\"");
    let layout = CourtLayout::parse(&padded, "fixed.toml").unwrap();
    assert_snapshot!(said(&layout, "F0000003SHORT, LINE\n"), @r#"
    0:1 court none "F0000003" = "" filed - | Person SHORT|LINE # born -  
    rows 1 used 1 rejects 0 blank 0 headers 0 repeated 0 cases 1 charges 0 odd numbers 0
    "#);
}

const XML: &str = r#"
name = "xml"
title = "XML"
format = "xml"
row = "party"
[tree]
record = "Case"
parties = "Defendant"
charges = "Defendant.Charge"
[dates]
formats = ["YYYY-MM-DD"]
[[column]]
name = "@number"
is = "case-number"
[[column]]
name = "Defendant.@id"
is = "defendant-number"
[[column]]
name = "Defendant.Name"
is = "name"
[[column]]
name = "Defendant.Charge.@of"
is = "defendant-number"
[[column]]
name = "Defendant.Charge.Section"
is = "section"
[[column]]
name = "Defendant.Charge.Date"
is = "offence-date"
"#;

fn xml(text: &str) -> String {
    said(&CourtLayout::parse(XML, "xml.toml").unwrap(), text)
}

#[test]
fn xml_documents() {
    let file = r#"<?xml version="1.0"?>
<!-- an export -->
<Export xmlns="urn:x"><Head>2020</Head>
 <Case number="F-12345">
  <Defendant id="1"><Name>QUARTZ, OBERON &amp; &#66;</Name>
   <Charge of="1"><Section>HS 11359</Section><Date>1998-04-02</Date></Charge>
   <Charge of="1"><Section><![CDATA[HS 11357(a)]]></Section></Charge>
  </Defendant>
  <Defendant id="2"><Name>BERYL, TITUS</Name><Nick>T</Nick></Defendant>
 </Case>
 <Case number="F-12346"/>
 <Case/>
</Export>
"#;
    assert_snapshot!(xml(file), @r#"
    0:4 court none "F-12345" = "" filed - | Person QUARTZ|OBERON|& B #1 born -  
       - HS 11359 [] no level blank Blank "" - on 1998-04-02
       - HS 11357(a) [] no level blank Blank "" - on -
    0:4 court none "F-12345" = "" filed - | Person BERYL|TITUS #2 born -  
    0:11 court none "F-12346" = "" filed - | Blank  # born -  
    rows 3 used 2 rejects 1 blank 0 headers 0 repeated 0 cases 3 charges 2 odd numbers 0
    line 12: it is not one object for a case
    key (not shown): 1 of 1 from line 4
    "#);
}

/// Charges within each defendant are of that one, and need no number.
#[test]
fn charges_within_their_defendant() {
    let file = r#"<Export><Case number="F-12345"><Defendant id="1"><Name>QUARTZ, OBERON</Name>
   <Charge><Section>HS 11359</Section></Charge></Defendant><Defendant id="2"><Name>BERYL, TITUS</Name>
   <Charge><Section>HS 11360</Section></Charge></Defendant></Case></Export>"#;
    assert_snapshot!(xml(file), @r#"
    0:1 court none "F-12345" = "" filed - | Person QUARTZ|OBERON #1 born -  
       - HS 11359 [] no level blank Blank "" - on -
    0:1 court none "F-12345" = "" filed - | Person BERYL|TITUS #2 born -  
       - HS 11360 [] no level blank Blank "" - on -
    rows 1 used 1 rejects 0 blank 0 headers 0 repeated 0 cases 2 charges 2 odd numbers 0
    "#);
}

#[test]
fn xml_that_does_harm() {
    let bomb = r#"<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Export><Case number="&b;"/></Export>"#;
    let all = [
        bomb,
        "<Export><Case number=\"&b;\"/></Export>",
        "<Export>\n<Case number=\"1\"><Defendant>&b;</Defendant></Case></Export>",
        "<Export>\n<Case number=\"1\"></Export>",
        "<Export>\n<Case number=\"1\"><Defendant>",
        "<Export>\n<Case number=1></Case></Export>",
        "<a>\u{0}",
        "",
    ];
    let mut out: String = all.iter().map(|text| xml(text)).collect();
    out += &xml(&format!("<Export><Case number=\"1\">{}", "<a>".repeat(100)));
    out += &xml(&format!("<Export><Case number=\"1\"><Defendant>{}", "a".repeat(9 << 20)));
    assert_snapshot!(out, @"
    error: file, line 2: the document has a DOCTYPE, by which it could be made to grow without end; remove it
    error: file, line 1: an attribute is not well formed or has an entity that is not known
    error: file, line 2: an entity is not one of the five that XML knows
    error: file, line 2: the XML is not well formed from here on; fetch the file again
    error: file, line 2: the document ends within an element; fetch the file again
    error: file, line 2: an attribute is not well formed or has an entity that is not known
    error: file, line 1: the document ends within an element; fetch the file again
    rows 0 used 0 rejects 0 blank 0 headers 0 repeated 0 cases 0 charges 0 odd numbers 0
    error: file, line 1: elements are nested deeper than in any case
    error: file, line 1: an element for a case is longer than any case
    ");
}

#[test]
fn tabs_and_no_quotes() {
    let layout = small("format = \"tsv\"\n");
    assert_snapshot!(said(&layout, "CASE\tNAME\tBORN\tDISPO\nF-1\tO\"NEIL, SEAN\t03/04/1985\tCNV\n"), @r#"
    0:2 court none "F-1" = "" filed - | Person ONEIL|SEAN # born 1985-03-04  
       -  [] no level blank Convicted "CNV" - on -
    rows 1 used 1 rejects 0 blank 0 headers 1 repeated 0 cases 1 charges 1 odd numbers 0
    "#);
}

#[test]
fn two_header_rows() {
    let text = r#"
name = "two"
title = "Two header rows"
format = "csv"
row = "charge"
header-rows = 2
[[column]]
name = "CASE NUMBER"
is = "case-number"
[[column]]
name = "DEFENDANT LAST"
is = "last-name"
[[column]]
name = "DEFENDANT FIRST"
is = "first-name"
"#;
    let layout = CourtLayout::parse(text, "two.toml").unwrap();
    assert_snapshot!(said(&layout, "REPORT,,\nCASE,DEFENDANT,\nNUMBER,LAST,FIRST\nF-1,QUARTZ,OBERON\n"), @r#"
    0:4 court none "F-1" = "" filed - | Person QUARTZ|OBERON # born -  
    rows 1 used 1 rejects 0 blank 0 headers 3 repeated 0 cases 1 charges 0 odd numbers 0
    "#);
}

#[test]
fn windows_1252_has_to_be_declared() {
    let file = b"CASE,NAME,BORN,DISPO\nF-1,\"NU\xd1EZ, JOS\xc9\",,\n";
    assert_snapshot!(said(&small("format = \"csv\"\n"), *file), @"
    rows 1 used 0 rejects 1 blank 0 headers 1 repeated 0 cases 0 charges 0 odd numbers 0
    line 2, column 2: it is no text in the declared encoding; is it windows-1252?
    ");
    assert_snapshot!(said(&small("format = \"csv\"\nencoding = \"windows-1252\"\n"), *file), @r#"
    0:2 court none "F-1" = "" filed - | Person NUÑEZ|JOSÉ # born -  
    rows 1 used 1 rejects 0 blank 0 headers 1 repeated 0 cases 1 charges 0 odd numbers 0
    "#);
}
