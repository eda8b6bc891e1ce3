"""The sentence of a what-if (反事实结论句): what would have been better, by how much, how sure."""

from types import SimpleNamespace
from typing import get_args

from kuaifan.plan.what_if import POLICIES, figures_of, policy_words, say
from kuaifan.vocabulary.desk import PolicyName

ASKED = ("改用策略 nearest", "the policy nearest")


def difference(mean, low, high, *, wider=0.0):
    """A paired difference; wider: how much more its second interval leaves open."""
    return SimpleNamespace(
        n=20,
        base=300.0,
        mean=mean,
        t_low=low,
        t_high=high,
        resampled_low=low - wider,
        resampled_high=high + wider,
    )


def said(**found):
    return say(ASKED, figures_of(found), n_runs=20, minutes=60)


def test_what_is_surely_less_would_have_been_better_with_its_interval():
    zh, en = said(p90_s=difference(-38.0, -45.0, -31.0), lost_min=difference(1.0, -2.0, 4.0))
    assert zh == (
        "若改用策略 nearest，此后 60 分钟（20 对相同来电的推演）会更好："
        "90 分位到场少 38 秒（95% -45 … -31）。其余指标相同或未能确定。"
    )
    assert "it would have been better: the 90th percentile of response 38 s less" in en


def test_what_differs_both_ways_is_said_to_be_both():
    zh, _ = said(mean_s=difference(-9.0, -12, -6), late_share=difference(0.02, 0.01, 0.03))
    assert "有得有失" in zh
    assert "超时率多 2 个百分点（95% +1 … +3）" in zh


def test_the_wider_interval_decides_and_what_it_leaves_open_is_not_sure():
    figures = figures_of({"p90_s": difference(-5.0, -9.0, -1.0, wider=2.0)})
    assert [(each.verdict, each.low, each.high) for each in figures] == [("unsure", -11.0, 1.0)]
    zh, en = say(ASKED, figures, n_runs=20, minutes=60)
    assert "看不出差别：90 分位到场差 -5 秒（95% -11 … +1），未能确定" in zh
    assert "no difference is seen" in en


def test_figures_that_nobody_tells_are_left_out_and_less_is_better_in_all():
    figures = figures_of({"calls": difference(1, 1, 1), "unreached": difference(2.0, 1.0, 3.0)})
    assert [(each.key, each.verdict) for each in figures] == [("unreached", "worse")]


def test_what_is_the_same_in_every_pair_is_said_to_be():
    zh, en = said(p90_s=difference(0.0, 0.0, 0.0))
    assert "每一次都与当时相同" in zh
    assert "is the same" in en


def test_every_policy_is_called_by_name_with_its_options_as_they_are_written():
    assert set(POLICIES) == set(get_args(PolicyName))
    assert policy_words("nearest:turns=no") == ("就近:turns=no", "nearest:turns=no")
