//! What is printed for debugging shows nothing of a record: a panic, a log line or a failed assertion may end up in
//! anybody's mailbox.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{conviction, extract, with};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use vacatur_eligibility::{
    Account, Compiled, Engine, EvidenceFact, Setting, Stated, Testimony, VOCABULARY, shelf,
};
use vacatur_ingest::doj::{Assembler, Columns, Words};
use vacatur_ingest::layout::Layout;
use vacatur_ingest::rows::Block;
use vacatur_ingest::source::Source;
use vacatur_ingest::survey::{SubjectKey, group, survey};
use vacatur_policy::Policy;
use vacatur_records::{CountOrder, DateSpan, FileIx, Private, Row, Text, date};
use vacatur_statutes::Statutes;

/// What stands in the record below and nowhere else.
const SECRETS: [&str; 9] = [
    "7654321",
    "A7654321",
    "ZEBEDEE",
    "WILHELMINA",
    "19610223",
    "1961-02",
    "20030517",
    "2003-05",
    "SCALPINGTON",
];

/// Prints, and looks for secrets.
fn shows(all: &mut Vec<String>, what: &str, thing: &dyn Debug) {
    let (short, long) = (format!("{thing:?}"), format!("{thing:#?}"));
    assert!(!short.is_empty());
    for secret in SECRETS {
        if short.contains(secret) || long.contains(secret) {
            all.push(format!("{what} shows {secret}: {short}"));
        }
    }
}

