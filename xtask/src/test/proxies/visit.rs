//! What a visitor does behind each proxy, and what must come of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::client::{Answer, Place, ask};
use super::front::{Front, KINDS, Kind};
use super::page::targets;
use super::served::{Served, database};
use super::software::Software;
use crate::test::run::Site;

/// Where the files of the guide are.
const GUIDE: &str = "docs/guides/proxies";
/// The prefix that they name.
const PREFIX: &str = "/my-datasette/";

/// Paths below the prefix that proxies might change on the way: they must arrive as they are sent.
const ODD: [&str; 13] = [
    "data/a~2Fb~20c~7E~25",
    "data/a~2Fb~20c~7E~25.json?_shape=array",
    "data/a%2Fb%20c~7E%25",
    "data/a%2Fb.json",
    "data/~C3~A9/x~2Fy",
    "data/%C3%A9/~2E~2E",
    "data/~C3~A9/a~252Fb",
    "data/t.json?name=a%20b%26c&_col=id%3D",
    "data/t.json?_where=id%3E1&_shape=array",
    "data//t",
    "data/t/",
    "data/t.csv",
    "-/static/app.css",
];

/// One combination.
struct Visit<'a> {
    place: &'a Place,
    served: &'a Served,
    host: String,
    prefix: &'static str,
    /// Whether absolute URLs must say `https`.
    is_secure: bool,
}

