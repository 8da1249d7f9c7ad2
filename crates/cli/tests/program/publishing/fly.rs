//! `publish fly` calls flyctl, step by step.

use super::stand_ins::{StandIns, words};

fn flyctl() -> StandIns {
    let site = StandIns::new(&["flyctl"]);
    site.prints("flyctl apps list", r#"[{"Name": "mine"}]"#);
    site.prints("flyctl volumes list", "[]");
    site
}

// Proves: PUB-81, PUB-82, PUB-83
#[test]
fn an_app_without_a_volume() {
    let site = flyctl();
    let calls = site.published(&[
        "publish",
        "fly",
        "one.db",
        "--app",
        "mine",
        "--secret",
        "s3cret",
        "--plugin-secret",
        "p",
        "k",
        "a b#c",
        "--setting",
        "facet_time_limit_ms",
        "100",
        "--crossdb",
    ]);
    assert_eq!(
        words(&calls),
        [
            "flyctl [apps] [list] [--json]",
            "flyctl [volumes] [list] [-a] [mine] [--json]",
            "flyctl [secrets] [import] [-a] [mine] [--stage]",
            "flyctl [deploy] [.] [--app] [mine] [--config] [fly.toml] [--remote-only]",
        ]
    );
    assert_eq!(
        calls[2].input,
        "P_K=\"\"\"a b#c\"\"\"\nDATASETTE_SECRET=\"\"\"s3cret\"\"\"\n"
    );
    let deploy = &calls[3];
    assert_eq!(
        deploy.names(),
        [
            "Dockerfile",
            "app/metadata.json",
            "app/one.db",
            "datasette",
            "fly.toml"
        ]
    );
    let dockerfile = deploy.text("Dockerfile");
    assert!(!dockerfile.contains("s3cret") && !dockerfile.contains("a b#c"));
    assert!(dockerfile.contains("\nENV PORT=8080\nEXPOSE 8080\nUSER 1000:1000\n"));
    assert!(dockerfile.contains("\"--setting\", \"facet_time_limit_ms\", \"100\", \"--crossdb\""));
    assert!(
        deploy
            .text("fly.toml")
            .starts_with("app = \"mine\"\n\n[[services]]\n")
    );
}

// Proves: PUB-81, PUB-82, PUB-84
#[test]
fn an_app_and_its_volume_are_created() {
    let site = flyctl();
    let asked = [
        "publish",
        "fly",
        "-a",
        "new",
        "-o",
        "org",
        "--create-volume",
        "3",
        "--create-db",
        "wiki",
        "--region",
        "sjc",
    ];
    let calls = site.published(&asked);
    assert_eq!(
        words(&calls)[..3],
        [
            "flyctl [apps] [list] [--json]",
            "flyctl [apps] [create] [--name] [new] [--org] [org] [--json]",
            "flyctl [volumes] [create] [datasette] [--region] [sjc] [--size] [3] [-a] [new] \
             [--yes] [--json]",
        ]
    );
    let deploy = calls.last().unwrap();
    assert!(deploy.text("fly.toml").starts_with(
        "app = \"new\"\nprimary_region = \"sjc\"\n\n[[mounts]]\n  destination = \"/data\"\n  \
         source = \"datasette\"\n"
    ));
    assert!(deploy.text("Dockerfile").contains("[ -e /data/wiki.db ]"));

    let without_region: Vec<&str> = asked[..asked.len() - 2].to_vec();
    let ran = site.run(&without_region);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: A volume is in one region: name it with --region\n"
        )
    );
    // Nothing was created.
    assert_eq!(words(&site.calls()), ["flyctl [apps] [list] [--json]"]);
}

// Proves: PUB-81, PUB-84
#[test]
fn an_app_keeps_its_volume() {
    let site = flyctl();
    site.prints("flyctl volumes list", r#"[{"name": "v1"}, {"name": "v2"}]"#);
    let calls = site.published(&["publish", "fly", "-a", "mine"]);
    let deploy = calls.last().unwrap();
    assert!(deploy.text("fly.toml").contains("source = \"v1\""));
    assert!(deploy.text("Dockerfile").contains("set -- /data/*.db"));
    let calls = site.published(&[
        "publish",
        "fly",
        "-a",
        "mine",
        "--create-volume",
        "1",
        "--volume-name",
        "v2",
    ]);
    assert_eq!(calls.len(), 4, "{:?}", words(&calls));
    let deploy = calls.last().unwrap();
    assert!(deploy.text("fly.toml").contains("source = \"v2\""));
}

// Proves: PUB-81
#[test]
fn a_call_that_fails_ends_the_command() {
    let site = flyctl();
    for (call, made) in [
        ("flyctl deploy", 4),
        ("flyctl secrets import", 3),
        ("flyctl volumes list", 2),
        ("flyctl apps list", 1),
    ] {
        site.ends(call, 5);
        let ran = site.run(&["publish", "fly", "one.db", "-a", "mine"]);
        let expected = format!("Error: {call} failed with exit status 5\n");
        assert_eq!((ran.code, ran.err), (Some(1), expected));
        assert_eq!(site.calls().len(), made, "{call}");
    }
}

// Proves: PUB-81
#[test]
fn files_are_shown_and_still_deployed() {
    let site = flyctl();
    let ran = site.run(&[
        "publish",
        "fly",
        "-a",
        "mine",
        "--show-files",
        "--title",
        "T",
    ]);
    let text = ran.text();
    assert!(
        text.starts_with("fly.toml\n----\napp = \"mine\"\n"),
        "{text}"
    );
    assert!(text.contains("\n----\nDockerfile\n----\nFROM "));
    assert!(text.ends_with("\n----\nmetadata.json\n----\n{\n  \"title\": \"T\"\n}\n----\n"));
    assert_eq!(site.calls().len(), 4);
}
