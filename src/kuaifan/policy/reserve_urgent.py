"""Reserve for the urgent (预留警力): patrol first, but the last units wait for what is urgent.

While no more than `N_KEPT` units are free, what is not urgent waits; it goes out as soon as more
are. The published simplest form of a cut-off priority queue: Schaack, C., Larson, R. C. (1986), An
N-server cutoff priority queue, Operations Research 34(2).
"""

from __future__ import annotations

from typing import Final

from kuaifan.policy import patrol_first
from kuaifan.policy.ranking import Policy

POLICY_ID: Final = "reserve_urgent"
N_KEPT: Final = 2

POLICY: Final[Policy] = patrol_first.POLICY._replace(policy_id=POLICY_ID, n_kept=N_KEPT)
rank_units: Final = POLICY.rank_units
