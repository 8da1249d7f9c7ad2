//! Reads a `CREATE TABLE` statement as SQLite stores it. Whatever is not understood is an error, so
//! that nothing is lost by not having been seen.

use super::definition::{
    Check, ColumnDefinition, Definition, IndexedColumn, KeyDefinition, Reference, Unique,
};
use crate::change::sql_tokens::{Kind, Token, tokens};

/// Why a statement was not understood.
pub(super) type Misread = String;

/// Reads a statement.
pub(super) fn definition(sql: &str) -> Result<Definition, Misread> {
    let found = tokens(sql);
    let meant: Vec<Token> = found
        .iter()
        .filter(|token| !token.is_trivia())
        .copied()
        .collect();
    let mut parser = Parser {
        sql,
        tokens: &meant,
        at: 0,
        found: Definition::default(),
    };
    parser.statement()?;
    Ok(parser.found)
}

/// Reads the columns of a `CREATE INDEX` statement; `None` when one of them is an expression.
pub(super) fn indexed_columns(sql: &str) -> Option<Vec<IndexedColumn>> {
    let found = tokens(sql);
    let meant: Vec<Token> = found
        .iter()
        .filter(|token| !token.is_trivia())
        .copied()
        .collect();
    let mut parser = Parser {
        sql,
        tokens: &meant,
        at: meant.iter().position(|token| token.is_mark(sql, "("))?,
        found: Definition::default(),
    };
    parser.indexed_columns().ok()
}

struct Parser<'a> {
    sql: &'a str,
    tokens: &'a [Token],
    at: usize,
    found: Definition,
}

