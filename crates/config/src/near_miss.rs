//! What somebody may have meant by a name that does not exist.

/// The known name closest to `written`, when it is close enough to be a slip.
pub(crate) fn suggest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (written.chars().count() / 4).clamp(1, 3);
    let lower = written.to_lowercase();
    known
        .map(|name| (distance(&lower, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many slips of the finger lie between two words; the other number of a noun is one.
fn distance(written: &str, known: &str) -> usize {
    let letters = strsim::osa_distance(written, known);
    if is_other_number(written, known) {
        letters.min(1)
    } else {
        letters
    }
}

/// Whether one of them is the plural of the other.
pub(crate) fn is_other_number(one: &str, other: &str) -> bool {
    let is_plural_of = |many: &str, one: &str| {
        let regular = many.strip_suffix('s') == Some(one);
        regular
            || many
                .strip_suffix("ies")
                .is_some_and(|stem| one.strip_suffix('y') == Some(stem))
    };
    is_plural_of(one, other) || is_plural_of(other, one)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn only_slips_are_suggested() {
        let known = ["sort", "sort_desc", "size", "queries"];
        for (written, meant) in [
            ("sort_decs", Some("sort_desc")),
            ("sortdesc", Some("sort_desc")),
            ("Sort_Desc", Some("sort_desc")),
            ("sizes", Some("size")),
            ("query", Some("queries")),
            ("title", None),
            ("sorted_by", None),
        ] {
            assert_eq!(suggest(written, known.into_iter()), meant, "{written}");
        }
    }
}
