use super::*;
use crate::sample::*;

fn papers() -> Papers {
    Papers::new(None).unwrap_or_else(|error| panic!("{error}"))
}

/// Every paper that there is, with a name.
fn all(with: impl Fn(&str, &Paper<'_>)) {
    let papers = papers();
    let completed = filing(Remedy::Completed);
    let serving = filing(Remedy::Serving);
    let mixed = Filing { attorney: Default::default(), authorization: Default::default(), ..filing(Remedy::Mixed) };
    let general = Filing { basis: Basis::General, ..filing(Remedy::Completed) };
    let mut challenges = filing(Remedy::Mixed);
    challenges.exhibit.letter = "B".to_owned();
    challenges.grounds = vec![crate::GroundCount { ground: "a super strike".to_owned(), convictions: 12 }];
    with("motion", &Paper::Motion(&completed));
    with("motion-serving", &Paper::Motion(&serving));
    with("motion-blank", &Paper::Motion(&mixed));
    with("motion-general", &Paper::Motion(&general));
    with("order", &Paper::Order(&completed));
    with("order-serving", &Paper::Order(&serving));
    with("order-general", &Paper::Order(&general));
    with("challenges", &Paper::Challenges(&challenges));
    with("challenges-general", &Paper::Challenges(&Filing { basis: Basis::General, ..challenges.clone() }));
    with("service", &Paper::Service(&service()));
    with("exhibit", &Paper::Exhibit(&volume(2_001, 60)));
    with("cover", &Paper::Cover(&cover(papers.open_questions(Basis::Hs11361_8))));
    with("case-list", &Paper::CaseList(&case_list()));
}

#[test]
fn every_paper_is_a_tagged_archive_pdf() {
    let papers = papers();
    all(|name, paper| {
        let pdf = papers.pdf(paper).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(pdf.starts_with(b"%PDF-"), "{name}");
        if let Ok(folder) = std::env::var("PAPERS_SHOWN_IN") {
            std::fs::write(format!("{folder}/{name}.pdf"), pdf).unwrap();
        }
    });
}
