"""Comparisons that a policy goes live on, as a desk would have made them."""

from toy_city import START_MS

from kuaifan.vocabulary.desk import PolicyProof, ProofFigure


def figure(key="late", verdict="unsure"):
    sure = {"better": (-0.03, -0.01), "worse": (0.01, 0.03), "unsure": (-0.01, 0.01)}[verdict]
    numbers = {"old": 0.1, "new": 0.1 + sum(sure) / 2, "difference": sum(sure) / 2}
    return ProofFigure(key=key, unit="share", **numbers, low=sure[0], high=sure[1], verdict=verdict)


def proof(policy="nearest", **fields):
    said = {
        "trial_id": "0123456789ab",
        "comparison_hash": "c" * 64,
        "policy": policy,
        "present": "patrol_first",
        "desk_id": "",
        "made_at_ms": START_MS,
        "n_days": 14,
        "figures": (figure(),),
    }
    return PolicyProof(**{**said, **fields})
