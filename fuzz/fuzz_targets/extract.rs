//! Any bytes as an extract: every row is used once or is a reject, and the number of threads changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vacatur_fuzz::extract::Reading;
use vacatur_ingest::source::Source;

static READING: LazyLock<Reading> = LazyLock::new(Reading::new);

fuzz_target!(|bytes: &[u8]| {
    // A second file that begins where the first one is cut, so that people stand in both.
    let cut = bytes.iter().position(|&byte| byte == 0xff).unwrap_or(bytes.len());
    let (first, second) = (bytes[..cut].to_vec(), bytes[cut..].get(1..).unwrap_or_default().to_vec());
    let sources = [Source::from_bytes("first", first), Source::from_bytes("second", second)];
    let (one, two) = (READING.survey(&sources, 1), READING.survey(&sources, 2));
    let (one, two) = match (one, two) {
        (Ok(one), Ok(two)) => (one, two),
        (Err(one), Err(two)) => {
            assert_eq!(one.to_string(), two.to_string());
            return;
        }
        (one, two) => panic!("one thread: {:?}, two threads: {:?}", one.err(), two.err()),
    };
    assert_eq!((&one.runs, &one.rejects), (&two.runs, &two.rejects));
    let counted = one.sources.iter().filter(|source| source.duplicate_of.is_none());
    let (rows, rejects) = counted.fold((0, 0), |sum, source| (sum.0 + source.rows, sum.1 + source.rejects));
    assert_eq!((one.rows(), one.rejects.len() as u64), (rows, rejects));
    let people = READING.people(&sources, &one, &mut |_| {});
    assert_eq!(people, READING.people(&sources, &two, &mut |_| {}));
});
