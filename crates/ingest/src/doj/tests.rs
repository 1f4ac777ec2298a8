//! Assembly: data in, text out.

use super::*;
use crate::layout::Layout;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use vacatur_records::{DateSpan, Fact, FileIx, Gap};

/// A row of a few cells, by name.
struct Line {
    cells: BTreeMap<usize, Vec<u8>>,
    bytes: Vec<u8>,
    at: u64,
}

impl<'l> Cells<'l> for &'l Line {
    fn cell(&self, column: usize) -> Text<'l> {
        self.cells.get(&column).map_or_else(Text::default, |cell| Text::of(cell))
    }

    fn place(&self) -> Row {
        Row { file: FileIx(0), line: self.at, offset: self.at * 100, bytes: self.bytes.len() as u32 }
    }

    fn bytes(&self) -> &'l [u8] {
        &self.bytes
    }
}

/// Rows as a table: `ORDER | DATE | STEP | DISPOSITION | OFFENCE | LEVEL | SENTENCE`, then `NAME=VALUE` for others.
fn lines(table: &str) -> Vec<Line> {
    let layout = Layout::us_ca_doj();
    let number = |name: &str| layout.column(name).unwrap_or_else(|| panic!("no column {name}"));
    table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
        .map(|(at, line)| {
            let mut cells: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
            let names = [
                "CNT_ORDER",
                "STP_EVENT_DATE",
                "STP_TYPE_DESCR",
                "DISP_DESCR",
                "OFFENSE_DESCR",
                "CONV_STAT_DESCR",
            ];
            for (at, cell) in line.split('|').map(str::trim).enumerate() {
                let mut set = |name: &str, value: &str| cells.insert(number(name), value.as_bytes().to_vec());
                match (names.get(at), cell) {
                    (_, "") => {}
                    (Some(name), _) => {
                        set(name, cell);
                    }
                    (None, _) if cell.contains('=') => {
                        let (name, value) = cell.split_once('=').unwrap();
                        set(name, value);
                    }
                    (None, _) => {
                        let mut words = cell.split(' ');
                        for name in ["SENT_LOC_DESCR", "SENT_LENGTH", "SENT_TIME_CODE"] {
                            set(name, words.next().unwrap_or(""));
                        }
                    }
                }
            }
            Line { cells, bytes: line.as_bytes().to_vec(), at: at as u64 + 1 }
        })
        .collect()
}

/// The person that a table makes, and the rows without a place, as text.
fn assembled(table: &str) -> String {
    let lines = lines(table);
    let one = shown(&lines.iter().collect::<Vec<_>>(), false);
    // Whatever the order of the rows, the record is the same.
    let reversed: Vec<&Line> = lines.iter().rev().collect();
    assert_eq!(shown(&lines.iter().collect::<Vec<_>>(), true), shown(&reversed, true));
    one
}

fn shown(lines: &[&Line], no_places: bool) -> String {
    let layout = Layout::us_ca_doj();
    let (columns, words) = (Columns::of(&layout).unwrap(), Words::us_ca_doj().unwrap());
    let mut unplaced = Vec::new();
    let person = Assembler::new(&columns, &words).assemble(Text::of(b"1"), lines, Vec::new(), &mut unplaced);
    let mut out = String::new();
    let gap = |gap: Option<Gap>| gap.map_or(String::new(), |gap| format!(" ({})", gap.word()));
    let date = |fact: &Fact<DateSpan>| format!("{}{}", fact.value, gap(fact.gap));
    if !person.birth.value.is_unknown() || person.birth.gap != Some(Gap::Blank) {
        let _ = writeln!(out, "born {}", date(&person.birth));
    }
    if !person.deceased.value.is_no() {
        let _ = writeln!(out, "died {}", person.died);
    }
    for registration in &person.registrations {
        let _ = writeln!(out, "registered {} on {}", registration.charge.as_str(), date(&registration.date));
    }
    for count in &person.counts {
        let _ = write!(out, "{} {} on {}", count.order, count.charge.charged.as_str(), date(&count.date));
        let _ = write!(out, ", convicted {}{}", count.convicted.value.word(), gap(count.convicted.gap));
        let _ = write!(
            out,
            ", {}{}",
            count.level.value.map_or("level unknown", vacatur_records::Level::word),
            gap(count.level.gap)
        );
        let _ = write!(out, ", completed {}", date(&count.completed));
        if let Some((other, _)) = &count.other_charge {
            let _ = write!(out, ", or {}", other.charged.as_str());
        }
        if count.county.gap == Some(Gap::Conflict) {
            let _ = write!(out, ", county in conflict");
        }
        if !count.case_number.is_blank() {
            let _ = write!(out, ", case {}", count.case_number.as_str());
        }
        for one in person.dispositions_of(count) {
            let _ = write!(out, "; {:?} {} on {}", one.kind, one.by, one.date.value);
        }
        if count.relief_unclear {
            out.push_str("; relief unclear");
        }
        out.push('\n');
    }
    for row in &unplaced {
        if no_places {
            let _ = writeln!(out, "unplaced {}", matches!(row.why, Unplaced::Duplicate { .. }));
            continue;
        }
        match &row.why {
            Unplaced::CountNumber(error) => {
                _ = writeln!(out, "line {}, column {:?}: {error}", row.place.line, row.column)
            }
            Unplaced::Duplicate { of } => {
                _ = writeln!(out, "line {} repeats line {}", row.place.line, of.line)
            }
        }
    }
    if !person.is_complete() {
        let _ = writeln!(out, "incomplete");
    }
    out
}

