"""What a request to a seat's reader holds (专席申请内容): read where it comes in.

The rules read it again. Here it is the log-on's: who asks has the right to what it asks for, may
meet what that is about, and says nobody else's name in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kuaifan.board.seat_consents import act_of
from kuaifan.kernel.message import Command
from kuaifan.vocabulary.approval import AskApproval, SeatAct, needs_consent
from kuaifan.web.problems import Problem, malformed


class SeatActs:
    """Commands that seats' readers consent to, by name (须同意的专席命令)."""

    def __init__(self, commands: Iterable[type[Command]]) -> None:
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            str(each.__struct_config__.tag): msgspec.json.Decoder(each)
            for each in commands
            if needs_consent(each)
        }

    def opened(self, message: Command) -> Command:
        """A request with the command itself in it; raises Problem for what is none."""
        if not isinstance(message, AskApproval) or not isinstance(message.what, SeatAct):
            return message
        what = self._read(message.what)
        # For as long as its sender is looked at: the struct's own type says what may be sent.
        return msgspec.structs.replace(message, what=what)

    @staticmethod
    def closed(message: Command, asked: Command) -> Command:
        """A request as it is handed in, its command as one text where it came as one."""
        is_of_seat = isinstance(asked, AskApproval) and isinstance(asked.what, SeatAct)
        if not is_of_seat or not isinstance(message, AskApproval):
            return message
        return msgspec.structs.replace(message, what=act_of(message.what))

    def _read(self, act: SeatAct) -> Command:
        decoder = self._decoders.get(act.name)
        if decoder is None:
            raise Problem(
                409,
                "refused",
                "no_consent_needed",
                f"{act.name} 不是须他人同意的操作",
                f"{act.name} is nothing that another person consents to",
            )
        try:
            read: Command = decoder.decode(act.said)
        except msgspec.DecodeError as error:
            raise malformed(
                f"申请的内容有误：{error}", f"what is asked for cannot be read: {error}"
            ) from error
        return read
