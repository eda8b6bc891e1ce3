"""Words of the printed board (看板用语): states and lines as a desk says them."""

from __future__ import annotations

from typing import Final

STATES: Final = {
    "scheduled": "预约",
    "registered": "已登记",
    "queued": "待派",
    "dispatched": "已派",
    "acknowledged": "已签收",
    "en_route": "途中",
    "on_scene": "到场",
    "handled": "处理完毕",
    "fed_back": "已反馈",
    "reviewed": "已评查",
    "withdrawn": "已撤回",
    "assigned": "已派",
    "standby": "备勤",
    "at_post": "驻点",
    "patrolling": "巡逻",
    "returning": "返回",
    "meal": "用餐",
    "training": "训练",
    "elsewhere": "他处公干",
    "off_duty": "下勤",
    "ringing": "振铃",
    "talking": "通话中",
    "after_call": "话后整理",
    "ended": "已结束",
    "abandoned": "未接",
    "idle": "空闲",
    "paused": "暂离",
}
STAMPS: Final = (
    ("t4_ms", "派"),
    ("t5_ms", "签"),
    ("t6_ms", "出"),
    ("t7_ms", "到"),
    ("t8_ms", "毕"),
    ("t9_ms", "反馈"),
)


def state_zh(code: str) -> str:
    """What a state is called; a new code must still be readable."""
    return STATES.get(code, code)
