//! The lists that lives are made of: offences, counties and the words of names, read from the crate's own data.

use std::sync::OnceLock;

/// An offence that can be charged.
#[derive(Debug, PartialEq, Eq)]
pub struct Offence {
    /// Whether it is one of the cannabis offences that Proposition 64 changed, under its number of the day.
    pub cannabis: bool,
    /// The section in normal form: `HS 11359(b)`; a compound charge is `PC 136.1 + PC 186.22(b)(4)`.
    pub section: String,
    pub(crate) family: Family,
    /// As files write it, without the code: `11359(B)`, `136.1/186.22(B)(4)`.
    pub(crate) number: String,
    /// The code's two letters.
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    /// `F`, `M`, `I` or `W`.
    pub(crate) level: char,
    pub(crate) weight: u32,
    pub(crate) years: (i16, i16),
    /// Stands in the OFFENSE_CODE columns; the numbers are this crate's own.
    pub(crate) ordinal: u32,
}

/// A group of offences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Cannabis,
    Near,
    Petty,
    Traffic,
    Property,
    Drug,
    Violent,
    SuperStrike,
    Gang,
    Sex,
}

impl Family {
    /// All but cannabis, in the order of the profile's weights.
    pub(crate) const OTHERS: [Self; 9] = [
        Self::Near,
        Self::Petty,
        Self::Traffic,
        Self::Property,
        Self::Drug,
        Self::Violent,
        Self::SuperStrike,
        Self::Gang,
        Self::Sex,
    ];

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cannabis" => Self::Cannabis,
            "near" => Self::Near,
            "petty" => Self::Petty,
            "traffic" => Self::Traffic,
            "property" => Self::Property,
            "drug" => Self::Drug,
            "violent" => Self::Violent,
            "super_strike" => Self::SuperStrike,
            "gang" => Self::Gang,
            "sex" => Self::Sex,
            _ => return None,
        })
    }
}

/// A county.
pub(crate) struct County {
    pub(crate) name: &'static str,
    pub(crate) weight: u32,
    /// Its towns; the county's own name if it has none.
    pub(crate) towns: Vec<&'static str>,
}

/// Words that names are built from.
#[derive(Default)]
pub(crate) struct Words {
    pub(crate) family: Vec<&'static str>,
    pub(crate) accented: Vec<&'static str>,
    pub(crate) given: Vec<&'static str>,
    pub(crate) ending: Vec<&'static str>,
    pub(crate) accented_given: Vec<&'static str>,
}

/// Everything, read once.
pub(crate) struct Lists {
    pub(crate) offences: Vec<Offence>,
    /// Where each family's offences stand in the list: they stand together.
    families: [std::ops::Range<usize>; 10],
    pub(crate) counties: Vec<County>,
    pub(crate) words: Words,
}

/// The lists. A line that cannot be read is left out; the tests see to it that there is none.
pub(crate) fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let offences: Vec<Offence> =
            lines(OFFENCES).enumerate().filter_map(|(at, line)| offence(line, at as u32)).collect();
        let mut families: [std::ops::Range<usize>; 10] = Default::default();
        for (at, offence) in offences.iter().enumerate() {
            let range = &mut families[offence.family as usize];
            *range = if range.end == 0 { at..at + 1 } else { range.start..at + 1 };
        }
        Lists { offences, families, counties: lines(COUNTIES).filter_map(county).collect(), words: words() }
    })
}

impl Lists {
    /// The offences of a family.
    pub(crate) fn of(&self, family: Family) -> &[Offence] {
        &self.offences[self.families[family as usize].clone()]
    }
}

const OFFENCES: &str = include_str!("../data/offences.txt");
const COUNTIES: &str = include_str!("../data/counties.txt");
const NAMES: &str = include_str!("../data/names.txt");

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn offence(line: &'static str, ordinal: u32) -> Option<Offence> {
    let cells: Vec<&'static str> = line.split('|').map(str::trim).collect();
    let [family, code, numbers, words, level, weight, from, to] = cells[..] else { return None };
    let family = Family::named(family)?;
    let (first, second) = numbers.split_once('+').map_or((numbers, None), |(a, b)| (a, Some(b)));
    let mut section = format!("{code} {first}");
    let mut number = first.to_uppercase();
    if let Some(second) = second {
        section = format!("{section} + {second}");
        number = format!("{number}/{}", second.split_once(' ')?.1.to_uppercase());
    } else if let Some((one, other)) = first.split_once('/') {
        section = format!("{code} {one} + {code} {other}");
    }
    Some(Offence {
        cannabis: family == Family::Cannabis,
        section,
        family,
        number,
        code,
        words,
        level: level.chars().next().filter(|level| "FMIW".contains(*level))?,
        weight: weight.parse().ok()?,
        years: (from.parse().ok()?, to.parse().ok()?),
        ordinal,
    })
}

fn county(line: &'static str) -> Option<County> {
    let mut cells = line.split('|').map(str::trim);
    let (name, weight, towns) = (cells.next()?, cells.next()?.parse().ok()?, cells.next()?);
    let mut towns: Vec<_> = towns.split(',').map(str::trim).filter(|town| !town.is_empty()).collect();
    if towns.is_empty() {
        towns.push(name);
    }
    Some(County { name, weight, towns })
}

fn words() -> Words {
    let mut words = Words::default();
    let mut heading = "";
    for line in lines(NAMES) {
        if let Some(name) = line.strip_prefix('[') {
            heading = name.trim_end_matches(']');
            continue;
        }
        let list = match heading {
            "family" => &mut words.family,
            "accented" => &mut words.accented,
            "given" => &mut words.given,
            "ending" => &mut words.ending,
            _ => &mut words.accented_given,
        };
        list.extend(line.split_whitespace());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lists_is_read() {
        let lists = lists();
        assert_eq!(lists.offences.len(), lines(OFFENCES).count());
        assert_eq!(lists.counties.len(), 58);
        assert!(lists.counties.is_sorted_by_key(|county| county.name));
        for family in Family::OTHERS.into_iter().chain([Family::Cannabis]) {
            assert!(!lists.of(family).is_empty());
            assert!(
                lists.of(family).iter().all(|offence| offence.family == family),
                "{family:?} stands apart"
            );
        }
        let words = &lists.words;
        for list in [&words.family, &words.accented, &words.given, &words.ending, &words.accented_given] {
            assert!(list.len() > 5);
        }
    }

    #[test]
    fn sections_have_a_normal_form_and_a_written_one() {
        let find = |section: &str| lists().offences.iter().find(|offence| offence.section == section);
        assert_eq!(find("HS 11359(b)").map(|o| o.number.as_str()), Some("11359(B)"));
        let gang = find("PC 136.1 + PC 186.22(b)(4)");
        assert_eq!(gang.map(|o| o.number.as_str()), Some("136.1/186.22(B)(4)"));
        assert!(find("PC 484 + PC 488").is_some());
    }

    #[test]
    fn every_year_has_an_offence_of_cannabis_and_of_most_families() {
        for year in 1953..=2020 {
            for family in [Family::Cannabis, Family::Petty, Family::Property, Family::Drug, Family::Violent] {
                let any = lists().offences.iter().any(|offence| {
                    offence.family == family && (offence.years.0..=offence.years.1).contains(&year)
                });
                assert!(any, "{family:?} in {year}");
            }
        }
    }
}
