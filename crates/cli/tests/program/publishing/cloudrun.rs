//! `publish cloudrun` calls gcloud, step by step.

use super::stand_ins::{StandIns, words};

const SERVICES: &str = r#"[
  {"metadata": {"name": "svc", "creationTimestamp": "2020-01-01"},
   "status": {"url": "https://svc", "address": {"url": "https://svc.example"}}},
  {"metadata": {"name": "nourl", "creationTimestamp": "x"}, "status": {}}
]"#;

fn gcloud() -> StandIns {
    let site = StandIns::new(&["gcloud"]);
    site.prints("gcloud config get-value project", "myproj\n");
    site.prints("gcloud run services list", SERVICES);
    site
}

// Proves: PUB-40, PUB-43, PUB-45, PUB-47
#[test]
fn the_calls_in_order() {
    let site = gcloud();
    let calls = site.published(&["publish", "cloudrun", "one.db", "--service", "S"]);
    assert_eq!(
        words(&calls),
        [
            "gcloud [config] [get-value] [project]",
            "gcloud [services] [enable] [artifactregistry.googleapis.com] [--project] [myproj] \
             [--quiet]",
            "gcloud [artifacts] [repositories] [describe] [datasette] [--project] [myproj] \
             [--location] [us] [--quiet]",
            "gcloud [builds] [submit] [--tag] [us-docker.pkg.dev/myproj/datasette/datasette-S]",
            "gcloud [run] [deploy] [--allow-unauthenticated] [--platform=managed] [--image] \
             [us-docker.pkg.dev/myproj/datasette/datasette-S] [S] [--max-instances] [1]",
        ]
    );
    let root = site.folder.root().file_name().unwrap().to_str().unwrap();
    let folders: Vec<&str> = calls.iter().map(|call| call.folder.as_str()).collect();
    assert_eq!(folders, [root, root, root, "datasette", root]);
    let dockerfile = calls[3].text("Dockerfile");
    assert!(
        dockerfile
            .ends_with(", \"--setting\", \"force_https_urls\", \"on\", \"--port\", \"$PORT\"]"),
        "{dockerfile}"
    );
    assert_eq!(site.folder.files_in("temporary"), Vec::<String>::new());
}

// Proves: PUB-08, PUB-22, PUB-40, PUB-43, PUB-45, PUB-47
#[test]
fn every_option_has_its_place() {
    let site = gcloud();
    let calls = site.published(&[
        "publish",
        "cloudrun",
        "one.db",
        "-n",
        "nm",
        "--service",
        "S",
        "--memory",
        "1Gi",
        "--cpu",
        "2",
        "--timeout",
        "60",
        "--max-instances",
        "0",
        "--min-instances",
        "1",
        "--artifact-repository",
        "r",
        "--artifact-region",
        "eu-docker.pkg.dev",
        "--artifact-project",
        "P",
        "--apt-get-install",
        "ffmpeg",
        "--apt-get-install",
        "zip",
        "--secret",
        "s",
        "--plugin-secret",
        "my-plug",
        "key-a",
        "a $b",
        "--plugin-secret",
        "my-plug",
        "b",
        "w",
        "--extra-options",
        "--setting force_https_urls off",
    ]);
    let image = "eu-docker.pkg.dev/P/r/datasette-S";
    assert_eq!(
        words(&calls)[2..],
        [
            "gcloud [artifacts] [repositories] [describe] [r] [--project] [P] [--location] \
             [eu-docker.pkg.dev] [--quiet]"
                .to_owned(),
            format!("gcloud [builds] [submit] [--tag] [{image}] [--timeout] [60]"),
            format!(
                "gcloud [run] [deploy] [--allow-unauthenticated] [--platform=managed] [--image] \
                 [{image}] [S] [--memory] [1Gi] [--cpu] [2] [--max-instances] [0] \
                 [--min-instances] [1]"
            ),
        ]
    );
    assert_eq!(calls[3].folder, "nm");
    let dockerfile = calls[3].text("Dockerfile");
    assert!(dockerfile.contains("--no-install-recommends ffmpeg zip && \\\n"));
    assert!(dockerfile.contains(
        "\nENV MY_PLUG_KEY_A='a $b'\nENV MY_PLUG_B='w'\nENV DATASETTE_SECRET='s'\nENV PORT="
    ));
    assert!(dockerfile.contains("\"force_https_urls\", \"off\", \"--port\""));
    assert!(!dockerfile.contains("\"on\""));
    let metadata: serde_json::Value =
        serde_json::from_str(&calls[3].text("app/metadata.json")).unwrap();
    assert_eq!(
        metadata,
        serde_json::json!({"plugins": {"my-plug": {
            "key-a": {"$env": "MY_PLUG_KEY_A"},
            "b": {"$env": "MY_PLUG_B"},
        }}})
    );
}

