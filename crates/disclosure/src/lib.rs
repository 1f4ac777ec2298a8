//! Which numbers of a table must be withheld so that no small one can be worked out, and tables of people in which nobody
//! can be told from others.
