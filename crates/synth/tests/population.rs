//! People: always the same, always in the file for a reason, and as varied as the profile says.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use vacatur_synth::{Defect, Kind, Level, Population, Profile, ProfileError, Rejected, Synthetic, columns};

fn population(name: &str, people: u64) -> Population {
    Population::new(Profile::named(name).unwrap(), 11, people)
}

fn everything(person: &Synthetic) -> String {
    format!("{person:?}")
}

#[test]
fn a_person_is_the_same_whatever_else_is_drawn() {
    for name in Profile::names() {
        let (few, many) = (population(name, 3), population(name, 3_000_000_000));
        let other = population(name, 3);
        let _ = other.person(0);
        for n in [2, 0, 1] {
            assert_eq!(everything(&few.person(n)), everything(&many.person(n)), "{name}");
            assert_eq!(everything(&few.person(n)), everything(&other.person(n)), "{name}");
        }
        let seed = Population::new(Profile::named(name).unwrap(), 12, 3);
        assert_ne!(everything(&few.person(0)), everything(&seed.person(0)), "{name}");
    }
}

#[test]
fn the_rates_of_defects_change_no_life() {
    let text = Profile::source("county").unwrap();
    let spoilt = text.replace("level_missing = 20000", "level_missing = 900000");
    let (plain, spoilt) = (Profile::parse(text).unwrap(), Profile::parse(&spoilt).unwrap());
    let (plain, spoilt) = (Population::new(plain, 1, 50), Population::new(spoilt, 1, 50));
    for n in 0..50 {
        let (one, other) = (plain.person(n), spoilt.person(n));
        assert_eq!(one.identity.name, other.identity.name);
        for (a, b) in one.counts.iter().zip(&other.counts) {
            assert_eq!(
                (a.order(), a.on, a.offence, a.sentence_end),
                (b.order(), b.on, b.offence, b.sentence_end)
            );
        }
    }
}

#[test]
fn everybody_has_a_cannabis_conviction_in_the_main_county() {
    for (name, people) in [("clean", 2000), ("county", 5000), ("hostile", 2000), ("dense", 200)] {
        for person in population(name, people).iter() {
            let found = person
                .counts
                .iter()
                .any(|count| count.is_cannabis_conviction() && count.county() == "LOS ANGELES");
            assert!(found, "{name}: person {}", person.number);
        }
    }
}

#[test]
fn lives_make_sense() {
    let end: jiff::civil::Date = "2020-07-01".parse().unwrap();
    for name in ["county", "dense"] {
        let population = population(name, 800);
        for person in population.iter() {
            let born = person.identity.born;
            assert!((1935..=1999).contains(&born.year()));
            for count in &person.counts {
                assert!(count.on <= end, "{count:?}");
                assert!(person.died.is_none_or(|died| count.on <= died), "{count:?}");
                assert!(count.offence_date.is_none_or(|day| day <= count.on), "{count:?}");
                assert_eq!(count.kind == Kind::Conviction, count.sentence_end.is_some());
                assert!(count.sentence_end.is_none_or(|end| end >= count.on), "{count:?}");
                let mut before = count.on;
                for relief in &count.relief {
                    assert!(before < relief.on, "{count:?}");
                    before = relief.on;
                }
                if let Some(charge) = count.offence {
                    assert!(count.level.is_some());
                    let post = ["HS 11358(c)", "HS 11359(b)", "HS 11360(a)(2)"];
                    if post.contains(&charge.offence.section.as_str()) {
                        assert_eq!(count.level, Some(Level::Misdemeanor));
                        assert!(count.on.year() >= 2016);
                    }
                }
            }
            let adult = person.counts.iter().all(|count| count.on.year() - born.year() >= 18);
            assert!(adult, "{name}: person {}", person.number);
        }
    }
}

