//! Static files and templates of plugins.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datasette_hooks::{HookSet, Plugin, PluginInfo};
use datasette_testkit::TestSite;
use datasette_web::in_process::Question;

use crate::{SQL, hooks};

/// A plugin with nothing but files.
struct Files {
    name: &'static str,
    folder: PathBuf,
}

impl Plugin for Files {
    fn name(&self) -> &str {
        self.name
    }
    fn implements(&self) -> HookSet {
        hooks(&[])
    }
    fn info(&self) -> PluginInfo {
        let (files, templates) = (self.folder.join("static"), self.folder.join("templates"));
        PluginInfo {
            has_static: files.is_dir(),
            templates: templates.is_dir(),
            static_path: files.is_dir().then_some(files),
            templates_path: templates.is_dir().then_some(templates),
            ..PluginInfo::new(self.name, hooks(&[]))
        }
    }
}

fn write(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// A site with the plugins `two-words` and `plain`, and a template of the owner.
async fn site(folder: &Path, template: (&str, &str)) -> TestSite {
    let (two, plain) = (folder.join("two"), folder.join("plain"));
    write(&two, "secret.txt", "secret");
    write(&two, "static/deep/a.js", "alert(1)");
    write(&two, "static/odd.nosuchtype", "odd");
    write(&plain, "static/a.js", "plain");
    write(
        &two,
        "templates/query.html",
        "two {% block content %}{% endblock %}",
    );
    write(&plain, "templates/query.html", "plain");
    write(&plain, "templates/database.html", "of the plugin");
    write(
        &plain,
        "templates/row.html",
        "{% extends \"default:row.html\" %}{% block content %}mine {{ super() }}{% endblock %}",
    );
    write(&plain, "templates/pages/about.html", "about {{ 1 + 1 }}");
    write(&plain, "templates/pages/about/{who}.html", "who: {{ who }}");
    TestSite::build()
        .database("data", SQL)
        .static_file("a.css", "of the owner")
        .template(template.0, template.1)
        .setting("base_url", "/pre/")
        .plugin(Arc::new(Files {
            name: "two-words",
            folder: two,
        }))
        .plugin(Arc::new(Files {
            name: "plain",
            folder: plain,
        }))
        .start()
        .await
}

// Proves: PLUG-43, PLUG-44
#[tokio::test]
async fn static_files_are_below_the_name_of_the_plugin() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path(), ("x.html", "")).await;
    for (path, status, body) in [
        ("two-words/deep/a.js", 200, "alert(1)"),
        ("two_words/deep/a.js", 200, "alert(1)"),
        ("plain/a.js", 200, "plain"),
        ("two-words/a.js", 404, "404: File not found"),
        ("two-words/", 403, "403: Directory listing is not allowed"),
        (
            "two-words/deep",
            403,
            "403: Directory listing is not allowed",
        ),
        (
            "two-words/../secret.txt",
            404,
            "404: Path not inside root path",
        ),
        (
            "two_words/deep/../../secret.txt",
            404,
            "404: Path not inside root path",
        ),
    ] {
        let answer = site.get(&format!("/pre/-/static-plugins/{path}")).await;
        assert_eq!((answer.status, answer.text()), (status, body), "{path}");
    }
    for path in ["two-words", "Two-Words/deep/a.js", "nosuch/a.js"] {
        let answer = site.get(&format!("/pre/-/static-plugins/{path}")).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().starts_with("<!DOCTYPE html>"), "{path}");
    }
}

// Proves: PLUG-45, PLUG-46
#[tokio::test]
async fn browsers_may_keep_static_files() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path(), ("x.html", "")).await;
    let path = "/pre/-/static-plugins/two-words/deep/a.js";
    let file = site.get(path).await.with_status(200);
    let tag = "\"238e96d5b62a1aec3739730469f27192\"";
    assert_eq!(file.header("etag"), Some(tag));
    assert_eq!(file.header("cache-control"), None);
    assert_eq!(file.header("content-type"), Some("text/javascript"));
    let odd = site
        .get("/pre/-/static-plugins/two-words/odd.nosuchtype")
        .await;
    assert_eq!(odd.header("content-type"), Some("text/plain"));
    let again = site
        .ask(Question::get(path).header("if-none-match", tag))
        .await;
    assert!(again.with_status(304).body.is_empty());
    let forever = Some("max-age=31536000, immutable, public");
    for (hash, expected) in [
        ("6e11c72f7cf6", forever),
        ("6e11c72f7cf7", None),
        ("", None),
    ] {
        let answer = site.get(&format!("{path}?_hash={hash}")).await;
        assert_eq!(
            answer.with_status(200).header("cache-control"),
            expected,
            "{hash}"
        );
    }
}

