//! A whole charge: sections joined to one another, with the attempt or conspiracy that they carry.

use crate::grammar::Mark;
use crate::raw::{Raw, Unreadable};
use crate::reader::Reader;
use crate::{CodeSection, Offence};

/// A charge that was read, and what was left of the text.
pub(crate) struct Charge {
    pub(crate) offence: Offence,
    /// Where the charge ends and a description may begin.
    pub(crate) end: usize,
    /// No words stood before it.
    pub(crate) plain: bool,
}

/// More sections than this are a list of something else.
const MOST_SECTIONS: usize = 12;

/// How two numbers are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `/`, `+`, `&`, a comma, a word: certainly joins numbers.
    Firm,
    /// A dash or a point between two numbers.
    Dash,
    /// A blank: joins what has code letters of its own, or ends the text.
    Blank,
    /// A dash behind code letters: begins a description, except behind an attempt or conspiracy.
    Behind,
}

impl Reader<'_> {
    /// Reads a charge that begins here; `None` if nothing here can be read as one with certainty.
    pub(crate) fn charge(&mut self) -> Option<Charge> {
        let start = self.at;
        let (mut attempt, mut conspiracy) = (false, false);
        for _ in 0..2 {
            if let Some(len) = self.word(&self.grammar.attempt.words) {
                (attempt, self.at) = (true, self.at + len);
            } else if let Some(len) = self.word(&self.grammar.conspiracy.words) {
                (conspiracy, self.at) = (true, self.at + len);
            }
            self.marks();
        }
        let plain = !attempt && !conspiracy;
        if plain {
            self.at = start;
        }
        let raws = self.joined().ok()??;
        let end = self.at;
        // `11357X9`, `187MURDER`: glued to what cannot be read.
        if self.peek(0).is_ascii_alphanumeric() && self.text.get(end.wrapping_sub(1)) != Some(&b')') {
            return None;
        }
        if self.peek(0) == b'?' {
            return None;
        }
        let read = self.settle(&raws).ok()?;
        let (tail_attempt, tail_conspiracy) = if self.free { (false, false) } else { self.tail_words(end) };
        let offence = Offence::read(
            read.sections,
            attempt || read.attempt || tail_attempt,
            conspiracy || read.conspiracy || tail_conspiracy,
            read.has_target,
        );
        Some(Charge { offence, end, plain })
    }

    /// Moves past `COUNT 1:`.
    pub(crate) fn count_number(&mut self) {
        let place = self.at;
        if let Some(len) = self.word(&self.grammar.words.counters) {
            self.at += len;
            self.marks();
            let digits = self.digits(0);
            self.at += digits;
            if (1..=2).contains(&digits) && b" -:.)".contains(&self.peek(0)) {
                self.marks();
            } else {
                self.at = place;
            }
        }
    }

    /// Moves past marks between words.
    fn marks(&mut self) {
        while b" -/:.,)#".contains(&self.peek(0)) {
            self.at += 1;
        }
    }

    /// Sections, as long as something joins them.
    fn joined(&mut self) -> Result<Option<Vec<Raw>>, Unreadable> {
        let mut raws = Vec::new();
        let Some((glued, first)) = self.sections()? else { return Ok(None) };
        raws.extend(glued);
        raws.push(first);
        loop {
            let place = self.at;
            let last_is_mark = raws.last().is_some_and(|raw| self.grammar.marks(&raw.number).is_some());
            let behind = raws.last().is_some_and(|raw| raw.code_behind);
            let Some(joint) = self.joint(behind)? else { break };
            let number_at = self.at;
            let Ok(next) = self.sections() else {
                // `11357/1X8`: joined to a number that cannot be read. `459/2ND DEGREE`: described.
                self.at = number_at;
                if matches!(joint, Joint::Blank | Joint::Behind) || self.is_amount() {
                    self.at = place;
                    break;
                }
                return Err(Unreadable);
            };
            let Some((glued, next)) = next else {
                self.at = place;
                break;
            };
            match self.judge(joint, last_is_mark, raws.iter().any(|raw| raw.code.is_some()), &next)? {
                true => {
                    raws.extend(glued);
                    raws.push(next);
                }
                false => {
                    self.at = place;
                    break;
                }
            }
            if raws.len() > MOST_SECTIONS {
                return Err(Unreadable);
            }
        }
        Ok(Some(raws))
    }

    /// Moves past what joins two sections, if anything does.
    fn joint(&mut self, code_behind: bool) -> Result<Option<Joint>, Unreadable> {
        let place = self.at;
        self.blank();
        let spaced = self.at > place;
        let mark = self.peek(0);
        let joint = match mark {
            b'/' | b'+' | b'&' | b',' | b';' => Joint::Firm,
            b'-' if code_behind => Joint::Behind,
            b'-' => Joint::Dash,
            // `11357 .5 HS`: a number torn apart.
            b'.' if spaced && self.peek(1).is_ascii_digit() => return Err(Unreadable),
            b'.' if self.peek(1).is_ascii_digit() => Joint::Dash,
            b'.' if self.peek(1) == b' ' => Joint::Blank,
            _ => {
                if let Some(len) = self.word(&self.grammar.words.joining) {
                    self.at += len;
                    self.blank();
                    return Ok(self.or_back(place, Joint::Firm));
                }
                return Ok(if spaced { self.or_back(place, Joint::Blank) } else { None });
            }
        };
        self.at += 1;
        self.blank();
        // `212.5(A)/(C)`: a second subdivision that belongs to the same number.
        if joint == Joint::Firm && self.peek(0) == b'(' && self.peek(2) == b')' {
            return Err(Unreadable);
        }
        if mark == b'/' {
            // `484/W 487`, `246 W/ 186.22`
            if let Some(len) = self.word(&self.grammar.words.joining) {
                self.at += len;
                self.blank();
            }
        }
        Ok(self.or_back(place, joint))
    }

    /// `joint` if a section can begin here; otherwise back to `place`.
    fn or_back(&mut self, place: usize, joint: Joint) -> Option<Joint> {
        if self.peek(0).is_ascii_alphanumeric() {
            Some(joint)
        } else {
            self.at = place;
            None
        }
    }

    /// Whether a number behind a joint is a section of the charge and not the beginning of a description.
    fn judge(
        &self,
        joint: Joint,
        last_is_mark: bool,
        any_code: bool,
        next: &Raw,
    ) -> Result<bool, Unreadable> {
        let whole = next.number.split('.').next().unwrap_or_default().len();
        let has_code = next.code.is_some();
        if joint == Joint::Behind {
            return Ok(has_code && last_is_mark);
        }
        if whole <= 2 && !next.number.contains('.') && has_code && joint != Joint::Firm {
            // `11357 5 HS`, `11357-5 HS`: a lost point, or a section of its own? `484-32 PC` is plain enough.
            return if whole == 2 && joint == Joint::Dash { Ok(true) } else { Err(Unreadable) };
        }
        if !has_code && (whole <= 2 || self.is_amount_unit()) {
            return Ok(false);
        }
        Ok(match joint {
            Joint::Firm | Joint::Dash => true,
            Joint::Blank => {
                let ends = self.peek(0) == 0 || b"/+&-,".contains(&self.peek(0));
                has_code || last_is_mark || (!any_code && ends)
            }
            Joint::Behind => false,
        })
    }

    /// A short number with a word glued or close to it: `2ND`, `28.5GRAMS`.
    fn is_amount(&self) -> bool {
        let mut len = self.digits(0);
        if self.peek(len) == b'.' {
            len += 1 + self.digits(len + 1);
        }
        Reader { at: self.at + len, ..*self }.is_amount_unit()
    }

    /// A unit of measure here, or behind a blank or dash.
    fn is_amount_unit(&self) -> bool {
        let skip = usize::from(b" -".contains(&self.peek(0)));
        Reader { at: self.at + skip, ..*self }.word(&self.grammar.words.units).is_some()
    }

    /// Attempt and conspiracy told by the last words of the text: `PC-ROBBERY-ATTEMPTED`, `PC 187 (attempt)`.
    fn tail_words(&self, end: usize) -> (bool, bool) {
        let mut rest = self.text.get(end..).unwrap_or_default();
        let mut told = (false, false);
        for _ in 0..2 {
            let in_brackets = rest.last() == Some(&b')');
            let body = if in_brackets { &rest[..rest.len() - 1] } else { rest };
            let before = |words: &[Box<[u8]>]| {
                let word = words.iter().find(|word| body.ends_with(word))?;
                let before = body[..body.len() - word.len()].trim_ascii_end();
                match before.last()? {
                    b'(' if in_brackets => Some(&before[..before.len() - 1]),
                    b'-' | b':' | b',' | b';' if !in_brackets => Some(&before[..before.len() - 1]),
                    _ => None,
                }
            };
            if let Some(shorter) = before(&self.grammar.attempt.words) {
                (told.0, rest) = (true, shorter.trim_ascii_end());
            } else if let Some(shorter) = before(&self.grammar.conspiracy.words) {
                (told.1, rest) = (true, shorter.trim_ascii_end());
            }
        }
        told
    }

    /// Gives every section its letters and takes the attempts and conspiracies out.
    fn settle(&self, raws: &[Raw]) -> Result<Settled, Unreadable> {
        let mut codes: Vec<_> = raws.iter().map(|raw| raw.code).collect();
        // The letters of a compound apply to all its sections: those behind first, then those in front.
        for at in (1..codes.len()).rev() {
            codes[at - 1] = codes[at - 1].or(codes[at]);
        }
        for at in 1..codes.len() {
            codes[at] = codes[at].or(codes[at - 1]);
        }
        let (mut targets, mut markers) = (Vec::new(), Vec::new());
        let (mut attempt, mut conspiracy) = (false, false);
        for (raw, code) in raws.iter().zip(codes) {
            let section = raw.section(self.grammar, code)?;
            // Alone, `182 VC` is a section like any other; joined to another, 182 is the conspiracy.
            let mark = self.grammar.marks(section.number()).filter(|&mark| {
                raws.len() > 1 || code.is_none_or(|code| code == self.grammar.marker(mark).code)
            });
            match mark {
                Some(Mark::Attempt) => attempt = true,
                Some(Mark::Conspiracy) => conspiracy = true,
                None => {
                    // Without letters, fewer than three digits are no section to be sure of.
                    if code.is_none() && section.place().0 < 100 {
                        return Err(Unreadable);
                    }
                    targets.push(section);
                    continue;
                }
            }
            markers.push(section);
        }
        // A number of one digit is no offence of any code.
        if targets.iter().any(|target| target.place().0 < 10) {
            return Err(Unreadable);
        }
        // `HS 664` is not the section on attempts, whatever it is.
        let foreign = |section: &CodeSection| {
            let mark = self.grammar.marks(section.number());
            mark.is_some_and(|mark| section.code().is_some_and(|code| code != self.grammar.marker(mark).code))
        };
        let has_target = !targets.is_empty() || markers.iter().any(foreign);
        Ok(Settled {
            sections: if targets.is_empty() { markers } else { targets },
            attempt,
            conspiracy,
            has_target,
        })
    }
}

/// Sections with their letters, apart from the attempt or conspiracy that they carry.
struct Settled {
    sections: Vec<CodeSection>,
    attempt: bool,
    conspiracy: bool,
    has_target: bool,
}
