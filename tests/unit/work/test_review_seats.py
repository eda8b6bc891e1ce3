"""Papers of the special seats leave the board, and come back (专席归档): every seat with some.

One life for all: people at every seat act for months, incidents are closed and retired, and each
night the seats are swept. What is left is alive; what left stands in the read tables, and back.
"""

from copy import deepcopy

import msgspec
import pytest
from complaint_acts import log
from hotline_acts import offered
from mediation_acts import keep_mediator, keep_room, opened
from seat_life import closed, handled, live
from toy_city import START_MS, Desk, corner, image

from kuaifan.app.rules import installed_plugins
from kuaifan.board.seat_archive import list_over, read_retires, read_stored
from kuaifan.kernel.message import StartEngine
from kuaifan.kernel.personal import ERASED
from kuaifan.seats.anti_fraud.ledger import STATES
from kuaifan.seats.callback.papers import Agreement
from kuaifan.seats.callback.words import SetCallBackTerm
from kuaifan.seats.complaints.words import ComplaintRetired
from kuaifan.seats.domestic_violence.words import (
    CloseHousehold,
    EndReferral,
    ReceiveReferral,
    RecordScreening,
    ReferHousehold,
    RejectViolence,
)
from kuaifan.seats.enterprise.words import AddFirm
from kuaifan.seats.hotline.words import TicketRetired
from kuaifan.seats.mediation.words import MediationRetired
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.call import AnswerCall, HangUpCall
from kuaifan.vocabulary.seat_archive import (
    RecallSeatPapers,
    RetireSeatPapers,
    SeatPaper,
    SeatPaperRecalled,
    SeatPaperRetired,
    SeatPapersSwept,
)
from kuaifan.work.review_seats import AT_ONCE

D, H = 86_400, 3_600
NEIGHBOURS, BEATEN, FAMILY, DOMESTIC = "060103", "020102", "060101", "020103"
PAYABLE, COLD, DISSUADE, LAMP = "010301", "010302", "010303", "100102"
TYPES = (NEIGHBOURS, BEATEN, FAMILY, DOMESTIC, PAYABLE, COLD, DISSUADE, LAMP)
COMPLAINTS = ("complaints", "complaints")
RULES = read_retires(installed_plugins())
SEATS = [each for each in installed_plugins() if each.kind == "seats"]
ACTORS = {}
for seat in SEATS:
    for event, act in seat.actors.items():
        ACTORS.setdefault(event, []).append(act)


def everybody(event):
    """Everybody at any seat who answers to an event."""
    return lambda *told: (each for act in ACTORS[event] for each in act(*told))


def rang_and_opened(desk, type_code, n):
    """An incident of a call, at a firm's door now and then."""
    call_id = desk.rang(caller_number=f"1390000{n:04}", at_s=n * H)
    desk.do(AnswerCall(call_id=call_id, seat_id="1"))
    lat, lon = corner(n % 8, 2)
    opened = incidents.OpenIncident(
        type_code=type_code, call_id=call_id, lat=lat, lon=lon, address=f"前卫街 {n} 号"
    )
    record = desk.do(opened)
    desk.do(HangUpCall(call_id=call_id))
    return record


@pytest.fixture(name="lived", scope="module")
def fixture_lived():
    """A desk after 150 days, and what came of it."""
    desk, begun = Desk(), []
    desk.do(StartEngine(build="b", plugins=(), city_hash="c"))
    desk.on_duty("P1")
    desk.do(keep_room())
    desk.do(keep_mediator())
    desk.do(SetCallBackTerm(name="sample_permille", value=1000, by="Li"))
    three = {"leader": "王局", "chief": "李所", "officer": "张警", "phone": "0555-2000001"}
    lat, lon = corner(4, 2)
    desk.do(AddFirm(name="宏远", kind="firm", radius_m=150, lat=lat, lon=lon, by="Li", **three))
    for n in range(3 * len(TYPES)):
        type_code = TYPES[n % len(TYPES)]
        begun.append(rang_and_opened(desk, type_code, n))
        how = "settled" if type_code == DOMESTIC else "mediated"
        begun.append(handled(desk, begun[-1].events[0].incident_id, disposition=how))
    begun.append(desk.do(log()))
    kinds = [kind for seat in SEATS for kind in getattr(seat.declaration, "kinds", ())]
    actors = {event: everybody(event) for event in ACTORS}
    seen = live(desk, actors, kinds, begun, until_s=30 * D)
    begun = [each for about in list(desk.board.incidents) for each in closed(desk, about)]
    seen += live(desk, actors, [], begun, until_s=60 * D)
    desk.run_until(150 * D)
    return desk, seen


