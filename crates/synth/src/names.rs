//! Names as they are spread among people: a few that very many share, and a great many that hardly anybody has.
//!
//! The words are invented: made of syllables that no language has in this order. A name that is somebody's all the
//! same is so by chance. Three origins differ in what a linker stumbles over: `hispanic` family names are few and often
//! two, `east asian` ones are fewer still and short, `european` ones are many and long. The name of rank `r` has a
//! weight of `1 / (r + q)`, in integers; `q` is chosen so that two people share a family name about as often as in the
//! published lists of the 1990 census (1 pair in 1,300 for all together, far more within some groups). A test has the
//! figures.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::random::{Dice, mixed};

/// How names are made where a profile has a table `[names]`. Shares per thousand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameSettings {
    /// People with a middle name or initial.
    pub(crate) middle: u32,
    /// Of those, the ones of whom the whole name is on file.
    pub(crate) middle_whole: u32,
    /// Hispanic family names that are two.
    pub(crate) compound: u32,
    /// People who are the twin, the son or father of the same name, the sibling or just the namesake of the person
    /// before them. Only people with an odd number can be.
    pub(crate) twins: u32,
    pub(crate) juniors: u32,
    pub(crate) siblings: u32,
    pub(crate) namesakes: u32,
}

impl NameSettings {
    /// The settings by name.
    pub(crate) fn shares(&self) -> [(&'static str, u32); 7] {
        [
            ("names.middle", self.middle),
            ("names.middle_whole", self.middle_whole),
            ("names.compound", self.compound),
            ("names.twins", self.twins),
            ("names.juniors", self.juniors),
            ("names.siblings", self.siblings),
            ("names.namesakes", self.namesakes),
        ]
    }
}

/// Which list a person's names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Hispanic,
    European,
    EastAsian,
}

impl Origin {
    /// As the truth writes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Hispanic => "hispanic",
            Self::European => "european",
            Self::EastAsian => "east_asian",
        }
    }

    /// The origin of a person's names, by the letter for race. Race says less than everything of it.
    pub(crate) fn draw(race: &str, dice: &mut Dice) -> Self {
        let (hispanic, asian) = match race {
            "H" => (930, 0),
            "A" => (10, 800),
            "W" => (110, 0),
            "B" => (20, 0),
            "I" => (200, 0),
            "O" => (300, 200),
            _ => (350, 60),
        };
        match dice.below(1000) {
            at if at < hispanic => Self::Hispanic,
            at if at < hispanic + asian => Self::EastAsian,
            _ => Self::European,
        }
    }
}

/// A name in its parts, in capitals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) last: String,
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) suffix: String,
}

impl Parts {
    /// Reads `FAMILY,GIVEN MIDDLE JR`.
    pub(crate) fn read(name: &str) -> Self {
        let (last, rest) = name.split_once(',').unwrap_or((name, ""));
        let mut words: Vec<&str> = rest.split_whitespace().collect();
        let suffix = match words.last() {
            Some(word) if words.len() > 1 && matches!(*word, "JR" | "SR" | "II" | "III") => {
                words.pop().unwrap_or_default()
            }
            _ => "",
        };
        let mut words = words.into_iter();
        Self {
            last: last.trim().to_owned(),
            first: words.next().unwrap_or_default().to_owned(),
            middle: words.collect::<Vec<_>>().join(" "),
            suffix: suffix.to_owned(),
        }
    }

    /// Writes `FAMILY,GIVEN MIDDLE JR`.
    pub(crate) fn write(&self) -> String {
        let mut name = format!("{},{}", self.last, self.first);
        for part in [&self.middle, &self.suffix] {
            if !part.is_empty() {
                name.push(' ');
                name.push_str(part);
            }
        }
        name
    }
}

/// Words with their shares.
struct Ranked {
    words: Vec<String>,
    /// The sum of the weights up to and with each word.
    upto: Vec<u32>,
}

