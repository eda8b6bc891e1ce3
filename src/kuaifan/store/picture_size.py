"""How large a picture says it is (照片尺寸): read from its first bytes, nothing is unpacked.

A file of a few kilobytes may claim to be a picture of gigabytes and take down whoever shows it.
"""

from __future__ import annotations

from typing import Final

MAX_PIXELS: Final = 60_000_000
"""No phone takes larger ones; unpacked they are 240 MB."""
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
JPEG_SIZES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xDA)})
"""Markers without a length."""
JPEG_SCAN: Final = 0xDA


def find_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG or WebP; None where its first bytes do not say."""
    if content.startswith(PNG_HEAD):
        return _two(content, 16, 4) if content[12:16] == b"IHDR" else None
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def is_too_large(content: bytes) -> bool:
    """Whether it says that it has more than MAX_PIXELS."""
    size = find_size(content)
    return size is not None and size[0] * size[1] > MAX_PIXELS


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - how a marker begins
        marker = content[at + 1]
        if marker in JPEG_SIZES:
            size = _two(content, at + 5, 2)
            return None if size is None else (size[1], size[0])
        if marker == JPEG_SCAN:
            return None
        at += 2 if marker in JPEG_BARE else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X" and len(content) >= 30:  # noqa: PLR2004 - its two numbers end there
        width = int.from_bytes(content[24:27], "little")
        return width + 1, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(content) >= 30:  # noqa: PLR2004 - the same
        width = int.from_bytes(content[26:28], "little") & 0x3FFF
        return width, int.from_bytes(content[28:30], "little") & 0x3FFF
    return None


def _two(content: bytes, at: int, n_bytes: int) -> tuple[int, int] | None:
    if len(content) < at + 2 * n_bytes:
        return None
    first, second = content[at : at + n_bytes], content[at + n_bytes : at + 2 * n_bytes]
    return int.from_bytes(first, "big"), int.from_bytes(second, "big")
