//! Policies and persons at random.

use super::condition::{About, Cond, Counted, Day, Members, Of, Restriction, TIMINGS, Whose, Window};
use super::record::{DAYS, HIDDEN, PLANTS, Person, SLOTS, Values, WEIGHTS};
use proptest::prelude::*;
use std::fmt::{self, Write as _};
use std::sync::Arc;
use vacatur_policy::Collection;
use vacatur_records::{Date, Level};

const LEVELS: [Level; 3] = [Level::Felony, Level::Misdemeanor, Level::Infraction];
const ORDER: [&str; 6] = ["before", "on or before", "on", "is not", "on or after", "after"];
const SIZES: [&str; 8] = ["<", "less than", "at most", "=", "is not", "at least", ">", "more than"];
const MOVES: [(i32, &str); 8] = [
    (-240, "months"),
    (-1, "months"),
    (6, "months"),
    (-1, "years"),
    (1, "years"),
    (10, "years"),
    (-30, "days"),
    (90, "days"),
];

/// What a rule decides, the best first, as a policy that takes the best ranks them. `not yet` stands for a day.
const OUTCOMES: [&str; 12] = [
    "already relieved",
    "dismiss and seal",
    "dismiss",
    "reduce to infraction",
    "reduce to misdemeanor",
    "grant \"a notation\"",
    "grant \"limited access\"",
    "refer to \"A\"",
    "refer to \"B\"",
    "review",
    "not yet",
    "not eligible",
];

/// How much an outcome gives: the higher the better.
fn rank(then: &str) -> usize {
    let word = then.split(' ').next().unwrap_or(then);
    // What goes to one person or another, or is a notation of one kind or another, is of one rank.
    let same = |other: &&str| {
        if matches!(word, "grant" | "refer") { other.starts_with(word) } else { *other == then }
    };
    OUTCOMES.len() - OUTCOMES.iter().position(same).unwrap()
}

/// What a rule decides; for `not yet` the day until which.
#[derive(Clone, Debug)]
pub(crate) struct Then {
    pub(crate) words: &'static str,
    pub(crate) until: Option<Day>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) when: Cond,
    pub(crate) then: Then,
    /// What is assumed where the condition is unknown.
    pub(crate) assumed: Option<bool>,
}

/// A policy: its last rule, which is not among these, sends everything else to review.
#[derive(Clone)]
pub(crate) struct Rules {
    pub(crate) best: bool,
    pub(crate) timing: usize,
    pub(crate) definitions: Vec<Arc<Cond>>,
    pub(crate) scope: Cond,
    pub(crate) rules: Vec<Rule>,
}

/// What two values make of a complete record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Naive {
    /// The rule that decides.
    pub(crate) deciding: usize,
    /// Of each rule but the last, whether it holds.
    pub(crate) holds: Vec<bool>,
    /// For a rule that says "not yet", until when.
    pub(crate) until: Option<Date>,
}

/// As a document writes it.
impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, rules) = self.blocks();
        let mode = if self.best { "best of" } else { "first match" };
        write!(f, "\nmode: {mode}\n{names}when {}\n{rules}", self.scope)
    }
}

impl Rules {
    /// The blocks of the document that are this policy's own, but for its scope.
    pub(crate) fn blocks(&self) -> (String, String) {
        let choices: Vec<String> = TIMINGS.iter().map(|(words, _)| format!("\"{words}\"")).collect();
        let mut names = format!(
            "```parameters\ntiming: one of {} = {}\n```\n```definitions\n",
            choices.join(", "),
            choices[self.timing]
        );
        for (at, definition) in self.definitions.iter().enumerate() {
            writeln!(names, "d{at} means {definition}").unwrap();
        }
        names.push_str("```\n");
        let mut rules = String::new();
        for (at, Rule { when, then, assumed }) in self.rules.iter().enumerate() {
            let assumed = assumed.map_or(String::new(), |holds| {
                format!("if unknown assume {} because \"So it is\"\n", if holds { "yes" } else { "no" })
            });
            let until = then.until.as_ref().map_or(String::new(), |day| format!(" until {day}"));
            writeln!(
                rules,
                "```rule r{at}\nwhen {when}\n{assumed}then {}{until}\nreason \"Because\"\ncite A source\n```",
                then.words
            )
            .unwrap();
        }
        (names, rules)
    }

