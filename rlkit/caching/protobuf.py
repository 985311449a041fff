"""The outermost layer of a serialised protocol buffer, without its description."""

from __future__ import annotations

_LENGTHS = {1: 8, 5: 4}
"""Bytes that follow a tag of wire type 1 and 5: 64-bit and 32-bit numbers."""


def field_numbers(message: bytes) -> set[int]:
    """The numbers of the fields that a message has (https://protobuf.dev/programming-guides/encoding).

    Raises:
        ValueError: it does not end where its last field does, or is no message.
    """
    numbers: set[int] = set()
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        kind = tag & 7
        if kind == 0:
            _, place = _varint(message, place)
        elif kind == 2:
            length, place = _varint(message, place)
            place += length
        elif kind in _LENGTHS:
            place += _LENGTHS[kind]
        else:
            raise ValueError(f"wire type {kind} before byte {place}")
        numbers.add(tag >> 3)
    if place != len(message):
        raise ValueError(f"{len(message)} bytes where {place} are announced")
    return numbers


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """A number of base-128 digits, lowest first, and the place after it."""
    value = shift = 0
    while place < len(message) and shift < 70:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
    raise ValueError(f"no number ends before byte {place}")
