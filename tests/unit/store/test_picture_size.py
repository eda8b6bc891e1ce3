"""How large a picture says it is (照片尺寸)."""

import hashlib

import pytest

from kuaifan.kernel.message import Refused
from kuaifan.store.photos import PhotoNote, _check
from kuaifan.store.picture_size import find_size, is_too_large

WIDE, HIGH = 40_000, 30_000


def png(width, height):
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + size + b"\x08\x02\x00\x00\x00"


def jpeg(width, height):
    about = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    size = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return b"\xff\xd8" + about + b"\xff\xc2\x00\x11\x08" + size + b"\x03" + bytes(9)


def webp(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00" + size


@pytest.mark.parametrize("make", [png, jpeg, webp])
def test_a_picture_says_its_size_in_its_first_bytes(make):
    assert find_size(make(1_600, 1_200)) == (1_600, 1_200)
    assert not is_too_large(make(1_600, 1_200))
    assert is_too_large(make(9_000, 9_000))


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", png(1, 1)[:20], b"RIFF0000WEBPVP8X"])
def test_what_says_no_size_is_none_and_no_error(content):
    assert find_size(content) is None


def test_a_small_file_that_claims_to_be_huge_is_refused_in_words():
    content = png(WIDE, HIGH)
    note = PhotoNote(
        photo_id="p1234567",
        order_id="o",
        owner="incident:1",
        sha256=hashlib.sha256(content).hexdigest(),
        n_bytes=len(content),
        kind="image/png",
        device_at_ms=0,
    )
    with pytest.raises(Refused) as told:
        _check(note, content)
    assert told.value.code == "too_many_pixels"
