//! A stored query as somebody describes it: the fields of a call or of a form (STORED-41 to
//! STORED-43, STORED-52).

use datasette_core::truth::is_truthy;
use datasette_core::{Fault, StoredQuery};
use serde_json::{Map, Value as Json};

/// Fields that describe a query, in whatever way it is stored or changed.
const FIELDS: [&str; 11] = [
    "sql",
    "title",
    "description",
    "hide_sql",
    "fragment",
    "parameters",
    "is_private",
    "on_success_message",
    "on_success_redirect",
    "on_error_message",
    "on_error_redirect",
];

/// Fields that only a new query has; the last two mean nothing.
const OF_NEW: [&str; 3] = ["name", "mode", "csrftoken"];

/// Fields that only mean something where rows are written.
const OF_WRITING: [&str; 4] = [
    "on_success_message",
    "on_success_redirect",
    "on_error_message",
    "on_error_redirect",
];

/// What somebody says about a query.
#[derive(Clone, Debug)]
pub struct QueryDraft {
    fields: Map<String, Json>,
}

impl QueryDraft {
    /// A query to be stored.
    ///
    /// # Errors
    /// 400 for fields that mean nothing.
    pub fn of_new(fields: Map<String, Json>) -> Result<Self, Fault> {
        Self::of(fields, |name| {
            FIELDS.contains(&name) || OF_NEW.contains(&name)
        })
    }

    /// Changes of a stored query.
    ///
    /// # Errors
    /// 400 for fields that mean nothing, or cannot be changed.
    pub fn of_changes(fields: Map<String, Json>) -> Result<Self, Fault> {
        Self::of(fields, |name| FIELDS.contains(&name))
    }

    fn of(fields: Map<String, Json>, is_known: impl Fn(&str) -> bool) -> Result<Self, Fault> {
        let mut unknown: Vec<&str> = fields
            .keys()
            .map(String::as_str)
            .filter(|name| !is_known(name))
            .collect();
        unknown.sort_unstable();
        match unknown.is_empty() {
            true => Ok(Self { fields }),
            false => Err(Fault::bad_request(format!(
                "Invalid keys: {}",
                unknown.join(", ")
            ))),
        }
    }

    /// The name that is to be part of its URL.
    ///
    /// # Errors
    /// 400 for none, and for one that no URL can have.
    pub fn name(&self) -> Result<&str, Fault> {
        let name = self.fields.get("name").and_then(Json::as_str);
        let name = name.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Fault::bad_request("Query name is required"))?;
        match name.contains(['/', '.', '\n']) {
            true => Err(Fault::bad_request("Invalid query name")),
            false => Ok(name),
        }
    }

    /// Whether the statement is among the fields.
    pub fn has_sql(&self) -> bool {
        self.fields.contains_key("sql")
    }

    /// The statement.
    ///
    /// # Errors
    /// 400 for none.
    pub fn sql(&self) -> Result<&str, Fault> {
        let sql = self.fields.get("sql").and_then(Json::as_str);
        sql.filter(|sql| !sql.is_empty())
            .ok_or_else(|| Fault::bad_request("SQL is required"))
    }

    /// Refuses fields that only mean something where rows are written.
    ///
    /// # Errors
    /// 400 where one of them says something.
    pub fn require_writing(&self, writes: bool) -> Result<(), Fault> {
        let says = |name: &&str| self.fields.get(*name).is_some_and(is_truthy);
        match writes || !OF_WRITING.iter().any(says) {
            true => Ok(()),
            false => Err(Fault::bad_request(
                "Writable query fields require writable SQL",
            )),
        }
    }

    /// The names of the parameters in the order of their fields; `named` are those of the statement.
    /// `None` where nothing is said about them.
    ///
    /// # Errors
    /// 400 for what are not names, or not those.
    pub fn parameters(&self, named: &[String]) -> Result<Option<Vec<String>>, Fault> {
        let no_list = || Fault::bad_request("parameters must be a list of strings");
        let given: Vec<String> = match self.fields.get("parameters") {
            None => return Ok(None),
            Some(Json::Null) => return Ok(Some(named.to_vec())),
            Some(Json::String(text)) => text
                .split(|character: char| character.is_whitespace() || character == ',')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            Some(Json::Array(names)) => names
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(no_list)?,
            Some(_) => return Err(no_list()),
        };
        if given.iter().any(|name| name.starts_with('_')) {
            return Err(Fault::bad_request("Magic parameters are not allowed"));
        }
        let same = given.iter().all(|name| named.contains(name))
            && named.iter().all(|name| given.contains(name));
        match same {
            true => Ok(Some(given)),
            false => Err(Fault::bad_request(
                "parameters must match SQL named parameters",
            )),
        }
    }

    /// Puts everything but name, statement and parameters into a query; what is not said stays.
    ///
    /// # Errors
    /// 400 for a list or an object in the place of a text.
    pub fn fill(&self, query: &mut StoredQuery) -> Result<(), Fault> {
        let texts = [
            ("title", &mut query.title),
            ("description", &mut query.description),
            ("fragment", &mut query.fragment),
            ("on_success_message", &mut query.on_success_message),
            ("on_success_redirect", &mut query.on_success_redirect),
            ("on_error_message", &mut query.on_error_message),
            ("on_error_redirect", &mut query.on_error_redirect),
        ];
        for (name, place) in texts {
            if let Some(value) = self.fields.get(name) {
                *place = text(name, value)?;
            }
        }
        for (name, place) in [
            ("hide_sql", &mut query.hide_sql),
            ("is_private", &mut query.is_private),
        ] {
            if let Some(value) = self.fields.get(name) {
                *place = is_yes(value);
            }
        }
        Ok(())
    }
}

