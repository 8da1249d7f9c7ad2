//! Do published plugins work? Cases say what must be seen of each; they are played against our
//! binary, and against the original, of which the same must be seen.

mod case;
mod play;
mod run;
mod sight;

pub(crate) use run::{Wanted, run};
