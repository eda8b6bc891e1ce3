"""The rule of attention reads confirmed facts and safe contacts, and silence never lowers it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.board.day_tally import DAY_MS
from kuaifan.seats.domestic_violence.attention import REASON_WORDS, propose
from kuaifan.seats.domestic_violence.papers import LEVELS, Happening, Household
from kuaifan.seats.domestic_violence.terms import TERMS as BOUNDED
from kuaifan.seats.domestic_violence.terms import Terms

TERMS = Terms()
FACTS = (
    *("injury", "slight_injury", "weapon", "strangling", "threat_to_kill", "breach"),
    *("child_present", "alcohol"),
)


def case(*incidents, contacts=()):
    """A case with incidents of (day, facts), confirmed, and safe contacts on some days."""
    return Household(
        household_id="J1-H",
        incident_id="J1",
        desk_id="city",
        opened_at_ms=0,
        happenings=[
            Happening(incident_id=f"J{n}", at_ms=day * DAY_MS, verdict="confirmed", facts=facts)
            for n, (day, facts) in enumerate(incidents)
        ],
        contacts_at_ms=[day * DAY_MS for day in contacts],
    )


def level(household, day):
    return propose(household, TERMS, day * DAY_MS).level


@pytest.mark.parametrize(
    ("incidents", "expected", "reason"),
    [
        ([(1, ())], "blue", "confirmed"),
        ([(1, ("alcohol",))], "blue", "confirmed"),
        ([(1, ("slight_injury", "alcohol"))], "orange", "alcohol_with_injury"),
        ([(1, ("child_present",))], "orange", "child_present"),
        ([(1, ()), (2, ())], "orange", "two_in_a_year"),
        ([(1, ()), (2, ()), (3, ())], "red", "three_in_a_year"),
        *(
            ([(1, (fact,))], "red", fact)
            for fact in ("injury", "weapon", "strangling", "threat_to_kill", "breach")
        ),
    ],
)
def test_each_level_has_its_reason(incidents, expected, reason):
    found = propose(case(*incidents), TERMS, 4 * DAY_MS)
    assert (found.level, reason in found.reasons) == (expected, True)
    assert all(each in REASON_WORDS for each in found.reasons)


def test_alcohol_in_one_and_an_injury_in_another_are_not_one():
    apart = case((1, ("alcohol",)), (2, ("slight_injury",)))
    assert propose(apart, TERMS, 4 * DAY_MS).reasons == ("two_in_a_year",)


def test_three_clean_months_step_down_and_silence_does_not():
    monthly = range(10, 400, 30)
    seen, silent = case((0, ("weapon",)), contacts=monthly), case((0, ("weapon",)))
    assert [level(seen, day) for day in (60, 91, 181, 361)] == ["red", "orange", "blue", "blue"]
    assert [level(silent, day) for day in (60, 181, 366, 2_000)] == ["red"] * 4


def test_nothing_confirmed_is_no_level():
    none = case()
    none.happenings.append(Happening(incident_id="J1", at_ms=0))
    assert propose(none, TERMS, DAY_MS).level == ""


@settings(max_examples=60, deadline=None)
@given(
    incidents=st.lists(
        st.tuples(st.integers(0, 300), st.lists(st.sampled_from(FACTS), max_size=3).map(tuple)),
        min_size=1,
        max_size=4,
    ),
    fact=st.sampled_from(FACTS),
    contacts=st.lists(st.integers(0, 300), max_size=8),
)
def test_another_fact_never_lowers_and_no_contact_ever_raises(incidents, fact, contacts):
    without = case(*incidents, contacts=contacts)
    (day, facts), *rest = incidents
    more = case((day, (*facts, fact)), *rest, contacts=contacts)
    assert LEVELS.index(level(more, 301)) >= LEVELS.index(level(without, 301))
    assert LEVELS.index(level(without, 301)) <= LEVELS.index(level(case(*incidents), 301))


def test_every_number_has_bounds_and_words():
    names = {*Terms.__struct_fields__}
    assert names == BOUNDED.keys()
    assert all(t.low <= getattr(TERMS, name) <= t.high for name, t in BOUNDED.items())
