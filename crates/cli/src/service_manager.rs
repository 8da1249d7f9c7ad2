//! Tells systemd, where it started the server with `Type=notify`, how far the server is.

use std::ffi::OsString;

/// Where systemd listens: the path of a datagram socket, or `@` and an abstract name.
const VARIABLE: &str = "NOTIFY_SOCKET";

/// Whoever started the server and wants to hear of it; often nobody.
#[derive(Debug)]
pub(crate) struct ServiceManager(Option<OsString>);

impl ServiceManager {
    /// The one that the environment names.
    pub(crate) fn of_environment() -> Self {
        Self(std::env::var_os(VARIABLE).filter(|socket| !socket.is_empty()))
    }

    /// Sends one line of the protocol, such as `READY=1`. That nobody hears it is no reason not to
    /// serve; it is logged, because the service would wait for ever.
    pub(crate) fn tell(&self, news: &str) {
        let Some(socket) = &self.0 else { return };
        if let Err(error) = send(socket, news) {
            tracing::warn!("{VARIABLE} cannot be told {news}: {error}");
        }
    }
}

#[cfg(unix)]
fn send(socket: &std::ffi::OsStr, news: &str) -> std::io::Result<()> {
    use std::os::unix::net::{SocketAddr, UnixDatagram};
    let sender = UnixDatagram::unbound()?;
    // Whoever does not take it at once does not hold up requests.
    sender.set_nonblocking(true)?;
    #[cfg(target_os = "linux")]
    if let Some(name) = std::os::unix::ffi::OsStrExt::as_bytes(socket).strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt;
        let address = SocketAddr::from_abstract_name(name)?;
        return sender.send_to_addr(news.as_bytes(), &address).map(drop);
    }
    let address = SocketAddr::from_pathname(socket)?;
    sender.send_to_addr(news.as_bytes(), &address).map(drop)
}

#[cfg(not(unix))]
fn send(_socket: &std::ffi::OsStr, _news: &str) -> std::io::Result<()> {
    Ok(())
}
