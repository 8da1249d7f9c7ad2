//! Time stamps in base 62, as the actor cookie writes them (AUTH-09).

const DIGITS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz";

/// The number in base 62, most significant digit first, no padding.
pub(crate) fn encode(mut number: u64) -> String {
    let mut reversed = Vec::new();
    loop {
        reversed.push(char::from(DIGITS[(number % 62) as usize]));
        number /= 62;
        if number == 0 {
            return reversed.into_iter().rev().collect();
        }
    }
}

/// The number; `None` for an empty text, a foreign character or a number that is too large.
pub(crate) fn decode(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0u64, |number, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)? as u64;
        number.checked_mul(62)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // Proves: AUTH-09
    #[test]
    fn writes_the_documented_examples() {
        let cases = [
            (0, "A"),
            (61, "z"),
            (62, "BA"),
            (1_700_000_000, "BrDBeq"),
            (4_102_444_800, "E3d1S6"),
        ];
        for (number, text) in cases {
            assert_eq!(encode(number), text);
            assert_eq!(decode(text), Some(number));
        }
        assert_eq!(decode(""), None);
        assert_eq!(decode("a-b"), None);
        assert_eq!(decode(&"z".repeat(40)), None);
    }

    proptest! {
        #[test]
        fn round_trips(number in any::<u64>()) {
            prop_assert_eq!(decode(&encode(number)), Some(number));
        }
    }
}
