//! Rule `names`: no room is called by a name that says nothing.

use super::finding::Finding;
use crate::tree::Tree;

const EMPTY_NAMES: [&str; 6] = ["util", "utils", "common", "helper", "helpers", "misc"];

/// Names that are not ours to choose: plugins import these modules.
const GIVEN: [&str; 2] = [
    "python/datasette/utils/",
    "python/datasette/publish/common.py",
];

/// Files and folders with a name that would fit anything.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.paths
        .iter()
        .filter_map(|path| {
            let given = GIVEN.iter().find(|given| path.starts_with(**given));
            let chosen = &path[given.map_or(0, |given| given.len())..];
            let name = chosen.split('/').find_map(|part| {
                let stem = part.split('.').next().unwrap_or(part);
                EMPTY_NAMES.contains(&stem).then_some(stem)
            })?;
            Some(Finding::at(
                path,
                format!("`{name}` says nothing"),
                "name the noun or the verb it holds; a function belongs to the room that owns its noun",
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_nothing_are_found_as_files_and_as_folders() {
        let tree = Tree::of(&[
            ("crates/core/src/utils.rs", ""),
            ("crates/web/src/common/mod.rs", ""),
            ("frontend/src/helpers.js", ""),
            ("crates/core/src/tilde.rs", ""),
            ("docs/common-questions.md", ""),
            ("python/datasette/utils/asgi.py", ""),
            ("python/datasette/utils/helpers.py", ""),
            ("python/datasette/publish/common.py", ""),
            ("python/datasette/common.py", ""),
        ]);
        let paths: Vec<String> = check(&tree)
            .into_iter()
            .map(|finding| finding.path)
            .collect();
        assert_eq!(
            paths,
            [
                "crates/core/src/utils.rs",
                "crates/web/src/common/mod.rs",
                "frontend/src/helpers.js",
                "python/datasette/utils/helpers.py",
                "python/datasette/common.py"
            ]
        );
    }
}
