// Tests may look at a folder and at the memory of the process; the crate may not.
#![allow(clippy::disallowed_methods)]

use super::*;
use crate::EXHIBIT_ROWS_PER_PAGE;
use crate::lines::Line;
use crate::sample::*;

fn papers() -> Papers {
    Papers::new(None).unwrap_or_else(|error| panic!("{error}"))
}

/// Papers with one text or layout replaced.
fn with(name: &str, change: impl Fn(&str) -> String) -> Result<Papers, PaperError> {
    let text = change(crate::template(name).unwrap());
    Papers::new(Some(&|asked| (asked == name).then(|| text.clone())))
}

/// Every paper that there is, with a name.
fn all(with: impl Fn(&str, &Paper<'_>)) {
    let papers = papers();
    let completed = filing(Remedy::Completed);
    let serving = filing(Remedy::Serving);
    let mut blank =
        Filing { attorney: Default::default(), authorization: Default::default(), ..filing(Remedy::Mixed) };
    blank.authority.citation = None;
    let general = Filing { basis: Basis::General, ..filing(Remedy::Completed) };
    let mut challenges = filing(Remedy::Mixed);
    challenges.exhibit.letter = "B".to_owned();
    challenges.grounds = vec![crate::GroundCount { ground: "a super strike".to_owned(), convictions: 12 }];
    with("motion", &Paper::Motion(&completed));
    with("motion-serving", &Paper::Motion(&serving));
    with("motion-blank", &Paper::Motion(&blank));
    with("motion-general", &Paper::Motion(&general));
    with("order", &Paper::Order(&completed));
    with("order-serving", &Paper::Order(&serving));
    with("order-mixed", &Paper::Order(&blank));
    with("order-general", &Paper::Order(&general));
    with("challenges", &Paper::Challenges(&challenges));
    with("challenges-general", &Paper::Challenges(&Filing { basis: Basis::General, ..challenges.clone() }));
    with("service", &Paper::Service(&service()));
    with("exhibit", &Paper::Exhibit(&volume(2_001, 60)));
    with("cover", &Paper::Cover(&cover(papers.open_questions(Basis::Hs11361_8))));
    with("case-list", &Paper::CaseList(&case_list()));
}

fn shown(pages: &[Vec<Line>]) -> String {
    let page = |page: &Vec<Line>| page.iter().map(|line| line.text.clone() + "\n").collect::<String>();
    pages.iter().map(page).collect::<Vec<_>>().join("\u{2500}\n")
}

#[test]
fn every_paper_is_a_tagged_archive_pdf() {
    let papers = papers();
    all(|name, paper| {
        let pdf = papers.pdf(paper).unwrap_or_else(|error| panic!("{name}: {error}"));
        let has = |words: &str| pdf.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(has("<pdfuaid:part>1</pdfuaid:part>"), "{name}");
        assert!(has("<pdfaid:part>2</pdfaid:part>") && has("<pdfaid:conformance>A"), "{name}");
        // To look at them: PAPERS_SHOWN_IN=/some/folder cargo test -p vacatur-papers every_paper
        if let Ok(folder) = std::env::var("PAPERS_SHOWN_IN") {
            std::fs::write(format!("{folder}/{name}.pdf"), pdf).unwrap();
        }
    });
}

#[test]
fn what_each_paper_says() {
    let papers = papers();
    all(|name, paper| {
        let lines = papers.lines(paper).unwrap_or_else(|error| panic!("{name}: {error}"));
        insta::assert_snapshot!(name, shown(&lines));
    });
}

#[test]
fn text_of_a_pleading_stands_on_its_numbered_lines() {
    let papers = papers();
    all(|name, paper| {
        if matches!(paper, Paper::Exhibit(_) | Paper::Cover(_) | Paper::CaseList(_)) {
            return;
        }
        for (number, page) in papers.lines(paper).unwrap().iter().enumerate() {
            // The caption is set closer, and the two lines at the foot have no number.
            let mut caption =
                page.iter().filter(|line| number == 0 && line.text.contains("Dept.:")).map(|line| line.y);
            let caption = caption.next_back().unwrap_or(if number == 0 { 360.0 } else { 0.0 }) + 24.0;
            let body: Vec<_> = page.iter().filter(|line| line.y < 744.0).collect();
            for line in body.iter().filter(|line| line.y > caption || number == 0 && line.y < 300.0) {
                let off = (line.y - 72.0 - 16.5).rem_euclid(24.0);
                assert!(!(0.2..=23.8).contains(&off), "{name}, page {}: {:?}", number + 1, line.text);
                assert!(line.end < 612.0 - 36.0, "{name}, page {}: {:?} is too long", number + 1, line.text);
                assert!(line.size >= 12.0, "{name}: {:?}", line.text);
            }
            let numbered = (1..=28).filter(|n| {
                let y = 72.0 + 16.5 + f64::from(n - 1) * 24.0;
                body.iter().any(|line| (line.y - y).abs() < 0.6 && line.text.starts_with(&n.to_string()))
            });
            assert_eq!(numbered.count(), 28, "{name}, page {}", number + 1);
        }
    });
}

#[test]
fn the_court_stands_on_line_eight() {
    let lines = papers().lines(&Paper::Motion(&filing(Remedy::Completed))).unwrap();
    let court = lines[0].iter().find(|line| line.text.contains("SUPERIOR COURT")).unwrap();
    assert!(court.text.starts_with('8'), "{:?}", court.text);
    // At or below 3 1/3 inches from the top: rule 2.111.
    assert!(court.y - court.size > 240.0, "{}", court.y);
}

#[test]
fn a_long_office_does_not_run_into_the_court() {
    let mut motion = filing(Remedy::Completed);
    let long =
        "Office of the District Attorney of the County of Gimlet, Post-Conviction Review Division".to_owned();
    motion.attorney.firm = Some(long.clone());
    motion.attorney.attorney_for = Some(long);
    let lines = papers().lines(&Paper::Motion(&motion)).unwrap();
    let court = lines[0].iter().find(|line| line.text.contains("SUPERIOR COURT")).unwrap().y;
    let last = lines[0].iter().rfind(|line| line.text.contains("Review Division")).unwrap().y;
    assert!(last + 16.0 <= court, "{last} {court}");
}

#[test]
fn the_same_data_give_the_same_bytes_on_any_thread() {
    let (papers, motion, exhibit) = (papers(), filing(Remedy::Completed), volume(1, 60));
    let make =
        || [papers.pdf(&Paper::Motion(&motion)).unwrap(), papers.pdf(&Paper::Exhibit(&exhibit)).unwrap()];
    let first = make();
    std::thread::scope(|scope| {
        let threads = [scope.spawn(make), scope.spawn(make)];
        for thread in threads {
            assert!(thread.join().unwrap() == first);
        }
    });
}

#[test]
fn a_name_is_never_markup_or_code() {
    const HOSTILE: &[&str] = &[
        "#panic(1)",
        "*BOLD* _IT_",
        "{{ attorney.name }}",
        "{% raw %}",
        "$ x^2 $",
        "\\ A \\u{41}",
        "<label> @ref",
        "= HEADING",
        "// COMMENT /* X */",
        "`code` ```",
        "[a](b) ![c](d)",
        "\"quoted\" 'it'",
        "-- --- ... ~",
        "1. ONE",
        "&amp; &#65;",
        "\u{2028}",
    ];
    let papers = papers();
    for name in HOSTILE {
        let mut motion = filing(Remedy::Completed);
        motion.caption.defendants = (*name).to_owned();
        motion.prosecutor.name = (*name).to_owned();
        motion.caption.title = Some(format!("MOTION {name}"));
        let mut exhibit = volume(1, 2);
        exhibit.rows[1].defendant = (*name).to_owned();
        exhibit.rows[1].case_number = (*name).to_owned();
        if crate::missing_letters(name).is_some() {
            let error = papers.pdf(&Paper::Exhibit(&exhibit)).unwrap_err();
            assert_eq!(
                error.to_string(),
                "line 2, case_number has a letter that none of the fonts has (U+2028)"
            );
            continue;
        }
        let squeezed = |text: &str| text.replace(char::is_whitespace, "");
        let lines = shown(&papers.lines(&Paper::Motion(&motion)).unwrap());
        let by = format!("StateofCalifornia,by{},", squeezed(name));
        assert!(squeezed(&without_numbers(&lines)).contains(&by), "{name}\n{lines}");
        let lines = shown(&papers.lines(&Paper::Exhibit(&exhibit)).unwrap());
        assert_eq!(lines.matches(name).count(), 3, "{name}\n{lines}");
        papers.pdf(&Paper::Motion(&motion)).unwrap();
        papers.pdf(&Paper::Exhibit(&exhibit)).unwrap();
    }
}

/// The lines of a pleading without their numbers.
fn without_numbers(lines: &str) -> String {
    lines
        .lines()
        .map(|line| line.trim_start_matches(|it: char| it.is_ascii_digit()).to_owned() + "\n")
        .collect()
}

#[test]
fn a_page_of_long_names_is_still_one_page() {
    let papers = papers();
    let long = ["MARL-GIMLET-OBERON DE LA QUARTZ Y BRACKEN-TIN, GRIMELLA ESMÉ CONSTANCE VII JUNIOR", "W"];
    for name in [long[0].to_owned(), long[1].repeat(80)] {
        let mut exhibit = volume(1, 3 * EXHIBIT_ROWS_PER_PAGE);
        for row in &mut exhibit.rows {
            row.defendant = name.clone();
        }
        let pages = papers.lines(&Paper::Exhibit(&exhibit)).unwrap();
        assert_eq!(pages.len(), 3);
        for (number, page) in pages.iter().enumerate() {
            let first = format!("{}BA", number as u64 * EXHIBIT_ROWS_PER_PAGE + 1);
            let text: String = shown(std::slice::from_ref(page)).replace(char::is_whitespace, "");
            assert!(text.contains(&first), "{text}");
            // Nothing is smaller than five points, and nothing reaches into the foot.
            assert!(page.iter().all(|line| line.size >= 5.0));
            assert!(page.iter().filter(|line| line.y < 575.0).all(|line| line.y < 566.0));
            let letters = name.chars().filter(|letter| *letter == 'W').count();
            assert_eq!(text.matches('W').count(), 25 * letters);
        }
    }
    let mut exhibit = volume(1, 1);
    exhibit.rows[0].defendant = "W".repeat(400);
    let error = papers.pdf(&Paper::Exhibit(&exhibit)).unwrap_err();
    assert_eq!(error.to_string(), "line 1, defendant has 400 characters, which do not fit its place");
}

#[test]
fn names_from_right_to_left_are_printed() {
    let mut exhibit = volume(1, 2);
    exhibit.rows[0].defendant = "שרה כהן, QUARTZ".to_owned();
    exhibit.rows[1].defendant = "مريم حداد".to_owned();
    papers().pdf(&Paper::Exhibit(&exhibit)).unwrap();
}

#[test]
fn lines_of_a_volume_begin_a_page_and_have_no_gap() {
    let papers = papers();
    let lines = |exhibit: &ExhibitVolume| papers.pdf(&Paper::Exhibit(exhibit)).map(drop);
    assert_eq!(lines(&volume(2, 3)), Err(PaperError::Lines { line: 2 }));
    let mut gap = volume(26, 3);
    gap.rows[2].line = 30;
    assert_eq!(lines(&gap), Err(PaperError::Lines { line: 30 }));
    assert_eq!(lines(&volume(26, 3)), Ok(()));
}

#[test]
fn a_layout_with_a_mistake_is_told_with_its_place() {
    let name = "us-ca/papers/layout/exhibit.typ";
    let told = |change: &dyn Fn(&str) -> String| {
        let papers = with(name, change).unwrap();
        papers.pdf(&Paper::Exhibit(&volume(1, 2))).unwrap_err().to_string()
    };
    insta::assert_snapshot!(told(&|own| own.replacen("#let row = 18.4pt", "#let row = 18.4pt +", 1)));
    insta::assert_snapshot!(told(&|own| own.replacen("d.pages.enumerate()", "d.leaves.enumerate()", 1)));
    // A message that shows a name is left out.
    insta::assert_snapshot!(told(&|own| own.replacen("#let row =", "#panic(d.caption)\n#let row =", 1)));
    insta::assert_snapshot!(told(&|own| own.replacen("\"data.json\"", "\"/etc/passwd\"", 1)));
}

#[test]
fn an_office_replaces_a_text() {
    let name = "us-ca/papers/service.md";
    let papers = with(name, |own| own.replace("Every fact below", "All below")).unwrap();
    assert!(shown(&papers.lines(&Paper::Service(&service())).unwrap()).contains("All below is filled in"));
}

#[test]
fn every_placeholder_that_may_be_named_has_a_value() {
    let mut have = Vec::new();
    paths(&Papers::filing_data(&filing(Remedy::Mixed)).unwrap(), "", &mut have);
    for name in crate::text::filing_names() {
        assert!(have.iter().any(|it| it == name), "{name} has no value");
    }
}

/// The names of all values in data, as placeholders write them.
fn paths(value: &Value, at: &str, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            paths(value, &(if at.is_empty() { name.clone() } else { format!("{at}.{name}") }), names);
        }),
        _ => names.push(at.to_owned()),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_from_volume_to_volume() {
    let papers = papers();
    let megabytes = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    };
    let make = |volumes: std::ops::Range<u64>| {
        for number in volumes {
            papers.pdf(&Paper::Exhibit(&volume(number * 250 + 1, 250))).unwrap();
        }
    };
    make(0..3);
    let before = megabytes();
    make(3..15);
    let after = megabytes();
    // Twelve volumes that stayed would be some 300 MB.
    assert!(after < before + 60, "{before} MB before, {after} MB after");
}

