//! The questions that open decisions leave, and what each answer to them would do.
//!
//! What an answer would do is found by deciding again with that answer as evidence, the other questions still open.

mod spans;
mod trial;
mod words;

use crate::determination::Determination;
use crate::engine::Worker;
use crate::evidence::{EvidenceFact, Stated};
use crate::office::OFFICE;
use crate::prepared::Prepared;
use spans::{doubling, spans};
use trial::{Effect, Reading, Trial};
use vacatur_policy::Missing;
use vacatur_records::{Date, DateSpan, FindingKind, Level, NumberSpan, add_years, date};
use words::Words;

/// Something that has to be known before a conviction can be decided.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// The conviction that is open: its index among the person's counts.
    pub decided: u32,
    /// The count that the question is about; the same one for what is of the person.
    pub count: u32,
    /// The fact, by the name that evidence gives it.
    pub fact: &'static str,
    /// The question in plain words.
    pub text: String,
    /// What each answer would do, joined by ` | `; empty where no answer can be given in a word.
    pub answers: String,
}

/// How many counts beside the decided one are looked at for one fact. Whoever has more open than this needs a look at
/// the whole record, and after the first answers the next run asks for the rest.
const OTHERS: usize = 16;
/// No modern record speaks of earlier days; what reads the dates of an extract draws the same line.
const EARLIEST: Date = date(1850, 1, 1);
/// No sentence ends later than so many years after the day of the decision.
const LATEST: i32 = 100;

