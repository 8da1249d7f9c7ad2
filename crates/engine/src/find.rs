//! The jump box: everything an actor may see, found by a part of its name.

use datasette_core::action::{DebugMenu, Instance as WholeInstance};
use datasette_core::{Actor, Catalogue, Fault};

use crate::Instance;

/// The most matches of one answer (DEBUG-19).
const MATCHES: usize = 100;

/// The kinds of things that can be found, in the order of DEBUG-18.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundKind {
    /// A database.
    Database,
    /// A table.
    Table,
    /// A view.
    View,
    /// A debug page.
    Debug,
}

impl FoundKind {
    /// The word in the JSON (DEBUG-14).
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Table => "table",
            Self::View => "view",
            Self::Debug => "debug",
        }
    }
}

/// One match.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// The label (DEBUG-15).
    pub name: String,
    /// Route of the database and name of the table, or the path of a debug page.
    pub target: Target,
    /// A sentence, for debug pages.
    pub description: Option<&'static str>,
    text: String,
}

/// Where a match leads.
#[derive(Clone, Debug)]
pub enum Target {
    /// A database by route.
    Database(String),
    /// A table or view by route of its database and its name.
    Table(String, String),
    /// A path below the root.
    Path(&'static str),
}

/// Pages for debugging, in their documented order (DEBUG-20), as far as they exist.
const DEBUG_PAGES: [(&str, &str, &str); 5] = [
    (
        "Databases",
        "/-/databases",
        "The attached databases and their files.",
    ),
    (
        "Installed plugins",
        "/-/plugins",
        "The plugins of this server and their hooks.",
    ),
    (
        "Version info",
        "/-/versions",
        "Versions of the server and of SQLite.",
    ),
    ("Settings", "/-/settings", "The settings that are in force."),
    ("Debug actor", "/-/actor", "Who the server thinks you are."),
];

/// Finds what `q` may mean; tells whether there were more matches than are returned (DEBUG-13 to
/// DEBUG-20).
pub async fn find(
    instance: &Instance,
    actor: Option<&Actor>,
    catalogue: &Catalogue,
    q: &str,
) -> Result<(Vec<Found>, bool), Fault> {
    let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
    let mut found = Vec::new();
    for visible in instance.gate.visible_databases(actor, catalogue).await? {
        let name = visible.item.name().to_owned();
        found.push(Found {
            kind: FoundKind::Database,
            text: name.clone(),
            name,
            target: Target::Database(visible.item.route().to_owned()),
            description: None,
        });
    }
    for database in catalogue.databases() {
        for visible in instance.gate.visible_tables(actor, &database).await? {
            let table = visible.item;
            found.push(Found {
                kind: if table.is_view() {
                    FoundKind::View
                } else {
                    FoundKind::Table
                },
                name: format!("{}: {}", database.name(), table.name()),
                text: format!("{} {}", database.name(), table.name()),
                target: Target::Table(database.route().to_owned(), table.name().to_owned()),
                description: None,
            });
        }
    }
    if instance
        .gate
        .allows::<DebugMenu>(actor, &WholeInstance)
        .await?
        .is_some()
    {
        found.extend(DEBUG_PAGES.iter().map(|(name, path, description)| Found {
            kind: FoundKind::Debug,
            name: (*name).to_owned(),
            text: format!("debug {name} {description}"),
            target: Target::Path(path),
            description: Some(description),
        }));
    }
    found.retain(|item| contains_in_order(&item.text.to_lowercase(), &words));
    let wanted = q.trim().to_lowercase();
    found.sort_by_cached_key(|item| {
        let label = item.name.to_lowercase();
        let rank = match () {
            () if label == wanted => 0,
            () if label.starts_with(&wanted) => 1,
            () => 2,
        };
        (
            rank,
            item.kind,
            item.name.chars().count(),
            item.name.clone(),
        )
    });
    let truncated = found.len() > MATCHES;
    found.truncate(MATCHES);
    Ok((found, truncated))
}

/// The LIKE pattern `%a%b%` (DEBUG-17).
fn contains_in_order(text: &str, words: &[String]) -> bool {
    let mut rest = text;
    words.iter().all(|word| match rest.find(word.as_str()) {
        Some(at) => {
            rest = &rest[at + word.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::contains_in_order;

    // Proves: DEBUG-17
    #[test]
    fn words_match_in_order() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(!contains_in_order(
            "fixtures facet_cities",
            &words("fix city")
        ));
        assert!(contains_in_order(
            "fixtures facet_cities",
            &words("fix cit")
        ));
        assert!(!contains_in_order(
            "fixtures facet_cities",
            &words("cit fix")
        ));
        assert!(contains_in_order("anything", &[]));
    }
}
