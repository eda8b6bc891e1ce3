"""Calls that are owed a step (仿真回拨): missed ones are rung back, silent ones go step by step.

A silent line is listened to first; then the rules say which step is next, and a person does it.
Only a person clears a call, and where doubt stays at a known place a unit is sent.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Call
from kuaifan.board.silence import can_ring, has_place
from kuaifan.kernel.message import Command
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import CALL_TAKERS, SUPERVISOR
from kuaifan.twin.seating import SEAT, Seating
from kuaifan.twin.world import INCIDENT_KINDS, World, luck_of
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import missed, talk

LISTEN_S: Final = (6.0, 0.3)
SIGN_S: Final = (9.0, 0.4)
STEP_S: Final = (7.0, 0.5)
RING_S: Final = (12.0, 0.4)
LINK_WAIT_S: Final = (75.0, 0.4)
RING_AGAIN_S: Final = (90.0, 0.4)
OPEN_LINE_S: Final = (240.0, 0.4)
RETRY_MS: Final = 15_000
MOST_CALL_BACKS: Final = 2
LOCATED_SHARE: Final = 0.6
HANDSET_M: Final = 60
REACHED: Final = 0.85
"""So often somebody in need answers when rung back; others every second time."""
REACHED_OTHERS: Final = 0.5
DOUBT_SHARE: Final = 0.04
"""So often a silent call that nobody explains is worth a unit."""
LINK: Final = "110：请点击链接报告您的位置，如无需帮助请回复0"


class CallBacks:
    """Does what missed and silent calls are owed (仿真回拨)."""

    def __init__(self, world: World, seating: Seating) -> None:
        self._world, self._seating = world, seating

    def listen(self, call_id: str, seat_id: str, at_ms: int) -> None:
        """Nobody speaks: say so, look where it is."""
        delay = self._draw(call_id, LISTEN_S, 0)
        self._put_talking(missed.ReportSilence(call_id=call_id), seat_id, at_ms + delay)
        story = self._world.find_story(call_id)
        located = self._world.chance(luck_of(call_id), Stage.SILENCE, 1) < LOCATED_SHARE
        if story is not None and located:
            locate = talk.LocateCaller(
                call_id=call_id,
                lat=story.lat,
                lon=story.lon,
                uncertainty_m=HANDSET_M,
                source="handset",
            )
            self._put_talking(locate, seat_id, at_ms + delay // 2)

    def heard(self, call_id: str, at_ms: int) -> None:
        """Silence is reported: note what is heard."""
        call, story = self._world.board.calls[call_id], self._world.find_story(call_id)
        sign = story.sign if story is not None and story.sign else "quiet"
        note = missed.NoteSilentSign(call_id=call_id, sign=sign)
        self._put_talking(note, call.seat_id, at_ms + self._draw(call_id, SIGN_S, 2))

    def go_on(self, call_id: str, at_ms: int) -> None:
        """Do the next step that a call is owed, a little later."""
        call = self._world.board.calls.get(call_id)
        if call is None:
            return
        n_done = call.n_call_backs * 8 + len(call.texts)
        spread = LINK_WAIT_S if _has_link(call) else STEP_S
        if _is_open_line(call):
            spread = OPEN_LINE_S
        elif call.n_call_backs and not call.silent_step and not call.incident_id:
            spread = RING_AGAIN_S
        delay = self._draw(call_id, spread, 16 + n_done)
        self._put_step(call_id, call.seat_id, at_ms + delay)

    def rang(self, event: missed.CallBackStarted, at_ms: int) -> None:
        """It rings there: write down what comes of it."""
        call_id, seat_id = event.call_id, event.seat_id
        nth = self._world.board.calls[call_id].n_call_backs
        outcome = self._outcome(call_id, nth)
        record = missed.RecordCallBack(call_id=call_id, outcome=outcome)
        delay = self._draw(call_id, RING_S, 200 + nth)

        def say(_at_ms: int) -> Command | None:
            call = self._world.board.calls.get(call_id)
            return record if call is not None and call.call_back_seat_id == seat_id else None

        self._world.agenda.put(say, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms + delay)

    def _outcome(self, call_id: str, nth: int) -> missed.CallBackOutcome:
        story = self._world.find_story(call_id)
        reached = REACHED if story is None or story.kind in INCIDENT_KINDS else REACHED_OTHERS
        luck = self._world.chance(luck_of(call_id), Stage.CALL_BACK, nth)
        return "talked" if luck < reached else "no_answer"

    def _put_step(self, call_id: str, seat_id: str, at_ms: int) -> None:
        actor = f"{CALL_TAKERS}{seat_id or SEAT + '1'}"
        self._world.agenda.put(lambda at: self._step(call_id, at), actor=actor, at_ms=at_ms)

    def _step(self, call_id: str, at_ms: int) -> Command | None:
        call = self._world.board.calls.get(call_id)
        if call is None or call.state == "ringing" or call.call_back_seat_id:
            return None
        if _is_open_line(call):
            return calls.HangUpCall(call_id=call_id)
        if not call.to_call_back or call.silent_step == "send_unit":
            # At the last step the rules have opened an incident, which owes the rest.
            return None
        return self._owed_step(call, at_ms)

    def _owed_step(self, call: Call, at_ms: int) -> Command | None:
        if call.state == "talking":
            return calls.HangUpCall(call_id=call.call_id, by="desk")
        if call.n_call_backs and self._outcome(call.call_id, call.n_call_backs - 1) == "talked":
            return self._clear(call, "spoken with the caller")
        if call.silent_step == "text_link":
            return self._link(call)
        return self._ring_back(call, at_ms)

    def _ring_back(self, call: Call, at_ms: int) -> Command | None:
        if not can_ring(call) or call.n_call_backs >= MOST_CALL_BACKS:
            return self._clear(call, "rung back, nobody answers")
        seat_id = self._seating.find_idle(call.seat_id)
        if seat_id is None:
            self._put_step(call.call_id, call.seat_id, at_ms + RETRY_MS)
            return None
        return missed.CallBack(call_id=call.call_id, seat_id=seat_id)

    def _link(self, call: Call) -> Command:
        """A link first; without an answer, a person decides whether doubt stays."""
        if not _has_link(call):
            return talk.SendText(call_id=call.call_id, text=LINK, kind="location_link")
        doubt = self._world.chance(luck_of(call.call_id), Stage.SILENCE, 3) < DOUBT_SHARE
        if doubt and has_place(self._world.board, call):
            return missed.SkipSilentStep(call_id=call.call_id, reason="no answer to the link")
        return self._clear(call, "no sign of danger, no answer to the link")

    def _clear(self, call: Call, reason: str) -> Command:
        return missed.ClearMissedCall(call_id=call.call_id, cleared_by=SUPERVISOR, reason=reason)

    def _put_talking(self, command: Command, seat_id: str, at_ms: int) -> None:
        call_id: str = command.call_id  # type: ignore[attr-defined] # commands about calls only

        def act(_at_ms: int) -> Command | None:
            call = self._world.board.calls.get(call_id)
            return command if call is not None and call.state == "talking" else None

        self._world.agenda.put(act, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms)

    def _draw(self, call_id: str, spread: tuple[float, float], extra: int) -> int:
        median_s, sigma = spread
        luck_no = luck_of(call_id)
        return self._world.draw_ms(
            luck_no, Stage.SILENCE, median_s=median_s, sigma=sigma, extra=extra
        )


def _is_open_line(call: Call) -> bool:
    """A unit goes or is asked for, and the desk listens until the line drops."""
    return call.state == "talking" and call.silent_step in {"send_unit", "sent"}


def _has_link(call: Call) -> bool:
    return any(line.kind == "location_link" for line in call.texts)
