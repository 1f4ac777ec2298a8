//! Any text as an options file: it is refused with a reason, or every setting in it is one that the policy takes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vacatur_eligibility::{VOCABULARY, options, shelf};
use vacatur_policy::Policy;

static BEAR: LazyLock<Policy> = LazyLock::new(|| {
    let text = shelf::policy("us-ca/bear").expect("it is on the shelf");
    Policy::parse(text, &VOCABULARY).expect("it passes its check").0
});

fuzz_target!(|text: &str| {
    let policy = &*BEAR;
    let settings = match options::read(policy, text) {
        Ok(settings) => settings,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for (name, value) in &settings {
        let parameter =
            policy.parameters.iter().find(|parameter| parameter.name == *name).expect("it names a parameter");
        assert!(parameter.option.is_some());
        parameter.read(value).expect("each value alone is one that its parameter takes");
    }
    // Only the two lists can contradict each other.
    let given = || settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    if let Err(error) = policy.values(given()) {
        assert!(error.to_string().contains("apart from"), "{error}");
    }
});
