//! The commands: each reads its arguments, calls the libraries, and words what they answer.

pub(crate) mod authorize;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod counties;
pub(crate) mod decide;
pub(crate) mod decrypt;
pub(crate) mod demo;
pub(crate) mod documents;
pub(crate) mod explain;
pub(crate) mod extract;
pub(crate) mod forms;
pub(crate) mod layout;
pub(crate) mod link;
pub(crate) mod link_evaluate;
pub(crate) mod link_hash;
pub(crate) mod link_model;
pub(crate) mod link_pairs;
pub(crate) mod packet;
pub(crate) mod policy;
pub(crate) mod report;
pub(crate) mod sign;
pub(crate) mod statewide;
pub(crate) mod synth;
pub(crate) mod verify;
