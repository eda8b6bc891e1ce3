"""The checklist of the daily review (日评查清单): each rule has what trips it and what does not."""

import msgspec
import pytest
from toy_city import DOMESTIC, FIGHT, JAM, LOCKSMITH, START_MS, UNITS, Desk, corner

from kuaifan.board.items import ItemKind, open_item
from kuaifan.seats.daily_clearing.checklist import RULES, RULES_BY_CODE, Look, explain, list_hits
from kuaifan.seats.daily_clearing.kinds import UNCLEARED
from kuaifan.seats.daily_clearing.papers import Case, DailyClearing
from kuaifan.seats.daily_clearing.words import LinkCameraFile
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.item import Owner
from kuaifan.vocabulary.letter import WarningLetter

NINE_MS = START_MS + 96_400_000
STORY = "双方因停车口角，当场制止并登记"
CALL_BACK = ItemKind(
    seat_id="callback",
    kind="call",
    title_zh="回访",
    title_en="call-back",
    steps={"due": ("closed",)},
    words={"due": ("待回访", "due")},
    outcomes={"done": ("已回访", "done")},
)
assert UNCLEARED.seat_id != CALL_BACK.seat_id


@pytest.fixture(name="clean", scope="module")
def fixture_clean():
    """A fight to which everybody did what they should; J1 with order J1-1."""
    desk = Desk()
    desk.on_duty(*UNITS)
    incident_id = desk.opened(FIGHT, corner(4, 2))
    order_id = desk.sent(incident_id, "P1", at_s=30)
    desk.do(orders.AcknowledgeOrder(order_id=order_id), at_s=45)
    desk.do(orders.ReportEnRoute(order_id=order_id), at_s=50)
    desk.fix("P1", *corner(4, 2), at_s=200)
    desk.do(orders.ReportArrival(order_id=order_id), at_s=201)
    desk.do(orders.ReportHandled(order_id=order_id), at_s=900)
    given = orders.GiveFeedback(
        order_id=order_id,
        incident_id=incident_id,
        disposition="mediated",
        story=STORY,
        parties=(orders.Party(role="caller", name="赵敏"),),
    )
    desk.do(given, at_s=1_200)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    desk.board.seats["daily_clearing"].camera[order_id] = "REC-1"
    return desk


def look_at(desk, *, order=None, incident=None, papers=None, type_code=None):
    """What the rules look at, with some facts other than they were."""
    was = desk.board.incidents["J1"]
    more = dict(incident or {})
    if type_code:
        more |= {"type_code": type_code, "final_type_code": type_code}
    made = msgspec.structs.replace(was, **more)
    order = msgspec.structs.replace(desk.board.orders["J1-1"], **(order or {}))
    kept = papers or desk.board.seats["daily_clearing"]
    return Look(desk.board, kept, made, [order], NINE_MS)


def with_case(*, has_receipt):
    """What the seat keeps of J1 once it is a case."""
    case = Case(
        case_id="C1",
        incident_id="J1",
        kind="public_order",
        number="A-17",
        officer="o",
        item_id="W1",
        accepted_at_ms=START_MS,
        desk_id="city",
        record_class="ordinary",
        receipt_at_ms=START_MS if has_receipt else 0,
    )
    return DailyClearing(cases={"C1": case}, cases_of={"J1": ["C1"]}, camera={"J1-1": "x"})


LATER = {"t4_ms": START_MS + 90_000, "t5_ms": START_MS + 100_000}
LETTER = WarningLetter(issued=False, reason="情节轻微")
TRIPPED = {
    "type": {"incident": {"first_type_code": JAM}},
    "place": {"order": {"told_lat": corner(4, 6)[0], "told_lon": corner(4, 6)[1]}},
    "first_order": {"order": {"t4_ms": START_MS + 3_600_000, "t5_ms": START_MS + 3_605_000}},
    "signed": {"order": {"t5_ms": START_MS + 70_000}},
    "arrival": {"order": {"t7_gps_ms": 0, "t7_source": "button"}},
    "officers": {"order": {"n_crew": 1}},
    "camera": {"papers": DailyClearing()},
    "feedback_time": {"order": {"t9_ms": START_MS + 2_800_000}},
    "feedback_whole": {"order": {"story": "已处理"}},
    "letter": {"type_code": DOMESTIC, "incident": {"record_class": "restricted"}},
    "receipt": {"papers": with_case(has_receipt=False)},
    "filed": {"order": {"disposition": "case_opened"}},
    "merge": {"incident": {"duplicate_ids": ["J9"]}},
    "privacy": {"type_code": DOMESTIC, "order": {"letter": LETTER}},
}
KEPT = {
    "type": {"incident": {"first_type_code": FIGHT}},
    "place": {"order": {"told_lat": corner(4, 2)[0], "told_lon": corner(4, 2)[1]}},
    "first_order": {"order": LATER, "incident": {"found_by_unit_id": "P1"}},
    "signed": {"order": {"t5_ms": START_MS + 60_000}},
    "arrival": {"order": {"t7_gps_ms": 0, "t7_source": "paper"}},
    "officers": {"order": {"n_crew": 2}},
    "camera": {"order": {"t9_ms": 0, "t8_ms": NINE_MS, "state": "handled"}},
    "feedback_time": {"order": {"t9_ms": START_MS + 2_700_000}},
    "feedback_whole": {"order": {"parties": (), "disposition": "gone"}},
    "letter": {
        "type_code": DOMESTIC,
        "order": {"letter": LETTER},
        "incident": {"record_class": "restricted"},
    },
    "receipt": {"papers": with_case(has_receipt=True)},
    "filed": {
        "order": {"disposition": "case_opened"},
        "papers": with_case(has_receipt=True),
    },
    "merge": {"incident": {"duplicate_ids": []}},
    "privacy": {"type_code": JAM},
}


