//! The socket that the server listens on: TCP addresses or one Unix domain socket.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 2048;

/// A bound socket.
#[derive(Debug)]
pub enum Listener {
    /// One socket per address that the host's name stands for.
    Tcp(Vec<TcpListener>),
    /// A Unix domain socket and its path.
    #[cfg(unix)]
    Unix(tokio::net::UnixListener, std::path::PathBuf),
}

/// A socket that could not be bound.
#[derive(Debug)]
pub struct BindError {
    /// The address, unless the host's name stands for none.
    pub address: Option<SocketAddr>,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

impl std::error::Error for BindError {}

impl Listener {
    /// Binds every address that `host` stands for (CLI-21); port 0 is a free port, the same on
    /// all of them (CLI-22).
    ///
    /// # Errors
    /// The name is unknown, or one of the addresses cannot be bound (CLI-128).
    pub async fn tcp(host: &str, port: u16) -> Result<Self, BindError> {
        let unresolved = |error| BindError {
            address: None,
            error,
        };
        let addresses = tokio::net::lookup_host((host, port))
            .await
            .map_err(unresolved)?;
        let mut listeners: Vec<TcpListener> = Vec::new();
        for mut address in addresses {
            let bound = match listeners.first().map(TcpListener::local_addr) {
                Some(Ok(first)) if port == 0 => {
                    address.set_port(first.port());
                    bind(address)
                }
                _ => bind(address),
            };
            let known =
                |listener: &TcpListener| listener.local_addr().is_ok_and(|own| own == address);
            match bound {
                Ok(listener) => listeners.push(listener),
                // The same address under two names.
                Err(_) if listeners.iter().any(known) => {}
                // A machine may know an address by name and not have it, as `::1` without IPv6.
                Err(error)
                    if error.kind() == io::ErrorKind::AddrNotAvailable && !listeners.is_empty() => {
                }
                Err(error) => {
                    return Err(BindError {
                        address: Some(address),
                        error,
                    });
                }
            }
        }
        if listeners.is_empty() {
            let error = io::Error::new(io::ErrorKind::NotFound, "the name stands for no address");
            return Err(unresolved(error));
        }
        Ok(Self::Tcp(listeners))
    }

    /// Binds a Unix domain socket that every user may connect to (CLI-129). A socket that an
    /// earlier run left behind is replaced, any other file is not.
    ///
    /// # Errors
    /// The folder is missing or not writable, or something else is there.
    #[cfg(unix)]
    pub fn unix(path: &std::path::Path) -> io::Result<Self> {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt};
        if let Ok(found) = std::fs::symlink_metadata(path) {
            if !found.file_type().is_socket() {
                let words = "something is there already that is no socket";
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, words));
            }
            std::fs::remove_file(path)?;
        }
        let listener = tokio::net::UnixListener::bind(path).map_err(|error| {
            // The standard library names a constant of the system here.
            match error.kind() {
                io::ErrorKind::InvalidInput => io::Error::new(
                    error.kind(),
                    "its path is too long for a socket, which has room for about 100 bytes",
                ),
                _ => error,
            }
        })?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666))?;
        Ok(Self::Unix(listener, path.to_owned()))
    }

    /// The port; the real one where a free port was asked for. `None` for a Unix domain socket.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(listeners) => listeners
                .first()?
                .local_addr()
                .ok()
                .map(|address| address.port()),
            #[cfg(unix)]
            Self::Unix(..) => None,
        }
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // On Windows this option would let two programs share the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: CLI-22
    #[tokio::test]
    async fn port_zero_is_a_free_port() {
        let listener = Listener::tcp("127.0.0.1", 0).await.unwrap();
        let port = listener.port().unwrap();
        assert_ne!(port, 0);
        let taken = Listener::tcp("127.0.0.1", port).await.unwrap_err();
        assert_eq!(taken.error.kind(), io::ErrorKind::AddrInUse);
        assert_eq!(
            taken.address,
            Some(SocketAddr::from(([127, 0, 0, 1], port)))
        );
    }

    #[tokio::test]
    async fn a_name_without_address_is_told_apart() {
        let error = Listener::tcp("256.1.1.1", 0).await.unwrap_err();
        assert_eq!(error.address, None);
    }

    // Proves: CLI-129
    #[cfg(unix)]
    #[tokio::test]
    async fn a_socket_left_behind_is_replaced_and_files_are_not() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("site.sock");
        drop(Listener::unix(&path).unwrap());
        assert!(path.exists());
        let again = Listener::unix(&path).unwrap();
        assert_eq!(again.port(), None);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o666);

        let file = folder.path().join("precious");
        std::fs::write(&file, "text").unwrap();
        assert!(Listener::unix(&file).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "text");
        assert!(Listener::unix(&folder.path().join("missing/site.sock")).is_err());
    }
}
