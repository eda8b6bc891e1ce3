"""All policies by id (派警策略表): what a desk, a plan or a twin may name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kuaifan.kernel.errors import BadInputError
from kuaifan.policy import mixed, nearest, patrol_first, reserve_urgent, station_first
from kuaifan.policy.ranking import Policy

POLICIES: Final[Mapping[str, Policy]] = MappingProxyType(
    {
        policy.policy_id: policy
        for policy in (
            patrol_first.POLICY,
            station_first.POLICY,
            nearest.POLICY,
            reserve_urgent.POLICY,
            mixed.POLICY,
        )
    }
)


def get_policy(policy_id: str) -> Policy:
    """Return the policy of an id; raises BadInputError naming an unknown one."""
    if policy_id not in POLICIES:
        raise BadInputError(f"policy {policy_id!r} is unknown; choose one of {', '.join(POLICIES)}")
    return POLICIES[policy_id]
