use proptest::prelude::*;

use super::stitch::survey_with;
use super::*;
use crate::reject::RejectReason;
use crate::testing::{Naive, hostile, naive, small_layout};

const TINY: Tuning = Tuning { segment: 16, window: 48, small_window: 8, read: 16, longest: 40 };

fn surveyed(texts: &[&[u8]], tuning: Tuning, threads: usize) -> Result<Survey, SurveyError> {
    let sources: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| Source::from_bytes(&format!("{at}.csv"), text.to_vec()))
        .collect();
    let layout = small_layout();
    let mut survey = Survey::default();
    survey.sources = survey_with(&sources, Plan::new(&layout, tuning), threads, &|_| {}, &mut survey)?;
    Ok(survey)
}

/// A sound row first, so that the look at the beginning does not take the text for another layout.
fn with_a_sound_row(text: &[u8]) -> Vec<u8> {
    [b"a,9,c\n", text].concat()
}

fn one(text: &str) -> Survey {
    surveyed(&[text.as_bytes()], Tuning::default(), 1).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_survey_finds_what_the_naive_reading_finds(text in hostile()) {
        let text = with_a_sound_row(&text);
        let survey = surveyed(&[&text], TINY, 1).unwrap();
        let lines = naive(&text, 3, TINY.longest);
        let is_header = |raw: &[u8]| raw == b"FIRST,ID,LAST";
        let rows = lines.iter().filter(|l| matches!(l, Naive::Row { raw, .. } if !is_header(raw))).count() as u64;
        prop_assert_eq!(survey.rows(), rows);
        prop_assert_eq!(survey.sources[0].rows, rows);
        let headers = lines.iter().filter(|l| matches!(l, Naive::Row { raw, .. } if is_header(raw))).count() as u64;
        prop_assert_eq!(survey.sources[0].headers_inside, headers);
        let blanks = lines.iter().filter(|l| matches!(l, Naive::Blank)).count() as u64;
        prop_assert_eq!(survey.sources[0].blank_lines, blanks);
        let rejects: Vec<_> = survey.rejects.iter().map(|r| Naive::Reject { line: r.line, offset: r.offset }).collect();
        let expected: Vec<_> = lines.into_iter().filter(|l| matches!(l, Naive::Reject { .. })).collect();
        prop_assert_eq!(rejects, expected);
    }

    #[test]
    fn threads_and_segments_change_nothing(
        text in hostile(), other in hostile(), segment in 1_u64..200, window in 1_usize..100, threads in 2_usize..4
    ) {
        let (text, other) = (with_a_sound_row(&text), with_a_sound_row(&other));
        let plain = surveyed(&[&text, &other], Tuning { longest: 40, ..Tuning::default() }, 1).unwrap();
        let tuning = Tuning {
            segment,
            window,
            small_window: 1 + window / 4,
            read: 1 + window / 2,
            longest: 40,
        };
        let cut = surveyed(&[&text, &other], tuning, threads).unwrap();
        prop_assert_eq!(&plain.runs, &cut.runs);
        prop_assert_eq!(&plain.rejects, &cut.rejects);
        prop_assert_eq!(format!("{:?}", plain.sources), format!("{:?}", cut.sources));
        prop_assert_eq!(plain.sources[0].blake3, *blake3::hash(&text).as_bytes());
    }

    #[test]
    fn segments_hashed_apart_give_the_same_survey(pieces in prop::collection::vec(hostile(), 20..40)) {
        let text = with_a_sound_row(&pieces.concat());
        let plain = surveyed(&[&text], Tuning::default(), 1).unwrap();
        let cut = surveyed(&[&text], Tuning { segment: 1024, ..Tuning::default() }, 2).unwrap();
        prop_assert_eq!(&plain.runs, &cut.runs);
        prop_assert_eq!(&plain.rejects, &cut.rejects);
        prop_assert_eq!(format!("{:?}", plain.sources), format!("{:?}", cut.sources));
    }

    #[test]
    fn splitting_a_file_between_two_rows_changes_only_places(text in hostile(), pick in any::<prop::sample::Index>()) {
        let text = [&text[..], b"\na,1,c\n"].concat();
        let lines = naive(&text, 3, TINY.longest);
        let starts: Vec<_> = lines
            .iter()
            .filter_map(|l| if let Naive::Row { offset, .. } = l { Some(*offset as usize) } else { None })
            .collect();
        let (left, right) = text.split_at(starts[pick.index(starts.len())]);
        let left = [b"a,8,c\n", left].concat();
        let right = [b"a,7,c\n", right].concat();
        let whole = surveyed(&[&with_a_sound_row(&text)], TINY, 1).unwrap();
        let parts = surveyed(&[&left, &right], TINY, 2).unwrap();
        prop_assert_eq!(whole.rows() + 1, parts.rows());
        // The reason may change: a quote left open is cut off by the end of the file now.
        let lines = |s: &Survey| s.rejects.iter().map(|r| (r.subject, r.bytes)).collect::<Vec<_>>();
        prop_assert_eq!(lines(&whole), lines(&parts));
    }
}

