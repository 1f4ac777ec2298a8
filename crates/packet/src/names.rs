//! Names of people and places as papers write them.

/// A recorded name, `LAST,FIRST MIDDLE SUFFIX`, taken apart.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// The last name.
    pub last: String,
    /// The first name.
    pub first: String,
    /// The rest.
    pub middle: String,
}

vacatur_records::silent_debug!(Name);

impl Name {
    /// Takes a recorded name apart at its first comma. A name without one is a last name alone.
    #[must_use]
    pub(crate) fn of(recorded: &str) -> Self {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (last, given) = recorded.split_once(',').unwrap_or((recorded, ""));
        let given = words(given);
        let (first, middle) = given.split_once(' ').unwrap_or((&given, ""));
        Self { last: words(last), first: first.to_owned(), middle: middle.to_owned() }
    }

    /// `LAST, FIRST MIDDLE`, as lists have it.
    #[must_use]
    pub(crate) fn listed(&self) -> String {
        let given = self.given();
        if given.is_empty() { self.last.clone() } else { format!("{}, {given}", self.last) }
    }

    /// `FIRST MIDDLE LAST`, as captions have it.
    #[must_use]
    pub(crate) fn spoken(&self) -> String {
        format!("{} {}", self.given(), self.last).trim().to_owned()
    }

    fn given(&self) -> String {
        format!("{} {}", self.first, self.middle).trim().to_owned()
    }
}

/// A place in capitals as papers write it: `West Covina`.
#[must_use]
pub(crate) fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        begins = !c.is_alphanumeric() && c != '\'';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_at_the_comma() {
        for (recorded, listed, spoken) in [
            ("QUARTZ,OBERON", "QUARTZ, OBERON", "OBERON QUARTZ"),
            ("QUARTZ-O'NEIL, OBERON  X", "QUARTZ-O'NEIL, OBERON X", "OBERON X QUARTZ-O'NEIL"),
            ("DE LA QUARTZ,OBERON", "DE LA QUARTZ, OBERON", "OBERON DE LA QUARTZ"),
            ("QUARTZ", "QUARTZ", "QUARTZ"),
            ("QUARTZ,", "QUARTZ", "QUARTZ"),
            (",OBERON", ", OBERON", "OBERON"),
            ("", "", ""),
        ] {
            let name = Name::of(recorded);
            assert_eq!((name.listed().as_str(), name.spoken().as_str()), (listed, spoken));
        }
    }

    #[test]
    fn places_are_written_with_small_letters() {
        assert_eq!(title_case("LOS ANGELES"), "Los Angeles");
        assert_eq!(title_case("O'NEALS-NORTH"), "O'neals-North");
    }
}
