"""Lists of the scored are the same plainly and compiled, and what they say is so."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from unit.policy.made_fleets import cases, requirement_lists

from kuaifan.policy.listing import PLAIN, Columns, Facts
from kuaifan.policy.listing_kernel import COMPILED
from kuaifan.policy.mixed import POLICY as MIXED
from kuaifan.policy.patrol_first import POLICY
from kuaifan.policy.scoring import line_place, score_numpy
from kuaifan.policy.scoring_kernel import score_njit

INT64 = np.dtype(np.int64)


def scored(case):
    price_ms = case.coverage.price_ms(case.fleet.available())
    inputs = {"price_ms": price_ms, "state": case.fleet.state, "now_ms": case.now_ms}
    return POLICY.score(case.fleet, case.need, case.travel_ms, scorer=score_numpy, **inputs)


@given(cases(most_units=20))
def test_the_best_come_first_and_everybody_is_counted_once(case):
    scores = scored(case)
    listings = [
        each.order(scores.score_ms, scores.why, case.travel_ms) for each in (PLAIN, COMPILED)
    ]
    plain, compiled = ([*map(np.ndarray.tolist, each[:3]), each.nearest_ms] for each in listings)
    assert plain == compiled
    assert {part.dtype for each in listings for part in each[:3]} == {INT64}
    best, counts, passed, nearest_ms = plain
    assert best == sorted(np.flatnonzero(scores.why == 0), key=lambda row: scores.score_ms[row])
    assert sum(counts) == len(case.fleet)
    assert [row for row, _ in passed] == np.flatnonzero(scores.why)[: len(passed)].tolist()
    assert nearest_ms == min((case.travel_ms[row] for row in best), default=0)


@given(cases(), st.randoms(use_true_random=False))
def test_the_facts_of_a_unit_are_those_of_its_columns(case, rng):
    units = np.array(rng.sample(range(len(case.fleet)), len(case.fleet)), np.int64)
    explainer = POLICY.explainer(case.fleet, case.need, case.travel_ms, scored(case))
    columns = explainer.columns(scored(case).score_ms)
    plain, compiled = (each.facts(units, columns) for each in (PLAIN, COMPILED))
    assert (plain.tolist(), plain.dtype) == (compiled.tolist(), compiled.dtype)
    for unit_i, numbers in zip(units.tolist(), plain.tolist(), strict=True):
        facts = Facts(*numbers)
        assert (facts.unit_i, facts.travel_ms) == (unit_i, case.travel_ms[unit_i])
        is_owner = bool(columns.is_owner[unit_i])
        assert facts.place == line_place(int(case.fleet.line[unit_i]), is_owner=is_owner)
        for name in set(Facts._fields) & set(Columns._fields):
            assert getattr(facts, name) == getattr(columns, name)[unit_i], name


@given(cases())
def test_the_circles_named_are_those_that_nobody_or_one_other_holds(case):
    within, available = case.coverage.within, case.fleet.available()
    n_holding, units = case.coverage.n_holding(available), np.flatnonzero(available)
    plain, compiled = (each.thin(units, within, n_holding) for each in (PLAIN, COMPILED))
    assert (plain.tolist(), plain.dtype) == (compiled.tolist(), compiled.dtype)
    expected = [
        [at, circle_i, n]
        for at, unit_i in enumerate(units.tolist())
        for n in (1, 2)
        for circle_i in range(len(n_holding))
        if within[unit_i, circle_i] and n_holding[circle_i] == n
    ]
    assert plain.tolist() == expected


@given(cases(requirement_lists))
def test_a_ranking_is_the_same_plainly_and_compiled(case):
    for policy in (POLICY, MIXED):
        assert case.rank(policy) == case.rank(policy, scorer=score_njit, lister=COMPILED)
