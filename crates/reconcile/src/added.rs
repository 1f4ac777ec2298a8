//! What a run reads beside the state's file: the cases that it lacks as rows, and what the court says of those that it
//! has as evidence.

use crate::matching::Differs;
use crate::offence::Offences;
use crate::standing::{PersonFound, Standing, Status, date};
use crate::table::Table;
use crate::union::{LATER, MOST_LATER, Rows, Seat, Whose, free_cycles};
use crate::who::Who;
use rustc_hash::FxHashMap;
use vacatur_pipeline::{Output, RunError};
use vacatur_records::{CountOrder, CourtCase, CourtCharge, Gap};

/// The columns of the evidence.
pub(crate) const EVIDENCE: [&str; 8] =
    ["subject_id", "cnt_order", "fact", "value", "document", "said_by", "said_on", "how"];

/// The first number of counts that are added to a step of the state's record.
const FIRST_BESIDE: u16 = 500;
/// The last number of a count.
const MOST: u16 = 999;

/// Who is cited for what the court's file says.
const SAID_BY: &str = "court file";

/// Where added rows go, and what of them is counted.
pub(crate) struct Added<'a> {
    pub(crate) cases: &'a [CourtCase],
    pub(crate) names: &'a [String],
    pub(crate) seat: &'a dyn Fn(u32) -> (String, String, String),
    pub(crate) rows: Rows<'a>,
    pub(crate) out: Output,
    pub(crate) evidence: Table,
    pub(crate) evidence_lines: u64,
    /// Charges for which no number was free: their persons are left open.
    pub(crate) not_added: u64,
    /// The order under which a charge was added: by case and charge.
    pub(crate) orders: Vec<(u32, usize, CountOrder)>,
}

