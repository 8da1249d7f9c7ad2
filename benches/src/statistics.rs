//! Medians, percentiles and paired ratios.

/// The median; of an even number of values the mean of the middle two. `None` without values.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[middle - 1], upper))
}

/// The value below or at which `percent` (0 to 100) of an ascending list lies, by nearest rank.
pub(crate) fn percentile(ascending: &[u32], percent: f64) -> Option<u32> {
    let rank = (percent / 100.0 * ascending.len() as f64).ceil() as usize;
    ascending.get(rank.max(1) - 1).copied()
}

/// Median over the rounds of `numerator / denominator`, paired by round.
///
/// Pairing cancels what the machine did during that round; a round only one side finished is
/// left out.
pub(crate) fn median_ratio(numerators: &[f64], denominators: &[f64]) -> Option<f64> {
    let ratios: Vec<f64> = numerators
        .iter()
        .zip(denominators)
        .filter(|(_, denominator)| **denominator > 0.0)
        .map(|(numerator, denominator)| numerator / denominator)
        .collect();
    median(&ratios)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_of_odd_even_and_nothing() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn percentile_takes_the_nearest_rank() {
        let values: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(&values, 50.0), Some(50));
        assert_eq!(percentile(&values, 99.0), Some(99));
        assert_eq!(percentile(&values, 100.0), Some(100));
        assert_eq!(percentile(&values, 0.0), Some(1));
        assert_eq!(percentile(&[7], 99.0), Some(7));
        assert_eq!(percentile(&[], 50.0), None);
    }

    #[test]
    fn ratio_pairs_rounds_before_taking_the_median() {
        // The machine was twice as slow in the second round: the ratio does not notice.
        assert_eq!(
            median_ratio(&[50.0, 25.0, 50.0], &[100.0, 50.0, 100.0]),
            Some(0.5)
        );
        assert_eq!(median_ratio(&[50.0, 99.0], &[100.0]), Some(0.5));
        assert_eq!(median_ratio(&[1.0], &[0.0]), None);
    }
}
