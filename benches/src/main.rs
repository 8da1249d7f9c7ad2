//! Speed against the original and against the floor, as ratios of one run.
fn main() {}
