//! How much a request may ask for: rows of a page, time of a statement.

use datasette_core::{Fault, QueryString};

use crate::number;

/// The rows that `_size` asks for; `None` leaves it to the page (TABLE-15, TABLE-16). `max` is
/// `maximum`.
///
/// # Errors
/// 400 in the words of TABLE-17 and TABLE-18.
pub fn page_size(arguments: &QueryString, maximum: u32) -> Result<Option<u32>, Fault> {
    let size = match arguments.get("_size").filter(|size| !size.is_empty()) {
        None => return Ok(None),
        Some("max") => return Ok(Some(maximum)),
        Some(text) => match number::integer(text) {
            Some(size) if size >= 0 => size,
            // Too long for 64 bits is still an integer, and too large.
            None if is_long_integer(text) => i64::MAX,
            _ => return Err(malformed_size()),
        },
    };
    at_most(size, maximum).map(Some)
}

/// A number of rows, if it is not more than `maximum`.
pub(crate) fn at_most(size: i64, maximum: u32) -> Result<u32, Fault> {
    u32::try_from(size)
        .ok()
        .filter(|size| *size <= maximum)
        .ok_or_else(|| Fault::bad_request(format!("_size must be <= {maximum}")))
}

pub(crate) fn malformed_size() -> Fault {
    Fault::bad_request("_size must be a positive integer")
}

/// The milliseconds that `_timelimit` asks for. Only what is below the instance's own limit has
/// an effect (TABLE-28); 0 has none.
///
/// # Errors
/// 400 for what is no whole number (TABLE-29, QUERY-24).
pub fn time_limit(arguments: &QueryString, sql_time_limit_ms: u32) -> Result<Option<u32>, Fault> {
    let Some(text) = arguments.get("_timelimit").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if is_long_integer(text) {
        return Ok(None);
    }
    let limit = number::integer(text)
        .filter(|limit| *limit >= 0)
        .ok_or_else(|| Fault::bad_request("_timelimit must be a positive integer"))?;
    Ok(u32::try_from(limit)
        .ok()
        .filter(|limit| *limit > 0 && *limit < sql_time_limit_ms))
}

/// Whether it is an integer, not negative, that may not fit into 64 bits.
pub(crate) fn is_long_integer(text: &str) -> bool {
    let digits = text.trim();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    digits.len() > 18 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: TABLE-16, TABLE-17, TABLE-18
    #[test]
    fn sizes_are_bounded() {
        let size = |text: &str| page_size(&QueryString::parse(text), 1000);
        assert_eq!(size("").unwrap(), None);
        assert_eq!(size("_size=").unwrap(), None);
        assert_eq!(size("_size=0").unwrap(), Some(0));
        assert_eq!(size("_size=1000").unwrap(), Some(1000));
        assert_eq!(size("_size=max").unwrap(), Some(1000));
        for wrong in ["_size=-1", "_size=abc", "_size=1.5"] {
            let message = size(wrong).unwrap_err().message();
            assert_eq!(message, "_size must be a positive integer", "{wrong}");
        }
        for large in ["_size=1001", "_size=99999999999999999999"] {
            let message = size(large).unwrap_err().message();
            assert_eq!(message, "_size must be <= 1000", "{large}");
        }
    }

    // Proves: TABLE-28, TABLE-29, QUERY-23, QUERY-24
    #[test]
    fn only_a_lower_limit_counts() {
        let limit = |text: &str| time_limit(&QueryString::parse(text), 1000);
        assert_eq!(limit("_timelimit=20").unwrap(), Some(20));
        for without_effect in ["", "_timelimit=", "_timelimit=0", "_timelimit=1000"] {
            assert_eq!(limit(without_effect).unwrap(), None, "{without_effect}");
        }
        assert_eq!(limit("_timelimit=99999999999999999999").unwrap(), None);
        for wrong in ["_timelimit=abc", "_timelimit=1.5", "_timelimit=-1"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }
}
