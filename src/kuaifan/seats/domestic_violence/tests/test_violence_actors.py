"""The team in the twin: nothing is left without an owner, and every branch comes."""

import heapq
import itertools
import zlib
from collections import Counter

from toy_city import DOMESTIC, START_MS, Desk, corner, image

from kuaifan.seats.domestic_violence.actors import ACTORS
from kuaifan.seats.domestic_violence.kinds import KINDS
from kuaifan.seats.domestic_violence.papers import SEAT_ID
from kuaifan.vocabulary import incident as incidents

DAY_S = 86_400
DISPUTE = "060101"
STEPS = {each.kind: each for each in KINDS}


def lived(n_incidents, days):
    """A desk at which people of the seat act for some days; returns it with what was refused."""
    desk, queue, order = Desk(), [], itertools.count()
    refused: Counter[str] = Counter()
    told = set()
    desk.on_duty("P1", "P2")
    for n in range(n_incidents):
        lat, lon = corner(1 + n % 7, 1 + n // 7 % 7)
        opened = incidents.OpenIncident(
            type_code=DISPUTE if n % 4 == 0 else DOMESTIC,
            address=f"{n % 23} 栋",
            lat=lat,
            lon=lon,
        )
        heapq.heappush(queue, (n * days * DAY_S * 700 // n_incidents, next(order), opened))
    while queue:
        at_ms, _, command = heapq.heappop(queue)
        if at_ms > days * DAY_S * 1000:
            break
        desk.run_until(at_ms / 1000)
        before = len(desk.journal.records)
        record = desk.do(command, at_s=at_ms / 1000)
        if record.refusal:
            refused[f"{type(command).__name__} {record.refusal.code}"] += 1
        for made in desk.journal.records[before:]:
            for event in made.events:
                told.add(type(event).__name__)
                for each in _acts(desk, event, made.at_ms):
                    heapq.heappush(queue, (each[0] + made.at_ms - START_MS, next(order), each[1]))
        check(desk)
    return desk, refused, told


def _acts(desk, event, at_ms):
    act = ACTORS.get(type(event))
    about = getattr(event, "incident_id", "")
    draw = lambda name: zlib.crc32(f"{about} {name}".encode()) / 2**32  # noqa: E731 - as the twin's
    return act(desk.board, event, at_ms, draw) if act else ()


def check(desk):
    """Every open item has an owner, a due time, a stage of its kind and a person who decides."""
    for item in desk.board.items.values():
        if item.seat_id == SEAT_ID:
            assert item.owner.owner_id
            assert item.due_at_ms > 0
            assert item.stage in STEPS[item.kind].steps
            assert item.ladder[-1].to in {"supervisor", "leader"}


def test_a_season_of_the_team_has_every_branch_and_leaves_nothing_without_an_owner():
    desk, refused, told = lived(40, 100)
    mine = desk.board.seats[SEAT_ID]
    missing = {
        *("ScreeningRecorded", "ViolenceConfirmed", "ViolenceRejected", "AttentionConfirmed"),
        *("SafetyVisitRecorded", "SafetyCallRecorded", "WarningServed", "CommitteeTold"),
        *("ReferralReceived", "ReferralEnded"),
    } - told
    assert not missing
    # No incident without its case and its call-back.
    n_violent = mine.tally.sum("incidents", 0, 10**6)
    assert n_violent == sum(len(each.happenings) for each in mine.households.values())
    assert mine.tally.sum("visits", 0, 10**6) > 50
    assert sum(refused.values()) < 40, refused
    assert image(desk.rebuilt()) == image(desk.engine.state)
