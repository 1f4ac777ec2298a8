//! Populations: person by person, each one the same whatever else is drawn.

use jiff::civil::Date;

use crate::defect::Defect;
use crate::identity::{Identity, identity};
use crate::life::{Count, Life, Rejected};
use crate::profile::Profile;
use crate::random::Dice;
use crate::row::Row;
use crate::{career, corrupt, paper, spoil};

/// Sets the dice of what was never reported apart from all others.
const UNREPORTED: u64 = 0x756e_7265_706f_7274;

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
        let (identity, life) = self.life(n);
        let mut paper = Dice::new(self.seed, n << 1 | 1);
        let (lot, tear) = (paper.below(1_000_000), paper.below(u32::MAX));
        let mut rows = paper::rows(profile, n, &identity, &life, &mut paper);
        let Life { mut counts, died, registered } = life;
        rows.retain(|row| counts.get(row.count).is_none_or(Count::is_reported));
        corrupt::corrupt(profile, &identity, &mut counts, &mut rows, &mut paper);
        let rows = spoil::spoil(profile, &mut counts, rows, &mut paper);
        for count in counts.iter_mut().filter(|count| !count.is_reported()) {
            count.rejected = Rejected::Yes;
        }
        Synthetic { number: n, identity, counts, died, registered_290: registered, rows, lot, tear }
    }

    /// Who person number `n` is and what happened, with what the state was never told of marked in the counts.
    pub(crate) fn life(&self, n: u64) -> (Identity, Life) {
        let profile = &self.profile;
        let mut fate = Dice::new(self.seed, n << 1);
        let identity = identity(profile, self.seed, n, &mut fate);
        let mut life = career::life(profile, &identity, &mut fate);
        let rate = profile.rate(Defect::Unreported);
        if rate > 0 {
            // Dice of their own, so that the lives and the other defects are as they would be without.
            let mut lot = Dice::new(self.seed ^ UNREPORTED, n);
            let (mut step, mut told) = ([0, 0], true);
            for count in life.counts.iter_mut().filter(|count| count.kind.is_court()) {
                let own = [count.number[0], count.number[1]];
                if step != own {
                    (step, told) = (own, !lot.ppm(rate));
                }
                if !told {
                    count.defects.push((Defect::Unreported, "CNT_ORDER"));
                }
            }
        }
        (identity, life)
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Everybody, in order.
    pub fn iter(&self) -> impl Iterator<Item = Synthetic> + '_ {
        (0..self.people).map(|n| self.person(n))
    }
}
