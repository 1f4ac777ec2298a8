//! What charts are drawn with.
//!
//! An [`Svg`] has a title and a description, runs nothing and loads nothing. Its texts are escaped, its colours are Okabe's and
//! Ito's, which the colour-blind can tell apart; what a colour says, a place, a shape or a word has to say too. The same drawing
//! gives the same bytes.
//!
//! Why not a library: those that draw whole charts without a script give pictures without a text for who cannot see them, and
//! what is drawn here is a handful of bars, dots and lines.

mod svg;

pub use svg::{At, BLUE, GREEN, GREY, INK, LINE, ORANGE, Svg, escape, fit, tick, ticks, width};
