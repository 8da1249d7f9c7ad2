//! From which table another one's content comes (HIDE-05, HIDE-06, PERM-56, PERM-58).

use std::collections::{HashMap, HashSet};

use datasette_core::schema::Derivation;

use super::ddl::{VirtualTable, contains_ignoring_case};

/// The names shadow tables of a module end in.
fn shadow_suffixes(module: &str) -> &'static [&'static str] {
    match module {
        "fts3" | "fts4" => &["_content", "_segdir", "_segments", "_stat", "_docsize"],
        "fts5" => &["_data", "_idx", "_docsize", "_content", "_config"],
        "rtree" | "rtree_i32" => &["_node", "_parent", "_rowid"],
        _ => &[],
    }
}

/// The derivations of all tables that have one. `names` are all tables and views, `shadows` the
/// tables SQLite itself calls shadow tables.
pub(super) fn all<'a>(
    virtual_tables: &[(&'a str, &VirtualTable)],
    names: &HashSet<&'a str>,
    shadows: &[&'a str],
) -> HashMap<&'a str, Derivation> {
    let stored: HashMap<String, &str> = names
        .iter()
        .map(|name| (name.to_ascii_lowercase(), *name))
        .collect();
    let resolve = |name: &str| match stored.get(&name.to_ascii_lowercase()) {
        Some(stored) => Derivation::From((*stored).to_owned()),
        None => Derivation::Unresolvable,
    };
    let mut found = HashMap::new();
    for (name, table) in virtual_tables {
        for suffix in shadow_suffixes(&table.module) {
            if let Some(shadow) = names.get(format!("{name}{suffix}").as_str()) {
                found.insert(*shadow, Derivation::From((*name).to_owned()));
            }
        }
        if table.is_fts() {
            if let Some(content) = table.option("content")
                && !content.value.is_empty()
            {
                found.insert(*name, resolve(&content.value));
            }
        } else if let Some(source) = vocabulary_source(table) {
            let source = source.map_or(Derivation::Unresolvable, |source| resolve(&source));
            found.insert(*name, source);
        }
    }
    // Modules we do not know: SQLite takes the name before the last underscore for the owner.
    for shadow in shadows {
        if !found.contains_key(shadow)
            && let Some((owner, _)) = shadow.rsplit_once('_')
        {
            found.insert(*shadow, resolve(owner));
        }
    }
    found
}

/// The table in which SQLite keeps the names and the highest keys of all tables with
/// `AUTOINCREMENT`.
pub(super) const SEQUENCES: &str = "sqlite_sequence";

/// Where the content of [`SEQUENCES`] comes from: every table whose statement has the word, which
/// at worst is one too many.
pub(super) fn of_sequences<'a>(statements: impl Iterator<Item = (&'a str, &'a str)>) -> Derivation {
    let counting = statements.filter(|(_, sql)| contains_ignoring_case(sql, "autoincrement"));
    Derivation::FromEach(counting.map(|(name, _)| name.to_owned()).collect())
}

/// The table a vocabulary table reads, `Some(None)` when it cannot be told. Sources in other
/// databases cannot.
fn vocabulary_source(table: &VirtualTable) -> Option<Option<String>> {
    let expected = match table.module.as_str() {
        "fts5vocab" => 2,
        "fts4aux" => 1,
        _ => return None,
    };
    let arguments = table.plain_arguments();
    let source = match arguments.as_slice() {
        [source, ..] if arguments.len() == expected => Some(source.clone()),
        [database, source, ..]
            if arguments.len() == expected + 1 && database.eq_ignore_ascii_case("main") =>
        {
            Some(source.clone())
        }
        _ => None,
    };
    Some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PERM-56, PERM-58
    #[test]
    fn every_kind_of_derived_table_is_found() {
        let declarations = [
            ("own", "fts5(a)"),
            ("outer", "fts4(a, content=\"DOCS\")"),
            ("bare", "fts5(a, content='')"),
            ("lost", "fts5(a, content='gone')"),
            ("words", "fts5vocab(own, row)"),
            ("words_main", "fts5vocab(main, Own, 'row')"),
            ("words_temp", "fts5vocab(temp, own, row)"),
            ("words_gone", "fts4aux(gone)"),
            ("places", "rtree(id, x0, x1)"),
        ];
        let parsed: Vec<(&str, VirtualTable)> = declarations
            .iter()
            .map(|(name, declaration)| {
                let sql = format!("CREATE VIRTUAL TABLE {name} USING {declaration}");
                (*name, VirtualTable::parse(&sql).unwrap())
            })
            .collect();
        let tables: Vec<(&str, &VirtualTable)> =
            parsed.iter().map(|(name, table)| (*name, table)).collect();
        let names: HashSet<&str> = declarations
            .iter()
            .map(|(name, _)| *name)
            .chain([
                "docs",
                "own_data",
                "outer_segments",
                "places_node",
                "own_extra",
                "x_y",
            ])
            .collect();
        let found = all(&tables, &names, &["own_data", "own_extra"]);
        let from = |name: &str| Some(Derivation::From(name.to_owned()));
        assert_eq!(found.get("own_data").cloned(), from("own"));
        assert_eq!(found.get("own_extra").cloned(), from("own"));
        assert_eq!(found.get("outer_segments").cloned(), from("outer"));
        assert_eq!(found.get("places_node").cloned(), from("places"));
        assert_eq!(found.get("outer").cloned(), from("docs"));
        assert_eq!(found.get("lost"), Some(&Derivation::Unresolvable));
        assert_eq!(found.get("words").cloned(), from("own"));
        assert_eq!(found.get("words_main").cloned(), from("own"));
        assert_eq!(found.get("words_temp"), Some(&Derivation::Unresolvable));
        assert_eq!(found.get("words_gone"), Some(&Derivation::Unresolvable));
        for plain in ["own", "bare", "places", "docs", "x_y"] {
            assert_eq!(found.get(plain), None, "{plain}");
        }
    }

    // Proves: PERM-50
    #[test]
    fn sequences_are_about_every_table_that_counts() {
        let statements = [
            ("a", "CREATE TABLE a (id integer primary key AutoIncrement)"),
            ("b", "CREATE TABLE b (id integer primary key)"),
            ("c", "CREATE TABLE c (\"autoincrement\" text)"),
            (SEQUENCES, "CREATE TABLE sqlite_sequence(name,seq)"),
        ];
        let each = |names: [&str; 2]| Derivation::FromEach(names.map(str::to_owned).into());
        assert_eq!(of_sequences(statements.into_iter()), each(["a", "c"]));
    }
}
