"""Simulated people at the seats (仿真席位人员): log on, step away, hand over at 8, 16 and 24.

A seat at which a person of flesh sits is left alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kuaifan.board.papers import DeskSeat
from kuaifan.board.seating import list_owned_calls
from kuaifan.kernel.message import Command
from kuaifan.twin.audience import Hearer
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import CALL_TAKERS, ROSTER
from kuaifan.twin.world import World
from kuaifan.vocabulary import seat as seats

SEAT: Final = "seat-"
PERSON: Final = "sim:person:"
SKILLS: Final = (
    ("traffic",),
    ("text", "dv"),
    ("hotline",),
    ("traffic", "fraud"),
    (),
    ("interpreter", "minors"),
    ("text", "traffic"),
    ("hotline", "dv"),
)
"""What the seats can do beyond 110, in turn."""
SHIFT_HOURS: Final = 8
SIGN_S: Final = (20.0, 0.5)
SPREAD_MS: Final = 240_000
"""Not all change at the same minute."""
RETRY_MS: Final = 30_000
BREAK_EVERY_MS: Final = 7_200_000
BREAK_S: Final = (600.0, 0.3)
LEAST_IDLE: Final = 2
"""Nobody steps away where fewer others are idle."""


class Seating(Hearer):
    """So many seats, each with a person of this shift (仿真席位人员)."""

    def __init__(self, world: World, zone: ZoneInfo, *, n_seats: int) -> None:
        self._world, self._zone = world, zone
        self.seat_ids = tuple(f"{SEAT}{i + 1}" for i in range(n_seats))
        super().__init__({seats.SeatHandOverOffered: self._offered, seats.SeatPaused: self._paused})

    def start(self, at_ms: int) -> None:
        """Bring somebody to every empty seat, and plan the breaks and the next change."""
        for seat_i, seat_id in enumerate(self.seat_ids):
            there = self._world.board.desk_seats.get(seat_id)
            if there is None or there.state == "off":
                self._post(self._log_on(seat_i, at_ms), seat_id, at_ms)
            elif there.state == "paused" and self.is_ours(seat_id):
                self._post(seats.ResumeSeat(seat_id=seat_id), seat_id, at_ms)
            elif there.to_person.startswith(PERSON):
                self._sign_later(seat_id, there.to_person, at_ms)
            self._break_later(seat_i, at_ms + BREAK_EVERY_MS * (seat_i + 1) // len(self.seat_ids))
            self._change_later(seat_i, at_ms)

    def leave(self, at_ms: int) -> None:
        """Everybody who owns nothing goes; the roster says so, for they are off already."""
        for seat_id in self.seat_ids:
            self._world.agenda.put(
                lambda _at_ms, seat_id=seat_id: self._goes(seat_id),  # type: ignore[misc] # a default, bound now
                actor=ROSTER,
                at_ms=at_ms,
            )

    def is_ours(self, seat_id: str) -> bool:
        """Whether a simulated person sits there."""
        there = self._world.board.desk_seats.get(seat_id)
        return there is not None and there.person.startswith(PERSON)

    def find_idle(self, preferred: str = "") -> str | None:
        """A seat of ours that could ring somebody back now."""
        board_seats = self._world.board.desk_seats
        for seat_id in (preferred, *self.seat_ids):
            there = board_seats.get(seat_id)
            if there is not None and _is_idle(there) and self.is_ours(seat_id):
                return seat_id
        return None

    def _offered(self, event: seats.SeatHandOverOffered, at_ms: int) -> None:
        """Whoever is offered a seat signs for it."""
        if event.to_person.startswith(PERSON):
            self._sign_later(event.seat_id, event.to_person, at_ms)

    def _paused(self, event: seats.SeatPaused, at_ms: int) -> None:
        """Whoever stepped away comes back."""
        if self.is_ours(event.seat_id):
            self._back_later(event.seat_id, at_ms)

    def _log_on(self, seat_i: int, at_ms: int) -> Command:
        return seats.LogOnSeat(
            seat_id=self.seat_ids[seat_i],
            person=self._person(seat_i, at_ms),
            skills=SKILLS[seat_i % len(SKILLS)],
        )

    def _person(self, seat_i: int, at_ms: int) -> str:
        """Who works at a seat in the shift of a moment; three crews take turns."""
        begins = self._shift_begin(at_ms)
        crew = (begins.toordinal() * 3 + begins.hour // SHIFT_HOURS) % 9
        return f"{PERSON}{seat_i + 1}-{crew + 1}"

    def _shift_begin(self, at_ms: int) -> datetime:
        local = datetime.fromtimestamp(at_ms / 1000, self._zone)
        return local.replace(
            hour=local.hour // SHIFT_HOURS * SHIFT_HOURS, minute=0, second=0, microsecond=0
        )

    def _change_later(self, seat_i: int, at_ms: int) -> None:
        next_ms = round((self._shift_begin(at_ms) + timedelta(hours=SHIFT_HOURS)).timestamp() * 1e3)
        spread_ms = SPREAD_MS * seat_i // len(self.seat_ids)
        self._world.agenda.put(
            lambda now_ms: self._change(seat_i, next_ms, now_ms),
            actor=_actor(self.seat_ids[seat_i]),
            at_ms=next_ms + spread_ms,
        )

    def _change(self, seat_i: int, shift_ms: int, now_ms: int) -> Command | None:
        """Offer the seat to who comes next; not in the middle of a talk."""
        seat_id = self.seat_ids[seat_i]
        there = self._world.board.desk_seats.get(seat_id)
        if there is not None and there.state == "talking":
            self._world.agenda.put(
                lambda at: self._change(seat_i, shift_ms, at),
                actor=_actor(seat_id),
                at_ms=now_ms + RETRY_MS,
            )
            return None
        self._change_later(seat_i, shift_ms)
        to_person = self._person(seat_i, shift_ms)
        if there is None or not self.is_ours(seat_id) or there.person == to_person:
            return None
        return seats.HandOverSeat(seat_id=seat_id, to_person=to_person)

    def _sign_later(self, seat_id: str, person: str, at_ms: int) -> None:
        def sign(_at_ms: int) -> Command | None:
            there = self._world.board.desk_seats.get(seat_id)
            is_offered = there is not None and there.to_person == person
            return seats.AcceptSeat(seat_id=seat_id, person=person) if is_offered else None

        delay = self._draw(seat_id, at_ms, SIGN_S)
        self._world.agenda.put(sign, actor=_actor(seat_id), at_ms=at_ms + delay)

    def _break_later(self, seat_i: int, at_ms: int) -> None:
        self._world.agenda.put(
            lambda now_ms: self._break(seat_i, now_ms),
            actor=_actor(self.seat_ids[seat_i]),
            at_ms=at_ms,
        )

    def _break(self, seat_i: int, at_ms: int) -> Command | None:
        """Step away for some minutes, where enough others are idle."""
        self._break_later(seat_i, at_ms + BREAK_EVERY_MS)
        seat_id, there = self.seat_ids[seat_i], self._world.board.desk_seats
        others = [each for each in self.seat_ids if each != seat_id and each in there]
        n_idle = sum(_is_idle(there[each]) for each in others)
        if n_idle < LEAST_IDLE or seat_id not in there or not _is_idle(there[seat_id]):
            return None
        return seats.PauseSeat(seat_id=seat_id, reason="break") if self.is_ours(seat_id) else None

    def _back_later(self, seat_id: str, at_ms: int) -> None:
        def back(_at_ms: int) -> Command | None:
            there = self._world.board.desk_seats.get(seat_id)
            is_away = there is not None and there.state == "paused"
            return seats.ResumeSeat(seat_id=seat_id) if is_away else None

        delay = self._draw(seat_id, at_ms, BREAK_S)
        self._world.agenda.put(back, actor=_actor(seat_id), at_ms=at_ms + delay)

    def _goes(self, seat_id: str) -> Command | None:
        """Log off, or at least take no more calls while something is owed from there."""
        board = self._world.board
        there = board.desk_seats.get(seat_id)
        if there is None or not self.is_ours(seat_id) or there.state not in {"idle", "paused"}:
            return None
        if not list_owned_calls(board, seat_id):
            return seats.LogOffSeat(seat_id=seat_id)
        is_idle = there.state == "idle"
        return seats.PauseSeat(seat_id=seat_id, reason="a person takes over") if is_idle else None

    def _draw(self, seat_id: str, at_ms: int, spread: tuple[float, float]) -> int:
        """A duration that belongs to the seat and the hour."""
        median_s, sigma = spread
        luck_no = at_ms // 3_600_000
        extra = int(seat_id.removeprefix(SEAT))
        return self._world.draw_ms(
            luck_no, Stage.PAUSE, median_s=median_s, sigma=sigma, extra=extra
        )

    def _post(self, command: Command, seat_id: str, at_ms: int) -> None:
        self._world.post(command, actor=_actor(seat_id), at_ms=at_ms)


def _is_idle(there: DeskSeat) -> bool:
    return there.state == "idle" and not there.offered_call_id and not there.to_person


def _actor(seat_id: str) -> str:
    return f"{CALL_TAKERS}{seat_id}"
