//! The jump box: everything that plugins know how to find, the server's own among them.

use datasette_core::{Fault, ValueRef};
use datasette_hooks::{Context, HookError, JumpItem, JumpSql, UrlOf};
use datasette_internal::NAME as INTERNAL;
use serde_json::Value as Json;

/// The most matches of one answer (DEBUG-19).
const MATCHES: usize = 100;

/// Finds what `q` may mean; tells whether there were more matches than are returned (DEBUG-13 to
/// DEBUG-20, HOOK-186). A plugin that fails costs its own entries.
pub async fn find(context: &Context<'_>, q: &str) -> Result<(Vec<JumpItem>, bool), Fault> {
    let wanted = q.trim().to_lowercase();
    let pattern = pattern(q);
    let mut found = Vec::new();
    for contribution in context.bus().jump_items_sql(context).await? {
        found.extend(contribution.value.items);
        for statement in contribution.value.sql {
            match run(context, statement).await {
                Ok(items) => found.extend(items),
                Err(fault) => {
                    tracing::error!(plugin = contribution.plugin, "jump items failed: {fault}");
                }
            }
        }
    }
    if !wanted.is_empty() {
        let mut letters = Vec::new();
        found.retain(|item| {
            letters.clear();
            letters.extend(item.search_text.chars());
            is_like(&letters, &pattern)
        });
    }
    let truncated = found.len() > MATCHES;
    let mut found = first(found, &wanted);
    for item in &mut found {
        item.url = address(context, &item.url)?;
    }
    Ok((found, truncated))
}

/// The first matches in the order of DEBUG-18. Only they are sorted: there may be very many.
fn first(found: Vec<JumpItem>, wanted: &str) -> Vec<JumpItem> {
    let place = |item: &JumpItem| {
        let shown = item.display_name.as_ref().unwrap_or(&item.label);
        let rank = match shown.to_lowercase() {
            lower if lower == wanted => 0,
            lower if lower.starts_with(wanted) => 1,
            _ => 2,
        };
        (rank, kind_rank(&item.kind), shown.chars().count())
    };
    let places = found.iter().map(place).collect::<Vec<_>>();
    let mut order: Vec<usize> = (0..found.len()).collect();
    let compare = |one: &usize, other: &usize| {
        let labels = || found[*one].label.cmp(&found[*other].label);
        let places = places[*one].cmp(&places[*other]);
        places.then_with(labels).then_with(|| one.cmp(other))
    };
    if order.len() > MATCHES {
        let (_, _, _) = order.select_nth_unstable_by(MATCHES, compare);
        order.truncate(MATCHES);
    }
    order.sort_unstable_by(compare);
    let mut found: Vec<Option<JumpItem>> = found.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| found[index].take())
        .collect()
}

/// Kinds in the order of DEBUG-18.
fn kind_rank(kind: &str) -> usize {
    let known = ["database", "table", "view", "query"];
    known
        .iter()
        .position(|known| *known == kind)
        .unwrap_or(known.len())
}

async fn run(context: &Context<'_>, statement: JumpSql) -> Result<Vec<JumpItem>, Fault> {
    let database = statement.database.as_deref().unwrap_or(INTERNAL);
    let params = statement
        .params
        .into_iter()
        .map(|(name, value)| (name, value.0))
        .collect();
    let answer = context
        .host()
        .execute(database, &statement.sql, params)
        .await?;
    let place = |name: &str| {
        answer
            .rows
            .column_names()
            .iter()
            .position(|known| known == name)
    };
    let columns = [
        "type",
        "label",
        "description",
        "url",
        "search_text",
        "display_name",
    ];
    let places: Vec<Option<usize>> = columns.iter().map(|name| place(name)).collect();
    let text = |value: ValueRef<'_>| value.as_text().map(std::borrow::Cow::into_owned);
    Ok(answer
        .rows
        .rows()
        .map(|row| {
            let mut cells = places
                .iter()
                .map(|place| place.and_then(|place| text(row.get(place))));
            let mut next = || cells.next().flatten();
            JumpItem {
                kind: next().unwrap_or_default(),
                label: next().unwrap_or_default(),
                description: next(),
                url: next().unwrap_or_default(),
                search_text: next().unwrap_or_default(),
                display_name: next().filter(|name| !name.is_empty()),
            }
        })
        .collect())
}

