//! Writes a state's file and a county court's file of the same people, each with its truth, and says how hard it is to know
//! people again by name and birth date:
//! `cargo run --release -p vacatur-synth --example court -- linkage county la-index 53000 FOLDER`

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use vacatur_synth::{
    CourtFormat, CourtProfile, ExtractOptions, Population, Profile, write_court, write_extract,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [profile, court, form, people, folder] = &arguments[..] else {
        return Err("PROFILE COURT-PROFILE FORMAT PEOPLE FOLDER".into());
    };
    let profile = Profile::named(profile).ok_or_else(|| format!("profiles: {:?}", Profile::names()))?;
    let court = CourtProfile::named(court).ok_or_else(|| format!("{:?}", CourtProfile::names()))?;
    let format = CourtFormat::named(form).ok_or_else(|| format!("{:?}", CourtFormat::names()))?;
    let county = profile.main_county().to_owned();
    let population = Population::new(profile, 1, people.parse()?);
    let folder = PathBuf::from(folder);
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let (mut out, mut truth) = (file("county.dat")?, file("county.dat.truth.csv")?);
    let totals = write_extract(&population, &mut out, &mut truth, &ExtractOptions::default(), &mut |_| {})?;
    eprintln!("{totals:?}");
    let (mut out, mut truth) = (file(form)?, file(&format!("{form}.truth.csv"))?);
    let totals = write_court(&population, &county, &court, format, &mut out, &mut truth, &mut |_| {})?;
    eprintln!("{totals:?}");

    let (mut names, mut families, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for person in population.iter() {
        let (family, rest) = person.identity.name.split_once(',').unwrap_or_default();
        let given = rest.split(' ').next().unwrap_or_default().to_owned();
        *families.entry(family.to_owned()).or_insert(0_u64) += 1;
        *names.entry((family.to_owned(), given.clone())).or_insert(0_u64) += 1;
        *both.entry((family.to_owned(), given, person.identity.born)).or_insert(0_u64) += 1;
    }
    say("family name", &families);
    say("family and given name", &names);
    say("both and birth date", &both);
    Ok(())
}

fn say<T>(what: &str, tally: &BTreeMap<T, u64>) {
    let shared: u64 = tally.values().filter(|number| **number > 1).sum();
    let pairs: u64 = tally.values().map(|number| number * (number - 1) / 2).sum();
    let most = tally.values().max().copied().unwrap_or(0);
    let once = tally.values().filter(|number| **number == 1).count();
    eprintln!(
        "{what}: {} different, {once} of one person only, the commonest of {most}; {shared} people share one, {pairs} pairs",
        tally.len()
    );
}
