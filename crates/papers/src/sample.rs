//! Invented data of every paper: for tests.

use crate::*;

pub(crate) const HASH: &str = "3f1c9a5be07d4428a6c1f0d2985e7b36c4a81d09ef5527b8136ad04cf9e2b751";

pub(crate) fn identity(file: &str) -> Identity {
    Identity { as_of: jiff::civil::date(2026, 11, 22), manifest_hash: HASH.to_owned(), file: file.to_owned() }
}

pub(crate) fn attorney() -> Attorney {
    let some = |text: &str| Some(text.to_owned());
    Attorney {
        name: some("GRIMELLA MARL"),
        bar_number: some("000000"),
        firm: some("Gimlet County District Attorney"),
        street: some("100 Example Street, Room 200"),
        city_state_zip: some("Gimlet, California 90000"),
        phone: some("(213) 555-0100"),
        fax: some("(213) 555-0101"),
        email: some("grimella.marl@da.gimlet.example"),
        attorney_for: some("the People"),
    }
}

pub(crate) fn caption() -> Caption {
    Caption {
        court_title: "SUPERIOR COURT OF THE STATE OF CALIFORNIA".to_owned(),
        county: "COUNTY OF GIMLET".to_owned(),
        branch: None,
        people: "THE PEOPLE OF THE STATE OF CALIFORNIA".to_owned(),
        defendants: "PERSONS LISTED IN EXHIBIT A".to_owned(),
        several: true,
        case_number: "See Exhibit A".to_owned(),
        title: None,
        hearing: Some(Hearing::default()),
    }
}

pub(crate) fn authority() -> Authority {
    Authority {
        policy_title: "Gimlet County, cannabis convictions, 2026".to_owned(),
        policy_id: "us-ca/gimlet-2026".to_owned(),
        policy_hash: HASH.chars().rev().collect(),
        as_of: "November 22, 2026".to_owned(),
        citation: Some("Penal Code section 1203.425".to_owned()),
    }
}

pub(crate) fn filing(remedy: Remedy) -> Filing {
    Filing {
        identity: identity("motion.pdf"),
        attorney: attorney(),
        caption: caption(),
        basis: Basis::Hs11361_8,
        remedy,
        reliefs: vec![
            ReliefCount { relief: Relief::DismissAndSeal, convictions: 3_950 },
            ReliefCount { relief: Relief::ReduceToMisdemeanor, convictions: 212 },
            ReliefCount { relief: Relief::ReduceToInfraction, convictions: 1 },
        ],
        grounds: Vec::new(),
        people: 3_201,
        cases: 3_877,
        convictions: 4_163,
        authority: authority(),
        authorization: Authorization {
            by: Some("Oberon Quartz".to_owned()),
            title: Some("District Attorney".to_owned()),
            on: Some("November 20, 2026".to_owned()),
            under: Some("the policy named above".to_owned()),
            hash: Some(HASH.to_owned()),
        },
        exhibit: ExhibitCited {
            letter: "A".to_owned(),
            volumes: (1..=3)
                .map(|volume| VolumeCited {
                    name: format!("exhibit-a-{volume:03}.pdf"),
                    rows: if volume < 3 { 2_000 } else { 163 },
                    pages: if volume < 3 { 80 } else { 7 },
                    sha256: HASH.chars().cycle().skip(volume * 7).take(64).collect(),
                })
                .collect(),
            machine_file: FileCited { name: "exhibit-a.csv".to_owned(), sha256: HASH.to_owned() },
        },
        prosecutor: Prosecutor {
            name: "the Gimlet County District Attorney".to_owned(),
            kind: "District Attorney".to_owned(),
        },
        dated: None,
    }
}

pub(crate) fn row(line: u64) -> ExhibitRow {
    let sections = ["HS 11359", "HS 11360(a)", "HS 11357(c)", "HS 11358"];
    let reliefs = ["Dismiss and seal", "Dismiss and seal", "Misdemeanor", "Dismiss and seal"];
    let names = ["MARL, GRIMELLA", "QUARTZ, OBERON T", "TIN-GIMLET, ESMÉ", "O’BRACKEN, SHALE"];
    let at = usize::try_from(line % 4).unwrap();
    ExhibitRow {
        line,
        case_number: format!("BA{:06}", 101_000 + line * 7),
        other_case_number: if line.is_multiple_of(3) { format!("9A{line:05}-01") } else { String::new() },
        defendant: names[at].to_owned(),
        count: (line % 3 + 1).to_string(),
        section: sections[at].to_owned(),
        level: "Felony".to_owned(),
        date: format!("{}-0{}-1{}", 1990 + line % 25, line % 9 + 1, line % 10),
        relief: reliefs[at].to_owned(),
    }
}

