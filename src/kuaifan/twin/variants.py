"""What is compared (比较方案): a policy, with what its people do beside it, as one short text.

patrol_first                 every offer to turn round and to move up is taken
patrol_first:moves=no        nobody is moved up
nearest:moves=2:turns=no     two move-ups a unit and eight hours, nobody is turned round
patrol_first:kept=3          three units kept for what is urgent
"""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.policies import get_policy
from kuaifan.policy.ranking import Policy
from kuaifan.twin.kernel_run import KernelRules

SAMPLE_MS: Final = 300_000
MOST_KEPT: Final = 1_000
OPTIONS: Final = "moves=N, moves=no, turns=no and kept=N"


class Variant(msgspec.Struct, frozen=True):
    """One of the things compared (方案)."""

    text: str
    policy_id: str
    rules: KernelRules
    n_kept: int

    @property
    def policy(self) -> Policy:
        """The policy with its reserve."""
        return get_policy(self.policy_id)._replace(n_kept=self.n_kept)


def read_variant(text: str) -> Variant:
    """Read `policy[:option=value]…`; raises BadInputError naming what is wrong."""
    policy_id, *options = text.strip().split(":")
    given: dict[str, str] = {}
    for option in options:
        name, _, value = option.partition("=")
        if name in given:
            raise BadInputError(f"{text!r} says {name} twice")
        given[name] = value
    if unknown := [name for name in given if name not in {"moves", "turns", "kept"}]:
        raise BadInputError(f"{text!r}: {unknown[0]!r} is no option; there are {OPTIONS}")
    rules = KernelRules(
        can_divert=_yes_no(text, given.get("turns", "yes")),
        can_move_up=given.get("moves") != "no",
        max_moves=0 if given.get("moves", "no") == "no" else _number(text, given["moves"]),
        sample_ms=SAMPLE_MS,
    )
    kept = given.get("kept")
    n_kept = get_policy(policy_id).n_kept if kept is None else _number(text, kept)
    return Variant(text.strip(), policy_id, rules, n_kept)


def _yes_no(text: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise BadInputError(f"{text!r}: write turns=yes or turns=no, not {value!r}")
    return value == "yes"


def _number(text: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= MOST_KEPT:
        raise BadInputError(f"{text!r}: {value!r} is no number from 1 to {MOST_KEPT:,}")
    return int(value)