#[test]
fn nothing_that_holds_a_record_shows_it() {
    let mut shown = Vec::new();
    let cells = [
        ("CII_NUMBER", "A7654321"),
        ("PRI_NAME", "ZEBEDEE,WILHELMINA"),
        ("PRI_DOB", "19610223"),
        ("DISP_DESCR", "SCALPINGTON"),
        ("COMMENT_TEXT", "SCALPINGTON 1961"),
    ];
    let row = with(conviction("7654321", "101001001000", "11358 HS-SCALPINGTON", "20010517"), &cells);
    let convicted =
        with(row.clone(), &[("DISP_DESCR", "CONVICTED-PROB/JAIL"), ("CNT_ORDER", "102001001000")]);
    let (layout, words) = (Layout::us_ca_doj(), Words::us_ca_doj().expect("words"));
    let columns = Columns::of(&layout).expect("columns");
    let bytes = [extract(&[row, convicted]), b"\"X\",\"\",\"7654321\",ZEBEDEE\n".to_vec()].concat();
    let sources = [Source::from_bytes("rows", bytes)];
    shows(&mut shown, "Source", &sources);
    let found = survey(&sources, &layout, 1, &|_| {}).expect("rows");
    assert_eq!(found.rejects.len(), 1);
    shows(&mut shown, "Survey", &found);
    let groups = group(&found.runs);
    shows(&mut shown, "Groups", &groups);
    let key = SubjectKey::of(b"7654321", &layout).expect("a key");
    assert_eq!(
        format!("{key:?}"),
        "SubjectKey",
        "a part of the hash of a short number is a part of the number"
    );
    let mut block = Block::new(&layout);
    block.load(&sources, &found.runs).expect("rows");
    shows(&mut shown, "Block", &block);
    let rows: Vec<_> = block.rows().collect();
    assert_eq!(rows[0].field(columns.cii()), b"A7654321", "the secrets are there");
    shows(&mut shown, "Row", &rows);
    shows(&mut shown, "RunRows", &block.run_rows(0));
    let mut unplaced = Vec::new();
    let assembler = Assembler::new(&columns, &words);
    let subject = Text::of(b"7654321");
    shows(&mut shown, "Text", &subject);
    shows(&mut shown, "Private", &Private::new("ZEBEDEE"));
    let mut person = assembler.assemble(subject, &rows, Vec::new(), &mut unplaced);
    assert_eq!(person.birth.value, DateSpan::on(date(1961, 2, 23)), "the secrets are there");
    shows(&mut shown, "Person", &person);
    shows(&mut shown, "Event", &person.events);
    shows(&mut shown, "Count", &person.counts);
    shows(&mut shown, "Disposition", &person.dispositions);
    shows(&mut shown, "Sentence", &person.sentences);
    shows(&mut shown, "a birth date", &person.birth);

    let statutes = Statutes::us_ca().expect("statutes");
    let (policy, _) = Policy::parse(shelf::policy(common::LOS_ANGELES).expect("a policy"), &VOCABULARY)
        .expect("a sound policy");
    let values = policy.values([]).expect("settings");
    let compiled = Compiled::new(policy, values, &statutes).expect("it compiles");
    let setting =
        Setting { as_of: date(2020, 7, 1), counties: shelf::counties().map(str::to_owned).collect() };
    let engine = Engine::new(statutes, vec![compiled], setting);
    shows(&mut shown, "Engine", &engine.setting());
    let mut worker = engine.worker();
    let told = [
        (EvidenceFact::BirthDate, None, Stated::Date(DateSpan::on(date(1961, 2, 23)))),
        (
            EvidenceFact::Section,
            Some("102001001000"),
            Stated::Section(Text::owned(b"HS 11358 SCALPINGTON".to_vec())),
        ),
        (EvidenceFact::County, Some("102001001000"), Stated::County(Text::owned(b"SCALPINGTON".to_vec()))),
    ]
    .map(|(fact, count, says)| Testimony {
        fact,
        count: count.map(|count: &str| CountOrder::parse(count.as_bytes()).expect("a number")),
        says,
        corrects: false,
        row: Row { file: FileIx(1), line: 2, offset: 0, bytes: 0 },
    });
    shows(&mut shown, "Testimony", &told);
    let prepared = worker.prepare(&person);
    let mut determinations = Vec::new();
    worker.determine(&prepared, 0, |one| determinations.push(one));
    assert!(!determinations.is_empty());
    shows(&mut shown, "Determination", &determinations);
    let history = worker.history(&prepared);
    assert!(history.latest.is_some(), "the secrets are there");
    shows(&mut shown, "History", &history);
    shows(&mut shown, "Question", &worker.questions(&prepared, 0, &determinations));
    shows(&mut shown, "Node", &worker.trees(&prepared, 0, 1));
    let account = Account::new(&worker, &prepared, 0, &determinations[0], &|_| "SCALPINGTON".to_owned());
    assert!(account.text().contains("1961-02-23"), "the secrets are there");
    shows(&mut shown, "Account", &account);
    worker.take_evidence(&mut person, &told);
    shows(&mut shown, "Person with evidence", &(&person, &person.offences_found, &person.findings));
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

/// Types with a derived `Debug` whose fields are text, bytes or days, and why they may have it. A new one is either
/// given `vacatur_records::silent_debug!`, or stands here with a reason.
const MAY_SHOW: [(&str, &[&str]); 7] = [
    (
        "a policy document, its parameters, its tests and what is said of them: no record is in it",
        &[
            "policy Alternatives",
            "policy Assumption",
            "policy Block",
            "policy Case",
            "policy CaseCharge",
            "policy CaseSentence",
            "policy Citation",
            "policy CountyTerm",
            "policy DateTerm",
            "policy Definition",
            "policy Diagnostic",
            "policy Entry",
            "policy Expectation",
            "policy FactKind",
            "policy Hash",
            "policy Heading",
            "policy Kind",
            "policy ListedSection",
            "policy Mutant",
            "policy NamedSet",
            "policy Outcome",
            "policy Outline",
            "policy Parameter",
            "policy ParameterError",
            "policy Period",
            "policy Policy",
            "policy Removed",
            "policy Rule",
            "policy SetSource",
            "policy Source",
            "policy Test",
            "policy Value",
            "eligibility Answer",
            "eligibility CaseReport",
            "eligibility Change",
            "eligibility ConditionCoverage",
            "eligibility CoverageReport",
            "eligibility Difference",
            "eligibility Example",
            "eligibility Failure",
            "eligibility Fate",
            "eligibility MutantReport",
            "eligibility MutationError",
            "eligibility MutationReport",
            "eligibility OptionsError",
            "eligibility StatuteName",
            "eligibility Choice",
            "eligibility Assignment",
            "eligibility ByCounty",
            "eligibility Assigned",
            "eligibility ParameterCoverage",
            "eligibility RuleCoverage",
        ],
    ),
    (
        "a condition's own words and its answer; the facts in it show their names and places only",
        &["policy Node", "eligibility NodeAccount", "eligibility RuleAccount"],
    ),
    (
        "law and its tables",
        &[
            "statutes CodeSection",
            "statutes DatedLevel",
            "statutes Deadline",
            "statutes Deadlines",
            "statutes Doubt",
            "statutes Entry",
            "statutes Grammar",
            "statutes Marker",
            "statutes Provenance",
            "statutes SectionSet",
            "statutes Spelling",
            "statutes TableError",
            "statutes Words",
            "statutes Step",
        ],
    ),
    (
        "a layout, its words, and what is wrong with one",
        &[
            "ingest Blanks",
            "ingest CasePattern",
            "ingest Codes",
            "ingest ColumnSpec",
            "ingest Court",
            "ingest DateFormat",
            "ingest Fits",
            "ingest Inner",
            "ingest LayoutDraft",
            "ingest LayoutError",
            "ingest LayoutProblem",
            "ingest NameRules",
            "ingest Sections",
            "ingest Words",
            "ingest WordsError",
            "records Disposition",
        ],
    ),
    (
        "names of files, places, numbers and the program's own words",
        &[
            "ingest BlockError",
            "ingest CourtError",
            "ingest HeaderMismatch",
            "ingest Source",
            "ingest SourceError",
            "ingest SourceSummary",
            "ingest SurveyError",
            "pipeline BadSignature",
            "pipeline Candidate",
            "pipeline CandidateRecord",
            "pipeline Choice",
            "pipeline ChooseError",
            "pipeline CompareManifest",
            "pipeline Item",
            "pipeline Sweep",
            "pipeline SweepError",
            "pipeline Difference",
            "pipeline Explained",
            "pipeline EvidenceRecord",
            "pipeline File",
            "pipeline InputRecord",
            "pipeline Manifest",
            "pipeline OutputRecord",
            "pipeline PolicyRecord",
            "pipeline Program",
            "pipeline ProgramRecord",
            "pipeline FolderCheck",
            "pipeline MadeAgain",
            "pipeline Reject",
            "pipeline RunError",
            "pipeline Sampled",
            "pipeline SignedBy",
            "pipeline Signer",
            "pipeline Trial",
            "pipeline Verified",
            "pipeline Written",
            "pipeline CountyRecord",
            "pipeline DocumentRecord",
            "pipeline DeadlineProgress",
            "pipeline CountyProgress",
            "pipeline StepsFile",
            "pipeline Progressed",
            "pipeline ListRecord",
        ],
    ),
    (
        "the summary, the report of a check and that of what has changed, which are made to be shown",
        &[
            "ingest CourtAccount",
            "ingest CourtGap",
            "ingest UnlistedCode",
            "pipeline AgencyQuality",
            "pipeline Because",
            "pipeline Change",
            "pipeline Changes",
            "pipeline ColumnDefect",
            "pipeline ColumnFill",
            "pipeline ColumnWords",
            "pipeline Decided",
            "pipeline DefectCount",
            "pipeline Drift",
            "pipeline FieldQuality",
            "pipeline HeaderDrift",
            "pipeline Measure",
            "pipeline Number",
            "pipeline Quality",
            "pipeline ReviewCause",
            "pipeline ReviewFact",
            "pipeline ReviewQuality",
            "pipeline Verdict",
            "pipeline Word",
            "pipeline YearQuality",
            "pipeline Month",
            "pipeline Reason",
            "pipeline Run",
            "pipeline Summary",
            "pipeline Text",
        ],
    ),
    (
        "the day of the decision, the counties of a state, and days as such: who holds one hides it",
        &["eligibility Setting", "policy Day", "records DateSpan"],
    ),
];

/// The types of a source file that derive `Debug` and hold something that may be of a record.
fn open_types(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("#[derive(") {
        let Some(end) = text[at..].find(")]") else { continue };
        let derives = &text[at + "#[derive(".len()..at + end];
        if !derives.split(',').any(|name| name.trim() == "Debug") {
            continue;
        }
        let rest = &text[at + end..];
        let Some(head) =
            ["struct ", "enum "].iter().filter_map(|word| rest.find(word).map(|at| at + word.len())).min()
        else {
            continue;
        };
        let name: String = rest[head..].chars().take_while(|c| c.is_alphanumeric()).collect();
        let body = body(&rest[head..]);
        let held = ["String", "Cow<", "str", "[u8]", "Vec<u8>", "Box<[u8]>", "DateSpan", "Date", "u128"];
        let words = body.replace("&'static str", "").replace("Fact<DateSpan>", "");
        let is_held = |word: &&str| {
            words.match_indices(*word).any(|(at, _)| {
                let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                let after = words[at + word.len()..].chars().next();
                !inner(words[..at].chars().next_back())
                    && (!inner(after) || !word.ends_with(char::is_alphanumeric))
            })
        };
        if held.iter().any(is_held) {
            found.push(name);
        }
    }
    found
}

/// A type's fields, without comments and attributes' texts.
fn body(text: &str) -> String {
    let mut depth = 0_i32;
    let mut out = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or("");
        let code =
            if line.trim_start().starts_with("#[") || line.trim_start().starts_with('"') { "" } else { line };
        for c in code.chars() {
            match c {
                '{' | '(' => depth += 1,
                '}' | ')' => depth -= 1,
                _ => {}
            }
            out.push(c);
            if depth == 0 && (c == '}' || c == ';') {
                return out;
            }
        }
        out.push('\n');
    }
    out
}

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("testing.rs") {
            all.push(path);
        }
    }
}

