//! A small deterministic generator of numbers (SplitMix64).

/// The same seed gives the same sequence on every machine and in every version.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// A generator for one item: `stream` says what kind of item, `index` which one.
    pub(crate) fn new(stream: u64, index: u64) -> Self {
        Self(stream.wrapping_mul(0xd134_2543_de82_ef95) ^ index.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 up to, not including, `limit` (which is above 0).
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A real number from 0 up to, not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of `choices` (not empty).
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// A date between 1990 and 2024, as `YYYY-MM-DD`.
    pub(crate) fn date(&mut self) -> String {
        let (year, month, day) = (
            1990 + self.below(35),
            1 + self.below(12),
            1 + self.below(28),
        );
        format!("{year}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_repeat_and_differ_by_index() {
        let sequence = |index| {
            let mut random = Random::new(1, index);
            (0..4).map(|_| random.next()).collect::<Vec<_>>()
        };
        assert_eq!(sequence(5), sequence(5));
        assert_ne!(sequence(5), sequence(6));
    }

    #[test]
    fn numbers_stay_within_their_limits() {
        let mut random = Random::new(9, 9);
        for _ in 0..1000 {
            assert!(random.below(7) < 7);
            assert!((0.0..1.0).contains(&random.unit()));
            let date = random.date();
            assert_eq!(date.len(), 10);
            assert!(("1990-01-01".."2025").contains(&date.as_str()), "{date}");
        }
    }
}
