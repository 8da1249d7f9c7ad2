//! `package` calls Docker with everything an image is built from.

use super::stand_ins::{StandIns, words};

// Proves: PUB-01, PUB-14, PUB-20, PUB-30, PUB-31
#[test]
fn docker_builds_in_a_folder_of_its_own() {
    let site = StandIns::new(&["docker"]);
    let calls = site.published(&["package", "one.db", "--secret", "s"]);
    assert_eq!(words(&calls), ["docker [build] [.]"]);
    let call = &calls[0];
    assert_eq!(call.folder, "datasette");
    assert_eq!(call.names(), ["Dockerfile", "app/one.db", "datasette"]);
    assert_eq!(call.mode("Dockerfile"), 0o600);
    let dockerfile = call.text("Dockerfile");
    assert!(dockerfile.starts_with("FROM debian:trixie-slim AS build\n"));
    for line in [
        "\nENV DATASETTE_SECRET='s'\nENV PORT=8001\nEXPOSE 8001\n",
        "\"inspect\", \"one.db\", \"--inspect-file\", \"inspect-data.json\"]\n",
    ] {
        assert!(dockerfile.contains(line), "{dockerfile}");
    }
    assert!(!dockerfile.ends_with('\n'));
    assert!(site.folder.path("one.db").exists());
    assert_eq!(site.folder.files_in("temporary"), Vec::<String>::new());

    let tagged = ["package", "one.db", "-t", "me/x:1", "-p", "9000"];
    let calls = site.published(&tagged);
    assert_eq!(words(&calls), ["docker [build] [-t] [me/x:1] [.]"]);
    let dockerfile = calls[0].text("Dockerfile");
    assert!(dockerfile.contains("\nENV PORT=9000\nEXPOSE 9000\n"));
    let secret = |text: &str| {
        let start = text.find("DATASETTE_SECRET='").unwrap() + 18;
        text[start..].split('\'').next().unwrap().to_owned()
    };
    assert_eq!(secret(&dockerfile).len(), 64);
}

// Proves: PUB-02, PUB-05, PUB-06, PUB-11, PUB-12, PUB-13, PUB-27, DEF-10
#[test]
fn everything_of_the_site_is_sent() {
    let site = StandIns::new(&["docker"]);
    site.folder.database("my db's.db", "create table x (a)");
    site.folder.directory("looks/deep");
    site.folder.write("looks/index.html", "ours");
    site.folder.write("looks/deep/a.html", "deep");
    site.folder.directory("assets");
    site.folder.write("assets/a.css", "body {}");
    site.folder.write(
        "m.yaml",
        "title: From file\ndescription: |\n  two\n  lines é\nabout: x\n",
    );
    let calls = site.published(&[
        "package",
        "one.db",
        "my db's.db",
        "-m",
        "m.yaml",
        "--template-dir",
        "looks",
        "--static",
        "st:assets",
        "--static",
        "x/y:assets",
        "--title",
        "T",
        "--license",
        "L",
        "--license_url",
        "LU",
        "--source",
        "S",
        "--source_url",
        "SU",
        "--about",
        "",
        "--about_url",
        "AU",
    ]);
    let call = &calls[0];
    assert_eq!(
        call.names(),
        [
            "Dockerfile",
            "app/metadata.json",
            "app/my db's.db",
            "app/one.db",
            "app/st/a.css",
            "app/templates/deep/a.html",
            "app/templates/index.html",
            "app/x/y/a.css",
            "datasette",
        ]
    );
    assert_eq!(
        call.text("app/metadata.json"),
        "{\n  \"title\": \"T\",\n  \"description\": \"two\\nlines \\u00e9\\n\",\n  \"about\": \"\",\n  \
         \"license\": \"L\",\n  \"license_url\": \"LU\",\n  \"source\": \"S\",\n  \
         \"source_url\": \"SU\",\n  \"about_url\": \"AU\"\n}"
    );
    let dockerfile = call.text("Dockerfile");
    assert!(
        dockerfile.ends_with(
            "\"-i\", \"one.db\", \"-i\", \"my db's.db\", \"--cors\", \"--inspect-file\", \
             \"inspect-data.json\", \"--metadata\", \"metadata.json\", \"--template-dir\", \
             \"templates/\", \"--static\", \"st:st\", \"--static\", \"x/y:x/y\", \"--port\", \
             \"$PORT\"]"
        ),
        "{dockerfile}"
    );
}

// Proves: PUB-10, CLI-204
#[test]
fn the_secret_may_come_from_a_variable_of_its_own() {
    let site = StandIns::new(&["docker"]);
    let built = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = site.command(&[&["package", "one.db"][..], arguments].concat());
        command.envs(variables.iter().copied());
        assert!(command.status().unwrap().success());
        site.calls()[0].text("Dockerfile")
    };
    let own = ("DATASETTE_PUBLISH_SECRET", "from here");
    assert!(built(&[own], &[]).contains("\nENV DATASETTE_SECRET='from here'\n"));
    assert!(built(&[own], &["--secret", "s"]).contains("\nENV DATASETTE_SECRET='s'\n"));
    let others = built(&[("DATASETTE_SECRET", "of a server")], &[]);
    assert!(!others.contains("of a server"));
    let again = built(&[("DATASETTE_PUBLISH_SECRET", "")], &[]);
    assert!(!again.contains("DATASETTE_SECRET=''"));
    assert_ne!(others, again);
}

// Proves: PUB-33, DEF-10
#[test]
fn a_failing_build_fails() {
    let site = StandIns::new(&["docker"]);
    site.ends("docker build", 17);
    let ran = site.run(&["package", "one.db"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(1), "Error: docker build failed with exit status 17\n")
    );
    assert_eq!(site.folder.files_in("temporary"), Vec::<String>::new());
}

/// A signal is heard while Docker runs, and what holds secrets is put away before the end.
#[test]
fn a_signal_leaves_nothing_behind() {
    let site = StandIns::new(&["docker"]);
    // Tells its own process by a file, and waits for ever.
    let script = "#!/bin/sh\necho $PPID > \"$CALLS/parent.tmp\"\n\
                  mv \"$CALLS/parent.tmp\" \"$CALLS/parent\"\nexec sleep 600\n";
    site.folder.write("programs/docker", script);
    let mut child = site
        .command(&["package", "one.db"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let told = site.folder.path("calls/parent");
    while !told.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::yield_now();
    }
    assert_eq!(site.folder.files_in("temporary").len(), 1);
    let pid = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "Aborted!\n");
    assert_eq!(site.folder.files_in("temporary"), Vec::<String>::new());
}
