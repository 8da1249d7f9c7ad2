//! The exact text of Dockerfiles.

use std::path::PathBuf;

use super::*;

fn binary() -> Binary {
    Binary {
        path: "datasette".into(),
        machine: if cfg!(target_arch = "aarch64") {
            Machine::Aarch64
        } else {
            Machine::X86_64
        },
        libraries: vec!["/lib64/loader".to_owned(), "/lib/x/libc.so.6".to_owned()],
    }
}

fn container() -> Container {
    Container {
        binary: Some(binary()),
        port: 8001,
        ..Container::default()
    }
}

fn secrets() -> Vec<Secret> {
    let secret = |name: &str, value: &str| Secret {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    vec![
        secret("P_K", "a \"b\" $c"),
        secret("DATASETTE_SECRET", "it's"),
    ]
}

fn site() -> Site {
    Site {
        databases: vec![("x/my db's.db".into(), "my db's.db".into())],
        ..Site::default()
    }
}

// Proves: PUB-20, PUB-22, PUB-24, PUB-27, PUB-80
#[test]
fn an_image_of_nothing_but_the_program_its_libraries_and_the_site() {
    let expected = r#"FROM debian:trixie-slim AS build
COPY datasette /image/usr/local/bin/datasette
COPY app /image/app
WORKDIR /image/app
RUN ["/image/usr/local/bin/datasette", "inspect", "my db's.db", "--inspect-file", "inspect-data.json"]
RUN mkdir -m 1777 /image/tmp && cp -L --parents /lib64/loader /lib/x/libc.so.6 /image/

FROM scratch
COPY --from=build /image /
WORKDIR /app
ENV P_K='a "b" $c'
ENV DATASETTE_SECRET='it'\''s'
ENV PORT=8001
EXPOSE 8001
USER 1000:1000
CMD ["/usr/local/bin/datasette", "serve", "--host", "0.0.0.0", "-i", "my db's.db", "--cors", "--inspect-file", "inspect-data.json", "--port", "$PORT"]"#;
    assert_eq!(dockerfile(&site(), &container(), &secrets()), expected);
}

#[test]
fn a_static_program_needs_no_libraries() {
    let mut container = container();
    container.binary = Some(Binary {
        libraries: Vec::new(),
        ..binary()
    });
    let text = dockerfile(&site(), &container, &[]);
    assert!(
        text.contains("\nRUN mkdir -m 1777 /image/tmp\n\nFROM scratch\n"),
        "{text}"
    );
}

// Proves: PUB-21, PUB-25, PUB-26, DEF-10
#[test]
fn packages_of_debian_need_debian() {
    let container = Container {
        packages: vec!["ffmpeg".to_owned(), "zip unzip".to_owned()],
        spatialite: true,
        port: 9000,
        ..container()
    };
    let text = dockerfile(&site(), &container, &secrets()[1..]);
    let folder = if cfg!(target_arch = "aarch64") {
        "aarch64-linux-gnu"
    } else {
        "x86_64-linux-gnu"
    };
    let expected = r#"FROM debian:trixie-slim

RUN apt-get update && \
    apt-get install -y --no-install-recommends ffmpeg zip unzip libsqlite3-mod-spatialite && \
    rm -rf /var/lib/apt/lists/*

COPY datasette /usr/local/bin/datasette
COPY app /app
WORKDIR /app
RUN ["datasette", "inspect", "my db's.db", "--inspect-file", "inspect-data.json"]
ENV DATASETTE_SECRET='it'\''s'
ENV DATASETTE_LOAD_EXTENSION='/usr/lib/FOLDER/mod_spatialite.so'
ENV PORT=9000
EXPOSE 9000
USER 1000:1000
CMD ["/usr/local/bin/datasette", "serve", "--host", "0.0.0.0", "-i", "my db's.db", "--cors", "--inspect-file", "inspect-data.json", "--port", "$PORT"]"#;
    assert_eq!(text, expected.replace("FOLDER", folder));
    assert!(!text.contains("SQLITE_EXTENSIONS"));
}

#[test]
fn a_package_is_a_word_of_the_shell() {
    let container = Container {
        packages: vec!["zip;reboot $(x)".to_owned()],
        ..container()
    };
    let text = dockerfile(&site(), &container, &[]);
    assert!(
        text.contains("--no-install-recommends 'zip;reboot' '$(x)' && \\\n"),
        "{text}"
    );
}

// Proves: PUB-07, PUB-23, PUB-25
#[test]
fn plugins_need_python_and_the_program_installs_them() {
    let site = Site {
        install: vec!["datasette-x>=1".to_owned(), "y".to_owned()],
        ..site()
    };
    let with_spatialite = Container {
        spatialite: true,
        ..container()
    };
    let text = dockerfile(&site, &with_spatialite, &[]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "FROM python:3.13-slim-trixie");
    let at = |line: &str| lines.iter().position(|known| *known == line).unwrap();
    let program = at("COPY datasette /usr/local/bin/datasette");
    let python = at("ENV DATASETTE_PYTHON=/usr/local/bin/python3 PIP_NO_CACHE_DIR=1");
    let install = at(r#"RUN ["datasette", "install", "-U", "datasette-x>=1", "y"]"#);
    assert!(program < python && python < install, "{text}");
    assert!(text.contains("python3-dev gcc libsqlite3-mod-spatialite && \\\n"));

    let folder = Site {
        plugins: Some("plug".into()),
        ..Site::default()
    };
    let text = dockerfile(&folder, &container(), &[]);
    assert!(text.starts_with("FROM python:3.13-slim-trixie\nCOPY datasette "));
    assert!(text.contains("\nRUN [\"datasette\", \"install\", \"-U\", \"datasette\"]\n"));
}

// Proves: PUB-04, PUB-23
#[test]
fn a_branch_is_the_python_datasette() {
    let site = Site {
        branch: Some("main".to_owned()),
        install: vec!["y".to_owned()],
        ..site()
    };
    let container = Container {
        binary: None,
        ..container()
    };
    let expected = r#"FROM python:3.13-slim-trixie
RUN ["pip", "install", "--no-cache-dir", "-U", "https://github.com/simonw/datasette/archive/main.zip", "y"]
COPY app /app
WORKDIR /app
RUN ["datasette", "inspect", "my db's.db", "--inspect-file", "inspect-data.json"]
ENV PORT=8001
EXPOSE 8001
USER 1000:1000
CMD ["/bin/sh", "-c", "exec datasette serve --host 0.0.0.0 -i 'my db'\"'\"'s.db' --cors --inspect-file inspect-data.json --port \"$PORT\""]"#;
    assert_eq!(dockerfile(&site, &container, &[]), expected);
    let files = files(&site, &container, &[]);
    assert!(files.iter().all(|file| file.path != "datasette"));
}

// Proves: PUB-84
#[test]
fn databases_of_a_volume_are_found_when_the_container_starts() {
    let container = Container {
        volume: Some(Volume {
            path: "/data",
            databases: vec!["wiki.db".to_owned()],
        }),
        ..container()
    };
    let text = dockerfile(&Site::default(), &container, &[]);
    assert!(text.starts_with("FROM debian:trixie-slim\nCOPY datasette "));
    assert!(!text.contains("USER"));
    let command = text.lines().last().unwrap().strip_prefix("CMD ").unwrap();
    let words: Vec<String> = serde_json::from_str(command).unwrap();
    assert_eq!(
        words,
        [
            "/bin/sh",
            "-c",
            "[ -e /data/wiki.db ] || : > /data/wiki.db; chown -R 1000:1000 /data; \
             set -- /data/*.db; [ -e \"$1\" ] || set --; \
             exec setpriv --reuid=1000 --regid=1000 --clear-groups /usr/local/bin/datasette serve \
             --host 0.0.0.0 --cors --inspect-file inspect-data.json --port \"$PORT\" \"$@\""
        ]
    );
}

#[test]
fn the_dockerfile_is_secret_and_not_part_of_the_site() {
    let files = files(&site(), &container(), &secrets());
    let paths: Vec<(&str, bool)> = files
        .iter()
        .map(|file| {
            let is_secret = matches!(file.content, Content::SecretText(_));
            (file.path.as_str(), is_secret)
        })
        .collect();
    assert_eq!(
        paths,
        [
            ("Dockerfile", true),
            ("datasette", false),
            ("app/my db's.db", false)
        ]
    );
    let source = Content::File(PathBuf::from("x/my db's.db"));
    assert_eq!(files[2].content, source);
}
