//! Synthetic people, their rows spoiled in every way that a file can spoil them, through the whole program.
//!
//! What must hold, whatever is done to a file:
//!
//! - rows in are rows used and rejects, and the program ends with a folder;
//! - a row twice, rows in another order, people over two files, more threads: nothing else is decided;
//! - a loss of knowledge grants nothing. Of a person of whom everything was known, a cell that cannot be read any more,
//!   or a line that is no row any more, makes no grant of what was none.
//!
//! The last one is said of people of whom everything was known. Where two cells contradict one another, losing one of them
//! takes the doubt away, and the decision may then be any. And it is not said of the subject number: a row with another
//! number is another person's.
//!
//! A few rounds are run with the other tests. `VACATUR_FUZZ_ROUNDS=1000 cargo test -p vacatur --test mutations` runs as
//! many, each with a seed of its own beginning at `VACATUR_FUZZ_SEED`; `cargo xtask fuzz` does so.

#![allow(clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, Determination, Row, Run, Style, column, grants};
use std::collections::{BTreeMap, BTreeSet};

const POLICIES: [&str; 9] = [
    "us-ca/los-angeles-2020",
    "us-ca/los-angeles-2021",
    "us-ca/bear",
    "us-ca/san-francisco-2018",
    "us-ca/sacramento-2019",
    "us-ca/san-joaquin-2019",
    "us-ca/contra-costa-2019",
    "us-ca/dismiss-all-prop64-and-related",
    "us-ca/hs-11361-8",
];

/// People of a round.
const PEOPLE: u64 = 40;

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.roll(of.len())]
    }
}

/// Somebody's rows, and their lines in the file.
#[derive(Clone)]
struct Someone {
    subject: String,
    rows: Vec<Row>,
    lines: Vec<String>,
    /// What has been done to them.
    done: String,
}

fn people(profile: &str, seed: u64) -> Vec<Someone> {
    let mut people: Vec<Someone> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for row in common::synthetic(profile, seed, PEOPLE) {
        let subject = row[column("SUBJECT_ID")].trim().to_owned();
        if !subject.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let place = *at.entry(subject.clone()).or_insert_with(|| {
            people.push(Someone { subject, rows: Vec::new(), lines: Vec::new(), done: String::new() });
            people.len() - 1
        });
        people[place].rows.push(row);
    }
    for person in &mut people {
        person.lines = person.rows.iter().map(|row| Style::default().line(row)).collect();
    }
    people
}

fn file(people: &[Someone]) -> Vec<u8> {
    people.iter().flat_map(|person| &person.lines).cloned().collect::<String>().into_bytes()
}

/// By subject and count.
type Answers = BTreeMap<(String, String), Determination>;

fn answers(run: &Run) -> Answers {
    let all = run.placeless();
    let number = all.len();
    let answers: Answers =
        all.into_iter().map(|one| ((one["subject_id"].clone(), one["cnt_order"].clone()), one)).collect();
    // A row that lost its subject is nobody's, and may have the count number of another such row.
    let nobody = answers.keys().filter(|(subject, _)| subject.is_empty()).count();
    assert!(answers.len() == number || nobody > 0, "a count was decided twice");
    answers
}

/// The columns whose loss must not grant anything: all but that of the subject.
fn columns_of(row: &Row) -> Vec<usize> {
    (0..row.len()).filter(|&at| at != column("SUBJECT_ID") && !row[at].trim().is_empty()).collect()
}

/// A text that nothing can be read from.
fn garbled(text: &str, dice: &mut Dice) -> String {
    match dice.roll(6) {
        0 => "#@!".to_owned(),
        1 => "ÿÿÿÿÿÿÿÿ".to_owned(),
        2 => text.chars().map(|c| if c.is_alphanumeric() { '?' } else { c }).collect(),
        3 => "\u{fffd}".repeat(text.chars().count().max(1)),
        4 => format!("\"\n{}", "¿,".repeat(12)),
        _ => "¡".repeat(3_000),
    }
}

