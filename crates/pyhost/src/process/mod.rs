//! The process that runs Python plugins: started, watched, started again.

mod at_work;
mod early;
mod launch;
mod output;
mod parent;
mod patience;
mod supervisor;

pub use early::Verdict;
pub use launch::Interpreter;
pub use parent::{Parent, ParentSockets};
pub use supervisor::PythonHost;