#[test]
fn rows_belong_to_counts_and_carry_their_numbers() {
    let place = |name: &str| columns().iter().position(|column| *column == name).unwrap();
    let (order, subject) = (place("CNT_ORDER"), place("SUBJECT_ID"));
    for person in population("clean", 500).iter() {
        let mut seen = HashMap::new();
        for row in &person.rows {
            let count = &person.counts[row.count()];
            assert_eq!(row.field(subject), person.identity.subject_id);
            assert_eq!(row.field(order)[..9], count.order()[..9]);
            *seen.entry(row.count()).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), person.counts.len());
        assert!(person.counts.iter().all(|count| count.defects.is_empty() && count.rejected == Rejected::No));
    }
}

#[test]
fn convictions_are_many_and_various() {
    let mut sections: HashMap<String, u32> = HashMap::new();
    let (mut reliefs, mut joint, mut registered, mut died) = (HashMap::new(), [0, 0], 0, 0);
    let mut most = 0;
    for person in population("county", 5000).iter() {
        let convictions = person.counts.iter().filter(|count| count.kind == Kind::Conviction);
        most = most.max(convictions.clone().count());
        registered += u32::from(person.registered_290);
        died += u32::from(person.died.is_some());
        for count in convictions {
            let charge = count.offence.unwrap();
            *sections.entry(charge.offence.section.clone()).or_default() += 1;
            joint[0] += u32::from(charge.attempt);
            joint[1] += u32::from(charge.conspiracy);
            for relief in &count.relief {
                *reliefs.entry(relief.by).or_insert(0) += 1;
            }
        }
    }
    for section in
        ["HS 11357(a)", "HS 11357(c)", "HS 11358", "HS 11359", "HS 11360(a)", "PC 459", "PC 537(a)(1)"]
    {
        assert!(sections.get(section).is_some_and(|number| *number > 20), "{section}");
    }
    for section in ["PC 187(a)", "PC 288(a)", "HS 11357.5", "HS 11359(b)", "HS 11530", "HS 11357"] {
        assert!(sections.contains_key(section), "{section}");
    }
    assert_eq!(reliefs.len(), 4, "{reliefs:?}");
    assert!(joint[0] > 50 && joint[1] > 30, "{joint:?}");
    assert!(registered > 10 && died > 50 && most >= 40, "{registered} {died} {most}");
}

#[test]
fn a_profile_is_read_strictly() {
    let clean = Profile::source("clean").unwrap();
    assert_eq!(Profile::names().len(), 6);
    assert!(Profile::names().iter().all(|name| Profile::named(name).is_some()));
    assert!(Profile::named("tidy").is_none());
    let refused = |text: &str| Profile::parse(text).unwrap_err().to_string();
    assert!(refused(&clean.replace("aliases =", "alaises =")).contains("alaises"));
    assert!(refused(&clean.replace("[relief]", "[releif]")).contains("releif"));
    assert!(refused(&format!("{clean}\nlevel_mising = 3\n")).contains("defects.level_mising"));
    assert!(refused(&clean.replace("\"LOS ANGELES\"", "\"ATLANTIS\"")).contains("population.main_county"));
    assert!(refused(&clean.replace("2020-07-01", "2020-17-01")).contains("population.extract_date"));
    assert!(refused(&clean.replace("from = 1935", "from = 1835")).contains("population.born"));
    assert!(refused(&clean.replace("male = 860", "male = 1860")).contains("population.male"));
    let above = Profile::parse(&format!("{clean}\nlevel_missing = 1000001\n"));
    assert!(matches!(above, Err(ProfileError::Value { key, .. }) if key == "defects.level_missing"));
    let elsewhere = Profile::parse(&clean.replace("\"LOS ANGELES\"", "\"YOLO\"")).unwrap();
    assert_eq!(elsewhere.main_county(), "YOLO");
    assert_eq!(elsewhere.rate(Defect::LevelMissing), 0);
    let person = Population::new(elsewhere, 1, 1).person(0);
    assert!(person.counts.iter().any(|count| count.is_cannabis_conviction() && count.county() == "YOLO"));
}
