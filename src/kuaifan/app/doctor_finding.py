"""One line of `kuaifan doctor` (体检项)."""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["ok", "warn", "bad"]


class Finding(msgspec.Struct, frozen=True):
    """What was looked at, how it stands, what was seen, what to do (体检项)."""

    name: str
    state: State
    said: str
    cure: str = ""
