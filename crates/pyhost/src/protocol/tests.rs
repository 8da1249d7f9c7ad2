use bytes::Bytes;

use super::frame::BadFrame;
use super::{Failure, FailureKind, Frame};

fn round_trip(frame: &Frame) -> Frame {
    let bytes = frame.encode();
    let length = u32::from_le_bytes(bytes[..4].try_into().unwrap());
    assert_eq!(usize::try_from(length).unwrap(), bytes.len() - 4);
    Frame::decode(&Bytes::from(bytes).slice(4..)).unwrap()
}

#[test]
fn messages_arrive_as_they_were_sent() {
    let payload = Bytes::from(rmp_serde::to_vec_named(&("a", 1, 2.5, [0u8, 1])).unwrap());
    let failure = Failure::new(FailureKind::Forbidden, "no");
    let failure = Bytes::from(rmp_serde::to_vec_named(&failure).unwrap());
    for id in [0, 1, 127, 128, 65_536, u64::MAX] {
        for frame in [
            Frame::Call {
                id,
                method: "hook".to_owned(),
                params: payload.clone(),
            },
            Frame::Call {
                id,
                method: String::new(),
                params: Bytes::from_static(&[0xc0]),
            },
            Frame::Answer {
                id,
                result: payload.clone(),
            },
            Frame::Failed {
                id,
                failure: failure.clone(),
            },
            Frame::Cancel { id },
        ] {
            assert_eq!(round_trip(&frame), frame);
        }
    }
}

#[test]
fn nonsense_is_an_error() {
    for bytes in [
        &b""[..],
        b"hello",
        &[0x93],
        // A map, an unknown kind, a call without a method, a cancel with a payload.
        &[0x81, 0x01, 0x02],
        &[0x92, 0x09, 0x01],
        &[0x92, 0x01, 0x01],
        &[0x93, 0x04, 0x01, 0xc0],
        // A method that is longer than the message, one that is no text.
        &[0x94, 0x01, 0x01, 0xa5, b'a'],
        &[0x94, 0x01, 0x01, 0xa1, 0xff, 0xc0],
        // A number below zero.
        &[0x92, 0x04, 0xff],
    ] {
        assert!(
            Frame::decode(&Bytes::from_static(bytes)).is_err(),
            "{bytes:?}"
        );
    }
    assert_eq!(
        Frame::decode(&Bytes::from_static(&[0x92, 0x09, 0x01])),
        Err(BadFrame("its kind is unknown"))
    );
}

#[test]
fn failures_keep_their_kind_and_words() {
    for kind in [
        FailureKind::Failed,
        FailureKind::TokenInvalid,
        FailureKind::Interrupted,
        FailureKind::PayloadTooLarge,
    ] {
        let failure = Failure {
            type_name: Some("ValueError".into()),
            ..Failure::new(kind, "why")
        };
        let bytes = rmp_serde::to_vec_named(&failure).unwrap();
        assert_eq!(rmp_serde::from_slice::<Failure>(&bytes).unwrap(), failure);
    }
}