#[track_caller]
fn becomes(table: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(assembled(table).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_conviction_with_its_sentence() {
    becomes(
        "101001001001 | 20010101 | COURT ACTION | CONVICTED-PROB/JAIL | 11358 HS | FELONY | PROBATION 36 M | OFN=C1
         101001001002 | 20010101 | COURT ACTION | CONVICTED-PROB/JAIL | 11358 HS | FELONY | JAIL 60 D | COMMENT_TEXT=CONCURRENT",
        "101001001001 11358 HS on 2001-01-01, convicted yes, felony, completed 2004-01-01, case C1; Convicted  on 2001-01-01",
    );
}

#[test]
fn an_arrest_convicts_nobody() {
    becomes(
        "101001001000 | 20010101 | ARREST/DETAINED/CITED | | 11358 HS",
        "101001001000 11358 HS on 2001-01-01, convicted no, level unknown (blank), completed on or after 2001-01-01 (blank)",
    );
}

#[test]
fn a_court_without_an_outcome_is_unknown() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | | 11358 HS
         102001001000 | 20010101 | COURT ACTION | SOMETHING NEW | 11359 HS
         103001001000 | 20010101 | | | 11360 HS",
        "101001001000 11358 HS on 2001-01-01, convicted unknown (blank), level unknown (blank), completed on or after 2001-01-01 (blank)
         102001001000 11359 HS on 2001-01-01, convicted unknown (unreadable), level unknown (blank), completed on or after 2001-01-01 (blank); Unrecognized  on 2001-01-01
         103001001000 11360 HS on 2001-01-01, convicted unknown (blank), level unknown (blank), completed on or after 2001-01-01 (blank)
         incomplete",
    );
}

#[test]
fn a_dismissal_after_a_conviction_is_a_contradiction() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001001000 | 20020101 | COURT ACTION | DISMISSED/FURTHERANCE OF JUSTICE | 11358 HS",
        "101001001000 11358 HS on 2001-01-01, convicted unknown (in conflict), felony, completed 2002-01-01; Convicted  on 2001-01-01; NotConvicted dismissed on 2002-01-01",
    );
}

#[test]
fn a_dismissal_before_a_conviction_is_none() {
    becomes(
        "101001001000 | 20000101 | COURT ACTION | DISMISSED | 11358 HS
         101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y",
        "101001001000 11358 HS on 2001-01-01, convicted yes, felony, completed 2002-01-01; NotConvicted dismissed on 2000-01-01; Convicted  on 2001-01-01",
    );
}

#[test]
fn a_charge_that_is_left_open_is_no_conviction() {
    becomes(
        "101001001000 | 20000101 | ARREST/DETAINED/CITED | CITED | 11358 HS
         101002001000 | 20000201 | COURT ACTION | TRANSFERRED TO OTHER COURT | 11358 HS
         101003001000 | 20000301 | COURT ACTION | WARRANT ISSUED | 11358 HS",
        "101001001000 11358 HS on 2000-01-01, convicted no, level unknown (blank), completed on or after 2000-01-01 (blank); Pending other on 2000-01-01
         101002001000 11358 HS on 2000-02-01, convicted no, level unknown (blank), completed on or after 2000-02-01 (blank); Pending other on 2000-02-01
         101003001000 11358 HS on 2000-03-01, convicted no, level unknown (blank), completed on or after 2000-03-01 (blank); Pending other on 2000-03-01",
    );
}

