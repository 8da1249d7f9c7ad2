//! The process that runs Python plugins: started, watched, started again.

mod at_work;
mod launch;
mod output;
mod patience;
mod supervisor;

pub use launch::Interpreter;
pub use supervisor::PythonHost;
