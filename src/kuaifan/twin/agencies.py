"""Simulated services (仿真联动部门): fire, ambulance, hotline answer, may refuse, and come."""

from __future__ import annotations

from typing import Final

from kuaifan.kernel.message import Command, Event
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import AGENCY
from kuaifan.twin.world import World, luck_of
from kuaifan.vocabulary import agency as agencies
from kuaifan.vocabulary import talk
from kuaifan.vocabulary.agency import AGENCIES

REPLY_S: Final = (18.0, 0.7)
TRAVEL_S: Final = (540.0, 0.5)
PICK_UP_S: Final = (9.0, 0.6)
COMING: Final = frozenset({"119", "120", "gas", "water", "power", "heat", "emergency_mgmt"})
"""They send somebody; the others act from their desks."""
REFUSALS: Final = {"119": 0.03, "120": 0.01, "12345": 0.08}
"""How often it is not theirs."""
SELDOM: Final = 0.005
REFUSED_CALLS: Final = 0.06
NOT_OURS: Final = "not ours"


class Agencies(Hearer):
    """All services that the desk may ask (仿真联动部门)."""

    def __init__(self, world: World) -> None:
        self._world = world
        acts: dict[type[Event], Act] = {
            agencies.AgencyTold: self._told,
            agencies.AgencyAccepted: self._accepted,
            talk.TransferOffered: self._offered,
        }
        super().__init__(acts)

    def resume(self, at_ms: int) -> None:
        """Take up every request and every call offered as the board has them."""
        board = self._world.board
        for request in board.requests.values():
            if request.state == "told":
                self._reply_later(request.request_id, at_ms)
            elif request.state == "accepted":
                self._come_later(request.request_id, at_ms)
        for call in board.calls.values():
            if call.transfer_kind == "agency":
                self._pick_up_later(call.call_id, call.transfer_id, at_ms)

    def _told(self, event: agencies.AgencyTold, at_ms: int) -> None:
        self._reply_later(event.request_id, at_ms)

    def _reply_later(self, request_id: str, at_ms: int) -> None:
        world, request = self._world, self._world.board.requests[request_id]
        luck_no, extra = world.luck_of_incident(request.incident_id), _extra_of(request_id)
        median_s, sigma = REPLY_S
        delay = world.draw_ms(luck_no, Stage.AGENCY, median_s=median_s, sigma=sigma, extra=extra)
        refuses = world.chance(luck_no, Stage.AGENCY, -extra) < REFUSALS.get(request.agency, SELDOM)
        by = f"{AGENCY}{request.agency}"
        answer: Command = (
            agencies.RefuseAgencyRequest(request_id=request_id, by=by, reason=NOT_OURS)
            if refuses
            else agencies.AcceptAgencyRequest(request_id=request_id, by=by)
        )
        self._put(request_id, answer, ("told",), at_ms + delay)

    def _accepted(self, event: agencies.AgencyAccepted, at_ms: int) -> None:
        self._come_later(event.request_id, at_ms)

    def _come_later(self, request_id: str, at_ms: int) -> None:
        world, request = self._world, self._world.board.requests[request_id]
        if request.agency not in COMING:
            return
        luck_no, extra = world.luck_of_incident(request.incident_id), _extra_of(request_id)
        median_s, sigma = TRAVEL_S
        delay = world.draw_ms(
            luck_no, Stage.AGENCY, median_s=median_s, sigma=sigma, extra=1_000 + extra
        )
        arrival = agencies.ReportAgencyArrival(request_id=request_id)
        self._put(request_id, arrival, ("told", "accepted"), at_ms + delay)

    def _put(self, request_id: str, command: Command, states: tuple[str, ...], at_ms: int) -> None:
        """Say it then, if the request still stands so; also where its incident was merged."""
        board, world = self._world.board, self._world
        actor = f"{AGENCY}{board.requests[request_id].agency}"

        def say(_at_ms: int) -> Command | None:
            request = world.board.requests.get(request_id)
            return command if request is not None and request.state in states else None

        world.agenda.put(say, actor=actor, at_ms=at_ms)

    def _offered(self, event: talk.TransferOffered, at_ms: int) -> None:
        if event.to_kind == "agency":
            self._pick_up_later(event.call_id, event.to_id, at_ms)

    def _pick_up_later(self, call_id: str, agency: str, at_ms: int) -> None:
        world, luck_no = self._world, luck_of(call_id)
        median_s, sigma = PICK_UP_S
        delay = world.draw_ms(luck_no, Stage.TRANSFER, median_s=median_s, sigma=sigma)
        by = f"{AGENCIES.get(agency, agency)} {AGENCY}{agency}"
        refuses = world.chance(luck_no, Stage.TRANSFER, 1) < REFUSED_CALLS
        answer: Command = (
            talk.RefuseTransfer(call_id=call_id, by=by, reason=NOT_OURS)
            if refuses
            else talk.AcceptTransfer(call_id=call_id, by=by)
        )

        def pick_up(_at_ms: int) -> Command | None:
            call = world.board.calls.get(call_id)
            return answer if call is not None and call.transfer_kind == "agency" else None

        world.agenda.put(pick_up, actor=f"{AGENCY}{agency}", at_ms=at_ms + delay)


def _extra_of(request_id: str) -> int:
    """Which request of its incident it is."""
    return int(request_id.rpartition("-A")[2])
