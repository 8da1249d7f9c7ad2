"""Whole numbers written with other digits (API-248)."""

from __future__ import annotations


class BaseConverter:
    """Writes and reads whole numbers with the digits it is given, the first of which is zero."""

    def __init__(self, digits: str) -> None:
        self.digits = digits

    def encode(self, i: int) -> str:
        """The number as text. Negative ones begin with `-`."""
        number, base = abs(int(i)), len(self.digits)
        if number == 0:
            return self.digits[0]
        text = ""
        while number:
            number, digit = divmod(number, base)
            text = self.digits[digit] + text
        return f"-{text}" if int(i) < 0 else text

    def decode(self, s: str) -> int:
        """The number that `encode` wrote; `ValueError` when a character is no digit."""
        text = str(s)
        number = 0
        for character in text.removeprefix("-"):
            number = number * len(self.digits) + self.digits.index(character)
        return -number if text.startswith("-") else number


#: Base two.
bin = BaseConverter("01")
#: Base sixteen, in capitals.
hexconv = BaseConverter("0123456789ABCDEF")
#: Base 62: times in cookies are written in it.
base62 = BaseConverter("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz")
