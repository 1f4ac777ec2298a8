//! The ways in which an offence is written.

use crate::life::Charge;
use crate::profile::SpellingWeights;
use crate::random::Dice;

/// How one count's offence is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spelling {
    form: Form,
    /// Which of the ways to write an attempt or a conspiracy.
    joint: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// `11359 HS-POSSESS ...`
    #[default]
    Plain,
    /// `11359HS-POSSESS ...`
    Joined,
    /// `HS 11359-POSSESS ...`
    CodeFirst,
    /// `11359    HS-POSSESS ...`
    Spaced,
    /// `SEE COMMENT FOR CHARGE`, with the plain form in the comment.
    InComment,
}

impl Spelling {
    pub(crate) fn draw(weights: &SpellingWeights, dice: &mut Dice) -> Self {
        let form = match dice.weighted(weights.weights().into_iter()) {
            1 => Form::Joined,
            2 => Form::CodeFirst,
            3 => Form::Spaced,
            4 => Form::InComment,
            _ => Form::Plain,
        };
        // A profile that writes everything plainly writes attempts in one way, too.
        let only_plain = weights.weights()[1..].iter().all(|weight| *weight == 0);
        Self { form, joint: if only_plain { 0 } else { dice.below(6) as u8 } }
    }

    /// Whether the offence column sends the reader to the comment.
    pub(crate) fn in_comment(self) -> bool {
        self.form == Form::InComment
    }

    /// The words of the offence column.
    pub(crate) fn push(self, to: &mut String, charge: Charge) {
        if self.in_comment() { to.push_str("SEE COMMENT FOR CHARGE") } else { self.push_charge(to, charge) }
    }

    /// The words that say the charge: in the offence column, or in the comment.
    pub(crate) fn push_charge(self, to: &mut String, charge: Charge) {
        let offence = charge.offence;
        if self.form == Form::CodeFirst {
            to.push_str(offence.code);
            to.push(' ');
        }
        let before = match (charge.attempt, charge.conspiracy, self.joint) {
            (true, _, 0..=2) => "664/",
            (true, _, 3) => "664-",
            (true, _, 4) => "664.",
            (_, true, 0..=2) => "182/",
            (_, true, 3..=4) => "182-",
            (_, true, _) => "182(A)(1)/",
            _ => "",
        };
        to.push_str(before);
        to.push_str(&offence.number);
        if charge.attempt && before.is_empty() {
            to.push_str("-664");
        }
        match self.form {
            Form::CodeFirst => {}
            Form::Joined => to.push_str(offence.code),
            Form::Spaced => {
                to.push_str("    ");
                to.push_str(offence.code);
            }
            Form::Plain | Form::InComment => {
                to.push(' ');
                to.push_str(offence.code);
            }
        }
        to.push('-');
        to.push_str(offence.words);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lists::lists;

    fn written(form: Form, joint: u8, attempt: bool, conspiracy: bool) -> String {
        let offence = lists().offences.iter().find(|offence| offence.section == "HS 11358").unwrap();
        let mut text = String::new();
        Spelling { form, joint }.push_charge(&mut text, Charge { offence, attempt, conspiracy });
        text
    }

    #[test]
    fn forms_and_joints() {
        assert_eq!(written(Form::Plain, 0, false, false), "11358 HS-CULTIVATE MARIJUANA");
        assert_eq!(written(Form::Joined, 0, true, false), "664/11358HS-CULTIVATE MARIJUANA");
        assert_eq!(written(Form::CodeFirst, 0, false, false), "HS 11358-CULTIVATE MARIJUANA");
        assert_eq!(written(Form::Spaced, 4, true, false), "664.11358    HS-CULTIVATE MARIJUANA");
        assert_eq!(written(Form::Plain, 5, true, false), "11358-664 HS-CULTIVATE MARIJUANA");
        assert_eq!(written(Form::Plain, 3, false, true), "182-11358 HS-CULTIVATE MARIJUANA");
    }
}
