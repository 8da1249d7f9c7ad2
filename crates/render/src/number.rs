//! Numbers for people.

/// With `,` between thousands (WIRE-24).
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size in steps of 1024: `bytes` as an integer, `KB` to `TB` with one decimal (WIRE-23).
pub fn bytes(size: u64) -> String {
    let mut current = size as f64;
    let mut unit = "bytes";
    for larger in ["KB", "MB", "GB", "TB"] {
        if current < 1024.0 {
            break;
        }
        current /= 1024.0;
        unit = larger;
    }
    if unit == "bytes" {
        format!("{size} bytes")
    } else {
        format!("{current:.1} {unit}")
    }
}

/// `s` unless the number is one.
pub fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: WIRE-23
    #[test]
    fn sizes_use_1024_steps() {
        assert_eq!(bytes(10), "10 bytes");
        assert_eq!(bytes(2000), "2.0 KB");
        assert_eq!(bytes(20000), "19.5 KB");
        assert_eq!(bytes(98304), "96.0 KB");
    }

    // Proves: WIRE-24
    #[test]
    fn thousands_are_separated() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1000), "1,000");
        assert_eq!(thousands(1234567), "1,234,567");
    }
}
