use proptest::prelude::*;

use super::*;
use crate::layout::Layout;
use crate::rows::Block;
use crate::survey::{group, survey};
use crate::testing::small_layout;

/// Every row of every person, in order, as text; and whether rows were copied.
fn read(texts: &[Vec<u8>], tuning: Tuning) -> (Vec<Vec<String>>, bool) {
    let layout = small_layout();
    let sources = sources(texts);
    let found = survey(&sources, &layout, 1, &|_| {}).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut gather = Gather::new(scratch.path(), tuning);
    for run in &found.runs {
        gather.push(*run).unwrap();
    }
    let batches = gather.finish(&sources, &|_| {}).unwrap();
    let gathered = batches.gathered();
    let mut people = Vec::new();
    let mut block = Block::new(&layout);
    for batch in batches {
        let batch = batch.unwrap();
        assert_eq!(batch.first, people.len() as u64);
        batch.load(&sources, &mut block).unwrap();
        let mut run = 0;
        for person in &batch.people {
            let runs = run..run + person.runs.len();
            run = runs.end;
            people.push(runs.flat_map(|at| block.run_rows(at)).map(shown).collect());
        }
    }
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    (people, gathered)
}

fn shown(row: crate::rows::Row<'_>) -> String {
    format!("{}:{}@{} {}", row.source(), row.line(), row.offset(), String::from_utf8_lossy(row.bytes()))
}

fn sources(texts: &[Vec<u8>]) -> Vec<Source> {
    texts
        .iter()
        .enumerate()
        .map(|(at, text)| Source::from_bytes(&format!("{at}.csv"), text.clone()))
        .collect()
}

/// The same by the plain grouping in memory.
fn plainly(texts: &[Vec<u8>], layout: &Layout) -> Vec<Vec<String>> {
    let sources = sources(texts);
    let found = survey(&sources, layout, 1, &|_| {}).unwrap();
    let mut block = Block::new(layout);
    let groups = group(&found.runs);
    let mut people = Vec::new();
    for person in groups.iter() {
        block.load(&sources, person.runs.iter().map(|&run| &found.runs[run as usize])).unwrap();
        people.push(block.rows().map(shown).collect());
    }
    people
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn however_people_are_put_together_they_are_the_same(
        files in prop::collection::vec(prop::collection::vec((0_u8..9, 0_usize..5), 1..40), 1..4),
        ends in any::<[bool; 4]>(), batch in 1_u64..200, budget in 1_usize..2000
    ) {
        let texts: Vec<Vec<u8>> = files
            .iter()
            .zip(ends)
            .enumerate()
            .map(|(at, (rows, end))| {
                // The number keeps two files from being the same one.
                let mut text = format!("{at},1,x\n");
                for (subject, length) in rows {
                    // Subject 0 is nobody.
                    let subject = if *subject == 0 { String::new() } else { subject.to_string() };
                    text.push_str(&format!("{},{subject},c\n", "é".repeat(*length)));
                }
                if end {
                    text.pop();
                }
                text.into_bytes()
            })
            .collect();
        let expected = plainly(&texts, &small_layout());
        let tuning = Tuning { batch, budget, places: u64::MAX };
        prop_assert_eq!(read(&texts, tuning), (expected.clone(), false));
        let (people, _) = read(&texts, Tuning { places: 0, ..tuning });
        prop_assert_eq!(people, expected);
    }
}

#[test]
fn scattered_rows_are_copied_and_rows_that_stand_together_are_not() {
    let tuning = Tuning { places: 0, ..Tuning::default() };
    let together = b"a,1,c\na,1,c\na,2,c\na,2,c\n".to_vec();
    assert!(!read(&[together], tuning).1);
    let scattered = b"a,1,c\na,2,c\na,1,c\na,2,c".to_vec();
    assert!(read(&[scattered], tuning).1);
}
