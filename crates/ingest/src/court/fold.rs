//! What several rows or entries say of one charge, made into one.

use vacatur_records::{
    CourtCharge, CourtRelief, CourtSentence, DateSpan, Dated, DispositionKind, Gap, Level,
};

/// What is said of a charge, before it is settled.
#[derive(Clone, Default, PartialEq)]
pub(super) struct ChargeFacts {
    pub(super) line: u64,
    pub(super) count: Option<u16>,
    pub(super) charged: String,
    pub(super) convicted: String,
    pub(super) description: String,
    pub(super) level: Option<Level>,
    pub(super) level_gap: Option<Gap>,
    pub(super) dispositions: Vec<Said>,
    pub(super) offence_date: Option<Dated>,
    pub(super) sentence: Vec<CourtSentence>,
    pub(super) relief: Vec<CourtRelief>,
    pub(super) relief_unclear: bool,
}

vacatur_records::silent_debug!(ChargeFacts);

/// A disposition that a row or entry states.
#[derive(Clone, PartialEq)]
pub(super) struct Said {
    pub(super) kind: DispositionKind,
    pub(super) text: String,
    pub(super) date: Option<Dated>,
}

vacatur_records::silent_debug!(Said);

/// Two statements of one date: what both allow, or a conflict.
pub(super) fn both(a: Option<Dated>, b: Option<Dated>) -> Option<Dated> {
    let (Some((first, gap)), Some((second, other))) = (a, b) else { return a.or(b) };
    if first.is_unknown() {
        return b;
    }
    if second.is_unknown() {
        return a;
    }
    Some(match first.both(second) {
        Some(span) => (span, if span.known().is_some() { None } else { gap.or(other) }),
        None => (first.or(second), Some(Gap::Conflict)),
    })
}

fn text(a: &mut String, b: String) {
    if a.is_empty() {
        *a = b;
    }
}

impl ChargeFacts {
    pub(super) fn is_empty(&self) -> bool {
        let Self { line, .. } = *self;
        let said =
            self.dispositions.iter().any(|said| said.kind != DispositionKind::Blank || said.date.is_some());
        !said
            && Self {
                line,
                level_gap: self.level_gap,
                dispositions: self.dispositions.clone(),
                ..Self::default()
            } == *self
    }

    /// Whether both are of one charge: they have one number, and no section on which they differ.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let agree = |a: &str, b: &str| a.is_empty() || b.is_empty() || a == b;
        self.count.is_some() && self.count == other.count && agree(&self.charged, &other.charged)
    }

    /// Takes what another row or entry says of the same charge.
    pub(super) fn absorb(&mut self, other: Self) {
        self.line = self.line.min(other.line);
        self.count = self.count.or(other.count);
        text(&mut self.charged, other.charged);
        if !self.convicted.is_empty() && !other.convicted.is_empty() && self.convicted != other.convicted {
            // Convicted of two sections under one count: neither is sure.
            self.convicted = format!("{}; {}", self.convicted, other.convicted);
        } else {
            text(&mut self.convicted, other.convicted);
        }
        text(&mut self.description, other.description);
        match (self.level, other.level) {
            (Some(one), Some(two)) if one != two => {
                (self.level, self.level_gap) = (None, Some(Gap::Conflict))
            }
            (None, Some(level)) if self.level_gap.is_none_or(|gap| gap == Gap::Blank) => {
                (self.level, self.level_gap) = (Some(level), None);
            }
            (None, None) if self.level_gap.is_none_or(|gap| gap == Gap::Blank) => {
                self.level_gap = other.level_gap.or(self.level_gap);
            }
            _ => {}
        }
        self.dispositions.extend(other.dispositions);
        self.offence_date = both(self.offence_date, other.offence_date);
        for part in other.sentence {
            if !self.sentence.contains(&part) {
                self.sentence.push(part);
            }
        }
        for relief in other.relief {
            if !self.relief.contains(&relief) {
                self.relief.push(relief);
            }
        }
        self.relief_unclear |= other.relief_unclear;
    }

    /// The charge.
    pub(super) fn settle(self) -> CourtCharge {
        let mut charge = CourtCharge {
            line: self.line,
            count: self.count,
            charged: self.charged,
            convicted: self.convicted,
            description: self.description,
            level: self.level,
            level_gap: if self.level.is_some() { None } else { self.level_gap.or(Some(Gap::Blank)) },
            offence_date: self.offence_date,
            sentence: self.sentence,
            relief: self.relief,
            relief_unclear: self.relief_unclear,
            ..CourtCharge::default()
        };
        for said in &self.dispositions {
            if let DispositionKind::Relief(kind) = said.kind {
                let date = said.date.unwrap_or((DateSpan::UNKNOWN, Some(Gap::Blank)));
                let relief = CourtRelief { kind, by: String::new(), date };
                if !charge.relief.contains(&relief) {
                    charge.relief.push(relief);
                }
            }
        }
        let (kind, text, date) = settled(&self.dispositions);
        charge.disposition = Some(kind);
        charge.disposition_text = text;
        charge.disposed = date;
        charge
    }
}

/// What all dispositions of a count come to. One that is not recognised may undo the others, so that it is the result.
fn settled(all: &[Said]) -> (DispositionKind, String, Option<Dated>) {
    use DispositionKind as K;
    let of = |wanted: fn(K) -> bool| all.iter().filter(move |said| wanted(said.kind));
    let first = |wanted: fn(K) -> bool| {
        // The earliest of those that are known to the day, else the first that there is.
        let days = of(wanted).filter(|said| said.date.is_some_and(|(span, _)| span.known().is_some()));
        days.min_by_key(|said| said.date.map(|(span, _)| span.earliest()))
            .or_else(|| of(wanted).find(|said| said.date.is_some()))
            .or_else(|| of(wanted).next())
            .map(|said| (said.kind, said.text.clone(), said.date))
    };
    if let Some(found) = first(|kind| kind == K::Unrecognized) {
        return found;
    }
    let convicted = first(|kind| kind == K::Convicted);
    let not = first(|kind| kind == K::NotConvicted);
    if let (Some(convicted), Some(not)) = (&convicted, &not) {
        // Diversion first and judgment later is a conviction. The other way round it may be a relief in other words.
        let last_not = of(|kind| kind == K::NotConvicted)
            .map(|said| said.date.map_or(DateSpan::UNKNOWN, |(span, _)| span))
            .reduce(DateSpan::max)
            .unwrap_or(DateSpan::UNKNOWN);
        let day = convicted.2.map_or(DateSpan::UNKNOWN, |(span, _)| span);
        if last_not.before(day).is_yes() {
            return convicted.clone();
        }
        return (K::Unrecognized, format!("{}; {}", convicted.1, not.1), both(convicted.2, not.2));
    }
    convicted
        .or(not)
        .or_else(|| first(|kind| kind == K::Juvenile))
        .or_else(|| first(|kind| matches!(kind, K::Relief(_))))
        .or_else(|| first(|kind| kind == K::Pending))
        .or_else(|| first(|kind| kind == K::SentenceChanged))
        .or_else(|| first(|kind| kind == K::Blank))
        .unwrap_or((K::Blank, String::new(), None))
}