impl Added<'_> {
    /// The place of a line of the court's file, as rows and evidence cite it.
    fn place(&self, case: &CourtCase, line: u64) -> String {
        format!("{}:{line}", self.names.get(case.file as usize).map_or("", String::as_str))
    }

    fn flush(&mut self) -> Result<(), RunError> {
        let bytes = self.rows.take();
        self.out.put(&bytes)
    }

    /// Somebody of the state's file: cases it lacks, reliefs it was not told of, records that may be the person's.
    pub(crate) fn of_state(
        &mut self,
        person: &PersonFound,
        possible: &[u32],
        offences: &mut Offences<'_>,
    ) -> Result<(), RunError> {
        let whose = Whose::State { subject: &person.subject };
        let cases = self.cases;
        let mut cycles = free_cycles(&person.cycles);
        let mut open: Vec<u32> = possible.to_vec();
        let mut besides: FxHashMap<(u16, u16), u16> = FxHashMap::default();
        for own in person.standings.chunk_by(|one, other| one.0 == other.0) {
            let Some((number, case)) =
                own.first().and_then(|first| cases.get(first.0 as usize).map(|case| (first.0, case)))
            else {
                continue;
            };
            let whole = own
                .iter()
                .all(|(.., standing)| standing.status == Status::CaseMissing && standing.beside.is_none());
            let cycle = if whole { cycles.next() } else { None };
            for (at, (_, charge_number, standing)) in own.iter().enumerate() {
                let Some(charge) = case.charges.get(*charge_number) else { continue };
                match standing.status {
                    Status::CaseMissing if at >= usize::from(MOST) => {
                        open.push(number);
                        self.not_added += 1;
                    }
                    Status::CaseMissing => {
                        let order = match (cycle, standing.beside) {
                            (Some(cycle), _) => CountOrder::new(cycle, 1, at as u16 + 1, 0),
                            (None, Some(beside)) => {
                                // Counts that are added to one step of the state's record have numbers of their own.
                                let next =
                                    besides.entry((beside.cycle(), beside.step())).or_insert(FIRST_BESIDE);
                                if *next > MOST {
                                    open.push(number);
                                    self.not_added += 1;
                                    continue;
                                }
                                *next += 1;
                                CountOrder::new(beside.cycle(), beside.step(), *next - 1, 0)
                            }
                            (None, None) => match cycles.next() {
                                Some(cycle) => CountOrder::new(cycle, 1, at as u16 + 1, 0),
                                // No number is free: it stays open, and is not lost.
                                None => {
                                    open.push(number);
                                    self.not_added += 1;
                                    continue;
                                }
                            },
                        };
                        self.charge(&whose, (number, *charge_number), (case, charge), order)?;
                    }
                    Status::CannotTell if may_convict(charge) => open.push(number),
                    Status::InState => {
                        self.known(&whose, &person.subject, case, charge, standing, offences)?
                    }
                    _ => {}
                }
            }
        }
        open.sort_unstable();
        open.dedup();
        for number in open {
            if let Some(case) = cases.get(number as usize) {
                let place = self.place(case, case.line);
                self.rows.possible(&whose, &place);
            }
        }
        self.flush()
    }

    /// Somebody whom only the court knows, or who is in doubt: all cases. `open` says whether other records may be the
    /// person's too, `may_be_there` of which charges it is not known whether the state has them.
    pub(crate) fn of_court(
        &mut self,
        subject: &str,
        numbers: &[u32],
        open: bool,
        may_be_there: &dyn Fn(u32, usize) -> bool,
    ) -> Result<(), RunError> {
        let cases = self.cases;
        let Some(first) = numbers.first().and_then(|&number| cases.get(number as usize)) else {
            return Ok(());
        };
        let whose = Whose::CourtOnly { subject, case: first };
        let mut cycles = free_cycles(&[]);
        let mut place = self.place(first, first.line);
        let mut open = open;
        let before = self.rows.rows();
        for &number in numbers {
            let Some(case) = cases.get(number as usize) else { continue };
            // Nobody has so many cases, and none of them is lost: the person stays open.
            let Some(cycle) = cycles.next() else {
                place = self.place(case, case.line);
                self.not_added += case.charges.len() as u64;
                open = true;
                continue;
            };
            for (at, charge) in case.charges.iter().enumerate() {
                // A charge that may be a count of somebody's record is not added a second time.
                if may_be_there(number, at) {
                    open = true;
                    continue;
                }
                if at >= usize::from(MOST) {
                    self.not_added += 1;
                    open = true;
                    continue;
                }
                let order = CountOrder::new(cycle, 1, at as u16 + 1, 0);
                self.charge(&whose, (number, at), (case, charge), order)?;
            }
        }
        if open && self.rows.rows() > before {
            self.rows.possible(&whose, &place);
        }
        self.flush()
    }

    fn charge(
        &mut self,
        whose: &Whose<'_>,
        (number, at): (u32, usize),
        (case, charge): (&CourtCase, &CourtCharge),
        order: CountOrder,
    ) -> Result<(), RunError> {
        let (name, ori, county) = (self.seat)(case.court);
        let seat = Seat { name: &name, ori: &ori, county: &county };
        let place = self.place(case, charge.line);
        self.rows.charge(whose, (seat, &place), case, charge, order);
        self.orders.push((number, at, order));
        let subject = match whose {
            Whose::State { subject } | Whose::CourtOnly { subject, .. } => *subject,
        };
        self.offence_date(subject, case, charge, order)
    }

    /// A charge that the state has: what it lacks, and what the two say differently.
    fn known(
        &mut self,
        whose: &Whose<'_>,
        subject: &str,
        case: &CourtCase,
        charge: &CourtCharge,
        standing: &Standing,
        offences: &mut Offences<'_>,
    ) -> Result<(), RunError> {
        let Some(order) = standing.order else { return Ok(()) };
        let (differs, lacks) = (&standing.differs, standing.lacks);
        if let (Some(level), None) = (charge.level, charge.level_gap)
            && (lacks.level || differs.contains(&Differs::Level))
            && charge.is_conviction()
        {
            self.line(subject, case, charge, order, ("level", level.word()))?;
        }
        if lacks.section || differs.contains(&Differs::Section) {
            let section = offences.normal(charge.offence());
            if !section.is_empty() {
                self.line(subject, case, charge, order, ("section", &section))?;
            }
        }
        if let Some(day) = charge.day()
            && (lacks.date || differs.contains(&Differs::Date))
        {
            self.line(subject, case, charge, order, ("conviction date", &day.to_string()))?;
        }
        if lacks.outcome || differs.contains(&Differs::Disposition) {
            use vacatur_records::DispositionKind as Kind;
            let word = match charge.disposition {
                Some(Kind::Convicted) => "convicted",
                Some(Kind::NotConvicted | Kind::Juvenile) => "not convicted",
                _ => "",
            };
            if !word.is_empty() {
                self.line(subject, case, charge, order, ("disposition", word))?;
            }
        }
        let (name, ori, county) = (self.seat)(case.court);
        let seat = Seat { name: &name, ori: &ori, county: &county };
        if charge.relief_unclear {
            let place = self.place(case, charge.line);
            let order = CountOrder::new(order.cycle(), order.step(), order.count(), 999);
            self.rows.unread(whose, (seat, &place), case, order);
        }
        for (at, relief) in charge.relief.iter().enumerate() {
            if differs.contains(&Differs::ReliefNotReported(relief.kind)) {
                let place = self.place(case, charge.line);
                let part = LATER + at.min(MOST_LATER) as u16;
                let order = CountOrder::new(order.cycle(), order.step(), order.count(), part);
                self.rows.relief(whose, (seat, &place), case, relief, order);
            }
        }
        if charge.is_conviction() {
            self.offence_date(subject, case, charge, order)?;
        }
        Ok(())
    }

    /// The day of the offence, which the state's file never has.
    fn offence_date(
        &mut self,
        subject: &str,
        case: &CourtCase,
        charge: &CourtCharge,
        order: CountOrder,
    ) -> Result<(), RunError> {
        let Some((span, None | Some(Gap::Partial))) = charge.offence_date else { return Ok(()) };
        let after = charge.disposed.is_some_and(|(disposed, _)| span.after(disposed).is_yes());
        let text = date(span);
        if after || text.is_empty() || !is_day_month_or_year(&text) {
            return Ok(());
        }
        self.line(subject, case, charge, order, ("offence date", &text))
    }

    fn line(
        &mut self,
        subject: &str,
        case: &CourtCase,
        charge: &CourtCharge,
        order: CountOrder,
        (fact, value): (&str, &str),
    ) -> Result<(), RunError> {
        let name = self.names.get(case.file as usize).map_or("", String::as_str);
        let document = format!("{name}, line {}, case {}", charge.line, case.number);
        let order = CountOrder::new(order.cycle(), order.step(), order.count(), order.part()).to_string();
        self.evidence_lines += 1;
        self.evidence.row(&[subject, &order, fact, value, &document, SAID_BY, "", ""])
    }
}

/// Whether a charge may have ended in a conviction.
fn may_convict(charge: &CourtCharge) -> bool {
    use vacatur_records::DispositionKind as Kind;
    !matches!(charge.disposition, Some(Kind::NotConvicted | Kind::Juvenile | Kind::Pending))
}

/// Whether a span is written as evidence takes it: `2003`, `2003-05` or `2003-05-12`.
fn is_day_month_or_year(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// The people of the state's file of whom a case in doubt may be: the case, by person.
pub(crate) fn possible(who: &[Who]) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for (case, who) in who.iter().enumerate() {
        if let Who::Doubt(candidates) = who {
            found.extend(candidates.iter().map(|candidate| (candidate.state, case as u32)));
        }
    }
    found.sort_unstable();
    found
}
