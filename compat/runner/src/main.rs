//! Is it the same as the original? Scenarios, goldens, live comparison, hunt.
fn main() {}