    /// What two values make of a complete record; nothing out of scope.
    pub(crate) fn naive(&self, person: &Person, decided: usize) -> Option<Naive> {
        let about = About { decided, member: decided, registration: false, timing: self.timing };
        if !self.scope.holds(person, about) {
            return None;
        }
        let until = |rule: &Rule| rule.then.until.as_ref().map(|day| day.of(person, about));
        let holds: Vec<bool> = self
            .rules
            .iter()
            .map(|rule| {
                rule.when.holds(person, about) && until(rule).is_none_or(|until| until > super::record::AS_OF)
            })
            .collect();
        let mut deciding = self.rules.len();
        for (at, rule) in self.rules.iter().enumerate().filter(|(at, _)| holds[*at]) {
            let better = deciding == self.rules.len()
                || self.best && rank(rule.then.words) > rank(self.rules[deciding].then.words);
            if better {
                deciding = at;
            }
        }
        Some(Naive { deciding, holds, until: self.rules.get(deciding).and_then(until) })
    }
}

/// Where a condition stands: which facts it can name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Count,
    Registration,
}

/// What conditions are made of: the definitions that they can name.
#[derive(Clone)]
struct Maker {
    definitions: Vec<Arc<Cond>>,
    assuming: bool,
}

impl Maker {
    fn day(&self, place: Place, quantifiers: u32) -> BoxedStrategy<Day> {
        let of = || prop::sample::select(vec![Of::Conviction, Of::Conviction, Of::Offence, Of::Completed]);
        let decided = of().prop_map(|of| Day::Of(Whose::Decided, of));
        let member = match place {
            Place::Outside => Just(Day::AsOf).boxed(),
            Place::Count => of().prop_map(|of| Day::Of(Whose::Member, of)).boxed(),
            Place::Registration => Just(Day::Of(Whose::Member, Of::Conviction)).boxed(),
        };
        let plain = prop_oneof![
            1 => Just(Day::Born),
            2 => decided,
            2 => member,
            1 => Just(Day::AsOf),
            1 => (0..DAYS.len()).prop_map(Day::On),
        ]
        .boxed();
        let day = if quantifiers == 0 {
            plain.clone()
        } else {
            let extreme =
                (any::<bool>(), of(), self.members(quantifiers)).prop_map(|(latest, of, members)| {
                    let of = if members.of == Collection::Registrations { Of::Conviction } else { of };
                    Day::Extreme(latest, of, Box::new(members))
                });
            prop_oneof![3 => plain.clone(), 2 => extreme].boxed()
        };
        let moved = (day.clone(), prop::sample::select(&MOVES[..]))
            .prop_map(|(day, (by, unit))| Day::Moved(Box::new(day), by, unit));
        let either = (any::<bool>(), day.clone(), plain)
            .prop_map(|(later, one, other)| Day::Either(later, Box::new(one), Box::new(other)));
        prop_oneof![5 => day, 2 => moved, 1 => either].boxed()
    }