impl<'e> Worker<'e> {
    /// The open questions of a person under a policy, in the order of the determinations and, for each, of the facts.
    ///
    /// `prepared` is the person made ready by this worker, and `determinations` are what it decided.
    pub fn questions(
        &mut self,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        determinations: &[Determination<'e>],
    ) -> Vec<Question> {
        let all: Vec<&Determination<'e>> =
            determinations.iter().filter(|found| found.decision().deciding.is_none()).collect();
        let mut asked = Vec::new();
        if policy == OFFICE && self.engine.counties().is_some() {
            // What would be tried out is decided by one policy: those of the same are asked about together.
            let mut policies: Vec<usize> = all.iter().map(|one| one.policy()).collect();
            policies.sort_unstable();
            policies.dedup();
            for policy in policies {
                let of_it =
                    all.iter().filter(|one| one.policy() == policy && !one.asked_every_county()).copied();
                asked.extend(self.questions_under(prepared, policy, &of_it.collect::<Vec<_>>()));
            }
            // Whose policy decides comes first: what else it asks for is known after that.
            for determination in all.iter().filter(|one| one.asked_every_county()) {
                let of_one = Words { prepared, determination, missing: Missing::County };
                asked.push(of_one.in_words(self, EvidenceFact::County, determination.count));
            }
        } else {
            asked = self.questions_under(prepared, if policy == OFFICE { 0 } else { policy }, &all);
        }
        asked.sort_by_key(|question| question.decided);
        asked
    }

    /// The same for open determinations of one policy.
    fn questions_under(
        &mut self,
        prepared: &Prepared<'_, '_>,
        policy: usize,
        open: &[&Determination<'e>],
    ) -> Vec<Question> {
        let mut asked = Vec::new();
        if open.is_empty() {
            return asked;
        }
        let compiled = open[0].compiled();
        let mut trial = Trial::new(self, prepared, policy, compiled);
        for missing in Missing::ALL {
            let of_it: Vec<u32> = open
                .iter()
                .filter(|found| found.decision().missing.has(missing))
                .map(|found| found.count)
                .collect();
            if of_it.is_empty() {
                continue;
            }
            trial.ask_for(missing, &of_it);
            let mut facts: Vec<EvidenceFact> = EvidenceFact::named(missing.name()).into_iter().collect();
            if missing == Missing::ConvictionDate && compiled.uses_offence_date() {
                facts.push(EvidenceFact::OffenceDate);
            }
            let doubtful: Vec<(EvidenceFact, Vec<u32>)> =
                facts.into_iter().map(|fact| (fact, trial.doubtful(fact))).collect();
            for determination in open.iter().filter(|found| found.decision().missing.has(missing)) {
                let of_one = Asking { prepared, determination, missing };
                asked.extend(of_one.all(&mut trial, &doubtful));
            }
        }
        asked
    }
}

/// One fact that one open decision misses.
struct Asking<'q, 'p, 'a, 'e> {
    prepared: &'q Prepared<'p, 'a>,
    determination: &'q Determination<'e>,
    missing: Missing,
}

/// What answers to a question about one count would do.
struct Answers {
    fact: EvidenceFact,
    count: u32,
    /// Each answer with what it would do.
    effects: Vec<(Stated, Effect)>,
    /// Whether the record itself says that it is not before the first of them, and not after the last.
    bounds: (bool, bool),
    /// Whether some answer makes a difference.
    matters: bool,
}

impl<'e> Asking<'_, '_, '_, 'e> {
    /// The questions, given the counts of which each fact is in doubt.
    fn all(&self, trial: &mut Trial<'_, '_, '_, 'e>, doubtful: &[(EvidenceFact, Vec<u32>)]) -> Vec<Question> {
        let words =
            Words { prepared: self.prepared, determination: self.determination, missing: self.missing };
        let Some((first, of_first)) = doubtful.first() else { return vec![words.without_answers()] };
        let own = self.determination.count;
        let mut found: Vec<Answers> = Vec::new();
        for (fact, counts) in doubtful {
            let of_own = counts.contains(&own).then_some(own);
            let others = counts.iter().copied().filter(|&count| count != own && !fact.is_of_person());
            for count in of_own.into_iter().chain(others.take(OTHERS)) {
                if trial.is_spent() {
                    break;
                }
                found.push(self.answers(trial, *fact, count));
            }
        }
        // A fact that makes no difference by itself is asked for only if none does: then they matter together.
        if found.iter().any(|answers| answers.matters) {
            found.retain(|answers| answers.matters);
        }
        if found.is_empty() {
            let other = of_first.first().copied().filter(|_| !of_first.contains(&own));
            return vec![words.in_words(trial.worker, *first, other.unwrap_or(own))];
        }
        found
            .iter()
            .map(|answers| match answers.fact {
                EvidenceFact::Section | EvidenceFact::County => {
                    words.in_words(trial.worker, answers.fact, answers.count)
                }
                _ => words.question(trial.worker, answers),
            })
            .collect()
    }

    fn answers(&self, trial: &mut Trial<'_, '_, '_, 'e>, fact: EvidenceFact, count: u32) -> Answers {
        let base = trial.base(self.determination);
        let decided = self.determination.count;
        let own = count == decided;
        trial.about(fact, count, decided);
        let mut bounds = (false, false);
        let effects = match fact {
            EvidenceFact::Level => [Level::Felony, Level::Misdemeanor, Level::Infraction]
                .into_iter()
                .map(|level| trial.answer(Stated::Level(level), decided))
                .collect(),
            EvidenceFact::Disposition => {
                let told = |convicted, unrelieved| Stated::Disposition { convicted, unrelieved };
                let mut answers = vec![told(true, false), told(false, false)];
                if self.prepared.person.counts[count as usize].relief_unclear {
                    answers.push(told(true, true));
                }
                answers.into_iter().map(|says| trial.answer(says, decided)).collect()
            }
            EvidenceFact::Section | EvidenceFact::County => {
                // Which sections or counties there are to try, nobody can list: whether it matters is found by leaving
                // the count out.
                let matters = own || trial.without(count, decided) != base;
                return Answers { fact, count, effects: Vec::new(), bounds, matters };
            }
            EvidenceFact::Found(kind) if !is_amount(kind) => {
                [true, false].into_iter().map(|yes| trial.answer(Stated::Flag(yes), decided)).collect()
            }
            EvidenceFact::Death => {
                [true, false].into_iter().map(|dead| trial.answer(Stated::Flag(dead), decided)).collect()
            }
            EvidenceFact::Found(_) => self.amounts(trial, base, decided, own),
            EvidenceFact::ConvictionDate
            | EvidenceFact::OffenceDate
            | EvidenceFact::BirthDate
            | EvidenceFact::Sentence
            | EvidenceFact::RegistrationDate => {
                let known = self.known(fact, count as usize);
                let (from, to) = self.days(trial.worker.as_of(), fact, count as usize);
                // That a sentence ends after it begins goes without saying.
                let begins = self.prepared.ready[count as usize].date.value.earliest();
                let goes_without_saying = fact == EvidenceFact::Sentence && from == begins;
                bounds = (from == known.earliest() && !goes_without_saying, to == known.latest());
                self.dates(trial, base, decided, own, (from, to))
            }
        };
        let matters = effects.iter().any(|(_, effect): &(Stated, Effect)| *effect != base);
        Answers { fact, count, effects, bounds, matters }
    }

    /// What the record says of a day.
    fn known(&self, fact: EvidenceFact, at: usize) -> DateSpan {
        match fact {
            EvidenceFact::BirthDate => self.prepared.birth.value,
            EvidenceFact::ConvictionDate => self.prepared.ready[at].date.value,
            EvidenceFact::Sentence => self.prepared.ready[at].completed.value,
            _ => DateSpan::UNKNOWN,
        }
    }

    /// The first and the last day that it can be.
    fn days(&self, as_of: Date, fact: EvidenceFact, at: usize) -> (Date, Date) {
        let known = self.known(fact, at);
        let (birth, convicted) = (self.prepared.birth.value, self.prepared.ready[at].date.value);
        let not_before = match fact {
            EvidenceFact::BirthDate => EARLIEST,
            EvidenceFact::Sentence => convicted.earliest().max(birth.earliest()).max(EARLIEST),
            _ => birth.earliest().max(EARLIEST),
        };
        let not_after = match fact {
            EvidenceFact::Sentence => add_years(as_of, LATEST),
            EvidenceFact::OffenceDate => convicted.latest().min(as_of),
            _ => as_of,
        };
        let from = known.earliest().max(not_before);
        (from, known.latest().min(not_after).max(from))
    }

    fn dates(
        &self,
        trial: &mut Trial<'_, '_, '_, 'e>,
        base: Effect,
        decided: u32,
        own: bool,
        (from, to): (Date, Date),
    ) -> Vec<(Stated, Effect)> {
        let days = from.until(to).map_or(0, |span| span.get_days());
        let day = |number: i32| vacatur_records::add_days(from, number);
        let says = |least: i32, most: i32| {
            Stated::Date(DateSpan::between(day(least), day(most)).unwrap_or(DateSpan::on(day(least))))
        };
        let found = self.along(trial, base, decided, own, vec![0, days], &says);
        let next = |at: usize| found.get(at + 1).map_or(days, |(start, _)| start - 1);
        (0..found.len()).map(|at| (says(found[at].0, next(at)), found[at].1)).collect()
    }

    fn amounts(
        &self,
        trial: &mut Trial<'_, '_, '_, 'e>,
        base: Effect,
        decided: u32,
        own: bool,
    ) -> Vec<(Stated, Effect)> {
        let says = |least: i32, most: i32| Stated::Number(NumberSpan { least, most });
        let found = self.along(trial, base, decided, own, doubling(0, i32::MAX), &says);
        let next = |at: usize| found.get(at + 1).map_or(i32::MAX, |(start, _)| start - 1);
        (0..found.len()).map(|at| (says(found[at].0, next(at)), found[at].1)).collect()
    }

    /// Where the effect changes along a line. For a count beside the decided one the ends and the middle are looked at
    /// first: if none makes a difference, the rest is left alone.
    fn along(
        &self,
        trial: &mut Trial<'_, '_, '_, 'e>,
        base: Effect,
        decided: u32,
        own: bool,
        mut grid: Vec<i32>,
        says: &dyn Fn(i32, i32) -> Stated,
    ) -> Vec<(i32, Effect)> {
        grid.dedup();
        let mut read = |least, most| -> Reading { trial.read((least, most), says(least, most), decided) };
        if !own {
            let (first, last) = (grid[0], grid.last().copied().unwrap_or(grid[0]));
            let tried = [first, first + (last - first) / 2, last];
            if tried.iter().all(|&at| read(at, at).effect == base) {
                return vec![(first, base)];
            }
        }
        spans(&grid, read)
    }
}

/// Whether a finding is an amount; the others are yes or no.
fn is_amount(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::Weight | FindingKind::Concentrate | FindingKind::Plants)
}

vacatur_records::silent_debug!(Question);