/// What leaves a charge open undoes no conviction. After it, the sentence may have stopped.
#[test]
fn a_warrant_undoes_no_conviction() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | REMANDED TO CUSTODY | 11358 HS
         101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         102001001000 | 20010101 | COURT ACTION | CONVICTED | 11359 HS | FELONY | PROBATION 1 Y
         102001001000 | 20010102 | COURT ACTION | WARRANT ISSUED | 11359 HS
         103001001000 | 20001231 | COURT ACTION | WARRANT ISSUED | 11360 HS
         103001001000 | 20010101 | COURT ACTION | CONVICTED | 11360 HS | FELONY | PROBATION 1 Y",
        "101001001000 11358 HS on 2001-01-01, convicted yes, felony, completed 2002-01-01; Convicted  on 2001-01-01; Pending other on 2001-01-01
         102001001000 11359 HS on 2001-01-01, convicted yes, felony, completed on or after 2001-01-01 (in conflict); Convicted  on 2001-01-01; Pending other on 2001-01-02
         103001001000 11360 HS on 2001-01-01, convicted yes, felony, completed 2002-01-01; Pending other on 2000-12-31; Convicted  on 2001-01-01",
    );
}

/// How a count ended, and how a sentence changed, is told by the label beside the kind.
#[test]
fn counts_keep_the_labels_of_their_dispositions() {
    becomes(
        "101001001000 | 20010101 | ARREST/DETAINED/CITED | RELEASED/DETENTION ONLY | 11358 HS
         102001001000 | 20010101 | ARREST/DETAINED/CITED | PROS REJ-LACK OF EVIDENCE | 11358 HS
         103001001000 | 20010101 | COURT ACTION | ACQUITTED | 11358 HS
         104001001000 | 20010101 | COURT ACTION | DIVERTED | 11358 HS
         104001001000 | 20030101 | COURT ACTION | DISMISSED-DIVERSION COMPLETED | 11358 HS
         105001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 3 Y
         105001001000 | 20020101 | COURT ACTION | PROBATION REVOKED | 11358 HS",
        "101001001000 11358 HS on 2001-01-01, convicted no, level unknown (blank), completed on or after 2001-01-01 (blank); NotConvicted released on 2001-01-01
         102001001000 11358 HS on 2001-01-01, convicted no, level unknown (blank), completed on or after 2001-01-01 (blank); NotConvicted not prosecuted on 2001-01-01
         103001001000 11358 HS on 2001-01-01, convicted no, level unknown (blank), completed on or after 2001-01-01 (blank); NotConvicted acquitted on 2001-01-01
         104001001000 11358 HS on 2001-01-01 to 2003-01-01 (in conflict), convicted no, level unknown (blank), completed on or after 2001-01-01 (blank); NotConvicted diversion on 2001-01-01; NotConvicted diversion completed on 2003-01-01
         105001001000 11358 HS on 2001-01-01, convicted yes, felony, completed on or after 2001-01-01 (in conflict); Convicted  on 2001-01-01; SentenceChanged revoked on 2002-01-01",
    );
}

/// A plea for a deferred judgment that is recorded as a conviction leaves it open which it is.
#[test]
fn diversion_on_the_day_of_a_conviction_is_a_contradiction() {
    let text = assembled(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY
         101001001000 | 20010101 | COURT ACTION | DEFERRED ENTRY OF JUDGMENT | 11358 HS",
    );
    assert!(text.contains("convicted unknown (in conflict)"), "{text}");
}

