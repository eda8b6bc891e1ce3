"""A file is replaced whole or not at all, and no draft of it stays."""

import pytest

from kuaifan.kernel.whole_file import replace_file


def test_a_file_is_made_and_replaced(tmp_path):
    path = tmp_path / "head"
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["head"]


def test_what_cannot_be_put_in_its_place_leaves_everything_as_it_was(tmp_path):
    path = tmp_path / "taken"
    path.mkdir()
    (path / "kept").touch()
    with pytest.raises(OSError, match="taken"):
        replace_file(path, b"one")
    assert [each.name for each in tmp_path.rglob("*")] == ["taken", "kept"]
