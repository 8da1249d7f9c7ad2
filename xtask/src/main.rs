//! The project's commands: demo, test, check, spec, assets.
fn main() {}
