//! Reads one section at a place in a cleaned text: code letters, number, subdivisions, code letters.

use crate::Code;
use crate::grammar::Grammar;
use crate::raw::{Raw, Unreadable, parts};

/// A place in a cleaned text.
pub(crate) struct Reader<'a> {
    pub(crate) grammar: &'a Grammar,
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
    /// Inside running text, where fewer letters can be taken for codes.
    pub(crate) free: bool,
}

/// No Californian section goes deeper.
const DEEPEST: usize = 8;

/// Felony, misdemeanor, infraction: letters that records set beside a section.
const LEVELS: &[u8] = b"FMI";

impl<'a> Reader<'a> {
    pub(crate) fn new(grammar: &'a Grammar, text: &'a [u8], at: usize) -> Self {
        Self { grammar, text, at, free: false }
    }

    /// The byte `ahead` of here; 0 past the end.
    pub(crate) fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(crate) fn blank(&mut self) {
        while self.peek(0) == b' ' {
            self.at += 1;
        }
    }

    /// The number of digits from `ahead` of here.
    pub(crate) fn digits(&self, ahead: usize) -> usize {
        self.run(ahead, |byte| byte.is_ascii_digit())
    }

    /// The number of letters from `ahead` of here.
    pub(crate) fn letters(&self, ahead: usize) -> usize {
        self.run(ahead, |byte| byte.is_ascii_uppercase())
    }

    fn run(&self, ahead: usize, belongs: impl Fn(u8) -> bool) -> usize {
        self.text.iter().skip(self.at + ahead).take_while(|&&byte| belongs(byte)).count()
    }

    /// One of `words`, the longest first, standing here as a whole word; its length.
    pub(crate) fn word(&self, words: &[Box<[u8]>]) -> Option<usize> {
        let here = self.text.get(self.at..)?;
        let fits = |word: &[u8]| {
            let closed = word.last().is_some_and(|last| !last.is_ascii_alphanumeric());
            here.starts_with(word) && (closed || !self.peek(word.len()).is_ascii_alphanumeric())
        };
        words.iter().find(|word| fits(word)).map(|word| word.len())
    }

    /// Code letters `ahead` of here, and how long they are.
    fn code(&self, ahead: usize, before_number: bool) -> Option<(Code, usize)> {
        let here = self.text.get(self.at + ahead..)?;
        let first = *here.first()?;
        let ends = |len: usize| match here.get(len) {
            Some(next) if before_number => !next.is_ascii_uppercase(),
            Some(next) => !next.is_ascii_alphanumeric(),
            None => !before_number,
        };
        self.grammar
            .spellings_with(first)
            .iter()
            .filter(|spelling| spelling.in_free_text || !self.free)
            .find(|spelling| here.starts_with(&spelling.text) && ends(spelling.text.len()))
            .map(|spelling| (spelling.code, spelling.text.len()))
    }

    /// Code letters before a number; moves past them only if a number follows.
    fn code_in_front(&mut self) -> Option<Code> {
        let start = self.at;
        self.fillers();
        let code = self.code(0, true).map(|(code, len)| {
            self.at += len;
            self.skip_marks(b" -.:,#");
            code
        });
        self.fillers();
        if !self.peek(0).is_ascii_digit() {
            self.at = start;
            return None;
        }
        code
    }

    /// Moves past `CODE SECTION` and the like.
    fn fillers(&mut self) {
        for _ in 0..2 {
            if let Some(len) = self.word(&self.grammar.words.fillers) {
                self.at += len;
                self.skip_marks(b" .");
            }
        }
    }

    /// Moves past up to three of `marks`: more than that is not how a section is written.
    fn skip_marks(&mut self, marks: &[u8]) {
        for _ in 0..3 {
            if marks.contains(&self.peek(0)) {
                self.at += 1;
            }
        }
    }

