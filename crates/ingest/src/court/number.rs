//! Case numbers: as recorded, and in the one form in which they are compared.

/// A way in which a court writes its case numbers: `#` is a digit, `@` a letter, `yy` or `yyyy` the year, other letters
/// and digits stand for themselves, other signs may be missing. What stands in `(…)` may be left out and is no part of
/// the number: the number of the defendant behind it, the letters of a branch before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePattern {
    text: String,
    /// With every part in brackets or without, the longest first.
    ways: Vec<Vec<Piece>>,
}

/// A piece of a pattern, and whether it stands in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    mark: Mark,
    aside: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// So many digits. Leading zeros may be missing where the number ends or a sign follows.
    Digits(usize),
    Letter,
    Own(char),
    Year,
}

/// A case number in its compared form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CaseKey {
    /// Letters in capitals, figures without leading zeros, years in four digits, all else gone: `BA12345`.
    pub key: String,
    /// The defendant's number, if one stood behind it: `01`.
    pub defendant: String,
}

vacatur_records::silent_debug!(CaseKey);

/// How many parts of a pattern may stand in brackets.
const MOST_ASIDE: usize = 3;

impl CasePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts: Vec<(String, bool)> = vec![(String::new(), false)];
        for c in text.chars() {
            let (within, aside) = parts.last_mut().map_or((true, false), |part| (part.0.is_empty(), part.1));
            match c {
                '(' if !aside => parts.push((String::new(), true)),
                ')' if aside && !within => parts.push((String::new(), false)),
                '(' | ')' => return Err(format!("the pattern `{text}` has a bracket out of place")),
                c if c.is_control() => {
                    return Err(format!("the pattern `{text}` has a sign that no case number has"));
                }
                c => parts.last_mut().into_iter().for_each(|part| part.0.push(c)),
            }
        }
        if parts.last().is_some_and(|part| part.1) {
            return Err(format!("the pattern `{text}` has `(` without `)`"));
        }
        let asides = parts.iter().filter(|part| part.1).count();
        if asides > MOST_ASIDE {
            return Err(format!("the pattern `{text}` has more than {MOST_ASIDE} parts in brackets"));
        }
        let mut ways: Vec<Vec<Piece>> = Vec::new();
        for left_out in 0..1usize << asides {
            let mut way = Vec::new();
            let mut number = 0;
            for (part, aside) in &parts {
                let out = *aside && left_out >> number & 1 == 1;
                number += usize::from(*aside);
                if !out {
                    pieces(part, *aside, &mut way);
                }
            }
            ways.push(way);
        }
        ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
        let digits = |way: &Vec<Piece>| -> usize {
            let of = |piece: &Piece| match piece.mark {
                Mark::Digits(digits) if !piece.aside => digits,
                _ => 0,
            };
            way.iter().map(of).sum()
        };
        if ways.iter().any(|way| digits(way) < 3) {
            return Err(format!(
                "the pattern `{text}` needs at least three digits outside brackets, or it would fit what is no case number"
            ));
        }
        Ok(Self { text: text.to_owned(), ways })
    }

    /// The pattern as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number in its compared form; `None` if it does not fit. Letter case, blanks and signs do not matter.
    /// `whole`: no leading zero is missing. `pivot`: years of two digits up to it are of this century.
    #[must_use]
    pub fn key(&self, recorded: &str, whole: bool, pivot: u8) -> Option<CaseKey> {
        let text: Vec<char> = recorded.chars().flat_map(char::to_uppercase).collect();
        self.ways.iter().find_map(|way| {
            let mut found = CaseKey { key: String::new(), defendant: String::new() };
            fit(&text, way, whole, pivot, &mut found)?;
            Some(found)
        })
    }
}

