//! Invented people in two files, the same for the same seed.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % count
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

fn syllables(dice: &mut Dice, count: usize) -> String {
    let parts = [
        "BA", "CO", "DEL", "FER", "GRI", "HAN", "JO", "KLE", "LUM", "MIR", "NOR", "POL", "QUE", "RES", "TAN",
        "VEX",
    ];
    (0..count).map(|_| parts[dice.below(parts.len())]).collect()
}

pub const FIELDS: usize = 13;

/// One record of each person for either side, in the order of the fields of the model `people`; errors in so many of a
/// hundred values. The zip code of the right side is another in 30 of 100.
pub fn people(seed: u64, count: usize, errors: usize) -> [Vec<Vec<String>>; 2] {
    let mut dice = Dice::new(seed);
    let givens: Vec<String> =
        ["ROBERT", "BOB", "MARIA", "JOSE", "PEPE", "WILLIAM", "BILL", "ANA", "JOHN", "ANA MARIA"]
            .iter()
            .map(|name| (*name).to_owned())
            .chain((0..60).map(|_| syllables(&mut dice, 2)))
            .collect();
    let families: Vec<String> = (0..300).map(|_| syllables(&mut dice, 3)).collect();
    let mut sides = [Vec::new(), Vec::new()];
    for number in 0..count {
        let family = if dice.chance(10) {
            format!("{} {}", families[dice.below(300)], families[dice.below(300)])
        } else {
            families[dice.below(300)].clone()
        };
        let mut person = vec![
            givens[dice.below(givens.len())].clone(),
            if dice.chance(50) { givens[dice.below(givens.len())].clone() } else { String::new() },
            family,
            String::new(),
            format!("{}{:02}{:02}", 1940 + dice.below(60), 1 + dice.below(12), 1 + dice.below(28)),
            if dice.chance(70) { "M" } else { "F" }.to_owned(),
            ["A", "B", "H", "W"][dice.below(4)].to_owned(),
            format!("900{:02}", 10 + dice.below(80)),
            if dice.chance(40) {
                format!("{:09}", 100_000_000 + dice.below(800_000_000))
            } else {
                String::new()
            },
            String::new(),
            if dice.chance(40) { format!("A{:08}", 10_000_000 + number) } else { String::new() },
            String::new(),
            String::new(),
        ];
        sides[0].push(person.clone());
        if dice.chance(30) {
            person[7] = format!("900{:02}", 10 + dice.below(80));
        }
        if dice.chance(errors) {
            person[12] = format!("{},{}", families[dice.below(300)], person[0]);
        }
        if dice.chance(errors) {
            person.swap(0, 2);
        }
        for field in [0, 2, 4, 8] {
            if dice.chance(errors) && !person[field].is_empty() {
                let mut bytes = person[field].clone().into_bytes();
                let at = dice.below(bytes.len() - 1);
                bytes.swap(at, at + 1);
                person[field] = String::from_utf8(bytes).unwrap();
            }
            if dice.chance(errors / 3) {
                person[field].clear();
            }
        }
        sides[1].push(person);
    }
    sides
}

pub fn cells(record: &[String]) -> Vec<&str> {
    record.iter().map(String::as_str).collect()
}
