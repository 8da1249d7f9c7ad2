//! Tables of each kind that questions are asked about.

use std::sync::Arc;

use datasette_core::schema::{Column, Derivation, ForeignKey, Table, TableKind};
use datasette_core::{Catalogue, DatabaseEntry, DatabaseSchema, TableRef};

/// The table that a byte picks.
pub(super) fn pick(byte: u8) -> TableRef {
    let kinds = [
        table("keyed", TableKind::Rowid, &["id"]),
        table("loose", TableKind::Rowid, &[]),
        table("pairs", TableKind::WithoutRowid, &["b", "id"]),
        table("seen", TableKind::View, &[]),
    ];
    let names: Vec<String> = kinds.iter().map(|table| table.name.clone()).collect();
    let mut schema = DatabaseSchema::default();
    for table in kinds {
        schema.tables.insert(table.name.clone(), Arc::new(table));
    }
    let catalogue = Catalogue::new([Arc::new(DatabaseEntry {
        name: "data".to_owned(),
        route: "data".to_owned(),
        path: None,
        is_mutable: true,
        is_memory: true,
        hash: None,
        schema: Arc::new(schema),
    })]);
    let database = catalogue.database("data").expect("it was just made");
    let name = &names[usize::from(byte) % names.len()];
    database.table(name).expect("it was just made")
}

fn table(name: &str, kind: TableKind, key: &[&str]) -> Table {
    let columns = ["id", "b", "a b", "select", "", "tags"];
    let position = |column: &str| key.iter().position(|part| *part == column);
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|column| Column {
            name: column.to_owned(),
            declared_type: if column == "id" { "integer" } else { "" }.to_owned(),
            not_null: false,
            default: None,
            primary_key_position: position(column)
                .and_then(|place| u32::try_from(place + 1).ok())
                .unwrap_or(0),
            hidden: 0,
        })
        .collect();
    let refers = name == "loose";
    let reference = |other: &str| ForeignKey {
        other_table: other.to_owned(),
        column: "id".to_owned(),
        other_column: "id".to_owned(),
    };
    Table {
        name: name.to_owned(),
        primary_key: key
            .iter()
            .filter_map(|part| columns.iter().position(|column| column.name == *part))
            .collect(),
        kind,
        columns,
        root_page: 2,
        sql: String::new(),
        indexes: Vec::new(),
        foreign_key_parts: Vec::new(),
        outgoing: refers.then(|| reference("keyed")).into_iter().collect(),
        incoming: Vec::new(),
        fts_table: (name == "keyed").then(|| "keyed_fts".to_owned()),
        hidden: false,
        derivation: Derivation::None,
        label_column: None,
    }
}
