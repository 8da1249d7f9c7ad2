//! TLS: a certificate and its key from PEM files (CLI-49, CLI-50).

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error, ServerConfig};

/// What the server needs to speak TLS.
#[derive(Clone)]
pub struct Tls(pub(crate) TlsAcceptor);

impl Tls {
    /// Reads the chain of certificates and its private key; without a file of its own the key is
    /// looked for beside the certificates.
    ///
    /// # Errors
    /// A file cannot be read, holds nothing of the kind, or the key is another certificate's; in
    /// words for the operator (CLI-130).
    pub fn read(certificates: &Path, key: Option<&Path>) -> Result<Self, String> {
        let chain = CertificateDer::pem_slice_iter(&content(certificates, "certificate")?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unusable(certificates, "certificate", error))?;
        if chain.is_empty() {
            let shown = certificates.display();
            return Err(format!("{shown} holds no certificate in PEM form"));
        }
        let key_file = key.unwrap_or(certificates);
        let text = content(key_file, "private key")?;
        let key = match PrivateKeyDer::from_pem_slice(&text) {
            Ok(key) => key,
            Err(pem::Error::NoItemsFound) => return Err(no_key(key_file, &text, key.is_some())),
            Err(error) => return Err(unusable(key_file, "private key", error)),
        };
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        match config {
            Ok(mut config) => {
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
                Ok(Self(TlsAcceptor::from(Arc::new(config))))
            }
            Err(Error::InconsistentKeys(_)) => Err(format!(
                "the private key in {} does not belong to the certificate in {}",
                key_file.display(),
                certificates.display()
            )),
            Err(error) => Err(format!(
                "the certificate in {} cannot be used: {error}",
                certificates.display()
            )),
        }
    }
}

fn content(path: &Path, what: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| {
        let shown = path.display();
        let is_folder = error.kind() == io::ErrorKind::IsADirectory;
        let mut why = error.to_string();
        if is_folder {
            "it is a directory".clone_into(&mut why);
        } else if let Some(end) = why.find(" (os error ") {
            why.truncate(end);
        }
        format!("the {what} file {shown} cannot be read: {why}")
    })
}

fn unusable(path: &Path, what: &str, error: impl Display) -> String {
    format!("the {what} in {} cannot be read: {error}", path.display())
}

fn no_key(path: &Path, text: &[u8], is_key_file: bool) -> String {
    let shown = path.display();
    let is_encrypted = String::from_utf8_lossy(text).contains("BEGIN ENCRYPTED PRIVATE KEY");
    match (is_encrypted, is_key_file) {
        (true, _) => format!(
            "the private key in {shown} is encrypted; write it out without a passphrase, with \
             openssl pkey, for example"
        ),
        (false, true) => format!("{shown} holds no private key in PEM form"),
        (false, false) => format!(
            "{shown} holds no private key beside the certificate; name its file with --ssl-keyfile"
        ),
    }
}
