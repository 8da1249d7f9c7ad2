//! What cannot be published: one message and exit code each, and nobody is called.

use super::stand_ins::StandIns;

const CLOUDRUN: &str = "Usage: datasette publish cloudrun [OPTIONS] [FILES]...\n\
                        Try 'datasette publish cloudrun --help' for help.\n\nError: ";
const PACKAGE: &str = "Usage: datasette package [OPTIONS] FILES...\n\
                       Try 'datasette package --help' for help.\n\nError: ";

fn all() -> StandIns {
    StandIns::new(&["docker", "gcloud", "heroku", "flyctl"])
}

// Proves: PUB-01, PUB-08, PUB-30, PUB-40, PUB-42, CLI-06, CLI-08
#[test]
fn options_that_cannot_be_meant() {
    let site = all();
    for (line, usage, message) in [
        ("package", PACKAGE, "Missing argument 'FILES...'."),
        (
            "package woop.db",
            PACKAGE,
            "Invalid value for 'FILES...': Path 'woop.db' does not exist.",
        ),
        (
            "package one.db -p 0",
            PACKAGE,
            "Invalid value for '-p' / '--port': 0 is not in the range 1<=x<=65535.",
        ),
        (
            "package one.db -p 65536",
            PACKAGE,
            "Invalid value for '-p' / '--port': 65536 is not in the range 1<=x<=65535.",
        ),
        (
            "package temporary",
            PACKAGE,
            "Invalid value for 'FILES...': File 'temporary' is a directory.",
        ),
        (
            "publish cloudrun one.db woop.db",
            CLOUDRUN,
            "Invalid value for '[FILES]...': Path 'woop.db' does not exist.",
        ),
        (
            "publish cloudrun --memory 1x",
            CLOUDRUN,
            "Invalid value for '--memory': --memory should be a number then Gi/G/Mi/M e.g 1Gi",
        ),
        (
            "publish cloudrun --cpu 3",
            CLOUDRUN,
            "Invalid value for '--cpu': '3' is not one of '1', '2', '4'.",
        ),
        (
            "publish cloudrun --timeout x",
            CLOUDRUN,
            "Invalid value for '--timeout': 'x' is not a valid integer.",
        ),
        (
            "publish cloudrun --plugin-secret a b it's",
            CLOUDRUN,
            "Invalid value for '--plugin-secret': --plugin-secret cannot contain single quotes",
        ),
        (
            "publish cloudrun --template-dir one.db",
            CLOUDRUN,
            "Invalid value for '--template-dir': Directory 'one.db' is a file.",
        ),
        (
            "publish cloudrun --static x:nosuch",
            CLOUDRUN,
            "Invalid value for '--static': x:nosuch is not a valid directory path",
        ),
        (
            "publish cloudrun -m nosuch.json",
            CLOUDRUN,
            "Invalid value for '-m' / '--metadata': 'nosuch.json': No such file or directory",
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = site.run(&words);
        assert_eq!((ran.code, ran.text().as_str()), (Some(2), ""), "{line}");
        assert_eq!(ran.err, format!("{usage}{message}\n"), "{line}");
    }
    for (line, part) in [
        (
            "package one.db --plugin-secret a b c",
            "No such option '--plugin-secret'.",
        ),
        (
            "publish cloudrun --plugin-secret a b",
            "Option '--plugin-secret' requires 3 arguments.",
        ),
        ("publish fly one.db", "Missing option '-a' / '--app'."),
        (
            "publish fly -a x --create-volume 0",
            "Invalid value for '--create-volume': 0 is not in the range x>=1.",
        ),
        // PUB-16
        ("publish heroku --config x", "No such option '--config'."),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = site.run(&words);
        assert_eq!(ran.code, Some(2), "{line}");
        assert!(ran.err.contains(part), "{line}: {}", ran.err);
    }
    assert!(site.calls().is_empty());
}

// Proves: PUB-15, PUB-16, CLI-06
#[test]
fn a_target_is_needed() {
    let site = all();
    let ran = site.run(&["publish"]);
    assert_eq!((ran.code, ran.text().as_str()), (Some(2), ""));
    let help = site.run(&["publish", "--help"]);
    assert_eq!((help.code, help.err.as_str()), (Some(0), ""));
    assert_eq!(ran.err, help.text());
    for part in [
        "Usage: datasette publish [OPTIONS] COMMAND [ARGS]...\n",
        "\nCommands:\n  cloudrun  ",
        "\n  fly       ",
        "\n  heroku    ",
    ] {
        assert!(ran.err.contains(part), "{}", ran.err);
    }
    let usage = "Usage: datasette publish [OPTIONS] COMMAND [ARGS]...\n\
                 Try 'datasette publish --help' for help.\n\nError: ";
    for (word, message) in [
        ("nope", "No such command 'nope'."),
        ("--nope", "No such option '--nope'."),
    ] {
        let ran = site.run(&["publish", word]);
        assert_eq!((ran.code, ran.text().as_str()), (Some(2), ""));
        assert_eq!(ran.err, format!("{usage}{message}\n"));
    }
    for command in [
        &["package"][..],
        &["publish", "cloudrun"],
        &["publish", "fly"],
        &["publish", "heroku"],
    ] {
        let help = site.run(&[command, &["--help"]].concat());
        assert_eq!((help.code, help.err.as_str()), (Some(0), ""), "{command:?}");
        let text = help.text();
        for option in [
            "-m, --metadata",
            "--extra-options",
            "--branch",
            "--template-dir",
            "--plugins-dir",
            "--static",
            "--install",
            "--version-note",
            "--secret",
            "--title",
            "--license",
            "--license_url",
            "--source",
            "--source_url",
            "--about",
            "--about_url",
        ] {
            assert!(
                text.contains(&format!("{option} <")),
                "{command:?} {option}: {text}"
            );
        }
        assert!(!text.contains("--config"));
        assert_eq!(text.contains("--plugin-secret"), command[0] == "publish");
    }
}

// Proves: PUB-32, PUB-41, PUB-61
#[test]
fn the_program_of_a_target_must_be_there() {
    let site = StandIns::new(&[]);
    // A file that nobody may run is no program.
    site.folder.write("none/heroku", "");
    for (arguments, message) in [
        (
            &["package", "one.db"][..],
            " The package command requires \"docker\" to be installed and configured \n",
        ),
        (
            &["publish", "cloudrun"],
            "Publishing to Google Cloud requires gcloud to be installed and configured\n\
             Follow the instructions at https://cloud.google.com/sdk/\n",
        ),
        (
            &["publish", "heroku"],
            "Publishing to Heroku requires heroku to be installed and configured\n\
             Follow the instructions at https://cli.heroku.com\n",
        ),
        (
            &["publish", "fly", "--app", "a"],
            "Publishing to Fly requires flyctl to be installed and configured\n\
             Follow the instructions at https://fly.io/docs/getting-started/installing-flyctl/\n",
        ),
    ] {
        let mut command = site.command(arguments);
        let output = command
            .env("PATH", site.folder.path("none"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
        assert!(output.stdout.is_empty());
    }
}

// Proves: PUB-87, PUB-88
#[test]
fn sites_that_would_not_work() {
    let site = all();
    site.folder.directory("other");
    site.folder.database("other/one.db", "create table x (a)");
    site.folder.write("list.json", "[]");
    for (line, message) in [
        (
            "package one.db other/one.db",
            "The files 'one.db' and 'other/one.db' cannot be published together: both are called \
             one.db",
        ),
        (
            "publish heroku one.db --static ../x:other",
            "--static ../x: the name of a folder inside the site is wanted",
        ),
        (
            "package one.db -m list.json",
            "list.json: The top level must be a mapping, not a list",
        ),
        (
            "publish cloudrun --extra-options=--nosuch",
            "The published server would not start: it has no option '--nosuch'",
        ),
        (
            "publish cloudrun one.db -n a/b --service s",
            "'a/b' cannot be the name of a folder",
        ),
        (
            "publish fly --app a --plugin-secret p k \"",
            "The value of P_K cannot contain double quotes here",
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = site.run(&words);
        assert_eq!((ran.code, ran.text().as_str()), (Some(1), ""), "{line}");
        assert_eq!(ran.err, format!("Error: {message}\n"), "{line}");
    }
    let ran = site.run(&["package", "one.db", "--secret", "a\nb"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(1),
            "Error: The value of DATASETTE_SECRET cannot contain line breaks here\n"
        )
    );
    let ran = site.run(&["package", "one.db", "--binary", "one.db"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .contains("one.db cannot be published: it is not a program for Linux"),
        "{}",
        ran.err
    );
    let built = |call: &str| call.starts_with("docker [build]") || call.contains("[submit]");
    assert!(site.calls().iter().all(|call| !built(&call.words)));
}

#[test]
fn changes_that_are_still_in_a_log_are_told_of() {
    let site = all();
    let log = site.folder.database(
        "log.db",
        "pragma journal_mode = wal; create table x (a); insert into x values (1)",
    );
    let ran = site.run(&["package", "log.db", "one.db"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            Some(0),
            "Warning: log.db has changes in log.db-wal that are not published\n"
        )
    );
    drop(log);
    assert_eq!(site.run(&["package", "log.db", "one.db"]).err, "");
}
