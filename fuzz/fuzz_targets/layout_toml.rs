//! Any text as a layout: it is refused with a reason, or it is a layout by which a small file can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vacatur_ingest::doj::Columns;
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{group, survey};

fuzz_target!(|text: &str| {
    let layout = match Layout::parse(text) {
        Ok(layout) => layout,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert!(layout.width() >= 2 && layout.subject() < layout.width());
    for (at, column) in layout.columns().iter().enumerate() {
        assert_eq!(layout.column(&column.name), Some(at));
        if let Some(field) = &column.field {
            assert_eq!(layout.field(field), Some(at));
        }
    }
    if let Err(meaning) = Columns::of(&layout) {
        assert!(layout.field(meaning).is_none());
    }
    // Two rows of one person in quotes, one of nobody, and a line that is none.
    let cells = |value: &str| {
        let separator = char::from(layout.delimiter()).to_string();
        vec![format!("\"{value}\""); layout.width()].join(&separator) + "\n"
    };
    let bytes = format!("{}{}{}\"\n", cells("700001"), cells("700001"), cells(""));
    let sources = [Source::from_bytes("rows", bytes.into_bytes())];
    let Ok(found) = survey(&sources, &layout, 1, &|_| {}) else {
        // The only text in the cells is a number, so no row can be a header unless a column has that name.
        assert!(layout.column("700001").is_some());
        return;
    };
    // A cell of digits may be a placeholder of this layout; then both rows are of nobody.
    assert_eq!(found.rows() + found.rejects.len() as u64 + found.sources[0].headers_inside
        + u64::from(found.sources[0].header) + found.sources[0].blank_lines, 4);
    let mut block = Block::new(&layout);
    let mut rows = 0;
    for person in group(&found.runs).iter() {
        block.load(&sources, person.runs.iter().map(|&run| &found.runs[run as usize])).expect("they were surveyed");
        rows += block.rows().map(|row| row.field(layout.subject()).len().min(1)).count();
    }
    assert_eq!(rows as u64, found.rows());
});
