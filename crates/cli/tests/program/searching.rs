//! Full-text search as configuration and permissions have it.

use serde_json::{Value, json};

use crate::folder::Folder;

/// Words with an index, a view of them, and statistics.
fn words() -> Folder {
    let folder = Folder::new();
    drop(folder.database(
        "words.db",
        "create table words (id integer primary key, word text, kind text);
         insert into words values (1, 'cats', 'plural'), (2, 'dogs', 'plural'), (3, 'cat NOT dog', 'odd');
         create virtual table words_fts using fts5 (word, content=\"words\");
         insert into words_fts (rowid, word) select id, word from words;
         create virtual table vocabulary using fts5vocab (words_fts, 'row');
         create view shown as select id, word from words where kind = 'plural';
         create index by_kind on words (kind);
         analyze;",
    ));
    folder
}

const DENIED: &str = "You do not have permission to view this table";

/// Status and JSON of an answer.
fn asked(folder: &Folder, arguments: &[&str], path: &str) -> (u16, Value) {
    let all = [&["words.db"], arguments, &["--headers", "--get", path]].concat();
    let text = folder.run(&all).text();
    let (head, body) = text.split_once("\n\n").unwrap();
    let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

fn found(folder: &Folder, arguments: &[&str], path: &str) -> Value {
    let (status, body) = asked(folder, arguments, path);
    assert_eq!(status, 200, "{path}: {body}");
    let rows = body["rows"].as_array().unwrap().iter();
    rows.map(|row| row["id"].clone()).collect()
}

fn refused(folder: &Folder, arguments: &[&str], path: &str) -> (u16, String) {
    let (status, body) = asked(folder, arguments, path);
    (status, body["error"].as_str().unwrap().to_owned())
}

// Proves: EXT-31, EXT-32, EXT-33
#[test]
fn a_view_is_searched_where_that_is_configured() {
    let folder = words();
    let view = "databases.words.tables.shown";
    let (table, key) = (format!("{view}.fts_table"), format!("{view}.fts_pk"));
    let mode = format!("{view}.searchmode");
    let known = ["-s", &table, "words_fts", "-s", &key, "id"];
    let search = "/words/shown.json?_search=";
    // Without the configuration there is nothing to search.
    assert_eq!(found(&folder, &[], &format!("{search}cats")), json!([1, 2]));
    assert_eq!(found(&folder, &known, &format!("{search}cats")), json!([1]));
    let raw = [&known[..], &["-s", &mode, "raw"]].concat();
    let either = format!("{search}cats+OR+dogs");
    assert_eq!(found(&folder, &known, &either), json!([]));
    assert_eq!(found(&folder, &raw, &either), json!([1, 2]));
    let escaped = format!("{either}&_searchmode=escaped");
    assert_eq!(found(&folder, &raw, &escaped), json!([]));
    let asked_raw = format!("{either}&_searchmode=raw");
    assert_eq!(found(&folder, &known, &asked_raw), json!([1, 2]));
    let same = format!("{search}cats&_fts_table=words_fts&_fts_pk=id");
    assert_eq!(found(&folder, &known, &same), json!([1]));
    for other in ["_fts_table=other", "_fts_pk=rowid", "_fts_table=words"] {
        assert_eq!(
            refused(&folder, &known, &format!("{search}cats&{other}")),
            (400, "Invalid _fts_table or _fts_pk".to_owned()),
            "{other}"
        );
    }
}

// Proves: EXT-35, EXT-36
#[test]
fn one_column_is_searched_if_it_is_indexed() {
    let folder = words();
    let path = "/words/words.json?_search_";
    assert_eq!(found(&folder, &[], &format!("{path}word=dogs")), json!([2]));
    assert_eq!(
        refused(&folder, &[], &format!("{path}kind=odd")),
        (400, "Cannot search by that column".to_owned())
    );
    let plain = "/words/shown.json?_search=nothing+like+it";
    assert_eq!(found(&folder, &[], plain), json!([1, 2]));
}

// Proves: EXT-34, EXT-38, EXT-39
#[test]
fn an_index_is_as_visible_as_what_it_indexes() {
    let folder = words();
    let hidden = |table: &str| format!("databases.words.tables.{table}.allow.id");
    let of_index = hidden("words_fts");
    let index = ["-s", &of_index, "root"];
    let search = "/words/words.json?_search=cats";
    assert_eq!(refused(&folder, &index, search).0, 403);
    assert_eq!(
        found(&folder, &index, "/words/words.json"),
        json!([1, 2, 3])
    );
    let of_table = hidden("words");
    let table = ["-s", &of_table, "root"];
    for derived in ["words_fts", "vocabulary", "words_fts_data", "words_fts_idx"] {
        let path = format!("/words/{derived}.json?_size=0");
        let denied = refused(&folder, &table, &path);
        assert_eq!(denied, (403, DENIED.to_owned()), "{derived}");
    }
    assert_eq!(asked(&folder, &[], "/words/words_fts.json").0, 200);
    // One hop only: the vocabulary of an index is derived from what is itself derived.
    assert_eq!(asked(&folder, &[], "/words/vocabulary.json?_size=0").0, 403);
    assert_eq!(
        refused(&folder, &[], "/words/sqlite_stat1.json"),
        (403, DENIED.to_owned())
    );
}
