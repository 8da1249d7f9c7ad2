//! Columns: a name, a declared type that may or may not fit what they hold, and constraints.

use super::names::{Names, quote};
use super::value::{self, Kind};
use crate::hunt::random::Random;

/// A column of a table that is being made up.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) declared: &'static str,
    pub(super) constraint: &'static str,
    pub(super) kind: Kind,
    /// Values to draw from instead of those of the kind: the keys of another table.
    pub(super) drawn: Vec<String>,
}

impl Column {
    /// Any column; in a strict table its type is one of those SQLite knows.
    pub(super) fn any(names: &mut Names, strict: bool, random: &mut Random) -> Self {
        let kind = random.pick(&value::KINDS).copied().unwrap_or(Kind::Word);
        let declared = if strict {
            strict_type(kind)
        } else {
            declared(kind, random)
        };
        let constraint = match random.below(30) {
            0 => " unique",
            1 => " not null default 'd'",
            2 => " collate nocase",
            3 => " default (1 + 1)",
            4 => " check (1)",
            5 => " default current_timestamp",
            _ => "",
        };
        Self {
            name: names.column(random),
            declared,
            constraint,
            kind,
            drawn: Vec::new(),
        }
    }

    /// A column of a key.
    pub(super) fn key(names: &mut Names, strict: bool, random: &mut Random) -> Self {
        let kinds = [
            Kind::Integer,
            Kind::Word,
            Kind::Word,
            Kind::Text,
            Kind::Real,
            Kind::Date,
            Kind::Blob,
        ];
        let kind = random.pick(&kinds).copied().unwrap_or(Kind::Word);
        Self {
            kind,
            declared: if strict {
                strict_type(kind)
            } else {
                declared(kind, random)
            },
            constraint: "",
            ..Self::any(names, strict, random)
        }
    }

    /// Its line in a `create table`.
    pub(super) fn definition(&self) -> String {
        format!("{} {}{}", quote(&self.name), self.declared, self.constraint)
    }

    /// A value of a row.
    pub(super) fn value(&self, random: &mut Random) -> String {
        match random.pick(&self.drawn) {
            Some(_) if random.one_in(6) => value::of(self.kind, random),
            Some(drawn) => drawn.clone(),
            None => value::of(self.kind, random),
        }
    }
}

fn strict_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Small | Kind::Integer => "integer",
        Kind::Real => "real",
        Kind::Blob => "blob",
        Kind::Mixed => "any",
        _ => "text",
    }
}

fn declared(kind: Kind, random: &mut Random) -> &'static str {
    let fitting: &[&'static str] = match kind {
        Kind::Small | Kind::Integer => &["integer", "int", "INTEGER", "bigint unsigned", ""],
        Kind::Real => &[
            "real",
            "float",
            "double precision",
            "numeric",
            "decimal(10, 2)",
        ],
        Kind::Word | Kind::Text | Kind::Json => &["text", "varchar(20)", "clob", "TEXT", ""],
        Kind::Date => &["text", "date", "datetime", "timestamp"],
        Kind::Blob => &["blob", ""],
        Kind::Mixed => &["", "numeric", "any", "text", "boolean", "json", "odd type"],
    };
    let any = ["integer", "text", "real", "numeric", "blob", "charint"];
    let list = if random.one_in(8) { &any[..] } else { fitting };
    random.pick(list).copied().unwrap_or("")
}
