//! The list of rules, and the run over it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::allow::{self, AllowList};
use super::finding::Finding;
use super::sources::Sources;
use super::{
    architecture, arrows, machine_paths, names, opening, panics, printing, promises, signposts,
    size, templates, unfinished, whitespace,
};
use crate::tree::Tree;
use crate::workspace::Workspace;
use crate::{generate, spec, tree};

/// What can be asked of `check`.
#[derive(clap::Args, Debug, Default)]
pub(crate) struct Arguments {
    /// Run only these rules.
    #[arg(long, value_name = "RULE")]
    pub(crate) only: Vec<String>,
    /// List the rules and stop.
    #[arg(long)]
    pub(crate) list: bool,
    /// The built binary whose help is compared; without it the debug build is made first.
    #[arg(long, value_name = "PATH")]
    pub(crate) binary: Option<PathBuf>,
}

/// Everything a rule may look at.
struct House<'a> {
    tree: &'a Tree,
    sources: Sources<'a>,
    workspace: Workspace,
    binary: Option<PathBuf>,
}

struct Rule {
    name: &'static str,
    what: &'static str,
    check: fn(&House<'_>) -> Result<Vec<Finding>>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "arrows",
        what: "crates use only what ARCHITECTURE.md lets them use",
        check: |house| {
            let arrows = architecture::arrows(architecture_of(house)?)?;
            Ok(arrows::check(&arrows, &house.workspace))
        },
    },
    Rule {
        name: "promises",
        what: "a library that belongs to one room is named by no other",
        check: |house| {
            let promises = architecture::promises(architecture_of(house)?)?;
            Ok(promises::check(&promises, &house.workspace))
        },
    },
    Rule {
        name: "signposts",
        what: "paths named in the documents at the root exist",
        check: |house| Ok(signposts::check(house.tree)),
    },
    Rule {
        name: "size",
        what: "no source file is longer than 600 lines",
        check: |house| Ok(size::check(house.tree)),
    },
    Rule {
        name: "names",
        what: "no file or folder has a name that says nothing",
        check: |house| Ok(names::check(house.tree)),
    },
    Rule {
        name: "opening",
        what: "a module's first line says what it is for",
        check: |house| Ok(opening::check(house.tree)),
    },
    Rule {
        name: "unfinished",
        what: "no stubs, no traces of debugging, no test switched off",
        check: |house| Ok(unfinished::check(house.tree, &house.sources)),
    },
    Rule {
        name: "panics",
        what: "no unwrap, expect or panic in the crates outside tests",
        check: |house| Ok(panics::check(&house.sources)),
    },
    Rule {
        name: "printing",
        what: "only the binary prints",
        check: |house| Ok(printing::check(&house.sources)),
    },
    Rule {
        name: "machine-paths",
        what: "no path of anybody's machine",
        check: |house| Ok(machine_paths::check(house.tree)),
    },
    Rule {
        name: "whitespace",
        what: "no blanks at the end of lines, one newline at the end of files",
        check: |house| Ok(whitespace::check(house.tree)),
    },
    Rule {
        name: "templates",
        what: "no scripts inside the attributes of a page",
        check: |house| Ok(templates::check(house.tree)),
    },
    Rule {
        name: "spec",
        what: "rows named beside tests and in scenarios exist",
        check: |house| spec::findings(house.tree),
    },
    Rule {
        name: "generated",
        what: "the generated references are fresh",
        check: |house| {
            Ok(generate::findings(
                house.tree,
                &house.workspace,
                house.binary.as_deref(),
            ))
        },
    },
];

fn architecture_of<'a>(house: &'a House<'_>) -> Result<&'a str> {
    let file = house.tree.text(architecture::PATH);
    Ok(&file.context("ARCHITECTURE.md is missing")?.text)
}

/// Runs the rules and fails when one of them finds something.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.list {
        for rule in RULES {
            println!("{:<14} {}", rule.name, rule.what);
        }
        return Ok(());
    }
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    for wanted in &arguments.only {
        if !names.contains(&wanted.as_str()) {
            bail!(
                "there is no rule `{wanted}`; the rules are: {}",
                names.join(", ")
            );
        }
    }
    let root = tree::root();
    let tree = Tree::read(&root)?;
    let house = House {
        tree: &tree,
        sources: Sources::of(&tree),
        workspace: Workspace::read(&root)?,
        binary: arguments.binary.clone(),
    };
    let list = tree.text(allow::PATH).map_or("", |file| &file.text);
    let count = apply(&house, &mut AllowList::parse(list)?, &arguments.only);
    let long = size::notable(&tree);
    if !long.is_empty() {
        println!(
            "note: over {} lines, on the way to {}:",
            size::NOTABLE,
            size::CEILING
        );
        for (path, lines) in long {
            println!("  {lines} {path}");
        }
    }
    if count > 0 {
        bail!("{count} findings");
    }
    Ok(())
}

/// Runs the chosen rules, prints what they find and returns how much that is.
fn apply(house: &House<'_>, list: &mut AllowList, only: &[String]) -> usize {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let mut count = show("sources", &house.sources.unreadable);
    let mut ran = Vec::new();
    for rule in RULES {
        if only.is_empty() || only.iter().any(|wanted| wanted == rule.name) {
            // A rule that cannot look has not been kept; the others still run.
            let findings = (rule.check)(house).unwrap_or_else(|error| {
                vec![Finding::at(
                    rule.name,
                    format!("{error:#}"),
                    "make it possible to look",
                )]
            });
            count += show(rule.name, &list.sift(rule.name, findings));
            ran.push(rule.name);
        }
    }
    let mut exceptions = list.unknown(&names);
    exceptions.extend(list.unused(&ran));
    count + show("exceptions", &exceptions)
}

fn show(rule: &str, findings: &[Finding]) -> usize {
    if findings.is_empty() {
        println!("ok      {rule}");
    } else {
        println!("BROKEN  {rule}: {} findings", findings.len());
        for finding in findings {
            println!("  {finding}");
        }
    }
    findings.len()
}