def left(desk):
    """Every paper that left, by its place."""
    found = [e.paper for r in desk.journal.records for e in r.events if _is_retired(e)]
    return {(each.seat_id, each.table, each.paper_id): each for each in found}


def _is_retired(event):
    return isinstance(event, SeatPaperRetired)


def test_what_is_left_is_alive_and_what_left_is_of_no_incident_on_the_board(lived):
    desk, _ = lived
    assert {seat for seat, _, _ in left(desk)} >= {"mediation", "anti_fraud", "callback"}
    assert not list(list_over(desk.board, RULES, desk.inbox.now_ms()))
    for seat_id, tables in RULES.items():
        owed = {i.subject_id for i in desk.board.items.values() if i.seat_id == seat_id}
        for table, rule in tables.items():
            for paper_id, paper in getattr(desk.board.seats[seat_id], table).items():
                whose = rule.whose(desk.board.seats[seat_id], paper_id, paper)
                assert (
                    whose.incident_id in desk.board.incidents
                    or paper_id in owed
                    or not rule.is_over(desk.board, paper, desk.inbox.now_ms())
                ), paper


def test_a_replay_of_the_log_gives_the_same_board(lived):
    desk, _ = lived
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_the_ledger_balances_with_its_opening_balance(lived):
    fraud = lived[0].board.seats["anti_fraud"]
    assert fraud.opening.lost > 0
    for state in STATES:
        standing = sum(each.ledger.of(state) for each in fraud.accounts.values())
        assert fraud.opening.of(state) + standing == fraud.total.of(state)


def test_each_paper_that_left_stands_whole_in_the_read_tables_with_its_class(lived):
    desk, _ = lived
    for (seat_id, table, paper_id), paper in left(desk).items():
        row_id = f"{paper.incident_id}/{seat_id}/{table}/{paper_id}"
        scope, body = desk.journal.tables["seat_papers", row_id]
        assert msgspec.msgpack.decode(body, type=SeatPaper) == paper
        assert scope.record_class == paper.record_class
        read_stored(type(desk.board.seats[seat_id]), paper)
    classes = {p.record_class for (_, table, _), p in left(desk).items() if table == "screened"}
    assert classes == {"domestic_violence"}


def test_no_personal_text_stands_among_the_facts(lived):
    names = {"张", "李", "王"}
    desk, seen = lived
    parties = {e.party_a for e in seen if hasattr(e, "party_a")}
    assert parties
    for paper in left(desk).values():
        assert not any(each in paper.facts for each in parties | names if len(each) > 1), paper
        for text in paper.texts:
            assert text.incident_id == paper.incident_id


def test_to_retire_and_to_recall_gives_what_there_was_and_moves_no_figure(lived):
    """On a board of before: every table as it was, but for the order of its papers."""
    past = Desk()
    records = lived[0].journal.items
    cut = next(i for i, r in enumerate(records) if _n_retired(r))
    past.journal.items = list(records[:cut])
    board, rules = past.rebuilt().board, past.rules
    before = deepcopy(board.seats)
    leaving = [e for e in records[cut].events if _is_retired(e)]
    for event in leaving:
        rules.fold(board, event, records[cut].at_ms)
    for seat_id, mine in board.seats.items():
        assert getattr(mine, "tally", None) == getattr(before[seat_id], "tally", None)
    assert board.seats != before
    gone = deepcopy(board.seats)
    for event in leaving:
        assert event.paper.paper_id not in getattr(gone[event.paper.seat_id], event.paper.table)
        rules.fold(board, SeatPaperRecalled(event.incident_id, event.paper), records[cut].at_ms)
    assert board.seats == before


def _n_retired(record):
    return any(_is_retired(event) for event in getattr(record, "events", ()))


def test_a_household_leaves_ninety_days_after_it_was_closed_with_its_papers(screened):
    desk, _ = screened
    about = desk.opened(DOMESTIC, corner(4, 6))
    mine = desk.board.seats["domestic_violence"]
    desk.do(ReferHousehold(household_id=f"{about}-H", to="court", what="申请保护令", by="王警官"))
    [referral_id] = mine.referrals
    [item] = [each for each in desk.board.items.values() if each.subject_id == referral_id]
    desk.do(ReceiveReferral(item_id=item.item_id, receiver="刘法官", by="王警官"))
    desk.do(EndReferral(item_id=item.item_id, outcome="helped", by="王警官"))
    names = {"by": "王警官", "approved_by": "李所（领导）"}
    desk.do(RejectViolence(incident_id=about, reason="误报", **names))
    handled(desk, about, disposition="settled")
    desk.do(CloseHousehold(household_id=f"{about}-H", by="王警官"))
    assert mine.households[f"{about}-H"].closed_at_ms
    closed(desk, about)
    desk.do(RetireSeatPapers())
    desk.run_until(80 * D)
    assert [*mine.households] == [f"{about}-H"]
    desk.run_until(100 * D)
    assert (mine.households, mine.referrals, mine.of_incident) == ({}, {}, {})
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_more_than_go_at_once_go_a_minute_later(screened):
    desk, _ = screened
    agreements = desk.board.seats["callback"].agreements
    for n in range(AT_ONCE + 1):
        agreements[f"J9{n}"] = Agreement(incident_id=f"J9{n}", number="1", from_min=0, to_min=9)
    first = desk.do(RetireSeatPapers()).events
    assert SeatPapersSwept(n_retired=AT_ONCE, is_all=False) in first
    [second] = desk.run_until(desk.now_s + 61)
    assert SeatPapersSwept(n_retired=1, is_all=True) in second.events


