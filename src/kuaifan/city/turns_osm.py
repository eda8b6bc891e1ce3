"""Reads the turn restrictions of an OpenStreetMap file (转向限制) out of its relations.

Only what the map says plainly for a car that answers a call is taken; everything else is counted
by its cause and never guessed:

* turn_conditional: holds at some hours or for some vehicles by a condition;
* turn_not_for_cars: for lorries or buses only, or with cars or emergency services excepted;
* turn_unknown_kind: a word that is no turn;
* turn_incomplete: a member is missing from the relation or from the file, or there is one too many.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

from kuaifan.roads.raw import TurnRule

_KINDS = frozenset(
    {
        "no_left_turn",
        "no_right_turn",
        "no_straight_on",
        "no_u_turn",
        "no_entry",
        "no_exit",
        "only_left_turn",
        "only_right_turn",
        "only_straight_on",
        "only_u_turn",
    }
)
_FOR_CARS = ("restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle")
_EXCEPTED = frozenset({"motorcar", "motor_vehicle", "vehicle", "emergency"})
_BY_HOUR = ("day_on", "day_off", "hour_on", "hour_off")


class Member(NamedTuple):
    """One member of a relation: `kind` is n, w or r."""

    kind: str
    ref: int
    role: str


def is_restriction(tags: Mapping[str, str]) -> bool:
    """Whether a relation is about a turn."""
    return tags.get("type", "").partition(":")[0] == "restriction"


def read_restriction(
    rule_id: int,
    tags: Mapping[str, str],
    members: list[Member],
    known: tuple[Container[int], Container[int]],
) -> tuple[TurnRule, ...] | str:
    """The rules that a relation states, or the cause for which it is left out.

    known: the ids of the file's nodes and of its ways.
    """
    kind = _find_kind(tags)
    if kind not in _KINDS:
        return kind
    by_role = {role: [m for m in members if m.role == role] for role in ("from", "via", "to")}
    counts = tuple(len(by_role[role]) for role in ("from", "via", "to"))
    # Only "no entry" has several streets in, and only "no exit" several out.
    may_be = (
        kind == "no_entry" or counts[0] == 1,
        counts[1] == 1 or all(member.kind == "w" for member in by_role["via"]),
        kind == "no_exit" or counts[2] == 1,
    )
    nodes, ways = known
    if not all(counts) or not all(may_be):
        return "turn_incomplete"
    via_node, via_ways = _read_via(by_role["via"])
    streets = [*by_role["from"], *by_role["to"], *(Member("w", way, "via") for way in via_ways)]
    is_known = all(member.kind == "w" and member.ref in ways for member in streets)
    if not is_known or any(member.ref in via_ways for member in streets[: -len(via_ways)]):
        return "turn_incomplete"
    if not via_ways and via_node not in nodes:
        return "turn_incomplete"
    return tuple(
        TurnRule(rule_id, one.ref, via_node, other.ref, kind, via_ways)
        for one in by_role["from"]
        for other in by_role["to"]
    )


def _read_via(via: list[Member]) -> tuple[int, tuple[int, ...]]:
    """The node, or the streets, that a restriction leads over."""
    if via[0].kind == "w":
        return 0, tuple(member.ref for member in via)
    return (via[0].ref if via[0].kind == "n" else -1), ()


def _find_kind(tags: Mapping[str, str]) -> str:
    """The kind of turn that cars may not take, or the cause for which there is none."""
    if any(key.endswith(":conditional") for key in tags) or any(key in tags for key in _BY_HOUR):
        return "turn_conditional"
    vehicle = tags.get("type", "").partition(":")[2]
    plain = "restriction" if vehicle in {"", *_EXCEPTED} else ""
    said = next((tags[key] for key in (*_FOR_CARS, plain) if key in tags), None)
    excepted = {word.strip() for word in tags.get("except", "").split(";")}
    if said is None:
        others = any(key.startswith("restriction") for key in tags)
        return "turn_not_for_cars" if others else "turn_unknown_kind"
    if excepted & _EXCEPTED:
        return "turn_not_for_cars"
    return said if said in _KINDS else "turn_unknown_kind"
