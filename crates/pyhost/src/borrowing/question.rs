//! What Python wants done with a connection that it has.

use std::fmt;

use datasette_core::live::LiveParameters;
use datasette_hooks::Data;
use rmp_serde::Deserializer;
use rmp_serde::decode::ReadRefReader;
use serde::de::{Deserialize, MapAccess, SeqAccess, Visitor};

/// Parameters as Python gives them: a list, a mapping, or nothing.
#[derive(Debug)]
pub(crate) struct GivenParameters(pub(crate) LiveParameters);

impl Default for GivenParameters {
    fn default() -> Self {
        Self(LiveParameters::Positional(Vec::new()))
    }
}

struct ParametersVisitor;

impl<'de> Visitor<'de> for ParametersVisitor {
    type Value = GivenParameters;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of values, a mapping from names to values, or nothing")
    }

    fn visit_unit<E>(self) -> Result<GivenParameters, E> {
        Ok(GivenParameters::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<GivenParameters, A::Error> {
        let mut values = Vec::with_capacity(items.size_hint().unwrap_or(0).min(65_536));
        while let Some(Data(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(GivenParameters(LiveParameters::Positional(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<GivenParameters, A::Error> {
        let mut pairs = Vec::with_capacity(items.size_hint().unwrap_or(0).min(65_536));
        while let Some((name, Data(value))) = items.next_entry()? {
            pairs.push((name, value));
        }
        Ok(GivenParameters(LiveParameters::Named(pairs)))
    }
}

impl<'de> Deserialize<'de> for GivenParameters {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ParametersVisitor)
    }
}

/// What a message of Python is: the end of its turn, or a question.
pub(super) enum Said<'a> {
    /// It is done; how it went follows.
    Done(Rest<'a>),
    /// A question by its number; its values follow.
    Question(u64, Rest<'a>),
}

/// The values of a message that were not read yet.
pub(super) struct Rest<'a>(Deserializer<ReadRefReader<'a, [u8]>>);

impl<'a> Rest<'a> {
    /// The next value.
    pub(super) fn next<T: Deserialize<'a>>(&mut self) -> Result<T, String> {
        T::deserialize(&mut self.0).map_err(|error| error.to_string())
    }
}

/// Understands a message.
pub(super) fn understood(message: &[u8]) -> Result<Said<'_>, String> {
    let mut start = message;
    let nonsense = || "it is no message of this protocol".to_owned();
    rmp::decode::read_array_len(&mut start).map_err(|_| nonsense())?;
    let number: u64 = rmp::decode::read_int(&mut start).map_err(|_| nonsense())?;
    let rest = Rest(Deserializer::from_read_ref(start));
    Ok(match number {
        0 => Said::Done(rest),
        number => Said::Question(number, rest),
    })
}
