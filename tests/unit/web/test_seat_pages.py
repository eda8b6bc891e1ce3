"""Pages of a seat's tables (专席表页): rows that are read while the engine waits."""

import msgspec
from toy_city import DOMESTIC, FIGHT, Desk, corner

from kuaifan.app.rules import new_board
from kuaifan.board.case_class import class_of_case
from kuaifan.board.fold_kinship import incident_retired
from kuaifan.vocabulary.incident import UpdateIncident
from kuaifan.vocabulary.kinship import IncidentRetired
from kuaifan.web.people import Visitor
from kuaifan.web.seat_rows import MAX_COUNTED, MAX_ROWS
from kuaifan.web.seats import Asked, page_of
from kuaifan.web.viewer import Viewer

EVERYTHING = Viewer("commander")
EMPTY = Desk().board


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

    return page_of(EMPTY, rows(), EVERYTHING, Asked(0, 0, "", skip)), len(read)


def test_a_short_table_is_counted_to_its_end():
    page, n_read = told(MAX_ROWS + 5)
    assert (len(page.rows), page.n_rows, n_read) == (MAX_ROWS, MAX_ROWS + 5, MAX_ROWS + 5)
    page, _ = told(MAX_ROWS + 5, skip=MAX_ROWS)
    assert [each.row.row_id for each in page.rows] == [f"R{MAX_ROWS + i}" for i in range(5)]


def test_of_a_year_of_cases_no_more_is_read_than_a_page_and_some():
    page, n_read = told(40_000, skip=MAX_ROWS)
    assert page.rows[0].row.row_id == f"R{MAX_ROWS}"
    assert page.n_rows == n_read == 2 * MAX_ROWS + MAX_COUNTED


def test_a_row_whose_case_has_become_restricted_is_masked_whatever_its_seat_kept():
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    visitor = Visitor(name="wu", roles=("minors_officer",), desk_id="city", session="s")
    viewer = Viewer("minors_officer", "", "city", visitor)

    desk_id = desk.board.incidents[incident_id].desk_id

    def is_shown():
        row = Row("R1", incident_id=incident_id, desk_id=desk_id)
        page = page_of(desk.board, [row], viewer, Asked(0, 0, "", 0))
        return [viewer.sees_personal_of(each) for each in page.rows]

    assert is_shown() == [True]
    desk.do(UpdateIncident(incident_id=incident_id, type_code=DOMESTIC))
    assert is_shown() == [False]
    incident_retired(desk.board, IncidentRetired(incident_id), 0)
    assert is_shown() == [False]
    loaded = new_board(desk.board.city)
    loaded.load(desk.board.snapshot())
    assert class_of_case(loaded, incident_id) == "domestic_violence"
    assert class_of_case(loaded, "J9") == "ordinary"
