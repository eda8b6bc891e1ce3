"""The telephone system at a desk (话机对接): its key, its address, its webhook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.gateway.phone_key import HEADER, check_key, read_key
from kuaifan.gateway.phone_message import PhoneMessage
from kuaifan.gateway.phone_web import PATH, EventTaken, phone_routes
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.web.commands import answered, shown_up_to
from kuaifan.web.desk import Routes
from kuaifan.web.operation import Operation

KEY_VARIABLE: Final = "KUAIFAN_PHONE_KEY"
URL_VARIABLE: Final = "KUAIFAN_PHONE_URL"


class PhoneOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a desk meets a telephone system (话机选项); what is None comes from the environment.

    url: where the desk's own wishes are posted, such as to ring somebody back.
    """

    key_file: Path | None = None
    url: str | None = None

    def find_key(self) -> bytes | None:
        """The key that events are signed with, None where none is set; raises BadInputError."""
        if self.key_file is not None:
            return read_key(self.key_file)
        text = os.environ.get(KEY_VARIABLE, "").strip()
        return check_key(text.encode(), KEY_VARIABLE) if text else None

    def find_url(self) -> str | None:
        """Where to post what the desk wants of the telephones, or None."""
        return self.url or os.environ.get(URL_VARIABLE, "").strip() or None


class PhoneLine:
    """The desk as a telephone system meets it (话机线路)."""

    def __init__(self, desk: LiveDesk) -> None:
        self._desk = desk

    async def take(self, command: Command, *, actor: str, key: str) -> Record:
        """Hand in a command and wait until it is durable and shown."""
        record = await answered(self._desk.submit(command, actor=actor, key=key, seen_seq=None))
        await shown_up_to(self._desk.store, record.seq)
        return record


def phone_routes_of(desk: LiveDesk, key: bytes | None) -> Routes:
    """The routes of the telephone system at a desk."""
    return tuple(phone_routes(PhoneLine(desk), key))


PHONE_OPERATIONS: Final = (
    Operation(
        path=PATH,
        method="post",
        name="report_phone_event",
        tag="devices",
        summary="An event of a telephone system, signed; taken exactly once (电话事件)",
        headers=(HEADER,),
        takes=PhoneMessage,
        gives=EventTaken,
        problems=("401", "404", "413", "422", "503"),
    ),
)