    /// Code letters behind a number.
    fn code_behind(&mut self) -> Option<Code> {
        let gap = self.run(0, |byte| byte == b' ');
        let mark = self.peek(gap);
        // `11359, HS`, `11359 (HS)`, `11359-HS`
        let gap_to = match mark {
            b',' | b'.' | b'(' | b'-' => gap + 1 + usize::from(self.peek(gap + 1) == b' '),
            _ => gap,
        };
        let (code, len) = self.code(gap_to, false)?;
        let common =
            |code| self.grammar.spellings.iter().any(|other| other.code == code && other.in_free_text);
        // Behind a dash a description begins, unless it is surely the letters.
        if mark == b'-' && !common(code) {
            return None;
        }
        self.at += gap_to + len;
        if mark == b'(' {
            if self.peek(0) != b')' {
                self.at -= gap_to + len;
                return None;
            }
            self.at += 1;
        }
        Some(code)
    }

    /// A section here, `None` if nothing here looks like one. A number with `664` or `182` glued in front of it gives
    /// two.
    pub(crate) fn sections(&mut self) -> Result<Option<(Option<Raw>, Raw)>, Unreadable> {
        let start = self.at;
        let in_front = self.code_in_front();
        if !self.peek(0).is_ascii_digit() {
            self.at = start;
            return Ok(None);
        }
        let glued = self.glued_marker();
        let number = self.number()?;
        let suffix = self.suffix()?;
        let mut subdivisions = self.subdivisions(suffix.is_empty())?;
        let place = self.at;
        // `HS 11357 PC 187`: letters behind belong to the next number if there were some in front.
        let behind = self.code_behind().filter(|&code| in_front.is_none_or(|front| front == code));
        if behind.is_none() {
            self.at = place;
        }
        // `11357 HS (C)`
        if behind.is_some() && suffix.is_empty() && subdivisions.is_empty() {
            let place = self.at;
            subdivisions = self.subdivisions(false).unwrap_or_default();
            let is_level = matches!(subdivisions.as_slice(), [one] if matches!(one.as_bytes(), [one] if LEVELS.contains(one)));
            if is_level || self.text.get(self.at.wrapping_sub(1)) != Some(&b')') {
                subdivisions.clear();
                self.at = place;
            }
        }
        let raw =
            Raw { code: in_front.or(behind), code_behind: behind.is_some(), number, suffix, subdivisions };
        Ok(Some((glued, raw)))
    }

    /// `66411357`: moves past the digits of the attempt. No Californian section number is that long.
    fn glued_marker(&mut self) -> Option<Raw> {
        let len = self.digits(0);
        let here = self.text.get(self.at..)?;
        let glued = |number: &str, lengths: std::ops::RangeInclusive<usize>| {
            here.starts_with(number.as_bytes())
                && lengths.contains(&len)
                && here.get(number.len()) != Some(&b'0')
        };
        let (attempt, conspiracy) = (&self.grammar.attempt.number, &self.grammar.conspiracy.number);
        // Six digits beginning with 182 can be a section of the longest codes; eight cannot.
        let number = if glued(attempt, 6..=8) {
            attempt
        } else if glued(conspiracy, 8..=8) {
            conspiracy
        } else {
            return None;
        };
        self.at += number.len();
        Some(Raw {
            code: None,
            code_behind: false,
            number: number.to_string(),
            suffix: String::new(),
            subdivisions: Vec::new(),
        })
    }

    /// Digits with at most three decimals.
    fn number(&mut self) -> Result<String, Unreadable> {
        let whole = self.digits(0);
        if whole > 6 || self.peek(0) == b'0' {
            return Err(Unreadable);
        }
        let mut number = self.take(whole);
        let decimals = self.digits(1);
        let is_marker = self.grammar.marks(&number).is_some();
        match self.peek(0) {
            // `664.11359` joins; so does anything with more decimals than sections have.
            b'.' if (1..=3).contains(&decimals) && !(is_marker && decimals == 3) => {
                self.at += 1;
                number.push('.');
                number.push_str(&self.take(decimals));
            }
            // `496,3(A)` is a misread point.
            b',' if decimals == 1 || (decimals == 2 && self.peek(3) == b'(') => {
                self.at += 1;
                number.push('.');
                number.push_str(&self.take(decimals));
            }
            // `186,22 PC` can be a point or a list, `11,357` a thousand or a list.
            b',' if decimals == 2 || (decimals == 3 && whole < 3) => return Err(Unreadable),
            _ => {}
        }
        Ok(number)
    }

    fn take(&mut self, len: usize) -> String {
        let end = (self.at + len).min(self.text.len());
        let taken = String::from_utf8_lossy(self.text.get(self.at..end).unwrap_or_default()).into_owned();
        self.at = end;
        taken
    }

