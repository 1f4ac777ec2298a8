//! Names of people: one field with all of it, or one field each.

use super::fold;

/// A name taken apart, folded; a part that is not there is empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The family name, its words parted by blanks: `GARCIA LOPEZ`.
    pub family: String,
    /// The first given name.
    pub given: String,
    /// The other given names, or an initial.
    pub middle: String,
    /// `JR`, `SR`, `II`, `III`, `IV`, `V` in the form that [`suffix`] gives.
    pub suffix: String,
}

vacatur_records::silent_debug!(PersonName);

/// The one form of a suffix: `2ND` is `II`, `JUNIOR` is `JR`. `None` for any other word.
#[must_use]
pub fn suffix(word: &str) -> Option<&'static str> {
    Some(match word {
        "JR" | "JUNIOR" | "JNR" => "JR",
        "SR" | "SENIOR" | "SNR" => "SR",
        "II" | "2ND" | "2" => "II",
        "III" | "3RD" | "3" => "III",
        "IV" | "4TH" | "4" => "IV",
        "V" | "5TH" | "5" => "V",
        _ => return None,
    })
}

/// Takes a name apart that is written as the state's file does, `LAST,FIRST MIDDLE SUFFIX`, or as people do,
/// `FIRST LAST`. With a comma, what stands before it is the family name, and a suffix is looked for on both sides.
/// Without one, the first word is the given name and all others the family name, since a middle name cannot be told
/// from the first of two surnames.
///
/// ```
/// use vacatur_linkage::standard::person_name;
/// let name = person_name("DE LA CRUZ JR,Ana-María R");
/// assert_eq!((name.family.as_str(), name.given.as_str()), ("DE LA CRUZ", "ANA MARIA"));
/// assert_eq!((name.middle.as_str(), name.suffix.as_str()), ("R", "JR"));
/// ```
#[must_use]
pub fn person_name(text: &str) -> PersonName {
    let mut name = PersonName::default();
    let Some((family, rest)) = text.split_once(',') else {
        let mut folded = String::new();
        fold(text, &mut folded);
        let (given, family) = folded.split_once(' ').unwrap_or((folded.as_str(), ""));
        given.clone_into(&mut name.given);
        name.family = without_suffix(family, &mut name.suffix);
        return name;
    };
    let mut folded = String::new();
    fold(family, &mut folded);
    name.family = without_suffix(&folded, &mut name.suffix);
    folded.clear();
    // `LAST,FIRST M,JR` occurs too: a second comma is one more blank. A hyphen inside the given name keeps it one name.
    let mut words = rest.split([' ', ',']).filter(|word| !word.is_empty());
    fold(words.next().unwrap_or_default(), &mut name.given);
    for word in words {
        if !folded.is_empty() {
            folded.push(' ');
        }
        fold(word, &mut folded);
    }
    name.middle = without_suffix(&folded, &mut name.suffix);
    name
}

/// The text without a suffix at its end, which is noted. A name of one word is never taken for a suffix, but for a
/// middle name it is: `SMITH,JOHN JR`.
fn without_suffix(folded: &str, found: &mut String) -> String {
    let last = folded.rsplit(' ').next().unwrap_or_default();
    match suffix(last) {
        // `V` alone is more often an initial.
        Some(form) if last != "V" => {
            form.clone_into(found);
            folded.strip_suffix(last).unwrap_or_default().trim_end().to_owned()
        }
        _ => folded.to_owned(),
    }
}

/// The given names of a cell that may hold a middle name too, parted: `JOHN PAUL` is `JOHN` and `PAUL`.
#[must_use]
pub fn given(text: &str) -> (String, String) {
    let mut folded = String::new();
    fold(text, &mut folded);
    match folded.split_once(' ') {
        Some((first, rest)) => (first.to_owned(), rest.to_owned()),
        None => (folded, String::new()),
    }
}
