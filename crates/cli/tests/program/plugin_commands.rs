//! Commands that installed Python plugins add.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::folder::{Folder, Ran, ran};
use crate::python::{self, CACHE};

const PLUGIN: &str = r#"
import click
from datasette import hookimpl

@hookimpl
def register_commands(cli):
    @cli.command()
    @click.argument("words", nargs=-1)
    @click.option("--loud", is_flag=True)
    def shout_it(words, loud):
        "Say something"
        text = " ".join(words) or click.get_text_stream("stdin").read()
        click.echo(text.upper() if loud else text)

    @cli.command()
    def fail():
        "Never works"
        raise click.ClickException("it does not work")

    @cli.group()
    def several():
        "Some commands"

    @several.command()
    def one():
        raise SystemExit(7)

@hookimpl
def publish_subcommand(publish):
    @publish.command()
    @click.argument("files", nargs=-1)
    def moon(files):
        "Publish to the moon"
        click.echo(f"published {files}")
"#;

/// A virtual environment `venv` in the folder with a plugin of these lines.
fn environment(folder: &Folder, plugin: &str) {
    let packages = python::environment(folder);
    folder.write(&format!("{packages}/datasette_words.py"), plugin);
    python::information(folder, &packages, "datasette-words", "datasette_words");
}

fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = folder.command(arguments);
    command.env("DATASETTE_PYTHON", folder.path("venv"));
    command.env("XDG_CACHE_HOME", CACHE);
    command
}

fn run(folder: &Folder, arguments: &[&str]) -> Ran {
    ran(command(folder, arguments).output().unwrap())
}

// Proves: HOOK-57..HOOK-60, OOP-24
#[test]
fn plugins_add_commands() {
    let folder = Folder::new();
    environment(&folder, PLUGIN);
    folder.database("shout-it", "create table t (a)");
    let said = run(&folder, &["shout-it", "a", "b", "--loud"]);
    assert_eq!(
        (said.code, said.text().as_str()),
        (Some(0), "A B\n"),
        "{}",
        said.err
    );

    let mut child = command(&folder, &["shout-it"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"typed").unwrap();
    let typed = child.wait_with_output().unwrap();
    assert_eq!(typed.stdout, b"typed\n");

    let failed = run(&folder, &["fail"]);
    assert_eq!(
        (failed.code, failed.err.as_str()),
        (Some(1), "Error: it does not work\n")
    );
    assert_eq!(run(&folder, &["several", "one"]).code, Some(7));
    let wrong = run(&folder, &["shout-it", "--nosuch"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong
            .err
            .starts_with("Usage: datasette shout-it [OPTIONS] [WORDS]...\n"),
        "{}",
        wrong.err
    );
    let help = run(&folder, &["shout-it", "--help"]).text();
    assert!(
        help.contains("Say something") && help.contains("--loud"),
        "{help}"
    );

    let help = run(&folder, &["--help"]).text();
    for line in [
        "  shout-it      Say something\n",
        "  several       Some commands\n",
        "  serve*        ",
    ] {
        assert!(help.contains(line), "{help}");
    }
    let published = run(&folder, &["publish", "moon", "a.db"]);
    assert_eq!(
        published.text(),
        "published ('a.db',)\n",
        "{}",
        published.err
    );
    let help = run(&folder, &["publish", "--help"]).text();
    assert!(
        help.contains("  moon      Publish to the moon") && help.contains("  heroku "),
        "{help}"
    );
}

#[test]
fn words_that_are_no_commands_are_files() {
    let folder = Folder::new();
    environment(&folder, PLUGIN);
    let missing = run(&folder, &["nosuch"]);
    assert_eq!(missing.code, Some(1), "{}", missing.err);
    let error = "Error: Invalid value for '[FILES]...': Path 'nosuch' does not exist.\n";
    assert!(missing.err.ends_with(error), "{}", missing.err);
    let none = run(&folder, &["publish", "nosuch"]);
    assert_eq!(none.code, Some(2));
    assert!(
        none.err.ends_with("Error: No such command 'nosuch'.\n"),
        "{}",
        none.err
    );
}

// Proves: PLUG-22
#[test]
fn files_of_the_plugins_directory_add_no_commands() {
    let folder = Folder::new();
    folder.directory("site/plugins");
    folder.write("site/plugins/words.py", PLUGIN);
    let ran = run_without_python(&folder, &["shout-it"]);
    assert_eq!(ran.code, Some(1));
    let help = run_without_python(&folder, &["--help"]).text();
    assert!(!help.contains("shout-it"), "{help}");
}

fn run_without_python(folder: &Folder, arguments: &[&str]) -> Ran {
    ran(folder
        .command(arguments)
        .current_dir(folder.path("site"))
        .output()
        .unwrap())
}

const EXTENDS: &str = r#"
import click
from datasette import hookimpl

@hookimpl
def register_commands(cli):
    serve = cli.commands["serve"]
    before = serve.callback

    def callback(greeting, **options):
        click.echo(f"hello {greeting}")
        return before(**options)

    serve.params.append(click.Option(["--greeting"], default="world"))
    serve.callback = callback

    @cli.command()
    def also():
        click.echo(sorted(param.name for param in serve.params)[:3])
"#;

#[test]
fn plugins_may_look_at_commands_of_the_server() {
    let folder = Folder::new();
    environment(&folder, EXTENDS);
    let also = run(&folder, &["also"]);
    assert_eq!(also.text(), "['actor', 'config', 'cors']\n", "{}", also.err);
    let python = folder.path("venv/bin/python");
    let mut command = Command::new(python);
    command.args([
        "-m",
        "datasette",
        "serve",
        "--greeting",
        "you",
        "--setting",
        "default_page_size",
        "7",
    ]);
    command.args(["--get", "/-/settings.json"]);
    let program = folder.command(&[]);
    command.env("DATASETTE_BINARY", program.get_program());
    command.env(
        "PYTHONPATH",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../python"),
    );
    let ran = ran(command.output().unwrap());
    let text = ran.text();
    assert!(
        text.starts_with("hello you\n") && text.contains("\"default_page_size\": 7"),
        "{text}{}",
        ran.err
    );
    assert_eq!(ran.code, Some(0));
}

const ACTS: &str = r#"
from datasette import hookimpl
from datasette.permissions import Action

@hookimpl
def register_actions(datasette):
    return [Action(name="paint-it", abbr="pi", description="Paint")]
"#;

// Proves: CLI-194, CLI-195, CLI-197
#[test]
fn tokens_know_the_actions_of_plugins() {
    let folder = Folder::new();
    folder.directory("own");
    folder.write("own/acts.py", ACTS);
    let arguments = [
        "create-token",
        "ann",
        "--secret",
        "s",
        "--all",
        "paint-it",
        "--debug",
    ];
    let python = python::python();
    let own = ["--plugins-dir", "own", "--python", &python];
    let mut command = folder.command(&[&arguments[..], &own].concat());
    let made = ran(command.env("XDG_CACHE_HOME", CACHE).output().unwrap());
    assert_eq!((made.code, made.err.as_str()), (Some(0), ""));
    assert!(made.text().contains("\"pi\""), "{}", made.text());
    let without = folder.run(&arguments);
    assert_eq!(without.err, "  Unknown permission: paint-it \n");
    assert!(
        without.text().contains("\"paint-it\""),
        "{}",
        without.text()
    );
}
