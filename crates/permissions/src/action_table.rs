//! All actions that exist: the server's and those of plugins.

use datasette_core::action::{ActionDescription, BUILT_IN, Level};
use datasette_core::{Fault, FaultKind};
use datasette_hooks::PluginAction;
use indexmap::IndexMap;

/// Actions by name, the server's first (PERM-14).
#[derive(Clone, Debug)]
pub struct ActionTable {
    actions: IndexMap<String, PluginAction>,
}

/// A built-in action in the form that plugins use.
pub(crate) fn describe(action: &ActionDescription) -> PluginAction {
    let class = match action.level {
        Level::Instance => None,
        Level::Database => Some("DatabaseResource"),
        Level::Table => Some("TableResource"),
        Level::Query => Some("QueryResource"),
    };
    PluginAction {
        name: action.name.to_owned(),
        abbreviation: action.abbreviation.map(str::to_owned),
        description: Some(action.description.to_owned()),
        takes_parent: action.level != Level::Instance,
        takes_child: matches!(action.level, Level::Table | Level::Query),
        resource_class: class.map(str::to_owned),
        case_insensitive_child: action.level == Level::Table,
        also_requires: action.also_requires.map(str::to_owned),
    }
}

impl ActionTable {
    /// These actions, and those of the server that are not among them.
    ///
    /// # Errors
    /// A name or abbreviation is used with two different definitions (PERM-17).
    pub fn new(declared: impl IntoIterator<Item = PluginAction>) -> Result<Self, Fault> {
        let mut actions: IndexMap<String, PluginAction> = IndexMap::new();
        for action in declared.into_iter().chain(BUILT_IN.iter().map(describe)) {
            if let Some(known) = actions.get(&action.name) {
                if *known == action {
                    continue;
                }
                return Err(duplicate("name", &action.name));
            }
            if let Some(abbreviation) = &action.abbreviation {
                let mut known = actions.values();
                if known.any(|known| known.abbreviation.as_ref() == Some(abbreviation)) {
                    return Err(duplicate("abbr", abbreviation));
                }
            }
            actions.insert(action.name.clone(), action);
        }
        Ok(Self { actions })
    }

    /// The action of that full name.
    pub fn get(&self, name: &str) -> Option<&PluginAction> {
        self.actions.get(name)
    }

    /// The action of that full name.
    ///
    /// # Errors
    /// 404 when there is none (PERM-18).
    pub fn find(&self, name: &str) -> Result<&PluginAction, Fault> {
        self.get(name)
            .ok_or_else(|| Fault::not_found(format!("Unknown action: {name}")))
    }

    /// All actions in registration order (PERM-14).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &PluginAction> {
        self.actions.values()
    }

    /// The action and all that it requires, each once (PERM-24).
    pub(crate) fn chain<'a>(&'a self, action: &'a PluginAction) -> Result<Chain<'a>, Fault> {
        let mut chain = Chain {
            first: action,
            required: Vec::new(),
        };
        let mut next = action.also_requires.as_deref();
        while let Some(name) = next {
            let required = self.find(name)?;
            if chain.iter().any(|known| known.name == required.name) {
                break;
            }
            chain.required.push(required);
            next = required.also_requires.as_deref();
        }
        Ok(chain)
    }

    /// Whether names of the action's children that differ only in ASCII case are the same
    /// (PERM-25).
    pub(crate) fn folds(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|action| action.case_insensitive_child)
    }
}

fn duplicate(what: &str, name: &str) -> Fault {
    Fault::new(
        FaultKind::Internal,
        format!("Duplicate action {what}: {name}"),
    )
}

/// An action with all that it requires.
pub(crate) struct Chain<'a> {
    first: &'a PluginAction,
    required: Vec<&'a PluginAction>,
}

impl<'a> Chain<'a> {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &'a PluginAction> {
        std::iter::once(self.first).chain(self.required.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(name: &str, abbreviation: &str) -> PluginAction {
        PluginAction {
            name: name.to_owned(),
            abbreviation: Some(abbreviation.to_owned()),
            description: None,
            takes_parent: false,
            takes_child: false,
            resource_class: None,
            case_insensitive_child: false,
            also_requires: None,
        }
    }

    // Proves: PERM-13, PERM-14, PERM-15
    #[test]
    fn the_servers_actions_come_last() {
        let table = ActionTable::new([action("export", "ex")]).unwrap();
        let names: Vec<_> = table.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), 22);
        assert_eq!(names[0], "export");
        assert_eq!(names[1], "view-instance");
        assert_eq!(names[21], "delete-query");
        let view = table.get("view-query").unwrap();
        assert!(view.takes_parent && view.takes_child && !view.case_insensitive_child);
        assert_eq!(view.resource_class.as_deref(), Some("QueryResource"));
    }

    // Proves: PERM-17
    #[test]
    fn two_definitions_of_one_name_stop_the_start() {
        let name = ActionTable::new([action("view-table", "x")]).unwrap_err();
        assert_eq!(name.message(), "Duplicate action name: view-table");
        let abbreviation = ActionTable::new([action("mine", "vt")]).unwrap_err();
        assert_eq!(abbreviation.message(), "Duplicate action abbr: vt");
        let twice = ActionTable::new([action("mine", "m"), action("mine", "m")]);
        assert_eq!(twice.unwrap().iter().len(), 22);
    }

    // Proves: PERM-18, PERM-24
    #[test]
    fn requirements_are_followed_to_the_end() {
        let table = ActionTable::new([]).unwrap();
        let store = table.find("store-query").unwrap();
        let chain = table.chain(store).unwrap();
        let names: Vec<_> = chain.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["store-query", "execute-sql", "view-database"]);
        let unknown = table.find("fly").unwrap_err();
        assert_eq!(unknown.message(), "Unknown action: fly");
        assert_eq!(unknown.status(), 404);
    }
}
