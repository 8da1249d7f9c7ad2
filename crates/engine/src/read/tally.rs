//! Counting distinct values outside SQLite: several columns in one pass, without sorting.

use std::cmp::Ordering;
use std::collections::HashMap;

use datasette_core::{Row, RowSink, SinkClosed, Value, ValueRef};

/// Distinct values of one column beyond which SQLite, which can spill to disk, does it.
const MOST_VALUES: usize = 50_000;
/// Bytes of texts and blobs, of all columns together, beyond which SQLite does it.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Counts the values of each column of the rows that flow into it. NULL is left out.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    columns: Vec<Counts>,
    bytes: usize,
}

/// How often each value occurs. Values are equal as `group by` sees it in binary order.
#[derive(Debug, Default)]
struct Counts {
    integers: HashMap<i64, i64>,
    /// By their bits.
    reals: HashMap<u64, i64>,
    texts: HashMap<Box<[u8]>, i64>,
    blobs: HashMap<Box<[u8]>, i64>,
    /// Whether a real is a whole number, and so may be equal to an integer.
    whole: bool,
    given_up: bool,
}

impl RowSink for Tally {
    fn columns(&mut self, names: &[String]) {
        self.columns.resize_with(names.len(), Counts::default);
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkClosed> {
        let mut open = false;
        for (index, counts) in self.columns.iter_mut().enumerate() {
            if !counts.given_up {
                self.bytes += counts.add(row.value(index));
                open = true;
            }
        }
        if !open || self.bytes > MOST_BYTES {
            return Err(SinkClosed);
        }
        Ok(())
    }
}

impl Tally {
    /// Whether all rows were worth looking at to the end.
    pub(crate) fn is_within_bounds(&self) -> bool {
        self.bytes <= MOST_BYTES
    }

    /// For each column the `most` values that occur most often, equally frequent ones in their
    /// order; `None` for a column that SQLite has to count.
    pub(crate) fn into_values(self, most: usize) -> Vec<Option<Vec<(Value, i64)>>> {
        let columns = self.columns.into_iter();
        columns.map(|counts| counts.into_values(most)).collect()
    }
}

impl Counts {
    /// Counts a value; answers the bytes that are kept for it.
    fn add(&mut self, value: ValueRef<'_>) -> usize {
        let kept = match value {
            ValueRef::Null => return 0,
            ValueRef::Integer(number) => {
                *self.integers.entry(number).or_default() += 1;
                0
            }
            ValueRef::Real(number) => {
                self.whole |= number as i64 as f64 == number;
                *self.reals.entry(number.to_bits()).or_default() += 1;
                0
            }
            ValueRef::Text(text) => add_bytes(&mut self.texts, text),
            ValueRef::Blob(blob) => add_bytes(&mut self.blobs, blob),
        };
        let distinct = self.integers.len() + self.reals.len() + self.texts.len() + self.blobs.len();
        if distinct > MOST_VALUES {
            *self = Self {
                given_up: true,
                ..Self::default()
            };
        }
        kept
    }

    fn into_values(self, most: usize) -> Option<Vec<(Value, i64)>> {
        // Which of two equal numbers is shown is SQLite's to say.
        let zeros = [0.0f64, -0.0].map(|zero| self.reals.contains_key(&zero.to_bits()));
        let ambiguous = (self.whole && !self.integers.is_empty()) || zeros == [true, true];
        if self.given_up || ambiguous {
            return None;
        }
        let integers = self.integers.into_iter();
        let reals = self.reals.into_iter();
        let mut counted: Vec<(Key, i64)> = integers
            .map(|(number, count)| (Key::Integer(number), count))
            .chain(reals.map(|(bits, count)| (Key::Real(f64::from_bits(bits)), count)))
            .chain(
                self.texts
                    .into_iter()
                    .map(|(text, count)| (Key::Text(text), count)),
            )
            .chain(
                self.blobs
                    .into_iter()
                    .map(|(blob, count)| (Key::Blob(blob), count)),
            )
            .collect();
        let order = |(left, left_count): &(Key, i64), (right, right_count): &(Key, i64)| {
            right_count
                .cmp(left_count)
                .then_with(|| left.compare(right))
        };
        if counted.len() > most && most > 0 {
            counted.select_nth_unstable_by(most - 1, order);
        }
        counted.truncate(most);
        counted.sort_unstable_by(order);
        let values = counted.into_iter();
        Some(
            values
                .map(|(key, count)| (key.into_value(), count))
                .collect(),
        )
    }
}

fn add_bytes(known: &mut HashMap<Box<[u8]>, i64>, bytes: &[u8]) -> usize {
    match known.get_mut(bytes) {
        Some(count) => {
            *count += 1;
            0
        }
        None => {
            known.insert(bytes.into(), 1);
            bytes.len()
        }
    }
}

/// A value in the order of SQLite: numbers, then texts, then blobs.
enum Key {
    Integer(i64),
    Real(f64),
    Text(Box<[u8]>),
    Blob(Box<[u8]>),
}

impl Key {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => left.cmp(right),
            (Self::Real(left), Self::Real(right)) => left.total_cmp(right),
            (Self::Integer(left), Self::Real(right)) => beside_real(*left, *right),
            (Self::Real(left), Self::Integer(right)) => beside_real(*right, *left).reverse(),
            (Self::Text(left), Self::Text(right)) | (Self::Blob(left), Self::Blob(right)) => {
                left.cmp(right)
            }
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Integer(_) | Self::Real(_) => 0,
            Self::Text(_) => 1,
            Self::Blob(_) => 2,
        }
    }

    fn into_value(self) -> Value {
        match &self {
            Self::Integer(number) => Value::Integer(*number),
            Self::Real(number) => Value::Real(*number),
            Self::Text(text) => ValueRef::Text(text).to_value(),
            Self::Blob(blob) => ValueRef::Blob(blob).to_value(),
        }
    }
}

/// Compares an integer with a real that is no whole number in the range of integers.
fn beside_real(integer: i64, real: f64) -> Ordering {
    // The cast saturates, which is right for what is out of range.
    match integer.cmp(&(real.floor() as i64)) {
        Ordering::Equal if real >= i64::MIN as f64 => Ordering::Less,
        Ordering::Equal => Ordering::Greater,
        other => other,
    }
}

#[cfg(test)]
mod tests;