/// Tries every file of the guide with a port and with a socket.
pub(in crate::test) fn run(site: &Site, built: impl FnOnce() -> Result<PathBuf>) -> Result<()> {
    // To see what another binary answers behind the same proxies.
    let binary = match std::env::var_os("DATASETTE_BINARY") {
        Some(binary) => PathBuf::from(binary),
        None => built()?,
    };
    let software = Software::find(site)?;
    let guide = site.root.join(GUIDE);
    let mut failed = Vec::new();
    for kind in KINDS {
        for has_prefix in [false, true] {
            for by_socket in [false, true] {
                let name = format!(
                    "{}, {}, {}",
                    kind.name(),
                    if has_prefix {
                        "under a prefix"
                    } else {
                        "at the root"
                    },
                    if by_socket {
                        "by a socket"
                    } else {
                        "by a port"
                    },
                );
                let tried = combination(&software, &guide, &binary, (kind, has_prefix, by_socket));
                println!(
                    "{} {name}",
                    if tried.is_ok() { "ok     " } else { "FAILED " }
                );
                if let Err(error) = tried {
                    failed.push(format!("{name}: {error:#}"));
                }
            }
        }
    }
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn combination(
    software: &Software,
    guide: &Path,
    binary: &Path,
    (kind, has_prefix, by_socket): (Kind, bool, bool),
) -> Result<()> {
    let folder = Folder::new(&format!("{}-{has_prefix}-{by_socket}", kind.name()))?;
    let database = database(&folder.0)?;
    let socket = folder.0.join("site.sock");
    let socket = by_socket.then_some(socket.as_path());
    let prefix = if has_prefix { PREFIX } else { "/" };
    for is_secure in [false, true] {
        let mut settings = vec![("base_url", prefix)];
        if is_secure {
            settings.push(("force_https_urls", "on"));
        }
        let served = Served::start(binary, &database, socket, &settings)?;
        let front = Front::start(
            software,
            (kind, has_prefix),
            (guide, &folder.0),
            &served.place,
        )?;
        let visit = Visit {
            place: &Place::Port(front.port),
            served: &served,
            host: format!("127.0.0.1:{}", front.port),
            prefix,
            is_secure,
        };
        visit.absolute_urls()?;
        if !is_secure {
            visit.pages()?;
            visit.odd_paths()?;
            visit.export()?;
            visit.unchanged()?;
            visit.signing_in()?;
            visit.other_sites()?;
            visit.large_body()?;
            visit.refused_body()?;
        }
    }
    Ok(())
}

impl Visit<'_> {
    fn get(&self, path: &str, lines: &[&str]) -> Result<Answer> {
        ask(self.place, ("GET", path), &self.host, lines, "")
    }

    fn path(&self, below: &str) -> String {
        format!("{}{below}", self.prefix)
    }

    /// Pages point below the prefix only, and what they need is there.
    fn pages(&self) -> Result<()> {
        if self.prefix != "/" {
            let bare = self.prefix.trim_end_matches('/');
            let answer = self.get(bare, &[])?;
            expect(&answer, bare, 301)?;
        }
        for page in [
            "",
            "data",
            "data/t",
            "data/t/1",
            "data/-/query?sql=select+1",
        ] {
            let path = self.path(page);
            let answer = self.get(&path, &[])?;
            expect(&answer, &path, 200)?;
            for target in targets(&answer.text()) {
                if target.starts_with("http") || target.starts_with('?') {
                    continue;
                }
                ensure!(target.starts_with(self.prefix), "{path} points at {target}");
                let found = self.get(&target, &[])?;
                ensure!(
                    found.status < 400,
                    "{path} points at {target}: {}",
                    found.status
                );
            }
        }
        Ok(())
    }

    /// What the server sees is what the visitor sent: it answers as it does without a proxy.
    fn odd_paths(&self) -> Result<()> {
        for odd in ODD {
            let path = self.path(odd);
            let behind = self.get(&path, &[])?;
            let without = ask(&self.served.place, ("GET", &path), &self.host, &[], "")?;
            let facts = |answer: &Answer| {
                let kind = answer.header("content-type").map(str::to_owned);
                (
                    answer.status,
                    kind,
                    answer.header("location").map(str::to_owned),
                )
            };
            let (left, right) = (facts(&behind), facts(&without));
            ensure!(
                left == right,
                "{path}: {left:?} behind the proxy, {right:?} without"
            );
            let is_page = left
                .1
                .as_deref()
                .is_some_and(|kind| kind.starts_with("text/html"));
            // Pages have a number of their own, and how long they took.
            ensure!(
                is_page || behind.body == without.body,
                "{path}: another body"
            );
        }
        Ok(())
    }

    /// A large export arrives whole, and in parts: nobody knows its length beforehand.
    fn export(&self) -> Result<()> {
        let path = self.path("data/large.csv?_stream=on");
        let behind = self.get(&path, &[])?;
        expect(&behind, &path, 200)?;
        let without = ask(&self.served.place, ("GET", &path), &self.host, &[], "")?;
        ensure!(
            behind.body.len() > 6_000_000,
            "{path}: {} bytes",
            behind.body.len()
        );
        ensure!(behind.body == without.body, "{path}: another body");
        ensure!(
            behind.header("content-length").is_none(),
            "{path}: collected before it was sent"
        );
        Ok(())
    }

    /// What has not changed is not sent again, where the server says so.
    fn unchanged(&self) -> Result<()> {
        let path = self.path("data/t.json");
        let first = self.get(&path, &[])?;
        let Some(tag) = first.header("etag") else {
            return Ok(());
        };
        let again = self.get(&path, &[&format!("If-None-Match: {tag}")])?;
        expect(&again, &path, 304)?;
        ensure!(again.body.is_empty(), "{path}: a 304 with a body");
        Ok(())
    }

    /// Absolute URLs name the host and the scheme that the visitor used. A visitor cannot choose
    /// another one, because the proxy says what it is.
    fn absolute_urls(&self) -> Result<()> {
        let path = self.path("data/t.json?_size=1");
        let lines = [
            "X-Forwarded-Proto: gopher",
            "X-Forwarded-Host: evil.example",
        ];
        let answer = self.get(&path, &lines)?;
        expect(&answer, &path, 200)?;
        let page: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let next = page["next_url"].as_str().context("there is no next page")?;
        let scheme = if self.is_secure { "https" } else { "http" };
        let below = format!("{scheme}://{}{}data/t.json?", self.host, self.prefix);
        ensure!(
            next.starts_with(&below),
            "the next page is {next}, not below {below}"
        );
        let link = answer.header("link").unwrap_or_default();
        ensure!(
            link.starts_with(&format!("<{next}>")),
            "the header is {link}"
        );
        Ok(())
    }

    /// Signing in by the link, a message, signing out.
    fn signing_in(&self) -> Result<()> {
        let path = self.path(&format!("-/auth-token?token={}", self.served.token));
        let answer = self.get(&path, &[])?;
        expect(&answer, "-/auth-token", 302)?;
        ensure!(
            answer.header("location") == Some(self.prefix),
            "{:?}",
            answer.headers
        );
        let set = answer.header("set-cookie").unwrap_or_default();
        ensure!(set.contains("Path=/;"), "{set}");
        let actor = format!("Cookie: {}", answer.cookie().context("no cookie")?);
        let who = self.get(&self.path("-/actor.json"), &[&actor])?;
        ensure!(who.text().contains("\"root\""), "{}", who.text());

        let own = format!("Origin: http://{}", self.host);
        let post = |path: &str, body: &str, lines: &[&str]| {
            ask(
                self.place,
                ("POST", &self.path(path)),
                &self.host,
                lines,
                body,
            )
        };
        let told = post(
            "-/messages",
            "message=hello&message_type=INFO",
            &[&actor, &own],
        )?;
        expect(&told, "-/messages", 302)?;
        let message = told.cookie().context("no message")?;
        let page = self.get(self.prefix, &[&format!("{actor}; {message}")])?;
        ensure!(page.text().contains("hello"), "the message is not shown");
        let left = post("-/logout", "x=1", &[&actor, "Sec-Fetch-Site: same-origin"])?;
        expect(&left, "-/logout", 302)?;
        ensure!(left.cookie() == Some("ds_actor=\"\""), "{:?}", left.headers);
        ensure!(
            left.header("location") == Some(self.prefix),
            "{:?}",
            left.headers
        );
        Ok(())
    }

    /// Changes that another site started are refused: the server knows the name that was asked for.
    fn other_sites(&self) -> Result<()> {
        for line in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site"] {
            let path = self.path("-/logout");
            let answer = ask(self.place, ("POST", &path), &self.host, &[line], "x=1")?;
            expect(&answer, line, 403)?;
        }
        Ok(())
    }
}