fn text(name: &str, value: &Json) -> Result<Option<String>, Fault> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text.clone())),
        Json::Array(_) | Json::Object(_) => {
            Err(Fault::bad_request(format!("{name} must be a string")))
        }
        other => Ok(Some(other.to_string())),
    }
}

/// Yes or no, as calls and forms say it (STORED-42).
pub fn is_yes(value: &Json) -> bool {
    match value {
        Json::String(text) => {
            let text = text.to_lowercase();
            ["1", "true", "t", "yes", "on"].contains(&text.as_str())
        }
        other => is_truthy(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn new(json: Json) -> QueryDraft {
        QueryDraft::of_new(json.as_object().unwrap().clone()).unwrap()
    }

    fn words<T>(result: Result<T, Fault>) -> String {
        match result {
            Ok(_) => "fine".to_owned(),
            Err(fault) => fault.message(),
        }
    }

    // Proves: STORED-41, STORED-43, STORED-52
    #[test]
    fn fields_that_mean_nothing_are_told() {
        let fields = |json: Json| json.as_object().unwrap().clone();
        let unknown = fields(json!({"z": 1, "name": "n", "is_trusted": true, "sql": "x"}));
        assert_eq!(
            words(QueryDraft::of_new(unknown.clone())),
            "Invalid keys: is_trusted, z"
        );
        assert_eq!(
            words(QueryDraft::of_changes(unknown)),
            "Invalid keys: is_trusted, name, z"
        );
        let all = fields(json!({"name": 1, "mode": 1, "csrftoken": 1, "sql": 1, "hide_sql": 1}));
        assert_eq!(words(QueryDraft::of_new(all)), "fine");
    }

    // Proves: STORED-43
    #[test]
    fn names_can_be_part_of_urls() {
        for missing in [json!({}), json!({"name": ""}), json!({"name": 5})] {
            assert_eq!(words(new(missing).name()), "Query name is required");
        }
        for wrong in ["a/b", "a.b", "a\nb", "a\n"] {
            assert_eq!(
                words(new(json!({"name": wrong})).name()),
                "Invalid query name"
            );
        }
        assert_eq!(new(json!({"name": "a b~é"})).name().unwrap(), "a b~é");
        for missing in [json!({}), json!({"sql": ""}), json!({"sql": ["x"]})] {
            assert_eq!(words(new(missing).sql()), "SQL is required");
        }
    }

    // Proves: STORED-41, STORED-43
    #[test]
    fn parameters_are_those_of_the_statement() {
        let named = ["a".to_owned(), "b".to_owned()];
        let of = |value: Json| new(json!({ "parameters": value })).parameters(&named);
        assert_eq!(of(json!("b, a")).unwrap().unwrap(), ["b", "a"]);
        assert_eq!(of(json!(["b", "a"])).unwrap().unwrap(), ["b", "a"]);
        assert_eq!(of(json!(null)).unwrap().unwrap(), ["a", "b"]);
        assert_eq!(new(json!({})).parameters(&named).unwrap(), None);
        for wrong in [json!(5), json!({}), json!(["a", 5])] {
            assert_eq!(words(of(wrong)), "parameters must be a list of strings");
        }
        assert_eq!(
            words(of(json!(["a", "_b"]))),
            "Magic parameters are not allowed"
        );
        for other in [json!("a"), json!(["a", "b", "c"]), json!([])] {
            let expected = "parameters must match SQL named parameters";
            assert_eq!(words(of(other)), expected);
        }
    }

    // Proves: STORED-42
    #[test]
    fn yes_has_many_words() {
        let yes = [
            json!(true),
            json!(1),
            json!(-2),
            json!("1"),
            json!("TRUE"),
            json!("t"),
        ];
        let more = [json!("Yes"), json!("on"), json!(0.5)];
        for value in yes.iter().chain(&more) {
            assert!(is_yes(value), "{value}");
        }
        for value in [
            json!(false),
            json!(null),
            json!(0),
            json!("y"),
            json!(""),
            json!("2"),
        ] {
            assert!(!is_yes(&value), "{value}");
        }
    }

    // Proves: STORED-43
    #[test]
    fn messages_and_redirects_want_writing() {
        for field in OF_WRITING {
            let draft = new(json!({ field: "x" }));
            let expected = "Writable query fields require writable SQL";
            assert_eq!(words(draft.require_writing(false)), expected);
            assert_eq!(words(draft.require_writing(true)), "fine");
            assert_eq!(
                words(new(json!({ field: "" })).require_writing(false)),
                "fine"
            );
        }
    }

    #[test]
    fn what_is_not_said_stays() {
        let mut query = StoredQuery {
            title: Some("before".to_owned()),
            fragment: Some("here".to_owned()),
            is_private: true,
            ..StoredQuery::default()
        };
        new(json!({"title": null, "description": 5, "hide_sql": "on"}))
            .fill(&mut query)
            .unwrap();
        assert_eq!(query.title, None);
        assert_eq!(query.description.as_deref(), Some("5"));
        assert_eq!(query.fragment.as_deref(), Some("here"));
        assert!(query.hide_sql && query.is_private);
        let refused = new(json!({"title": ["x"]})).fill(&mut query);
        assert_eq!(words(refused), "title must be a string");
    }
}
