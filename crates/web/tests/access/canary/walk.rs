//! What the server keeps from one visitor's answer is not in another's: everybody asks one site in
//! turns, and each of them a twin of it that nobody else asks. While rows and queries change in
//! both, the answers are the same.

use std::collections::BTreeMap;

use datasette_testkit::TestSite;
use rusqlite::Connection;

use super::telling::comparable;
use super::world::{CANARY, half_way, insiders, outsiders, query_of_the_insider, site};
use super::{ask, ask_with, requests};
use crate::chance::Chance;
use crate::visitors::Visitor;

/// What is asked more often: pages that look at much and keep what they found.
const PAGES: &[&str] = &[
    "/.json",
    "/open.json",
    "/open",
    "/open/notes",
    "/open/notes.json?_labels=on&_facet=person&_facet=kind&_extra=count,facet_results,suggested_facets",
    "/open/notes.json?_labels=on&_facet=boss&_extra=count,facet_results",
    "/open/notes.json?_facet=person&_extra=count,facet_results",
    "/open/notes.csv?_labels=on",
    "/open/notes?_facet=person&_facet=boss",
    "/open/notes/1",
    "/open/notes/1.json?_extra=foreign_key_tables",
    "/open/kinds/1.json?_extra=foreign_key_tables",
    "/open/veiledpeople.json?_facet=published&_extra=count,facet_results",
    "/open/canarytable.json?_facet=note&_labels=on&_extra=count,facet_results",
    "/open/canarytable",
    "/open/canarydocs.json?_search=canary&_extra=count",
    "/open/overlook.json?_extra=count",
    "/open/sqlite_sequence.json",
    "/open/canaryprivate.json",
    "/open/canaryprivate/-/definition",
    "/-/queries.json",
    "/-/jump",
    "/-/schema.json",
    "/-/databases.json",
    "/-/allowed.json?action=view-table&_size=max",
    "/open/notes.json?_where=person+in+(select+id+from+veiledpeople)&_facet=person&_labels=on",
    "/open/-/query.json?sql=select+count(*)+from+veiledpeople",
    "/canaryshut.json",
];

/// Changes of rows.
const WRITES: &[&str] = &[
    "insert into notes (title, kind, person, boss) values ('new note', 1, 2, 1)",
    "insert into kinds (name) values ('new kind')",
    "update kinds set name = name || '!'",
    "update veiledpeople set canaryname = canaryname || '?'",
    "update veiledbosses set canarytitle = 'new title' where canarykey = 1",
    "delete from notes where id > 12",
    "insert into canarytable (canarycolumn, note) values ('new value', 1)",
    "delete from canarytable where id % 5 = 0",
    "update letters set words = words || ' again'",
    "insert into canarydocs_fts (canarydocs_fts) values ('rebuild')",
];

/// One site for all, and one for each.
struct Sites {
    shared: TestSite,
    twins: Vec<TestSite>,
}

impl Sites {
    fn all(&self) -> impl Iterator<Item = &TestSite> {
        std::iter::once(&self.shared).chain(&self.twins)
    }

    fn write(&self, sql: &str) {
        for site in self.all() {
            let writer = Connection::open(site.path("open")).unwrap();
            writer
                .busy_timeout(std::time::Duration::from_secs(20))
                .unwrap();
            writer.execute_batch(sql).unwrap();
        }
    }

    async fn keep_private(&self, is_private: bool) {
        for site in self.all() {
            let query = query_of_the_insider(CANARY, "open", is_private);
            site.instance().internal.save_query(query).await.unwrap();
        }
    }

    /// Whether both answer the same. Counts of the index may be cut short by a busy machine, so
    /// that a difference counts when it stays.
    async fn agree(&self, number: usize, visitor: &Visitor, path: &str) -> Result<String, String> {
        let twin = &self.twins[number];
        let mut difference = String::new();
        for _ in 0..4 {
            let mine = ask(&self.shared, visitor, path).await;
            let mine = comparable(&self.shared, &mine);
            let alone = comparable(twin, &ask(twin, visitor, path).await);
            if mine == alone {
                return Ok(mine);
            }
            difference = format!("{mine}\ninstead of\n{alone}");
        }
        Err(difference)
    }
}

async fn walk(seed: u64) {
    let mut visitors = outsiders();
    visitors.extend([half_way(), insiders()]);
    let mut twins = Vec::new();
    for _ in &visitors {
        twins.push(site(CANARY, 23).await);
    }
    let sites = Sites {
        shared: site(CANARY, 23).await,
        twins,
    };
    let others = requests::of_both();
    let mut chance = Chance::new(seed);
    let mut tags: BTreeMap<String, (String, String)> = BTreeMap::new();
    let (mut unchanged, mut answered) = (0, 0);
    for _ in 0..350 {
        match chance.below(12) {
            0 => sites.write(WRITES[chance.below(WRITES.len())]),
            1 => sites.keep_private(chance.once_in(2)).await,
            _ => {}
        }
        let number = chance.below(visitors.len());
        let visitor = &visitors[number];
        let path = match chance.once_in(3) {
            true => chance.one_of(&others).clone(),
            false => (*chance.one_of(PAGES)).to_owned(),
        };
        // The column named like a full-text table holds a number that every statement changes;
        // files are the same for everybody.
        let is_file = path.starts_with("/files/") || path.contains("/-/static/");
        if is_file || path.starts_with("/open/notes_fts") {
            continue;
        }
        let agreed = sites.agree(number, visitor, &path).await;
        if let Err(difference) = agreed {
            panic!("{} for {path} (seed {seed}): {difference}", visitor.name);
        }
        answered += 1;
        // What somebody keeps is asked for again, now or later, by its owner or by somebody else.
        let answer = ask(&sites.shared, &visitors[0], &path).await;
        if let Some(tag) = answer.header("etag") {
            let known = (tag.to_owned(), comparable(&sites.shared, &answer));
            tags.insert(path.clone(), known);
        }
        let paths: Vec<&String> = tags.keys().collect();
        let kept = match chance.once_in(2) || paths.is_empty() {
            true => path,
            false => (*chance.one_of(&paths)).clone(),
        };
        let Some((tag, known)) = tags.get(&kept) else {
            continue;
        };
        let number = if chance.once_in(2) { 0 } else { number };
        let (twin, asker) = (&sites.twins[number], &visitors[number]);
        let headers = [("if-none-match", tag.as_str())];
        let again = ask_with(&sites.shared, asker, &kept, "GET", &headers).await;
        if again.status == 304 {
            assert_eq!(asker.name, "anonymous", "{kept} (seed {seed})");
            let now = comparable(twin, &ask(twin, asker, &kept).await);
            assert_eq!(*known, now, "{kept} is not unchanged (seed {seed})");
            unchanged += 1;
        }
    }
    assert!(
        answered > 250 && unchanged > 10,
        "{answered} answers, {unchanged} unchanged"
    );
}

// Proves: CACHE-03, PERM-33, PERM-50, FACET-26
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_found_for_one_is_shown_to_another() {
    walk(7).await;
}
