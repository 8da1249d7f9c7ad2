//! HTTPS.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::folder::Folder;
use crate::server::{self, Server};

/// Writes `cert.pem` and `key.pem`; answers the certificate.
fn certificate(folder: &Folder) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    folder.write("cert.pem", cert.pem());
    folder.write("key.pem", signing_key.serialize_pem());
    cert.der().clone()
}

fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let address = server.place.strip_prefix("https://").unwrap();
    StreamOwned::new(client, TcpStream::connect(address).unwrap())
}

/// The URL of the next page, asked for over TLS.
fn next_url(server: &Server, trusted: &CertificateDer<'static>) -> String {
    let mut stream = connect(server, trusted);
    server::ask(&mut stream, "/one/t.json?_size=1");
    let page: serde_json::Value = serde_json::from_slice(&server::read(stream).body).unwrap();
    page["next_url"].as_str().unwrap().to_owned()
}

// Proves: CLI-49, CLI-50, CLI-123, CLI-132, CLI-201, DEF-03
#[test]
fn the_site_is_served_over_tls() {
    let folder = Folder::new();
    let trusted = certificate(&folder);
    let files = ["--ssl-certfile", "cert.pem", "--ssl-keyfile", "key.pem"];
    let mut server = Server::start(
        &folder,
        &[&["one.db", "-p", "0", "--root"], &files[..]].concat(),
    );
    assert!(
        server.place.starts_with("https://127.0.0.1:"),
        "{}",
        server.place
    );
    let sign_in = server.line();
    assert!(
        sign_in.starts_with(&format!("{}/-/auth-token?token=", server.place)),
        "{sign_in}"
    );
    assert_eq!(
        next_url(&server, &trusted),
        "https://localhost/one/t.json?_size=1&_next=1"
    );
    // Who speaks plainly is not answered, and holds up nobody.
    let mut plain = TcpStream::connect(server.place.strip_prefix("https://").unwrap()).unwrap();
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"));
    assert!(next_url(&server, &trusted).starts_with("https://"));

    let mut command = folder.command(&["one.db", "-p", "0"]);
    command
        .env("DATASETTE_SSL_CERTFILE", "cert.pem")
        .env("DATASETTE_SSL_KEYFILE", "key.pem");
    assert!(next_url(&Server::spawn(command), &trusted).starts_with("https://"));
    // A file may hold both.
    let both =
        ["cert.pem", "key.pem"].map(|name| std::fs::read_to_string(folder.path(name)).unwrap());
    folder.write("both.pem", both.concat());
    let server = Server::start(
        &folder,
        &["one.db", "-p", "0", "--ssl-certfile", "both.pem"],
    );
    assert!(next_url(&server, &trusted).starts_with("https://"));
}

// Proves: CLI-126
#[cfg(unix)]
#[test]
fn a_greeting_that_never_comes_holds_up_no_end() {
    let folder = Folder::new();
    certificate(&folder);
    let files = ["--ssl-certfile", "cert.pem", "--ssl-keyfile", "key.pem"];
    let server = Server::start(&folder, &[&["one.db", "-p", "0"], &files[..]].concat());
    let silent = TcpStream::connect(server.place.strip_prefix("https://").unwrap()).unwrap();
    server.signal("INT");
    let (status, _, err) = server.end();
    assert_eq!(
        (status.code(), err.as_str()),
        (Some(1), "INFO:     Shutting down\n\nAborted!\n")
    );
    drop(silent);
}

// Proves: CLI-130
#[test]
fn files_that_cannot_be_used_are_told() {
    let folder = Folder::new();
    certificate(&folder);
    folder.write("other.pem", KeyPair::generate().unwrap().serialize_pem());
    folder.write("text.pem", "no certificate");
    let secret =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    folder.write("secret.pem", secret);
    let refused = |arguments: &[&str]| folder.refused(&[&["one.db"], arguments].concat(), 1);
    assert_eq!(
        refused(&["--ssl-keyfile", "key.pem"]),
        "Error: --ssl-keyfile needs --ssl-certfile: HTTPS takes a certificate, too"
    );
    let cases = [
        (
            "cert.pem",
            None,
            "cert.pem holds no private key beside the certificate",
        ),
        (
            "cert.pem",
            Some("text.pem"),
            "text.pem holds no private key in PEM form",
        ),
        (
            "cert.pem",
            Some("secret.pem"),
            "the private key in secret.pem is encrypted",
        ),
        (
            "cert.pem",
            Some("missing.pem"),
            "the private key file missing.pem cannot be read: No such file",
        ),
        (
            "cert.pem",
            Some("other.pem"),
            "the private key in other.pem does not belong to the certificate in cert.pem",
        ),
        (
            "text.pem",
            Some("key.pem"),
            "text.pem holds no certificate in PEM form",
        ),
        (
            "missing.pem",
            Some("key.pem"),
            "the certificate file missing.pem cannot be read: No such file",
        ),
        (
            ".",
            Some("key.pem"),
            "the certificate file . cannot be read: it is a directory",
        ),
    ];
    for (certificate, key, words) in cases {
        let mut arguments = vec!["--ssl-certfile", certificate];
        arguments.extend(key.iter().flat_map(|key| ["--ssl-keyfile", key]));
        let said = refused(&arguments);
        let expected = format!("Error: HTTPS cannot be served: {words}");
        assert!(said.starts_with(&expected), "{said}");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_datasette"));
    command.args([
        "one.db",
        "--get",
        "/one.json",
        "--ssl-keyfile",
        "missing.pem",
    ]);
    assert!(
        command
            .current_dir(folder.root())
            .status()
            .unwrap()
            .success()
    );
}
