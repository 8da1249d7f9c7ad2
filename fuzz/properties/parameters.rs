//! Named parameters of SQL.

use std::collections::HashSet;

use datasette_query::statement::named_parameters;

/// Every name is made of what the text has, and none is told twice. It need not stand in the text
/// as it is: what is left of a text in quotes joins what stands around it, as in the original.
pub(crate) fn parameters(data: &[u8]) {
    let sql = String::from_utf8_lossy(data);
    let names = named_parameters(&sql);
    let mut seen = HashSet::new();
    for name in &names {
        assert!(!name.is_empty(), "{sql}");
        assert!(seen.insert(name), "{name} twice in {sql}");
        assert!(sql.contains(':'), "{name} in {sql}");
        assert!(
            name.chars().all(|part| sql.contains(part)),
            "{name} in {sql}"
        );
    }
    // An empty text adds none.
    assert_eq!(named_parameters(&format!("'' {sql}")), names);
}
