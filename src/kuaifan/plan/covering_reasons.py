"""Why a site is in a plan that covers (覆盖理由): what it alone covers, and all that it covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.solving import SiteReason


def reasons_of(covering: Covering, is_open: NDArray[np.bool_]) -> tuple[SiteReason, ...]:
    """One reason a site of the plan, in the order of sites."""
    row = np.repeat(np.arange(covering.n_rows), np.diff(covering.first_site))
    is_there = is_open[covering.site]
    row, site = row[is_there], covering.site[is_there]
    times = np.bincount(row, minlength=covering.n_rows)
    weight = covering.weight[row]
    n_sites = covering.n_sites
    served = np.bincount(site, weight, minlength=n_sites)
    alone = np.bincount(site, np.where(times[row] == 1, weight, 0.0), minlength=n_sites)
    return tuple(
        SiteReason(site=int(i), marginal=float(alone[i]), served=float(served[i]))
        for i in np.flatnonzero(is_open)
    )