    /// What is glued to a number: nothing before code letters, else a short subdivision.
    fn suffix(&mut self) -> Result<String, Unreadable> {
        if !self.peek(0).is_ascii_alphanumeric() || self.code(0, false).is_some() {
            return Ok(String::new());
        }
        let letters = self.letters(0);
        if letters == 0 {
            return Err(Unreadable);
        }
        // `288APC`, `11357BHS`
        for len in 1..=2 {
            if letters > len && self.code(len, false).is_some() {
                return Ok(self.take(len));
            }
        }
        let digits = self.digits(letters);
        let more = self.letters(letters + digits);
        let len = letters + digits + more;
        if letters > 2 || digits > 2 || more > 1 || self.peek(len).is_ascii_digit() {
            return Err(Unreadable);
        }
        let suffix = self.take(len);
        // `11357C)`: the opening bracket was lost.
        if self.peek(0) == b')' {
            self.at += 1;
        }
        Ok(suffix)
    }

    /// `(A)(3)(D)`, also with blanks, without the closing bracket, or with the later ones without brackets.
    fn subdivisions(&mut self, may_stand_alone: bool) -> Result<Vec<String>, Unreadable> {
        let mut found = Vec::new();
        loop {
            let gap = self.run(0, |byte| byte == b' ');
            if self.peek(gap) == b'(' {
                match self.bracketed(gap) {
                    Some((parts, len)) => {
                        found.extend(parts);
                        self.at += len;
                    }
                    // A bracket behind a blank, or round a word, begins a description.
                    None if gap > 0 || self.letters(1) >= 4 || self.code(1, false).is_some() => break,
                    None => return Err(Unreadable),
                }
            } else if !found.is_empty() && gap == 0 && self.is_loose_part() {
                let len = self.digits(0).max(1);
                found.push(self.take(len));
            } else {
                if found.is_empty() && may_stand_alone {
                    found.extend(self.unbracketed());
                }
                break;
            }
            if found.len() > DEEPEST {
                return Err(Unreadable);
            }
        }
        Ok(found)
    }

    /// `11357-C HS`, `11357.C HS`, `11357 C HS`: a subdivision whose brackets were lost.
    fn unbracketed(&mut self) -> Option<String> {
        let (mark, letter) = (self.peek(0), self.peek(1));
        if !b" -./,".contains(&mark) || !letter.is_ascii_uppercase() || self.peek(2).is_ascii_alphanumeric() {
            return None;
        }
        let code_follows = self.code(2, false).is_some() || self.code(3, false).is_some();
        // `11359 F HS` gives the level, not a subdivision.
        let closed = match mark {
            b' ' => code_follows && !LEVELS.contains(&letter),
            b'-' => code_follows || matches!(self.peek(2), 0 | b'(' | b'-'),
            _ => code_follows,
        };
        if !closed || self.code(1, false).is_some() {
            return None;
        }
        self.at += 1;
        Some(self.take(1))
    }

    /// `(A)`, `( 1 )`, `(A1)`, `(C ` at `gap` from here: the subdivisions and how far they reach.
    fn bracketed(&self, gap: usize) -> Option<(Vec<String>, usize)> {
        let mut from = gap + 1;
        from += usize::from(self.peek(from) == b' ');
        let len = self.run(from, |byte| byte.is_ascii_alphanumeric()).min(6);
        let inside = std::str::from_utf8(self.text.get(self.at + from..self.at + from + len)?).ok()?;
        let mut after = from + len;
        match self.peek(after) {
            b')' => after += 1,
            b' ' if self.peek(after + 1) == b')' => after += 2,
            b' ' | b'-' | b'(' | 0 if len == 1 && gap == 0 => {}
            _ => return None,
        }
        Some((parts(inside)?, after))
    }

    /// `245(A)1 PC`: a letter or a short number right behind a bracket.
    fn is_loose_part(&self) -> bool {
        let digits = self.digits(0);
        let letters = self.letters(0);
        let len = digits + letters;
        !self.peek(len).is_ascii_alphanumeric()
            && self.code(0, false).is_none()
            && ((letters == 0 && (1..=2).contains(&digits)) || (digits == 0 && letters == 1))
    }
}
