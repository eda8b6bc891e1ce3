"""Items that only some roles are shown (限读事项): on no screen of others, not by number."""

import msgspec
import pytest
from toy_city import FIGHT, Desk, corner

from kuaifan.board.items import ItemKind, open_item
from kuaifan.board.views import Views
from kuaifan.vocabulary.item import GiveTask, ItemClosed, Owner
from kuaifan.web.case_scope import Whose, reaches
from kuaifan.web.people import Visitor
from kuaifan.web.timeline import Teller
from kuaifan.web.viewer import Viewer

READERS = ("dv_officer",)


def viewer(role):
    return Viewer(role, "", "city", Visitor(name=role, roles=(role,), desk_id="city", session="s"))


@pytest.mark.parametrize(("role", "sees"), [("dv_officer", True), ("dispatcher", False)])
def test_an_item_of_a_kind_with_readers_is_shown_to_them_alone(role, sees):
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    to, due = Owner("person", "王"), desk.engine.state.head.at_ms + 60_000
    told = desk.do(
        GiveTask(incident_id=incident_id, text="看一看", to=to, due_at_ms=due, by="李")
    ).events[0]
    desk.board.items[told.item_id].readers = READERS
    views = Views()
    views.load(desk.board, due, {})
    shown = views.rows["items", told.item_id]
    assert viewer(role).sees(shown) is sees
    assert reaches(viewer(role), Whose(desk_ids=("city",), readers=shown.readers)) is sees


def test_a_kind_hands_its_readers_to_its_items():
    kind = ItemKind(
        seat_id="s",
        kind="k",
        title_zh="事",
        title_en="thing",
        steps={"open": ("closed",)},
        words={"open": ("办理中", "open")},
        outcomes={"done": ("已办", "done")},
        readers=READERS,
    )
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    opened = open_item(
        desk.board, kind, owner=Owner("seat", "s"), due_at_ms=1, incident_id=incident_id
    )
    assert opened.readers == READERS
    # Nor does the incident's timeline tell of it, or of what comes of it.
    closed = ItemClosed(item_id=opened.item_id, outcome="done", by="s", incident_id=incident_id)
    for role, sees in (("dv_officer", True), ("dispatcher", False)):
        teller = Teller(desk.reference, viewer(role))
        assert [bool(teller.tell(each)) for each in (opened, closed)] == [sees, sees]
    assert b'"readers"' in msgspec.json.encode(opened)
    plain = open_item(
        desk.board,
        msgspec.structs.replace(kind, readers=()),
        owner=Owner("seat", "s"),
        due_at_ms=1,
        incident_id=incident_id,
    )
    assert b'"readers"' not in msgspec.json.encode(plain)
