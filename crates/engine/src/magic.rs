//! Magic parameters: what a stored query learns about the request without being told (QUERY-32).

use datasette_core::{Fault, Value};
use datasette_hooks::{Context, settle};
use datasette_query::statement;

use crate::declared::Declared;

/// The two parts of a magic name, `_PREFIX_REST` (HOOK-156); `None` for every other name.
pub(crate) fn parts(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix('_')?.split_once('_')
}

/// The values of all magic parameters of a statement. A prefix that nobody registered is NULL
/// (QUERY-34, HOOK-159), and so is what a request has no answer to (QUERY-35).
///
/// # Errors
/// What a resolver refuses with; 500 when it fails (HOOK-158).
pub(crate) async fn values(
    declared: &Declared,
    context: &Context<'_>,
    sql: &str,
) -> Result<Vec<(String, Value)>, Fault> {
    let mut values = Vec::new();
    for name in statement::placeholders(sql) {
        let Some((prefix, rest)) = parts(&name) else {
            continue;
        };
        let value = match declared.magic_parameters.get(prefix) {
            None => Value::Null,
            Some(magic) => {
                let resolved = settle(async { magic.resolver.value(context, rest).await });
                let failed = |error: datasette_hooks::HookError| {
                    error.into_fault(prefix, "register_magic_parameters")
                };
                resolved.await.map_err(failed)?
            }
        };
        values.push((name, value));
    }
    Ok(values)
}

/// Like [`values`], for a statement that writes: it is not run with holes.
///
/// # Errors
/// 400 for a parameter that this request has no answer to (STORED-32 to STORED-34).
pub(crate) async fn answered(
    declared: &Declared,
    context: &Context<'_>,
    sql: &str,
) -> Result<Vec<(String, Value)>, Fault> {
    for name in statement::placeholders(sql) {
        let known = parts(&name).and_then(|(prefix, rest)| {
            let magic = declared.magic_parameters.get(prefix)?;
            Some(magic.resolver.has_answer(context, rest))
        });
        if known == Some(false) {
            let message = format!("This request has no value for the parameter :{name}");
            return Err(Fault::bad_request(message));
        }
    }
    values(declared, context, sql).await
}

#[cfg(test)]
mod tests {
    use super::parts;

    // Proves: HOOK-156
    #[test]
    fn magic_names_have_two_underscores() {
        assert_eq!(parts("_now_epoch"), Some(("now", "epoch")));
        assert_eq!(parts("_header_x_test"), Some(("header", "x_test")));
        assert_eq!(parts("__x"), Some(("", "x")));
        for ordinary in ["_x", "x_y_z", "_", ""] {
            assert_eq!(parts(ordinary), None, "{ordinary}");
        }
    }
}
