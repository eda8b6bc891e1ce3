"""Photos beside the log: what nobody went on with is thrown away, whole ones stay."""

import os

import pytest

from kuaifan.kernel.message import Refused
from kuaifan.store.photos import KEPT_S, PhotoNote, PhotoStore


def note(photo_id, order_id="J1-1"):
    return PhotoNote(
        photo_id=photo_id,
        order_id=order_id,
        owner="incident:J1",
        sha256="0" * 64,
        n_bytes=10,
        kind="image/jpeg",
        device_at_ms=0,
    )


def test_what_was_begun_long_ago_is_thrown_away_though_no_byte_came(tmp_path):
    store = PhotoStore(tmp_path)
    for photo_id in ("empty", "whole"):
        store.begin(note(photo_id))
    (tmp_path / "whole.photo").write_bytes(b"")
    for path in tmp_path.iterdir():
        long_ago_s = path.stat().st_mtime - KEPT_S - 1
        os.utime(path, (long_ago_s, long_ago_s))
    again = PhotoStore(tmp_path)
    again.begin(note("new"))
    assert again.find("empty") is None
    assert again.find("whole") is not None
    assert again.list_under_way("J1-1") == {"new"}


def test_a_photo_that_is_not_whole_cannot_be_finished_and_stays(tmp_path):
    store = PhotoStore(tmp_path)
    store.begin(note("half"))
    with pytest.raises(Refused) as refused:
        store.finish(note("half"), None)
    assert refused.value.code == "not_whole"
    assert store.find("half") is not None
