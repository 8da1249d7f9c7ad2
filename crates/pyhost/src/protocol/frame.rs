//! One message between the two processes: a length, then a MessagePack array.
//!
//! Both sides may call the other at any time; numbers of calls belong to the side that calls. What a
//! call carries is another MessagePack value at the end of the array, which whoever called or was
//! called reads, so that this layer knows no hook and no service.

use bytes::Bytes;
use rmp::decode::{self, NumValueReadError, ValueReadError};
use rmp::encode;

/// Longest message in bytes. Bodies of requests go in pieces; pages of rows fit many times over.
pub(crate) const MOST_BYTES: usize = 256 * 1024 * 1024;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Asks the other side to do something.
    Call {
        /// Number of the call, new for each.
        id: u64,
        /// What is to be done.
        method: String,
        /// What it needs.
        params: Bytes,
    },
    /// A call came to its end.
    Answer {
        /// Number of the call.
        id: u64,
        /// What came of it.
        result: Bytes,
    },
    /// A call failed.
    Failed {
        /// Number of the call.
        id: u64,
        /// A [`super::Failure`].
        failure: Bytes,
    },
    /// Nobody waits for the call any more.
    Cancel {
        /// Number of the call.
        id: u64,
    },
}

/// Bytes that are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadFrame(pub(crate) &'static str);

impl From<ValueReadError> for BadFrame {
    fn from(_: ValueReadError) -> Self {
        Self("it is no array of the expected form")
    }
}

impl From<NumValueReadError> for BadFrame {
    fn from(_: NumValueReadError) -> Self {
        Self("a number of it is none")
    }
}

const CALL: u8 = 1;
const ANSWER: u8 = 2;
const FAILED: u8 = 3;
const CANCEL: u8 = 4;

impl Frame {
    /// The message with its length in front.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let payload = match self {
            Self::Call { params, .. } => params,
            Self::Answer { result, .. } => result,
            Self::Failed { failure, .. } => failure,
            Self::Cancel { .. } => &Bytes::new(),
        };
        let mut bytes = Vec::with_capacity(payload.len() + 48);
        bytes.extend_from_slice(&[0; 4]);
        // Writing to memory does not fail.
        let _ = match self {
            Self::Call { id, method, .. } => {
                head(&mut bytes, 4, CALL, *id).and_then(|()| encode::write_str(&mut bytes, method))
            }
            Self::Answer { id, .. } => head(&mut bytes, 3, ANSWER, *id),
            Self::Failed { id, .. } => head(&mut bytes, 3, FAILED, *id),
            Self::Cancel { id } => head(&mut bytes, 2, CANCEL, *id),
        };
        bytes.extend_from_slice(payload);
        let length = u32::try_from(bytes.len() - 4).unwrap_or(u32::MAX);
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes
    }

    /// The message that these bytes are, which come without their length.
    pub(crate) fn decode(bytes: &Bytes) -> Result<Self, BadFrame> {
        let mut rest: &[u8] = bytes;
        let length = decode::read_array_len(&mut rest)?;
        let kind: u8 = decode::read_int(&mut rest)?;
        let id: u64 = decode::read_int(&mut rest)?;
        let expected = match kind {
            CALL => 4,
            ANSWER | FAILED => 3,
            CANCEL => 2,
            _ => return Err(BadFrame("its kind is unknown")),
        };
        if length != expected {
            return Err(BadFrame("it has another length than its kind"));
        }
        let method = match kind {
            CALL => Some(text(&mut rest)?),
            _ => None,
        };
        let payload = bytes.slice_ref(rest);
        Ok(match (kind, method) {
            (CALL, Some(method)) => Self::Call {
                id,
                method,
                params: payload,
            },
            (ANSWER, _) => Self::Answer {
                id,
                result: payload,
            },
            (FAILED, _) => Self::Failed {
                id,
                failure: payload,
            },
            _ => Self::Cancel { id },
        })
    }
}

fn head(
    bytes: &mut Vec<u8>,
    length: u32,
    kind: u8,
    id: u64,
) -> Result<(), encode::ValueWriteError> {
    encode::write_array_len(bytes, length)?;
    encode::write_uint(bytes, u64::from(kind))?;
    encode::write_uint(bytes, id)?;
    Ok(())
}

fn text(rest: &mut &[u8]) -> Result<String, BadFrame> {
    let length = decode::read_str_len(rest)? as usize;
    let (name, after) = rest
        .split_at_checked(length)
        .ok_or(BadFrame("its method is cut off"))?;
    *rest = after;
    std::str::from_utf8(name)
        .map(str::to_owned)
        .map_err(|_| BadFrame("its method is no text"))
}