#[test]
fn relief_under_a_number_of_its_own_goes_to_the_charge() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001002000 | 20010101 | COURT ACTION | CONVICTED | 459 PC | FELONY | PROBATION 1 Y
         101002001000 | 20050101 | COURT ACTION | REDUCED TO MISDEMEANOR PER 17(B) PC | 11358 HS",
        "101001001000 11358 HS on 2001-01-01, convicted yes, misdemeanor, completed 2002-01-01; Convicted  on 2001-01-01; Relief(Reduced) PC 17(b) on 2005-01-01
         101001002000 459 PC on 2001-01-01, convicted yes, felony, completed 2002-01-01; Convicted  on 2001-01-01
         101002001000 11358 HS on 2005-01-01, convicted no, misdemeanor, completed on or after 2005-01-01 (blank); Relief(Reduced) PC 17(b) on 2005-01-01",
    );
}

#[test]
fn a_reduction_of_one_of_two_leaves_both_levels_unknown() {
    let text = assembled(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001002000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101002007000 | 20050101 | COURT ACTION | REDUCED TO MISDEMEANOR PER 17(B) PC | 11358 HS",
    );
    for line in text.lines().take(2) {
        assert!(line.contains("relief unclear"), "{line}");
        assert!(line.contains("level unknown"), "whether it is still a felony is unknown: {line}");
    }
}

#[test]
fn a_change_of_one_of_two_sentences_leaves_both_ends_open() {
    let text = assembled(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001002000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101002007000 | 20011001 | COURT ACTION | PROBATION EXTENDED | 11358 HS",
    );
    for line in text.lines().take(2) {
        assert!(line.contains("completed on or after 2001-01-01"), "it may be this one's: {line}");
    }
}

#[test]
fn an_outcome_that_cannot_be_read_after_a_conviction_is_a_doubt() {
    let text = assembled(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001001000 | 20050101 | COURT ACTION | D?SM P?R 1136?.8 | 11358 HS",
    );
    assert!(text.contains("convicted unknown") || text.contains("relief unclear"), "{text}");
}

#[test]
fn a_step_whose_kind_is_lost_may_be_a_registration() {
    let text = assembled("101001001000 | 20010101 | #@! | | 290(B) PC");
    assert!(
        !text.contains("convicted no") && (text.contains("registered") || text.contains("incomplete")),
        "{text}"
    );
}

#[test]
fn a_record_that_may_be_anothers_leaves_the_person_open_and_is_no_count() {
    let text = assembled(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 459 PC | FELONY | PROBATION 1 Y
         | | POSSIBLE RECORD",
    );
    assert!(text.contains("incomplete"), "{text}");
    assert_eq!(text.matches("459 PC").count(), 1, "{text}");
}

#[test]
fn three_offences_under_one_number_leave_the_offence_open() {
    let text = assembled(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 459 PC | FELONY | PROBATION 1 Y
         101001001000 | 20010101 | COURT ACTION | CONVICTED | 484 PC | FELONY | PROBATION 1 Y
         101001001000 | 20010101 | COURT ACTION | CONVICTED | 187 PC | FELONY | PROBATION 1 Y",
    );
    // The first, or one that cannot be read: so no list of sections can be told to hold it, or not to.
    assert!(text.contains(", or ;"), "{text}");
}

#[test]
fn levels_that_differ_are_unknown() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | MISDEMEANOR
         102001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONI | PROBATION 1 Y | OFFENSE_TOC=F
         103001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | | PROBATION 1 Y | OFFENSE_TOC=F",
        "101001001000 11358 HS on 2001-01-01, convicted yes, level unknown (in conflict), completed 2002-01-01; Convicted  on 2001-01-01
         102001001000 11358 HS on 2001-01-01, convicted yes, level unknown (unreadable), completed 2002-01-01; Convicted  on 2001-01-01
         103001001000 11358 HS on 2001-01-01, convicted yes, felony, completed 2002-01-01; Convicted  on 2001-01-01",
    );
}

#[test]
fn dates_of_a_count_agree_or_are_in_conflict() {
    becomes(
        "101001001000 | 20010000 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101001001000 | 20010315 | COURT ACTION | CONVICTED | 11358 HS | FELONY
         102001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         102001001000 | 20030101 | COURT ACTION | CONVICTED | 11358 HS | FELONY
         103001001000 | | COURT ACTION | CONVICTED | 11358 HS | FELONY
         104001001000 | 20010230 | COURT ACTION | CONVICTED | 11358 HS | FELONY",
        "101001001000 11358 HS on 2001-03-15, convicted yes, felony, completed 2002-03-15; Convicted  on 2001; Convicted  on 2001-03-15
         102001001000 11358 HS on 2001-01-01 to 2003-01-01 (in conflict), convicted yes, felony, completed 2002-01-01 to 2004-01-01 (partial); Convicted  on 2001-01-01; Convicted  on 2003-01-01
         103001001000 11358 HS on unknown (blank), convicted yes, felony, completed unknown (unreadable); Convicted  on unknown
         104001001000 11358 HS on unknown (unreadable), convicted yes, felony, completed unknown (unreadable); Convicted  on unknown",
    );
}

