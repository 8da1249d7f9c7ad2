//! The text of a table that is to be made (WRITE-86, WRITE-87).

use datasette_core::identifier::quote;

/// A column of a table that is to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnDraft {
    pub(super) name: String,
    /// Possibly empty.
    pub(super) type_name: String,
    /// Constraints in the order of WRITE-87.
    pub(super) constraints: Vec<String>,
    /// Comments before the column, each line as it will stand.
    pub(super) before: String,
    /// Comments after it.
    pub(super) after: String,
}

/// A table that is to be made.
#[derive(Clone, Debug, Default)]
pub(super) struct TableDraft {
    pub(super) columns: Vec<ColumnDraft>,
    /// What stands after the columns: constraints of the table, a compound key last.
    pub(super) constraints: Vec<String>,
    /// What stands after the closing parenthesis.
    pub(super) options: Vec<&'static str>,
}

impl TableDraft {
    /// The statement that makes it under that name.
    pub(super) fn sql(&self, name: &str) -> String {
        let columns = self.columns.iter().map(ColumnDraft::sql);
        let constraints = self.constraints.iter().map(|each| format!("   {each}"));
        let lines: Vec<String> = columns.chain(constraints).collect();
        let options = match self.options.as_slice() {
            [] => String::new(),
            options => format!(" {}", options.join(", ")),
        };
        let lines = lines.join(",\n");
        format!("CREATE TABLE {} (\n{lines}\n){options}", quote(name))
    }
}

impl ColumnDraft {
    fn sql(&self) -> String {
        let mut sql = String::new();
        if !self.before.is_empty() {
            for line in self.before.lines() {
                if !line.trim().is_empty() {
                    sql.push_str("   ");
                }
                sql.push_str(line);
                sql.push('\n');
            }
        }
        sql.push_str("   ");
        sql.push_str(&quote(&self.name));
        for word in std::iter::once(&self.type_name).chain(&self.constraints) {
            if !word.is_empty() {
                sql.push(' ');
                sql.push_str(word);
            }
        }
        if !self.after.is_empty() {
            sql.push(' ');
            sql.push_str(&self.after);
            if crate::change::sql_tokens::ends_in_line_comment(&self.after) {
                sql.push('\n');
            }
        }
        sql
    }
}
