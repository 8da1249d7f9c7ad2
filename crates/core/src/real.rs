//! The one spelling of a floating-point number, shared by JSON, CSV and HTML.

use std::fmt::Write;

/// Appends `number` in shortest round-trip form that always looks like a real: `1.0`, `0.5`,
/// `1e+16`, `1e-05`; exponent form when the decimal exponent is below -4 or at least 16 (WIRE-05).
/// Infinities are written `inf` and `-inf`, not-a-number as `nan`; formats that need other words
/// test for them first.
pub fn write(out: &mut String, number: f64) {
    if number.is_nan() {
        out.push_str("nan");
        return;
    }
    if number.is_infinite() {
        out.push_str(if number < 0.0 { "-inf" } else { "inf" });
        return;
    }
    // Rust's exponent form gives the shortest digits that round-trip; only their layout differs.
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let start = out.len();
        let _ = write!(out, "{number}");
        if !out[start..].contains('.') {
            out.push_str(".0");
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{mantissa}e{sign}{:02}", exponent.unsigned_abs());
    }
}

/// [`write`] into a new string.
pub fn text(number: f64) -> String {
    let mut out = String::new();
    write(&mut out, number);
    out
}

#[cfg(test)]
mod tests {
    use super::text;
    use proptest::prelude::*;

    // Proves: WIRE-05
    #[test]
    fn looks_like_a_float() {
        let cases = [
            (1.0, "1.0"),
            (0.5, "0.5"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.5e300, "1.5e+300"),
            (-0.0, "-0.0"),
            (-1.25, "-1.25"),
            (123456789.123, "123456789.123"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (number, expected) in cases {
            assert_eq!(text(number), expected);
        }
    }

    proptest! {
        #[test]
        fn round_trips(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            prop_assert_eq!(text(number).parse::<f64>().unwrap(), number);
        }
    }
}