    fn leaf(&self, place: Place, quantifiers: u32) -> BoxedStrategy<Cond> {
        let whose = if place == Place::Count {
            prop_oneof![1 => Just(Whose::Decided), 3 => Just(Whose::Member)].boxed()
        } else {
            Just(Whose::Decided).boxed()
        };
        let day = || self.day(place, quantifiers);
        let days =
            (day(), prop::sample::select(&ORDER[..]), day()).prop_map(|(a, how, b)| Cond::Days(a, how, b));
        let units = prop::sample::select(vec![("years", 25), ("months", 300), ("days", 9_000)]);
        // An ordinary day at both ends: from no day at all there is no number of days that the calendar holds.
        let plain = || self.day(place, 0);
        let between =
            (units, plain(), plain(), prop::sample::select(&SIZES[..]), any::<prop::sample::Index>())
                .prop_map(|((unit, most), a, b, how, at)| {
                    Cond::Between(unit, a, b, how, at.index(most) as i32)
                });
        let amounts = (whose.clone(), prop::sample::select(&SIZES[..]), 0..3usize, any::<bool>()).prop_map(
            |(whose, how, at, weight)| {
                if weight {
                    Cond::Weight(whose, how, WEIGHTS[at])
                } else {
                    Cond::Plants(whose, how, PLANTS[at])
                }
            },
        );
        let flags = (whose, any::<bool>(), prop::sample::select(&LEVELS[..]), 0..6).prop_map(
            move |(whose, no, level, which)| match which {
                0 => Cond::Deceased,
                1 => Cond::Attempt(whose),
                2 => Cond::Level(whose, no, level),
                3 => Cond::Listed(whose, no),
                4 => Cond::InYolo(whose, no),
                _ => Cond::Relieved(whose),
            },
        );
        let plain = prop_oneof![3 => days, 1 => between, 1 => amounts, 3 => flags].boxed();
        let plain = if place == Place::Count {
            let pair = prop::sample::select(vec![Cond::Itself, Cond::SameCase]);
            prop_oneof![4 => plain, 1 => pair].boxed()
        } else {
            plain
        };
        // A definition that names facts of a conviction cannot be said of a registration.
        if place == Place::Registration || self.definitions.is_empty() {
            return plain;
        }
        let named: Vec<Cond> =
            self.definitions.iter().enumerate().map(|(at, part)| Cond::Named(at, Arc::clone(part))).collect();
        prop_oneof![4 => plain, 1 => prop::sample::select(named)].boxed()
    }

    /// Members of which something is asked, one quantifier further in.
    fn members(&self, quantifiers: u32) -> BoxedStrategy<Members> {
        let window = prop_oneof![
            3 => Just(None),
            1 => Just(Some(Window::Offence)),
            1 => Just(Some(Window::Conviction)),
            1 => Just(Some(Window::Ever)),
            1 => Just(Some(Window::Chosen)),
        ];
        let flag = || prop::bool::weighted(0.15);
        let meant =
            (flag(), flag(), flag(), flag(), window).prop_map(|(other, case, cycle, same_day, window)| {
                Restriction { other, case, cycle, same_day, window }
            });
        let counts = (
            prop::sample::select(vec![Collection::Convictions, Collection::Charges]),
            self.at(Place::Count, quantifiers - 1),
        );
        let registrations = (Just(Collection::Registrations), self.at(Place::Registration, quantifiers - 1));
        (prop_oneof![3 => counts, 1 => registrations], meant)
            .prop_map(|((of, asked), mut meant)| {
                if of == Collection::Registrations {
                    (meant.other, meant.case, meant.cycle) = (false, false, false);
                }
                Members { of, meant, asked }
            })
            .boxed()
    }

    fn at(&self, place: Place, quantifiers: u32) -> BoxedStrategy<Cond> {
        let leaf = self.leaf(place, quantifiers);
        let one = if quantifiers == 0 {
            leaf
        } else {
            let quantified = (self.members(quantifiers), prop::sample::select(&SIZES[..]), 0..4, 0..7)
                .prop_map(|(members, how, number, which)| {
                    let counts = members.of != Collection::Registrations;
                    let members = Box::new(members);
                    match which {
                        0 => Cond::Any(members),
                        1 => Cond::No(members),
                        2 => Cond::Every(members),
                        3 => Cond::AllCompleted,
                        4 if counts => Cond::Count(Counted::Cases, members, how, number),
                        5 if counts => Cond::Count(Counted::Days, members, how, number),
                        _ => Cond::Count(Counted::Each, members, how, number),
                    }
                });
            let moved = (
                self.day(place, 0),
                prop::sample::select(&ORDER[..]),
                self.day(place, 0),
                self.at(Place::Count, quantifiers - 1),
            )
                .prop_map(|(a, how, b, part)| {
                    Cond::Days(Day::MovedByCount(Box::new(a), Box::new(part)), how, b)
                });
            prop_oneof![4 => leaf, 4 => quantified, 1 => moved].boxed()
        };
        let one = if self.assuming {
            let assumed =
                (one.clone(), any::<bool>()).prop_map(|(part, holds)| Cond::Assumed(Box::new(part), holds));
            prop_oneof![6 => one, 1 => assumed].boxed()
        } else {
            one
        };
        // Small parts inside, so that the whole stays readable.
        let (depth, size) = if place == Place::Outside { (2, 5) } else { (1, 3) };
        one.prop_recursive(depth, size, 2, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..=3).prop_map(Cond::And),
                prop::collection::vec(inner.clone(), 2..=3).prop_map(Cond::Or),
                inner.prop_map(|part| Cond::Not(Box::new(part))),
            ]
        })
        .boxed()
    }
}

