//! `--generate-dir` writes what would be sent, and calls nobody.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::stand_ins::StandIns;

const TARGETS: [&[&str]; 4] = [
    &["package", "one.db"],
    &["publish", "cloudrun", "one.db"],
    &["publish", "heroku", "one.db"],
    &["publish", "fly", "one.db", "--app", "a"],
];

// Proves: PUB-67, PUB-68, PUB-85, DEF-10
#[test]
fn every_target_writes_into_a_new_folder_of_the_caller() {
    for target in TARGETS {
        let site = StandIns::new(&["docker", "gcloud", "heroku", "flyctl"]);
        let asked = [
            target,
            &["--generate-dir", "deep/out", "--secret", "s3cret"],
        ]
        .concat();
        let ran = site.run(&asked);
        assert_eq!(
            (ran.code, ran.text().as_str()),
            (Some(0), ""),
            "{}",
            ran.err
        );
        assert!(
            ran.err
                .starts_with("Generated files written to deep/out, stopping without deploying\n"),
            "{}",
            ran.err
        );
        assert!(site.calls().is_empty());
        let out = site.folder.path("deep/out");
        assert_eq!(out.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let is_heroku = target.contains(&"heroku");
        let database = out.join(if is_heroku { "one.db" } else { "app/one.db" });
        // A copy: what happens to it does not happen to the original.
        let original = site.folder.path("one.db").metadata().unwrap();
        assert_ne!(database.metadata().unwrap().ino(), original.ino());
        assert!(
            out.join(if is_heroku { "Procfile" } else { "Dockerfile" })
                .is_file()
        );

        let again = site.run(&asked);
        assert_eq!(
            (again.code, again.err.as_str()),
            (Some(1), "Error: Directory already exists\n")
        );
        assert_eq!(site.folder.files_in("temporary"), Vec::<String>::new());
    }
}

// Proves: PUB-85
#[test]
fn no_program_need_be_there() {
    for target in TARGETS {
        let site = StandIns::new(&[]);
        let mut command = site.command(&[target, &["--generate-dir", "out"]].concat());
        command.env("PATH", site.folder.path("none"));
        assert!(command.status().unwrap().success(), "{target:?}");
        assert!(site.folder.path("out").is_dir());
    }
}

// Proves: PUB-83, PUB-85
#[test]
fn secrets_are_for_their_owner_only() {
    for (target, holder) in [
        (TARGETS[0], Some("Dockerfile")),
        (TARGETS[1], Some("Dockerfile")),
        (TARGETS[2], None),
        (TARGETS[3], Some("secrets.env")),
    ] {
        let site = StandIns::new(&[]);
        let asked = ["--generate-dir", "out", "--secret", "s3cret"];
        assert_eq!(site.run(&[target, &asked].concat()).code, Some(0));
        let mut holders = Vec::new();
        for name in site.folder.files_in("out") {
            let path = site.folder.path("out").join(&name);
            if !path.is_file() || name == "datasette" || name.ends_with(".db") {
                continue;
            }
            if std::fs::read_to_string(&path).unwrap().contains("s3cret") {
                assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
                holders.push(name);
            }
        }
        assert_eq!(
            holders.iter().map(String::as_str).next(),
            holder,
            "{target:?}"
        );
        assert!(holders.len() < 2, "{holders:?}");
    }
}
