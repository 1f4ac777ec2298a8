//! Populations: person by person, each one the same whatever else is drawn.

use jiff::civil::Date;

use crate::identity::{Identity, identity};
use crate::life::{Count, Life};
use crate::profile::Profile;
use crate::random::Dice;
use crate::row::Row;
use crate::{career, corrupt, paper, spoil};

/// So many people under one profile and one seed.
#[derive(Clone, Debug)]
pub struct Population {
    profile: Profile,
    seed: u64,
    people: u64,
}

/// One invented person: who they are, what happened, and what the file says of it.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// The person's number in the population.
    pub number: u64,
    /// Who the person is.
    pub identity: Identity,
    /// What really happened, count by count.
    pub counts: Vec<Count>,
    /// The day of death, if the file tells of one.
    pub died: Option<Date>,
    /// Whether the person has a registration step under PC 290.
    pub registered_290: bool,
    /// What the file says, defects included.
    pub rows: Vec<Row>,
    /// Decides whether the person's rows are scattered: they are where the rate, in millionths, is above it.
    pub(crate) lot: u32,
    /// Where the rows are torn, and how far each one goes.
    pub(crate) tear: u32,
}

impl Population {
    /// A population. Nothing is drawn yet.
    #[must_use]
    pub fn new(profile: Profile, seed: u64, people: u64) -> Self {
        Self { profile, seed, people }
    }

    /// The profile.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// How many people there are.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.people
    }

    /// Person number `n`, the same whatever else is drawn and however many people there are.
    ///
    /// The life comes from one stream of dice and its writing down from another, so that a change of the defects'
    /// rates leaves every life as it was.
    #[must_use]
    pub fn person(&self, n: u64) -> Synthetic {
        let profile = &self.profile;
        let mut fate = Dice::new(self.seed, n << 1);
        let identity = identity(profile, self.seed, n, &mut fate);
        let life = career::life(profile, &identity, &mut fate);
        let mut paper = Dice::new(self.seed, n << 1 | 1);
        let (lot, tear) = (paper.below(1_000_000), paper.below(u32::MAX));
        let mut rows = paper::rows(profile, n, &identity, &life, &mut paper);
        let Life { mut counts, died, registered } = life;
        corrupt::corrupt(profile, &identity, &mut counts, &mut rows, &mut paper);
        let rows = spoil::spoil(profile, &mut counts, rows, &mut paper);
        Synthetic { number: n, identity, counts, died, registered_290: registered, rows, lot, tear }
    }

    /// Everybody, in order.
    pub fn iter(&self) -> impl Iterator<Item = Synthetic> + '_ {
        (0..self.people).map(|n| self.person(n))
    }
}
