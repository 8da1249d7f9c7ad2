//! Plain data becomes typed configuration.

mod permission;
mod query;
mod table;

pub(crate) use table::size;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::config::{AssetUrl, DatabaseConfig, InstanceConfig};
use crate::mistake::{Mistake, Place};
use crate::setting_check;
use crate::settings::Settings;

/// The typed part of the configuration.
pub(crate) struct Interpreted {
    pub(crate) settings: Settings,
    pub(crate) instance: InstanceConfig,
    pub(crate) databases: IndexMap<String, DatabaseConfig>,
}

/// Reads the whole configuration. Unknown keys are left alone (CONF-05).
pub(crate) fn interpret(configuration: &Value) -> Result<Interpreted, Mistake> {
    let root = Place::root(configuration);
    Ok(Interpreted {
        settings: settings(root.get("settings"))?,
        instance: instance(root)?,
        databases: each(root.get("databases"), database)?,
    })
}

fn settings(place: Place<'_>) -> Result<Settings, Mistake> {
    let mut settings = Settings::default();
    for (name, value) in place.mapping()?.into_iter().flatten() {
        setting_check::store(&mut settings, name, value)
            .map_err(|message| Mistake::in_known_words(place.at(name, value).path(), message))?;
    }
    Ok(settings)
}

fn instance(root: Place<'_>) -> Result<InstanceConfig, Mistake> {
    Ok(InstanceConfig {
        allow: permission::allow(root.get("allow"))?,
        allow_sql: permission::allow(root.get("allow_sql"))?,
        permissions: permission::permissions(root.get("permissions"))?,
        plugins: plugins(root.get("plugins"))?,
        extra_css_urls: asset_urls(root.get("extra_css_urls"))?,
        extra_js_urls: asset_urls(root.get("extra_js_urls"))?,
    })
}

fn database(place: Place<'_>) -> Result<DatabaseConfig, Mistake> {
    place.mapping()?;
    Ok(DatabaseConfig {
        tables: each(place.get("tables"), table::table)?,
        queries: each(place.get("queries"), query::query)?,
        allow: permission::allow(place.get("allow"))?,
        allow_sql: permission::allow(place.get("allow_sql"))?,
        permissions: permission::permissions(place.get("permissions"))?,
        plugins: plugins(place.get("plugins"))?,
    })
}

/// Reads every entry of a mapping.
fn each<T>(
    place: Place<'_>,
    read: impl Fn(Place<'_>) -> Result<T, Mistake>,
) -> Result<IndexMap<String, T>, Mistake> {
    let entries = place.mapping()?.into_iter().flatten();
    entries
        .map(|(name, value)| Ok((name.clone(), read(place.at(name, value))?)))
        .collect()
}

fn plugins(place: Place<'_>) -> Result<Map<String, Value>, Mistake> {
    Ok(place.mapping()?.cloned().unwrap_or_default())
}

fn asset_urls(place: Place<'_>) -> Result<Vec<AssetUrl>, Mistake> {
    let mut urls = Vec::new();
    for (index, item) in place.list()?.into_iter().flatten().enumerate() {
        let step = index.to_string();
        let item = place.at(&step, item);
        urls.push(asset_url(item)?);
    }
    Ok(urls)
}

fn asset_url(place: Place<'_>) -> Result<AssetUrl, Mistake> {
    if let Value::String(url) = place.value() {
        return Ok(AssetUrl {
            url: url.clone(),
            ..AssetUrl::default()
        });
    }
    if !place.value().is_object() {
        return Err(place.must_be("a URL or a mapping with \"url\""));
    }
    let url = place.get("url").text()?;
    Ok(AssetUrl {
        url: url.ok_or_else(|| place.mistake("\"url\" is missing"))?,
        sri: place.get("sri").text()?.filter(|sri| !sri.is_empty()),
        module: place.get("module").is_truthy(),
    })
}

/// `KEY is missing`, naming a key that may have been meant.
fn missing(place: &Place<'_>, key: &str) -> Mistake {
    let mut message = format!("\"{key}\" is missing");
    let present = place.value().as_object().into_iter().flat_map(Map::keys);
    let meant = present
        .map(String::as_str)
        .find(|written| crate::near_miss::suggest(written, std::iter::once(key)).is_some());
    if let Some(meant) = meant {
        message.push_str(&format!("; is \"{meant}\" meant to be it?"));
    }
    place.mistake(&message)
}
