//! Everything about access that both servers are started with, and who visits them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value, json};

use super::actor::{actor, restrictions};
use super::{queries, rules};
use crate::hunt::random::Random;
use crate::hunt::schema::Schema;
use crate::visitor::Visitor;

/// How many visitors after the first may debug permissions.
pub(in crate::hunt) const DEBUGGERS: usize = 2;

/// A way to be let in, made up from a seed.
#[derive(Debug)]
pub(in crate::hunt) struct Access {
    /// Arguments of both servers.
    pub(in crate::hunt) args: Vec<String>,
    /// The server's own database, which each server gets a copy of.
    pub(in crate::hunt) internal: PathBuf,
    /// Who visits; the first one is nobody.
    pub(in crate::hunt) visitors: Vec<Visitor>,
    /// Names that stored queries may have.
    pub(in crate::hunt) queries: Vec<String>,
    /// Whether nobody is given a right to write, so that pages of ours can be compared.
    pub(in crate::hunt) reads_only: bool,
}

impl Access {
    /// Makes one up and writes its files into `folder`.
    pub(in crate::hunt) fn invent(
        folder: &Path,
        schemas: &[Schema],
        visitors: usize,
        random: &mut Random,
    ) -> Result<Self> {
        let reads_only = random.one_in(2);
        let configuration = rules::configuration(schemas, !reads_only, random);
        let file = folder.join("access.json");
        std::fs::write(&file, serde_json::to_string_pretty(&configuration)?)?;
        let mut args = vec!["-c".to_owned(), file.to_string_lossy().into_owned()];
        if !reads_only && random.one_in(2) {
            args.push("--root".to_owned());
        }
        if random.one_in(8) {
            args.push("--default-deny".to_owned());
        }
        if random.one_in(4) {
            args.extend(["--setting", "default_allow_sql", "off"].map(str::to_owned));
        }
        let internal = folder.join("own.internal");
        queries::write(&internal, schemas, random)?;
        let queries = queries::names();
        // Those who may debug permissions, whatever else they may, come right after nobody.
        let mut who = vec![
            Visitor::default(),
            Visitor::with_cookie(&json!({"id": "ann"})),
            Visitor::with_cookie(&json!({"id": "ben", "role": "staff", "level": [1, "1"]})),
        ];
        while who.len() < visitors.max(DEBUGGERS + 2) {
            who.push(visitor(schemas, &queries, random));
        }
        Ok(Self {
            args,
            internal,
            visitors: who,
            queries,
            reads_only,
        })
    }
}

fn visitor(schemas: &[Schema], queries: &[String], random: &mut Random) -> Visitor {
    if random.one_in(3) {
        let id = ["ann", "ben", "root"][random.below(3)];
        let mut payload = json!({"a": id, "t": 1_700_000_000});
        if random.one_in(2) {
            payload["_r"] = restrictions(schemas, queries, random);
        }
        return Visitor::with_token(&payload);
    }
    match actor(schemas, queries, random) {
        // Signed, and yet nobody.
        Value::Null => Visitor::with_cookie(&json!({})),
        actor => Visitor::with_cookie(&actor),
    }
}