/// Makes cells of a person unreadable.
fn garble(person: &mut Someone, dice: &mut Dice) {
    for _ in 0..1 + dice.roll(3) {
        let at = dice.roll(person.rows.len());
        let row = &mut person.rows[at];
        let columns = columns_of(row);
        if columns.is_empty() {
            continue;
        }
        let place = *dice.one(&columns);
        let was = row[place].clone();
        row[place] = garbled(&was, dice);
        person.lines[at] = Style::default().line(row);
        person.done.push_str(&format!(
            "row {at}, {}: {was:?} is {:?}; ",
            vacatur_synth::columns()[place],
            row[place].chars().take(20).collect::<String>()
        ));
    }
}

/// Makes a line of a person no row any more.
fn break_line(person: &mut Someone, dice: &mut Dice) {
    let at = dice.roll(person.lines.len());
    let line = person.lines[at].trim_end().to_owned();
    let cells: Vec<&str> = line.split("\",\"").collect();
    let cut = dice.roll(cells.len().saturating_sub(1));
    let broken = match dice.roll(6) {
        0 => [&cells[..cut], &cells[cut + 1..]].concat().join("\",\""),
        1 => [&cells[..cut], &["X"], &cells[cut..]].concat().join("\",\""),
        2 => line.replacen("\",\"", "\"\0,\"", 1 + cut).replacen("\"\0,\"", "\",\"", cut),
        3 => cells[..=cut].join("\",\"") + "\"x\"" + &cells[cut + 1..].join("\",\""),
        4 => cells[..=cut].join("\",\""),
        _ => "\u{1a}?".repeat(200),
    };
    person.done.push_str(&format!("line {at} broken; "));
    person.lines[at] = broken + "\n";
}

/// What is decided of people when nothing is done to them, and of whom everything is known.
fn known(before: &Answers, person: &Someone) -> bool {
    before
        .iter()
        .filter(|((subject, _), _)| *subject == person.subject)
        .all(|(_, one)| one["missing"].is_empty() && one["harmless"].is_empty())
}

/// The cycle, step and count of a number, without the part: a count that lost its first row is known by its second.
fn same_count(one: &(String, String), other: &(String, String)) -> bool {
    one.0 == other.0 && one.1.get(..9) == other.1.get(..9)
}

#[track_caller]
fn grants_nothing(before: &Answers, after: &Answers, people: &[Someone], what: &str) -> usize {
    let mut looked_at = 0;
    for person in people.iter().filter(|person| !person.done.is_empty() && known(before, person)) {
        looked_at += 1;
        for (key, now) in after.iter().filter(|((subject, _), _)| *subject == person.subject) {
            let was: Vec<_> = before.iter().filter(|(was, _)| same_count(was, key)).collect();
            let granted = was.iter().any(|(_, was)| grants(&was["outcome"]));
            assert!(
                granted || !grants(&now["outcome"]),
                "{what}: {} made a grant of {key:?}\nbefore: {was:#?}\nafter: {now:#?}\nrows:\n{}",
                person.done,
                person.lines.concat()
            );
        }
    }
    looked_at
}

