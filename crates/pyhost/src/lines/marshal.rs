//! Questions and answers as Python's module `marshal` has them, which reads and writes them faster
//! than anything else that every Python has.

use datasette_core::Value;

use super::lines::Operation;

/// Stands for a question that lies in a file: `None`.
pub(super) const IN_FILE: &[u8] = b"N";

/// What came of a question.
#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Value(Value),
    /// The function raised; the text says what.
    Failed(String),
    /// The answer lies in a file.
    InFile,
}

/// A question: the tuple of the operation, the number of the function and the tuple of its
/// arguments.
pub(super) fn question(operation: Operation, id: u64, arguments: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    open_tuple(&mut bytes, 3);
    write_integer(&mut bytes, operation as i64);
    write_integer(&mut bytes, id as i64);
    open_tuple(&mut bytes, arguments.len());
    for argument in arguments {
        match argument {
            Value::Null => bytes.push(b'N'),
            Value::Integer(number) => write_integer(&mut bytes, *number),
            Value::Real(number) => {
                bytes.push(b'g');
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Value::Text(text) => write_bytes(&mut bytes, b'u', text.as_bytes()),
            Value::Blob(blob) => write_bytes(&mut bytes, b's', blob),
        }
    }
    bytes
}

fn open_tuple(bytes: &mut Vec<u8>, length: usize) {
    bytes.push(b'(');
    bytes.extend_from_slice(&(length as u32).to_le_bytes());
}

fn write_bytes(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    bytes.extend_from_slice(&(content.len() as u32).to_le_bytes());
    bytes.extend_from_slice(content);
}

fn write_integer(bytes: &mut Vec<u8>, number: i64) {
    if let Ok(number) = i32::try_from(number) {
        bytes.push(b'i');
        bytes.extend_from_slice(&number.to_le_bytes());
        return;
    }
    // Digits of 15 bits; their count has the sign of the number.
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::with_capacity(5);
    while rest > 0 {
        digits.push((rest & 0x7fff) as u16);
        rest >>= 15;
    }
    let count = digits.len() as i32;
    bytes.push(b'l');
    bytes.extend_from_slice(&(if number < 0 { -count } else { count }).to_le_bytes());
    for digit in digits {
        bytes.extend_from_slice(&digit.to_le_bytes());
    }
}

/// Reads an answer through a function that copies the bytes from a place on into what it is given.
/// `None` where it is no answer.
pub(super) fn answer(read: impl Fn(usize, &mut [u8]) -> Option<()>) -> Option<Answer> {
    let mut kind = [0];
    read(0, &mut kind)?;
    match kind[0] {
        b'E' => match value(&read, 1)? {
            Value::Text(why) => Some(Answer::Failed(why)),
            _ => None,
        },
        b'F' => Some(Answer::InFile),
        _ => value(&read, 0).map(Answer::Value),
    }
}

fn value(read: &impl Fn(usize, &mut [u8]) -> Option<()>, start: usize) -> Option<Value> {
    let four = |start| {
        let mut bytes = [0; 4];
        read(start, &mut bytes)?;
        Some(bytes)
    };
    let content = || {
        let length = u32::from_le_bytes(four(start + 1)?) as usize;
        if length > crate::protocol::MOST_BYTES {
            return None;
        }
        let mut bytes = vec![0; length];
        read(start + 5, &mut bytes)?;
        Some(bytes)
    };
    let mut kind = [0];
    read(start, &mut kind)?;
    Some(match kind[0] {
        b'N' => Value::Null,
        b'T' => Value::Integer(1),
        b'F' => Value::Integer(0),
        b'i' => Value::Integer(i32::from_le_bytes(four(start + 1)?).into()),
        b'l' => Value::Integer(integer(
            read,
            start + 5,
            i32::from_le_bytes(four(start + 1)?),
        )?),
        b'g' => {
            let mut bytes = [0; 8];
            read(start + 1, &mut bytes)?;
            Value::Real(f64::from_le_bytes(bytes))
        }
        // Half of a pair of surrogates is no text.
        b'u' => Value::Text(String::from_utf8(content()?).ok()?),
        b's' => Value::Blob(content()?),
        _ => return None,
    })
}

fn integer(
    read: &impl Fn(usize, &mut [u8]) -> Option<()>,
    start: usize,
    count: i32,
) -> Option<i64> {
    let length = count.unsigned_abs() as usize;
    if length > 5 {
        return None;
    }
    let mut number: i128 = 0;
    for place in (0..length).rev() {
        let mut digit = [0; 2];
        read(start + 2 * place, &mut digit)?;
        number = number << 15 | i128::from(u16::from_le_bytes(digit));
    }
    i64::try_from(if count < 0 { -number } else { number }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Option<Answer> {
        answer(|start, part| {
            part.copy_from_slice(bytes.get(start..start + part.len())?);
            Some(())
        })
    }

    #[test]
    fn what_is_written_can_be_read() {
        let numbers = [0, 1, -1, 1 << 31, -(1 << 31), (1 << 31) - 1, 1 << 45];
        let numbers = numbers.into_iter().chain([i64::MAX, i64::MIN]);
        let others = [
            Value::Null,
            Value::Real(-0.5),
            Value::from("gr\u{fc}n"),
            Value::Blob(vec![0, 255]),
        ];
        for value in numbers.map(Value::Integer).chain(others) {
            let question = question(Operation::Call, 7, std::slice::from_ref(&value));
            // Two tuples and two small numbers stand before the argument.
            assert_eq!(of(&question[20..]), Some(Answer::Value(value)));
        }
    }

    #[test]
    fn answers_of_python_are_read() {
        // marshal.dumps(True, 2), 2 ** 40, "no", and what is put before failures and files
        assert_eq!(of(b"T"), Some(Answer::Value(Value::Integer(1))));
        let power = b"l\x03\0\0\0\0\0\0\0\x00\x04";
        assert_eq!(of(power), Some(Answer::Value(Value::Integer(1 << 40))));
        assert_eq!(of(b"Eu\x02\0\0\0no"), Some(Answer::Failed("no".into())));
        assert_eq!(of(b"F"), Some(Answer::InFile));
    }

    #[test]
    fn nonsense_is_none() {
        for bytes in [
            &b""[..],
            b"?",
            b"i\0",
            b"u\xff\xff\xff\xff",
            b"u\x02\0\0\0\xed\xa0",
            b"l\x09\0\0\0",
            b"l\x05\0\0\0\0\0\0\0\0\0\0\0\xff\x7f",
            b"(\0\0\0\0",
            b"Ei\0\0\0\0",
        ] {
            assert_eq!(of(bytes), None, "{bytes:?}");
        }
    }
}
