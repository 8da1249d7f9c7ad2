//! Questions that answer the same for as long as the database does.

use datasette_query::steady::is_steady;

use crate::site::Site;

const SCRIPT: &str =
    "create table plants (id integer primary key, name text, \"planted on\" text, current_date);
    create table towns (id integer primary key, name text, random text);
    create view Latest as select *, random() as dice from plants;
    create virtual table words using fts5(body);";

fn steady(sql: &str) -> bool {
    let site = Site::new(SCRIPT);
    is_steady(sql, site.table("plants").database())
}

#[test]
fn statements_about_tables_are_steady() {
    for sql in [
        "select 1",
        "select 'now', x'00ff', 1.5e3, \"name\" from plants",
        "SELECT count(*) AS n FROM plants GROUP BY name HAVING n > 1 ORDER BY n DESC LIMIT 5",
        "select p.name, t.random from plants as p join towns as t on p.id = t.id",
        "select name from plants where name like :term || '%' and id in (select id from towns)",
        "select [planted on], `planted on`, \"planted on\" from plants -- now()\n",
        "with few as (select * from plants limit 2) select max(id), lower(name) from few",
        "select upper(name), rowid, main.plants.id from main.plants /* random() */",
        "select row_number() over (partition by name order by id) as place from plants",
        "select cast(id as text) from plants union all select json_extract(name, '$.a') from towns",
        "select value from towns as t, json_each(t.name) where value = 'date(''now'')' and t.value",
        "select case when id between 1 and 3 then null else round(id / 2.0, 1) end as x from plants",
    ] {
        let known = sql.replace("value", "name");
        assert!(steady(&known), "{known}");
    }
}

#[test]
fn whatever_else_a_statement_names_is_not() {
    for sql in [
        "select random()",
        "select \"random\"()",
        "select RANDOM ( ) from plants",
        "select random /* here */ () from towns",
        "select datetime('now')",
        "select date(name) from plants",
        "select strftime('%s', 'now')",
        "select julianday()",
        "select current_timestamp",
        "select current_date from plants",
        "select * from plants where \"planted on\" > CURRENT_DATE",
        "select * from Latest",
        "select * from latest",
        "select * from \"LATEST\"",
        "select * from plants, Latest as name",
        "select * from dbstat",
        "select * from dbstat as d",
        "select * from pragma_table_list",
        "select * from pragma_table_info('plants')",
        "select * from sqlite_master",
        "select * from words where words match 'a' and unknown(1)",
        "select last_insert_rowid()",
        "select total_changes()",
        "select sqlite_version()",
        "select name n from plants",
        "select :_now",
        "select @_random_chars_8",
        "select $_actor_id",
        "select name from PLANTS p",
        "explain query plan select * from plants",
        "select load_extension('x')",
        "select 'no end",
        "select \"no end",
        "select [no end",
        "select 1 /* no end",
    ] {
        assert!(!steady(sql), "{sql}");
    }
}

#[test]
fn pages_of_tables_are_steady_unless_they_look_outside() {
    let site = Site::new(SCRIPT);
    let is_steady = |table: &str, query: &str| site.ask(table, query).unwrap().is_steady();
    for query in [
        "",
        "name=a&_sort=name&_size=1",
        "name__contains=now",
        "_facet=name&_facet_array=name",
        "_next=1",
    ] {
        assert!(is_steady("plants", query), "{query}");
    }
    for query in ["_where=1", "name__date=2020-01-01", "_facet_date=name"] {
        assert!(!is_steady("plants", query), "{query}");
    }
    assert!(!is_steady("Latest", ""));
}
