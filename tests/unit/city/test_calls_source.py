import gzip
import lzma

import pytest

from kuaifan.city.calls import CallsError
from kuaifan.city.calls_flags import BYTES_UNDECODABLE, COLUMNS_DIFFER, SPANS_LINES
from kuaifan.city.calls_source import read_source

PLAIN = b"when,what\n2024-01-01,43\n2024-01-02,44\n"


def read(path, data: bytes, encoding: str = "utf-8-sig"):
    path.write_bytes(data)
    return read_source(path, encoding=encoding, delimiter=",")


def test_plain_and_packed_sources_read_alike(tmp_path):
    tables = [
        read(tmp_path / "a.csv", PLAIN),
        read(tmp_path / "a.csv.gz", gzip.compress(PLAIN)),
        read(tmp_path / "a.csv.xz", lzma.compress(PLAIN)),
    ]
    assert all(table.columns == ("when", "what") for table in tables)
    assert all([row.line for row in table.rows] == [2, 3] for table in tables)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path, encoding):
    table = read(tmp_path / "a.csv", b"\xef\xbb\xbf" + PLAIN, encoding)
    assert table.columns == ("when", "what")


def test_chinese_column_names_read_in_gb18030(tmp_path):
    table = read(tmp_path / "a.csv", "时间,类别\n1,盗窃\n".encode("gb18030"), "gb18030")
    assert (table.columns, table.rows[0].cells) == (("时间", "类别"), ["1", "盗窃"])


def test_column_names_in_another_encoding_are_refused_with_the_cure(tmp_path):
    with pytest.raises(CallsError, match=r"state file\.encoding.*gb18030"):
        read(tmp_path / "a.csv", "时间,类别\n1,盗窃\n".encode("gb18030"))


def test_a_stray_byte_flags_its_row_and_stops_nothing(tmp_path):
    table = read(tmp_path / "a.csv", PLAIN + b"2024-01-03,\xff\n2024-01-04,45\n")
    assert [row.flags for row in table.rows] == [(), (), (BYTES_UNDECODABLE,), ()]


def test_rows_of_another_width_are_flagged_and_keep_their_line(tmp_path):
    table = read(tmp_path / "a.csv", b"a,b\n1\n\n1,2,3\n1,2\n")
    assert [(row.line, row.cells, row.flags) for row in table.rows] == [
        (2, ["1", ""], (COLUMNS_DIFFER,)),
        (4, ["1", "2"], (COLUMNS_DIFFER,)),
        (5, ["1", "2"], ()),
    ]
    assert table.n_blank_lines == 1


def test_a_record_over_several_lines_keeps_the_line_it_starts_on(tmp_path):
    table = read(tmp_path / "a.csv", b'a,b\n1,"x\ny"\n2,z\n')
    assert [(row.line, row.flags) for row in table.rows] == [(2, (SPANS_LINES,)), (4, ())]


def test_an_unclosed_quote_that_swallows_the_file_is_found_by_its_line(tmp_path):
    with pytest.raises(CallsError, match=r"from line 3 on.*unclosed quote"):
        read(tmp_path / "a.csv", b'a,b\n1,2\n1,"' + b"x,y\n" * 50_000)


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_a_packed_source_that_was_cut_is_refused(tmp_path, suffix):
    packed = {".gz": gzip.compress, ".xz": lzma.compress}[suffix](PLAIN * 1000)
    with pytest.raises(CallsError, match="damaged or cut short"):
        read(tmp_path / f"a.csv{suffix}", packed[: len(packed) // 2])


def test_a_name_that_lies_about_packing_is_refused(tmp_path):
    with pytest.raises(CallsError, match="cannot be unpacked"):
        read(tmp_path / "a.csv.gz", PLAIN)


@pytest.mark.parametrize("data", [b"", b"\n\n", b",,\n"])
def test_a_source_without_column_names_is_refused(tmp_path, data):
    with pytest.raises(CallsError, match="no line of column names"):
        read(tmp_path / "a.csv", data)


def test_a_source_without_rows_is_refused(tmp_path):
    with pytest.raises(CallsError, match="holds 0 rows"):
        read(tmp_path / "a.csv", b"a,b\n")


def test_a_source_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CallsError, match=r"nowhere\.csv: no such file"):
        read_source(tmp_path / "nowhere.csv", encoding="utf-8", delimiter=",")


def test_an_encoding_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(CallsError, match='cannot be read as "klingon"'):
        read(tmp_path / "a.csv", PLAIN, "klingon")