/// What may be assumed in the policies that are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assuming {
    Nothing,
    /// What is made of an unknown condition of a rule.
    Rules,
    /// The same, and what is made of an unknown part of a condition.
    Parts,
}

/// A policy whose conditions have quantifiers up to two deep.
pub(crate) fn rules(assuming: Assuming) -> impl Strategy<Value = Rules> {
    let parts = assuming == Assuming::Parts;
    let definition =
        || Maker { definitions: Vec::new(), assuming: parts }.at(Place::Count, 1).prop_map(Arc::new);
    prop::collection::vec(definition(), 0..=2).prop_flat_map(move |definitions| {
        let maker = Maker { definitions: definitions.clone(), assuming: parts };
        let assumed = if assuming == Assuming::Nothing {
            Just(None).boxed()
        } else {
            prop::option::of(any::<bool>()).boxed()
        };
        let until = prop_oneof![1 => maker.day(Place::Outside, 1), 1 => maker.day(Place::Outside, 0).prop_map(
            |day| Day::Moved(Box::new(day), 10, "years")
        )];
        let then = (0..OUTCOMES.len() + 6, until).prop_map(|(at, until)| match OUTCOMES.get(at) {
            Some(&words) if words != "not yet" => Then { words, until: None },
            _ => Then { words: "not yet", until: Some(until) },
        });
        let rule = (maker.at(Place::Outside, 2), then, assumed).prop_map(|(when, then, assumed)| Rule {
            when,
            then,
            assumed,
        });
        // Most of the time the scope is settled, so that the rules are reached.
        let everything =
            Just(Cond::Or(vec![Cond::Deceased, Cond::Not(Box::new(Cond::Attempt(Whose::Decided)))]));
        let scope = prop_oneof![1 => maker.at(Place::Outside, 2), 3 => everything];
        (any::<bool>(), 0..TIMINGS.len(), scope, prop::collection::vec(rule, 1..5)).prop_map(
            move |(best, timing, scope, rules)| Rules {
                best,
                timing,
                definitions: definitions.clone(),
                scope,
                rules,
            },
        )
    })
}

/// What is known of somebody, and whether an unknown date can be any day at all.
#[derive(Clone)]
pub(crate) struct Someone {
    pub(crate) values: Values,
    pub(crate) vague: bool,
}

/// A digit for each value that is known.
impl fmt::Debug for Someone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", if self.vague { "vague" } else { "not vague" })?;
        for (slot, value) in SLOTS.iter().zip(&self.values) {
            match value {
                Some(value) => write!(f, "{}: {value}, ", slot.missing.name())?,
                None => write!(f, "{}: UNKNOWN, ", slot.missing.name())?,
            }
        }
        Ok(())
    }
}

/// How many ways a person may turn out to be.
const MOST: usize = 11 * 64;

fn completions_of(values: &Values) -> usize {
    let unknown = SLOTS.iter().zip(values).filter(|(_, value)| value.is_none());
    unknown.map(|(slot, _)| slot.values).product()
}

/// A person of whom at most five things are unknown.
pub(crate) fn person() -> impl Strategy<Value = Someone> {
    let values: Vec<_> = SLOTS.iter().map(|slot| 0..slot.values).collect();
    let unknown = prop::sample::subsequence((0..SLOTS.len()).collect::<Vec<_>>(), 0..=4);
    (values, unknown, prop::bool::weighted(0.4), any::<bool>()).prop_map(
        |(values, unknown, hidden, vague)| {
            let mut known: Values = std::array::from_fn(|at| Some(values[at]));
            known[HIDDEN] = if hidden { None } else { Some(0) };
            for at in unknown {
                let before = std::mem::take(&mut known[at]);
                if completions_of(&known) > MOST {
                    known[at] = before;
                }
            }
            Someone { values: known, vague }
        },
    )
}