// Proves: PLUG-47, TPL-22, TPL-23
#[tokio::test]
async fn templates_link_to_files_of_plugins() {
    for (call, expected) in [
        (
            "static('deep/a.js', plugin='two-words')",
            "/pre/-/static-plugins/two-words/deep/a.js?_hash=6e11c72f7cf6",
        ),
        (
            "static('deep/a.js', plugin='two_words')",
            "/pre/-/static-plugins/two_words/deep/a.js?_hash=6e11c72f7cf6",
        ),
        (
            "urls.static_plugins('two_words', 'deep/a.js')",
            "/pre/-/static-plugins/two_words/deep/a.js",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let template = format!("{{{{ {call} }}}}");
        let site = site(folder.path(), ("index.html", &template)).await;
        let link = site.get("/pre/").await.with_status(200).text().to_owned();
        assert_eq!(link, expected);
        assert_eq!(site.get(&link).await.with_status(200).text(), "alert(1)");
    }
    for call in [
        "static('deep/a.js', plugin='nosuch')",
        "static('nosuch', plugin='two-words')",
        "static('../secret.txt', plugin='two-words')",
        "static('deep/a.js', mount='-/static-plugins/two-words')",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let template = format!("{{{{ {call} }}}}");
        let site = site(folder.path(), ("index.html", &template)).await;
        let status = site.get("/pre/").await.status;
        assert_eq!(status, 500, "{call}");
    }
}

// Proves: PLUG-48, PLUG-49, PLUG-50, cli-config/TPL-01, cli-config/TPL-02
#[tokio::test]
async fn templates_of_plugins_stand_behind_the_owners() {
    let folder = tempfile::tempdir().unwrap();
    let site = site(folder.path(), ("database.html", "of the owner")).await;
    let database = site.get("/pre/data").await.with_status(200);
    assert_eq!(database.text(), "of the owner");
    let query = site.get("/pre/data/-/query?sql=select+1").await;
    assert_eq!(query.with_status(200).text().trim(), "two");
    let row = site.get("/pre/data/t/1").await.with_status(200);
    assert!(row.text().contains("mine "), "{}", row.text());
    assert!(row.text().contains("https://a.example/"), "{}", row.text());
    for (path, expected) in [("about", "about 2"), ("about/ann", "who: ann")] {
        let page = site.get(&format!("/pre/{path}")).await.with_status(200);
        assert_eq!(page.text(), expected, "{path}");
    }
}

// Proves: PLUG-33, PLUG-35, PLUG-40, PLUG-41
#[tokio::test]
async fn listings_say_which_files_there_are() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("two/static")).unwrap();
    let site = TestSite::build()
        .database("data", SQL)
        .plugin(Arc::new(Files {
            name: "two",
            folder: folder.path().join("two"),
        }))
        .plugin(Arc::new(Files {
            name: "Other",
            folder: folder.path().join("other"),
        }))
        .start()
        .await;
    let text = site.get("/-/plugins.json").await.with_status(200);
    assert_eq!(
        text.text(),
        "[{\"name\": \"Other\", \"static\": false, \"templates\": false, \"version\": null, \"hooks\": []}, \
         {\"name\": \"two\", \"static\": true, \"templates\": false, \"version\": null, \"hooks\": []}]"
    );
    let names = |answer: serde_json::Value| -> Vec<String> {
        let listed = answer.as_array().unwrap().iter();
        listed
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = names(site.get("/-/plugins.json?all=1").await.json());
    assert!(all.is_sorted() && all.len() > 20, "{all:?}");
    assert!(all.contains(&"datasette.facets".to_owned()) && all.contains(&"two".to_owned()));
    let empty = names(site.get("/-/plugins.json?all=").await.json());
    assert_eq!(empty, ["Other", "two"]);
    let page = site.get("/-/plugins").await.with_status(200);
    assert!(page.text().contains("Other"), "{}", page.text());
}
