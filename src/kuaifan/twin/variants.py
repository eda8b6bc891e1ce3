"""What is compared (比较方案): a policy, with what its people do beside it, as one short text.

patrol_first                 every offer to turn round and to move up is taken
patrol_first:moves=no        nobody is moved up
nearest:moves=2:turns=no     two move-ups a unit and eight hours, nobody is turned round
patrol_first:kept=3          three units kept for what is urgent
mixed:lost=60                a circle left empty costs a minute of road
patrol_first:way=dmexclp:shift=10  moved up by expected coverage, ten times in eight hours in all
"""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.policies import chosen_policy
from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.policies import get_policy
from kuaifan.policy.ranking import Policy
from kuaifan.twin.hindsight_places import Freedom
from kuaifan.twin.kernel_run import KernelRules
from kuaifan.vocabulary.desk import MoveUpName, PolicyName, UsePolicy, Ways

SAMPLE_MS: Final = 300_000
MOST_KEPT: Final = 1_000
OPTIONS: Final = "moves=N, moves=no, turns=no, kept=N, lost=N, way=NAME and shift=N"
NAMES: Final = frozenset({"moves", "turns", "kept", "lost", "way", "shift"})
MOST_LOST_S: Final = 600
WAYS: Final[tuple[MoveUpName, ...]] = ("circles", "all_circles", "dmexclp")


class Variant(msgspec.Struct, frozen=True):
    """One of the things compared (方案)."""

    text: str
    policy_id: str
    ways: Ways

    @property
    def rules(self) -> KernelRules:
        """What the people of the kernel do."""
        can_move_up = self.ways.move_up != "none"
        return KernelRules(
            can_divert=self.ways.turns,
            can_move_up=can_move_up,
            move_up=self.ways.move_up,
            max_moves=self.ways.per_unit if can_move_up else 0,
            shift_moves=self.ways.per_shift if can_move_up else 0,
            sample_ms=SAMPLE_MS,
        )

    @property
    def freedom(self) -> Freedom:
        """What its people may do beside sending."""
        return Freedom(moves=self.ways.move_up != "none", turns=self.ways.turns)

    @property
    def n_kept(self) -> int:
        """Units kept for what is urgent."""
        return get_policy(self.policy_id).n_kept if self.ways.kept < 0 else self.ways.kept

    @property
    def policy(self) -> Policy:
        """The policy with its reserve and its price of a circle."""
        return chosen_policy(self.policy_id, self.ways)


def read_variant(text: str) -> Variant:
    """Read `policy[:option=value]…`; raises BadInputError naming what is wrong."""
    policy_id, *options = text.strip().split(":")
    get_policy(policy_id)
    given: dict[str, str] = {}
    for option in options:
        name, _, value = option.partition("=")
        if name in given:
            raise BadInputError(f"{text!r} says {name} twice")
        given[name] = value
    if unknown := [name for name in given if name not in NAMES]:
        raise BadInputError(f"{text!r}: {unknown[0]!r} is no option; there are {OPTIONS}")
    is_still = given.get("moves") == "no"
    numbers = {name: _number(text, given[name]) for name in ("kept", "shift") if name in given}
    ways = Ways(
        move_up="none" if is_still else _way(text, given.get("way", "circles")),
        turns=_yes_no(text, given.get("turns", "yes")),
        kept=numbers.get("kept", -1),
        per_unit=_number(text, given["moves"]) if "moves" in given and not is_still else 0,
        per_shift=numbers.get("shift", 0),
        lost_s=_number(text, given["lost"], MOST_LOST_S) if "lost" in given else -1,
    )
    return Variant(text.strip(), policy_id, ways)


def command_of(text: str, approved_by: str) -> UsePolicy:
    """The command that puts a variant in force; raises BadInputError."""
    variant = read_variant(text)
    policy = msgspec.convert(variant.policy_id, PolicyName)
    return UsePolicy(policy=policy, approved_by=approved_by, ways=variant.ways)


def _way(text: str, value: str) -> MoveUpName:
    for name in WAYS:
        if value == name:
            return name
    raise BadInputError(f"{text!r}: write {' or '.join(f'way={n}' for n in WAYS)}, not {value!r}")


def _yes_no(text: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise BadInputError(f"{text!r}: write turns=yes or turns=no, not {value!r}")
    return value == "yes"


def _number(text: str, value: str, most: int = MOST_KEPT) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= most:
        raise BadInputError(f"{text!r}: {value!r} is no number from 1 to {most:,}")
    return int(value)