impl Visit<'_> {
    /// What the server takes, the proxy lets through: a form that is read to its end.
    fn large_body(&self) -> Result<()> {
        let path = self.path("-/messages");
        let padding = "y".repeat(1_900_000);
        let body = format!("x={padding}&message=hello&message_type=INFO");
        let request = ("POST", path.as_str());
        let behind = ask(self.place, request, &self.host, &[], &body)?;
        let without = ask(&self.served.place, request, &self.host, &[], &body)?;
        ensure!(behind.status < 400, "a large body: {}", behind.status);
        expect(&behind, "a large body", without.status)
    }

    /// A body that is refused before it is read: the visitor gets the answer, not the proxy's own.
    fn refused_body(&self) -> Result<()> {
        let path = self.path("data/-/create");
        let body = "y".repeat(1_900_000);
        let request = ("POST", path.as_str());
        let behind = ask(self.place, request, &self.host, &[], &body)?;
        expect(&behind, "a large body without permission", 403)
    }
}

fn expect(answer: &Answer, what: &str, status: u16) -> Result<()> {
    if answer.status != status {
        bail!(
            "{what}: {} instead of {status}\n{}",
            answer.status,
            answer.text()
        );
    }
    Ok(())
}

/// A folder of its own in the folder for temporary files, which goes when it is dropped. Proxies work
/// as other users, who may not look into the folders of this one.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("proxies-{}-{name}", std::process::id()));
        std::fs::create_dir(&path)?;
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
