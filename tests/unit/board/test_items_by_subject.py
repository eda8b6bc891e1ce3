"""Items are found by what of a seat's own they are about (事项索引), after a snapshot too."""

from toy_city import FIGHT, START_MS, Desk, corner

from kuaifan.board.items import ItemKind, find_item, list_items, open_item
from kuaifan.kernel.journal import State
from kuaifan.vocabulary.item import Owner


def kind_of(name):
    return ItemKind(
        seat_id="s",
        kind=name,
        title_zh="事",
        title_en="thing",
        steps={"open": ("closed",)},
        words={"open": ("办理中", "open")},
        outcomes={"done": ("已办", "done")},
    )


ONE, OTHER = kind_of("one"), kind_of("other")


def opened(desk, kind, incident_id, subject_id):
    event = open_item(
        desk.board,
        kind,
        owner=Owner("seat", "s"),
        due_at_ms=START_MS + 60_000,
        incident_id=incident_id,
        subject_id=subject_id,
    )
    desk.rules.fold(desk.board, event, START_MS)
    return event.item_id


def test_an_item_is_found_by_its_seat_kind_and_subject_until_it_is_closed():
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    first, second = (opened(desk, each, incident_id, "a") for each in (ONE, OTHER))
    assert find_item(desk.board, ONE, "a").item_id == first
    assert find_item(desk.board, OTHER, "a").item_id == second
    assert find_item(desk.board, ONE, "b") is None
    assert [each.item_id for each in list_items(desk.board, "s", "a")] == [first, second]
    again = State(desk.empty_board())
    again.board.load(desk.board.snapshot())
    assert again.board.items_about == desk.board.items_about
