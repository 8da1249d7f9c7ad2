//! Statements of the server's own that a lane keeps compiled.
//!
//! They were compiled without asking the authorizer, so a visitor who writes the same text must
//! not find them in the lane's cache. The prefix tells them apart.

/// What every one of them begins with, and no visitor's statement may.
pub(crate) const PREFIX: &str = "/* lane */";

pub(crate) const BEGIN: &str = "/* lane */ begin";
pub(crate) const BEGIN_IMMEDIATE: &str = "/* lane */ begin immediate";
pub(crate) const COMMIT: &str = "/* lane */ commit";
pub(crate) const ROLLBACK: &str = "/* lane */ rollback";
pub(crate) const SAVEPOINT: &str = "/* lane */ savepoint one_of_many";
pub(crate) const RELEASE: &str = "/* lane */ release one_of_many";
pub(crate) const ROLLBACK_TO: &str = "/* lane */ rollback to one_of_many";
pub(crate) const SCHEMA_VERSION: &str = "/* lane */ pragma schema_version";
pub(crate) const DATA_VERSION: &str = "/* lane */ pragma data_version";

pub(crate) const ALLOW_CHANGES: &str = "/* lane */ pragma query_only = off";
pub(crate) const FORBID_CHANGES: &str = "/* lane */ pragma query_only = on";

pub(crate) const LOOK_AT_SCHEMA: &str = "/* lane */ select 1 from sqlite_master limit 1";

/// Whether a text passes itself off as one of them.
pub(crate) fn is_imitated_by(sql: &str) -> bool {
    sql.trim_start().starts_with(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_carry_the_prefix() {
        for sql in [
            BEGIN,
            BEGIN_IMMEDIATE,
            COMMIT,
            ROLLBACK,
            SAVEPOINT,
            RELEASE,
            ROLLBACK_TO,
            SCHEMA_VERSION,
            DATA_VERSION,
            ALLOW_CHANGES,
            FORBID_CHANGES,
            LOOK_AT_SCHEMA,
        ] {
            assert!(is_imitated_by(sql), "{sql}");
        }
        assert!(!is_imitated_by("begin"));
    }
}
