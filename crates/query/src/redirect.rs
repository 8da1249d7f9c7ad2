//! Query strings that are only a form's spelling of another one: the page redirects.
//!
//! The results are encoded whole, with [`QueryString::encode`]: what was blank before is gone
//! (FILTER-44), what is blank now is meant.

use datasette_core::QueryString;

/// The query string with the filter form's fields turned into filters (FILTER-39 to FILTER-42);
/// `None` when no such field is present. Goes before [`sort_redirect`] (FILTER-45).
pub fn filter_redirect(arguments: &QueryString) -> Option<QueryString> {
    let mut fields = Vec::new();
    let mut filters = Vec::new();

    let column = arguments.get("_filter_column").unwrap_or_default();
    let operation = arguments.get("_filter_op").unwrap_or_default();
    let value = arguments.get("_filter_value").unwrap_or_default();
    filters.extend(filter(column, operation, value));
    for field in ["_filter_column", "_filter_op", "_filter_value"] {
        if arguments.contains(field) {
            fields.push(field.to_owned());
        }
    }

    let mut numbers: Vec<&str> = Vec::new();
    for (key, _) in arguments.pairs() {
        let number = key.strip_prefix("_filter_column_").filter(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        numbers.extend(number.filter(|number| !numbers.contains(number)));
    }
    for number in numbers {
        let names = ["column", "op", "value"].map(|part| format!("_filter_{part}_{number}"));
        let [column, operation, value] = names
            .each_ref()
            .map(|name| arguments.get(name).unwrap_or_default());
        let operation = if operation.is_empty() {
            "exact"
        } else {
            operation
        };
        filters.extend(filter(column, operation, value));
        fields.extend(names);
    }

    if fields.is_empty() {
        return None;
    }
    Some(edited(arguments, &fields, filters))
}

/// The filter that three fields ask for, unless the column is blank. An operation such as
/// `isnull__1` brings its own value (FILTER-40).
fn filter(column: &str, operation: &str, value: &str) -> Option<(String, String)> {
    let (operation, value) = operation.split_once("__").unwrap_or((operation, value));
    (!column.is_empty()).then(|| (format!("{column}__{operation}"), value.to_owned()))
}

/// The query string with the "sort descending" box turned into `_sort_desc` (SORT-07); `None`
/// when the box is not ticked. Without `_sort` an existing `_sort_desc` goes too, as in the
/// original.
pub fn sort_redirect(arguments: &QueryString) -> Option<QueryString> {
    if !arguments.contains("_sort_by_desc") {
        return None;
    }
    let mut fields = vec!["_sort_by_desc".to_owned(), "_sort".to_owned()];
    let sort = arguments.get("_sort");
    if sort.is_none() {
        fields.push("_sort_desc".to_owned());
    }
    let added = sort.map(|column| ("_sort_desc".to_owned(), column.to_owned()));
    Some(edited(arguments, &fields, added.into_iter().collect()))
}

fn edited(
    arguments: &QueryString,
    removed: &[String],
    added: Vec<(String, String)>,
) -> QueryString {
    let kept = arguments
        .without(|key, value| value.is_empty() || removed.iter().any(|field| field == key));
    let mut pairs = kept.pairs().to_vec();
    pairs.extend(added);
    QueryString::from_pairs(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(query: &str) -> Option<String> {
        filter_redirect(&QueryString::parse(query)).map(|edited| edited.encode())
    }

    fn sorted(query: &str) -> Option<String> {
        sort_redirect(&QueryString::parse(query)).map(|edited| edited.encode())
    }

    // Proves: FILTER-39, FILTER-40, FILTER-41, FILTER-44
    #[test]
    fn three_fields_become_a_filter() {
        let cases = [
            ("_filter_column=c&_filter_op=gt&_filter_value=5", "c__gt=5"),
            ("_filter_column=c&_filter_op=&_filter_value=5", "c__=5"),
            ("_filter_column=c", "c__="),
            (
                "_size=0&_search=&_filter_column=state&_filter_op=isnull__1&_filter_value=x",
                "_size=0&state__isnull=1",
            ),
            ("a=1&_filter_column=&_filter_op=exact&_filter_value=", "a=1"),
            ("_filter_value=7", ""),
        ];
        for (query, expected) in cases {
            assert_eq!(filtered(query).as_deref(), Some(expected), "{query}");
        }
        assert_eq!(filtered("a=1&_filter=2&_filter_op_1=gt"), None);
    }

    // Proves: FILTER-42
    #[test]
    fn numbered_fields_follow_the_unnumbered() {
        let cases = [
            (
                "_filter_column_1=a&_filter_value_1=5&_filter_column=b&_filter_op=lt&_filter_value=2",
                "b__lt=2&a__exact=5",
            ),
            (
                "_filter_column_1=a&_filter_value_1=5&_filter_column=&_filter_op_2=x&_filter_column_3=&z=",
                "_filter_op_2=x&a__exact=5",
            ),
            (
                "_filter_column_2=a&_filter_op_2=notnull__1&_filter_value_2=",
                "a__notnull=1",
            ),
        ];
        for (query, expected) in cases {
            assert_eq!(filtered(query).as_deref(), Some(expected), "{query}");
        }
        assert_eq!(filtered("_filter_column_x=a"), None);
    }

    // Proves: SORT-07
    #[test]
    fn the_box_turns_the_sort_around() {
        let cases = [
            ("_sort_by_desc=on&_sort=pk&a=", "_sort_desc=pk"),
            ("_sort=pk&_sort_by_desc=&x=1", "x=1&_sort_desc=pk"),
            ("_sort_by_desc=on&x=1", "x=1"),
            ("_sort_by_desc=on&_sort=&x=1", "x=1&_sort_desc="),
        ];
        for (query, expected) in cases {
            assert_eq!(sorted(query).as_deref(), Some(expected), "{query}");
        }
        assert_eq!(sorted("_sort=pk"), None);
    }

    // Proves: FILTER-45
    #[test]
    fn the_filter_redirect_keeps_the_box() {
        let first =
            filtered("_filter_column=c&_filter_op=gt&_filter_value=5&_sort=c&_sort_by_desc=on");
        assert_eq!(first.as_deref(), Some("_sort=c&_sort_by_desc=on&c__gt=5"));
    }
}
