"""Words that no note of a place may have (场所提示禁用词): they are about people, not places.

A short list for the honest slip, not a fence: who writes a note answers for it by name.
"""

from __future__ import annotations

import re
from typing import Final

from kuaifan.vocabulary.person_numbers import NUMBER_OF_A_PERSON

CHINESE: Final = (
    *("精神病", "精神障碍", "精神异常", "神经病", "疯子", "智障", "残疾", "患者", "病人", "艾滋"),
    *("传染病", "乙肝", "结核", "吸毒", "涉毒", "戒毒", "毒贩", "前科", "刑满", "刑释", "服刑"),
    *("社区矫正", "惯犯", "惯偷", "逃犯", "犯罪记录", "嫌疑人", "上访", "信访", "缠访", "访民"),
    *("重点人", "黑名单", "家暴", "赌徒", "卖淫", "嫖", "老赖", "失信", "信徒", "教徒", "邪教"),
    *("穆斯林", "基督徒", "佛教徒", "少数民族", "维吾尔", "藏族", "回族", "同性恋", "户主", "住户"),
    *("业主", "租客", "身份证"),
)
ENGLISH: Final = (
    *(
        "mental",
        "psychiatric",
        "disabled",
        "patient",
        "hiv",
        "aids",
        "addict",
        "addicts",
        "convict",
    ),
    *("ex-convict", "criminal record", "offender", "suspect", "petitioner", "petitioners"),
    *("blacklist", "muslim", "christian", "buddhist", "uyghur", "tibetan", "gay", "resident"),
    *("tenant", "owner"),
)
_ENGLISH: Final = re.compile(rf"\b(?:{'|'.join(map(re.escape, ENGLISH))})\b", re.IGNORECASE)


def find_personal_word(text: str) -> str | None:
    """Return the first word of a text that is about a person, or None (查找涉人词)."""
    found = next((word for word in CHINESE if word in text), None)
    if found is not None:
        return found
    match = _ENGLISH.search(text) or NUMBER_OF_A_PERSON.search(text)
    return match.group() if match else None
