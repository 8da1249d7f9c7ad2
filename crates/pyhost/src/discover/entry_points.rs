//! Reading `entry_points.txt`, the file in which a distribution names its plugins.

/// One line of the file: what a distribution offers under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// The name; the one that the plugin framework knows the plugin by (PLUG-02).
    pub name: String,
    /// What it stands for, as written: `package.module`, or `package.module:object`.
    pub value: String,
}

/// The entry points of one group, in the order of the file.
///
/// The text is read as Python's `importlib.metadata` reads it: lines are trimmed, blank ones and
/// those that begin with `#` are skipped, a line without `=` says nothing. Values are not judged:
/// what cannot be imported is for Python to say.
pub fn entry_points(text: &str, group: &str) -> Vec<EntryPoint> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            inside = name == group;
        } else if let Some((name, value)) = line.split_once('=').filter(|_| inside) {
            found.push(EntryPoint {
                name: name.trim().to_owned(),
                value: value.trim().to_owned(),
            });
        }
    }
    found
}

impl EntryPoint {
    /// The module in its value; `None` where no module can have that name.
    pub fn module(&self) -> Option<&str> {
        let module = self.value.split(['[', ':']).next()?.trim();
        let part = |part: &str| {
            !part.is_empty() && part.chars().all(|it| it.is_alphanumeric() || it == '_')
        };
        module.split('.').all(part).then_some(module)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PLUG-02
    #[test]
    fn only_the_group_is_read() {
        let text = "[console_scripts]\nvega = other:main\n\n[datasette]\n\
                    # two plugins\n  vega = datasette_vega\nextra=pack.extra : Thing.part [all]\n\
                    nothing\n[datasette.more]\nno = no\n[datasette]\nlate = late\r\n";
        let points = entry_points(text, "datasette");
        let names: Vec<_> = points.iter().map(|it| (&*it.name, &*it.value)).collect();
        let expected = [
            ("vega", "datasette_vega"),
            ("extra", "pack.extra : Thing.part [all]"),
            ("late", "late"),
        ];
        assert_eq!(names, expected);
        assert_eq!(entry_points("", "datasette"), []);
        assert_eq!(entry_points("a = b", "datasette"), []);
    }

    #[test]
    fn the_module_is_a_part_of_the_value() {
        let module = |value: &str| {
            let (name, value) = (String::new(), value.to_owned());
            let module = EntryPoint { name, value }.module().map(str::to_owned);
            module.unwrap_or_else(|| "-".to_owned())
        };
        assert_eq!(module("datasette_vega"), "datasette_vega");
        assert_eq!(module("pack.extra : Thing.part [all]"), "pack.extra");
        assert_eq!(module("pack[all]"), "pack");
        for bad in ["", "a..b", "a b", ":b", "../a", "[y]", "/etc"] {
            assert_eq!(module(bad), "-", "{bad}");
        }
    }
}