#[test]
fn three_dates_in_conflict_are_one_span_in_any_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let dates = ["20010101", "20010601", "20010000"];
        let table: Vec<String> = order
            .iter()
            .enumerate()
            .map(|(part, &at)| {
                format!("10100100100{part} | {} | COURT ACTION | CONVICTED | 11358 HS | FELONY", dates[at])
            })
            .collect();
        let text = assembled(&table.join("\n"));
        assert!(
            text.starts_with("101001001000 11358 HS on 2001-01-01 to 2001-06-01 (in conflict)")
                || text.starts_with("101001001000 11358 HS on 2001 (in conflict)"),
            "{order:?}: {text}"
        );
    }
}

#[test]
fn people_die_and_register() {
    becomes(
        "101001001000 | 19990101 | REGISTRATION | | 290 PC
         | 20150101 | DECEASED | |
         | 19980101 | REGISTRATION | | 11590 HS | | PRI_DOB=19600000",
        "born 1960 (partial)
         died 2015-01-01
         registered 290 PC on 1999-01-01
         registered 11590 HS on 1998-01-01
         101001001000 290 PC on 1999-01-01, convicted no, level unknown (blank), completed on or after 1999-01-01 (blank)",
    );
}

#[test]
fn a_death_without_a_day_has_the_day_of_another_notice() {
    let text = assembled(
        "101001001000 | | DECEASED | |
         102001001000 | 20150101 | DECEASED | |",
    );
    assert!(text.contains("died 2015-01-01"), "{text}");
}

#[test]
fn rows_that_cannot_be_placed_are_told_and_leave_a_gap() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y
         101 | 20010101 | COURT ACTION | CONVICTED | 187 PC | FELONY
         101001001000 | 20010101 | COURT ACTION | CONVICTED | 11358 HS | FELONY | PROBATION 1 Y",
        "101001001000 11358 HS on 2001-01-01, convicted yes, felony, completed 2002-01-01; Convicted  on 2001-01-01
         line 2, column Some(51): the count number has 3 characters, not 12
         line 3 repeats line 1
         incomplete",
    );
    // A row that is there twice is no gap.
    let text = assembled(
        "101001001000 | 20010101 | ARREST | | 11358 HS\n101001001000 | 20010101 | ARREST | | 11358 HS",
    );
    assert!(text.contains("line 2 repeats line 1") && !text.contains("incomplete"), "{text}");
}

#[test]
fn a_conviction_without_a_number_is_no_bystander() {
    for step in ["CUSTODY:JAIL", "PROBATION", "REGISTRATION", "DECEASED"] {
        let text = assembled(&format!(" | 20010101 | {step} | CONVICTED | 187 PC | FELONY | PRISON 25 Y"));
        assert!(
            text.contains("187 PC on") || text.contains("incomplete"),
            "{step}: the conviction left no trace: {text:?}"
        );
    }
}

#[test]
fn the_first_case_number_of_the_event_serves_its_counts() {
    becomes(
        "101001001000 | 20010101 | COURT ACTION | DISMISSED | 459 PC | | OFN=C1
         101001002000 | 20010101 | COURT ACTION | DISMISSED | 484 PC
         101002001000 | 20020101 | COURT ACTION | DISMISSED | 484 PC",
        "101001001000 459 PC on 2001-01-01, convicted no, level unknown (blank), completed on or after 2001-01-01 (blank), case C1; NotConvicted dismissed on 2001-01-01
         101001002000 484 PC on 2001-01-01, convicted no, level unknown (blank), completed on or after 2001-01-01 (blank), case C1; NotConvicted dismissed on 2001-01-01
         101002001000 484 PC on 2002-01-01, convicted no, level unknown (blank), completed on or after 2002-01-01 (blank); NotConvicted dismissed on 2002-01-01",
    );
}
