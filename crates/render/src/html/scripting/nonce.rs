//! Numbers that are used once.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use datasette_core::Fault;

/// 128 bits, as the specification of the policy asks for.
const LENGTH: usize = 16;

/// Bytes that a thread asks the system for at a time, so that one in 64 pages waits for it.
const STORE: usize = 64 * LENGTH;

thread_local! {
    /// Random bytes that nobody has seen yet.
    static UNUSED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A new number in base64.
///
/// # Errors
/// The system has no randomness to give.
pub(super) fn fresh() -> Result<String, Fault> {
    UNUSED.with_borrow_mut(|unused| {
        if unused.len() < LENGTH {
            unused.resize(STORE, 0);
            if let Err(error) = getrandom::fill(unused) {
                unused.clear();
                return Err(Fault::internal(error));
            }
        }
        let bytes = unused.split_off(unused.len() - LENGTH);
        Ok(STANDARD_NO_PAD.encode(bytes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_number_comes_twice() {
        let numbers: HashSet<String> = (0..1000).map(|_| fresh().unwrap()).collect();
        assert_eq!(numbers.len(), 1000);
        assert!(numbers.iter().all(|number| number.len() == 22));
    }
}