# --- the command by itself --------------------------------------------------------------------


@pytest.fixture(name="screened")
def fixture_screened():
    """A family dispute, screened, closed and off the board."""
    desk = Desk()
    incident_id = desk.opened(FAMILY, corner(4, 2))
    item = next(each for each in desk.board.items.values() if each.kind == "screening")
    answers = dict.fromkeys(("hit", "threatened", "controlled", "afraid", "children_harmed"), "no")
    desk.do(RecordScreening(item_id=item.item_id, by="王警官", **answers))
    desk.on_duty("P1")
    handled(desk, incident_id)
    closed(desk, incident_id)
    return desk, incident_id


def test_nothing_leaves_before_its_incident_has_left(screened):
    desk, incident_id = screened
    swept, *_ = desk.do(RetireSeatPapers()).events
    assert swept == SeatPapersSwept(n_retired=0, is_all=True)
    [retired] = [e for r in desk.run_until(4 * D) for e in r.events if _is_retired(e)]
    assert (retired.paper.table, retired.incident_id) == ("screened", incident_id)
    assert desk.board.seats["domestic_violence"].screened == {}
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_nothing_leaves_while_an_item_is_about_it(screened):
    desk, incident_id = screened
    desk.run_until(3 * D)
    mine = next(iter(desk.board.items.values()), None)
    held = items.ItemOpened(
        item_id="J9", seat_id="domestic_violence", kind="visit", title_zh="", title_en="",
        stage="due", owner=items.Owner("seat", "domestic_violence"), due_at_ms=START_MS, ladder=(),
        desk_id="city", record_class="ordinary", subject_id=incident_id,
    )  # fmt: skip
    assert mine is None
    desk.rules.fold(desk.board, held, START_MS)
    assert list(list_over(desk.board, RULES, desk.inbox.now_ms())) == []


def test_papers_come_back_with_their_incident_alone_and_only_whole_ones(screened):
    desk, incident_id = screened
    desk.run_until(3 * D)
    paper = desk.do(RetireSeatPapers()).events[0].paper
    again = RecallSeatPapers(incident_id=incident_id, papers=(paper,))
    assert desk.code(again) == "incident_not_on_board"
    other = desk.opened(FAMILY, corner(4, 4))
    replace = msgspec.structs.replace
    moved = replace(paper, incident_id=other)
    for broken in (
        paper,
        replace(moved, table="nothing"),
        replace(moved, facts="{"),
        replace(moved, facts='"perhaps"'),
    ):
        assert desk.code(RecallSeatPapers(incident_id=other, papers=(broken,))) == "papers_unusable"
    desk.do(RecallSeatPapers(incident_id=other, papers=(replace(moved, paper_id=other),)))
    assert desk.board.seats["domestic_violence"].screened == {other: False}
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_an_erased_text_reads_as_erased_in_a_whole_paper(lived):
    desk, _ = lived
    paper = next(each for each in left(desk).values() if each.texts)
    erased = msgspec.structs.replace(
        paper,
        texts=tuple(msgspec.structs.replace(each, text=str(ERASED)) for each in paper.texts),
    )
    read = read_stored(type(desk.board.seats[paper.seat_id]), erased)
    assert str(ERASED) in repr(read)


@pytest.mark.parametrize(
    ("begin", "event", "table"),
    [
        (opened, MediationRetired(mediation_id="M1"), ("mediation", "cases")),
        (offered, TicketRetired(ticket_id="H1"), ("hotline", "tickets")),
        (lambda desk: desk.do(log()), ComplaintRetired(complaint_id="TS1"), COMPLAINTS),
    ],
)
def test_logs_of_before_in_which_seats_let_papers_go_by_themselves_fold(begin, event, table):
    desk = Desk()
    begin(desk)
    seat_id, name = table
    assert len(getattr(desk.board.seats[seat_id], name)) == 1
    desk.rules.fold(desk.board, event, START_MS)
    assert getattr(desk.board.seats[seat_id], name) == {}
