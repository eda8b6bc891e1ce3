"""How an incident ends (处理结果): the choices a crew and the desk are given; free text is allowed.

Ours, after the codes that GA/T 2000.152-2015 keeps for results of handling; a city may map them.
"""

from __future__ import annotations

from typing import Final

import msgspec


class Disposition(msgspec.Struct, frozen=True):
    """One choice (处理结果)."""

    code: str
    name_cn: str
    name_en: str


DISPOSITIONS: Final = (
    Disposition("handled", "现场处置完毕", "handled on scene"),
    Disposition("mediated", "现场调解", "mediated on scene"),
    Disposition("warned", "批评教育", "warned and advised"),
    Disposition("brought_in", "带回所队处理", "brought to the station"),
    Disposition("case_opened", "受理立案", "case opened"),
    Disposition("rescued", "救助完毕", "helped or rescued"),
    Disposition("referred", "移交其他部门", "passed to another service"),
    Disposition("gone", "到场未发现", "nothing found on arrival"),
    Disposition("false_alarm", "虚假警情", "false alarm"),
    Disposition("called_off", "报警人撤销", "called off by the caller"),
    Disposition("by_phone", "电话处置", "settled by phone"),
    Disposition("other", "其他", "other"),
)
