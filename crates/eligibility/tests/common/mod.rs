//! A small document of one rule, around which tests are written.
#![allow(dead_code, reason = "no test file uses all of it")]

use std::sync::{Arc, LazyLock};
use vacatur_statutes::Statutes;

/// The tables, read once.
pub(crate) static STATUTES: LazyLock<Arc<Statutes>> = LazyLock::new(|| Arc::new(Statutes::us_ca().unwrap()));

/// A document with these blocks between its scope and its last rule.
pub(crate) fn document(blocks: &str) -> String {
    format!(
        "# A small policy

```policy
id: small
jurisdiction: us-ca
authority: nobody
effective: always
source: this test
status: confirmed
```

```sections
cultivation = HS 11358
```

```scope
when conviction.section in cultivation
cite A source
```

{blocks}
```rule otherwise
otherwise
then review
reason \"No rule applies\"
cite A source
```
"
    )
}

/// A rule of this condition, which dismisses because it is old.
pub(crate) fn rule(when: &str) -> String {
    format!("```rule old\nwhen {when}\nthen dismiss\nreason \"Old\"\ncite A source\n```\n\n")
}

/// A test as of 2020-07-01 with these lines.
pub(crate) fn test(name: &str, lines: &str) -> String {
    format!("```test {name}\nas of 2020-07-01\n{lines}\n```\n\n")
}
