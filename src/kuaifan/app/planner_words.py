"""What solvers object to, in Chinese too (求解器提示): they speak to programmers first."""

from __future__ import annotations

import re
from typing import Final

SAYINGS: Final = (
    (r"(\d+) posts do not reach every demand", r"\1 个驻点到不了全部需求：请增加点数或候选点"),
    (
        r"demand \d+ cannot be reached .*\((\d+) in all\)",
        r"有 \1 处需求从任何可用点都到不了：请在附近增设候选点",
    ),
    (
        r"(\d+) posts are asked for but only (\d+) sites may be opened",
        r"要求 \1 个驻点，可用的只有 \2 处：请减少点数、解除禁用或增加候选点",
    ),
    (
        r"(\d+) sites are locked but only (\d+) posts asked for",
        r"锁定了 \1 个驻点，却只要 \2 个：请增加点数或解锁",
    ),
    (r"site \d+ is both locked and forbidden", "有驻点既锁定又禁用：请取消其一"),
    (r"all weights are zero", "需求为零，无从求解"),
    (r"no site covers any demand", "时限内没有任何候选点覆盖得到需求：请放宽时限或增加候选点"),
    (r"do not cover enough", "可用点覆盖不了所要求的需求：请放宽时限、降低比例或增加候选点"),
    (r"no choice of sites fits", "这些约束下无解：请放宽点数、锁定或禁用"),
    (r"open at least one", "至少要 1 个驻点"),
    (
        r"(\d+) crews do not cover",
        r"\1 个驻点在时限内覆盖不了所要求的需求：请增加点数、放宽时限或降低比例",
    ),
)


def in_chinese(sentence: str) -> str:
    """A sentence of a solver in Chinese; what nobody has put in words yet is said as it is."""
    for pattern, said in SAYINGS:
        if (found := re.search(pattern, sentence)) is not None:
            return found.expand(said)
    return f"无法求解：{sentence}"
