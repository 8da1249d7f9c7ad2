use std::path::PathBuf;

use super::*;

fn words(line: &str) -> Vec<OsString> {
    line.split(' ')
        .filter(|word| !word.is_empty())
        .map(OsString::from)
        .collect()
}

fn serve(line: &str) -> ServeArguments {
    match read(words(line)) {
        Ok(Request::Serve(arguments)) => *arguments,
        other => panic!("{line}: {other:?}"),
    }
}

fn refused(line: &str) -> String {
    let failure = read(words(line)).unwrap_err();
    assert_eq!(failure.code(), 2, "{line}");
    let text = failure.text();
    let (_, message) = text.split_once("\n\nError: ").unwrap();
    message.to_owned()
}

// Proves: CLI-02, CLI-03, CLI-04
#[test]
fn serve_is_the_default_command() {
    let arguments = serve("data.db -p 8002");
    assert_eq!(arguments.files, [PathBuf::from("data.db")]);
    assert_eq!(arguments.port, 8002);
    let plain = serve("");
    assert!(plain.files.is_empty());
    assert_eq!((plain.host.as_str(), plain.port), ("127.0.0.1", 8001));
    assert!(matches!(read(words("plugins")), Ok(Request::Plugins(_))));
    assert_eq!(serve("serve plugins").files, [PathBuf::from("plugins")]);
    assert_eq!(serve("./plugins").files, [PathBuf::from("./plugins")]);
    assert_eq!(serve("--memory plugins").files, [PathBuf::from("plugins")]);
}

// Proves: CLI-09, CLI-10
#[test]
fn options_stand_anywhere_and_the_last_one_counts() {
    for line in [
        "-p 8005 a.db b.db",
        "a.db -p8005 b.db",
        "a.db b.db --port=8005",
        "a.db b.db --port 8005",
    ] {
        let arguments = serve(line);
        assert_eq!(arguments.port, 8005, "{line}");
        assert_eq!(arguments.files.len(), 2, "{line}");
    }
    assert_eq!(serve("-p 1 --port 2 -p 3").port, 3);
    assert!(serve("--cors --cors").cors);
}

// Proves: CLI-34, CLI-53, SEC-01
#[test]
fn values_are_taken_as_they_stand() {
    let arguments = serve("-s a.b -5 --setting max_csv_mb 0 --secret --cors x.db");
    let expected = [("a.b", "-5"), ("max_csv_mb", "0")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(arguments.settings(), expected);
    assert_eq!(arguments.secret(), Some("--cors"));
    assert!(!arguments.cors);
    let empty = [
        OsString::from("--get"),
        OsString::new(),
        OsString::from("--secret"),
        OsString::new(),
    ];
    let Ok(Request::Serve(arguments)) = read(empty.to_vec()) else {
        panic!()
    };
    assert_eq!((arguments.get(), arguments.secret()), (None, None));
}

// Proves: CLI-07, CLI-08, CLI-11
#[test]
fn what_cannot_be_meant_is_named() {
    assert_eq!(
        refused("--nosuchoption"),
        "No such option '--nosuchoption'."
    );
    assert_eq!(
        refused("--hots 1"),
        "No such option '--hots'. Did you mean '--host'?"
    );
    assert_eq!(refused("plugins --nosuch"), "No such option '--nosuch'.");
    assert_eq!(
        refused("plugins foo"),
        "Got unexpected extra argument (foo)"
    );
    assert_eq!(
        refused("-p abc"),
        "Invalid value for '-p' / '--port': 'abc' is not a valid integer range."
    );
    assert_eq!(
        refused("--port 70000"),
        "Invalid value for '-p' / '--port': 70000 is not in the range 0<=x<=65535."
    );
    assert_eq!(
        refused("-i /nowhere/missing.db"),
        "Invalid value for '-i' / '--immutable': Path '/nowhere/missing.db' does not exist."
    );
    assert_eq!(
        refused("--template-dir /nowhere"),
        "Invalid value for '--template-dir': Directory '/nowhere' does not exist."
    );
    assert_eq!(
        refused("--setting a"),
        "Option '--setting' requires 2 arguments."
    );
    assert_eq!(refused("-h"), "Option '--host' requires an argument.");
    assert_eq!(
        refused("--cors=1"),
        "Option '--cors' does not take a value."
    );
}

// Proves: CLI-01, CLI-05, CLI-06
#[test]
fn help_and_version_are_said() {
    let said = |line: &str| match read(words(line)) {
        Ok(Request::Say(text)) => text,
        other => panic!("{line}: {other:?}"),
    };
    assert_eq!(said("--version"), "datasette, version 1.0a41");
    let overview = said("--help");
    let serve = overview.find("\n  serve*   ").unwrap();
    assert!(serve < overview.find("\n  plugins  ").unwrap());
    let help = said("serve --help");
    assert!(
        help.starts_with("Usage: datasette serve [OPTIONS] [FILES]...\n\n  Serve SQLite"),
        "{help}"
    );
    assert!(help.contains("--help-settings"));
    assert!(said("plugins --help").starts_with("Usage: datasette plugins [OPTIONS]\n"));
    assert!(said("x.db --help").starts_with("Usage: datasette serve"));
    assert_eq!(
        refused("serve --version"),
        "No such option '--version'. Did you mean '--version-note'?"
    );
}