pub(crate) fn volume(first: u64, rows: u64) -> ExhibitVolume {
    ExhibitVolume {
        identity: identity("exhibit-a-002.pdf"),
        letter: "A".to_owned(),
        volume: exhibit_volume(first),
        volumes: 3,
        caption: "People v. Persons listed in Exhibit A".to_owned(),
        court: "Superior Court of California, County of Gimlet".to_owned(),
        prosecutor: "Gimlet County District Attorney".to_owned(),
        rows_in_all: 4_163,
        rows: (first..first + rows).map(row).collect(),
    }
}

pub(crate) fn service() -> Service {
    Service {
        identity: identity("proof-of-service.pdf"),
        attorney: attorney(),
        caption: caption(),
        documents: vec![
            "Notice of motion and motion".to_owned(),
            "[Proposed] order".to_owned(),
            "Exhibit A, volumes 1 to 3".to_owned(),
        ],
    }
}

pub(crate) fn cover(to_settle: Vec<String>) -> Cover {
    let total = |label: &str, convictions, sum| Total {
        label: label.to_owned(),
        convictions,
        cases: if sum { Some(3_877) } else { None },
        people: if sum { Some(3_201) } else { None },
        sum,
    };
    let file =
        |name: &str, pages, rows| PacketFile { name: name.to_owned(), pages, rows, sha256: HASH.to_owned() };
    Cover {
        identity: identity("cover-sheet.pdf"),
        title: "Gimlet County District Attorney: sentences completed".to_owned(),
        office: "Gimlet County District Attorney".to_owned(),
        court: "Superior Court of California, County of Gimlet".to_owned(),
        prosecutor: "Gimlet County District Attorney".to_owned(),
        remedy: Remedy::Completed,
        totals: vec![
            total("Dismiss and seal", 3_950, false),
            total("Reduce to a misdemeanor", 212, false),
            total("Reduce to an infraction", 1, false),
            total("All", 4_163, true),
        ],
        files: vec![
            file("motion.pdf", Some(5), None),
            file("order.pdf", Some(3), None),
            file("exhibit-a-001.pdf", Some(80), Some(2_000)),
            file("exhibit-a-002.pdf", Some(80), Some(2_000)),
            file("exhibit-a-003.pdf", Some(7), Some(163)),
            file("exhibit-a.csv", None, Some(4_163)),
            file("proof-of-service.pdf", Some(2), None),
        ],
        authority: authority(),
        authorization: filing(Remedy::Completed).authorization,
        to_settle,
        fix_list: 17,
    }
}

pub(crate) fn case_list() -> CaseList {
    let case = |number: u64| ListedCase {
        case_number: format!("BA{:06}", 101_000 + number * 7),
        other_case_number: if number.is_multiple_of(3) { format!("9A{number:05}-01") } else { String::new() },
        defendant: row(number).defendant,
        counts: (1..=number % 4 + 1)
            .map(|count| ListedCount {
                count: count.to_string(),
                section: row(number + count).section,
                level: "Felony".to_owned(),
                date: "2003-05-17".to_owned(),
                asked: if count == 1 { Some("Dismiss and seal".to_owned()) } else { None },
                reason: if count == 1 {
                    "No convictions in the past 10 years".to_owned()
                } else if count == 2 {
                    "A super strike stands before it (PC 667(e)(2)(C)(iv))".to_owned()
                } else {
                    "Not a section of this policy".to_owned()
                },
                does_not_qualify: count == 2,
            })
            .collect(),
    };
    CaseList {
        identity: identity("case-list-001.pdf"),
        title: "Cases for review".to_owned(),
        office: "Gimlet County District Attorney".to_owned(),
        court: "Superior Court of California, County of Gimlet".to_owned(),
        prosecutor: "Gimlet County District Attorney".to_owned(),
        first_page: 1,
        cases: (1..=12).map(case).collect(),
    }
}
