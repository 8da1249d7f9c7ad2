"""Both ways to speak MessagePack say the same."""

import math

import msgpack
import pytest

from datasette._host import packing

VALUES = [
    None,
    True,
    False,
    *[sign * (1 << bits) + more for bits in range(63) for sign in (1, -1) for more in (-1, 0, 1)],
    (1 << 64) - 1,
    -(1 << 63),
    0.0,
    -1.5,
    math.inf,
    "",
    "é" * 40,
    "x" * 300,
    "y" * 70_000,
    b"",
    b"\x00\xff" * 200,
    b"z" * 70_000,
    [],
    list(range(20)),
    [[None] * 70_000],
    {},
    {"a": {"b": [1, {"c": b"d"}]}, 1: 2},
    {str(number): number for number in range(70_000)},
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
def test_values(value):
    packed = msgpack.packb(value)
    assert packing.packb(value) == packed
    assert packing.unpackb(packed) == value
    assert packing.unpackb(memoryview(packed)) == value


def test_default_and_refusals():
    assert packing.packb({1j: 2j}, default=str) == msgpack.packb({"1j": "2j"})
    with pytest.raises(TypeError):
        packing.packb(object())
    with pytest.raises(OverflowError):
        packing.packb(1 << 64)
    for nonsense in (b"\xc1", b"\x92\x01", b"\xa5abc", b"\x01\x02"):
        with pytest.raises((ValueError, IndexError)):
            packing.unpackb(nonsense)