fn pieces(part: &str, aside: bool, way: &mut Vec<Piece>) {
    let mut rest = part;
    // Figures over a sign are two numbers: 98-1234.
    let mut joined = false;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        let mark = match c {
            '#' => Some(Mark::Digits(1)),
            '@' => Some(Mark::Letter),
            'y' if rest.starts_with("yyyy") => {
                taken = 4;
                Some(Mark::Year)
            }
            'y' if rest.starts_with("yy") => {
                taken = 2;
                Some(Mark::Year)
            }
            c if c.is_alphanumeric() => Some(Mark::Own(c.to_ascii_uppercase())),
            _ => None,
        };
        match (mark, way.last_mut()) {
            (Some(Mark::Digits(_)), Some(Piece { mark: Mark::Digits(digits), aside: before }))
                if joined && *before == aside =>
            {
                *digits += 1;
            }
            (Some(mark), _) => way.push(Piece { mark, aside }),
            (None, _) => {}
        }
        joined = mark.is_some();
        rest = rest.get(taken..).unwrap_or_default();
    }
}

/// Fits text to pieces from the front; there is one way to do it, since figures are taken as many as there may be.
fn fit(text: &[char], way: &[Piece], whole: bool, pivot: u8, found: &mut CaseKey) -> Option<()> {
    let mut rest = text;
    let mut behind = false;
    for (at, piece) in way.iter().enumerate() {
        let mut apart = false;
        while let [sign, after @ ..] = rest
            && !sign.is_alphanumeric()
        {
            (rest, apart) = (after, true);
        }
        // Figures right behind figures: which of them belong together is only known by their number.
        let behind_figures = !apart
            && at
                .checked_sub(1)
                .and_then(|at| way.get(at))
                .is_some_and(|p| matches!(p.mark, Mark::Digits(_)));
        let into = if !piece.aside {
            behind = true;
            Some(&mut found.key)
        } else if behind {
            Some(&mut found.defendant)
        } else {
            // The letters of a branch before the number.
            None
        };
        match piece.mark {
            Mark::Letter | Mark::Own(_) => {
                let (&c, after) = rest.split_first()?;
                let fits = if let Mark::Own(own) = piece.mark { c == own } else { c.is_ascii_uppercase() };
                if !fits {
                    return None;
                }
                rest = after;
                into.into_iter().for_each(|into| into.push(c));
            }
            Mark::Digits(most) => {
                let mut run = rest.iter().take_while(|c| c.is_ascii_digit()).count();
                // More than there should be, by zeros before it.
                while !whole && run > most && rest.first() == Some(&'0') {
                    rest = rest.get(1..).unwrap_or_default();
                    run -= 1;
                }
                // Fewer than there should be: the rest were zeros, if the run is all there is of this number.
                let digits = run.min(most);
                let alone =
                    !matches!(way.get(at + 1), Some(Piece { mark: Mark::Digits(_) | Mark::Year, .. }))
                        || rest.get(digits).is_some_and(|c| !c.is_alphanumeric());
                if digits == 0 || (digits < most && (whole || !alone || behind_figures)) {
                    return None;
                }
                let (taken, after) = rest.split_at_checked(digits)?;
                rest = after;
                if let Some(into) = into {
                    if into.ends_with(|c: char| c.is_ascii_digit()) {
                        into.push('.');
                    }
                    let from = taken.iter().position(|&c| c != '0').unwrap_or(taken.len() - 1);
                    into.extend(taken.get(from..).unwrap_or_default());
                }
            }
            Mark::Year => {
                let run = rest.iter().take_while(|c| c.is_ascii_digit()).count();
                let four: String = rest.iter().take(4).collect();
                let is_year = run >= 4 && (four.starts_with("19") || four.starts_with("20"));
                // `2015001234` may also be the year 20 and a longer number: the number decides by its length.
                let short = !is_year || digits_after(way, at).is_some_and(|after| run == 2 + after);
                let taken = if short { 2 } else { 4 };
                if run < taken {
                    return None;
                }
                let (year, after) = rest.split_at_checked(taken)?;
                let year: u32 = year.iter().collect::<String>().parse().ok()?;
                rest = after;
                let year = match year {
                    0..=99 if year <= u32::from(pivot) => 2000 + year,
                    0..=99 => 1900 + year,
                    _ => year,
                };
                if let Some(into) = into {
                    if into.ends_with(|c: char| c.is_ascii_digit()) {
                        into.push('.');
                    }
                    into.push_str(&year.to_string());
                }
            }
        }
    }
    rest.iter().all(|c| !c.is_alphanumeric()).then_some(())
}

