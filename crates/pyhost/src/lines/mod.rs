//! Lines: how threads of the server call SQL functions of Python, one thread of Python at the other
//! end of each.
//!
//! SQLite calls such a function in the middle of a statement and waits for it, perhaps for every row:
//! what takes ten microseconds is a second for a hundred thousand rows. So both ends of a line look at
//! memory that they share, for as long as calls follow each other, and sleep at a socket only when
//! nothing comes for a while.

mod line;
#[expect(
    clippy::module_inception,
    reason = "the lines, beside what one is made of"
)]
mod lines;
mod marshal;
mod memory;

pub(crate) use lines::{Lines, Operation};
