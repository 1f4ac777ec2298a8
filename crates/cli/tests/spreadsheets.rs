//! No cell of a run's CSV files is a formula to the program that opens it, and each can be had back.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::evidence::{FIRST, HEADER, SECOND, line};
use common::{Desk, Quotes, Row, Run, Style, column, conviction, names, with};

/// What an attacker, or a clerk's keyboard, may leave in a cell; and what only looks like it.
const CELLS: [&str; 16] = [
    "=HYPERLINK(\"http://example.org\",\"see\")",
    "=cmd|' /C calc'!A1",
    "+1-800",
    "-1+1",
    "-2014-777",
    "@SUM(A1)",
    "'=1",
    "''@A",
    "＝1+1",
    // These are no formulas, and stay.
    "-",
    "-7",
    "-12.5",
    "'",
    "'A",
    "A=1",
    "2014-777",
];

fn rows() -> Vec<Row> {
    CELLS
        .iter()
        .enumerate()
        .flat_map(|(at, cell)| {
            let first = conviction(&format!("{}", 1000 + at), FIRST, "11358 HS-CULTIVATE", "20100504");
            let cells = [
                ("OFN", *cell),
                ("PRI_NAME", *cell),
                ("COMMENT_TEXT", *cell),
                ("RECORD_ID", *cell),
                ("END_OF_REC", *cell),
            ];
            let second = conviction(&format!("{}", 1000 + at), SECOND, "484 PC-THEFT", "20150504");
            [with(first, &cells), second]
        })
        .collect()
}

/// The documented way to undo it.
fn undone(cell: &str) -> &str {
    let formula = |cell: &str| {
        let rest = cell.trim_start_matches('\'');
        let number = |text: &str| {
            let mut parts = text.split('.');
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            parts.next().is_some_and(digits) && parts.next().is_none_or(digits) && parts.next().is_none()
        };
        rest.starts_with(['=', '+', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
            || rest.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && !number(rest))
    };
    cell.strip_prefix('\'').filter(|rest| formula(rest)).unwrap_or(cell)
}

/// Every cell of every CSV file of the run.
fn cells(run: &Run) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for name in names(&run.dir).into_iter().filter(|name| name.ends_with(".csv")) {
        let bytes = run.bytes(&name);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        for record in reader.records() {
            cells.extend(record.expect("a row").iter().map(|cell| (name.clone(), cell.to_owned())));
        }
    }
    cells
}

#[test]
fn no_cell_is_a_formula() {
    let desk = Desk::new();
    let lines = [
        line("1000", FIRST, "level", "felony").replace("R. Clerk", "=1+1").replace("Court file", "@Court"),
        line("@nobody", FIRST, "level", "felony"),
    ];
    let evidence = desk.file("-evidence.csv", format!("{HEADER}\n{}\n", lines.join("\n")));
    let input = desk.file("in.dat", Style::default().text(&rows()));
    let more = ["--format", "bear", "--horizon", "24m", "--evidence", &evidence.display().to_string()];
    let run = desk.run(&[&input], "run", &more);
    let cells = cells(&run);
    let mut guarded = 0;
    for (name, cell) in &cells {
        let number =
            cell.strip_prefix('-').is_some_and(|rest| rest.is_empty() || rest.parse::<f64>().is_ok());
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']) && !number;
        assert!(!formula, "{name}: {cell:?}");
        guarded += usize::from(undone(cell) != cell);
    }
    assert!(guarded > 40, "{guarded}");
    let count = |name: &str, cell: &str| cells.iter().filter(|(file, it)| file == name && it == cell).count();
    assert_eq!(count("evidence.csv", "'=1+1"), 1);
    assert_eq!(count("evidence.csv", "'@Court 98-1234"), 1);
}

#[test]
fn the_former_spreadsheets_have_the_rows_back() {
    for quotes in [Quotes::All, Quotes::Needed] {
        let desk = Desk::new();
        let rows = rows();
        let input = desk.file("in.dat", Style { quotes, end: "\n" }.text(&rows));
        let run = desk.run(&[&input], "run", &["--format", "bear"]);
        for (name, some) in
            [("All_Results.csv", 32), ("Prop64_Results.csv", 16), ("All_Results_Condensed.csv", 32)]
        {
            let bytes = run.bytes(name);
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let headers: Vec<String> =
                reader.headers().expect("a header").iter().map(str::to_owned).collect();
            let mut number = 0;
            for record in reader.records().map(|record| record.expect("a row")) {
                let cell = |name: &str| {
                    headers.iter().position(|header| header == name).map(|at| undone(&record[at]).to_owned())
                };
                let is = |row: &&Row| {
                    headers
                        .iter()
                        .take(headers.len() - 18)
                        .all(|name| Some(&row[column(name)]) == cell(name).as_ref())
                };
                assert!(rows.iter().any(|row| is(&row)), "{name}: a row has no origin");
                number += 1;
            }
            assert_eq!(number, some, "{name}");
        }
        // A row without such a cell is there to the byte.
        let plain = Style { quotes, end: "" }.text(&[rows[1].clone()]);
        assert!(run.text("All_Results.csv").contains(&format!("\n{plain},")), "{plain}");
    }
}

#[test]
fn an_answer_for_a_guarded_number_is_used() {
    let desk = Desk::new();
    for subject in ["=1+1", "'@2", "-3-4", "-5"] {
        let open = with(conviction(subject, FIRST, "11358 HS-CULTIVATE", ""), &[("OFN", "=2")]);
        let asked = desk.run_rows(std::slice::from_ref(&open), "asked", &[]);
        let review = asked.text("review.csv");
        assert!(review.lines().count() > 1, "no question");
        let mut reader = csv::Reader::from_reader(review.as_bytes());
        let headers = reader.headers().expect("a header").clone();
        let mut filled = csv::Writer::from_writer(Vec::new());
        filled.write_record(&headers).expect("memory");
        for record in reader.records().map(|record| record.expect("a row")) {
            let cells = headers.iter().zip(&record).map(|(name, cell)| match name {
                "value" if &record[8] == "conviction date" => "2012-03-04",
                "document" => "=Court file",
                "said_by" => "R. Clerk",
                _ => cell,
            });
            filled.write_record(cells).expect("memory");
        }
        let file = desk.file("filled.csv", filled.into_inner().expect("memory"));
        let run = desk.run_rows(&[open], "run", &["--evidence", &file.display().to_string()]);
        common::evidence::adds_up(&run);
        assert_eq!(
            run.table("evidence_rejects.csv").len(),
            0,
            "{subject}: {}",
            run.text("evidence_rejects.csv")
        );
        assert_eq!(run.count("changed_by_evidence"), 1, "{subject}");
        // The copy is read again too.
        let said = desk.vacatur(["explain".to_owned(), "run".to_owned(), format!("--person={subject}")]);
        assert!(said.out.contains("=Court file"), "{}{}", said.out, said.err);
        for name in ["asked", "run"] {
            std::fs::remove_dir_all(desk.path(name)).expect("removed");
        }
    }
}
