//! What somebody may have meant by a name that does not exist.

/// The known name closest to `written`, when it is close enough to be a slip.
pub(crate) fn suggest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (written.chars().count() / 4).clamp(1, 3);
    known
        .map(|name| (strsim::osa_distance(written, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn only_slips_are_suggested() {
        let known = ["sort", "sort_desc", "size"];
        assert_eq!(suggest("sort_decs", known.into_iter()), Some("sort_desc"));
        assert_eq!(suggest("sizes", known.into_iter()), Some("size"));
        assert_eq!(suggest("title", known.into_iter()), None);
    }
}
