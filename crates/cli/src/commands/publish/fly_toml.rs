//! `fly.toml`: how Fly runs a container.

use super::dockerfile::Volume;

/// The port inside the container.
pub(super) const PORT: u16 = 8080;

/// The text. A check of the port alone says whether the server is alive: its pages may be private.
pub(super) fn text(app: &str, region: Option<&str>, mount: Option<(&str, &Volume)>) -> String {
    let mut text = format!("app = {}\n", quoted(app));
    if let Some(region) = region {
        text.push_str(&format!("primary_region = {}\n", quoted(region)));
    }
    if let Some((name, volume)) = mount {
        text.push_str(&format!(
            "\n[[mounts]]\n  destination = {}\n  source = {}\n",
            quoted(volume.path),
            quoted(name)
        ));
    }
    text.push_str(&format!(
        r#"
[[services]]
  internal_port = {PORT}
  protocol = "tcp"

  [services.concurrency]
    type = "requests"
    hard_limit = 250
    soft_limit = 200

  [[services.ports]]
    handlers = ["http"]
    port = 80

  [[services.ports]]
    handlers = ["tls", "http"]
    port = 443

  [[services.tcp_checks]]
    interval = "10s"
    timeout = "2s"
"#
    ));
    text
}

/// A basic string of TOML, which has the escapes of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Proves: PUB-82
    #[test]
    fn region_and_volume_are_named_where_there_are_some() {
        let plain = text("my \"app\"", None, None);
        assert!(
            plain.starts_with("app = \"my \\\"app\\\"\"\n\n[[services]]\n  internal_port = 8080\n")
        );
        let volume = Volume {
            path: "/data",
            databases: Vec::new(),
        };
        let full = text("a", Some("sjc"), Some(("v", &volume)));
        assert!(full.starts_with(
            "app = \"a\"\nprimary_region = \"sjc\"\n\n[[mounts]]\n  destination = \"/data\"\n  \
             source = \"v\"\n\n[[services]]\n"
        ));
    }
}
