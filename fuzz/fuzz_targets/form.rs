//! Any bytes as a blank form: refused with what to do, or drafted, compared and filled, twice to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vacatur_forms::{Blank, Facts, FieldMap, Filler, Flatten, Value, draft};

fuzz_target!(|bytes: &[u8]| {
    let blank = match Blank::open_flat(bytes.to_vec()) {
        Ok(blank) => blank,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let Ok(map) = FieldMap::parse(&draft(&blank)) else { return };
    let Ok(filler) = Filler::new(&blank, &map) else { return };
    let mut facts = Facts::new();
    for fact in map.facts() {
        let value = if fact.starts_with("section.") { Value::Flag(true) } else { Value::Text("Łukasz O'Neil".into()) };
        facts.set(fact, value);
    }
    for flatten in [Flatten::Yes, Flatten::No] {
        let one = filler.fill(&facts, flatten).expect("the draft takes facts of their kinds");
        let other = filler.fill(&facts, flatten).expect("the draft takes facts of their kinds");
        assert!(one.copies == other.copies);
    }
});
