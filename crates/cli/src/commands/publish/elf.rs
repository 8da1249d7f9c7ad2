//! What a Linux program needs in order to run, read from its own headers.

/// The processor a program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Machine {
    /// x86-64.
    X86_64,
    /// 64-bit ARM.
    Aarch64,
}

/// What the headers say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Elf {
    /// The processor.
    pub(super) machine: Machine,
    /// The program that loads it; none for a static one.
    pub(super) interpreter: Option<String>,
    /// The libraries it is linked with, by file name.
    pub(super) libraries: Vec<String>,
    /// The newest version of the GNU C library that one of its symbols asks for.
    pub(super) glibc: Option<(u32, u32)>,
}

const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const INTERPRETER: u32 = 3;

const NEEDED: u64 = 1;
const STRING_TABLE: u64 = 5;
const VERSIONS_NEEDED: u64 = 0x6fff_fffe;
const VERSIONS_NEEDED_COUNT: u64 = 0x6fff_ffff;

/// A part of the file that is put into memory.
struct Segment {
    kind: u32,
    offset: usize,
    address: u64,
    size: usize,
}

impl Elf {
    /// Reads the headers; `None` for anything but a 64-bit little-endian program that this file
    /// knows the processor of.
    pub(super) fn read(file: &[u8]) -> Option<Self> {
        let is_elf = file.starts_with(b"\x7fELF\x02\x01");
        let machine = match (is_elf, half(file, 18)?) {
            (true, 62) => Machine::X86_64,
            (true, 183) => Machine::Aarch64,
            _ => return None,
        };
        let segments = segments(file)?;
        let find = |kind| segments.iter().find(|segment| segment.kind == kind);
        let interpreter = match find(INTERPRETER) {
            Some(segment) => Some(text(file, segment.offset)?),
            None => None,
        };
        let dynamic = match find(DYNAMIC) {
            Some(segment) => entries(file, segment)?,
            None => Vec::new(),
        };
        let value = |tag| {
            let mut found = dynamic.iter().filter(|(known, _)| *known == tag);
            found.next().map(|(_, value)| *value)
        };
        let strings = value(STRING_TABLE).and_then(|address| place(&segments, address));
        let name = |offset: u64| text(file, strings?.checked_add(usize::try_from(offset).ok()?)?);
        let libraries = dynamic
            .iter()
            .filter(|(tag, _)| *tag == NEEDED)
            .map(|(_, offset)| name(*offset))
            .collect::<Option<Vec<String>>>()?;
        let mut glibc = None;
        if let Some(start) = value(VERSIONS_NEEDED).and_then(|address| place(&segments, address)) {
            let count = value(VERSIONS_NEEDED_COUNT).unwrap_or(0);
            for offset in versions(file, start, count)? {
                glibc = glibc.max(glibc_version(&name(u64::from(offset))?));
            }
        }
        Some(Self {
            machine,
            interpreter,
            libraries,
            glibc,
        })
    }
}

fn segments(file: &[u8]) -> Option<Vec<Segment>> {
    let table = number(file, 32)?;
    let size = usize::from(half(file, 54)?);
    let count = usize::from(half(file, 56)?);
    let starts = (0..count).map(|index| table.checked_add(index.checked_mul(size)?));
    starts
        .map(|start| {
            let start = start?;
            Some(Segment {
                kind: word(file, start)?,
                offset: number(file, start.checked_add(8)?)?,
                address: long(file, start.checked_add(16)?)?,
                size: number(file, start.checked_add(32)?)?,
            })
        })
        .collect()
}

/// The tags and values of the dynamic section.
fn entries(file: &[u8], segment: &Segment) -> Option<Vec<(u64, u64)>> {
    let end = segment.offset.checked_add(segment.size)?;
    let section = file.get(segment.offset..end)?;
    let entries = section.chunks_exact(16);
    entries
        .map(|entry| Some((long(entry, 0)?, long(entry, 8)?)))
        .take_while(|entry| !matches!(entry, Some((0, _))))
        .collect()
}

/// Where in the file an address is.
fn place(segments: &[Segment], address: u64) -> Option<usize> {
    segments.iter().find_map(|segment| {
        let within = usize::try_from(address.checked_sub(segment.address)?).ok()?;
        let inside = segment.kind == LOAD && within < segment.size;
        inside.then(|| segment.offset.checked_add(within))?
    })
}

/// Where the names of the versions start that the program needs.
fn versions(file: &[u8], start: usize, count: u64) -> Option<Vec<u32>> {
    let mut names = Vec::new();
    let mut library = start;
    for _ in 0..count {
        let wanted = half(file, library.checked_add(2)?)?;
        let first = word(file, library.checked_add(8)?)?;
        let mut version = library.checked_add(usize::try_from(first).ok()?)?;
        for _ in 0..wanted {
            names.push(word(file, version.checked_add(8)?)?);
            let next = word(file, version.checked_add(12)?)?;
            version = version.checked_add(usize::try_from(next).ok()?)?;
        }
        let next = word(file, library.checked_add(12)?)?;
        library = library.checked_add(usize::try_from(next).ok()?)?;
    }
    Some(names)
}

fn glibc_version(name: &str) -> Option<(u32, u32)> {
    let mut numbers = name.strip_prefix("GLIBC_")?.split('.');
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next().unwrap_or("0").parse().ok()?))
}

fn text(file: &[u8], start: usize) -> Option<String> {
    let bytes = file.get(start..)?;
    let end = bytes.iter().position(|byte| *byte == 0)?;
    String::from_utf8(bytes[..end].to_vec()).ok()
}

fn bytes<const N: usize>(file: &[u8], start: usize) -> Option<[u8; N]> {
    file.get(start..start.checked_add(N)?)?.try_into().ok()
}

fn half(file: &[u8], start: usize) -> Option<u16> {
    bytes(file, start).map(u16::from_le_bytes)
}

fn word(file: &[u8], start: usize) -> Option<u32> {
    bytes(file, start).map(u32::from_le_bytes)
}

fn long(file: &[u8], start: usize) -> Option<u64> {
    bytes(file, start).map(u64::from_le_bytes)
}

fn number(file: &[u8], start: usize) -> Option<usize> {
    usize::try_from(long(file, start)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_program_is_none() {
        for file in [&b""[..], b"#!/bin/sh\n", b"\x7fELF", &[0; 100]] {
            assert_eq!(Elf::read(file), None);
        }
    }

    /// The program that runs the tests is a program.
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    #[test]
    fn our_own_headers_are_read() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let elf = Elf::read(&own).unwrap();
        let interpreter = elf.interpreter.unwrap();
        assert!(std::path::Path::new(&interpreter).exists(), "{interpreter}");
        assert!(elf.libraries.contains(&"libc.so.6".to_owned()));
        assert!(elf.glibc.is_some_and(|version| version >= (2, 2)));
    }

    /// However a file is cut or changed, it is read or not, and nothing panics.
    #[cfg(target_os = "linux")]
    #[test]
    fn broken_headers_do_no_harm() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let start = &own[..own.len().min(4096)];
        for end in 0..start.len().min(1200) {
            let _ = Elf::read(&start[..end]);
            let mut changed = start.to_vec();
            changed[end] ^= 0xff;
            let _ = Elf::read(&changed);
        }
    }
}
