//! The example database is whole, its search works, and its numbers agree with each other.

use rusqlite::Connection;

use super::build::fill;
use super::{Example, build_if_stale};
use crate::tree;

fn filled() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    fill(&mut connection, &Example::of(&tree::root()).sources).unwrap();
    connection
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_table_has_its_rows() {
    let connection = filled();
    for (table, rows) in [
        ("elements", 118),
        ("isotopes", 321),
        ("people", 100),
        ("discoveries", 171),
        ("places", 31),
        ("countries", 22),
        ("categories", 11),
        ("flame_colours", 12),
        ("discoveries_in_words", 102),
        ("isotopes_per_element", 97),
    ] {
        let sql = format!("select count(*) from {table}");
        assert_eq!(number(&connection, &sql), rows, "{table}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_the_file_is_sound() {
    let connection = filled();
    assert_eq!(
        number(&connection, "select count(*) from pragma_foreign_key_check"),
        0
    );
    assert_eq!(texts(&connection, "pragma integrity_check"), ["ok"]);
    let unused = "select count(*) from people where id not in (select person_id from discoveries)";
    assert_eq!(number(&connection, unused), 0);
}

#[test]
fn the_search_finds_words_and_follows_changes() {
    let connection = filled();
    let quarry = "select name from elements where number in \
        (select rowid from elements_fts where elements_fts match 'ytterby') order by number";
    assert_eq!(
        texts(&connection, quarry),
        ["Yttrium", "Terbium", "Erbium", "Ytterbium"]
    );
    connection
        .execute_batch(
            "update elements set named_after = 'nothing' where symbol = 'Er'; \
             insert into elements_fts(elements_fts) values ('integrity-check');",
        )
        .unwrap();
    assert_eq!(
        texts(&connection, quarry),
        ["Yttrium", "Terbium", "Ytterbium"]
    );
}

#[test]
fn shares_add_up_to_a_hundred_percent() {
    let wrong = "select elements.name from isotopes \
        join elements on elements.number = isotopes.element_number \
        group by elements.number \
        having abs(sum(abundance) - 100) > 0.02";
    assert_eq!(texts(&filled(), wrong), Vec::<String>::new());
}

#[test]
fn shares_and_mass_numbers_give_the_atomic_mass() {
    // A nucleus is at most an eighth of a unit away from its mass number.
    let wrong = "select elements.name from isotopes \
        join elements on elements.number = isotopes.element_number \
        where abundance is not null \
        group by elements.number \
        having atomic_mass is null or abs(sum(abundance * mass_number) / 100 - atomic_mass) > 0.125";
    assert_eq!(texts(&filled(), wrong), Vec::<String>::new());
}

#[test]
fn counts_of_particles_agree() {
    let connection = filled();
    let neutrons = "select count(*) from isotopes where neutrons <> mass_number - element_number";
    assert_eq!(number(&connection, neutrons), 0);
    let ids = "select count(*) from isotopes join elements on number = element_number \
        where rtrim(id, 'm') <> symbol || '-' || mass_number";
    assert_eq!(number(&connection, ids), 0);
    let lives = "select count(*) from people where died <= born";
    assert_eq!(number(&connection, lives), 0);
}

#[test]
fn swatches_are_pictures() {
    let connection = filled();
    let wrong =
        "select count(*) from flame_colours where hex(substr(swatch, 1, 8)) <> '89504E470D0A1A0A'";
    assert_eq!(number(&connection, wrong), 0);
}

#[test]
fn a_file_is_built_once() {
    let folder = tempfile::tempdir().unwrap();
    let example = Example {
        database: folder.path().join("built/elements.db"),
        ..Example::of(&tree::root())
    };
    assert!(build_if_stale(&example).unwrap());
    assert!(!build_if_stale(&example).unwrap());
    let connection = Connection::open(&example.database).unwrap();
    assert_eq!(number(&connection, "select count(*) from elements"), 118);
}
