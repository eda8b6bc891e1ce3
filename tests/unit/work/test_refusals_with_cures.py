"""Nine refusals of the seats (拒绝): each at its rule changes nothing, and names thing and cure."""

import msgspec
import pytest
from fraud_acts import mine_of as fraud_of
from fraud_acts import reported, transfer
from seat_life import handled
from toy_city import BURGLARY, DOMESTIC, START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.kernel.message import Refused
from kuaifan.seats.anti_fraud.case_rules import MAX_ACCOUNTS
from kuaifan.seats.daily_clearing import words as daily
from kuaifan.seats.daily_clearing import words_case as cases
from kuaifan.seats.daily_clearing import words_check as checks
from kuaifan.seats.enterprise import words as enterprise
from kuaifan.seats.enterprise.papers import Enterprise, Firm
from kuaifan.seats.enterprise.register_rules import MAX_FIRMS, check_firm
from kuaifan.seats.school import words as school
from kuaifan.vocabulary import complaint, item
from kuaifan.vocabulary import phone as phones

COMPLAINT = "090102"
WHO = {"by": "王警官"}
DAY = day_of(START_MS)
LAT, LON = corner(4, 2)
FIRM = {"kind": "firm", "leader": "甲", "chief": "乙", "officer": "丙", **WHO}
HEAD = "kind,name,lat,lon,radius_m,phones,leader,chief,officer"
PLACE = {"lat": LAT, "lon": LON, "radius_m": 150}


def local_s(day, hour):
    return (start_of_day(day) - START_MS) / 1_000 + hour * 3_600


def register_full(desk):
    lines = [f"firm,企业{n},{LAT},{LON},100,,甲,乙,丙" for n in range(MAX_FIRMS)]
    for half in (lines[::2], lines[1::2]):
        desk.do(enterprise.ImportFirms(table="\n".join([HEAD, *half]), **WHO))
    assert len(desk.board.seats["enterprise"].firms) == MAX_FIRMS
    return enterprise.AddFirm(name="再一家", **FIRM, **PLACE)


def too_many_accounts(desk):
    incident_id = reported(desk)
    for n in range(MAX_ACCOUNTS):
        assert desk.do(transfer(incident_id, number=f"62170000{n:04}")).refusal is None
    assert len(fraud_of(desk).cases[incident_id].account_ids) == MAX_ACCOUNTS
    return transfer(incident_id, number="999988887777")


def no_school_today(desk):
    gate = school.Gate(gate_id="G1", name="北门", lat=LAT, lon=LON)
    contact = school.Contact(place="门卫室", phone="0554-2660110")
    one = {"name": "一小", "kind": "primary", "plan": "封闭校门", "contacts": (contact,)}
    desk.do(school.RegisterSchool(school_id="X1", gates=(gate,), **one, **WHO))
    desk.do(school.SetSchoolCalendar(first_day="2023-09-01", last_day="2024-01-20", **WHO))
    post = {"school_id": "X1", "gate_id": "G1", "owner_kind": "desk", "owner_id": "city"}
    desk.do(school.AddGuardPost(post_id="H1", periods=("morning",), **post, **WHO))
    saturday = next(day for day in range(DAY + 1, DAY + 9) if (day + 3) % 7 == 5)
    desk.run_until(local_s(saturday, 7.5))
    return school.CheckInGuard(post_id="H1", n_officers=2, **WHO)


def already_checked(desk):
    desk.do(daily.RunDailyClearing(day=DAY), at_s=local_s(DAY + 1, 9))
    desk.run_until(local_s(DAY + 1, 10))
    assert desk.board.seats["daily_clearing"].days[DAY].is_checked
    return checks.CheckDay(day=DAY)


def complained_of(desk):
    incident_id = desk.opened(COMPLAINT, corner(4, 4))
    desk.do(complaint.NameComplainedOf(incident_id=incident_id, unit_ids=("P1",)))
    to = item.Owner("unit", "P1")
    due_at_ms = START_MS + 3_600_000
    return item.GiveTask(incident_id=incident_id, text="补录像", to=to, due_at_ms=due_at_ms, **WHO)