#[test]
fn a_stray_quote_costs_its_own_line_and_no_other() {
    let survey = one("a,1,c\na,\"1\",b\"d\na,2,\"c\na,3,c\na,3,\"x\ny\"\n");
    let rejects: Vec<_> = survey.rejects.iter().map(|r| (r.line, r.column, r.reason)).collect();
    assert_eq!(rejects, [(2, Some(3), RejectReason::StrayQuote), (3, Some(3), RejectReason::UnclosedQuote)]);
    let layout = small_layout();
    assert_eq!(survey.rejects[0].subject, SubjectKey::of(b"1", &layout));
    assert_eq!(survey.rejects[1].subject, SubjectKey::of(b"2", &layout));
    assert_eq!(survey.runs.iter().map(|r| (r.first_line, r.rows)).collect::<Vec<_>>(), [(1, 1), (4, 2)]);
}

#[test]
fn one_quote_at_the_top_does_not_swallow_a_file_of_many_mebibytes() {
    let mut text = b"a,1,c\na,1,\"c\n".to_vec();
    text.extend(b"a,2,ccccccccccccccccccccccccccccccc\n".repeat(100_000));
    for threads in [1, 3] {
        let survey = surveyed(&[&text], Tuning { segment: 1 << 18, ..Tuning::default() }, threads).unwrap();
        assert_eq!((survey.rows(), survey.rejects.len()), (100_001, 1));
    }
}

#[test]
fn a_line_without_end_is_one_reject() {
    let mut text = b"a,1,c\n".to_vec();
    text.extend(vec![b'x'; 3 << 20]);
    text.extend(b"\r\na,2,c\n");
    for threads in [1, 2] {
        let survey = surveyed(&[&text], Tuning { segment: 1 << 18, ..Tuning::default() }, threads).unwrap();
        assert_eq!(survey.rows(), 2);
        assert_eq!(survey.rejects[0].reason, RejectReason::LineTooLong { limit: LONGEST_ROW });
        assert_eq!((survey.rejects[0].line, survey.rejects[0].bytes), (2, 3 << 20));
        assert_eq!(survey.runs[1].first_line, 3);
    }
}

#[test]
fn quoted_text_that_looks_like_rows_is_not_taken_for_rows_in_the_middle_of_a_file() {
    // Whoever begins to read inside the quotes finds line after line that is well-formed.
    let inside = "a,7,c\n".repeat(20);
    let text = format!("a,1,c\n{}a,3,c\n", format!("a,2,\"\n{inside}\"\n").repeat(30));
    let tuning = Tuning { segment: 64, longest: 200, ..Tuning::default() };
    for threads in [1, 2, 3] {
        let survey = surveyed(&[text.as_bytes()], tuning, threads).unwrap();
        assert_eq!((survey.rows(), survey.rejects.len(), survey.runs.len()), (32, 0, 3));
    }
}

#[test]
fn blank_subjects_are_nobody_and_never_the_same_person() {
    let survey = one("a,,c\na,,c\na,NULL,c\na,---,c\na,5,c\na,\" 5 \",c\n");
    assert_eq!(survey.runs.iter().map(|r| r.rows).collect::<Vec<_>>(), [1, 1, 1, 1, 2]);
    assert_eq!(group(&survey.runs).len(), 5);
}

#[test]
fn a_person_scattered_over_files_is_one_group_in_the_order_of_first_appearance() {
    let survey = surveyed(&[b"a,1,c\na,2,c\na,1,c\n", b"a,3,c\na,2,c\n"], Tuning::default(), 1).unwrap();
    let groups = group(&survey.runs);
    let runs: Vec<_> = groups.iter().map(|g| g.runs.to_vec()).collect();
    assert_eq!(runs, [vec![0, 2], vec![1, 4], vec![3]]);
}

