//! A found difference as a scenario file that can be moved to `compat/scenarios`.

use std::path::PathBuf;

use anyhow::Result;

use crate::compare::Difference;
use crate::layout::Layout;

use super::generate::Query;

/// Characters of a value shown in the comment.
const SHOWN: usize = 100;

/// Writes `compat/work/hunt/{kind}-{number}.toml` and returns its path.
pub(super) fn write(
    layout: &Layout,
    query: &Query,
    who: Option<(String, String)>,
    found: &[Difference],
) -> Result<PathBuf> {
    let folder = layout.work().join("hunt");
    std::fs::create_dir_all(&folder)?;
    let name = query.kind.replace(' ', "-");
    let mut number = 1;
    let path = loop {
        let path = folder.join(format!("{name}-{number}.toml"));
        if !path.exists() {
            break path;
        }
        number += 1;
    };
    let mut text =
        String::from("# Found by a hunt. Name the rows it shows and move it to its area.\n");
    for difference in found.iter().take(5) {
        let shown =
            |value: &serde_json::Value| value.to_string().chars().take(SHOWN).collect::<String>();
        let (original, ours) = (shown(&difference.original), shown(&difference.ours));
        text.push_str(&format!(
            "# {}: original {original}, ours {ours}\n",
            difference.at
        ));
    }
    let line = toml::Value::from(query.path());
    text.push_str(&format!(
        "rows = []\nsite = \"default\"\n\n[[request]]\nget = {line}\n"
    ));
    if let Some((name, value)) = who {
        let value = toml::Value::from(value);
        text.push_str(&format!("headers = {{ {name} = {value} }}\n"));
    }
    std::fs::write(&path, text)?;
    Ok(path)
}