// Proves: PUB-43, PUB-44
#[test]
fn a_repository_is_made_where_there_is_none() {
    let site = gcloud();
    site.ends("gcloud artifacts repositories describe datasette", 1);
    let ran = site.run(&["publish", "cloudrun", "one.db", "--service", "S"]);
    assert_eq!(
        (ran.code, ran.text().as_str()),
        (
            Some(0),
            "Created Artifact Registry repository 'datasette'\n"
        )
    );
    let calls = site.calls();
    assert_eq!(
        calls[3].words,
        "gcloud [artifacts] [repositories] [create] [datasette] [--repository-format=docker] \
         [--location] [us] [--project] [myproj] [--description] [Datasette Cloud Run images] \
         [--quiet]"
    );
    assert_eq!(calls.len(), 6);

    site.ends("gcloud artifacts repositories create datasette", 1);
    let ran = site.run(&["publish", "cloudrun", "one.db", "--service", "S"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: Failed to create Artifact Registry repository. Use \
             --artifact-repository/--artifact-region to point to an existing repo or create one \
             manually.\n"
        )
    );
    assert_eq!(site.calls().len(), 4);

    site.ends("gcloud services enable artifactregistry.googleapis.com", 3);
    let ran = site.run(&["publish", "cloudrun", "one.db", "--service", "S"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: Failed to enable artifactregistry.googleapis.com. Please ensure you have \
             permissions to manage services.\n"
        )
    );
    assert_eq!(site.calls().len(), 2);
}

// Proves: PUB-43, PUB-46
#[test]
fn the_service_is_asked_for() {
    let site = gcloud();
    let asked = ["publish", "cloudrun", "one.db"];
    let ran = site.answering("\nmy service\n", &asked);
    assert_eq!(
        (ran.code, ran.text().as_str()),
        (
            Some(0),
            "Please provide a service name for this deployment\n\n\
             Using an existing service name will over-write it\n\n\
             Your existing services:\n\n  svc - created 2020-01-01 - https://svc.example\n\n\
             Service name: Service name: "
        ),
        "{}",
        ran.err
    );
    let calls = site.calls();
    assert_eq!(
        calls[3].words,
        "gcloud [run] [services] [list] [--platform=managed] [--format] [json]"
    );
    assert!(
        calls[5]
            .words
            .contains("datasette-my service] [my service] ")
    );

    site.prints("gcloud run services list", "[]");
    let ran = site.answering("", &asked);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), "Aborted!\n"));
    assert!(ran.text().ends_with("over-write it\n\nService name: "));
    assert_eq!(site.calls().len(), 4);
}

// Proves: PUB-48
#[test]
fn files_are_shown_and_still_deployed() {
    let site = gcloud();
    let asked = [
        "publish",
        "cloudrun",
        "one.db",
        "--service",
        "S",
        "--show-files",
        "--title",
        "T",
    ];
    let ran = site.run(&asked);
    let calls = site.calls();
    assert_eq!(calls.len(), 5);
    let dockerfile = calls[3].text("Dockerfile");
    assert_eq!(
        ran.text(),
        format!(
            "=== metadata.json ===\n\n{{\n  \"title\": \"T\"\n}}\n\n==== Dockerfile ====\n\n\
             {dockerfile}\n\n====================\n\n"
        )
    );
    let ran = site.run(&asked[..6]);
    assert!(ran.text().starts_with("\n==== Dockerfile ====\n\nFROM "));
}

// Proves: PUB-49
#[test]
fn a_failing_build_or_deployment_fails() {
    let site = gcloud();
    let asked = ["publish", "cloudrun", "one.db", "--service", "S"];
    site.ends("gcloud run deploy", 4);
    let ran = site.run(&asked);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: gcloud run deploy failed with exit status 4\n"
        )
    );
    assert_eq!(site.calls().len(), 5);
    site.ends("gcloud builds submit", 3);
    let ran = site.run(&asked);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: gcloud builds submit failed with exit status 3\n"
        )
    );
    assert_eq!(site.calls().len(), 4);
    site.ends("gcloud config get-value project", 2);
    let ran = site.run(&asked);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: gcloud config get-value project failed with exit status 2\n"
        )
    );
}

#[test]
fn a_project_is_needed() {
    let site = gcloud();
    site.prints("gcloud config get-value project", "\n");
    let asked = ["publish", "cloudrun", "one.db", "--service", "S"];
    let ran = site.run(&asked);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: No project is active. Choose one with: gcloud config set project PROJECT\n"
        )
    );
    assert_eq!(site.calls().len(), 1);
    let calls = site.published(&[&asked[..], &["--artifact-project", "P"]].concat());
    assert!(calls[1].words.contains("[--project] [P]"));
}
