//! What the first row of a file says of the file.

use vacatur_ingest::layout::Layout;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::survey;

/// A quoted cell may hold a line of tabs; a good row with such a cell is no file of another delimiter.
#[test]
fn tabs_in_a_quoted_cell_of_the_first_row_are_no_delimiter() {
    let layout = Layout::us_ca_doj();
    let mut cells = vec![String::new(); layout.width()];
    cells[0] = format!("\"{}\nrest\"", "\t".repeat(layout.width() - 1));
    cells[layout.subject()] = "1001".into();
    let source = Source::from_bytes("first.csv", format!("{}\n", cells.join(",")).into_bytes());
    let found = survey(&[source], &layout, 1, &|_| {}).unwrap();
    assert_eq!((found.rows(), found.rejects.len()), (1, 0));
}
