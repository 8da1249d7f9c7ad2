//! Publishing, with stand-ins for the programs that would do it.

mod cloudrun;
mod container;
mod fly;
mod generated;
mod heroku;
mod package;
mod refusals;
mod stand_ins;
