//! What a run did, and for whom.
//!
//! [`Report`] is made once of a finished run's tables; every page, table and chart is drawn from it, so that no two of them
//! can say different numbers. What may not be shown is withheld in it already: nothing that draws sees a small cell.

mod model;

pub use model::{
    Disclosure, Figure, Head, InputHead, PolicyHead, Ratio, Report, Row, Section, Share, Shown, Table,
};
