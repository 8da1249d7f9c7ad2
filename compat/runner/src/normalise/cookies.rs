//! The moment at which a cookie expires.

use super::{Context, replace_after};

/// `expires=Sun, 22 Nov 2026 08:59:59 GMT` of a cookie that is taken back.
pub(super) fn expiry(name: &str, value: &mut String, _: &Context) -> usize {
    if name == "set-cookie" {
        return replace_after(value, "expires=", |char| char != ';', "TIME");
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_cookie_stays() {
        let mut value = "a=; expires=Sun, 22 Nov 2026 08:59:59 GMT; Max-Age=0".to_owned();
        assert_eq!(expiry("set-cookie", &mut value, &Context::default()), 1);
        assert_eq!(value, "a=; expires=TIME; Max-Age=0");
    }
}
