//! Requests in which a visitor writes SQL, or a part of it.

/// Whether everybody may run SQL in the sites of these tests. While SQL sees all tables of its
/// database, only those who may view them all are let in; with permissions that hold inside SQL
/// this is `true`, and the same requests must tell nothing although they are answered.
pub(crate) const SQL_FOR_EVERYBODY: bool = false;

/// Statements that try to reach what is hidden.
pub(crate) const STATEMENTS: &[&str] = &[
    "select 1 as one",
    "select name, sql from sqlite_master",
    "select * from sqlite_schema",
    "select name from pragma_table_list",
    "select * from pragma_table_info('canarytable')",
    "select * from pragma_table_xinfo('veiledbosses')",
    "select * from pragma_index_list('canarytable')",
    "select * from pragma_index_info('canaryindex')",
    "select * from pragma_foreign_key_list('canarytable')",
    "select * from pragma_database_list",
    "select * from canarytable",
    "select * from CANARYTABLE",
    "select * from \"canarytable\"",
    "select * from [canarytable]",
    "select * from main.canarytable",
    "select count(*) from canarytable",
    "select * from canaryview",
    "select * from veiledpeople",
    "select * from overlook",
    "select * from canarydocs_fts",
    "select * from canaryopen_fts",
    "select * from canarywords",
    "select * from canaryown_content",
    "select * from canarybox_node",
    "select * from sqlite_sequence",
    "select * from sqlite_stat1",
    "select * from dbstat",
    "select sql from temp.sqlite_master",
    "with t as (select * from canarydocs) select * from t",
    "select (select canaryname from veiledpeople limit 1) as a",
    "select 1 where exists (select 1 from canarytable)",
    "select title from notes order by (select count(*) from canarytable)",
    "select * from notes where person in (select id from veiledpeople where canaryname like 'c%')",
    "select * from canaryshut.canarysafe",
    "explain select * from canarytable",
    "explain query plan select * from canarytable",
    "select nothing from canarytable",
    "select * from canarytables",
];

/// Conditions of table pages that try the same.
pub(crate) const CONDITIONS: &[&str] = &[
    "id > 3",
    "exists (select 1 from canarytable)",
    "id in (select note from canarytable)",
    "(select sql from sqlite_master where name like 'canary%') is not null",
    "id = (select count(*) from veiledpeople)",
    "person in (select id from veiledpeople)",
    "1 from canarytable --",
];