/// The figures that directly follow a year in the pattern.
fn digits_after(way: &[Piece], at: usize) -> Option<usize> {
    match way.get(at + 1)?.mark {
        Mark::Digits(digits) => Some(digits),
        _ => None,
    }
}

/// As [`key`], of a number with all its zeros.
pub(super) fn whole_key(recorded: &str, patterns: &[CasePattern], pivot: u8) -> Option<CaseKey> {
    patterns.iter().find_map(|pattern| pattern.key(recorded, true, pivot))
}

/// The number by the first pattern that fits it: those that it fits with all zeros before those with some missing.
pub(super) fn key(recorded: &str, patterns: &[CasePattern], pivot: u8) -> Option<CaseKey> {
    if recorded.chars().filter(char::is_ascii_digit).count() < 2 {
        return None;
    }
    [true, false]
        .iter()
        .find_map(|whole| patterns.iter().find_map(|pattern| pattern.key(recorded, *whole, pivot)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(recorded: &str) -> String {
        let patterns = [
            "(@@)BA######(-##)",
            "BA######(-##)",
            "A######",
            "yyCR#####",
            "F-#####",
            "CR-##-####",
            "#@@#####",
            "yyyy######",
        ]
        .map(|text| CasePattern::parse(text).unwrap());
        key(recorded, &patterns, 30).map_or("none".into(), |found| {
            if found.defendant.is_empty() {
                found.key
            } else {
                format!("{} of {}", found.key, found.defendant)
            }
        })
    }

    #[test]
    fn one_form_for_all_ways_to_write_a_number() {
        for (recorded, expected) in [
            ("BA012345", "BA12345"),
            ("ba 012345", "BA12345"),
            ("BA-12345", "BA12345"),
            ("BA012345-01", "BA12345 of 1"),
            ("BA01234501", "BA12345 of 1"),
            ("BA 012345 / 2", "BA12345 of 2"),
            ("LABA012345-01", "BA12345 of 1"),
            ("15CR00123", "2015CR123"),
            ("2015CR00123", "2015CR123"),
            ("2015-CR-123", "2015CR123"),
            ("98CR00123", "1998CR123"),
            ("F12345", "F12345"),
            ("F-00345", "F345"),
            ("F-0012345", "F12345"),
            ("BA0012345-01", "BA12345 of 1"),
            ("BA1012345", "none"),
            ("CR-98-0012", "CR98.12"),
            ("CR980012", "CR98.12"),
            ("CR-98-12", "CR98.12"),
            ("3VN01234", "3VN1234"),
            ("2015001234", "2015.1234"),
            ("15001234", "2015.1234"),
            ("", "none"),
            ("UNKNOWN", "none"),
            ("BA1234567890", "none"),
            ("ZZ999", "none"),
        ] {
            assert_eq!(said(recorded), expected, "{recorded}");
        }
    }

    #[test]
    fn patterns_that_fit_anything_are_refused() {
        for text in ["", "@@@@", "##", "#(####)", "((###))", "(###", "###)", "()###", "###\u{0}"] {
            assert!(CasePattern::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(pattern in "[#@yA()-]{0,14}", recorded in ".{0,30}") {
            if let Ok(pattern) = CasePattern::parse(&pattern) {
                let _ = pattern.key(&recorded, false, 30);
            }
        }
    }
}
