use super::*;

/// Feeds `wire` cut into pieces of `size` bytes.
fn read(wire: &[u8], size: usize) -> Result<(bool, Vec<u8>, Framing), FramingError> {
    let mut framing = Framing::new();
    let mut body = Vec::new();
    let mut complete = false;
    for piece in wire.chunks(size) {
        complete = framing.feed(piece, |bytes| body.extend_from_slice(bytes))?;
    }
    Ok((complete, body, framing))
}

/// The response must come out the same whatever the pieces.
fn assert_reads(wire: &[u8], status: u16, expected: &[u8]) {
    for size in 1..=wire.len() {
        let (complete, body, framing) = read(wire, size).unwrap();
        assert!(complete, "pieces of {size}");
        assert_eq!(body, expected, "pieces of {size}");
        assert_eq!(framing.status(), status);
        assert_eq!(framing.body_length(), expected.len() as u64);
    }
}

#[test]
fn content_length_counts_the_body() {
    assert_reads(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        200,
        b"hello",
    );
    assert_reads(
        b"HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n",
        404,
        b"",
    );
}

#[test]
fn chunks_are_joined() {
    let wire = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nhello\r\nA;why=not\r\n, world!\r\n\r\n0\r\n\r\n";
    assert_reads(wire, 200, b"hello, world!\r\n");
}

#[test]
fn trailers_are_skipped() {
    let wire =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nrows: 7\r\n\r\n";
    assert_reads(wire, 200, b"x");
}

#[test]
fn a_body_without_length_ends_with_the_connection() {
    let (complete, body, mut framing) = read(b"HTTP/1.1 200 OK\r\n\r\nabc", 4).unwrap();
    assert!(!complete);
    assert_eq!(body, b"abc");
    assert!(!framing.keeps_open());
    assert_eq!(framing.end(), Ok(()));
}

#[test]
fn a_cut_response_is_an_error() {
    for wire in [
        &b"HTTP/1.1 200"[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
    ] {
        let (complete, _, mut framing) = read(wire, 3).unwrap();
        assert!(!complete);
        assert_eq!(framing.end(), Err(FramingError::CutShort));
    }
}

#[test]
fn nonsense_is_an_error() {
    assert!(matches!(
        read(b"SSH-2.0-x\r\n\r\n", 64),
        Err(FramingError::BadHead(_))
    ));
    assert!(matches!(
        read(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n", 64),
        Err(FramingError::BadHead(_))
    ));
    let chunked = |rest: &str| {
        let wire = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{rest}");
        read(wire.as_bytes(), 7).err()
    };
    assert_eq!(chunked("zz\r\n"), Some(FramingError::BadChunk));
    assert_eq!(chunked("1\r\nxy\r\n"), Some(FramingError::BadChunk));
    assert_eq!(chunked("5\nhello"), Some(FramingError::BadChunk));
}

#[test]
fn bytes_after_the_end_are_an_error() {
    let wire = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxy";
    assert_eq!(read(wire, 64).err(), Some(FramingError::TrailingBytes));
}

#[test]
fn reset_reads_the_next_response() {
    let mut framing = Framing::new();
    for (wire, open) in [
        (&b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"[..], true),
        (
            b"HTTP/1.1 500 Oops\r\nconnection: close\r\ncontent-length: 1\r\n\r\ny",
            false,
        ),
    ] {
        framing.reset();
        assert_eq!(framing.feed(wire, |_| ()), Ok(true));
        assert_eq!(framing.keeps_open(), open);
    }
    assert_eq!(framing.status(), 500);
}
