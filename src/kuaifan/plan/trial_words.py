"""The sentence of a comparison (结论句): what is better, by how much, how sure."""

from __future__ import annotations

from typing import Final

from kuaifan.plan.figure_words import say_figure
from kuaifan.plan.trial_compare import SURE_DAYS, Compared, Paired

SAID: Final = {
    "p90_s": ("90 分位到场", "the 90th percentile of response"),
    "mean_s": ("平均到场", "the mean response"),
    "late": ("超时率", "the share of late arrivals"),
    "lost_min": ("失守圈时", "lost-circle time"),
}


def say(compared: Compared, old: str, new: str) -> tuple[str, str]:
    """In Chinese and English; the 90th percentile first, then whatever else is sure."""
    metrics = {each.key: each for each in compared.metrics}
    first = metrics["p90_s"]
    said = [_said(metrics[key]) for key in SAID if key == "p90_s" or _is_sure(metrics[key])]
    n = compared.n_days
    if n < SURE_DAYS:
        return (
            f"只试跑了 {n} 个相同的仿真日，尚不能判断“{new}”与“{old}”谁更好：{said[0][0]}。",
            f"Only {n} simulated days alike: too few to judge {new} against {old}: {said[0][1]}.",
        )
    if first.verdict == "unsure" and len(said) == 1:
        return (
            f"{n} 个相同的仿真日里，看不出“{new}”与“{old}”有差别：{said[0][0]}。",
            f"On {n} simulated days alike no difference of {new} and {old} is seen: {said[0][1]}.",
        )
    zh = "；".join(each[0] for each in said)
    en = "; ".join(each[1] for each in said)
    return (
        f"{n} 个相同的仿真日里，“{new}”比“{old}”：{zh}。",
        f"On {n} simulated days alike, {new} against {old}: {en}.",
    )


def _is_sure(metric: Paired) -> bool:
    return metric.verdict != "unsure"


def _said(metric: Paired) -> tuple[str, str]:
    zh, en = SAID[metric.key]
    unit_zh, unit_en, factor = {
        "s": ("秒", " s", 1.0),
        "share": ("个百分点", " points", 100.0),
        "min": ("分/日", " min a day", 1.0),
    }[metric.unit]
    low, high = (each * factor for each in (metric.low, metric.high))
    by = say_figure(abs(metric.difference) * factor)
    span = f"{say_figure(low, signed=True)} … {say_figure(high, signed=True)}"
    if not _is_sure(metric):
        differs = say_figure(metric.difference * factor, signed=True)
        return (
            f"{zh}差 {differs} {unit_zh}（95% {span}，未能确定）",
            f"{en} differs by {differs}{unit_en} (95% {span}, not sure)",
        )
    verb = ("少" if metric.difference < 0 else "多", "less" if metric.difference < 0 else "more")
    return (
        f"{zh}{verb[0]} {by} {unit_zh}（95% {span}）",
        f"{en} {by}{unit_en} {verb[1]} (95% {span})",
    )
