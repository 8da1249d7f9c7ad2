//! `publish heroku` calls heroku, step by step.

use super::stand_ins::{StandIns, words};

fn heroku() -> StandIns {
    let site = StandIns::new(&["heroku"]);
    site.prints("heroku plugins", "\n\nheroku-builds 0.0.29\n");
    site.prints(
        "heroku apps:list",
        r#"[{"name": "other"}, {"name": "mine"}]"#,
    );
    for call in ["heroku apps:create", "heroku apps:create new"] {
        site.prints(call, r#"{"name": "created"}"#);
    }
    site
}

// Proves: PUB-60, PUB-63, PUB-64, PUB-65, PUB-66, PUB-69, PUB-70, DEF-10
#[test]
fn an_app_that_exists_is_built_again() {
    let site = heroku();
    site.folder.database("my db's.db", "create table x (a)");
    let calls = site.published(&[
        "publish",
        "heroku",
        "one.db",
        "my db's.db",
        "-n",
        "mine",
        "--secret",
        "s s",
        "--plugin-secret",
        "p",
        "k",
        "v",
        "--tar",
        "gtar",
        "--install",
        "one",
    ]);
    assert_eq!(
        words(&calls),
        [
            "heroku [plugins]",
            "heroku [apps:list] [--json]",
            "heroku [config:set] [-a] [mine] [P_K=v]",
            "heroku [config:set] [-a] [mine] [DATASETTE_SECRET=s s]",
            "heroku [builds:create] [-a] [mine] [--include-vcs-ignore] [--tar] [gtar]",
        ]
    );
    let build = &calls[4];
    assert_eq!(
        build.names(),
        [
            ".profile.d/plugins.sh",
            ".python-version",
            "Procfile",
            "bin/datasette",
            "bin/post_compile",
            "metadata.json",
            "my db's.db",
            "one.db",
            "requirements.txt",
        ]
    );
    assert_eq!(
        build.text("Procfile"),
        "web: bin/datasette serve --host 0.0.0.0 -i one.db -i 'my db'\"'\"'s.db' --cors --port \
         $PORT --inspect-file inspect-data.json --metadata metadata.json"
    );
    assert_eq!(
        build.text("bin/post_compile"),
        "bin/datasette install --python python3 datasette\n\
         bin/datasette inspect one.db 'my db'\"'\"'s.db' --inspect-file inspect-data.json"
    );
    assert_eq!(build.mode("bin/post_compile"), 0o755);
    assert_eq!(build.text("requirements.txt"), "one");
    for name in build.names() {
        if !name.ends_with(".db") {
            let text = build.text(&name);
            assert!(!text.contains("s s") && !text.ends_with('\n'), "{name}");
        }
    }
    assert_eq!(site.folder.files_in("temporary"), Vec::<String>::new());
}

// Proves: PUB-60, PUB-66
#[test]
fn an_app_is_created_where_there_is_none() {
    let site = heroku();
    let created = |name: &str| {
        let calls = site.published(&["publish", "heroku", "one.db", "--name", name]);
        let last = calls.last().unwrap();
        assert_eq!(
            last.words,
            "heroku [builds:create] [-a] [created] [--include-vcs-ignore]"
        );
        words(&calls)[1..calls.len() - 2].join(", ")
    };
    assert_eq!(
        created("new"),
        "heroku [apps:list] [--json], heroku [apps:create] [new] [--json]"
    );
    assert_eq!(created(""), "heroku [apps:create] [--json]");
    site.prints("heroku apps:create datasette", r#"{"name": "created"}"#);
    let calls = site.published(&["publish", "heroku", "one.db"]);
    assert_eq!(calls[2].words, "heroku [apps:create] [datasette] [--json]");
}

// Proves: PUB-62
#[test]
fn the_builds_plugin_is_installed_with_consent() {
    let site = heroku();
    site.prints("heroku plugins", "no plugins installed\n");
    let asked = ["publish", "heroku", "one.db", "-n", "mine"];
    let question = "Publishing to Heroku requires the heroku-builds plugin to be installed.\n\
                    Install it? (this will run `heroku plugins:install heroku-builds`) [y/N]: ";
    for no in ["n\n", "\n", "No\n", ""] {
        let ran = site.answering(no, &asked);
        assert_eq!(
            (ran.code, ran.err.as_str()),
            (Some(1), "Aborted!\n"),
            "{no}"
        );
        assert_eq!(ran.text(), question);
        assert_eq!(words(&site.calls()), ["heroku [plugins]"]);
    }
    let ran = site.answering("perhaps\nYes\n", &asked);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let calls = site.calls();
    assert_eq!(calls[1].words, "heroku [plugins:install] [heroku-builds]");
    assert_eq!(calls.len(), 5);
    site.ends("heroku plugins:install heroku-builds", 1);
    assert_eq!(site.answering("y\n", &asked).code, Some(1));
    assert_eq!(site.calls().len(), 2);
}

#[test]
fn a_call_that_fails_ends_the_command() {
    let site = heroku();
    for (call, made) in [
        ("heroku builds:create", 4),
        ("heroku config:set", 3),
        ("heroku apps:list", 2),
        ("heroku plugins", 1),
    ] {
        site.ends(call, 5);
        let ran = site.run(&[
            "publish", "heroku", "one.db", "-n", "mine", "--secret", "s3cret",
        ]);
        let expected = format!("Error: {call} failed with exit status 5\n");
        assert_eq!((ran.code, ran.err), (Some(1), expected));
        assert_eq!(site.calls().len(), made, "{call}");
    }
}

// Proves: PUB-12, DEF-10
#[test]
fn metadata_of_the_file_is_kept() {
    let site = heroku();
    site.folder.write(
        "m.json",
        r#"{"title": "File", "plugins": {"a": {"x": 1}, "p": {"y": 2}}}"#,
    );
    let calls = site.published(&[
        "publish",
        "heroku",
        "-n",
        "mine",
        "-m",
        "m.json",
        "--title",
        "",
        "--plugin-secret",
        "p",
        "k",
        "v",
    ]);
    let metadata = calls.last().unwrap().text("metadata.json");
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    assert_eq!(
        metadata,
        serde_json::json!({
            "title": "File",
            "plugins": {"a": {"x": 1}, "p": {"y": 2, "k": {"$env": "P_K"}}},
        })
    );
}