def never_mediated(desk):
    incident_id = desk.opened(DOMESTIC, corner(4, 2))
    about = {"kind": "public_order", "number": "A-7", "officer": "刘洋"}
    linked = desk.do(cases.LinkCase(incident_id=incident_id, **about, **WHO))
    case_id = next(each.case_id for each in linked.events if hasattr(each, "case_id"))
    desk.do(cases.GiveCaseReceipt(case_id=case_id, **WHO))
    assert desk.do(cases.FileCase(case_id=case_id, **WHO)).refusal is None
    return cases.EndCase(case_id=case_id, outcome="mediated", **WHO)


def no_reference(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 2))
    handled(desk, incident_id)
    [order_id] = desk.board.incidents[incident_id].order_ids
    return daily.LinkCameraFile(incident_id=incident_id, order_id=order_id, reference=" ", **WHO)


def no_recording(desk):
    return phones.AttachRecording(call_id=desk.rang(), reference=" ")


SCENES = [
    (register_full, ("5000 家", "撤出"), ("5000 firms", "retire")),
    (too_many_accounts, ("J1", "200 个账户", "另立"), ("J1", "200 accounts", "open another")),
    (no_school_today, ("H1", "2023-11-18", "校历"), ("H1", "2023-11-18", "calendar")),
    (already_checked, ("2023-11-15", "补查"), ("2023-11-15", "defect")),
    (complained_of, ("P1", "J1", "另定责任人"), ("P1", "J1", "another owner")),
    (never_mediated, ("A-7", "家庭暴力", "改选"), ("A-7", "violence", "another way")),
    (no_reference, ("J1-1", "须填写", "编号"), ("J1-1", "number", "camera")),
]


def kept(desk):
    """What the desk holds, besides the number of its last record."""
    board = desk.board
    timers = desk.engine.state.timers.save()
    tables = (board.seats, board.items, board.incidents, board.calls, board.orders, timers)
    return [msgspec.msgpack.encode(each) for each in tables]


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2")
    return desk


@pytest.mark.parametrize(
    ("scene", "zh", "en"), [pytest.param(*each, id=each[0].__name__) for each in SCENES]
)
def test_each_of_these_changes_nothing_and_says_what_and_what_now(desk, scene, zh, en):
    command = scene(desk)
    before = kept(desk)
    record = desk.do(command)
    assert record.refusal is not None, record.events
    assert record.refusal.code == scene.__name__
    assert record.events == ()
    assert kept(desk) == before
    assert [each for each in zh if each not in record.refusal.reason_zh] == []
    assert [each for each in en if each not in record.refusal.reason_en] == []
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.mark.parametrize(
    ("code", "lat", "radius_m", "zh", "en"),
    [
        ("bad_place", 95.0, 150, "95, 117", "latitudes are -90 to 90"),
        ("bad_place", float("nan"), 150, "nan, 117", "longitudes -180 to 180"),
        ("bad_radius", 32.6, 3_001, "10–3000 米", "10 to 3000 m, not 3001"),
        ("bad_radius", 32.6, 9, "不能是 9 米", "is 10 to 3000 m, not 9"),
    ],
)
def test_a_firm_lies_somewhere_and_reaches_so_far(desk, code, lat, radius_m, zh, en):
    always = {"valid_from_ms": 0, "valid_to_ms": 0}
    more = {**always, "ring": (), "phones": (), "leader": "甲", "chief": "乙", "officer": "丙"}
    firm = Firm(
        firm_id="F1", kind="firm", name="远厂", lat=lat, lon=117.0, radius_m=radius_m, **more
    )
    with pytest.raises(Refused) as caught:
        check_firm(Enterprise(), firm)
    assert caught.value.code == code
    for name_and_cure, told in ((zh, caught.value.reason_zh), (en, caught.value.reason_en)):
        assert [each for each in ("远厂", name_and_cure) if each not in told] == []
    # A form cannot say so: it comes in by a table, of which then nothing is taken.
    before = kept(desk)
    table = (
        f"{HEAD}\nfirm,近厂,32.6,117.0,150,,甲,乙,丙\nfirm,远厂,{lat},117.0,{radius_m},,甲,乙,丙"
    )
    record = desk.do(enterprise.ImportFirms(table=table, **WHO))
    assert (record.refusal.code, record.events) == ("bad_line", ())
    assert zh in record.refusal.reason_zh
    assert kept(desk) == before


def test_a_recording_without_a_name_is_refused_by_its_call(desk):
    command = no_recording(desk)
    no = desk.do(command).refusal
    assert (no.code, command.call_id in no.reason_zh, command.call_id in no.reason_en) == (
        *("no_reference", True, True),
    )
