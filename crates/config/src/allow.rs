//! Allow blocks: who may do something, as configuration says it.

use datasette_core::Actor;
use serde_json::{Map, Number, Value};

/// The value of `allow`, `allow_sql` or of one action inside `permissions` (PERM-01 to PERM-10).
/// No block at all, which gives no rule, is `Option::None` wherever one may stand.
#[derive(Clone, Debug, PartialEq)]
pub enum AllowBlock {
    /// `true`: everybody, signed in or not.
    Everybody,
    /// `false`: nobody, not even root.
    Nobody,
    /// An object: whoever meets any of these; nobody when there are none.
    Matching(Vec<Requirement>),
}

/// One key of an allow block.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    key: String,
    wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    Present,
    AnyOf(Vec<Value>),
    /// Exactly `true` under `unauthenticated`.
    Anonymous,
}

/// The value is no allow block: a string, a list, or a number other than 0 and 1 (PERM-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAllowBlock;

impl AllowBlock {
    /// Reads a block as configuration has it: null is no block, 1 and 0 are true and false
    /// (PERM-02, PERM-03).
    ///
    /// # Errors
    /// The value is of another type (PERM-10).
    pub fn from_json(value: &Value) -> Result<Option<Self>, NotAnAllowBlock> {
        match value {
            Value::Null => Ok(None),
            Value::Bool(true) => Ok(Some(Self::Everybody)),
            Value::Bool(false) => Ok(Some(Self::Nobody)),
            Value::Number(number) if number.as_str() == "1" => Ok(Some(Self::Everybody)),
            Value::Number(number) if number.as_str() == "0" => Ok(Some(Self::Nobody)),
            Value::Object(keys) => Ok(Some(Self::from_object(keys))),
            _ => Err(NotAnAllowBlock),
        }
    }

    fn from_object(keys: &Map<String, Value>) -> Self {
        let requirement = |(key, value): (&String, &Value)| Requirement {
            key: key.clone(),
            wanted: match value {
                Value::String(text) if text == "*" => Wanted::Present,
                Value::Bool(true) if key == "unauthenticated" => Wanted::Anonymous,
                Value::Array(values) => Wanted::AnyOf(values.clone()),
                other => Wanted::AnyOf(vec![other.clone()]),
            },
        };
        Self::Matching(keys.iter().map(requirement).collect())
    }

    /// Whether the actor, or an anonymous visitor, meets the block.
    pub fn allows(&self, actor: Option<&Actor>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Nobody => false,
            Self::Matching(requirements) => requirements
                .iter()
                .any(|requirement| requirement.is_met_by(actor)),
        }
    }
}

impl Requirement {
    fn is_met_by(&self, actor: Option<&Actor>) -> bool {
        let Some(actor) = actor else {
            return self.wanted == Wanted::Anonymous;
        };
        let Some(held) = actor.properties().get(&self.key) else {
            return false;
        };
        let yes = [Value::Bool(true)];
        let wanted = match &self.wanted {
            Wanted::Present => return true,
            Wanted::AnyOf(values) => values.as_slice(),
            Wanted::Anonymous => &yes,
        };
        match held {
            Value::Null => false,
            Value::Array(held) => held.iter().any(|one| contains(wanted, one)),
            one => contains(wanted, one),
        }
    }
}

fn contains(wanted: &[Value], held: &Value) -> bool {
    wanted.iter().any(|value| equal(value, held))
}

/// Typed equality, where numbers and booleans compare by what they count (PERM-08). Lists and
/// objects inside lists equal nothing.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Bool(_) | Value::Number(_), Value::Bool(_) | Value::Number(_)) => {
            match (quantity(left), quantity(right)) {
                (Some(left), Some(right)) => left == right,
                _ => false,
            }
        }
        _ => false,
    }
}

/// A number in the one form that equal numbers share.
#[derive(PartialEq)]
enum Quantity {
    Whole(String),
    Fraction(f64),
}

fn quantity(value: &Value) -> Option<Quantity> {
    match value {
        Value::Bool(truth) => Some(Quantity::Whole(u8::from(*truth).to_string())),
        Value::Number(number) => Some(number_quantity(number)),
        _ => None,
    }
}

fn number_quantity(number: &Number) -> Quantity {
    let text = number.as_str();
    let whole = !text.contains(['.', 'e', 'E']);
    if whole {
        let text = if text == "-0" { "0" } else { text };
        return Quantity::Whole(text.to_owned());
    }
    match text.parse::<f64>() {
        // Adding zero turns minus zero into zero.
        Ok(real) if real.fract() == 0.0 && real.is_finite() => {
            Quantity::Whole(format!("{:.0}", real + 0.0))
        }
        Ok(real) => Quantity::Fraction(real),
        Err(_) => Quantity::Fraction(f64::NAN),
    }
}

#[cfg(test)]
mod tests;
