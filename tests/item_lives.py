"""Lives of what is owed and asked for (事项与批准的一生), beside cases that come and go.

The random lives do everything, so that in one of them hardly anything happens to an item: here it
is given, goes with its case to another desk or into another case, is late, stays when its case has
left the board and is there when that comes back. Approvals wait beside them, about cases and calls.
"""

from __future__ import annotations

import random

from hypothesis import strategies as st
from random_acts import gone_from, pick
from recall_papers import recall_on
from toy_city import EAST_DESK, LOCKSMITH, START_MS, corner

from kuaifan.vocabulary import approval, complaint, desk, item, kinship, missed
from kuaifan.vocabulary import incident as incidents

COMPLAINT = "090102"
OWNERS = (
    item.Owner("unit", "P1"),
    item.Owner("unit", "P2"),
    item.Owner("desk", EAST_DESK),
    item.Owner("person", "Sun"),
)
WAITS_S = (700, 4_000, 20_000, 3 * 86_400)
SIGNED = {"by": "Li", "reason": "r"}


def _open(_run, i, j):
    lat, lon = corner(i % 9, j % 9)
    return incidents.OpenIncident(type_code=(LOCKSMITH, COMPLAINT)[j % 2], lat=lat, lon=lon)


def _give(run, i, j):
    return item.GiveTask(
        incident_id=_incident(run, i),
        text="t",
        to=OWNERS[j % 4],
        due_at_ms=START_MS + round(run.now_s * 1_000) + 600_000 * (1 + j % 9),
        by="Li",
    )


def _incident(run, i):
    return pick(run.board.incidents, i) or "J1"


def _offered(run, i):
    """A case that is offered to another desk, else any."""
    offered = [each.incident_id for each in run.board.incidents.values() if each.to_desk_id]
    return pick(offered, i) or _incident(run, i)


def _complaint(run, i):
    cases = [each for each in run.board.incidents.values() if each.type_code == COMPLAINT]
    return each.incident_id if (each := pick(cases, i)) else "J1"


def _of_item(command, **more):
    return lambda run, i, _j: command(item_id=pick(run.board.items, i) or "W1", **more)


def _hand_on(run, i, j):
    return item.HandOnItem(item_id=pick(run.board.items, i) or "W1", to=OWNERS[j % 4], **SIGNED)


def _put_off(run, i, j):
    due_at_ms = START_MS + round(run.now_s * 1_000) + 3_600_000 * (1 + j)
    return item.PostponeItem(
        item_id=pick(run.board.items, i) or "W1", due_at_ms=due_at_ms, **SIGNED
    )


def _to_end(run, i, _j):
    """The next step of a case to its end, and off the board."""
    case = run.board.incidents.get(pick(run.board.incidents, i))
    if case is None or case.is_over:
        return kinship.RetireIncident(incident_id=case.incident_id if case else "J1")
    if case.state == "reviewed":
        return incidents.CloseIncident(incident_id=case.incident_id)
    if case.settled:
        return incidents.ReviewIncident(incident_id=case.incident_id, reviewer_id="r")
    return incidents.SettleByPhone(incident_id=case.incident_id, disposition="by_phone")


def _back(run, i, _j):
    gone = pick(gone_from(run), i)
    return (
        recall_on(run, gone)
        if gone
        else kinship.ReopenIncident(incident_id=_incident(run, i), reason="r")
    )


def _ask(run, i, j):
    """A case's priority, or the limit of a caller: about a call alone."""
    call_id = pick(run.board.calls, i)
    what = (
        missed.LimitCaller(call_id=call_id, approved_by="", reason="r", minutes=60)
        if call_id and j % 2
        else incidents.SetPriority(incident_id=_incident(run, i), priority=4, reason="r")
    )
    return approval.AskApproval(person="li", what=what)


def _answer(run, i, j):
    told = {"approval_id": pick(run.board.approvals.approvals, i) or "AP1", "person": "chen"}
    return approval.RefuseApproval(reason="r", **told) if j % 3 else approval.GiveApproval(**told)


ACTS = (
    *(_open, _give, _give, _hand_on, _put_off, _to_end, _to_end, _to_end, _back, _back),
    *(_ask, _answer),
    _of_item(item.TakeItem, by="Sun"),
    _of_item(item.NoteItem, text="n", by="Li"),
    _of_item(item.EndTask, outcome="done", by="Li"),
    lambda run, i, j: desk.HandOverIncident(
        incident_id=_incident(run, i), to_desk_id=(EAST_DESK, "city")[j % 2], reason="r"
    ),
    lambda run, i, _j: desk.AcceptHandOver(incident_id=_offered(run, i), by="Zhao"),
    lambda run, i, _j: desk.RefuseHandOver(incident_id=_offered(run, i), **SIGNED),
    lambda run, i, j: incidents.MergeIncident(
        incident_id=_incident(run, i), into_incident_id=_incident(run, j)
    ),
    lambda run, i, j: complaint.NameComplainedOf(
        incident_id=_complaint(run, i), unit_ids=(("P1",), ("P2", "P1"))[j % 2]
    ),
)
N_STEPS = 45


def _seeded(seed):
    """Steps drawn evenly; the last of the kinds are to wait."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    kinds = range(len(ACTS) + 3)
    return [(rng.choice(kinds), rng.randrange(61), rng.randrange(61)) for _ in range(N_STEPS)]


item_life = st.integers(0, 2**32).map(_seeded)


def live_items(run, drawn):
    """Yield after each step of a life; two cases and two calls are there from the start."""
    for place in (corner(4, 2), corner(4, 5)):
        run.opened(LOCKSMITH, place)
    run.rang()
    run.rang()
    for what, i, j in drawn:
        if what < len(ACTS):
            yield run.do(ACTS[what](run, i, j), at_s=run.now_s + 1)
        else:
            yield run.run_until(run.now_s + WAITS_S[i % len(WAITS_S)])
