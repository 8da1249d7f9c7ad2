//! SQLite reals as text: shortest digits that read back the same, always looking like a float.

/// Appends `value`; exponents appear below 1e-4 and from 1e16 on, signed, with two digits.
pub(crate) fn write_real(out: &mut Vec<u8>, value: f64) {
    let magnitude = value.abs();
    if value == 0.0 || (1e-4..1e16).contains(&magnitude) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else if value.is_infinite() {
        out.extend_from_slice(if value > 0.0 { b"inf" } else { b"-inf" });
    } else {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        out.extend_from_slice(format!("{digits}e{sign}{exponent:0>2}").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64) -> String {
        let mut out = Vec::new();
        write_real(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_numbers_look_like_floats() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (-12.5, "-12.5"),
            (1_013.254_812_5, "1013.2548125"),
            (0.0001, "0.0001"),
            (123_456_789_012_345.6, "123456789012345.6"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
        ] {
            assert_eq!(text(value), expected);
        }
    }

    #[test]
    fn exponents_are_signed_and_two_digits_long() {
        for (value, expected) in [
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.00001, "1e-05"),
            (0.000_012_3, "1.23e-05"),
            (-2.5e-10, "-2.5e-10"),
        ] {
            assert_eq!(text(value), expected);
        }
    }
}
