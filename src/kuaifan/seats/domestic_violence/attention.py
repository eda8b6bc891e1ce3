"""How closely a case is attended to (红橙蓝关注等级): a rule on confirmed facts, with its reasons.

It reads what officers confirmed of the case's incidents and the contacts since, and nothing else:
no name, no record of a person, no place. It proposes; an officer confirms, and may always raise.
Silence never lowers: a month counts as clean only if somebody was met or reached in it, and safe.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kuaifan.board.day_tally import DAY_MS
from kuaifan.seats.domestic_violence.papers import LEVELS, Household, Level
from kuaifan.seats.domestic_violence.terms import Terms

RED_FACTS: Final = ("injury", "weapon", "strangling", "threat_to_kill", "breach")
ORANGE_FACTS: Final = ("child_present", "alcohol_with_injury")
MANY: Final = 3
AGAIN: Final = 2
REASON_WORDS: Final[dict[str, tuple[str, str]]] = {
    "injury": ("轻微伤以上", "an injury beyond slight"),
    "weapon": ("使用凶器", "a weapon"),
    "strangling": ("扼颈", "strangling"),
    "threat_to_kill": ("威胁杀害", "a threat to kill"),
    "breach": ("违反保护令或告诫书", "a breach of an order or letter"),
    "three_in_a_year": ("一年内三次及以上", "three or more in a year"),
    "two_in_a_year": ("一年内两次", "two in a year"),
    "child_present": ("有儿童在场", "a child was there"),
    "alcohol_with_injury": ("酒后致伤", "alcohol with an injury"),
    "confirmed": ("已确认家庭暴力", "confirmed violence"),
    "clean_months": ("连续无暴力且有安全联系", "clean months with safe contact"),
    "nothing_confirmed": ("无已确认事实", "nothing confirmed"),
    "raised": ("核实人上调", "raised by the officer"),
    "lowered": ("经批准下调", "lowered with approval"),
}


class Proposal(NamedTuple):
    """What the rule says now (建议等级): a level, its reasons, and how many clean months it saw."""

    level: Level
    reasons: tuple[str, ...]
    n_clean: int


def propose(household: Household, terms: Terms, now_ms: int) -> Proposal:
    """Apply the rule to a case; O(incidents + contacts)."""
    if not household.confirmed:
        return Proposal("", ("nothing_confirmed",), 0)
    # Counted back from the last incident, not from now: else mere silence would lower a level.
    since_ms = max(each.at_ms for each in household.confirmed) - terms.count_days * DAY_MS
    counted = [each for each in household.confirmed if each.at_ms >= since_ms]
    n_clean = count_clean_months(household, terms, now_ms)
    found: set[str] = {fact for each in counted for fact in each.facts}
    if _has_drunk_injury(household, since_ms):
        found.add("alcohol_with_injury")
    level, reasons = _level_of(found, len(counted))
    steps = n_clean // terms.step_months
    lowered = LEVELS[max(1, LEVELS.index(level) - steps)]
    if lowered != level:
        reasons = (*reasons, "clean_months")
    return Proposal(lowered, reasons, n_clean)


def count_clean_months(household: Household, terms: Terms, now_ms: int) -> int:
    """Whole months since the last confirmed incident in which somebody was met, and was safe."""
    if not household.confirmed:
        return 0
    last_ms = max(each.at_ms for each in household.happenings if each.verdict != "unfounded")
    month_ms = terms.month_days * DAY_MS
    n_past = (now_ms - last_ms) // month_ms
    met = {(at_ms - last_ms) // month_ms for at_ms in household.contacts_at_ms if at_ms > last_ms}
    return sum(month in met for month in range(n_past))


def _level_of(found: set[str], n: int) -> tuple[Level, tuple[str, ...]]:
    red: list[str] = [fact for fact in RED_FACTS if fact in found]
    if n >= MANY:
        red.append("three_in_a_year")
    orange = ["two_in_a_year"] if n == AGAIN else []
    orange += [fact for fact in ORANGE_FACTS if fact in found]
    if red:
        return "red", (*red, *orange)
    return ("orange", tuple(orange)) if orange else ("blue", ("confirmed",))


def _has_drunk_injury(household: Household, since_ms: int) -> bool:
    """Alcohol and an injury in the same incident."""
    recent = (each for each in household.confirmed if each.at_ms >= since_ms)
    return any(
        "alcohol" in each.facts and {"injury", "slight_injury"} & {*each.facts} for each in recent
    )
