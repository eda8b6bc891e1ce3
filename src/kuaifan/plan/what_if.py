"""What another policy or another unit would have brought (反事实): the question, figures, sentence.

Two sides go on from the board of one moment, with the same drawn calls and the same luck. It is
about a policy or an order: of who gave it nothing is asked and nothing kept, and only the last
answer is kept, so that no list of overrides comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, Protocol

import msgspec

from kuaifan.plan.figure_words import say_figure
from kuaifan.vocabulary.call import Id
from kuaifan.vocabulary.desk import PolicyName, Ways

FEWEST_RUNS: Final = 10
Verdict = Literal["better", "worse", "unsure", "same"]
"""same: in every pair of runs."""
Words = tuple[str, str]


class WhatIfAsk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be otherwise (反事实设问): a policy from `at` on, or one unit of one first order.

    at: in the city's time, such as 2026-11-22T15:00. Of an order the moment is the order's own.
    """

    at: Annotated[str, msgspec.Meta(max_length=40)] = ""
    policy: PolicyName | Literal[""] = ""
    ways: Ways = Ways()
    incident_id: Id = ""
    unit_id: Id = ""
    minutes: Annotated[int, msgspec.Meta(ge=10, le=240)] = 60
    n_runs: Annotated[int, msgspec.Meta(ge=FEWEST_RUNS, le=100)] = 20


class WhatIfFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of both sides (对照指标); low, high: the wider of two 95 % intervals."""

    key: str
    unit: Literal["s", "share", "n", "min"]
    n: int
    base: float
    other: float
    difference: float
    low: float
    high: float
    verdict: Verdict


class WhatIfAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it (反事实结果); at: the moment, in the city's time. sent: units sent then."""

    ask: WhatIfAsk
    at: str
    present: str
    policy: str
    sent: tuple[str, ...]
    n_runs: int
    minutes: int
    figures: tuple[WhatIfFigure, ...]
    said_zh: str
    said_en: str


class Difference(Protocol):
    """A paired difference, other less base (配对差)."""

    @property
    def n(self) -> int:
        """Pairs."""

    @property
    def base(self) -> float:
        """The mean of what was."""

    @property
    def mean(self) -> float:
        """The mean difference."""

    @property
    def t_low(self) -> float:
        """Student's interval."""

    @property
    def t_high(self) -> float:
        """Student's interval."""

    @property
    def resampled_low(self) -> float:
        """The interval of drawing anew."""

    @property
    def resampled_high(self) -> float:
        """The interval of drawing anew."""


class _Said(msgspec.Struct, frozen=True):
    """A figure in words, with its unit and what to multiply it by (用语)."""

    unit: Literal["s", "share", "n", "min"]
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    factor: float = 1.0


SAID: Final[Mapping[str, _Said]] = {
    "incident_s": _Said("s", "该警情到场", "the arrival at this incident", "秒", " s"),
    "p90_s": _Said("s", "90 分位到场", "the 90th percentile of response", "秒", " s"),
    "mean_s": _Said("s", "平均到场", "the mean response", "秒", " s"),
    "late_share": _Said(
        "share", "超时率", "the share of late arrivals", "个百分点", " points", 100
    ),
    "unreached": _Said("n", "未到场警情", "incidents not reached", "起", ""),
    "lost_min": _Said("min", "失守圈时", "lost-circle time", "分", " min"),
}
"""In the order in which they are told; of all of them less is better."""


POLICIES: Final[Mapping[str, Words]] = {
    "patrol_first": ("特巡警优先", "patrol first"),
    "station_first": ("派出所优先", "station first"),
    "nearest": ("就近", "nearest"),
    "reserve_urgent": ("为紧急警情预留", "units kept for the urgent"),
    "mixed": ("混合", "mixed"),
}


def figures_of(found: Mapping[str, Difference]) -> tuple[WhatIfFigure, ...]:
    """The figures that are told, in their order."""
    return tuple(_figure(key, found[key]) for key in SAID if key in found)


def say(asked: Words, figures: Sequence[WhatIfFigure], *, n_runs: int, minutes: int) -> Words:
    """What would have been better, by how much, how sure; in Chinese and English."""
    sure = [each for each in figures if each.verdict in {"better", "worse"}]
    if all(each.verdict == "same" for each in figures):
        return (
            f"若{asked[0]}，此后 {minutes} 分钟（{n_runs} 对相同来电的推演）每一次都与当时相同。",
            f"With {asked[1]}, each of {n_runs} pairs of runs over the {minutes} min is the same.",
        )
    zh_head = f"若{asked[0]}，此后 {minutes} 分钟（{n_runs} 对相同来电的推演）"
    en_head = f"With {asked[1]}, over the {minutes} min after ({n_runs} pairs of runs, same calls)"
    if not sure:
        widest = [_span(each) for each in figures if each.verdict == "unsure"][:1]
        return (
            f"{zh_head}看不出差别" + "".join(f"：{each[0]}，未能确定" for each in widest) + "。",
            f"{en_head} no difference is seen"
            + "".join(f": {each[1]}, not sure" for each in widest)
            + ".",
        )
    verdicts = {each.verdict for each in sure}
    whole = (
        ("有得有失", "some would have been better and some worse")
        if len(verdicts) > 1
        else ("会更好", "it would have been better")
        if "better" in verdicts
        else ("会更差", "it would have been worse")
    )
    said = [_by_how_much(each) for each in sure]
    all_en = "; ".join(each[1] for each in said)
    return (
        f"{zh_head}{whole[0]}：{'；'.join(each[0] for each in said)}。其余指标相同或未能确定。",
        f"{en_head} {whole[1]}: {all_en}. The rest is the same or not sure.",
    )


def policy_words(text: str) -> Words:
    """A policy as the page calls it, with its options as they are written."""
    policy_id = text.partition(":")[0]
    zh, en = POLICIES.get(policy_id, (policy_id, policy_id))
    options = text.removeprefix(policy_id)
    return f"{zh}{options}", f"{en}{options}"


def _figure(key: str, found: Difference) -> WhatIfFigure:
    low, high = min(found.t_low, found.resampled_low), max(found.t_high, found.resampled_high)
    is_same = found.mean == low == high == 0
    verdict: Verdict = "better" if high < 0 else "worse" if low > 0 else "unsure"
    return WhatIfFigure(
        key=key,
        unit=SAID[key].unit,
        n=found.n,
        base=found.base,
        other=round(found.base + found.mean, 4),
        difference=found.mean,
        low=low,
        high=high,
        verdict="same" if is_same else verdict,
    )


def _span(figure: WhatIfFigure) -> Words:
    said = SAID[figure.key]
    by, low, high = (
        say_figure(each * said.factor, signed=True)
        for each in (figure.difference, figure.low, figure.high)
    )
    return (
        f"{said.zh}差 {by} {said.unit_zh}（95% {low} … {high}）",
        f"{said.en} differs by {by}{said.unit_en} (95% {low} … {high})",
    )


def _by_how_much(figure: WhatIfFigure) -> Words:
    said = SAID[figure.key]
    by = say_figure(abs(figure.difference) * said.factor)
    low, high = (say_figure(each * said.factor, signed=True) for each in (figure.low, figure.high))
    is_less = figure.difference < 0
    return (
        f"{said.zh}{'少' if is_less else '多'} {by} {said.unit_zh}（95% {low} … {high}）",
        f"{said.en} {by}{said.unit_en} {'less' if is_less else 'more'} (95% {low} … {high})",
    )
