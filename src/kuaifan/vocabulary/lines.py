"""The lines and channels (来电渠道) of a call: whether it rings, and what its seat can do."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.vocabulary.call import Line


class Channel(msgspec.Struct, frozen=True):
    """How one line is served (渠道规则).

    rings: it waits in the queue until a seat answers; otherwise a person or device is there at
    once. skill: of the seats it is offered to first, empty for all. is_voice: it can be listened
    to, held and rung back.
    """

    rings: bool = True
    skill: str = ""
    is_voice: bool = True


CHANNELS: Final[dict[Line, Channel]] = {
    "110": Channel(),
    "122": Channel(skill="traffic"),
    "119": Channel(),
    "12110": Channel(skill="text", is_voice=False),
    "12345": Channel(skill="hotline"),
    "web": Channel(skill="text", is_voice=False),
    "one_key": Channel(),
    "iot": Channel(is_voice=False),
    "walk_in": Channel(rings=False, is_voice=False),
    "patrol_found": Channel(rings=False, is_voice=False),
    "other_desk": Channel(rings=False),
}
SEAT_SKILLS: Final = ("traffic", "text", "hotline", "dv", "fraud", "minors", "interpreter")
"""What a seat may be able to do beyond answering 110 (席位技能)."""