impl Ranked {
    /// So many different words, the first the most common; fewer if the syllables do not yield more.
    fn new(number: u32, q: u32, seed: u64, mut word: impl FnMut(&mut u64) -> String) -> Self {
        let (mut state, mut seen) = (seed, BTreeSet::new());
        let (mut words, mut upto, mut sum) = (Vec::new(), Vec::new(), 0);
        for _ in 0..number * 20 {
            if words.len() as u32 == number {
                break;
            }
            let word = word(&mut state);
            if seen.insert(word.clone()) {
                sum += 100_000_000 / (words.len() as u32 + q);
                words.push(word);
                upto.push(sum);
            }
        }
        Self { words, upto }
    }

    fn draw(&self, dice: &mut Dice) -> &str {
        let at = dice.below(self.upto.last().copied().unwrap_or(0));
        let index = self.upto.partition_point(|upto| *upto <= at);
        self.words.get(index).map_or("", String::as_str)
    }
}

/// The lists of one origin.
struct Stock {
    family: Ranked,
    male: Ranked,
    female: Ranked,
}

fn stock(origin: Origin) -> &'static Stock {
    static STOCKS: OnceLock<[Stock; 3]> = OnceLock::new();
    let [hispanic, european, asian] = STOCKS.get_or_init(|| [hispanic(), european(), east_asian()]);
    match origin {
        Origin::Hispanic => hispanic,
        Origin::European => european,
        Origin::EastAsian => asian,
    }
}

const ONSETS: &str = "B BR C CR D DR F FL G GR H K L M N P R S ST T TH TR V W Z SK WH";
const VOWELS: &str = "A E I O U EA OO Y";
const CODAS: &str = "N R L S T K M ND RT LK SS CK B";
const ENDINGS: &str = "EX UND ARKE OX ICKE OMB ASK ILDE OOM ELTH IX ORP URNE ETHE YRE OLT ISP AFF UGGE ENK";
const STEMS: &str = "OB ZEPH QUIL MAV TIB FENN ORL BRISK COR DOV ELW GRIM HALD ISK JUN KEST LUM NEB PELL RUN SYLV \
THAD ULM VESP WREN YAR BAV CRIM DREL FOSK GUND HOLV JORB KRAD LIRN MOSK NARV PLIM QUON RASK SLEN TROV VIGR WULD YEST \
ZARB";
const MEN: &str = "ERON ORIN OTH IVAR ULIO EX OMIR UND AND IK US ARD O AN IS EM OR ET IL ORD";
const WOMEN: &str = "ELLA UMA IDEL AXA ENNE ASTA ETTE INA YRA A IA ESS ILDE ORA ANE UNE IRA EA OLA ISE";

/// One word out of each list, joined.
fn syllables(state: &mut u64, lists: &[&str]) -> String {
    let mut word = String::new();
    for list in lists {
        let number = list.split_whitespace().count() as u64;
        let at = mixed(state) % number.max(1);
        word.push_str(list.split_whitespace().nth(at as usize).unwrap_or_default());
    }
    word
}

fn european() -> Stock {
    Stock {
        family: Ranked::new(20_000, 30, 11, |state| syllables(state, &[ONSETS, VOWELS, CODAS, ENDINGS])),
        male: Ranked::new(500, 9, 12, |state| syllables(state, &[STEMS, MEN])),
        female: Ranked::new(700, 11, 13, |state| syllables(state, &[STEMS, WOMEN])),
    }
}

fn hispanic() -> Stock {
    const FAMILY: &str = "IRQUEZ OLVAZ ANTIZO ERUGA OMBEZ ULLERA AQUERO ESTIVO INDAZA ORRIEGO AVILLO UZCANO";
    const MEN: &str = "ADOR ENSIO AMIRO ISTO UARDO ELMO ONSO AQUIN";
    const WOMEN: &str = "ADORA ENCIA AMIRA ISTA UARDA ELMA ONSA AQUINA";
    Stock {
        family: Ranked::new(2_500, 8, 21, |state| syllables(state, &[ONSETS, "A E I O U", CODAS, FAMILY])),
        male: Ranked::new(250, 9, 22, |state| syllables(state, &[STEMS, MEN])),
        female: Ranked::new(280, 9, 23, |state| syllables(state, &[STEMS, WOMEN])),
    }
}

