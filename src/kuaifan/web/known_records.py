"""Records that a hold or an erasure names (记录核对): what was never here is refused in words.

A number that was typed wrong must not look like a promise kept. What is named may have left the
board long ago, so that the log is asked, not the rules.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from kuaifan.kernel.message import Command
from kuaifan.vocabulary.keeping import HoldRecord, RequestErasure
from kuaifan.web.case_scope import find_whose
from kuaifan.web.problems import Problem

if TYPE_CHECKING:
    from kuaifan.web.desk import Desk

NAMES_RECORDS: Final = (HoldRecord, RequestErasure)


async def check_records(desk: Desk, message: Command) -> None:
    """Raise Problem 409 where a hold or an erasure names what was never here; reads the disk."""
    if isinstance(message, NAMES_RECORDS):
        missing = await asyncio.to_thread(_find_missing, desk, message)
        if missing is not None:
            raise Problem(
                409,
                "refused",
                "unknown_record",
                f"没有 {missing}：请核对编号",
                f"there is no record {missing}: look at the number again",
            )


def _find_missing(desk: Desk, message: HoldRecord | RequestErasure) -> str | None:
    for incident_id in message.incident_ids:
        if find_whose(desk, "incidents", incident_id) is None:
            return incident_id
    for call_id in message.call_ids:
        if find_whose(desk, "calls", call_id) is None:
            return call_id
    return None
