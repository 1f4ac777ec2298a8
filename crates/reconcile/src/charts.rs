//! The charts of a linked folder's page.

use crate::linking::Linked;

pub(crate) fn charts(_html: &mut String, _linked: &Linked) {}