def test_nothing_is_found_where_everything_was_done(clean):
    assert list_hits(look_at(clean)) == []


@pytest.mark.parametrize("code", TRIPPED)
def test_a_rule_finds_what_it_is_for_and_says_it(clean, code):
    hit = RULES_BY_CODE[code].check(look_at(clean, **TRIPPED[code]))
    assert hit is not None
    assert hit.rule == code
    for words in explain(hit):
        assert words
        assert "{" not in words


@pytest.mark.parametrize("code", KEPT)
def test_a_rule_is_silent_where_there_is_nothing(clean, code):
    assert RULES_BY_CODE[code].check(look_at(clean, **KEPT[code])) is None


def test_each_rule_of_the_checklist_is_tried_both_ways():
    assert TRIPPED.keys() == KEPT.keys() == RULES_BY_CODE.keys() - {"call_back"}
    assert len(RULES) == len(RULES_BY_CODE)


def test_an_overdue_call_back_is_found_and_one_that_is_not_due_is_not():
    desk = Desk()
    incident_id = desk.opened(LOCKSMITH)
    opened = open_item(
        desk.board,
        CALL_BACK,
        owner=Owner("seat", "callback"),
        due_at_ms=NINE_MS,
        incident_id=incident_id,
    )
    desk.rules.fold(desk.board, opened, START_MS)
    incident, papers = desk.board.incidents[incident_id], desk.board.seats["daily_clearing"]
    rule = RULES_BY_CODE["call_back"]
    assert rule.check(Look(desk.board, papers, incident, [], NINE_MS)) is None
    late = rule.check(Look(desk.board, papers, incident, [], NINE_MS + 1))
    assert late.was == opened.item_id
    assert "回访" in explain(late)[0]


def test_what_was_merged_far_apart_or_long_after_is_found():
    desk = Desk()
    near = desk.opened(FIGHT, corner(4, 2))
    for place, at_s, is_found in (
        (corner(4, 2), 60, False),
        (corner(4, 7), 120, True),
        (corner(4, 2), 3_600, True),
    ):
        child = desk.opened(FIGHT, place, at_s=at_s)
        desk.do(incidents.MergeIncident(incident_id=child, into_incident_id=near))
        papers = desk.board.seats["daily_clearing"]
        incident = desk.board.incidents[child]
        hit = RULES_BY_CODE["merge"].check(Look(desk.board, papers, incident, [], NINE_MS))
        assert (hit is not None) == is_found


def test_a_rule_that_the_city_does_not_use_finds_nothing(clean):
    papers = msgspec.structs.replace(
        DailyClearing(), terms=msgspec.structs.replace(DailyClearing().terms, rules_off=("camera",))
    )
    assert list_hits(look_at(clean, papers=papers)) == []


def test_a_camera_file_belongs_to_an_attendance():
    desk = Desk()
    desk.on_duty(*UNITS)
    incident_id = desk.opened(FIGHT, corner(4, 2))
    order_id = desk.sent(incident_id, "P1")
    named = {"order_id": order_id, "reference": "REC-7", "by": "刘洋"}
    assert desk.code(LinkCameraFile(incident_id=incident_id, **named)) == "not_on_scene"
    assert desk.code(LinkCameraFile(incident_id="J9", **named)) == "wrong_incident"
    desk.fix("P1", *corner(4, 2))
    desk.do(orders.ReportArrival(order_id=order_id))
    desk.do(LinkCameraFile(incident_id=incident_id, **named))
    assert desk.code(LinkCameraFile(incident_id=incident_id, **named)) == "linked_already"