#[test]
fn a_file_handed_in_twice_counts_once() {
    let survey = surveyed(&[b"a,1,c\nbad\n", b"a,2,c\n", b"a,1,c\nbad\n"], Tuning::default(), 2).unwrap();
    assert_eq!((survey.rows(), survey.rejects.len()), (2, 1));
    assert_eq!(survey.sources[2].duplicate_of, Some(0));
    assert_eq!(survey.sources[2].notes, [Note::SameAs(0)]);
}

#[test]
fn headers_are_seen_wherever_they_stand() {
    let survey = one("FIRST,ID,LAST\na,1,c\n\"first\",\"Id\",\"Last \"\na,1,c\n");
    let about = &survey.sources[0];
    assert_eq!((about.header, about.headers_inside, about.rows), (true, 1, 2));
    // A header between two rows of a person is no row, and the person is still one.
    assert_eq!(group(&survey.runs).len(), 1);
    let only = one("FIRST,ID,LAST\r\n");
    assert_eq!(only.sources[0].notes, [Note::HeaderOnly]);
}

#[test]
fn a_file_of_another_layout_is_refused_with_the_difference() {
    let said = |text: &str| surveyed(&[text.as_bytes()], Tuning::default(), 1).unwrap_err().to_string();
    assert!(said("FIRST,LAST,ID\na,1,c\n").contains("line 1"));
    assert!(said("FIRST,LAST,ID\na,1,c\n").contains("column 2: found LAST, expected ID"));
    assert!(said("a,1,c\nFIRST,ID,D\na,1,c\n").contains("line 2"));
    assert!(said("a\t1\tc\n").contains("tabs"));
    assert!(said("a;1;c\n").contains("semicolons"));
    assert!(said("a,1,b,c,d\na,2,b,c,d\n").contains("5 columns where the layout has 3"));
    // Two rows of different wrong lengths are two bad rows; so is a short row under the right header.
    assert_eq!(one("a,1\na,1,b,c\n").rejects.len(), 2);
    assert_eq!(one("FIRST,ID,LAST\na,1\n").rejects.len(), 1);
}

#[test]
fn line_ends_and_characters_are_told() {
    for (text, ends, encoding) in [
        (&b"a,1,c"[..], LineEnds::None, Encoding::Ascii),
        (b"a,1,c\n", LineEnds::Lf, Encoding::Ascii),
        (b"a,1,\xc3\xa9\r\n", LineEnds::CrLf, Encoding::Utf8),
        (b"a,1,\xe9\r\na,1,\xc3\xa9\n", LineEnds::Mixed, Encoding::Windows1252),
    ] {
        let about = &surveyed(&[text], Tuning::default(), 1).unwrap().sources[0];
        assert_eq!((about.line_ends, about.encoding, about.rows > 0), (ends, encoding, true));
    }
}

#[test]
fn progress_adds_up_to_the_length() {
    let text = b"a,1,c\n".repeat(50_000);
    let layout = small_layout();
    for (threads, segment) in [(1, 1 << 20), (2, 1 << 14), (2, 1000)] {
        let done = std::sync::atomic::AtomicU64::new(0);
        let plan = Plan::new(&layout, Tuning { segment, ..Tuning::default() });
        let sources = [Source::from_bytes("a", text.clone())];
        let progress = |n| {
            done.fetch_add(n, std::sync::atomic::Ordering::Relaxed);
        };
        survey_with(&sources, plan, threads, &progress, &mut Survey::default()).unwrap();
        assert_eq!(done.into_inner(), text.len() as u64);
    }
}

#[test]
fn a_line_over_many_segments_is_not_searched_for_its_end_in_each() {
    // 4 MiB without a newline, in segments of a kibibyte: to the end from each of them would be 8 GiB.
    let mut text = b"a,1,c\n".to_vec();
    text.extend(vec![b'x'; 4 << 20]);
    let tuning = Tuning { segment: 1 << 10, read: 1 << 10, ..Tuning::default() };
    let layout = small_layout();
    let plan = Plan::new(&layout, tuning);
    let source = Source::from_bytes("0.csv", text);
    let mut steps = 0_u64;
    for start in (1..64).map(|at| at << 16) {
        let mut walker = super::walk::Walker::new(plan, &source, 0, &|_| {}, None);
        assert_eq!(walker.guess(start, start + (1 << 10)).unwrap(), None);
        steps += walker.held() - start;
    }
    // What stands in the buffers: a segment and the read that it ends in.
    assert!(steps < 64 * (1 << 16), "{steps} bytes");
}
