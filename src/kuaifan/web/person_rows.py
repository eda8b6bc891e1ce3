"""What is asked about a caller, and who makes the file (个人信息查阅)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, Protocol

import msgspec

from kuaifan.vocabulary.call import ShortText
from kuaifan.vocabulary.rights import Purpose
from kuaifan.web.case_scope import Whose

MayOpen = Callable[[Whose], bool]
"""Whether a record may be put into the file."""


class PersonAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose data are asked for, and what for (个人信息查阅)."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    purpose: Purpose
    reason: ShortText
    kind: Literal["json", "html"] = "html"


class PersonExport(Protocol):
    """Makes the file of what is held about a number (个人信息查阅); blocks on the disk."""

    def __call__(self, asked: PersonAsked, *, person: str, at_ms: int, may_open: MayOpen) -> bytes:
        """The file; what may not be opened is counted in it and no more."""