fn east_asian() -> Stock {
    const ONSETS: &str = "XH QI ZH TZ NGW HW KY VR TR PH DH GW SZ LY MY";
    const GIVEN: &str = "LI MEI XO YU HA JI KO SU TA WEN ZHI BAO QUI RO NAM THO";
    Stock {
        family: Ranked::new(400, 4, 31, |state| {
            syllables(state, &[ONSETS, "AO IU EI UA OA EO", "A NG N M K"])
        }),
        male: Ranked::new(200, 12, 32, |state| syllables(state, &[GIVEN, GIVEN])),
        female: Ranked::new(200, 12, 33, |state| syllables(state, &[GIVEN, GIVEN])),
    }
}

pub(crate) fn family(origin: Origin, dice: &mut Dice) -> String {
    stock(origin).family.draw(dice).to_owned()
}

pub(crate) fn given(origin: Origin, sex: char, dice: &mut Dice) -> String {
    let stock = stock(origin);
    if sex == 'F' { stock.female.draw(dice) } else { stock.male.draw(dice) }.to_owned()
}

/// Draws a name.
pub(crate) fn name(
    settings: &NameSettings,
    origin: Origin,
    sex: char,
    accents: bool,
    dice: &mut Dice,
) -> Parts {
    let mut last = family(origin, dice);
    let compound = match origin {
        Origin::Hispanic => settings.compound,
        Origin::European if sex == 'F' => 30,
        _ => 0,
    };
    if dice.permille(compound) {
        last.push(if origin == Origin::Hispanic { ' ' } else { '-' });
        last.push_str(&family(origin, dice));
    }
    if accents {
        let (plain, accented) = dice.pick(&[("N", "Ñ"), ("A", "Á"), ("E", "É"), ("O", "Ó")]);
        last = last.replacen(plain, accented, 1);
    }
    let first = given(origin, sex, dice);
    let mut middle = String::new();
    if dice.permille(settings.middle) {
        middle = given(origin, sex, dice);
        if !dice.permille(settings.middle_whole) {
            middle = middle.chars().take(1).collect();
        }
    }
    let suffix = match dice.below(1000) {
        0..=19 if sex == 'M' => "JR",
        20..=24 if sex == 'M' => "SR",
        25..=27 if sex == 'M' => "III",
        _ => "",
    };
    Parts { last, first, middle, suffix: suffix.to_owned() }
}

/// Another name for the same person: a family name from before or after a marriage, or one that is made up.
pub(crate) fn alias(name: &Parts, origin: Origin, sex: char, dice: &mut Dice) -> String {
    let mut other = name.clone();
    if sex == 'F' || dice.permille(400) {
        other.last = family(origin, dice);
    } else {
        other.first = given(origin, sex, dice);
        other.middle.clear();
    }
    other.suffix.clear();
    other.write()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Out of how many pairs of people one has the same word, by a hundred thousand draws.
    fn pairs(mut draw: impl FnMut(&mut Dice) -> String) -> (u64, u64, usize) {
        let mut dice = Dice::new(3, 3);
        let mut tally: BTreeMap<String, u64> = BTreeMap::new();
        for _ in 0..100_000 {
            *tally.entry(draw(&mut dice)).or_default() += 1;
        }
        let same: u64 = tally.values().map(|n| n * (n - 1) / 2).sum();
        let all = 100_000 * 99_999 / 2;
        (all / same.max(1), tally.values().copied().max().unwrap_or(0), tally.len())
    }

    #[test]
    fn few_names_are_many_peoples_and_many_are_few_peoples() {
        let mut lines = String::new();
        for origin in [Origin::Hispanic, Origin::European, Origin::EastAsian] {
            for (what, (one_in, most, different)) in [
                ("family", pairs(|dice| family(origin, dice))),
                ("given, men", pairs(|dice| given(origin, 'M', dice))),
                ("given, women", pairs(|dice| given(origin, 'F', dice))),
            ] {
                lines += &format!(
                    "{} {what}: one pair in {one_in}, commonest {most} in 100000, {different} different\n",
                    origin.word()
                );
            }
        }
        insta::assert_snapshot!(lines);
    }

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for name in ["ANVIL,OBERON", "ANVIL LARCH,OBERON ZEPH JR", "ANVIL-LARCH,OBERON Q", "ANVIL,JR"] {
            assert_eq!(Parts::read(name).write(), name);
        }
        assert_eq!(Parts::read("ANVIL,OBERON Q JR").suffix, "JR");
    }
}
