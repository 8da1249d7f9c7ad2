//! Changes to the text of a template.

/// A piece of text in place of what stands there.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) text: String,
    /// Whether it goes before what others put in the same place.
    pub(super) first: bool,
}

/// The text with all edits; those of outer expressions come after those of inner ones.
pub(super) fn applied(source: &str, edits: Vec<Edit>) -> String {
    let mut ordered: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        // Outer calls come later: they open before the inner ones and close behind them.
        let place = ordered.partition_point(|other| {
            other.from < edit.from || (other.from == edit.from && !edit.first)
        });
        ordered.insert(place, edit);
    }
    let mut out = String::with_capacity(source.len() + 16 * ordered.len());
    let mut at = 0;
    for edit in ordered {
        out.push_str(&source[at..edit.from]);
        out.push_str(&edit.text);
        at = edit.to;
    }
    out.push_str(&source[at..]);
    out
}
