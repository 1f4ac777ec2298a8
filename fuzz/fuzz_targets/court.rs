//! Any bytes as a court's file of each shape: every row is used or a reject, or the file is refused with a reason.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use vacatur_ingest::court::{CourtLayout, read_sources};
use vacatur_ingest::source::Source;

/// The layouts that come with the program, and one for each shape that none of them has.
fn layouts() -> &'static [CourtLayout] {
    static ALL: OnceLock<Vec<CourtLayout>> = OnceLock::new();
    ALL.get_or_init(|| {
        let columns = |more: &str| {
            format!("\n[[column]]\nname = \"A\"\nis = \"case-number\"{}\n[[column]]\nname = \"B\"\nis = \"name\"{}\n",
                if more.is_empty() { "" } else { "\nstart = 1\nwidth = 5" },
                if more.is_empty() { "" } else { "\nstart = 6\nwidth = 9" })
        };
        let own = [
            "name = \"a\"\ntitle = \"\"\nrow = \"charge\"\nformat = \"csv\"\nheader = false".to_owned() + &columns(""),
            "name = \"b\"\ntitle = \"\"\nrow = \"charge\"\nformat = \"fixed\"".to_owned() + &columns("fixed"),
            "name = \"c\"\ntitle = \"\"\nrow = \"charge\"\nformat = \"xml\"\n[tree]\nrecord = \"C\"".to_owned() + &columns(""),
        ];
        let named = CourtLayout::names().into_iter().map(|name| CourtLayout::builtin(name).expect("a test reads it"));
        named.chain(own.iter().map(|text| CourtLayout::parse(text, "own").expect("it is sound"))).collect()
    })
}

fuzz_target!(|input: (u8, &[u8])| {
    let all = layouts();
    let layout = &all[usize::from(input.0) % all.len()];
    let sources = [Source::from_bytes("file", input.1.to_vec())];
    let mut cases = 0;
    match read_sources(&sources, layout, &std::env::temp_dir(), &mut |_| cases += 1) {
        Ok(account) => {
            assert!(account.adds_up());
            assert_eq!(account.cases, cases);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