/// One round: a few people, one policy, everything done to them. Returns how many people losses were tried on.
fn round(seed: u64) -> usize {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed);
    let profile = ["county", "dense", "clean", "county"][dice.roll(4)];
    let policy = POLICIES[dice.roll(POLICIES.len())];
    let what = format!("seed {seed}, {profile}, {policy}");
    let people = people(profile, seed);
    let desk = Desk::new();
    let more = ["--policy", policy, "--as-of", "2021-11-01", "--no-statute"];
    let run = |name: &str, files: &[Vec<u8>], threads: &str| {
        let paths: Vec<_> =
            files.iter().enumerate().map(|(at, file)| desk.file(&format!("{name}-{at}.dat"), file)).collect();
        let paths: Vec<_> = paths.iter().map(std::path::PathBuf::as_path).collect();
        let run = desk.run(&paths, name, &[&more[..], &["--threads", threads]].concat());
        let _ = run.count("rows_in");
        run
    };
    let whole = run("whole", &[file(&people)], "1");
    let before = answers(&whole);
    let rows: usize = people.iter().map(|person| person.rows.len()).sum();
    assert_eq!(whole.count("rows_in"), rows as u64, "{what}");

    // Nothing is lost: nothing else is decided.
    let mut same = people.clone();
    for person in &mut same {
        match dice.roll(3) {
            0 => {
                let twice = dice.one(&person.lines).clone();
                person.lines.push(twice);
            }
            1 => common::shuffle(&mut person.lines, seed),
            _ => {}
        }
    }
    let mut halves = [Vec::new(), Vec::new()];
    for line in same.iter().flat_map(|person| &person.lines) {
        halves[dice.roll(2)].extend_from_slice(line.as_bytes());
    }
    let other = run("same", &halves, "2");
    assert_eq!(answers(&other), before, "{what}: the same rows in another order, some twice, in two files");
    let (rejects, duplicates) = (other.count("rejects"), other.count("duplicate_rows"));
    let kept: usize = same.iter().map(|person| person.lines.len()).sum();
    assert_eq!(other.count("rows_in"), kept as u64, "{what}");
    assert_eq!(rejects - duplicates, whole.count("rejects") - whole.count("duplicate_rows"), "{what}");

    // Cells that cannot be read.
    let mut spoiled = people.clone();
    for person in &mut spoiled {
        garble(person, &mut dice);
    }
    let after = run("garbled", &[file(&spoiled)], "2");
    assert_eq!(after.count("rows_in"), rows as u64, "{what}");
    let mut tried = grants_nothing(&before, &answers(&after), &spoiled, &what);

    // Lines that are no rows. Every other person's, so that a line without a name has neighbours.
    let mut spoiled = people.clone();
    for person in spoiled.iter_mut().step_by(2) {
        break_line(person, &mut dice);
    }
    let after = run("broken", &[file(&spoiled)], "2");
    tried += grants_nothing(&before, &answers(&after), &spoiled, &what);

    // Anything at all: it ends, and it adds up.
    let mut bytes = file(&people);
    for _ in 0..1 + bytes.len() / 4_000 {
        let at = dice.roll(bytes.len());
        match dice.roll(4) {
            0 => bytes[at] = dice.roll(256) as u8,
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, *dice.one(b"\"\n,\r\0")),
            _ => {
                let end = (at + dice.roll(3_000)).min(bytes.len());
                bytes.drain(at..end);
            }
        }
    }
    let one = run("anything-1", std::slice::from_ref(&bytes), "1");
    let two = run("anything-2", &[bytes], "2");
    assert_eq!(one.placeless(), two.placeless(), "{what}: threads");
    tried
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn spoiled_files_add_up_and_losses_grant_nothing() {
    let (first, rounds) =
        (setting("VACATUR_FUZZ_SEED").unwrap_or(1), setting("VACATUR_FUZZ_ROUNDS").unwrap_or(4));
    let mut tried = 0;
    for seed in first..first + rounds {
        tried += round(seed);
        if rounds > 4 && seed % 20 == 0 {
            println!("seed {seed}: {tried} people tried so far");
        }
    }
    assert!(tried as u64 > rounds * 10, "losses were tried on {tried} people only");
}

#[test]
fn what_is_tried_is_not_all_of_one_kind() {
    // The people of the rounds: grants to lose, refusals to keep, and nothing unknown about them.
    let desk = Desk::new();
    let mut outcomes: BTreeSet<String> = BTreeSet::new();
    for (seed, profile) in [(1, "county"), (2, "dense")] {
        let people = people(profile, seed);
        let input = desk.file(&format!("{profile}.dat"), file(&people));
        let run = desk.run(&[&input], profile, &["--policy", "us-ca/los-angeles-2020"]);
        let before = answers(&run);
        for person in people.iter().filter(|person| known(&before, person)) {
            let own = before.iter().filter(|((subject, _), _)| *subject == person.subject);
            outcomes.extend(own.map(|(_, one)| one["outcome"].clone()));
        }
    }
    assert!(outcomes.contains("dismiss") && outcomes.contains("not_eligible"), "{outcomes:?}");
}