impl<'a> Parser<'a> {
    fn here(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn at_word(&self, word: &str) -> bool {
        self.word_at(self.at, word)
    }

    fn word_at(&self, at: usize, word: &str) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| token.is_word(self.sql, word))
    }

    fn at_mark(&self, mark: &str) -> bool {
        self.here()
            .is_some_and(|token| token.is_mark(self.sql, mark))
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        self.at += usize::from(found);
        found
    }

    fn takes_mark(&mut self, mark: &str) -> bool {
        let found = self.at_mark(mark);
        self.at += usize::from(found);
        found
    }

    fn require(&mut self, word: &str) -> Result<(), Misread> {
        match self.takes(word) {
            true => Ok(()),
            false => Err(self.misread(&format!("expected {word}"))),
        }
    }

    fn misread(&self, words: &str) -> Misread {
        match self.here() {
            Some(token) => format!("{words} near {:?}", token.text(self.sql)),
            None => format!("{words} at the end"),
        }
    }

    fn name(&mut self) -> Result<String, Misread> {
        let named = self
            .here()
            .filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted | Kind::Text));
        let Some(token) = named else {
            return Err(self.misread("expected a name"));
        };
        self.at += 1;
        Ok(token.name(self.sql))
    }

    fn statement(&mut self) -> Result<(), Misread> {
        self.require("CREATE")?;
        self.require("TABLE")?;
        self.name()?;
        let open = self.here().copied();
        if !self.takes_mark("(") {
            return Err(self.misread("expected the columns"));
        }
        let mut start = open.map_or(0, |open| open.end);
        loop {
            let first = self.at;
            let is_column = self.item()?;
            let Some(end) = self.here().copied() else {
                return Err("the columns do not end".to_owned());
            };
            if is_column {
                self.comments(start, first, end.start);
            }
            start = end.end;
            self.at += 1;
            if end.is_mark(self.sql, ")") {
                break;
            }
            if !end.is_mark(self.sql, ",") {
                self.at -= 1;
                return Err(self.misread("did not understand what stands"));
            }
        }
        self.options()
    }

    /// Keeps the comments around a column whose first token is number `first`.
    fn comments(&mut self, start: usize, first: usize, end: usize) {
        let last = self.at.saturating_sub(1);
        let (Some(first), Some(last)) = (self.tokens.get(first), self.tokens.get(last)) else {
            return;
        };
        let before = self.sql[start..first.start].trim();
        let after = self.sql[last.end..end].trim();
        if let Some(column) = self.found.columns.last_mut() {
            column.before = dedented(before);
            column.after = dedented(after);
        }
    }

    fn options(&mut self) -> Result<(), Misread> {
        while self.at < self.tokens.len() {
            if self.takes("STRICT") {
                self.found.strict = true;
            } else if self.takes("WITHOUT") {
                self.require("ROWID")?;
                self.found.without_rowid = true;
            } else if !self.takes_mark(",") && !self.takes_mark(";") {
                return Err(self.misread("did not understand what stands"));
            }
        }
        Ok(())
    }

    /// A column or constraints of the table, up to the comma or parenthesis that ends it. Returns
    /// whether it was a column.
    fn item(&mut self) -> Result<bool, Misread> {
        if !self.begins_table_constraint() {
            self.column()?;
            return Ok(true);
        }
        // The comma between them may be missing.
        while !self.at_mark(",") && !self.at_mark(")") {
            self.table_constraint()?;
        }
        Ok(false)
    }

    fn begins_table_constraint(&self) -> bool {
        ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
            .iter()
            .any(|word| self.at_word(word))
    }

    fn table_constraint(&mut self) -> Result<(), Misread> {
        let name = self.constraint_name()?;
        if self.takes("PRIMARY") {
            self.require("KEY")?;
            let (columns, autoincrement) = self.key_columns()?;
            let conflict = self.conflict()?;
            self.found.key = Some(KeyDefinition {
                columns,
                conflict,
                autoincrement,
                is_with_column: false,
            });
        } else if self.takes("UNIQUE") {
            let columns = self.indexed_columns()?;
            let conflict = self.conflict()?;
            self.found.uniques.push(Unique {
                name,
                owner: None,
                columns,
                conflict,
            });
        } else if self.takes("CHECK") {
            let expression = self.parenthesized()?;
            let conflict = self.conflict()?;
            self.found.checks.push(Check {
                name,
                owner: None,
                expression,
                conflict,
            });
        } else if self.takes("FOREIGN") {
            self.require("KEY")?;
            let columns = self.names()?;
            self.require("REFERENCES")?;
            let reference = self.reference(columns)?;
            self.found.references.push(reference);
        } else if name.is_none() {
            return Err(self.misread("did not understand what stands"));
        }
        Ok(())
    }

    fn constraint_name(&mut self) -> Result<Option<String>, Misread> {
        let mut name = None;
        while self.takes("CONSTRAINT") {
            name = Some(self.name()?);
        }
        Ok(name)
    }

    fn column(&mut self) -> Result<(), Misread> {
        let name = self.name()?;
        self.found.columns.push(ColumnDefinition {
            name: name.clone(),
            ..ColumnDefinition::default()
        });
        self.type_name()?;
        while !self.at_mark(",") && !self.at_mark(")") {
            self.column_constraint(&name)?;
        }
        Ok(())
    }

    /// The type is known from elsewhere: here it is only passed.
    fn type_name(&mut self) -> Result<(), Misread> {
        while let Some(token) = self.here() {
            let is_part = match token.kind {
                Kind::Word => !self.begins_column_constraint(),
                Kind::Quoted | Kind::Text => true,
                _ => false,
            };
            if !is_part {
                break;
            }
            self.at += 1;
        }
        if self.at_mark("(") {
            self.parenthesized()?;
        }
        Ok(())
    }

    fn begins_column_constraint(&self) -> bool {
        const WORDS: [&str; 11] = [
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "AS",
            "DEFERRABLE",
        ];
        let is_generated = self.at_word("GENERATED") && self.word_at(self.at + 1, "ALWAYS");
        is_generated || WORDS.iter().any(|word| self.at_word(word))
    }

    fn column_constraint(&mut self, column: &str) -> Result<(), Misread> {
        let name = self.constraint_name()?;
        let start = self.here().map_or(0, |token| token.start);
        if self.takes("PRIMARY") {
            self.require("KEY")?;
            let descends = self.direction();
            let conflict = self.conflict()?;
            let autoincrement = self.takes("AUTOINCREMENT");
            let columns = vec![IndexedColumn {
                name: column.to_owned(),
                collation: None,
                descends,
            }];
            self.found.key = Some(KeyDefinition {
                columns,
                conflict,
                autoincrement,
                is_with_column: true,
            });
        } else if self.at_word("NOT") && self.word_at(self.at + 1, "DEFERRABLE") {
            self.at += 1;
            self.deferrable("NOT DEFERRABLE")?;
        } else if self.at_word("DEFERRABLE") {
            self.deferrable("DEFERRABLE")?;
        } else if self.takes("NOT") {
            self.require("NULL")?;
            let conflict = self.conflict()?;
            self.last(|found| found.not_null = Some(conflict));
        } else if self.takes("NULL") {
            self.conflict()?;
        } else if self.takes("UNIQUE") {
            let conflict = self.conflict()?;
            self.found.uniques.push(Unique {
                name,
                owner: Some(column.to_owned()),
                columns: vec![IndexedColumn {
                    name: column.to_owned(),
                    ..IndexedColumn::default()
                }],
                conflict,
            });
        } else if self.takes("CHECK") {
            let expression = self.parenthesized()?;
            self.found.checks.push(Check {
                name,
                owner: Some(column.to_owned()),
                expression,
                conflict: String::new(),
            });
        } else if self.takes("DEFAULT") {
            self.default_value()?;
        } else if self.takes("COLLATE") {
            let collation = self.name()?;
            self.last(|found| found.collation = Some(collation));
        } else if self.takes("REFERENCES") {
            let reference = self.reference(vec![column.to_owned()])?;
            self.found.references.push(reference);
        } else if self.at_word("GENERATED") || self.at_word("AS") {
            let generated = self.generated(start)?;
            self.last(|found| found.generated = Some(generated));
        } else if name.is_none() {
            return Err(self.misread("did not understand what stands"));
        }
        Ok(())
    }

    fn last(&mut self, change: impl FnOnce(&mut ColumnDefinition)) {
        if let Some(column) = self.found.columns.last_mut() {
            change(column);
        }
    }

    fn generated(&mut self, start: usize) -> Result<String, Misread> {
        if self.takes("GENERATED") {
            self.require("ALWAYS")?;
        }
        self.require("AS")?;
        self.parenthesized()?;
        if !self.takes("STORED") {
            self.takes("VIRTUAL");
        }
        let end = self.tokens[self.at - 1].end;
        Ok(self.sql[start..end].to_owned())
    }

    /// The default is known from elsewhere: here it is only passed.
    fn default_value(&mut self) -> Result<(), Misread> {
        if self.at_mark("(") {
            self.parenthesized()?;
            return Ok(());
        }
        if !self.takes_mark("+") {
            self.takes_mark("-");
        }
        self.at += 1;
        Ok(())
    }

    fn conflict(&mut self) -> Result<String, Misread> {
        if !self.at_word("ON") || !self.word_at(self.at + 1, "CONFLICT") {
            return Ok(String::new());
        }
        self.at += 2;
        let action = self.name()?;
        Ok(format!("ON CONFLICT {}", action.to_uppercase()))
    }

    fn direction(&mut self) -> Option<bool> {
        if self.takes("ASC") {
            return Some(false);
        }
        self.takes("DESC").then_some(true)
    }

    /// What stands between parentheses, without blanks at its ends.
    fn parenthesized(&mut self) -> Result<String, Misread> {
        let Some(open) = self.here().filter(|_| self.at_mark("(")) else {
            return Err(self.misread("expected a parenthesis"));
        };
        let mut depth = 0_usize;
        while let Some(token) = self.here() {
            self.at += 1;
            if token.is_mark(self.sql, "(") {
                depth += 1;
            } else if token.is_mark(self.sql, ")") {
                depth -= 1;
                if depth == 0 {
                    return Ok(self.sql[open.end..token.start].trim().to_owned());
                }
            }
        }
        Err("a parenthesis is not closed".to_owned())
    }

    fn names(&mut self) -> Result<Vec<String>, Misread> {
        let columns = self.indexed_columns()?;
        Ok(columns.into_iter().map(|column| column.name).collect())
    }

    fn indexed_columns(&mut self) -> Result<Vec<IndexedColumn>, Misread> {
        Ok(self.key_columns()?.0)
    }

    fn key_columns(&mut self) -> Result<(Vec<IndexedColumn>, bool), Misread> {
        if !self.takes_mark("(") {
            return Err(self.misread("expected columns"));
        }
        let mut columns = Vec::new();
        let mut autoincrement = false;
        loop {
            let name = self.name()?;
            let collation = match self.takes("COLLATE") {
                true => Some(self.name()?),
                false => None,
            };
            let descends = self.direction();
            autoincrement |= self.takes("AUTOINCREMENT");
            columns.push(IndexedColumn {
                name,
                collation,
                descends,
            });
            if self.takes_mark(")") {
                return Ok((columns, autoincrement));
            }
            if !self.takes_mark(",") {
                return Err(self.misread("did not understand what stands"));
            }
        }
    }

    fn reference(&mut self, columns: Vec<String>) -> Result<Reference, Misread> {
        let table = self.name()?;
        let other_columns = match self.at_mark("(") {
            true => self.names()?,
            false => Vec::new(),
        };
        let mut reference = Reference {
            columns,
            table,
            other_columns,
            ..Reference::default()
        };
        loop {
            if self.takes("ON") {
                let event = self.name()?.to_ascii_uppercase();
                let mut action = self.name()?.to_ascii_uppercase();
                if action == "SET" || action == "NO" {
                    action.push(' ');
                    action.push_str(&self.name()?.to_ascii_uppercase());
                }
                match event.as_str() {
                    "DELETE" => reference.on_delete = action,
                    "UPDATE" => reference.on_update = action,
                    _ => {}
                }
            } else if self.takes("MATCH") {
                let kind = self.name()?;
                append(&mut reference.rest, &format!("MATCH {kind}"));
            } else if self.at_word("DEFERRABLE") {
                append(&mut reference.rest, "DEFERRABLE");
                self.at += 1;
                self.initially(&mut reference.rest)?;
            } else if self.at_word("NOT") && self.word_at(self.at + 1, "DEFERRABLE") {
                append(&mut reference.rest, "NOT DEFERRABLE");
                self.at += 2;
                self.initially(&mut reference.rest)?;
            } else {
                return Ok(reference);
            }
        }
    }

    /// Whether the latest foreign key waits; written apart from it.
    fn deferrable(&mut self, words: &str) -> Result<(), Misread> {
        self.at += 1;
        let mut rest = words.to_owned();
        self.initially(&mut rest)?;
        if let Some(reference) = self.found.references.last_mut() {
            append(&mut reference.rest, &rest);
        }
        Ok(())
    }

    fn initially(&mut self, rest: &mut String) -> Result<(), Misread> {
        if self.takes("INITIALLY") {
            let when = self.name()?.to_ascii_uppercase();
            append(rest, &format!("INITIALLY {when}"));
        }
        Ok(())
    }
}

fn append(text: &mut String, words: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

/// The lines without the blanks that all but empty ones begin with.
fn dedented(text: &str) -> String {
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let margin = filled.map(blanks).min().unwrap_or(0);
    let lines = text.lines().map(|line| match line.trim().is_empty() {
        true => "",
        false => &line[margin..],
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
