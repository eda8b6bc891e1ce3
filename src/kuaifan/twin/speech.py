"""How a crew reports (仿真报告方式): by its own button, or on the radio where it has no phone.

What a crew without GPS says is typed by the radio room, word for word, as a dispatcher would.
"""

from __future__ import annotations

from typing import Final

from kuaifan.kernel.message import Command
from kuaifan.twin.offices import CREW, RADIO_ROOM, dispatcher_of
from kuaifan.twin.world import World
from kuaifan.vocabulary import emergency, order, reinforce, unit, voice
from kuaifan.vocabulary.voice import WORDS, EnterVoiceReport, VoiceWord

SPOKEN: Final[dict[type[Command], VoiceWord]] = {
    order.AcknowledgeOrder: "signed",
    order.AcknowledgeWithdrawal: "signed",
    order.ReportEnRoute: "en_route",
    order.ReportArrival: "arrived",
    order.ReportHandled: "handled",
    reinforce.AcknowledgeAmendment: "signed",
    reinforce.RequestBackup: "backup",
    emergency.DeclareEmergency: "emergency",
    unit.SetUnitStatus: "back",
}
"""What is said on the radio; everything else is written, at the station."""


class Speech:
    """Puts into each crew's own way what it has to report (仿真报告方式)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def actor_of(self, unit_id: str, command: Command | None = None) -> str:
        """Who enters a report of this unit; without a command, one that is spoken."""
        is_spoken = command is None or type(command) in SPOKEN
        has_gps = self._world.board.units[unit_id].has_gps
        return f"{RADIO_ROOM if is_spoken and not has_gps else CREW}{unit_id}"

    def say(self, unit_id: str, command: Command) -> Command:
        """The command, or the line on the radio that means it."""
        speaker = self._world.board.units[unit_id]
        word = SPOKEN.get(type(command))
        if word is None or speaker.has_gps:
            return command
        return EnterVoiceReport(
            text=f"{unit_id} {WORDS[word][0]}", entered_by=dispatcher_of(speaker.desk_id)
        )

    def tell_safe(self, unit_id: str) -> Command:
        """All is well on scene."""
        desk_id = self._world.board.units[unit_id].desk_id
        text = f"{unit_id} {WORDS['safe'][0]}"
        return voice.EnterVoiceReport(text=text, entered_by=dispatcher_of(desk_id))
