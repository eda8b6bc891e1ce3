"""Who is meant on the radio (呼号查找): a unit by its id, its call sign, or the number in it."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused

MAX_NAMED: Final = 5
"""So many of several possible units are named; the dispatcher needs to see that it is several."""


def get_called_unit(board: Board, who: str) -> Unit:
    """Return the one unit meant, or refuse: unknown_unit, ambiguous_unit.

    who: as `parse_voice_line` gives it. Crews on duty come first, and a whole number before its
    last digits. O(units) only for a number that is nobody's whole call sign.
    """
    found = list(board.reference.units_by_call_sign.get(who, ()))
    if not found and who.isdecimal():
        keys = board.reference.call_sign_keys
        numbers = {u: key[len(key.rstrip("0123456789")) :] for u, key in keys.items()}
        found = [u for u, number in numbers.items() if number == who]
        found = found or [u for u, number in numbers.items() if number.endswith(who)]
    units = [board.units[unit_id] for unit_id in found]
    units = [unit for unit in units if unit.status != "off_duty"] or units
    if len(units) == 1:
        return units[0]
    raise _several(who, units) if units else _nobody(who)


def _nobody(who: str) -> Refused:
    return Refused(
        "unknown_unit",
        f"没有呼号或编号为“{who}”的警力",
        f"no unit is called {who!r}; begin the line with a call sign, an id or its last digits",
    )


def _several(who: str, units: list[Unit]) -> Refused:
    named = [f"{unit.call_sign} ({unit.unit_id})" for unit in units[:MAX_NAMED]]
    return Refused(
        "ambiguous_unit",
        f"“{who}”可能是 {'、'.join(named)} 等 {len(units)} 个警力，请输入完整呼号",
        f"{who!r} may be {', '.join(named)}, {len(units)} units in all; give the full call sign",
    )
