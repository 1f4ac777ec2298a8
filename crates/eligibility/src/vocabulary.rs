//! The facts that policy documents can name. One line here is one fact; what it reads stands in `prepared`.

use vacatur_policy::{FactDef, FactIx, FactKind, Missing, Scope, Vocabulary};

macro_rules! facts {
    ($($constant:ident = $name:literal, $scope:ident, $kind:ident, $missing:ident, $says:literal;)+) => {
        const FACTS: &[FactDef] = &[
            $(FactDef {
                name: $name,
                scope: Scope::$scope,
                kind: FactKind::$kind,
                missing: Missing::$missing,
                says: $says,
            }),+
        ];
        facts!(@number 0u16; $($constant)+);
    };
    (@number $at:expr; $first:ident $($rest:ident)*) => {
        pub(crate) const $first: FactIx = FactIx($at);
        facts!(@number $at + 1; $($rest)*);
    };
    (@number $at:expr;) => {};
}

facts! {
    BIRTH_DATE = "birth-date", Person, Date, BirthDate,
        "The date of birth. Two that differ make it the span between them.";
    DECEASED = "deceased", Person, Flag, Death,
        "The record holds a notice of the person's death.";
    DATE = "date", Conviction, Date, ConvictionDate,
        "The date of the conviction: of the court's step in the record.";
    OFFENCE_DATE = "offence-date", Conviction, Date, ConvictionDate,
        "The date of the offence. The extract has none for court rows: the date of an arrest in the same cycle stands in, and is reported as a proxy.";
    LEVEL = "level", Conviction, Level, Level,
        "Felony, misdemeanor or infraction: of the conviction, else of the charge; as reduced, if a court has reduced it.";
    SECTION = "section", Conviction, Section, Section,
        "The code section of the conviction, else of the charge.";
    COUNTY = "county", Conviction, County, County,
        "The county of the court.";
    COMPLETED = "completed", Conviction, Date, Sentence,
        "The day on which the sentence for the conviction was or will be completed.";
    RELIEF = "relief", Conviction, Labels, Disposition,
        "The provisions under which relief from the conviction was granted already.";
    ATTEMPT = "attempt", Conviction, Flag, Section,
        "The conviction is for an attempt (PC 664).";
    CONSPIRACY = "conspiracy", Conviction, Flag, Section,
        "The conviction is for a conspiracy (PC 182).";
    RELEASED = "released", Conviction, Date, Sentence,
        "The day on which custody for the conviction ended by the sentence as recorded; the day of the sentence where it had none.";
    ARREST_DATE = "arrest-date", Conviction, Date, ConvictionDate,
        "The date of the arrest in the same cycle; with several, the span between them. For an arrest, its own date.";
    SENTENCE = "sentence", Conviction, Labels, Sentence,
        "What the sentence was made of: prison, jail, supervision (probation, parole), fine.";
    REVOKED = "revoked", Conviction, Flag, Sentence,
        "Probation or other supervision was revoked, by a later entry of the record.";
    CONVICTED = "convicted", Conviction, Flag, Disposition,
        "The count ended in a conviction.";
    ENDED = "ended", Conviction, Labels, Disposition,
        "How a count ended that did not end in a conviction: dismissed, acquitted, not prosecuted, diversion, diversion completed, released.";
    ARREST = "arrest", Conviction, Flag, Disposition,
        "It is an arrest, detention or citation, not a court's action.";
    OPEN = "open", Conviction, Flag, Disposition,
        "No outcome is recorded: a court's action without a disposition, or an arrest without one from which no court's action followed in its cycle.";
    WEIGHT = "weight", Conviction, Weight, Weight,
        "How much cannabis other than concentrate. No extract holds it: it is known by evidence alone.";
    CONCENTRATE = "concentrate", Conviction, Weight, Concentrate,
        "How much concentrated cannabis. Known by evidence alone.";
    PLANTS = "plants", Conviction, Number, Plants,
        "How many living plants. Known by evidence alone.";
    PAID = "paid", Conviction, Flag, Payment,
        "Fines, fees and restitution are paid. Known by evidence alone.";
    MINOR = "buyer-under-18", Conviction, Flag, BuyerAge,
        "A buyer or helper was under 18. Known by evidence alone.";
    IMPORTED = "imported", Conviction, Flag, Import,
        "It was brought into the state, or out of it for sale. Known by evidence alone.";
    ENVIRONMENT = "environmental-harm", Conviction, Flag, Environment,
        "The environment was harmed in a way that the statute names. Known by evidence alone.";
    ITSELF = "itself", Pair, Flag, Section,
        "It is the conviction that is being decided.";
    SAME_CASE = "same-case", Pair, Flag, Section,
        "It belongs to the same step of the same cycle: the same court case.";
    SAME_CYCLE = "same-cycle", Pair, Flag, Section,
        "It belongs to the same cycle: it followed from the same arrest.";
    SAME_SECTION = "same-section", Pair, Flag, Section,
        "It is for the same section, whatever the subdivision.";
    EARLIER = "earlier", Pair, Flag, ConvictionDate,
        "It comes before the conviction decided: by its date, and on the same day by its place in the record.";
    REGISTERED_SECTION = "section", Registration, Section, Section,
        "The provision under which the person is registered.";
    REGISTERED_ON = "date", Registration, Date, RegistrationDate,
        "The date of the registration.";
}

/// The facts of this version.
pub const VOCABULARY: Vocabulary = Vocabulary::new(FACTS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_table_agree() {
        let at = |scope, name| VOCABULARY.find(scope, name).unwrap();
        assert_eq!(at(Scope::Person, "birth-date"), BIRTH_DATE);
        assert_eq!(at(Scope::Conviction, "section"), SECTION);
        assert_eq!(at(Scope::Registration, "section"), REGISTERED_SECTION);
        assert_eq!(at(Scope::Registration, "date"), REGISTERED_ON);
        assert_eq!(at(Scope::Pair, "same-section"), SAME_SECTION);
    }

    #[test]
    fn every_fact_is_described_once() {
        for (at, fact) in FACTS.iter().enumerate() {
            assert!(fact.says.ends_with('.'), "{}", fact.name);
            assert!(
                !FACTS[..at].iter().any(|other| other.scope == fact.scope && other.name == fact.name),
                "{}",
                fact.name
            );
        }
    }
}