#[test]
fn no_derived_debug_on_a_type_that_holds_input() {
    let allowed: BTreeSet<&str> = MAY_SHOW.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let mut met = BTreeSet::new();
    let mut open = Vec::new();
    for name in ["records", "statutes", "ingest", "policy", "eligibility", "pipeline", "cli"] {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"), &mut files);
        assert!(!files.is_empty());
        for file in files {
            for found in open_types(&std::fs::read_to_string(&file).expect("text")) {
                let key = format!("{name} {found}");
                if !allowed.contains(key.as_str()) {
                    open.push(format!("{} in {}", key, file.display()));
                }
                met.insert(key);
            }
        }
    }
    assert!(
        open.is_empty(),
        "these derive Debug and hold text, bytes or days: give them vacatur_records::silent_debug!, or say in MAY_SHOW \
         why they may be shown:\n{}",
        open.join("\n")
    );
    let gone: Vec<_> = allowed.iter().filter(|key| !met.contains(**key)).collect();
    assert!(gone.is_empty(), "no longer there, take them out of MAY_SHOW: {gone:?}");
}

#[test]
fn the_control_such_a_type_would_be_found() {
    let text = "#[derive(Clone, Debug)]\npub(crate) struct Booking<'a> {\n    /// A name.\n    name: Cow<'a, [u8]>,\n}\n\
                #[derive(Debug)]\nenum Kind { Named(String), None }\n#[derive(Debug)]\nstruct Born(DateSpan);\n\
                #[derive(Clone)]\nstruct Quiet { name: String }\n#[derive(Debug)]\nstruct Word { word: &'static str, at: u64 }\n\
                #[derive(Debug)]\nstruct Seen { date: Fact<DateSpan>, text: Text<'static> }\n";
    assert_eq!(open_types(text), ["Booking", "Kind", "Born"]);
}
