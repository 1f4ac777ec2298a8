//! Linking without names: keyed Bloom filters.
//!
//! Each side cuts a value into pairs of neighbouring letters and sets, for each of them, some bits of a filter; which bits
//! depends on a secret key that both sides have and whoever links has not. Values that are nearly the same share most of
//! their pairs of letters, so that their filters share most bits: Dice's coefficient of the bits stands for that of the
//! letters. Every field has a filter of its own, so that comparison levels and weights work as on plain text; a record has
//! one more of all its fields, the cryptographic long-term key.
//!
//! **What it does not do.** A filter is a pseudonym and not anonymous. Equal values have equal filters, so that the
//! commonest filter of a field is the commonest name: whoever has the filters and a list of names by frequency can guess
//! many, and patterns of bits give more (Kuzu and others 2011, Niedermeyer and others 2014, Christen and others 2018).
//! Salt, balance and folding make that harder and not impossible. Whoever has the key can test any name.

mod field;
mod filter;
mod key;

pub use field::{Field, Reading};
pub use filter::{Filter, Unreadable};
pub use key::{Key, WeakKey};

/// How filters are made. Both sides must have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bits of a filter, before it is balanced or folded: a multiple of 128, from 128 to 8192.
    pub bits: u32,
    /// Bits that are set for each part of a value; in a record's filter, for each part of a field of weight 1.
    pub hashes: u32,
    /// What is done against guessing.
    pub hardening: Hardening,
}

/// What is done to a filter against guessing. It costs precision: `docs/src/link-without-names.md` has what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hardening {
    /// Nothing.
    None,
    /// The filter and its opposite, one after the other, mixed by the key: every filter has as many bits set as another,
    /// so that the length of a value does not show. Twice as long.
    Balanced,
    /// The two halves of the filter laid over one another, bit by bit different or not: a bit no longer stands for any one
    /// part of a value. Half as long.
    Folded,
}

impl Default for Settings {
    /// 1,024 bits and 20 hashes, nothing done against guessing.
    fn default() -> Self {
        Self { bits: 1024, hashes: 20, hardening: Hardening::None }
    }
}

/// Settings that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// The length.
    #[error("a filter of {0} bits cannot be made: it must be a multiple of 128, from 128 to 8192")]
    Bits(u32),
    /// The number of hashes.
    #[error(
        "{0} hashes for each part of a value cannot be used: at least 1, and at most a quarter of the bits"
    )]
    Hashes(u32),
}

/// What makes filters: a key and how.
pub struct Encoder {
    key: Key,
    settings: Settings,
    /// For each bit of a balanced filter, where it goes.
    order: Vec<u32>,
}

vacatur_records::silent_debug!(Encoder);

impl Encoder {
    /// Ready to make filters.
    ///
    /// # Errors
    /// If the settings cannot be used.
    pub fn new(key: Key, settings: Settings) -> Result<Self, BadSettings> {
        if !(128..=8192).contains(&settings.bits) || !settings.bits.is_multiple_of(128) {
            return Err(BadSettings::Bits(settings.bits));
        }
        if settings.hashes == 0 || settings.hashes > settings.bits / 4 {
            return Err(BadSettings::Hashes(settings.hashes));
        }
        let order =
            if settings.hardening == Hardening::Balanced { key.order(settings.bits * 2) } else { Vec::new() };
        Ok(Self { key, settings, order })
    }

    /// The filter of one field of a record. `salt` is mixed into every part, as the year of birth: the same name then has
    /// another filter in another year, so that counting filters tells less. Whoever differs in the salt shares nothing, so
    /// that a wrong year of birth loses the name too; leave it empty for none.
    ///
    /// A value without any letter or digit gives an empty filter, which says that there is nothing to compare.
    #[must_use]
    pub fn field(&self, field: Field<'_>, value: &str, salt: &str) -> Filter {
        let mut filter = Filter::empty(self.settings.bits);
        self.add(&mut filter, field.name, field, value, salt, self.settings.hashes);
        self.finish(filter)
    }

    /// The filter of a whole record: its fields, each with its value and how much it counts. A field of weight 2 sets twice
    /// as many bits for each part as one of weight 1.
    #[must_use]
    pub fn record(&self, fields: &[(Field<'_>, &str, u32)], salt: &str) -> Filter {
        let mut filter = Filter::empty(self.settings.bits);
        for (field, value, weight) in fields {
            let hashes = self.settings.hashes.saturating_mul(*weight).min(self.settings.bits);
            self.add(&mut filter, field.name, *field, value, salt, hashes);
        }
        self.finish(filter)
    }

    /// A word for a value that is the same on both sides or not, to find pairs by: of a birth date, or of a surname's sound.
    /// It is sixteen hexadecimal digits; of a value without letters and digits it is empty, which is like nothing.
    ///
    /// A token is easier to guess by counting than a filter. Make few, and of values that are not rare.
    #[must_use]
    pub fn token(&self, name: &str, value: &str, salt: &str) -> String {
        let field = Field { name, reading: Reading::Whole };
        let Some(whole) = field.parts(value).pop() else { return String::new() };
        let (mut token, domain) = (0u64, format!("token {name}"));
        self.key.places(&domain, salt, &whole, 16, 16, |digit| token = token << 4 | u64::from(digit));
        format!("{token:016x}")
    }

    fn add(&self, filter: &mut Filter, domain: &str, field: Field<'_>, value: &str, salt: &str, hashes: u32) {
        for part in field.parts(value) {
            self.key.places(domain, salt, &part, hashes, self.settings.bits, |place| filter.set(place));
        }
    }

    fn finish(&self, filter: Filter) -> Filter {
        // An empty filter stays empty: hardened, it would look like that of a value.
        if filter.is_empty() {
            return Filter::empty(match self.settings.hardening {
                Hardening::None => self.settings.bits,
                Hardening::Balanced => self.settings.bits * 2,
                Hardening::Folded => self.settings.bits / 2,
            });
        }
        match self.settings.hardening {
            Hardening::None => filter,
            Hardening::Balanced => filter.balanced(&self.order),
            Hardening::Folded => filter.folded(),
        }
    }
}

#[cfg(test)]
mod tests;
