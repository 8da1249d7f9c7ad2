//! The one-time token of `--root`.

use datasette_core::{Actor, Fault};
use parking_lot::Mutex;

use crate::signing::generate_secret;

/// Lets the first who shows it sign in as root (AUTH-27 to AUTH-30).
#[derive(Debug)]
pub struct RootToken {
    unused: Mutex<Option<String>>,
}

/// Why a token does not sign anybody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootTokenRefused {
    /// It has been used before, by whoever (AUTH-29).
    AlreadyUsed,
    /// It is missing or wrong (AUTH-30).
    Invalid,
}

impl From<RootTokenRefused> for Fault {
    fn from(refused: RootTokenRefused) -> Self {
        Self::forbidden(match refused {
            RootTokenRefused::AlreadyUsed => "Root token has already been used",
            RootTokenRefused::Invalid => "Invalid token",
        })
    }
}

impl RootToken {
    /// A new token, 64 hexadecimal digits, and what remembers it.
    ///
    /// # Errors
    /// The machine has no randomness to give.
    pub fn generate() -> Result<(Self, String), getrandom::Error> {
        let token = generate_secret()?;
        let unused = Mutex::new(Some(token.clone()));
        Ok((Self { unused }, token))
    }

    /// The root actor, once.
    ///
    /// # Errors
    /// The token is wrong or has been used.
    pub fn redeem(&self, shown: Option<&str>) -> Result<Actor, RootTokenRefused> {
        let mut unused = self.unused.lock();
        let Some(token) = unused.as_deref() else {
            return Err(RootTokenRefused::AlreadyUsed);
        };
        if !shown.is_some_and(|shown| same(shown.as_bytes(), token.as_bytes())) {
            return Err(RootTokenRefused::Invalid);
        }
        *unused = None;
        Ok(Actor::with_id("root"))
    }
}

/// Compares without telling by its duration how much agrees.
fn same(left: &[u8], right: &[u8]) -> bool {
    let differences = left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b));
    left.len() == right.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: AUTH-29, AUTH-30
    #[test]
    fn it_works_once() {
        let (root, token) = RootToken::generate().unwrap();
        assert_eq!(token.len(), 64);
        assert_eq!(root.redeem(None), Err(RootTokenRefused::Invalid));
        assert_eq!(root.redeem(Some("")), Err(RootTokenRefused::Invalid));
        assert_eq!(
            root.redeem(Some(&token[..63])),
            Err(RootTokenRefused::Invalid)
        );
        assert_eq!(root.redeem(Some(&token)), Ok(Actor::with_id("root")));
        assert_eq!(
            root.redeem(Some(&token)),
            Err(RootTokenRefused::AlreadyUsed)
        );
        let fault = Fault::from(RootTokenRefused::AlreadyUsed);
        assert_eq!(fault.message(), "Root token has already been used");
        assert_eq!(fault.status(), 403);
        assert_eq!(
            Fault::from(RootTokenRefused::Invalid).message(),
            "Invalid token"
        );
    }
}