/// A path as it is, or what a JSON object says about it (HOOK-185).
fn address(context: &Context<'_>, url: &str) -> Result<String, Fault> {
    if !url.starts_with('{') {
        return Ok(url.to_owned());
    }
    let wrong = || {
        let error = HookError::failed(format!("not a URL: {url}"));
        error.into_fault("a plugin", "jump_items_sql")
    };
    let json: Json = serde_json::from_str(url).map_err(|_| wrong())?;
    // Numbers are as good as text: keys of rows come as they are.
    let text = |key: &str| match &json[key] {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        _ => Err(wrong()),
    };
    let of = match json["method"].as_str().unwrap_or_default() {
        "instance" => UrlOf::Instance,
        "path" => UrlOf::Path(text("path")?),
        "logout" => UrlOf::Logout,
        "database" => UrlOf::Database(text("database")?),
        "table" => UrlOf::Table(text("database")?, text("table")?),
        "query" => UrlOf::Query(text("database")?, text("query")?),
        "row" => UrlOf::Row(text("database")?, text("table")?, text("row_path")?),
        "static" => UrlOf::Static(text("path")?),
        "static_plugins" => UrlOf::StaticPlugin(text("plugin")?, text("path")?),
        _ => return Err(wrong()),
    };
    context.host().url(&of)
}

/// The words of `q` in their order, anything between them.
fn pattern(q: &str) -> Vec<char> {
    let mut pattern = vec!['%'];
    for word in q.split_whitespace() {
        pattern.extend(word.chars());
        pattern.push('%');
    }
    pattern
}

/// Whether text is LIKE a pattern: `%` any run, `_` any one character, ASCII letters of either
/// case. What was typed is the pattern, wildcards and all (DEBUG-17).
fn is_like(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut next) = (0, 0);
    // Where the last `%` stands and how far the text is that it has swallowed.
    let mut run: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(next) {
            Some('%') => {
                run = Some((next, at));
                next += 1;
            }
            Some(wanted) if *wanted == '_' || wanted.eq_ignore_ascii_case(&text[at]) => {
                at += 1;
                next += 1;
            }
            _ => match &mut run {
                Some((star, swallowed)) => {
                    *swallowed += 1;
                    (at, next) = (*swallowed, *star + 1);
                }
                None => return false,
            },
        }
    }
    pattern[next..].iter().all(|rest| *rest == '%')
}

#[cfg(test)]
mod tests {
    use datasette_hooks::JumpItem;

    use super::{MATCHES, first, kind_rank, pattern};

    fn is_like(text: &str, pattern: &[char]) -> bool {
        super::is_like(&text.chars().collect::<Vec<_>>(), pattern)
    }

    // Proves: DEBUG-18
    #[test]
    fn the_first_of_many_are_those_that_sorting_would_give() {
        let kinds = ["query", "table", "thing", "database"];
        let items: Vec<JumpItem> = (0..500_usize)
            .map(|number| JumpItem {
                kind: kinds[number % 4].to_owned(),
                label: format!(
                    "{}{}",
                    ["T", "other t", "t"][number % 3],
                    number * 7919 % 401
                ),
                description: Some(number.to_string()),
                url: String::new(),
                search_text: String::new(),
                display_name: (number % 50 == 0).then(|| "t".to_owned()),
            })
            .collect();
        for (count, wanted) in [
            (500, ""),
            (500, "t"),
            (100, "t"),
            (101, "t"),
            (3, "t"),
            (0, "t"),
        ] {
            let mut expected = items[..count].to_vec();
            expected.sort_by_key(|item| {
                let shown = item.display_name.clone().unwrap_or(item.label.clone());
                let lower = shown.to_lowercase();
                let rank = match lower == wanted {
                    true => 0,
                    false => 2 - usize::from(lower.starts_with(wanted)),
                };
                let length = shown.chars().count();
                (rank, kind_rank(&item.kind), length, item.label.clone())
            });
            expected.truncate(MATCHES);
            assert_eq!(
                first(items[..count].to_vec(), wanted),
                expected,
                "{count} {wanted}"
            );
        }
    }

    // Proves: DEBUG-17
    #[test]
    fn words_match_in_order() {
        let found = |q: &str| is_like("fixtures facet_cities", &pattern(q));
        for q in [
            "fix cit",
            "FACET",
            "",
            " ",
            "es f",
            "%",
            "f_c_t",
            "s%s",
            "fixtures facet_cities",
        ] {
            assert!(found(q), "{q}");
        }
        for q in ["fix city", "cit fix", "facetxcities", "cities_", "é"] {
            assert!(!found(q), "{q}");
        }
        assert!(is_like("", &pattern("")));
        assert!(!is_like("É", &pattern("é")));
    }

    // Proves: DEBUG-17
    #[test]
    fn a_pattern_of_many_runs_takes_no_time() {
        let text = "a".repeat(5_000);
        assert!(!is_like(
            &text,
            &pattern(&"a ".repeat(500).replace(' ', "%b"))
        ));
    }
}
