"""Commands of special seats that another person consents to (专席须同意的操作), as declared.

A request holds the command as sealed text; here it is read back, tried on the board without any
effect, and told apart: what needs nobody's consent is not asked for, what cannot be is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from kuaifan.board.seat_check import name_of, seat_of
from kuaifan.board.seat_forms import Consent, Seat
from kuaifan.board.seat_words import codes_of, fill
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.plugins import Plugin
from kuaifan.vocabulary.approval import OfSeat, SeatAct
from kuaifan.vocabulary.command_rights import find_right
from kuaifan.vocabulary.record_class import RecordClass, record_class_of_type
from kuaifan.vocabulary.rights import Right

SOMEBODY: Final = "（待同意）"
"""Stands for whoever will consent while a request is only tried."""
REASONS: Final = ("reason", "note", "result")
"""Fields of a command that say why, the nearest first."""


class SeatConsent(msgspec.Struct, frozen=True, kw_only=True):
    """One such command with what the seat says of it, and the rule that decides it (须同意操作)."""

    seat_id: str
    seat: Seat
    consent: Consent
    command: type[Command]
    decide: Callable[[Board, Command, int], list[Event]]

    def read(self, act: SeatAct) -> Command:
        """The command that a request holds, nobody's consent in it; or refuse: not_readable."""
        try:
            if is_erased(act.said):
                raise ValueError("erased")  # noqa: TRY301 - said in the same words
            what: Command = _decoder(self.command).decode(act.said)
        except (msgspec.DecodeError, ValueError):
            raise Refused(
                "not_readable",
                f"申请中的 {act.name} 无法读出，请重新申请",
                f"the {act.name} in this request cannot be read; ask anew",
            ) from None
        return msgspec.structs.replace(what, **{self.consent.field: ""})

    def consented(self, what: Command, person: str) -> Command:
        """The command with the name of whoever consents."""
        return msgspec.structs.replace(what, **{self.consent.field: person})

    def try_out(self, board: Board, what: Command, now_ms: int) -> list[Event]:
        """What it would lead to, once somebody consents; or refuse, as the rules or as needless."""
        try:
            self.decide(board, what, now_ms)
        except Refused as refused:
            if refused.code != self.consent.code:
                raise
        else:
            raise Refused(
                "no_consent_needed",
                "此项无须他人同意，可直接办理",
                "this needs nobody's consent: do it",
            )
        return self.decide(board, self.consented(what, SOMEBODY), now_ms)

    @property
    def right(self) -> Right:
        """The right that whoever consents needs."""
        return self.consent.right or find_right(self.command) or "approve"

    def of_seat(self, board: Board, what: Command, incident_id: str) -> OfSeat:
        """Whose consent it is to be, and of what."""
        zh, en = fill((self.consent.zh, self.consent.en), what, codes_of(self.seat))
        desk_id, record_class = self._place_of(board, incident_id)
        return OfSeat(
            seat_id=self.seat_id,
            zh=zh,
            en=en,
            right=self.right,
            readers=self.seat.readers,
            desk_id=desk_id,
            record_class=record_class,
        )

    def _place_of(self, board: Board, incident_id: str) -> tuple[str, RecordClass]:
        """Desk and class of the case, of what the seat still owes on it where it has left."""
        if (incident := board.incidents.get(incident_id)) is not None:
            found = record_class_of_type(board.reference.types.get(incident.type_code))
            return incident.desk_id, found if found != "ordinary" else self.consent.record_class
        for item in board.items.values():
            if (item.seat_id, item.incident_id) == (self.seat_id, incident_id):
                return item.desk_id, item.record_class
        return "", self.consent.record_class


def list_consents(plugins: Iterable[Plugin]) -> dict[str, SeatConsent]:
    """What of some plug-ins' seats needs another's consent, by the command's name."""
    found: dict[str, SeatConsent] = {}
    for plugin in plugins:
        if (seat := seat_of(plugin)) is None:
            continue
        commands = {name_of(each): each for each in plugin.commands}
        for consent in seat.consents:
            command = commands[consent.command]
            found[consent.command] = SeatConsent(
                seat_id=plugin.plugin_id,
                seat=seat,
                consent=consent,
                command=command,
                decide=plugin.deciders[command],
            )
    return found


def incident_of(events: Iterable[Event]) -> str:
    """The case that events are of, empty where they name none."""
    named = (getattr(event, "incident_id", "") for event in events)
    return next((each for each in named if each), "")


def act_of(what: Command, incident_id: str = "") -> SeatAct:
    """A command as a request holds it: one text, so that one seal covers it."""
    said = msgspec.json.encode(what).decode()
    return SeatAct(name=name_of(type(what)), said=said, incident_id=incident_id)


def reason_of(act: SeatAct) -> str:
    """Why it is asked, as the command in it says; empty where it says nothing, or was erased."""
    try:
        said: Mapping[str, Any] = msgspec.json.decode(act.said, type=dict[str, Any])
    except msgspec.DecodeError:
        return ""
    return next((text for name in REASONS if isinstance(text := said.get(name), str) and text), "")


@cache
def _decoder(command: type[Command]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(command)
