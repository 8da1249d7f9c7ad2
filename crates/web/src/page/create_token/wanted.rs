//! What the form of the page asks for.

use std::collections::BTreeSet;

use datasette_core::tilde;
use datasette_hooks::TokenRestrictions;
use datasette_render::html::context::create_token::Outcome;

use crate::form::Form;

/// A token to make.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Seconds until it expires; `None` for never.
    pub(super) expires_after: Option<i64>,
    /// What it is limited to, by the names of actions as they were sent.
    pub(super) restrictions: TokenRestrictions,
}

impl Wanted {
    /// Reads the form.
    ///
    /// # Errors
    /// It cannot be meant: what to show in place of a token (TOK-30).
    pub(super) fn read(form: &Form) -> Result<Self, Outcome> {
        let expires_after = lifetime(form).map_err(|message| Outcome::Mistake {
            message,
            unit: form.get("expire_type").unwrap_or_default().to_owned(),
            duration: form.get("expire_duration").unwrap_or_default().to_owned(),
            ticked: boxes(form).map(str::to_owned).collect(),
        })?;
        Ok(Self {
            expires_after,
            restrictions: restrictions(boxes(form)),
        })
    }
}

/// The names of the ticked boxes, which are the fields with a colon in their names.
fn boxes(form: &Form) -> impl Iterator<Item = &str> {
    form.names().filter(|name| name.contains(':'))
}

/// Seconds until the token expires (TOK-29, TOK-30).
fn lifetime(form: &Form) -> Result<Option<i64>, &'static str> {
    const NO_DURATION: &str = "Invalid expire duration";
    let Some(unit) = form.filled("expire_type") else {
        return Ok(None);
    };
    let digits = form.get("expire_duration").unwrap_or_default();
    // No sign, no space: digits alone.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<i64> = digits
        .parse()
        .ok()
        .filter(|number| *number > 0 && is_number);
    let number = number.ok_or(NO_DURATION)?;
    let seconds = match unit {
        "minutes" => 60,
        "hours" => 60 * 60,
        "days" => 24 * 60 * 60,
        _ => return Err("Invalid expire duration unit"),
    };
    number.checked_mul(seconds).map(Some).ok_or(NO_DURATION)
}

/// What the names of the ticked boxes limit the token to (TOK-31). A name counts once.
fn restrictions<'a>(names: impl Iterator<Item = &'a str>) -> TokenRestrictions {
    let mut restrictions = TokenRestrictions::default();
    let mut seen = BTreeSet::new();
    for name in names.filter(|name| seen.insert(*name)) {
        let mut parts = name.split(':');
        let action = |text: &str| text.to_owned();
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("all"), Some(name), None, None) => restrictions.all.push(action(name)),
            (Some("database"), Some(database), Some(name), None) => {
                let database = tilde::decode(database).into_owned();
                let allowed = restrictions.database.entry(database).or_default();
                allowed.push(action(name));
            }
            (Some("resource"), Some(database), Some(resource), Some(name))
                if parts.next().is_none() =>
            {
                let database = tilde::decode(database).into_owned();
                let resource = tilde::decode(resource).into_owned();
                let resources = restrictions.resource.entry(database).or_default();
                resources.entry(resource).or_default().push(action(name));
            }
            _ => {}
        }
    }
    restrictions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Result<Wanted, &'static str> {
        Wanted::read(&Form::of(body)).map_err(|outcome| match outcome {
            Outcome::Mistake { message, .. } => message,
            _ => "no mistake",
        })
    }

    fn expires(body: &str) -> Result<Option<i64>, &'static str> {
        of(body).map(|wanted| wanted.expires_after)
    }

    // Proves: TOK-29, TOK-30
    #[test]
    fn lifetimes() {
        assert_eq!(expires(""), Ok(None));
        assert_eq!(expires("expire_type=&expire_duration=x"), Ok(None));
        assert_eq!(
            expires("expire_type=minutes&expire_duration=5"),
            Ok(Some(300))
        );
        assert_eq!(
            expires("expire_type=hours&expire_duration=02"),
            Ok(Some(7200))
        );
        assert_eq!(
            expires("expire_type=days&expire_duration=1"),
            Ok(Some(86_400))
        );
        for number in [
            "", "0", "000", "-1", "+1", "%201", "1.5", "x", "1e3", "%C2%B2",
        ] {
            let body = format!("expire_type=days&expire_duration={number}");
            assert_eq!(expires(&body), Err("Invalid expire duration"), "{number}");
        }
        assert_eq!(expires("expire_type=days"), Err("Invalid expire duration"));
        let longest = i64::MAX / 60;
        let body = format!("expire_type=minutes&expire_duration={longest}");
        assert_eq!(expires(&body), Ok(Some(longest * 60)));
        for longer in [(longest + 1).to_string(), "9".repeat(5000)] {
            let body = format!("expire_type=minutes&expire_duration={longer}");
            assert_eq!(expires(&body), Err("Invalid expire duration"));
        }
        // The duration is looked at first.
        let unit = Err("Invalid expire duration unit");
        assert_eq!(expires("expire_type=years&expire_duration=1"), unit);
        assert_eq!(expires("expire_type=years"), Err("Invalid expire duration"));
    }

    // Proves: TOK-31
    #[test]
    fn names_of_fields_are_restrictions() {
        let body = "all:view-instance=on&all%3Aview-instance=1&all:unheard-of=&other=1&all=1\
                    &all:a:b=1&database:a~2Fb:create-table=1&database:a~2Fb:alter-table=1\
                    &database:x=1&database:x:y:z=1&resource:d+b:t~3A1:insert-row=1\
                    &resource:d%2Bb:t~3A1:delete-row=1&resource:d:t:u:v=1&resource:d:t=1\
                    &resource:d~20b:u:view-table=on";
        let restrictions = of(body).unwrap().restrictions;
        assert_eq!(
            serde_json::to_string(&restrictions).unwrap(),
            r#"{"a":["view-instance","unheard-of"],"d":{"a/b":["create-table","alter-table"]},"r":{"d b":{"t:1":["insert-row","delete-row"],"u":["view-table"]}}}"#
        );
        assert!(of("expire_type=").unwrap().restrictions.is_empty());
    }
}
