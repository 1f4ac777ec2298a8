//! Any bytes as a file of evidence: every line is used, not answered or rejected with its place, and the copy that a
//! run keeps says the same when it is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vacatur_eligibility::{Compiled, Engine, Setting, VOCABULARY, shelf};
use vacatur_pipeline::{RunError, try_evidence};
use vacatur_policy::Policy;
use vacatur_records::date;
use vacatur_statutes::Statutes;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let statutes = Statutes::us_ca().expect("the tables are sound");
    let text = shelf::policy("us-ca/los-angeles-2020").expect("it is on the shelf");
    let policy = Policy::parse(text, &VOCABULARY).expect("it passes its check").0;
    let values = policy.values([]).expect("it has defaults");
    let compiled = Compiled::new(policy, values, &statutes).expect("it compiles");
    let counties = shelf::counties().map(str::to_owned).collect();
    Engine::new(statutes, vec![compiled], Setting { as_of: date(2020, 7, 1), counties })
});

/// The header that a file must have: with it in front, every input is about lines.
const HEADER: &str = "subject_id,cnt_order,fact,value,document,said_by,said_on,how\n";

fuzz_target!(|bytes: &[u8]| {
    // The first byte says whether the file brings its own header.
    let bytes = match bytes.split_first() {
        Some((0, rest)) => rest.to_vec(),
        _ => [HEADER.as_bytes(), bytes].concat(),
    };
    match try_evidence(&bytes, &ENGINE) {
        Ok(trial) => {
            assert_eq!(trial.lines, trial.read + trial.not_answered + trial.rejects.len() as u64);
            let physical = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
            assert!(trial.lines < physical.max(2));
            for (line, _, reason) in &trial.rejects {
                assert!((2..=physical).contains(line) && !reason.is_empty());
            }
        }
        Err(error @ RunError::Evidence { .. }) => assert!(!error.to_string().is_empty()),
        Err(error) => panic!("{error}"),
    }
});