/// A picture with a word in it, and a layout that shows it under `alt`.
fn brochure(alt: &str) -> Brochure {
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"30\"><rect width=\"90\" height=\"30\" fill=\"#0072b2\"/><text x=\"5\" y=\"20\" font-family=\"Liberation Sans\" fill=\"#ffffff\">a word</text></svg>";
    let layout = format!(
        "#let d = json(\"data.json\")\n#set document(title: d.title, date: datetime(year: 2020, month: 7, day: 1))\n#set text(lang: \"en\", font: \"Liberation Sans\")\n= #d.title\n#image(\"bars.svg\"{alt})\n"
    );
    Brochure::new(("sheet.typ", &layout), vec![("bars.svg".into(), picture.into())]).unwrap()
}

#[test]
fn a_brochure_shows_its_pictures_to_everybody_or_is_not_made() {
    let data = json!({"title": "*Not* #code"});
    let made = brochure(", alt: \"two bars\"").pdf(&data, "one").unwrap();
    assert!(made.starts_with(b"%PDF-"));
    assert_eq!(made, brochure(", alt: \"two bars\"").pdf(&data, "one").unwrap());
    assert_ne!(made, brochure(", alt: \"two bars\"").pdf(&data, "two").unwrap());
    let unseen = brochure("").pdf(&data, "one").unwrap_err().to_string();
    assert!(unseen.starts_with("sheet.typ, line 5") && unseen.contains("alt"), "{unseen}");
    let letter = brochure(", alt: \"two bars\"").pdf(&json!({"title": "a\u{e000}b"}), "one").unwrap_err();
    assert_eq!(letter.to_string(), "title has a letter that none of the fonts has (U+E000)");
}
