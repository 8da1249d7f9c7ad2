//! The property `allow_block` for libFuzzer.
#![no_main]

#[path = "../properties/access/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each target checks one property")]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::allow_block(data));
