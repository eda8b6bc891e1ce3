"""Pages of a seat's tables (专席表页): rows that are read while the engine waits."""

import msgspec

from kuaifan.web.seat_rows import MAX_COUNTED, MAX_ROWS
from kuaifan.web.seats import Asked, page_of
from kuaifan.web.viewer import Viewer

EVERYTHING = Viewer("commander")


class Row(msgspec.Struct, frozen=True):
    """A row of a table (表行)."""

    row_id: str
    incident_id: str = ""
    desk_id: str = ""
    record_class: str = "ordinary"


def told(n_rows, skip=0):
    """A page of so many rows, and how many of them were read."""
    read = []

    def rows():
        for i in range(n_rows):
            read.append(i)
            yield Row(f"R{i}")

    return page_of(rows(), EVERYTHING, Asked(0, 0, "", skip)), len(read)


def test_a_short_table_is_counted_to_its_end():
    page, n_read = told(MAX_ROWS + 5)
    assert (len(page.rows), page.n_rows, n_read) == (MAX_ROWS, MAX_ROWS + 5, MAX_ROWS + 5)
    page, _ = told(MAX_ROWS + 5, skip=MAX_ROWS)
    assert [row.row_id for row in page.rows] == [f"R{MAX_ROWS + i}" for i in range(5)]


def test_of_a_year_of_cases_no_more_is_read_than_a_page_and_some():
    page, n_read = told(40_000, skip=MAX_ROWS)
    assert page.rows[0].row_id == f"R{MAX_ROWS}"
    assert page.n_rows == n_read == 2 * MAX_ROWS + MAX_COUNTED
